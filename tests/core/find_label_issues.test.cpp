#include "filters.hpp"
#include "small_cases.hpp"
#include <labelerrors/core/find_label_issues.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

using labelerrors::adjustment;
using labelerrors::filter_by;
using labelerrors::find_label_issues;
using labelerrors::find_label_issues_options;
using labelerrors::score_method;
using tests::all_filters;
using tests::to_indices;

namespace
{

using indices = std::vector<std::size_t>;

[[nodiscard]] indices found_in(const tests::small_case& made, const find_label_issues_options& options = {})
{
    return to_indices(find_label_issues(made.labels, made.pred_probs, options).indices);
}

/// The message with which the worked case is refused.
template <class Error = labelerrors::value_error>
[[nodiscard]] std::string refusal(const find_label_issues_options& options)
{
    try
    {
        static_cast<void>(found_in(tests::worked_case(), options));
    }
    catch (const Error& error)
    {
        return error.what();
    }
    return "not refused";
}

}  // namespace

TEST_CASE("the two wrong labels of the worked case are found by every filter")
{
    // The calibrated joint is (1, 1, 0), (0, 2, 0), (1, 0, 1): one labelled 0 is truly 1, and of those labelled 0
    // example 1 has the largest p[1] - p[0]; one labelled 2 is truly 0, and that is example 5.
    const auto made = tests::worked_case();
    const auto issues = find_label_issues(made.labels, made.pred_probs);
    CHECK(issues.num_examples == 6);
    CHECK(issues.num_classes == 3);
    CHECK(to_indices(issues.indices) == indices{1, 5});
    CHECK(to_indices(issues.given_labels) == indices{0, 2});
    CHECK(to_indices(issues.suggested_labels) == indices{1, 0});
    CHECK(issues.scores == xt::xtensor<double, 1>{0.125, 0.25});
    for (const auto filter : all_filters)
        CHECK(found_in(made, {.filter_by = filter}) == indices{1, 5});
}

TEST_CASE("issues are ranked by the chosen score, or left in the order of the rows")
{
    // Self-confidence: 0.25, 0.1875; margin: (0.25 - 0.75 + 1) / 2 = 0.25, (0.1875 - 0.4375 + 1) / 2 = 0.375.
    const tests::small_case made{
        {0, 1, 0, 1, 2},
        {{0.25, 0.75, 0.0}, {0.4375, 0.1875, 0.375}, {0.75, 0.25, 0.0}, {0.0, 0.75, 0.25}, {0.0, 0.25, 0.75}}};
    const auto ranked = [&](std::optional<score_method> rank_by)
    {
        return found_in(made, {.filter_by = filter_by::predicted_neq_given, .rank_by = rank_by});
    };
    CHECK(ranked(score_method::self_confidence) == indices{1, 0});
    CHECK(ranked(score_method::normalized_margin) == indices{0, 1});
    CHECK(ranked(std::nullopt) == indices{0, 1});
    const auto issues = find_label_issues(made.labels, made.pred_probs,
                                          {.filter_by = filter_by::predicted_neq_given, .rank_by = std::nullopt});
    CHECK(issues.scores == xt::xtensor<double, 1>{0.25, 0.1875});
}

TEST_CASE("adjusting changes the ranking and its scores, never the issues")
{
    std::mt19937_64 random(27);
    for (int round = 0; round < 30; ++round)
    {
        const auto made = tests::random_case(random, 60, 3, 64);
        const auto plain = found_in(made, {.rank_by = std::nullopt});
        const auto issues =
            find_label_issues(made.labels, made.pred_probs, {.adjust_pred_probs = adjustment::class_thresholds});
        auto sorted = to_indices(issues.indices);
        std::sort(sorted.begin(), sorted.end());
        CHECK(sorted == plain);
        const auto scores = labelerrors::label_quality_scores(made.labels, made.pred_probs,
                                                              {.adjust_pred_probs = adjustment::class_thresholds});
        for (std::size_t m = 0; m < issues.indices.size(); ++m)
            CHECK(issues.scores(m) == scores(issues.indices(m)));
    }
}

TEST_CASE("at a tie the quota goes to the lower indices")
{
    // Four of six labelled 0 look alike like 1, and the joint given says that two are.
    const tests::small_case made{{0, 0, 0, 0, 0, 0, 1, 1},
                                 {{0.25, 0.75},
                                  {0.75, 0.25},
                                  {0.25, 0.75},
                                  {0.25, 0.75},
                                  {0.75, 0.25},
                                  {0.25, 0.75},
                                  {0.25, 0.75},
                                  {0.25, 0.75}}};
    for (const auto filter : {filter_by::prune_by_noise_rate, filter_by::prune_by_class, filter_by::both})
    {
        find_label_issues_options options{.filter_by = filter};
        options.confident_joint = xt::xtensor<double, 2>{{4, 2}, {0, 2}};
        CHECK(found_in(made, options) == indices{0, 2});
        options.frac_noise = 0.5;
        CHECK(found_in(made, options) == indices{0});
        options.frac_noise = 0.0;
        CHECK(found_in(made, options).empty());
    }
}

