#ifndef LABELERRORS_CORE_RATE_ANNOTATORS_HPP
#define LABELERRORS_CORE_RATE_ANNOTATORS_HPP

#include <labelerrors/core/annotator_votes.hpp>
#include <labelerrors/core/crowdlab.hpp>
#include <labelerrors/core/exact_sum.hpp>
#include <labelerrors/core/majority_vote.hpp>
#include <labelerrors/core/pairwise_sum.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace labelerrors
{

/// What is told about one annotator.
struct annotator_stats
{
    std::size_t annotator = 0;  // the column of the labels
    // In [0, 1]; NaN for one who shares no example with others, of whom nothing can be told.
    double annotator_quality = 0.0;
    double agreement_with_consensus = 0.0;  // the share of their labels that are the consensus
    std::size_t worst_class = 0;            // the label of theirs that is the consensus least often
    std::size_t num_examples_labeled = 0;
};

namespace detail
{

/// How one annotator uses one label.
struct label_use
{
    double given = 0.0;   // how often
    double agreed = 0.0;  // how often it was the consensus
    exact_sum quality;    // of the consensus of these examples: rounding, and their order, must not break ties
};

/// The label of one annotator's that is the consensus least often; of equals the one given most, then the one with the
/// best consensus, then the lowest.
[[nodiscard]] inline std::size_t find_worst_class(std::span<const label_use> by_label)
{
    std::size_t worst = by_label.size();
    const auto key = [&](std::size_t label)
    {
        const auto& [given, agreed, quality] = by_label[label];
        return std::array{agreed / given, -given, -quality.value() / given};
    };
    for (std::size_t label = 0; label < by_label.size(); ++label)
        if (by_label[label].given > 0.0 && (worst == by_label.size() || key(label) < key(worst)))
            worst = label;
    return worst;
}

/// What is told about every annotator, the worst first, those of unknown quality last. `weights`: empty for quality by
/// agreement.
[[nodiscard]] inline std::vector<annotator_stats> rate_annotators(const annotator_votes& votes,
                                                                  std::span<const std::size_t> consensus,
                                                                  const xt::xtensor<double, 1>& consensus_quality,
                                                                  const xt::xtensor<double, 2>& detailed_quality,
                                                                  const crowdlab_weights& weights)
{
    const std::size_t m = votes.num_annotators;
    const auto shared = agreement_with(votes, consensus, [&](std::size_t i) { return votes[i].size() > 1; });
    const auto all = agreement_with(votes, consensus, [](std::size_t) { return true; });
    std::vector<label_use> by_label(m * votes.num_classes);  // of each annotator each label
    std::vector<double> quality(m);
    std::vector<std::size_t> counts(m);
    for (std::size_t i = 0; i < votes.size(); ++i)
        for (const auto& vote : votes[i])
        {
            auto& [given, agreed, consensus_qualities] = by_label[vote.annotator * votes.num_classes + vote.label];
            given += 1.0;
            agreed += vote.label == consensus[i] ? 1.0 : 0.0;
            consensus_qualities.add(consensus_quality(i));
            quality[vote.annotator] += detailed_quality(i, vote.annotator);
            ++counts[vote.annotator];
        }
    double model_share = 0.0;
    if (!weights.annotator_weights.empty())
    {
        const auto sum = [](std::span<const double> values)
        {
            return pairwise_sum(values.size(), [&](std::size_t i) { return values[i]; });
        };
        const double model = sum(weights.model_weights) / static_cast<double>(weights.model_weights.size());
        const double votes_each = static_cast<double>(votes.votes.size()) / static_cast<double>(votes.size());
        model_share = model / (model + sum(weights.annotator_weights) * votes_each / static_cast<double>(m));
    }
    std::vector<annotator_stats> annotators;
    for (std::size_t j = 0; j < m; ++j)
        annotators.push_back(
            {j, model_share * quality[j] / static_cast<double>(counts[j]) + (1.0 - model_share) * shared[j], all[j],
             find_worst_class(std::span(by_label).subspan(j * votes.num_classes, votes.num_classes)), counts[j]});
    std::stable_sort(annotators.begin(), annotators.end(),
                     [](const annotator_stats& a, const annotator_stats& b)
                     {
                         const bool known = a.annotator_quality == a.annotator_quality;
                         if (known != (b.annotator_quality == b.annotator_quality))
                             return known;
                         if (known && a.annotator_quality != b.annotator_quality)
                             return a.annotator_quality < b.annotator_quality;
                         return a.agreement_with_consensus < b.agreement_with_consensus;
                     });
    return annotators;
}

}  // namespace detail

}  // namespace labelerrors

#endif
