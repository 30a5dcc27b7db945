#ifndef LABELERRORS_MODEL_CROSS_VAL_PREDICT_PROBA_HPP
#define LABELERRORS_MODEL_CROSS_VAL_PREDICT_PROBA_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/error.hpp>
#include <labelerrors/model/checked_classes.hpp>
#include <labelerrors/model/classifier.hpp>
#include <labelerrors/model/features.hpp>
#include <labelerrors/model/run_parts.hpp>
#include <labelerrors/model/stratified_folds.hpp>
#include <labelerrors/rows/parallel.hpp>
#include <labelerrors/rows/row_blocks.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <numeric>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace labelerrors
{

/// How the examples are split, and what goes on meanwhile.
struct cross_validation_options
{
    // How many folds to deal the examples into, see stratified_folds; of no account where `folds` is given.
    std::size_t num_folds = 5;
    // The fold of each of the n examples, 0 .. the number of folds - 1, where they are the caller's own: so that
    // examples that belong together stay together, say.
    std::vector<std::size_t> folds = {};
    std::uint64_t seed = 0;  // of the folds that are dealt
    // How many threads share the folds, and the fits and predictions where there are more threads than folds; 0: as
    // many as the machine has. The result is the same for any number. A classifier whose fit takes no fit_options, or
    // whose predict_proba takes no predict_options, starts the threads it likes there, in each fold that is worked on.
    std::size_t threads = 0;
    // Called on the calling thread some ten times a second, with the share that is done told in rows, which never
    // falls; within a fold as far as the classifier tells its progress (fit_options, predict_options). An exception
    // that it throws ends the work, each fold where it next tells of its progress, and reaches the caller.
    std::function<void(const scan_progress&)> progress = {};
};

/// Predicts the class of every example by a classifier that was fitted without it.
///
/// For each fold a copy of `classifier` is fitted to the examples of all other folds and asked about its own.
/// `features`: of n examples, see feature_set. `labels`: n integers, 0 .. k - 1, with k one more than the highest.
/// Returns n x k out-of-sample probabilities, what find_label_issues takes.
/// Throws shape_error and value_error: for features and labels of different lengths; for labels as stratified_folds
/// does; for folds of the caller's own that are not n, have gaps, or leave a class out of the examples to learn from;
/// for matrices of numbers with one that is not finite, with its place; where the classifier returns another shape, or
/// probabilities that are not finite. What the classifier throws reaches the caller.
/// `predict_proba` is called with predict_options as its second argument where it takes them, as `fit` with
/// fit_options. Takes as many fits as there are folds, each of (folds - 1) / folds of the examples, and one prediction
/// of each example; memory for the n k probabilities, and for each fold that is worked on, as many as there are
/// threads, a copy of the examples, a classifier and the probabilities of its own n / folds. Source: the out-of-sample
/// probabilities that Northcutt, Jiang and Chuang 2021, section 3, starts from.
template <feature_set Features, label_sequence Labels, classifier<Features> Classifier>
[[nodiscard]] xt::xtensor<double, 2> cross_val_predict_proba(const Classifier& classifier, const Features& features,
                                                             const Labels& labels,
                                                             const cross_validation_options& options = {});

namespace detail
{

/// The rows of one fold, and those of all others.
struct fold_rows
{
    std::vector<std::size_t> held_out;
    std::vector<std::size_t> learnt_from;
};

[[nodiscard]] inline fold_rows rows_of_fold(std::span<const std::size_t> fold_of, std::size_t fold)
{
    fold_rows rows;
    for (std::size_t i = 0; i < fold_of.size(); ++i)
        (fold_of[i] == fold ? rows.held_out : rows.learnt_from).push_back(i);
    return rows;
}

/// Refuses folds of the caller's own that cannot be used; returns how many there are.
[[nodiscard]] inline std::size_t require_folds(std::span<const std::size_t> fold_of, const checked_classes& classes,
                                               const char* function)
{
    const std::string name = function;
    const std::size_t n = classes.labels.size();
    if (fold_of.size() != n)
        throw shape_error(name + ": folds must have " + std::to_string(n) + " numbers, one for each example, not " +
                          std::to_string(fold_of.size()));
    std::vector<std::size_t> sizes;
    // The fold that all examples of a class seen so far are in; none before the first, several once there are two.
    constexpr auto none = static_cast<std::size_t>(-1);
    constexpr std::size_t several = none - 1;
    std::vector<std::size_t> only_fold(classes.num_classes(), none);
    for (std::size_t i = 0; i < n; ++i)
    {
        if (fold_of[i] >= n)
            throw value_error(name + ": folds[" + std::to_string(i) + "] is " + std::to_string(fold_of[i]) + ", but " +
                              std::to_string(n) + " examples have folds 0 to at most " + std::to_string(n - 1) +
                              "; number the folds from 0, without gaps");
        if (fold_of[i] >= sizes.size())
            sizes.resize(fold_of[i] + 1);
        ++sizes[fold_of[i]];
        auto& only = only_fold[classes.labels[i]];
        only = only == none || only == fold_of[i] ? fold_of[i] : several;
    }
    for (std::size_t fold = 0; fold < sizes.size(); ++fold)
        if (sizes[fold] == 0)
            throw value_error(name + ": folds has no example in fold " + std::to_string(fold) +
                              "; number the folds from 0, without gaps");
    if (sizes.size() < 2)
        throw value_error(name + ": folds are all 0; at least two are needed, one to learn from and one to predict");
    for (std::size_t j = 0; j < only_fold.size(); ++j)
        if (only_fold[j] != several)
            throw value_error(name + ": class " + std::to_string(j) +
                              (only_fold[j] == none
                                   ? " has no examples; number the classes from 0, without gaps"
                                   : " has examples in fold " + std::to_string(only_fold[j]) +
                                         " alone, so that none is left to learn from; spread the class over two "
                                         "folds at least"));
    return sizes.size();
}

/// Fits a classifier, with the options where it takes them.
template <class Classifier, class Features>
void fit_classifier(Classifier& learning, const Features& features, std::span<const std::size_t> labels,
                    std::size_t num_classes, [[maybe_unused]] const fit_options& options)
{
    if constexpr (requires { learning.fit(features, labels, num_classes, options); })
        learning.fit(features, labels, num_classes, options);
    else
        learning.fit(features, labels, num_classes);
}

/// Predicts by a classifier, with the options where it takes them.
template <class Classifier, class Features>
[[nodiscard]] decltype(auto) predict_by(const Classifier& learnt, const Features& features,
                                        [[maybe_unused]] const predict_options& options)
{
    if constexpr (requires { learnt.predict_proba(features, options); })
        return learnt.predict_proba(features, options);
    else
        return learnt.predict_proba(features);
}

/// Copies the probabilities of the rows of a fold to their places.
template <class PredProbs>
void place_rows(const PredProbs& predicted, std::span<const std::size_t> rows, xt::xtensor<double, 2>& pred_probs,
                const char* function)
{
    const std::string name = function;
    const std::size_t k = pred_probs.shape()[1];
    with_rows(predicted, function,
              [&](const auto& source)
              {
                  using T = typename std::remove_cvref_t<decltype(source)>::value_type;
                  if (source.num_rows() != rows.size() || source.num_columns() != k)
                      throw shape_error(name + ": the classifier's predict_proba must return " +
                                        std::to_string(rows.size()) + " x " + std::to_string(k) +
                                        " probabilities, a row for each example and a column for each class, not " +
                                        std::to_string(source.num_rows()) + " x " +
                                        std::to_string(source.num_columns()));
                  std::vector<T> buffer;
                  for (std::size_t i = 0; i < rows.size(); ++i)
                  {
                      const T* const row = source.read(i, 1, buffer);
                      for (std::size_t j = 0; j < k; ++j)
                      {
                          const auto value = static_cast<double>(row[j]);
                          if (!std::isfinite(value))
                              throw value_error(name + ": the classifier's predict_proba returned " +
                                                (std::isnan(value) ? "NaN" : "an infinite number") + " for class " +
                                                std::to_string(j) + " of example " + std::to_string(rows[i]) +
                                                "; scale its features down, or have it learn more slowly");
                          pred_probs(rows[i], j) = value;
                      }
                  }
              });
}

/// cross_val_predict_proba of labels that have been checked.
template <class Features, class Classifier>
[[nodiscard]] xt::xtensor<double, 2> predict_by_folds(const Classifier& model, const Features& features,
                                                      const checked_classes& classes,
                                                      const cross_validation_options& options, const char* function)
{
    const std::size_t n = classes.labels.size();
    const std::size_t k = classes.num_classes();
    require_same_examples(num_feature_rows(features), n, function);
    require_finite_features(features, function);
    const auto num_folds = options.folds.empty() ? options.num_folds : require_folds(options.folds, classes, function);
    const auto fold_of = options.folds.empty()
                             ? deal_folds(classes, {.num_folds = num_folds, .seed = options.seed}, function)
                             : options.folds;
    auto pred_probs = xt::xtensor<double, 2>::from_shape({n, k});
    std::vector<std::atomic<double>> shares(num_folds);
    const auto work = [&](std::size_t fold, const std::atomic<bool>& stop)
    {
        const auto rows = rows_of_fold(fold_of, fold);
        std::vector<std::size_t> labels;
        labels.reserve(rows.learnt_from.size());
        for (const std::size_t row : rows.learnt_from)
            labels.push_back(classes.labels[row]);
        Classifier learning = model;
        const std::size_t threads = std::max<std::size_t>(num_threads(options.threads) / num_folds, 1);
        // What is told of one step fills the shares from `begin` to `end`.
        const auto tell = [&](double begin, double end)
        {
            return [&shares = shares[fold], &stop, begin, end](double share)
            {
                const double now = begin + std::min(share, 1.0) * (end - begin);
                if (now > shares)
                    shares = now;
                if (stop)
                    throw work_stopped();
            };
        };
        // Most classifiers learn for longer than they predict; of one that says nothing while it learns the prediction
        // is all.
        constexpr double most_of_fit = 0.9;
        fit_classifier(learning, take_rows(features, rows.learnt_from), labels, k,
                       {.threads = threads, .progress = tell(0.0, most_of_fit)});
        place_rows(predict_by(learning, take_rows(features, rows.held_out),
                              {.threads = threads, .progress = tell(shares[fold], 1.0)}),
                   rows.held_out, pred_probs, function);
        shares[fold] = 1.0;
    };
    constexpr const char* pass = "cross-validation";
    std::function<void()> watch;
    if (options.progress)
        watch = [&]
        {
            const double done = std::accumulate(shares.begin(), shares.end(), 0.0) / static_cast<double>(num_folds);
            options.progress({pass, static_cast<std::size_t>(done * static_cast<double>(n)), n});
        };
    if (options.progress)
        options.progress({pass, 0, n});
    run_parts(num_folds, options.threads, work, watch);
    if (options.progress)
        options.progress({pass, n, n});
    return pred_probs;
}

}  // namespace detail

template <feature_set Features, label_sequence Labels, classifier<Features> Classifier>
xt::xtensor<double, 2> cross_val_predict_proba(const Classifier& classifier, const Features& features,
                                               const Labels& labels, const cross_validation_options& options)
{
    constexpr const char* function = "cross_val_predict_proba";
    return detail::predict_by_folds(classifier, features, detail::check_classes(labels, function), options, function);
}

}  // namespace labelerrors

#endif
