#include "small_cases.hpp"
#include <labelerrors/core/prune_counts.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

using labelerrors::prune_counts;
using labelerrors::spread_removals;

namespace
{

using counts = xt::xtensor<std::int64_t, 2>;
using sizes = std::vector<std::size_t>;

constexpr std::size_t everything = std::numeric_limits<std::size_t>::max();

}  // namespace

TEST_CASE("prune counts are the joint turned over where every class keeps enough")
{
    // Row: given label, column: true label goes in; row: true label, column: given label comes out.
    CHECK(prune_counts(counts{{5, 1, 2}, {0, 6, 3}, {4, 0, 7}}, 1, 1.0) == counts{{5, 0, 4}, {1, 6, 0}, {2, 3, 7}});
}

TEST_CASE("what a class lacks is taken from its other entries in equal parts, none below zero")
{
    // Given 0: diagonal 1, at least 4 wanted: raised by 3, taken from the 2 other entries that are not zero, 1.5 each:
    // 5 -> 3.5 and 1 -> 0; cut to 3 and 0. Given 1 keeps 6 already; given 2 raises 0 to 4 with one entry that is not
    // zero (the diagonal is zero, so 1 - 1 = 0 counts as 1): each other entry loses 4.
    CHECK(prune_counts(counts{{1, 5, 1}, {2, 6, 0}, {0, 9, 0}}, 4, 1.0) == counts{{4, 2, 0}, {3, 6, 5}, {0, 0, 4}});
}

TEST_CASE("the noise that is not taken goes back to the diagonal and all is cut to integers")
{
    // Half of 5 and 2 is 2.5 and 1: 3.5 go back to 10.
    CHECK(prune_counts(counts{{10, 5, 2}, {0, 4, 0}, {0, 0, 4}}, 1, 0.5) == counts{{13, 0, 0}, {2, 4, 0}, {1, 0, 4}});
    CHECK(prune_counts(counts{{10, 5}, {3, 4}}, 1, 0.0) == counts{{15, 0}, {0, 7}});
}

TEST_CASE("counts of the caller's own need not be integers, and come in any layout")
{
    const xt::xtensor<double, 2> joint{{2.75, 1.5, 0.5}, {0.25, 3.0, 2.25}, {1.0, 0.0, 1.75}};
    const counts expected{{2, 0, 1}, {1, 3, 0}, {0, 2, 1}};
    CHECK(prune_counts(joint, 1, 1.0) == expected);
    CHECK(prune_counts(tests::in_type<float>(joint), 1, 1.0) == expected);
    CHECK(prune_counts(tests::by_columns(joint), 1, 1.0) == expected);
    CHECK(prune_counts(tests::lazily(joint), 1, 1.0) == expected);
}

TEST_CASE("with whole quotas a column keeps its sum, but for what cannot be taken")
{
    std::mt19937_64 random(16);
    for (int round = 0; round < 200; ++round)
    {
        const std::size_t k = 2 + random() % 5;
        auto joint = counts::from_shape({k, k});
        for (auto& count : joint)
            count = static_cast<std::int64_t>(random() % 20);
        // With an empty diagonal the reference takes more than it raises.
        for (std::size_t j = 0; j < k; ++j)
            joint(j, j) += 1;
        const auto pruned = prune_counts(joint, 1 + random() % 8, 0.25 * static_cast<double>(random() % 5));
        for (std::size_t given = 0; given < k; ++given)
        {
            std::int64_t before = 0;
            std::int64_t after = 0;
            for (std::size_t j = 0; j < k; ++j)
            {
                CHECK(pruned(j, given) >= 0);
                CHECK((j == given || pruned(j, given) <= joint(given, j)));
                before += joint(given, j);
                after += pruned(j, given);
            }
            // Cutting loses less than 1 an entry.
            CHECK(after >= before - static_cast<std::int64_t>(k));
        }
    }
}

TEST_CASE("more than any class has can be kept")
{
    const auto pruned = prune_counts(counts{{5, 1}, {2, 6}}, everything, 1.0);
    CHECK(pruned(0, 1) == 0);
    CHECK(pruned(1, 0) == 0);
    CHECK(pruned(0, 0) >= 1'000'000'000'000);
}

