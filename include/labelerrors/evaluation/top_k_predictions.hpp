#ifndef LABELERRORS_EVALUATION_TOP_K_PREDICTIONS_HPP
#define LABELERRORS_EVALUATION_TOP_K_PREDICTIONS_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/error.hpp>
#include <labelerrors/evaluation/label_values.hpp>

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace labelerrors::evaluation
{

/// The k labels that a model holds for the likeliest of each of n examples.
struct top_k_predictions
{
    std::size_t num_examples = 0;
    std::size_t k = 0;                 // labels for each example, at least 1
    std::vector<std::int64_t> labels;  // n x k, row-major, in each row the likeliest first and no label twice

    /// The labels of example `i`, below num_examples, of as many labels as num_examples * k.
    [[nodiscard]] std::span<const std::int64_t> row(std::size_t i) const noexcept
    {
        return std::span(labels).subspan(i * k, k);
    }
};

/// An n x k matrix of labels: a two-dimensional array expression of integers.
template <class M>
concept label_matrix = array_expression<M> && labelerrors::detail::may_have_dimension<M, 2> &&
    std::integral<typename M::value_type> && requires(const M& labels, std::size_t i)
{
    static_cast<typename M::value_type>(labels(i, i));
};

/// A matrix of numbers that say how likely each label is, more for likelier: probabilities, or logits.
template <class M>
concept score_matrix = array_expression<M> && probability_matrix<M>;

/// Predictions of one label for each example, so that k is 1.
///
/// `labels`: n predicted labels. `num_classes`: a label must be below it; 0 where it is not known.
/// Throws shape_error where labels are not one-dimensional; value_error for a label out of range. O(n).
template <label_sequence L>
[[nodiscard]] top_k_predictions from_labels(const L& labels, std::size_t num_classes);

/// Predictions of k labels for each example, of which the first is the likeliest.
///
/// `labels`: n x k predicted labels. `num_classes`: as above.
/// Throws shape_error where labels are not two-dimensional or k is 0; value_error for a label out of range, or one that
/// is twice in a row. O(n k log k).
template <label_matrix M>
[[nodiscard]] top_k_predictions from_ranked_labels(const M& labels, std::size_t num_classes);

/// Predictions of k labels for each example with a score for each, in any order.
///
/// The likeliest label is the one with the highest score; of labels with the same score the one that stands first in
/// its row goes before the others. The published files are of this kind: in them the likeliest label
/// stands first in 36 % (CIFAR-10) and 40 % (ImageNet) of the rows.
/// `labels`: n x k predicted labels. `scores`: n x k, the higher the likelier. `num_classes`: as above.
/// Throws what from_ranked_labels throws; shape_error where scores have another shape than labels; value_error for a
/// score that is NaN. O(n k log k).
template <label_matrix M, score_matrix S>
[[nodiscard]] top_k_predictions from_scored_labels(const M& labels, const S& scores, std::size_t num_classes);

/// The k classes with the highest predicted probability, the highest first; of equal ones the lowest class.
///
/// `pred_probs`: n x K probabilities, or logits: only their order matters. `k`: from 1 on; all K where it is larger.
/// Throws shape_error where pred_probs are not two-dimensional or K is 0; value_error for a k of 0 or a probability
/// that is NaN. O(n (K log k + k)).
template <probability_matrix P>
[[nodiscard]] top_k_predictions from_pred_probs(const P& pred_probs, std::size_t k);

namespace detail
{

/// Refuses predictions made by hand that have not k labels, at least one, for each example. O(1).
inline void require_whole(const top_k_predictions& predictions, const char* function)
{
    const std::size_t k = predictions.k;
    const std::size_t labels = predictions.labels.size();
    // A product could overflow.
    if (k == 0 || labels / k != predictions.num_examples || labels % k != 0)
        throw shape_error(std::string(function) +
                          ": predictions must have k labels, at least 1, for each example, but " +
                          std::to_string(predictions.num_examples) + " examples with a k of " + std::to_string(k) +
                          " have " + std::to_string(labels) + "; make them with from_labels or another of its kind");
}

struct matrix_extent
{
    std::size_t rows = 0;
    std::size_t columns = 0;
};

/// How large a matrix is, which must have columns.
template <class M>
[[nodiscard]] matrix_extent matrix_shape(const M& matrix, const char* function, const char* argument)
{
    if (matrix.dimension() != 2)
        throw shape_error(std::string(function) + ": " + argument + " must have 2 dimensions, not " +
                          std::to_string(matrix.dimension()));
    const auto columns = static_cast<std::size_t>(matrix.shape()[1]);
    if (columns == 0)
        throw shape_error(std::string(function) + ": " + argument + " must have at least one column, not 0");
    return {static_cast<std::size_t>(matrix.shape()[0]), columns};
}

[[nodiscard]] inline std::string place_of(const char* argument, std::size_t i, std::size_t j)
{
    return std::string(argument) + "(" + std::to_string(i) + ", " + std::to_string(j) + ")";
}

/// A score, which must be a number.
template <class Score>
[[nodiscard]] double checked_score(const Score& score, const char* function, const char* argument, std::size_t i,
                                   std::size_t j)
{
    const auto value = static_cast<double>(score);
    if (std::isnan(value))
        throw value_error(std::string(function) + ": " + place_of(argument, i, j) + " must be a number, but is NaN");
    return value;
}

/// Refuses a label that is twice in a row. `buffer` is for sorting.
inline void require_distinct(std::span<const std::int64_t> row, std::vector<std::int64_t>& buffer, const char* function,
                             std::size_t i)
{
    buffer.assign(row.begin(), row.end());
    std::sort(buffer.begin(), buffer.end());
    const auto twice = std::adjacent_find(buffer.begin(), buffer.end());
    if (twice != buffer.end())
        throw value_error(std::string(function) + ": labels must differ within a row, but row " + std::to_string(i) +
                          " has " + std::to_string(*twice) + " twice");
}

/// The labels of a matrix as they stand.
template <label_matrix M>
[[nodiscard]] top_k_predictions labels_as_stored(const M& labels, std::size_t num_classes, const char* function)
{
    const auto [n, k] = matrix_shape(labels, function, "labels");
    top_k_predictions result{n, k, std::vector<std::int64_t>(n * k)};
    std::vector<std::int64_t> buffer;
    for (std::size_t i = 0; i < n; ++i)
    {
        for (std::size_t j = 0; j < k; ++j)
        {
            const auto label = static_cast<typename M::value_type>(labels(i, j));
            if (!is_class(label, num_classes))
                refuse_label(label, num_classes, function, place_of("labels", i, j));
            result.labels[i * k + j] = static_cast<std::int64_t>(label);
        }
        require_distinct(result.row(i), buffer, function, i);
    }
    return result;
}

/// The positions of the `k` highest scores, the highest first, of equal ones the first; written to `order`.
inline void highest_scores(std::span<const double> scores, std::size_t k, std::vector<std::size_t>& order)
{
    order.resize(scores.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(k), order.end(),
                      [&](std::size_t a, std::size_t b)
                      { return scores[a] > scores[b] || (scores[a] == scores[b] && a < b); });
}

}  // namespace detail

template <label_sequence L>
top_k_predictions from_labels(const L& labels, std::size_t num_classes)
{
    top_k_predictions result{0, 1, detail::label_values(labels, num_classes, "from_labels", "labels")};
    result.num_examples = result.labels.size();
    return result;
}

template <label_matrix M>
top_k_predictions from_ranked_labels(const M& labels, std::size_t num_classes)
{
    return detail::labels_as_stored(labels, num_classes, "from_ranked_labels");
}

template <label_matrix M, score_matrix S>
top_k_predictions from_scored_labels(const M& labels, const S& scores, std::size_t num_classes)
{
    constexpr const char* name = "from_scored_labels";
    const auto [rows, columns] = detail::matrix_shape(scores, name, "scores");
    const top_k_predictions stored = detail::labels_as_stored(labels, num_classes, name);
    if (rows != stored.num_examples || columns != stored.k)
        throw shape_error(std::string(name) + ": scores must have the shape of labels, " +
                          std::to_string(stored.num_examples) + " x " + std::to_string(stored.k) + ", not " +
                          std::to_string(rows) + " x " + std::to_string(columns));
    top_k_predictions result = stored;
    std::vector<double> row(columns);
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < rows; ++i)
    {
        for (std::size_t j = 0; j < columns; ++j)
            row[j] = detail::checked_score(scores(i, j), name, "scores", i, j);
        detail::highest_scores(row, columns, order);
        for (std::size_t j = 0; j < columns; ++j)
            result.labels[i * columns + j] = stored.row(i)[order[j]];
    }
    return result;
}

