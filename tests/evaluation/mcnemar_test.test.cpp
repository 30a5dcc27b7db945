#include <labelerrors/evaluation/mcnemar_test.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

using namespace labelerrors;
using namespace labelerrors::evaluation;

TEST_CASE("the p-values of 1 against 5, by hand")
{
    // 2 (1 + 6) / 64, and less the 6 / 64 of what was observed.
    CHECK(mcnemar_test(1, 5, mcnemar_method::exact).p_value == 14.0 / 64.0);
    CHECK(mcnemar_test(1, 5, mcnemar_method::mid_p).p_value == 8.0 / 64.0);
    CHECK(mcnemar_test(2, 2, mcnemar_method::exact).p_value == 1.0);
    CHECK(mcnemar_test(2, 2, mcnemar_method::mid_p).p_value == doctest::Approx(1.0 - 3.0 / 16.0).epsilon(1e-12));
    CHECK(mcnemar_test(0, 0).p_value == 1.0);
    CHECK(mcnemar_test(1, 6).p_value == 0.125);
}

TEST_CASE("the continuity-corrected statistic of 121 against 59 is that of the textbooks")
{
    // (|121 - 59| - 1)^2 / 180 = 20.672, beyond the 15.137 of p = 0.0001.
    const auto result = mcnemar_test(121, 59);
    CHECK(result.method == mcnemar_method::continuity_corrected);
    CHECK(result.p_value == doctest::Approx(std::erfc(61.0 / std::sqrt(360.0))));
    CHECK(result.p_value < 1e-5);
    CHECK(result.p_value > 1e-6);
    CHECK(mcnemar_test(13, 12).p_value == 1.0);
    CHECK(mcnemar_test(13, 13).p_value == 1.0);
}

TEST_CASE("the exact test agrees with sums of binomial coefficients for up to 40 discordant examples")
{
    for (std::size_t n = 1; n <= 40; ++n)
    {
        std::vector<double> coefficients{1.0};
        for (std::size_t i = 0; i < n; ++i)
            coefficients.push_back(coefficients.back() * static_cast<double>(n - i) / static_cast<double>(i + 1));
        for (std::size_t b = 0; b <= n; ++b)
        {
            double tail = 0.0;
            for (std::size_t i = 0; i <= std::min(b, n - b); ++i)
                tail += coefficients[i];
            const double expected = std::min(1.0, 2.0 * tail * std::pow(0.5, static_cast<double>(n)));
            const double p = mcnemar_test(b, n - b, mcnemar_method::exact).p_value;
            CHECK(p == doctest::Approx(expected).epsilon(1e-10));
            CHECK(p == mcnemar_test(n - b, b, mcnemar_method::exact).p_value);
            CHECK(mcnemar_test(b, n - b, mcnemar_method::mid_p).p_value < p);
        }
    }
}

TEST_CASE("few discordant examples are tested exactly, many by chi-squared, which then says the same")
{
    CHECK(mcnemar_test(4, 20).method == mcnemar_method::exact);
    CHECK(mcnemar_test(5, 20).method == mcnemar_method::continuity_corrected);
    for (const std::size_t b : {4900U, 4950U, 5000U})
        CHECK(mcnemar_test(b, 10000 - b, mcnemar_method::exact).p_value ==
              doctest::Approx(mcnemar_test(b, 10000 - b).p_value).epsilon(0.01));
}

TEST_CASE("examples that both models get right or wrong do not count, and others by who gets them right")
{
    const std::vector<std::uint8_t> a{1, 1, 0, 0, 1};
    const std::vector<std::uint8_t> b{1, 0, 0, 1, 0};
    const auto result = mcnemar_test(a, b);
    CHECK(result.only_a_correct == 2);
    CHECK(result.only_b_correct == 1);
    CHECK(result.p_value == 1.0);
    CHECK(name_of(result.method) == "exact");
    CHECK_THROWS_AS(mcnemar_test(a, std::vector<std::uint8_t>{1}), shape_error);
}
