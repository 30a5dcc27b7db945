// What must not matter: the order of the examples, the names of the classes, how often everything is said, and how the
// rows are stored and read.
#include "filters.hpp"
#include "small_cases.hpp"
#include <labelerrors/core/find_label_issues.hpp>
#include <labelerrors/core/find_multilabel_issues.hpp>
#include <labelerrors/core/health_summary.hpp>
#include <labelerrors/rows/any_rows.hpp>
#include <labelerrors/rows/callback_rows.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <random>
#include <span>
#include <utility>
#include <vector>

using labelerrors::any_rows;
using labelerrors::filter_by;
using labelerrors::find_label_issues;
using labelerrors::find_label_issues_options;
using labelerrors::score_method;
using tests::all_filters;
using tests::prune_filters;

namespace
{

using order = std::vector<std::size_t>;

/// Examples without ties: no two probabilities are equal. Every class has examples.
[[nodiscard]] tests::small_case untied_case(std::mt19937_64& random, std::size_t n, std::size_t k)
{
    tests::small_case made{xt::xtensor<int, 1>::from_shape({n}), xt::xtensor<double, 2>::from_shape({n, k})};
    std::uniform_real_distribution<double> share(0.01, 1.0);
    for (std::size_t i = 0; i < n; ++i)
    {
        const std::size_t favoured = i % k;
        double sum = 0.0;
        for (std::size_t j = 0; j < k; ++j)
            sum += made.pred_probs(i, j) = share(random) + (j == favoured ? 2.0 * share(random) : 0.0);
        for (std::size_t j = 0; j < k; ++j)
            made.pred_probs(i, j) /= sum;
        made.labels(i) = static_cast<int>(i < k || random() % 4 != 0 ? favoured : random() % k);
    }
    return made;
}

/// The numbers 0 .. count - 1 in any order.
[[nodiscard]] order shuffled(std::mt19937_64& random, std::size_t count)
{
    order made(count);
    std::iota(made.begin(), made.end(), std::size_t{0});
    std::shuffle(made.begin(), made.end(), random);
    return made;
}

/// Example examples[i] of `from` as example i, its class j as class classes[j].
[[nodiscard]] tests::small_case rearranged(const tests::small_case& from, const order& examples, const order& classes)
{
    tests::small_case made{xt::xtensor<int, 1>::from_shape({examples.size()}),
                           xt::xtensor<double, 2>::from_shape({examples.size(), classes.size()})};
    for (std::size_t i = 0; i < examples.size(); ++i)
    {
        made.labels(i) = static_cast<int>(classes[static_cast<std::size_t>(from.labels(examples[i]))]);
        for (std::size_t j = 0; j < classes.size(); ++j)
            made.pred_probs(i, classes[j]) = from.pred_probs(examples[i], j);
    }
    return made;
}

[[nodiscard]] order unchanged(std::size_t count)
{
    order made(count);
    std::iota(made.begin(), made.end(), std::size_t{0});
    return made;
}

/// Counts of one's own that ask for some errors of every kind.
[[nodiscard]] xt::xtensor<double, 2> some_counts(std::mt19937_64& random, std::size_t k)
{
    auto counts = xt::xtensor<double, 2>::from_shape({k, k});
    for (std::size_t i = 0; i < k; ++i)
        for (std::size_t j = 0; j < k; ++j)
            counts(i, j) = static_cast<double>(i == j ? 40 : random() % 6);
    return counts;
}

[[nodiscard]] auto counts_of(const tests::small_case& in)
{
    return labelerrors::compute_confident_joint(in.labels, in.pred_probs,
                                                {.calibrate = labelerrors::calibration::none});
}

/// The rows of a matrix, which must outlive them, whatever its type.
template <class T, class Matrix>
[[nodiscard]] any_rows<T> rows_of(const Matrix& matrix)
{
    return labelerrors::with_rows(matrix, "rows_of", [](const auto& rows) { return any_rows<T>(rows); });
}

/// Everything that the library tells about labels and probabilities, as one list of numbers.
template <class PredProbs>
[[nodiscard]] std::vector<double> all_answers(const xt::xtensor<int, 1>& labels, const PredProbs& pred_probs,
                                              std::size_t threads)
{
    std::vector<double> answers;
    const auto add = [&](const auto& values)
    {
        for (const auto& value : values)
            answers.push_back(static_cast<double>(value));
    };
    const auto joint = labelerrors::compute_confident_joint(labels, pred_probs, {.threads = threads});
    add(joint.confident_joint);
    add(joint.thresholds);
    add(joint.off_diagonal_indices);
    add(joint.contradicted_indices);
    for (const auto filter : all_filters)
    {
        const auto issues = find_label_issues(labels, pred_probs,
                                              {.filter_by = filter,
                                               .rank_by = score_method::normalized_margin,
                                               .adjust_pred_probs = labelerrors::adjustment::class_thresholds,
                                               .threads = threads});
        add(issues.indices);
        add(issues.scores);
        add(issues.suggested_labels);
    }
    for (const auto method : {score_method::self_confidence, score_method::confidence_weighted_entropy})
        add(labelerrors::label_quality_scores(labels, pred_probs, {.method = method, .threads = threads}));
    const auto health = labelerrors::health_summary(labels, pred_probs, {.threads = threads});
    answers.push_back(health.overall_label_health_score);
    for (const auto& quality : health.classes)
        answers.insert(answers.end(), {static_cast<double>(quality.class_index), quality.label_quality_score});
    // As sets of labels: each example has its label and the class after it.
    std::vector<std::vector<int>> sets;
    for (const int label : labels)
        sets.push_back({label, (label + 1) % static_cast<int>(pred_probs.num_columns())});
    for (const auto filter : {filter_by::both, filter_by::low_self_confidence})
    {
        const auto issues =
            labelerrors::find_multilabel_issues(sets, pred_probs, {.filter_by = filter, .threads = threads});
        add(issues.indices);
        add(issues.scores);
        for (const auto& classes : issues.flagged_classes)
            add(classes);
    }
    return answers;
}

}  // namespace