TEST_CASE("classes without examples, and with a single one, are left alone by the prune filters")
{
    // Class 1 has no example, class 2 one, which is wrong by all appearances.
    const tests::small_case made{{0, 0, 0, 2}, {{1, 0, 0}, {0.75, 0.25, 0}, {0.75, 0, 0.25}, {1, 0, 0}}};
    for (const auto filter : {filter_by::prune_by_noise_rate, filter_by::prune_by_class, filter_by::both})
    {
        CHECK(found_in(made, {.filter_by = filter}).empty());
        CHECK(found_in(made, {.filter_by = filter, .min_examples_per_class = 0}).empty());
    }
    // Its threshold is 0, raised to 2e-6, and that of class 0 is 0.8333: confident in 0 alone, so counted off the
    // diagonal.
    CHECK(found_in(made, {.filter_by = filter_by::confident_learning}) == indices{3});
    CHECK(found_in(made, {.filter_by = filter_by::predicted_neq_given}) == indices{3});
    CHECK(found_in(made, {.filter_by = filter_by::low_self_confidence}) == indices{3});
}

TEST_CASE("classes no larger than the least to keep are left alone")
{
    const auto made = tests::worked_case();
    CHECK(found_in(made, {.min_examples_per_class = 2}).empty());
    CHECK(found_in(made, {.min_examples_per_class = std::numeric_limits<std::size_t>::max()}).empty());
}

TEST_CASE("by noise rate a few of the least to keep are taken where small counts cannot give up their part")
{
    // Ten examples labelled 0 that look like 2. The diagonal's raise by 4 is taken in halves from counts of 1 and 8.
    tests::small_case made{xt::zeros<int>({30}), xt::zeros<double>({30, 3})};
    for (std::size_t i = 0; i < 30; ++i)
    {
        made.labels(i) = static_cast<int>(i / 10);
        made.pred_probs(i, i / 10 == 1 ? 1 : 2) = 1.0;
    }
    find_label_issues_options options{.min_examples_per_class = 5};
    options.confident_joint = xt::xtensor<double, 2>{{1, 1, 8}, {0, 10, 0}, {0, 0, 10}};
    CHECK(found_in(made, options).size() == 6);
    options.filter_by = filter_by::prune_by_class;
    CHECK(found_in(made, options).size() == 5);
}

TEST_CASE("stated numbers are removed from each class, as far as the model contradicts the labels")
{
    const auto made = tests::worked_case();
    find_label_issues_options options{.filter_by = filter_by::prune_by_class};
    for (const auto& [numbers, expected] :
         {std::pair{indices{0, 0, 0}, indices{}}, std::pair{indices{1, 0, 0}, indices{1}},
          std::pair{indices{2, 2, 1}, indices{1, 5}},
          std::pair{indices(3, std::numeric_limits<std::size_t>::max()), indices{1, 5}}})
    {
        options.num_to_remove_per_class = numbers;
        CHECK(found_in(made, options) == expected);
    }
}

TEST_CASE("a single example, and data without issues, give no issues")
{
    for (const auto filter : all_filters)
    {
        CHECK(found_in({{1}, {{0.25, 0.75}}}, {.filter_by = filter}).empty());
        const auto issues = find_label_issues(std::vector<int>{0, 1, 0},
                                              xt::xtensor<float, 2>{{0.75F, 0.25F}, {0.25F, 0.75F}, {1.0F, 0.0F}},
                                              {.filter_by = filter});
        CHECK(issues.num_examples == 3);
        CHECK(issues.indices.size() == 0);
        CHECK(issues.scores.size() == 0);
    }
    // One contradicted example is found by the filters that do not prune.
    CHECK(found_in({{0}, {{0.25, 0.75}}}, {.filter_by = filter_by::predicted_neq_given}) == indices{0});
}

TEST_CASE("level rows are no issues, whichever class is given")
{
    for (const auto filter : {filter_by::prune_by_noise_rate, filter_by::prune_by_class, filter_by::both,
                              filter_by::confident_learning, filter_by::predicted_neq_given})
        CHECK(
            found_in({{0, 1, 1, 0}, {{0.5, 0.5}, {0.5, 0.5}, {0.5, 0.5}, {0.5, 0.5}}}, {.filter_by = filter}).empty());
}

TEST_CASE("values outside [0, 1] within the tolerance count as the bound")
{
    auto made = tests::worked_case();
    made.pred_probs(4, 0) = -0.25e-4;
    made.pred_probs(3, 1) = 1.0 + 0.25e-4;
    made.pred_probs(3, 0) = made.pred_probs(3, 2) = -0.125e-4;
    auto bounded = made;
    for (double& value : bounded.pred_probs)
        value = std::clamp(value, 0.0, 1.0);
    for (const auto filter : all_filters)
        for (const auto rank_by : {score_method::self_confidence, score_method::normalized_margin,
                                   score_method::confidence_weighted_entropy})
        {
            const find_label_issues_options options{.filter_by = filter, .rank_by = rank_by};
            const auto issues = find_label_issues(made.labels, made.pred_probs, options);
            const auto expected = find_label_issues(bounded.labels, bounded.pred_probs, options);
            CHECK(issues.indices == expected.indices);
            CHECK(issues.scores == expected.scores);
        }
    CHECK_THROWS_AS(static_cast<void>(found_in(made, {.tolerance = 1e-6})), labelerrors::value_error);
}

