// Sets of labels on several processes against one process with all rows.
#include "core/filters.hpp"
#include "core/small_cases.hpp"
#include "distributed/ranks.hpp"
#include "support/golden.hpp"
#include <labelerrors/io/label_sets.hpp>

#include <doctest/doctest.h>

#include <optional>
#include <random>
#include <string>
#include <vector>

namespace
{

namespace distributed = labelerrors::distributed;
using labelerrors::filter_by;
using labelerrors::find_multilabel_issues_options;
using labelerrors::score_method;
using labelerrors::io::label_sets;
using tests::on_all;
using tests::ranks;

struct whole_set
{
    label_sets labels;
    xt::xtensor<double, 2> pred_probs;
};

template <class Matrix>
[[nodiscard]] label_sets sets_of(const Matrix& ones)
{
    label_sets sets;
    for (std::size_t i = 0; i < ones.shape()[0]; ++i)
    {
        for (std::size_t j = 0; j < ones.shape()[1]; ++j)
            if (ones(i, j) != 0)
                sets.labels.push_back(static_cast<std::uint32_t>(j));
        sets.end_example();
    }
    return sets;
}

[[nodiscard]] label_sets sets_in(const label_sets& all, distributed::row_range range)
{
    label_sets sets;
    for (std::size_t i = range.first; i < range.first + range.count; ++i)
    {
        sets.labels.insert(sets.labels.end(), all[i].begin(), all[i].end());
        sets.end_example();
    }
    return sets;
}

[[nodiscard]] bool is_part_of(const distributed::multilabel_issues_part& part,
                              const labelerrors::multilabel_issues& whole)
{
    const auto& issues = part.issues;
    // First, for all ranks take part in it.
    const bool complete =
        tests::are_whole(issues.indices.size(), part.first_issue, part.num_issues, whole.indices.size());
    return complete && issues.num_examples == whole.num_examples && issues.num_classes == whole.num_classes &&
           tests::is_part(issues.indices, whole.indices, part.first_issue) &&
           tests::is_part(issues.scores, whole.scores, part.first_issue) &&
           tests::is_part(issues.given_labels, whole.given_labels, part.first_issue) &&
           tests::is_part(issues.suggested_labels, whole.suggested_labels, part.first_issue) &&
           tests::is_part(issues.flagged_classes, whole.flagged_classes, part.first_issue);
}

[[nodiscard]] std::vector<find_multilabel_issues_options> every_call(std::size_t num_classes)
{
    std::vector<find_multilabel_issues_options> calls;
    for (const auto filter : tests::all_filters)
        for (const auto rank_by : {std::optional<score_method>(), std::optional(score_method::normalized_margin)})
            calls.push_back({.filter_by = filter, .rank_by = rank_by});
    for (const auto rank_by : {std::optional<score_method>(), std::optional(score_method::normalized_margin)})
        calls.push_back({.procedure = labelerrors::multilabel_procedure::batched, .rank_by = rank_by});
    calls.push_back({.adjust_pred_probs = labelerrors::adjustment::class_thresholds});
    calls.push_back({.filter_by = filter_by::both, .frac_noise = 0.6, .min_examples_per_class = 4});
    calls.push_back({.num_to_remove_per_class = std::vector<std::size_t>(num_classes, 5)});
    auto joint = xt::xtensor<double, 3>::from_shape({num_classes, 2, 2});
    joint.fill(20.0);
    calls.push_back({.filter_by = filter_by::both, .confident_joint = joint});
    return calls;
}

void check(const whole_set& set)
{
    const auto all = tests::all_rows_of(set.pred_probs);
    for (const auto& way : tests::sharings(set.labels.size()))
    {
        CAPTURE(way.name);
        const auto labels = sets_in(set.labels, way.mine());
        const auto rows = tests::rows_of(set.pred_probs, way.mine(), way.read);
        for (const auto& options : every_call(set.pred_probs.shape()[1]))
        {
            CAPTURE(static_cast<int>(options.filter_by));
            CHECK(on_all(is_part_of(distributed::find_multilabel_issues(ranks(), labels, rows, options),
                                    labelerrors::find_multilabel_issues(set.labels, all, options))));
            const auto parts = distributed::find_multilabel_issues_per_class(ranks(), labels, rows, options);
            const auto whole = labelerrors::find_multilabel_issues_per_class(set.labels, all, options);
            bool same = parts.size() == whole.size();
            for (std::size_t j = 0; j < parts.size(); ++j)
            {
                const auto& [issues, first, total] = parts[j];
                same = tests::are_whole(issues.indices.size(), first, total, whole[j].indices.size()) && same;
                same = same && tests::is_part(issues.indices, whole[j].indices, first) &&
                       tests::is_part(issues.given_labels, whole[j].given_labels, first) &&
                       tests::is_part(issues.scores, whole[j].scores, first);
            }
            CHECK(on_all(same));
        }
        const auto joint = distributed::compute_multilabel_confident_joint(ranks(), labels, rows);
        const auto whole_joint = labelerrors::compute_multilabel_confident_joint(set.labels, all);
        CHECK(on_all(joint.confident_joint == whole_joint.confident_joint &&
                     joint.thresholds == whole_joint.thresholds && joint.class_counts == whole_joint.class_counts));
        CHECK(on_all(distributed::estimate_multilabel_joint(ranks(), labels, rows) ==
                     labelerrors::estimate_multilabel_joint(set.labels, all)));
        CHECK(on_all(distributed::num_multilabel_issues(ranks(), labels, rows) ==
                     labelerrors::num_multilabel_issues(set.labels, all)));
        for (const auto adjust : {labelerrors::adjustment::none, labelerrors::adjustment::class_thresholds})
            CHECK(on_all(tests::is_part(
                distributed::multilabel_quality_scores(ranks(), labels, rows, {.adjust_pred_probs = adjust}),
                labelerrors::multilabel_quality_scores(set.labels, all, {.adjust_pred_probs = adjust}),
                way.mine().first)));
        for (const auto adjust : {labelerrors::adjustment::none, labelerrors::adjustment::class_thresholds})
        {
            const auto scores =
                distributed::multilabel_quality_scores_per_class(ranks(), labels, rows, {.adjust_pred_probs = adjust});
            const auto whole_scores =
                labelerrors::multilabel_quality_scores_per_class(set.labels, all, {.adjust_pred_probs = adjust});
            const auto [first, count] = way.mine();
            CHECK(on_all(scores == xt::view(whole_scores, xt::range(first, first + count), xt::all())));
        }
        const auto health = distributed::multilabel_health(ranks(), labels, rows);
        const auto whole_health = labelerrors::multilabel_health(set.labels, all);
        bool same = health.overall_label_health_score == whole_health.overall_label_health_score;
        for (std::size_t j = 0; j < whole_health.classes.size(); ++j)
            same = same && health.classes[j].class_index == whole_health.classes[j].class_index &&
                   health.classes[j].label_quality_score == whole_health.classes[j].label_quality_score &&
                   health.common_issues[j].num_examples == whole_health.common_issues[j].num_examples;
        CHECK(on_all(same));
    }
}

}  // namespace

