// Sets of labels: by hand, against one question at a time, and as the reference's 1.0 had them.
#include "filters.hpp"
#include "support/golden.hpp"
#include "support/xtensor.hpp"
#include <labelerrors/core/multilabel.hpp>
#include <labelerrors/io/label_sets.hpp>
#include <labelerrors/rows/callback_rows.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <vector>

using labelerrors::filter_by;
using labelerrors::score_method;
using tests::all_filters;
using tests::to_vector;
using sets_of_labels = std::vector<std::vector<int>>;
namespace aggregators = labelerrors::aggregators;
namespace v1 = labelerrors::reference::cleanlab_1;

namespace
{

const sets_of_labels worked_labels{{0}, {1, 0}, {}, {1}, {0}};
const xt::xtensor<double, 2> worked_pred_probs{{0.9, 0.1}, {0.8, 0.7}, {0.7, 0.2}, {0.1, 0.9}, {0.2, 0.4}};

struct random_sets
{
    xt::xtensor<int, 2> matrix;
    sets_of_labels lists;
    xt::xtensor<double, 2> pred_probs;
};

/// Probabilities in multiples of 1 / steps; an answer agrees with its probability three times of four.
[[nodiscard]] random_sets make_sets(std::mt19937_64& random, std::size_t n, std::size_t k, std::size_t steps)
{
    random_sets made{xt::xtensor<int, 2>::from_shape({n, k}), sets_of_labels(n),
                     xt::xtensor<double, 2>::from_shape({n, k})};
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < k; ++j)
        {
            const std::size_t share = random() % (steps + 1);
            made.pred_probs(i, j) = static_cast<double>(share) / static_cast<double>(steps);
            const bool likely = 2 * share > steps;
            made.matrix(i, j) = (random() % 4 != 0) == likely ? 1 : 0;
            if (made.matrix(i, j) == 1)
                made.lists[i].push_back(static_cast<int>(j));
        }
    return made;
}

/// The question of class j: labels and both probabilities.
struct question
{
    xt::xtensor<int, 1> labels;
    xt::xtensor<double, 2> pred_probs;
};

[[nodiscard]] question question_of(const random_sets& made, std::size_t j)
{
    const std::size_t n = made.lists.size();
    question asked{xt::xtensor<int, 1>::from_shape({n}), xt::xtensor<double, 2>::from_shape({n, 2})};
    for (std::size_t i = 0; i < n; ++i)
    {
        asked.labels(i) = made.matrix(i, j);
        asked.pred_probs(i, 0) = 1.0 - made.pred_probs(i, j);
        asked.pred_probs(i, 1) = made.pred_probs(i, j);
    }
    return asked;
}

/// Few examples, and probabilities at which answers turn.
[[nodiscard]] random_sets make_odd_sets(std::mt19937_64& random)
{
    constexpr std::array values{0.0, 1.0, 0.5, 0.5 - 1e-7, 0.5 + 1e-7, 0.5 - 4e-7, 0.25, 0.75, 0.1, 0.9};
    const std::size_t n = 1 + random() % 9;
    const std::size_t k = 1 + random() % 3;
    random_sets made{xt::xtensor<int, 2>::from_shape({n, k}), sets_of_labels(n),
                     xt::xtensor<double, 2>::from_shape({n, k})};
    const std::size_t num_values = 1 + random() % values.size();
    const std::size_t share = random() % 5;
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < k; ++j)
        {
            made.pred_probs(i, j) = values.at((random() % num_values + n) % values.size());
            made.matrix(i, j) = random() % 4 < share ? 1 : 0;
            if (made.matrix(i, j) == 1)
                made.lists[i].push_back(static_cast<int>(j));
        }
    return made;
}

void check_same(const labelerrors::label_issues& mine, const labelerrors::label_issues& expected)
{
    CHECK(mine.indices == expected.indices);
    CHECK(mine.given_labels == expected.given_labels);
    CHECK(mine.suggested_labels == expected.suggested_labels);
    CHECK(mine.scores == expected.scores);
}

constexpr std::size_t many = 4000;
constexpr std::size_t many_classes = 300;

/// A probability of a set that takes several blocks of rows. Of a class no two, nor what two leave to 1, are equal.
[[nodiscard]] float many_value(std::size_t i, std::size_t j)
{
    std::uint64_t mixed = (i * many_classes + j) * 0x9e3779b97f4a7c15u;
    mixed ^= mixed >> 29;
    mixed *= 0xbf58476d1ce4e5b9u;
    const std::uint64_t place = (i * (2 * j + 1) + j) % 4096;
    return static_cast<float>(((mixed >> 54) << 14) + 4 * place + 1) / 0x1p24f;
}

/// Where example i of that set is, forwards or backwards.
[[nodiscard]] std::size_t place_of(std::size_t i, bool backwards)
{
    return backwards ? many - 1 - i : i;
}

[[nodiscard]] auto many_rows(bool backwards)
{
    return labelerrors::callback_rows<float>(
        many, many_classes,
        [backwards](std::size_t first, std::size_t count, std::span<float> to)
        {
            for (std::size_t cell = 0; cell < count * many_classes; ++cell)
                to[cell] = many_value(place_of(first + cell / many_classes, backwards), cell % many_classes);
        });
}

/// Sets of it: of 11 classes in a row the first `num_given` have examples.
[[nodiscard]] sets_of_labels many_labels(bool backwards, std::size_t num_given)
{
    sets_of_labels labels(many);
    for (std::size_t i = 0; i < many; ++i)
        for (std::size_t j = i % num_given; j < many_classes; j += 11)
            if (many_value(i, j) > 0.2f)
                labels[place_of(i, backwards)].push_back(static_cast<int>(j));
    return labels;
}

/// What a call throws; empty where it throws nothing.
template <class Error, class Call>
[[nodiscard]] std::string problem_of(const Call& call)
{
    try
    {
        call();
    }
    catch (const Error& error)
    {
        return error.what();
    }
    return "";
}

[[nodiscard]] std::string problem_of_labels(const sets_of_labels& labels)
{
    return problem_of<labelerrors::value_error>(
        [&] { static_cast<void>(labelerrors::find_multilabel_issues(labels, worked_pred_probs)); });
}

}  // namespace

