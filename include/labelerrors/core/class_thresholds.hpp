#ifndef LABELERRORS_CORE_CLASS_THRESHOLDS_HPP
#define LABELERRORS_CORE_CLASS_THRESHOLDS_HPP

#include <labelerrors/core/class_labels.hpp>
#include <labelerrors/core/exact_sum.hpp>
#include <labelerrors/core/model_agrees.hpp>
#include <labelerrors/core/peers.hpp>
#include <labelerrors/core/pred_probs_check.hpp>
#include <labelerrors/rows/column_of_label.hpp>
#include <labelerrors/rows/large_vector.hpp>
#include <labelerrors/rows/parallel.hpp>
#include <labelerrors/rows/row_blocks.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace labelerrors
{

/// A class that no example is labelled with has this threshold, which no probability reaches.
inline constexpr double missing_class_threshold = 2.0;

/// The confident threshold of each class: the mean self-confidence, p[i, j] over the examples i labelled j, and at
/// least 2e-6. A class without examples has the threshold 2.
///
/// `labels`: n integers, 0 .. k - 1. `pred_probs`: n x k probabilities, any source of rows.
/// Returns k thresholds, in (0, 1], or 2.
/// Throws shape_error and value_error as every function over labels and probabilities: lengths that differ, n = 0,
/// k < 2, a label that is no class, a value that is not finite or outside [0, 1], a row that does not sum to 1;
/// the last two by more than the tolerance, and a row of halves by more than their rounding too (see pass_options).
/// O(n k) for the check, O(n) for the thresholds. Memory O(k) a thread.
/// Source: Northcutt, Jiang and Chuang 2021, equation 2; cleanlab.count.get_confident_thresholds. Differs from
/// cleanlab: a mean is that of an exact sum, whatever the order of the examples, so that its last bits may be other
/// ones.
template <label_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] xt::xtensor<double, 1> class_thresholds(const Labels& labels, const PredProbs& pred_probs,
                                                      const pass_options& options = {});

namespace detail
{

/// The step below a threshold that still counts as reaching it.
inline constexpr double threshold_slack = 1e-6;

/// No threshold of a class with examples is below this.
inline constexpr double least_threshold = 2e-6;

/// The thresholds less the slack, in the type that rows are stored in and rounded up, so that comparing decides as
/// doubles would.
template <stored_element T>
[[nodiscard]] std::vector<T> comparable(std::span<const double> thresholds)
{
    std::vector<T> bounds(thresholds.size());
    std::transform(thresholds.begin(), thresholds.end(), bounds.begin(),
                   [](double threshold) { return at_least<T>(threshold - threshold_slack); });
    return bounds;
}

/// Copies a vector into the one-dimensional container that results are made of.
template <class T, class Allocator>
[[nodiscard]] xt::xtensor<T, 1> to_xtensor(const std::vector<T, Allocator>& values)
{
    auto result = xt::xtensor<T, 1>::from_shape({values.size()});
    advise_large_pages(result.data(), values.size() * sizeof(T));
    std::copy(values.begin(), values.end(), result.begin());
    return result;
}

/// Whether values outside [0, 1], but within the tolerance, count as the bound or as what they are.
enum class clip
{
    to_unit_interval,
    nothing,
};

/// A bound of a row's self-confidence, in a byte: the largest multiple of 1/256 that is not above it, but 255/256.
/// `self_confidence`: 0 .. 1.
[[nodiscard]] inline std::uint8_t confidence_floor(double self_confidence) noexcept
{
    return static_cast<std::uint8_t>(std::min(self_confidence * 256.0, 255.0));
}

/// Accumulator: the sum of the self-confidences of each class.
struct self_confidence_sums
{
    std::vector<exact_sum> sums;
    clip values = clip::to_unit_interval;
    std::span<std::uint8_t> floors = {};  // n, where each row's confidence_floor goes; empty: nowhere
    term_count terms = {};

    void add(std::size_t row, std::size_t label, double value)
    {
        terms.expect(1, sums);
        // This pass runs ahead of the check: what the check will refuse must not overflow here.
        const double bounded = to_probability(value);
        if (!floors.empty())
            floors[row] = confidence_floor(bounded);
        if (values == clip::nothing && value > -1.0 && value < 1.5)
            sums[label].add(value);
        else
            sums[label].add(bounded);
    }

