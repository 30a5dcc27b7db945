#ifndef LABELERRORS_CORE_REFERENCE_CLEANLAB_1_PRUNING_HPP
#define LABELERRORS_CORE_REFERENCE_CLEANLAB_1_PRUNING_HPP

#include <labelerrors/core/model_agrees.hpp>
#include <labelerrors/core/prune_counts.hpp>
#include <labelerrors/core/prune_selection.hpp>
#include <labelerrors/rows/parallel.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace labelerrors::reference::cleanlab_1
{

/// How many processes the reference worked with. With several it shared the probabilities as float: the prune filters
/// compare rounded values, and other examples tie.
enum class jobs
{
    one,
    several,
};

/// Which of the examples that prune_by_class and prune_by_noise_rate flag to take.
enum class prune_method
{
    prune_by_noise_rate,
    prune_by_class,
    both,
};

/// What the flagged examples are ordered by, lowest first. `normalized_margin` is p[given] - max p over all classes,
/// which is 0 where they agree; 1.0 also used it, silently, for any name that it did not know, self_confidence
/// included.
enum class sorted_index_method
{
    normalized_margin,
    prob_given_label,
    index,
};

/// What get_noise_indices of cleanlab 1.0 lets its caller choose.
struct noise_indices_options
{
    // Which examples count as errors.
    cleanlab_1::prune_method prune_method = cleanlab_1::prune_method::prune_by_noise_rate;
    // What the errors are sorted by.
    cleanlab_1::sorted_index_method sorted_index_method = cleanlab_1::sorted_index_method::normalized_margin;
    double frac_noise = 1.0;  // the share of each off-diagonal quota that is taken, 0 .. 1
    // k x k counts, row: given, column: true, in place of the calibrated confident joint.
    std::optional<xt::xtensor<double, 2>> confident_joint = std::nullopt;
    // Whether errors are found as by one process or by several, which differ in the reference.
    cleanlab_1::jobs jobs = cleanlab_1::jobs::one;
    double tolerance = 1e-4;                                  // see pass_options
    std::size_t threads = 0;                                  // see pass_options
    std::function<void(const scan_progress&)> progress = {};  // see pass_options
};

namespace detail
{

using namespace labelerrors::detail;

/// 1.0 keeps so many examples of each class, whatever one asks for.
inline constexpr std::size_t min_examples_per_class = 5;

/// A value, or the difference of two, as the reference's processes saw it.
struct shared_as
{
    cleanlab_1::jobs jobs;

    [[nodiscard]] double value(double p) const noexcept
    {
        return jobs == cleanlab_1::jobs::several ? static_cast<double>(static_cast<float>(p)) : p;
    }

    [[nodiscard]] double margin(double p, double q) const noexcept
    {
        return jobs == cleanlab_1::jobs::several ? static_cast<double>(static_cast<float>(p) - static_cast<float>(q))
                                                 : p - q;
    }
};

/// Accumulator: the quotas' cuts, from all rows.
template <row_element T, std::integral Label>
struct cut_search
{
    std::span<const Label> labels;
    shared_as shared;
    pair_quotas margins;
    std::vector<quota_selection> lowest;  // k

    void add(const row_block<T>& block)
    {
        for (std::size_t i = 0; i < block.num_rows; ++i)
        {
            const std::size_t index = block.first_row + i;
            const auto row = block.row(i);
            const auto label = static_cast<std::size_t>(labels[index]);
            const auto given = static_cast<double>(row[label]);
            lowest[label].add(-shared.value(given), index);
            for (auto& pair : margins.of(label))
                pair.selection.add(shared.margin(static_cast<double>(row[pair.true_label]), given), index);
        }
    }

    void merge(cut_search&& later)
    {
        merge_each(lowest, std::move(later.lowest));
        margins.merge(std::move(later.margins));
    }
};

/// The cuts: a margin for each pair, a self-confidence for each class.
struct cuts
{
    struct pair
    {
        std::size_t true_label;
        double margin;
    };

    std::vector<std::size_t> first;       // k + 1: where the pairs of each given label start
    std::vector<pair> pairs;              // at least this margin
    std::vector<double> self_confidence;  // k, below this
};

/// Accumulator: the rows within the cuts whose argmax is not their label.
template <row_element T, std::integral Label>
struct cut_rows
{
    std::span<const Label> labels;
    shared_as shared;
    const cuts* at;
    cleanlab_1::prune_method method;
    std::vector<std::size_t> rows = {};

    void add(const row_block<T>& block)
    {
        for (std::size_t i = 0; i < block.num_rows; ++i)
        {
            const std::size_t index = block.first_row + i;
            const auto row = block.row(i);
            const auto label = static_cast<std::size_t>(labels[index]);
            const auto given = static_cast<double>(row[label]);
            bool by_rate = false;
            for (std::size_t p = at->first[label]; p < at->first[label + 1]; ++p)
                by_rate = by_rate || shared.margin(static_cast<double>(row[at->pairs[p].true_label]), given) >=
                                         at->pairs[p].margin;
            const bool by_class = shared.value(given) < at->self_confidence[label];
            const bool taken = method == cleanlab_1::prune_method::both             ? by_rate && by_class
                               : method == cleanlab_1::prune_method::prune_by_class ? by_class
                                                                                    : by_rate;
            if (taken && argmax(row) != label)
                rows.push_back(index);
        }
    }

    void merge(cut_rows&& later)
    {
        rows.insert(rows.end(), later.rows.begin(), later.rows.end());
    }
};

/// The rows that pruning flags, ascending.
template <row_source Source, std::integral Label, count_matrix Matrix>
[[nodiscard]] std::vector<std::size_t> prune(const Source& source, const class_labels<Label>& labels,
                                             const Matrix& confident_joint, const noise_indices_options& options)
{
    using T = typename Source::value_type;
    const auto counts = prune_counts(confident_joint, min_examples_per_class, options.frac_noise);
    const scan_options scanning{options.threads, options.progress};
    const shared_as shared{options.jobs};
    cut_search<T, Label> empty{
        labels.values, shared, plan_of(columns_of(counts), labels.class_counts, min_examples_per_class).pairs, {}};
    for (std::size_t j = 0; j < labels.class_counts.size(); ++j)
    {
        const auto size = static_cast<std::int64_t>(labels.class_counts[j]);
        const bool pruned = labels.class_counts[j] > min_examples_per_class;
        // The cut itself is the first value that is kept.
        const std::int64_t quota = pruned ? std::clamp<std::int64_t>(size - counts(j, j) + 1, 1, size) : 0;
        empty.lowest.emplace_back(static_cast<std::size_t>(quota));
    }
    auto found = scan(source, "cuts", std::move(empty), scanning);

    cuts at{found.margins.first, {}, {}};
    for (auto& pair : found.margins.pairs)
        at.pairs.push_back({pair.true_label, pair.selection.smallest_key()});
    for (auto& lowest : found.lowest)
        at.self_confidence.push_back(-lowest.smallest_key());
    for (std::size_t j = 0; j < at.self_confidence.size(); ++j)
        if (labels.class_counts[j] <= min_examples_per_class)
            at.self_confidence[j] = -std::numeric_limits<double>::infinity();
    return scan(source, "selection", cut_rows<T, Label>{labels.values, shared, &at, options.prune_method}, scanning)
        .rows;
}

}  // namespace detail

}  // namespace labelerrors::reference::cleanlab_1

#endif
