#ifndef LABELERRORS_MODEL_CLASSIFIER_HPP
#define LABELERRORS_MODEL_CLASSIFIER_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/model/features.hpp>

#include <concepts>
#include <cstddef>
#include <functional>
#include <span>
#include <type_traits>

namespace labelerrors
{

/// What a classifier may be told about a fit besides the examples.
struct fit_options
{
    // n weights, at least 0, of the examples in the loss; none: all weigh the same.
    std::span<const double> weights = {};
    // How many threads the fit may use; 0: as many as the classifier was made for.
    std::size_t threads = 0;
    // Called now and then, on the thread that fits, with the share of the work that is done, 0 .. 1. An exception that
    // it throws ends the fit and reaches the caller.
    std::function<void(double)> progress = {};
};

/// What a classifier may be told about a prediction besides the examples, where its `predict_proba` takes this as a
/// second argument.
struct predict_options
{
    // How many threads the prediction may use; 0: as many as the classifier was made for.
    std::size_t threads = 0;
    // Called now and then, on the thread that asks, with the share of the work that is done, 0 .. 1. An exception that
    // it throws ends the prediction and reaches the caller.
    std::function<void(double)> progress = {};
};

/// A classifier of features of type F: a value, copies of which learn apart from each other, with `fit` and
/// `predict_proba`. What it is given is taken_rows<F>: an xt::xtensor of the same elements for a matrix of numbers, F
/// itself for sparse_features and std::vector. This one knows no more than how frequent the classes are:
///
///     struct frequencies
///     {
///         std::vector<double> share;
///
///         void fit(const auto& features, std::span<const std::size_t> labels, std::size_t num_classes)
///         {
///             share.assign(num_classes, 0.0);
///             for (const std::size_t label : labels)
///                 share[label] += 1.0 / static_cast<double>(labels.size());
///         }
///
///         xt::xtensor<double, 2> predict_proba(const auto& features) const
///         {
///             auto rows = xt::xtensor<double, 2>::from_shape({labelerrors::num_feature_rows(features), share.size()});
///             for (std::size_t i = 0; i < rows.shape()[0]; ++i)
///                 std::copy(share.begin(), share.end(), rows.data() + i * share.size());
///             return rows;
///         }
///     };
///
/// `fit` forgets what was learnt before; `labels` has n classes below `num_classes`. `predict_proba` returns n rows of
/// num_classes probabilities that sum to 1. Copies are fitted by several threads at once: they must not share state,
/// so a handle to a model, such as a shared_ptr, needs a copy constructor that copies what it points at.
template <class C, class F>
concept classifier = feature_set<F> && std::copy_constructible<C> &&
    requires(C& learning, const C& learnt, const taken_rows<F>& features, std::span<const std::size_t> labels,
             std::size_t num_classes)
{
    learning.fit(features, labels, num_classes);
    // It may return a reference to what it keeps.
    requires probability_matrix<std::remove_cvref_t<decltype(learnt.predict_proba(features))>>;
};

/// A classifier whose `fit` takes fit_options too.
template <class C, class F>
concept tunable_classifier = classifier<C, F> &&
    requires(C& learning, const taken_rows<F>& features, std::span<const std::size_t> labels, std::size_t num_classes,
             const fit_options& options)
{
    learning.fit(features, labels, num_classes, options);
};

}  // namespace labelerrors

#endif
