#ifndef LABELERRORS_CORE_MULTILABEL_HEALTH_HPP
#define LABELERRORS_CORE_MULTILABEL_HEALTH_HPP

#include <labelerrors/core/class_health.hpp>
#include <labelerrors/core/find_multilabel_issues.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace labelerrors
{

/// How often one answer to the question of one class is flagged.
struct common_multilabel_issue
{
    std::size_t class_index = 0;
    bool given = false;              // true: given the class, likely without it; false: the other way round
    std::size_t num_examples = 0;    // how many answers are flagged
    double issue_probability = 0.0;  // their share of all n examples
};

/// The state of a multi-label set as a whole.
struct multilabel_health_summary
{
    double overall_label_health_score = 0.0;             // 1 - the share of examples with an issue
    std::vector<class_quality> classes;                  // k, the worst label quality first
    std::vector<common_multilabel_issue> common_issues;  // 2 k, the most frequent first
};

/// Sums up what find_multilabel_issues finds by noise rate: how often each answer is flagged, which classes are
/// labelled worst, and the share of examples without an issue.
///
/// Of equal classes and answers the lower class comes first, of one class the given one, where the reference's order is
/// that of sorts which are not stable. A class's noises are shares of
/// all n examples, and its counts are int(share * n), cut, which can be one below the num_examples of its answers: as
/// the reference has them.
/// Arguments, errors and costs as find_multilabel_issues.
/// Source: cleanlab.multilabel_classification.dataset.multilabel_health_summary.
template <label_set_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] multilabel_health_summary multilabel_health(const Labels& labels, const PredProbs& pred_probs,
                                                          const pass_options& options = {});

/// The common_issues of multilabel_health: 2 k entries, the most frequent issue first.
/// Source: cleanlab.multilabel_classification.dataset.common_multilabel_issues.
template <label_set_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] std::vector<common_multilabel_issue>
common_multilabel_issues(const Labels& labels, const PredProbs& pred_probs, const pass_options& options = {});

/// The classes of multilabel_health: k entries, the worst class first.
/// Source: cleanlab.multilabel_classification.dataset.rank_classes_by_multilabel_quality.
template <label_set_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] std::vector<class_quality>
rank_classes_by_multilabel_quality(const Labels& labels, const PredProbs& pred_probs, const pass_options& options = {});

/// The share of examples whose sets of labels are likely right.
/// Source: cleanlab.multilabel_classification.dataset.overall_multilabel_health_score.
template <label_set_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] double overall_multilabel_health_score(const Labels& labels, const PredProbs& pred_probs,
                                                     const pass_options& options = {});

/// How many examples have a set of labels that is likely wrong: those that the filter confident_learning flags.
/// Source: cleanlab.count.num_label_issues with multi_label.
template <label_set_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] std::size_t num_multilabel_issues(const Labels& labels, const PredProbs& pred_probs,
                                                const pass_options& options = {});

namespace detail
{

/// How often each answer is flagged, in the order of the classes, the given answer first.
[[nodiscard]] inline std::vector<common_multilabel_issue> count_flagged_answers(const multilabel_issues& issues)
{
    std::vector<common_multilabel_issue> answers(2 * issues.num_classes);
    for (std::size_t j = 0; j < issues.num_classes; ++j)
    {
        answers[2 * j] = {.class_index = j, .given = true};
        answers[2 * j + 1] = {.class_index = j, .given = false};
    }
    for (std::size_t i = 0; i < issues.indices.size(); ++i)
    {
        const auto& given = issues.given_labels[i];
        for (const std::size_t j : issues.flagged_classes[i])
            ++answers[2 * j + (std::binary_search(given.begin(), given.end(), j) ? 0u : 1u)].num_examples;
    }
    return answers;
}

/// What the numbers of flagged answers, as count_flagged_answers gives them, and of flagged examples say about a set.
[[nodiscard]] inline multilabel_health_summary health_of(std::vector<common_multilabel_issue> answers,
                                                         std::size_t num_issues, std::size_t num_examples)
{
    const auto n = static_cast<double>(num_examples);
    for (auto& answer : answers)
        answer.issue_probability = static_cast<double>(answer.num_examples) / n;
    multilabel_health_summary summary{health_score_of(num_issues, num_examples), {}, std::move(answers)};
    for (std::size_t j = 0; j < summary.common_issues.size() / 2; ++j)
    {
        const double noise = summary.common_issues[2 * j].issue_probability;
        const double inverse = summary.common_issues[2 * j + 1].issue_probability;
        summary.classes.push_back({j, static_cast<std::size_t>(noise * n), static_cast<std::size_t>(inverse * n), noise,
                                   inverse, 1.0 - noise});
    }
    std::stable_sort(summary.classes.begin(), summary.classes.end(),
                     [](const class_quality& a, const class_quality& b)
                     { return a.label_quality_score < b.label_quality_score; });
    std::stable_sort(summary.common_issues.begin(), summary.common_issues.end(),
                     [](const common_multilabel_issue& a, const common_multilabel_issue& b)
                     { return a.issue_probability > b.issue_probability; });
    return summary;
}

/// The issues of a set of labels, unranked, for the function that messages name.
template <label_set_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] multilabel_issues unranked_set_issues(const Labels& labels, const PredProbs& pred_probs, filter_by filter,
                                                    const pass_options& options, const char* function)
{
    return find_set_issues(labels, pred_probs,
                           {.filter_by = filter,
                            .rank_by = std::nullopt,
                            .tolerance = options.tolerance,
                            .threads = options.threads,
                            .progress = options.progress},
                           function);
}

/// multilabel_health for the function that messages name.
template <label_set_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] multilabel_health_summary set_health(const Labels& labels, const PredProbs& pred_probs,
                                                   const pass_options& options, const char* function)
{
    const auto issues = unranked_set_issues(labels, pred_probs, filter_by::prune_by_noise_rate, options, function);
    return health_of(count_flagged_answers(issues), issues.indices.size(), issues.num_examples);
}

}  // namespace detail

template <label_set_sequence Labels, probability_matrix PredProbs>
multilabel_health_summary multilabel_health(const Labels& labels, const PredProbs& pred_probs,
                                            const pass_options& options)
{
    return detail::set_health(labels, pred_probs, options, "multilabel_health");
}

template <label_set_sequence Labels, probability_matrix PredProbs>
std::vector<common_multilabel_issue> common_multilabel_issues(const Labels& labels, const PredProbs& pred_probs,
                                                              const pass_options& options)
{
    return detail::set_health(labels, pred_probs, options, "common_multilabel_issues").common_issues;
}

template <label_set_sequence Labels, probability_matrix PredProbs>
std::vector<class_quality> rank_classes_by_multilabel_quality(const Labels& labels, const PredProbs& pred_probs,
                                                              const pass_options& options)
{
    return detail::set_health(labels, pred_probs, options, "rank_classes_by_multilabel_quality").classes;
}

template <label_set_sequence Labels, probability_matrix PredProbs>
double overall_multilabel_health_score(const Labels& labels, const PredProbs& pred_probs, const pass_options& options)
{
    return detail::set_health(labels, pred_probs, options, "overall_multilabel_health_score")
        .overall_label_health_score;
}

template <label_set_sequence Labels, probability_matrix PredProbs>
std::size_t num_multilabel_issues(const Labels& labels, const PredProbs& pred_probs, const pass_options& options)
{
    return detail::unranked_set_issues(labels, pred_probs, filter_by::confident_learning, options,
                                       "num_multilabel_issues")
        .indices.size();
}

}  // namespace labelerrors

#endif