TEST_CASE("five examples of two classes give the issues that a hand finds")
{
    const auto joint = labelerrors::compute_multilabel_confident_joint(worked_labels, worked_pred_probs);
    CHECK(joint.confident_joint == xt::xtensor<std::int64_t, 3>{{{1, 1}, {1, 2}}, {{3, 0}, {0, 2}}});
    CHECK(joint.class_counts == xt::xtensor<std::size_t, 1>{3, 2});
    CHECK(joint.thresholds(0, 0) == doctest::Approx(0.6));
    CHECK(joint.thresholds(0, 1) == doctest::Approx(1.9 / 3));
    CHECK(joint.thresholds(1, 0) == doctest::Approx(2.3 / 3));
    CHECK(joint.thresholds(1, 1) == doctest::Approx(0.8));

    const auto issues = labelerrors::find_multilabel_issues(worked_labels, worked_pred_probs);
    CHECK(issues.num_examples == 5);
    CHECK(issues.num_classes == 2);
    CHECK(to_vector(issues.indices) == std::vector<std::size_t>{4, 2});
    CHECK(issues.scores(0) == doctest::Approx(0.28));
    CHECK(issues.scores(1) == doctest::Approx(0.4));
    using sets = std::vector<std::vector<std::size_t>>;
    CHECK(issues.given_labels == sets{{0}, {}});
    CHECK(issues.suggested_labels == sets{{}, {0}});
    CHECK(issues.flagged_classes == sets{{0}, {0}});

    const auto by_class = labelerrors::find_multilabel_issues_per_class(worked_labels, worked_pred_probs);
    REQUIRE(by_class.size() == 2);
    CHECK(to_vector(by_class[0].indices) == std::vector<std::size_t>{4, 2});
    CHECK(to_vector(by_class[0].given_labels) == std::vector<std::size_t>{1, 0});
    CHECK(to_vector(by_class[0].suggested_labels) == std::vector<std::size_t>{0, 1});
    CHECK(by_class[1].indices.size() == 0);

    const auto health = labelerrors::multilabel_health(worked_labels, worked_pred_probs);
    CHECK(health.overall_label_health_score == doctest::Approx(0.6));
    CHECK(health.classes[0].class_index == 0);
    CHECK(health.classes[0].label_noise == doctest::Approx(0.2));
    CHECK(health.common_issues[0].given);
    CHECK(health.common_issues[1].class_index == 0);
    CHECK_FALSE(health.common_issues[1].given);
    CHECK(health.common_issues[2].num_examples == 0);
}

TEST_CASE("each part of a multi-label set's health can be had by itself")
{
    std::mt19937_64 random(12);
    const auto made = make_sets(random, 120, 5, 1000u);
    const auto health = labelerrors::multilabel_health(made.lists, made.pred_probs);
    CHECK(labelerrors::overall_multilabel_health_score(made.lists, made.pred_probs) ==
          health.overall_label_health_score);
    CHECK(health.overall_label_health_score < 1.0);

    const auto answers = labelerrors::common_multilabel_issues(made.lists, made.pred_probs, {.threads = 1});
    REQUIRE(answers.size() == 10);
    REQUIRE(health.common_issues.size() == 10);
    CHECK(answers.front().num_examples > 0);
    for (std::size_t i = 0; i < answers.size(); ++i)
    {
        CHECK(answers[i].class_index == health.common_issues[i].class_index);
        CHECK(answers[i].given == health.common_issues[i].given);
        CHECK(answers[i].num_examples == health.common_issues[i].num_examples);
        CHECK(answers[i].issue_probability == health.common_issues[i].issue_probability);
        CHECK(answers[i].issue_probability == static_cast<double>(answers[i].num_examples) / 120.0);
    }

    const auto classes = labelerrors::rank_classes_by_multilabel_quality(made.lists, made.pred_probs);
    REQUIRE(classes.size() == 5);
    for (std::size_t j = 0; j < classes.size(); ++j)
    {
        CHECK(classes[j].class_index == health.classes[j].class_index);
        CHECK(classes[j].label_issues == health.classes[j].label_issues);
        CHECK(classes[j].label_quality_score == health.classes[j].label_quality_score);
        CHECK((j == 0 || classes[j - 1].label_quality_score <= classes[j].label_quality_score));
    }
    CHECK_THROWS_WITH_AS(
        static_cast<void>(labelerrors::common_multilabel_issues(made.lists, made.pred_probs, {.tolerance = -1.0})),
        doctest::Contains("tolerance must be between 0 and 1e9"), labelerrors::value_error);
}

TEST_CASE("each class of a multi-label set is answered as a set of its own")
{
    std::mt19937_64 random(11);
    for (const std::size_t steps : {7u, 16u, 1000u})
    {
        const auto made = make_sets(random, 90, 4, steps);
        for (const auto filter : all_filters)
            for (const auto method : {score_method::self_confidence, score_method::confidence_weighted_entropy})
            {
                const auto issues = labelerrors::find_multilabel_issues_per_class(
                    made.lists, made.pred_probs, {.filter_by = filter, .rank_by = method});
                for (std::size_t j = 0; j < 4; ++j)
                {
                    const auto asked = question_of(made, j);
                    check_same(issues[j], labelerrors::find_label_issues(asked.labels, asked.pred_probs,
                                                                         {.filter_by = filter, .rank_by = method}));
                }
            }
        const auto few = labelerrors::find_multilabel_issues_per_class(
            made.lists, made.pred_probs,
            {.filter_by = filter_by::both, .rank_by = {}, .frac_noise = 0.6, .min_examples_per_class = 12});
        const auto adjusted = labelerrors::find_multilabel_issues_per_class(
            made.lists, made.pred_probs, {.adjust_pred_probs = labelerrors::adjustment::class_thresholds});
        auto joints = xt::xtensor<double, 3>::from_shape({4, 2, 2});
        for (double& count : joints)
            count = static_cast<double>(random() % 20);
        const auto own =
            labelerrors::find_multilabel_issues_per_class(made.lists, made.pred_probs, {.confident_joint = joints});
        for (std::size_t j = 0; j < 4; ++j)
        {
            const auto asked = question_of(made, j);
            check_same(
                few[j],
                labelerrors::find_label_issues(
                    asked.labels, asked.pred_probs,
                    {.filter_by = filter_by::both, .rank_by = {}, .frac_noise = 0.6, .min_examples_per_class = 12}));
            check_same(adjusted[j], labelerrors::find_label_issues(
                                        asked.labels, asked.pred_probs,
                                        {.adjust_pred_probs = labelerrors::adjustment::class_thresholds}));
            const xt::xtensor<double, 2> joint{{joints(j, 0, 0), joints(j, 0, 1)}, {joints(j, 1, 0), joints(j, 1, 1)}};
            check_same(own[j],
                       labelerrors::find_label_issues(asked.labels, asked.pred_probs, {.confident_joint = joint}));
        }
    }
}

