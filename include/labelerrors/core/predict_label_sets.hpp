#ifndef LABELERRORS_CORE_PREDICT_LABEL_SETS_HPP
#define LABELERRORS_CORE_PREDICT_LABEL_SETS_HPP

#include <labelerrors/core/class_thresholds.hpp>
#include <labelerrors/core/label_set_rows.hpp>
#include <labelerrors/core/model_agrees.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace labelerrors
{

/// `count` thresholds from `start` on, `step` apart, with the rounding of numpy.arange: which side of a threshold a
/// probability is on can turn on it.
[[nodiscard]] inline std::vector<double> evenly_spaced_thresholds(double start, double step, std::size_t count)
{
    const double rounded_step = (start + step) - start;
    std::vector<double> thresholds(count);
    for (std::size_t i = 0; i < count; ++i)
        thresholds[i] = start + static_cast<double>(i) * rounded_step;
    return thresholds;
}

/// What predict_label_sets lets its caller choose.
struct predict_label_sets_options
{
    // The thresholds to choose from, ascending; the default is the published study's, 0.1, 0.15, .., 0.55.
    std::vector<double> thresholds = evenly_spaced_thresholds(0.1, 0.05, 10);
    double tolerance = 1e-4;                                  // see pass_options
    std::size_t threads = 0;                                  // see pass_options
    std::function<void(const scan_progress&)> progress = {};  // see pass_options
};

/// The sets of labels that a model predicts, and how they compare with the given ones.
struct predicted_label_sets
{
    double threshold = 0.0;                            // the one with the best F1 score, of equal ones the lowest
    xt::xtensor<double, 1> f1_scores;                  // of each threshold: micro-averaged, of all n k answers together
    std::vector<std::vector<std::size_t>> label_sets;  // n, each ascending and never empty
    double hamming_loss = 0.0;                         // the share of the n k answers that differ from the given ones
    double argmax_precision = 0.0;  // the share of examples given the class that the model sees first
};

/// Turns independent probabilities into sets of labels: the classes with p above the threshold that has the best F1
/// score against the given sets, or the argmax, the first of equals, where no p is.
///
/// `labels`: n sets of classes, 0 .. k - 1, or n x k zeros and ones; sets may be empty. `pred_probs`: n x k independent
/// probabilities, any source of rows.
/// Throws as compute_multilabel_confident_joint; value_error for thresholds that are none, not finite, or do not
/// ascend. O(n k) time in two passes; the predicted sets are all that is kept.
/// Source: Northcutt, Athalye and Mueller 2021, the predictions for AudioSet.
template <label_set_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] predicted_label_sets predict_label_sets(const Labels& labels, const PredProbs& pred_probs,
                                                      const predict_label_sets_options& options = {});

namespace detail
{

inline void require_thresholds(std::span<const double> thresholds, const char* function)
{
    if (thresholds.empty())
        throw value_error(std::string(function) + ": thresholds is empty; give at least one");
    for (std::size_t t = 0; t < thresholds.size(); ++t)
        if (!std::isfinite(thresholds[t]) || (t > 0 && thresholds[t] <= thresholds[t - 1]))
            throw value_error(std::string(function) + ": thresholds[" + std::to_string(t) + "] is " +
                              to_text(thresholds[t]) + "; thresholds are finite and ascend");
}

/// Cells: how many answers are above how many of the thresholds.
struct threshold_counts
{
    std::span<const double> thresholds;
    std::vector<std::int64_t> all;    // one more than thresholds: answers by how many thresholds they are above
    std::vector<std::int64_t> given;  // the same of those that are given

    explicit threshold_counts(std::span<const double> of) : thresholds(of), all(of.size() + 1), given(of.size() + 1)
    {
    }

    void add(const label_set_row& row)
    {
        for (const double p : row.pred_probs)
            ++all[above(p)];
        for (const std::uint32_t j : row.labels)
            ++given[above(row.pred_probs[j])];
    }

