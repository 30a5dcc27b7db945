#include "small_cases.hpp"
#include <labelerrors/core/confident_joint.hpp>
#include <labelerrors/core/prune_selection.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <utility>
#include <vector>

using labelerrors::detail::quota_selection;

namespace
{

using indices = std::vector<std::size_t>;
using candidates = std::vector<std::pair<double, std::size_t>>;

/// The indices of the `quota` largest keys, of equal keys the lowest indices, by a full sort.
[[nodiscard]] indices by_full_sort(candidates all, std::size_t quota)
{
    std::sort(all.begin(), all.end(),
              [](const auto& a, const auto& b)
              { return a.first != b.first ? a.first > b.first : a.second < b.second; });
    indices taken;
    for (std::size_t i = 0; i < std::min(quota, all.size()); ++i)
        taken.push_back(all[i].second);
    std::sort(taken.begin(), taken.end());
    return taken;
}

[[nodiscard]] indices taken_by(quota_selection selection)
{
    indices taken;
    selection.append_indices_to(taken);
    std::sort(taken.begin(), taken.end());
    return taken;
}

/// Whether the model contradicts each label, ascending.
[[nodiscard]] indices contradicted_in(const tests::small_case& made)
{
    return tests::to_indices(labelerrors::compute_confident_joint(made.labels, made.pred_probs).contradicted_indices);
}

/// The rows that the pairs of `counts` (row: true, column: given) take, by full sorts.
[[nodiscard]] indices plain_by_noise_rate(const tests::small_case& made, const xt::xtensor<std::int64_t, 2>& counts)
{
    const auto sizes = made.class_counts();
    indices taken;
    for (std::size_t given = 0; given < made.num_classes(); ++given)
        for (std::size_t j = 0; j < made.num_classes() && sizes[given] > 1; ++j)
        {
            if (j == given || counts(j, given) <= 0)
                continue;
            candidates margins;
            for (std::size_t i = 0; i < made.num_examples(); ++i)
                if (static_cast<std::size_t>(made.labels(i)) == given)
                    margins.emplace_back(made.pred_probs(i, j) - made.pred_probs(i, given), i);
            const auto of_pair = by_full_sort(margins, static_cast<std::size_t>(counts(j, given)));
            taken.insert(taken.end(), of_pair.begin(), of_pair.end());
        }
    labelerrors::detail::sort_unique(taken);
    return taken;
}

[[nodiscard]] indices by_noise_rate(const tests::small_case& made, const xt::xtensor<std::int64_t, 2>& counts)
{
    const auto rows = labelerrors::detail::rows_in_memory(made.pred_probs);
    const auto labels = labelerrors::check_labels(made.labels, made.num_examples(), made.num_classes(), "test");
    const auto plan = labelerrors::detail::plan_of(labelerrors::detail::columns_of(counts), labels.class_counts, 1);
    const auto taken = labelerrors::detail::select_by_noise_rate(rows, labels, contradicted_in(made), plan.pairs, {});
    return {taken.rows.begin(), taken.rows.end()};
}

}  // namespace

TEST_CASE("a quota keeps the largest keys, of equal ones the lowest indices")
{
    quota_selection selection(3);
    CHECK(selection.size() != selection.quota());
    for (const auto& [key, index] : candidates{{0.5, 9}, {0.25, 1}, {0.75, 4}, {0.5, 2}, {0.5, 7}})
        selection.add(key, index);
    CHECK(selection.size() == selection.quota());
    CHECK(selection.smallest_key() == 0.5);
    CHECK(taken_by(selection) == indices{2, 4, 7});
}

TEST_CASE("a quota says what a key must exceed")
{
    constexpr double infinity = std::numeric_limits<double>::infinity();
    CHECK(quota_selection(0).key_to_exceed() == infinity);
    quota_selection selection(2);
    selection.add(0.5, 1);
    CHECK(selection.key_to_exceed() == -infinity);
    selection.add(0.25, 2);
    CHECK(selection.key_to_exceed() == 0.25);
    selection.add(0.75, 3);
    CHECK(selection.key_to_exceed() == 0.5);
    selection.add(0.5, 4);
    CHECK(taken_by(selection) == indices{1, 3});
}

