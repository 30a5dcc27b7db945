#ifndef LABELERRORS_CORE_REFERENCE_CLEANLAB_1_MULTILABEL_HPP
#define LABELERRORS_CORE_REFERENCE_CLEANLAB_1_MULTILABEL_HPP

#include <labelerrors/core/find_multilabel_issues.hpp>
#include <labelerrors/core/predict_label_sets.hpp>
#include <labelerrors/core/reference_cleanlab_1_means.hpp>
#include <labelerrors/core/reference_cleanlab_1_pruning.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace labelerrors::reference::cleanlab_1
{

/// What flagged examples with sets of labels are ordered by, lowest first.
enum class label_set_order
{
    // The order of 1.0, which takes the zeros and ones of a set for column numbers: the mean over all classes of p[1]
    // for those in the set and p[0] for the others, less the largest p.
    as_published,
    // What it was to be: the mean p of the classes in the set, less the largest p.
    normalized_margin,
    index,
};

/// What the multi-label procedure of cleanlab 1.0 lets its caller choose.
struct multilabel_noise_indices_options
{
    cleanlab_1::prune_method prune_method = cleanlab_1::prune_method::prune_by_noise_rate;
    cleanlab_1::label_set_order order = cleanlab_1::label_set_order::as_published;
    double frac_noise = 1.0;                        // the share of each off-diagonal quota that is taken, 0 .. 1
    cleanlab_1::jobs jobs = cleanlab_1::jobs::one;  // with several the reference prunes by probabilities as floats
    double tolerance = 1e-4;                        // see pass_options
    std::size_t threads = 0;                        // see pass_options
    std::function<void(const scan_progress&)> progress = {};  // see pass_options
};

/// The examples with sets of labels that 1.0 flags by pruning: how the published study found AudioSet's label errors,
/// of which it checked the first 307.
///
/// Not one against the rest: entry (i, j) of the joint counts the examples given class i whose p[j] reaches the mean p
/// of the examples given j, an example once for each of its labels and each class that it reaches. Calibrated to the
/// label counts, the joint is pruned by as get_noise_indices does. An example whose set is just the classes with p
/// above the threshold of the best F1 score, of 0.05, 0.1, .., 0.85, is left out.
/// `labels`, `pred_probs`: as labelerrors::find_multilabel_issues, with k at least 2.
/// Returns the issues; flagged classes are given ones that pruning takes the example for, suggested labels the classes
/// above that threshold. Throws as find_multilabel_issues, and value_error where a class has no example.
/// O(n k), and for each label of an example O(k), in four passes; memory O(k^2), and for each label.
/// Source: cleanlab 1.0 pruning.get_noise_indices with multi_label. Differs from cleanlab 1.0: values outside [0, 1]
/// within the tolerance count as 0 or 1.
template <label_set_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] multilabel_issues get_multilabel_noise_indices(const Labels& labels, const PredProbs& pred_probs,
                                                             const multilabel_noise_indices_options& options = {});

namespace detail
{

/// Cells: the joint of given and confident classes, and the predictions' F1 scores.
struct label_joint
{
    std::span<const double> class_means;  // k
    labelerrors::detail::threshold_counts predictions;
    std::vector<std::int64_t> counts;         // k x k
    std::vector<std::size_t> confident = {};  // of the row at hand

    void add(const label_set_row& row)
    {
        predictions.add(row);
        const std::size_t k = class_means.size();
        confident.clear();
        for (std::size_t j = 0; j < k; ++j)
            if (row.pred_probs[j] >= class_means[j])
                confident.push_back(j);
        for (const std::size_t i : row.labels)
            for (const std::size_t j : confident)
                ++counts[i * k + j];
    }

    void merge(label_joint&& later)
    {
        predictions.merge(std::move(later.predictions));
        for (std::size_t cell = 0; cell < counts.size(); ++cell)
            counts[cell] += later.counts[cell];
    }
};

/// Cells: the quotas' cuts, each label of an example by itself.
struct label_cut_search
{
    shared_as shared;
    pair_quotas margins;
    std::vector<quota_selection> lowest;  // k

    void add(const label_set_row& row)
    {
        for (const std::uint32_t label : row.labels)
        {
            const double given = row.pred_probs[label];
            lowest[label].add(-shared.value(given), row.index);
            for (auto& pair : margins.of(label))
                pair.selection.add(shared.margin(row.pred_probs[pair.true_label], given), row.index);
        }
    }

    void merge(label_cut_search&& later)
    {
        merge_each(lowest, std::move(later.lowest));
        for (std::size_t i = 0; i < margins.pairs.size(); ++i)
            margins.pairs[i].selection.merge(std::move(later.margins.pairs[i].selection));
    }
};

/// Cells: what is told about the examples within the cuts whose set is not the predicted one.
struct label_cut_rows
{
    struct description
    {
        double score;
        std::size_t index;
        std::vector<std::size_t> given;
        std::vector<std::size_t> suggested;
        std::vector<std::size_t> flagged;
    };

    shared_as shared;
    const cuts* at;
    cleanlab_1::prune_method method;
    cleanlab_1::label_set_order order;
    double threshold;
    std::vector<description> rows = {};

