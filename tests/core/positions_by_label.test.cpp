#include <labelerrors/core/positions_by_label.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <random>
#include <span>
#include <vector>

using labelerrors::detail::positions_by_label;

TEST_CASE("rows are grouped by label in their order, those of labels that are not wanted left out")
{
    const std::vector<int> labels{2, 0, 2, 1, 4, 2, 0, 4};
    const auto checked = labelerrors::check_labels(labels, 8, 5, "test");
    // All rows but 3, the only one of label 1; label 3 has none.
    const std::vector<std::size_t> rows{0, 1, 2, 4, 5, 6, 7};
    const positions_by_label all(rows, checked, [](std::size_t) { return true; });
    CHECK(all.size() == 7);
    CHECK(all.largest() == 3);
    const auto positions = all.of_labels_from(0, all.size());
    CHECK(std::vector<std::size_t>(positions.begin(), positions.end()) ==
          std::vector<std::size_t>{1, 5, 0, 2, 4, 3, 6});

    const positions_by_label some(rows, checked, [](std::size_t label) { return label == 0 || label == 4; });
    const auto wanted = some.of_labels_from(0, some.size());
    CHECK(std::vector<std::size_t>(wanted.begin(), wanted.end()) == std::vector<std::size_t>{1, 5, 3, 6});
}

TEST_CASE("however the positions are cut, every one is in one part, and no label in two")
{
    std::mt19937_64 random(24);
    for (int round = 0; round < 100; ++round)
    {
        std::vector<std::size_t> labels(50);
        std::vector<std::size_t> rows(50);
        for (std::size_t i = 0; i < 50; ++i)
        {
            labels[i] = random() % 10;
            rows[i] = i;
        }
        const auto checked = labelerrors::check_labels(labels, 50, 10, "test");
        const positions_by_label grouped(rows, checked, [](std::size_t label) { return label != 3; });
        std::vector<int> part_of_label(10, -1);
        std::size_t seen = 0;
        int part = 0;
        for (std::size_t first = 0; first < grouped.size(); ++part)
        {
            const std::size_t last = std::min(first + 1 + random() % 12, grouped.size());
            for (const std::size_t position : grouped.of_labels_from(first, last))
            {
                int& its_part = part_of_label[labels[position]];
                CHECK((its_part == -1 || its_part == part));
                its_part = part;
                ++seen;
            }
            first = last;
        }
        CHECK(seen == grouped.size());
        CHECK(part_of_label[3] == -1);
    }
}

TEST_CASE("no rows have no groups")
{
    const std::vector<int> labels{0, 1};
    const auto checked = labelerrors::check_labels(labels, 2, 2, "test");
    const positions_by_label none(std::span<const std::size_t>{}, checked, [](std::size_t) { return true; });
    CHECK(none.size() == 0);
    CHECK(none.of_labels_from(0, 0).empty());
}
