#include <labelerrors/corrections/correct_label_sets.hpp>

#include <doctest/doctest.h>

#include <vector>

namespace
{

namespace corrections = labelerrors::corrections;
using sets = std::vector<std::vector<std::size_t>>;

const sets labels{{0, 2}, {1}, {3, 1}};
const std::vector<corrections::checked_label_set> checked{{0, {2, 0}, {{0, 5}, {2, 1}, {7, 3}}},  // 2 goes, 7 comes
                                                          {2, {1, 3}, {{1, 3}, {3, 4}, {5, 2}}},  // stays
                                                          {1, {1}, {{1, 0}, {4, 2}}}};            // nothing is left

}  // namespace

TEST_CASE("a checked example gets the labels that enough people saw")
{
    const auto result = corrections::correct_label_sets(labels, checked, 3);
    CHECK(result.labels == sets{{0, 7}, {}, {3, 1}});
    CHECK(result.num_changed == 2);
    CHECK(result.corrections[0].changed);
    CHECK(!result.corrections[1].changed);
    CHECK(result.corrections[1].corrected_labels == std::vector<std::size_t>{1, 3});
}

TEST_CASE("the more votes are needed, the less changes, either way")
{
    // 2 was seen by one of five: by four it was not. 7 was seen by three.
    CHECK(corrections::correct_label_sets(labels, checked, 4).labels == sets{{0}, {}, {3, 1}});
    // Only that nobody saw label 1 of the second set is agreed on by all.
    const auto by_all = corrections::correct_label_sets(labels, checked, 5);
    CHECK(by_all.labels == sets{{0, 2}, {}, {3, 1}});
    CHECK(by_all.num_changed == 1);
    CHECK(corrections::labels_by_votes(checked[0].given_labels, checked[0].votes, 2, 3) ==
          std::vector<std::size_t>{0, 7});
    // What nobody was asked about stays.
    CHECK(corrections::labels_by_votes(std::vector<std::size_t>{9}, checked[0].votes, 3, 5) ==
          std::vector<std::size_t>{0, 7, 9});
    CHECK(corrections::labels_with_votes(checked[0].votes, 1) == std::vector<std::size_t>{0, 2, 7});
}

TEST_CASE("correcting sets twice changes nothing")
{
    const auto once = corrections::correct_label_sets(labels, checked, 3);
    CHECK(corrections::correct_label_sets(once.labels, checked, 3).labels == once.labels);
}

TEST_CASE("votes about other sets and rows or numbers out of range are a value_error")
{
    const std::vector<corrections::checked_label_set> other{{1, {2}, {{2, 5}}}};
    CHECK_THROWS_WITH_AS(corrections::correct_label_sets(labels, other, 3), doctest::Contains("row 1"),
                         labelerrors::value_error);
    const std::vector<corrections::checked_label_set> beyond{{3, {2}, {{2, 5}}}};
    CHECK_THROWS_WITH_AS(corrections::correct_label_sets(labels, beyond, 3), doctest::Contains("there are 3"),
                         labelerrors::value_error);
    const std::vector<corrections::checked_label_set> twice{checked[0], checked[0]};
    CHECK_THROWS_WITH_AS(corrections::correct_label_sets(labels, twice, 3), doctest::Contains("row 0 twice"),
                         labelerrors::value_error);
    for (const std::size_t needed : {std::size_t{0}, std::size_t{6}})
        CHECK_THROWS_WITH_AS(corrections::correct_label_sets(labels, checked, needed),
                             doctest::Contains("needed must be 1 to the 5"), labelerrors::value_error);
}

TEST_CASE("a set has no label twice, whatever comes in")
{
    const std::vector<corrections::checked_label_set> repeated{{0, {1, 1}, {{2, 3}, {2, 4}}}};
    const auto result = corrections::correct_label_sets({{1, 1}}, repeated, 3);
    CHECK(result.labels == sets{{1, 2}});
    CHECK(result.corrections[0].given_labels == std::vector<std::size_t>{1});
    CHECK(corrections::labels_with_votes(repeated[0].votes, 3) == std::vector<std::size_t>{2});
    const std::vector<corrections::checked_label_set> kept{{0, {1, 1}, {{1, 5}}}};
    CHECK(corrections::correct_label_sets({{1, 1}}, kept, 3).num_changed == 0);
}
