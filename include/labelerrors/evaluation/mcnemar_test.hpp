#ifndef LABELERRORS_EVALUATION_MCNEMAR_TEST_HPP
#define LABELERRORS_EVALUATION_MCNEMAR_TEST_HPP

#include <labelerrors/error.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace labelerrors::evaluation
{

/// How the p-value of McNemar's test is computed.
enum class mcnemar_method
{
    automatic,             // exact for fewer than 25 discordant examples, else continuity_corrected
    exact,                 // two-sided binomial: conservative, right for any number
    mid_p,                 // the same less half the probability of what was observed: less conservative
    continuity_corrected,  // chi-squared with 1 degree of freedom, (|b - c| - 1)^2 / (b + c)
};

/// The word for a method.
[[nodiscard]] constexpr std::string_view name_of(mcnemar_method method) noexcept
{
    constexpr std::string_view names[] = {"automatic", "exact", "mid_p", "continuity_corrected"};
    return names[static_cast<std::size_t>(method)];
}

/// Whether two models differ in accuracy on the same examples by more than noise.
struct mcnemar_result
{
    std::size_t only_a_correct = 0;                 // b: discordant examples that model a alone gets right
    std::size_t only_b_correct = 0;                 // c: those that model b alone gets right
    double p_value = 1.0;                           // of a difference at least so large, either way, if there were none
    mcnemar_method method = mcnemar_method::exact;  // the one that was used
};

/// McNemar's test on counts of discordant examples: under the hypothesis that the models are equally accurate, each
/// discordant example is as likely to be b's as c's. Examples that both or neither get right say nothing about it.
///
/// Returns a p-value of 1 where no example is discordant. p-values are not adjusted for how many pairs are compared.
/// O(1), exact and mid_p O(min(b, c)).
/// Source: McNemar 1947, Psychometrika 12:153; Edwards 1948, Psychometrika 13:185 (the correction); Fagerland,
/// Lydersen and Laake 2013, BMC Medical Research Methodology 13:91 (mid-p).
[[nodiscard]] mcnemar_result mcnemar_test(std::size_t only_a_correct, std::size_t only_b_correct,
                                          mcnemar_method method = mcnemar_method::automatic);

/// The same on what correct_in_top_k returns for both models: n ones and zeros each, of the same examples.
/// Throws shape_error where they are not as many. O(n).
[[nodiscard]] mcnemar_result mcnemar_test(std::span<const std::uint8_t> a_correct,
                                          std::span<const std::uint8_t> b_correct,
                                          mcnemar_method method = mcnemar_method::automatic);

namespace detail
{

/// P(X <= most) and P(X = most) for X binomial with n trials of probability 1/2.
struct binomial_tail
{
    double at_most = 1.0;
    double exactly = 0.0;
};

[[nodiscard]] inline binomial_tail half_binomial_tail(std::size_t most, std::size_t n)
{
    const auto trials = static_cast<double>(n);
    // 2^-n is beyond a double from n = 1075 on; up to 1000 the terms are exact while they have at most 53 digits.
    const bool in_logarithms = n > 1000;
    double log_term = -trials * std::log(2.0);
    double term = in_logarithms ? std::exp(log_term) : std::ldexp(1.0, -static_cast<int>(n));
    double sum = term;
    for (std::size_t i = 0; i < most; ++i)
    {
        const double left = trials - static_cast<double>(i);
        const auto taken = static_cast<double>(i + 1);
        log_term += std::log(left / taken);
        term = in_logarithms ? std::exp(log_term) : term * left / taken;
        sum += term;
    }
    return {sum, term};
}

}  // namespace detail

inline mcnemar_result mcnemar_test(std::size_t only_a_correct, std::size_t only_b_correct, mcnemar_method method)
{
    constexpr std::size_t few = 25;
    const std::size_t discordant = only_a_correct + only_b_correct;
    if (method == mcnemar_method::automatic)
        method = discordant < few ? mcnemar_method::exact : mcnemar_method::continuity_corrected;
    mcnemar_result result{only_a_correct, only_b_correct, 1.0, method};
    if (discordant == 0)
        return result;
    const std::size_t less = std::min(only_a_correct, only_b_correct);
    if (method == mcnemar_method::continuity_corrected)
    {
        const double difference = std::max(0.0, static_cast<double>(discordant - 2 * less) - 1.0);
        // P(chi-squared with 1 degree of freedom > x) is that of a standard normal variable beyond sqrt(x).
        result.p_value = std::erfc(difference / std::sqrt(2.0 * static_cast<double>(discordant)));
        return result;
    }
    const auto tail = detail::half_binomial_tail(less, discordant);
    if (method == mcnemar_method::exact)
        result.p_value = std::min(1.0, 2.0 * tail.at_most);
    else if (2 * less == discordant)
        result.p_value = 1.0 - 0.5 * tail.exactly;  // both tails have the middle term
    else
        result.p_value = 2.0 * tail.at_most - tail.exactly;
    return result;
}

inline mcnemar_result mcnemar_test(std::span<const std::uint8_t> a_correct, std::span<const std::uint8_t> b_correct,
                                   mcnemar_method method)
{
    if (a_correct.size() != b_correct.size())
        throw shape_error("mcnemar_test: b_correct must be of the same examples as a_correct, " +
                          std::to_string(a_correct.size()) + ", not " + std::to_string(b_correct.size()));
    std::size_t only_a = 0;
    std::size_t only_b = 0;
    for (std::size_t i = 0; i < a_correct.size(); ++i)
    {
        only_a += a_correct[i] != 0 && b_correct[i] == 0 ? 1U : 0U;
        only_b += a_correct[i] == 0 && b_correct[i] != 0 ? 1U : 0U;
    }
    return mcnemar_test(only_a, only_b, method);
}

}  // namespace labelerrors::evaluation

#endif
