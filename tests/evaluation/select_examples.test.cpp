#include "support/xtensor.hpp"
#include <labelerrors/evaluation/select_examples.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

using namespace labelerrors;
using namespace labelerrors::evaluation;
using consensus::decision;
using corrections::correction;

namespace
{

using rows_of = std::vector<std::size_t>;
using labels_of = std::vector<std::int64_t>;

[[nodiscard]] correction decided(std::size_t row, std::size_t given, std::size_t guessed, decision what)
{
    correction one;
    one.row = row;
    one.given_label = given;
    one.guessed_label = guessed;
    one.decision = what;
    return one;
}

const std::vector<int> labels{0, 1, 2, 0, 1, 2};
const std::vector<correction> decisions{decided(4, 1, 0, decision::neither), decided(1, 1, 2, decision::relabel),
                                        decided(0, 0, 1, decision::keep), decided(2, 2, 0, decision::both),
                                        decided(5, 2, 1, decision::no_agreement)};

}  // namespace

TEST_CASE("examples without a single label are in no subset, others are correctable or benign")
{
    const auto correctable = select_examples(labels, decisions, example_subset::correctable);
    CHECK(correctable.rows == rows_of{1});
    CHECK(correctable.given_labels == labels_of{1});
    CHECK(correctable.corrected_labels == labels_of{2});
    const auto benign = select_examples(labels, decisions, example_subset::benign);
    CHECK(benign.rows == rows_of{0, 3});
    CHECK(benign.given_labels == benign.corrected_labels);
    const auto corrected = select_examples(labels, decisions, example_subset::corrected);
    CHECK(corrected.rows == rows_of{0, 1, 3});
    CHECK(corrected.given_labels == labels_of{0, 1, 0});
    CHECK(corrected.corrected_labels == labels_of{0, 2, 0});
}

TEST_CASE("what correct_labels returns can be selected from, whether unresolved examples were dropped or kept")
{
    struct checked
    {
        std::size_t row, given_label, guessed_label;
        consensus::votes votes;
    };
    const std::vector<checked> voted{{1, 1, 0, {.guessed = 5}}, {3, 0, 1, {.neither = 4}}};
    using corrections::action;
    const auto kept = corrections::correct_labels(std::span(labels), voted, consensus::majority{});
    const auto dropped =
        corrections::correct_labels(std::span(labels), voted, consensus::majority{}, {.neither = action::drop});
    for (const auto& one : {kept, dropped})
        CHECK(select_examples(labels, one.corrections, example_subset::corrected).rows == rows_of{0, 1, 2, 4, 5});
    CHECK(select_examples(labels, kept.corrections, example_subset::correctable).corrected_labels == labels_of{0});
}

TEST_CASE("two arrays of labels are compared where there are no votes")
{
    const xt::xtensor<int, 1> given{0, 1, 2, 1};
    const std::vector<std::int64_t> corrected{0, 2, 2, 0};
    CHECK(select_examples(given, corrected, example_subset::correctable).rows == rows_of{1, 3});
    CHECK(select_examples(given, corrected, example_subset::benign).rows == rows_of{0, 2});
    CHECK(select_examples(given + 0, corrected, example_subset::corrected).corrected_labels == corrected);
    CHECK(select_examples(given, given, example_subset::correctable).rows.empty());
}

TEST_CASE("correctable and benign examples make up the corrected set")
{
    const auto correctable = select_examples(labels, decisions, example_subset::correctable);
    const auto benign = select_examples(labels, decisions, example_subset::benign);
    const auto corrected = select_examples(labels, decisions, example_subset::corrected);
    CHECK(correctable.rows.size() + benign.rows.size() == corrected.rows.size());
    CHECK(select_examples(labels, std::span<const correction>{}, example_subset::benign).rows.size() == labels.size());
}

TEST_CASE("corrections that do not belong to the labels are refused")
{
    const auto refused = [](const correction& one)
    {
        return select_examples(labels, std::vector{one}, example_subset::corrected);
    };
    CHECK_THROWS_WITH_AS(refused(decided(6, 0, 1, decision::keep)),
                         "select_examples: corrections have row 6, but there are 6 labels", value_error);
    CHECK_THROWS_WITH_AS(refused(decided(1, 2, 1, decision::relabel)),
                         "select_examples: row 1 has the label 1, but its correction is of 2: labels must be those "
                         "before correction",
                         value_error);
    CHECK_THROWS_WITH_AS(refused(decided(1, 1, std::size_t{1} << 63, decision::relabel)),
                         "select_examples: the guessed label of row 1 is 9223372036854775808, which is no label: it is "
                         "above 2^63 - 1",
                         value_error);
    const std::vector<correction> twice{decided(1, 1, 0, decision::keep), decided(1, 1, 0, decision::keep)};
    CHECK_THROWS_WITH_AS(select_examples(labels, twice, example_subset::benign),
                         "select_examples: corrections have row 1 twice", value_error);
    CHECK_THROWS_AS(select_examples(std::vector<int>{0, -1}, decisions, example_subset::benign), value_error);
    CHECK_THROWS_WITH_AS(select_examples(labels, std::vector<int>{0, 1}, example_subset::benign),
                         "select_examples: corrected_labels must be as many as given_labels, 6, not 2", shape_error);
}
