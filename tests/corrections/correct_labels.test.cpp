#include "support/xtensor.hpp"
#include <labelerrors/corrections/correct_labels.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <ranges>
#include <span>
#include <utility>
#include <vector>

namespace
{

namespace corrections = labelerrors::corrections;
namespace consensus = labelerrors::consensus;
using consensus::decision;
using corrections::action;

struct example
{
    std::size_t row;
    std::size_t given_label;
    std::size_t guessed_label;
    consensus::votes votes;
};

static_assert(corrections::checked_example<example>);
static_assert(!corrections::checked_example<int>);
static_assert(corrections::checked_examples<std::vector<example>>);
static_assert(corrections::checked_examples<std::span<const example>>);
static_assert(!corrections::checked_examples<std::vector<int>>);

/// Examples that only what may change them can go over, as is the case with std::views::filter.
struct changing_examples
{
    std::vector<example>::const_iterator begin()
    {
        return examples.begin();
    }

    std::vector<example>::const_iterator end()
    {
        return examples.end();
    }

    std::vector<example> examples;
};

static_assert(std::ranges::input_range<changing_examples>);
static_assert(!corrections::checked_examples<changing_examples>);

const std::vector<std::int64_t> labels{0, 1, 2, 0, 1, 2};
const std::vector<example> checked{{4, 1, 0, {.guessed = 5}},
                                   {0, 0, 1, {.given = 4, .guessed = 1}},
                                   {1, 1, 2, {.guessed = 1, .both = 4}},
                                   {2, 2, 0, {.neither = 3, .neutral = 2}},
                                   {3, 0, 2, {.given = 2, .guessed = 2, .both = 1}}};

[[nodiscard]] corrections::corrected_labels correct(const corrections::correction_options& options)
{
    return corrections::correct_labels(labels, checked, consensus::majority{}, options);
}

}  // namespace

TEST_CASE("only relabelled examples change where all else is kept")
{
    const auto result = correct({});
    CHECK(result.labels == std::vector<std::int64_t>{0, 1, 2, 0, 0, 2});
    CHECK(result.kept_rows == std::vector<std::size_t>{0, 1, 2, 3, 4, 5});
    CHECK(result.set_rows.empty());
    CHECK(result.decisions.keep == 1);
    CHECK(result.decisions.relabel == 1);
    CHECK(result.decisions.both == 1);
    CHECK(result.decisions.neither == 1);
    CHECK(result.decisions.no_agreement == 1);
}

TEST_CASE("the record says why, by row")
{
    const auto result = correct({});
    REQUIRE(result.corrections.size() == 5);
    CHECK(result.corrections[0].decision == decision::keep);
    CHECK(result.corrections[4].row == 4);
    CHECK(result.corrections[4].decision == decision::relabel);
    CHECK(result.corrections[4].corrected_labels == std::vector<std::size_t>{0});
    CHECK(result.corrections[3].decision == decision::no_agreement);
}

TEST_CASE("what is dropped is left out, and the rows kept say what is left")
{
    const auto result = correct({.both = action::drop, .neither = action::drop, .no_agreement = action::drop});
    CHECK(result.labels == std::vector<std::int64_t>{0, 0, 2});
    CHECK(result.kept_rows == std::vector<std::size_t>{0, 4, 5});
    CHECK(result.corrections[1].corrected_labels.empty());
}

TEST_CASE("both labels become a set, neither an empty one")
{
    const auto result = correct({.both = action::multi_label, .neither = action::multi_label});
    CHECK(result.set_rows == std::vector<std::size_t>{1, 2});
    CHECK(result.corrections[1].corrected_labels == std::vector<std::size_t>{1, 2});
    CHECK(result.corrections[2].corrected_labels.empty());
    CHECK(result.labels.size() == labels.size());
    CHECK_THROWS_WITH_AS(correct({.no_agreement = action::multi_label}), doctest::Contains("correct_labels: "),
                         labelerrors::value_error);
    CHECK_THROWS_WITH_AS(corrections::decide_all(checked, consensus::majority{}, {.no_agreement = action::multi_label}),
                         doctest::Contains("decide_all: "), labelerrors::value_error);
    // Each of the two decisions has its own action.
    const auto one_set = correct({.both = action::drop, .neither = action::multi_label});
    CHECK(one_set.set_rows == std::vector<std::size_t>{2});
    CHECK(one_set.kept_rows == std::vector<std::size_t>{0, 2, 3, 4, 5});
    // Both of one label are that label.
    const std::vector<example> same{{0, 0, 0, {.both = 5}}};
    CHECK(corrections::decide_all(same, consensus::majority{}, {.both = action::multi_label})
              .corrections[0]
              .corrected_labels == std::vector<std::size_t>{0});
}

