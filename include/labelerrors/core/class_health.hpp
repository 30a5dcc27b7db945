#ifndef LABELERRORS_CORE_CLASS_HEALTH_HPP
#define LABELERRORS_CORE_CLASS_HEALTH_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/core/num_label_issues.hpp>
#include <labelerrors/core/pairwise_sum.hpp>
#include <labelerrors/error.hpp>
#include <labelerrors/rows/row_blocks.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

namespace labelerrors
{

/// How good the labels of one class are.
struct class_quality
{
    std::size_t class_index = 0;
    std::size_t label_issues = 0;          // examples given this label whose true label is another
    std::size_t inverse_label_issues = 0;  // examples of this true label that were given another
    double label_noise = 0.0;              // P(true label is another | given this)
    double inverse_label_noise = 0.0;      // P(given another | true label is this)
    double label_quality_score = 0.0;      // 1 - label_noise
};

/// Two classes that are given in place of each other.
struct class_overlap
{
    std::size_t class_a = 0;
    std::size_t class_b = 0;
    std::size_t num_overlapping_examples = 0;
    double joint_probability = 0.0;
};

/// Whether the two directions of an overlap count together or apart: given a but true b, given b but true a.
enum class overlap_direction
{
    together,
    apart,
};

namespace detail
{

/// Refuses a matrix that is not a k x k distribution; returns k.
template <count_matrix Joint>
[[nodiscard]] std::size_t require_joint(const Joint& joint, const char* function)
{
    require_dimension(joint, 2, function, "joint");
    const auto k = static_cast<std::size_t>(joint.shape()[0]);
    if (k < 1 || static_cast<std::size_t>(joint.shape()[1]) != k)
        throw shape_error(std::string(function) + ": joint must be k x k, not " + std::to_string(k) + " x " +
                          std::to_string(joint.shape()[1]));
    for (std::size_t i = 0; i < k; ++i)
        for (std::size_t j = 0; j < k; ++j)
            if (!(static_cast<double>(joint(i, j)) >= 0.0 && static_cast<double>(joint(i, j)) <= 1.0))
                throw value_error(std::string(function) + ": joint(" + std::to_string(i) + ", " + std::to_string(j) +
                                  ") is not a probability; divide counts by their sum first");
    return k;
}

/// A share of n examples as a number of them, half to even.
[[nodiscard]] inline std::size_t examples(double share, std::size_t num_examples)
{
    return static_cast<std::size_t>(std::max(std::nearbyint(share * static_cast<double>(num_examples)), 0.0));
}

/// The share of examples that are no issues.
[[nodiscard]] inline double health_score_of(std::size_t num_issues, std::size_t num_examples)
{
    return 1.0 - static_cast<double>(num_issues) / static_cast<double>(num_examples);
}

}  // namespace detail

/// The classes from the worst label quality to the best, of equal ones the lower class first.
///
/// `joint`: k x k distribution, row: given label, column: true label (estimate_joint). `num_examples`: n.
/// Returns k entries. Throws shape_error where `joint` is not square, value_error for an entry outside [0, 1]. O(k^2).
/// Source: cleanlab.dataset.rank_classes_by_label_quality, with a stable sort.
template <count_matrix Joint>
[[nodiscard]] std::vector<class_quality> rank_classes_by_label_quality(const Joint& joint, std::size_t num_examples)
{
    const std::size_t k = detail::require_joint(joint, "rank_classes_by_label_quality");
    constexpr double least = 1e-6;
    const auto at = [&](std::size_t i, std::size_t j)
    {
        return static_cast<double>(joint(i, j));
    };
    std::vector<class_quality> classes(k);
    for (std::size_t c = 0; c < k; ++c)
    {
        const double given = pairwise_sum(k, [&](std::size_t j) { return at(c, j); });
        const double truly = pairwise_sum(k, [&](std::size_t i) { return at(i, c); });
        auto& quality = classes[c];
        quality.class_index = c;
        quality.label_issues = detail::examples(given - at(c, c), num_examples);
        quality.inverse_label_issues = detail::examples(truly - at(c, c), num_examples);
        quality.label_noise = (given - at(c, c)) / std::max(given, least);
        quality.inverse_label_noise = (truly - at(c, c)) / std::max(truly, least);
        quality.label_quality_score = 1.0 - quality.label_noise;
    }
    std::stable_sort(classes.begin(), classes.end(),
                     [](const class_quality& a, const class_quality& b)
                     { return a.label_quality_score < b.label_quality_score; });
    return classes;
}

/// The pairs of classes from the most often confused to the least, of equal ones the lower classes first.
///
/// `joint`: k x k distribution, row: given label, column: true label. `num_examples`: n.
/// Returns each pair once, class_a below class_b; or, with the directions apart, twice: given class_a, true class_b.
/// Throws as rank_classes_by_label_quality. O(k^2 log k). Source: cleanlab.dataset.find_overlapping_classes.
template <count_matrix Joint>
[[nodiscard]] std::vector<class_overlap>
find_overlapping_classes(const Joint& joint, std::size_t num_examples,
                         overlap_direction direction = overlap_direction::together)
{
    const std::size_t k = detail::require_joint(joint, "find_overlapping_classes");
    const auto at = [&](std::size_t i, std::size_t j)
    {
        return static_cast<double>(joint(i, j));
    };
    std::vector<class_overlap> pairs;
    for (std::size_t a = 0; a < k; ++a)
        for (std::size_t b = direction == overlap_direction::together ? a + 1 : 0; b < k; ++b)
        {
            if (a == b)
                continue;
            const double share = direction == overlap_direction::together ? at(a, b) + at(b, a) : at(a, b);
            pairs.push_back({a, b, detail::examples(share, num_examples), share});
        }
    std::stable_sort(pairs.begin(), pairs.end(),
                     [](const class_overlap& a, const class_overlap& b)
                     { return a.joint_probability > b.joint_probability; });
    return pairs;
}

/// The share of labels that are likely right, from a confident joint that was made already. O(n) at most.
[[nodiscard]] inline double overall_label_health_score(const confident_joint_result& found)
{
    return detail::health_score_of(num_label_issues(found), detail::num_examples_of(found.class_counts));
}

/// The share of labels that are likely right: 1 - num_label_issues / n.
///
/// `labels`: n integers, 0 .. k - 1. `pred_probs`: n x k probabilities. Returns a number in [0, 1].
/// Throws and costs as num_label_issues. Source: cleanlab.dataset.overall_label_health_score.
template <label_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] double overall_label_health_score(const Labels& labels, const PredProbs& pred_probs,
                                                const pass_options& options = {})
{
    return overall_label_health_score(detail::count_confident_joint(
        labels, pred_probs, detail::joint_options(calibration::none, options), "overall_label_health_score"));
}

/// The share of labels that a joint distribution has on its diagonal; another estimate than the one from the labels and
/// probabilities themselves. Throws as rank_classes_by_label_quality. O(k^2).
template <count_matrix Joint>
[[nodiscard]] double overall_label_health_score(const Joint& joint)
{
    const std::size_t k = detail::require_joint(joint, "overall_label_health_score");
    return pairwise_sum(k, [&](std::size_t j) { return static_cast<double>(joint(j, j)); });
}

}  // namespace labelerrors

#endif
