#ifndef LABELERRORS_CORE_EXACT_SUM_HPP
#define LABELERRORS_CORE_EXACT_SUM_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace labelerrors
{

/// A sum of probabilities that is the same bits whatever the order of its terms, so that blocks, threads, parts and
/// machines cannot change a threshold.
///
/// Each term is taken to the next multiple of 2^-62 towards zero and added as an integer: no addition rounds. Terms lie
/// in (-2, 2); at most 2^32 of them are added to one object before it carries or is merged, which may go on without
/// end. The sum's error is below 2^-62 a term.
class exact_sum
{
public:
    void add(double term) noexcept
    {
        const std::int64_t number = fixed(term);
        add_halves(number >> 32, static_cast<std::uint64_t>(number) & 0xffffffffu);
    }

    /// A term in units of 2^-62.
    [[nodiscard]] static std::int64_t fixed(double term) noexcept
    {
        return static_cast<std::int64_t>(term * 0x1p62);
    }

    /// Adds terms that are added up already, in units of 2^-62: the upper 32 bits of each, and the lower ones.
    void add_halves(std::int64_t upper, std::uint64_t lower) noexcept
    {
        high_ += upper;
        low_ += lower;
    }

    /// Makes room for 2^32 terms more.
    void carry() noexcept
    {
        *this = from_digits(digits());
    }

    void merge(const exact_sum& other) noexcept
    {
        auto sum = digits();
        const auto added = other.digits();
        for (std::size_t i = 0; i < sum.size(); ++i)
            sum[i] += added[i];
        *this = from_digits(sum);
    }

    /// The sum as three integers, the last digit first: a, b and c stand for (a + 2^32 b + 2^64 c) / 2^62. The digits
    /// of up to 2^31 sums may be added up, each by itself, and from_digits gives the sum of all.
    [[nodiscard]] std::array<std::int64_t, 3> digits() const noexcept
    {
        const auto middle = high_ + static_cast<std::int64_t>(low_ >> 32);
        return {static_cast<std::int64_t>(low_ & 0xffffffffu), middle & 0xffffffff, top_ + (middle >> 32)};
    }

    [[nodiscard]] static exact_sum from_digits(const std::array<std::int64_t, 3>& digits) noexcept
    {
        exact_sum sum;
        const auto middle = digits[1] + (digits[0] >> 32);
        sum.low_ = static_cast<std::uint64_t>(digits[0]) & 0xffffffffu;
        sum.high_ = middle & 0xffffffff;
        sum.top_ = digits[2] + (middle >> 32);
        return sum;
    }

    /// The sum, rounded once or twice to a double.
    [[nodiscard]] double value() const noexcept
    {
        const auto [low, middle, top] = digits();
        return ((static_cast<double>(top) * 0x1p32 + static_cast<double>(middle)) * 0x1p32 + static_cast<double>(low)) *
               0x1p-62;
    }

private:
    std::int64_t top_ = 0;   // in units of 2^2
    std::int64_t high_ = 0;  // in units of 2^-30
    std::uint64_t low_ = 0;  // in units of 2^-62
};

namespace detail
{

/// Counts the terms of some sums, and has these carry before any may hold no more.
class term_count
{
public:
    /// Before each of `sums` is added at most `terms` terms, no more than 2^30.
    template <class... Sums>
    void expect(std::uint32_t terms, Sums&... sums) noexcept
    {
        terms_ += terms;
        if (terms_ < most_terms)
            return;
        (carry(sums), ...);
        terms_ = terms;
    }

private:
    static constexpr std::uint32_t most_terms = std::uint32_t{1} << 31;

    static void carry(std::vector<exact_sum>& sums) noexcept
    {
        for (exact_sum& sum : sums)
            sum.carry();
    }

    std::uint32_t terms_ = 0;
};

}  // namespace detail

}  // namespace labelerrors

#endif
