#ifndef LABELERRORS_CORE_LATENT_HPP
#define LABELERRORS_CORE_LATENT_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/core/calibrate_confident_joint.hpp>
#include <labelerrors/core/confident_joint.hpp>
#include <labelerrors/core/latent_algebra.hpp>
#include <labelerrors/core/pairwise_sum.hpp>
#include <labelerrors/core/pred_probs_check.hpp>
#include <labelerrors/error.hpp>
#include <labelerrors/rows/row_blocks.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace labelerrors
{

/// Whether the three latent estimates are made to agree with each other in their algebra.
enum class convergence
{
    none,
    // 3 times: 5 times the inverse noise matrix from the prior and the prior from that, then the noise matrix.
    iterated,
};

/// What a confident joint says about the true labels.
struct latent_estimates
{
    xt::xtensor<double, 1> py;  // k: P(true label), sums to 1
    // k x k: P(given = row | true = column), columns sum to 1, or to 0 for a true label that the joint never has.
    xt::xtensor<double, 2> noise_matrix;
    // k x k: P(true = row | given = column), columns sum to 1, or to 0 for a given label that the joint never has.
    xt::xtensor<double, 2> inverse_noise_matrix;
};

/// What estimate_latent lets its caller choose where it starts from a confident joint.
struct estimate_latent_options
{
    // How the prior of the true labels is estimated.
    labelerrors::py_method py_method = labelerrors::py_method::cnt;
    // Whether the three estimates are made to agree.
    convergence converge = convergence::none;
};

namespace detail
{

/// estimate_latent, called by the name `function`.
template <count_matrix Matrix>
[[nodiscard]] latent_estimates estimate_latent_of(const Matrix& confident_joint,
                                                  std::span<const std::size_t> class_counts,
                                                  const estimate_latent_options& options, const char* function)
{
    require_counts(confident_joint, class_counts.size(), function, "confident_joint");
    const std::size_t k = class_counts.size();
    const std::size_t num_examples = num_examples_of(class_counts);
    if (num_examples == 0)
        throw value_error(std::string(function) + ": class_counts sums to 0; at least one example is needed");

    auto ps = xt::xtensor<double, 1>::from_shape({k});
    auto true_counts = xt::xtensor<double, 1>::from_shape({k});
    auto noise_matrix = xt::xtensor<double, 2>::from_shape({k, k});
    auto inverse = xt::xtensor<double, 2>::from_shape({k, k});
    const auto count = [&](std::size_t i, std::size_t j)
    {
        return static_cast<double>(confident_joint(i, j));
    };
    for (std::size_t j = 0; j < k; ++j)
    {
        ps(j) = static_cast<double>(class_counts[j]) / static_cast<double>(num_examples);
        true_counts(j) = pairwise_sum(k, [&](std::size_t i) { return count(i, j); });
    }
    for (std::size_t i = 0; i < k; ++i)
    {
        const double given_count = pairwise_sum(k, [&](std::size_t j) { return count(i, j); });
        for (std::size_t j = 0; j < k; ++j)
        {
            noise_matrix(i, j) = count(i, j) / std::max(true_counts(j), tiny);
            inverse(j, i) = count(i, j) / std::max(given_count, tiny);
        }
    }
    latent_estimates result{py_by(options.py_method, ps, noise_matrix, inverse, true_counts, function),
                            clip_noise_rates(std::move(noise_matrix)), clip_noise_rates(std::move(inverse))};
    if (options.converge == convergence::none)
        return result;

    constexpr int noise_matrix_rounds = 3;
    constexpr int inverse_rounds = 5;
    for (int outer = 0; outer < noise_matrix_rounds; ++outer)
    {
        for (int inner = 0; inner < inverse_rounds; ++inner)
        {
            result.inverse_noise_matrix = compute_inverse_noise_matrix(result.py, result.noise_matrix, ps);
            result.py = compute_py(ps, result.noise_matrix, result.inverse_noise_matrix, py_method::cnt, true_counts);
        }
        result.noise_matrix = compute_noise_matrix_from_inverse(ps, result.inverse_noise_matrix, result.py);
    }
    result.py = clip_to_distribution(std::move(result.py), 1e-5);
    result.noise_matrix = clip_noise_rates(std::move(result.noise_matrix));
    result.inverse_noise_matrix = clip_noise_rates(std::move(result.inverse_noise_matrix));
    return result;
}

}  // namespace detail

/// Estimates the prior of the true labels and both noise matrices from a confident joint.
///
/// `confident_joint`: k x k counts, raw or calibrated, row: given, column: true. `class_counts`: k label counts, n in
/// sum, n at least 1.
/// The prior is estimated before the noise rates are bounded to [0, 0.9999] off the diagonal.
/// Throws shape_error where the sizes differ; value_error for a count that is negative or not finite, for n = 0, and
/// for py_method::eqn where the noise matrix is singular, as it is where a class has no example. O(k^2), with
/// py_method::eqn O(k^3). Source: cleanlab.count.estimate_latent.
template <count_matrix Matrix>
[[nodiscard]] latent_estimates estimate_latent(const Matrix& confident_joint, std::span<const std::size_t> class_counts,
                                               const estimate_latent_options& options = {})
{
    return detail::estimate_latent_of(confident_joint, class_counts, options, "estimate_latent");
}

/// What estimate_latent lets its caller choose where it starts from predicted probabilities.
struct estimate_latent_from_probabilities_options
{
    // How the prior of the true labels is estimated.
    labelerrors::py_method py_method = labelerrors::py_method::cnt;
    // Whether the three estimates are made to agree.
    convergence converge = convergence::iterated;
    // Whether the confident joint is calibrated to the label counts first.
    calibration calibrate = calibration::to_label_counts;
    double tolerance = 1e-4;                                  // see pass_options
    std::size_t threads = 0;                                  // see pass_options
    std::function<void(const scan_progress&)> progress = {};  // see pass_options
};

/// The latent estimates and the confident joint that they were made from.
struct latent_from_probabilities
{
    latent_estimates latent;
    xt::xtensor<std::int64_t, 2> confident_joint;  // k x k counts, row: given, column: true
};

/// Estimates the prior of the true labels and both noise matrices from labels and predicted probabilities.
///
/// `labels`: n integers, 0 .. k - 1. `pred_probs`: n x k probabilities. Throws and costs as compute_confident_joint,
/// then as estimate_latent. Source: cleanlab.count.estimate_py_and_noise_matrices_from_probabilities.
template <label_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] latent_from_probabilities
estimate_latent_from_probabilities(const Labels& labels, const PredProbs& pred_probs,
                                   const estimate_latent_from_probabilities_options& options = {})
{
    constexpr const char* function = "estimate_latent_from_probabilities";
    return detail::with_checked_sums(
        labels, pred_probs, options, function,
        [&](const auto& rows, const auto& checked, auto&& sums)
        {
            const auto found =
                detail::scan_confident(rows, checked, detail::pass_options_of(options), function, std::move(sums));
            auto joint =
                detail::to_result(found, checked, detail::diagonal_floor::one, options.calibrate).confident_joint;
            auto latent = detail::estimate_latent_of(
                joint, checked.class_counts, {.py_method = options.py_method, .converge = options.converge}, function);
            return latent_from_probabilities{std::move(latent), std::move(joint)};
        });
}