TEST_CASE("each class of a few examples with odd probabilities is answered as a set of its own")
{
    std::mt19937_64 random(14);
    for (int run = 0; run < 300; ++run)
    {
        const auto made = make_odd_sets(random);
        const std::size_t k = made.pred_probs.shape()[1];
        const std::size_t least = random() % 3;
        const auto joints = labelerrors::compute_multilabel_confident_joint(made.lists, made.pred_probs);
        for (std::size_t j = 0; j < k; ++j)
        {
            const auto asked = question_of(made, j);
            const auto joint = labelerrors::compute_confident_joint(asked.labels, asked.pred_probs);
            CHECK(joints.thresholds(j, 0) == joint.thresholds(0));
            CHECK(joints.thresholds(j, 1) == joint.thresholds(1));
            for (std::size_t cell = 0; cell < 4; ++cell)
                CHECK(joints.confident_joint(j, cell / 2, cell % 2) == joint.confident_joint(cell / 2, cell % 2));
        }
        for (const auto filter : all_filters)
        {
            const bool prunes = labelerrors::detail::prunes(filter);
            const auto issues = labelerrors::find_multilabel_issues_per_class(
                made.lists, made.pred_probs, {.filter_by = filter, .min_examples_per_class = prunes ? least : 1});
            for (std::size_t j = 0; j < k; ++j)
            {
                const auto asked = question_of(made, j);
                check_same(issues[j], labelerrors::find_label_issues(
                                          asked.labels, asked.pred_probs,
                                          {.filter_by = filter, .min_examples_per_class = prunes ? least : 1}));
            }
            const auto together = labelerrors::find_multilabel_issues(
                made.lists, made.pred_probs, {.filter_by = filter, .min_examples_per_class = prunes ? least : 1});
            for (std::size_t i = 0; i < together.indices.size(); ++i)
                for (std::size_t j = 0; j < k; ++j)
                {
                    const auto& suggested = together.suggested_labels[i];
                    CHECK((std::find(suggested.begin(), suggested.end(), j) != suggested.end()) ==
                          (made.pred_probs(together.indices(i), j) > 0.5));
                }
        }
    }
}

TEST_CASE("the batched procedure flags the lowest scores of each class, as many as are confidently contradicted")
{
    std::mt19937_64 random(13);
    const auto made = make_sets(random, 200, 5, 1000);
    auto matrix = made.matrix;
    // A class that no example has, and one that every example has.
    xt::view(matrix, xt::all(), 3) = 0;
    xt::view(matrix, xt::all(), 4) = 1;
    const auto found = labelerrors::compute_multilabel_confident_joint(matrix, made.pred_probs);
    for (const auto method : {score_method::self_confidence, score_method::confidence_weighted_entropy})
    {
        const labelerrors::find_multilabel_issues_options options{
            .procedure = labelerrors::multilabel_procedure::batched, .rank_by = method};
        const auto issues = labelerrors::find_multilabel_issues_per_class(matrix, made.pred_probs, options);
        const auto scores =
            labelerrors::multilabel_quality_scores_per_class(matrix, made.pred_probs, {.method = method});
        std::vector<bool> flagged(200);
        for (std::size_t j = 0; j < 5; ++j)
        {
            CAPTURE(j);
            std::vector<std::size_t> order;
            std::size_t count = 0;
            for (std::size_t i = 0; i < 200; ++i)
            {
                const double p = made.pred_probs(i, j);
                const bool sees = p > 1.0 - p;
                const bool any = found.class_counts(j) != (sees ? 0u : 200u);
                count += sees != (matrix(i, j) == 1) &&
                                 (!any || std::max(p, 1.0 - p) >= found.thresholds(j, sees ? 1 : 0) - 1e-6)
                             ? 1u
                             : 0u;
                order.push_back(i);
            }
            std::stable_sort(order.begin(), order.end(),
                             [&](std::size_t a, std::size_t b) { return scores(a, j) < scores(b, j); });
            std::vector<std::size_t> expected;
            // Of two equal probabilities the model sees the first, "absent", but contradicts neither.
            for (std::size_t rank = 0; rank < count; ++rank)
                if (const double p = made.pred_probs(order[rank], j);
                    p != 0.5 && (p > 0.5) != (matrix(order[rank], j) == 1))
                    expected.push_back(order[rank]);
            CHECK(count > 10);
            CHECK(to_vector(issues[j].indices) == expected);
            for (const std::size_t i : expected)
                flagged[i] = true;
        }
        const auto together = labelerrors::find_multilabel_issues(matrix, made.pred_probs, options);
        CHECK(together.indices.size() == static_cast<std::size_t>(std::count(flagged.begin(), flagged.end(), true)));
        for (const std::size_t i : together.indices)
            CHECK(flagged[i]);
    }
}

