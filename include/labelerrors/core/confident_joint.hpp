#ifndef LABELERRORS_CORE_CONFIDENT_JOINT_HPP
#define LABELERRORS_CORE_CONFIDENT_JOINT_HPP

#include <labelerrors/core/calibrate_confident_joint.hpp>
#include <labelerrors/core/class_labels.hpp>
#include <labelerrors/core/class_thresholds.hpp>
#include <labelerrors/core/confident_counts.hpp>
#include <labelerrors/core/peers.hpp>
#include <labelerrors/core/pred_probs_check.hpp>
#include <labelerrors/rows/large_vector.hpp>
#include <labelerrors/rows/parallel.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
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

/// What confident_joint lets its caller choose.
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

/// The options of a confident joint that is made on the way to something else.
[[nodiscard]] inline confident_joint_options joint_options(calibration calibrate, const pass_options& options)
{
    return {.calibrate = calibrate,
            .tolerance = options.tolerance,
            .threads = options.threads,
            .progress = options.progress};
}

/// Whether every diagonal entry of a joint is at least 1, as in cleanlab 2, or as counted, as in cleanlab 1.
enum class diagonal_floor
{
    one,
    none,
};

/// The rows of the confident joint by their entries.
class joint_rows
{
public:
    template <std::integral Label>
    joint_rows(std::span<const std::int64_t> diagonal, std::span<const off_diagonal_example> examples,
               std::span<const Label> labels)
        : first_(diagonal.size() + 1)
    {
        const std::size_t k = diagonal.size();
        const auto given = [&](const off_diagonal_example& example)
        {
            return static_cast<std::size_t>(labels[example.row()]);
        };
        if (k * k <= examples.size())
        {
            count_densely(diagonal, examples, labels);
            return;
        }
        // The guesses of each given label one after another, then each label's guesses in ascending order.
        for (const auto& example : examples)
            ++first_[given(example) + 1];
        std::partial_sum(first_.begin(), first_.end(), first_.begin());
        std::vector<std::size_t> guesses(examples.size());
        auto next = first_;
        for (const auto& example : examples)
            guesses[next[given(example)]++] = example.guess();
        const auto first_guess = first_;
        std::vector<std::int64_t> counts(k);
        std::vector<std::size_t> columns;
        for (std::size_t i = 0; i < k; ++i)
        {
            columns.assign(1, i);
            counts[i] = diagonal[i];
            for (std::size_t g = first_guess[i]; g < first_guess[i + 1]; ++g)
                if (counts[guesses[g]]++ == 0)
                    columns.push_back(guesses[g]);
            std::sort(columns.begin(), columns.end());
            for (const std::size_t j : columns)
                if (const auto count = std::exchange(counts[j], 0); count != 0)
                    entries_.push_back({j, static_cast<double>(count)});
            first_[i + 1] = entries_.size();
        }
    }

    /// The rows that have been made elsewhere: the entries of all of them, and k + 1 numbers, where those of each
    /// start.
    joint_rows(std::vector<std::size_t> first, sparse_row entries)
        : first_(std::move(first)), entries_(std::move(entries))
    {
    }

    /// How many rows, and columns, there are.
    [[nodiscard]] std::size_t size() const noexcept
    {
        return first_.size() - 1;
    }

    void operator()(std::size_t given, sparse_row& row) const
    {
        row.assign(entries_.begin() + static_cast<std::ptrdiff_t>(first_[given]),
                   entries_.begin() + static_cast<std::ptrdiff_t>(first_[given + 1]));
    }

private:
    template <std::integral Label>
    void count_densely(std::span<const std::int64_t> diagonal, std::span<const off_diagonal_example> examples,
                       std::span<const Label> labels)
    {
        const std::size_t k = diagonal.size();
        std::vector<std::int64_t> counts(k * k);
        for (const auto& example : examples)
            ++counts[static_cast<std::size_t>(labels[example.row()]) * k + example.guess()];
        for (std::size_t i = 0; i < k; ++i)
        {
            counts[i * k + i] = diagonal[i];
            for (std::size_t j = 0; j < k; ++j)
                if (counts[i * k + j] != 0)
                    entries_.push_back({j, static_cast<double>(counts[i * k + j])});
            first_[i + 1] = entries_.size();
        }
    }

    std::vector<std::size_t> first_;  // k + 1: where the entries of each given label start
    sparse_row entries_;
};

