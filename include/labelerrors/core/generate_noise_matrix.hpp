#ifndef LABELERRORS_CORE_GENERATE_NOISE_MATRIX_HPP
#define LABELERRORS_CORE_GENERATE_NOISE_MATRIX_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/core/portable_random.hpp>
#include <labelerrors/core/pred_probs_check.hpp>
#include <labelerrors/error.hpp>
#include <labelerrors/rows/row_blocks.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace labelerrors
{

/// Whether a noise matrix must be one that can be learnt from; see noise_matrix_is_valid.
enum class noise_matrix_validity
{
    required,
    any,
};

/// What generate_noise_matrix_from_trace lets its caller choose.
struct noise_matrix_options
{
    double max_trace_prob = 1.0;       // no diagonal entry is above this
    double min_trace_prob = 1e-5;      // or below this
    double max_noise_rate = 1 - 1e-5;  // no other entry is above this
    double min_noise_rate = 0.0;       // or, unless it is zero by frac_zero_noise_rates, below this
    // Whether the matrix must be one that can be learnt from.
    noise_matrix_validity validity = noise_matrix_validity::required;
    // The k probabilities of the true labels, which sum to 1 (to 1e-6); needed for more than 2 classes where validity
    // is required, and then all above 0.
    std::vector<double> py = {};
    // The share of the k (k - 1) rates off the diagonal that are zero, 0 .. 1; a column that has noise at all keeps one
    // that is not. A column whose diagonal entry is drawn as 1 has none.
    double frac_zero_noise_rates = 0.0;
    std::uint64_t seed = 0;              // the same seed gives the same matrix on every platform
    std::size_t max_iterations = 10000;  // how many matrices to try
};

/// Whether labels with this noise can be learnt from: every class is given more often where it is true than if given
/// and true labels had nothing to do with each other, and the joint distribution sums to 1 (to 1e-6).
///
/// `noise_matrix`: k x k, P(given: row | true: column). `py`: k probabilities of the true labels.
/// Throws shape_error where the sizes differ. O(k^2).
/// Source: Northcutt, Jiang and Chuang 2021, section 4; cleanlab.benchmarking.noise_generation.noise_matrix_is_valid.
template <count_matrix Matrix>
[[nodiscard]] bool noise_matrix_is_valid(const Matrix& noise_matrix, std::span<const double> py)
{
    constexpr double slack = 1e-6;
    detail::require_dimension(noise_matrix, 2, "noise_matrix_is_valid", "noise_matrix");
    const std::size_t k = py.size();
    if (static_cast<std::size_t>(noise_matrix.shape()[0]) != k ||
        static_cast<std::size_t>(noise_matrix.shape()[1]) != k)
        throw shape_error("noise_matrix_is_valid: noise_matrix must be k x k with k = " + std::to_string(k) +
                          ", the size of py, not " + std::to_string(noise_matrix.shape()[0]) + " x " +
                          std::to_string(noise_matrix.shape()[1]));
    double total = 0.0;
    bool learnable = true;
    for (std::size_t i = 0; i < k; ++i)
    {
        double given = 0.0;
        for (std::size_t j = 0; j < k; ++j)
        {
            // Kept out of a fused multiply-add, which would decide ties another way than the reference does.
            const volatile double term = static_cast<double>(noise_matrix(i, j)) * py[j];
            given += term;
        }
        total += given;
        learnable = learnable && given * py[i] < static_cast<double>(noise_matrix(i, i)) * py[i];
    }
    return learnable && std::abs(total - 1.0) < slack;
}

/// Makes a random noise matrix with a given trace, to plant errors with (generate_noisy_labels).
///
/// `num_classes`: k, at least 2. `trace`: the sum of the diagonal, up to k, which is no noise; above 1 where validity
/// is required. The diagonal and the rates of each column are spread evenly over all that the bounds allow. Returns k x
/// k, P(given: row | true: column), columns summing to 1; nothing where none of max_iterations matrices was within the
/// bounds and valid.
/// Throws value_error for an option out of its range, bounds that exclude each other, a trace outside of theirs, and py
/// of another size than k, or by which no matrix is valid. O(k^2 log k) a matrix.
/// Source: cleanlab.benchmarking.noise_generation.generate_noise_matrix_from_trace. Differs from cleanlab: other random
/// numbers, and two classes keep to the bounds and to py too.
[[nodiscard]] std::optional<xt::xtensor<double, 2>>
generate_noise_matrix_from_trace(std::size_t num_classes, double trace, const noise_matrix_options& options = {});

namespace detail
{

/// Refuses probabilities of the true labels that are not k, or do not sum to 1.
inline void require_true_shares(std::span<const double> py, std::size_t k, const std::string& name)
{
    constexpr double slack = 1e-6;
    if (py.size() != k)
        throw value_error(name + "py must have " + std::to_string(k) + " probabilities, not " +
                          std::to_string(py.size()) + ": whether a matrix is valid depends on them");
    double sum = 0.0;
    for (std::size_t j = 0; j < k; ++j)
    {
        if (!(py[j] >= 0.0 && py[j] <= 1.0))
            throw value_error(name + "py[" + std::to_string(j) + "] is " + to_text(py[j]) +
                              ", which is no probability");
        sum += py[j];
    }
    if (std::abs(sum - 1.0) >= slack)
        throw value_error(name + "py sums to " + to_text(sum) +
                          ", not to 1: it must hold the probabilities of all true labels");
}

inline void require_noise(std::size_t k, double trace, const noise_matrix_options& options)
{
    const std::string name = "generate_noise_matrix_from_trace: ";
    const auto size = static_cast<double>(k);
    if (k < 2)
        throw value_error(name + "num_classes must be at least 2, not " + std::to_string(k));
    const auto in_unit = [&](double value, const char* argument)
    {
        if (!(value >= 0.0 && value <= 1.0))
            throw value_error(name + argument + " must be between 0 and 1, not " + to_text(value));
    };
    in_unit(options.max_trace_prob, "max_trace_prob");
    in_unit(options.min_trace_prob, "min_trace_prob");
    in_unit(options.max_noise_rate, "max_noise_rate");
    in_unit(options.min_noise_rate, "min_noise_rate");
    in_unit(options.frac_zero_noise_rates, "frac_zero_noise_rates");
    if (options.min_noise_rate > options.max_noise_rate)
        throw value_error(name + "min_noise_rate must not be above max_noise_rate, " + to_text(options.max_noise_rate) +
                          ", but is " + to_text(options.min_noise_rate));
    if (options.min_trace_prob > options.max_trace_prob)
        throw value_error(name + "min_trace_prob must not be above max_trace_prob, " + to_text(options.max_trace_prob) +
                          ", but is " + to_text(options.min_trace_prob));
    if (!(trace >= size * options.min_trace_prob && trace <= size * options.max_trace_prob))
        throw value_error(name + "trace must be from k * min_trace_prob to k * max_trace_prob, " +
                          to_text(size * options.min_trace_prob) + " to " + to_text(size * options.max_trace_prob) +
                          ", not " + to_text(trace));
    const bool any = options.validity == noise_matrix_validity::any;
    if (!options.py.empty() || (k > 2 && !any))
        require_true_shares(options.py, k, name);
    if (any)
        return;
    if (trace <= 1.0)
        throw value_error(name + "trace must be above 1 for a valid matrix, not " + to_text(trace) +
                          "; for any matrix set validity to any");
    for (std::size_t j = 0; j < options.py.size(); ++j)
        if (options.py[j] == 0.0)
            throw value_error(name + "py[" + std::to_string(j) +
                              "] must be above 0 for a valid matrix, not 0; for any matrix set validity to any");
}

/// How many rates of each column of the ones named are not zero: at least one each.
[[nodiscard]] inline std::vector<std::size_t> nonzero_rates(std::mt19937_64& random, std::size_t k,
                                                            std::span<const std::size_t> noisy_columns,
                                                            double frac_zero_noise_rates)
{
    const auto wanted =
        static_cast<std::size_t>(static_cast<double>(k) * static_cast<double>(k - 1) * frac_zero_noise_rates);
    const std::size_t there = (k - noisy_columns.size()) * (k - 1);
    // A place for each rate that may be zero.
    std::vector<std::size_t> places(noisy_columns.size() * (k - 2));
    for (std::size_t place = 0; place < places.size(); ++place)
        places[place] = place / (k - 2);
    const std::size_t count = std::min(wanted > there ? wanted - there : 0, places.size());
    sample_to_front(random, std::span(places), count);
    std::vector<std::size_t> rates(noisy_columns.size(), k - 1);
    for (std::size_t i = 0; i < count; ++i)
        --rates[places[i]];
    return rates;
}

/// One try; nothing where the diagonal leaves a column no rates within the bounds.
[[nodiscard]] inline std::optional<xt::xtensor<double, 2>>
draw_noise_matrix(std::mt19937_64& random, std::size_t k, double trace, const noise_matrix_options& options)
{
    constexpr double slack = 1e-9;
    auto diagonal = random_parts(random, k, trace, options.min_trace_prob, options.max_trace_prob);
    if (k == 2 && options.frac_zero_noise_rates >= 0.5)
    {
        // One of the two rates is zero.
        const auto clean = static_cast<std::size_t>(uniform_below(random, 2));
        diagonal[clean] = 1.0;
        diagonal[1 - clean] = trace - 1.0;
    }
    std::vector<std::size_t> noisy;
    for (std::size_t j = 0; j < k; ++j)
    {
        if (diagonal[j] < options.min_trace_prob - slack || diagonal[j] > options.max_trace_prob + slack)
            return std::nullopt;
        if (diagonal[j] < 1.0)
            noisy.push_back(j);
    }
    const auto rates = nonzero_rates(random, k, noisy, options.frac_zero_noise_rates);
    xt::xtensor<double, 2> matrix = xt::xtensor<double, 2>::from_shape({k, k});
    matrix.fill(0.0);
    for (std::size_t j = 0; j < k; ++j)
        matrix(j, j) = diagonal[j];
    std::vector<std::size_t> rows(k - 1);
    for (std::size_t i = 0; i < noisy.size(); ++i)
    {
        const std::size_t column = noisy[i];
        const double noise = 1.0 - diagonal[column];
        const auto count = static_cast<double>(rates[i]);
        if (noise < count * options.min_noise_rate - slack || noise > count * options.max_noise_rate + slack)
            return std::nullopt;
        for (std::size_t row = 0; row < k - 1; ++row)
            rows[row] = row < column ? row : row + 1;
        sample_to_front(random, std::span(rows), rates[i]);
        const auto parts = random_parts(random, rates[i], noise, options.min_noise_rate, options.max_noise_rate);
        for (std::size_t row = 0; row < parts.size(); ++row)
            matrix(rows[row], column) = parts[row];
    }
    return matrix;
}

}  // namespace detail

inline std::optional<xt::xtensor<double, 2>> generate_noise_matrix_from_trace(std::size_t num_classes, double trace,
                                                                              const noise_matrix_options& options)
{
    detail::require_noise(num_classes, trace, options);
    std::mt19937_64 random(options.seed);
    // Without the true labels' probabilities there are two classes, of which every matrix with a trace above 1 is
    // valid.
    const bool all_valid = options.validity == noise_matrix_validity::any || options.py.empty();
    for (std::size_t i = 0; i < options.max_iterations; ++i)
    {
        auto matrix = detail::draw_noise_matrix(random, num_classes, trace, options);
        if (matrix && (all_valid || noise_matrix_is_valid(*matrix, options.py)))
            return matrix;
    }
    return std::nullopt;
}

}  // namespace labelerrors

#endif
