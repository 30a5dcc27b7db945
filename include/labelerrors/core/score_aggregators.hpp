#ifndef LABELERRORS_CORE_SCORE_AGGREGATORS_HPP
#define LABELERRORS_CORE_SCORE_AGGREGATORS_HPP

#include <labelerrors/core/pairwise_sum.hpp>
#include <labelerrors/core/pred_probs_check.hpp>
#include <labelerrors/error.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>

namespace labelerrors
{

/// Makes one score of the k scores of an example's classes.
///
/// Called with the scores in the order of the classes, which it may reorder, from several threads at once; what it
/// throws reaches the caller. Any function will do; aggregators has those that the reference has, and the usual ones.
using score_aggregator = std::function<double(std::span<double>)>;

namespace detail
{

/// Refuses an aggregator that is not there.
inline void require_aggregator(const score_aggregator& aggregator, const char* function)
{
    if (!aggregator)
        throw value_error(std::string(function) +
                          ": aggregator is empty; leave it at its default or give a function of k scores");
}

}  // namespace detail

/// Ways of making one score of several; each is a score_aggregator of k >= 1 scores.
namespace aggregators
{

/// From the highest score to the lowest, each is averaged with what came before: s = alpha * next + (1 - alpha) * s, so
/// that the lowest counts most. Throws value_error for an alpha outside [0, 1]. O(k log k).
/// Source: cleanlab.internal.multilabel_scorer.exponential_moving_average.
struct exponential_moving_average
{
    std::optional<double> alpha = 0.8;  // the weight of the lowest score, 0 .. 1; nullopt: 2 / (k + 1)

    double operator()(std::span<double> scores) const
    {
        const double weight = alpha.value_or(2.0 / (static_cast<double>(scores.size()) + 1.0));
        if (!(weight >= 0.0 && weight <= 1.0))
            throw value_error("exponential_moving_average: alpha must be between 0 and 1, not " +
                              detail::to_text(weight));
        std::sort(scores.begin(), scores.end(), std::greater<>());
        double average = scores[0];
        for (const double next : scores.subspan(1))
            average = weight * next + (1.0 - weight) * average;
        return average;
    }
};

/// The mean of the scores weighted by softmax((1 - score) / temperature): near 0 the lowest score, for high
/// temperatures the mean. Throws value_error for a temperature that is not above 0. O(k).
/// Source: cleanlab.internal.multilabel_scorer.softmin.
struct softmin
{
    double temperature = 0.1;  // above 0

    double operator()(std::span<double> scores) const
    {
        if (!(temperature > 0.0 && std::isfinite(temperature)))
            throw value_error("softmin: temperature must be finite and above 0, not " + detail::to_text(temperature));
        const double lowest = *std::min_element(scores.begin(), scores.end());
        double weights = 0.0;
        double sum = 0.0;
        for (const double score : scores)
        {
            const double weight = std::exp((lowest - score) / temperature);
            weights += weight;
            sum += weight * score;
        }
        return sum / weights;
    }
};

/// The mean of the scores. O(k).
struct mean
{
    double operator()(std::span<double> scores) const
    {
        return pairwise_sum(scores.size(), [&](std::size_t j) { return scores[j]; }) /
               static_cast<double>(scores.size());
    }
};

/// The lowest score. O(k).
struct min
{
    double operator()(std::span<double> scores) const
    {
        return *std::min_element(scores.begin(), scores.end());
    }
};

/// The highest score. O(k).
struct max
{
    double operator()(std::span<double> scores) const
    {
        return *std::max_element(scores.begin(), scores.end());
    }
};

/// The middle score, or the mean of the two middle ones. O(k).
struct median
{
    double operator()(std::span<double> scores) const
    {
        const auto middle = scores.begin() + static_cast<std::ptrdiff_t>(scores.size() / 2);
        std::nth_element(scores.begin(), middle, scores.end());
        return scores.size() % 2 == 1 ? *middle : (*std::max_element(scores.begin(), middle) + *middle) / 2.0;
    }
};

}  // namespace aggregators

}  // namespace labelerrors

#endif
