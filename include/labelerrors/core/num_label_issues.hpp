#ifndef LABELERRORS_CORE_NUM_LABEL_ISSUES_HPP
#define LABELERRORS_CORE_NUM_LABEL_ISSUES_HPP

#include <labelerrors/core/calibrate_confident_joint.hpp>
#include <labelerrors/core/confident_joint.hpp>
#include <labelerrors/core/peers.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

namespace labelerrors
{

/// How the number of label issues is estimated.
enum class estimation_method
{
    // Examples counted off the diagonal of the confident joint whose label the model does not agree with.
    off_diagonal,
    // What the calibrated confident joint has off its diagonal.
    off_diagonal_calibrated,
};

/// What num_label_issues lets its caller choose.
struct num_label_issues_options
{
    // How the issues are counted.
    estimation_method method = estimation_method::off_diagonal;
    double tolerance = 1e-4;                                  // see pass_options
    std::size_t threads = 0;                                  // see pass_options
    std::function<void(const scan_progress&)> progress = {};  // see pass_options
};

/// Estimates how many labels are wrong from a confident joint of one's own (the reference's off_diagonal_custom): what
/// it has off its diagonal once calibrated.
///
/// `confident_joint`: k x k counts, row: given, column: true. `class_counts`: k label counts. Throws as
/// calibrate_confident_joint. O(k^2).
template <count_matrix Matrix>
[[nodiscard]] std::size_t num_label_issues(const Matrix& confident_joint, std::span<const std::size_t> class_counts);

namespace detail
{

/// How many examples a calibrated confident joint of the class counts has off its diagonal, half to even.
template <count_matrix Matrix>
[[nodiscard]] std::size_t num_off_diagonal_calibrated(const Matrix& confident_joint,
                                                      std::span<const std::size_t> class_counts)
{
    const auto calibrated =
        calibrate_counts(confident_joint, class_counts, summation_order::by_rows, "num_label_issues");
    std::int64_t total = 0;
    std::int64_t diagonal = 0;
    for (const std::int64_t count : calibrated)
        total += count;
    for (std::size_t j = 0; j < class_counts.size(); ++j)
        diagonal += calibrated(j, j);
    const double share = static_cast<double>(total - diagonal) / std::max(static_cast<double>(total), tiny);
    return static_cast<std::size_t>(std::nearbyint(share * static_cast<double>(num_examples_of(class_counts))));
}

/// How many of the examples counted off the diagonal the model contradicts. Both lists ascend.
[[nodiscard]] inline std::size_t num_off_diagonal(std::span<const std::size_t> off_diagonal,
                                                  std::span<const std::size_t> contradicted)
{
    std::size_t count = 0;
    auto at = contradicted.begin();
    for (const std::size_t row : off_diagonal)
    {
        at = std::lower_bound(at, contradicted.end(), row);
        count += at != contradicted.end() && *at == row ? 1u : 0u;
    }
    return count;
}

/// How many labels are wrong by what passes over all rows found.
template <std::integral Label, peer_processes Peers = alone>
[[nodiscard]] std::size_t num_label_issues_in(const confident_scan& found, const class_labels<Label>& labels,
                                              estimation_method method, const Peers& peers = {})
{
    if (method == estimation_method::off_diagonal)
        return sum_of_all(peers, num_off_diagonal(found.off_diagonal_rows(), found.contradicted));
    return num_off_diagonal_calibrated(
        to_result(found, labels, diagonal_floor::one, calibration::to_label_counts, peers).confident_joint,
        labels.class_counts);
}

}  // namespace detail

/// Estimates how many labels are wrong.
///
/// `labels`: n integers, 0 .. k - 1. `pred_probs`: n x k probabilities. Returns a number of examples, at most n.
/// Throws and costs as compute_confident_joint. Integers that turn out to have 2 dimensions and 1 are a confident joint
/// and class counts.
/// Source: cleanlab.count.num_label_issues; the calibrated estimate calibrates a joint that is calibrated already, and
/// so does the reference.
template <label_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] std::size_t num_label_issues(const Labels& labels, const PredProbs& pred_probs,
                                           const num_label_issues_options& options = {})
{
    constexpr const char* function = "num_label_issues";
    if constexpr (detail::may_be_joint_and_counts<Labels, PredProbs>)
        if (labels.dimension() == 2 && pred_probs.dimension() == 1)
        {
            const auto class_counts = detail::class_counts_of(pred_probs, function);
            return num_label_issues(labels, std::span(class_counts));
        }
    return detail::with_checked_sums(labels, pred_probs, options, function,
                                     [&](const auto& rows, const auto& checked, auto&& sums)
                                     {
                                         const auto found =
                                             detail::scan_confident(rows, checked, detail::pass_options_of(options),
                                                                    function, std::move(sums));
                                         return detail::num_label_issues_in(found, checked, options.method);
                                     });
}

/// How many labels are wrong by the off_diagonal estimate, from a confident joint that was made already. O(n) at most.
[[nodiscard]] inline std::size_t num_label_issues(const confident_joint_result& found)
{
    return detail::num_off_diagonal(found.off_diagonal_indices, found.contradicted_indices);
}

template <count_matrix Matrix>
std::size_t num_label_issues(const Matrix& confident_joint, std::span<const std::size_t> class_counts)
{
    return detail::num_off_diagonal_calibrated(confident_joint, class_counts);
}

}  // namespace labelerrors

#endif
