#ifndef LABELERRORS_CORE_DAWID_SKENE_HPP
#define LABELERRORS_CORE_DAWID_SKENE_HPP

#include <labelerrors/core/annotator_votes.hpp>
#include <labelerrors/core/crowdlab.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace labelerrors
{

/// When the iterations of Dawid and Skene end.
struct dawid_skene_options
{
    std::size_t max_iterations = 100;  // at least 1
    double convergence = 1e-6;         // ends where no posterior changes by more than this
    // Added to each count of the annotators' confusions and of the classes, above 0 and below 1e100: what was never
    // seen stays possible.
    double smoothing = 0.01;
};

/// What the EM algorithm makes of the votes.
struct dawid_skene_result
{
    xt::xtensor<std::size_t, 1> labels;   // n: the likeliest class, the first of equals
    xt::xtensor<double, 2> posteriors;    // n x k: P(true label | votes)
    xt::xtensor<double, 1> class_priors;  // k
    xt::xtensor<double, 3> confusions;    // m x k x k: annotator, true label, given label; rows sum to 1
    std::size_t num_iterations = 0;
    double log_likelihood = 0.0;  // of the votes, by the priors and confusions
};

/// The true labels that make the votes likeliest, where each annotator confuses classes in ways of their own, by
/// expectation maximisation from the shares of the votes.
///
/// `labels`: n x m labels, NaN where not labelled. Needs no model's probabilities.
/// Throws as check_annotator_labels, and value_error for options out of range. O(iterations * votes * k); memory
/// O(n k + m k^2). Source: Dawid and Skene 1979, Applied Statistics 28:1, with smoothed counts.
template <annotator_labels Labels>
[[nodiscard]] dawid_skene_result dawid_skene(const Labels& labels, const dawid_skene_options& options = {});

namespace detail
{

/// Refuses options out of range. `place`: what stands before an option's name.
inline void require_dawid_skene(const dawid_skene_options& options, const std::string& place)
{
    if (options.max_iterations < 1)
        throw value_error(place + "max_iterations must be at least 1");
    if (!(options.convergence >= 0.0 && std::isfinite(options.convergence)))
        throw value_error(place + "convergence must be finite and not negative, but is " +
                          to_text(options.convergence));
    if (!(options.smoothing > 0.0 && options.smoothing < 1e100))
        throw value_error(place + "smoothing must be above 0 and below 1e100, not " + to_text(options.smoothing));
}

/// The maximisation: priors and confusions from posteriors.
inline void maximize(const annotator_votes& votes, double smoothing, dawid_skene_result& found)
{
    const std::size_t k = votes.num_classes;
    found.class_priors.fill(smoothing);
    found.confusions.fill(smoothing);
    for (std::size_t i = 0; i < votes.size(); ++i)
        for (std::size_t truth = 0; truth < k; ++truth)
        {
            const double p = found.posteriors(i, truth);
            found.class_priors(truth) += p;
            for (const auto& vote : votes[i])
                found.confusions(vote.annotator, truth, vote.label) += p;
        }
    const auto normalize = [&](double* values)
    {
        double sum = 0.0;
        for (std::size_t j = 0; j < k; ++j)
            sum += values[j];
        for (std::size_t j = 0; j < k; ++j)
            values[j] /= sum;
    };
    normalize(found.class_priors.data());
    for (std::size_t row = 0; row < votes.num_annotators * k; ++row)
        normalize(found.confusions.data() + row * k);
}

/// The expectation: posteriors from priors and confusions. Returns the largest change.
[[nodiscard]] inline double expect(const annotator_votes& votes, dawid_skene_result& found)
{
    const std::size_t k = votes.num_classes;
    std::vector<double> logs(k);
    double change = 0.0;
    found.log_likelihood = 0.0;
    for (std::size_t i = 0; i < votes.size(); ++i)
    {
        for (std::size_t truth = 0; truth < k; ++truth)
        {
            logs[truth] = std::log(found.class_priors(truth));
            for (const auto& vote : votes[i])
                logs[truth] += std::log(found.confusions(vote.annotator, truth, vote.label));
        }
        const double largest = *std::max_element(logs.begin(), logs.end());
        double sum = 0.0;
        for (double& value : logs)
            sum += value = std::exp(value - largest);
        for (std::size_t truth = 0; truth < k; ++truth)
        {
            change = std::max(change, std::abs(logs[truth] / sum - found.posteriors(i, truth)));
            found.posteriors(i, truth) = logs[truth] / sum;
        }
        found.log_likelihood += largest + std::log(sum);
    }
    return change;
}

/// The whole algorithm on votes and options that are checked.
[[nodiscard]] inline dawid_skene_result run_dawid_skene(const annotator_votes& votes,
                                                        const dawid_skene_options& options, const char* function)
{
    const std::size_t n = votes.size();
    const std::size_t k = votes.num_classes;
    constexpr std::size_t most = std::numeric_limits<std::ptrdiff_t>::max() / sizeof(double);
    if (k > most / k / votes.num_annotators || k > most / n)
        throw value_error(std::string(function) + ": " + std::to_string(votes.num_annotators) + " annotators and " +
                          std::to_string(k) +
                          " classes need more numbers than any machine holds; number the classes that occur from 0 on");
    dawid_skene_result found{xt::xtensor<std::size_t, 1>::from_shape({n}), xt::xtensor<double, 2>::from_shape({n, k}),
                             xt::xtensor<double, 1>::from_shape({k}),
                             xt::xtensor<double, 3>::from_shape({votes.num_annotators, k, k})};
    for (std::size_t i = 0; i < n; ++i)
        vote_shares(votes, i, std::span<double>(found.posteriors.data() + i * k, k));
    for (double change = std::numeric_limits<double>::infinity();
         change > options.convergence && found.num_iterations < options.max_iterations; ++found.num_iterations)
    {
        maximize(votes, options.smoothing, found);
        change = expect(votes, found);
    }
    for (std::size_t i = 0; i < n; ++i)
    {
        const double* row = found.posteriors.data() + i * k;
        found.labels(i) = static_cast<std::size_t>(std::max_element(row, row + k) - row);
    }
    return found;
}

}  // namespace detail

template <annotator_labels Labels>
dawid_skene_result dawid_skene(const Labels& labels, const dawid_skene_options& options)
{
    constexpr const char* function = "dawid_skene";
    detail::require_dawid_skene(options, std::string(function) + ": ");
    return detail::run_dawid_skene(check_annotator_labels(labels, 0, function), options, function);
}

}  // namespace labelerrors

#endif
