#ifndef LABELERRORS_CORE_SPARSE_ROW_HPP
#define LABELERRORS_CORE_SPARSE_ROW_HPP

#include <labelerrors/core/pairwise_sum.hpp>
#include <labelerrors/core/round_preserving_sum.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>
#include <span>
#include <vector>

namespace labelerrors::detail
{

/// k x k; throws bad_array_new_length where that is more than a machine of 32 bits can count.
[[nodiscard]] inline std::size_t num_cells(std::size_t k)
{
    if (k != 0 && k > std::numeric_limits<std::size_t>::max() / k)
        throw std::bad_array_new_length();
    return k * k;
}

/// One number of a row of which most are zero.
struct sparse_entry
{
    std::size_t column;
    double value;  // not negative
};

/// Its numbers that are not zero, by column. The joint of many classes has a few in each row.
using sparse_row = std::vector<sparse_entry>;

/// The number in `column`.
[[nodiscard]] inline double value_at(const sparse_row& row, std::size_t column) noexcept
{
    const auto at = std::lower_bound(row.begin(), row.end(), column,
                                     [](const sparse_entry& entry, std::size_t j) { return entry.column < j; });
    return at != row.end() && at->column == column ? at->value : 0.0;
}

/// One number of a matrix of which most are zero.
struct matrix_entry
{
    std::uint64_t column;  // its place when the matrix is written as one row
    double value;          // not negative
};

/// What pairwise_sum gives for `count` numbers from column `first` on, to the last bit: a zero changes no sum, so that
/// only the order in which the others meet matters. `entries` ascend.
template <class Entry>
[[nodiscard]] double pairwise_sum_of(std::span<const Entry> entries, std::uint64_t count, std::uint64_t first = 0)
{
    if (entries.empty())
        return 0.0;
    if (count > numpy_sum_buffer)
    {
        double sum = 0.0;
        for (auto begin = entries.begin(); begin != entries.end();)
        {
            const std::uint64_t start = (begin->column - first) / numpy_sum_buffer * numpy_sum_buffer;
            const std::uint64_t size = std::min<std::uint64_t>(numpy_sum_buffer, count - start);
            const auto end = std::find_if(begin, entries.end(),
                                          [&](const Entry& entry) { return entry.column - first >= start + size; });
            sum += pairwise_sum_of(std::span<const Entry>(begin, end), size, first + start);
            begin = end;
        }
        return sum;
    }
    if (count <= 128)
    {
        const std::uint64_t in_lanes = count / 8 * 8;
        double partial[8] = {};
        std::size_t i = 0;
        for (; i < entries.size() && entries[i].column - first < in_lanes; ++i)
            partial[(entries[i].column - first) % 8] += entries[i].value;
        double sum = ((partial[0] + partial[1]) + (partial[2] + partial[3])) +
                     ((partial[4] + partial[5]) + (partial[6] + partial[7]));
        for (; i < entries.size(); ++i)
            sum += entries[i].value;
        return sum;
    }
    const std::uint64_t half = count / 2 - count / 2 % 8;
    const auto middle = std::partition_point(entries.begin(), entries.end(),
                                             [&](const Entry& entry) { return entry.column < first + half; });
    const auto size = static_cast<std::size_t>(middle - entries.begin());
    return pairwise_sum_of(entries.first(size), half, first) +
           pairwise_sum_of(entries.subspan(size), count - half, first + half);
}

/// The same for a row as a whole.
[[nodiscard]] inline double pairwise_sum_of(const sparse_row& row, std::size_t num_columns)
{
    return pairwise_sum_of(std::span<const sparse_entry>(row), num_columns);
}

/// Rounds a row of `num_columns` numbers as round_preserving_sum does. Throws as it does. O(m log m) for m entries, or
/// O(k log k) where numbers that are zero have to make up for the sum.
inline void round_preserving_sum_of(sparse_row& row, std::size_t num_columns)
{
    constexpr double exact_integers = 0x1p53;
    const double sum = pairwise_sum_of(row, num_columns);
    std::vector<std::int64_t> rounded(row.size());
    std::int64_t total = 0;
    // No number is above the sum, since none is negative.
    const bool in_range = sum < exact_integers;
    for (std::size_t i = 0; i < row.size() && in_range; ++i)
    {
        rounded[i] = static_cast<std::int64_t>(std::nearbyint(row[i].value));
        total += rounded[i];
    }
    const std::int64_t gap = in_range ? static_cast<std::int64_t>(std::nearbyint(sum)) - total : 0;
    const auto count = static_cast<std::size_t>(std::abs(gap));
    const auto excess = [&](std::size_t i)
    {
        return row[i].value - static_cast<double>(rounded[i]);
    };
    // The entries that are moved before any zero is.
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < row.size() && gap != 0; ++i)
        if (gap > 0 ? excess(i) > 0.0 : excess(i) < 0.0)
            order.push_back(i);
    if (!in_range || order.size() < count)
    {
        std::vector<double> values(num_columns);
        for (const auto& entry : row)
            values[entry.column] = entry.value;
        const auto whole = round_preserving_sum(values);
        row.clear();
        for (std::size_t j = 0; j < num_columns; ++j)
            if (whole[j] != 0)
                row.push_back({j, static_cast<double>(whole[j])});
        return;
    }
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
                      [&](std::size_t a, std::size_t b)
                      {
                          const double first = excess(a);
                          const double second = excess(b);
                          if (first != second)
                              return gap > 0 ? first > second : first < second;
                          return gap > 0 ? a > b : a < b;
                      });
    for (std::size_t i = 0; i < count; ++i)
        rounded[order[i]] += gap > 0 ? 1 : -1;
    for (std::size_t i = 0; i < row.size(); ++i)
        row[i].value = static_cast<double>(rounded[i]);
    std::erase_if(row, [](const sparse_entry& entry) { return entry.value == 0.0; });
}

}  // namespace labelerrors::detail

#endif
