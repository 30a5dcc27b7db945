#include <labelerrors/core/score_order.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <random>
#include <vector>

using labelerrors::detail::ascending_order;
using labelerrors::detail::scored_position;

namespace
{

/// Scores of one shape or another.
double made_score(std::mt19937_64& random, int shape)
{
    const double uniform = static_cast<double>(random() >> 11) * 0x1p-53;
    switch (shape)
    {
    case 0:
        return uniform;
    case 1:
        return static_cast<double>(random() % 7) / 7.0;  // many ties
    case 2:
        return std::pow(uniform, 20.0);  // nearly all in one bin
    case 3:
        return random() % 1000 == 0 ? 1e-290 : 0.0;
    default:
        return 0.25;
    }
}

}  // namespace

TEST_CASE("rows are in the order of their scores, of equal ones in their own, by any number of threads")
{
    std::mt19937_64 random(22);
    for (const std::size_t m : {0u, 1u, 255u, 256u, 1000u, 50'000u})
        for (int shape = 0; shape < 5; ++shape)
        {
            std::vector<scored_position> expected(m);
            for (std::size_t i = 0; i < m; ++i)
                expected[i] = {made_score(random, shape), i};
            const auto given = expected;
            std::sort(expected.begin(), expected.end());
            for (const std::size_t threads : {1u, 2u, 7u})
            {
                const auto order = ascending_order(
                    m, [&](std::size_t i) { return given[i].score; }, threads);
                REQUIRE(order.size() == m);
                CHECK(std::equal(order.begin(), order.end(), expected.begin()));
            }
        }
}