TEST_CASE("lists, a matrix, an object array's sets and any layout of the probabilities give the same issues")
{
    std::mt19937_64 random(12);
    const auto made = make_sets(random, 60, 5, 64);
    labelerrors::io::label_sets stored;
    for (const auto& set : made.lists)
    {
        for (auto label = set.rbegin(); label != set.rend(); ++label)
            stored.labels.push_back(static_cast<std::uint32_t>(*label));
        stored.end_example();
    }
    const auto expected = labelerrors::find_multilabel_issues(made.lists, made.pred_probs);
    CHECK(expected.indices.size() > 5);
    const xt::xtensor<double, 2, xt::layout_type::column_major> columns = made.pred_probs;
    const xt::xtensor<float, 2> floats = xt::cast<float>(made.pred_probs);
    const xt::xtensor<bool, 2> truths = xt::cast<bool>(made.matrix);
    for (const auto& issues :
         {labelerrors::find_multilabel_issues(made.matrix, made.pred_probs),
          labelerrors::find_multilabel_issues(truths, columns), labelerrors::find_multilabel_issues(stored, floats),
          labelerrors::find_multilabel_issues(made.matrix * 1.0, made.pred_probs * 1.0)})
    {
        CHECK(issues.indices == expected.indices);
        CHECK(issues.scores == expected.scores);
        CHECK(issues.given_labels == expected.given_labels);
        CHECK(issues.suggested_labels == expected.suggested_labels);
        CHECK(issues.flagged_classes == expected.flagged_classes);
    }
}

TEST_CASE("any number of threads gives the same bits for sets of labels")
{
    const auto rows = many_rows(false);
    const auto labels = many_labels(false, 7);
    for (const auto filter : {filter_by::both, filter_by::low_self_confidence})
    {
        const auto one = labelerrors::find_multilabel_issues(labels, rows, {.filter_by = filter, .threads = 1});
        const auto three = labelerrors::find_multilabel_issues(labels, rows, {.filter_by = filter, .threads = 3});
        CHECK(one.indices.size() > 100);
        CHECK(one.indices == three.indices);
        CHECK(one.scores == three.scores);
        CHECK(one.flagged_classes == three.flagged_classes);
    }
    using labelerrors::multilabel_procedure;
    const auto one =
        labelerrors::find_multilabel_issues(labels, rows, {.procedure = multilabel_procedure::batched, .threads = 1});
    const auto seven =
        labelerrors::find_multilabel_issues(labels, rows, {.procedure = multilabel_procedure::batched, .threads = 7});
    CHECK(one.indices.size() > 100);
    CHECK(one.indices == seven.indices);
    CHECK(one.scores == seven.scores);
    CHECK(one.flagged_classes == seven.flagged_classes);
    CHECK(labelerrors::compute_multilabel_confident_joint(labels, rows, {.threads = 1}).thresholds ==
          labelerrors::compute_multilabel_confident_joint(labels, rows, {.threads = 3}).thresholds);
}

TEST_CASE("examples in the opposite order have the same answers, of whatever block of rows they are")
{
    const auto rows = many_rows(false);
    const auto labels = many_labels(false, 11);
    const auto rows_back = many_rows(true);
    const auto labels_back = many_labels(true, 11);
    const auto there = [](const labelerrors::label_issues& issues)
    {
        std::vector<std::size_t> found;
        for (const std::size_t i : issues.indices)
            found.push_back(place_of(i, true));
        std::sort(found.begin(), found.end());
        return found;
    };
    for (const auto filter : {filter_by::prune_by_class, filter_by::confident_learning, filter_by::predicted_neq_given,
                              filter_by::low_normalized_margin})
    {
        const auto issues = labelerrors::find_multilabel_issues_per_class(labels, rows, {.filter_by = filter});
        const auto back = labelerrors::find_multilabel_issues_per_class(labels_back, rows_back, {.filter_by = filter});
        std::size_t num_issues = 0;
        for (std::size_t j = 0; j < many_classes; ++j)
        {
            // Some scores are equal: compared as they lie in the set.
            auto found = to_vector(issues[j].indices);
            std::sort(found.begin(), found.end());
            CHECK(there(back[j]) == found);
            num_issues += found.size();
        }
        CHECK(num_issues > 10000);
    }
    const auto predicted = labelerrors::predict_label_sets(labels, rows);
    const auto predicted_back = labelerrors::predict_label_sets(labels_back, rows_back);
    CHECK(predicted.threshold == predicted_back.threshold);
    CHECK(predicted.f1_scores == predicted_back.f1_scores);
    CHECK(predicted.hamming_loss == predicted_back.hamming_loss);
    CHECK(predicted.argmax_precision == predicted_back.argmax_precision);
    std::size_t num_different = 0;
    std::size_t num_first = 0;
    for (std::size_t i = 0; i < many; ++i)
    {
        CHECK(predicted.label_sets[i] == predicted_back.label_sets[many - 1 - i]);
        const std::vector<std::size_t> given(labels[i].begin(), labels[i].end());
        std::vector<std::size_t> different;
        std::set_symmetric_difference(given.begin(), given.end(), predicted.label_sets[i].begin(),
                                      predicted.label_sets[i].end(), std::back_inserter(different));
        num_different += different.size();
        std::size_t first = 0;
        for (std::size_t j = 1; j < many_classes; ++j)
            first = many_value(i, j) > many_value(i, first) ? j : first;
        num_first += std::binary_search(given.begin(), given.end(), first) ? 1u : 0u;
    }
    CHECK(predicted.hamming_loss == static_cast<double>(num_different) / static_cast<double>(many * many_classes));
    CHECK(predicted.argmax_precision == static_cast<double>(num_first) / static_cast<double>(many));
    for (const auto method : {v1::prune_method::prune_by_class, v1::prune_method::prune_by_noise_rate})
    {
        const auto issues = v1::get_multilabel_noise_indices(labels, rows, {.prune_method = method});
        const auto back = v1::get_multilabel_noise_indices(labels_back, rows_back, {.prune_method = method});
        REQUIRE(issues.indices.size() > 100);
        REQUIRE(issues.indices.size() == back.indices.size());
        for (std::size_t i = 0; i < issues.indices.size(); ++i)
        {
            CHECK(issues.indices(i) == place_of(back.indices(i), true));
            CHECK(issues.flagged_classes[i] == back.flagged_classes[i]);
        }
    }
}

