#include "small_cases.hpp"
#include <labelerrors/core/class_thresholds.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <string>
#include <vector>

using labelerrors::class_thresholds;

namespace
{

using vector = xt::xtensor<double, 1>;

}  // namespace

TEST_CASE("a threshold is the mean of the class's probability over the examples given that label")
{
    // 0: (0.75 + 0.125) / 2; 1: (0.5 + 0.75) / 2; 2: (0.75 + 0.25) / 2.
    const auto made = tests::worked_case();
    CHECK(class_thresholds(made.labels, made.pred_probs) == vector{0.4375, 0.625, 0.5});
}

TEST_CASE("a class without examples has the threshold 2, one with one example that example's probability")
{
    const xt::xtensor<double, 2> pred_probs{{0.5, 0.25, 0.25}, {0.25, 0.5, 0.25}, {0.75, 0.125, 0.125}};
    CHECK(class_thresholds(std::vector<int>{0, 1, 0}, pred_probs) ==
          vector{0.625, 0.5, labelerrors::missing_class_threshold});
    CHECK(class_thresholds(std::vector<int>{2, 2, 2}, pred_probs) == vector{2.0, 2.0, 0.625 / 3.0});
    CHECK(class_thresholds(std::vector<int>{1}, xt::xtensor<double, 2>{{0.75, 0.25}}) == vector{2.0, 0.25});
}

TEST_CASE("a threshold is at least 2e-6")
{
    const xt::xtensor<double, 2> pred_probs{{0.0, 1.0}, {1e-6, 1.0 - 1e-6}};
    CHECK(class_thresholds(std::vector<int>{0, 0}, pred_probs) == vector{2e-6, 2.0});
}

TEST_CASE("values outside [0, 1] within the tolerance count as the bound")
{
    const xt::xtensor<double, 2> pred_probs{{-0.5e-4, 1.0 + 0.5e-4}, {0.5, 0.5}};
    CHECK(class_thresholds(std::vector<int>{1, 1}, pred_probs) == vector{2.0, 0.75});
    CHECK(class_thresholds(std::vector<int>{0, 0}, pred_probs) == vector{0.25, 2.0});
    // With a tolerance without end any numbers pass, and count no more than the bound.
    CHECK(class_thresholds(std::vector<int>{1, 0}, xt::xtensor<double, 2>{{0.0, 1e8}, {-1e8, 0.5}},
                           {.tolerance = 1e9}) == vector{2e-6, 1.0});
}

TEST_CASE("thresholds do not depend on the order of the examples")
{
    std::mt19937_64 random(7);
    // Thirds and sevenths, so that running sums round.
    const auto made = tests::random_case(random, 300, 4, 21);
    const auto expected = class_thresholds(made.labels, made.pred_probs);
    std::vector<std::size_t> order(300);
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    std::shuffle(order.begin(), order.end(), random);
    auto shuffled = made;
    for (std::size_t i = 0; i < order.size(); ++i)
    {
        shuffled.labels(i) = made.labels(order[i]);
        for (std::size_t j = 0; j < 4; ++j)
            shuffled.pred_probs(i, j) = made.pred_probs(order[i], j);
    }
    CHECK(class_thresholds(shuffled.labels, shuffled.pred_probs) == expected);
}

TEST_CASE("floats, halves, columns, views and lazy expressions give the same bits")
{
    std::mt19937_64 random(8);
    const auto made = tests::random_case(random, 500, 5, 64);
    const auto expected = class_thresholds(made.labels, made.pred_probs);
    CHECK(class_thresholds(made.labels, tests::in_type<float>(made.pred_probs)) == expected);
    CHECK(class_thresholds(made.labels, tests::in_type<labelerrors::float16>(made.pred_probs)) == expected);
    CHECK(class_thresholds(made.labels, tests::by_columns(made.pred_probs)) == expected);
    CHECK(class_thresholds(made.labels, tests::lazily(made.pred_probs)) == expected);
}

TEST_CASE("any number of threads gives the same bits")
{
    constexpr std::size_t n = 460'000;
    auto pred_probs = xt::xtensor<float, 2>::from_shape({n, std::size_t{4}});
    std::vector<unsigned char> labels(n);
    std::mt19937_64 random(9);
    for (std::size_t i = 0; i < n; ++i)
    {
        const float p = static_cast<float>(random() % 1000) / 3000.0F;
        labels[i] = static_cast<unsigned char>(random() % 4);
        pred_probs(i, 0) = p;
        pred_probs(i, 1) = p / 3.0F;
        pred_probs(i, 2) = p / 7.0F;
        pred_probs(i, 3) = 1.0F - p - p / 3.0F - p / 7.0F;
    }
    REQUIRE(labelerrors::detail::threads_for(7, n * 4) == 7);
    const auto expected = class_thresholds(labels, pred_probs, {.threads = 1});
    for (const std::size_t threads : std::array<std::size_t, 3>{0, 2, 7})
        CHECK(class_thresholds(labels, pred_probs, {.threads = threads}) == expected);
}

TEST_CASE("each pass is reported from its start to its end")
{
    const auto made = tests::worked_case();
    std::vector<std::string> passes;
    std::size_t done = 0;
    static_cast<void>(class_thresholds(made.labels, made.pred_probs,
                                       {.threads = 1,
                                        .progress = [&](const labelerrors::scan_progress& state)
                                        {
                                            if (state.rows_done == 0)
                                                passes.emplace_back(state.pass);
                                            done = state.rows_done;
                                            CHECK(state.rows == 6);
                                        }}));
    CHECK(passes == std::vector<std::string>{"check", "thresholds"});
    CHECK(done == 6);
}

TEST_CASE("bad labels and bad rows are refused by name")
{
    const auto made = tests::worked_case();
    CHECK_THROWS_WITH_AS(static_cast<void>(class_thresholds(std::vector<int>{0, 1}, made.pred_probs)),
                         doctest::Contains("class_thresholds: labels has 2 examples and pred_probs has 6 rows"),
                         labelerrors::shape_error);
    CHECK_THROWS_WITH_AS(static_cast<void>(class_thresholds(std::vector<int>{0, 1, 2, 3, 0, 0}, made.pred_probs)),
                         doctest::Contains("class_thresholds: labels[3] is 3"), labelerrors::value_error);
    auto unsure = made;
    unsure.pred_probs(4, 0) = 0.5;
    CHECK_THROWS_WITH_AS(static_cast<void>(class_thresholds(unsure.labels, unsure.pred_probs)),
                         doctest::Contains("class_thresholds: pred_probs row 4 sums to 1.5"), labelerrors::value_error);
    CHECK_THROWS_WITH_AS(static_cast<void>(class_thresholds(std::vector<int>{0}, xt::xarray<double>{0.5, 0.5})),
                         "class_thresholds: pred_probs must have 2 dimensions, not 1", labelerrors::shape_error);
}
