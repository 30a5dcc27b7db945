#include <labelerrors/core/round_preserving_sum.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

using labelerrors::round_preserving_sum;

namespace
{

using integers = std::vector<std::int64_t>;

[[nodiscard]] integers rounded(const std::vector<double>& values)
{
    return round_preserving_sum(values);
}

}  // namespace

TEST_CASE("numbers whose rounded sum is the sum of the rounded are only rounded, halves to even")
{
    CHECK(rounded({}).empty());
    CHECK(rounded({3.0, 0.0, 2.0}) == integers{3, 0, 2});
    CHECK(rounded({1.2, 0.7, 2.1}) == integers{1, 1, 2});
    // 0.5 -> 0, 1.5 -> 2; the sum 2.0 is met.
    CHECK(rounded({0.5, 1.5}) == integers{0, 2});
}

TEST_CASE("what is missing is added to the largest remainders")
{
    // Rounded 1, 1, 1 = 3; the sum is 4.1, so one is missing: remainders 0.4, 0.45, 0.25.
    CHECK(rounded({1.4, 1.45, 1.25}) == integers{1, 2, 1});
}

TEST_CASE("of equal remainders what is missing goes to the last")
{
    // Rounded 2, 2, 2 = 6; the sum is 7.5 -> 8, half to even: two are missing, and all remainders are 0.5.
    CHECK(rounded({2.5, 2.5, 2.5}) == integers{2, 3, 3});
    // The sum is 1.0: one is missing.
    CHECK(rounded({0.25, 0.25, 0.25, 0.25}) == integers{0, 0, 0, 1});
}

TEST_CASE("what is too much is taken from the smallest remainders, of equal ones from the first")
{
    // Rounded 1, 1, 1 = 3; the sum is 2: one too many, and all remainders are -1/3.
    CHECK(rounded({2.0 / 3.0, 2.0 / 3.0, 2.0 / 3.0}) == integers{0, 1, 1});
    // Rounded 2, 2, 1 = 5; the sum 4.1 -> 4; remainders -0.4, -0.3, -0.2.
    CHECK(rounded({1.6, 1.7, 0.8}) == integers{1, 2, 1});
}

TEST_CASE("numbers below zero are rounded by the same rule")
{
    CHECK(rounded({-3.0, 4.0, 4.0}) == integers{-3, 4, 4});
    // Rounded -2, -2, 4 = 0; the sum is 1: one is missing, remainders 0.5, 0.5, 0.
    CHECK(rounded({-1.5, -1.5, 4.0}) == integers{-2, -1, 4});
}

TEST_CASE("the integers sum to the rounded sum and each is within one of its number")
{
    std::mt19937_64 random(3);
    for (int round = 0; round < 2000; ++round)
    {
        // Sixteenths: exact, and often exact halves.
        std::vector<double> values(1 + random() % 12);
        for (double& value : values)
            value = static_cast<double>(random() % 100) / 16.0;
        const auto integers_of = rounded(values);
        const double sum = std::accumulate(values.begin(), values.end(), 0.0);
        CHECK(std::accumulate(integers_of.begin(), integers_of.end(), std::int64_t{0}) ==
              static_cast<std::int64_t>(std::nearbyint(sum)));
        for (std::size_t j = 0; j < values.size(); ++j)
            CHECK(std::abs(static_cast<double>(integers_of[j]) - values[j]) <= 1.0);
    }
}

TEST_CASE("numbers that are not finite or too large for exact integers are a value_error")
{
    constexpr double infinity = std::numeric_limits<double>::infinity();
    for (const auto& values : {std::vector<double>{1.0, std::nan("")}, std::vector<double>{infinity},
                               std::vector<double>{infinity, -infinity}, std::vector<double>{0x1p53}})
        CHECK_THROWS_WITH_AS(static_cast<void>(rounded(values)),
                             doctest::Contains("must be finite and below 2^53 in magnitude"), labelerrors::value_error);
    CHECK(rounded({0x1p52, 0x1p51}) == integers{1LL << 52, 1LL << 51});
    CHECK_THROWS_WITH_AS(static_cast<void>(rounded({0x1p52, 0x1p52})),
                         doctest::Contains("the sum of values must be below 2^53"), labelerrors::value_error);
    // Each is small enough, but their sum is not; on the way to a small sum it may be as large as it likes.
    CHECK_THROWS_WITH_AS(static_cast<void>(rounded(std::vector<double>(4096, 0x1.8p52))),
                         doctest::Contains("the sum of values must be below 2^53"), labelerrors::value_error);
    std::vector<double> there_and_back(8192, 0x1.8p52);
    std::fill(there_and_back.begin() + 4096, there_and_back.end(), -0x1.8p52);
    there_and_back.push_back(2.5);
    CHECK(rounded(there_and_back).back() == 2);
}
