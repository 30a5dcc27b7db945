#ifndef LABELERRORS_CORE_CHOOSE_COLUMNS_HPP
#define LABELERRORS_CORE_CHOOSE_COLUMNS_HPP

#include <labelerrors/core/row_vectors.hpp>
#include <labelerrors/rows/float16.hpp>
#include <labelerrors/rows/row_blocks.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace labelerrors::detail
{

/// Writes the columns that meet a condition, ascending, to `columns`, which has room for all, and returns how many;
/// fast where few do. `condition(j)` tells of one column, and `condition.look(j, any)` sets a lane of `any` where one
/// of the columns from j on, as many as a vector of 16 bytes has lanes, meets it. O(k).
template <stored_element T, class Condition>
[[nodiscard]] std::size_t choose_columns(std::size_t num_columns, const Condition& condition,
                                         std::uint32_t* columns) noexcept
{
    std::size_t count = 0;
    const auto write_those = [&](std::size_t first, std::size_t last)
    {
        for (std::size_t j = first; j < last; ++j)
        {
            columns[count] = static_cast<std::uint32_t>(j);
            count += condition(j) ? 1u : 0u;
        }
    };
    std::size_t j = 0;
#if defined(__GNUC__)
    // Most are passed over four vectors at a time.
    using vectors = row_vectors<T, 16>;
    constexpr std::size_t step = 4 * vectors::lanes;
    for (; j + step <= num_columns; j += step)
    {
        typename vectors::numbers any{};
#pragma GCC unroll 4
        for (std::size_t i = 0; i < step; i += vectors::lanes)
            condition.look(j + i, any);
        if (folded<std::int64_t, 16>(&any, fold_or{}) != 0)
            write_those(j, j + step);
    }
#endif
    write_those(j, num_columns);
    return count;
}

/// A value as kernels compare it: a half by its bits, for those below zero come out below all others so, and the others
/// in order.
template <stored_element T>
[[nodiscard]] constexpr auto comparable_value(T value) noexcept
{
    if constexpr (std::is_same_v<T, float16>)
        return static_cast<std::int16_t>(value.bits);
    else
        return value;
}

/// The values above `bound`, which is not negative.
template <stored_element T>
struct is_above
{
    const T* row;
    T bound;

    [[nodiscard]] bool operator()(std::size_t j) const noexcept
    {
        return comparable_value(row[j]) > comparable_value(bound);
    }

#if defined(__GNUC__)
    using vectors = row_vectors<T, 16>;

    [[gnu::always_inline]] void look(std::size_t j, typename vectors::numbers& any) const noexcept
    {
        typename vectors::values value;
        std::memcpy(&value, row + j, sizeof(value));
        any |= value > comparable_value(bound);
    }
#endif
};

/// The values that are at least their column's bound, which is not negative.
template <stored_element T>
struct is_confident
{
    const T* row;
    const T* bounds;

    [[nodiscard]] bool operator()(std::size_t j) const noexcept
    {
        return comparable_value(row[j]) >= comparable_value(bounds[j]);
    }

#if defined(__GNUC__)
    using vectors = row_vectors<T, 16>;

    [[gnu::always_inline]] void look(std::size_t j, typename vectors::numbers& any) const noexcept
    {
        typename vectors::values value;
        typename vectors::values bound;
        std::memcpy(&value, row + j, sizeof(value));
        std::memcpy(&bound, bounds + j, sizeof(bound));
        any |= value >= bound;
    }
#endif
};

/// The values that, those below 0 taken as 0, are at least `given` and their column's bound together.
template <stored_element T>
struct has_margin
{
    const T* row;
    T given;
    const T* bounds;

    [[nodiscard]] bool operator()(std::size_t j) const noexcept
    {
        return std::max(row[j], T{0}) - given >= bounds[j];
    }

#if defined(__GNUC__)
    using vectors = row_vectors<T, 16>;

    [[gnu::always_inline]] void look(std::size_t j, typename vectors::numbers& any) const noexcept
    {
        const typename vectors::values zero{};
        typename vectors::values value;
        typename vectors::values bound;
        std::memcpy(&value, row + j, sizeof(value));
        std::memcpy(&bound, bounds + j, sizeof(bound));
        any |= (value > zero ? value : zero) - given >= bound;
    }
#endif
};

/// A superset of the same for halves, where all bounds are above 0: the values that are at least `given` and at least
/// their column's bound, which needs no sum of halves.
template <>
struct has_margin<float16>
{
    const float16* row;
    float16 given;
    const float16* bounds;

    [[nodiscard]] bool operator()(std::size_t j) const noexcept
    {
        return comparable_value(row[j]) >= std::max(comparable_value(given), comparable_value(bounds[j]));
    }

#if defined(__GNUC__)
    using vectors = row_vectors<float16, 16>;

    [[gnu::always_inline]] void look(std::size_t j, vectors::numbers& any) const noexcept
    {
        vectors::values value;
        vectors::values bound;
        std::memcpy(&value, row + j, sizeof(value));
        std::memcpy(&bound, bounds + j, sizeof(bound));
        any |= (value >= comparable_value(given)) & (value >= bound);
    }
#endif
};

}  // namespace labelerrors::detail

#endif
