#ifndef LABELERRORS_CORE_ROW_VECTORS_HPP
#define LABELERRORS_CORE_ROW_VECTORS_HPP

#include <labelerrors/core/row_looks.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#if defined(__GNUC__)

// What the kernels are made of, in the vectors of the compiler. It is written once for every instruction set: always
// inlined into a function of the set that it is compiled for (see look_at_rows.hpp), and without a vector among
// parameters and results, whose passing differs from set to set.
namespace labelerrors::detail
{

/// Vectors of Bytes bytes. Halves are compared by their bits, which order as the values do where none is negative.
template <stored_element T, std::size_t Bytes>
struct row_vectors
{
    using number = typename row_looks<T>::number;
    using value = std::conditional_t<std::is_same_v<T, float16>, number, T>;
    using total = std::conditional_t<std::is_same_v<T, float16>, float, T>;
    static constexpr std::size_t lanes = Bytes / sizeof(T);
    typedef value values __attribute__((vector_size(Bytes)));
    typedef number numbers __attribute__((vector_size(Bytes)));
    typedef total totals __attribute__((vector_size(Bytes)));
    typedef std::uint32_t words __attribute__((vector_size(Bytes)));

    /// The value 1.
    [[nodiscard]] static constexpr value one() noexcept
    {
        if constexpr (std::is_same_v<T, float16>)
            return value{0x3c00};
        else
            return value{1};
    }
};

/// Running sums of every lanes-th value.
template <stored_element T, std::size_t Bytes>
struct running_sum
{
    using vectors = row_vectors<T, Bytes>;

    typename vectors::totals total{};

    [[gnu::always_inline]] void add(const typename vectors::values& value) noexcept
    {
        total += value;
    }

    [[gnu::always_inline]] void add(const running_sum& other) noexcept
    {
        total += other.total;
    }

    /// Sets the lanes whose sum is in [least, most], of a sum that has seen a row in each lane.
    [[gnu::always_inline]] void within(double least, double most, typename vectors::numbers& lanes) const noexcept
    {
        using total_type = typename vectors::total;
        lanes = (total >= static_cast<total_type>(least)) & (total <= static_cast<total_type>(most));
    }
};

/// The same for halves, in floats. The bits of a half that is not negative, in a float's place, are the value times
/// 2^-112, so that shifts alone make floats of the even lanes and of the odd ones, on every instruction set alike.
template <std::size_t Bytes>
struct running_sum<float16, Bytes>
{
    using vectors = row_vectors<float16, Bytes>;
    using words = typename vectors::words;

    static constexpr double scale = 0x1p112;
    typename vectors::totals even{};
    typename vectors::totals odd{};

    [[gnu::always_inline]] void add(const typename vectors::values& value) noexcept
    {
        const auto pairs = __builtin_bit_cast(words, value);
        even += __builtin_bit_cast(typename vectors::totals, (pairs << 13) & 0x0fffe000u);
        odd += __builtin_bit_cast(typename vectors::totals, (pairs >> 3) & 0x0fffe000u);
    }

    [[gnu::always_inline]] void add(const running_sum& other) noexcept
    {
        even += other.even;
        odd += other.odd;
    }

    [[gnu::always_inline]] void within(double least, double most, typename vectors::numbers& lanes) const noexcept
    {
        const auto lower = static_cast<float>(least / scale);
        const auto upper = static_cast<float>(most / scale);
        const auto of_even = __builtin_bit_cast(words, (even >= lower) & (even <= upper));
        const auto of_odd = __builtin_bit_cast(words, (odd >= lower) & (odd <= upper));
        lanes = __builtin_bit_cast(typename vectors::numbers, (of_even & 0xffffu) | (of_odd << 16));
    }
};

/// Folds the upper half of a vector into the lower one until a single lane is left, by `fold(lower, upper)`.
template <class Lane, std::size_t Bytes, class Fold>
[[nodiscard, gnu::always_inline]] inline Lane folded(const void* vector, const Fold& fold) noexcept
{
    if constexpr (Bytes == sizeof(Lane))
    {
        Lane lane;
        std::memcpy(&lane, vector, sizeof(lane));
        return lane;
    }
    else
    {
        typedef Lane half __attribute__((vector_size(Bytes / 2)));
        half lower;
        half upper;
        std::memcpy(&lower, vector, sizeof(lower));
        std::memcpy(&upper, static_cast<const char*>(vector) + sizeof(lower), sizeof(upper));
        fold(lower, upper);
        return folded<Lane, Bytes / 2>(&lower, fold);
    }
}

struct fold_plus
{
    [[gnu::always_inline]] void operator()(auto& a, const auto& b) const noexcept
    {
        a += b;
    }
};

struct fold_or
{
    [[gnu::always_inline]] void operator()(auto& a, const auto& b) const noexcept
    {
        a |= b;
    }
};

struct fold_and
{
    [[gnu::always_inline]] void operator()(auto& a, const auto& b) const noexcept
    {
        a &= b;
    }
};

struct fold_larger
{
    [[gnu::always_inline]] void operator()(auto& a, const auto& b) const noexcept
    {
        a = b > a ? b : a;
    }
};

}  // namespace labelerrors::detail

#endif

#endif