TEST_CASE("a quota of nothing keeps nothing, and an empty one has no smallest key")
{
    quota_selection none(0);
    none.add(1.0, 3);
    CHECK(none.size() == none.quota());
    CHECK(taken_by(none).empty());
    CHECK(quota_selection(5).smallest_key() == -std::numeric_limits<double>::infinity());
    quota_selection cleared(1);
    cleared.add(1.0, 3);
    cleared.add(2.0, 4);
    static_cast<void>(cleared.smallest_key());
    cleared.clear();
    CHECK(cleared.size() != cleared.quota());
    // What was kept before no longer keeps smaller keys out.
    cleared.add(0.5, 5);
    CHECK(taken_by(cleared) == indices{5});
}

TEST_CASE("a quota takes what a full sort takes, with many ties, in any order and parted in any way")
{
    std::mt19937_64 random(17);
    for (int round = 0; round < 400; ++round)
    {
        const std::size_t count = random() % 300;
        // Small quotas are kept in order, larger ones cut down now and then.
        const std::size_t quota = random() % (round % 4 < 2 ? 40 : 140);
        candidates all(count);
        for (std::size_t i = 0; i < count; ++i)
            all[i] = {static_cast<double>(random() % 5) * 0.25, i};
        const auto expected = by_full_sort(all, quota);
        if (round % 2 == 0)
            std::shuffle(all.begin(), all.end(), random);
        std::array<quota_selection, 3> parts{quota_selection(quota), quota_selection(quota), quota_selection(quota)};
        quota_selection whole(quota);
        for (std::size_t i = 0; i < count; ++i)
        {
            whole.add(all[i].first, all[i].second);
            parts[i * 3 / count].add(all[i].first, all[i].second);
        }
        CHECK(taken_by(whole) == expected);
        CHECK(whole.size() == std::min(count, quota));
        parts[0].merge(parts[1]);
        parts[0].merge(parts[2]);
        CHECK(taken_by(parts[0]) == expected);
    }
}

TEST_CASE("selection by noise rate settles quotas on contradicted rows and fills the rest from all rows")
{
    // Label 0: margins towards 1 are 0.5, -0.25, 0, -1 (rows 0 .. 3). Only row 0 is contradicted.
    const tests::small_case made{{0, 0, 0, 0, 1}, {{0.25, 0.75}, {0.625, 0.375}, {0.5, 0.5}, {1.0, 0.0}, {0.0, 1.0}}};
    CHECK(contradicted_in(made) == indices{0});
    using counts = xt::xtensor<std::int64_t, 2>;
    CHECK(by_noise_rate(made, counts{{0, 0}, {0, 0}}).empty());
    CHECK(by_noise_rate(made, counts{{0, 0}, {1, 0}}) == indices{0});
    CHECK(by_noise_rate(made, counts{{0, 0}, {2, 0}}) == indices{0, 2});
    CHECK(by_noise_rate(made, counts{{0, 0}, {3, 0}}) == indices{0, 1, 2});
    CHECK(by_noise_rate(made, counts{{0, 0}, {99, 0}}) == indices{0, 1, 2, 3});
    // However many are wanted, no memory is taken for more than there are.
    CHECK(by_noise_rate(made, counts{{0, 0}, {std::int64_t{1} << 50, 0}}) == indices{0, 1, 2, 3});
    // A class of one example is left alone.
    CHECK(by_noise_rate(made, counts{{0, 5}, {0, 0}}).empty());
}

TEST_CASE("selection by noise rate takes what full sorts take, with many ties and quotas of every size")
{
    std::mt19937_64 random(18);
    for (int round = 0; round < 300; ++round)
    {
        const std::size_t k = 2 + random() % 4;
        const auto made = tests::random_case(random, 1 + random() % 60, k, 4);
        auto counts = xt::xtensor<std::int64_t, 2>::from_shape({k, k});
        for (auto& count : counts)
            count = static_cast<std::int64_t>(random() % (round % 2 == 0 ? 4 : 40));
        CHECK(by_noise_rate(made, counts) == plain_by_noise_rate(made, counts));
    }
}

