#ifndef LABELERRORS_CORE_LOOK_AT_NARROW_ROWS_HPP
#define LABELERRORS_CORE_LOOK_AT_NARROW_ROWS_HPP

#include <labelerrors/core/row_vectors.hpp>
#include <labelerrors/rows/prefetch.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__GNUC__)

namespace labelerrors::detail
{

/// Rows of few columns turned: column j of the rows from turned.columns[j][0] on.
template <stored_element T>
struct turned_rows
{
    static constexpr std::size_t rows = row_looks<T>::capacity;

    // A tile of the widest element may reach as far beyond the columns there are.
    alignas(64) std::array<std::array<T, rows>, narrow_columns> columns;

    /// Turns tiles of 16 bytes square by shuffles that every instruction set has. A tile may take in the head of the
    /// next row: what it writes beyond the last column is not looked at. Missing rows are copies of the last one.
    [[gnu::always_inline]] void turn(const row_view<T>& view) noexcept
    {
        constexpr std::size_t side = 16 / sizeof(T);
        const std::size_t k = view.num_columns;
        const std::size_t first_column = k < side ? 0 : k % side;
        // From the last tile back, so that a tile that overlaps is right in the end.
        const std::size_t end = view.num_rows * k;
        std::size_t i = 0;
        for (; i + side <= view.num_rows && (i + side - 1) * k + std::max(k, side) <= end; i += side)
        {
            if (first_column != 0)
                tile(view.data + i * k, k, 0, i);
            for (std::size_t j = first_column; j < k; j += side)
                tile(view.data + i * k + j, k, j, i);
        }
        for (; i < rows; ++i)
            for (std::size_t j = 0; j < k; ++j)
                columns[j][i] = view.data[std::min(i, view.num_rows - 1) * k + j];
    }

private:
    [[gnu::always_inline]] void tile(const T* from, std::size_t row_stride, std::size_t column,
                                     std::size_t row) noexcept
    {
        using values = typename row_vectors<T, 16>::values;
        constexpr std::size_t side = 16 / sizeof(T);
        // Unrolled, so that the tile stays in registers at every level of optimisation.
        values tile[side];
#pragma GCC unroll 8
        for (std::size_t i = 0; i < side; ++i)
            std::memcpy(&tile[i], from + i * row_stride, sizeof(values));
        // Interleaving rows i and i + side / 2, as often as side can be halved, turns the tile.
        values next[side];
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
#pragma GCC unroll 8
        for (std::size_t j = 0; j < side; ++j)
            std::memcpy(static_cast<void*>(&columns[column + j][row]), &tile[j], sizeof(values));
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

/// Rows of at most narrow_columns columns, a lane for each; see look_at_rows.
template <stored_element T, std::size_t Bytes>
[[gnu::always_inline]] inline void look_at_narrow_rows(const row_view<T>& view, row_looks<T>& looks) noexcept
{
    using vectors = row_vectors<T, Bytes>;
    using numbers = typename vectors::numbers;
    using number = typename vectors::number;
    using values = typename vectors::values;

    prefetch_next_page(view.data, view.num_rows * view.num_columns);
    turned_rows<T> turned;
    turned.turn(view);
    numbers all_known = numbers{} - static_cast<number>(1);
    for (std::size_t i = 0; i < view.num_rows; i += vectors::lanes)
    {
        values largest;
        std::memcpy(&largest, &turned.columns[0][i], sizeof(largest));
        running_sum<T, Bytes> sum;
        numbers best{};
        numbers hits{};
        numbers where{};
        numbers signs{};
        numbers column{};
        for (std::size_t j = 0; j < view.num_columns; ++j)
        {
            values value;
            std::memcpy(&value, &turned.columns[j][i], sizeof(value));
            const numbers better = value > largest;
            const numbers hit = value >= __builtin_bit_cast(typename vectors::value, view.bounds[j]);
            largest = better ? value : largest;
            best = better ? column : best;
            hits += hit;
            where = hit ? column : where;
            signs |= __builtin_bit_cast(numbers, value);
            sum.add(value);
            column += static_cast<number>(1);
        }
        numbers guess = hits == static_cast<number>(-1) ? where : best;
        guess |= hits == static_cast<number>(0);  // all ones are `none`
        numbers known;
        sum.within(view.least_sum, view.most_sum, known);
        known &= (signs >= static_cast<number>(0)) & (largest <= vectors::one());
        all_known &= known;
        guess = known ? guess : numbers{} + row_looks<T>::unknown;
        std::memcpy(static_cast<void*>(&looks.largest[i]), &largest, sizeof(largest));
        std::memcpy(&looks.guess[i], &guess, sizeof(guess));
    }
    looks.all_known = folded<std::int64_t, Bytes>(&all_known, fold_and{}) == -1;
}

}  // namespace labelerrors::detail

#endif

#endif
