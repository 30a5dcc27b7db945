#ifndef LABELERRORS_CORE_ACTIVE_LEARNING_SCORES_HPP
#define LABELERRORS_CORE_ACTIVE_LEARNING_SCORES_HPP

#include <labelerrors/core/annotator_quality.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <ranges>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace labelerrors
{

/// Which examples another label is worth most for: the lowest scores, of labelled and unlabelled examples alike.
struct active_learning_scores_result
{
    xt::xtensor<double, 1> scores;            // n
    xt::xtensor<double, 1> unlabeled_scores;  // of the rows of pred_probs_unlabeled
};

/// Scores how little another label of an example would tell.
///
/// Models are first calibrated to the votes, and the quality of the consensus is averaged with 1 / k, by the weight of
/// all that speaks for it and of one more annotator.
/// `labels`: n x m labels, NaN where not labelled; one label each will do, and then nothing is calibrated and all weigh
/// the same. `pred_probs`: models, each n x k. `pred_probs_unlabeled`: the same models on other examples, or none.
/// Throws as annotator_quality. O(n (m + k)) a model, some six times the rows.
/// Source: Goh and Mueller 2023 (ActiveLab); cleanlab.multiannotator.get_active_learning_scores_ensemble, with its
/// counts of votes right. Differs from cleanlab: see annotator_quality; and the models are left as they are, not
/// overwritten with calibrated ones.
template <annotator_labels Labels, probability_matrices Models,
          probability_matrices Unlabeled = std::span<const std::ranges::range_value_t<Models>>>
[[nodiscard]] active_learning_scores_result
active_learning_scores_ensemble(const Labels& labels, const Models& pred_probs,
                                const Unlabeled& pred_probs_unlabeled = {}, const pass_options& options = {});

/// The same with one model. Source: cleanlab.multiannotator.get_active_learning_scores.
template <annotator_labels Labels, probability_matrix PredProbs>
[[nodiscard]] active_learning_scores_result active_learning_scores(const Labels& labels, const PredProbs& pred_probs,
                                                                   const pass_options& options = {});

/// The same with one model, and other examples that nobody has labelled yet.
template <annotator_labels Labels, probability_matrix PredProbs, probability_matrix Unlabeled>
[[nodiscard]] active_learning_scores_result active_learning_scores(const Labels& labels, const PredProbs& pred_probs,
                                                                   const Unlabeled& pred_probs_unlabeled,
                                                                   const pass_options& options = {});

/// The scores of examples where nothing is labelled yet: all models and one annotator weigh the same, and nothing is
/// calibrated. `pred_probs_unlabeled`: models, each n x k; at least one. Returns n scores. Throws as annotator_quality.
/// O(n k) a model. Source: cleanlab.multiannotator.get_active_learning_scores_ensemble without labels.
template <probability_matrices Models>
[[nodiscard]] xt::xtensor<double, 1> active_learning_scores_unlabeled_ensemble(const Models& pred_probs_unlabeled,
                                                                               const pass_options& options = {});

/// The same with one model. Source: cleanlab.multiannotator.get_active_learning_scores without labels.
template <probability_matrix PredProbs>
[[nodiscard]] xt::xtensor<double, 1> active_learning_scores_unlabeled(const PredProbs& pred_probs_unlabeled,
                                                                      const pass_options& options = {});

namespace detail
{

/// What the scores of labelled and unlabelled examples are made from.
struct label_trust
{
    xt::xtensor<double, 1> quality;  // n, of the consensus
    std::vector<double> model_weights;
    std::vector<double> annotator_weights;
    std::vector<double> temperatures;
};

[[nodiscard]] inline label_trust trust_labels(const annotator_votes& votes, std::vector<model_rows> models,
                                              const pass_options& options, const char* function)
{
    const bool single = votes.votes.size() == votes.size();
    if (!single)
    {
        auto rated = rate(
            votes, std::move(models),
            {.calibrate = temperature_calibration::to_votes, .threads = options.threads, .progress = options.progress},
            function);
        return {std::move(rated.consensus_quality_score), std::move(rated.model_weights),
                std::move(rated.annotator_weights), std::move(rated.temperatures)};
    }
    const std::size_t count = models.size();
    label_trust trust{xt::xtensor<double, 1>::from_shape({votes.size()}), std::vector<double>(count, 1.0),
                      std::vector<double>(votes.num_annotators, 1.0), std::vector<double>(count, 1.0)};
    for_each_example(votes.size(), cost_of_rows(count, votes.num_classes), "label quality",
                     [&votes, &trust, mean = mean_of(std::move(models)),
                      row = std::vector<double>(votes.num_classes)](std::size_t i) mutable
                     {
                         mean(i, row);
                         trust.quality(i) = row[votes[i].front().label];
                     },
                     {options.threads, options.progress});
    return trust;
}

/// The scores of examples that nobody labelled: the quality of the label that most models would give.
[[nodiscard]] inline xt::xtensor<double, 1> score_unlabeled(std::vector<model_rows> models, std::size_t num_examples,
                                                            std::size_t num_classes, const label_trust& trust,
                                                            double new_weight, const scan_options& options)
{
    const std::size_t count = models.size();
    const std::size_t cost = cost_of_rows(count, num_classes);
    annotator_votes guesses{.num_annotators = count, .num_classes = num_classes};
    guesses.votes.resize(num_examples * count);
    for (std::size_t i = 1; i <= num_examples; ++i)
        guesses.first.push_back(i * count);
    for (std::size_t p = 0; p < count; ++p)
        models[p] = at_temperature(std::move(models[p]), trust.temperatures[p]);
    for_each_example(
        num_examples, cost, "predictions",
        [&guesses, models, row = std::vector<double>(num_classes)](std::size_t i) mutable
        {
            for (std::size_t p = 0; p < models.size(); ++p)
            {
                models[p](i, row);
                guesses.votes[i * models.size() + p] = {static_cast<std::uint32_t>(p),
                                                        static_cast<std::uint32_t>(largest_of(row))};
            }
        },
        options);
    const auto labels = decide_by_majority(guesses, mean_of(models), options).labels;
    auto scores = xt::xtensor<double, 1>::from_shape({num_examples});
    for_each_example(
        num_examples, cost, "scores",
        [&labels, &scores, &trust, new_weight, models, row = std::vector<double>(num_classes)](std::size_t i) mutable
        {
            double sum = new_weight / static_cast<double>(row.size());
            double weight = new_weight;
            for (std::size_t p = 0; p < models.size(); ++p)
            {
                models[p](i, row);
                sum += trust.model_weights[p] * row[labels(i)];
                weight += trust.model_weights[p];
            }
            scores(i) = sum / weight;
        },
        options);
    return scores;
}

/// How messages name the models' probabilities of examples that nobody labelled.
inline constexpr const char* unlabeled_argument = "pred_probs_unlabeled";

/// The number of rows of a model on examples that nobody labelled.
template <probability_matrix PredProbs>
[[nodiscard]] std::size_t num_unlabeled_rows(const PredProbs& pred_probs_unlabeled, const char* function)
{
    return with_rows(
        pred_probs_unlabeled, function, [](const auto& rows) { return std::size_t{rows.num_rows()}; },
        unlabeled_argument);
}

/// active_learning_scores_ensemble, called by the name `function`.
template <annotator_labels Labels, probability_matrix PredProbs, probability_matrix Unlabeled>
[[nodiscard]] active_learning_scores_result score_by_models(const Labels& labels, std::span<const PredProbs> pred_probs,
                                                            std::span<const Unlabeled> pred_probs_unlabeled,
                                                            const pass_options& options, const char* function)
{
    require_tolerance(options.tolerance, function);
    if (pred_probs.empty() || (!pred_probs_unlabeled.empty() && pred_probs_unlabeled.size() != pred_probs.size()))
        throw shape_error(std::string(function) + ": there are " + std::to_string(pred_probs.size()) + " models and " +
                          std::to_string(pred_probs_unlabeled.size()) +
                          " for the unlabelled examples; at least one is needed, and as many of either or none of the "
                          "second");
    const std::size_t k = num_classes_of(pred_probs.front(), function);
    const auto votes = check_annotator_labels(labels, k, function);
    const auto trust =
        trust_labels(votes, open_models(pred_probs, votes.size(), k, options, function), options, function);
    const auto sum = [](std::span<const double> values)
    {
        return pairwise_sum(values.size(), [&](std::size_t i) { return values[i]; });
    };
    const double models = sum(trust.model_weights);
    const double new_weight = sum(trust.annotator_weights) / static_cast<double>(votes.num_annotators);
    active_learning_scores_result result{xt::xtensor<double, 1>::from_shape({votes.size()}),
                                         xt::xtensor<double, 1>::from_shape({0})};
    for (std::size_t i = 0; i < votes.size(); ++i)
    {
        double weight = models;
        for (const auto& vote : votes[i])
            weight += trust.annotator_weights[vote.annotator];
        result.scores(i) = (trust.quality(i) * weight + new_weight / static_cast<double>(k)) / (weight + new_weight);
    }
    if (pred_probs_unlabeled.empty())
        return result;
    const std::size_t n = num_unlabeled_rows(pred_probs_unlabeled.front(), function);
    result.unlabeled_scores =
        score_unlabeled(open_models(pred_probs_unlabeled, n, k, options, function, unlabeled_argument), n, k, trust,
                        new_weight, {options.threads, options.progress});
    return result;
}

/// active_learning_scores_unlabeled_ensemble, called by the name `function`.
template <probability_matrix PredProbs>
[[nodiscard]] xt::xtensor<double, 1> score_unlabeled_by_models(std::span<const PredProbs> pred_probs_unlabeled,
                                                               const pass_options& options, const char* function)
{
    require_tolerance(options.tolerance, function);
    if (pred_probs_unlabeled.empty())
        throw shape_error(std::string(function) + ": pred_probs_unlabeled has no model; at least one is needed");
    const std::size_t n = num_unlabeled_rows(pred_probs_unlabeled.front(), function);
    const std::size_t k = num_classes_of(pred_probs_unlabeled.front(), function, unlabeled_argument);
    const std::vector<double> ones(pred_probs_unlabeled.size(), 1.0);
    return score_unlabeled(open_models(pred_probs_unlabeled, n, k, options, function, unlabeled_argument), n, k,
                           {{}, ones, {}, ones}, 1.0, {options.threads, options.progress});
}

}  // namespace detail

template <annotator_labels Labels, probability_matrices Models, probability_matrices Unlabeled>
active_learning_scores_result active_learning_scores_ensemble(const Labels& labels, const Models& pred_probs,
                                                              const Unlabeled& pred_probs_unlabeled,
                                                              const pass_options& options)
{
    return detail::score_by_models(labels, std::span<const std::ranges::range_value_t<Models>>(pred_probs),
                                   std::span<const std::ranges::range_value_t<Unlabeled>>(pred_probs_unlabeled),
                                   options, "active_learning_scores_ensemble");
}

template <annotator_labels Labels, probability_matrix PredProbs>
active_learning_scores_result active_learning_scores(const Labels& labels, const PredProbs& pred_probs,
                                                     const pass_options& options)
{
    return detail::score_by_models(labels, std::span<const PredProbs>(std::addressof(pred_probs), 1),
                                   std::span<const PredProbs>{}, options, "active_learning_scores");
}

template <annotator_labels Labels, probability_matrix PredProbs, probability_matrix Unlabeled>
active_learning_scores_result active_learning_scores(const Labels& labels, const PredProbs& pred_probs,
                                                     const Unlabeled& pred_probs_unlabeled, const pass_options& options)
{
    return detail::score_by_models(labels, std::span<const PredProbs>(std::addressof(pred_probs), 1),
                                   std::span<const Unlabeled>(std::addressof(pred_probs_unlabeled), 1), options,
                                   "active_learning_scores");
}

template <probability_matrices Models>
xt::xtensor<double, 1> active_learning_scores_unlabeled_ensemble(const Models& pred_probs_unlabeled,
                                                                 const pass_options& options)
{
    return detail::score_unlabeled_by_models(std::span<const std::ranges::range_value_t<Models>>(pred_probs_unlabeled),
                                             options, "active_learning_scores_unlabeled_ensemble");
}

template <probability_matrix PredProbs>
xt::xtensor<double, 1> active_learning_scores_unlabeled(const PredProbs& pred_probs_unlabeled,
                                                        const pass_options& options)
{
    return detail::score_unlabeled_by_models(std::span<const PredProbs>(std::addressof(pred_probs_unlabeled), 1),
                                             options, "active_learning_scores_unlabeled");
}

}  // namespace labelerrors

#endif
