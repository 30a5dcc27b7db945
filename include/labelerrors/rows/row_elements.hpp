#ifndef LABELERRORS_ROWS_ROW_ELEMENTS_HPP
#define LABELERRORS_ROWS_ROW_ELEMENTS_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/rows/float16.hpp>
#include <labelerrors/rows/parallel.hpp>
#include <labelerrors/rows/prefetch.hpp>
#include <labelerrors/rows/reread_costs.hpp>
#include <labelerrors/rows/row_blocks.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <span>
#include <type_traits>
#include <vector>

namespace labelerrors::detail
{

/// Asks for a row to be brought into the cache: for the start of it, whose rest the machine foresees.
template <row_source Source>
void prefetch_row([[maybe_unused]] const Source& source, [[maybe_unused]] std::size_t row) noexcept
{
    if constexpr (in_place_source<Source>)
    {
        constexpr std::size_t most_bytes = 1024;
        const auto* const from = reinterpret_cast<const char*>(source.row(row));
        const std::size_t bytes = std::min(source.num_columns() * sizeof(*source.row(row)), most_bytes);
        for (std::size_t at = 0; at < bytes; at += cache_line)
            prefetch(from + at);
    }
}

/// The positions [first, last) of a list, as a list.
struct position_range
{
    std::size_t first;
    std::size_t last;

    [[nodiscard]] std::size_t size() const noexcept
    {
        return last - first;
    }

    [[nodiscard]] std::size_t operator[](std::size_t i) const noexcept
    {
        return first + i;
    }
};

/// Rows of a source, ascending.
template <class Rows>
concept row_list = requires(const Rows& rows, std::size_t position)
{
    // clang-format off
    { rows[position] } -> std::convertible_to<std::size_t>;
    { rows.size() } -> std::convertible_to<std::size_t>;
    // clang-format on
};

/// The first position, `position` or one behind it, whose row is not below `row`.
template <row_list Rows>
[[nodiscard]] std::size_t position_of(const Rows& rows, std::size_t position, std::size_t row) noexcept
{
    std::size_t last = rows.size();
    while (position < last)
    {
        const std::size_t middle = position + (last - position) / 2;
        if (rows[middle] < row)
            position = middle + 1;
        else
            last = middle;
    }
    return position;
}

/// Calls `use(i)` for positions in a list of rows of `source`, and `report(count)` now and then until that asks to
/// stop. Prefetches rows in memory, and the labels of all; announces the rows of other sources, whose positions are
/// ascending, as are the rows. `labels`: n.
template <row_source Source, class Label, row_list Rows, class Positions, class Report, class Use>
void for_each_position(const Source& source, std::span<const Label> labels, const Rows& rows,
                       const Positions& positions, const Report& report, const Use& use)
{
    constexpr std::size_t step = 1024;
    // Narrow rows take less time than memory to come, and more of them are under way at once.
    const std::size_t ahead = std::clamp<std::size_t>(256 / source.num_columns(), 2, 16);
    const std::size_t count = positions.size();
    for (std::size_t start = 0; start < count; start += step)
    {
        const std::size_t stop = std::min(start + step, count);
        if constexpr (!in_place_source<Source>)
        {
            const std::size_t first = rows[positions[start]];
            announce_rows(source, first, rows[positions[stop - 1]] - first + 1);
        }
        for (std::size_t i = start; i < stop; ++i)
        {
            if (i + ahead < count)
            {
                const std::size_t row = rows[positions[i + ahead]];
                prefetch_row(source, row);
                prefetch(&labels[row]);
            }
            use(positions[i]);
        }
        if (!report(stop - start))
            return;
    }
}

/// A row that is in memory, by column. Its values lie one after another from `stored` on.
template <stored_element T>
struct stored_row
{
    const T* stored;

    [[nodiscard]] double operator()(std::size_t column) const noexcept
    {
        return static_cast<double>(stored[column]);
    }
};

/// Some elements of one row after another: without the rest of the row where the source allows it, else from blocks
/// where so many of the rows are wanted that reading all is cheaper than one call for each.
template <row_source Source, row_list Rows = std::span<const std::size_t>>
class row_elements
{
    static_assert(std::is_trivially_copyable_v<Rows>, "rows are a view of a list, which is copied with this object");

public:
    /// `source` and what `rows` refers to must outlive this object.
    row_elements(const Source& source, const Rows& rows)
        : source_(source), rows_(rows), by_element_(has_elements(source)), worth_(rows_worth_a_read(source))
    {
    }

    /// Goes to the row at a position in `rows`, which is not before the one that it was at.
    void go_to(std::size_t position)
    {
        row_ = rows_[position];
        if (by_element_)
            return;
        if (row_ < first_ || row_ >= first_ + count_)
            fetch(position);
        offset_ = (row_ - first_) * source_.num_columns();
    }

    [[nodiscard]] double operator[](std::size_t column) const
    {
        if constexpr (element_source<Source>)
            if (by_element_)
                return static_cast<double>(source_.element(row_, column));
        return halves_ != nullptr ? static_cast<double>(halves_[offset_ + column])
                                  : static_cast<double>(values_[offset_ + column]);
    }

    /// Calls `use(value_at)`, which gives a column's value, with the fastest way to this row's values: a stored_row
    /// where it is in memory.
    template <class Use>
    void with_values(const Use& use) const
    {
        const auto in_memory = [&]<class T>(const T* row)
        {
            use(stored_row<T>{row});
        };
        if constexpr (in_place_source<Source>)
            in_memory(source_.row(row_));
        else
        {
            if (by_element_)
                return use([this](std::size_t column) { return (*this)[column]; });
            if constexpr (half_source<Source>)
                if (halves_ != nullptr)
                    return in_memory(halves_ + offset_);
            in_memory(values_ + offset_);
        }
    }

    /// The whole row as halves, where it is stored so, else null; until the next row is gone to.
    [[nodiscard]] const float16* halves()
    {
        if (by_element_)
            return halves_of(source_, row_, 1, half_buffer_);
        return halves_ != nullptr ? halves_ + offset_ : nullptr;
    }

    /// Calls `use(row)` with the whole row: a span of halves where it is stored so, else of the source's values.
    template <class Use>
    void with_row(const Use& use)
    {
        const std::size_t k = source_.num_columns();
        if constexpr (half_source<Source>)
            if (const float16* const row = halves())
                return use(std::span<const float16>(row, k));
        if (by_element_)
            use(std::span<const value_type>(source_.read(row_, 1, buffer_), k));
        else
            use(std::span<const value_type>(values_ + offset_, k));
    }

private:
    using value_type = typename Source::value_type;

    void fetch(std::size_t position)
    {
        first_ = row_;
        count_ = 1;
        if (worth_ > 1)
        {
            const std::size_t end = row_ + rows_per_block<value_type>(source_.num_columns());
            const std::size_t last = position_of(rows_, position, end) - 1;
            const std::size_t span = rows_[last] - row_ + 1;
            if (span <= (last - position + 1) * worth_)
                count_ = span;
        }
        halves_ = halves_of(source_, first_, count_, half_buffer_);
        if (halves_ == nullptr)
            values_ = source_.read(first_, count_, buffer_);
    }

    const Source& source_;
    Rows rows_;
    bool by_element_;
    std::size_t worth_;
    std::size_t row_ = 0;
    std::size_t first_ = 0;  // of the rows that are here
    std::size_t count_ = 0;
    std::size_t offset_ = 0;
    const value_type* values_ = nullptr;
    const float16* halves_ = nullptr;
    std::vector<value_type> buffer_;
    std::vector<float16> half_buffer_;
};

}  // namespace labelerrors::detail

#endif
