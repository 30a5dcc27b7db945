#ifndef LABELERRORS_CORE_FIND_MULTILABEL_ISSUES_HPP
#define LABELERRORS_CORE_FIND_MULTILABEL_ISSUES_HPP

#include <labelerrors/core/multilabel_quality_scores.hpp>
#include <labelerrors/core/multilabel_selection.hpp>
#include <labelerrors/core/rank_label_issues.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <utility>
#include <vector>

namespace labelerrors
{

/// The examples whose sets of labels are likely wrong. All have one entry an issue, in the same order.
struct multilabel_issues
{
    std::size_t num_examples = 0;
    std::size_t num_classes = 0;
    xt::xtensor<std::size_t, 1> indices;                     // rows of pred_probs
    xt::xtensor<double, 1> scores;                           // the score of the whole set, lower is worse
    std::vector<std::vector<std::size_t>> given_labels;      // the set at that row, ascending
    std::vector<std::vector<std::size_t>> suggested_labels;  // the classes with p > 0.5, ascending
    std::vector<std::vector<std::size_t>> flagged_classes;   // those whose answer is flagged, ascending; none for low_*
};

/// Finds the examples whose sets of labels are likely wrong: each class is a question of its own, has the example the
/// class or not, and an example is an issue where the filter flags an answer to any of them.
///
/// `labels`: n sets of classes, 0 .. k - 1, or n x k zeros and ones; sets may be empty. `pred_probs`: n x k independent
/// out-of-sample probabilities, any source of rows; rows need not sum to 1.
/// With low_* the issues are as many as the filter confident_learning finds, those with the lowest default scores
/// (moving average of self-confidences), whatever the filter's name says. With multilabel_procedure::batched an answer
/// is flagged as cleanlab's low_memory flags it, and filter_by and what goes with it must be left at their defaults.
/// Throws as compute_multilabel_confident_joint, and for options out of range.
/// O(n k) time in three passes over the rows for all classes at once (one for predicted_neq_given, two for
/// confident_learning), and a look at each issue. Memory O(k) a thread and for each flagged answer; nothing of n x k.
/// Source: cleanlab.multilabel_classification.filter.find_label_issues. Differs from cleanlab: low_* are ordered by
/// their scores, which cleanlab means to do, and a class that every example has, or none, is no error. The thresholds
/// of the batched procedure are those of all examples, not of 10,000 at a time made one, which may be other last bits.
template <label_set_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] multilabel_issues find_multilabel_issues(const Labels& labels, const PredProbs& pred_probs,
                                                       const find_multilabel_issues_options& options = {});

/// Finds the examples of each class whose answer is likely wrong: that they have the class, or that they have not.
///
/// Returns k entries, each as find_label_issues gives them for the class's question: given and suggested labels are 0
/// (without the class) or 1, and scores are those of the class alone. With low_* as many as confident_learning finds of
/// the class. Arguments, errors and costs as find_multilabel_issues; the aggregator is not used.
/// Source: cleanlab.multilabel_classification.filter.find_multilabel_issues_per_class. Differs from cleanlab: the
/// issues of the batched procedure are ranked too.
template <label_set_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] std::vector<label_issues>
find_multilabel_issues_per_class(const Labels& labels, const PredProbs& pred_probs,
                                 const find_multilabel_issues_options& options = {});

namespace detail
{

/// The flagged classes of the flagged examples.
struct flagged_answers
{
    std::vector<std::size_t> rows;         // the flagged examples, ascending
    std::vector<std::size_t> first = {0};  // where the classes of each begin, and where all end
    std::vector<std::uint32_t> classes;    // ascending in each example
};

/// Turns the examples of each class into the classes of each example.
[[nodiscard]] inline flagged_answers by_example(std::span<const std::vector<std::size_t>> by_class,
                                                std::size_t num_examples)
{
    std::vector<std::uint32_t> counts(num_examples);
    for (const auto& rows : by_class)
        for (const std::size_t row : rows)
            ++counts[row];
    flagged_answers flagged;
    std::vector<std::size_t> next(num_examples);
    for (std::size_t i = 0; i < num_examples; ++i)
        if (counts[i] != 0)
        {
            flagged.rows.push_back(i);
            next[i] = flagged.first.back();
            flagged.first.push_back(flagged.first.back() + counts[i]);
        }
    flagged.classes.resize(flagged.first.back());
    for (std::size_t j = 0; j < by_class.size(); ++j)
        for (const std::size_t row : by_class[j])
            flagged.classes[next[row]++] = static_cast<std::uint32_t>(j);
    return flagged;
}

/// Cells: what is told about each flagged example.
struct described_label_sets
{
    struct description
    {
        double score;
        std::size_t index;
        std::vector<std::size_t> suggested;
    };

