#ifndef LABELERRORS_CORE_LOOK_AT_WIDE_ROWS_HPP
#define LABELERRORS_CORE_LOOK_AT_WIDE_ROWS_HPP

#include <labelerrors/core/row_vectors.hpp>
#include <labelerrors/rows/prefetch.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#if defined(__GNUC__)

namespace labelerrors::detail
{

/// What every lanes-th value of a row amounts to.
template <stored_element T, std::size_t Bytes>
struct row_lanes
{
    using vectors = row_vectors<T, Bytes>;
    using values = typename vectors::values;
    using numbers = typename vectors::numbers;

    values largest{};
    running_sum<T, Bytes> sum{};
    numbers signs{};  // the values' bits joined by or: negative where one of them is
    numbers hits{};   // minus the number of confident classes
    numbers where{};  // their columns, less the lane, joined by or: right where there is one

    /// `column`: that of the first lane, in every lane.
    [[gnu::always_inline]] void add(const T* row, const T* bounds, const numbers& column) noexcept
    {
        values value;
        values bound;
        std::memcpy(&value, row, sizeof(value));
        std::memcpy(&bound, bounds, sizeof(bound));
        add(value, value >= bound, column);
    }

    /// The same for those lanes alone whose bits are set in `keep`.
    [[gnu::always_inline]] void add(const T* row, const T* bounds, const numbers& column, const numbers& keep) noexcept
    {
        values value;
        values bound;
        std::memcpy(&value, row, sizeof(value));
        std::memcpy(&bound, bounds, sizeof(bound));
        const numbers hit = (value >= bound) & keep;
        value = __builtin_bit_cast(values, __builtin_bit_cast(numbers, value) & keep);
        add(value, hit, column);
    }

    [[gnu::always_inline]] void add(const values& value, const numbers& hit, const numbers& column) noexcept
    {
        largest = value > largest ? value : largest;
        sum.add(value);
        signs |= __builtin_bit_cast(numbers, value);
        hits += hit;
        where |= hit & column;
    }

