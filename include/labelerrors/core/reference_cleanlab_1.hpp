#ifndef LABELERRORS_CORE_REFERENCE_CLEANLAB_1_HPP
#define LABELERRORS_CORE_REFERENCE_CLEANLAB_1_HPP

#include <labelerrors/core/confident_joint.hpp>
#include <labelerrors/core/find_label_issues.hpp>
#include <labelerrors/core/reference_cleanlab_1_pruning.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

/// The procedures of cleanlab 1.0, with which the published study found its label errors. They differ from the ones in
/// labelerrors itself, which are those of cleanlab 2.9, as each function says; use them to reproduce the study.
/// Values outside [0, 1] within the tolerance make thresholds as they are, as in 1.0, which neither refused nor bounded
/// them; where they are compared they count as 0 or 1. That differs only for a class whose examples have a mean above
/// 1: nothing then reaches its threshold.
namespace labelerrors::reference::cleanlab_1
{

/// How the study set the number of errors of a test set.
enum class num_errors_by
{
    // By the trace of the uncalibrated confident joint: every set but MNIST.
    num_label_errors,
    // By the examples that prune_by_class flags with the uncalibrated confident joint: MNIST, where it gives 87.
    prune_by_class,
};

/// What the study chose anew for each test set.
struct published_label_errors_options
{
    // How many of the ranked examples are taken for errors.
    cleanlab_1::num_errors_by num_errors_by = cleanlab_1::num_errors_by::num_label_errors;
    // Whether errors are found as by one process or by several, which differ in the reference.
    cleanlab_1::jobs jobs = cleanlab_1::jobs::one;
    double tolerance = 1e-4;                                  // see pass_options
    std::size_t threads = 0;                                  // see pass_options
    std::function<void(const scan_progress&)> progress = {};  // see pass_options
};

/// The confident joint of 1.0: neither the thresholds nor the diagonal are floored.
/// Every class must have an example, else value_error names the first that has none. Otherwise as
/// labelerrors::compute_confident_joint. Source: cleanlab 1.0 latent_estimation.compute_confident_joint.
template <label_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] confident_joint_result compute_confident_joint(const Labels& labels, const PredProbs& pred_probs,
                                                             const confident_joint_options& options = {});

/// The number of errors that a joint says there are: int((1 - trace / sum) * n), cut, of the joint as it is.
/// `confident_joint`: k x k counts. Throws as calibrate_confident_joint. O(k^2).
/// Source: cleanlab 1.0 latent_estimation.num_label_errors.
template <count_matrix Matrix>
[[nodiscard]] std::size_t num_label_errors(const Matrix& confident_joint, std::size_t num_examples)
{
    detail::require_counts(confident_joint, 0, "num_label_errors", "confident_joint");
    const auto k = static_cast<std::size_t>(confident_joint.shape()[0]);
    double total = 0.0;
    for (std::size_t i = 0; i < k; ++i)
        for (std::size_t j = 0; j < k; ++j)
            total += static_cast<double>(confident_joint(i, j));
    // The cut to an integer turns on the last bits of the trace.
    const double trace = pairwise_sum(
        k, [&](std::size_t j) { return static_cast<double>(confident_joint(j, j)) / std::max(total, detail::tiny); });
    return static_cast<std::size_t>((1.0 - trace) * static_cast<double>(num_examples));
}

/// The examples that 1.0 flags by pruning.
///
/// Classes of no more than 5 examples are left alone, and the diagonal counts of larger ones are raised to 5: see
/// min_examples_per_class of labelerrors::find_label_issues for what that keeps. Cuts are by value:
/// prune_by_class takes p below the cut, so that ties at it are left out; prune_by_noise_rate takes margins from the
/// cut up, so that ties at it are taken in. Last, examples whose argmax is their label are left out, without the 1e-6
/// of 2.9. Throws as labelerrors::find_label_issues, and value_error where a class has no example. Costs four passes
/// over the rows. Source: cleanlab 1.0 pruning.get_noise_indices.
template <label_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] label_issues get_noise_indices(const Labels& labels, const PredProbs& pred_probs,
                                             const noise_indices_options& options = {});

/// The label errors of the published study: the N examples with the lowest normalized margins, p[given] - the largest
/// other p, with N as `num_errors_by` says; scores are the margins.
/// Throws as get_noise_indices. Source: Northcutt, Athalye and Mueller 2021, section 3, and the study's notebook.
template <label_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] label_issues published_label_errors(const Labels& labels, const PredProbs& pred_probs,
                                                  const published_label_errors_options& options = {});

namespace detail
{

/// Counts the confident joint with thresholds that are not floored.
template <row_source Source, std::integral Label>
[[nodiscard]] confident_scan scan_confident(const Source& source, const class_labels<Label>& labels,
                                            const pass_options& options, const char* function)
{
    for (std::size_t j = 0; j < labels.class_counts.size(); ++j)
        if (labels.class_counts[j] == 0)
            throw value_error(std::string(function) + ": class " + std::to_string(j) +
                              " has no example, which the procedures of cleanlab 1.0 cannot handle; use "
                              "labelerrors::find_label_issues");
    auto sums = sum_self_confidences(source, labels, options, clip::nothing);
    return count_confident(source, labels, means_from(std::move(sums), labels.class_counts, alone{}), options,
                           function);
}

/// How a margin is taken: against all classes, the given one too, or against the others alone.
enum class margin_against
{
    all_classes,
    other_classes,
};

/// The margin of one row, on values as they are.
template <row_element T>
[[nodiscard]] double margin_of(std::span<const T> row, std::size_t label, margin_against against)
{
    double other = -std::numeric_limits<double>::infinity();
    for (std::size_t j = 0; j < row.size(); ++j)
        if (j != label || against == margin_against::all_classes)
            other = std::max(other, static_cast<double>(row[j]));
    return static_cast<double>(row[label]) - other;
}

/// Accumulator: the margin of every row, written where those of all rows are.
template <row_element T, std::integral Label>
struct row_margins
{
    std::span<const Label> labels;
    std::span<double> margins;