TEST_CASE("of several bad probabilities the one of the first row is told, whatever block it is in")
{
    const sets_of_labels labels(many);
    const auto refused = [&](std::vector<std::size_t> bad, std::size_t threads)
    {
        const auto rows = labelerrors::callback_rows<float>(
            many, many_classes,
            [&](std::size_t first, std::size_t count, std::span<float> to)
            {
                std::fill(to.begin(), to.begin() + static_cast<std::ptrdiff_t>(count * many_classes), 0.5f);
                for (const std::size_t i : bad)
                    if (i >= first && i < first + count)
                        to[(i - first) * many_classes + 7] = 2.0f;
            });
        return problem_of<labelerrors::value_error>(
            [&] { static_cast<void>(labelerrors::multilabel_quality_scores(labels, rows, {.threads = threads})); });
    };
    for (const std::size_t threads : {1u, 3u})
    {
        CHECK(refused({3990}, threads).find("row 3990, column 7 is 2") != std::string::npos);
        CHECK(refused({11, 12, 3990}, threads).find("row 11, column 7 is 2") != std::string::npos);
    }
}

TEST_CASE("the scores of issues are those of their sets, adjusted or not")
{
    std::mt19937_64 random(15);
    const auto made = make_sets(random, 100, 4, 1000);
    for (const auto adjust : {labelerrors::adjustment::none, labelerrors::adjustment::class_thresholds})
    {
        const auto scores =
            labelerrors::multilabel_quality_scores(made.lists, made.pred_probs, {.adjust_pred_probs = adjust});
        const auto issues =
            labelerrors::find_multilabel_issues(made.lists, made.pred_probs, {.adjust_pred_probs = adjust});
        CHECK(issues.indices.size() > 10);
        for (std::size_t i = 0; i < issues.indices.size(); ++i)
            CHECK(issues.scores(i) == scores(issues.indices(i)));
    }
    const labelerrors::multilabel_quality_scores_options wrong{.method = score_method::confidence_weighted_entropy,
                                                               .adjust_pred_probs =
                                                                   labelerrors::adjustment::class_thresholds};
    CHECK_THROWS_AS(static_cast<void>(labelerrors::multilabel_quality_scores(made.lists, made.pred_probs, wrong)),
                    labelerrors::value_error);
    CHECK_THROWS_AS(
        static_cast<void>(labelerrors::multilabel_quality_scores_per_class(made.lists, made.pred_probs, wrong)),
        labelerrors::value_error);
}

TEST_CASE("of equally healthy classes and answers the lower class comes first, the given answer before the other")
{
    const xt::xtensor<double, 2> sure{{0.9, 0.9, 0.1}, {0.1, 0.1, 0.9}, {0.9, 0.9, 0.1}, {0.1, 0.1, 0.9}};
    const auto health = labelerrors::multilabel_health(sets_of_labels{{0, 1}, {2}, {0, 1}, {2}}, sure);
    for (std::size_t j = 0; j < 3; ++j)
    {
        CHECK(health.classes[j].class_index == j);
        CHECK(health.common_issues[2 * j].class_index == j);
        CHECK(health.common_issues[2 * j].given);
        CHECK_FALSE(health.common_issues[2 * j + 1].given);
    }
}

TEST_CASE("aggregators make one score of several")
{
    const auto made_by = [](const labelerrors::score_aggregator& aggregator)
    {
        std::vector<double> scores{0.5, 0.25, 1.0, 0.75};
        return aggregator(scores);
    };
    CHECK(made_by(aggregators::min{}) == 0.25);
    CHECK(made_by(aggregators::max{}) == 1.0);
    CHECK(made_by(aggregators::mean{}) == 0.625);
    CHECK(made_by(aggregators::median{}) == 0.625);
    CHECK(made_by(aggregators::exponential_moving_average{.alpha = 1.0}) == 0.25);
    CHECK(made_by(aggregators::exponential_moving_average{.alpha = 0.0}) == 1.0);
    CHECK(made_by(aggregators::exponential_moving_average{.alpha = 0.5}) == 0.46875);
    CHECK(made_by(aggregators::exponential_moving_average{.alpha = std::nullopt}) ==
          made_by(aggregators::exponential_moving_average{.alpha = 0.4}));
    CHECK(made_by(aggregators::softmin{.temperature = 1e-3}) == doctest::Approx(0.25));
    CHECK(made_by(aggregators::softmin{.temperature = 1e-5}) == 0.25);  // no weight vanishes but beside others
    CHECK(made_by(aggregators::softmin{.temperature = 1e6}) == doctest::Approx(0.625));
    std::vector<double> three{3.0, 1.0, 2.0};
    CHECK(aggregators::median{}(three) == 2.0);

    const auto last = labelerrors::multilabel_quality_scores(worked_labels, worked_pred_probs,
                                                             {.aggregator = [](std::span<double> scores)
                                                              {
                                                                  return scores.back();
                                                              }});
    CHECK(last == xt::xtensor<double, 1>{1.0 - 0.1, 0.7, 1.0 - 0.2, 0.9, 1.0 - 0.4});
    const auto per_class = labelerrors::multilabel_quality_scores_per_class(worked_labels, worked_pred_probs);
    CHECK(per_class(2, 0) == 1.0 - 0.7);
    CHECK(per_class(4, 0) == 0.2);
    const auto with = [](const labelerrors::score_aggregator& aggregator)
    {
        return problem_of<labelerrors::value_error>(
            [&]
            {
                static_cast<void>(labelerrors::multilabel_quality_scores(worked_labels, worked_pred_probs,
                                                                         {.aggregator = aggregator}));
            });
    };
    CHECK(with(aggregators::exponential_moving_average{.alpha = 1.5}) ==
          "exponential_moving_average: alpha must be between 0 and 1, not 1.5");
    CHECK(with(aggregators::softmin{.temperature = 0.0}) == "softmin: temperature must be finite and above 0, not 0");
    CHECK(with(aggregators::exponential_moving_average{.alpha = -0.5}).find("not -0.5") != std::string::npos);
    CHECK(with(aggregators::softmin{.temperature = std::numeric_limits<double>::infinity()}).find("not inf") !=
          std::string::npos);
    CHECK(with({}).find("aggregator is empty") != std::string::npos);
    CHECK(with([](std::span<double>) { return std::nan(""); }) ==
          "multilabel_quality_scores: aggregator gives NaN for row 0; it must give a number");
}

