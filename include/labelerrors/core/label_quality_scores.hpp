#ifndef LABELERRORS_CORE_LABEL_QUALITY_SCORES_HPP
#define LABELERRORS_CORE_LABEL_QUALITY_SCORES_HPP

#include <labelerrors/core/class_labels.hpp>
#include <labelerrors/core/class_thresholds.hpp>
#include <labelerrors/core/model_agrees.hpp>
#include <labelerrors/core/pairwise_sum.hpp>
#include <labelerrors/core/peers.hpp>
#include <labelerrors/core/pred_probs_check.hpp>
#include <labelerrors/rows/parallel.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace labelerrors
{

/// How the quality of a label is scored; all scores lie in [0, 1], lower is worse.
enum class score_method
{
    // p[given].
    self_confidence,
    // (p[given] - the largest other p + 1) / 2.
    normalized_margin,
    // log(r + 1) / r with r = normalised entropy / p[given]: certain models that contradict the label score lowest. A
    // row that is 1 in one class and 0 elsewhere scores 0, even where that class is the given label.
    confidence_weighted_entropy,
};

/// Whether scores are made from the probabilities as they are, or from probabilities that allow for class imbalance:
/// the class's threshold subtracted, the largest threshold added, each row divided by its sum.
enum class adjustment
{
    none,
    class_thresholds,
};

/// What label_quality_scores lets its caller choose.
struct label_quality_scores_options
{
    // What the score of a label is.
    score_method method = score_method::self_confidence;
    // Whether the scores are made from adjusted probabilities.
    adjustment adjust_pred_probs = adjustment::none;
    double tolerance = 1e-4;                                  // see pass_options
    std::size_t threads = 0;                                  // see pass_options
    std::function<void(const scan_progress&)> progress = {};  // see pass_options
};

/// Scores how likely each label is right.
///
/// `labels`: n integers, 0 .. k - 1. `pred_probs`: n x k probabilities, any source of rows.
/// Returns n scores in [0, 1], lower is worse.
/// Throws shape_error and value_error as class_thresholds; value_error for adjusted confidence-weighted entropy, which
/// the reference does not define either. O(n k) time, n doubles of memory.
/// Source: cleanlab.rank.get_label_quality_scores. Differs from cleanlab: thresholds are exact (see class_thresholds),
/// so that adjusted scores may have other last bits, and which of two that are equal but for rounding is lower may
/// change.
template <label_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] xt::xtensor<double, 1> label_quality_scores(const Labels& labels, const PredProbs& pred_probs,
                                                          const label_quality_scores_options& options = {});

namespace detail
{

/// Refuses the one combination that no score is defined for.
inline void require_adjustable(score_method method, adjustment adjust, const char* function)
{
    if (method == score_method::confidence_weighted_entropy && adjust == adjustment::class_thresholds)
        throw value_error(std::string(function) +
                          ": confidence_weighted_entropy has no adjusted form; use self_confidence or "
                          "normalized_margin with adjusted probabilities");
}

/// The score of one row. A copy for each thread: it keeps a row to work on.
class row_scorer
{
public:
    /// `thresholds`: k, or empty for no adjustment; kept by reference.
    row_scorer(score_method method, std::span<const double> thresholds)
        : method_(method), thresholds_(thresholds),
          shift_(thresholds.empty() ? 0.0 : *std::max_element(thresholds.begin(), thresholds.end()))
    {
    }

