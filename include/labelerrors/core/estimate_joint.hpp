#ifndef LABELERRORS_CORE_ESTIMATE_JOINT_HPP
#define LABELERRORS_CORE_ESTIMATE_JOINT_HPP

#include <labelerrors/core/confident_joint.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace labelerrors
{

namespace detail
{

/// A matrix of counts as shares of their sum.
[[nodiscard]] inline xt::xtensor<double, 2> shares(const xt::xtensor<std::int64_t, 2>& counts)
{
    std::int64_t total = 0;
    for (const std::int64_t count : counts)
        total += count;
    const double denominator = std::max(static_cast<double>(total), tiny);
    auto result = xt::xtensor<double, 2>::from_shape({counts.shape()[0], counts.shape()[1]});
    std::transform(counts.begin(), counts.end(), result.begin(),
                   [&](std::int64_t count) { return static_cast<double>(count) / denominator; });
    return result;
}

}  // namespace detail

/// The joint distribution of given and true labels that a confident joint stands for: calibrated, over its sum.
///
/// `confident_joint`: k x k counts, row: given, column: true. `class_counts`: k label counts. `order`: as for
/// calibrate_confident_joint. Returns a k x k matrix of probabilities that sum to 1. Throws as that does. O(k^2).
/// Source: Northcutt, Jiang and Chuang 2021, equation 3; cleanlab.count.estimate_joint.
template <count_matrix Matrix>
[[nodiscard]] xt::xtensor<double, 2> estimate_joint(const Matrix& confident_joint,
                                                    std::span<const std::size_t> class_counts,
                                                    summation_order order = summation_order::by_rows)
{
    return detail::shares(detail::calibrate_counts(confident_joint, class_counts, order, "estimate_joint"));
}

/// The joint distribution of given and true labels, from labels and predicted probabilities.
///
/// `labels`: n integers, 0 .. k - 1. `pred_probs`: n x k probabilities. Returns a k x k matrix that sums to 1, row:
/// given, column: true. Throws and costs as compute_confident_joint. Integers that turn out to have 2 dimensions and 1
/// are a confident joint and class counts.
/// Source: cleanlab.count.estimate_joint.
template <label_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] xt::xtensor<double, 2> estimate_joint(const Labels& labels, const PredProbs& pred_probs,
                                                    const pass_options& options = {})
{
    constexpr const char* function = "estimate_joint";
    if constexpr (detail::may_be_joint_and_counts<Labels, PredProbs>)
        if (labels.dimension() == 2 && pred_probs.dimension() == 1)
        {
            const auto class_counts = detail::class_counts_of(pred_probs, function);
            return estimate_joint(labels, std::span(class_counts));
        }
    return detail::shares(detail::count_confident_joint(labels, pred_probs,
                                                        detail::joint_options(calibration::to_label_counts, options),
                                                        function)
                              .confident_joint);
}

}  // namespace labelerrors

#endif
