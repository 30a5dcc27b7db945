#ifndef LABELERRORS_CORE_PRUNE_SELECTION_HPP
#define LABELERRORS_CORE_PRUNE_SELECTION_HPP

#include <labelerrors/core/class_labels.hpp>
#include <labelerrors/core/class_thresholds.hpp>
#include <labelerrors/core/pred_probs_check.hpp>
#include <labelerrors/core/quota_selection.hpp>
#include <labelerrors/core/remembered_rows.hpp>
#include <labelerrors/core/row_summary.hpp>
#include <labelerrors/core/sparse_row.hpp>
#include <labelerrors/rows/parallel.hpp>
#include <labelerrors/rows/row_elements.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <optional>
#include <span>
#include <type_traits>
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

/// How many examples the prune filters take: for each pair of labels, and for each given label.
struct prune_plan
{
    pair_quotas pairs;
    std::vector<std::size_t> by_class;  // k
};

/// The plan that prune counts stand for. `counts_of(given, row)` fills in the counts of a given label, by true label.
/// Classes of no more than `smallest_class` examples are left alone.
template <class CountsOf>
[[nodiscard]] prune_plan plan_of(CountsOf&& counts_of, std::span<const std::size_t> class_counts,
                                 std::size_t smallest_class)
{
    const std::size_t k = class_counts.size();
    prune_plan plan{{}, std::vector<std::size_t>(k)};
    plan.pairs.first.push_back(0);
    sparse_row row;
    for (std::size_t given = 0; given < k; ++given)
    {
        if (class_counts[given] > smallest_class)
        {
            counts_of(given, row);
            const auto size = static_cast<double>(class_counts[given]);
            plan.by_class[given] = static_cast<std::size_t>(std::clamp(size - value_at(row, given), 0.0, size));
            for (const auto& entry : row)
                if (entry.column != given && entry.value > 0.0)
                    plan.pairs.pairs.push_back(
                        {entry.column, quota_selection(static_cast<std::size_t>(std::min(entry.value, size)))});
        }
        plan.pairs.first.push_back(plan.pairs.pairs.size());
    }
    return plan;
}

/// The counts of a given label in a whole matrix of them, row: true label, column: given label.
[[nodiscard]] inline auto columns_of(const xt::xtensor<std::int64_t, 2>& counts)
{
    return [&counts](std::size_t given, sparse_row& column)
    {
        column.clear();
        for (std::size_t j = 0; j < counts.shape()[0]; ++j)
            if (counts(j, given) != 0)
                column.push_back({j, static_cast<double>(counts(j, given))});
    };
}

/// Accumulator: the quotas of the rows' given labels, by the margin p[true] - p[given].
struct margin_selection
{
    pair_quotas quotas;

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
                                                           [[maybe_unused]] std::vector<float16>& half_buffer)
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
    if constexpr (half_source<Source>)
        return look(source.halves(row, 1, half_buffer));
    else if constexpr (std::is_same_v<Source, memory_rows<typename Source::value_type>>)
        return look(source.row(row));
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
    const auto work = [&](margin_selection& selection, std::size_t first, std::size_t last, const auto& report)
    {
        row_elements elements(source, indices);
        std::vector<std::uint32_t> above(source.num_columns());
        std::vector<float16> half_buffer;
        for_each_position(source, indices, first, last, report,
                          [&](std::size_t i)
                          {
                              const std::size_t label = labels[indices[i]];
                              const std::span pairs(true_labels.data() + first_pair[label],
                                                    first_pair[label + 1] - first_pair[label]);
                              elements.go_to(i);
                              const double given = to_probability(elements[label]);
                              const auto show = [&](std::size_t p)
                              {
                                  const double margin = to_probability(elements[pairs[p]]) - given;
                                  if (margin > least_margin)
                                      selection.quotas.pairs[first_pair[label] + p].selection.add(margin, indices[i]);
                              };
                              const auto found =
                                  least_margin < wide_margin
                                      ? std::nullopt
                                      : columns_far_above(source, indices[i], label, pairs.size(), above, half_buffer);
                              if (!found)
                                  for (std::size_t p = 0; p < pairs.size(); ++p)
                                      show(p);
                              else
                                  for (std::size_t c = 0; c < *found; ++c)
                                  {
                                      const auto at = std::lower_bound(pairs.begin(), pairs.end(), above[c]);
                                      if (at != pairs.end() && *at == above[c])
                                          show(static_cast<std::size_t>(at - pairs.begin()));
                                  }
                          });
    };
    return accumulate(indices.size(), source.num_columns(), "selection", margin_selection{std::move(quotas)}, options,
                      work)
        .quotas;
}

