#ifndef LABELERRORS_CORE_UNSETTLED_EXAMPLES_HPP
#define LABELERRORS_CORE_UNSETTLED_EXAMPLES_HPP

#include <labelerrors/core/choose_columns.hpp>
#include <labelerrors/rows/large_vector.hpp>
#include <labelerrors/rows/row_blocks.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace labelerrors::detail
{

/// The examples whose class in the confident joint is open until the thresholds are known, with the values that it
/// hangs on. Where these take more memory than agreed it forgets all.
template <row_element T>
class unsettled_examples
{
public:
    /// Keeps nothing.
    unsettled_examples() = default;

    unsettled_examples(std::size_t num_classes, std::size_t most_bytes) : most_bytes_(most_bytes), own_(num_classes)
    {
    }

    /// Whether all examples that were added are there.
    [[nodiscard]] bool complete() const noexcept
    {
        return !own_.empty();
    }

    /// Adds an example that may be confident in the class of its label and in no other. Most are such, and of these
    /// nothing but the value counts.
    void add_own(std::size_t label, T value)
    {
        if (!complete())
            return;
        own_[label].push_back(value);
        count_bytes(sizeof(T));
    }

    /// Adds an example; they come in ascending order. Of its values those that are at least their column's bound may
    /// make it confident: it counts in class `guess` if all of these turn out to do. `columns` is room for a number for
    /// each column. O(k).
    template <stored_element Stored>
    void add(std::span<const Stored> row, std::size_t index, std::size_t label, std::size_t guess, const Stored* bounds,
             std::vector<std::uint32_t>& columns)
    {
        if (!complete())
            return;
        columns.resize(row.size());
        const std::size_t count =
            choose_columns<Stored>(row.size(), is_confident<Stored>{row.data(), bounds}, columns.data());
        if (count == 1)
            return add_single(index, label, guess, static_cast<T>(row[guess]));
        examples_.push_back({index, static_cast<std::uint32_t>(count), static_cast<std::uint32_t>(guess)});
        for (std::size_t i = 0; i < count; ++i)
            values_.push_back({columns[i], static_cast<T>(row[columns[i]])});
        count_bytes(sizeof(example) + count * sizeof(kept_value));
    }

    /// The same of an example that may be confident in one class, `guess`, and in no other. `value`: in that class.
    void add_single(std::size_t index, std::size_t label, std::size_t guess, T value)
    {
        if (!complete())
            return;
        if (guess == label)
            return add_own(label, value);
        examples_.push_back({index, 1, static_cast<std::uint32_t>(guess)});
        values_.push_back({static_cast<std::uint32_t>(guess), value});
        count_bytes(sizeof(example) + sizeof(kept_value));
    }

    /// Adds the examples of another one behind its own.
    void merge(unsettled_examples&& later)
    {
        bytes_ += later.bytes_;
        if (!complete() || !later.complete() || bytes_ > most_bytes_)
            return forget();
        for (std::size_t j = 0; j < own_.size(); ++j)
            own_[j].insert(own_[j].end(), later.own_[j].begin(), later.own_[j].end());
        examples_.insert(examples_.end(), later.examples_.begin(), later.examples_.end());
        values_.insert(values_.end(), later.values_.begin(), later.values_.end());
        later.forget();
    }

    /// How many of the examples that are confident in their own label, if at all, fall short of its bound.
    [[nodiscard]] std::size_t num_missed(std::size_t label, T bound) const
    {
        return static_cast<std::size_t>(
            std::count_if(own_[label].begin(), own_[label].end(), [&](T value) { return value < bound; }));
    }

    /// Calls `use(index, is_confident, guess)` for each other example, in order: whether any class is, and the one that
    /// it counts in, with these bounds.
    template <class Use>
    void settle(std::span<const T> bounds, const Use& use) const
    {
        const kept_value* next = values_.data();
        for (const auto& [index, count, best] : examples_)
        {
            std::size_t confident = 0;
            std::size_t confident_class = 0;
            for (const kept_value* const end = next + count; next != end; ++next)
                if (next->value >= bounds[next->column])
                {
                    ++confident;
                    confident_class = next->column;
                }
            use(index, confident != 0, confident == 1 ? confident_class : best);
        }
    }

private:
    struct example
    {
        std::size_t index;
        std::uint32_t num_values;
        std::uint32_t best;  // the argmax, if there is more than one value
    };

    struct kept_value
    {
        std::uint32_t column;
        T value;
    };

    void count_bytes(std::size_t bytes)
    {
        bytes_ += bytes;
        if (bytes_ > most_bytes_)
            forget();
    }

    void forget()
    {
        own_ = {};
        examples_ = {};
        values_ = {};
    }

    std::size_t most_bytes_ = 0;
    std::size_t bytes_ = 0;
    std::vector<large_vector<T>> own_;  // k; none once all is forgotten
    large_vector<example> examples_;
    large_vector<kept_value> values_;
};

}  // namespace labelerrors::detail

#endif
