#include "support/xtensor.hpp"
#include <labelerrors/evaluation/evaluate_models.hpp>
#include <labelerrors/evaluation/find_order_changes.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

using namespace labelerrors;
using namespace labelerrors::evaluation;

namespace
{

// Five examples, of which the last two were mislabelled.
const std::vector<int> given{0, 1, 2, 0, 1};
const std::vector<int> corrected{0, 1, 2, 1, 2};
const scored_examples all = select_examples(given, corrected, example_subset::corrected);
const scored_examples correctable = select_examples(given, corrected, example_subset::correctable);

[[nodiscard]] model make(const std::string& name, const std::vector<int>& labels)
{
    return {"", name, from_labels(labels, 3)};
}

// One that has learnt the wrong labels, one that has not, and one in between.
const std::vector<model> models{make("wrong", {0, 1, 2, 0, 1}), make("right", {0, 1, 2, 1, 2}),
                                make("mixed", {0, 1, 1, 0, 2})};

}  // namespace

TEST_CASE("three models on five examples, by hand")
{
    const auto table = evaluate_models(models, all);
    CHECK(table.num_examples == 5);
    REQUIRE(table.models.size() == 3);
    CHECK(table.models[0].top_1.given.accuracy == accuracy{5, 5});
    CHECK(table.models[0].top_1.corrected.accuracy == accuracy{3, 5});
    CHECK(table.models[1].top_1.given.accuracy == accuracy{3, 5});
    CHECK(table.models[1].top_1.corrected.accuracy == accuracy{5, 5});
    CHECK(table.models[2].top_1.given.accuracy == accuracy{3, 5});
    CHECK(table.models[2].top_1.corrected.accuracy == accuracy{3, 5});
    CHECK(table.models[0].top_1.given.rank == rank{1, 1});
    CHECK(table.models[1].top_1.given.rank == rank{2, 2});
    CHECK(table.models[2].top_1.given.rank == rank{2, 2});
    CHECK(table.models[0].top_1.corrected.rank == rank{2, 2});
    CHECK(table.models[1].top_1.corrected.rank == rank{1, 1});
    CHECK(table.top_1_change.agreement.num_discordant == 1);
    CHECK(table.models[0].top_1.given.interval.lower == wilson_interval({5, 5}).lower);
}

TEST_CASE("a model with fewer than k labels has no top-k accuracy, and does not take part in that ranking")
{
    auto some = models;
    some.push_back({"", "two", from_ranked_labels(xt::xtensor<int, 2>{{0, 1}, {1, 0}, {0, 2}, {0, 1}, {2, 1}}, 3)});
    const auto table = evaluate_models(some, all, {.k = 2});
    CHECK(!table.models[0].top_k);
    REQUIRE(table.models[3].top_k);
    CHECK(table.models[3].top_k->given.accuracy == accuracy{5, 5});
    CHECK(table.models[3].top_k->given.rank == rank{1, 1});
    REQUIRE(table.top_k_change);
    REQUIRE(table.top_k_change->moves.size() == 1);
    CHECK(table.top_k_change->moves[0].index == 3);
    CHECK(!evaluate_models(models, all).top_k_change);
}

TEST_CASE("the order of the models changes nothing but the order of the results")
{
    const std::vector<model> reversed(models.rbegin(), models.rend());
    const auto one = evaluate_models(models, all);
    const auto other = evaluate_models(reversed, all);
    for (std::size_t i = 0; i < models.size(); ++i)
    {
        CHECK(one.models[i].name == other.models[2 - i].name);
        CHECK(one.models[i].top_1.given.rank == other.models[2 - i].top_1.given.rank);
        CHECK(one.models[i].top_1.corrected.accuracy == other.models[2 - i].top_1.corrected.accuracy);
    }
}

TEST_CASE("a pair whose order is reversed is found, with who was ahead and the discordant examples")
{
    const auto changes = find_order_changes(models, all);
    REQUIRE(changes.size() == 1);
    CHECK(changes[0].model_a == 0);
    CHECK(changes[0].model_b == 1);
    CHECK(changes[0].given.only_a_correct == 2);
    CHECK(changes[0].given.only_b_correct == 0);
    CHECK(changes[0].corrected.only_b_correct == 2);
    CHECK(changes[0].given.p_value == 0.5);
    CHECK(find_order_changes(std::vector{models[0]}, all).empty());
    CHECK(find_order_changes(models, all, mcnemar_method::mid_p)[0].given.p_value == 0.25);
}

TEST_CASE("models that cannot be told apart or have too few predictions, and no models or examples, are refused")
{
    const std::vector<model> twice{models[0], models[1], models[0]};
    CHECK_THROWS_WITH_AS(evaluate_models(twice, all),
                         "evaluate_models: models must differ in name or platform, but wrong is there twice",
                         value_error);
    auto other_platform = twice;
    other_platform[2].platform = "elsewhere";
    CHECK_NOTHROW(evaluate_models(other_platform, all));
    CHECK_THROWS_WITH_AS(evaluate_models(std::vector{make("short", {0, 1, 2, 0})}, all),
                         "evaluate_models: short has predictions for 4 examples, but row 4 is to be scored",
                         value_error);
    CHECK_THROWS_AS(evaluate_models(std::vector<model>{}, all), value_error);
    CHECK_THROWS_AS(evaluate_models(models, scored_examples{}), value_error);
    CHECK_THROWS_AS(evaluate_models(models, all, {.k = 0}), value_error);
    CHECK_THROWS_AS(evaluate_models(models, all, {.confidence = 1.5}), value_error);
    CHECK_THROWS_AS(find_order_changes(twice, all), value_error);
}

TEST_CASE("models and examples made by hand whose parts do not fit together are refused")
{
    for (const std::size_t num_examples : {std::size_t{6}, std::size_t{4}, std::numeric_limits<std::size_t>::max()})
    {
        auto broken = models;
        broken[1].predictions.num_examples = num_examples;
        CHECK_THROWS_WITH_AS(evaluate_models(broken, all),
                             doctest::Contains("evaluate_models: predictions must have k labels"), shape_error);
        CHECK_THROWS_AS(find_order_changes(broken, all), shape_error);
        CHECK_THROWS_WITH_AS(correct_in_top_k(broken[1].predictions, all.rows, all.given_labels, 1),
                             doctest::Contains("correct_in_top_k: predictions must have k labels"), shape_error);
    }
    auto broken = all;
    broken.given_labels.pop_back();
    CHECK_THROWS_WITH_AS(evaluate_models(models, broken),
                         "evaluate_models: examples must have a given and a corrected label for each of 5 rows, not 4 "
                         "and 5; make them with select_examples",
                         shape_error);
    // Rows in any order are scored as well.
    const scored_examples reversed{{4, 0}, {1, 0}, {2, 0}};
    CHECK(evaluate_models(models, reversed).models[1].top_1.corrected.accuracy == accuracy{2, 2});
    CHECK_THROWS_AS(evaluate_models(std::vector{make("short", {0, 1, 2})}, reversed), value_error);
}
