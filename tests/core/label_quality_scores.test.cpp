#include "small_cases.hpp"
#include <labelerrors/core/label_quality_scores.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

using labelerrors::adjustment;
using labelerrors::label_quality_scores;
using labelerrors::score_method;

namespace
{

using scores = xt::xtensor<double, 1>;

constexpr std::array methods{score_method::self_confidence, score_method::normalized_margin,
                             score_method::confidence_weighted_entropy};

[[nodiscard]] double score_of(const std::vector<double>& row, int label, score_method method)
{
    auto pred_probs = xt::xtensor<double, 2>::from_shape({1, row.size()});
    std::copy(row.begin(), row.end(), pred_probs.begin());
    return label_quality_scores(std::vector<int>{label}, pred_probs, {.method = method})(0);
}

}  // namespace

TEST_CASE("self-confidence is the probability of the given label")
{
    const auto made = tests::worked_case();
    CHECK(label_quality_scores(made.labels, made.pred_probs) == scores{0.75, 0.125, 0.5, 0.75, 0.75, 0.25});
}

TEST_CASE("the normalized margin is half of 1 and the lead over the best other class")
{
    // (0.75 - 0.125 + 1) / 2, (0.125 - 0.75 + 1) / 2, (0.5 - 0.25 + 1) / 2, ...
    const auto made = tests::worked_case();
    CHECK(label_quality_scores(made.labels, made.pred_probs, {.method = score_method::normalized_margin}) ==
          scores{0.8125, 0.1875, 0.625, 0.8125, 0.75, 0.375});
    CHECK(score_of({1.0, 0.0}, 0, score_method::normalized_margin) == 1.0);
    CHECK(score_of({1.0, 0.0}, 1, score_method::normalized_margin) == 0.0);
    CHECK(score_of({0.5, 0.5}, 1, score_method::normalized_margin) == 0.5);
}

TEST_CASE("confidence-weighted entropy weighs the model's doubt against its trust in the label")
{
    constexpr auto entropy = score_method::confidence_weighted_entropy;
    // A level row of k classes has normalised entropy 1, so r = k and the score is log(k + 1) / k.
    CHECK(score_of({0.5, 0.5}, 0, entropy) == doctest::Approx(std::log(3.0) / 2.0).epsilon(1e-12));
    CHECK(score_of({0.25, 0.25, 0.25, 0.25}, 3, entropy) == doctest::Approx(std::log(5.0) / 4.0).epsilon(1e-12));
    // Halves and a quarter of each: 1.5 bits of log2(3); given a quarter, r = 1.5 / log2(3) * 4.
    const double ratio = 1.5 / std::log2(3.0) * 4.0;
    CHECK(score_of({0.5, 0.25, 0.25}, 1, entropy) == doctest::Approx(std::log(ratio + 1.0) / ratio).epsilon(1e-12));
    // The given probability is taken to be at least 1e-6.
    const double far = 1.0 / std::log2(3.0) * 1e6;
    CHECK(score_of({0.5, 0.5, 0.0}, 2, entropy) == doctest::Approx(std::log(far + 1.0) / far).epsilon(1e-9));
}

TEST_CASE("a row of a single one has the worst confidence-weighted entropy, even in the given class")
{
    CHECK(score_of({1.0, 0.0, 0.0}, 0, score_method::confidence_weighted_entropy) == 0.0);
    CHECK(score_of({1.0, 0.0, 0.0}, 1, score_method::confidence_weighted_entropy) == 0.0);
}

TEST_CASE("adjusted scores come from rows with the thresholds levelled out")
{
    // Thresholds 0.4375, 0.625, 0.5, largest 0.625: each row is shifted by (0.1875, 0, 0.125) and divided by its new
    // sum, 1.3125. Row 0 becomes (0.9375, 0.125, 0.25) / 1.3125.
    const auto made = tests::worked_case();
    const auto adjusted =
        label_quality_scores(made.labels, made.pred_probs, {.adjust_pred_probs = adjustment::class_thresholds});
    CHECK(adjusted(0) == doctest::Approx(0.9375 / 1.3125).epsilon(1e-12));
    CHECK(adjusted(1) == doctest::Approx(0.3125 / 1.3125).epsilon(1e-12));
    CHECK(adjusted(2) == doctest::Approx(0.5 / 1.3125).epsilon(1e-12));
    CHECK(adjusted(5) == doctest::Approx(0.375 / 1.3125).epsilon(1e-12));
    const auto margins = label_quality_scores(
        made.labels, made.pred_probs,
        {.method = score_method::normalized_margin, .adjust_pred_probs = adjustment::class_thresholds});
    // Row 1: (0.3125, 0.75, 0.25) / 1.3125, given 0. Row 5: (0.6875, 0.25, 0.375) / 1.3125, given 2.
    CHECK(margins(1) == doctest::Approx((0.3125 / 1.3125 - 0.75 / 1.3125 + 1.0) / 2.0).epsilon(1e-12));
    CHECK(margins(5) == doctest::Approx((0.375 / 1.3125 - 0.6875 / 1.3125 + 1.0) / 2.0).epsilon(1e-12));
}