TEST_CASE("another order of the examples gives the same answers in that order")
{
    std::mt19937_64 random(61);
    for (const std::size_t k : {2u, 5u, 23u})
    {
        const auto made = untied_case(random, 40 * k, k);
        const order from = shuffled(random, made.num_examples());
        const auto moved = rearranged(made, from, unchanged(k));
        const auto counts = counts_of(made);
        const auto moved_counts = counts_of(moved);
        CHECK(moved_counts.thresholds == counts.thresholds);
        CHECK(moved_counts.confident_joint == counts.confident_joint);
        std::size_t found = 0;
        for (const auto filter : all_filters)
        {
            const auto issues = find_label_issues(made.labels, made.pred_probs, {.filter_by = filter});
            const auto moved_issues = find_label_issues(moved.labels, moved.pred_probs, {.filter_by = filter});
            REQUIRE(moved_issues.indices.size() == issues.indices.size());
            CHECK(moved_issues.scores == issues.scores);
            CHECK(moved_issues.suggested_labels == issues.suggested_labels);
            for (std::size_t m = 0; m < issues.indices.size(); ++m)
                CHECK(from[moved_issues.indices(m)] == issues.indices(m));
            found += issues.indices.size();
        }
        CHECK(found > 7 * k);
        CHECK(labelerrors::health_summary(moved.labels, moved.pred_probs).joint ==
              labelerrors::health_summary(made.labels, made.pred_probs).joint);
    }
}

TEST_CASE("other names of the classes give the same answers by those names")
{
    std::mt19937_64 random(62);
    for (const std::size_t k : {2u, 6u, 19u})
    {
        const auto made = untied_case(random, 40 * k, k);
        const order names = shuffled(random, k);
        const auto named = rearranged(made, unchanged(made.num_examples()), names);
        const auto counts = counts_of(made);
        const auto named_counts = counts_of(named);
        const auto own = some_counts(random, k);
        auto named_own = own;
        for (std::size_t i = 0; i < k; ++i)
        {
            CHECK(named_counts.thresholds(names[i]) == counts.thresholds(i));
            for (std::size_t j = 0; j < k; ++j)
            {
                CHECK(named_counts.confident_joint(names[i], names[j]) == counts.confident_joint(i, j));
                named_own(names[i], names[j]) = own(i, j);
            }
        }
        for (const auto filter : all_filters)
        {
            find_label_issues_options options{.filter_by = filter};
            find_label_issues_options named_options{.filter_by = filter};
            // The calibrated joint is rounded to integers, where equal remainders go to the class of the lower number.
            if (std::find(prune_filters.begin(), prune_filters.end(), filter) != prune_filters.end())
            {
                options.confident_joint = own;
                named_options.confident_joint = named_own;
            }
            const auto issues = find_label_issues(made.labels, made.pred_probs, options);
            const auto named_issues = find_label_issues(named.labels, named.pred_probs, named_options);
            CHECK(issues.indices.size() > 0);
            CHECK(named_issues.indices == issues.indices);
            CHECK(named_issues.scores == issues.scores);
            for (std::size_t m = 0; m < issues.indices.size(); ++m)
                CHECK(named_issues.suggested_labels(m) == names[issues.suggested_labels(m)]);
        }
    }
}

