#ifndef LABELERRORS_EVALUATION_DETECTION_MEASURES_HPP
#define LABELERRORS_EVALUATION_DETECTION_MEASURES_HPP

#include <labelerrors/error.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <span>
#include <string>
#include <vector>

namespace labelerrors::evaluation
{

/// How well a set of found examples matches the examples whose labels are known to be wrong.
struct detection_measures
{
    std::size_t num_errors = 0;  // known to be wrong
    std::size_t num_found = 0;   // said to be wrong
    std::size_t num_right = 0;   // both
    double precision = 0.0;      // num_right / num_found; 0 where nothing was found
    double recall = 0.0;         // num_right / num_errors
    double f1 = 0.0;             // their harmonic mean; 0 where num_right is
};

/// How well a score tells the examples whose labels are known to be wrong from the others.
struct ranking_measures
{
    double average_precision = 0.0;  // the mean precision at each error, as far down as scores tie
    double auroc = 0.0;              // the probability that an error scores lower than a right label, ties one half
};

/// Measures a set of found examples, such as the indices of find_label_issues.
///
/// `errors`, `found`: rows below `num_examples`, each once, in any order. `errors` must not be empty.
/// Throws value_error where they are not so, with the place. O(n).
[[nodiscard]] detection_measures measure_detection(std::span<const std::size_t> errors,
                                                   std::span<const std::size_t> found, std::size_t num_examples);

/// Measures a score of all examples, such as label_quality_scores.
///
/// `errors`: rows below n, each once, in any order; neither none nor all. `scores`: n numbers, lower is worse.
/// Throws value_error where they are not so. O(n log n).
/// Source: the definitions of sklearn.metrics.average_precision_score and roc_auc_score, with the lowest scores first.
[[nodiscard]] ranking_measures measure_ranking(std::span<const std::size_t> errors, std::span<const double> scores);

/// How many times more errors the `count` lowest scores hold than as many examples picked at random, of equal scores
/// the lower row first.
///
/// `errors`, `scores`: as measure_ranking. `count`: 1 .. n. Throws value_error where they are not so. O(n log n).
[[nodiscard]] double lift_at(std::size_t count, std::span<const std::size_t> errors, std::span<const double> scores);

namespace detail
{

/// Which of the examples are named; refuses a row that does not exist, or twice.
[[nodiscard]] inline std::vector<bool> require_rows(std::span<const std::size_t> rows, std::size_t num_examples,
                                                    const char* function, const char* argument)
{
    std::vector<bool> named(num_examples);
    const auto refuse = [&](std::size_t i, const std::string& why)
    {
        throw value_error(std::string(function) + ": " + argument + "[" + std::to_string(i) + "] is " +
                          std::to_string(rows[i]) + ", " + why);
    };
    for (std::size_t i = 0; i < rows.size(); ++i)
    {
        if (rows[i] >= num_examples)
            refuse(i, "but there are " + std::to_string(num_examples) + " examples");
        if (named[rows[i]])
            refuse(i, "which is there before; name each row once");
        named[rows[i]] = true;
    }
    return named;
}

/// Which examples are errors; refuses none, all, and scores that are NaN.
[[nodiscard]] inline std::vector<bool> require_ranking(std::span<const std::size_t> errors,
                                                       std::span<const double> scores, const char* function)
{
    auto wrong = require_rows(errors, scores.size(), function, "errors");
    if (errors.empty() || errors.size() == scores.size())
        throw value_error(std::string(function) + ": errors has " + std::to_string(errors.size()) + " of " +
                          std::to_string(scores.size()) + " examples; there must be some and not all");
    for (std::size_t i = 0; i < scores.size(); ++i)
        if (std::isnan(scores[i]))
            throw value_error(std::string(function) + ": scores[" + std::to_string(i) + "] is not a number");
    return wrong;
}

/// The rows from the lowest score to the highest, equal ones in their own order.
[[nodiscard]] inline std::vector<std::size_t> by_score(std::span<const double> scores)
{
    std::vector<std::size_t> order(scores.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return scores[a] < scores[b]; });
    return order;
}

}  // namespace detail

inline detection_measures measure_detection(std::span<const std::size_t> errors, std::span<const std::size_t> found,
                                            std::size_t num_examples)
{
    constexpr const char* function = "measure_detection";
    const auto wrong = detail::require_rows(errors, num_examples, function, "errors");
    static_cast<void>(detail::require_rows(found, num_examples, function, "found"));
    if (errors.empty())
        throw value_error(std::string(function) + ": errors is empty; without errors there is nothing to detect");
    detection_measures measures{.num_errors = errors.size(), .num_found = found.size()};
    for (const std::size_t row : found)
        measures.num_right += wrong[row] ? 1u : 0u;
    const auto right = static_cast<double>(measures.num_right);
    measures.recall = right / static_cast<double>(errors.size());
    if (!found.empty())
        measures.precision = right / static_cast<double>(found.size());
    measures.f1 = 2.0 * right / static_cast<double>(errors.size() + found.size());
    return measures;
}

inline ranking_measures measure_ranking(std::span<const std::size_t> errors, std::span<const double> scores)
{
    const auto wrong = detail::require_ranking(errors, scores, "measure_ranking");
    const auto order = detail::by_score(scores);
    const auto num_errors = static_cast<double>(errors.size());
    const double num_others = static_cast<double>(scores.size()) - num_errors;
    ranking_measures measures;
    double seen_errors = 0.0;
    double seen_others = 0.0;
    for (std::size_t first = 0; first < order.size();)
    {
        double tied_errors = 0.0;
        double tied_others = 0.0;
        std::size_t i = first;
        for (; i < order.size() && scores[order[i]] == scores[order[first]]; ++i)
            (wrong[order[i]] ? tied_errors : tied_others) += 1.0;
        first = i;
        measures.auroc += tied_errors * (num_others - seen_others - tied_others / 2.0);
        seen_errors += tied_errors;
        seen_others += tied_others;
        measures.average_precision += tied_errors * seen_errors / (seen_errors + seen_others);
    }
    measures.average_precision /= num_errors;
    measures.auroc /= num_errors * num_others;
    return measures;
}

inline double lift_at(std::size_t count, std::span<const std::size_t> errors, std::span<const double> scores)
{
    constexpr const char* function = "lift_at";
    const auto wrong = detail::require_ranking(errors, scores, function);
    if (count < 1 || count > scores.size())
        throw value_error(std::string(function) + ": count must be 1 to " + std::to_string(scores.size()) + ", not " +
                          std::to_string(count));
    const auto order = detail::by_score(scores);
    const auto right = std::count_if(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count),
                                     [&](std::size_t row) { return wrong[row]; });
    return static_cast<double>(right) / static_cast<double>(count) /
           (static_cast<double>(errors.size()) / static_cast<double>(scores.size()));
}

}  // namespace labelerrors::evaluation

#endif