TEST_CASE("with a class that has no example adjusting levels up to its threshold of 2")
{
    // Thresholds 0.75, 2: shifts 1.25, 0. Row (0.75, 0.25) -> (2, 0.25) / 2.25.
    const auto adjusted = label_quality_scores(std::vector<int>{0}, xt::xtensor<double, 2>{{0.75, 0.25}},
                                               {.adjust_pred_probs = adjustment::class_thresholds});
    CHECK(adjusted(0) == doctest::Approx(2.0 / 2.25).epsilon(1e-12));
}

TEST_CASE("every score lies in [0, 1], whatever the row")
{
    std::mt19937_64 random(19);
    for (int round = 0; round < 40; ++round)
    {
        const auto made = tests::random_case(random, 50, 2 + random() % 6, round % 2 == 0 ? 4 : 97);
        for (const auto method : methods)
            for (const double score : label_quality_scores(made.labels, made.pred_probs, {.method = method}))
                CHECK((score >= 0.0 && score <= 1.0 + 1e-12));
    }
}

TEST_CASE("a label that gains probability scores higher")
{
    for (const auto method : methods)
    {
        double last = -1.0;
        for (int step = 1; step < 16; ++step)
        {
            const double given = static_cast<double>(step) / 16.0;
            const double score = score_of({given, 1.0 - given}, 0, method);
            if (method != score_method::confidence_weighted_entropy || step < 8)
                CHECK(score > last);
            last = score;
        }
    }
}

TEST_CASE("values outside [0, 1] within the tolerance score as the bound")
{
    const xt::xtensor<double, 2> beyond{{-0.5e-4, 1.00001}, {0.25, 0.75}};
    const xt::xtensor<double, 2> bounded{{0.0, 1.0}, {0.25, 0.75}};
    for (const auto method : methods)
        CHECK(label_quality_scores(std::vector<int>{0, 1}, beyond, {.method = method}) ==
              label_quality_scores(std::vector<int>{0, 1}, bounded, {.method = method}));
}

TEST_CASE("floats, halves, columns and lazy expressions score the same bits")
{
    std::mt19937_64 random(20);
    const auto made = tests::random_case(random, 300, 5, 128);
    for (const auto method : methods)
        for (const auto adjust : {adjustment::none, adjustment::class_thresholds})
        {
            if (method == score_method::confidence_weighted_entropy && adjust == adjustment::class_thresholds)
                continue;
            const labelerrors::label_quality_scores_options options{.method = method, .adjust_pred_probs = adjust};
            const auto expected = label_quality_scores(made.labels, made.pred_probs, options);
            CHECK(label_quality_scores(made.labels, tests::in_type<float>(made.pred_probs), options) == expected);
            CHECK(label_quality_scores(made.labels, tests::in_type<labelerrors::float16>(made.pred_probs), options) ==
                  expected);
            CHECK(label_quality_scores(made.labels, tests::by_columns(made.pred_probs), options) == expected);
            CHECK(label_quality_scores(made.labels, tests::lazily(made.pred_probs), options) == expected);
        }
}

TEST_CASE("adjusted confidence-weighted entropy is a value_error, as are bad rows")
{
    auto made = tests::worked_case();
    CHECK_THROWS_WITH_AS(static_cast<void>(label_quality_scores(made.labels, made.pred_probs,
                                                                {.method = score_method::confidence_weighted_entropy,
                                                                 .adjust_pred_probs = adjustment::class_thresholds})),
                         doctest::Contains("label_quality_scores: confidence_weighted_entropy has no adjusted form"),
                         labelerrors::value_error);
    made.pred_probs(3, 2) = -0.25;
    CHECK_THROWS_WITH_AS(static_cast<void>(label_quality_scores(made.labels, made.pred_probs)),
                         doctest::Contains("label_quality_scores: pred_probs row 3, column 2 is -0.25"),
                         labelerrors::value_error);
    CHECK_THROWS_AS(static_cast<void>(label_quality_scores(std::vector<int>{0}, made.pred_probs)),
                    labelerrors::shape_error);
}

TEST_CASE("a row of zeros, which a wide tolerance lets pass, scores as one, adjusted or not")
{
    const xt::xtensor<double, 2> zeros{{0.0, 0.0}, {0.0, 0.0}, {0.0, 0.0}};
    const std::vector<int> labels{0, 1, 0};
    for (const auto adjust : {adjustment::none, adjustment::class_thresholds})
        for (const auto method : {score_method::self_confidence, score_method::normalized_margin})
            for (const double score :
                 label_quality_scores(labels, zeros, {.method = method, .adjust_pred_probs = adjust, .tolerance = 1.0}))
                CHECK(score == (method == score_method::self_confidence ? 0.0 : 0.5));
}
