#include "small_cases.hpp"
#include <labelerrors/core/confident_joint.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

using labelerrors::calibration;
using labelerrors::compute_confident_joint;

namespace
{

using counts = xt::xtensor<std::int64_t, 2>;
using indices = std::vector<std::size_t>;
using tests::to_indices;

void check_equal(const labelerrors::confident_joint_result& a, const labelerrors::confident_joint_result& b)
{
    CHECK(a.confident_joint == b.confident_joint);
    CHECK(a.thresholds == b.thresholds);
    CHECK(a.class_counts == b.class_counts);
    CHECK(a.off_diagonal_indices == b.off_diagonal_indices);
    CHECK(a.contradicted_indices == b.contradicted_indices);
}

}  // namespace

TEST_CASE("examples are counted by given label and by the class that the model is confident in")
{
    // Thresholds 0.4375, 0.625, 0.5. Rows 0, 3, 4 are confident in their own label; row 1, given 0, in class 1 (0.75);
    // row 5, given 2, in class 0 (0.5); row 2 in none, so it is not counted.
    const auto made = tests::worked_case();
    const auto found = compute_confident_joint(made.labels, made.pred_probs, {.calibrate = calibration::none});
    CHECK(found.confident_joint == counts{{1, 1, 0}, {0, 1, 0}, {1, 0, 1}});
    CHECK(found.thresholds == xt::xtensor<double, 1>{0.4375, 0.625, 0.5});
    CHECK(to_indices(found.class_counts) == indices{2, 2, 2});
    CHECK(to_indices(found.off_diagonal_indices) == indices{1, 5});
    CHECK(to_indices(found.contradicted_indices) == indices{1, 5});
    // Calibrated: row 1 has one count for two examples.
    CHECK(compute_confident_joint(made.labels, made.pred_probs).confident_joint ==
          counts{{1, 1, 0}, {0, 2, 0}, {1, 0, 1}});
}

TEST_CASE("an example confident in several classes counts in its argmax, even one that it is not confident in")
{
    // Thresholds: 0: 0.25, 1: 0.25, 2: 0.75. The first row is confident in 0 and 1, yet its argmax is 2.
    const xt::xtensor<double, 2> pred_probs{{0.25, 0.25, 0.5}, {0.25, 0.25, 0.5}, {0.25, 0.0, 0.75}, {0.25, 0.25, 0.5}};
    const std::vector<int> labels{0, 1, 2, 0};
    const auto found = compute_confident_joint(labels, pred_probs, {.calibrate = calibration::none});
    CHECK(found.thresholds == xt::xtensor<double, 1>{0.25, 0.25, 0.75});
    // The diagonal entries of 0 and 1 are raised to 1; row 2 is confident in 0 and 2, and its argmax is 2.
    CHECK(found.confident_joint == counts{{1, 0, 2}, {0, 1, 1}, {0, 0, 1}});
    CHECK(to_indices(found.off_diagonal_indices) == indices{0, 1, 3});
}

TEST_CASE("of equal largest probabilities the first class counts")
{
    const xt::xtensor<double, 2> pred_probs{{0.5, 0.5}, {0.5, 0.5}};
    const auto found = compute_confident_joint(std::vector<int>{0, 1}, pred_probs, {.calibrate = calibration::none});
    CHECK(found.confident_joint == counts{{1, 0}, {1, 1}});
    CHECK(to_indices(found.off_diagonal_indices) == indices{1});
    // Raised by 1e-6 the given label wins, so the model does not contradict it.
    CHECK(found.contradicted_indices.size() == 0);
}

TEST_CASE("a probability a millionth below its threshold still counts, and not much less")
{
    // The threshold of class 1 is 0.5 by the first two examples; the others are given 0, whose threshold is above 0.49.
    for (const auto& [off, reaches] : {std::pair{0.9e-6, true}, std::pair{1.1e-6, false}})
    {
        const xt::xtensor<double, 2> pred_probs{
            {0.5, 0.5, 0.0}, {0.5, 0.5, 0.0}, {0.25, 0.5 - off, 0.25 + off}, {0.875, 0.125, 0.0}};
        const auto found =
            compute_confident_joint(std::vector<int>{1, 1, 0, 0}, pred_probs, {.calibrate = calibration::none});
        CHECK(found.confident_joint(0, 1) == (reaches ? 1 : 0));
    }
}

