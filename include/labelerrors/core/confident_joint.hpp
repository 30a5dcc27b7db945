#ifndef LABELERRORS_CORE_CONFIDENT_JOINT_HPP
#define LABELERRORS_CORE_CONFIDENT_JOINT_HPP

#include <labelerrors/core/calibrate_confident_joint.hpp>
#include <labelerrors/core/class_labels.hpp>
#include <labelerrors/core/class_thresholds.hpp>
#include <labelerrors/core/pred_probs_check.hpp>
#include <labelerrors/core/row_summary.hpp>
#include <labelerrors/rows/parallel.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

namespace labelerrors
{

/// Whether a confident joint is the counts themselves or scaled to the label counts.
enum class calibration
{
    none,
    to_label_counts,
};

struct confident_joint_options
{
    // Scale each row to the number of examples given that label, and round; or leave the counts as they are.
    calibration calibrate = calibration::to_label_counts;
    double tolerance = 1e-4;  // see pass_options
    std::size_t threads = 0;  // see pass_options
    std::function<void(const scan_progress&)> progress = {};
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
/// Every diagonal entry is at least 1, also for a class without examples.
///
/// `labels`: n integers, 0 .. k - 1. `pred_probs`: n x k probabilities, any source of rows.
/// Throws shape_error and value_error as class_thresholds.
/// O(n k) time in two passes, the first of which reads one element a row. Memory O(k^2), and 24 bytes for each
/// example whose label the model contradicts.
/// Source: Northcutt, Jiang and Chuang 2021, equation 1; cleanlab.count.compute_confident_joint.
template <label_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] confident_joint_result compute_confident_joint(const Labels& labels, const PredProbs& pred_probs,
                                                             const confident_joint_options& options = {});

namespace detail
{

/// The step below a threshold that still counts as reaching it.
inline constexpr double threshold_slack = 1e-6;

/// An example counted off the diagonal.
struct off_diagonal_example
{
    std::size_t row;
    std::size_t guess;  // the class it was counted in
};

/// Accumulator: the confident counts, and the examples that any filter could flag. The counts off the diagonal are kept
/// as the examples behind them, which are few, and not as k x k numbers, most of them zero.
template <row_element T, std::integral Label>
struct confident_counts
{
    std::span<const Label> labels;
    std::span<const T> thresholds;  // less the slack, rounded up to T
    row_check<T> check;
    std::vector<std::int64_t> diagonal;
    std::vector<off_diagonal_example> off_diagonal = {};
    std::vector<std::size_t> contradicted = {};

    void add(const row_block<T>& block)
    {
        const std::size_t k = block.num_columns;
        for (std::size_t i = 0; i < block.num_rows; ++i)
        {
            const std::size_t index = block.first_row + i;
            const T* given = block.data + i * k;
            auto summary = summarize_row(given, thresholds.data(), k);
            const T* row = check.accept(given, k, index, summary.smallest, summary.largest, summary.sum);
            if (row == nullptr)
                return;
            if (row != given)
                summary = summarize_row(row, thresholds.data(), k);
            const std::span<const T> values(row, k);
            const auto label = static_cast<std::size_t>(labels[index]);
            if (!model_agrees(values, label, summary.largest))
                contradicted.push_back(index);
            if (summary.confident_count == 0)
                continue;
            const std::size_t guess = summary.confident_count == 1 ? summary.confident_class : argmax(values);
            if (guess == label)
                ++diagonal[label];
            else
                off_diagonal.push_back({index, guess});
        }
    }

    void merge(confident_counts&& later)
    {
        check.merge(later.check);
        for (std::size_t j = 0; j < diagonal.size(); ++j)
            diagonal[j] += later.diagonal[j];
        off_diagonal.insert(off_diagonal.end(), later.off_diagonal.begin(), later.off_diagonal.end());
        contradicted.insert(contradicted.end(), later.contradicted.begin(), later.contradicted.end());
    }
};

/// Whether every diagonal entry of a joint is at least 1, as in cleanlab 2, or as counted, as in cleanlab 1.
enum class diagonal_floor
{
    one,
    none,
};

/// The rows of the confident joint, made when they are asked for.
class joint_rows
{
public:
    template <std::integral Label>
    joint_rows(std::vector<std::int64_t> diagonal, std::span<const off_diagonal_example> examples,
               std::span<const Label> labels)
        : diagonal_(std::move(diagonal)), first_(diagonal_.size() + 1), guesses_(examples.size())
    {
        for (const auto& example : examples)
            ++first_[static_cast<std::size_t>(labels[example.row]) + 1];
        std::partial_sum(first_.begin(), first_.end(), first_.begin());
        auto next = first_;
        for (const auto& example : examples)
            guesses_[next[static_cast<std::size_t>(labels[example.row])]++] = example.guess;
    }

