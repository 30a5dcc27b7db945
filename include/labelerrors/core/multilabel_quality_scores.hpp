#ifndef LABELERRORS_CORE_MULTILABEL_QUALITY_SCORES_HPP
#define LABELERRORS_CORE_MULTILABEL_QUALITY_SCORES_HPP

#include <labelerrors/core/label_quality_scores.hpp>
#include <labelerrors/core/label_set_rows.hpp>
#include <labelerrors/core/multilabel_confident_joint.hpp>
#include <labelerrors/core/score_aggregators.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace labelerrors
{

/// What multilabel_quality_scores lets its caller choose.
struct multilabel_quality_scores_options
{
    score_method method = score_method::self_confidence;  // of each class's answer
    adjustment adjust_pred_probs = adjustment::none;      // by the thresholds of each class's two answers
    // How the scores of an example's classes become one; any function of k scores.
    score_aggregator aggregator = aggregators::exponential_moving_average{.alpha = 0.8};
    double tolerance = 1e-4;                                  // see pass_options
    std::size_t threads = 0;                                  // see pass_options
    std::function<void(const scan_progress&)> progress = {};  // see pass_options
};

/// Scores how likely the whole set of labels of each example is right: the scores of its k classes made one.
///
/// `labels`: n sets of classes, 0 .. k - 1, or n x k zeros and ones; sets may be empty. `pred_probs`: n x k independent
/// probabilities, any source of rows.
/// Returns n scores, in [0, 1] unless the aggregator is one's own; lower is worse.
/// Throws as compute_multilabel_confident_joint; value_error for adjusted confidence-weighted entropy, an aggregator
/// out of its range, or one that gives NaN.
/// O(n k log k) time in one pass, two if adjusted; n doubles of memory.
/// Source: cleanlab.multilabel_classification.rank.get_label_quality_scores.
template <label_set_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] xt::xtensor<double, 1> multilabel_quality_scores(const Labels& labels, const PredProbs& pred_probs,
                                                               const multilabel_quality_scores_options& options = {});

/// Scores how likely each answer is right: that the example has the class, or that it has not.
///
/// Arguments as multilabel_quality_scores; the aggregator is not used. Returns n x k scores in [0, 1], lower is worse.
/// Throws as multilabel_quality_scores. O(n k) time.
/// Source: cleanlab.multilabel_classification.rank.get_label_quality_scores_per_class.
template <label_set_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] xt::xtensor<double, 2>
multilabel_quality_scores_per_class(const Labels& labels, const PredProbs& pred_probs,
                                    const multilabel_quality_scores_options& options = {});

namespace detail
{

/// The scores of the answers of one row. A copy for each thread.
class answer_scorer
{
public:
    /// `thresholds`: 2 k, or empty for no adjustment; kept by reference.
    answer_scorer(score_method method, std::span<const double> thresholds)
    {
        if (thresholds.empty())
            scorers_.emplace_back(method, thresholds);
        for (std::size_t j = 0; j < thresholds.size() / 2; ++j)
            scorers_.emplace_back(method, thresholds.subspan(2 * j, 2));
    }

    [[nodiscard]] double operator()(const label_set_row& row, std::size_t j)
    {
        const std::array answers{1.0 - row.pred_probs[j], row.pred_probs[j]};
        return scorers_[scorers_.size() == 1 ? 0 : j](std::span<const double>(answers), row.given[j]);
    }

private:
    std::vector<row_scorer> scorers_;  // one, or k
};

/// The score of a whole row. A copy for each thread.
class label_set_scorer
{
public:
    /// `aggregator` is kept by reference.
    label_set_scorer(score_method method, std::span<const double> thresholds, const score_aggregator& aggregator)
        : score_(method, thresholds), aggregator_(&aggregator)
    {
    }

    [[nodiscard]] double operator()(const label_set_row& row, const char* function)
    {
        scores_.resize(row.pred_probs.size());
        for (std::size_t j = 0; j < scores_.size(); ++j)
            scores_[j] = score_(row, j);
        const double aggregated = (*aggregator_)(std::span<double>(scores_));
        if (std::isnan(aggregated))
            throw value_error(std::string(function) + ": aggregator gives NaN for row " + std::to_string(row.index) +
                              "; it must give a number");
        return aggregated;
    }

private:
    answer_scorer score_;
    const score_aggregator* aggregator_;
    std::vector<double> scores_ = {};
};

/// Cells: writes the score of every row where those of all rows are.
struct scored_label_sets
{
    std::span<double> scores;
    label_set_scorer score;
    const char* function;