TEST_CASE("the threshold of the best F1 score turns probabilities into sets")
{
    const auto made =
        labelerrors::predict_label_sets(worked_labels, worked_pred_probs, {.thresholds = {0.15, 0.5, 0.75}});
    CHECK(made.threshold == 0.5);
    CHECK(made.f1_scores(0) == doctest::Approx(10.0 / 13));
    CHECK(made.f1_scores(1) == doctest::Approx(0.8));
    CHECK(made.f1_scores(2) == doctest::Approx(0.75));
    CHECK(made.label_sets == std::vector<std::vector<std::size_t>>{{0}, {0, 1}, {0}, {1}, {1}});
    CHECK(made.hamming_loss == doctest::Approx(0.3));
    CHECK(made.argmax_precision == doctest::Approx(0.6));
    const auto study = labelerrors::predict_label_sets_options{}.thresholds;
    CHECK(study.size() == 10);
    CHECK(study.back() == 0.5500000000000002);
    // Without a right prediction every score is 0, and the first threshold is taken.
    const auto hopeless = labelerrors::predict_label_sets(sets_of_labels(5), worked_pred_probs);
    CHECK(hopeless.threshold == 0.1);
    CHECK(hopeless.argmax_precision == 0.0);
    CHECK(hopeless.f1_scores == xt::xtensor<double, 1>(xt::zeros<double>({10u})));
    // What is at a threshold is not above it.
    const auto at = labelerrors::predict_label_sets(worked_labels, worked_pred_probs, {.thresholds = {0.7, 0.8}});
    CHECK(at.f1_scores(0) == doctest::Approx(0.75));
    CHECK(at.f1_scores(1) == doctest::Approx(4.0 / 7));
    CHECK(at.label_sets == std::vector<std::vector<std::size_t>>{{0}, {0}, {0}, {1}, {1}});
    CHECK_THROWS_AS(labelerrors::predict_label_sets(worked_labels, worked_pred_probs, {.thresholds = {}}),
                    labelerrors::value_error);
    CHECK_THROWS_AS(labelerrors::predict_label_sets(worked_labels, worked_pred_probs, {.thresholds = {0.5, 0.5}}),
                    labelerrors::value_error);
    constexpr double infinity = std::numeric_limits<double>::infinity();
    CHECK_THROWS_AS(labelerrors::predict_label_sets(worked_labels, worked_pred_probs, {.thresholds = {0.5, infinity}}),
                    labelerrors::value_error);
}

TEST_CASE("cleanlab 1.0 flags sets of labels as recorded from it")
{
    const auto golden = tests::golden_dir();
    if (!golden)
        return tests::skip("no LABELERRORS_GOLDEN_DIR");
    struct recorded
    {
        const char* folder;
        v1::prune_method method;
        double frac_noise;
        std::size_t num_issues;
        std::size_t digest;  // of the flagged rows, ascending
        std::vector<std::size_t> first;
    };
    using enum v1::prune_method;
    const std::vector<recorded> answers{
        {"01_balanced", prune_by_noise_rate, 1.0, 274, 192091, {184, 268, 205, 300, 206, 82, 346, 22}},
        {"01_balanced", prune_by_noise_rate, 0.5, 206, 570456, {184, 268, 205, 300, 206, 82, 346, 22}},
        {"01_balanced", prune_by_class, 1.0, 321, 56235, {184, 268, 205, 300, 206, 82, 389, 346}},
        {"01_balanced", prune_by_class, 0.5, 299, 873015, {184, 268, 205, 300, 206, 82, 389, 346}},
        {"01_balanced", both, 0.5, 206, 570456, {184, 268, 205, 300, 206, 82, 346, 22}},
        {"03_ties_grid_20", prune_by_noise_rate, 1.0, 248, 936845, {}},
        {"03_ties_grid_20", prune_by_noise_rate, 0.5, 187, 200452, {}},
        {"03_ties_grid_20", prune_by_class, 1.0, 299, 617738, {}},
        {"03_ties_grid_20", prune_by_class, 0.5, 262, 372518, {}},
        {"03_ties_grid_20", both, 1.0, 248, 936845, {}}};
    for (const auto& expected : answers)
    {
        const auto folder = *golden / "multilabel" / expected.folder;
        const auto labels = labelerrors::io::read_npy<std::int64_t, 2>(folder / "labels_onehot.npy");
        const auto pred_probs = labelerrors::io::read_npy<double, 2>(folder / "pred_probs.npy");
        const auto issues = v1::get_multilabel_noise_indices(
            labels, pred_probs, {.prune_method = expected.method, .frac_noise = expected.frac_noise});
        CAPTURE(expected.folder);
        CAPTURE(expected.frac_noise);
        CHECK(issues.indices.size() == expected.num_issues);
        CHECK(std::is_sorted(issues.scores.begin(), issues.scores.end()));
        CHECK(std::equal(expected.first.begin(), expected.first.end(), issues.indices.begin()));
        auto rows = to_vector(issues.indices);
        std::sort(rows.begin(), rows.end());
        std::size_t digest = 0;
        for (const std::size_t row : rows)
            digest = (digest * 31 + row) % 1000003;
        CHECK(digest == expected.digest);
        const auto unranked = v1::get_multilabel_noise_indices(
            labels, pred_probs,
            {.prune_method = expected.method, .order = v1::label_set_order::index, .frac_noise = expected.frac_noise});
        CHECK(to_vector(unranked.indices) == rows);
    }
}

