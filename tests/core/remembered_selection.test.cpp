// Rows that are costly to read again: what is kept of them gives the same issues as reading them.
#include <labelerrors/core/core.hpp>
#include <labelerrors/rows/callback_rows.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <utility>
#include <vector>

namespace
{

using namespace labelerrors;

struct made_set
{
    std::vector<int> labels;
    xt::xtensor<double, 2> pred_probs;
};

/// A noisy set. Values are multiples of `step`, so that there are many ties where that is large.
[[nodiscard]] made_set make_set(std::size_t n, std::size_t k, double step, std::uint64_t seed)
{
    std::mt19937_64 generator(seed);
    const auto uniform = [&]
    {
        return static_cast<double>(generator() >> 11) * 0x1p-53;
    };
    made_set set{std::vector<int>(n), xt::xtensor<double, 2>::from_shape({n, k})};
    for (std::size_t i = 0; i < n; ++i)
    {
        const auto truth = static_cast<std::size_t>(uniform() * static_cast<double>(k));
        const bool noisy = uniform() < 0.2;
        set.labels[i] = noisy ? static_cast<int>(uniform() * static_cast<double>(k)) : static_cast<int>(truth);
        // What is left of 1 goes to the truth.
        double rest = 1.0;
        for (std::size_t j = 0; j < k; ++j)
        {
            const double share = j == truth ? 0.0 : uniform() * uniform() * 1.6 / static_cast<double>(k);
            set.pred_probs(i, j) = std::floor(share / step) * step;
            rest -= set.pred_probs(i, j);
        }
        set.pred_probs(i, truth) = rest;
    }
    return set;
}

/// The same rows, with a count of how often one was asked for.
struct counted_rows
{
    const made_set& set;
    std::vector<int> reads = std::vector<int>(set.labels.size());

    [[nodiscard]] auto source()
    {
        const std::size_t k = set.pred_probs.shape()[1];
        return callback_rows<double>(set.labels.size(), k,
                                     [this, k](std::size_t first, std::size_t count, std::span<double> to)
                                     {
                                         std::copy_n(set.pred_probs.data() + first * k, count * k, to.begin());
                                         for (std::size_t i = first; i < first + count; ++i)
                                             ++reads[i];
                                     });
    }
};

void check_same(const label_issues& found, const label_issues& expected)
{
    CHECK(found.indices == expected.indices);
    CHECK(found.given_labels == expected.given_labels);
    CHECK(found.suggested_labels == expected.suggested_labels);
    CHECK(found.scores == expected.scores);
}

}  // namespace

TEST_CASE("what is kept of costly rows gives the issues that reading them again gives, by every filter and score")
{
    for (const std::size_t k : {std::size_t{2}, std::size_t{3}, std::size_t{12}, std::size_t{40}})
        for (const double step : {1e-9, 1.0 / 64.0})
        {
            const auto set = make_set(1500, k, step, 7 * k);
            counted_rows rows{set};
            const auto source = rows.source();
            for (const auto filter :
                 {filter_by::prune_by_noise_rate, filter_by::prune_by_class, filter_by::both,
                  filter_by::confident_learning, filter_by::predicted_neq_given, filter_by::low_self_confidence})
                for (const auto method : {score_method::self_confidence, score_method::normalized_margin,
                                          score_method::confidence_weighted_entropy})
                    for (const std::size_t threads : {std::size_t{1}, std::size_t{3}})
                    {
                        CAPTURE(k);
                        CAPTURE(step);
                        CAPTURE(static_cast<int>(filter));
                        CAPTURE(static_cast<int>(method));
                        const find_label_issues_options options{
                            .filter_by = filter, .rank_by = method, .threads = threads};
                        check_same(find_label_issues(set.labels, source, options),
                                   find_label_issues(set.labels, set.pred_probs, options));
                    }
            // In the order of the rows, with fewer and with more removals than the joint asks for.
            const auto in_order = [&](const auto& pred_probs, double frac_noise)
            {
                return find_label_issues(set.labels, pred_probs, {.rank_by = std::nullopt, .frac_noise = frac_noise});
            };
            check_same(in_order(source, 0.3), in_order(set.pred_probs, 0.3));
        }
}

