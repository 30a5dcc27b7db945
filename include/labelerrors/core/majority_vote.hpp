#ifndef LABELERRORS_CORE_MAJORITY_VOTE_HPP
#define LABELERRORS_CORE_MAJORITY_VOTE_HPP

#include <labelerrors/core/annotator_models.hpp>
#include <labelerrors/core/annotator_votes.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <limits>
#include <span>
#include <utility>
#include <vector>

namespace labelerrors
{

/// The labels that most annotators gave.
struct majority_vote_result
{
    xt::xtensor<std::size_t, 1> labels;  // n
    // The examples that nothing decides, ascending; their label is the lowest of those that tie.
    std::vector<std::size_t> undecided;
};

/// The label that most annotators gave each example. Of labels with as many votes wins, in turn: the likeliest by
/// `pred_probs`, if given; the one that annotators give least often; the one whose voters agree most, on average, with
/// the labels that are not tied.
///
/// `labels`: n x m labels, NaN where not labelled. `pred_probs`: n x k probabilities, any source of rows.
/// Throws as check_annotator_labels, and for probabilities as class_thresholds. O(n (m + k)).
/// Source: cleanlab.multiannotator.get_majority_vote_label. Differs from cleanlab: what is still tied is the lowest
/// label, not a random one.
template <annotator_labels Labels>
[[nodiscard]] majority_vote_result majority_vote(const Labels& labels);

/// The same, where what is tied goes to the class that the model gives more.
template <annotator_labels Labels, probability_matrix PredProbs>
[[nodiscard]] majority_vote_result majority_vote(const Labels& labels, const PredProbs& pred_probs,
                                                 const pass_options& options = {});

namespace detail
{

/// The labels in question for an example, as long as there are several.
struct tied_labels
{
    std::size_t example;
    std::vector<std::size_t> labels;
};

/// Keeps the labels with the largest key.
template <class Key>
void keep_largest(std::vector<std::size_t>& labels, const Key& key)
{
    std::vector<std::size_t> kept;
    double largest = -std::numeric_limits<double>::infinity();
    for (const std::size_t label : labels)
    {
        const double value = key(label);
        if (value > largest)
            kept.clear();
        if (value >= largest)
        {
            largest = value;
            kept.push_back(label);
        }
    }
    labels = std::move(kept);
}

/// How often each annotator agrees with a label, of the examples that `counts` says; NaN where there is none.
template <class Counts>
[[nodiscard]] std::vector<double> agreement_with(const annotator_votes& votes, std::span<const std::size_t> labels,
                                                 const Counts& counts)
{
    std::vector<double> agreed(votes.num_annotators);
    std::vector<double> seen(votes.num_annotators);
    for (std::size_t i = 0; i < votes.size(); ++i)
        if (counts(i))
            for (const auto& vote : votes[i])
            {
                seen[vote.annotator] += 1.0;
                agreed[vote.annotator] += vote.label == labels[i] ? 1.0 : 0.0;
            }
    for (std::size_t j = 0; j < agreed.size(); ++j)
        agreed[j] /= seen[j];
    return agreed;
}

/// Puts the mean of the others where a value is NaN; 0 where all are.
inline void fill_with_mean(std::vector<double>& values)
{
    std::vector<double> known;
    std::copy_if(values.begin(), values.end(), std::back_inserter(known), [](double value) { return value == value; });
    const double mean = pairwise_sum(known.size(), [&](std::size_t i) { return known[i]; }) /
                        static_cast<double>(std::max<std::size_t>(known.size(), 1));
    for (double& value : values)
        value = value == value ? value : mean;
}

/// The majority, with ties by a model's rows where there is one.
[[nodiscard]] inline majority_vote_result decide_by_majority(const annotator_votes& votes, const model_rows& model,
                                                             const scan_options& options)
{
    std::vector<std::size_t> decided(votes.size());
    std::vector<bool> was_tied(votes.size());
    std::vector<tied_labels> tied;
    std::vector<std::size_t> frequency(votes.num_classes);
    for (const auto& vote : votes.votes)
        ++frequency[vote.label];
    const auto take_decided = [&]
    {
        std::vector<tied_labels> left;
        for (auto& one : tied)
            if (one.labels.size() == 1)
                decided[one.example] = one.labels.front();
            else
                left.push_back(std::move(one));
        tied = std::move(left);
    };
    const auto settle = [&](const auto& key_of)
    {
        for (auto& one : tied)
            keep_largest(one.labels, [&](std::size_t label) { return key_of(one.example, label); });
        take_decided();
    };
    for (std::size_t i = 0; i < votes.size(); ++i)
    {
        tied.push_back({i, {}});
        for (const auto& vote : votes[i])
            tied.back().labels.push_back(vote.label);
        auto& labels = tied.back().labels;
        std::sort(labels.begin(), labels.end());
        labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
    }
    settle([&](std::size_t i, std::size_t label) { return static_cast<double>(votes.count(i, label)); });
    for (const auto& one : tied)
        was_tied[one.example] = true;
    if (model)
    {
        for_each_example(
            tied.size(), cost_of_rows(1, votes.num_classes), "ties",
            [model, &tied, row = std::vector<double>(votes.num_classes)](std::size_t t) mutable
            {
                model(tied[t].example, row);
                keep_largest(tied[t].labels, [&](std::size_t label) { return row[label]; });
            },
            options);
        take_decided();
    }
    settle([&](std::size_t, std::size_t label) { return -static_cast<double>(frequency[label]); });
    if (!tied.empty())
    {
        auto agreement = agreement_with(votes, decided, [&](std::size_t i) { return !was_tied[i]; });
        fill_with_mean(agreement);
        settle(
            [&](std::size_t i, std::size_t label)
            {
                std::vector<double> of;
                for (const auto& vote : votes[i])
                    if (vote.label == label)
                        of.push_back(agreement[vote.annotator]);
                return pairwise_sum(of.size(), [&](std::size_t v) { return of[v]; }) / static_cast<double>(of.size());
            });
    }
    majority_vote_result result{xt::xtensor<std::size_t, 1>::from_shape({votes.size()}), {}};
    for (const auto& one : tied)
    {
        decided[one.example] = one.labels.front();
        result.undecided.push_back(one.example);
    }
    std::copy(decided.begin(), decided.end(), result.labels.begin());
    return result;
}

}  // namespace detail

template <annotator_labels Labels>
majority_vote_result majority_vote(const Labels& labels)
{
    return detail::decide_by_majority(check_annotator_labels(labels, 0, "majority_vote"), {}, {});
}

template <annotator_labels Labels, probability_matrix PredProbs>
majority_vote_result majority_vote(const Labels& labels, const PredProbs& pred_probs, const pass_options& options)
{
    constexpr const char* function = "majority_vote";
    detail::require_tolerance(options.tolerance, function);
    const std::size_t k = detail::num_classes_of(pred_probs, function);
    const auto votes = check_annotator_labels(labels, k, function);
    return detail::decide_by_majority(votes, detail::open_model(pred_probs, votes.size(), k, options, function),
                                      {options.threads, options.progress});
}

}  // namespace labelerrors

#endif