TEST_CASE("the methods of cleanlab 1.0 go together, and its orders are by the scores they promise")
{
    std::mt19937_64 random(16);
    const auto made = make_sets(random, 200, 4, 1000);
    const auto by = [&](v1::prune_method method)
    {
        return v1::get_multilabel_noise_indices(made.lists, made.pred_probs,
                                                {.prune_method = method, .order = v1::label_set_order::index});
    };
    const auto flagged_of = [](const labelerrors::multilabel_issues& issues, std::size_t row)
    {
        const auto at = std::find(issues.indices.begin(), issues.indices.end(), row);
        return at == issues.indices.end()
                   ? std::vector<std::size_t>{}
                   : issues.flagged_classes[static_cast<std::size_t>(at - issues.indices.begin())];
    };
    const auto by_rate = by(v1::prune_method::prune_by_noise_rate);
    const auto by_class = by(v1::prune_method::prune_by_class);
    const auto both = by(v1::prune_method::both);
    std::vector<std::size_t> shared;
    std::set_intersection(by_rate.indices.begin(), by_rate.indices.end(), by_class.indices.begin(),
                          by_class.indices.end(), std::back_inserter(shared));
    CHECK(to_vector(both.indices) == shared);
    std::size_t num_by_class_alone = 0;
    for (std::size_t i = 0; i < shared.size(); ++i)
    {
        const auto rate = flagged_of(by_rate, shared[i]);
        const auto of_class = flagged_of(by_class, shared[i]);
        std::vector<std::size_t> either;
        std::set_union(rate.begin(), rate.end(), of_class.begin(), of_class.end(), std::back_inserter(either));
        CHECK(both.flagged_classes[i] == either);
        num_by_class_alone += either != rate ? 1u : 0u;
    }
    CHECK(num_by_class_alone > 0);

    const auto margins = v1::get_multilabel_noise_indices(made.lists, made.pred_probs,
                                                          {.order = v1::label_set_order::normalized_margin});
    CHECK(margins.indices.size() == by_rate.indices.size());
    CHECK(std::is_sorted(margins.scores.begin(), margins.scores.end()));
    for (std::size_t i = 0; i < margins.indices.size(); ++i)
    {
        const auto& given = margins.given_labels[i];
        const auto p = xt::row(made.pred_probs, static_cast<std::ptrdiff_t>(margins.indices(i)));
        double sum = 0.0;
        for (const std::size_t j : given)
            sum += p(j);
        CHECK(margins.scores(i) ==
              doctest::Approx(sum / static_cast<double>(given.size()) - *std::max_element(p.begin(), p.end())));
    }
    CHECK_THROWS_AS(
        static_cast<void>(v1::get_multilabel_noise_indices(made.lists, made.pred_probs, {.frac_noise = 1.5})),
        labelerrors::value_error);
    CHECK_THROWS_AS(static_cast<void>(v1::get_multilabel_noise_indices(
                        sets_of_labels(5, {0}), xt::xtensor<double, 2>{{0.1}, {0.2}, {0.3}, {0.4}, {0.5}})),
                    labelerrors::shape_error);
}

TEST_CASE("examples with the same probability reach its mean as numpy takes it in the procedure of cleanlab 1.0")
{
    // The exact sum of six times 0.8, rounded and divided by 6, is above 0.8: none would reach it.
    const sets_of_labels labels(6, {0, 1});
    const auto pred_probs = xt::xtensor<double, 2>(std::array<std::size_t, 2>{6, 2}, 0.8);
    std::vector<double> means;
    labelerrors::detail::with_checked_sets(labels, pred_probs, 1e-4, "test",
                                           [&](const auto& rows, const auto& sets)
                                           {
                                               means = v1::detail::mean_given(rows, sets, {}, "test");
                                               return 0;
                                           });
    CHECK(means == std::vector<double>(2, (0.8 + 0.8 + 0.8 + 0.8 + 0.8 + 0.8) / 6.0));
    CHECK(means[0] <= 0.8);
}

TEST_CASE("bad sets of labels are refused by name, place and remedy")
{
    CHECK(problem_of_labels({{0}, {1, 2}, {}, {1}, {0}}) ==
          "find_multilabel_issues: labels[1] has the label 2, but pred_probs has 2 columns, so labels must be 0 to 1");
    CHECK(problem_of_labels({{0}, {1}, {}, {-1}, {0}}) ==
          "find_multilabel_issues: labels[3] has the label -1, but pred_probs has 2 columns, so labels must be 0 to 1; "
          "if it stands for no label, leave the example out of both");
    CHECK(problem_of_labels({{1}, {1, 2}, {}, {2}, {1}}) ==
          "find_multilabel_issues: labels[1] has the label 2, but pred_probs has 2 columns, so labels must be 0 to 1; "
          "if classes are counted from 1, subtract 1 from every label");
    CHECK(problem_of_labels({{0}, {1, 0, 1}, {}, {1}, {0}}) ==
          "find_multilabel_issues: labels[1] has the label 1 twice; name each class of an example once");
    // No label at all, and a class that nobody or everybody has, are no errors.
    CHECK(problem_of_labels({{0}, {}, {}, {}, {0}}) == "");
    for (const auto filter : all_filters)
    {
        CHECK(labelerrors::find_multilabel_issues(sets_of_labels(5), worked_pred_probs, {.filter_by = filter})
                  .num_examples == 5);
        CHECK(labelerrors::find_multilabel_issues(sets_of_labels(5, {0, 1}), worked_pred_probs, {.filter_by = filter})
                  .num_classes == 2);
    }
    const auto of_shape = [](const sets_of_labels& labels)
    {
        return problem_of<labelerrors::shape_error>(
            [&] { static_cast<void>(labelerrors::find_multilabel_issues(labels, worked_pred_probs)); });
    };
    CHECK(of_shape(sets_of_labels(4)).find("labels has 4 examples and pred_probs has 5 rows") != std::string::npos);
    CHECK(of_shape(sets_of_labels(6)).find("labels has 6 examples") != std::string::npos);
    for (const auto& [rows, columns] : {std::array<std::size_t, 2>{0, 2}, std::array<std::size_t, 2>{5, 0}})
        CHECK_THROWS_AS(labelerrors::find_multilabel_issues(sets_of_labels(rows),
                                                            xt::xtensor<double, 2>::from_shape({rows, columns})),
                        labelerrors::shape_error);
    const xt::xtensor<int, 2> matrix{{1, 0}, {1, 2}, {0, 0}, {0, 1}, {1, 0}};
    CHECK(problem_of<labelerrors::value_error>(
              [&] { static_cast<void>(labelerrors::find_multilabel_issues(matrix, worked_pred_probs)); })
              .find("labels(1, 1) is 2") != std::string::npos);
    for (const double wrong : {1.25, -1.0})
    {
        auto numbers = xt::xtensor<double, 2>::from_shape({5, 2});
        numbers.fill(1.0);
        numbers(4, 0) = wrong;
        CHECK_THROWS_WITH_AS(static_cast<void>(labelerrors::find_multilabel_issues(numbers, worked_pred_probs)),
                             doctest::Contains("labels(4, 0) is"), labelerrors::value_error);
    }
    for (const std::size_t columns : {1u, 3u})
    {
        auto others = xt::xtensor<int, 2>::from_shape({5, columns});
        others.fill(1);
        CHECK_THROWS_AS(labelerrors::find_multilabel_issues(others, worked_pred_probs), labelerrors::shape_error);
    }
    CHECK_THROWS_AS(v1::get_multilabel_noise_indices(sets_of_labels(5, {1}), worked_pred_probs),
                    labelerrors::value_error);
}

