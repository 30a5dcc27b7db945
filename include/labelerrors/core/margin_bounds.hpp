#ifndef LABELERRORS_CORE_MARGIN_BOUNDS_HPP
#define LABELERRORS_CORE_MARGIN_BOUNDS_HPP

#include <labelerrors/core/choose_columns.hpp>
#include <labelerrors/core/label_pairs.hpp>
#include <labelerrors/rows/float16.hpp>
#include <labelerrors/rows/row_blocks.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <vector>

namespace labelerrors::detail
{

/// What the margins of each given label's pairs must exceed, by column, so that a row is held against all pairs at once
/// instead of each. Only of labels that have many pairs, so that memory is O(pairs). Bounds that are halves serve for
/// margins above 0 alone: rows of halves are then compared as they are.
template <stored_element T>
class margin_bounds
{
public:
    /// `pairs` must outlive this.
    explicit margin_bounds(const label_pairs& pairs) : pairs_(pairs), bounds_(pairs.num_classes())
    {
    }

    /// Calls `show(p)` for each pair of a row whose margin may exceed `to_exceed[p]`, which `show` may raise. `given`:
    /// the row's label, which has many pairs. `stored`: its k values. `confidence`: the label's, 0 .. 1.
    template <stored_element Stored, class Show>
    void show(std::size_t given, const Stored* stored, double confidence, const std::vector<double>& to_exceed,
              const Show& show)
    {
        const std::size_t k = bounds_.size();
        auto& bounds = bounds_[given];
        if (bounds.empty())
        {
            bounds.assign(k, rounded(std::numeric_limits<double>::infinity()));
            for (std::size_t p = pairs_.begin(given); p < pairs_.end(given); ++p)
                bounds[pairs_.true_label(p)] = rounded(to_exceed[p]);
        }
        columns_.resize(k);
        // What exceeds a bound as doubles reaches it in any type, for rounding keeps order.
        const std::size_t count =
            choose_columns<T>(k, has_margin<T>{values_of(stored), rounded(confidence), bounds.data()}, columns_.data());
        for (std::size_t c = 0; c < count; ++c)
        {
            // No other column has a finite bound.
            const std::size_t p = *pairs_.find(given, columns_[c]);
            show(p);
            bounds[columns_[c]] = rounded(to_exceed[p]);
        }
    }

private:
    [[nodiscard]] static T rounded(double value) noexcept
    {
        if constexpr (std::is_same_v<T, float16>)
            return to_float16(static_cast<float>(value));
        else
            return static_cast<T>(value);
    }

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

    const label_pairs& pairs_;
    std::vector<std::vector<T>> bounds_;  // for each given label k bounds, infinite without a pair; empty: not made yet
    std::vector<T> widened_;
    std::vector<std::uint32_t> columns_;
};

}  // namespace labelerrors::detail

#endif
