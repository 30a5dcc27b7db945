#ifndef LABELERRORS_EVALUATION_WILSON_INTERVAL_HPP
#define LABELERRORS_EVALUATION_WILSON_INTERVAL_HPP

#include <labelerrors/error.hpp>
#include <labelerrors/evaluation/accuracy.hpp>

#include <algorithm>
#include <cmath>
#include <string>

namespace labelerrors::evaluation
{

/// Where a share lies with some confidence, both ends in [0, 1].
struct confidence_interval
{
    double lower = 0.0;
    double upper = 1.0;
};

/// The Wilson score interval of an accuracy: unlike the normal approximation it stays in [0, 1], has a width for
/// accuracies of 0 and 1, and holds for as few examples as 18.
///
/// `confidence`: above 0 and below 1. Throws value_error for another confidence, for an accuracy of no examples, and
/// for more correct examples than there are. O(1).
/// Source: Wilson 1927, Journal of the American Statistical Association 22:209; without continuity correction.
[[nodiscard]] confidence_interval wilson_interval(const accuracy& share, double confidence = 0.95);

namespace detail
{

/// The z above which a standard normal variable has the probability `tail`, above 0 and at most 0.5.
[[nodiscard]] inline double normal_quantile_above(double tail)
{
    // The tail is monotone, so halving finds it to the last bit; it takes no table of coefficients.
    double low = 0.0;
    double high = 40.0;
    for (int step = 0; step < 100; ++step)
    {
        const double middle = 0.5 * (low + high);
        (0.5 * std::erfc(middle / std::sqrt(2.0)) > tail ? low : high) = middle;
    }
    return 0.5 * (low + high);
}

}  // namespace detail

inline confidence_interval wilson_interval(const accuracy& share, double confidence)
{
    if (!(confidence > 0.0 && confidence < 1.0))
        throw value_error("wilson_interval: confidence must be above 0 and below 1, but is " +
                          labelerrors::detail::to_text(confidence));
    if (share.num_examples == 0 || share.num_correct > share.num_examples)
        throw value_error("wilson_interval: share must be of at least one example and no more right than there are, "
                          "but is " +
                          std::to_string(share.num_correct) + " of " + std::to_string(share.num_examples));
    const double z = detail::normal_quantile_above(0.5 * (1.0 - confidence));
    const auto n = static_cast<double>(share.num_examples);
    const double p = share.value();
    const double centre = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
    const double half = z / (1.0 + z * z / n) * std::sqrt(p * (1.0 - p) / n + z * z / (4.0 * n * n));
    // The ends at 0 and 1 are exact in theory; rounding must not move them.
    return {share.num_correct == 0 ? 0.0 : std::max(0.0, centre - half),
            share.num_correct == share.num_examples ? 1.0 : std::min(1.0, centre + half)};
}

}  // namespace labelerrors::evaluation

#endif
