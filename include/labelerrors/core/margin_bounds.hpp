#ifndef LABELERRORS_CORE_MARGIN_BOUNDS_HPP
#define LABELERRORS_CORE_MARGIN_BOUNDS_HPP

#include <labelerrors/core/choose_columns.hpp>
#include <labelerrors/rows/float16.hpp>
#include <labelerrors/rows/row_blocks.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <type_traits>
#include <vector>

namespace labelerrors::detail
{

/// What the margins of each given label's pairs must exceed, by column, so that a row is held against all pairs at once
/// instead of each. Only of labels that have pairs with a good part of the columns, so that memory is O(pairs).
template <row_element T>
class margin_bounds
{
public:
    /// `first_pair`: k + 1, where the pairs of each given label start. `true_labels`: of each pair, ascending for each
    /// given label. Both must outlive this.
    margin_bounds(std::span<const std::size_t> first_pair, std::span<const std::size_t> true_labels)
        : first_pair_(first_pair), true_labels_(true_labels), bounds_(first_pair.size() - 1)
    {
    }

    /// Whether it is cheaper to pass over the columns of a row labelled so than to ask for each pair.
    [[nodiscard]] bool serves(std::size_t given) const noexcept
    {
        const std::size_t pairs = first_pair_[given + 1] - first_pair_[given];
        return pairs > 4 && pairs * 16 >= bounds_.size();
    }

    /// Calls `show(p)` for each pair of a row labelled `given` whose margin may exceed `to_exceed[p]`, which `show` may
    /// raise. `stored`: the row's k values. `confidence`: the given label's, 0 .. 1.
    template <stored_element Stored, class Show>
    void show(std::size_t given, const Stored* stored, T confidence, const std::vector<double>& to_exceed,
              const Show& show)
    {
        const std::size_t k = bounds_.size();
        auto& bounds = bounds_[given];
        if (bounds.empty())
        {
            bounds.assign(k, std::numeric_limits<T>::infinity());
            for (std::size_t p = first_pair_[given]; p < first_pair_[given + 1]; ++p)
                bounds[true_labels_[p]] = static_cast<T>(to_exceed[p]);
        }
        columns_.resize(k);
        // What exceeds a bound as doubles reaches it in any type, for rounding keeps order.
        const std::size_t count =
            choose_columns<T>(k, has_margin<T>{values_of(stored), confidence, bounds.data()}, columns_.data());
        const auto* const from = true_labels_.data() + first_pair_[given];
        const auto* const to = true_labels_.data() + first_pair_[given + 1];
        for (std::size_t c = 0; c < count; ++c)
        {
            const std::size_t column = columns_[c];
            const auto p = static_cast<std::size_t>(std::lower_bound(from, to, column) - true_labels_.data());
            show(p);
            bounds[column] = static_cast<T>(to_exceed[p]);
        }
    }

private:
    template <stored_element Stored>
    [[nodiscard]] const T* values_of(const Stored* stored)
    {
        if constexpr (std::is_same_v<Stored, T>)
            return stored;
        else
        {
            widened_.resize(bounds_.size());
            std::transform(stored, stored + widened_.size(), widened_.begin(),
                           [](Stored value) { return static_cast<T>(value); });
            return widened_.data();
        }
    }

    std::span<const std::size_t> first_pair_;
    std::span<const std::size_t> true_labels_;
    std::vector<std::vector<T>> bounds_;  // for each given label k bounds, infinite without a pair; empty: not made yet
    std::vector<T> widened_;
    std::vector<std::uint32_t> columns_;
};

}  // namespace labelerrors::detail

#endif