TEST_CASE("correcting twice changes nothing")
{
    const auto once = correct({});
    const auto twice =
        corrections::correct_labels(std::span<const std::int64_t>(once.labels), checked, consensus::majority{});
    CHECK(twice.labels == once.labels);
}

TEST_CASE("labels come in whatever holds integers")
{
    const auto check = [](const auto& given)
    {
        const auto result = corrections::correct_labels(given, checked, consensus::majority{});
        CHECK(result.labels == std::vector<std::int64_t>{0, 1, 2, 0, 0, 2});
    };
    std::vector<std::int32_t> ints{0, 1, 2, 0, 1, 2};
    check(ints);
    check(std::span(ints));
    check(std::span<const std::int32_t>(ints));
    check(std::array<std::uint8_t, 6>{0, 1, 2, 0, 1, 2});
    const xt::xtensor<std::int64_t, 1> tensor{0, 1, 2, 0, 1, 2};
    check(tensor);
    check(tensor + 0);
    // A label that no one voted on may be any, 2^63 - 1 at most.
    CHECK(corrections::correct_labels(std::vector<int>{0, -1}, std::vector<example>{}, consensus::majority{}).labels ==
          std::vector<std::int64_t>{0, -1});
    const std::vector<std::uint64_t> beyond{0, std::uint64_t{1} << 63};
    CHECK_THROWS_WITH_AS(corrections::correct_labels(beyond, std::vector<example>{}, consensus::majority{}),
                         "correct_labels: labels[1] is 9223372036854775808, which is no label: it is above 2^63 - 1",
                         labelerrors::value_error);
    CHECK_THROWS_WITH_AS(
        corrections::correct_labels(xt::xarray<int>{{0, 1}}, std::vector<example>{}, consensus::majority{}),
        "correct_labels: labels must have 1 dimension, not 2", labelerrors::shape_error);
}

TEST_CASE("examples are read through a view of them")
{
    const auto result = corrections::correct_labels(labels, std::span(checked).first(1), consensus::majority{});
    CHECK(result.decisions.relabel == 1);
    CHECK(result.labels == std::vector<std::int64_t>{0, 1, 2, 0, 0, 2});
}

TEST_CASE("another policy decides otherwise")
{
    const auto result = corrections::correct_labels(std::span(labels), checked, consensus::unanimous{});
    CHECK(result.decisions.relabel == 1);
    CHECK(result.decisions.no_agreement == 4);
}

TEST_CASE("votes about other labels, rows out of range and rows named twice are a value_error")
{
    const auto with = [](std::vector<example> others)
    {
        return corrections::correct_labels(labels, others, consensus::majority{});
    };
    CHECK_THROWS_WITH_AS(with({{5, 1, 0, {.guessed = 5}}}), doctest::Contains("row 5 has the label 2"),
                         labelerrors::value_error);
    CHECK_THROWS_WITH_AS(with({{6, 1, 0, {.guessed = 5}}}), doctest::Contains("there are 6 labels"),
                         labelerrors::value_error);
    CHECK_THROWS_WITH_AS(with({{4, 1, 0, {.guessed = 5}}, {4, 1, 2, {.given = 5}}}), doctest::Contains("row 4 twice"),
                         labelerrors::value_error);
    // A label that is the guess already is fine only where the votes say so.
    CHECK_THROWS_AS(with({{0, 1, 0, {.given = 5}}}), labelerrors::value_error);
    CHECK_THROWS_WITH_AS(with({{0, 0, std::numeric_limits<std::size_t>::max(), {.guessed = 5}}}),
                         doctest::Contains("the guessed label of row 0 is"), labelerrors::value_error);
}