    template <stored_element T>
    [[nodiscard]] double operator()(std::span<const T> row, std::size_t label)
    {
        const auto at = [&](std::size_t j)
        {
            return to_probability(static_cast<double>(row[j]));
        };
        if (thresholds_.empty())
            return score(row.size(), label, at);
        adjusted_.resize(row.size());
        for (std::size_t j = 0; j < row.size(); ++j)
            adjusted_[j] = at(j) - thresholds_[j] + shift_;
        const double sum = pairwise_sum(row.size(), [&](std::size_t j) { return adjusted_[j]; });
        // A row of zeros, which only a tolerance of 1 or more lets pass, stays one.
        const double unit = sum == 0.0 ? 1.0 : sum;
        return score(row.size(), label, [&](std::size_t j) { return adjusted_[j] / unit; });
    }

private:
    template <class At>
    [[nodiscard]] double score(std::size_t k, std::size_t label, const At& at) const
    {
        const double given = at(label);
        switch (method_)
        {
        case score_method::self_confidence:
            return given;
        case score_method::normalized_margin:
        {
            double other = -1.0;
            for (std::size_t j = 0; j < k; ++j)
                if (j != label)
                    other = std::max(other, at(j));
            return (given - other + 1.0) / 2.0;
        }
        case score_method::confidence_weighted_entropy:
            break;
        }
        constexpr double least = 1e-6;
        const double entropy = -pairwise_sum(k,
                                             [&](std::size_t j)
                                             {
                                                 const double p = at(j);
                                                 return p > 0.0 ? p * std::log(p) : 0.0;
                                             }) /
                               std::log(static_cast<double>(k));
        const double ratio = entropy / std::max(given, least);
        return std::log(ratio + 1.0) / std::max(ratio, least);
    }

    score_method method_;
    std::span<const double> thresholds_;
    double shift_;
    std::vector<double> adjusted_ = {};
};

/// Accumulator: checks every row and writes its score where the scores of all rows are.
template <row_element T, std::integral Label>
struct scored_rows
{
    std::span<const Label> labels;
    std::span<double> scores;
    row_scorer score;
    row_check<T> check;

    void add(const row_block<T>& block)
    {
        for (std::size_t i = 0; i < block.num_rows; ++i)
        {
            const auto row = block.row(i);
            const std::size_t index = block.first_row + i;
            if (check.accept(row, index) == nullptr)
                return;
            scores[index] = score(row, static_cast<std::size_t>(labels[index]));
        }
    }

    void merge(scored_rows&& later)
    {
        check.merge(later.check);
    }
};

/// The score of every row, all rows checked on the way.
template <row_source Source, std::integral Label>
[[nodiscard]] xt::xtensor<double, 1> score_rows(const Source& source, const class_labels<Label>& labels,
                                                score_method method, std::span<const double> thresholds,
                                                const pass_options& options, const char* function)
{
    using T = typename Source::value_type;
    auto scores = xt::xtensor<double, 1>::from_shape({labels.size()});
    scan(source, "scores",
         scored_rows<T, Label>{labels.values, std::span<double>(scores.data(), labels.size()),
                               row_scorer(method, thresholds), row_check<T>(options.tolerance)},
         {options.threads, options.progress})
        .check.finish(function);
    return scores;
}

/// The scores of the rows of this process, as label_quality_scores gives them.
template <row_source Source, std::integral Label, peer_processes Peers = alone>
[[nodiscard]] xt::xtensor<double, 1> quality_scores_of(const Source& source, const class_labels<Label>& labels,
                                                       const label_quality_scores_options& options,
                                                       const char* function, const Peers& peers = {})
{
    const auto passes = pass_options_of(options);
    std::vector<double> thresholds;
    if (options.adjust_pred_probs == adjustment::class_thresholds)
        thresholds = thresholds_of(source, labels, passes, {}, peers);
    return score_rows(source, labels, options.method, thresholds, passes, function);
}

}  // namespace detail

template <label_sequence Labels, probability_matrix PredProbs>
xt::xtensor<double, 1> label_quality_scores(const Labels& labels, const PredProbs& pred_probs,
                                            const label_quality_scores_options& options)
{
    constexpr const char* function = "label_quality_scores";
    detail::require_adjustable(options.method, options.adjust_pred_probs, function);
    return detail::with_checked(labels, pred_probs, options, function,
                                [&](const auto& rows, const auto& checked)
                                { return detail::quality_scores_of(rows, checked, options, function); });
}

}  // namespace labelerrors

#endif
