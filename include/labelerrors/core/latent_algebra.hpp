#ifndef LABELERRORS_CORE_LATENT_ALGEBRA_HPP
#define LABELERRORS_CORE_LATENT_ALGEBRA_HPP

#include <labelerrors/core/calibrate_confident_joint.hpp>
#include <labelerrors/core/pairwise_sum.hpp>
#include <labelerrors/core/xblas_config.hpp>
#include <labelerrors/error.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <xtensor-blas/xlinalg.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <utility>

// Relations between the prior of the given labels ps (k), the prior of the true labels py (k), the noise matrix
// P(given = row | true = column) and the inverse noise matrix P(true = row | given = column), both k x k with columns
// that sum to 1. Source: Northcutt, Jiang and Chuang 2021, section 3; cleanlab.internal.latent_algebra.
namespace labelerrors
{

/// How the prior of the true labels is estimated.
enum class py_method
{
    cnt,          // inverse(j, j) / noise(j, j) * ps(j): from the diagonals alone, the most robust
    eqn,          // the solution of noise_matrix * py = ps
    marginal,     // the share of each true label in the confident joint
    marginal_ps,  // inverse_noise_matrix * ps
};

namespace detail
{

/// Refuses numbers that are not finite; `remedy` says what to do. O(size).
template <std::size_t N>
void require_finite_numbers(const xt::xtensor<double, N>& numbers, const char* function, const char* argument,
                            const char* remedy = "see whether counts were divided by those of a class without examples")
{
    const auto bad = std::find_if(numbers.begin(), numbers.end(), [](double value) { return !std::isfinite(value); });
    if (bad == numbers.end())
        return;
    const auto at = static_cast<std::size_t>(bad - numbers.begin());
    const std::string place =
        N == 1 ? std::to_string(at)
               : std::to_string(at / numbers.shape()[N - 1]) + ", " + std::to_string(at % numbers.shape()[N - 1]);
    throw value_error(std::string(function) + ": " + argument + "(" + place + ") is " +
                      (std::isnan(*bad) ? "NaN" : "infinite") + ", not a finite number; " + remedy);
}

/// clip_noise_rates of a matrix that has been checked.
[[nodiscard]] inline xt::xtensor<double, 2> clip_checked_rates(xt::xtensor<double, 2> matrix)
{
    const std::size_t k = matrix.shape()[0];
    for (std::size_t i = 0; i < k; ++i)
        for (std::size_t j = 0; j < k; ++j)
            if (i != j)
                matrix(i, j) = std::clamp(matrix(i, j), 0.0, 0.9999);
    for (std::size_t j = 0; j < k; ++j)
    {
        const double sum = std::max(pairwise_sum(k, [&](std::size_t i) { return matrix(i, j); }), tiny);
        for (std::size_t i = 0; i < k; ++i)
            matrix(i, j) /= sum;
    }
    return matrix;
}

/// Bounds each share to [low, 1] and divides by their sum.
[[nodiscard]] inline xt::xtensor<double, 1> clip_to_distribution(xt::xtensor<double, 1> shares, double low)
{
    for (double& share : shares)
        share = std::clamp(share, low, 1.0);
    const double sum = std::max(pairwise_sum(shares.size(), [&](std::size_t j) { return shares(j); }), tiny);
    for (double& share : shares)
        share /= sum;
    return shares;
}

/// Refuses a matrix that is not k x k, or has a number that is not finite; `counted` says what there are k of.
inline void require_rates(const xt::xtensor<double, 2>& matrix, std::size_t k, const char* function,
                          const char* argument, const char* counted = "priors")
{
    if (matrix.shape()[0] != k || matrix.shape()[1] != k || k == 0)
        throw shape_error(std::string(function) + ": " + argument + " must be k x k with k = " + std::to_string(k) +
                          ", the number of " + counted + ", not " + std::to_string(matrix.shape()[0]) + " x " +
                          std::to_string(matrix.shape()[1]));
    require_finite_numbers(matrix, function, argument);
}

/// Refuses a prior that is not of k classes, or has a number that is not finite.
inline void require_prior(const xt::xtensor<double, 1>& prior, std::size_t k, const char* function,
                          const char* argument)
{
    if (prior.size() != k)
        throw shape_error(std::string(function) + ": " + argument + " must have k = " + std::to_string(k) +
                          " values, not " + std::to_string(prior.size()));
    require_finite_numbers(prior, function, argument);
}

/// compute_py, called by the name `function`.
[[nodiscard]] inline xt::xtensor<double, 1> py_by(py_method method, const xt::xtensor<double, 1>& ps,
                                                  const xt::xtensor<double, 2>& noise_matrix,
                                                  const xt::xtensor<double, 2>& inverse_noise_matrix,
                                                  const xt::xtensor<double, 1>& true_counts, const char* function)
{
    const std::size_t k = ps.size();
    require_rates(noise_matrix, k, function, "noise_matrix");
    require_rates(inverse_noise_matrix, k, function, "inverse_noise_matrix");
    require_finite_numbers(ps, function, "ps");
    auto py = xt::xtensor<double, 1>::from_shape({k});
    switch (method)
    {
    case py_method::cnt:
        for (std::size_t j = 0; j < k; ++j)
            py(j) = inverse_noise_matrix(j, j) / std::max(noise_matrix(j, j), tiny) * ps(j);
        break;
    case py_method::eqn:
        try
        {
            py = xt::linalg::solve(noise_matrix, ps);
        }
        catch (const std::runtime_error&)
        {
            py.fill(std::nan(""));
        }
        if (!std::all_of(py.begin(), py.end(), [](double share) { return std::isfinite(share); }))
            throw value_error(std::string(function) +
                              ": py_method eqn needs a noise matrix that can be inverted; this one is "
                              "singular (does a class have no example?); use cnt");
        break;
    case py_method::marginal:
    {
        if (true_counts.size() != k)
            throw shape_error(std::string(function) + ": true_counts must have k = " + std::to_string(k) +
                              " counts, not " + std::to_string(true_counts.size()));
        require_finite_numbers(true_counts, function, "true_counts");
        const double sum = std::max(pairwise_sum(k, [&](std::size_t j) { return true_counts(j); }), tiny);
        for (std::size_t j = 0; j < k; ++j)
            py(j) = true_counts(j) / sum;
        break;
    }
    case py_method::marginal_ps:
        for (std::size_t i = 0; i < k; ++i)
            py(i) = pairwise_sum(k, [&](std::size_t j) { return inverse_noise_matrix(i, j) * ps(j); });
        break;
    }
    return clip_to_distribution(std::move(py), 1e-6);
}

}  // namespace detail

/// Bounds the noise rates, the entries off the diagonal, to [0, 0.9999] and divides each column by its sum.
/// Throws shape_error where `matrix` is not square or has no class; value_error, with the place, for a number that is
/// not finite. O(k^2).
[[nodiscard]] inline xt::xtensor<double, 2> clip_noise_rates(xt::xtensor<double, 2> matrix)
{
    constexpr const char* function = "clip_noise_rates";
    if (matrix.shape()[0] != matrix.shape()[1] || matrix.size() == 0)
        throw shape_error(std::string(function) + ": matrix must be k x k, a row and a column for each class, not " +
                          std::to_string(matrix.shape()[0]) + " x " + std::to_string(matrix.shape()[1]));
    detail::require_finite_numbers(matrix, function, "matrix");
    return detail::clip_checked_rates(std::move(matrix));
}

/// The prior of the true labels, by one of four methods; at least 1e-6 for each class before it is normalised.
/// `true_counts`: k counts of true labels, the column sums of a confident joint; read by py_method::marginal only.
/// Throws shape_error where sizes differ; value_error, with the place, for a number that is not finite, and where
/// py_method::eqn meets a singular noise matrix. O(k^2), O(k^3) for eqn (LAPACK).
[[nodiscard]] inline xt::xtensor<double, 1> compute_py(const xt::xtensor<double, 1>& ps,
                                                       const xt::xtensor<double, 2>& noise_matrix,
                                                       const xt::xtensor<double, 2>& inverse_noise_matrix,
                                                       py_method method, const xt::xtensor<double, 1>& true_counts)
{
    return detail::py_by(method, ps, noise_matrix, inverse_noise_matrix, true_counts, "compute_py");
}

/// The inverse noise matrix that follows from the noise matrix and both priors, by Bayes' rule. O(k^2).
/// Throws shape_error where sizes differ; value_error, with the place, for a number that is not finite.
[[nodiscard]] inline xt::xtensor<double, 2> compute_inverse_noise_matrix(const xt::xtensor<double, 1>& py,
                                                                         const xt::xtensor<double, 2>& noise_matrix,
                                                                         const xt::xtensor<double, 1>& ps)
{
    constexpr const char* function = "compute_inverse_noise_matrix";
    const std::size_t k = py.size();
    detail::require_rates(noise_matrix, k, function, "noise_matrix");
    detail::require_finite_numbers(py, function, "py");
    detail::require_prior(ps, k, function, "ps");
    auto inverse = xt::xtensor<double, 2>::from_shape({k, k});
    for (std::size_t given = 0; given < k; ++given)
        for (std::size_t j = 0; j < k; ++j)
            inverse(j, given) = noise_matrix(given, j) * py(j) / std::max(ps(given), detail::tiny);
    return detail::clip_checked_rates(std::move(inverse));
}

/// The same with the prior of the given labels that the noise matrix and `py` imply.
[[nodiscard]] inline xt::xtensor<double, 2> compute_inverse_noise_matrix(const xt::xtensor<double, 1>& py,
                                                                         const xt::xtensor<double, 2>& noise_matrix)
{
    const std::size_t k = py.size();
    detail::require_rates(noise_matrix, k, "compute_inverse_noise_matrix", "noise_matrix");
    auto ps = xt::xtensor<double, 1>::from_shape({k});
    for (std::size_t given = 0; given < k; ++given)
        ps(given) = pairwise_sum(k, [&](std::size_t j) { return noise_matrix(given, j) * py(j); });
    return compute_inverse_noise_matrix(py, noise_matrix, ps);
}

/// The noise matrix that follows from the inverse noise matrix and both priors, by Bayes' rule. O(k^2).
/// Throws shape_error where sizes differ; value_error, with the place, for a number that is not finite.
[[nodiscard]] inline xt::xtensor<double, 2>
compute_noise_matrix_from_inverse(const xt::xtensor<double, 1>& ps, const xt::xtensor<double, 2>& inverse_noise_matrix,
                                  const xt::xtensor<double, 1>& py)
{
    constexpr const char* function = "compute_noise_matrix_from_inverse";
    const std::size_t k = ps.size();
    detail::require_rates(inverse_noise_matrix, k, function, "inverse_noise_matrix");
    detail::require_finite_numbers(ps, function, "ps");
    detail::require_prior(py, k, function, "py");
    auto noise = xt::xtensor<double, 2>::from_shape({k, k});
    for (std::size_t given = 0; given < k; ++given)
        for (std::size_t j = 0; j < k; ++j)
            noise(given, j) = inverse_noise_matrix(j, given) * ps(given) / std::max(py(j), detail::tiny);
    return detail::clip_checked_rates(std::move(noise));
}

/// The same with the prior of the true labels that the inverse noise matrix and `ps` imply.
[[nodiscard]] inline xt::xtensor<double, 2>
compute_noise_matrix_from_inverse(const xt::xtensor<double, 1>& ps, const xt::xtensor<double, 2>& inverse_noise_matrix)
{
    const std::size_t k = ps.size();
    detail::require_rates(inverse_noise_matrix, k, "compute_noise_matrix_from_inverse", "inverse_noise_matrix");
    auto py = xt::xtensor<double, 1>::from_shape({k});
    for (std::size_t j = 0; j < k; ++j)
        py(j) = pairwise_sum(k, [&](std::size_t given) { return inverse_noise_matrix(j, given) * ps(given); });
    return compute_noise_matrix_from_inverse(ps, inverse_noise_matrix, py);
}

/// The prior of the true labels and the inverse noise matrix from the noise matrix and the prior of the given labels.
struct py_and_inverse
{
    xt::xtensor<double, 1> py;
    xt::xtensor<double, 2> inverse_noise_matrix;
};

/// Solves noise_matrix * py = ps and applies Bayes' rule. O(k^3). Throws as compute_py with py_method::eqn.
[[nodiscard]] inline py_and_inverse compute_py_and_inverse_noise_matrix(const xt::xtensor<double, 1>& ps,
                                                                        const xt::xtensor<double, 2>& noise_matrix)
{
    auto py = detail::py_by(py_method::eqn, ps, noise_matrix, noise_matrix, ps, "compute_py_and_inverse_noise_matrix");
    auto inverse = compute_inverse_noise_matrix(py, noise_matrix, ps);
    return {std::move(py), std::move(inverse)};
}

}  // namespace labelerrors

#endif
