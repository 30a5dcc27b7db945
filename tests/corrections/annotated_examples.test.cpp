#include <labelerrors/corrections/corrections.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <doctest/doctest.h>

#include <limits>
#include <span>
#include <vector>

namespace
{

namespace corrections = labelerrors::corrections;
namespace consensus = labelerrors::consensus;

static_assert(corrections::checked_example<corrections::annotated_example>);

constexpr double none = std::numeric_limits<double>::quiet_NaN();

const std::vector<int> given{0, 1, 2, 0};
const xt::xtensor<double, 2> annotators{
    {0, 0, 1, none, 0}, {2, 2, 2, 1, 0}, {none, none, none, none, none}, {1, 1, none, 2, none}};
const std::vector<std::size_t> agreed{0, 2, 2, 1};

}  // namespace

TEST_CASE("annotators' labels are votes for the given label, for the consensus and for others")
{
    const auto examples = corrections::annotated_examples(given, annotators, agreed);
    REQUIRE(examples.size() == 3);
    CHECK(examples[0].votes == consensus::votes{.given = 3, .other = 1});
    CHECK(examples[1].votes == consensus::votes{.given = 1, .guessed = 3, .other = 1});
    CHECK(examples[2].row == 3);
    CHECK(examples[2].votes == consensus::votes{.guessed = 2, .other = 1});
}

TEST_CASE("any policy corrects labels by annotators")
{
    const auto examples = corrections::annotated_examples(given, annotators, agreed);
    const auto corrected = [&](const auto& policy)
    {
        return corrections::correct_labels(given, examples, policy).labels;
    };
    CHECK(corrected(consensus::majority{}) == std::vector<std::int64_t>{0, 2, 2, 0});
    CHECK(corrected(consensus::plurality{}) == std::vector<std::int64_t>{0, 2, 2, 1});
}

TEST_CASE("annotators' labels are compared with arrays of labels as with vectors")
{
    const xt::xtensor<int, 1> given_array{0, 1, 2, 0};
    const auto examples = corrections::annotated_examples(given_array, annotators, given_array + 0);
    REQUIRE(examples.size() == 3);
    CHECK(examples[0].votes == consensus::votes{.given = 3, .other = 1});
    CHECK_THROWS_WITH_AS(corrections::annotated_examples(given, annotators, xt::xarray<int>{{0, 1, 2, 0}}),
                         "annotated_examples: consensus_labels must have 1 dimension, not 2", labelerrors::shape_error);
}

TEST_CASE("labels and annotators of different numbers of examples are a shape_error")
{
    CHECK_THROWS_AS(corrections::annotated_examples(std::span<const int>(given).first(3), annotators,
                                                    std::span<const std::size_t>(agreed)),
                    labelerrors::shape_error);
    CHECK_THROWS_WITH_AS(corrections::annotated_examples(std::span<const int>(given).first(3), annotators,
                                                         std::span<const std::size_t>(agreed).first(3)),
                         doctest::Contains("must have as many examples, not 3, 4 and 3"), labelerrors::shape_error);
    const xt::xarray<double> stacked = xt::zeros<double>({4, 1, 1});
    CHECK_THROWS_WITH_AS(corrections::annotated_examples(given, stacked, agreed),
                         "annotated_examples: annotator_labels must have 2 dimensions, not 3",
                         labelerrors::shape_error);
    CHECK_THROWS_WITH_AS(
        corrections::annotated_examples(given, annotators, std::span<const std::size_t>(agreed).first(3)),
        "annotated_examples: given_labels, annotator_labels and consensus_labels must have as many examples, not 4, 4 "
        "and 3",
        labelerrors::shape_error);
}

TEST_CASE("what is no label is refused by its place, not counted as a vote for another")
{
    const auto refused = [](std::vector<int> first, double vote, std::vector<int> consensus, const char* message)
    {
        const xt::xtensor<double, 2> votes{{0.0, vote}};
        CHECK_THROWS_WITH_AS(corrections::annotated_examples(first, votes, consensus), doctest::Contains(message),
                             labelerrors::value_error);
    };
    refused({0}, 0.5, {1}, "annotator_labels(0, 1) is 0.5, which is no label");
    refused({0}, -1.0, {1}, "annotator_labels(0, 1) is -1");
    refused({0}, std::numeric_limits<double>::infinity(), {1}, "annotator_labels(0, 1) is inf");
    refused({-1}, 1.0, {1}, "given_labels[0] is -1");
    refused({0}, 1.0, {-2}, "consensus_labels[0] is -2");
    const xt::xarray<double> flat{0.0};
    CHECK_THROWS_AS(
        corrections::annotated_examples(std::span<const int>(given).first(1), flat, std::span(agreed).first(1)),
        labelerrors::shape_error);
}
