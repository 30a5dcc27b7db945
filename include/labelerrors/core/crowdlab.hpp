#ifndef LABELERRORS_CORE_CROWDLAB_HPP
#define LABELERRORS_CORE_CROWDLAB_HPP

#include <labelerrors/core/annotator_models.hpp>
#include <labelerrors/core/annotator_votes.hpp>
#include <labelerrors/core/majority_vote.hpp>
#include <labelerrors/core/pairwise_sum.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

namespace labelerrors::detail
{

/// What CROWDLAB learns from a consensus: how far to trust models and annotators.
struct crowdlab_weights
{
    double consensus_likelihood = 0.0;      // that an annotator's label is the consensus
    double other_likelihood = 0.0;          // that it is one other class
    std::vector<double> model_weights;      // one for each model
    std::vector<double> annotator_weights;  // m
};

/// How often each annotator agrees with the others about the same examples; of those who share none, the others' mean.
[[nodiscard]] inline std::vector<double> agreement_between(const annotator_votes& votes)
{
    std::vector<double> agreed(votes.num_annotators);
    std::vector<double> others(votes.num_annotators);
    for (std::size_t i = 0; i < votes.size(); ++i)
        for (const auto& vote : votes[i])
        {
            agreed[vote.annotator] += static_cast<double>(votes.count(i, vote.label) - 1);
            others[vote.annotator] += static_cast<double>(votes[i].size() - 1);
        }
    for (std::size_t j = 0; j < agreed.size(); ++j)
        agreed[j] /= others[j];
    fill_with_mean(agreed);
    return agreed;
}

/// The share of each example's annotators who gave the consensus label.
[[nodiscard]] inline std::vector<double> shares_of_agreement(const annotator_votes& votes,
                                                             std::span<const std::size_t> consensus)
{
    std::vector<double> shares(votes.size());
    for (std::size_t i = 0; i < votes.size(); ++i)
        shares[i] = static_cast<double>(votes.count(i, consensus[i])) / static_cast<double>(votes[i].size());
    return shares;
}

/// Learns the weights. `guesses`: for each model the argmax of each example. Only examples with several labels count.
[[nodiscard]] inline crowdlab_weights learn_weights(const annotator_votes& votes,
                                                    std::span<const std::vector<std::size_t>> guesses,
                                                    std::span<const std::size_t> consensus)
{
    constexpr double least = 1e-6;
    const auto agreement = shares_of_agreement(votes, consensus);
    std::vector<double> shared;
    std::vector<std::size_t> frequency(votes.num_classes);
    for (std::size_t i = 0; i < votes.size(); ++i)
        if (votes[i].size() > 1)
        {
            shared.push_back(agreement[i]);
            ++frequency[consensus[i]];
        }
    const auto num_shared = static_cast<double>(shared.size());
    crowdlab_weights weights;
    weights.consensus_likelihood = pairwise_sum(shared.size(), [&](std::size_t i) { return shared[i]; }) / num_shared;
    weights.other_likelihood = (1.0 - weights.consensus_likelihood) / static_cast<double>(votes.num_classes - 1);
    const auto most = static_cast<double>(*std::max_element(frequency.begin(), frequency.end()));
    const double base_error = std::max((num_shared - most) / num_shared, least);
    const double votes_each = static_cast<double>(votes.votes.size()) / static_cast<double>(votes.size());
    for (const auto& guess : guesses)
    {
        double wrong = 0.0;
        for (std::size_t i = 0; i < votes.size(); ++i)
            wrong += votes[i].size() > 1 && guess[i] != consensus[i] ? 1.0 : 0.0;
        weights.model_weights.push_back(std::max(1.0 - wrong / num_shared / base_error, least) * std::sqrt(votes_each));
    }
    for (const double agreed : agreement_between(votes))
        weights.annotator_weights.push_back(std::max(1.0 - (1.0 - agreed) / base_error, least));
    return weights;
}

/// The posterior of one example: models and annotators averaged by their weights. `buffer` has k values.
inline void crowdlab_posterior(const annotator_votes& votes, std::span<const model_rows> models,
                               const crowdlab_weights& weights, std::size_t i, std::span<double> buffer,
                               std::span<double> posterior)
{
    std::fill(posterior.begin(), posterior.end(), 0.0);
    double total = 0.0;
    for (std::size_t p = 0; p < models.size(); ++p)
    {
        models[p](i, buffer);
        for (std::size_t k = 0; k < posterior.size(); ++k)
            posterior[k] += weights.model_weights[p] * buffer[k];
        total += weights.model_weights[p];
    }
    for (const auto& vote : votes[i])
    {
        const double weight = weights.annotator_weights[vote.annotator];
        for (std::size_t k = 0; k < posterior.size(); ++k)
            posterior[k] += weight * (k == vote.label ? weights.consensus_likelihood : weights.other_likelihood);
        total += weight;
    }
    for (double& p : posterior)
        p /= total;
}

/// The share of an example's votes that each class has.
inline void vote_shares(const annotator_votes& votes, std::size_t i, std::span<double> shares)
{
    std::fill(shares.begin(), shares.end(), 0.0);
    for (const auto& vote : votes[i])
        shares[vote.label] += 1.0;
    for (double& share : shares)
        share /= static_cast<double>(votes[i].size());
}

/// The class that has the largest value by itself, else `otherwise`.
[[nodiscard]] inline std::size_t sole_largest(std::span<const double> values, std::size_t otherwise)
{
    const auto largest = std::max_element(values.begin(), values.end());
    return std::count(values.begin(), values.end(), *largest) == 1 ? static_cast<std::size_t>(largest - values.begin())
                                                                   : otherwise;
}

}  // namespace labelerrors::detail

#endif
