#ifndef LABELERRORS_EVALUATION_ACCURACY_HPP
#define LABELERRORS_EVALUATION_ACCURACY_HPP

#include <labelerrors/error.hpp>
#include <labelerrors/evaluation/top_k_predictions.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <vector>

namespace labelerrors::evaluation
{

/// How many examples a model gets right, and of how many.
struct accuracy
{
    std::size_t num_correct = 0;
    std::size_t num_examples = 0;  // at least 1

    /// The share of examples that are right, in [0, 1].
    [[nodiscard]] constexpr double value() const noexcept
    {
        return static_cast<double>(num_correct) / static_cast<double>(num_examples);
    }

    friend constexpr bool operator==(const accuracy&, const accuracy&) = default;
};

/// Whether each of some examples is right: its label is among the k likeliest of its predictions.
///
/// `rows`: the rows of the examples in the predictions. `labels`: one for each row. `k`: from 1 to predictions.k.
/// Returns a 1 or a 0 for each row. Throws shape_error where there are not as many labels as rows, and where
/// predictions have not k labels for each example; value_error for a row that the predictions do not have, and for a k
/// out of range. O(rows k).
[[nodiscard]] std::vector<std::uint8_t> correct_in_top_k(const top_k_predictions& predictions,
                                                         std::span<const std::size_t> rows,
                                                         std::span<const std::int64_t> labels, std::size_t k);

/// The share of some examples whose label is among the k likeliest of its predictions; for k = 1 the accuracy.
///
/// Arguments and errors as above; value_error where there are no rows, whose accuracy would be no number. O(rows k).
[[nodiscard]] accuracy top_k_accuracy(const top_k_predictions& predictions, std::span<const std::size_t> rows,
                                      std::span<const std::int64_t> labels, std::size_t k);

/// The same for all examples: a label for each.
[[nodiscard]] accuracy top_k_accuracy(const top_k_predictions& predictions, std::span<const std::int64_t> labels,
                                      std::size_t k);

namespace detail
{

[[nodiscard]] inline std::vector<std::uint8_t> find_correct(const top_k_predictions& predictions,
                                                            std::span<const std::size_t> rows,
                                                            std::span<const std::int64_t> labels, std::size_t k,
                                                            const char* function)
{
    const std::string name = std::string(function) + ": ";
    if (labels.size() != rows.size())
        throw shape_error(name + "labels must be as many as rows, " + std::to_string(rows.size()) + ", not " +
                          std::to_string(labels.size()));
    if (k == 0 || k > predictions.k)
        throw value_error(name + "k must be from 1 to the " + std::to_string(predictions.k) +
                          " labels that are predicted for an example, but is " + std::to_string(k));
    require_whole(predictions, function);
    std::vector<std::uint8_t> correct(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
    {
        if (rows[i] >= predictions.num_examples)
            throw value_error(name + "rows(" + std::to_string(i) + ") must be below the " +
                              std::to_string(predictions.num_examples) + " examples that have predictions, but is " +
                              std::to_string(rows[i]));
        const auto likeliest = predictions.row(rows[i]).first(k);
        correct[i] = std::find(likeliest.begin(), likeliest.end(), labels[i]) != likeliest.end() ? 1U : 0U;
    }
    return correct;
}

}  // namespace detail

inline std::vector<std::uint8_t> correct_in_top_k(const top_k_predictions& predictions,
                                                  std::span<const std::size_t> rows,
                                                  std::span<const std::int64_t> labels, std::size_t k)
{
    return detail::find_correct(predictions, rows, labels, k, "correct_in_top_k");
}

inline accuracy top_k_accuracy(const top_k_predictions& predictions, std::span<const std::size_t> rows,
                               std::span<const std::int64_t> labels, std::size_t k)
{
    const auto correct = detail::find_correct(predictions, rows, labels, k, "top_k_accuracy");
    if (correct.empty())
        throw value_error("top_k_accuracy: rows must name at least one example, not none");
    return {std::accumulate(correct.begin(), correct.end(), std::size_t{0}), correct.size()};
}

inline accuracy top_k_accuracy(const top_k_predictions& predictions, std::span<const std::int64_t> labels,
                               std::size_t k)
{
    if (labels.size() != predictions.num_examples)
        throw shape_error("top_k_accuracy: labels must be as many as the examples that have predictions, " +
                          std::to_string(predictions.num_examples) + ", not " + std::to_string(labels.size()));
    std::vector<std::size_t> rows(labels.size());
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    return top_k_accuracy(predictions, rows, labels, k);
}

}  // namespace labelerrors::evaluation

#endif