    void operator()(std::size_t given, std::span<double> row) const
    {
        std::fill(row.begin(), row.end(), 0.0);
        row[given] = static_cast<double>(diagonal_[given]);
        for (std::size_t i = first_[given]; i < first_[given + 1]; ++i)
            row[guesses_[i]] += 1.0;
    }

private:
    std::vector<std::int64_t> diagonal_;
    std::vector<std::size_t> first_;    // k + 1: where the guesses of each given label start
    std::vector<std::size_t> guesses_;  // of the examples off the diagonal, by given label
};

/// What the two passes over all rows find out: everything that counting and filtering start from.
struct confident_scan
{
    std::vector<double> thresholds;                  // k
    std::vector<std::int64_t> diagonal;              // k, as counted
    std::vector<off_diagonal_example> off_diagonal;  // ascending
    std::vector<std::size_t> contradicted;           // ascending

    template <std::integral Label>
    [[nodiscard]] joint_rows rows(const class_labels<Label>& labels, diagonal_floor floor) const
    {
        auto counts = diagonal;
        if (floor == diagonal_floor::one)
            for (std::int64_t& count : counts)
                count = std::max<std::int64_t>(count, 1);
        return joint_rows(std::move(counts), off_diagonal, labels.values);
    }

    [[nodiscard]] std::vector<std::size_t> off_diagonal_rows() const
    {
        std::vector<std::size_t> rows(off_diagonal.size());
        std::transform(off_diagonal.begin(), off_diagonal.end(), rows.begin(),
                       [](const off_diagonal_example& example) { return example.row; });
        return rows;
    }
};

/// The rows of counts as a matrix.
[[nodiscard]] inline xt::xtensor<std::int64_t, 2> to_matrix(const joint_rows& row_of, std::size_t num_classes)
{
    auto matrix = xt::xtensor<std::int64_t, 2>::from_shape({num_classes, num_classes});
    std::vector<double> row(num_classes);
    for (std::size_t i = 0; i < num_classes; ++i)
    {
        row_of(i, std::span<double>(row));
        for (std::size_t j = 0; j < num_classes; ++j)
            matrix(i, j) = static_cast<std::int64_t>(row[j]);
    }
    return matrix;
}

/// The thresholds less the slack, in the rows' own type and rounded up so that comparing decides as doubles would.
template <row_element T>
[[nodiscard]] std::vector<T> comparable(std::span<const double> thresholds)
{
    std::vector<T> bounds(thresholds.size());
    std::transform(thresholds.begin(), thresholds.end(), bounds.begin(),
                   [](double threshold) { return at_least<T>(threshold - threshold_slack); });
    return bounds;
}

/// The pass that checks every row and counts, with thresholds that are known.
template <row_source Source, std::integral Label>
[[nodiscard]] confident_scan count_confident(const Source& source, const class_labels<Label>& labels,
                                             std::vector<double> thresholds, const pass_options& options,
                                             const char* function)
{
    using T = typename Source::value_type;
    const std::size_t k = source.num_columns();
    const auto bounds = comparable<T>(thresholds);
    auto counts = scan(source, "confident joint",
                       confident_counts<T, Label>{labels.values, bounds, row_check<T>(options.tolerance),
                                                  std::vector<std::int64_t>(k)},
                       {options.threads, options.progress});
    counts.check.finish(function);
    return {std::move(thresholds), std::move(counts.diagonal), std::move(counts.off_diagonal),
            std::move(counts.contradicted)};
}

/// Both passes.
template <row_source Source, std::integral Label>
[[nodiscard]] confident_scan scan_confident(const Source& source, const class_labels<Label>& labels,
                                            const pass_options& options, const char* function)
{
    return count_confident(source, labels, thresholds_of(source, labels, options), options, function);
}

/// What a caller of compute_confident_joint gets.
template <std::integral Label>
[[nodiscard]] confident_joint_result to_result(const confident_scan& found, const class_labels<Label>& labels,
                                               diagonal_floor floor, calibration calibrate)
{
    auto joint = to_matrix(found.rows(labels, floor), labels.class_counts.size());
    if (calibrate == calibration::to_label_counts)
        joint = calibrate_confident_joint(joint, labels.class_counts);
    return {std::move(joint), to_xtensor(found.thresholds), to_xtensor(labels.class_counts),
            to_xtensor(found.off_diagonal_rows()), to_xtensor(found.contradicted)};
}

}  // namespace detail

template <label_sequence Labels, probability_matrix PredProbs>
confident_joint_result compute_confident_joint(const Labels& labels, const PredProbs& pred_probs,
                                               const confident_joint_options& options)
{
    constexpr const char* function = "compute_confident_joint";
    return detail::with_checked(
        labels, pred_probs, options.tolerance, function,
        [&](const auto& rows, const auto& checked)
        {
            const auto found = detail::scan_confident(rows, checked, pass_options_of(options), function);
            return detail::to_result(found, checked, detail::diagonal_floor::one, options.calibrate);
        });
}

}  // namespace labelerrors

#endif