TEST_CASE("a class without examples has a diagonal of 1 and nothing else, until it is calibrated")
{
    const xt::xtensor<double, 2> pred_probs{{0.75, 0.125, 0.125}, {0.125, 0.125, 0.75}};
    const std::vector<int> labels{0, 2};
    CHECK(compute_confident_joint(labels, pred_probs, {.calibrate = calibration::none}).confident_joint ==
          counts{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}});
    const auto found = compute_confident_joint(labels, pred_probs);
    CHECK(found.confident_joint == counts{{1, 0, 0}, {0, 0, 0}, {0, 0, 1}});
    CHECK(found.thresholds(1) == labelerrors::missing_class_threshold);
    CHECK(to_indices(found.class_counts) == indices{1, 0, 1});
}

TEST_CASE("counts add up: no more than there are examples, and off the diagonal as many as are listed")
{
    std::mt19937_64 random(10);
    for (int round = 0; round < 100; ++round)
    {
        const std::size_t k = 2 + random() % 6;
        const std::size_t n = 1 + random() % 60;
        const auto made = tests::random_case(random, n, k, 8);
        const auto found = compute_confident_joint(made.labels, made.pred_probs, {.calibrate = calibration::none});
        std::int64_t total = 0;
        std::int64_t diagonal = 0;
        for (std::size_t i = 0; i < k; ++i)
        {
            diagonal += found.confident_joint(i, i);
            for (std::size_t j = 0; j < k; ++j)
                total += found.confident_joint(i, j);
        }
        CHECK(total - diagonal == static_cast<std::int64_t>(found.off_diagonal_indices.size()));
        CHECK(total <= static_cast<std::int64_t>(n + k));
        CHECK(std::is_sorted(found.off_diagonal_indices.begin(), found.off_diagonal_indices.end()));
        CHECK(std::is_sorted(found.contradicted_indices.begin(), found.contradicted_indices.end()));
        CHECK(to_indices(found.class_counts) == made.class_counts());
    }
}

TEST_CASE("floats, halves, columns and lazy expressions are counted alike")
{
    std::mt19937_64 random(11);
    const auto made = tests::random_case(random, 400, 9, 32);
    const auto expected = compute_confident_joint(made.labels, made.pred_probs);
    check_equal(compute_confident_joint(made.labels, tests::in_type<float>(made.pred_probs)), expected);
    check_equal(compute_confident_joint(made.labels, tests::in_type<labelerrors::float16>(made.pred_probs)), expected);
    check_equal(compute_confident_joint(made.labels, tests::by_columns(made.pred_probs)), expected);
    check_equal(compute_confident_joint(made.labels, tests::lazily(made.pred_probs)), expected);
}

TEST_CASE("bad input is refused in the name of compute_confident_joint")
{
    auto made = tests::worked_case();
    CHECK_THROWS_WITH_AS(static_cast<void>(compute_confident_joint(std::vector<int>{0}, made.pred_probs)),
                         doctest::Contains("compute_confident_joint: labels has 1 example"), labelerrors::shape_error);
    CHECK_THROWS_WITH_AS(
        static_cast<void>(compute_confident_joint(std::vector<int>{0, 0, 0, 0, 0, -4}, made.pred_probs)),
        doctest::Contains("compute_confident_joint: labels[5] is -4"), labelerrors::value_error);
    made.pred_probs(2, 1) = 0.25;
    CHECK_THROWS_WITH_AS(static_cast<void>(compute_confident_joint(made.labels, made.pred_probs)),
                         doctest::Contains("compute_confident_joint: pred_probs row 2 sums to 0.75"),
                         labelerrors::value_error);
    CHECK_NOTHROW(static_cast<void>(compute_confident_joint(made.labels, made.pred_probs, {.tolerance = 0.3})));
}
