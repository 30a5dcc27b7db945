#ifndef LABELERRORS_CORE_LOOK_AT_NARROW_ROWS_HPP
#define LABELERRORS_CORE_LOOK_AT_NARROW_ROWS_HPP

#include <labelerrors/core/row_vectors.hpp>
#include <labelerrors/rows/prefetch.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#if defined(__GNUC__)

namespace labelerrors::detail
{

/// Rows of few columns turned: column j of the rows from turned.columns[j][0] on. By shuffles that are fast on every
/// instruction set, of tiles as many rows high as wide, which fill vectors of at most Bytes bytes.
template <stored_element T, std::size_t Bytes>
struct turned_rows
{
    static constexpr std::size_t side = sizeof(T) == 8 ? Bytes / sizeof(T) : 16 / sizeof(T);

    // A tile may reach as far beyond the columns there are.
    alignas(64) std::array<std::array<T, row_looks<T>::capacity>, narrow_columns> columns;

    /// A tile may take in the head of the next row: what it writes beyond the last column is not looked at. Rows that
    /// are missing of the last vector are copies of the last one.
    [[gnu::always_inline]] void turn(const row_view<T>& view) noexcept
    {
        const std::size_t k = view.num_columns;
        const std::size_t values = view.num_rows * k;
        const std::size_t whole = k >= side ? view.num_rows : values < side ? 0 : (values - side) / k + 1;
        const std::size_t in_tiles = whole / side * side;
        // The first tiles and those behind may overlap, so that none but the last reaches beyond a row.
        const std::size_t second_column = k < side || k % side == 0 ? side : k % side;
        for (std::size_t j = 0; j < k; j = j == 0 ? second_column : j + side)
            for (std::size_t i = 0; i < in_tiles; i += side)
                turn_tile(view.data + i * k + j, k, j, i);
        constexpr std::size_t lanes = Bytes / sizeof(T);
        const std::size_t end = (view.num_rows + lanes - 1) / lanes * lanes;
        for (std::size_t i = in_tiles; i < end; ++i)
            for (std::size_t j = 0; j < k; ++j)
                columns[j][i] = view.data[std::min(i, view.num_rows - 1) * k + j];
    }

private:
    [[gnu::always_inline]] void turn_tile(const T* from, std::size_t row_stride, std::size_t column,
                                          std::size_t row) noexcept
    {
        using values = typename row_vectors<T, side * sizeof(T)>::values;
        // Unrolled, so that the tile stays in registers at every level of optimisation.
        values tile[side];
#pragma GCC unroll 8
        for (std::size_t i = 0; i < side; ++i)
            std::memcpy(&tile[i], from + i * row_stride, sizeof(values));
        transpose(tile);
#pragma GCC unroll 8
        for (std::size_t j = 0; j < side; ++j)
            std::memcpy(static_cast<void*>(&columns[column + j][row]), &tile[j], sizeof(values));
    }

    template <class Values>
    [[gnu::always_inline]] static void transpose(Values (&tile)[side]) noexcept
    {
        if constexpr (sizeof(tile[0]) == 32)
        {
            // Within the halves of the vectors, then across.
            const Values even_low = __builtin_shufflevector(tile[0], tile[1], 0, 4, 2, 6);
            const Values odd_low = __builtin_shufflevector(tile[0], tile[1], 1, 5, 3, 7);
            const Values even_high = __builtin_shufflevector(tile[2], tile[3], 0, 4, 2, 6);
            const Values odd_high = __builtin_shufflevector(tile[2], tile[3], 1, 5, 3, 7);
            tile[0] = __builtin_shufflevector(even_low, even_high, 0, 1, 4, 5);
            tile[1] = __builtin_shufflevector(odd_low, odd_high, 0, 1, 4, 5);
            tile[2] = __builtin_shufflevector(even_low, even_high, 2, 3, 6, 7);
            tile[3] = __builtin_shufflevector(odd_low, odd_high, 2, 3, 6, 7);
        }
        else
        {
            // Interleaving rows i and i + side / 2, as often as side can be halved, turns the tile.
            Values next[side];
#pragma GCC unroll 4
            for (std::size_t step = side; step > 1; step /= 2)
            {
#pragma GCC unroll 4
                for (std::size_t i = 0; i < side / 2; ++i)
                    interleave(tile[i], tile[i + side / 2], next[2 * i], next[2 * i + 1]);
#pragma GCC unroll 8
                for (std::size_t i = 0; i < side; ++i)
                    tile[i] = next[i];
            }
        }
    }

