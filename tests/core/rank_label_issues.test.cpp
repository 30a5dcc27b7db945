#include "small_cases.hpp"
#include <labelerrors/core/rank_label_issues.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <list>
#include <numeric>
#include <random>
#include <span>
#include <vector>

using labelerrors::find_top_issues;
using labelerrors::order_label_issues;
using tests::to_indices;

namespace
{

using indices = std::vector<std::size_t>;
using scores = xt::xtensor<double, 1>;

}  // namespace

TEST_CASE("the lowest scores come first, of equal ones the lower index")
{
    const scores quality{0.5, 0.25, 0.75, 0.25, 0.0};
    CHECK(to_indices(find_top_issues(quality, 0)).empty());
    CHECK(to_indices(find_top_issues(quality, 2)) == indices{4, 1});
    CHECK(to_indices(find_top_issues(quality, 3)) == indices{4, 1, 3});
    CHECK(to_indices(find_top_issues(quality, 5)) == indices{4, 1, 3, 0, 2});
    // No more than there are.
    CHECK(to_indices(find_top_issues(quality, 99)) == indices{4, 1, 3, 0, 2});
    CHECK(find_top_issues(scores{}, 3).size() == 0);
}

TEST_CASE("scores may be any contiguous range of them")
{
    static_assert(labelerrors::score_sequence<std::vector<float>>);
    static_assert(labelerrors::score_sequence<xt::xarray<double>>);
    static_assert(!labelerrors::score_sequence<std::vector<int>>);
    static_assert(!labelerrors::score_sequence<std::list<double>>);
    static_assert(!labelerrors::score_sequence<xt::xtensor<double, 2>>);

    CHECK(to_indices(find_top_issues(std::vector<double>{0.5, 0.25, 0.75}, 1)) == indices{1});
    const std::array<float, 3> quality{0.5F, 0.25F, 0.0F};
    CHECK(to_indices(find_top_issues(quality, 2)) == indices{2, 1});
    CHECK(to_indices(find_top_issues(std::span(quality).first(2), 2)) == indices{1, 0});
    CHECK_THROWS_WITH_AS(static_cast<void>(find_top_issues(std::vector{0.5, std::nan("")}, 1)),
                         "find_top_issues: scores[1] is not a number", labelerrors::value_error);
}

TEST_CASE("the top of any scores is the start of a stable sort")
{
    std::mt19937_64 random(21);
    for (int round = 0; round < 200; ++round)
    {
        auto quality = scores::from_shape({1 + random() % 80});
        for (double& score : quality)
            score = static_cast<double>(random() % 6) * 0.125;
        indices order(quality.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::stable_sort(order.begin(), order.end(),
                         [&](std::size_t a, std::size_t b) { return quality(a) < quality(b); });
        const std::size_t count = random() % (order.size() + 1);
        order.resize(count);
        CHECK(to_indices(find_top_issues(quality, count)) == order);
    }
}

TEST_CASE("scores come in float, lazily, as a view, and may be infinite")
{
    const xt::xtensor<float, 1> narrow{0.5F, 0.25F, 0.75F};
    CHECK(to_indices(find_top_issues(narrow, 2)) == indices{1, 0});
    CHECK(to_indices(find_top_issues(narrow * -1.0F, 2)) == indices{2, 0});
    const xt::xtensor<double, 2, xt::layout_type::column_major> table{{0.5, 0.9}, {0.25, 0.1}};
    CHECK(to_indices(find_top_issues(xt::view(table, xt::all(), 1), 2)) == indices{1, 0});
    constexpr double infinity = std::numeric_limits<double>::infinity();
    CHECK(to_indices(find_top_issues(scores{infinity, 0.0, -infinity}, 3)) == indices{2, 1, 0});
}

TEST_CASE("scores that are not numbers or not in one dimension are refused")
{
    CHECK_THROWS_WITH_AS(static_cast<void>(find_top_issues(scores{0.5, std::nan(""), 0.25}, 1)),
                         "find_top_issues: scores[1] is not a number", labelerrors::value_error);
    CHECK_THROWS_WITH_AS(static_cast<void>(find_top_issues(xt::xarray<double>{{0.5, 0.25}}, 1)),
                         "find_top_issues: scores must have 1 dimension, not 2", labelerrors::shape_error);
}

TEST_CASE("issues are ordered by the score of their labels, most severe first")
{
    // Self-confidence 0.75, 0.125, 0.5, 0.75, 0.75, 0.25; margins 0.8125, 0.1875, 0.625, 0.8125, 0.75, 0.375.
    const auto made = tests::worked_case();
    CHECK(to_indices(order_label_issues(indices{0, 5, 3, 1}, made.labels, made.pred_probs)) == indices{1, 5, 0, 3});
    CHECK(to_indices(order_label_issues(indices{3, 4, 0}, made.labels, made.pred_probs,
                                        {.method = labelerrors::score_method::normalized_margin})) == indices{4, 0, 3});
    CHECK(order_label_issues(indices{}, made.labels, made.pred_probs).size() == 0);
    CHECK(to_indices(order_label_issues(indices{0, 5, 3, 1}, made.labels, tests::in_type<float>(made.pred_probs))) ==
          indices{1, 5, 0, 3});
}

TEST_CASE("an issue that is no example is a value_error")
{
    const auto made = tests::worked_case();
    CHECK_THROWS_WITH_AS(static_cast<void>(order_label_issues(indices{0, 6}, made.labels, made.pred_probs)),
                         "order_label_issues: indices[1] is 6, but there are 6 examples", labelerrors::value_error);
}

TEST_CASE("what label_quality_scores would refuse is refused in the name of order_label_issues")
{
    auto made = tests::worked_case();
    CHECK_THROWS_WITH_AS(static_cast<void>(order_label_issues(indices{0}, std::vector<int>{0}, made.pred_probs)),
                         doctest::Contains("order_label_issues: labels has 1 example"), labelerrors::shape_error);
    CHECK_THROWS_WITH_AS(
        static_cast<void>(order_label_issues(indices{0}, made.labels, made.pred_probs,
                                             {.method = labelerrors::score_method::confidence_weighted_entropy,
                                              .adjust_pred_probs = labelerrors::adjustment::class_thresholds})),
        doctest::Contains("order_label_issues: confidence_weighted_entropy has no adjusted form"),
        labelerrors::value_error);
    made.pred_probs(2, 0) = 0.75;
    CHECK_THROWS_WITH_AS(static_cast<void>(order_label_issues(indices{0}, made.labels, made.pred_probs)),
                         doctest::Contains("order_label_issues: pred_probs row 2 sums to 1.5"),
                         labelerrors::value_error);
}

TEST_CASE("the lowest rows are those of find_top_issues, ascending")
{
    std::mt19937_64 random(3);
    scores quality = scores::from_shape({500});
    for (double& score : quality)
        score = static_cast<double>(random() % 17) / 16.0;
    for (const std::size_t count : {0u, 1u, 63u, 64u, 65u, 200u, 499u, 500u, 600u})
    {
        const auto top = find_top_issues(quality, count);
        indices wanted(top.begin(), top.end());
        std::sort(wanted.begin(), wanted.end());
        const auto lowest = labelerrors::detail::lowest_rows(std::span<const double>(quality.data(), 500), count);
        CHECK(indices(lowest.begin(), lowest.end()) == wanted);
    }
}
