#ifndef LABELERRORS_CORE_ROUND_PRESERVING_SUM_HPP
#define LABELERRORS_CORE_ROUND_PRESERVING_SUM_HPP

#include <labelerrors/core/pairwise_sum.hpp>
#include <labelerrors/error.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <vector>

namespace labelerrors
{

/// Rounds numbers to integers whose sum is the rounded sum of the numbers.
///
/// Each is rounded half to even; while the integers miss the rounded sum, 1 is added to those with the largest
/// value - rounded, of equal ones the last first, or taken from those with the smallest, of equal ones the first first.
/// `values`: finite, they and their sum below 2^53 in magnitude. Throws value_error otherwise, naming the first that is
/// not.
/// O(k) where the sums agree at once, else O(k log k).
/// Source: cleanlab.internal.util.round_preserving_sum, with a stable sort.
[[nodiscard]] inline std::vector<std::int64_t> round_preserving_sum(std::span<const double> values)
{
    constexpr double exact_integers = 0x1p53;
    const double sum = pairwise_sum(values.size(), [&](std::size_t j) { return values[j]; });
    std::vector<std::int64_t> rounded(values.size());
    std::uint64_t sum_of_rounded = 0;  // modulo 2^64: what is added up on the way may be more than the sum
    for (std::size_t j = 0; j < values.size(); ++j)
    {
        if (values[j] == 0.0)  // most entries of a joint of many classes
            continue;
        if (!(std::abs(values[j]) < exact_integers))
            throw value_error("round_preserving_sum: values[" + std::to_string(j) +
                              "] must be finite and below 2^53 in magnitude");
        rounded[j] = static_cast<std::int64_t>(std::nearbyint(values[j]));
        sum_of_rounded += static_cast<std::uint64_t>(rounded[j]);
    }
    if (!(std::abs(sum) < exact_integers))
        throw value_error("round_preserving_sum: the sum of values must be below 2^53 in magnitude");
    auto total = static_cast<std::int64_t>(sum_of_rounded);
    const auto target = static_cast<std::int64_t>(std::nearbyint(sum));
    std::vector<std::size_t> order(total == target ? 0 : values.size());
    while (total != target)
    {
        const std::int64_t gap = target - total;
        const std::int64_t step = gap > 0 ? 1 : -1;
        const std::size_t count = std::min(static_cast<std::size_t>(std::abs(gap)), values.size());
        const auto excess = [&](std::size_t j)
        {
            return values[j] - static_cast<double>(rounded[j]);
        };
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
                          [&](std::size_t a, std::size_t b)
                          {
                              const double first = excess(a);
                              const double second = excess(b);
                              if (first != second)
                                  return step > 0 ? first > second : first < second;
                              return step > 0 ? a > b : a < b;
                          });
        // The order is settled before any of its entries changes.
        for (std::size_t i = 0; i < count; ++i)
            rounded[order[i]] += step;
        total += step * static_cast<std::int64_t>(count);
    }
    return rounded;
}

}  // namespace labelerrors

#endif
