#ifndef LABELERRORS_CORE_KEPT_ROWS_HPP
#define LABELERRORS_CORE_KEPT_ROWS_HPP

#include <labelerrors/core/class_labels.hpp>
#include <labelerrors/rows/large_vector.hpp>
#include <labelerrors/rows/row_blocks.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace labelerrors::detail
{

/// Copies of the narrow rows that the model contradicts, and their labels, in their order: to select, score and
/// describe them one after another, where the rows themselves are all over memory. Where these are more than agreed it
/// forgets all.
template <row_element T>
class kept_rows
{
public:
    /// Keeps nothing.
    kept_rows() = default;

    /// Keeps at most so many rows of at most 256 columns, of about `expected` rows: memory that is not used is never
    /// touched.
    kept_rows(std::size_t num_columns, std::size_t most_rows, std::size_t expected)
        : num_columns_(num_columns), most_rows_(most_rows), expected_(expected)
    {
    }

    /// Whether all rows that were added are there.
    [[nodiscard]] bool complete() const noexcept
    {
        return num_columns_ != 0;
    }

    /// Adds a row.
    template <stored_element Stored>
    void add(std::span<const Stored> row, std::size_t label)
    {
        if (!complete())
            return;
        if (labels_.size() == most_rows_)
            return forget();
        if (labels_.capacity() == 0)
        {
            labels_.reserve(expected_);
            values_.reserve(expected_ * num_columns_);
        }
        labels_.push_back(static_cast<std::uint8_t>(label));
        for (const Stored value : row)
            values_.push_back(static_cast<T>(value));
    }

    /// Adds the rows of another one behind its own.
    void merge(kept_rows&& later)
    {
        if (!complete() || !later.complete() || labels_.size() + later.labels_.size() > most_rows_)
            return forget();
        labels_.insert(labels_.end(), later.labels_.begin(), later.labels_.end());
        values_.insert(values_.end(), later.values_.begin(), later.values_.end());
        later.forget();
    }

    /// The rows, to be read while this object is there.
    [[nodiscard]] memory_rows<T> rows() const
    {
        return memory_rows<T>(values_.data(), labels_.size(), num_columns_, num_columns_);
    }

    /// Their labels, which are not counted.
    [[nodiscard]] class_labels<std::uint8_t> labels() const
    {
        class_labels<std::uint8_t> result;
        result.values = labels_;
        return result;
    }

private:
    void forget()
    {
        num_columns_ = 0;
        labels_ = {};
        values_ = {};
    }

    std::size_t num_columns_ = 0;
    std::size_t most_rows_ = 0;
    std::size_t expected_ = 0;
    large_vector<std::uint8_t> labels_;
    large_vector<T> values_;
};

}  // namespace labelerrors::detail

#endif
