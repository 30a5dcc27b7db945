#ifndef LABELERRORS_MODEL_LBFGS_HPP
#define LABELERRORS_MODEL_LBFGS_HPP

#include <labelerrors/error.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace labelerrors
{

/// When the iterations end, and how much they remember.
struct lbfgs_options
{
    double tolerance = 1e-6;           // at least 0: converged once no entry of the gradient exceeds this
    std::size_t max_iterations = 500;  // give up after so many steps
    std::size_t history = 10;          // how many steps the curvature is estimated from
    // Called after each step with its number and the largest entry of the gradient.
    std::function<void(std::size_t, double)> progress = {};
};

/// Where a minimisation ended, and how.
struct lbfgs_result
{
    std::vector<double> point;
    double value = 0.0;           // of the function there
    double gradient_norm = 0.0;   // the largest entry of the gradient there, without its sign
    std::size_t iterations = 0;   // steps taken
    std::size_t evaluations = 0;  // of the function
    bool converged = false;       // gradient_norm is at most the tolerance
};

/// Finds the minimum of a smooth function of many variables by the limited-memory BFGS method.
///
/// `evaluate(point, gradient)` fills the gradient, a std::span<double>, and returns the value. `point`: where to start.
/// Each step meets the weak Wolfe conditions (c1 = 1e-4, c2 = 0.9), found by bracketing; the first of them in its form
/// for slopes will do where the value rises by no more than 1e-7 of itself. Ends early, not converged, where no step
/// does.
/// Throws value_error for a tolerance that is negative or NaN, and where the value at the start or the sum of the
/// squares of the gradient there is not finite. Memory 2 * history points. Source: Nocedal and Wright 2006,
/// algorithms 7.4 and 7.5; Lewis and Overton 2013, algorithm 2.6; Hager and Zhang 2005, equation 4.1.
template <class Evaluate>
[[nodiscard]] lbfgs_result minimize_lbfgs(const Evaluate& evaluate, std::vector<double> point,
                                          const lbfgs_options& options = {});

namespace detail
{

[[nodiscard]] inline double dot(std::span<const double> a, std::span<const double> b) noexcept
{
    // Four sums keep the processor busy, in the same order everywhere.
    double sums[4] = {};
    const std::size_t whole = a.size() / 4 * 4;
    for (std::size_t i = 0; i < whole; i += 4)
        for (std::size_t lane = 0; lane < 4; ++lane)
            sums[lane] += a[i + lane] * b[i + lane];
    for (std::size_t i = whole; i < a.size(); ++i)
        sums[0] += a[i] * b[i];
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

/// The largest entry without its sign; NaN where one is.
[[nodiscard]] inline double largest_entry(std::span<const double> values) noexcept
{
    double largest = 0.0;
    for (const double value : values)
        if (!(std::abs(value) <= largest))
            largest = std::isnan(largest) ? largest : std::abs(value);
    return largest;
}

/// Whether iterations can start where a function has this value and this gradient.
[[nodiscard]] inline bool can_start(double value, std::span<const double> gradient) noexcept
{
    return std::isfinite(value) && std::isfinite(dot(gradient, gradient));
}

/// A step and by how much it changed the gradient.
struct curvature_pair
{
    std::vector<double> step;
    std::vector<double> change;
    double inverse_product = 0.0;  // 1 / (step . change)
};

/// Turns the gradient into the direction of the next step: minus the gradient times the inverse Hessian that `pairs`,
/// oldest first, speak for.
inline void to_direction(std::vector<double>& direction, std::span<const curvature_pair> pairs)
{
    std::vector<double> shares(pairs.size());
    for (std::size_t p = pairs.size(); p-- > 0;)
    {
        shares[p] = pairs[p].inverse_product * dot(pairs[p].step, direction);
        for (std::size_t i = 0; i < direction.size(); ++i)
            direction[i] -= shares[p] * pairs[p].change[i];
    }
    if (!pairs.empty())
    {
        const auto& newest = pairs.back();
        const double scale = 1.0 / (newest.inverse_product * dot(newest.change, newest.change));
        for (double& value : direction)
            value *= scale;
    }
    for (std::size_t p = 0; p < pairs.size(); ++p)
    {
        const double share = shares[p] - pairs[p].inverse_product * dot(pairs[p].change, direction);
        for (std::size_t i = 0; i < direction.size(); ++i)
            direction[i] += share * pairs[p].step[i];
    }
    for (double& value : direction)
        value = -value;
}

/// A step length that meets the weak Wolfe conditions: between `low`, too short, and `high`, too long.
class step_bracket
{
public:
    explicit step_bracket(double first) noexcept : length_(first)
    {
    }

    [[nodiscard]] double length() const noexcept
    {
        return length_;
    }

    void take_shorter() noexcept
    {
        high_ = length_;
        length_ = 0.5 * (low_ + high_);
    }

    void take_longer() noexcept
    {
        low_ = length_;
        length_ = std::isinf(high_) ? 2.0 * length_ : 0.5 * (low_ + high_);
    }

private:
    double low_ = 0.0;
    double high_ = std::numeric_limits<double>::infinity();
    double length_;
};

}  // namespace detail

template <class Evaluate>
lbfgs_result minimize_lbfgs(const Evaluate& evaluate, std::vector<double> point, const lbfgs_options& options)
{
    constexpr double c1 = 1e-4;
    constexpr double c2 = 0.9;
    constexpr double value_slack = 1e-7;
    constexpr std::size_t most_trials = 40;
    if (!(options.tolerance >= 0.0))
        throw value_error("minimize_lbfgs: tolerance must be a number of at least 0, not " +
                          labelerrors::detail::to_text(options.tolerance));
    const std::size_t size = point.size();
    std::vector<double> gradient(size);
    lbfgs_result result{.point = std::move(point)};
    result.value = evaluate(std::span<const double>(result.point), std::span<double>(gradient));
    result.evaluations = 1;
    result.gradient_norm = detail::largest_entry(gradient);
    if (!detail::can_start(result.value, gradient))
        throw value_error("minimize_lbfgs: evaluate must give a value and a gradient that can be squared where it "
                          "starts, not " +
                          labelerrors::detail::to_text(result.value) + " and entries up to " +
                          labelerrors::detail::to_text(result.gradient_norm) +
                          "; start elsewhere or scale the variables");

    std::vector<detail::curvature_pair> pairs;
    std::vector<double> trial(size);
    std::vector<double> trial_gradient(size);
    while (result.gradient_norm > options.tolerance && result.iterations < options.max_iterations)
    {
        auto direction = gradient;
        detail::to_direction(direction, pairs);
        double slope = detail::dot(gradient, direction);
        if (!(slope < 0.0))
        {
            // Rounding has spoilt the curvature: start over from the gradient.
            pairs.clear();
            direction = gradient;
            detail::to_direction(direction, pairs);
            slope = -detail::dot(gradient, gradient);
        }
        detail::step_bracket bracket(pairs.empty() ? std::min(1.0, 1.0 / std::sqrt(-slope)) : 1.0);
        double value = 0.0;
        bool found = false;
        for (std::size_t tries = 0; tries < most_trials && !found; ++tries)
        {
            for (std::size_t i = 0; i < size; ++i)
                trial[i] = result.point[i] + bracket.length() * direction[i];
            value = evaluate(std::span<const double>(trial), std::span<double>(trial_gradient));
            ++result.evaluations;
            const double trial_slope = detail::dot(trial_gradient, direction);
            // Where rounding hides how much the value falls, the slopes at both ends tell.
            const bool falls = value <= result.value + c1 * bracket.length() * slope ||
                               (value <= result.value + value_slack * std::abs(result.value) &&
                                trial_slope <= (2.0 * c1 - 1.0) * slope);
            if (!falls)
                bracket.take_shorter();
            else if (!(trial_slope >= c2 * slope))
                bracket.take_longer();
            else
                found = true;
        }
        if (!found && !pairs.empty())
        {
            pairs.clear();  // once more along the gradient, before giving up
            continue;
        }
        if (!found)
            break;
        detail::curvature_pair pair{std::vector<double>(size), std::vector<double>(size)};
        for (std::size_t i = 0; i < size; ++i)
        {
            pair.step[i] = trial[i] - result.point[i];
            pair.change[i] = trial_gradient[i] - gradient[i];
        }
        const double product = detail::dot(pair.step, pair.change);
        if (product > 1e-300 && options.history > 0)
        {
            pair.inverse_product = 1.0 / product;
            if (pairs.size() == options.history)
                pairs.erase(pairs.begin());
            pairs.push_back(std::move(pair));
        }
        result.point.swap(trial);
        gradient.swap(trial_gradient);
        result.value = value;
        result.gradient_norm = detail::largest_entry(gradient);
        ++result.iterations;
        if (options.progress)
            options.progress(result.iterations, result.gradient_norm);
    }
    result.converged = result.gradient_norm <= options.tolerance;
    return result;
}

}  // namespace labelerrors

#endif
