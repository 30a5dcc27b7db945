#include "small_cases.hpp"
#include <labelerrors/core/class_health.hpp>
#include <labelerrors/core/estimate_joint.hpp>
#include <labelerrors/core/health_summary.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <random>
#include <string>
#include <vector>

using labelerrors::find_overlapping_classes;
using labelerrors::overall_label_health_score;
using labelerrors::overlap_direction;
using labelerrors::rank_classes_by_label_quality;

namespace
{

/// The calibrated joint of the worked case, over 6.
[[nodiscard]] xt::xtensor<double, 2> worked_joint()
{
    return xt::xtensor<double, 2>{{1, 1, 0}, {0, 2, 0}, {1, 0, 1}} / 6.0;
}

}  // namespace

TEST_CASE("classes are ranked from the worst labels to the best, of equal ones the lower first")
{
    // Class 0: given to 2, one of them truly 1: noise 1/2; truly 0 are 2, one given 2: inverse noise 1/2.
    // Class 1: both given are true: noise 0; truly 1 are 3, one given 0: 1/3. Class 2: noise 1/2, inverse 0.
    const auto classes = rank_classes_by_label_quality(worked_joint(), 6);
    REQUIRE(classes.size() == 3);
    CHECK(classes[0].class_index == 0);
    CHECK(classes[0].label_issues == 1);
    CHECK(classes[0].inverse_label_issues == 1);
    CHECK(classes[0].label_noise == doctest::Approx(0.5));
    CHECK(classes[0].inverse_label_noise == doctest::Approx(0.5));
    CHECK(classes[0].label_quality_score == doctest::Approx(0.5));
    CHECK(classes[1].class_index == 2);
    CHECK(classes[1].label_issues == 1);
    CHECK(classes[1].inverse_label_issues == 0);
    CHECK(classes[2].class_index == 1);
    CHECK(classes[2].label_issues == 0);
    CHECK(classes[2].inverse_label_issues == 1);
    CHECK(classes[2].inverse_label_noise == doctest::Approx(1.0 / 3.0));
    CHECK(classes[2].label_quality_score == 1.0);
}

TEST_CASE("numbers of examples are rounded half to even")
{
    // A quarter of 10, 2.5, is 2; of 14, 3.5, is 4.
    const xt::xtensor<double, 2> joint{{0.25, 0.25}, {0.0, 0.5}};
    CHECK(rank_classes_by_label_quality(joint, 10)[0].label_issues == 2);
    CHECK(rank_classes_by_label_quality(joint, 14)[0].label_issues == 4);
    CHECK(find_overlapping_classes(joint, 10)[0].num_overlapping_examples == 2);
}

TEST_CASE("a class without examples has no noise and the best quality")
{
    const xt::xtensor<double, 2> joint{{0.5, 0.0, 0.25}, {0.0, 0.0, 0.0}, {0.0, 0.0, 0.25}};
    const auto classes = rank_classes_by_label_quality(joint, 4);
    CHECK(classes[0].class_index == 0);
    CHECK(classes[1].class_index == 1);
    CHECK(classes[1].label_noise == 0.0);
    CHECK(classes[1].inverse_label_noise == 0.0);
    CHECK(classes[1].label_quality_score == 1.0);
}

TEST_CASE("pairs of classes are ranked by how often one is given for the other")
{
    const auto pairs = find_overlapping_classes(worked_joint(), 6);
    REQUIRE(pairs.size() == 3);
    CHECK((pairs[0].class_a == 0 && pairs[0].class_b == 1));
    CHECK(pairs[0].num_overlapping_examples == 1);
    CHECK(pairs[0].joint_probability == doctest::Approx(1.0 / 6.0));
    CHECK((pairs[1].class_a == 0 && pairs[1].class_b == 2));
    CHECK((pairs[2].class_a == 1 && pairs[2].class_b == 2));
    CHECK(pairs[2].num_overlapping_examples == 0);

    const auto apart = find_overlapping_classes(worked_joint(), 6, overlap_direction::apart);
    REQUIRE(apart.size() == 6);
    // Given 0 and truly 1, then given 2 and truly 0; the rest in order.
    CHECK((apart[0].class_a == 0 && apart[0].class_b == 1));
    CHECK((apart[1].class_a == 2 && apart[1].class_b == 0));
    CHECK((apart[2].class_a == 0 && apart[2].class_b == 2));
    CHECK((apart[5].class_a == 2 && apart[5].class_b == 1));
}

TEST_CASE("the directions apart add up to the directions together")
{
    std::mt19937_64 random(22);
    const auto made = tests::random_case(random, 200, 5, 8);
    const auto joint = labelerrors::estimate_joint(made.labels, made.pred_probs);
    const auto apart = find_overlapping_classes(joint, 200, overlap_direction::apart);
    for (const auto& pair : find_overlapping_classes(joint, 200))
    {
        double sum = 0.0;
        for (const auto& one : apart)
            if ((one.class_a == pair.class_a && one.class_b == pair.class_b) ||
                (one.class_a == pair.class_b && one.class_b == pair.class_a))
                sum += one.joint_probability;
        CHECK(sum == doctest::Approx(pair.joint_probability));
    }
}

TEST_CASE("the overall score is the share of examples that are no issue, or the trace of a joint")
{
    const auto made = tests::worked_case();
    CHECK(overall_label_health_score(made.labels, made.pred_probs) == 1.0 - 2.0 / 6.0);
    CHECK(overall_label_health_score(labelerrors::compute_confident_joint(made.labels, made.pred_probs)) ==
          1.0 - 2.0 / 6.0);
    CHECK(overall_label_health_score(worked_joint()) == doctest::Approx(4.0 / 6.0));
    CHECK(overall_label_health_score(made.labels, tests::in_type<float>(made.pred_probs)) == 1.0 - 2.0 / 6.0);
}

