#ifndef LABELERRORS_DISTRIBUTED_CONFIDENT_JOINT_HPP
#define LABELERRORS_DISTRIBUTED_CONFIDENT_JOINT_HPP

#include <labelerrors/core/class_thresholds.hpp>
#include <labelerrors/core/confident_joint.hpp>
#include <labelerrors/core/estimate_joint.hpp>
#include <labelerrors/core/health_summary.hpp>
#include <labelerrors/core/num_label_issues.hpp>
#include <labelerrors/distributed/process_group.hpp>
#include <labelerrors/distributed/shared_rows.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <cstddef>

// Each process of a group has some of the rows, of any source, and their labels; a process may have none. The rows of
// all, in the order of the ranks, are the set that every function here is about, and what it returns is what the
// function of that name in labelerrors:: returns for the whole set, bit for bit, on every process.
//
// All processes make the same calls with the same options (threads and progress apart), and those without rows give the
// number of classes all the same. Where one fails all throw its error; see together().
namespace labelerrors::distributed
{

/// The confident threshold of each class; see labelerrors::class_thresholds. One sum of 3 k numbers.
template <process_group Group, label_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] xt::xtensor<double, 1> class_thresholds(Group& group, const Labels& labels, const PredProbs& pred_probs,
                                                      const pass_options& options = {})
{
    constexpr const char* function = "class_thresholds";
    detail::call_signature signature(function);
    signature.add(options.tolerance);
    return detail::with_shared(group, labels, pred_probs, options.tolerance, signature, function,
                               [&](const auto& rows, const auto& checked, const auto& /*shared*/, const auto& peers)
                               {
                                   labelerrors::detail::check_rows(rows, options, function);
                                   return labelerrors::detail::to_xtensor(
                                       labelerrors::detail::thresholds_of(rows, checked, options, {}, peers));
                               });
}

/// The confident joint; see labelerrors::compute_confident_joint. Counts, thresholds and class counts are those of all
/// rows; the indices are this process's, as rows of the whole set, so that those of all ranks one after another are the
/// lists of one process. The thresholds are one sum, the counts another, in which only pairs of labels that are
/// confused travel. What follows from a joint and class counts alone, such as estimate_latent, needs no other
/// processes.
template <process_group Group, label_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] confident_joint_result compute_confident_joint(Group& group, const Labels& labels,
                                                             const PredProbs& pred_probs,
                                                             const confident_joint_options& options = {})
{
    constexpr const char* function = "compute_confident_joint";
    detail::call_signature signature(function);
    signature.add(static_cast<std::size_t>(options.calibrate));
    signature.add(options.tolerance);
    return detail::with_shared(
        group, labels, pred_probs, options.tolerance, signature, function,
        [&](const auto& rows, const auto& checked, const auto& shared, const auto& peers)
        {
            const auto found = labelerrors::detail::scan_confident(
                rows, checked, labelerrors::detail::pass_options_of(options), function, std::nullopt, nullptr, peers);
            auto result = labelerrors::detail::to_result(found, checked, labelerrors::detail::diagonal_floor::one,
                                                         options.calibrate, peers);
            for (auto* indices : {&result.off_diagonal_indices, &result.contradicted_indices})
                for (std::size_t& index : *indices)
                    index += shared.first_row;
            return result;
        });
}

/// The joint distribution of given and true labels; see labelerrors::estimate_joint.
template <process_group Group, label_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] xt::xtensor<double, 2> estimate_joint(Group& group, const Labels& labels, const PredProbs& pred_probs,
                                                    const pass_options& options = {})
{
    return labelerrors::detail::shares(
        distributed::compute_confident_joint(group, labels, pred_probs,
                                             labelerrors::detail::joint_options(calibration::to_label_counts, options))
            .confident_joint);
}

/// How many labels of all processes are wrong; see labelerrors::num_label_issues.
template <process_group Group, label_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] std::size_t num_label_issues(Group& group, const Labels& labels, const PredProbs& pred_probs,
                                           const num_label_issues_options& options = {})
{
    constexpr const char* function = "num_label_issues";
    detail::call_signature signature(function);
    signature.add(static_cast<std::size_t>(options.method));
    signature.add(options.tolerance);
    return detail::with_shared(
        group, labels, pred_probs, options.tolerance, signature, function,
        [&](const auto& rows, const auto& checked, const auto& /*shared*/, const auto& peers)
        {
            const auto found = labelerrors::detail::scan_confident(
                rows, checked, labelerrors::detail::pass_options_of(options), function, std::nullopt, nullptr, peers);
            return labelerrors::detail::num_label_issues_in(found, checked, options.method, peers);
        });
}

/// How many labels of all processes are wrong by the off_diagonal estimate, from what compute_confident_joint gave on
/// each of them. One sum of one number.
template <process_group Group>
[[nodiscard]] std::size_t num_label_issues(Group& group, const confident_joint_result& found)
{
    return together(group,
                    [&] {
                        return labelerrors::detail::sum_of_all(detail::group_peers<Group>(group),
                                                               labelerrors::num_label_issues(found));
                    });
}

/// How good the labels of all processes are, and those of their classes; see labelerrors::health_summary. The functions
/// on a joint that it is made of (rank_classes_by_label_quality, find_overlapping_classes) need no other processes.
template <process_group Group, label_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] label_health health_summary(Group& group, const Labels& labels, const PredProbs& pred_probs,
                                          const pass_options& options = {})
{
    const auto found = distributed::compute_confident_joint(
        group, labels, pred_probs, labelerrors::detail::joint_options(calibration::none, options));
    return labelerrors::detail::health_of(found.confident_joint, found.class_counts,
                                          distributed::num_label_issues(group, found));
}

/// The share of labels of all processes that are likely right; see labelerrors::overall_label_health_score.
template <process_group Group, label_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] double overall_label_health_score(Group& group, const Labels& labels, const PredProbs& pred_probs,
                                                const pass_options& options = {})
{
    const auto found = distributed::compute_confident_joint(
        group, labels, pred_probs, labelerrors::detail::joint_options(calibration::none, options));
    return labelerrors::detail::health_score_of(distributed::num_label_issues(group, found),
                                                labelerrors::detail::num_examples_of(found.class_counts));
}

}  // namespace labelerrors::distributed

#endif
