#ifndef LABELERRORS_CORE_EXACT_SUM_HPP
#define LABELERRORS_CORE_EXACT_SUM_HPP

#include <cstdint>

namespace labelerrors
{

/// A sum of probabilities that is the same bits whatever the order of its terms, so that blocks, threads, parts and
/// machines cannot change a threshold.
///
/// Each term is taken to the next multiple of 2^-62 towards zero and added as an integer: no addition rounds. Terms lie
/// in (-2, 2) and there are at most 2^31 times 2^30 of them; the sum's error is below 2^-62 a term.
class exact_sum
{
public:
    void add(double term) noexcept
    {
        const auto fixed = static_cast<std::int64_t>(term * 0x1p62);
        high_ += fixed >> 32;
        low_ += static_cast<std::uint64_t>(fixed) & 0xffffffffu;
    }

    void merge(const exact_sum& other) noexcept
    {
        high_ += other.high_;
        low_ += other.low_;
    }

    /// The sum, rounded once or twice to a double.
    [[nodiscard]] double value() const noexcept
    {
        const auto carry = static_cast<std::int64_t>(low_ >> 32);
        return (static_cast<double>(high_ + carry) * 0x1p32 + static_cast<double>(low_ & 0xffffffffu)) * 0x1p-62;
    }

private:
    std::int64_t high_ = 0;
    std::uint64_t low_ = 0;
};

}  // namespace labelerrors

#endif