    label_set_scorer score;
    const char* function;
    std::vector<description> rows = {};

    void add(const label_set_row& row)
    {
        description told{score(row, function), row.index, {}};
        for (std::size_t j = 0; j < row.pred_probs.size(); ++j)
            if (row.pred_probs[j] > 0.5)
                told.suggested.push_back(j);
        rows.push_back(std::move(told));
    }

    void merge(described_label_sets&& later)
    {
        std::move(later.rows.begin(), later.rows.end(), std::back_inserter(rows));
    }
};

/// Cells: the score of each flagged answer, written where those of all are, and the model's answer beside it.
struct described_answers
{
    struct description
    {
        double score;
        std::size_t index;
        bool given;
        bool suggested;
    };

    const flagged_answers* flagged;
    answer_scorer score;
    std::vector<std::vector<description>> classes;  // k

    void add(const label_set_row& row)
    {
        const auto at = static_cast<std::size_t>(
            std::lower_bound(flagged->rows.begin(), flagged->rows.end(), row.index) - flagged->rows.begin());
        for (std::size_t i = flagged->first[at]; i < flagged->first[at + 1]; ++i)
        {
            const std::size_t j = flagged->classes[i];
            classes[j].push_back({score(row, j), row.index, row.given[j] != 0, row.pred_probs[j] > 0.5});
        }
    }

    void merge(described_answers&& later)
    {
        for (std::size_t j = 0; j < classes.size(); ++j)
            classes[j].insert(classes[j].end(), later.classes[j].begin(), later.classes[j].end());
    }
};

template <class Description>
void sort_by_score(std::vector<Description>& rows)
{
    std::sort(rows.begin(), rows.end(),
              [](const Description& a, const Description& b)
              { return a.score != b.score ? a.score < b.score : a.index < b.index; });
}

/// The examples that low_* filters choose, ascending, without classes.
template <row_source Source>
[[nodiscard]] flagged_answers lowest_label_sets(const Source& source, const class_sets& labels,
                                                const find_multilabel_issues_options& options, const char* function)
{
    const auto passes = pass_options_of(options);
    std::vector<double> thresholds;
    const auto confident = by_example(flag_answers(source, labels,
                                                   {.filter_by = filter_by::confident_learning,
                                                    .tolerance = options.tolerance,
                                                    .threads = options.threads,
                                                    .progress = options.progress},
                                                   thresholds, function),
                                      labels.size());
    const score_aggregator average = aggregators::exponential_moving_average{.alpha = 0.8};
    const auto scores = score_label_sets(source, labels, score_method::self_confidence, {}, average, passes, function);
    const auto lowest = find_top_issues(scores, confident.rows.size());
    flagged_answers chosen{
        std::vector<std::size_t>(lowest.begin(), lowest.end()), std::vector<std::size_t>(lowest.size() + 1), {}};
    std::sort(chosen.rows.begin(), chosen.rows.end());
    return chosen;
}

}  // namespace detail

