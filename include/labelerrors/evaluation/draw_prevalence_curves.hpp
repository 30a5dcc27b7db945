#ifndef LABELERRORS_EVALUATION_DRAW_PREVALENCE_CURVES_HPP
#define LABELERRORS_EVALUATION_DRAW_PREVALENCE_CURVES_HPP

#include <labelerrors/error.hpp>
#include <labelerrors/evaluation/accuracy.hpp>
#include <labelerrors/evaluation/evaluate_models.hpp>
#include <labelerrors/evaluation/prevalence.hpp>
#include <labelerrors/evaluation/select_examples.hpp>
#include <labelerrors/evaluation/uniform_below.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace labelerrors::evaluation
{

/// Which curves are drawn and how.
struct prevalence_curves_options
{
    // The last point, in (0, 1]; the first is the test set as it is.
    double max_prevalence = 1.0;
    // Points on each curve, at even distances up to rounding to whole examples, those that round to the same once;
    // 2 to 1,000,000.
    std::size_t num_points = 41;
    // How often benign examples are taken away at random; 0 leaves the bands out.
    std::size_t num_draws = 1000;
    // Of std::mt19937_64.
    std::uint64_t seed = 0;
    // The share of the draws that a band holds; what is left lies half above and half below it.
    double coverage = 0.95;
    // Whether the corrected label is among so many of the likeliest.
    std::size_t k = 1;
};

/// A model's accuracy at one point.
struct prevalence_accuracy
{
    double expected = 0.0;
    double lower = 0.0;  // of the band of draws; `expected` without draws
    double upper = 0.0;
};

/// How accurate the models are where a share of the examples is correctable.
struct prevalence_point
{
    double prevalence = 0.0;     // num_correctable / (num_correctable + num_benign)
    std::size_t num_benign = 0;  // that are left
    std::vector<prevalence_accuracy> models;
    std::vector<double> share_best;  // of the draws in which a model is the most accurate, ties divided; none without
};

/// The accuracy of some models by corrected labels as the share of correctable examples grows.
struct prevalence_curves
{
    std::size_t num_correctable = 0;
    std::size_t num_benign = 0;
    std::size_t num_draws = 0;
    double coverage = 0.0;                 // of the bands
    std::vector<split_accuracy> models;    // in the order they came in
    std::vector<prevalence_point> points;  // prevalence ascending
};

/// Draws the curves: all correctable examples stay and benign ones are taken away, in each draw one after another in a
/// random order, the same for all models, so that a draw compares them on the same examples. The expectation is in
/// closed form, of expected_accuracy; a band is what the draws scatter around it, and says nothing about how few the
/// correctable examples are.
///
/// `models`: at least one. `examples`: the corrected set of select_examples. The same arguments give the same curves on
/// every platform. Throws what evaluate_models and split_by_correction throw; value_error for fewer than 2 points or
/// more than 1,000,000, a coverage out of (0, 1), a max_prevalence above 1 or not above the prevalence of the examples,
/// for more draws than can be counted, and for 2^32 benign examples or more.
/// O(draws (benign models + points log draws)), memory O(draws points models), taken before the first draw.
/// Source: Northcutt, Athalye and Mueller 2021, section 5.
[[nodiscard]] prevalence_curves draw_prevalence_curves(std::span<const model> models, const scored_examples& examples,
                                                       const prevalence_curves_options& options = {});

namespace detail
{

/// How many benign examples are left at each point, descending.
[[nodiscard]] inline std::vector<std::size_t> benign_left(std::size_t num_correctable, std::size_t num_benign,
                                                          double max_prevalence, std::size_t num_points)
{
    const auto c = static_cast<double>(num_correctable);
    const double first = c / (c + static_cast<double>(num_benign));
    std::vector<std::size_t> left{num_benign};
    for (std::size_t i = 1; i < num_points; ++i)
    {
        const double x =
            first + (max_prevalence - first) * static_cast<double>(i) / static_cast<double>(num_points - 1);
        const auto number = static_cast<std::size_t>(std::max(0LL, std::llround(c * (1.0 - x) / x)));
        if (number < left.back())
            left.push_back(number);
    }
    return left;
}

/// Whether each model is right on each benign example, example by example: benign x models.
struct benign_outcomes
{
    std::size_t num_models = 0;
    std::vector<std::uint8_t> correct;
};

[[nodiscard]] inline benign_outcomes outcomes_of(std::span<const model> models, const scored_examples& examples,
                                                 std::size_t k)
{
    std::vector<std::vector<std::uint8_t>> correct;
    for (const model& one : models)
        correct.push_back(correct_in_top_k(one.predictions, examples.rows, examples.corrected_labels, k));
    benign_outcomes outcomes{models.size(), {}};
    for (std::size_t i = 0; i < examples.rows.size(); ++i)
        if (examples.given_labels[i] == examples.corrected_labels[i])
            for (const auto& of_model : correct)
                outcomes.correct.push_back(of_model[i]);
    return outcomes;
}

/// One draw: how many benign examples each model has right among the first left[p] of a random order, for every p;
/// points x models. `order` is any order of the benign examples and is shuffled further.
[[nodiscard]] inline std::vector<std::size_t> draw_counts(const benign_outcomes& outcomes,
                                                          std::span<const std::size_t> left,
                                                          std::vector<std::uint32_t>& order, std::mt19937_64& generator)
{
    const std::size_t m = outcomes.num_models;
    std::vector<std::size_t> counts(left.size() * m);
    std::vector<std::size_t> so_far(m);
    std::size_t point = left.size();
    for (std::size_t taken = 0;; ++taken)
    {
        for (; point > 0 && left[point - 1] == taken; --point)
            std::copy(so_far.begin(), so_far.end(), counts.begin() + static_cast<std::ptrdiff_t>((point - 1) * m));
        if (point == 0)
            return counts;
        const auto rest = static_cast<std::uint32_t>(order.size() - taken);
        std::swap(order[taken], order[taken + uniform_below(generator, rest)]);
        for (std::size_t j = 0; j < m; ++j)
            so_far[j] += outcomes.correct[order[taken] * m + j];
    }
}

/// How many of the draws lie outside a band on either side. The nearest rank: they are as many on both, and their
/// number is a whole one, up to rounding (half of 1 - 0.9 is a little less than 0.05).
[[nodiscard]] inline std::size_t draws_outside(double coverage, std::size_t num_draws)
{
    const double outside = 0.5 * (1.0 - coverage) * static_cast<double>(num_draws) * (1.0 + 1e-9);
    return std::min(static_cast<std::size_t>(outside), (num_draws - 1) / 2);
}

/// Adds the band and the share of draws in which each model is best to a point, from draws x points x models counts.
inline void summarise_draws(prevalence_curves& curves, std::size_t point, std::span<const std::size_t> draws,
                            double coverage)
{
    const std::size_t m = curves.models.size();
    const std::size_t stride = curves.points.size() * m;
    const std::size_t num_draws = draws.size() / stride;
    prevalence_point& at = curves.points[point];
    const auto size = static_cast<double>(curves.num_correctable + at.num_benign);
    const auto count = [&](std::size_t draw, std::size_t j)
    {
        return curves.models[j].correctable.num_correct + draws[draw * stride + point * m + j];
    };
    // Shares of one draw are fractions of lcm(1 .. m) at worst, so they are counted by how many share.
    std::vector<std::size_t> num_shared(m * m);
    for (std::size_t draw = 0; draw < num_draws; ++draw)
    {
        std::size_t best = 0;
        std::size_t num_best = 0;
        for (std::size_t j = 0; j < m; ++j)
        {
            num_best = count(draw, j) > best ? 1 : num_best + (count(draw, j) == best ? 1 : 0);
            best = std::max(best, count(draw, j));
        }
        for (std::size_t j = 0; j < m; ++j)
            if (count(draw, j) == best)
                ++num_shared[j * m + num_best - 1];
    }
    at.share_best.assign(m, 0.0);
    for (std::size_t j = 0; j < m; ++j)
    {
        for (std::size_t others = 0; others < m; ++others)
            at.share_best[j] += static_cast<double>(num_shared[j * m + others]) / static_cast<double>(others + 1);
        at.share_best[j] /= static_cast<double>(num_draws);
    }
    const std::size_t outside = draws_outside(coverage, num_draws);
    std::vector<std::size_t> sorted(num_draws);
    for (std::size_t j = 0; j < m; ++j)
    {
        for (std::size_t draw = 0; draw < num_draws; ++draw)
            sorted[draw] = count(draw, j);
        std::sort(sorted.begin(), sorted.end());
        at.models[j].lower = static_cast<double>(sorted[outside]) / size;
        at.models[j].upper = static_cast<double>(sorted[num_draws - 1 - outside]) / size;
    }
}

inline void require_options(const prevalence_curves_options& options, double prevalence)
{
    const std::string name = "draw_prevalence_curves: ";
    // A curve of more is no other to the eye, and each is computed before those that fall together are found.
    constexpr std::size_t most_points = 1'000'000;
    if (options.num_points < 2 || options.num_points > most_points)
        throw value_error(name + "num_points must be from 2 to " + std::to_string(most_points) + ", but is " +
                          std::to_string(options.num_points));
    if (!(options.coverage > 0.0 && options.coverage < 1.0))
        throw value_error(name + "coverage must be above 0 and below 1, but is " +
                          labelerrors::detail::to_text(options.coverage));
    if (!(options.max_prevalence > prevalence && options.max_prevalence <= 1.0))
        throw value_error(name + "max_prevalence must be above " + labelerrors::detail::to_text(prevalence) +
                          ", the share of correctable examples that there is, and at most 1, but is " +
                          labelerrors::detail::to_text(options.max_prevalence));
}

}  // namespace detail

inline prevalence_curves draw_prevalence_curves(std::span<const model> models, const scored_examples& examples,
                                                const prevalence_curves_options& options)
{
    detail::require_models(models, examples, "draw_prevalence_curves");
    prevalence_curves curves;
    for (const model& one : models)
        curves.models.push_back(split_by_correction(one.predictions, examples, options.k));
    curves.num_correctable = curves.models.front().correctable.num_examples;
    curves.num_benign = curves.models.front().benign.num_examples;
    curves.num_draws = options.num_draws;
    curves.coverage = options.coverage;
    detail::require_options(options, curves.models.front().prevalence());
    if (curves.num_benign > std::numeric_limits<std::uint32_t>::max())
        throw value_error("draw_prevalence_curves: examples must have fewer than 2^32 benign ones, not " +
                          std::to_string(curves.num_benign));

    const auto left =
        detail::benign_left(curves.num_correctable, curves.num_benign, options.max_prevalence, options.num_points);
    for (const std::size_t num_benign : left)
    {
        prevalence_point point{static_cast<double>(curves.num_correctable) /
                                   static_cast<double>(curves.num_correctable + num_benign),
                               num_benign,
                               {},
                               {}};
        for (const split_accuracy& split : curves.models)
        {
            const double expected = expected_accuracy(split, point.prevalence);
            point.models.push_back({expected, expected, expected});
        }
        curves.points.push_back(std::move(point));
    }
    if (options.num_draws == 0)
        return curves;

    const auto outcomes = detail::outcomes_of(models, examples, options.k);
    std::vector<std::uint32_t> order(curves.num_benign);
    std::iota(order.begin(), order.end(), std::uint32_t{0});
    std::mt19937_64 generator(options.seed);
    std::vector<std::size_t> draws;
    const std::size_t counts_each = curves.points.size() * models.size();
    if (options.num_draws > draws.max_size() / counts_each)
        throw value_error("draw_prevalence_curves: num_draws is " + std::to_string(options.num_draws) + ", for " +
                          std::to_string(curves.points.size()) + " points and " + std::to_string(models.size()) +
                          " models: more counts than any machine holds");
    // Where there is not as much memory, that shall be told before all is drawn.
    draws.reserve(options.num_draws * counts_each);
    for (std::size_t draw = 0; draw < options.num_draws; ++draw)
    {
        const auto counts = detail::draw_counts(outcomes, left, order, generator);
        draws.insert(draws.end(), counts.begin(), counts.end());
    }
    for (std::size_t point = 0; point < curves.points.size(); ++point)
        detail::summarise_draws(curves, point, draws, options.coverage);
    return curves;
}

}  // namespace labelerrors::evaluation

#endif
