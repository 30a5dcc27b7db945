#ifndef LABELERRORS_CORE_GENERATE_NOISY_LABELS_HPP
#define LABELERRORS_CORE_GENERATE_NOISY_LABELS_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/core/class_labels.hpp>
#include <labelerrors/core/portable_random.hpp>
#include <labelerrors/core/pred_probs_check.hpp>
#include <labelerrors/error.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace labelerrors
{

/// What generate_noisy_labels lets its caller choose.
struct generate_noisy_labels_options
{
    // Which examples are mislabelled; the same on every platform. How many does not depend on it.
    std::uint64_t seed = 0;
};

/// Mislabels examples just as often as a noise matrix says: of the n_j examples of true label j, the whole part of
/// noise_matrix(i, j) * n_j are given label i, and the rest keep theirs. As the reference has it, that is computed as
/// noise_matrix(i, j) * (n_j / n) * n in doubles, which may be one less where it should be a whole number.
///
/// `true_labels`: n integers, 0 .. k - 1. `noise_matrix`: k x k, P(given: row | true: column), columns summing to 1.
/// Returns n given labels. Throws shape_error and value_error where the arguments are not so. O(n + k^2).
/// Source: cleanlab.benchmarking.noise_generation.generate_noisy_labels. Differs from cleanlab: other random numbers,
/// and a class that no example has is legal.
template <label_sequence Labels, count_matrix Matrix>
[[nodiscard]] xt::xtensor<std::int64_t, 1> generate_noisy_labels(const Labels& true_labels, const Matrix& noise_matrix,
                                                                 const generate_noisy_labels_options& options = {});

namespace detail
{

/// Refuses a matrix that is not k x k rates with columns that sum to 1; returns k.
template <count_matrix Matrix>
[[nodiscard]] std::size_t require_noise_matrix(const Matrix& matrix, const char* function)
{
    constexpr double slack = 1e-6;
    require_dimension(matrix, 2, function, "noise_matrix");
    const auto k = static_cast<std::size_t>(matrix.shape()[0]);
    if (k < 2 || static_cast<std::size_t>(matrix.shape()[1]) != k)
        throw shape_error(std::string(function) + ": noise_matrix must be k x k with k at least 2, not " +
                          std::to_string(k) + " x " + std::to_string(matrix.shape()[1]));
    for (std::size_t j = 0; j < k; ++j)
    {
        double sum = 0.0;
        for (std::size_t i = 0; i < k; ++i)
        {
            const auto rate = static_cast<double>(matrix(i, j));
            if (!(rate >= 0.0 && rate <= 1.0))
                throw value_error(std::string(function) + ": noise_matrix(" + std::to_string(i) + ", " +
                                  std::to_string(j) + ") is " + to_text(rate) + ", which is no probability");
            sum += rate;
        }
        if (std::abs(sum - 1.0) > slack)
            throw value_error(std::string(function) + ": column " + std::to_string(j) + " of noise_matrix sums to " +
                              to_text(sum) + ", not to 1: it must hold what becomes of the examples of true label " +
                              std::to_string(j));
    }
    return k;
}

}  // namespace detail

template <label_sequence Labels, count_matrix Matrix>
xt::xtensor<std::int64_t, 1> generate_noisy_labels(const Labels& true_labels, const Matrix& noise_matrix,
                                                   const generate_noisy_labels_options& options)
{
    constexpr const char* function = "generate_noisy_labels";
    const std::size_t k = detail::require_noise_matrix(noise_matrix, function);
    const auto given = detail::contiguous_labels(true_labels, function, "true_labels");
    const std::size_t n = given.values.size();
    if (n == 0)
        throw shape_error(std::string(function) + ": true_labels is empty; at least one example is needed");
    auto labels = xt::xtensor<std::int64_t, 1>::from_shape({n});
    std::vector<std::vector<std::size_t>> members(k);
    for (std::size_t i = 0; i < n; ++i)
    {
        const auto label = +given.values[i];
        if (std::cmp_less(label, 0) || std::cmp_greater_equal(label, k))
            throw value_error(std::string(function) + ": true_labels[" + std::to_string(i) + "] is " +
                              std::to_string(label) + ", but noise_matrix has " + std::to_string(k) +
                              " columns, so labels must be 0 to " + std::to_string(k - 1));
        labels(i) = static_cast<std::int64_t>(label);
        members[static_cast<std::size_t>(label)].push_back(i);
    }
    std::mt19937_64 random(options.seed);
    const auto num_examples = static_cast<double>(n);
    for (std::size_t j = 0; j < k; ++j)
    {
        std::vector<std::int64_t> noise;
        // The order of these operations decides what is a whole number.
        const double share = static_cast<double>(members[j].size()) / num_examples;
        for (std::size_t i = 0; i < k; ++i)
            if (i != j)
                noise.insert(noise.end(),
                             static_cast<std::size_t>(static_cast<double>(noise_matrix(i, j)) * share * num_examples),
                             static_cast<std::int64_t>(i));
        noise.resize(std::min(noise.size(), members[j].size()));
        detail::sample_to_front(random, std::span(members[j]), noise.size());
        for (std::size_t i = 0; i < noise.size(); ++i)
            labels(members[j][i]) = noise[i];
    }
    return labels;
}

}  // namespace labelerrors

#endif
