#ifndef LABELERRORS_CORE_FIND_LABEL_ISSUES_HPP
#define LABELERRORS_CORE_FIND_LABEL_ISSUES_HPP

#include <labelerrors/core/calibrate_confident_joint.hpp>
#include <labelerrors/core/confident_joint.hpp>
#include <labelerrors/core/label_issues.hpp>
#include <labelerrors/core/label_quality_scores.hpp>
#include <labelerrors/core/num_label_issues.hpp>
#include <labelerrors/core/peers.hpp>
#include <labelerrors/core/prune_counts.hpp>
#include <labelerrors/core/prune_selection.hpp>
#include <labelerrors/core/rank_label_issues.hpp>
#include <labelerrors/core/remembered_rows.hpp>
#include <labelerrors/core/remembered_selection.hpp>
#include <labelerrors/rows/large_vector.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace labelerrors
{

/// Which examples count as label issues.
enum class filter_by
{
    // For each pair of given and true label, as many as the joint says, those with the largest p[true] - p[given].
    prune_by_noise_rate,
    // For each given label, as many as the joint says, those with the lowest p[given].
    prune_by_class,
    // What both of the above take.
    both,
    // What the confident joint counts off its diagonal.
    confident_learning,
    // Where the argmax is not the given label.
    predicted_neq_given,
    // The num_label_issues examples with the lowest normalized margin.
    low_normalized_margin,
    // The num_label_issues examples with the lowest self-confidence.
    low_self_confidence,
};

/// What find_label_issues lets its caller choose.
struct find_label_issues_options
{
    // Which examples count as issues.
    labelerrors::filter_by filter_by = labelerrors::filter_by::prune_by_noise_rate;
    // What the issues are ranked by, most severe first; none: ascending by index, with self-confidence as the score.
    std::optional<score_method> rank_by = score_method::self_confidence;
    // Whether the ranking score is made from adjusted probabilities. The filters never are.
    adjustment adjust_pred_probs = adjustment::none;
    // The share of each off-diagonal quota that is taken, 0 .. 1. Prune filters only.
    double frac_noise = 1.0;
    // Classes of no more than so many examples are left alone, and of larger ones the diagonal count of the joint is
    // raised to so many. prune_by_class keeps these; prune_by_noise_rate may take a few of them, where counts are too
    // small to give up their part of the raise (see prune_counts). Numbers to remove are not bound by it. Prune filters
    // only.
    std::size_t min_examples_per_class = 1;
    // How many examples to remove (k numbers) instead of as many as the joint says: prune_by_class takes so many of
    // those given each label, prune_by_noise_rate so many that look like each label, whatever they are given, as the
    // reference has it, and both what the two have in common. Prune filters only.
    std::optional<std::vector<std::size_t>> num_to_remove_per_class = std::nullopt;
    // k x k counts, row: given, column: true, in place of the calibrated confident joint. Prune filters only; the
    // confident_learning filter ignores it, as the reference does.
    std::optional<xt::xtensor<double, 2>> confident_joint = std::nullopt;
    double tolerance = 1e-4;                                  // see pass_options
    std::size_t threads = 0;                                  // see pass_options
    std::function<void(const scan_progress&)> progress = {};  // see pass_options
};

/// Finds the examples whose labels are likely wrong.
///
/// `labels`: n integers, 0 .. k - 1. `pred_probs`: n x k out-of-sample probabilities, any source of rows; float and
/// half precision give the issues that the same values in double give.
/// Every filter but low_* leaves out examples whose label wins the argmax once its probability is raised by 1e-6. Ties
/// at a quota go to the lower index.
/// Throws shape_error and value_error as class_thresholds, and for options out of range.
/// O(n k) time in the one or two passes of compute_confident_joint, and further looks at contradicted rows alone or,
/// where a quota is larger than there are such rows, at all rows of that label. Memory O(k) a thread and for
/// each pair of classes that are confused, and some 50 bytes for each example whose label the model contradicts; for
/// rows of 512 bytes or more, and for rows that are costly to read again, also what may be needed of them, at most some
/// 33 bytes for each example, or 49 of rows of doubles; for rows of at most 8 columns in memory a copy of those, at
/// most 9 bytes for each example; nothing of size n x k, nor k x k.
/// Source: Northcutt, Jiang and Chuang 2021, section 3.2; cleanlab.filter.find_label_issues.
template <label_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] label_issues find_label_issues(const Labels& labels, const PredProbs& pred_probs,
                                             const find_label_issues_options& options = {});