    void merge(threshold_counts&& later)
    {
        for (std::size_t t = 0; t < all.size(); ++t)
        {
            all[t] += later.all[t];
            given[t] += later.given[t];
        }
    }

    /// The F1 score of each threshold: 0 where nothing is predicted rightly.
    [[nodiscard]] std::vector<double> f1_scores() const
    {
        std::vector<double> scores(thresholds.size());
        std::int64_t num_given = 0;
        for (const std::int64_t count : given)
            num_given += count;
        std::int64_t predicted = 0;
        std::int64_t right = 0;
        for (std::size_t t = thresholds.size(); t-- > 0;)
        {
            predicted += all[t + 1];
            right += given[t + 1];
            if (right == 0)
                continue;
            const double precision = static_cast<double>(right) / static_cast<double>(predicted);
            const double recall = static_cast<double>(right) / static_cast<double>(num_given);
            scores[t] = 2.0 * precision * recall / (precision + recall);
        }
        return scores;
    }

private:
    [[nodiscard]] std::size_t above(double p) const
    {
        if (!(p > thresholds.front()))
            return 0;
        std::size_t count = 1;
        while (count < thresholds.size() && p > thresholds[count])
            ++count;
        return count;
    }
};

/// The threshold with the best score, the first of equals.
[[nodiscard]] inline double best_threshold(std::span<const double> thresholds, std::span<const double> scores)
{
    return thresholds[static_cast<std::size_t>(std::max_element(scores.begin(), scores.end()) - scores.begin())];
}

/// Cells: the predicted set of each example, and how it compares.
struct label_set_predictions
{
    double threshold;
    std::vector<std::vector<std::size_t>> sets = {};
    std::int64_t num_different = 0;
    std::int64_t num_argmax_given = 0;

    void add(const label_set_row& row)
    {
        std::vector<std::size_t> predicted;
        for (std::size_t j = 0; j < row.pred_probs.size(); ++j)
            if (row.pred_probs[j] > threshold)
                predicted.push_back(j);
        const std::size_t first = argmax(row.pred_probs);
        if (predicted.empty())
            predicted.push_back(first);
        std::int64_t shared = 0;
        for (const std::size_t j : predicted)
            shared += row.given[j];
        num_different += static_cast<std::int64_t>(predicted.size() + row.labels.size()) - 2 * shared;
        num_argmax_given += row.given[first];
        sets.push_back(std::move(predicted));
    }

    void merge(label_set_predictions&& later)
    {
        num_different += later.num_different;
        num_argmax_given += later.num_argmax_given;
        std::move(later.sets.begin(), later.sets.end(), std::back_inserter(sets));
    }
};

}  // namespace detail

template <label_set_sequence Labels, probability_matrix PredProbs>
predicted_label_sets predict_label_sets(const Labels& labels, const PredProbs& pred_probs,
                                        const predict_label_sets_options& options)
{
    constexpr const char* function = "predict_label_sets";
    detail::require_thresholds(options.thresholds, function);
    return detail::with_checked_sets(
        labels, pred_probs, options.tolerance, function,
        [&](const auto& rows, const class_sets& sets)
        {
            const auto passes = detail::pass_options_of(options);
            const auto scores = detail::scan_label_sets(rows, sets, "thresholds",
                                                        detail::threshold_counts(options.thresholds), passes, function)
                                    .f1_scores();
            const double threshold = detail::best_threshold(options.thresholds, scores);
            auto made = detail::scan_label_sets(rows, sets, "predictions", detail::label_set_predictions{threshold},
                                                passes, function);
            const auto n = static_cast<double>(sets.size());
            return predicted_label_sets{threshold, detail::to_xtensor(scores), std::move(made.sets),
                                        static_cast<double>(made.num_different) /
                                            (n * static_cast<double>(sets.num_classes())),
                                        static_cast<double>(made.num_argmax_given) / n};
        });
}

}  // namespace labelerrors

#endif
