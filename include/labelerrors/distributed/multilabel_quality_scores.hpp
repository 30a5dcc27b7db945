#ifndef LABELERRORS_DISTRIBUTED_MULTILABEL_QUALITY_SCORES_HPP
#define LABELERRORS_DISTRIBUTED_MULTILABEL_QUALITY_SCORES_HPP

#include <labelerrors/core/multilabel_quality_scores.hpp>
#include <labelerrors/distributed/process_group.hpp>
#include <labelerrors/distributed/shared_rows.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <cstddef>

namespace labelerrors::distributed
{

namespace detail
{

/// Calls `use(rows, sets, peers)` on all processes alike for scores of sets of labels.
template <process_group Group, label_set_sequence Labels, probability_matrix PredProbs, class Use>
[[nodiscard]] auto with_scored_sets(Group& group, const Labels& labels, const PredProbs& pred_probs,
                                    const multilabel_quality_scores_options& options, const char* function,
                                    const Use& use)
{
    call_signature signature(function);
    signature.add(static_cast<std::size_t>(options.method));
    signature.add(static_cast<std::size_t>(options.adjust_pred_probs));
    signature.add(options.tolerance);
    return with_shared_sets(group, labels, pred_probs, options.tolerance, signature, function,
                            [&](const auto& rows, const class_sets& sets, const auto& /*shared*/, const auto& peers)
                            { return use(rows, sets, peers); });
}

}  // namespace detail

/// Scores how likely the set of labels of each of this process's examples is right; see
/// labelerrors::multilabel_quality_scores and label_quality_scores.
template <process_group Group, label_set_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] xt::xtensor<double, 1> multilabel_quality_scores(Group& group, const Labels& labels,
                                                               const PredProbs& pred_probs,
                                                               const multilabel_quality_scores_options& options = {})
{
    constexpr const char* function = "multilabel_quality_scores";
    return detail::with_scored_sets(group, labels, pred_probs, options, function,
                                    [&](const auto& rows, const class_sets& sets, const auto& peers) {
                                        return labelerrors::detail::set_scores_of(rows, sets, options, function, peers);
                                    });
}

/// Scores how likely each answer for each of this process's examples is right; see
/// labelerrors::multilabel_quality_scores_per_class and label_quality_scores.
template <process_group Group, label_set_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] xt::xtensor<double, 2>
multilabel_quality_scores_per_class(Group& group, const Labels& labels, const PredProbs& pred_probs,
                                    const multilabel_quality_scores_options& options = {})
{
    constexpr const char* function = "multilabel_quality_scores_per_class";
    return detail::with_scored_sets(
        group, labels, pred_probs, options, function,
        [&](const auto& rows, const class_sets& sets, const auto& peers)
        { return labelerrors::detail::answer_scores_of(rows, sets, options, function, peers); });
}

}  // namespace labelerrors::distributed

#endif
