#ifndef LABELERRORS_CORE_LOOK_AT_LABELS_HPP
#define LABELERRORS_CORE_LOOK_AT_LABELS_HPP

#include <labelerrors/core/row_looks.hpp>
#include <labelerrors/core/row_vectors.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace labelerrors::detail
{

/// The labels of the rows that were looked at, and the values in their columns.
template <stored_element T>
struct labels_in_view
{
    std::array<typename row_looks<T>::number, row_looks<T>::capacity> label{};
    std::array<T, row_looks<T>::capacity> given{};
};

/// How rows that are all known compare with their labels: a bit for each row, the first row's the lowest.
struct label_looks
{
    std::uint64_t contradicted = 0;  // the model contradicts the label, whatever the label's raise
    std::uint64_t close = 0;         // another value is larger by so little that the raise may decide
    std::uint64_t different = 0;     // the row does not count in its label's class
    std::uint64_t off_diagonal = 0;  // it counts in another one
};

/// A difference that no raise of the label's value by 1e-6, nor the rounding of a float, makes good.
inline constexpr double clear_difference = 2e-6;

/// From here on two different halves differ by more than that.
inline constexpr std::uint16_t least_clear_half = 0x1c00;  // 2^-8

/// A way of comparing; all ways give the same answers, but that they may take close rows for contradicted ones, or the
/// other way round, where they are neither.
template <stored_element T>
using look_at_labels = void (*)(const row_looks<T>&, const labels_in_view<T>&, std::size_t num_rows,
                                label_looks&) noexcept;

/// Whether a row is contradicted for sure, its label's value being `given`; one whose values are equal never is.
template <stored_element T>
[[nodiscard]] bool clearly_contradicts(T largest, T given) noexcept
{
    if constexpr (std::is_same_v<T, float16>)
        return given != largest && largest.bits >= least_clear_half;
    else
        return largest - given > static_cast<T>(clear_difference);
}

/// The same in plain C++: what compilers without vectors use.
template <stored_element T>
void look_at_labels_plainly(const row_looks<T>& looks, const labels_in_view<T>& labels, std::size_t num_rows,
                            label_looks& result) noexcept
{
    result = {};
    for (std::size_t i = 0; i < num_rows; ++i)
    {
        const std::uint64_t bit = std::uint64_t{1} << i;
        const bool clear = clearly_contradicts(looks.largest[i], labels.given[i]);
        const bool different = looks.guess[i] != labels.label[i];
        result.contradicted |= clear ? bit : 0;
        result.close |= !clear && labels.given[i] != looks.largest[i] ? bit : 0;
        result.different |= different ? bit : 0;
        result.off_diagonal |= different && looks.guess[i] != row_looks<T>::none ? bit : 0;
    }
}

#if defined(__GNUC__)

/// As many bits as a lane has, each in the lane of its row.
template <stored_element T>
struct row_bits
{
    using word = std::make_unsigned_t<typename row_looks<T>::number>;

    static constexpr std::size_t count = 8 * sizeof(word);

    [[nodiscard]] static constexpr std::array<word, count> of_rows() noexcept
    {
        std::array<word, count> bits{};
        for (std::size_t i = 0; i < count; ++i)
            bits[i] = static_cast<word>(word{1} << i);
        return bits;
    }
};

/// The bits of all lanes.
template <stored_element T, std::size_t Bytes>
[[nodiscard, gnu::always_inline]] inline std::uint64_t bits_of(const void* lanes) noexcept
{
    using word = typename row_bits<T>::word;
    return static_cast<word>(folded<typename row_looks<T>::number, Bytes>(lanes, fold_or{}));
}

template <stored_element T, std::size_t Bytes>
[[gnu::always_inline]] inline void look_at_labels_by_vectors(const row_looks<T>& looks, const labels_in_view<T>& labels,
                                                             std::size_t num_rows, label_looks& result) noexcept
{
    using vectors = row_vectors<T, Bytes>;
    using numbers = typename vectors::numbers;
    using values = typename vectors::values;
    using number = typename vectors::number;
    constexpr auto bits = row_bits<T>::of_rows();

    result = {};
    for (std::size_t first = 0; first < num_rows; first += row_bits<T>::count)
    {
        numbers contradicted{};
        numbers close{};
        numbers different{};
        numbers off_diagonal{};
        for (std::size_t i = 0; i < row_bits<T>::count; i += vectors::lanes)
        {
            values largest;
            values given;
            numbers guess;
            numbers label;
            numbers bit;
            std::memcpy(&largest, &looks.largest[first + i], sizeof(largest));
            std::memcpy(&given, &labels.given[first + i], sizeof(given));
            std::memcpy(&guess, &looks.guess[first + i], sizeof(guess));
            std::memcpy(&label, &labels.label[first + i], sizeof(label));
            std::memcpy(&bit, &bits[i], sizeof(bit));
            const numbers unequal = given != largest;
            numbers clear;
            if constexpr (std::is_same_v<T, float16>)
                clear = unequal & (largest >= static_cast<number>(least_clear_half));
            else
                clear = largest - given > static_cast<T>(clear_difference);
            const numbers differs = guess != label;
            contradicted |= clear & bit;
            close |= unequal & ~clear & bit;
            different |= differs & bit;
            off_diagonal |= differs & (guess != row_looks<T>::none) & bit;
        }
        result.contradicted |= bits_of<T, Bytes>(&contradicted) << first;
        result.close |= bits_of<T, Bytes>(&close) << first;
        result.different |= bits_of<T, Bytes>(&different) << first;
        result.off_diagonal |= bits_of<T, Bytes>(&off_diagonal) << first;
    }
    if (num_rows < row_looks<T>::capacity)
    {
        const std::uint64_t there = (std::uint64_t{1} << num_rows) - 1;
        result.contradicted &= there;
        result.close &= there;
        result.different &= there;
        result.off_diagonal &= there;
    }
}

/// By the vectors that the consumer's flags allow on every machine.
template <stored_element T>
void look_at_labels_by_16_bytes(const row_looks<T>& looks, const labels_in_view<T>& labels, std::size_t num_rows,
                                label_looks& result) noexcept
{
    look_at_labels_by_vectors<T, 16>(looks, labels, num_rows, result);
}

#if defined(__x86_64__)

/// By the vectors of AVX2, whatever the consumer's flags are: for machines that have it.
template <stored_element T>
[[gnu::target("avx2")]] void look_at_labels_by_avx2(const row_looks<T>& looks, const labels_in_view<T>& labels,
                                                    std::size_t num_rows, label_looks& result) noexcept
{
    look_at_labels_by_vectors<T, 32>(looks, labels, num_rows, result);
}

#endif

#endif

/// The fastest way that this machine knows.
template <stored_element T>
[[nodiscard]] look_at_labels<T> fastest_label_look() noexcept
{
#if defined(__GNUC__)
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2"))
        return look_at_labels_by_avx2<T>;
#endif
    return look_at_labels_by_16_bytes<T>;
#else
    return look_at_labels_plainly<T>;
#endif
}

}  // namespace labelerrors::detail

#endif