    template <class Values>
    [[gnu::always_inline]] static void interleave(const Values& a, const Values& b, Values& low, Values& high) noexcept
    {
        if constexpr (sizeof(T) == 8)
        {
            low = __builtin_shufflevector(a, b, 0, 2);
            high = __builtin_shufflevector(a, b, 1, 3);
        }
        else if constexpr (sizeof(T) == 4)
        {
            low = __builtin_shufflevector(a, b, 0, 4, 1, 5);
            high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
        }
        else
        {
            low = __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
            high = __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
        }
    }
};

/// A bit for each row, in a lane of its own; as many rows as a lane has bits.
template <stored_element T>
struct row_bits
{
    using word = std::make_unsigned_t<column_number<T>>;

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
[[nodiscard, gnu::always_inline]] inline std::uint64_t joined_bits(const void* lanes) noexcept
{
    using word = typename row_bits<T>::word;
    return static_cast<word>(folded<column_number<T>, Bytes>(lanes, fold_or{}));
}

/// Rows of at most narrow_columns columns, a lane for each; see look_at_rows.
template <stored_element T, std::size_t Bytes>
[[gnu::always_inline]] inline void look_at_narrow_rows(const row_view<T>& view, row_looks<T>& looks) noexcept
{
    using vectors = row_vectors<T, Bytes>;
    using numbers = typename vectors::numbers;
    using number = typename vectors::number;
    using value_type = typename vectors::value;
    using values = typename vectors::values;
    static constexpr auto bits = row_bits<T>::of_rows();

    prefetch_next_page(view.data, view.num_rows * view.num_columns);
    turned_rows<T, Bytes> turned;
    turned.turn(view);
    numbers in_range =
        numbers{} - static_cast<number>(1);  // the lanes whose rows so far have a sum that needs no closer look
    values top{};                            // the largest of all values
    numbers signs{};                         // the values' bits joined by or: negative where one of them is
    // A bit for each row:
    std::uint64_t agreeing = 0;  // its label's value is the largest
    std::uint64_t own = 0;       // it is confident in its label's class
    std::uint64_t none = 0;      // in no class
    std::uint64_t several = 0;   // in more than one
    for (std::size_t first = 0; first < view.num_rows; first += row_bits<T>::count)
    {
        const std::size_t end = std::min(first + row_bits<T>::count, view.num_rows);
        numbers agree{};
        numbers same{};
        numbers without{};
        numbers with_several{};
        for (std::size_t i = first; i < end; i += vectors::lanes)
        {
            numbers label;
            std::memcpy(&label, &view.labels[i], sizeof(label));
            values largest{};
            values given{};
            running_sum<T, Bytes> sum;
            numbers hits{};   // minus the number of confident classes
            numbers where{};  // their columns, joined by or
            numbers column{};
            for (std::size_t j = 0; j < view.num_columns; ++j)
            {
                values value;
                std::memcpy(&value, &turned.columns[j][i], sizeof(value));
                const numbers hit = value >= __builtin_bit_cast(value_type, view.bounds[j]);
                largest = value > largest ? value : largest;
                given = label == column ? value : given;
                hits += hit;
                where |= hit & column;
                signs |= __builtin_bit_cast(numbers, value);
                sum.add(value);
                column += static_cast<number>(1);
            }
            numbers known;
            sum.within(view.least_sum, view.most_sum, known);
            in_range &= known;
            top = largest > top ? largest : top;
            numbers bit;
            std::memcpy(&bit, &bits[i - first], sizeof(bit));
            const numbers nowhere = hits == static_cast<number>(0);
            const numbers guess = where | nowhere;  // all ones are `none`
            agree |= (given == largest) & bit;
            same |= (guess == label) & bit;
            without |= nowhere & bit;
            with_several |= (hits < static_cast<number>(-1)) & bit;
            std::memcpy(static_cast<void*>(&looks.largest[i]), &largest, sizeof(largest));
            std::memcpy(static_cast<void*>(&looks.given[i]), &given, sizeof(given));
            std::memcpy(&looks.guess[i], &guess, sizeof(guess));
        }
        agreeing |= joined_bits<T, Bytes>(&agree) << first;
        own |= joined_bits<T, Bytes>(&same) << first;
        none |= joined_bits<T, Bytes>(&without) << first;
        several |= joined_bits<T, Bytes>(&with_several) << first;
    }
    in_range &= (signs >= static_cast<number>(0)) & (top <= vectors::one());
    if (folded<std::int64_t, Bytes>(&in_range, fold_and{}) != -1)
        return look_at_rows_plainly(view, looks);  // says which rows it is
    looks.all_known = true;
    // The lanes beyond the last row say nothing.
    const std::uint64_t there = ~std::uint64_t{0} >> (row_looks<T>::capacity - view.num_rows);
    several &= there;
    looks.several = several;
    looks.contested = there & ~agreeing;
    looks.different = there & ~own & ~several;
    looks.off_diagonal = looks.different & ~none;
    for (; several != 0; several &= several - 1)
    {
        const auto i = static_cast<std::size_t>(std::countr_zero(several));
        const T* row = view.data + i * view.num_columns;
        number argmax = 0;
        while (row[argmax] != looks.largest[i])
            ++argmax;
        looks.guess[i] = argmax;
        looks.compare(i, view.labels[i], looks.given[i]);
    }
}

}  // namespace labelerrors::detail

#endif

#endif
