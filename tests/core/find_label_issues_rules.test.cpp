// find_label_issues against the rules written out as plain loops, on random cases full of ties.
#include "filters.hpp"
#include "plain_rules.hpp"
#include <labelerrors/core/find_label_issues.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <random>
#include <utility>
#include <vector>

using labelerrors::filter_by;
using labelerrors::find_label_issues;
using labelerrors::find_label_issues_options;
using labelerrors::score_method;
using tests::all_filters;
using tests::prune_filters;

namespace
{

/// A case of up to 60 examples of 2 to 6 classes. One in four has classes without examples, or with a single one.
[[nodiscard]] tests::small_case make_case(std::mt19937_64& random, int round)
{
    const std::size_t k = 2 + random() % 5;
    constexpr std::array<std::size_t, 4> steps{2, 4, 8, 64};
    auto made = tests::random_case(random, 1 + random() % 60, k, steps[random() % steps.size()]);
    if (round % 4 == 0)
        for (std::size_t i = 1; i < made.num_examples(); ++i)
            if (made.labels(i) == static_cast<int>(k) - 1)
                made.labels(i) = 0;
    return made;
}

void check_case(const tests::small_case& made, const find_label_issues_options& options)
{
    const tests::plain::examples in(made);
    const auto expected = tests::plain::flagged(in, options);
    const auto issues = find_label_issues(made.labels, made.pred_probs, options);
    const auto scores = tests::plain::scores(in, options.rank_by.value_or(score_method::self_confidence));
    CHECK(issues.num_examples == made.num_examples());
    CHECK(issues.num_classes == made.num_classes());
    auto sorted = tests::to_indices(issues.indices);
    std::sort(sorted.begin(), sorted.end());
    REQUIRE(sorted == expected);
    for (std::size_t m = 0; m < expected.size(); ++m)
    {
        const std::size_t i = issues.indices(m);
        CHECK(issues.given_labels(m) == in.labels[i]);
        CHECK(issues.suggested_labels(m) == tests::plain::argmax_of(in.probabilities[i]));
        CHECK(issues.scores(m) == doctest::Approx(scores[i]).epsilon(1e-12));
        if (m == 0)
            continue;
        const bool in_order =
            options.rank_by ? issues.scores(m - 1) < issues.scores(m) || (issues.scores(m - 1) == issues.scores(m) &&
                                                                          issues.indices(m - 1) < issues.indices(m))
                            : issues.indices(m - 1) < issues.indices(m);
        CHECK(in_order);
    }
}

}  // namespace

TEST_CASE("every filter flags and ranks what the plain rules do, on random cases full of ties")
{
    std::mt19937_64 random(23);
    constexpr std::array<std::optional<score_method>, 4> rankings{
        score_method::self_confidence, score_method::normalized_margin, score_method::confidence_weighted_entropy,
        std::nullopt};
    for (int round = 0; round < 300; ++round)
    {
        const auto made = make_case(random, round);
        CAPTURE(round);
        for (const auto filter : all_filters)
            check_case(made, {.filter_by = filter, .rank_by = rankings[random() % rankings.size()], .threads = 1});
    }
}

TEST_CASE("the options of the prune filters do what the plain rules say")
{
    std::mt19937_64 random(24);
    for (int round = 0; round < 300; ++round)
    {
        const auto made = make_case(random, round);
        const std::size_t k = made.num_classes();
        find_label_issues_options options{.threads = 1};
        if (random() % 2 == 0)
            options.frac_noise = static_cast<double>(random() % 5) / 4.0;
        if (random() % 2 == 0)
            options.min_examples_per_class = random() % 12;
        if (random() % 2 == 0)
        {
            options.confident_joint.emplace(xt::xtensor<double, 2>::from_shape({k, k}));
            for (double& count : *options.confident_joint)
                count = static_cast<double>(random() % 12);
        }
        CAPTURE(round);
        for (const auto filter : prune_filters)
        {
            options.filter_by = filter;
            check_case(made, options);
        }
    }
}

TEST_CASE("stated removals take what the plain rules say")
{
    std::mt19937_64 random(25);
    for (int round = 0; round < 300; ++round)
    {
        const auto made = make_case(random, round);
        find_label_issues_options options{.threads = 1};
        std::vector<std::size_t> removals(made.num_classes());
        for (std::size_t& count : removals)
            count = random() % 10;
        options.num_to_remove_per_class = std::move(removals);
        CAPTURE(round);
        for (const auto filter : prune_filters)
        {
            options.filter_by = filter;
            check_case(made, options);
        }
    }
}

TEST_CASE("quotas larger than the contradicted rows are filled from all rows of the class")
{
    std::mt19937_64 random(26);
    std::size_t agreeing = 0;
    for (int round = 0; round < 100; ++round)
    {
        const auto made = make_case(random, 1);
        const std::size_t k = made.num_classes();
        find_label_issues_options options{.threads = 1};
        // More noise than there is: every quota asks for half of the class or more.
        options.confident_joint.emplace(xt::xtensor<double, 2>::from_shape({k, k}));
        options.confident_joint->fill(30.0);
        check_case(made, options);
        // What was taken beyond the contradicted rows is left out again.
        const auto issues = find_label_issues(made.labels, made.pred_probs, options);
        const auto contradicted =
            labelerrors::compute_confident_joint(made.labels, made.pred_probs).contradicted_indices;
        CHECK(issues.indices.size() <= contradicted.size());
        agreeing += made.num_examples() - contradicted.size();
    }
    CHECK(agreeing > 100);
}

TEST_CASE("any number of classes is answered as the plain rules do")
{
    std::mt19937_64 random(27);
    std::size_t flagged = 0;
    for (const std::size_t k : {7u, 8u, 9u, 15u, 16u, 17u, 31u, 33u, 64u, 65u, 127u, 129u, 300u})
        for (const std::size_t steps : {8u, 64u, 1024u})
        {
            const auto made = tests::random_case(random, k + random() % (6 * k), k, steps);
            CAPTURE(k);
            CAPTURE(steps);
            for (const auto filter : all_filters)
                check_case(made, {.filter_by = filter, .threads = 1});
            flagged += find_label_issues(made.labels, made.pred_probs).indices.size();
        }
    CHECK(flagged > 1000);
}
