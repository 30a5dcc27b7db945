#ifndef LABELERRORS_CORE_BATCHED_ANSWERS_HPP
#define LABELERRORS_CORE_BATCHED_ANSWERS_HPP

#include <labelerrors/core/class_thresholds.hpp>
#include <labelerrors/core/label_set_rows.hpp>
#include <labelerrors/core/multilabel_confident_joint.hpp>
#include <labelerrors/core/multilabel_options.hpp>
#include <labelerrors/core/multilabel_quality_scores.hpp>
#include <labelerrors/core/quota_selection.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace labelerrors::detail
{

/// Cells: how many answers of each class the model contradicts with a probability that reaches its threshold.
struct confident_contradictions
{
    std::vector<double> bounds;        // 2 k
    std::vector<std::int64_t> counts;  // k

    void add(const label_set_row& row)
    {
        for (std::size_t j = 0; j < counts.size(); ++j)
        {
            const double present = row.pred_probs[j];
            const double absent = 1.0 - present;
            const bool sees_present = present > absent;
            const bool confident = sees_present ? present >= bounds[2 * j + 1] : absent >= bounds[2 * j];
            counts[j] += confident && sees_present != (row.given[j] != 0) ? 1 : 0;
        }
    }

    void merge(confident_contradictions&& later)
    {
        for (std::size_t j = 0; j < counts.size(); ++j)
            counts[j] += later.counts[j];
    }
};

/// Cells: of each class the answers with the lowest scores. The last bit of what stands for a row tells those that the
/// model does not contradict, which leaves the order of rows as it is.
struct lowest_scored_answers
{
    std::vector<quota_selection> lowest;  // k
    answer_scorer score;

    void add(const label_set_row& row)
    {
        for (std::size_t j = 0; j < lowest.size(); ++j)
            if (lowest[j].quota() != 0)
                lowest[j].add(-score(row, j),
                              2 * row.index + (contradicts(row.pred_probs[j], row.given[j] != 0) ? 0u : 1u));
    }

    void merge(lowest_scored_answers&& later)
    {
        merge_each(lowest, std::move(later.lowest));
    }
};

/// The examples of each class that the batched procedure flags, ascending. `thresholds`: as flag_answers.
/// Source: cleanlab.experimental.label_issues_batched, run on each class's question. An answer that no example has been
/// given has the threshold that any probability reaches there, not the one that none does.
template <row_source Source, peer_processes Peers>
[[nodiscard]] std::vector<std::vector<std::size_t>>
flag_batched_answers(const Source& source, const class_sets& labels, const find_multilabel_issues_options& options,
                     std::vector<double>& thresholds, const char* function, const Peers& peers)
{
    const auto passes = pass_options_of(options);
    const std::size_t k = labels.num_classes();
    if (thresholds.empty())
        thresholds = answer_thresholds(source, labels, passes, function, peers);
    confident_contradictions none{thresholds, std::vector<std::int64_t>(k)};
    for (double& bound : none.bounds)
        bound = bound == missing_class_threshold ? 0.0 : bound - threshold_slack;
    auto counts = scan_label_sets(source, labels, "contradictions", std::move(none), passes, function).counts;
    peers.add_up(counts);
    lowest_scored_answers empty{{}, answer_scorer(options.rank_by.value_or(score_method::self_confidence), {})};
    for (const std::int64_t count : counts)
        empty.lowest.emplace_back(static_cast<std::size_t>(count));
    auto selected = scan_label_sets(source, labels, "selection", std::move(empty), passes, function);
    peers.keep_best(k, [&](std::size_t j) -> quota_selection& { return selected.lowest[j]; });
    std::vector<std::vector<std::size_t>> flagged(k);
    for (std::size_t j = 0; j < k; ++j)
    {
        std::vector<std::size_t> marked;
        selected.lowest[j].append_indices_to(marked);
        std::sort(marked.begin(), marked.end());
        for (const std::size_t row : marked)
            if (row % 2 == 0)
                flagged[j].push_back(row / 2);
    }
    return flagged;
}

}  // namespace labelerrors::detail

#endif
