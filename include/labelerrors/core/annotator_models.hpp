#ifndef LABELERRORS_CORE_ANNOTATOR_MODELS_HPP
#define LABELERRORS_CORE_ANNOTATOR_MODELS_HPP

#include <labelerrors/core/annotator_votes.hpp>
#include <labelerrors/core/class_thresholds.hpp>
#include <labelerrors/core/pairwise_sum.hpp>
#include <labelerrors/core/pred_probs_check.hpp>
#include <labelerrors/rows/row_blocks.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace labelerrors::detail
{

/// A model's rows, one at a time: fills the k values of row i.
using model_rows = std::function<void(std::size_t i, std::span<double> row)>;

/// Hands out the rows of the source that `source()` returns, read in blocks. Rows are best asked for in their order.
template <class GetSource>
[[nodiscard]] model_rows rows_in_blocks(GetSource source)
{
    using T = typename std::remove_cvref_t<decltype(source())>::value_type;
    struct position
    {
        std::vector<T> buffer = {};
        const T* block = nullptr;
        std::size_t first = 0;
        std::size_t count = 0;
    };
    // Shared, since copies of a std::function must not point into each other's buffers.
    return [source = std::move(source), at = std::make_shared<position>()](std::size_t i, std::span<double> row)
    {
        constexpr std::size_t step = 256;
        if (i < at->first || i >= at->first + at->count)
        {
            at->first = i;
            at->count = std::min(step, source().num_rows() - i);
            at->block = source().read(at->first, at->count, at->buffer);
        }
        const T* values = at->block + (i - at->first) * row.size();
        std::transform(values, values + row.size(), row.begin(),
                       [](T value) { return to_probability(static_cast<double>(value)); });
    };
}

/// Checks a model's probabilities and makes its rows accessible. `pred_probs` must outlive the result.
template <probability_matrix PredProbs>
[[nodiscard]] model_rows open_model(const PredProbs& pred_probs, std::size_t num_examples, std::size_t num_classes,
                                    const pass_options& options, const char* function)
{
    return with_rows(pred_probs, function,
                     [&](const auto& rows) -> model_rows
                     {
                         if (rows.num_rows() != num_examples || rows.num_columns() != num_classes)
                             throw shape_error(
                                 std::string(function) + ": pred_probs is " + std::to_string(rows.num_rows()) + " x " +
                                 std::to_string(rows.num_columns()) + ", not " + std::to_string(num_examples) + " x " +
                                 std::to_string(num_classes) + ": a row for each example and a column for each class");
                         check_rows(rows, options, function);
                         using Source = std::remove_cvref_t<decltype(rows)>;
                         if constexpr (row_source<PredProbs>)
                             return rows_in_blocks([kept = &rows]() -> const Source& { return *kept; });
                         else
                             return rows_in_blocks([own = rows]() -> const Source& { return own; });
                     });
}

/// A row at another temperature: p^(1 / t), no p below `least`, made to sum to 1.
inline void scale_row(std::span<double> row, double temperature, double least)
{
    double sum = 0.0;
    for (double& p : row)
    {
        p = std::exp(std::log(std::max(p, least)) / temperature);
        sum += p;
    }
    for (double& p : row)
        p /= sum;
}

/// No probability whose logarithm counts is below this.
inline constexpr double least_scaled = 1e-30;

/// The mean over all examples of the cross entropy of a model's scaled probabilities and the shares of the votes.
[[nodiscard]] inline double soft_cross_entropy(const annotator_votes& votes, const model_rows& model,
                                               double temperature)
{
    std::vector<double> row(votes.num_classes);
    double total = 0.0;
    for (std::size_t i = 0; i < votes.size(); ++i)
    {
        model(i, row);
        // A class that the model rules out stays so at any temperature.
        scale_row(row, temperature, 0.0);
        double loss = 0.0;
        for (const auto& vote : votes[i])
            loss -= std::log(std::max(row[vote.label], least_scaled));
        total += loss / static_cast<double>(votes[i].size());
    }
    return total / static_cast<double>(votes.size());
}

/// The first of the temperatures with the least cross entropy.
[[nodiscard]] inline std::size_t best_of(const annotator_votes& votes, const model_rows& model,
                                         std::span<const double> temperatures)
{
    std::size_t best = 0;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t t = 0; t < temperatures.size(); ++t)
        if (const double loss = soft_cross_entropy(votes, model, temperatures[t]); loss < least)
        {
            least = loss;
            best = t;
        }
    return best;
}

/// The temperature at which a model fits the votes best, by a coarse and a fine search from 0.1 to 8.
/// Source: cleanlab.internal.multiannotator_utils.find_best_temp_scaler, with its counts of votes right.
[[nodiscard]] inline double find_temperature(const annotator_votes& votes, const model_rows& model)
{
    constexpr std::array coarse{0.1, 0.2, 0.5, 0.8, 1.0, 2.0, 3.0, 5.0, 8.0};
    constexpr double parts = 4.0;
    const std::size_t middle = best_of(votes, model, coarse);
    std::vector<double> fine;
    for (std::size_t start = middle == 0 ? 0 : middle - 1; start < std::min(middle + 1, coarse.size() - 1); ++start)
        for (double part = 0.0; part < parts; ++part)
            fine.push_back(coarse[start] + part * ((coarse[start + 1] - coarse[start]) / parts));
    if (middle + 1 < coarse.size())
        fine.push_back(coarse[middle + 1]);
    return fine[best_of(votes, model, fine)];
}

/// A model whose rows are scaled to a temperature.
[[nodiscard]] inline model_rows at_temperature(model_rows model, double temperature)
{
    return [model = std::move(model), temperature](std::size_t i, std::span<double> row)
    {
        model(i, row);
        scale_row(row, temperature, least_scaled);
    };
}

/// The mean of the models' rows. There must be one.
[[nodiscard]] inline model_rows mean_of(std::span<const model_rows> models)
{
    return [models, other = std::vector<double>()](std::size_t i, std::span<double> row) mutable
    {
        models[0](i, row);
        other.resize(row.size());
        for (const auto& model : models.subspan(1))
        {
            model(i, other);
            for (std::size_t j = 0; j < row.size(); ++j)
                row[j] += other[j];
        }
        for (double& p : row)
            p /= static_cast<double>(models.size());
    };
}

}  // namespace labelerrors::detail

#endif