/// The probabilities of the true labels that follow from those of the given labels: each column j times
/// inverse(j, j) / noise(j, j), bounded to [0, 1], each row divided by its sum.
///
/// `pred_probs`: n x k values, not checked for range. `noise_matrix`, `inverse_noise_matrix`: k x k.
/// Returns n x k. Throws shape_error where sizes differ; value_error, with the place, for a number that is not finite.
/// O(n k). Source: cleanlab.internal.latent_algebra.compute_pyx.
template <probability_matrix PredProbs>
[[nodiscard]] xt::xtensor<double, 2> compute_pyx(const PredProbs& pred_probs,
                                                 const xt::xtensor<double, 2>& noise_matrix,
                                                 const xt::xtensor<double, 2>& inverse_noise_matrix)
{
    constexpr const char* function = "compute_pyx";
    return with_rows(
        pred_probs, function,
        [&](const auto& rows)
        {
            const std::size_t k = rows.num_columns();
            constexpr const char* counted = "columns of pred_probs";
            detail::require_rates(noise_matrix, k, function, "noise_matrix", counted);
            detail::require_rates(inverse_noise_matrix, k, function, "inverse_noise_matrix", counted);
            auto pyx = xt::xtensor<double, 2>::from_shape({rows.num_rows(), k});
            std::vector<typename std::remove_cvref_t<decltype(rows)>::value_type> buffer;
            for (std::size_t i = 0; i < rows.num_rows(); ++i)
            {
                const auto* row = rows.read(i, 1, buffer);
                for (std::size_t j = 0; j < k; ++j)
                {
                    const auto value = static_cast<double>(row[j]);
                    if (!std::isfinite(value))
                        throw value_error(std::string(function) + ": pred_probs row " + std::to_string(i) +
                                          ", column " + std::to_string(j) + " is " + detail::to_text(value) +
                                          detail::finite_remedy);
                    pyx(i, j) = std::clamp(
                        value * inverse_noise_matrix(j, j) / std::max(noise_matrix(j, j), detail::tiny), 0.0, 1.0);
                }
                const double sum = std::max(pairwise_sum(k, [&](std::size_t j) { return pyx(i, j); }), detail::tiny);
                for (std::size_t j = 0; j < k; ++j)
                    pyx(i, j) /= sum;
            }
            return pyx;
        });
}

}  // namespace labelerrors

#endif