TEST_CASE("a matrix that is not square or not of counts is refused by prune_counts")
{
    CHECK_THROWS_WITH_AS(static_cast<void>(prune_counts(counts{{1, 2, 3}, {4, 5, 6}}, 1, 1.0)),
                         "prune_counts: confident_joint must be k x k with k at least 2, not 2 x 3",
                         labelerrors::shape_error);
    CHECK_THROWS_WITH_AS(static_cast<void>(prune_counts(counts{{1, 2}, {4, -5}}, 1, 1.0)),
                         doctest::Contains("prune_counts: confident_joint(1, 1) is -5"), labelerrors::value_error);
    CHECK_THROWS_AS(static_cast<void>(prune_counts(xt::xtensor<float, 2>{{1.0F, NAN}, {0.0F, 1.0F}}, 1, 1.0)),
                    labelerrors::value_error);
}

TEST_CASE("stated removals are spread in the reference's proportions and rounded")
{
    // Shares, entry (i, j) over the sum of row j (10, 8, 12): row 0: 8/10, 1/8, 1/12, noise 5/24. Removing 5 of 10:
    // 1/8 / (5/24) * 5 = 3 and 1/12 / (5/24) * 5 = 2, so 5, 3, 2.
    // Row 1: 1/10, 6/8, 1/12, noise 11/60; removing 11 of 20: 6, 9, 5. Row 2: 1/10, 0, 11/12: removing 4 of 12: 4,
    // 0, 8.
    CHECK(spread_removals(counts{{8, 1, 1}, {1, 6, 1}, {1, 0, 11}}, sizes{5, 11, 4}, sizes{10, 20, 12}) ==
          counts{{5, 3, 2}, {6, 9, 5}, {4, 0, 8}});
}

TEST_CASE("a true label without noise takes nothing by noise rate")
{
    // Row 0 has no proportion to spread by; its diagonal still says that 3 of 9 are to go.
    CHECK(spread_removals(counts{{8, 0}, {2, 6}}, sizes{3, 4}, sizes{9, 8}) == counts{{6, 0}, {4, 4}});
    // A true label whose row is empty has no proportion either.
    CHECK(spread_removals(counts{{0, 0}, {2, 6}}, sizes{1, 4}, sizes{9, 8}) == counts{{8, 0}, {0, 4}});
}

TEST_CASE("removing nothing leaves every quota empty, and removing more than there is is allowed")
{
    CHECK(spread_removals(counts{{8, 1}, {2, 6}}, sizes{0, 0}, sizes{9, 8}) == counts{{9, 0}, {0, 8}});
    CHECK(spread_removals(counts{{8, 1}, {2, 6}}, sizes{20, 0}, sizes{9, 8}) == counts{{-11, 20}, {0, 8}});
    const auto all = spread_removals(counts{{8, 1}, {0, 6}}, sizes{everything, everything}, sizes{9, 8});
    CHECK(all(0, 0) < 0);
    CHECK(all(0, 1) > 1'000'000);
    CHECK(all(1, 1) < 0);
}

TEST_CASE("shares and sizes that prune counts cannot have are refused")
{
    const counts joint{{30, 10}, {10, 30}};
    for (const double frac_noise : {std::nan(""), -3.0, 1e300, 1.0000001})
        CHECK_THROWS_WITH_AS(static_cast<void>(prune_counts(joint, 1, frac_noise)),
                             doctest::Contains("prune_counts: frac_noise must be between 0 and 1, not "),
                             labelerrors::value_error);
    CHECK_THROWS_WITH_AS(static_cast<void>(spread_removals(joint, sizes{1, 1, 1}, sizes{4, 4, 4})),
                         "spread_removals: counts must be k x k with k = 3, not 2 x 2", labelerrors::shape_error);
    CHECK_THROWS_WITH_AS(static_cast<void>(spread_removals(joint, sizes{1}, sizes{40, 40})),
                         "spread_removals: num_to_remove must have k = 2 numbers, one for each class, not 1",
                         labelerrors::shape_error);
    CHECK_THROWS_WITH_AS(static_cast<void>(spread_removals(joint, sizes{1, 1}, sizes{})),
                         doctest::Contains("spread_removals: class_counts is empty"), labelerrors::shape_error);
    CHECK_THROWS_AS(static_cast<void>(spread_removals(counts{{30, -10}, {10, 30}}, sizes{1, 1}, sizes{40, 40})),
                    labelerrors::value_error);
}
