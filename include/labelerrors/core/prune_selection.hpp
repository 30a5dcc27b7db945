#ifndef LABELERRORS_CORE_PRUNE_SELECTION_HPP
#define LABELERRORS_CORE_PRUNE_SELECTION_HPP

#include <labelerrors/core/class_labels.hpp>
#include <labelerrors/core/class_thresholds.hpp>
#include <labelerrors/core/label_pairs.hpp>
#include <labelerrors/core/level_selection.hpp>
#include <labelerrors/core/margin_selection.hpp>
#include <labelerrors/core/peers.hpp>
#include <labelerrors/core/pred_probs_check.hpp>
#include <labelerrors/core/quota_selection.hpp>
#include <labelerrors/core/score_order.hpp>
#include <labelerrors/core/sparse_row.hpp>
#include <labelerrors/rows/column_of_label.hpp>
#include <labelerrors/rows/large_vector.hpp>
#include <labelerrors/rows/parallel.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace labelerrors::detail
{

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

/// Takes the best of each selection, of those of all processes the ones that are rows of this one.
template <peer_processes Peers>
void take_best(std::span<quota_selection* const> selections, large_vector<std::size_t>& taken, const Peers& peers,
               std::size_t threads)
{
    std::size_t kept = 0;
    for (const auto* selection : selections)
        kept += selection->size();
    in_ranges(selections.size(), elements_a_record * kept / std::max<std::size_t>(selections.size(), 1), threads,
              [&](std::size_t first, std::size_t last)
              {
                  for (std::size_t i = first; i < last; ++i)
                      selections[i]->cut();
              });
    peers.keep_best(selections.size(), [&](std::size_t i) -> quota_selection& { return *selections[i]; });
    taken.reserve(taken.size() + kept);
    for (auto* selection : selections)
        selection->append_indices_to(taken);
}

/// Takes what the full quotas have, and returns the others, emptied. Full are those that all processes fill together.
template <peer_processes Peers>
[[nodiscard]] pair_quotas settle(pair_quotas quotas, large_vector<std::size_t>& taken, const Peers& peers,
                                 std::size_t threads)
{
    std::vector<std::int64_t> sizes;
    sizes.reserve(quotas.pairs.size());
    for (const auto& pair : quotas.pairs)
        sizes.push_back(static_cast<std::int64_t>(pair.selection.size()));
    peers.add_up(sizes);
    std::vector<bool> is_open(sizes.size());
    std::vector<quota_selection*> full;
    for (std::size_t p = 0; p < sizes.size(); ++p)
    {
        is_open[p] = sizes[p] < static_cast<std::int64_t>(quotas.pairs[p].selection.quota());
        if (!is_open[p])
            full.push_back(&quotas.pairs[p].selection);
    }
    take_best(full, taken, peers, threads);
    return quotas_where(std::move(quotas), is_open);
}

/// Takes what the quotas have, full or not.
template <peer_processes Peers>
void take_all(pair_quotas quotas, large_vector<std::size_t>& taken, const Peers& peers, std::size_t threads)
{
    std::vector<quota_selection*> all;
    all.reserve(quotas.pairs.size());
    for (auto& pair : quotas.pairs)
        all.push_back(&pair.selection);
    take_best(all, taken, peers, threads);
}

/// Takes what the contradicted rows have for quotas that they fill with margins above `least_margin`, and returns the
/// others.
template <row_source Source, std::integral Label, peer_processes Peers>
[[nodiscard]] pair_quotas take_by_margin(const Source& source, const class_labels<Label>& labels,
                                         std::span<const std::size_t> contradicted, pair_quotas quotas,
                                         double least_margin, large_vector<std::size_t>& taken,
                                         const pass_options& options, const Peers& peers)
{
    if (quotas.pairs.empty())
        return quotas;
    return settle(select_by_margin(source, labels, contradicted, std::move(quotas), least_margin,
                                   {options.threads, options.progress}),
                  taken, peers, options.threads);
}

/// Rows that prune-by-noise-rate takes.
struct taken_rows
{
    large_vector<std::size_t> rows;  // ascending
    bool are_contradicted = true;    // whether the model contradicts all of them for sure
};

/// Takes for open quotas what `rows`, of their classes, have.
template <row_source Source, std::integral Label, peer_processes Peers>
void take_from(const Source& source, const class_labels<Label>& labels, std::span<const std::size_t> rows,
               pair_quotas open, taken_rows& taken, const pass_options& options, const Peers& peers)
{
    taken.are_contradicted = false;
    take_all(select_by_margin(source, labels, rows, std::move(open), any_margin, {options.threads, options.progress}),
             taken.rows, peers, options.threads);
}

/// The same from all rows of their classes, if there are open quotas.
template <row_source Source, std::integral Label, peer_processes Peers>
void take_from_all(const Source& source, const class_labels<Label>& labels, pair_quotas open, taken_rows& taken,
                   const pass_options& options, const Peers& peers)
{
    if (open.pairs.empty())
        return;
    large_vector<std::size_t> rows;
    for (std::size_t i = 0; i < labels.size(); ++i)
        if (!open.of(labels[i]).empty())
            rows.push_back(i);
    take_from(source, labels, rows, std::move(open), taken, options, peers);
}

/// The rows that prune-by-noise-rate takes: for each given label k and true label j, as many rows labelled k as
/// planned, those with the largest p[j] - p[k], whether or not the model agrees with their label.
///
/// A quota that rows with margins above some bound fill is settled by them, wherever others have smaller margins. A row
/// that the model agrees with has none above 1e-6: only for what wide margins and then the contradicted rows leave open
/// every row of the class is looked at.
template <row_source Source, std::integral Label, peer_processes Peers = alone>
[[nodiscard]] taken_rows select_by_noise_rate(const Source& source, const class_labels<Label>& labels,
                                              std::span<const std::size_t> contradicted, pair_quotas quotas,
                                              const pass_options& options, const Peers& peers = {})
{
    taken_rows taken;
    if (std::is_same_v<Peers, alone> && has_few_large(quotas))
        quotas = take_by_levels(source, labels, contradicted, std::move(quotas), taken.rows,
                                {options.threads, options.progress});
    else
        for (const double least_margin : {wide_margin, agreeing_margin})
            quotas = take_by_margin(source, labels, contradicted, std::move(quotas), least_margin, taken.rows, options,
                                    peers);
    take_from_all(source, labels, std::move(quotas), taken, options, peers);
    sort_unique(taken.rows);
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
        merge_each(lowest, std::move(later.lowest));
    }
};

/// The rows that prune-by-class takes, ascending: of each class as many rows as planned, those with the lowest
/// p[class].
template <row_source Source, std::integral Label, peer_processes Peers = alone>
[[nodiscard]] large_vector<std::size_t> select_by_class(const Source& source, const class_labels<Label>& labels,
                                                        std::span<const std::size_t> quotas,
                                                        const pass_options& options, const Peers& peers = {})
{
    self_confidence_selection empty;
    for (const std::size_t quota : quotas)
        empty.lowest.emplace_back(quota);
    auto selected =
        scan_column_of_label(source, labels.values, "selection", std::move(empty), {options.threads, options.progress});
    std::vector<quota_selection*> all;
    for (auto& lowest : selected.lowest)
        all.push_back(&lowest);
    large_vector<std::size_t> taken;
    take_best(all, taken, peers, options.threads);
    sort_unique(taken);
    return taken;
}

}  // namespace labelerrors::detail

#endif
