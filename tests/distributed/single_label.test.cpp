// Single labels on several processes against one process with all rows.
#include "core/filters.hpp"
#include "core/small_cases.hpp"
#include "distributed/ranks.hpp"
#include "support/golden.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace
{

namespace distributed = labelerrors::distributed;
using distributed::listing;
using labelerrors::adjustment;
using labelerrors::filter_by;
using labelerrors::find_label_issues_options;
using labelerrors::label_issues;
using labelerrors::score_method;
using tests::all_filters;
using tests::any_rows;
using tests::on_all;
using tests::ranks;
using tests::sharing;
using labels_type = xt::xtensor<std::int64_t, 1>;

struct whole_set
{
    labels_type labels;
    xt::xtensor<double, 2> pred_probs;
};

[[nodiscard]] whole_set set_of(const tests::small_case& made)
{
    return {xt::cast<std::int64_t>(made.labels), made.pred_probs};
}

/// The same examples by their labels, so that most classes are on one rank alone.
[[nodiscard]] whole_set by_label(const whole_set& set)
{
    std::vector<std::size_t> order(set.labels.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return set.labels(a) < set.labels(b); });
    whole_set sorted = set;
    for (std::size_t i = 0; i < order.size(); ++i)
    {
        sorted.labels(i) = set.labels(order[i]);
        for (std::size_t j = 0; j < set.pred_probs.shape()[1]; ++j)
            sorted.pred_probs(i, j) = set.pred_probs(order[i], j);
    }
    return sorted;
}

[[nodiscard]] bool is_part_of(const distributed::label_issues_part& part, const label_issues& whole)
{
    const auto& issues = part.issues;
    // First, for all ranks take part in it.
    const bool complete =
        tests::are_whole(issues.indices.size(), part.first_issue, part.num_issues, whole.indices.size());
    return complete && issues.num_examples == whole.num_examples && issues.num_classes == whole.num_classes &&
           tests::is_part(issues.indices, whole.indices, part.first_issue) &&
           tests::is_part(issues.given_labels, whole.given_labels, part.first_issue) &&
           tests::is_part(issues.suggested_labels, whole.suggested_labels, part.first_issue) &&
           tests::is_part(issues.scores, whole.scores, part.first_issue);
}

void check_issues(const whole_set& set, const std::vector<find_label_issues_options>& calls,
                  const std::vector<sharing>& ways)
{
    for (const auto& options : calls)
    {
        CAPTURE(static_cast<int>(options.filter_by));
        const auto whole = labelerrors::find_label_issues(set.labels, tests::all_rows_of(set.pred_probs), options);
        for (const auto& way : ways)
        {
            CAPTURE(way.name);
            const auto part =
                distributed::find_label_issues(ranks(), tests::labels_of(set.labels, way.mine()),
                                               tests::rows_of(set.pred_probs, way.mine(), way.read), options);
            CHECK(on_all(is_part_of(part, whole)));
        }
    }
}

void check_counts(const whole_set& set, const std::vector<sharing>& ways)
{
    const auto all = tests::all_rows_of(set.pred_probs);
    const auto thresholds = labelerrors::class_thresholds(set.labels, all);
    const auto raw =
        labelerrors::compute_confident_joint(set.labels, all, {.calibrate = labelerrors::calibration::none});
    const auto calibrated = labelerrors::compute_confident_joint(set.labels, all);
    const auto health = labelerrors::health_summary(set.labels, all);
    for (const auto& way : ways)
    {
        CAPTURE(way.name);
        const auto labels = tests::labels_of(set.labels, way.mine());
        const auto rows = tests::rows_of(set.pred_probs, way.mine(), way.read);
        CHECK(on_all(distributed::class_thresholds(ranks(), labels, rows) == thresholds));
        const auto found =
            distributed::compute_confident_joint(ranks(), labels, rows, {.calibrate = labelerrors::calibration::none});
        CHECK(on_all(found.confident_joint == raw.confident_joint));
        CHECK(on_all(found.thresholds == raw.thresholds));
        CHECK(on_all(found.class_counts == raw.class_counts));
        for (const auto indices : {&labelerrors::confident_joint_result::off_diagonal_indices,
                                   &labelerrors::confident_joint_result::contradicted_indices})
        {
            const auto part = distributed::detail::part_of_list(ranks(), (found.*indices).size());
            CHECK(on_all(part.total == (raw.*indices).size()));
            CHECK(on_all(tests::is_part(found.*indices, raw.*indices, part.first)));
        }
        CHECK(on_all(distributed::num_label_issues(ranks(), found) == labelerrors::num_label_issues(raw)));
        CHECK(on_all(distributed::compute_confident_joint(ranks(), labels, rows).confident_joint ==
                     calibrated.confident_joint));
        CHECK(on_all(distributed::estimate_joint(ranks(), labels, rows) == health.joint));
        for (const auto method :
             {labelerrors::estimation_method::off_diagonal, labelerrors::estimation_method::off_diagonal_calibrated})
            CHECK(on_all(distributed::num_label_issues(ranks(), labels, rows, {.method = method}) ==
                         labelerrors::num_label_issues(set.labels, all, {.method = method})));
        const auto summary = distributed::health_summary(ranks(), labels, rows);
        CHECK(on_all(summary.joint == health.joint));
        CHECK(on_all(summary.overall_label_health_score == health.overall_label_health_score));
        CHECK(on_all(distributed::overall_label_health_score(ranks(), labels, rows) ==
                     health.overall_label_health_score));
        CHECK(on_all(std::equal(summary.classes.begin(), summary.classes.end(), health.classes.begin(),
                                health.classes.end(),
                                [](const auto& a, const auto& b)
                                {
                                    return a.class_index == b.class_index && a.label_issues == b.label_issues &&
                                           a.label_quality_score == b.label_quality_score;
                                })));
    }
}