template <probability_matrix P>
top_k_predictions from_pred_probs(const P& pred_probs, std::size_t k)
{
    constexpr const char* name = "from_pred_probs";
    if (k == 0)
        throw value_error(std::string(name) + ": k must be at least 1, but is 0");
    const auto [n, num_classes] = [&]
    {
        if constexpr (row_source<P>)
            return std::pair<std::size_t, std::size_t>{pred_probs.num_rows(), pred_probs.num_columns()};
        else
            return detail::matrix_shape(pred_probs, name, "pred_probs");
    }();
    if (num_classes == 0)
        throw shape_error(std::string(name) + ": pred_probs must have at least one column, not 0");
    const std::size_t kept = std::min(k, num_classes);
    top_k_predictions result{n, kept, std::vector<std::int64_t>(n * kept)};
    std::vector<double> row(num_classes);
    std::vector<std::size_t> order;
    [[maybe_unused]] std::vector<typename P::value_type> buffer;
    for (std::size_t i = 0; i < n; ++i)
    {
        if constexpr (row_source<P>)
        {
            const auto* const values = pred_probs.read(i, 1, buffer);
            for (std::size_t j = 0; j < row.size(); ++j)
                row[j] = detail::checked_score(values[j], name, "pred_probs", i, j);
        }
        else
            for (std::size_t j = 0; j < row.size(); ++j)
                row[j] = detail::checked_score(pred_probs(i, j), name, "pred_probs", i, j);
        detail::highest_scores(row, kept, order);
        for (std::size_t j = 0; j < kept; ++j)
            result.labels[i * kept + j] = static_cast<std::int64_t>(order[j]);
    }
    return result;
}

}  // namespace labelerrors::evaluation

#endif