TEST_CASE("options out of range are refused by name")
{
    for (const double bad : {-0.25, 1.5, std::nan("")})
        CHECK(refusal({.frac_noise = bad}).starts_with("find_label_issues: frac_noise must be between 0 and 1, not "));
    CHECK(refusal({.tolerance = -1.0}).starts_with("find_label_issues: tolerance must be between 0 and 1e9, not -1"));
    CHECK(refusal(
              {.rank_by = score_method::confidence_weighted_entropy, .adjust_pred_probs = adjustment::class_thresholds})
              .starts_with("find_label_issues: confidence_weighted_entropy has no adjusted form"));
    find_label_issues_options options;
    options.num_to_remove_per_class = indices{1, 1};
    CHECK(refusal<labelerrors::shape_error>(options) ==
          "find_label_issues: num_to_remove_per_class must have one number for each of the 3 classes, not 2");
    options = {};
    options.confident_joint = xt::xtensor<double, 2>{{1, 0}, {0, 1}};
    CHECK(refusal<labelerrors::shape_error>(options) ==
          "find_label_issues: confident_joint must be k x k with k = 3, not 2 x 2");
    options.confident_joint = xt::xtensor<double, 2>{{1, 0, 0}, {0, -1, 0}, {0, 0, 1}};
    CHECK(refusal(options).starts_with("find_label_issues: confident_joint(1, 1) is -1"));
}

TEST_CASE("options that the filter has no use for are refused, and a joint ignored where the reference ignores it")
{
    for (const auto filter : {filter_by::confident_learning, filter_by::predicted_neq_given,
                              filter_by::low_normalized_margin, filter_by::low_self_confidence})
    {
        CHECK(refusal({.filter_by = filter, .frac_noise = 0.5}) ==
              "find_label_issues: frac_noise needs filter_by prune_by_noise_rate, prune_by_class or both");
        find_label_issues_options options{.filter_by = filter};
        options.num_to_remove_per_class = indices{1, 1, 1};
        CHECK(refusal(options).starts_with("find_label_issues: num_to_remove_per_class needs filter_by"));
    }
    find_label_issues_options options{.filter_by = filter_by::confident_learning};
    options.confident_joint = xt::xtensor<double, 2>{{9, 0, 0}, {0, 9, 0}, {0, 0, 9}};
    CHECK(found_in(tests::worked_case(), options) == indices{1, 5});
}

TEST_CASE("bad labels and rows are refused with the first bad index")
{
    auto made = tests::worked_case();
    const auto find = [&]
    {
        static_cast<void>(found_in(made));
    };
    CHECK_THROWS_WITH_AS(static_cast<void>(find_label_issues(std::vector<int>{0, 1, 2}, made.pred_probs)),
                         doctest::Contains("find_label_issues: labels has 3 examples and pred_probs has 6 rows"),
                         labelerrors::shape_error);
    CHECK_THROWS_WITH_AS(
        static_cast<void>(find_label_issues(xt::xtensor<int, 1>{}, xt::xtensor<double, 2>::from_shape({0, 3}))),
        "find_label_issues: labels and pred_probs are empty; at least one example is needed", labelerrors::shape_error);
    CHECK_THROWS_WITH_AS(static_cast<void>(find_label_issues(std::vector<int>{0}, xt::xtensor<double, 2>{{1.0}})),
                         doctest::Contains("pred_probs must have at least 2 columns"), labelerrors::shape_error);
    made.labels(4) = 3;
    CHECK_THROWS_WITH_AS(find(), doctest::Contains("find_label_issues: labels[4] is 3"), labelerrors::value_error);
    made = tests::worked_case();
    made.pred_probs(3, 1) = std::nan("");
    made.pred_probs(5, 0) = 7.0;
    CHECK_THROWS_WITH_AS(
        find(),
        "find_label_issues: pred_probs row 3, column 1 is nan; probabilities must be finite: see where the model "
        "overflows or divides by zero, or leave the example out",
        labelerrors::value_error);
    made.pred_probs(3, 1) = 0.75;
    CHECK_THROWS_WITH_AS(find(), doctest::Contains("pred_probs row 5, column 0 is 7"), labelerrors::value_error);
}

TEST_CASE("an exception of the progress callback ends the work and reaches the caller")
{
    find_label_issues_options options;
    options.progress = [](const labelerrors::scan_progress& state)
    {
        if (state.pass == "confident joint")
            throw std::runtime_error("enough");
    };
    CHECK_THROWS_WITH_AS(static_cast<void>(found_in(tests::worked_case(), options)), "enough", std::runtime_error);
}