    void add(const label_set_row& row)
    {
        bool any_by_rate = false;
        bool any_by_class = false;
        description told{0.0, row.index, {row.labels.begin(), row.labels.end()}, {}, {}};
        for (const std::uint32_t label : row.labels)
        {
            const double given = row.pred_probs[label];
            bool by_rate = false;
            for (std::size_t p = at->first[label]; p < at->first[label + 1]; ++p)
                by_rate =
                    by_rate || shared.margin(row.pred_probs[at->pairs[p].true_label], given) >= at->pairs[p].margin;
            const bool by_class = shared.value(given) < at->self_confidence[label];
            any_by_rate = any_by_rate || by_rate;
            any_by_class = any_by_class || by_class;
            if ((by_rate && method != prune_method::prune_by_class) ||
                (by_class && method != prune_method::prune_by_noise_rate))
                told.flagged.push_back(label);
        }
        const bool taken = method == prune_method::both             ? any_by_rate && any_by_class
                           : method == prune_method::prune_by_class ? any_by_class
                                                                    : any_by_rate;
        if (!taken)
            return;
        for (std::size_t j = 0; j < row.pred_probs.size(); ++j)
            if (row.pred_probs[j] > threshold)
                told.suggested.push_back(j);
        if (told.suggested == told.given)
            return;
        told.score = score(row);
        rows.push_back(std::move(told));
    }

    void merge(label_cut_rows&& later)
    {
        std::move(later.rows.begin(), later.rows.end(), std::back_inserter(rows));
    }

private:
    [[nodiscard]] double score(const label_set_row& row) const
    {
        const auto& p = row.pred_probs;
        const double largest = *std::max_element(p.begin(), p.end());
        if (order == label_set_order::as_published)
            return pairwise_sum(p.size(), [&](std::size_t j) { return p[row.given[j]]; }) /
                       static_cast<double>(p.size()) -
                   largest;
        return pairwise_sum(row.labels.size(), [&](std::size_t i) { return p[row.labels[i]]; }) /
                   static_cast<double>(row.labels.size()) -
               largest;
    }
};

/// The cuts of the quotas that a calibrated joint stands for.
template <row_source Source>
[[nodiscard]] cuts find_label_cuts(const Source& source, const class_sets& labels,
                                   const xt::xtensor<std::int64_t, 2>& joint,
                                   const multilabel_noise_indices_options& options, const char* function)
{
    const auto counts = prune_counts(joint, min_examples_per_class, options.frac_noise);
    label_cut_search empty{
        shared_as{options.jobs}, plan_of(columns_of(counts), labels.class_counts, min_examples_per_class).pairs, {}};
    for (std::size_t j = 0; j < labels.num_classes(); ++j)
    {
        const auto size = static_cast<std::int64_t>(labels.class_counts[j]);
        // The cut itself is the first value that is kept.
        const bool pruned = labels.class_counts[j] > min_examples_per_class;
        empty.lowest.emplace_back(
            static_cast<std::size_t>(pruned ? std::clamp<std::int64_t>(size - counts(j, j) + 1, 1, size) : 0));
    }
    auto found = scan_label_sets(source, labels, "cuts", std::move(empty), pass_options_of(options), function);
    cuts at{found.margins.first, {}, {}};
    for (auto& pair : found.margins.pairs)
        at.pairs.push_back({pair.true_label, pair.selection.smallest_key()});
    for (std::size_t j = 0; j < found.lowest.size(); ++j)
        at.self_confidence.push_back(labels.class_counts[j] > min_examples_per_class
                                         ? -found.lowest[j].smallest_key()
                                         : -std::numeric_limits<double>::infinity());
    return at;
}

}  // namespace detail

template <label_set_sequence Labels, probability_matrix PredProbs>
multilabel_issues get_multilabel_noise_indices(const Labels& labels, const PredProbs& pred_probs,
                                               const multilabel_noise_indices_options& options)
{
    constexpr const char* function = "get_multilabel_noise_indices";
    labelerrors::detail::require_frac_noise(options.frac_noise, function);
    return detail::with_checked_sets(
        labels, pred_probs, options.tolerance, function,
        [&](const auto& rows, const class_sets& sets)
        {
            const std::size_t k = sets.num_classes();
            if (k < 2)
                throw shape_error(std::string(function) + ": pred_probs must have at least 2 columns, not 1");
            const auto passes = detail::pass_options_of(options);
            const auto thresholds = evenly_spaced_thresholds(0.05, 0.05, 17);
            const auto means = detail::mean_given(rows, sets, passes, function);
            const auto counted = detail::scan_label_sets(
                rows, sets, "confident joint",
                detail::label_joint{means, detail::threshold_counts(thresholds),
                                    std::vector<std::int64_t>(labelerrors::detail::num_cells(k))},
                passes, function);
            auto joint = xt::xtensor<std::int64_t, 2>::from_shape({k, k});
            std::copy(counted.counts.begin(), counted.counts.end(), joint.begin());
            const auto at = detail::find_label_cuts(rows, sets, calibrate_confident_joint(joint, sets.class_counts),
                                                    options, function);
            auto told =
                detail::scan_label_sets(
                    rows, sets, "selection",
                    detail::label_cut_rows{detail::shared_as{options.jobs}, &at, options.prune_method, options.order,
                                           detail::best_threshold(thresholds, counted.predictions.f1_scores())},
                    passes, function)
                    .rows;
            if (options.order != label_set_order::index)
                detail::sort_by_score(told);
            const std::size_t m = told.size();
            multilabel_issues result{sets.size(),
                                     k,
                                     xt::xtensor<std::size_t, 1>::from_shape({m}),
                                     xt::xtensor<double, 1>::from_shape({m}),
                                     {},
                                     {},
                                     {}};
            for (std::size_t i = 0; i < m; ++i)
            {
                result.indices(i) = told[i].index;
                result.scores(i) = told[i].score;
                result.given_labels.push_back(std::move(told[i].given));
                result.suggested_labels.push_back(std::move(told[i].suggested));
                result.flagged_classes.push_back(std::move(told[i].flagged));
            }
            return result;
        });
}

}  // namespace labelerrors::reference::cleanlab_1

#endif
