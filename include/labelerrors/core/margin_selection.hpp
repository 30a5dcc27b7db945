#ifndef LABELERRORS_CORE_MARGIN_SELECTION_HPP
#define LABELERRORS_CORE_MARGIN_SELECTION_HPP

#include <labelerrors/core/class_labels.hpp>
#include <labelerrors/core/margin_bounds.hpp>
#include <labelerrors/core/pred_probs_check.hpp>
#include <labelerrors/core/quota_selection.hpp>
#include <labelerrors/core/remembered_rows.hpp>
#include <labelerrors/core/row_summary.hpp>
#include <labelerrors/rows/parallel.hpp>
#include <labelerrors/rows/row_elements.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace labelerrors::detail
{

/// The quotas of prune-by-noise-rate: for each given label the true labels it has a quota for.
struct pair_quotas
{
    struct pair
    {
        std::size_t true_label;
        quota_selection selection;
    };

    std::vector<std::size_t> first;  // k + 1: where the pairs of each given label start
    std::vector<pair> pairs;

    [[nodiscard]] std::span<pair> of(std::size_t given)
    {
        return {pairs.data() + first[given], first[given + 1] - first[given]};
    }
};

/// Accumulator: the quotas of the rows' given labels, by the margin p[true] - p[given].
struct margin_selection
{
    pair_quotas quotas;
    std::vector<double> to_exceed = {};  // what the margin of each pair must exceed to be kept

    /// Shows the p-th pair a margin that exceeds what it must, of a row later than all before.
    void add(std::size_t p, double margin, std::size_t row)
    {
        auto& selection = quotas.pairs[p].selection;
        selection.add(margin, row);
        to_exceed[p] = std::max(to_exceed[p], selection.key_to_exceed());
    }

    void merge(margin_selection&& later)
    {
        for (std::size_t i = 0; i < quotas.pairs.size(); ++i)
            quotas.pairs[i].selection.merge(std::move(later.quotas.pairs[i].selection));
    }
};

/// No row that the model agrees with has a larger one.
inline constexpr double agreeing_margin = 1.1e-6;
inline constexpr double any_margin = -std::numeric_limits<double>::infinity();

/// Where a row is in memory and passing over it is cheaper than asking for each pair: writes the columns that may have
/// a wide margin over `label`, a few more at most, and returns how many. Else nothing.
template <row_source Source>
[[nodiscard]] std::optional<std::size_t> columns_far_above(const Source& source, std::size_t row, std::size_t label,
                                                           std::size_t num_pairs, std::span<std::uint32_t> columns,
                                                           [[maybe_unused]] row_elements<Source>& elements)
{
    const std::size_t k = source.num_columns();
    const auto look = [&]<class T>(const T* values) -> std::optional<std::size_t>
    {
        constexpr std::size_t bytes_a_pair = 240;
        if (values == nullptr || num_pairs <= 4 || num_pairs * bytes_a_pair < k * sizeof(T))
            return std::nullopt;
        // Half the margin, so that no rounding to T, halves included, can leave out a column.
        const double bound = to_probability(static_cast<double>(values[label])) + wide_margin / 2.0;
        return columns_above(std::span<const T>(values, k), at_least<T>(bound), columns.data());
    };
    if constexpr (in_place_source<Source>)
        return look(source.row(row));
    else if constexpr (half_source<Source>)
        return look(elements.halves());
    else
        return std::nullopt;
}

/// Shows the rows of `indices` to the quotas of their labels. Margins up to `least_margin` are left out.
template <row_source Source, std::integral Label>
[[nodiscard]] pair_quotas select_by_margin(const Source& source, const class_labels<Label>& labels,
                                           std::span<const std::size_t> indices, pair_quotas quotas,
                                           double least_margin, const scan_options& options)
{
    // By themselves: most pairs' selections are not touched by a row.
    std::vector<std::size_t> true_labels(quotas.pairs.size());
    std::transform(quotas.pairs.begin(), quotas.pairs.end(), true_labels.begin(),
                   [](const auto& pair) { return pair.true_label; });
    const std::vector<std::size_t> first_pair = quotas.first;
    std::vector<double> to_exceed(quotas.pairs.size());
    std::transform(quotas.pairs.begin(), quotas.pairs.end(), to_exceed.begin(),
                   [&](const auto& pair) { return std::max(least_margin, pair.selection.key_to_exceed()); });
    const auto work = [&](margin_selection& selection, std::size_t first, std::size_t last, const auto& report)
    {
        using T = typename Source::value_type;
        row_elements elements(source, indices);
        margin_bounds<T> bounds(first_pair, true_labels);
        std::vector<std::uint32_t> above(source.num_columns());
        const auto show = [&](std::size_t i)
        {
            const std::size_t row = indices[i];
            const std::size_t label = labels[row];
            const std::size_t end = first_pair[label + 1];
            elements.go_to(i);
            elements.with_values(
                [&]<class Values>(const Values& value_at)
                {
                    const double given = to_probability(value_at(label));
                    const auto show_pair = [&](std::size_t p)
                    {
                        const double margin = to_probability(value_at(true_labels[p])) - given;
                        if (margin > selection.to_exceed[p])
                            selection.add(p, margin, row);
                    };
                    if (least_margin >= wide_margin)
                        if (const auto found =
                                columns_far_above(source, row, label, end - first_pair[label], above, elements))
                        {
                            const auto from = true_labels.begin() + static_cast<std::ptrdiff_t>(first_pair[label]);
                            const auto to = true_labels.begin() + static_cast<std::ptrdiff_t>(end);
                            for (std::size_t c = 0; c < *found; ++c)
                                if (const auto at = std::lower_bound(from, to, above[c]); at != to && *at == above[c])
                                    show_pair(static_cast<std::size_t>(at - true_labels.begin()));
                            return;
                        }
                    if constexpr (requires { value_at.stored; })
                        if (bounds.serves(label))
                            return bounds.show(label, value_at.stored, static_cast<T>(given), selection.to_exceed,
                                               show_pair);
                    for (std::size_t p = first_pair[label]; p < end; ++p)
                        show_pair(p);
                });
        };
        for_each_position(source, indices, first, last, report, show);
    };
    return accumulate(indices.size(), source.num_columns(), "selection",
                      margin_selection{std::move(quotas), std::move(to_exceed)}, options, work)
        .quotas;
}

}  // namespace labelerrors::detail

#endif