void check_scores(const whole_set& set, const std::vector<sharing>& ways)
{
    const auto all = tests::all_rows_of(set.pred_probs);
    constexpr auto most = std::numeric_limits<std::size_t>::max();
    for (const auto method :
         {score_method::self_confidence, score_method::normalized_margin, score_method::confidence_weighted_entropy})
        for (const auto adjust : {adjustment::none, adjustment::class_thresholds})
        {
            if (method == score_method::confidence_weighted_entropy && adjust == adjustment::class_thresholds)
                continue;
            const labelerrors::label_quality_scores_options options{.method = method, .adjust_pred_probs = adjust};
            const auto scores = labelerrors::label_quality_scores(set.labels, all, options);
            for (const auto& way : ways)
            {
                CAPTURE(way.name);
                const auto labels = tests::labels_of(set.labels, way.mine());
                const auto rows = tests::rows_of(set.pred_probs, way.mine(), way.read);
                const auto mine = distributed::label_quality_scores(ranks(), labels, rows, options);
                CHECK(on_all(mine.size() == way.mine().count && tests::is_part(mine, scores, way.mine().first)));
                for (const std::size_t count : {std::size_t{0}, scores.size() / 3, scores.size() + 1, most})
                {
                    const auto worst = labelerrors::find_top_issues(scores, count);
                    const auto part = distributed::find_top_issues(ranks(), mine, count);
                    CHECK(on_all(tests::is_part(part.indices, worst, part.first)));
                    CHECK(on_all(tests::are_whole(part.indices.size(), part.first, part.total, worst.size())));
                }
                if (method != score_method::normalized_margin)
                    continue;
                std::vector<std::size_t> third;
                for (std::size_t i = 0; i < scores.size(); i += 3)
                    third.push_back(scores.size() - 1 - i);
                const auto ordered = labelerrors::order_label_issues(third, set.labels, all, options);
                std::erase_if(third, [&](std::size_t row)
                              { return row < way.mine().first || row >= way.mine().first + way.mine().count; });
                const auto part = distributed::order_label_issues(ranks(), third, labels, rows, options);
                CHECK(on_all(tests::is_part(part.indices, ordered, part.first)));
                CHECK(on_all(tests::are_whole(part.indices.size(), part.first, part.total, ordered.size())));
            }
        }
}

/// Every filter, and what may be ranked by.
[[nodiscard]] std::vector<find_label_issues_options> every_filter()
{
    std::vector<find_label_issues_options> calls;
    for (const auto filter : all_filters)
        for (const auto rank_by : {std::optional<score_method>(), std::optional(score_method::self_confidence),
                                   std::optional(score_method::normalized_margin)})
            calls.push_back({.filter_by = filter, .rank_by = rank_by});
    calls.push_back({.rank_by = score_method::confidence_weighted_entropy});
    calls.push_back({.rank_by = score_method::normalized_margin, .adjust_pred_probs = adjustment::class_thresholds});
    calls.push_back({.filter_by = filter_by::both, .frac_noise = 0.5, .min_examples_per_class = 7});
    return calls;
}

}  // namespace

TEST_CASE("parts of any size give what one process finds, with ties across ranks")
{
    std::mt19937_64 random(7);
    // Coarse steps make most keys tie; more rows than candidates are sent, so that quotas are narrowed down too.
    for (const auto& [n, k, steps] : {std::array<std::size_t, 3>{7, 2, 4}, {300, 3, 4}, {501, 10, 8}, {900, 4, 1024}})
    {
        const auto set = set_of(tests::random_case(random, n, k, steps));
        const auto ways = tests::sharings(n);
        check_issues(set, every_filter(), ways);
        check_counts(set, ways);
        check_scores(set, ways);
    }
}

