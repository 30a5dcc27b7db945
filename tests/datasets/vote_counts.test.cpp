// The figures of the published study, from its votes.
#include "datasets/published_root.hpp"
#include <labelerrors/datasets/datasets.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace
{

using namespace labelerrors::datasets;
using labelerrors::consensus::votes;

constexpr auto none = std::nullopt;

struct published_row
{
    std::string_view name;
    std::size_t checked;
    std::size_t flagged;
    std::size_t non_errors;
    std::size_t errors;
    std::optional<std::size_t> non_agreement;
    std::optional<std::size_t> correctable_at_3;
    std::optional<std::size_t> correctable_at_4;
    std::optional<std::size_t> correctable_at_5;
    std::optional<std::size_t> both;
    std::optional<std::size_t> neither;
    std::size_t estimated_errors;
    double error_percent;
};

const published_row rows[] = {
    {"mnist", 100, 100, 85, 15, 2, 10, 5, 2, none, 3, 15, 0.15},
    {"cifar10", 275, 275, 221, 54, 32, 18, 7, 3, 0, 4, 54, 0.54},
    {"cifar100", 2235, 2235, 1650, 585, 210, 318, 158, 48, 20, 37, 585, 5.85},
    {"caltech256", 2360, 2360, 1902, 458, 99, 221, 118, 41, 115, 23, 458, 1.54},
    {"imagenet", 5440, 5440, 2524, 2916, 598, 1428, 960, 468, 597, 293, 2916, 5.83},
    {"quickdraw", 2500, 6'825'383, 630, 1870, 563, 1047, 614, 230, 20, 240, 5'105'386, 10.12},
    {"20news", 93, 93, 11, 82, 43, 22, 8, 1, 12, 5, 82, 1.09},
    {"imdb", 1310, 1310, 585, 725, 552, 173, 63, 12, none, none, 725, 2.90},
    {"amazon", 1000, 533'249, 268, 732, 430, 302, 77, 5, none, none, 390'338, 3.90},
    {"audioset", 307, 307, 32, 275, none, none, none, none, none, none, 275, 1.35},
};

[[nodiscard]] checked_example example(const votes& cast)
{
    return {0, "", 0, 1, cast};
}

/// An example with the given labels 1 and 4, and 2 as the guess.
[[nodiscard]] label_votes set_example(std::vector<labelerrors::corrections::label_vote> cast)
{
    return {{.row = 0, .given_labels = {1, 4}, .votes = std::move(cast)}, "", {2}};
}

}  // namespace

TEST_CASE("the votes of all ten sets come to the published figures")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    for (const published_row& row : rows)
    {
        CAPTURE(row.name);
        const auto figures = read_vote_figures(find_dataset(row.name), *data);
        CHECK(figures.checked == row.checked);
        CHECK(figures.flagged == row.flagged);
        CHECK(figures.non_errors == row.non_errors);
        CHECK(figures.errors == row.errors);
        CHECK(figures.non_agreement == row.non_agreement);
        CHECK(figures.correctable_at_3 == row.correctable_at_3);
        CHECK(figures.correctable_at_4 == row.correctable_at_4);
        CHECK(figures.correctable_at_5 == row.correctable_at_5);
        CHECK(figures.both == row.both);
        CHECK(figures.neither == row.neither);
        CHECK(figures.estimated_errors == row.estimated_errors);
        CHECK(std::abs(figures.error_percent - row.error_percent) < 0.005);
        CHECK(figures == with_dataset(row.name, [&](auto set) { return read_vote_figures<decltype(set)>(*data); }));
    }
}

TEST_CASE("a case worked by hand: each side once")
{
    const std::vector<checked_example> checked{example({.given = 3, .guessed = 2}),
                                               example({.guessed = 4, .both = 1}),
                                               example({.guessed = 3, .both = 2}),
                                               example({.guessed = 2, .both = 3}),
                                               example({.neither = 5}),
                                               example({.given = 2, .guessed = 2, .neither = 1})};
    const auto figures = count_votes(facts_of<cifar10>(), checked);
    CHECK(figures.checked == 6);
    CHECK(figures.non_errors == 1);
    CHECK(figures.errors == 5);
    CHECK(figures.correctable_at_3 == 2);
    CHECK(figures.correctable_at_4 == 1);
    CHECK(figures.correctable_at_5 == 0);
    CHECK(figures.both == 1);
    CHECK(figures.neither == 1);
    CHECK(figures.non_agreement == 1);
    CHECK(figures.error_percent == doctest::Approx(0.05));
}

TEST_CASE("a third class of Amazon's is no agreement, and a sample stands for what was flagged")
{
    const std::vector<checked_example> checked{example({.given = 5}), example({.other = 5})};
    const auto figures = count_votes(facts_of<amazon>(), checked);
    CHECK(figures.neither == none);
    CHECK(figures.non_agreement == 1);
    CHECK(figures.flagged == 533'249);
    CHECK(figures.estimated_errors == 266'625);  // half, rounded
}

TEST_CASE("a set of labels is an error where those with three votes are not the given ones")
{
    const auto right = set_example({{1, 3}, {2, 2}, {4, 5}});
    const auto too_few = set_example({{1, 3}, {2, 2}, {4, 2}});
    const auto too_many = set_example({{1, 3}, {2, 3}, {4, 5}});
    const auto figures = count_votes(facts_of<audioset>(), std::vector<label_votes>{right, too_few, too_many});
    CHECK(figures.errors == 2);
    CHECK(figures.correctable_at_3 == none);
}

TEST_CASE("votes on nothing have no figures")
{
    CHECK_THROWS_AS(static_cast<void>(count_votes(facts_of<mnist>(), std::vector<checked_example>{})),
                    labelerrors::value_error);
    CHECK_THROWS_AS(static_cast<void>(count_votes(facts_of<audioset>(), std::vector<label_votes>{})),
                    labelerrors::value_error);
}
