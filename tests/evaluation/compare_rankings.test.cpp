#include <labelerrors/evaluation/compare_rankings.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <limits>
#include <random>
#include <vector>

using namespace labelerrors;
using namespace labelerrors::evaluation;

namespace
{

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
using values_of = std::vector<double>;

}  // namespace

TEST_CASE("equal values share the best of their places, and the next place is further on")
{
    const auto ranks = competition_ranks(values_of{0.7, 0.9, 0.7, 0.1});
    CHECK(ranks == std::vector<rank>{{2, 2}, {1, 1}, {2, 2}, {4, 1}});
    CHECK(competition_ranks(values_of{}).empty());
    CHECK(competition_ranks(values_of{0.5, 0.5}) == std::vector<rank>{{1, 2}, {1, 2}});
    CHECK_THROWS_WITH_AS(competition_ranks(values_of{0.5, not_a_number}),
                         "competition_ranks: values(1) must be a number, but is NaN", value_error);
}

TEST_CASE("a place is one more than how many are better")
{
    std::mt19937_64 generator(11);
    values_of values;
    for (int i = 0; i < 60; ++i)
        values.push_back(static_cast<double>(generator() % 20));
    const auto ranks = competition_ranks(values);
    for (std::size_t i = 0; i < values.size(); ++i)
    {
        std::size_t better = 0;
        std::size_t equal = 0;
        for (const double value : values)
        {
            better += value > values[i] ? 1U : 0U;
            equal += value == values[i] ? 1U : 0U;
        }
        CHECK(ranks[i] == rank{better + 1, equal});
    }
}

TEST_CASE("tau-b of orders that agree, oppose, and have ties")
{
    CHECK(kendall_tau_b(values_of{1, 2, 3, 4}, values_of{10, 20, 30, 40}).tau_b == 1.0);
    CHECK(kendall_tau_b(values_of{1, 2, 3, 4}, values_of{4, 3, 2, 1}).tau_b == -1.0);
    // Pairs: 2 concordant, 6 discordant; tied are 2 in a and 1 in b: -4 / sqrt(8 * 9).
    const auto tied = kendall_tau_b(values_of{12, 2, 1, 12, 2}, values_of{1, 4, 7, 1, 0});
    CHECK(tied.num_concordant == 2);
    CHECK(tied.num_discordant == 6);
    CHECK(tied.num_tied_a == 2);
    CHECK(tied.num_tied_b == 1);
    CHECK(tied.tau_b.value() == doctest::Approx(-0.47140452079103173).epsilon(1e-12));
}

TEST_CASE("tau-b is none, not NaN, where there is nothing to order")
{
    CHECK(!kendall_tau_b(values_of{}, values_of{}).tau_b);
    CHECK(!kendall_tau_b(values_of{1}, values_of{1}).tau_b);
    CHECK(!kendall_tau_b(values_of{1, 1}, values_of{1, 2}).tau_b);
    CHECK(!kendall_tau_b(values_of{1, 2}, values_of{3, 3}).tau_b);
    CHECK_THROWS_AS(kendall_tau_b(values_of{1, 2}, values_of{1}), shape_error);
    CHECK_THROWS_AS(kendall_tau_b(values_of{1, not_a_number}, values_of{1, 2}), value_error);
    CHECK_THROWS_WITH_AS(kendall_tau_b(values_of{1, 2}, values_of{1, not_a_number}),
                         "kendall_tau_b: b(1) must be a number, but is NaN", value_error);
}

TEST_CASE("the largest moves come first, and places gained are positive")
{
    const std::vector<rank> before{{1, 1}, {2, 1}, {3, 1}, {4, 1}};
    const std::vector<rank> after{{2, 1}, {3, 1}, {4, 1}, {1, 1}};
    const auto change = compare_rankings(before, after);
    REQUIRE(change.moves.size() == 4);
    CHECK(change.moves[0].index == 3);
    CHECK(change.moves[0].places() == 3);
    CHECK(change.moves[1].index == 0);
    CHECK(change.moves[1].places() == -1);
    CHECK(change.agreement.tau_b.value() == 0.0);
    CHECK(compare_rankings(before, before).agreement.tau_b == 1.0);
    // As far, whichever way.
    CHECK(compare_rankings(after, before).moves[0].index == 3);
    CHECK(compare_rankings(after, before).moves[0].places() == -3);
    // Moves as far as each other stand by index, of many items too.
    const std::vector<rank> many(100);
    const auto none = compare_rankings(many, many);
    for (std::size_t i = 0; i < many.size(); ++i)
        CHECK(none.moves[i].index == i);
    CHECK_THROWS_AS(compare_rankings(before, std::vector<rank>{{1, 1}}), shape_error);
}