TEST_CASE("a joint in float, by columns or lazy ranks the same")
{
    const xt::xtensor<double, 2> joint{{0.25, 0.125}, {0.125, 0.5}};
    for (const auto& classes :
         {rank_classes_by_label_quality(joint, 8), rank_classes_by_label_quality(tests::in_type<float>(joint), 8),
          rank_classes_by_label_quality(tests::by_columns(joint), 8),
          rank_classes_by_label_quality(tests::lazily(joint), 8)})
    {
        CHECK(classes[0].class_index == 0);
        CHECK(classes[0].label_issues == 1);
        CHECK(classes[0].label_noise == 0.125 / 0.375);
        CHECK(classes[1].label_noise == 0.2);
    }
}

TEST_CASE("a joint that is not square or not of probabilities is refused")
{
    const xt::xtensor<double, 2> wide{{0.5, 0.25, 0.25}, {0.0, 0.0, 0.0}};
    CHECK_THROWS_WITH_AS(static_cast<void>(rank_classes_by_label_quality(wide, 4)),
                         "rank_classes_by_label_quality: joint must be k x k, not 2 x 3", labelerrors::shape_error);
    CHECK_THROWS_AS(static_cast<void>(find_overlapping_classes(wide, 4)), labelerrors::shape_error);
    CHECK_THROWS_AS(static_cast<void>(overall_label_health_score(wide)), labelerrors::shape_error);
    CHECK_THROWS_WITH_AS(static_cast<void>(find_overlapping_classes(xt::xtensor<int, 2>{{1, 0}, {4, 1}}, 4)),
                         "find_overlapping_classes: joint(1, 0) is not a probability; divide counts by their sum first",
                         labelerrors::value_error);
    CHECK_THROWS_AS(
        static_cast<void>(overall_label_health_score(xt::xtensor<double, 2>{{0.5, std::nan("")}, {0.0, 0.5}})),
        labelerrors::value_error);
    CHECK_THROWS_AS(
        static_cast<void>(rank_classes_by_label_quality(xt::xtensor<float, 2>{{0.5F, -0.5F}, {0.0F, 1.0F}}, 4)),
        labelerrors::value_error);
}

TEST_CASE("the summary is what the functions tell one by one")
{
    std::mt19937_64 random(11);
    const auto made = tests::random_case(random, 500, 4, 64);
    const auto summary = labelerrors::health_summary(made.labels, made.pred_probs);
    const auto joint = labelerrors::estimate_joint(made.labels, made.pred_probs);
    CHECK(summary.joint == joint);
    CHECK(summary.overall_label_health_score == overall_label_health_score(made.labels, made.pred_probs));
    const auto classes = rank_classes_by_label_quality(joint, 500);
    const auto overlaps = find_overlapping_classes(joint, 500);
    REQUIRE(summary.classes.size() == classes.size());
    for (std::size_t i = 0; i < classes.size(); ++i)
        CHECK(summary.classes[i].class_index == classes[i].class_index);
    REQUIRE(summary.overlapping_classes.size() == overlaps.size());
    for (std::size_t i = 0; i < overlaps.size(); ++i)
        CHECK(summary.overlapping_classes[i].num_overlapping_examples == overlaps[i].num_overlapping_examples);
}

TEST_CASE("the summary's joint is the estimated one to the last example, where rounding hangs on the order of a sum")
{
    std::mt19937_64 random(5);
    std::size_t differ_by_order = 0;
    for (int round = 0; round < 1500; ++round)
    {
        const auto made = tests::random_case(random, 60 + random() % 60, 5 + random() % 6, 16);
        CHECK(labelerrors::health_summary(made.labels, made.pred_probs).joint ==
              labelerrors::estimate_joint(made.labels, made.pred_probs));
        const auto counted = labelerrors::compute_confident_joint(made.labels, made.pred_probs,
                                                                  {.calibrate = labelerrors::calibration::none});
        const auto by = [&](labelerrors::summation_order order)
        {
            return labelerrors::calibrate_confident_joint(counted.confident_joint, counted.class_counts, order);
        };
        if (by(labelerrors::summation_order::by_rows) != by(labelerrors::summation_order::by_columns))
            ++differ_by_order;
    }
    // Else this would hold whatever the order.
    CHECK(differ_by_order > 0);
}

TEST_CASE("messages name the function that was called, not the one that it is made of")
{
    auto made = tests::worked_case();
    made.pred_probs(3, 2) = -0.25;
    const auto problem = [&](const auto& call) -> std::string
    {
        try
        {
            static_cast<void>(call(made.labels, made.pred_probs));
        }
        catch (const labelerrors::value_error& error)
        {
            return error.what();
        }
        return "";
    };
    CHECK(problem([](const auto& labels, const auto& probs) { return labelerrors::estimate_joint(labels, probs); })
              .starts_with("estimate_joint: pred_probs row 3"));
    CHECK(problem([](const auto& labels, const auto& probs) { return labelerrors::health_summary(labels, probs); })
              .starts_with("health_summary: pred_probs row 3"));
    CHECK(problem([](const auto& labels, const auto& probs) { return overall_label_health_score(labels, probs); })
              .starts_with("overall_label_health_score: pred_probs row 3"));
}
