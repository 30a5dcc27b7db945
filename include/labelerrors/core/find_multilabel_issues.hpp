#ifndef LABELERRORS_CORE_FIND_MULTILABEL_ISSUES_HPP
#define LABELERRORS_CORE_FIND_MULTILABEL_ISSUES_HPP

#include <labelerrors/core/described_answers.hpp>
#include <labelerrors/core/multilabel_quality_scores.hpp>
#include <labelerrors/core/multilabel_selection.hpp>
#include <labelerrors/core/rank_label_issues.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace labelerrors
{

/// The examples whose sets of labels are likely wrong. All have one entry an issue, in the same order.
struct multilabel_issues
{
    std::size_t num_examples = 0;
    std::size_t num_classes = 0;
    xt::xtensor<std::size_t, 1> indices;                     // rows of pred_probs
    xt::xtensor<double, 1> scores;                           // the score of the whole set, lower is worse
    std::vector<std::vector<std::size_t>> given_labels;      // the set at that row, ascending
    std::vector<std::vector<std::size_t>> suggested_labels;  // the classes with p > 0.5, ascending
    std::vector<std::vector<std::size_t>> flagged_classes;   // those whose answer is flagged, ascending; none for low_*
};

/// Finds the examples whose sets of labels are likely wrong: each class is a question of its own, has the example the
/// class or not, and an example is an issue where the filter flags an answer to any of them.
///
/// `labels`: n sets of classes, 0 .. k - 1, or n x k zeros and ones; sets may be empty. `pred_probs`: n x k independent
/// out-of-sample probabilities, any source of rows; rows need not sum to 1.
/// With low_* the issues are as many as the filter confident_learning finds, those with the lowest default scores
/// (moving average of self-confidences), whatever the filter's name says. With multilabel_procedure::batched an answer
/// is flagged as cleanlab's low_memory flags it, and filter_by and what goes with it must be left at their defaults.
/// Throws as compute_multilabel_confident_joint, and for options out of range.
/// O(n k) time in three passes over the rows for all classes at once (one for predicted_neq_given, two for
/// confident_learning), and a look at each issue. Memory O(k) a thread, and O(1) for each example, label and flagged
/// answer; nothing of n x k.
/// Source: cleanlab.multilabel_classification.filter.find_label_issues. Differs from cleanlab: low_* are ordered by
/// their scores, which cleanlab means to do, and a class that every example has, or none, is no error. The thresholds
/// of the batched procedure are those of all examples, not of 10,000 at a time made one, which may be other last bits.
/// Ties, of scores and at quotas, go to the lower index, where cleanlab's sorts are not stable.
template <label_set_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] multilabel_issues find_multilabel_issues(const Labels& labels, const PredProbs& pred_probs,
                                                       const find_multilabel_issues_options& options = {});

/// Finds the examples of each class whose answer is likely wrong: that they have the class, or that they have not.
///
/// Returns k entries, each as find_label_issues gives them for the class's question: given and suggested labels are 0
/// (without the class) or 1, and scores are those of the class alone. With low_* as many as confident_learning finds of
/// the class. Arguments, errors and costs as find_multilabel_issues; the aggregator is not used.
/// Source: cleanlab.multilabel_classification.filter.find_multilabel_issues_per_class. Differs from cleanlab: the
/// issues of the batched procedure are ranked too.
template <label_set_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] std::vector<label_issues>
find_multilabel_issues_per_class(const Labels& labels, const PredProbs& pred_probs,
                                 const find_multilabel_issues_options& options = {});

