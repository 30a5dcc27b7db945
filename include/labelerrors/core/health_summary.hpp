#ifndef LABELERRORS_CORE_HEALTH_SUMMARY_HPP
#define LABELERRORS_CORE_HEALTH_SUMMARY_HPP

#include <labelerrors/core/class_health.hpp>
#include <labelerrors/core/confident_joint.hpp>
#include <labelerrors/core/estimate_joint.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace labelerrors
{

/// How good the labels of a set are, and those of its classes.
struct label_health
{
    double overall_label_health_score = 0.0;         // the share of labels that are likely right
    std::vector<class_quality> classes;              // k, the worst first
    std::vector<class_overlap> overlapping_classes;  // k (k - 1) / 2, the most confused first
    xt::xtensor<double, 2> joint;                    // k x k shares, row: given label, column: true label
};

namespace detail
{

/// What a confident joint as compute_confident_joint counts it, not calibrated, k x k, and the number of label issues,
/// say about the labels. A template, so that who only includes this does not compile it.
template <count_matrix Joint>
[[nodiscard]] label_health health_of(const Joint& confident_joint, std::span<const std::size_t> class_counts,
                                     std::size_t num_issues)
{
    const std::size_t num_examples = num_examples_of(class_counts);
    auto joint = estimate_joint(confident_joint, class_counts, summation_order::by_columns);
    auto classes = rank_classes_by_label_quality(joint, num_examples);
    auto overlaps = find_overlapping_classes(joint, num_examples);
    return {health_score_of(num_issues, num_examples), std::move(classes), std::move(overlaps), std::move(joint)};
}

}  // namespace detail

/// Everything that overall_label_health_score, rank_classes_by_label_quality and find_overlapping_classes tell, from
/// one look at the data.
///
/// `labels`: n integers, 0 .. k - 1. `pred_probs`: n x k probabilities, any source of rows.
/// Throws and costs as compute_confident_joint, and O(k^2 log k). Source: cleanlab.dataset.health_summary.
template <label_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] label_health health_summary(const Labels& labels, const PredProbs& pred_probs,
                                          const pass_options& options = {})
{
    const auto found = detail::count_confident_joint(
        labels, pred_probs, detail::joint_options(calibration::none, options), "health_summary");
    return detail::health_of(found.confident_joint, found.class_counts, num_label_issues(found));
}

}  // namespace labelerrors

#endif
