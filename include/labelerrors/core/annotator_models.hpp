#ifndef LABELERRORS_CORE_ANNOTATOR_MODELS_HPP
#define LABELERRORS_CORE_ANNOTATOR_MODELS_HPP

#include <labelerrors/core/annotator_votes.hpp>
#include <labelerrors/core/class_labels.hpp>
#include <labelerrors/core/class_thresholds.hpp>
#include <labelerrors/core/exact_sum.hpp>
#include <labelerrors/core/pairwise_sum.hpp>
#include <labelerrors/core/pred_probs_check.hpp>
#include <labelerrors/rows/parallel.hpp>
#include <labelerrors/rows/row_blocks.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace labelerrors::detail
{

/// A model's rows, one at a time: fills the k values of row i. A copy reads for itself, so each thread may have one.
using model_rows = std::function<void(std::size_t i, std::span<double> row)>;

/// Hands out the rows of the source that `source()` returns, read in blocks. Rows are best asked for in their order.
template <class GetSource>
class rows_in_blocks
{
public:
    explicit rows_in_blocks(GetSource source) : source_(std::move(source))
    {
    }

    // A copy starts with no block: it must not point into the other's buffer.
    rows_in_blocks(const rows_in_blocks& other) : source_(other.source_)
    {
    }

    rows_in_blocks(rows_in_blocks&&) = default;
    rows_in_blocks& operator=(const rows_in_blocks&) = delete;
    rows_in_blocks& operator=(rows_in_blocks&&) = delete;
    ~rows_in_blocks() = default;

    void operator()(std::size_t i, std::span<double> row)
    {
        constexpr std::size_t step = 256;
        if (i < first_ || i >= first_ + count_)
        {
            const std::size_t count = std::min(step, source_().num_rows() - i);
            block_ = source_().read(i, count, buffer_);
            first_ = i;
            count_ = count;
        }
        const T* values = block_ + (i - first_) * row.size();
        std::transform(values, values + row.size(), row.begin(),
                       [](T value) { return to_probability(static_cast<double>(value)); });
    }

private:
    using T = typename std::remove_cvref_t<decltype(std::declval<const GetSource&>()())>::value_type;

    GetSource source_;
    std::vector<T> buffer_ = {};
    const T* block_ = nullptr;
    std::size_t first_ = 0;
    std::size_t count_ = 0;
};

/// One pass over the numbers below `count`, of examples or of others: shows each to `cells`, which has `add(i)` and
/// `merge(Cells&&)`, or to a copy of it on another thread. `cost`: that of one number, in elements of a matrix.
template <class Cells>
[[nodiscard]] Cells scan_examples(std::size_t count, std::size_t cost, std::string_view pass, Cells cells,
                                  const scan_options& options)
{
    return accumulate(count, cost, pass, std::move(cells), options,
                      [](Cells& shown_to, std::size_t first, std::size_t last, const auto& report)
                      {
                          constexpr std::size_t step = 256;
                          for (std::size_t start = first; start < last; start += step)
                          {
                              const std::size_t stop = std::min(start + step, last);
                              for (std::size_t i = start; i < stop; ++i)
                                  shown_to.add(i);
                              if (!report(stop - start))
                                  return;
                          }
                      });
}

/// Cells: does something for each number that leaves nothing to merge.
template <class Work>
struct work_on_each
{
    Work work;

    void add(std::size_t i)
    {
        work(i);
    }

    void merge(work_on_each&& /*later*/)
    {
    }
};

/// Calls `work(i)`, or a copy of `work` on another thread, for each number below `count`. What it writes must be the
/// number's own.
template <class Work>
void for_each_example(std::size_t count, std::size_t cost, std::string_view pass, Work work,
                      const scan_options& options)
{
    static_cast<void>(scan_examples(count, cost, pass, work_on_each<Work>{std::move(work)}, options));
}

/// What a look at the rows of some models costs for one example, in elements of a matrix.
[[nodiscard]] inline std::size_t cost_of_rows(std::size_t num_models, std::size_t num_classes) noexcept
{
    constexpr std::size_t call = 16;
    return num_models * (num_classes + call);
}

/// The number of columns of a model, at least 2.
template <probability_matrix PredProbs>
[[nodiscard]] std::size_t num_classes_of(const PredProbs& pred_probs, const char* function,
                                         const char* argument = "pred_probs")
{
    const auto k = with_rows(
        pred_probs, function, [](const auto& rows) { return std::size_t{rows.num_columns()}; }, argument);
    require_classes(k, function, argument);
    return k;
}

/// Checks a model's probabilities and makes its rows accessible. `pred_probs` must outlive the result.
template <probability_matrix PredProbs>
[[nodiscard]] model_rows open_model(const PredProbs& pred_probs, std::size_t num_examples, std::size_t num_classes,
                                    const pass_options& options, const char* function,
                                    const char* argument = "pred_probs")
{
    return with_rows(
        pred_probs, function,
        [&](const auto& rows) -> model_rows
        {
            if (rows.num_rows() != num_examples || rows.num_columns() != num_classes)
                throw shape_error(std::string(function) + ": " + argument + " is " + std::to_string(rows.num_rows()) +
                                  " x " + std::to_string(rows.num_columns()) + ", not " + std::to_string(num_examples) +
                                  " x " + std::to_string(num_classes) +
                                  ": a row for each example and a column for each class");
            check_rows(rows, options, function, argument);
            using Source = std::remove_cvref_t<decltype(rows)>;
            if constexpr (row_source<PredProbs>)
                return rows_in_blocks([kept = &rows]() -> const Source& { return *kept; });
            else
                return rows_in_blocks([own = rows]() -> const Source& { return own; });
        },
        argument);
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

/// Cells: the cross entropy of a model's scaled probabilities and the shares of the votes, summed over the examples, at
/// each of some temperatures.
struct soft_cross_entropies
{
    const annotator_votes* votes;
    model_rows model;
    std::span<const double> temperatures;
    std::vector<double> row;      // k
    std::vector<exact_sum> sums;  // one for each temperature, in parts of `unit`

    // A vote costs at most -log(1e-30), some 69; an exact sum takes terms below 2.
    static constexpr double unit = 64.0;

    void add(std::size_t i)
    {
        const auto of = (*votes)[i];
        model(i, row);
        // A class that the model rules out stays so at any temperature.
        for (double& p : row)
            p = std::log(p);
        for (std::size_t t = 0; t < temperatures.size(); ++t)
        {
            const auto scaled = [&](std::size_t label)
            {
                return std::exp(row[label] / temperatures[t]);
            };
            double sum = 0.0;
            for (std::size_t label = 0; label < row.size(); ++label)
                sum += scaled(label);
            double loss = 0.0;
            for (const auto& vote : of)
                loss -= std::log(std::max(least_scaled, scaled(vote.label) / sum));  // of a row of zeros the least
            sums[t].add(loss / static_cast<double>(of.size()) / unit);
        }
    }

    void merge(soft_cross_entropies&& later)
    {
        for (std::size_t t = 0; t < sums.size(); ++t)
            sums[t].merge(later.sums[t]);
    }
};

/// The first of the temperatures with the least cross entropy.
[[nodiscard]] inline std::size_t best_of(const annotator_votes& votes, const model_rows& model,
                                         std::span<const double> temperatures, const scan_options& options)
{
    // Logarithms and exponentials cost as much as so many elements.
    constexpr std::size_t transcendental = 32;
    const std::size_t cost = votes.num_classes * (temperatures.size() + 1) * transcendental;
    const auto sums =
        scan_examples(votes.size(), cost, "temperatures",
                      soft_cross_entropies{&votes, model, temperatures, std::vector<double>(votes.num_classes),
                                           std::vector<exact_sum>(temperatures.size())},
                      options)
            .sums;
    const auto least = std::min_element(sums.begin(), sums.end(),
                                        [](const exact_sum& a, const exact_sum& b) { return a.value() < b.value(); });
    return static_cast<std::size_t>(least - sums.begin());
}

/// The temperature at which a model fits the votes best, by a coarse and a fine search from 0.1 to 8.
/// Source: cleanlab.internal.multiannotator_utils.find_best_temp_scaler, with its counts of votes right.
[[nodiscard]] inline double find_temperature(const annotator_votes& votes, const model_rows& model,
                                             const scan_options& options)
{
    constexpr std::array coarse{0.1, 0.2, 0.5, 0.8, 1.0, 2.0, 3.0, 5.0, 8.0};
    constexpr double parts = 4.0;
    const std::size_t middle = best_of(votes, model, coarse, options);
    std::vector<double> fine;
    for (std::size_t start = middle == 0 ? 0 : middle - 1; start < std::min(middle + 1, coarse.size() - 1); ++start)
        for (double part = 0.0; part < parts; ++part)
            fine.push_back(coarse[start] + part * ((coarse[start + 1] - coarse[start]) / parts));
    // The last end is no better than the middle, which comes before it.
    return fine[best_of(votes, model, fine, options)];
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
[[nodiscard]] inline model_rows mean_of(std::vector<model_rows> models)
{
    return [models = std::move(models), other = std::vector<double>()](std::size_t i, std::span<double> row) mutable
    {
        models[0](i, row);
        other.resize(row.size());
        for (const auto& model : std::span(models).subspan(1))
        {
            model(i, other);
            for (std::size_t j = 0; j < row.size(); ++j)
                row[j] += other[j];
        }
        for (double& p : row)
            p /= static_cast<double>(models.size());
    };
}

/// The column of the largest value of a row, of equals the first.
[[nodiscard]] inline std::size_t largest_of(std::span<const double> row)
{
    return static_cast<std::size_t>(std::max_element(row.begin(), row.end()) - row.begin());
}

}  // namespace labelerrors::detail

#endif