    void add(const row_block<T>& block)
    {
        for (std::size_t i = 0; i < block.num_rows; ++i)
            margins[block.first_row + i] = margin_of(
                block.row(i), static_cast<std::size_t>(labels[block.first_row + i]), margin_against::other_classes);
    }

    void merge(row_margins&& /*later*/)
    {
    }
};

/// Tells about rows that are in order already, or puts them in order by their scores.
template <row_source Source, std::integral Label>
[[nodiscard]] label_issues describe_scored(const Source& source, const class_labels<Label>& labels,
                                           std::vector<std::pair<double, std::size_t>> scored)
{
    using T = typename Source::value_type;
    const std::size_t m = scored.size();
    label_issues result{labels.size(),
                        source.num_columns(),
                        xt::xtensor<std::size_t, 1>::from_shape({m}),
                        xt::xtensor<std::size_t, 1>::from_shape({m}),
                        xt::xtensor<std::size_t, 1>::from_shape({m}),
                        xt::xtensor<double, 1>::from_shape({m})};
    std::vector<T> buffer;
    for (std::size_t i = 0; i < m; ++i)
    {
        const std::size_t index = scored[i].second;
        result.indices(i) = index;
        result.scores(i) = scored[i].first;
        result.given_labels(i) = labels[index];
        result.suggested_labels(i) = argmax(std::span<const T>(source.read(index, 1, buffer), source.num_columns()));
    }
    return result;
}

}  // namespace detail

template <label_sequence Labels, probability_matrix PredProbs>
confident_joint_result compute_confident_joint(const Labels& labels, const PredProbs& pred_probs,
                                               const confident_joint_options& options)
{
    constexpr const char* function = "compute_confident_joint";
    return detail::with_checked(
        labels, pred_probs, options, function,
        [&](const auto& rows, const auto& checked)
        {
            const auto found = detail::scan_confident(rows, checked, detail::pass_options_of(options), function);
            return detail::to_result(found, checked, detail::diagonal_floor::none, options.calibrate);
        });
}

template <label_sequence Labels, probability_matrix PredProbs>
label_issues get_noise_indices(const Labels& labels, const PredProbs& pred_probs, const noise_indices_options& options)
{
    constexpr const char* function = "get_noise_indices";
    return detail::with_checked(
        labels, pred_probs, options, function,
        [&](const auto& rows, const auto& checked)
        {
            using T = typename std::remove_cvref_t<decltype(rows)>::value_type;
            if (options.confident_joint)
                detail::require_counts(*options.confident_joint, rows.num_columns(), function, "confident_joint");
            labelerrors::detail::require_frac_noise(options.frac_noise, function);
            const auto found = detail::scan_confident(rows, checked, detail::pass_options_of(options), function);
            const auto flagged = options.confident_joint
                                     ? detail::prune(rows, checked, *options.confident_joint, options)
                                     : detail::prune(rows, checked,
                                                     detail::to_result(found, checked, detail::diagonal_floor::none,
                                                                       calibration::to_label_counts)
                                                         .confident_joint,
                                                     options);
            std::vector<std::pair<double, std::size_t>> scored;
            std::vector<T> buffer;
            for (const std::size_t index : flagged)
            {
                const std::span<const T> row(rows.read(index, 1, buffer), rows.num_columns());
                const bool margin = options.sorted_index_method == sorted_index_method::normalized_margin;
                scored.emplace_back(margin ? detail::margin_of(row, checked[index], detail::margin_against::all_classes)
                                           : static_cast<double>(row[checked[index]]),
                                    index);
            }
            if (options.sorted_index_method != sorted_index_method::index)
                std::sort(scored.begin(), scored.end());
            return detail::describe_scored(rows, checked, std::move(scored));
        });
}

template <label_sequence Labels, probability_matrix PredProbs>
label_issues published_label_errors(const Labels& labels, const PredProbs& pred_probs,
                                    const published_label_errors_options& options)
{
    constexpr const char* function = "published_label_errors";
    return detail::with_checked(
        labels, pred_probs, options, function,
        [&](const auto& rows, const auto& checked)
        {
            using T = typename std::remove_cvref_t<decltype(rows)>::value_type;
            using label = typename std::remove_cvref_t<decltype(checked.values)>::value_type;
            const auto found = detail::scan_confident(rows, checked, detail::pass_options_of(options), function);
            const auto joint =
                detail::to_result(found, checked, detail::diagonal_floor::none, calibration::none).confident_joint;
            const std::size_t count = options.num_errors_by == num_errors_by::num_label_errors
                                          ? num_label_errors(joint, checked.size())
                                          : detail::prune(rows, checked, joint,
                                                          {.prune_method = prune_method::prune_by_class,
                                                           .jobs = options.jobs,
                                                           .threads = options.threads,
                                                           .progress = options.progress})
                                                .size();
            auto margins = xt::xtensor<double, 1>::from_shape({checked.size()});
            static_cast<void>(
                scan(rows, "margins",
                     detail::row_margins<T, label>{checked.values, std::span<double>(margins.data(), margins.size())},
                     {options.threads, options.progress}));
            std::vector<std::pair<double, std::size_t>> scored;
            for (const std::size_t index : find_top_issues(margins, count))
                scored.emplace_back(margins(index), index);
            return detail::describe_scored(rows, checked, std::move(scored));
        });
}

}  // namespace labelerrors::reference::cleanlab_1

#endif
