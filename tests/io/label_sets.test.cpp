#include <labelerrors/io/label_sets.hpp>

#include <doctest/doctest.h>

using labelerrors::io::label_sets;

TEST_CASE("sets are added label by label and read by example, empty ones too")
{
    label_sets sets;
    CHECK(sets.size() == 0);
    sets.labels = {3, 1};
    sets.end_example();
    sets.end_example();
    sets.labels.push_back(2);
    sets.end_example();
    CHECK(sets.size() == 3);
    CHECK(sets[0].size() == 2);
    CHECK(sets[0][1] == 1);
    CHECK(sets[1].empty());
    CHECK(sets[2].size() == 1);
    CHECK(sets[2][0] == 2);
    CHECK(sets == label_sets{.first = {0, 2, 2, 3}, .labels = {3, 1, 2}});
}
