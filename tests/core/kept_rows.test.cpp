// Copies of narrow rows that the model contradicts: what is made of them is what the rows themselves give.
#include <labelerrors/core/core.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

namespace
{

using namespace labelerrors;

template <class T>
struct made_set
{
    std::vector<int> labels;
    xt::xtensor<T, 2> pred_probs;
};

/// A noisy set of so many rows that those in memory are kept. A few values are a little outside of [0, 1].
template <class T>
[[nodiscard]] made_set<T> make_set(std::size_t k, std::uint64_t seed)
{
    const std::size_t n = (std::size_t{1} << 20) / k + 1;
    std::mt19937_64 generator(seed);
    const auto uniform = [&]
    {
        return static_cast<double>(generator() >> 11) * 0x1p-53;
    };
    made_set<T> set{std::vector<int>(n), xt::xtensor<T, 2>::from_shape({n, k})};
    for (std::size_t i = 0; i < n; ++i)
    {
        const auto truth = static_cast<std::size_t>(uniform() * static_cast<double>(k));
        set.labels[i] = static_cast<int>(uniform() < 0.4 ? generator() % k : truth);
        double rest = 1.0;
        for (std::size_t j = 0; j < k; ++j)
        {
            const double share = uniform() * uniform() * 1.4 / static_cast<double>(k);
            set.pred_probs(i, j) = static_cast<T>(j == truth ? 0.0 : std::floor(share * 1000.0) / 1000.0);
            rest -= static_cast<double>(set.pred_probs(i, j));
        }
        set.pred_probs(i, truth) = static_cast<T>(rest);
        if (i % 5000 == 7)
            for (std::size_t j = 0; j < k; ++j)
                set.pred_probs(i, j) = static_cast<T>(j == truth ? 1.00003 : -0.00001);
    }
    return set;
}

template <class T>
void check_same(const made_set<T>& set, const find_label_issues_options& options)
{
    // Columns one after another: rows that are read by blocks, and never kept.
    const xt::xtensor<T, 2, xt::layout_type::column_major> columns = set.pred_probs;
    const auto expected = find_label_issues(set.labels, columns, options);
    const auto found = find_label_issues(set.labels, set.pred_probs, options);
    CHECK(found.indices.size() > 20'000);
    CHECK(found.indices == expected.indices);
    CHECK(found.given_labels == expected.given_labels);
    CHECK(found.suggested_labels == expected.suggested_labels);
    CHECK(found.scores == expected.scores);
}

}  // namespace

TEST_CASE_TEMPLATE("rows that are kept give the issues that reading them again gives", T, double, float)
{
    for (const std::size_t k : {std::size_t{2}, std::size_t{3}, std::size_t{8}})
    {
        CAPTURE(k);
        const auto set = make_set<T>(k, 11 * k);
        CHECK(detail::is_best_kept(detail::rows_in_memory(set.pred_probs)));
        check_same(set, {.threads = 1});
        check_same(set, {.threads = 3});
        check_same(set, {.filter_by = filter_by::both, .rank_by = score_method::normalized_margin, .threads = 2});
        check_same(set,
                   {.filter_by = filter_by::confident_learning, .rank_by = score_method::confidence_weighted_entropy});
        check_same(set, {.rank_by = std::nullopt, .frac_noise = 0.5, .threads = 3});
        check_same(set, {.adjust_pred_probs = adjustment::class_thresholds, .threads = 2});
    }
}

TEST_CASE("halves are kept as the floats of their values")
{
    const std::size_t k = 3;
    const auto set = make_set<float>(k, 5);
    const std::size_t n = set.labels.size();
    std::vector<float16> halves(n * k);
    std::transform(set.pred_probs.begin(), set.pred_probs.end(), halves.begin(), to_float16);
    made_set<float> floats{set.labels, xt::xtensor<float, 2>::from_shape({n, k})};
    std::transform(halves.begin(), halves.end(), floats.pred_probs.begin(),
                   [](float16 half) { return static_cast<float>(half); });
    const find_label_issues_options options{
        .rank_by = score_method::normalized_margin, .tolerance = 1e-2, .threads = 2};
    check_same(floats, options);
    const memory_rows<float16> rows(halves.data(), n, k, k);
    REQUIRE(detail::is_best_kept(rows));
    const auto found = find_label_issues(set.labels, rows, options);
    const auto expected = find_label_issues(set.labels, floats.pred_probs, options);
    CHECK(found.indices == expected.indices);
    CHECK(found.suggested_labels == expected.suggested_labels);
    CHECK(found.scores == expected.scores);
}

TEST_CASE("rows are kept where they are narrow, in memory, and not few")
{
    const std::vector<float> values(std::size_t{1} << 21);
    const auto rows = [&](std::size_t n, std::size_t k)
    {
        return memory_rows<float>(values.data(), n, k, k);
    };
    CHECK(detail::is_best_kept(rows(1 << 19, 2)));
    CHECK(detail::is_best_kept(rows(1 << 18, 4)));
    CHECK(!detail::is_best_kept(rows(1 << 17, 4)));
    CHECK(!detail::is_best_kept(rows(1 << 17, 9)));
}

TEST_CASE("kept rows stay in their order, merged or not, and more than agreed forget all")
{
    const std::array<std::array<double, 2>, 3> values{{{0.25, 0.75}, {0.5, 0.5}, {0.125, 0.875}}};
    const auto made = [&](std::size_t most_rows)
    {
        detail::kept_rows<double> kept(2, most_rows, 1);
        kept.add(std::span<const double>(values[0]), 0);
        detail::kept_rows<double> later(2, most_rows, 1);
        later.add(std::span<const double>(values[1]), 1);
        later.add(std::span<const double>(values[2]), 0);
        kept.merge(std::move(later));
        return kept;
    };
    auto kept = made(3);
    REQUIRE(kept.complete());
    REQUIRE(kept.rows().num_rows() == 3);
    for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t j = 0; j < 2; ++j)
            CHECK(kept.rows().row(i)[j] == values[i][j]);
    CHECK(kept.labels()[0] == 0);
    CHECK(kept.labels()[1] == 1);
    kept.add(std::span<const double>(values[0]), 1);
    CHECK(!kept.complete());
    CHECK(!made(2).complete());
    CHECK(!detail::kept_rows<double>().complete());
}
