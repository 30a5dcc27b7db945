#ifndef LABELERRORS_CORE_ROW_LOOKS_HPP
#define LABELERRORS_CORE_ROW_LOOKS_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/rows/float16.hpp>
#include <labelerrors/rows/row_blocks.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace labelerrors::detail
{

/// Up to this many columns rows are turned, so that each has a lane of a vector to itself.
inline constexpr std::size_t narrow_columns = 16;

/// A column, in as many bits as a value has, so that both fill as many lanes.
template <stored_element T>
using column_number =
    std::conditional_t<sizeof(T) == 8, std::int64_t, std::conditional_t<sizeof(T) == 4, std::int32_t, std::int16_t>>;

/// A few rows to look at.
template <stored_element T>
struct row_view
{
    const T* data;                   // element (0, 0); the rows follow one another
    std::size_t num_rows;            // 1 .. row_looks<T>::capacity
    std::size_t num_columns;         // at least 1, at most row_looks<T>::most_columns
    const column_number<T>* labels;  // row_looks<T>::capacity, those beyond the rows of no meaning
    const T* bounds;                 // one for each column: what a value must reach to be confident
    double least_sum;                // the sums that need no closer look
    double most_sum;
};

/// What one look at each of a few rows finds out, an array for each thing.
template <stored_element T>
struct row_looks
{
    using number = column_number<T>;

    static constexpr std::size_t capacity = 64;
    static constexpr auto most_columns = static_cast<std::size_t>(std::numeric_limits<number>::max());
    static constexpr number none = -1;
    static constexpr number unknown = -2;

    std::array<T, capacity> largest;  // the largest value
    std::array<T, capacity> given;    // the value in the label's column
    // The class the row counts in: the one it is confident in, of several the argmax, the first of equals; `none` where
    // it is confident in no class. `unknown` where a value is negative (minus zero is too), above 1 or not a number, or
    // the sum needs a closer look; nothing else then holds of the row.
    std::array<number, capacity> guess;
    bool all_known;  // no guess is `unknown`
    // Where all are known, a bit for each row, the first row's the lowest:
    std::uint64_t several;       // the row is confident in more than one class
    std::uint64_t contested;     // the label's value is not the largest
    std::uint64_t different;     // the row does not count in its label's class
    std::uint64_t off_diagonal;  // it counts in another one

    /// Sets no row's bit.
    void clear_bits() noexcept
    {
        several = 0;
        contested = 0;
        different = 0;
        off_diagonal = 0;
    }

    /// Sets what the label of a row tells, once all else is known of the row. `value`: that in the label's column.
    void compare(std::size_t i, number label, T value) noexcept
    {
        given[i] = value;
        contested |= std::uint64_t{value != largest[i]} << i;
        different |= std::uint64_t{guess[i] != label} << i;
        off_diagonal |= std::uint64_t{guess[i] != label && guess[i] != none} << i;
    }
};

/// How many rows to look at in one go: few enough to be in the fastest cache still when each one's label is looked up.
template <stored_element T>
[[nodiscard]] constexpr std::size_t rows_per_look(std::size_t num_columns) noexcept
{
    constexpr std::size_t bytes = std::size_t{3} << 13;
    return std::clamp(bytes / (sizeof(T) * num_columns), std::size_t{4}, row_looks<T>::capacity);
}

/// The same look in plain C++: what the kernels must equal, and what compilers without vectors use.
template <stored_element T>
void look_at_rows_plainly(const row_view<T>& view, row_looks<T>& looks) noexcept
{
    using number = typename row_looks<T>::number;
    using value_type = row_element_for<T>;
    looks.all_known = true;
    looks.clear_bits();
    for (std::size_t i = 0; i < view.num_rows; ++i)
    {
        const T* row = view.data + i * view.num_columns;
        std::size_t best = 0;
        std::size_t confident = 0;
        std::size_t confident_class = 0;
        double sum = 0.0;
        bool known = true;
        for (std::size_t j = 0; j < view.num_columns; ++j)
        {
            const auto value = static_cast<value_type>(row[j]);
            sum += static_cast<double>(value);
            known = known && !std::signbit(value) && value <= value_type{1};
            if (value > static_cast<value_type>(row[best]))
                best = j;
            if (!(value >= static_cast<value_type>(view.bounds[j])))
                continue;
            ++confident;
            confident_class = j;
        }
        known = known && sum >= view.least_sum && sum <= view.most_sum;
        looks.all_known = looks.all_known && known;
        looks.largest[i] = row[best];
        looks.several |= std::uint64_t{confident > 1} << i;
        if (!known)
            looks.guess[i] = row_looks<T>::unknown;
        else if (confident == 0)
            looks.guess[i] = row_looks<T>::none;
        else
            looks.guess[i] = static_cast<number>(confident == 1 ? confident_class : best);
        looks.compare(i, view.labels[i], row[view.labels[i]]);
    }
}

}  // namespace labelerrors::detail

#endif
