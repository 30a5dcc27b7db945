#ifndef LABELERRORS_CORE_POSITIONS_BY_LABEL_HPP
#define LABELERRORS_CORE_POSITIONS_BY_LABEL_HPP

#include <labelerrors/core/class_labels.hpp>
#include <labelerrors/rows/large_vector.hpp>
#include <labelerrors/rows/prefetch.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <span>
#include <vector>

namespace labelerrors::detail
{

/// The positions of some rows in a list of them, those of each label one after another.
class positions_by_label
{
public:
    /// The rows in `rows` whose label is `wanted(label)`. O(rows + k).
    template <std::integral Label, class Wanted>
    positions_by_label(std::span<const std::size_t> rows, const class_labels<Label>& labels, const Wanted& wanted)
        : first_(labels.class_counts.size() + 1)
    {
        const std::size_t k = labels.class_counts.size();
        const auto label_of = [&](std::size_t i)
        {
            prefetch_ahead(rows, i, [&](std::size_t row) { return &labels.values[row]; });
            return labels[rows[i]];
        };
        for (std::size_t i = 0; i < rows.size(); ++i)
            ++first_[label_of(i) + 1];
        for (std::size_t label = 0; label < k; ++label)
        {
            largest_ = std::max(largest_, first_[label + 1]);
            first_[label + 1] = first_[label] + (wanted(label) ? first_[label + 1] : 0);
        }
        positions_.resize(first_[k]);
        auto next = first_;
        for (std::size_t i = 0; i < rows.size(); ++i)
            if (const std::size_t label = label_of(i); first_[label + 1] != first_[label])
                positions_[next[label]++] = i;
    }

    [[nodiscard]] std::size_t size() const noexcept
    {
        return positions_.size();
    }

    /// How many rows the most frequent label has.
    [[nodiscard]] std::size_t largest() const noexcept
    {
        return largest_;
    }

    /// All positions of the labels whose own start in [first, last): what belongs to a label is never split.
    [[nodiscard]] std::span<const std::size_t> of_labels_from(std::size_t first, std::size_t last) const noexcept
    {
        const auto start = [&](std::size_t position)
        {
            return *std::lower_bound(first_.begin(), first_.end(), position);
        };
        return {positions_.data() + start(first), start(last) - start(first)};
    }

private:
    std::vector<std::size_t> first_;  // k + 1: where the positions of each label start
    large_vector<std::size_t> positions_;
    std::size_t largest_ = 0;
};

}  // namespace labelerrors::detail

#endif