namespace detail
{

/// The examples that low_* filters choose, ascending, without classes.
template <row_source Source, peer_processes Peers>
[[nodiscard]] flagged_answers lowest_label_sets(const Source& source, const class_sets& labels,
                                                const find_multilabel_issues_options& options, const char* function,
                                                const Peers& peers)
{
    const auto passes = pass_options_of(options);
    std::vector<double> thresholds;
    const auto confident = by_example(flag_answers(source, labels,
                                                   {.filter_by = filter_by::confident_learning,
                                                    .tolerance = options.tolerance,
                                                    .threads = options.threads,
                                                    .progress = options.progress},
                                                   thresholds, function, peers),
                                      labels.size());
    const score_aggregator average = aggregators::exponential_moving_average{.alpha = 0.8};
    const auto scores = score_label_sets(source, labels, score_method::self_confidence, {}, average, passes, function);
    const auto lowest = lowest_rows(scores, sum_of_all(peers, confident.rows.size()), peers);
    return {std::vector<std::size_t>(lowest.begin(), lowest.end()), std::vector<std::size_t>(lowest.size() + 1), {}};
}

/// The issues among the rows of this process, as find_multilabel_issues gives them.
template <row_source Source, peer_processes Peers = alone>
[[nodiscard]] multilabel_issues find_set_issues_in(const Source& source, const class_sets& labels,
                                                   const find_multilabel_issues_options& options, const char* function,
                                                   const Peers& peers = {})
{
    require_options(options, labels.num_classes(), function);
    const auto passes = pass_options_of(options);
    const bool low =
        options.filter_by == filter_by::low_normalized_margin || options.filter_by == filter_by::low_self_confidence;
    auto thresholds = thresholds_for(options.adjust_pred_probs, source, labels, passes, function, peers);
    const bool adjusted = !thresholds.empty();
    const auto flagged =
        low ? lowest_label_sets(source, labels, options, function, peers)
            : by_example(flag_answers(source, labels, options, thresholds, function, peers), labels.size());
    if (!adjusted)
        thresholds.clear();
    auto described = scan_some_label_sets(
        source, labels, flagged.rows, "ranking",
        described_label_sets{
            label_set_scorer(options.rank_by.value_or(score_method::self_confidence), thresholds, options.aggregator),
            function},
        passes, function);
    if (options.rank_by)
        sort_by_score(described.rows);
    const std::size_t m = described.rows.size();
    multilabel_issues result{labels.size(),
                             labels.num_classes(),
                             xt::xtensor<std::size_t, 1>::from_shape({m}),
                             xt::xtensor<double, 1>::from_shape({m}),
                             {},
                             {},
                             {}};
    for (std::size_t i = 0; i < m; ++i)
    {
        auto& told = described.rows[i];
        result.indices(i) = told.index;
        result.scores(i) = told.score;
        const auto given = labels[told.index];
        result.given_labels.emplace_back(given.begin(), given.end());
        result.suggested_labels.push_back(std::move(told.suggested));
        const auto at = static_cast<std::size_t>(
            std::lower_bound(flagged.rows.begin(), flagged.rows.end(), told.index) - flagged.rows.begin());
        const auto classes = std::span<const std::uint32_t>(flagged.classes)
                                 .subspan(flagged.first[at], flagged.first[at + 1] - flagged.first[at]);
        result.flagged_classes.emplace_back(classes.begin(), classes.end());
    }
    return result;
}

/// The issues of each class among the rows of this process, as find_multilabel_issues_per_class gives them.
template <row_source Source, peer_processes Peers = alone>
[[nodiscard]] std::vector<label_issues> find_answer_issues_in(const Source& source, const class_sets& labels,
                                                              const find_multilabel_issues_options& options,
                                                              const char* function, const Peers& peers = {})
{
    require_options(options, labels.num_classes(), function);
    const auto passes = pass_options_of(options);
    auto thresholds = thresholds_for(options.adjust_pred_probs, source, labels, passes, function, peers);
    const bool adjusted = !thresholds.empty();
    const auto flagged = by_example(flag_answers(source, labels, options, thresholds, function, peers), labels.size());
    if (!adjusted)
        thresholds.clear();
    auto described = scan_some_label_sets(
        source, labels, flagged.rows, "ranking",
        described_answers{&flagged, answer_scorer(options.rank_by.value_or(score_method::self_confidence), thresholds),
                          std::vector<std::vector<described_answers::description>>(labels.num_classes())},
        passes, function);
    std::vector<label_issues> result;
    for (auto& issues : described.classes)
    {
        if (options.rank_by)
            sort_by_score(issues);
        const std::size_t m = issues.size();
        result.push_back({labels.size(), 2, xt::xtensor<std::size_t, 1>::from_shape({m}),
                          xt::xtensor<std::size_t, 1>::from_shape({m}), xt::xtensor<std::size_t, 1>::from_shape({m}),
                          xt::xtensor<double, 1>::from_shape({m})});
        for (std::size_t i = 0; i < m; ++i)
        {
            result.back().indices(i) = issues[i].index;
            result.back().given_labels(i) = issues[i].given ? 1 : 0;
            result.back().suggested_labels(i) = issues[i].suggested ? 1 : 0;
            result.back().scores(i) = issues[i].score;
        }
    }
    return result;
}

/// find_multilabel_issues for the function that messages name.
template <label_set_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] multilabel_issues find_set_issues(const Labels& labels, const PredProbs& pred_probs,
                                                const find_multilabel_issues_options& options, const char* function)
{
    return with_checked_sets(labels, pred_probs, options.tolerance, function,
                             [&](const auto& rows, const class_sets& sets)
                             { return find_set_issues_in(rows, sets, options, function); });
}

}  // namespace detail

template <label_set_sequence Labels, probability_matrix PredProbs>
multilabel_issues find_multilabel_issues(const Labels& labels, const PredProbs& pred_probs,
                                         const find_multilabel_issues_options& options)
{
    return detail::find_set_issues(labels, pred_probs, options, "find_multilabel_issues");
}

template <label_set_sequence Labels, probability_matrix PredProbs>
std::vector<label_issues> find_multilabel_issues_per_class(const Labels& labels, const PredProbs& pred_probs,
                                                           const find_multilabel_issues_options& options)
{
    constexpr const char* function = "find_multilabel_issues_per_class";
    return detail::with_checked_sets(labels, pred_probs, options.tolerance, function,
                                     [&](const auto& rows, const class_sets& sets)
                                     { return detail::find_answer_issues_in(rows, sets, options, function); });
}

}  // namespace labelerrors

#endif