    [[gnu::always_inline]] void add(const row_lanes& other) noexcept
    {
        largest = other.largest > largest ? other.largest : largest;
        sum.add(other.sum);
        signs |= other.signs;
        hits += other.hits;
        where |= other.where;
    }
};

/// The first column that holds `largest`, which one does.
template <stored_element T, std::size_t Bytes>
[[nodiscard, gnu::always_inline]] inline std::size_t first_of(const T* row, std::size_t num_columns,
                                                              typename row_vectors<T, Bytes>::value largest) noexcept
{
    // Four vectors at a time until they hold it.
    using vectors = row_vectors<T, Bytes>;
    constexpr std::size_t step = 4 * vectors::lanes;
    std::size_t j = 0;
    for (; j + step <= num_columns; j += step)
    {
        typename vectors::values value[4];
        std::memcpy(value, row + j, sizeof(value));
        const typename vectors::numbers equal =
            (value[0] == largest) | (value[1] == largest) | (value[2] == largest) | (value[3] == largest);
        if (folded<std::int64_t, Bytes>(&equal, fold_or{}) != 0)
            break;
    }
    for (; j + 1 < num_columns; ++j)
    {
        typename vectors::value value;
        std::memcpy(&value, row + j, sizeof(value));
        if (value == largest)
            break;
    }
    return j;
}

/// The first column of the largest value. Halves below zero are taken for less than all others, but in no order.
template <stored_element T, std::size_t Bytes>
[[nodiscard, gnu::always_inline]] inline std::size_t argmax_by_vectors(const T* row, std::size_t num_columns) noexcept
{
    // Four sets of lanes, so that no comparison waits for the one before; the last vectors may overlap those before.
    using vectors = row_vectors<T, Bytes>;
    using values = typename vectors::values;
    constexpr std::size_t lanes = vectors::lanes;
    typename vectors::value largest;
    if (num_columns < 4 * lanes)
    {
        std::memcpy(&largest, row, sizeof(largest));
        for (std::size_t j = 1; j < num_columns; ++j)
        {
            typename vectors::value value;
            std::memcpy(&value, row + j, sizeof(value));
            largest = value > largest ? value : largest;
        }
        return first_of<T, Bytes>(row, num_columns, largest);
    }
    values four[4];
    std::memcpy(four, row, sizeof(four));
    for (std::size_t j = 4 * lanes; j < num_columns; j += 4 * lanes)
    {
        values next[4];
        std::memcpy(next, row + std::min(j, num_columns - 4 * lanes), sizeof(next));
        four[0] = next[0] > four[0] ? next[0] : four[0];
        four[1] = next[1] > four[1] ? next[1] : four[1];
        four[2] = next[2] > four[2] ? next[2] : four[2];
        four[3] = next[3] > four[3] ? next[3] : four[3];
    }
    four[0] = four[1] > four[0] ? four[1] : four[0];
    four[2] = four[3] > four[2] ? four[3] : four[2];
    four[0] = four[2] > four[0] ? four[2] : four[0];
    largest = folded<typename vectors::value, Bytes>(&four[0], fold_larger{});
    return first_of<T, Bytes>(row, num_columns, largest);
}

/// Rows of at least as many columns as a vector has lanes; see look_at_rows.
template <stored_element T, std::size_t Bytes>
[[gnu::always_inline]] inline void look_at_wide_rows(const row_view<T>& view, row_looks<T>& looks) noexcept
{
    using vectors = row_vectors<T, Bytes>;
    using numbers = typename vectors::numbers;
    using number = typename vectors::number;
    using value_type = typename vectors::value;
    constexpr std::size_t lanes = vectors::lanes;
    const std::size_t k = view.num_columns;

    numbers lane{};
    for (std::size_t l = 0; l < lanes; ++l)
        lane[l] = static_cast<number>(l);
    // The last vector of a row may overlap the one before: what both see counts once.
    const numbers keep = lane >= static_cast<number>(lanes - k % lanes);
    const numbers last = numbers{} + static_cast<number>(k - lanes);

    looks.all_known = true;
    looks.clear_bits();
    for (std::size_t i = 0; i < view.num_rows; ++i)
    {
        // Two sets of lanes, so that no addition waits for the one before; halves have two sums in a set, and so many
        // other things to keep that a second set would not fit in the registers.
        const T* row = view.data + i * k;
        row_lanes<T, Bytes> even;
        row_lanes<T, Bytes> odd;
        numbers column{};
        std::size_t j = 0;
        if constexpr (std::is_same_v<T, float16>)
            for (; j + lanes <= k; j += lanes)
            {
                prefetch_next_page(row + j);
                even.add(row + j, view.bounds + j, column);
                column += static_cast<number>(lanes);
            }
        else
            for (; j + 2 * lanes <= k; j += 2 * lanes)
            {
                prefetch_next_page(row + j);
                even.add(row + j, view.bounds + j, column);
                column += static_cast<number>(lanes);
                odd.add(row + j + lanes, view.bounds + j + lanes, column);
                column += static_cast<number>(lanes);
            }
        if (j + lanes <= k)
            even.add(row + j, view.bounds + j, column);
        if (k % lanes != 0)
            odd.add(row + k - lanes, view.bounds + k - lanes, last, keep);
        even.add(odd);

        const auto largest = folded<value_type, Bytes>(&even.largest, fold_larger{});
        const auto signs = folded<number, Bytes>(&even.signs, fold_or{});
        const auto hits = folded<number, Bytes>(&even.hits, fold_plus{});
        // A lane with the row's only hit has a count of all ones, which lets its own number through.
        even.where += even.hits & lane;
        const auto where = folded<number, Bytes>(&even.where, fold_or{});
        double sum = 0.0;
        if constexpr (std::is_same_v<T, float16>)
        {
            even.sum.even += even.sum.odd;
            sum = static_cast<double>(folded<float, Bytes>(&even.sum.even, fold_plus{})) * even.sum.scale;
        }
        else
            sum = static_cast<double>(folded<value_type, Bytes>(&even.sum.total, fold_plus{}));

        const bool known = signs >= 0 && largest <= vectors::one() && sum >= view.least_sum && sum <= view.most_sum;
        looks.all_known = looks.all_known && known;
        looks.largest[i] = __builtin_bit_cast(T, largest);
        looks.several |= std::uint64_t{hits < -1} << i;
        if (!known)
            looks.guess[i] = row_looks<T>::unknown;
        else if (hits == 0)
            looks.guess[i] = row_looks<T>::none;
        else
            looks.guess[i] = hits == -1 ? where : static_cast<number>(first_of<T, Bytes>(row, k, largest));
        looks.compare(i, view.labels[i], row[view.labels[i]]);
    }
}

}  // namespace labelerrors::detail

#endif

#endif
