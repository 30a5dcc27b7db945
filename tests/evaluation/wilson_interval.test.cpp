#include <labelerrors/evaluation/wilson_interval.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <limits>

using namespace labelerrors;
using namespace labelerrors::evaluation;

TEST_CASE("the interval of 1 in 10, from tables")
{
    const auto interval = wilson_interval({1, 10});
    CHECK(interval.lower == doctest::Approx(0.0178762).epsilon(1e-5));
    CHECK(interval.upper == doctest::Approx(0.4041500).epsilon(1e-5));
}

TEST_CASE("the ends are the shares that are just z standard errors from what was seen")
{
    const double z = 1.959963984540054;  // 97.5 % of a standard normal variable is below it
    for (const std::size_t n : {1U, 2U, 18U, 1428U, 50000U})
        for (const std::size_t correct : {std::size_t{0}, n / 3, n / 2, n - 1, n})
        {
            CAPTURE(n);
            CAPTURE(correct);
            const accuracy seen{correct, n};
            const auto interval = wilson_interval(seen);
            CHECK(interval.lower >= 0.0);
            CHECK(interval.upper <= 1.0);
            CHECK(interval.lower <= seen.value());
            CHECK(interval.upper >= seen.value());
            for (const double end : {interval.lower, interval.upper})
            {
                const double errors = z * std::sqrt(end * (1.0 - end) / static_cast<double>(n));
                if (end > 0.0 && end < 1.0)
                    CHECK(std::abs(end - seen.value()) == doctest::Approx(errors).epsilon(1e-9));
            }
        }
}

TEST_CASE("more confidence makes a wider interval, and none right or all right still one with a width")
{
    double width = 0.0;
    for (const double confidence : {0.5, 0.9, 0.95, 0.99, 0.9999})
    {
        const auto interval = wilson_interval({7, 18}, confidence);
        CHECK(interval.upper - interval.lower > width);
        width = interval.upper - interval.lower;
    }
    CHECK(wilson_interval({0, 18}).lower == 0.0);
    CHECK(wilson_interval({0, 18}).upper > 0.1);
    CHECK(wilson_interval({18, 18}).upper == 1.0);
    CHECK(wilson_interval({18, 18}).lower == doctest::Approx(1.0 - wilson_interval({0, 18}).upper));
}

TEST_CASE("a confidence that is none and counts that do not fit are refused")
{
    for (const double confidence : {0.0, 1.0, -0.5, 95.0, std::numeric_limits<double>::quiet_NaN()})
        CHECK_THROWS_AS(wilson_interval({1, 2}, confidence), value_error);
    CHECK_THROWS_AS(wilson_interval({0, 0}), value_error);
    CHECK_THROWS_AS(wilson_interval({3, 2}), value_error);
}