TEST_CASE("of no scores at all none is the worst")
{
    const auto part = distributed::find_top_issues(ranks(), xt::xtensor<double, 1>::from_shape({0}), 3);
    CHECK(on_all(part.indices.size() == 0 && part.first == 0 && part.total == 0));
}

TEST_CASE("a class that only one rank has, and numbers and joints of one's own")
{
    std::mt19937_64 random(11);
    const auto set = by_label(set_of(tests::random_case(random, 400, 5, 16)));
    const auto ways = tests::sharings(400);
    auto calls = every_filter();
    auto joint = xt::xtensor<double, 2>::from_shape({5, 5});
    joint.fill(3.0);
    for (const auto filter : {filter_by::prune_by_noise_rate, filter_by::prune_by_class, filter_by::both})
    {
        calls.push_back({.filter_by = filter, .num_to_remove_per_class = std::vector<std::size_t>{9, 0, 1000, 3, 20}});
        calls.push_back({.filter_by = filter, .confident_joint = joint});
        // Quotas that all rows of a class are needed for, the ones that the model agrees with too.
        for (std::size_t j = 0; j < 5; ++j)
            joint(j, (j + 1) % 5) = 50.0;
        calls.push_back({.filter_by = filter, .confident_joint = joint});
    }
    check_issues(set, calls, ways);
    check_counts(set, ways);
}

TEST_CASE("the list can be gathered on rank 0, by score and by row")
{
    std::mt19937_64 random(13);
    const auto set = set_of(tests::random_case(random, 250, 3, 8));
    for (const auto rank_by : {std::optional<score_method>(), std::optional(score_method::self_confidence)})
        for (const auto& way : tests::sharings(250))
        {
            const find_label_issues_options options{.rank_by = rank_by};
            const auto whole = labelerrors::find_label_issues(set.labels, tests::all_rows_of(set.pred_probs), options);
            const auto part = distributed::find_label_issues(ranks(), tests::labels_of(set.labels, way.mine()),
                                                             tests::rows_of(set.pred_probs, way.mine(), way.read),
                                                             options, listing::gathered);
            CHECK(on_all(is_part_of(part, whole)));
            CHECK(on_all(part.issues.indices.size() == (ranks().rank() == 0 ? whole.indices.size() : 0)));
        }
}