TEST_CASE("every example twice gives twice the counts, the same thresholds and both copies of every issue")
{
    std::mt19937_64 random(63);
    for (const std::size_t k : {2u, 6u, 19u})
    {
        const auto made = untied_case(random, 40 * k, k);
        const std::size_t n = made.num_examples();
        order twice = unchanged(n);
        twice.insert(twice.end(), twice.begin(), twice.end());
        const auto doubled = rearranged(made, twice, unchanged(k));
        const auto counts = counts_of(made);
        const auto doubled_counts = counts_of(doubled);
        CHECK(doubled_counts.thresholds == counts.thresholds);
        for (std::size_t i = 0; i < k; ++i)
            for (std::size_t j = 0; j < k; ++j)
                CHECK(doubled_counts.confident_joint(i, j) == 2 * counts.confident_joint(i, j));
        const auto own = some_counts(random, k);
        std::size_t found = 0;
        for (const auto filter : all_filters)
        {
            find_label_issues_options options{.filter_by = filter, .rank_by = std::nullopt};
            auto doubled_options = options;
            if (std::find(prune_filters.begin(), prune_filters.end(), filter) != prune_filters.end())
            {
                options.confident_joint = own;
                doubled_options.confident_joint = xt::xtensor<double, 2>(2.0 * own);
            }
            const auto issues = find_label_issues(made.labels, made.pred_probs, options);
            const auto doubled_issues = find_label_issues(doubled.labels, doubled.pred_probs, doubled_options);
            order expected(issues.indices.begin(), issues.indices.end());
            found += expected.size();
            for (const std::size_t i : issues.indices)
                expected.push_back(i + n);
            CHECK(tests::to_indices(doubled_issues.indices) == expected);
        }
        CHECK(found > 7 * k);
    }
}

TEST_CASE("how the rows are stored, and read, by how many threads, changes no bit of any answer")
{
    std::mt19937_64 random(64);
    constexpr std::size_t n = 15'000;
    constexpr std::size_t k = 36;
    // 16ths, which every type holds. Enough for several blocks of every kind of source and for two threads.
    const auto made = tests::random_case(random, n, k, 16);
    const auto expected = all_answers(made.labels, rows_of<double>(made.pred_probs), 1);
    REQUIRE(labelerrors::detail::threads_for(2, n * k) == 2);

    auto larger = xt::xtensor<double, 2>::from_shape({2 * n, k + 3});
    larger.fill(-1.0);
    xt::view(larger, xt::range(1, 2 * n, 2), xt::range(2, k + 2)) = made.pred_probs;
    const auto columns = tests::by_columns(made.pred_probs);
    const auto fill = [&](std::size_t first, std::size_t count, std::span<double> to)
    {
        std::copy_n(&made.pred_probs(first, 0), count * k, to.begin());
    };
    const auto lazy = tests::lazily(made.pred_probs);
    const auto strided = xt::view(larger, xt::range(1, 2 * n, 2), xt::range(2, k + 2));
    const std::array in_doubles{rows_of<double>(made.pred_probs), rows_of<double>(columns), rows_of<double>(lazy),
                                rows_of<double>(strided),
                                any_rows<double>(labelerrors::callback_rows<double>(n, k, fill))};
    const auto floats = tests::in_type<float>(made.pred_probs);
    const auto halves = tests::in_type<labelerrors::float16>(made.pred_probs);
    const std::array in_floats{rows_of<float>(floats), rows_of<float>(halves)};
    for (const std::size_t threads : {1u, 64u})
    {
        CAPTURE(threads);
        for (std::size_t source = 0; source < in_doubles.size(); ++source)
        {
            CAPTURE(source);
            CHECK((all_answers(made.labels, in_doubles[source], threads) == expected));
        }
        for (std::size_t source = 0; source < in_floats.size(); ++source)
        {
            CAPTURE(source);
            CHECK((all_answers(made.labels, in_floats[source], threads) == expected));
        }
    }
}