TEST_CASE("costly rows are read once after a sample of them, and few of them once more")
{
    const auto set = make_set(20'000, 10, 1e-9, 3);
    counted_rows rows{set};
    const auto issues = find_label_issues(set.labels, rows.source(), {.threads = 1});
    CHECK(issues.indices.size() > 2000);
    std::size_t more = 0;
    for (const int reads : rows.reads)
    {
        CHECK(reads >= 1);
        CHECK(reads <= 3);
        more += reads > 1 ? 1U : 0U;
    }
    CHECK(more < set.labels.size() / 2);
}

TEST_CASE("a memory that would outgrow its bound forgets everything, merged or not")
{
    detail::remembered_rows<float> few(2, 1);
    std::vector<std::uint32_t> columns;
    const std::vector<float> row{0.1f, 0.6f, 0.3f};
    CHECK(few.complete());
    few.add(std::span<const float>(row), 0, columns);
    CHECK(few.complete());
    CHECK(few.given(0) == 0.1f);
    CHECK(few.largest(0).column == 1);
    REQUIRE(few.above(0).size() == 2);
    CHECK(few.above(0)[1].column == 2);
    auto others = detail::remembered_rows<float>(2, 1);
    others.add(std::span<const float>(row), 2, columns);
    others.merge(std::move(few));
    CHECK(!others.complete());
    others.add(std::span<const float>(row), 2, columns);
    CHECK(!others.complete());
    CHECK(!detail::remembered_rows<float>().complete());
}

TEST_CASE("rows of one memory and of a later one keep their own values, up to as many as agreed")
{
    std::vector<std::uint32_t> columns;
    const auto filled = [&](const std::vector<std::pair<std::vector<float>, std::size_t>>& rows)
    {
        detail::remembered_rows<float> memory(5, 1);
        for (const auto& [row, label] : rows)
            memory.add(std::span<const float>(row), label, columns);
        return memory;
    };
    auto memory = filled({{{0.125f, 0.5f, 0.375f}, 0}});
    memory.merge(filled({{{0.5f, 0.25f, 0.25f}, 0}, {{0.5f, 0.125f, 0.375f}, 1}, {{0.25f, 0.5f, 0.25f}, 2}}));
    REQUIRE(memory.complete());
    const auto columns_of = [&](std::size_t i)
    {
        std::vector<std::uint32_t> of_row;
        for (const auto& entry : memory.above(i))
            of_row.push_back(entry.column);
        return of_row;
    };
    CHECK(columns_of(0) == std::vector<std::uint32_t>{1, 2});
    CHECK(columns_of(1).empty());
    CHECK(columns_of(2) == std::vector<std::uint32_t>{0, 2});
    CHECK(columns_of(3) == std::vector<std::uint32_t>{1});
    CHECK(memory.above(2)[1].value == 0.375f);
    CHECK(memory.largest(1).column == 0);
    CHECK(memory.given(3) == 0.25f);
    memory.merge(filled({{{0.25f, 0.5f, 0.25f}, 2}}));
    CHECK(!memory.complete());
}

TEST_CASE("of classes with open quotas the rows matter whose confidence leaves room for a margin that may be taken")
{
    const std::vector<int> given{0, 0, 0, 0, 1, 1, 2};
    const auto labels = check_labels(given, given.size(), 3, "test");
    const std::vector<std::uint8_t> floors{11, 134, 135, 255, 0, 255, 0};
    const auto rows_for = [&](std::size_t first, std::size_t second, double most_sum)
    {
        // Class 0 looks like 1 and 2; the others have no open quota.
        detail::pair_quotas open{{0, 2, 2, 2},
                                 {{1, detail::quota_selection(first)}, {2, detail::quota_selection(second)}}};
        const auto rows = detail::rows_that_matter(floors, labels, open, most_sum);
        return std::vector<std::size_t>(rows.begin(), rows.end());
    };
    using indices = std::vector<std::size_t>;
    // The lowest is below 12/256, so that its margin is above -12/256; that of p is at most 1 - 2 p.
    CHECK(rows_for(1, 1, 1.0) == indices{0, 1});
    CHECK(rows_for(1, 1, 1.5) == indices{0, 1, 2});
    CHECK(rows_for(3, 1, 1.0) == indices{0, 1, 2});
    CHECK(rows_for(1, 3, 1.0) == indices{0, 1, 2});
    CHECK(rows_for(5, 1, 1.0) == indices{0, 1, 2, 3});
}

TEST_CASE("rows with values outside of the unit interval are kept as they are read again")
{
    auto set = make_set(600, 4, 1e-9, 5);
    for (std::size_t i = 0; i < 600; i += 3)
    {
        set.pred_probs(i, 0) = -5e-5;
        double sum = 0.0;
        for (std::size_t j = 0; j < 3; ++j)
            sum += set.pred_probs(i, j);
        set.pred_probs(i, 3) = 1.0 - sum;
    }
    counted_rows rows{set};
    check_same(find_label_issues(set.labels, rows.source()), find_label_issues(set.labels, set.pred_probs));
    // Two values of a row that both count as 1: the larger one is suggested all the same.
    for (std::size_t i = 0; i < 600; i += 2)
    {
        for (std::size_t j = 0; j < 4; ++j)
            set.pred_probs(i, j) = j == 1 ? 1.25 : j == 2 ? 1.5 : -0.25;
        set.labels[i] = static_cast<int>(i / 2 % 4);
    }
    for (const auto filter : {filter_by::prune_by_noise_rate, filter_by::predicted_neq_given})
        for (const auto method : {score_method::self_confidence, score_method::normalized_margin})
        {
            const find_label_issues_options options{.filter_by = filter, .rank_by = method, .tolerance = 2.0};
            const auto found = find_label_issues(set.labels, rows.source(), options);
            check_same(found, find_label_issues(set.labels, set.pred_probs, options));
            CHECK(std::find(found.suggested_labels.begin(), found.suggested_labels.end(), 2u) !=
                  found.suggested_labels.end());
        }
}