    void merge(self_confidence_sums&& other)
    {
        for (std::size_t j = 0; j < sums.size(); ++j)
            sums[j].merge(other.sums[j]);
    }
};

/// Accumulator: nothing but the check of every row.
template <row_element T>
struct checked_rows
{
    row_check<T> check;

    void add(const row_block<T>& block)
    {
        for (std::size_t i = 0; i < block.num_rows && !check.failed(); ++i)
            check.accept(block.row(i), block.first_row + i);
    }

    void merge(checked_rows&& other)
    {
        check.merge(other.check);
    }
};

/// Checks every row of a source that no other pass checks.
template <row_source Source>
void check_rows(const Source& source, const pass_options& options, const char* function,
                const char* argument = "pred_probs")
{
    using T = typename Source::value_type;
    scan(source, "check", checked_rows<T>{row_check<T>(options.tolerance)}, {options.threads, options.progress})
        .check.finish(function, argument);
}

/// The means that sums of self-confidences stand for, those of all processes together; NaN for a class without
/// examples.
template <peer_processes Peers>
[[nodiscard]] std::vector<double> means_from(std::vector<exact_sum> sums, std::span<const std::size_t> class_counts,
                                             const Peers& peers)
{
    add_up(peers, sums);
    std::vector<double> means(sums.size());
    for (std::size_t j = 0; j < means.size(); ++j)
        means[j] = sums[j].value() / static_cast<double>(class_counts[j]);
    return means;
}

/// The thresholds that they stand for.
template <peer_processes Peers>
[[nodiscard]] std::vector<double> thresholds_from(std::vector<exact_sum> sums,
                                                  std::span<const std::size_t> class_counts, const Peers& peers)
{
    auto thresholds = means_from(std::move(sums), class_counts, peers);
    for (std::size_t j = 0; j < thresholds.size(); ++j)
        thresholds[j] = class_counts[j] == 0 ? missing_class_threshold : std::max(thresholds[j], least_threshold);
    return thresholds;
}

/// The sums of the self-confidences of each class.
template <row_source Source, std::integral Label>
[[nodiscard]] std::vector<exact_sum> sum_self_confidences(const Source& source, const class_labels<Label>& labels,
                                                          const pass_options& options, clip values,
                                                          std::span<std::uint8_t> floors = {})
{
    return scan_column_of_label(source, labels.values, "thresholds",
                                self_confidence_sums{std::vector<exact_sum>(source.num_columns()), values, floors},
                                {options.threads, options.progress})
        .sums;
}

/// The thresholds from rows that are, or will be, checked elsewhere. `floors`: see self_confidence_sums.
template <row_source Source, std::integral Label, peer_processes Peers = alone>
[[nodiscard]] std::vector<double> thresholds_of(const Source& source, const class_labels<Label>& labels,
                                                const pass_options& options, std::span<std::uint8_t> floors = {},
                                                const Peers& peers = {})
{
    return thresholds_from(sum_self_confidences(source, labels, options, clip::to_unit_interval, floors),
                           labels.class_counts, peers);
}

/// Calls `use(rows, checked_labels)` once the arguments' shapes and labels, and the tolerance, have been checked.
/// `options`: whatever has a tolerance and threads.
template <label_sequence Labels, probability_matrix PredProbs, class Options, class Use>
decltype(auto) with_checked(const Labels& labels, const PredProbs& pred_probs, const Options& options,
                            const char* function, const Use& use)
{
    require_tolerance(options.tolerance, function);
    return with_rows(
        pred_probs, function,
        [&](const auto& rows)
        { return use(rows, check_labels(labels, rows.num_rows(), rows.num_columns(), function, options.threads)); });
}

}  // namespace detail

template <label_sequence Labels, probability_matrix PredProbs>
xt::xtensor<double, 1> class_thresholds(const Labels& labels, const PredProbs& pred_probs, const pass_options& options)
{
    constexpr const char* function = "class_thresholds";
    return detail::with_checked(labels, pred_probs, options, function,
                                [&](const auto& rows, const auto& checked)
                                {
                                    detail::check_rows(rows, options, function);
                                    return detail::to_xtensor(detail::thresholds_of(rows, checked, options));
                                });
}

}  // namespace labelerrors

#endif
