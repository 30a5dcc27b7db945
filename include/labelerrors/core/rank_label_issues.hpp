#ifndef LABELERRORS_CORE_RANK_LABEL_ISSUES_HPP
#define LABELERRORS_CORE_RANK_LABEL_ISSUES_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/core/label_quality_scores.hpp>
#include <labelerrors/core/peers.hpp>
#include <labelerrors/core/quota_selection.hpp>
#include <labelerrors/core/sort_all.hpp>
#include <labelerrors/error.hpp>
#include <labelerrors/rows/large_vector.hpp>
#include <labelerrors/rows/row_blocks.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <numeric>
#include <ranges>
#include <span>
#include <string>
#include <vector>

namespace labelerrors
{

/// Scores by example, or by issue: a one-dimensional array expression, or a contiguous range, of floating-point
/// numbers.
template <class S>
concept score_sequence = (array_expression<S> && detail::may_have_dimension<S, 1> &&
                          std::floating_point<typename S::value_type> &&
                          requires(const S& scores, std::size_t i) { static_cast<double>(scores(i)); }) ||
                         (!array_expression<S> && std::ranges::contiguous_range<const S> &&
                          std::ranges::sized_range<const S> &&
                          std::floating_point<std::ranges::range_value_t<const S>>);

namespace detail
{

/// Refuses scores that are not one-dimensional, or not numbers.
template <score_sequence Scores>
[[nodiscard]] std::vector<double> require_scores(const Scores& scores, const char* function)
{
    std::vector<double> values;
    if constexpr (array_expression<Scores>)
    {
        require_dimension(scores, 1, function, "scores");
        values.resize(static_cast<std::size_t>(scores.shape()[0]));
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] = static_cast<double>(scores(i));
    }
    else
        values.assign(std::ranges::begin(scores), std::ranges::end(scores));
    for (std::size_t i = 0; i < values.size(); ++i)
        if (std::isnan(values[i]))
            throw value_error(std::string(function) + ": scores[" + std::to_string(i) + "] is not a number");
    return values;
}

/// The `count` rows with the lowest scores, of equal scores the first, ascending. `scores`: one for each row, no NaN.
/// Both are of all processes; what is returned are the rows of this one.
template <peer_processes Peers = alone>
[[nodiscard]] large_vector<std::size_t> lowest_rows(std::span<const double> scores, std::size_t count,
                                                    const Peers& peers = {})
{
    quota_selection lowest(count);
    for (std::size_t i = 0; i < scores.size(); ++i)
        lowest.add(-scores[i], i);
    peers.keep_best(1, [&](std::size_t) -> quota_selection& { return lowest; });
    large_vector<std::size_t> rows;
    lowest.append_indices_to(rows);
    sort_all(std::span(rows));
    return rows;
}

}  // namespace detail

/// The `count` examples with the lowest scores, most severe first, of equal scores the lower index first.
///
/// `scores`: n numbers. Returns min(count, n) indices.
/// Throws shape_error where `scores` is not one-dimensional, value_error for a NaN. O(n + count log count).
/// Source: cleanlab.rank.find_top_issues, with ties by index.
template <score_sequence Scores>
[[nodiscard]] xt::xtensor<std::size_t, 1> find_top_issues(const Scores& scores, std::size_t count)
{
    const auto values = detail::require_scores(scores, "find_top_issues");
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto worse = [&](std::size_t a, std::size_t b)
    {
        return values[a] != values[b] ? values[a] < values[b] : a < b;
    };
    count = std::min(count, order.size());
    const auto last = order.begin() + static_cast<std::ptrdiff_t>(count);
    if (last != order.end())
        std::nth_element(order.begin(), last, order.end(), worse);
    std::sort(order.begin(), last, worse);
    auto result = xt::xtensor<std::size_t, 1>::from_shape({count});
    std::copy(order.begin(), last, result.begin());
    return result;
}

/// The given examples, most severe first by their score, of equal scores the lower index first.
///
/// `indices`: rows, each below n, in any order. `labels`: n integers. `pred_probs`: n x k probabilities.
/// Returns the same indices, ordered. Throws as label_quality_scores; value_error, with its place, for an index not
/// below n.
/// O(n k), then O(m log m) for m indices. Source: cleanlab.rank.order_label_issues.
template <label_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] xt::xtensor<std::size_t, 1> order_label_issues(std::span<const std::size_t> indices, const Labels& labels,
                                                             const PredProbs& pred_probs,
                                                             const label_quality_scores_options& options = {})
{
    constexpr const char* function = "order_label_issues";
    detail::require_adjustable(options.method, options.adjust_pred_probs, function);
    const auto scores =
        detail::with_checked(labels, pred_probs, options, function,
                             [&](const auto& rows, const auto& checked)
                             {
                                 for (std::size_t i = 0; i < indices.size(); ++i)
                                     if (indices[i] >= checked.size())
                                         throw value_error(std::string(function) + ": indices[" + std::to_string(i) +
                                                           "] is " + std::to_string(indices[i]) + ", but there are " +
                                                           std::to_string(checked.size()) + " examples");
                                 return detail::quality_scores_of(rows, checked, options, function);
                             });
    auto result = xt::xtensor<std::size_t, 1>::from_shape({indices.size()});
    std::copy(indices.begin(), indices.end(), result.begin());
    std::sort(result.begin(), result.end(),
              [&](std::size_t a, std::size_t b) { return scores(a) != scores(b) ? scores(a) < scores(b) : a < b; });
    return result;
}

}  // namespace labelerrors

#endif