namespace detail
{

[[nodiscard]] constexpr bool prunes(filter_by filter) noexcept
{
    return filter == filter_by::prune_by_noise_rate || filter == filter_by::prune_by_class || filter == filter_by::both;
}

/// Refuses options that are out of range, and a frac_noise or numbers to remove that the chosen filter has no use for,
/// as the reference does. What else prune filters alone look at, the others ignore.
inline void require_options(const find_label_issues_options& options, std::size_t num_classes, const char* function)
{
    const std::string name = function;
    if (options.rank_by)
        require_adjustable(*options.rank_by, options.adjust_pred_probs, function);
    require_frac_noise(options.frac_noise, function);
    if (options.frac_noise != 1.0 && !prunes(options.filter_by))
        throw value_error(name + ": frac_noise needs filter_by prune_by_noise_rate, prune_by_class or both");
    if (options.num_to_remove_per_class)
    {
        if (!prunes(options.filter_by))
            throw value_error(name +
                              ": num_to_remove_per_class needs filter_by prune_by_noise_rate, prune_by_class or both");
        if (options.num_to_remove_per_class->size() != num_classes)
            throw shape_error(name + ": num_to_remove_per_class must have one number for each of the " +
                              std::to_string(num_classes) + " classes, not " +
                              std::to_string(options.num_to_remove_per_class->size()));
    }
    if (options.confident_joint)
        require_counts(*options.confident_joint, num_classes, function, "confident_joint");
}

/// How many examples the prune filters take. Without a joint or numbers of the caller's own, no k x k matrix is made.
template <std::integral Label, peer_processes Peers>
[[nodiscard]] prune_plan plan_pruning(const confident_scan& found, const class_labels<Label>& labels,
                                      const find_label_issues_options& options, const Peers& peers)
{
    const std::size_t k = labels.class_counts.size();
    // A lone example is never taken, whatever the option says.
    const std::size_t smallest_class = std::max<std::size_t>(options.min_examples_per_class, 1);
    const auto plan_by = [&](auto&& joint_row)
    {
        const auto counts_of = [&](std::size_t given, sparse_row& row)
        {
            joint_row(given, row);
            to_prune_counts(row, k, given, options.min_examples_per_class, options.frac_noise);
        };
        if (!options.num_to_remove_per_class)
            return plan_of(counts_of, labels.class_counts, smallest_class);
        auto counts = square_matrix<std::int64_t>(k);
        sparse_row row;
        for (std::size_t given = 0; given < k; ++given)
        {
            counts_of(given, row);
            for (const auto& entry : row)
                counts(entry.column, given) = static_cast<std::int64_t>(entry.value);
        }
        counts = spread_removals(counts, *options.num_to_remove_per_class, labels.class_counts);
        return plan_of(columns_of(counts), labels.class_counts, smallest_class);
    };
    if (options.confident_joint)
        return plan_by(rows_of(*options.confident_joint));
    calibrated_rows calibrated(found.rows(labels, diagonal_floor::one, peers), labels.class_counts,
                               summation_order::by_columns);
    return plan_by([&](std::size_t given, sparse_row& row) { row = calibrated(given); });
}

/// The rows that the prune filters take and that the model contradicts, ascending.
template <row_source Source, std::integral Label, peer_processes Peers>
[[nodiscard]] large_vector<std::size_t> select_by_pruning(const Source& source, const class_labels<Label>& labels,
                                                          const confident_scan& found,
                                                          const pass_memory<typename Source::value_type>& memory,
                                                          const find_label_issues_options& options, const Peers& peers)
{
    const auto plan = plan_pruning(found, labels, options, peers);
    const auto passes = pass_options_of(options);
    if (options.filter_by == filter_by::prune_by_class)
        return intersection(select_by_class(source, labels, plan.by_class, passes, peers), found.contradicted);
    auto by_rate = select_by_noise_rate(source, labels, found.contradicted, memory, plan.pairs, passes, peers);
    if (!by_rate.are_contradicted)
        by_rate.rows = intersection(by_rate.rows, found.contradicted);
    if (options.filter_by == filter_by::both)
        return intersection(by_rate.rows, select_by_class(source, labels, plan.by_class, passes, peers));
    return std::move(by_rate.rows);
}

/// The rows that a filter flags, ascending.
template <row_source Source, std::integral Label, peer_processes Peers>
[[nodiscard]] large_vector<std::size_t>
flagged_rows(const Source& source, const class_labels<Label>& labels, const confident_scan& found,
             const pass_memory<typename Source::value_type>& memory, const find_label_issues_options& options,
             const char* function, const Peers& peers)
{
    switch (options.filter_by)
    {
    case filter_by::predicted_neq_given:
        // Contradicted even after the label's raise, so contradicted before it.
        return found.contradicted;
    case filter_by::confident_learning:
        return intersection(found.off_diagonal_rows(), found.contradicted);
    case filter_by::low_normalized_margin:
    case filter_by::low_self_confidence:
    {
        const auto method = options.filter_by == filter_by::low_normalized_margin ? score_method::normalized_margin
                                                                                  : score_method::self_confidence;
        const auto scores = score_rows(source, labels, method, {}, pass_options_of(options), function);
        return lowest_rows(scores, num_label_issues_in(found, labels, estimation_method::off_diagonal, peers), peers);
    }
    case filter_by::prune_by_noise_rate:
    case filter_by::prune_by_class:
    case filter_by::both:
        break;
    }
    return select_by_pruning(source, labels, found, memory, options, peers);
}

/// What is told about the flagged rows: from what was kept of the passes, if it says enough, else from the rows.
template <row_source Source, std::integral Label>
[[nodiscard]] described_rows
describe_flagged(const Source& source, const class_labels<Label>& labels, const confident_scan& found,
                 const pass_memory<typename Source::value_type>& memory, std::span<const std::size_t> flagged,
                 const find_label_issues_options& options)
{
    const auto method = options.rank_by.value_or(score_method::self_confidence);
    const bool adjusts = options.adjust_pred_probs == adjustment::class_thresholds;
    const row_scorer score(method, adjusts ? std::span<const double>(found.thresholds) : std::span<const double>{});
    std::optional<described_rows> rows;
    if (!adjusts)
        rows = describe_remembered(memory.contradicted, labels, found.contradicted, flagged, method, options.threads);
    if (!rows)
        rows = describe_kept(memory.kept, found.contradicted, flagged, score, options.threads);
    return rows ? std::move(*rows) : describe(source, labels, flagged, score, pass_options_of(options));
}

/// The issues among the rows of this process, as find_label_issues gives them.
template <row_source Source, std::integral Label, peer_processes Peers = alone>
[[nodiscard]] label_issues
find_issues_in(const Source& source, const class_labels<Label>& labels, const find_label_issues_options& options,
               const char* function, std::optional<std::vector<exact_sum>> sums = std::nullopt, const Peers& peers = {})
{
    require_options(options, source.num_columns(), function);
    const auto passes = pass_options_of(options);
    auto memory = make_pass_memory(source);
    auto found = scan_confident(source, labels, passes, function, std::move(sums), &memory, peers);
    const auto flagged = flagged_rows(source, labels, found, memory, options, function, peers);
    const auto rows = describe_flagged(source, labels, found, memory, flagged, options);
    // What is not needed any more makes room for what is returned.
    found = {};
    memory = {};
    return in_order(rows, flagged, labels.size(), source.num_columns(), options.rank_by.has_value(), options.threads);
}

}  // namespace detail

template <label_sequence Labels, probability_matrix PredProbs>
label_issues find_label_issues(const Labels& labels, const PredProbs& pred_probs,
                               const find_label_issues_options& options)
{
    constexpr const char* function = "find_label_issues";
    return detail::with_checked_sums(
        labels, pred_probs, options, function,
        [&](const auto& rows, const auto& checked, auto&& sums)
        { return detail::find_issues_in(rows, checked, options, function, std::move(sums)); });
}

}  // namespace labelerrors

#endif