TEST_CASE("a message names the function that was called")
{
    const sets_of_labels wrong{{0}, {1, 2}, {}, {1}, {0}};
    const auto begins = [](const char* function, const auto& call)
    {
        const auto problem = problem_of<labelerrors::value_error>([&] { static_cast<void>(call()); });
        CAPTURE(problem);
        CHECK(problem.starts_with(std::string(function) + ": labels[1] has the label 2"));
    };
#define BEGINS(function) begins(#function, [&] { return labelerrors::function(wrong, worked_pred_probs); })
    BEGINS(find_multilabel_issues);
    BEGINS(find_multilabel_issues_per_class);
    BEGINS(multilabel_quality_scores);
    BEGINS(multilabel_quality_scores_per_class);
    BEGINS(compute_multilabel_confident_joint);
    BEGINS(estimate_multilabel_joint);
    BEGINS(multilabel_health);
    BEGINS(common_multilabel_issues);
    BEGINS(rank_classes_by_multilabel_quality);
    BEGINS(overall_multilabel_health_score);
    BEGINS(num_multilabel_issues);
    BEGINS(predict_label_sets);
#undef BEGINS
}

TEST_CASE("bad independent probabilities and options are refused, sums of rows are not looked at")
{
    const auto with = [](double value)
    {
        auto pred_probs = worked_pred_probs;
        pred_probs(3, 1) = value;
        return problem_of<labelerrors::value_error>(
            [&] { static_cast<void>(labelerrors::find_multilabel_issues(worked_labels, pred_probs)); });
    };
    CHECK(
        with(std::nan("")) ==
        "find_multilabel_issues: pred_probs row 3, column 1 is nan; probabilities must be finite: see where the model "
        "overflows or divides by zero, or leave the example out");
    CHECK(with(std::numeric_limits<double>::infinity()).find("must be finite") != std::string::npos);
    CHECK(with(1.5).find("row 3, column 1 is 1.5, outside [0, 1]") != std::string::npos);
    CHECK(with(-0.2).find("sigmoid") != std::string::npos);
    CHECK(with(1.00005) == "");
    CHECK(with(-0.00005) == "");
    // Within the tolerance they count as the bounds, whatever the filter.
    auto beyond = worked_pred_probs;
    beyond(3, 1) = 1.00005;
    beyond(3, 0) = -0.00005;
    const auto scores = labelerrors::multilabel_quality_scores_per_class(worked_labels, beyond);
    CHECK(scores(3, 0) == 1.0);
    CHECK(scores(3, 1) == 1.0);
    auto bounds = worked_pred_probs;
    bounds(3, 1) = 1.0;
    bounds(3, 0) = 0.0;
    CHECK(labelerrors::compute_multilabel_confident_joint(worked_labels, beyond).thresholds ==
          labelerrors::compute_multilabel_confident_joint(worked_labels, bounds).thresholds);
    for (const auto filter : all_filters)
        CHECK(labelerrors::find_multilabel_issues(worked_labels, beyond, {.filter_by = filter}).indices ==
              labelerrors::find_multilabel_issues(worked_labels, bounds, {.filter_by = filter}).indices);
    const auto refused = [](const labelerrors::find_multilabel_issues_options& options)
    {
        return !problem_of<std::invalid_argument>(
                    [&] {
                        static_cast<void>(
                            labelerrors::find_multilabel_issues(worked_labels, worked_pred_probs, options));
                    })
                    .empty();
    };
    CHECK(refused({.frac_noise = 1.5}));
    CHECK(refused({.filter_by = filter_by::confident_learning, .frac_noise = 0.5}));
    CHECK(refused({.num_to_remove_per_class = std::vector<std::size_t>{1}}));
    for (const auto& [classes, given, guessed] :
         {std::array<std::size_t, 3>{3, 2, 2}, std::array<std::size_t, 3>{2, 3, 2},
          std::array<std::size_t, 3>{2, 2, 3}})
        CHECK(refused({.confident_joint = xt::xtensor<double, 3>::from_shape({classes, given, guessed})}));
    for (const double wrong : {-0.5, 0x1p53, std::nan("")})
    {
        xt::xtensor<double, 3> joints{{{1.0, 0.0}, {0.0, 1.0}}, {{1.0, 0.0}, {0.0, 1.0}}};
        joints(1, 1, 0) = wrong;
        CHECK(problem_of<labelerrors::value_error>(
                  [&]
                  {
                      static_cast<void>(labelerrors::find_multilabel_issues(worked_labels, worked_pred_probs,
                                                                            {.confident_joint = joints}));
                  })
                  .starts_with("find_multilabel_issues: confident_joint(1, 1, 0) is "));
    }
    CHECK(refused({.aggregator = {}}));
    CHECK(refused({.rank_by = score_method::confidence_weighted_entropy,
                   .adjust_pred_probs = labelerrors::adjustment::class_thresholds}));
    CHECK(refused({.tolerance = -1.0}));
    using labelerrors::multilabel_procedure;
    CHECK(refused({.procedure = multilabel_procedure::batched, .filter_by = filter_by::both}));
    CHECK(refused({.procedure = multilabel_procedure::batched, .frac_noise = 0.5}));
    CHECK(refused({.procedure = multilabel_procedure::batched, .min_examples_per_class = 2}));
    CHECK(refused(
        {.procedure = multilabel_procedure::batched, .num_to_remove_per_class = std::vector<std::size_t>{1, 0}}));
    CHECK(refused({.procedure = multilabel_procedure::batched,
                   .confident_joint = xt::xtensor<double, 3>::from_shape({2, 2, 2})}));
    CHECK_FALSE(refused({.procedure = multilabel_procedure::batched}));
    CHECK_FALSE(refused({.num_to_remove_per_class = std::vector<std::size_t>{1, 0}}));
}