/// What the two passes over all rows find out: everything that counting and filtering start from.
struct confident_scan
{
    std::vector<double> thresholds;                   // k
    std::vector<std::int64_t> diagonal;               // k, as counted, on all processes
    large_vector<off_diagonal_example> off_diagonal;  // ascending
    large_vector<std::size_t> contradicted;           // ascending

    template <std::integral Label, peer_processes Peers = alone>
    [[nodiscard]] joint_rows rows(const class_labels<Label>& labels, diagonal_floor floor,
                                  const Peers& peers = {}) const
    {
        auto counts = diagonal;
        if (floor == diagonal_floor::one)
            for (std::int64_t& count : counts)
                count = std::max<std::int64_t>(count, 1);
        return peers.add_up_off_diagonal(joint_rows(counts, off_diagonal, labels.values));
    }

    [[nodiscard]] large_vector<std::size_t> off_diagonal_rows() const
    {
        large_vector<std::size_t> rows(off_diagonal.size());
        std::transform(off_diagonal.begin(), off_diagonal.end(), rows.begin(),
                       [](const off_diagonal_example& example) { return example.row(); });
        return rows;
    }
};

/// The rows of counts as a matrix.
[[nodiscard]] inline xt::xtensor<std::int64_t, 2> to_matrix(const joint_rows& row_of, std::size_t num_classes)
{
    auto matrix = xt::xtensor<std::int64_t, 2>::from_shape({num_classes, num_classes});
    matrix.fill(0);
    sparse_row row;
    for (std::size_t i = 0; i < num_classes; ++i)
    {
        row_of(i, row);
        for (const auto& entry : row)
            matrix(i, entry.column) = static_cast<std::int64_t>(entry.value);
    }
    return matrix;
}

/// The pass that checks every row and counts, with thresholds that are known. What else is to be kept of the rows goes
/// to `memory`, if there is one.
template <row_source Source, std::integral Label, peer_processes Peers = alone>
[[nodiscard]] confident_scan
count_confident(const Source& source, const class_labels<Label>& labels, std::vector<double> thresholds,
                const pass_options& options, const char* function,
                pass_memory<typename Source::value_type>* memory = nullptr, const Peers& peers = {})
{
    using T = typename Source::value_type;
    auto counts = scan(source, "confident joint",
                       confident_counts<T, Label>(labels.values, thresholds, options.tolerance, memory),
                       {options.threads, options.progress});
    counts.check.finish(function);
    if (memory != nullptr)
        memory->contradicted = std::move(counts.remembered);
    peers.add_up(counts.missed);
    std::vector<std::int64_t> diagonal(counts.missed.size());
    std::transform(labels.class_counts.begin(), labels.class_counts.end(), counts.missed.begin(), diagonal.begin(),
                   [](std::size_t examples, std::int64_t missed)
                   { return static_cast<std::int64_t>(examples) - missed; });
    return {std::move(thresholds), std::move(diagonal), std::move(counts.off_diagonal), std::move(counts.contradicted)};
}

/// Both passes.
template <row_source Source, std::integral Label, peer_processes Peers = alone>
[[nodiscard]] confident_scan scan_confident(const Source& source, const class_labels<Label>& labels,
                                            const pass_options& options, const char* function,
                                            pass_memory<typename Source::value_type>* memory = nullptr,
                                            const Peers& peers = {})
{
    auto thresholds =
        thresholds_of(source, labels, options,
                      memory != nullptr ? std::span(memory->confidence_floors) : std::span<std::uint8_t>{}, peers);
    return count_confident(source, labels, std::move(thresholds), options, function, memory, peers);
}

/// What a caller of compute_confident_joint gets.
template <std::integral Label, peer_processes Peers = alone>
[[nodiscard]] confident_joint_result to_result(const confident_scan& found, const class_labels<Label>& labels,
                                               diagonal_floor floor, calibration calibrate, const Peers& peers = {})
{
    auto joint = to_matrix(found.rows(labels, floor, peers), labels.class_counts.size());
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
        labels, pred_probs, options, function,
        [&](const auto& rows, const auto& checked)
        {
            const auto found = detail::scan_confident(rows, checked, pass_options_of(options), function);
            return detail::to_result(found, checked, detail::diagonal_floor::one, options.calibrate);
        });
}

}  // namespace labelerrors

#endif
