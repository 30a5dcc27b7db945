#ifndef LABELERRORS_MODEL_FIND_LABEL_ISSUES_IN_FEATURES_HPP
#define LABELERRORS_MODEL_FIND_LABEL_ISSUES_IN_FEATURES_HPP

#include <labelerrors/core/find_label_issues.hpp>
#include <labelerrors/model/cross_val_predict_proba.hpp>
#include <labelerrors/model/logistic_regression.hpp>

#include <algorithm>
#include <cstddef>

namespace labelerrors
{

/// What find_label_issues_in_features lets its caller choose.
struct find_label_issues_in_features_options
{
    // How the out-of-sample probabilities are made.
    cross_validation_options cross_validation = {};
    // How the issues are found behind them.
    find_label_issues_options find = {};
};

/// Label issues, and what they were found by.
struct issues_in_features
{
    label_issues issues;
    xt::xtensor<double, 2> pred_probs;  // n x k, out of sample
    double accuracy = 0.0;              // the share of the examples whose given label is the likeliest by pred_probs
};

/// Finds the examples whose labels are likely wrong from features alone: out-of-sample probabilities by
/// cross-validation, then find_label_issues.
///
/// Arguments, exceptions and cost as cross_val_predict_proba, with the classifier first, and find_label_issues. A class
/// whose mislabelled examples a classifier learns by heart hides them: one that is penalised more finds more.
template <feature_set Features, label_sequence Labels, classifier<Features> Classifier>
[[nodiscard]] issues_in_features
find_label_issues_in_features(const Classifier& classifier, const Features& features, const Labels& labels,
                              const find_label_issues_in_features_options& options = {});

/// The same by logistic_regression with its defaults. `features`: a matrix of numbers, or sparse_features.
template <feature_set Features, label_sequence Labels>
    requires classifier<logistic_regression, Features>
[[nodiscard]] issues_in_features
find_label_issues_in_features(const Features& features, const Labels& labels,
                              const find_label_issues_in_features_options& options = {});

namespace detail
{

/// find_label_issues_in_features of labels that have been checked.
template <class Classifier, class Features>
[[nodiscard]] issues_in_features
find_in_features(const Classifier& model, const Features& features, const checked_classes& classes,
                 const find_label_issues_in_features_options& options, const char* function)
{
    // Before the fits, which take long.
    require_options(options.find, classes.num_classes(), function);
    issues_in_features result;
    result.pred_probs = predict_by_folds(model, features, classes, options.cross_validation, function);
    result.issues = find_label_issues(classes.labels, result.pred_probs, options.find);
    const std::size_t k = classes.num_classes();
    std::size_t num_right = 0;
    for (std::size_t i = 0; i < classes.labels.size(); ++i)
    {
        const double* const row = result.pred_probs.data() + i * k;
        num_right += static_cast<std::size_t>(std::max_element(row, row + k) - row) == classes.labels[i] ? 1u : 0u;
    }
    result.accuracy = static_cast<double>(num_right) / static_cast<double>(classes.labels.size());
    return result;
}

}  // namespace detail

template <feature_set Features, label_sequence Labels, classifier<Features> Classifier>
issues_in_features find_label_issues_in_features(const Classifier& classifier, const Features& features,
                                                 const Labels& labels,
                                                 const find_label_issues_in_features_options& options)
{
    constexpr const char* function = "find_label_issues_in_features";
    return detail::find_in_features(classifier, features, detail::check_classes(labels, function), options, function);
}

template <feature_set Features, label_sequence Labels>
    requires classifier<logistic_regression, Features>
        issues_in_features find_label_issues_in_features(const Features& features, const Labels& labels,
                                                         const find_label_issues_in_features_options& options)
    {
        return find_label_issues_in_features(logistic_regression(), features, labels, options);
    }

}  // namespace labelerrors

#endif
