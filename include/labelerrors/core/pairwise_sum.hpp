#ifndef LABELERRORS_CORE_PAIRWISE_SUM_HPP
#define LABELERRORS_CORE_PAIRWISE_SUM_HPP

#include <algorithm>
#include <cstddef>

namespace labelerrors
{

/// So many numbers numpy adds up by halves; the sums of more are added up one after another, from the first.
inline constexpr std::size_t numpy_sum_buffer = 8192;

/// The sum of value(0) to value(count - 1) in the order in which numpy sums contiguous doubles: 8,192 at a time, each
/// of these in halves until at most 128 are left, those in eight interleaved running sums.
///
/// Calibrated counts turn on the last bits of such sums (an entry that is exactly one half rounds either way), so the
/// order is part of the reference's rule, and from 91 classes on, whose k x k counts are more than 8,192, so are the
/// pieces. Error below (count / 8192 + 13) * 2^-53 of the sum of magnitudes.
template <class Value>
[[nodiscard]] double pairwise_sum(std::size_t count, const Value& value, std::size_t first = 0)
{
    if (count > numpy_sum_buffer)
    {
        double sum = 0.0;
        for (std::size_t i = 0; i < count; i += numpy_sum_buffer)
            sum += pairwise_sum(std::min(numpy_sum_buffer, count - i), value, first + i);
        return sum;
    }
    if (count < 8)
    {
        double sum = 0.0;
        for (std::size_t i = 0; i < count; ++i)
            sum += value(first + i);
        return sum;
    }
    if (count <= 128)
    {
        double partial[8];
        for (std::size_t lane = 0; lane < 8; ++lane)
            partial[lane] = value(first + lane);
        std::size_t i = 8;
        for (; i + 8 <= count; i += 8)
            for (std::size_t lane = 0; lane < 8; ++lane)
                partial[lane] += value(first + i + lane);
        double sum = ((partial[0] + partial[1]) + (partial[2] + partial[3])) +
                     ((partial[4] + partial[5]) + (partial[6] + partial[7]));
        for (; i < count; ++i)
            sum += value(first + i);
        return sum;
    }
    const std::size_t half = count / 2 - count / 2 % 8;
    return pairwise_sum(half, value, first) + pairwise_sum(count - half, value, first + half);
}

}  // namespace labelerrors

#endif
