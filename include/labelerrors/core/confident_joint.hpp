#ifndef LABELERRORS_CORE_CONFIDENT_JOINT_HPP
#define LABELERRORS_CORE_CONFIDENT_JOINT_HPP

#include <labelerrors/core/calibrate_confident_joint.hpp>
#include <labelerrors/core/class_labels.hpp>
#include <labelerrors/core/class_thresholds.hpp>
#include <labelerrors/core/confident_scan.hpp>
#include <labelerrors/core/peers.hpp>
#include <labelerrors/core/pred_probs_check.hpp>
#include <labelerrors/core/sparse_row.hpp>
#include <labelerrors/rows/parallel.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>

namespace labelerrors
{

/// Whether a confident joint is the counts themselves or scaled to the label counts.
enum class calibration
{
    none,
    to_label_counts,
};

/// What compute_confident_joint lets its caller choose.
struct confident_joint_options
{
    // Scale each row to the number of examples given that label, and round; or leave the counts as they are.
    calibration calibrate = calibration::to_label_counts;
    double tolerance = 1e-4;                                  // see pass_options
    std::size_t threads = 0;                                  // see pass_options
    std::function<void(const scan_progress&)> progress = {};  // see pass_options
};

/// A confident joint and what was found on the way to it.
struct confident_joint_result
{
    xt::xtensor<std::int64_t, 2> confident_joint;      // k x k counts, row: given label, column: guessed true label
    xt::xtensor<double, 1> thresholds;                 // k confident thresholds, as class_thresholds gives them
    xt::xtensor<std::size_t, 1> class_counts;          // k: examples given each label
    xt::xtensor<std::size_t, 1> off_diagonal_indices;  // the examples counted off the diagonal, ascending
    // The examples whose label does not win the argmax even when its probability is raised by 1e-6, ascending.
    xt::xtensor<std::size_t, 1> contradicted_indices;
};

/// Counts the examples of each given label that the model confidently sees in each class.
///
/// An example is confident in class j if p[i, j] is at least the threshold of j less 1e-6. Confident in none, it is not
/// counted; in one, that class counts; in several, the argmax over all classes, even one it is not confident in.
/// Every diagonal entry of the counts is at least 1, also for a class without examples; calibrated, the default, such a
/// class has none, and a count may be rounded to 0.
///
/// `labels`: n integers, 0 .. k - 1. `pred_probs`: n x k probabilities, any source of rows.
/// Throws shape_error and value_error as class_thresholds.
/// O(n k) time in two passes, the first of which reads one element a row; rows that are costly to read again, of large
/// files and callbacks, are read once, and up to a sixteenth of them twice, where there are at least 256 examples a
/// class on average; where there are 1,024 to 262,144 examples once and 512 of them twice; and all of them once more
/// where the model is unsure: for many classes a mean self-confidence near 1/32 or below, in the second case below 1/4
/// over all, or too many rows close to their thresholds to keep. Memory O(k^2), 24 bytes for each example whose label
/// the model contradicts, and in the second case up to 8 bytes for each example and 16 MiB.
/// Source: Northcutt, Jiang and Chuang 2021, equation 1; cleanlab.count.compute_confident_joint.
template <label_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] confident_joint_result compute_confident_joint(const Labels& labels, const PredProbs& pred_probs,
                                                             const confident_joint_options& options = {});

namespace detail
{

/// The options of a confident joint that is made on the way to something else.
[[nodiscard]] inline confident_joint_options joint_options(calibration calibrate, const pass_options& options)
{
    return {.calibrate = calibrate,
            .tolerance = options.tolerance,
            .threads = options.threads,
            .progress = options.progress};
}

/// The rows of counts as a matrix.
[[nodiscard]] inline xt::xtensor<std::int64_t, 2> to_matrix(const joint_rows& row_of, std::size_t num_classes)
{
    auto matrix = square_matrix<std::int64_t>(num_classes);
    sparse_row row;
    for (std::size_t i = 0; i < num_classes; ++i)
    {
        row_of(i, row);
        for (const auto& entry : row)
            matrix(i, entry.column) = static_cast<std::int64_t>(entry.value);
    }
    return matrix;
}

/// What a caller of compute_confident_joint gets.
template <std::integral Label, peer_processes Peers = alone>
[[nodiscard]] confident_joint_result to_result(const confident_scan& found, const class_labels<Label>& labels,
                                               diagonal_floor floor, calibration calibrate, const Peers& peers = {})
{
    auto joint = to_matrix(found.rows(labels, floor, peers), labels.class_counts.size());
    if (calibrate == calibration::to_label_counts)
        joint = calibrate_confident_joint(joint, labels.class_counts, summation_order::by_columns);
    return {std::move(joint), to_xtensor(found.thresholds), to_xtensor(labels.class_counts),
            to_xtensor(found.off_diagonal_rows()), to_xtensor(found.contradicted)};
}

/// compute_confident_joint, called by the name `function`.
template <label_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] confident_joint_result count_confident_joint(const Labels& labels, const PredProbs& pred_probs,
                                                           const confident_joint_options& options, const char* function)
{
    return with_checked_sums(labels, pred_probs, options, function,
                             [&](const auto& rows, const auto& checked, auto&& sums)
                             {
                                 const auto found =
                                     scan_confident(rows, checked, pass_options_of(options), function, std::move(sums));
                                 return to_result(found, checked, diagonal_floor::one, options.calibrate);
                             });
}

}  // namespace detail

template <label_sequence Labels, probability_matrix PredProbs>
confident_joint_result compute_confident_joint(const Labels& labels, const PredProbs& pred_probs,
                                               const confident_joint_options& options)
{
    return detail::count_confident_joint(labels, pred_probs, options, "compute_confident_joint");
}

}  // namespace labelerrors

#endif
