#ifndef LABELERRORS_MODEL_LEARN_WITH_NOISY_LABELS_HPP
#define LABELERRORS_MODEL_LEARN_WITH_NOISY_LABELS_HPP

#include <labelerrors/core/confident_joint.hpp>
#include <labelerrors/core/latent.hpp>
#include <labelerrors/error.hpp>
#include <labelerrors/model/find_label_issues_in_features.hpp>
#include <labelerrors/rows/parallel.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace labelerrors
{

/// A classifier that was fitted without the examples whose labels are likely wrong.
template <class Classifier>
struct fit_to_noisy_labels
{
    Classifier classifier;
    issues_in_features found;           // what was left out, and what it was found by
    std::vector<std::size_t> kept;      // the rows that it was fitted to, ascending
    std::vector<double> class_weights;  // k: how much each kept example of a class weighed; empty: all the same
};

/// Fits a classifier in spite of label errors: finds them by cross-validation, leaves them out, and fits to the rest.
///
/// Arguments and exceptions as find_label_issues_in_features; value_error too where less than two classes are left.
/// A tunable_classifier weighs each kept example of class j by 1 over P(given j | true j), at most by 1000, as
/// estimated from the confident joint, the caller's own (options.find.confident_joint) where there is one, so that a
/// class many of whose examples were left out counts for as much as before.
/// options.cross_validation.progress is told of the last fit too, as a pass "last fit" over the kept rows: before and
/// after it and, where the classifier is a tunable_classifier that reports its progress, meanwhile.
/// Source: Northcutt, Jiang and Chuang 2021, section 3.3; cleanlab.classification.CleanLearning.fit.
template <feature_set Features, label_sequence Labels, classifier<Features> Classifier>
[[nodiscard]] fit_to_noisy_labels<Classifier>
learn_with_noisy_labels(const Classifier& classifier, const Features& features, const Labels& labels,
                        const find_label_issues_in_features_options& options = {});

namespace detail
{

/// What an example of each class weighs so that those that are left stand for all that are labelled rightly. A
/// template, so that who only includes this does not compile it.
template <probability_matrix PredProbs>
[[nodiscard]] std::vector<double> weigh_classes(const checked_classes& classes, const PredProbs& pred_probs,
                                                const find_label_issues_options& options)
{
    constexpr double least = 1e-3;  // the largest weight is 1000
    const auto weights_of = [&](const auto& confident_joint)
    {
        const auto latent = estimate_latent(confident_joint, classes.counts);
        std::vector<double> weights(classes.num_classes());
        for (std::size_t j = 0; j < weights.size(); ++j)
            weights[j] = 1.0 / std::max(latent.noise_matrix(j, j), least);
        return weights;
    };
    if (options.confident_joint)
        return weights_of(*options.confident_joint);
    return weights_of(compute_confident_joint(classes.labels, pred_probs,
                                              {.tolerance = options.tolerance, .threads = options.threads})
                          .confident_joint);
}

/// Tells of the last fit, some ten times a second, the most that a classifier has reported of it.
[[nodiscard]] inline std::function<void(double)> told_in_rows(const std::function<void(const scan_progress&)>& progress,
                                                              const char* pass, std::size_t num_rows)
{
    using clock = std::chrono::steady_clock;
    return [&progress, pass, num_rows, last = clock::now(), told = 0.0](double share) mutable
    {
        if (share > told)
            told = std::min(share, 1.0);
        if (clock::now() - last < std::chrono::milliseconds(100))
            return;
        last = clock::now();
        progress({pass, static_cast<std::size_t>(told * static_cast<double>(num_rows)), num_rows});
    };
}

}  // namespace detail

template <feature_set Features, label_sequence Labels, classifier<Features> Classifier>
fit_to_noisy_labels<Classifier> learn_with_noisy_labels(const Classifier& classifier, const Features& features,
                                                        const Labels& labels,
                                                        const find_label_issues_in_features_options& options)
{
    constexpr const char* function = "learn_with_noisy_labels";
    const auto classes = detail::check_classes(labels, function);
    fit_to_noisy_labels<Classifier> result{
        classifier, detail::find_in_features(classifier, features, classes, options, function), {}, {}};
    std::vector<char> is_issue(classes.labels.size());
    for (const std::size_t row : result.found.issues.indices)
        is_issue[row] = 1;
    std::vector<std::size_t> kept_labels;
    for (std::size_t i = 0; i < is_issue.size(); ++i)
        if (is_issue[i] == 0)
        {
            result.kept.push_back(i);
            kept_labels.push_back(classes.labels[i]);
        }
    if (std::all_of(kept_labels.begin(), kept_labels.end(),
                    [&](std::size_t label) { return label == kept_labels.front(); }))
        throw value_error(std::string(function) + ": of " + std::to_string(is_issue.size()) +
                          " examples the label issues leave " + std::to_string(kept_labels.size()) +
                          ", of less than two classes; keep more with min_examples_per_class or frac_noise");
    fit_options fit;
    std::vector<double> weights;
    if constexpr (tunable_classifier<Classifier, Features>)
    {
        result.class_weights = detail::weigh_classes(classes, result.found.pred_probs, options.find);
        for (const std::size_t label : kept_labels)
            weights.push_back(result.class_weights[label]);
        fit.weights = weights;
    }
    fit.threads = options.cross_validation.threads;
    constexpr const char* pass = "last fit";
    const auto& progress = options.cross_validation.progress;
    if (progress)
    {
        progress({pass, 0, kept_labels.size()});
        fit.progress = detail::told_in_rows(progress, pass, kept_labels.size());
    }
    detail::fit_classifier(result.classifier, take_rows(features, result.kept), kept_labels, classes.num_classes(),
                           fit);
    if (progress)
        progress({pass, kept_labels.size(), kept_labels.size()});
    return result;
}

}  // namespace labelerrors

#endif