    void add(const label_set_row& row)
    {
        scores[row.index] = score(row, function);
    }

    void merge(scored_label_sets&& /*later*/)
    {
    }
};

/// Cells: writes the scores of every answer.
struct scored_answers
{
    std::span<double> scores;
    answer_scorer score;

    void add(const label_set_row& row)
    {
        const std::size_t k = row.pred_probs.size();
        for (std::size_t j = 0; j < k; ++j)
            scores[row.index * k + j] = score(row, j);
    }

    void merge(scored_answers&& /*later*/)
    {
    }
};

/// Refuses an aggregator that is not there, or options that do not go together.
inline void require_scoring(score_method method, adjustment adjust, const score_aggregator& aggregator,
                            const char* function)
{
    require_adjustable(method, adjust, function);
    require_aggregator(aggregator, function);
}

/// The thresholds where scores are adjusted by them; else none.
template <row_source Source, peer_processes Peers = alone>
[[nodiscard]] std::vector<double> thresholds_for(adjustment adjust, const Source& source, const class_sets& labels,
                                                 const pass_options& options, const char* function,
                                                 const Peers& peers = {})
{
    return adjust == adjustment::none ? std::vector<double>{}
                                      : answer_thresholds(source, labels, options, function, peers);
}

/// The score of every row.
template <row_source Source>
[[nodiscard]] xt::xtensor<double, 1> score_label_sets(const Source& source, const class_sets& labels,
                                                      score_method method, std::span<const double> thresholds,
                                                      const score_aggregator& aggregator, const pass_options& options,
                                                      const char* function)
{
    auto scores = xt::xtensor<double, 1>::from_shape({labels.size()});
    static_cast<void>(scan_label_sets(source, labels, "scores",
                                      scored_label_sets{std::span<double>(scores.data(), scores.size()),
                                                        label_set_scorer(method, thresholds, aggregator), function},
                                      options, function));
    return scores;
}

/// The scores of the rows of this process, as multilabel_quality_scores gives them.
template <row_source Source, peer_processes Peers = alone>
[[nodiscard]] xt::xtensor<double, 1> set_scores_of(const Source& source, const class_sets& labels,
                                                   const multilabel_quality_scores_options& options,
                                                   const char* function, const Peers& peers = {})
{
    require_scoring(options.method, options.adjust_pred_probs, options.aggregator, function);
    const auto passes = pass_options_of(options);
    const auto thresholds = thresholds_for(options.adjust_pred_probs, source, labels, passes, function, peers);
    return score_label_sets(source, labels, options.method, thresholds, options.aggregator, passes, function);
}

/// The scores of the answers of this process's rows, as multilabel_quality_scores_per_class gives them.
template <row_source Source, peer_processes Peers = alone>
[[nodiscard]] xt::xtensor<double, 2> answer_scores_of(const Source& source, const class_sets& labels,
                                                      const multilabel_quality_scores_options& options,
                                                      const char* function, const Peers& peers = {})
{
    require_adjustable(options.method, options.adjust_pred_probs, function);
    const auto passes = pass_options_of(options);
    const auto thresholds = thresholds_for(options.adjust_pred_probs, source, labels, passes, function, peers);
    auto scores = xt::xtensor<double, 2>::from_shape({labels.size(), labels.num_classes()});
    static_cast<void>(scan_label_sets(
        source, labels, "scores",
        scored_answers{std::span<double>(scores.data(), scores.size()), answer_scorer(options.method, thresholds)},
        passes, function));
    return scores;
}

}  // namespace detail

template <label_set_sequence Labels, probability_matrix PredProbs>
xt::xtensor<double, 1> multilabel_quality_scores(const Labels& labels, const PredProbs& pred_probs,
                                                 const multilabel_quality_scores_options& options)
{
    constexpr const char* function = "multilabel_quality_scores";
    return detail::with_checked_sets(labels, pred_probs, options.tolerance, function,
                                     [&](const auto& rows, const class_sets& sets)
                                     { return detail::set_scores_of(rows, sets, options, function); });
}

template <label_set_sequence Labels, probability_matrix PredProbs>
xt::xtensor<double, 2> multilabel_quality_scores_per_class(const Labels& labels, const PredProbs& pred_probs,
                                                           const multilabel_quality_scores_options& options)
{
    constexpr const char* function = "multilabel_quality_scores_per_class";
    return detail::with_checked_sets(labels, pred_probs, options.tolerance, function,
                                     [&](const auto& rows, const class_sets& sets)
                                     { return detail::answer_scores_of(rows, sets, options, function); });
}

}  // namespace labelerrors

#endif