/// Takes what the full quotas have, and returns the others, emptied.
[[nodiscard]] inline pair_quotas settle(pair_quotas quotas, std::vector<std::size_t>& taken)
{
    pair_quotas open;
    open.first.push_back(0);
    for (std::size_t given = 0; given + 1 < quotas.first.size(); ++given)
    {
        for (auto& pair : quotas.of(given))
            if (pair.selection.full())
                pair.selection.append_indices_to(taken);
            else
            {
                pair.selection.clear();
                open.pairs.push_back(std::move(pair));
            }
        open.first.push_back(open.pairs.size());
    }
    return open;
}

/// The rows that prune-by-noise-rate takes, ascending: for each given label k and true label j, as many rows labelled k
/// as planned, those with the largest p[j] - p[k], whether or not the model agrees with their label.
///
/// A quota that rows with margins above some bound fill is settled by them, wherever others have smaller margins. A row
/// that the model agrees with has none above 1e-6: only for what wide margins and then the contradicted rows leave open
/// every row of the class is looked at.
template <row_source Source, std::integral Label>
[[nodiscard]] std::vector<std::size_t> select_by_noise_rate(const Source& source, const class_labels<Label>& labels,
                                                            std::span<const std::size_t> contradicted,
                                                            pair_quotas quotas, const pass_options& options)
{
    const scan_options scanning{options.threads, options.progress};
    std::vector<std::size_t> taken;
    const auto select = [&](std::span<const std::size_t> rows, double least_margin)
    {
        quotas = settle(select_by_margin(source, labels, rows, std::move(quotas), least_margin, scanning), taken);
    };
    select(contradicted, wide_margin);
    std::vector<std::size_t> rows;
    if (!quotas.pairs.empty())
    {
        std::copy_if(contradicted.begin(), contradicted.end(), std::back_inserter(rows),
                     [&](std::size_t i) { return !quotas.of(labels[i]).empty(); });
        select(rows, agreeing_margin);
    }
    if (!quotas.pairs.empty())
    {
        rows.clear();
        for (std::size_t i = 0; i < labels.size(); ++i)
            if (!quotas.of(labels[i]).empty())
                rows.push_back(i);
        for (auto& pair : select_by_margin(source, labels, rows, std::move(quotas), any_margin, scanning).pairs)
            pair.selection.append_indices_to(taken);
    }
    sort_unique(taken);
    return taken;
}

/// Accumulator: for each class the examples with the lowest self-confidence.
struct self_confidence_selection
{
    std::vector<quota_selection> lowest;  // k

    void add(std::size_t row, std::size_t label, double value)
    {
        lowest[label].add(-to_probability(value), row);
    }

    void merge(self_confidence_selection&& later)
    {
        for (std::size_t j = 0; j < lowest.size(); ++j)
            lowest[j].merge(std::move(later.lowest[j]));
    }
};

/// The rows that prune-by-class takes, ascending: of each class as many rows as planned, those with the lowest
/// p[class].
template <row_source Source, std::integral Label>
[[nodiscard]] std::vector<std::size_t> select_by_class(const Source& source, const class_labels<Label>& labels,
                                                       std::span<const std::size_t> quotas, const pass_options& options)
{
    self_confidence_selection empty;
    for (const std::size_t quota : quotas)
        empty.lowest.emplace_back(quota);
    auto selected =
        scan_column_of_label(source, labels.values, "selection", std::move(empty), {options.threads, options.progress});
    std::vector<std::size_t> taken;
    for (auto& lowest : selected.lowest)
        lowest.append_indices_to(taken);
    sort_unique(taken);
    return taken;
}

}  // namespace labelerrors::detail

#endif
