#ifndef LABELERRORS_CORE_ANNOTATOR_QUALITY_HPP
#define LABELERRORS_CORE_ANNOTATOR_QUALITY_HPP

#include <labelerrors/core/annotator_models.hpp>
#include <labelerrors/core/annotator_votes.hpp>
#include <labelerrors/core/crowdlab.hpp>
#include <labelerrors/core/dawid_skene.hpp>
#include <labelerrors/core/majority_vote.hpp>
#include <labelerrors/core/rate_annotators.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <limits>
#include <memory>
#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace labelerrors
{

/// How annotators' labels become one.
enum class consensus_method
{
    best_quality,   // the class with the best quality, given the majority vote; the majority vote where several have it
    majority_vote,  // see majority_vote
    dawid_skene,    // see dawid_skene
};

/// How the quality of a label is told.
enum class quality_method
{
    crowdlab,   // models and annotators averaged by how far they can be trusted; needs a model
    agreement,  // the share of the annotators who gave the label
};

/// Whether models' probabilities are first brought to the temperature that fits the votes best.
enum class temperature_calibration
{
    none,
    to_votes,
};

/// What annotator_quality lets its caller choose.
struct annotator_quality_options
{
    // How the consensus label of an example is chosen.
    labelerrors::consensus_method consensus_method = labelerrors::consensus_method::best_quality;
    // How labels and annotators are rated.
    labelerrors::quality_method quality_method = labelerrors::quality_method::crowdlab;
    // Whether the probabilities are first scaled by a temperature that fits the labels.
    temperature_calibration calibrate = temperature_calibration::none;
    // For consensus_method::dawid_skene.
    dawid_skene_options dawid_skene = {};
    double tolerance = 1e-4;                                  // see pass_options
    std::size_t threads = 0;                                  // see pass_options
    std::function<void(const scan_progress&)> progress = {};  // see pass_options
};

/// The consensus of many annotators, and how good it, their labels and they themselves are.
struct annotator_quality_result
{
    std::size_t num_classes = 0;
    xt::xtensor<std::size_t, 1> consensus_label;     // n
    xt::xtensor<double, 1> consensus_quality_score;  // n, in [0, 1], lower is worse
    xt::xtensor<double, 1> annotator_agreement;      // n: the share of annotators who gave the consensus label
    xt::xtensor<std::size_t, 1> num_annotations;     // n
    xt::xtensor<double, 2> detailed_label_quality;   // n x m: of each label given, NaN where none was
    std::vector<annotator_stats> annotators;         // m, the worst first
    std::vector<double> model_weights;               // one for each model; none for quality by agreement
    std::vector<double> annotator_weights;           // m; none for quality by agreement
    std::vector<double> temperatures;                // one for each model, where they were calibrated
};

/// Finds the consensus of m annotators' labels with the help of one model, and tells the quality of the consensus, of
/// each label, and of each annotator.
///
/// `labels`: n x m labels, 0 .. k - 1, NaN where not labelled. `pred_probs`: n x k out-of-sample probabilities, any
/// source of rows.
/// Throws as check_annotator_labels, and for probabilities as class_thresholds; value_error where no example has two
/// labels, or no two annotators agree on any, and for options out of range. O(n (m + k)), a few times the rows; memory
/// O(n m).
/// Source: Goh, Tkachenko and Mueller 2022 (CROWDLAB); cleanlab.multiannotator.get_label_quality_multiannotator.
/// Differs from cleanlab: votes are counted rightly (2.9 counts [1, 3, 3] of four classes as [1, 2, 0, 0], which
/// changes quality by agreement and temperatures), ties that nothing decides go to the lowest label, and annotators who
/// never agree are an error, not a warning.
template <annotator_labels Labels, probability_matrix PredProbs>
[[nodiscard]] annotator_quality_result annotator_quality(const Labels& labels, const PredProbs& pred_probs,
                                                         const annotator_quality_options& options = {});

/// The same with several models. Source: cleanlab.multiannotator.get_label_quality_multiannotator_ensemble.
template <annotator_labels Labels, probability_matrices Models>
[[nodiscard]] annotator_quality_result annotator_quality_ensemble(const Labels& labels, const Models& pred_probs,
                                                                  const annotator_quality_options& options = {});

/// The same without a model: by agreement, whatever the options. k is one more than the largest label. O(n m).
template <annotator_labels Labels>
[[nodiscard]] annotator_quality_result annotator_agreement(const Labels& labels,
                                                           const annotator_quality_options& options = {});

namespace detail
{

/// Refuses options that are out of range and will be read.
inline void require_options(const annotator_quality_options& options, const char* function)
{
    if (options.consensus_method == consensus_method::dawid_skene)
        require_dawid_skene(options.dawid_skene, std::string(function) + ": dawid_skene.");
}

/// Votes, models and what they answer, for one run.
struct annotator_run
{
    const annotator_votes& votes;
    std::vector<model_rows> models;
    std::vector<std::vector<std::size_t>> guesses = {};  // for CROWDLAB: of each model, n: the argmax
    crowdlab_weights weights = {};

    /// Shows the posterior of every example by the quality method to `use(i, row)`, on several threads: what it writes
    /// must be the example's own.
    template <class Use>
    void for_each_posterior(quality_method method, std::string_view pass, const scan_options& options,
                            const Use& use) const
    {
        const std::size_t k = votes.num_classes;
        const std::size_t votes_each = votes.votes.size() / votes.size() + 1;
        for_each_example(
            votes.size(), cost_of_rows(models.size() + votes_each, k), pass,
            [this, method, &use, own = models, buffer = std::vector<double>(k),
             row = std::vector<double>(k)](std::size_t i) mutable
            {
                if (method == quality_method::crowdlab)
                    crowdlab_posterior(votes, own, weights, i, buffer, row);
                else
                    vote_shares(votes, i, row);
                use(i, std::span<const double>(row));
            },
            options);
    }
};

/// Brings the models to their temperatures, where they are to be calibrated, and finds what CROWDLAB needs of them.
inline void prepare(annotator_run& run, const annotator_quality_options& options, std::vector<double>& temperatures)
{
    const scan_options passes{options.threads, options.progress};
    const std::size_t k = run.votes.num_classes;
    for (auto& model : run.models)
    {
        if (options.calibrate == temperature_calibration::to_votes)
        {
            temperatures.push_back(find_temperature(run.votes, model, passes));
            model = at_temperature(std::move(model), temperatures.back());
        }
        if (options.quality_method != quality_method::crowdlab)
            continue;
        auto& guesses = run.guesses.emplace_back(run.votes.size());
        for_each_example(
            guesses.size(), cost_of_rows(1, k), "predictions",
            [model, &guesses, row = std::vector<double>(k)](std::size_t i) mutable
            {
                model(i, row);
                guesses[i] = largest_of(row);
            },
            passes);
    }
}

/// The consensus, with the weights that it was made by.
[[nodiscard]] inline std::vector<std::size_t>
find_consensus(annotator_run& run, const annotator_quality_options& options, const char* function)
{
    if (options.consensus_method == consensus_method::dawid_skene)
    {
        const auto found = run_dawid_skene(run.votes, options.dawid_skene, function);
        return {found.labels.begin(), found.labels.end()};
    }
    const scan_options passes{options.threads, options.progress};
    const auto majority =
        decide_by_majority(run.votes, run.models.empty() ? model_rows{} : mean_of(run.models), passes).labels;
    std::vector<std::size_t> consensus(majority.begin(), majority.end());
    if (options.consensus_method == consensus_method::majority_vote)
        return consensus;
    if (options.quality_method == quality_method::crowdlab)
        run.weights = learn_weights(run.votes, run.guesses, consensus);
    run.for_each_posterior(options.quality_method, "consensus", passes,
                           [&](std::size_t i, std::span<const double> row)
                           { consensus[i] = sole_largest(row, consensus[i]); });
    return consensus;
}

/// All of it, on votes and models that are checked.
[[nodiscard]] inline annotator_quality_result rate(const annotator_votes& votes, std::vector<model_rows> models,
                                                   const annotator_quality_options& options, const char* function)
{
    require_agreement(votes, function);
    annotator_quality_result found;
    annotator_run run{votes, std::move(models)};
    prepare(run, options, found.temperatures);
    const auto consensus = find_consensus(run, options, function);
    const bool crowdlab = options.quality_method == quality_method::crowdlab;
    if (crowdlab)
    {
        run.weights = learn_weights(votes, run.guesses, consensus);
        found.model_weights = run.weights.model_weights;
        found.annotator_weights = run.weights.annotator_weights;
    }
    found.num_classes = votes.num_classes;
    found.consensus_label = to_xtensor(consensus);
    found.annotator_agreement = to_xtensor(shares_of_agreement(votes, consensus));
    found.consensus_quality_score = found.annotator_agreement;
    found.num_annotations = xt::xtensor<std::size_t, 1>::from_shape({votes.size()});
    found.detailed_label_quality = xt::xtensor<double, 2>::from_shape({votes.size(), votes.num_annotators});
    found.detailed_label_quality.fill(std::numeric_limits<double>::quiet_NaN());
    run.for_each_posterior(options.quality_method, "label quality", {options.threads, options.progress},
                           [&](std::size_t i, std::span<const double> row)
                           {
                               found.num_annotations(i) = votes[i].size();
                               if (crowdlab)
                                   found.consensus_quality_score(i) = row[consensus[i]];
                               for (const auto& vote : votes[i])
                                   found.detailed_label_quality(i, vote.annotator) = row[vote.label];
                           });
    found.annotators =
        rate_annotators(votes, consensus, found.consensus_quality_score, found.detailed_label_quality, run.weights);
    return found;
}

/// Opens several models that are alike; errors name which, where there are two or more.
template <probability_matrix PredProbs>
[[nodiscard]] std::vector<model_rows> open_models(std::span<const PredProbs> pred_probs, std::size_t num_examples,
                                                  std::size_t num_classes, const pass_options& options,
                                                  const char* function, const char* argument = "pred_probs")
{
    std::vector<model_rows> models;
    for (const PredProbs& model : pred_probs)
    {
        const std::string name = pred_probs.size() == 1 ? function : about_model(function, models.size());
        models.push_back(open_model(model, num_examples, num_classes, options, name.c_str(), argument));
    }
    return models;
}

/// annotator_quality_ensemble, called by the name `function`.
template <annotator_labels Labels, probability_matrix PredProbs>
[[nodiscard]] annotator_quality_result rate_by_models(const Labels& labels, std::span<const PredProbs> pred_probs,
                                                      const annotator_quality_options& options, const char* function)
{
    require_tolerance(options.tolerance, function);
    require_options(options, function);
    if (pred_probs.empty())
        throw shape_error(std::string(function) + ": pred_probs has no model; without one use annotator_agreement");
    const std::size_t k = num_classes_of(pred_probs.front(), function);
    const auto votes = check_annotator_labels(labels, k, function);
    return rate(votes, open_models(pred_probs, votes.size(), k, pass_options_of(options), function), options, function);
}

}  // namespace detail

template <annotator_labels Labels, probability_matrices Models>
annotator_quality_result annotator_quality_ensemble(const Labels& labels, const Models& pred_probs,
                                                    const annotator_quality_options& options)
{
    return detail::rate_by_models(labels, std::span<const std::ranges::range_value_t<Models>>(pred_probs), options,
                                  "annotator_quality_ensemble");
}

template <annotator_labels Labels, probability_matrix PredProbs>
annotator_quality_result annotator_quality(const Labels& labels, const PredProbs& pred_probs,
                                           const annotator_quality_options& options)
{
    return detail::rate_by_models(labels, std::span<const PredProbs>(std::addressof(pred_probs), 1), options,
                                  "annotator_quality");
}

template <annotator_labels Labels>
annotator_quality_result annotator_agreement(const Labels& labels, const annotator_quality_options& options)
{
    auto by_agreement = options;
    by_agreement.quality_method = quality_method::agreement;
    constexpr const char* function = "annotator_agreement";
    detail::require_options(options, function);
    return detail::rate(check_annotator_labels(labels, 0, function), {}, by_agreement, function);
}

}  // namespace labelerrors

#endif
