#ifndef LABELERRORS_CORE_ENSEMBLE_SCORES_HPP
#define LABELERRORS_CORE_ENSEMBLE_SCORES_HPP

#include <labelerrors/core/label_quality_scores.hpp>
#include <labelerrors/error.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>
#include <ranges>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace labelerrors
{

/// How the models of an ensemble are weighted.
enum class ensemble_weights
{
    uniform,
    accuracy,         // by how often the model's argmax is the given label
    log_loss_search,  // by exp(-t * log loss), t such that the averaged probabilities have the least log loss
    custom,           // by weights of one's own, taken as they are
};

/// What label_quality_ensemble_scores lets its caller choose.
struct ensemble_scores_options
{
    // What the score of a label is, by each model.
    score_method method = score_method::self_confidence;
    // Whether each model's scores are made from adjusted probabilities.
    adjustment adjust_pred_probs = adjustment::none;
    // What the models weigh in the mean of their scores.
    ensemble_weights weight_by = ensemble_weights::accuracy;
    std::vector<double> custom_weights = {};  // one for each model, with ensemble_weights::custom only
    // The values of t that ensemble_weights::log_loss_search tries; of equally good ones the first is used.
    std::vector<double> log_loss_search_t_values = {1e-4, 1e-3, 1e-2, 1e-1, 1e0, 1e1, 1e2, 2e2};
    double tolerance = 1e-4;                                  // see pass_options
    std::size_t threads = 0;                                  // see pass_options
    std::function<void(const scan_progress&)> progress = {};  // see pass_options
};

/// The scores and what each model counted for.
struct ensemble_scores
{
    xt::xtensor<double, 1> scores;   // n, lower is worse
    xt::xtensor<double, 1> weights;  // one for each model
};

namespace detail
{

/// What a model's probabilities say about the given labels, example by example.
struct model_fit
{
    std::vector<double> given;     // n: p[given]
    std::vector<double> row_sums;  // n
    std::size_t agreements = 0;    // examples whose argmax is the given label
    double log_loss = 0.0;         // mean of -log p[given], p at least 1e-6 and each row made to sum to 1
};

/// Accumulator behind model_fit: each row's own part, written where those of all rows are.
template <row_element T, std::integral Label>
struct fitted_rows
{
    std::span<const Label> labels;
    std::span<double> given;
    std::span<double> row_sums;
    std::span<double> losses;
    std::size_t agreements = 0;

    void add(const row_block<T>& block)
    {
        constexpr double least = 1e-6;
        for (std::size_t i = 0; i < block.num_rows; ++i)
        {
            const std::size_t index = block.first_row + i;
            const auto row = block.row(i);
            const auto label = static_cast<std::size_t>(labels[index]);
            const auto at = [&](std::size_t j)
            {
                return to_probability(static_cast<double>(row[j]));
            };
            given[index] = at(label);
            row_sums[index] = pairwise_sum(row.size(), at);
            const double bounded = pairwise_sum(row.size(), [&](std::size_t j) { return std::max(at(j), least); });
            losses[index] = -std::log(std::max(given[index], least) / bounded);
            agreements += argmax(row) == label ? 1u : 0u;
        }
    }

    void merge(fitted_rows&& later)
    {
        agreements += later.agreements;
    }
};

template <row_source Source, std::integral Label>
[[nodiscard]] model_fit fit_of(const Source& source, const class_labels<Label>& labels, const pass_options& options)
{
    const std::size_t n = labels.size();
    model_fit fit{std::vector<double>(n), std::vector<double>(n)};
    std::vector<double> losses(n);
    fit.agreements =
        scan(source, "model weights",
             fitted_rows<typename Source::value_type, Label>{labels.values, fit.given, fit.row_sums, losses},
             {options.threads, options.progress})
            .agreements;
    fit.log_loss = pairwise_sum(n, [&](std::size_t i) { return losses[i]; }) / static_cast<double>(n);
    return fit;
}

/// The weights exp(-t * log loss), normalised, for the t whose weighted mean of the models has the least log loss.
[[nodiscard]] inline std::vector<double> search_log_loss_weights(std::span<const model_fit> fits,
                                                                 std::span<const double> t_values)
{
    constexpr double least = 0x1p-52;
    const std::size_t n = fits.front().given.size();
    std::vector<double> best;
    double best_loss = std::numeric_limits<double>::infinity();
    for (const double t : t_values)
    {
        std::vector<double> weights;
        for (const auto& fit : fits)
            weights.push_back(std::exp(-t * fit.log_loss));
        const double sum = pairwise_sum(weights.size(), [&](std::size_t m) { return weights[m]; });
        for (double& weight : weights)
            weight /= sum;
        const auto loss = [&](std::size_t i)
        {
            double given = 0.0;
            double row_sum = 0.0;
            for (std::size_t m = 0; m < fits.size(); ++m)
            {
                given += weights[m] * fits[m].given[i];
                row_sum += weights[m] * fits[m].row_sums[i];
            }
            return -std::log(std::clamp(given, least, 1.0 - least) / row_sum);
        };
        const double mean = pairwise_sum(n, loss) / static_cast<double>(n);
        if (mean < best_loss)
        {
            best_loss = mean;
            best = std::move(weights);
        }
    }
    return best;
}

/// The weights by accuracy, or by log loss.
[[nodiscard]] inline std::vector<double> weights_by_fit(std::span<const model_fit> fits,
                                                        const ensemble_scores_options& options, const char* function)
{
    std::vector<double> weights;
    if (options.weight_by == ensemble_weights::accuracy)
    {
        std::size_t total = 0;
        for (const auto& fit : fits)
            total += fit.agreements;
        if (total == 0)
            throw value_error(std::string(function) +
                              ": no model ever predicts a given label, so accuracy gives no weights; use uniform");
        for (const auto& fit : fits)
            weights.push_back(static_cast<double>(fit.agreements) / static_cast<double>(total));
        return weights;
    }
    weights = search_log_loss_weights(fits, options.log_loss_search_t_values);
    if (weights.empty())
        throw value_error(std::string(function) +
                          ": no value of log_loss_search_t_values gives weights that are numbers");
    return weights;
}

}  // namespace detail

/// Scores each label by several models: the weighted mean of the models' label quality scores.
///
/// `labels`: n integers, 0 .. k - 1. `models`: a range of n x k probability matrices of one type, at least one.
/// Throws as label_quality_scores for any of the models, naming it by its place; value_error for no models, for custom
/// weights that are not finite or not one for each model, or given without ensemble_weights::custom; and where there
/// are no weights: by accuracy where no model ever predicts a given label, by log_loss_search where none of the values
/// of t gives weights that are numbers. O(m n k) for m models.
/// Source: cleanlab.rank.get_label_quality_ensemble_scores. Differs from cleanlab: by accuracy it goes on with NaN
/// where there are no weights. Here log_loss_search passes over values of t whose weights are 0 / 0, and is not stopped
/// by classes without an example, both of which cleanlab refuses; and it computes losses in doubles, where cleanlab
/// does in the type of the rows, which for halves bounds p to [2^-10, 1 - 2^-10] and may choose another t.
template <label_sequence Labels, class Models>
    requires std::ranges::forward_range<const Models> && probability_matrix<std::ranges::range_value_t<const Models>>
[[nodiscard]] ensemble_scores label_quality_ensemble_scores(const Labels& labels, const Models& models,
                                                            const ensemble_scores_options& options = {})
{
    constexpr const char* function = "label_quality_ensemble_scores";
    detail::require_adjustable(options.method, options.adjust_pred_probs, function);
    std::size_t count = 0;
    for (auto model = std::ranges::begin(models); model != std::ranges::end(models); ++model)
        ++count;
    const bool custom = options.weight_by == ensemble_weights::custom;
    if (count == 0)
        throw value_error(std::string(function) + ": models is empty; at least one is needed");
    if (options.custom_weights.size() != (custom ? count : 0))
        throw value_error(std::string(function) + ": custom_weights must have one weight for each of the " +
                          std::to_string(count) + " models with ensemble_weights::custom, and none otherwise, not " +
                          std::to_string(options.custom_weights.size()));
    if (!std::all_of(options.custom_weights.begin(), options.custom_weights.end(),
                     [](double weight) { return std::isfinite(weight); }))
        throw value_error(std::string(function) + ": custom_weights must be finite");

    std::vector<xt::xtensor<double, 1>> scores;
    std::vector<detail::model_fit> fits;
    const label_quality_scores_options of_each{.method = options.method,
                                               .adjust_pred_probs = options.adjust_pred_probs,
                                               .tolerance = options.tolerance,
                                               .threads = options.threads,
                                               .progress = options.progress};
    const bool by_fit =
        options.weight_by == ensemble_weights::accuracy || options.weight_by == ensemble_weights::log_loss_search;
    for (const auto& model : models)
    {
        const std::string name = detail::about_model(function, scores.size());
        detail::with_checked(labels, model, options, name.c_str(),
                             [&](const auto& rows, const auto& checked)
                             {
                                 scores.push_back(detail::quality_scores_of(rows, checked, of_each, name.c_str()));
                                 if (by_fit)
                                     fits.push_back(detail::fit_of(rows, checked, detail::pass_options_of(options)));
                             });
    }
    std::vector<double> weights = options.custom_weights;
    if (options.weight_by == ensemble_weights::uniform)
        weights.assign(count, 1.0 / static_cast<double>(count));
    else if (!custom)
        weights = detail::weights_by_fit(fits, options, function);

    const std::size_t n = scores.front().size();
    ensemble_scores result{xt::xtensor<double, 1>::from_shape({n}), detail::to_xtensor(weights)};
    for (std::size_t i = 0; i < n; ++i)
        result.scores(i) = pairwise_sum(count, [&](std::size_t m) { return scores[m](i) * weights[m]; });
    return result;
}

}  // namespace labelerrors

#endif
