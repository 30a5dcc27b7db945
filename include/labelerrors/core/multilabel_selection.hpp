#ifndef LABELERRORS_CORE_MULTILABEL_SELECTION_HPP
#define LABELERRORS_CORE_MULTILABEL_SELECTION_HPP

#include <labelerrors/core/batched_answers.hpp>
#include <labelerrors/core/find_label_issues.hpp>
#include <labelerrors/core/label_set_rows.hpp>
#include <labelerrors/core/multilabel_confident_joint.hpp>
#include <labelerrors/core/multilabel_options.hpp>
#include <labelerrors/core/prune_counts.hpp>
#include <labelerrors/core/prune_selection.hpp>
#include <labelerrors/rows/large_vector.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace labelerrors
{

namespace detail
{

/// Quotas of each class's answers: 2 k, absent and present of class 0 first.
struct answer_quotas
{
    std::vector<quota_selection> by_rate;
    std::vector<quota_selection> by_class;
};

/// How many answers of either kind the prune filters take, class by class. `joint_of(j)`: the 2 x 2 joint of class j.
template <class JointOf>
[[nodiscard]] answer_quotas plan_answers(const JointOf& joint_of, const class_sets& labels,
                                         const find_multilabel_issues_options& options)
{
    const bool by_rate = options.filter_by != filter_by::prune_by_class;
    const bool by_class = options.filter_by != filter_by::prune_by_noise_rate;
    const std::size_t smallest = std::max<std::size_t>(options.min_examples_per_class, 1);
    answer_quotas quotas;
    for (std::size_t j = 0; j < labels.num_classes(); ++j)
    {
        const auto sizes = answer_counts(labels, j);
        auto counts = prune_counts(joint_of(j), options.min_examples_per_class, options.frac_noise);
        if (options.num_to_remove_per_class)
            counts = spread_removals(counts, std::vector<std::size_t>{(*options.num_to_remove_per_class)[j], 0}, sizes);
        auto plan = plan_of(columns_of(counts), sizes, smallest);
        for (std::size_t answer = 0; answer < 2; ++answer)
        {
            const auto pairs = plan.pairs.of(answer);
            quotas.by_rate.push_back(by_rate && !pairs.empty() ? pairs.front().selection : quota_selection());
            quotas.by_class.emplace_back(by_class ? plan.by_class[answer] : std::size_t{0});
        }
    }
    return quotas;
}

/// Cells: shows every answer that the model doubts to the quotas of its class.
///
/// Answers at least as likely as their opposites are passed over: they come after all that the model contradicts, and
/// what the model does not contradict is no issue. Those in between are told by the last bit of what stands for the
/// row, which leaves the order of rows as it is.
struct answer_selection
{
    answer_quotas quotas;

    void add(const label_set_row& row)
    {
        for (std::size_t j = 0; j < row.pred_probs.size(); ++j)
        {
            const double present = row.pred_probs[j];
            const double absent = 1.0 - present;
            const bool is_given = row.given[j] != 0;
            const double given = is_given ? present : absent;
            const double other = is_given ? absent : present;
            if (given >= other)
                continue;
            const std::size_t answer = 2 * j + (is_given ? 1u : 0u);
            const std::size_t marked = 2 * row.index + (contradicts(present, is_given) ? 0u : 1u);
            quotas.by_rate[answer].add(other - given, marked);
            quotas.by_class[answer].add(-given, marked);
        }
    }

    void merge(answer_selection&& later)
    {
        merge_each(quotas.by_rate, std::move(later.quotas.by_rate));
        merge_each(quotas.by_class, std::move(later.quotas.by_class));
    }
};

/// The examples of each class that the prune filters flag, ascending.
template <row_source Source, peer_processes Peers>
[[nodiscard]] std::vector<std::vector<std::size_t>>
prune_answers(const Source& source, const class_sets& labels, answer_quotas quotas, filter_by filter,
              const pass_options& options, const char* function, const Peers& peers)
{
    auto selected =
        scan_label_sets(source, labels, "selection", answer_selection{std::move(quotas)}, options, function).quotas;
    peers.keep_best(2 * selected.by_rate.size(),
                    [&](std::size_t i) -> quota_selection&
                    { return (i % 2 == 0 ? selected.by_rate : selected.by_class)[i / 2]; });
    std::vector<std::vector<std::size_t>> flagged(labels.num_classes());
    for (std::size_t j = 0; j < flagged.size(); ++j)
    {
        large_vector<std::size_t> by_rate;
        large_vector<std::size_t> by_class;
        for (std::size_t answer = 2 * j; answer < 2 * j + 2; ++answer)
        {
            selected.by_rate[answer].append_indices_to(by_rate);
            selected.by_class[answer].append_indices_to(by_class);
        }
        std::sort(by_rate.begin(), by_rate.end());
        std::sort(by_class.begin(), by_class.end());
        const auto marked = filter == filter_by::both             ? intersection(by_rate, by_class)
                            : filter == filter_by::prune_by_class ? by_class
                                                                  : by_rate;
        for (const std::size_t row : marked)
            if (row % 2 == 0)
                flagged[j].push_back(row / 2);
    }
    return flagged;
}

/// Cells: the examples of each class whose answer the model contradicts.
struct contradicted_answers
{
    std::vector<std::vector<std::size_t>> rows;  // k

    void add(const label_set_row& row)
    {
        for (std::size_t j = 0; j < rows.size(); ++j)
            if (contradicts(row.pred_probs[j], row.given[j] != 0))
                rows[j].push_back(row.index);
    }

    void merge(contradicted_answers&& later)
    {
        for (std::size_t j = 0; j < rows.size(); ++j)
            rows[j].insert(rows[j].end(), later.rows[j].begin(), later.rows[j].end());
    }
};

/// Cells: of each class the examples with the lowest scores, whatever the answer.
struct lowest_answers
{
    std::vector<quota_selection> lowest;  // k
    score_method method;

    void add(const label_set_row& row)
    {
        for (std::size_t j = 0; j < lowest.size(); ++j)
        {
            const double absent = 1.0 - row.pred_probs[j];
            const double given = row.given[j] != 0 ? row.pred_probs[j] : absent;
            const double other = row.given[j] != 0 ? absent : row.pred_probs[j];
            lowest[j].add(method == score_method::self_confidence ? -given : -((given - other + 1.0) / 2.0), row.index);
        }
    }

    void merge(lowest_answers&& later)
    {
        merge_each(lowest, std::move(later.lowest));
    }
};

/// The examples of each class that a filter flags, ascending: what it flags of the class's question by itself.
/// `thresholds`: 2 k, or empty where they are not known yet; filled if they are made.
template <row_source Source, peer_processes Peers = alone>
[[nodiscard]] std::vector<std::vector<std::size_t>>
flag_answers(const Source& source, const class_sets& labels, const find_multilabel_issues_options& options,
             std::vector<double>& thresholds, const char* function, const Peers& peers = {})
{
    const auto passes = pass_options_of(options);
    const std::size_t k = labels.num_classes();
    if (options.procedure == multilabel_procedure::batched)
        return flag_batched_answers(source, labels, options, thresholds, function, peers);
    if (options.filter_by == filter_by::predicted_neq_given)
        return scan_label_sets(source, labels, "predictions",
                               contradicted_answers{std::vector<std::vector<std::size_t>>(k)}, passes, function)
            .rows;
    if (prunes(options.filter_by) && options.confident_joint)
    {
        const auto given_joint = [&](std::size_t j)
        {
            auto joint = xt::xtensor<double, 2>::from_shape({2, 2});
            for (std::size_t cell = 0; cell < 4; ++cell)
                joint(cell / 2, cell % 2) = (*options.confident_joint)(j, cell / 2, cell % 2);
            return joint;
        };
        return prune_answers(source, labels, plan_answers(given_joint, labels, options), options.filter_by, passes,
                             function, peers);
    }
    if (thresholds.empty())
        thresholds = answer_thresholds(source, labels, passes, function, peers);
    using keeping = answer_joints::keeping;
    auto counted = count_answers(source, labels, thresholds,
                                 prunes(options.filter_by) ? keeping::counts : keeping::rows, passes, function, peers);
    if (prunes(options.filter_by))
    {
        const auto calibrated = [&](std::size_t j)
        {
            return calibrate_confident_joint(counted.joint(j), answer_counts(labels, j), summation_order::by_columns);
        };
        return prune_answers(source, labels, plan_answers(calibrated, labels, options), options.filter_by, passes,
                             function, peers);
    }
    if (options.filter_by == filter_by::confident_learning)
        return std::move(counted.flagged);
    lowest_answers empty{{},
                         options.filter_by == filter_by::low_normalized_margin ? score_method::normalized_margin
                                                                               : score_method::self_confidence};
    std::vector<std::int64_t> sizes;
    for (const auto& rows : counted.flagged)
        sizes.push_back(static_cast<std::int64_t>(rows.size()));
    peers.add_up(sizes);
    for (const std::int64_t size : sizes)
        empty.lowest.emplace_back(static_cast<std::size_t>(size));
    auto selected = scan_label_sets(source, labels, "selection", std::move(empty), passes, function);
    peers.keep_best(k, [&](std::size_t j) -> quota_selection& { return selected.lowest[j]; });
    std::vector<std::vector<std::size_t>> flagged(k);
    for (std::size_t j = 0; j < k; ++j)
    {
        selected.lowest[j].append_indices_to(flagged[j]);
        std::sort(flagged[j].begin(), flagged[j].end());
    }
    return flagged;
}

}  // namespace detail

}  // namespace labelerrors

#endif
