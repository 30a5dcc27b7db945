// find_label_issues over every kind of source, and with any number of threads.
#include "filters.hpp"
#include "small_cases.hpp"
#include <labelerrors/core/find_label_issues.hpp>
#include <labelerrors/core/label_quality_scores.hpp>
#include <labelerrors/rows/callback_rows.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

using labelerrors::filter_by;
using labelerrors::find_label_issues;
using labelerrors::find_label_issues_options;
using labelerrors::label_issues;
using labelerrors::score_method;
using tests::all_filters;

namespace
{

/// Equal to the last bit.
void check_equal(const label_issues& a, const label_issues& b)
{
    CHECK(a.num_examples == b.num_examples);
    CHECK(a.num_classes == b.num_classes);
    CHECK(a.indices == b.indices);
    CHECK(a.given_labels == b.given_labels);
    CHECK(a.suggested_labels == b.suggested_labels);
    CHECK(a.scores == b.scores);
}

/// 480,000 rows of 4 classes with so many wrong labels that every pass has work for several threads.
[[nodiscard]] xt::xtensor<double, 2> many_rows(xt::xtensor<int, 1>& labels)
{
    constexpr std::size_t n = 480'000;
    auto pred_probs = xt::xtensor<double, 2>::from_shape({n, std::size_t{4}});
    labels.resize({n});
    std::mt19937_64 random(28);
    for (std::size_t i = 0; i < n; ++i)
    {
        // 1024ths: sums are exact, and many rows tie.
        std::array<std::size_t, 4> parts{};
        const auto favoured = static_cast<std::size_t>(random() % 4);
        parts[favoured] = 400 + static_cast<std::size_t>(random() % 500);
        parts[(favoured + 1) % 4] = static_cast<std::size_t>(random() % (1024 - parts[favoured]));
        parts[(favoured + 2) % 4] = 1024 - parts[favoured] - parts[(favoured + 1) % 4];
        for (std::size_t j = 0; j < 4; ++j)
            pred_probs(i, j) = static_cast<double>(parts[j]) / 1024.0;
        labels(i) = static_cast<int>(random() % 5 < 2 ? random() % 4 : favoured);
    }
    return pred_probs;
}

/// A row source of one's own that also gives its rows as spans, which the library has no use for.
struct rows_as_spans
{
    using value_type = float;

    [[nodiscard]] std::size_t num_rows() const noexcept
    {
        return values.shape()[0];
    }

    [[nodiscard]] std::size_t num_columns() const noexcept
    {
        return values.shape()[1];
    }

    const float* read(std::size_t first, std::size_t, std::vector<float>&) const
    {
        return values.data() + first * num_columns();
    }

    [[nodiscard]] std::span<const float> row(std::size_t i) const
    {
        return {values.data() + i * num_columns(), num_columns()};
    }

    xt::xtensor<float, 2> values;
};

}  // namespace

TEST_CASE("floats and halves give the issues that their values give in double")
{
    std::mt19937_64 random(29);
    for (int round = 0; round < 20; ++round)
    {
        const auto made = tests::random_case(random, 20 + static_cast<std::size_t>(random() % 100),
                                             2 + static_cast<std::size_t>(random() % 12), 64);
        for (const auto filter : all_filters)
        {
            const find_label_issues_options options{.filter_by = filter, .rank_by = score_method::normalized_margin};
            const auto expected = find_label_issues(made.labels, made.pred_probs, options);
            check_equal(find_label_issues(made.labels, tests::in_type<float>(made.pred_probs), options), expected);
            check_equal(find_label_issues(made.labels, tests::in_type<labelerrors::float16>(made.pred_probs), options),
                        expected);
        }
    }
}

TEST_CASE("floats whose values are no round fractions give the issues that their values give in double")
{
    std::mt19937_64 random(30);
    auto narrow = xt::xtensor<float, 2>::from_shape({400, 7});
    auto wide = xt::xtensor<double, 2>::from_shape({400, 7});
    auto labels = xt::xtensor<int, 1>::from_shape({400});
    for (std::size_t i = 0; i < 400; ++i)
    {
        std::array<float, 7> parts{};
        float sum = 0.0F;
        for (float& part : parts)
            sum += part = 0.01F + static_cast<float>(random() % 1000 * (random() % 3)) * 1e-3F;
        for (std::size_t j = 0; j < 7; ++j)
            wide(i, j) = narrow(i, j) = parts[j] / sum;
        labels(i) = static_cast<int>(random() % 7);
    }
    for (const auto filter : all_filters)
        check_equal(find_label_issues(labels, narrow, {.filter_by = filter}),
                    find_label_issues(labels, wide, {.filter_by = filter}));
}