TEST_CASE("rows of many classes are held against all pairs of their label at once, with the same rows taken")
{
    std::mt19937_64 random(19);
    for (int round = 0; round < 60; ++round)
    {
        const std::size_t k = 17 + random() % 50;
        auto made = tests::random_case(random, 300, k, 1024);
        for (auto& label : made.labels)
            label %= 3;
        // Values below zero, within the tolerance of a check that has been before, count as zero.
        for (auto& value : made.pred_probs)
            if (value == 0.0 && random() % 64 == 0)
                value = -1.0 / 65536.0;
        auto counts = xt::xtensor<std::int64_t, 2>::from_shape({k, k});
        for (auto& count : counts)
            // More than have a margin above zero, now and then.
            count = random() % 3 == 0 ? static_cast<std::int64_t>(random() % (round % 3 == 0 ? 120 : 9)) : 0;
        auto bounded = made;
        bounded.pred_probs = xt::maximum(made.pred_probs, 0.0);
        const auto expected = plain_by_noise_rate(bounded, counts);
        CHECK(by_noise_rate(made, counts) == expected);
        // Values in floats and halves are the same.
        const auto labels = labelerrors::check_labels(made.labels, 300, k, "test");
        const auto plan = labelerrors::detail::plan_of(labelerrors::detail::columns_of(counts), labels.class_counts, 1);
        const auto taken_from = [&](const auto& values)
        {
            const auto taken = labelerrors::detail::select_by_noise_rate(
                labelerrors::detail::rows_in_memory(values), labels, contradicted_in(bounded), plan.pairs, {});
            return indices(taken.rows.begin(), taken.rows.end());
        };
        CHECK(taken_from(tests::in_type<float>(made.pred_probs)) == expected);
        CHECK(taken_from(tests::in_type<labelerrors::float16>(made.pred_probs)) == expected);
    }
}

TEST_CASE("a margin within the agreeing model's reach is not settled by contradicted rows alone")
{
    // The first row contradicts its label by 1.05e-6, less than the 1.1e-6 that settles; the second, whose label wins
    // when raised, has a margin of 0.9e-6; both are within the quota of 2, and the third is not.
    const tests::small_case made{{0, 0, 0},
                                 {{0.5 - 0.525e-6, 0.5 + 0.525e-6}, {0.5 - 0.45e-6, 0.5 + 0.45e-6}, {0.75, 0.25}}};
    CHECK(contradicted_in(made) == indices{0});
    CHECK(by_noise_rate(made, xt::xtensor<std::int64_t, 2>{{0, 0}, {1, 0}}) == indices{0});
    CHECK(by_noise_rate(made, xt::xtensor<std::int64_t, 2>{{0, 0}, {2, 0}}) == indices{0, 1});
}

TEST_CASE("selection by class takes the lowest probabilities of each class, of equal ones the first")
{
    const tests::small_case made{{0, 0, 0, 1, 1, 1},
                                 {{0.25, 0.75}, {0.25, 0.75}, {0.75, 0.25}, {0.5, 0.5}, {0.25, 0.75}, {0.5, 0.5}}};
    const auto rows = labelerrors::detail::rows_in_memory(made.pred_probs);
    const auto labels = labelerrors::check_labels(made.labels, 6, 2, "test");
    const auto take = [&](const std::vector<std::size_t>& by_class)
    {
        const auto taken = labelerrors::detail::select_by_class(rows, labels, by_class, {});
        return indices(taken.begin(), taken.end());
    };
    CHECK(take({0, 0}).empty());
    CHECK(take({1, 2}) == indices{0, 3, 5});
    CHECK(take({2, 1}) == indices{0, 1, 3});
    CHECK(take({3, 3}) == indices{0, 1, 2, 3, 4, 5});
    // What is below zero, within the tolerance of a check that has been before, is as low as zero.
    const xt::xtensor<double, 2> below{{0.0, 1.0}, {-0.25, 1.25}};
    const std::vector<int> zeros{0, 0};
    const auto both = labelerrors::check_labels(zeros, 2, 2, "test");
    const auto taken = labelerrors::detail::select_by_class(labelerrors::detail::rows_in_memory(below), both,
                                                            std::vector<std::size_t>{1, 0}, {});
    CHECK(indices(taken.begin(), taken.end()) == indices{0});
}

TEST_CASE("what a quota keeps can be had in order, and cut")
{
    for (const std::size_t quota : {3u, 100u})
    {
        quota_selection selection(quota);
        for (const auto& [key, row] : candidates{{0.5, 4}, {0.75, 5}, {0.25, 6}, {0.5, 7}, {0.75, 9}})
            selection.add(key, row);
        CHECK(selection.size() == std::min<std::size_t>(quota, 5));
        const auto sorted = selection.sorted();
        REQUIRE(sorted.size() >= 3);
        CHECK(sorted[0].index == 5);
        CHECK(sorted[1].index == 9);
        CHECK(sorted[2].index == 4);
        selection.keep_first(2);
        CHECK(taken_by(selection) == indices{5, 9});
    }
}
