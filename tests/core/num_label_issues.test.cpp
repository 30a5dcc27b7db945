#include "small_cases.hpp"
#include <labelerrors/core/num_label_issues.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <vector>

using labelerrors::compute_confident_joint;
using labelerrors::estimation_method;
using labelerrors::num_label_issues;

namespace
{

using counts = xt::xtensor<std::int64_t, 2>;
using sizes = std::vector<std::size_t>;

}  // namespace

TEST_CASE("both estimates count the two wrong labels of the worked case")
{
    // Off the diagonal: examples 1 and 5, both contradicted. Calibrated: 2 of 6 shares of 6 examples.
    const auto made = tests::worked_case();
    CHECK(num_label_issues(made.labels, made.pred_probs) == 2);
    CHECK(num_label_issues(made.labels, made.pred_probs, {.method = estimation_method::off_diagonal_calibrated}) == 2);
    CHECK(num_label_issues(compute_confident_joint(made.labels, made.pred_probs)) == 2);
}

TEST_CASE("an example off the diagonal whose label wins when raised is no issue")
{
    // Both rows are level, so the second one is counted as class 0, yet its own label wins once raised.
    const xt::xtensor<double, 2> pred_probs{{0.5, 0.5}, {0.5, 0.5}};
    const std::vector<int> labels{0, 1};
    CHECK(compute_confident_joint(labels, pred_probs).off_diagonal_indices.size() == 1);
    CHECK(num_label_issues(labels, pred_probs) == 0);
    // Raw (1, 0), (1, 1): calibrated (1, 0) and (0.5, 0.5) -> (0, 1), as the last of equals gets what is missing.
    CHECK(num_label_issues(labels, pred_probs, {.method = estimation_method::off_diagonal_calibrated}) == 0);
}

TEST_CASE("a confident joint of one's own is calibrated and its off-diagonal share taken, half to even")
{
    // Rows of 4: (3, 1), (2, 2) of 4 and 4 given: 3 of 8 shares off the diagonal.
    CHECK(num_label_issues(counts{{3, 1}, {2, 2}}, sizes{4, 4}) == 3);
    // Twice the examples, twice the issues.
    CHECK(num_label_issues(counts{{3, 1}, {2, 2}}, sizes{8, 8}) == 6);
    CHECK(num_label_issues(counts{{3, 0}, {0, 2}}, sizes{5, 9}) == 0);
    CHECK(num_label_issues(counts{{1, 0}, {0, 1}}, sizes{0, 0}) == 0);
}

TEST_CASE("class counts may be what compute_confident_joint returns")
{
    const auto made = tests::worked_case();
    const auto found = compute_confident_joint(made.labels, made.pred_probs);
    CHECK(num_label_issues(found.confident_joint, found.class_counts) == 2);
    // So they may where it is known at run time only how many dimensions either has.
    const xt::xarray<std::int64_t> joint(found.confident_joint);
    CHECK(num_label_issues(joint, xt::xarray<std::size_t>(found.class_counts)) == 2);
    CHECK(num_label_issues(joint, found.class_counts) == 2);
    CHECK_THROWS_WITH_AS(static_cast<void>(num_label_issues(joint, xt::xarray<int>{2, 2, -1})),
                         "num_label_issues: class_counts[2] is -1; counts are not negative and below 2^53",
                         labelerrors::value_error);
}

TEST_CASE("the estimate is the count of the listed examples that are contradicted, in any layout")
{
    std::mt19937_64 random(14);
    for (int round = 0; round < 50; ++round)
    {
        const auto made = tests::random_case(random, 1 + random() % 80, 2 + random() % 5, 8);
        const auto found = compute_confident_joint(made.labels, made.pred_probs);
        const auto contradicted = tests::to_indices(found.contradicted_indices);
        std::size_t expected = 0;
        for (const std::size_t index : found.off_diagonal_indices)
            expected += std::binary_search(contradicted.begin(), contradicted.end(), index) ? 1u : 0u;
        CHECK(num_label_issues(found) == expected);
        CHECK(num_label_issues(made.labels, made.pred_probs) == expected);
        CHECK(num_label_issues(made.labels, tests::in_type<labelerrors::float16>(made.pred_probs)) == expected);
        CHECK(num_label_issues(made.labels, tests::by_columns(made.pred_probs)) == expected);
        CHECK(num_label_issues(made.labels, tests::lazily(made.pred_probs)) == expected);
    }
}

TEST_CASE("bad input to the number of label issues is refused")
{
    const auto made = tests::worked_case();
    CHECK_THROWS_WITH_AS(static_cast<void>(num_label_issues(std::vector<int>{0, 1}, made.pred_probs)),
                         doctest::Contains("num_label_issues: labels has 2 examples"), labelerrors::shape_error);
    CHECK_THROWS_AS(static_cast<void>(num_label_issues(counts{{1, 1}, {1, 1}}, sizes{1, 1, 1})),
                    labelerrors::shape_error);
    CHECK_THROWS_WITH_AS(static_cast<void>(num_label_issues(counts{{1, 1}, {1, 1}}, sizes{})),
                         "num_label_issues: class_counts is empty; it must have a count for each class",
                         labelerrors::shape_error);
    CHECK_THROWS_WITH_AS(static_cast<void>(num_label_issues(counts{{1, -1}, {1, 1}}, sizes{1, 1})),
                         "num_label_issues: confident_joint(0, 1) is -1; counts are not negative and below 2^53",
                         labelerrors::value_error);
}