TEST_CASE("sets of labels in parts of any size give what one process finds, by every filter and both procedures")
{
    std::mt19937_64 random(29);
    const auto made = tests::random_case(random, 300, 4, 8);
    // Independent probabilities, many of which tie, and a class that only the first rows have.
    auto ones = xt::xtensor<int, 2>::from_shape({300, 4});
    auto pred_probs = made.pred_probs;
    for (std::size_t i = 0; i < 300; ++i)
        for (std::size_t j = 0; j < 4; ++j)
        {
            pred_probs(i, j) = static_cast<double>(random() % 9) / 8.0;
            const bool has = random() % 8 < 4 ? pred_probs(i, j) > 0.5 : random() % 3 == 0;
            ones(i, j) = has && (j != 3 || i < 40) ? 1 : 0;
        }
    check({sets_of(ones), pred_probs});
}

TEST_CASE("the multi-label sets of the reference outputs")
{
    const auto golden = tests::golden_dir();
    if (!golden)
        return tests::skip("no LABELERRORS_GOLDEN_DIR");
    for (const char* name : {"01_balanced", "02_rare_and_empty_class", "03_ties_grid_20"})
    {
        CAPTURE(name);
        const auto folder = *golden / "multilabel" / name;
        check({sets_of(labelerrors::io::read_npy<std::int64_t, 2>(folder / "labels_onehot.npy")),
               labelerrors::io::read_npy<double, 2>(folder / "pred_probs.npy")});
    }
}
