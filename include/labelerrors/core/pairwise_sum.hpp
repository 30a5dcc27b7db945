#ifndef LABELERRORS_CORE_PAIRWISE_SUM_HPP
#define LABELERRORS_CORE_PAIRWISE_SUM_HPP

#include <cstddef>

namespace labelerrors
{

/// The sum of value(0) to value(count - 1) in the order in which numpy sums contiguous doubles: halves until at most
/// 128 are left, those in eight interleaved running sums.
///
/// Calibrated counts turn on the last bits of such sums (an entry that is exactly one half rounds either way), so the
/// order is part of the reference's rule. Error below count * log2(count) * 2^-53 of the sum of magnitudes.
template <class Value>
[[nodiscard]] double pairwise_sum(std::size_t count, const Value& value, std::size_t first = 0)
{
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
