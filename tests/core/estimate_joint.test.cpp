#include "small_cases.hpp"
#include <labelerrors/core/estimate_joint.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <vector>

using labelerrors::estimate_joint;

TEST_CASE("the joint is the calibrated confident joint over its sum")
{
    const auto made = tests::worked_case();
    const xt::xtensor<double, 2> expected{
        {1.0 / 6.0, 1.0 / 6.0, 0.0}, {0.0, 2.0 / 6.0, 0.0}, {1.0 / 6.0, 0.0, 1.0 / 6.0}};
    CHECK(estimate_joint(made.labels, made.pred_probs) == expected);
    // The same from the raw counts; class counts come as any contiguous sizes.
    const xt::xtensor<std::int64_t, 2> raw{{1, 1, 0}, {0, 1, 0}, {1, 0, 1}};
    CHECK(estimate_joint(raw, std::vector<std::size_t>{2, 2, 2}) == expected);
    const auto found = labelerrors::compute_confident_joint(made.labels, made.pred_probs);
    CHECK(estimate_joint(found.confident_joint, found.class_counts) == expected);
}

TEST_CASE("a confident joint and class counts may be arrays whose dimensions are known at run time only")
{
    const xt::xarray<int> raw{{1, 1, 0}, {0, 1, 0}, {1, 0, 1}};
    const xt::xarray<std::size_t> class_counts{2, 2, 2};
    const auto expected = estimate_joint(xt::xtensor<int, 2>(raw), std::vector<std::size_t>{2, 2, 2});
    CHECK(estimate_joint(raw, class_counts) == expected);
    CHECK(estimate_joint(raw, xt::xarray<int>(class_counts)) == expected);
    CHECK_THROWS_WITH_AS(static_cast<void>(estimate_joint(raw, xt::xarray<int>{2, -2, 2})),
                         "estimate_joint: class_counts[1] is -2; counts are not negative and below 2^53",
                         labelerrors::value_error);
    // Labels and probabilities may be such arrays too.
    const auto made = tests::worked_case();
    CHECK(estimate_joint(xt::xarray<int>(made.labels), xt::xarray<double>(made.pred_probs)) == expected);
    const xt::xarray<int> certain{{1, 0}, {0, 1}};
    CHECK(estimate_joint(xt::xarray<int>{0, 1}, certain) == xt::xtensor<double, 2>{{0.5, 0.0}, {0.0, 0.5}});
}

TEST_CASE("a joint sums to 1 and its rows to the shares of the labels")
{
    std::mt19937_64 random(12);
    for (int round = 0; round < 50; ++round)
    {
        const std::size_t k = 2 + random() % 5;
        const std::size_t n = 1 + random() % 80;
        const auto made = tests::random_case(random, n, k, 16);
        const auto joint = estimate_joint(made.labels, made.pred_probs);
        const auto class_counts = made.class_counts();
        for (std::size_t i = 0; i < k; ++i)
        {
            double sum = 0.0;
            for (std::size_t j = 0; j < k; ++j)
                sum += joint(i, j);
            CHECK(sum == doctest::Approx(static_cast<double>(class_counts[i]) / static_cast<double>(n)));
        }
    }
}

TEST_CASE("floats, columns and lazy expressions give the same joint")
{
    std::mt19937_64 random(13);
    const auto made = tests::random_case(random, 200, 4, 16);
    const auto expected = estimate_joint(made.labels, made.pred_probs);
    CHECK(estimate_joint(made.labels, tests::in_type<float>(made.pred_probs)) == expected);
    CHECK(estimate_joint(made.labels, tests::by_columns(made.pred_probs)) == expected);
    CHECK(estimate_joint(made.labels, tests::lazily(made.pred_probs)) == expected);
}

TEST_CASE("bad input to the joint is refused")
{
    const auto made = tests::worked_case();
    CHECK_THROWS_AS(static_cast<void>(estimate_joint(std::vector<int>{0, 1}, made.pred_probs)),
                    labelerrors::shape_error);
    CHECK_THROWS_AS(static_cast<void>(estimate_joint(xt::xtensor<int, 2>{{1, 1}, {1, 1}}, std::vector<std::size_t>{3})),
                    labelerrors::shape_error);
    CHECK_THROWS_WITH_AS(
        static_cast<void>(estimate_joint(xt::xtensor<int, 2>{{1, -1}, {1, 1}}, std::vector<std::size_t>{3, 4})),
        "estimate_joint: confident_joint(0, 1) is -1; counts are not negative and below 2^53",
        labelerrors::value_error);
    CHECK_THROWS_WITH_AS(static_cast<void>(estimate_joint(xt::xtensor<int, 2>{{1, 1}, {1, 1}},
                                                          std::vector<std::size_t>{3, std::size_t{1} << 53})),
                         doctest::Contains("estimate_joint: class_counts[1] must be below 2^53"),
                         labelerrors::value_error);
}
