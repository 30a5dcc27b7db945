#ifndef LABELERRORS_MODEL_DISTANCE_BOUND_HPP
#define LABELERRORS_MODEL_DISTANCE_BOUND_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/model/centring.hpp>

#include <cstddef>
#include <limits>

namespace labelerrors::detail
{

/// The squared distance of two rows of `count` numbers times `unit`, in double: all errors are relative to itself.
/// Equal pairs of rows have equal distances. O(count).
template <row_element T, row_element U>
[[nodiscard]] double squared_distance(const T* a, const U* b, std::size_t count, double unit) noexcept
{
    // Four sums keep the processor busy, in the same order everywhere.
    double sums[4] = {};
    const auto add = [&](std::size_t j, std::size_t lane)
    {
        const double difference = (static_cast<double>(a[j]) - static_cast<double>(b[j])) * unit;
        sums[lane] += difference * difference;
    };
    const std::size_t whole = count / 4 * 4;
    for (std::size_t j = 0; j < whole; j += 4)
        for (std::size_t lane = 0; lane < 4; ++lane)
            add(j + lane, lane);
    for (std::size_t j = whole; j < count; ++j)
        add(j, 0);
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

/// By how much the squared distance of two rows exceeds the squared length of the first, `a`, which has been centred:
/// for an `a` so far away that its distances from all `b` are the same up to rounding. O(d).
template <row_element T>
[[nodiscard]] double squared_excess(const double* a, const T* b, const centring& centre) noexcept
{
    double sum = 0.0;
    for (std::size_t j = 0; j < centre.means.size(); ++j)
    {
        const double number = centred(b[j], centre, j);
        sum += number * (number - 2.0 * a[j]);
    }
    return sum;
}

/// What is sure of the squared distance of rows a and b of d numbers, as squared_distance computes it, by the product p
/// of what float holds of them: it is no less than share * (|a|^2 + |b|^2) - 2 p - slack. For |a|^2 below 2^60 and
/// numbers of b that are at most 2.
///
/// A sum of d products of numbers that were rounded, in any order and fused or not, errs by less than
/// 1.2 (d + 3) 2^-24 times the sum of the products without their signs, which is at most (|a|^2 + |b|^2) / 2, where
/// d < 2^20 (Higham 2002, section 3.1); 2 p by twice as much. The share allows for two times that, so for what double
/// rounds as well. The slack is for what is below the least normal float, 2^-126, of the numbers, products and sums.
struct distance_bound
{
    double share;
    double slack;

    explicit distance_bound(std::size_t d) noexcept
        : share(1.0 - static_cast<double>(d + 16) * 0x1p-23),
          slack(d < (std::size_t{1} << 20) ? static_cast<double>(d) * 0x1p-120
                                           : std::numeric_limits<double>::infinity())
    {
    }
};

}  // namespace labelerrors::detail

#endif
