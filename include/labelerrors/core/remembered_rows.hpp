#ifndef LABELERRORS_CORE_REMEMBERED_ROWS_HPP
#define LABELERRORS_CORE_REMEMBERED_ROWS_HPP

#include <labelerrors/core/kept_rows.hpp>
#include <labelerrors/core/model_agrees.hpp>
#include <labelerrors/core/pred_probs_check.hpp>
#include <labelerrors/rows/large_vector.hpp>
#include <labelerrors/rows/reread_costs.hpp>
#include <labelerrors/rows/row_blocks.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace labelerrors::detail
{

/// How far above its label's value another one of a row is that is kept: those that are not so far are many, since a
/// label that is likely wrong has one of the small values, and quotas seldom come down to them.
inline constexpr double wide_margin = 0.01;

/// About how many of n examples are contradicted, or counted off the diagonal, where a model is of use: what to make
/// room for, within bounds, for each thread that finds some.
[[nodiscard]] constexpr std::size_t few_of(std::size_t num_examples) noexcept
{
    return std::min(num_examples / 16 + 16, std::size_t{1} << 20);
}

/// What is kept of the rows that the model contradicts, in their order, so that selecting, scoring and describing them
/// need not read them again: the label's value, the largest one, and those with a wide margin over the label's. Where
/// these are more than agreed it forgets all, and the rows have to be read again.
template <row_element T>
class remembered_rows
{
public:
    struct entry
    {
        std::uint32_t column;
        T value;
    };

    /// Remembers nothing.
    remembered_rows() = default;

    /// Remembers at most so many values with a wide margin, of about `expected` rows: memory that is not used is never
    /// touched.
    remembered_rows(std::size_t most_values, std::size_t expected)
        : most_values_(most_values), expected_(expected), complete_(true)
    {
    }

    /// Whether all rows that were added are there.
    [[nodiscard]] bool complete() const noexcept
    {
        return complete_;
    }

    /// Adds a row. `columns` is room for a number for each column.
    template <stored_element Stored>
    void add(std::span<const Stored> row, std::size_t label, std::vector<std::uint32_t>& columns)
    {
        if (!complete())
            return;
        columns.resize(row.size());
        // Half the margin, so that no rounding to the stored type can leave out a column.
        const double bound = to_probability(static_cast<double>(row[label])) + wide_margin / 2.0;
        const std::size_t count = columns_above(row, at_least<Stored>(bound), columns.data());
        if (entries_.size() + count > most_values_)
            return forget();
        if (rows_.capacity() == 0)
        {
            rows_.reserve(expected_);
            entries_.reserve(expected_);
        }
        std::size_t best = count == 0 ? argmax(row) : columns[0];
        for (std::size_t i = 0; i < count; ++i)
        {
            const std::size_t column = columns[i];
            best = comparable_value(row[column]) > comparable_value(row[best]) ? column : best;
            entries_.push_back({columns[i], static_cast<T>(row[column])});
        }
        rows_.push_back({entries_.size(),
                         {static_cast<std::uint32_t>(best), static_cast<T>(row[best])},
                         static_cast<T>(row[label])});
    }

    /// Adds the rows of another one behind its own.
    void merge(remembered_rows&& later)
    {
        if (!complete() || !later.complete() || entries_.size() + later.entries_.size() > most_values_)
            return forget();
        const std::size_t before = entries_.size();
        for (auto& row : later.rows_)
            row.end += before;
        rows_.insert(rows_.end(), later.rows_.begin(), later.rows_.end());
        entries_.insert(entries_.end(), later.entries_.begin(), later.entries_.end());
        later.forget();
    }

    /// The label's value in the i-th row.
    [[nodiscard]] T given(std::size_t i) const
    {
        return rows_[i].given;
    }

    /// At least the values with a wide margin over it, by column.
    [[nodiscard]] std::span<const entry> above(std::size_t i) const
    {
        const std::size_t first = i == 0 ? 0 : rows_[i - 1].end;
        return {entries_.data() + first, rows_[i].end - first};
    }

    /// The largest value of the i-th row, the first of equals.
    [[nodiscard]] const entry& largest(std::size_t i) const
    {
        return rows_[i].largest;
    }

private:
    struct kept_row
    {
        std::size_t end;  // of its entries
        entry largest;
        T given;
    };

    void forget()
    {
        complete_ = false;
        rows_ = {};
        entries_ = {};
    }

    std::size_t most_values_ = 0;
    std::size_t expected_ = 0;
    bool complete_ = false;
    large_vector<kept_row> rows_;
    large_vector<entry> entries_;
};

/// All that is kept of the passes over all rows.
template <row_element T>
struct pass_memory
{
    remembered_rows<T> contradicted;               // in their order
    kept_rows<T> kept;                             // the same rows whole, if they are narrow
    large_vector<std::uint8_t> confidence_floors;  // n, see confidence_floor; empty where nothing is kept
};

/// Where the floors go, if they are kept.
template <row_element T>
[[nodiscard]] std::span<std::uint8_t> floors_of(pass_memory<T>* memory) noexcept
{
    return memory != nullptr ? std::span<std::uint8_t>(memory->confidence_floors) : std::span<std::uint8_t>();
}

/// Whether what may be needed of the contradicted rows of `source` is better kept than read again: of rows that are
/// costly to read again, and of rows so long that they take longer to come than to be looked at.
template <row_source Source>
[[nodiscard]] bool is_best_remembered(const Source& source)
{
    constexpr std::size_t least_bytes = 512;
    std::size_t element = sizeof(typename Source::value_type);
    if constexpr (in_place_source<Source>)
        element = sizeof(*source.row(0));
    return source.num_columns() * element >= least_bytes || is_costly_to_reread(source);
}

/// Whether it is cheaper to copy the contradicted rows of `source` than to read them again: where a row is much shorter
/// than the cache line that would have to be loaded for it, and where there are too many rows for any cache.
template <row_source Source>
[[nodiscard]] bool is_best_kept(const Source& source)
{
    constexpr std::size_t most_columns = 8;
    constexpr std::size_t least_elements = std::size_t{1} << 20;
    const std::size_t k = source.num_columns();
    return in_place_source<Source> && k <= most_columns && source.num_rows() >= least_elements / k;
}

/// A memory for the rows of `source`: some bytes a row, whatever the number of columns. It keeps the floors of rows
/// that are costly to read again.
template <row_source Source>
[[nodiscard]] auto make_pass_memory(const Source& source)
{
    constexpr std::size_t least = std::size_t{1} << 22;
    using T = typename Source::value_type;
    const std::size_t n = source.num_rows();
    const std::size_t k = source.num_columns();
    pass_memory<T> memory;
    if (is_best_remembered(source))
        memory.contradicted = remembered_rows<T>(std::max(least, n), few_of(n));
    else if (is_best_kept(source))
        memory.kept = kept_rows<T>(k, n / k, few_of(n));
    if (is_costly_to_reread(source))
        memory.confidence_floors.resize(n);
    return memory;
}

}  // namespace labelerrors::detail

#endif
