#ifndef LABELERRORS_EVALUATION_EVALUATE_MODELS_HPP
#define LABELERRORS_EVALUATION_EVALUATE_MODELS_HPP

#include <labelerrors/error.hpp>
#include <labelerrors/evaluation/accuracy.hpp>
#include <labelerrors/evaluation/compare_rankings.hpp>
#include <labelerrors/evaluation/competition_ranks.hpp>
#include <labelerrors/evaluation/select_examples.hpp>
#include <labelerrors/evaluation/top_k_predictions.hpp>
#include <labelerrors/evaluation/wilson_interval.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace labelerrors::evaluation
{

/// A model, by name, and what it predicts for every example of a test set.
struct model
{
    std::string platform;  // what the model was made with; models of one name differ in it; may be empty
    std::string name;
    top_k_predictions predictions;
};

/// How a model is scored.
struct evaluate_models_options
{
    // The second accuracy: whether the label is among so many of the likeliest. Models with fewer have none.
    std::size_t k = 5;
    // Of the confidence intervals.
    double confidence = 0.95;
};

/// One accuracy of a model by one kind of label.
struct model_score
{
    evaluation::accuracy accuracy;
    confidence_interval interval;  // Wilson's
    evaluation::rank rank;         // among the models that have this accuracy
};

/// The same accuracy by the given and by the corrected labels.
struct score_change
{
    model_score given;
    model_score corrected;
};

/// How a model does.
struct model_evaluation
{
    std::string platform;
    std::string name;
    score_change top_1;
    std::optional<score_change> top_k;  // none where the model has predicted fewer than k labels
};

/// How some models do on the same examples, before and after correction of the labels.
struct evaluation_table
{
    std::size_t num_examples = 0;
    std::size_t k = 0;
    std::vector<model_evaluation> models;        // in the order they came in
    ranking_change top_1_change;                 // indices are those of `models`
    std::optional<ranking_change> top_k_change;  // the same, over the models that have a top_k; none without any
};

/// Scores models on the same examples by their given and by their corrected labels, and ranks them both ways.
///
/// `models`: at least one. `examples`: at least one, of select_examples; every model has predictions for all of their
/// rows. Throws shape_error where predictions have not k labels for each of their examples, or examples not one label
/// of each kind for each row; value_error where there is no model or no example, for two models of the same platform
/// and name, for a model without predictions for a row, a k of 0, and a confidence out of (0, 1). O(models (examples k
/// + models)). Source: Northcutt, Athalye and Mueller 2021, section 5, Acc@1, cAcc@1, Acc@5, cAcc@5 and their ranks.
[[nodiscard]] evaluation_table evaluate_models(std::span<const model> models, const scored_examples& examples,
                                               const evaluate_models_options& options = {});

namespace detail
{

/// What a model is called in messages.
[[nodiscard]] inline std::string title_of(const std::string& platform, const std::string& name)
{
    return platform.empty() ? name : name + " (" + platform + ")";
}

/// Refuses models that cannot be told apart, one without predictions for all rows, and parts that do not fit together.
inline void require_models(std::span<const model> models, const scored_examples& examples, const char* function)
{
    const std::string start = std::string(function) + ": ";
    if (models.empty())
        throw value_error(start + "models must hold at least one model, not none");
    if (examples.rows.empty())
        throw value_error(start + "examples must hold at least one example, not none: no label was corrected, or none "
                                  "is left");
    require_whole(examples, function);
    const std::size_t last = *std::max_element(examples.rows.begin(), examples.rows.end());
    for (std::size_t i = 0; i < models.size(); ++i)
    {
        const std::string title = title_of(models[i].platform, models[i].name);
        for (std::size_t j = 0; j < i; ++j)
            if (models[i].name == models[j].name && models[i].platform == models[j].platform)
                throw value_error(start + "models must differ in name or platform, but " + title + " is there twice");
        require_whole(models[i].predictions, function);
        if (models[i].predictions.num_examples <= last)
            throw value_error(start + title + " has predictions for " +
                              std::to_string(models[i].predictions.num_examples) + " examples, but row " +
                              std::to_string(last) + " is to be scored");
    }
}

[[nodiscard]] inline score_change score(const model& one, const scored_examples& examples, std::size_t k,
                                        double confidence)
{
    score_change scores;
    for (auto* which : {&scores.given, &scores.corrected})
    {
        const auto& labels = which == &scores.given ? examples.given_labels : examples.corrected_labels;
        which->accuracy = top_k_accuracy(one.predictions, examples.rows, labels, k);
        which->interval = wilson_interval(which->accuracy, confidence);
    }
    return scores;
}

/// Ranks models by scores that are there, and tells how the ranking changes.
[[nodiscard]] inline ranking_change rank_scores(std::span<score_change* const> scores)
{
    std::vector<std::vector<rank>> ranks;
    for (const auto which : {&score_change::given, &score_change::corrected})
    {
        std::vector<double> values;
        for (const score_change* const one : scores)
            values.push_back((one->*which).accuracy.value());
        ranks.push_back(competition_ranks(values));
        for (std::size_t i = 0; i < scores.size(); ++i)
            (scores[i]->*which).rank = ranks.back()[i];
    }
    return compare_rankings(ranks[0], ranks[1]);
}

}  // namespace detail

inline evaluation_table evaluate_models(std::span<const model> models, const scored_examples& examples,
                                        const evaluate_models_options& options)
{
    detail::require_models(models, examples, "evaluate_models");
    if (options.k == 0)
        throw value_error("evaluate_models: k must be at least 1, but is 0");
    evaluation_table table;
    table.num_examples = examples.rows.size();
    table.k = options.k;
    for (const model& one : models)
    {
        model_evaluation evaluated{one.platform, one.name, detail::score(one, examples, 1, options.confidence), {}};
        if (one.predictions.k >= options.k)
            evaluated.top_k = detail::score(one, examples, options.k, options.confidence);
        table.models.push_back(std::move(evaluated));
    }
    std::vector<score_change*> top_1;
    std::vector<score_change*> top_k;
    std::vector<std::size_t> with_top_k;
    for (std::size_t i = 0; i < table.models.size(); ++i)
    {
        top_1.push_back(&table.models[i].top_1);
        if (!table.models[i].top_k)
            continue;
        top_k.push_back(&*table.models[i].top_k);
        with_top_k.push_back(i);
    }
    table.top_1_change = detail::rank_scores(top_1);
    if (!top_k.empty())
    {
        table.top_k_change = detail::rank_scores(top_k);
        for (auto& move : table.top_k_change->moves)
            move.index = with_top_k[move.index];
    }
    return table;
}

}  // namespace labelerrors::evaluation

#endif
