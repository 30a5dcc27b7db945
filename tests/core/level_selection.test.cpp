#include "small_cases.hpp"
#include <labelerrors/core/confident_joint.hpp>
#include <labelerrors/core/find_label_issues.hpp>
#include <labelerrors/rows/callback_rows.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <random>
#include <span>
#include <utility>
#include <vector>

using namespace labelerrors;
using namespace labelerrors::detail;

namespace
{

using indices = std::vector<std::size_t>;

struct taken_and_open
{
    indices taken;
    std::vector<std::vector<std::size_t>> open;  // the true labels that are left open, by given label

    friend bool operator==(const taken_and_open&, const taken_and_open&) = default;
};

[[nodiscard]] taken_and_open listed(large_vector<std::size_t> taken, pair_quotas open)
{
    sort_unique(taken);
    taken_and_open result{{taken.begin(), taken.end()}, {}};
    for (std::size_t given = 0; given + 1 < open.first.size(); ++given)
    {
        auto& of_label = result.open.emplace_back();
        for (const auto& pair : open.of(given))
        {
            of_label.push_back(pair.true_label);
            CHECK(pair.selection.size() == 0);
        }
    }
    return result;
}

template <class Source>
[[nodiscard]] taken_and_open by_levels(const Source& source, const auto& labels, const indices& contradicted,
                                       const pair_quotas& quotas, std::size_t threads)
{
    large_vector<std::size_t> taken;
    auto open =
        take_by_levels(source, labels, std::span<const std::size_t>(contradicted), quotas, taken, {.threads = threads});
    CHECK(std::adjacent_find(taken.begin(), taken.end(), std::greater_equal<>()) == taken.end());
    return listed(taken, std::move(open));
}

/// The same by keeping the best of each pair.
template <class Source>
[[nodiscard]] taken_and_open by_quotas(const Source& source, const auto& labels, const indices& contradicted,
                                       const pair_quotas& quotas)
{
    large_vector<std::size_t> taken;
    auto open = take_by_margin(source, labels, contradicted, quotas, agreeing_margin, taken, {}, alone{});
    return listed(taken, std::move(open));
}

}  // namespace

TEST_CASE("margins up to an agreeing model's have level 0, and levels rise with them to the last")
{
    CHECK(level_of(-1.0) == 0);
    CHECK(level_of(0.0) == 0);
    CHECK(level_of(agreeing_margin) == 0);
    CHECK(level_of(1.2e-6) == 1);
    CHECK(level_of(1.0 / 4096.0) == 2);
    CHECK(level_of(0.5) == 2049);
    CHECK(level_of(1.0 - 1e-9) == 4096);
    CHECK(level_of(1.0) == 4096);
}

TEST_CASE("levels are for a few pairs with large quotas")
{
    const auto made = [](std::size_t pairs_of_a_label, std::size_t labels, std::size_t quota)
    {
        pair_quotas quotas{{0}, {}};
        for (std::size_t given = 0; given < labels; ++given)
        {
            for (std::size_t j = 0; j < pairs_of_a_label; ++j)
                quotas.pairs.push_back({j + 1, quota_selection(quota)});
            quotas.first.push_back(quotas.pairs.size());
        }
        return quotas;
    };
    CHECK(has_few_large(made(2, 3, 10'000)));
    CHECK(!has_few_large(made(2, 3, 1000)));
    CHECK(!has_few_large(made(9, 3, 10'000)));
    CHECK(!has_few_large(made(5, 13, 10'000)));
    CHECK(!has_few_large(made(0, 3, 0)));
}

TEST_CASE("levels take what the best of each pair are, with many ties and quotas of every size, in every type")
{
    std::mt19937_64 random(27);
    std::size_t taken = 0;
    std::size_t open = 0;
    for (int round = 0; round < 200; ++round)
    {
        const std::size_t k = 2 + random() % 5;
        const std::size_t n = 20 + random() % 200;
        // Multiples of 1/4 make ties, of 1/1024 hardly any.
        const auto made = tests::random_case(random, n, k, round % 2 == 0 ? 4 : 1024);
        const auto checked = check_labels(made.labels, n, k, "test");
        const auto contradicted =
            tests::to_indices(compute_confident_joint(made.labels, made.pred_probs).contradicted_indices);
        auto counts = xt::xtensor<std::int64_t, 2>::from_shape({k, k});
        for (auto& count : counts)
            count = static_cast<std::int64_t>(random() % (1 + n / k / (1 + random() % 9)));
        const auto quotas = plan_of(columns_of(counts), checked.class_counts, 1).pairs;
        const auto expected = by_quotas(rows_in_memory(made.pred_probs), checked, contradicted, quotas);
        CHECK(by_levels(rows_in_memory(made.pred_probs), checked, contradicted, quotas, 1) == expected);
        const auto floats = tests::in_type<float>(made.pred_probs);
        CHECK(by_levels(rows_in_memory(floats), checked, contradicted, quotas, 1) == expected);
        const auto halves = tests::in_type<float16>(made.pred_probs);
        CHECK(by_levels(rows_in_memory(halves), checked, contradicted, quotas, 1) == expected);
        const auto read =
            callback_rows<double>(n, k,
                                  [&](std::size_t first, std::size_t count, std::span<double> to)
                                  { std::copy_n(made.pred_probs.data() + first * k, count * k, to.begin()); });
        CHECK(by_levels(read, checked, contradicted, quotas, 1) == expected);
        taken += expected.taken.size();
        for (const auto& of_label : expected.open)
            open += of_label.size();
    }
    CHECK(taken > 1000);
    CHECK(open > 100);
}

TEST_CASE("large quotas of few classes give the same issues by any number of threads, as levels and one by one")
{
    // 400,000 rows, a fifth of them mislabelled: enough for levels, and for several threads.
    constexpr std::size_t n = 400'000;
    std::mt19937_64 random(28);
    std::vector<int> labels(n);
    auto pred_probs = xt::xtensor<double, 2>::from_shape({n, 3});
    for (std::size_t i = 0; i < n; ++i)
    {
        labels[i] = static_cast<int>(random() % 3);
        const std::size_t truth = random() % 5 == 0 ? random() % 3 : static_cast<std::size_t>(labels[i]);
        double values[3];
        for (std::size_t j = 0; j < 3; ++j)
            values[j] = static_cast<double>(1 + random() % 1000) + (j == truth ? 1500.0 : 0.0);
        for (std::size_t j = 0; j < 3; ++j)
            pred_probs(i, j) = values[j] / (values[0] + values[1] + values[2]);
    }
    const auto source = rows_in_memory(pred_probs);
    const auto checked = check_labels(labels, n, 3, "test");
    const auto found = scan_confident(source, checked, pass_options{}, "test");
    const auto quotas = plan_pruning(found, checked, find_label_issues_options{}, alone{}).pairs;
    REQUIRE(has_few_large(quotas));
    const indices contradicted(found.contradicted.begin(), found.contradicted.end());
    const auto expected = by_quotas(source, checked, contradicted, quotas);
    CHECK(expected.taken.size() > 32'768);
    for (const std::size_t threads : {1u, 2u, 7u})
        CHECK(by_levels(source, checked, contradicted, quotas, threads) == expected);
}
