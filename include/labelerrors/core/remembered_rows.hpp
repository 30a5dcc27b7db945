#ifndef LABELERRORS_CORE_REMEMBERED_ROWS_HPP
#define LABELERRORS_CORE_REMEMBERED_ROWS_HPP

#include <labelerrors/core/row_summary.hpp>
#include <labelerrors/rows/large_vector.hpp>
#include <labelerrors/rows/row_blocks.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace labelerrors::detail
{

/// Whether to read a row again costs so much that what may be needed of it is better kept: `costly_to_reread()` of a
/// source whose rows come from a disk or are computed.
template <row_source Source>
[[nodiscard]] bool is_costly_to_reread(const Source& source)
{
    if constexpr (requires { source.costly_to_reread(); })
        return source.costly_to_reread();
    else
        return false;
}

/// How far above its label's value another one of a row is that is kept: those that are not so far are many, since a
/// label that is likely wrong has one of the small values, and quotas seldom come down to them.
inline constexpr double wide_margin = 0.01;

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

    /// Remembers at most so many values with a wide margin.
    explicit remembered_rows(std::size_t most_values) : most_values_(most_values), first_(1)
    {
    }

    /// Whether all rows that were added are there.
    [[nodiscard]] bool complete() const noexcept
    {
        return !first_.empty();
    }

    /// Adds a row. `columns` is room for a number for each column.
    template <stored_element Stored>
    void add(std::span<const Stored> row, std::size_t label, std::vector<std::uint32_t>& columns)
    {
        if (!complete())
            return;
        columns.resize(row.size());
        // Half the margin, so that no rounding to the stored type can leave out a column.
        const double bound = static_cast<double>(row[label]) + wide_margin / 2.0;
        const std::size_t count = columns_above(row, at_least<Stored>(bound), columns.data());
        if (entries_.size() + count > most_values_)
            return forget();
        given_.push_back(static_cast<T>(row[label]));
        const std::size_t best = argmax(row);
        largest_.push_back({static_cast<std::uint32_t>(best), static_cast<T>(row[best])});
        for (std::size_t i = 0; i < count; ++i)
            entries_.push_back({columns[i], static_cast<T>(row[columns[i]])});
        first_.push_back(entries_.size());
    }

    /// Adds the rows of another one behind its own.
    void merge(remembered_rows&& later)
    {
        if (!complete() || !later.complete() || entries_.size() + later.entries_.size() > most_values_)
            return forget();
        const std::size_t before = entries_.size();
        for (std::size_t i = 1; i < later.first_.size(); ++i)
            first_.push_back(before + later.first_[i]);
        given_.insert(given_.end(), later.given_.begin(), later.given_.end());
        largest_.insert(largest_.end(), later.largest_.begin(), later.largest_.end());
        entries_.insert(entries_.end(), later.entries_.begin(), later.entries_.end());
        later.forget();
    }

    /// The label's value in the i-th row.
    [[nodiscard]] T given(std::size_t i) const
    {
        return given_[i];
    }

    /// At least the values with a wide margin over it, by column.
    [[nodiscard]] std::span<const entry> above(std::size_t i) const
    {
        return {entries_.data() + first_[i], first_[i + 1] - first_[i]};
    }

    /// The largest value of the i-th row, the first of equals.
    [[nodiscard]] const entry& largest(std::size_t i) const
    {
        return largest_[i];
    }

private:
    void forget()
    {
        first_ = {};
        given_ = {};
        largest_ = {};
        entries_ = {};
    }

    std::size_t most_values_ = 0;
    large_vector<std::size_t> first_;  // one more than rows: where the entries of each start; empty: nothing is kept
    large_vector<T> given_;
    large_vector<entry> largest_;
    large_vector<entry> entries_;
};

/// All that is kept of the passes over all rows.
template <row_element T>
struct pass_memory
{
    remembered_rows<T> contradicted;               // in their order
    large_vector<std::uint8_t> confidence_floors;  // n, see confidence_floor; empty where nothing is kept
};

/// A memory for n rows: some bytes a row, whatever the number of columns.
template <row_element T>
[[nodiscard]] pass_memory<T> make_pass_memory(std::size_t num_rows)
{
    constexpr std::size_t least = std::size_t{1} << 22;
    return {remembered_rows<T>(std::max(least, num_rows)), large_vector<std::uint8_t>(num_rows)};
}

}  // namespace labelerrors::detail

#endif
