#ifndef LABELERRORS_DISTRIBUTED_LABEL_QUALITY_SCORES_HPP
#define LABELERRORS_DISTRIBUTED_LABEL_QUALITY_SCORES_HPP

#include <labelerrors/core/label_quality_scores.hpp>
#include <labelerrors/core/rank_label_issues.hpp>
#include <labelerrors/distributed/process_group.hpp>
#include <labelerrors/distributed/shared_rows.hpp>
#include <labelerrors/distributed/spread_order.hpp>
#include <labelerrors/error.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace labelerrors::distributed
{

/// A process's part of a ranking of rows of all.
struct ranking_part
{
    xt::xtensor<std::size_t, 1> indices;  // rows of the whole set, contiguous in the ranking
    std::size_t first = 0;                // how many come before them
    std::size_t total = 0;                // in the whole ranking
};

namespace detail
{

/// label_quality_scores in the name of `function`, whose call `signature` is; what the scores depend on is added to it.
template <process_group Group, label_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] xt::xtensor<double, 1> scores_of_part(Group& group, const Labels& labels, const PredProbs& pred_probs,
                                                    const label_quality_scores_options& options,
                                                    call_signature signature, const char* function)
{
    signature.add(static_cast<std::size_t>(options.method));
    signature.add(static_cast<std::size_t>(options.adjust_pred_probs));
    signature.add(options.tolerance);
    return with_shared(group, labels, pred_probs, options.tolerance, signature, function,
                       [&](const auto& rows, const auto& checked, const auto& /*shared*/, const auto& peers)
                       {
                           labelerrors::detail::require_adjustable(options.method, options.adjust_pred_probs, function);
                           return labelerrors::detail::quality_scores_of(rows, checked, options, function, peers);
                       });
}

}  // namespace detail

/// Scores how likely each label of this process is right; see labelerrors::label_quality_scores. Returns the scores of
/// this process's rows: those of all ranks one after another are the scores of one process. Only adjusted scores need
/// the other processes, for a sum of 3 k numbers; all take part in any case, so that errors are those of all.
template <process_group Group, label_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] xt::xtensor<double, 1> label_quality_scores(Group& group, const Labels& labels,
                                                          const PredProbs& pred_probs,
                                                          const label_quality_scores_options& options = {})
{
    constexpr const char* function = "label_quality_scores";
    return detail::scores_of_part(group, labels, pred_probs, options, detail::call_signature(function), function);
}

namespace detail
{

/// Puts rows of all processes in the order of their scores. `rows`: this process's, by their place in `scores`, which
/// begins at `first_row` of the whole set.
template <process_group Group>
[[nodiscard]] ranking_part rank_together(Group& group, std::span<const std::size_t> rows,
                                         std::span<const double> scores, std::size_t first_row, listing where)
{
    std::vector<scored_row> entries;
    for (const std::size_t row : rows)
        entries.push_back({scores[row], first_row + row});
    std::sort(entries.begin(), entries.end());
    const auto entry_at = [&](std::size_t i)
    {
        return entries[i];
    };
    const auto heard = deal(
        group, entries.size(), entry_at, [&](std::size_t i, message_writer& writer) { writer.put(entries[i]); },
        list_order::by_score, where);
    entries.clear();
    for (const message& told : heard)
        for (message_reader reader(told); !reader.at_end();)
            entries.push_back(reader.take<scored_row>());
    std::sort(entries.begin(), entries.end());
    const auto part = part_of_list(group, entries.size());
    ranking_part result{xt::xtensor<std::size_t, 1>::from_shape({entries.size()}), part.first, part.total};
    std::transform(entries.begin(), entries.end(), result.indices.begin(),
                   [](const scored_row& entry) { return entry.row; });
    return result;
}

}  // namespace detail

/// The `count` rows of all processes with the lowest scores, most severe first, of equal scores the lower row first;
/// see labelerrors::find_top_issues. `scores`: those of this process's rows, which may be none. `count`, the same on
/// all processes, may be more than there are rows. Throws as labelerrors::find_top_issues; value_error where processes
/// give another count or listing. Messages and memory grow with `count`, up to the number of all rows.
template <process_group Group, score_sequence Scores>
[[nodiscard]] ranking_part find_top_issues(Group& group, const Scores& scores, std::size_t count,
                                           listing where = listing::spread)
{
    constexpr const char* function = "find_top_issues";
    detail::call_signature signature(function);
    signature.add(count);
    signature.add(static_cast<std::size_t>(where));
    return together(group,
                    [&]
                    {
                        const auto values = labelerrors::detail::require_scores(scores, function);
                        const auto shared = detail::begin_call_of_any(group, values.size(), 0, signature, function);
                        const auto rows = labelerrors::detail::lowest_rows(values, std::min(count, shared.num_rows),
                                                                           detail::group_peers<Group>(group));
                        return detail::rank_together(group, rows, values, shared.first_row, where);
                    });
}

/// The given examples of all processes, most severe first by their score, of equal scores the lower row first; see
/// labelerrors::order_label_issues. `indices`: rows of the whole set that are this process's, in any order; its labels
/// and probabilities are those of all its rows.
/// Throws as labelerrors::order_label_issues; value_error, with its place, for an index that is no row of
/// this process, and where processes give another listing.
template <process_group Group, label_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] ranking_part order_label_issues(Group& group, std::span<const std::size_t> indices, const Labels& labels,
                                              const PredProbs& pred_probs,
                                              const label_quality_scores_options& options = {},
                                              listing where = listing::spread)
{
    constexpr const char* function = "order_label_issues";
    detail::call_signature signature(function);
    signature.add(static_cast<std::size_t>(where));
    const auto scores = detail::scores_of_part(group, labels, pred_probs, options, signature, function);
    return together(group,
                    [&]
                    {
                        const std::size_t first_row = detail::part_of_list(group, scores.size()).first;
                        std::vector<std::size_t> rows;
                        for (std::size_t i = 0; i < indices.size(); ++i)
                        {
                            if (indices[i] < first_row || indices[i] - first_row >= scores.size())
                                throw value_error(std::string(function) + ": indices[" + std::to_string(i) + "] is " +
                                                  std::to_string(indices[i]) + ", but the rows of this rank are from " +
                                                  std::to_string(first_row) + " to before " +
                                                  std::to_string(first_row + scores.size()));
                            rows.push_back(indices[i] - first_row);
                        }
                        return detail::rank_together(group, rows, std::span(scores.data(), scores.size()), first_row,
                                                     where);
                    });
}

}  // namespace labelerrors::distributed

#endif