TEST_CASE("columns, lazy expressions, views and adapted memory give the bits of a row-major container")
{
    std::mt19937_64 random(31);
    const auto made = tests::random_case(random, 300, 5, 48);
    // Every second row and the last five columns of a larger matrix.
    xt::xtensor<double, 2> larger = xt::xtensor<double, 2>::from_shape({600, 9});
    larger.fill(-1.0);
    xt::view(larger, xt::range(1, 600, 2), xt::range(4, 9)) = made.pred_probs;
    const auto strided = xt::view(larger, xt::range(1, 600, 2), xt::range(4, 9));
    const auto columns = tests::by_columns(made.pred_probs);
    const auto adapted = xt::adapt(made.pred_probs.data(), made.pred_probs.size(), xt::no_ownership(),
                                   std::array<std::size_t, 2>{made.num_examples(), made.num_classes()});
    for (const auto filter : all_filters)
    {
        const find_label_issues_options options{.filter_by = filter};
        const auto expected = find_label_issues(made.labels, made.pred_probs, options);
        check_equal(find_label_issues(made.labels, columns, options), expected);
        check_equal(find_label_issues(made.labels, tests::lazily(made.pred_probs), options), expected);
        check_equal(find_label_issues(made.labels, strided, options), expected);
        check_equal(find_label_issues(made.labels, adapted, options), expected);
    }
}

TEST_CASE("a row source whose row is not a pointer is read in blocks")
{
    const auto made = tests::worked_case();
    check_equal(find_label_issues(made.labels, rows_as_spans{made.pred_probs}),
                find_label_issues(made.labels, made.pred_probs));
}

TEST_CASE("any number of threads gives the same bits")
{
    xt::xtensor<int, 1> labels;
    const auto pred_probs = many_rows(labels);
    REQUIRE(labelerrors::detail::threads_for(7, pred_probs.size()) == 7);
    // The passes over the contradicted rows start several threads, too.
    const auto contradicted = find_label_issues(labels, pred_probs, {.filter_by = filter_by::predicted_neq_given});
    REQUIRE(labelerrors::detail::threads_for(7, contradicted.indices.size() * 4) > 1);
    for (const auto filter : {filter_by::prune_by_noise_rate, filter_by::both, filter_by::low_normalized_margin})
    {
        find_label_issues_options options{.filter_by = filter, .threads = 1};
        const auto expected = find_label_issues(labels, pred_probs, options);
        for (const std::size_t threads : std::array<std::size_t, 3>{2, 7, 0})
        {
            options.threads = threads;
            check_equal(find_label_issues(labels, pred_probs, options), expected);
        }
    }
}

TEST_CASE("quotas that are filled from all rows give the same bits for any number of threads")
{
    xt::xtensor<int, 1> labels;
    const auto pred_probs = many_rows(labels);
    find_label_issues_options options{.threads = 1};
    options.confident_joint =
        xt::xtensor<double, 2>{{60'000, 60'000, 300, 0}, {1, 119'999, 5, 7}, {70'000, 1, 9, 2}, {0, 0, 40'000, 5}};
    const auto expected = find_label_issues(labels, pred_probs, options);
    for (const std::size_t threads : std::array<std::size_t, 2>{2, 7})
    {
        options.threads = threads;
        check_equal(find_label_issues(labels, pred_probs, options), expected);
    }
}

TEST_CASE("of several rows that cannot be read the first is told, by any number of threads")
{
    constexpr std::size_t n = 100'000;
    std::vector<int> labels(n);
    for (std::size_t i = 0; i < n; ++i)
        labels[i] = static_cast<int>(i % 8);
    const auto rows =
        labelerrors::callback_rows<double>(n, 8,
                                           [](std::size_t first, std::size_t count, std::span<double> to)
                                           {
                                               for (std::size_t i = 0; i < count; ++i)
                                               {
                                                   // The first is in what is the front half's end for two threads, the
                                                   // second begins the rear half.
                                                   if (first + i == 49'990 || first + i == 50'010)
                                                       throw std::runtime_error("row " + std::to_string(first + i));
                                                   for (std::size_t j = 0; j < 8; ++j)
                                                       to[i * 8 + j] = j == (first + i) % 8 ? 0.65 : 0.05;
                                               }
                                           });
    for (const std::size_t threads : {1u, 2u, 3u, 4u, 7u})
        for (int round = 0; round < 20; ++round)
            CHECK_THROWS_WITH_AS(
                static_cast<void>(labelerrors::label_quality_scores(labels, rows, {.threads = threads})), "row 49990",
                std::runtime_error);
}