template <label_set_sequence Labels, probability_matrix PredProbs>
multilabel_issues find_multilabel_issues(const Labels& labels, const PredProbs& pred_probs,
                                         const find_multilabel_issues_options& options)
{
    constexpr const char* function = "find_multilabel_issues";
    return detail::with_checked_sets(
        labels, pred_probs, options.tolerance, function,
        [&](const auto& rows, const class_sets& sets)
        {
            detail::require_options(options, sets.num_classes(), function);
            const auto passes = pass_options_of(options);
            const bool low = options.filter_by == filter_by::low_normalized_margin ||
                             options.filter_by == filter_by::low_self_confidence;
            auto thresholds = detail::thresholds_for(options.adjust_pred_probs, rows, sets, passes, function);
            const bool adjusted = !thresholds.empty();
            const auto flagged =
                low ? detail::lowest_label_sets(rows, sets, options, function)
                    : detail::by_example(detail::flag_answers(rows, sets, options, thresholds, function), sets.size());
            if (!adjusted)
                thresholds.clear();
            auto described = detail::scan_some_label_sets(
                rows, sets, flagged.rows, "ranking",
                detail::described_label_sets{
                    detail::label_set_scorer(options.rank_by.value_or(score_method::self_confidence), thresholds,
                                             options.aggregator),
                    function},
                passes, function);
            if (options.rank_by)
                detail::sort_by_score(described.rows);
            const std::size_t m = described.rows.size();
            multilabel_issues result{sets.size(),
                                     sets.num_classes(),
                                     xt::xtensor<std::size_t, 1>::from_shape({m}),
                                     xt::xtensor<double, 1>::from_shape({m}),
                                     {},
                                     {},
                                     {}};
            for (std::size_t i = 0; i < m; ++i)
            {
                auto& told = described.rows[i];
                result.indices(i) = told.index;
                result.scores(i) = told.score;
                const auto given = sets[told.index];
                result.given_labels.emplace_back(given.begin(), given.end());
                result.suggested_labels.push_back(std::move(told.suggested));
                const auto at = static_cast<std::size_t>(
                    std::lower_bound(flagged.rows.begin(), flagged.rows.end(), told.index) - flagged.rows.begin());
                const auto classes = std::span<const std::uint32_t>(flagged.classes)
                                         .subspan(flagged.first[at], flagged.first[at + 1] - flagged.first[at]);
                result.flagged_classes.emplace_back(classes.begin(), classes.end());
            }
            return result;
        });
}

template <label_set_sequence Labels, probability_matrix PredProbs>
std::vector<label_issues> find_multilabel_issues_per_class(const Labels& labels, const PredProbs& pred_probs,
                                                           const find_multilabel_issues_options& options)
{
    constexpr const char* function = "find_multilabel_issues_per_class";
    return detail::with_checked_sets(
        labels, pred_probs, options.tolerance, function,
        [&](const auto& rows, const class_sets& sets)
        {
            detail::require_options(options, sets.num_classes(), function);
            const auto passes = pass_options_of(options);
            auto thresholds = detail::thresholds_for(options.adjust_pred_probs, rows, sets, passes, function);
            const bool adjusted = !thresholds.empty();
            const auto flagged =
                detail::by_example(detail::flag_answers(rows, sets, options, thresholds, function), sets.size());
            if (!adjusted)
                thresholds.clear();
            auto described = detail::scan_some_label_sets(
                rows, sets, flagged.rows, "ranking",
                detail::described_answers{
                    &flagged,
                    detail::answer_scorer(options.rank_by.value_or(score_method::self_confidence), thresholds),
                    std::vector<std::vector<detail::described_answers::description>>(sets.num_classes())},
                passes, function);
            std::vector<label_issues> result;
            for (auto& issues : described.classes)
            {
                if (options.rank_by)
                    detail::sort_by_score(issues);
                const std::size_t m = issues.size();
                result.push_back({sets.size(), 2, xt::xtensor<std::size_t, 1>::from_shape({m}),
                                  xt::xtensor<std::size_t, 1>::from_shape({m}),
                                  xt::xtensor<std::size_t, 1>::from_shape({m}),
                                  xt::xtensor<double, 1>::from_shape({m})});
                for (std::size_t i = 0; i < m; ++i)
                {
                    result.back().indices(i) = issues[i].index;
                    result.back().given_labels(i) = issues[i].given ? 1 : 0;
                    result.back().suggested_labels(i) = issues[i].suggested ? 1 : 0;
                    result.back().scores(i) = issues[i].score;
                }
            }
            return result;
        });
}

}  // namespace labelerrors

#endif
