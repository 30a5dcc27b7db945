#ifndef LABELERRORS_MODEL_LOGISTIC_REGRESSION_HPP
#define LABELERRORS_MODEL_LOGISTIC_REGRESSION_HPP

#include <labelerrors/error.hpp>
#include <labelerrors/model/checked_classes.hpp>
#include <labelerrors/model/classifier.hpp>
#include <labelerrors/model/column_scaling.hpp>
#include <labelerrors/model/design.hpp>
#include <labelerrors/model/features.hpp>
#include <labelerrors/model/lbfgs.hpp>
#include <labelerrors/model/logistic_regression_options.hpp>
#include <labelerrors/model/run_parts.hpp>
#include <labelerrors/model/softmax_loss.hpp>
#include <labelerrors/model/sparse_features.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <numeric>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace labelerrors
{

/// Multinomial logistic regression with an L2 penalty: a softmax of linear functions of the features. A classifier for
/// matrices of numbers and for sparse_features, computed in float where the features are floats and else in double.
///
/// The penalty is on the weights of standardised features where those are standardised. The optimum is that of
/// sklearn.linear_model.LogisticRegression(C) of the same features. Differs from sklearn: two classes have weights
/// each, which share the penalty, so that the optimum is that of LogisticRegression(2 * C) there.
/// A fit takes O(n d k) an iteration; memory O(d k), 20 times at most for the history, and blocks of rows.
class logistic_regression
{
public:
    /// Throws value_error where an option is out of its range.
    explicit logistic_regression(const logistic_regression_options& options = {});

    /// Learns from n examples of d features. `labels`: n, below `num_classes`, k, at least two different ones.
    /// Throws shape_error where sizes differ or are 0; value_error for a label that is not below k, for labels that are
    /// all the same, for weights that are negative or not finite or all 0, or so small that C times their sum is not a
    /// normal number, and, with the place, for features that are not finite; and where features, standardised or not,
    /// or weights are so large that the gradient of the loss overflows. Constant features are legal. A fit that does
    /// not converge is a result; see report. What was learnt before stays where anything is thrown.
    template <class Features>
        requires dense_features<Features> || std::same_as<Features, sparse_features<typename Features::value_type>>
    void fit(const Features& features, std::span<const std::size_t> labels, std::size_t num_classes,
             const fit_options& options = {});

    /// The probabilities, n x k, of examples of the same d features. Throws shape_error where nothing was learnt yet or
    /// d differs; value_error, with the place, for features that are not finite, and for a row so far from the examples
    /// of the fit that the largest of its k sums of weighted features is no finite number of their type. O(n d k).
    template <class Features>
        requires dense_features<Features> || std::same_as<Features, sparse_features<typename Features::value_type>>
    [[nodiscard]] xt::xtensor<double, 2> predict_proba(const Features& features,
                                                       const predict_options& options = {}) const;

    /// How the last fit ended.
    [[nodiscard]] const fit_report& report() const noexcept
    {
        return learnt_.report;
    }

    /// The weights of the features as they were given, d x k. O(d k).
    [[nodiscard]] xt::xtensor<double, 2> weights() const;

    /// The k biases that go with weights(). O(d k).
    [[nodiscard]] xt::xtensor<double, 1> biases() const;

private:
    /// What a fit leaves, put in place as a whole once nothing can be thrown any more.
    struct learnt_model
    {
        std::size_t num_features = 0;
        std::size_t num_classes = 0;
        column_scaling scaling = {};
        std::vector<double> parameters = {};  // (d + 1) x k, the biases last
        fit_report report = {};
    };

    /// Fills in the parameters and the report of `learning`.
    template <class Design>
    void fit_design(const Design& design, std::span<const std::size_t> labels, const fit_options& options,
                    learnt_model& learning) const;

    template <class Design>
    [[nodiscard]] xt::xtensor<double, 2> predict_design(const Design& design, const predict_options& options) const;

    logistic_regression_options options_;
    learnt_model learnt_;
};

inline logistic_regression::logistic_regression(const logistic_regression_options& options) : options_(options)
{
    const auto require_above_0 = [](double value, const std::string& option)
    {
        if (!(value > 0.0) || !std::isnormal(value))
            throw value_error("logistic_regression: " + option + " must be a normal number above 0, not " +
                              labelerrors::detail::to_text(value));
    };
    require_above_0(options.C, "C");
    require_above_0(options.tolerance, "tolerance");
    if (options.max_iterations == 0)
        throw value_error("logistic_regression: max_iterations must be at least 1, not 0");
}

template <class Features>
    requires dense_features<Features> || std::same_as<Features, sparse_features<typename Features::value_type>>
void logistic_regression::fit(const Features& features, std::span<const std::size_t> labels, std::size_t num_classes,
                              const fit_options& options)
{
    constexpr const char* function = "logistic_regression::fit";
    learnt_model learning;
    const auto begin = [&](std::size_t rows, std::size_t columns)
    {
        detail::require_examples(rows, labels, num_classes, options.weights, function);
        if (columns >= detail::most_parameters / num_classes)
            throw value_error(std::string(function) + ": num_classes is " + std::to_string(num_classes) + ", for " +
                              std::to_string(columns) + " features: more weights than can be counted");
        learning.num_features = columns;
        learning.num_classes = num_classes;
    };
    if constexpr (dense_features<Features>)
        detail::with_feature_rows(features, function,
                                  [&](const auto& rows)
                                  {
                                      begin(rows.num_rows(), rows.num_columns());
                                      using T = typename std::remove_cvref_t<decltype(rows)>::value_type;
                                      if (options_.scaling == feature_scaling::standardize)
                                          learning.scaling = detail::round_to<T>(measure_columns(rows, function));
                                      else
                                          detail::require_finite_features(features, function);
                                      fit_design(detail::dense_design(rows, learning.scaling), labels, options,
                                                 learning);
                                  });
    else
    {
        features.require_valid(function);
        begin(features.num_rows(), features.num_columns);
        fit_design(detail::sparse_design(features), labels, options, learning);
    }
    learnt_ = std::move(learning);
}

template <class Design>
void logistic_regression::fit_design(const Design& design, std::span<const std::size_t> labels,
                                     const fit_options& options, learnt_model& learning) const
{
    double weight = static_cast<double>(labels.size());
    if (!options.weights.empty())
        weight = std::accumulate(options.weights.begin(), options.weights.end(), 0.0);
    if (!std::isnormal(options_.C * weight))
        throw value_error("logistic_regression::fit: C is " + labelerrors::detail::to_text(options_.C) +
                          " and the weights sum to " + labelerrors::detail::to_text(weight) +
                          ", whose product is not a normal number; scale the weights or C");
    const detail::softmax_loss loss(design, labels, learning.num_classes, options.weights, 1.0 / (options_.C * weight),
                                    options.threads == 0 ? options_.threads : options.threads);
    bool has_started = false;
    const auto evaluate = [&](std::span<const double> point, std::span<double> gradient)
    {
        const double value = loss(point, gradient);
        // It starts from weights of 0, where nothing else can be too large.
        if (!std::exchange(has_started, true) && !detail::can_start(value, gradient))
            throw value_error("logistic_regression::fit: features or weights are too large to be learnt from: the "
                              "gradient of the loss overflows; scale them down or standardise the features");
        return value;
    };
    double first_norm = 0.0;
    double told = 0.0;
    const auto report = [&](std::size_t iteration, double norm)
    {
        if (!options.progress)
            return;
        // The gradient falls by about the same factor with each step.
        first_norm = std::max(first_norm, norm);
        const double by_norm = std::log(first_norm / std::max(norm, options_.tolerance)) /
                               std::max(std::log(first_norm / options_.tolerance), 1e-9);
        const double by_count = static_cast<double>(iteration) / static_cast<double>(options_.max_iterations);
        // But not with every one.
        told = std::clamp(std::max(by_norm, by_count), told, 1.0);
        options.progress(told);
    };
    auto found = minimize_lbfgs(
        evaluate, std::vector<double>(loss.num_parameters(), 0.0),
        {.tolerance = options_.tolerance, .max_iterations = options_.max_iterations, .progress = report});
    learning.parameters = std::move(found.point);
    learning.report = {found.converged, found.iterations, found.gradient_norm, found.value};
}

template <class Features>
    requires dense_features<Features> || std::same_as<Features, sparse_features<typename Features::value_type>>
        xt::xtensor<double, 2> logistic_regression::predict_proba(const Features& features,
                                                                  const predict_options& options)
const
{
    constexpr const char* function = "logistic_regression::predict_proba";
    const auto begin = [&](std::size_t columns)
    {
        if (learnt_.parameters.empty())
            throw shape_error(std::string(function) + ": nothing was learnt yet; call fit first");
        if (columns != learnt_.num_features)
            throw shape_error(std::string(function) + ": features must have the " +
                              std::to_string(learnt_.num_features) + " columns that fit was given, not " +
                              std::to_string(columns));
    };
    detail::require_finite_features(features, function);
    if constexpr (dense_features<Features>)
        return detail::with_feature_rows(features, function,
                                         [&](const auto& rows)
                                         {
                                             begin(rows.num_columns());
                                             return predict_design(detail::dense_design(rows, learnt_.scaling),
                                                                   options);
                                         });
    else
    {
        begin(features.num_columns);
        return predict_design(detail::sparse_design(features), options);
    }
}

template <class Design>
xt::xtensor<double, 2> logistic_regression::predict_design(const Design& design, const predict_options& options) const
{
    using T = typename Design::value_type;
    const std::size_t n = design.num_rows();
    const std::size_t k = learnt_.num_classes;
    const auto size = static_cast<std::ptrdiff_t>(learnt_.num_features * k);
    const std::vector<double>& parameters = learnt_.parameters;
    const std::vector<T> weights(parameters.begin(), parameters.begin() + size);
    const std::span<const double> biases(parameters.data() + size, k);
    auto pred_probs = xt::xtensor<double, 2>::from_shape({n, k});
    // Blocks begin at multiples of their size: which block an example is in does not depend on the threads.
    constexpr std::size_t step = 32;
    constexpr std::size_t blocks_per_part = 32;
    const std::size_t num_blocks = (n + step - 1) / step;
    detail::run_told_parts(
        (num_blocks + blocks_per_part - 1) / blocks_per_part, options.threads == 0 ? options_.threads : options.threads,
        [&](std::size_t part, const std::atomic<bool>&)
        {
            typename Design::block rows;
            std::vector<T> logits(step * k);
            const std::size_t end = std::min(n, (part + 1) * blocks_per_part * step);
            for (std::size_t first = part * blocks_per_part * step; first < end; first += step)
            {
                const std::size_t count = std::min(step, end - first);
                design.load(first, count, rows);
                design.multiply_weights(rows, weights.data(), k, logits.data());
                for (std::size_t i = 0; i < count; ++i)
                    if (!std::isfinite(detail::to_probabilities(logits.data() + i * k, biases,
                                                                pred_probs.data() + (first + i) * k)))
                        throw value_error("logistic_regression::predict_proba: features row " +
                                          std::to_string(first + i) +
                                          " is so far from the examples of the fit that its probabilities overflow; "
                                          "leave it out or scale it down");
            }
        },
        options.progress);
    return pred_probs;
}

inline xt::xtensor<double, 2> logistic_regression::weights() const
{
    const std::size_t k = learnt_.num_classes;
    const column_scaling& scaling = learnt_.scaling;
    auto result = xt::xtensor<double, 2>::from_shape({learnt_.num_features, k});
    for (std::size_t j = 0; j < result.size(); ++j)
        result.data()[j] = learnt_.parameters[j] * (scaling.is_identity() ? 1.0 : scaling.inverse_deviations[j / k]);
    return result;
}

inline xt::xtensor<double, 1> logistic_regression::biases() const
{
    const std::size_t k = learnt_.num_classes;
    const std::size_t size = learnt_.num_features * k;
    const std::vector<double>& parameters = learnt_.parameters;
    const column_scaling& scaling = learnt_.scaling;
    auto result = xt::xtensor<double, 1>::from_shape({k});
    std::copy(parameters.begin() + static_cast<std::ptrdiff_t>(size), parameters.end(), result.begin());
    if (!scaling.is_identity())
        for (std::size_t j = 0; j < size; ++j)
            result(j % k) -= parameters[j] * scaling.means[j / k] * scaling.inverse_deviations[j / k];
    return result;
}

}  // namespace labelerrors

#endif
