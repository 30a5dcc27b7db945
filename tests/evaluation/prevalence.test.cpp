#include <labelerrors/evaluation/prevalence.hpp>

#include <doctest/doctest.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

using namespace labelerrors;
using namespace labelerrors::evaluation;

namespace
{

const std::vector<int> given{0, 0, 0, 0, 0, 0};
const std::vector<int> corrected{0, 0, 0, 0, 1, 1};
const scored_examples examples = select_examples(given, corrected, example_subset::corrected);
const top_k_predictions small_model = from_labels(std::vector<int>{0, 0, 1, 1, 1, 1}, 2);
const top_k_predictions large_model = from_labels(std::vector<int>{0, 0, 0, 1, 0, 1}, 2);

}  // namespace

TEST_CASE("the accuracies and the crossover of two models on six examples, by hand")
{
    const auto small = split_by_correction(small_model, examples);
    const auto large = split_by_correction(large_model, examples);
    CHECK(small.correctable == accuracy{2, 2});
    CHECK(small.benign == accuracy{2, 4});
    CHECK(large.correctable == accuracy{1, 2});
    CHECK(large.benign == accuracy{3, 4});
    CHECK(small.prevalence() == doctest::Approx(1.0 / 3.0));
    CHECK(expected_accuracy(small, 0.0) == 0.5);
    CHECK(expected_accuracy(small, 1.0) == 1.0);
    CHECK(expected_accuracy(large, 0.5) == 0.625);
    // 0.25 behind on benign ones, 0.5 ahead on correctable ones.
    const auto crossing = find_crossover(small, large);
    REQUIRE(crossing);
    CHECK(crossing->prevalence == doctest::Approx(0.25 / 0.75));
    CHECK(!crossing->a_leads_below);
    CHECK(find_crossover(large, small)->a_leads_below);
    CHECK(find_crossover(large, small)->prevalence == doctest::Approx(0.25 / 0.75));
}

TEST_CASE("the expectation is the mean over all ways to take benign examples away")
{
    const auto small = split_by_correction(small_model, examples);
    for (int left = 1; left <= 4; ++left)
    {
        double sum = 0.0;
        std::size_t ways = 0;
        for (unsigned kept = 0; kept < 16U; ++kept)
        {
            if (std::popcount(kept) != left)
                continue;
            std::size_t correct = small.correctable.num_correct;
            for (std::size_t i = 0; i < 4; ++i)
                correct += (kept >> i & 1U) != 0 && small_model.labels[i] == 0 ? 1U : 0U;
            sum += static_cast<double>(correct) / (2.0 + left);
            ++ways;
        }
        CHECK(expected_accuracy(small, 2.0 / (2.0 + left)) == doctest::Approx(sum / static_cast<double>(ways)));
    }
}

TEST_CASE("at the crossover both models are expected to be equally accurate, and the lead changes there")
{
    for (std::size_t i = 1; i < 10; ++i)
        for (std::size_t j = 0; j < i; ++j)
        {
            const split_accuracy a{{i, 10}, {j, 100}};
            const split_accuracy b{{j, 10}, {i + 3, 100}};
            const auto crossing = find_crossover(a, b);
            REQUIRE(crossing);
            const double x = crossing->prevalence;
            CHECK(expected_accuracy(a, x) == doctest::Approx(expected_accuracy(b, x)));
            CHECK(expected_accuracy(a, x - 0.01) < expected_accuracy(b, x - 0.01));
            CHECK(expected_accuracy(a, x + 0.01) > expected_accuracy(b, x + 0.01));
        }
}

TEST_CASE("there is no crossover where one model leads throughout or they are equal at an end")
{
    const split_accuracy a{{5, 10}, {50, 100}};
    CHECK(!find_crossover(a, a));
    CHECK(!find_crossover(a, {{4, 10}, {40, 100}}));
    CHECK(!find_crossover(a, {{5, 10}, {40, 100}}));
    CHECK(!find_crossover(a, {{6, 10}, {50, 100}}));
    CHECK(find_crossover(a, {{6, 10}, {49, 100}}));
}

TEST_CASE("shares out of range, and splits without examples or of other examples, are refused")
{
    const split_accuracy a{{5, 10}, {50, 100}};
    for (const double x : {-0.01, 1.01, std::numeric_limits<double>::quiet_NaN()})
        CHECK_THROWS_AS(expected_accuracy(a, x), value_error);
    CHECK_THROWS_WITH_AS(expected_accuracy(a, -1e-9), doctest::Contains("from 0 to 1, but is -1e-09"), value_error);
    CHECK_THROWS_AS(expected_accuracy({{0, 0}, {1, 2}}, 0.5), value_error);
    CHECK_THROWS_AS(find_crossover(a, {{5, 11}, {50, 100}}), value_error);
    CHECK_THROWS_AS(find_crossover(a, {{5, 10}, {50, 101}}), value_error);
    CHECK_THROWS_AS(find_crossover(a, {{5, 10}, {0, 0}}), value_error);
    const auto benign = select_examples(given, corrected, example_subset::benign);
    CHECK_THROWS_WITH_AS(split_by_correction(small_model, benign),
                         "split_by_correction: there must be correctable and benign examples, but there are 0 and 4",
                         value_error);
}

TEST_CASE("examples made by hand that have not two labels for each row are refused")
{
    auto broken = examples;
    broken.given_labels.resize(2);
    CHECK_THROWS_WITH_AS(split_by_correction(small_model, broken),
                         doctest::Contains("split_by_correction: examples must have a given and a corrected label"),
                         shape_error);
    broken = examples;
    broken.corrected_labels.resize(2);
    CHECK_THROWS_AS(split_by_correction(small_model, broken), shape_error);
}