TEST_CASE("ranked lists come in parts of about the same length")
{
    std::mt19937_64 random(17);
    const auto set = set_of(tests::random_case(random, 20'000, 4, 1024));
    const auto way = tests::sharings(20'000).back();
    const auto part = distributed::find_label_issues(ranks(), tests::labels_of(set.labels, way.mine()),
                                                     tests::rows_of(set.pred_probs, way.mine(), way.read),
                                                     {.filter_by = filter_by::predicted_neq_given});
    CHECK(on_all(part.issues.indices.size() <= part.num_issues / ranks().size() * 5 / 4 + 1));
}

TEST_CASE("floats in an array, several threads a rank, and slices of what all ranks have open")
{
    std::mt19937_64 random(19);
    const auto made = tests::random_case(random, 3000, 6, 256);
    const auto floats = tests::in_type<float>(made.pred_probs);
    const auto whole = labelerrors::find_label_issues(made.labels, floats);
    const auto range = distributed::slice_of_rank(3000, ranks().rank(), ranks().size());
    const any_rows<float> opened(labelerrors::memory_rows<float>(floats.data(), 3000, 6, 6));
    const auto part = distributed::find_label_issues(ranks(), tests::labels_of(made.labels, range),
                                                     distributed::row_slice(opened, range), {.threads = 3});
    CHECK(on_all(is_part_of(part, whole)));
    xt::xtensor<float, 2> mine = xt::view(floats, xt::range(range.first, range.first + range.count));
    CHECK(
        on_all(is_part_of(distributed::find_label_issues(ranks(), tests::labels_of(made.labels, range), mine), whole)));
}

TEST_CASE("costly rows are read once by each rank, after a sample, with the counts of one process")
{
    std::mt19937_64 random(31);
    const auto set = by_label(set_of(tests::random_case(random, 40'000, 4, 256)));
    const auto whole = labelerrors::compute_confident_joint(set.labels, tests::all_rows_of(set.pred_probs));
    for (const auto& way : tests::sharings(set.labels.size()))
    {
        if (way.read != sharing::reading::by_callback)
            continue;
        CAPTURE(way.name);
        const auto mine = way.mine();
        std::atomic<std::size_t> rows_read{0};
        const auto rows = labelerrors::callback_rows<double>(
            mine.count, 4,
            [&](std::size_t first, std::size_t count, std::span<double> to)
            {
                rows_read += count;
                std::copy_n(set.pred_probs.data() + (mine.first + first) * 4, count * 4, to.begin());
            });
        const auto found = distributed::compute_confident_joint(ranks(), tests::labels_of(set.labels, mine), rows);
        CHECK(on_all(found.confident_joint == whole.confident_joint));
        CHECK(on_all(found.thresholds == whole.thresholds));
        CHECK(on_all(rows_read * 10 <= mine.count * 11));
    }
}

TEST_CASE("quotas are met exactly whatever the keys are and however they are narrowed down")
{
    using labelerrors::detail::quota_selection;
    constexpr double infinity = std::numeric_limits<double>::infinity();
    std::mt19937_64 random(23);
    for (const auto limits : {distributed::detail::settlement_limits{},
                              {.most_keys = 0, .runs = 1, .most_quotas = 1},
                              {.most_keys = 1, .runs = 3, .most_quotas = 4},
                              {.most_keys = 20, .runs = 7}})
        for (int round = 0; round < 20; ++round)
        {
            constexpr std::size_t num_quotas = 9;
            std::vector<quota_selection> mine;
            std::vector<quota_selection> whole;
            for (std::size_t q = 0; q < num_quotas; ++q)
            {
                const std::size_t quota = random() % 80;
                mine.emplace_back(quota);
                whole.emplace_back(quota);
                const bool few_keys = random() % 2 == 0;
                std::size_t row = 0;
                for (std::size_t rank = 0; rank < ranks().size(); ++rank)
                    for (std::size_t shown = random() % 150; shown > 0; --shown, ++row)
                    {
                        const std::array special{
                            0.0, -0.0, infinity, -infinity, 5e-324, -5e-324, 1.0, std::nextafter(1.0, 2.0), -1.0};
                        const double key = few_keys ? special[random() % special.size()]
                                                    : std::ldexp(static_cast<double>(random() >> 11), -53) - 0.5;
                        whole[q].add(key, row);
                        if (rank == ranks().rank())
                            mine[q].add(key, row);
                    }
            }
            distributed::detail::keep_best(
                ranks(), num_quotas, [&](std::size_t q) -> quota_selection& { return mine[q]; }, limits);
            bool same = true;
            for (std::size_t q = 0; q < num_quotas; ++q)
            {
                std::vector<std::size_t> kept;
                std::vector<std::size_t> wanted;
                mine[q].append_indices_to(kept);
                whole[q].append_indices_to(wanted);
                // This rank's rows are within those that are wanted, and all ranks' are as many.
                std::sort(wanted.begin(), wanted.end());
                for (const std::size_t row : kept)
                    same = same && std::binary_search(wanted.begin(), wanted.end(), row);
                same = distributed::detail::part_of_list(ranks(), kept.size()).total == wanted.size() && same;
            }
            CHECK(on_all(same));
        }
}

TEST_CASE("every synthetic case of the reference outputs, by every recorded call")
{
    const auto golden = tests::golden_dir();
    if (!golden)
        return tests::skip("no LABELERRORS_GOLDEN_DIR");
    for (const auto& folder : tests::synthetic_folders(*golden))
    {
        CAPTURE(folder.string());
        const auto read = tests::read_synthetic(folder);
        const whole_set set{read.labels, read.pred_probs};
        const auto ways = tests::sharings(set.labels.size());
        std::vector<find_label_issues_options> calls;
        for (const auto& record : read.answers.at("filter.find_label_issues"))
            calls.push_back(tests::options_of(record));
        check_issues(set, calls, ways);
        check_counts(set, ways);
        check_scores(set, ways);
    }
}

TEST_CASE("the published sets of the reference outputs, by every recorded call")
{
    const auto golden = tests::golden_dir();
    const auto data = tests::data_dir();
    if (!golden || !data)
        return tests::skip("no LABELERRORS_GOLDEN_DIR or LABELERRORS_DATA_DIR");
    for (const char* name : {"mnist_test_set", "cifar10_test_set", "20news_test_set", "imdb_test_set"})
    {
        CAPTURE(name);
        const auto read = tests::read_real(*golden, *data, name);
        const whole_set set{read.labels, read.pred_probs};
        auto ways = tests::sharings(set.labels.size());
        if (ways.size() > 2)
            ways = {ways[1], ways[2]};
        std::vector<find_label_issues_options> calls;
        for (const auto& record : read.answers.at("filter.find_label_issues"))
            calls.push_back(tests::options_of(record));
        check_issues(set, calls, ways);
        check_counts(set, {ways.back()});
    }
}
