// Folds, the classifier concept, and probabilities out of sample by construction.
#include "check_refused.hpp"
#include <labelerrors/model/cross_val_predict_proba.hpp>
#include <labelerrors/model/sparse_features.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using labelerrors::cross_val_predict_proba;
using labelerrors::cross_validation_options;
using labelerrors::shape_error;
using labelerrors::sparse_features;
using labelerrors::stratified_folds;
using labelerrors::value_error;
using tests::check_refused;

namespace
{

using matrix = xt::xtensor<double, 2>;

/// The docstring's classifier: how frequent the classes are.
struct frequencies
{
    std::vector<double> share;

    void fit(const auto& /*features*/, std::span<const std::size_t> labels, std::size_t num_classes)
    {
        share.assign(num_classes, 0.0);
        for (const std::size_t label : labels)
            share[label] += 1.0 / static_cast<double>(labels.size());
    }

    matrix predict_proba(const auto& features) const
    {
        auto rows = matrix::from_shape({labelerrors::num_feature_rows(features), share.size()});
        for (std::size_t i = 0; i < rows.shape()[0]; ++i)
            std::copy(share.begin(), share.end(), rows.data() + i * share.size());
        return rows;
    }
};

/// Knows each example that it was fitted to by heart, by its one feature, and nothing of any other.
struct memory
{
    std::map<double, std::size_t> label_of;
    std::size_t num_classes = 0;

    void fit(const matrix& features, std::span<const std::size_t> labels, std::size_t k)
    {
        label_of.clear();
        num_classes = k;
        for (std::size_t i = 0; i < labels.size(); ++i)
            label_of[features(i, 0)] = labels[i];
    }

    [[nodiscard]] matrix predict_proba(const matrix& features) const
    {
        auto rows = matrix::from_shape({features.shape()[0], num_classes});
        for (std::size_t i = 0; i < rows.shape()[0]; ++i)
        {
            const auto found = label_of.find(features(i, 0));
            for (std::size_t j = 0; j < num_classes; ++j)
                rows(i, j) = found == label_of.end() ? 1.0 / static_cast<double>(num_classes)
                             : found->second == j    ? 1.0
                                                     : 0.0;
        }
        return rows;
    }
};

/// Returns what it is made with, whatever it is asked.
struct canned
{
    matrix answer;

    void fit(const matrix&, std::span<const std::size_t>, std::size_t) const
    {
    }

    [[nodiscard]] matrix predict_proba(const matrix&) const
    {
        return answer;
    }
};

/// Fails when it is fitted.
struct failing : frequencies
{
    void fit(const matrix&, std::span<const std::size_t>, std::size_t)
    {
        throw std::runtime_error("the model did not like that");
    }
};

/// Reports how far it is until it is stopped.
struct reporting : frequencies
{
    void fit(const matrix& features, std::span<const std::size_t> labels, std::size_t k,
             const labelerrors::fit_options& options = {})
    {
        frequencies::fit(features, labels, k);
        for (int i = 1; i <= 40; ++i)
        {
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
            options.progress(i / 40.0);
        }
    }
};

/// Says nothing while it learns, then reports how far its prediction is, up to a half, until it is stopped; not always
/// more.
struct reporting_late : frequencies
{
    [[nodiscard]] matrix predict_proba(const matrix& features, const labelerrors::predict_options& options = {}) const
    {
        for (int i = 1; i <= 80; ++i)
        {
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
            options.progress(i % 3 == 0 ? 0.0 : i / 170.0);
        }
        return frequencies::predict_proba(features);
    }
};

/// Keeps how many threads it was told to fit and to predict with, wherever its copies are.
struct told : frequencies
{
    std::vector<std::pair<std::size_t, std::size_t>>* threads;
    std::size_t of_fit = 0;

    void fit(const matrix& features, std::span<const std::size_t> labels, std::size_t k,
             const labelerrors::fit_options& options = {})
    {
        frequencies::fit(features, labels, k);
        of_fit = options.threads;
    }

    [[nodiscard]] matrix predict_proba(const matrix& features, const labelerrors::predict_options& options = {}) const
    {
        static std::mutex mutex;
        const std::lock_guard lock(mutex);
        threads->emplace_back(of_fit, options.threads);
        return frequencies::predict_proba(features);
    }
};

struct without_fit
{
    [[nodiscard]] matrix predict_proba(const matrix&) const;
};

struct that_predicts_when_not_const
{
    void fit(const matrix&, std::span<const std::size_t>, std::size_t);
    matrix predict_proba(const matrix&);
};

struct that_predicts_classes
{
    void fit(const matrix&, std::span<const std::size_t>, std::size_t);
    [[nodiscard]] std::vector<std::size_t> predict_proba(const matrix&) const;
};

struct that_cannot_be_copied : frequencies
{
    std::unique_ptr<int> handle;
};

/// n examples of one feature, their own row.
[[nodiscard]] matrix numbered(std::size_t n)
{
    auto features = matrix::from_shape({n, 1});
    for (std::size_t i = 0; i < n; ++i)
        features(i, 0) = static_cast<double>(i);
    return features;
}

}  // namespace

using labelerrors::classifier;
using labelerrors::feature_set;
static_assert(feature_set<matrix>);
static_assert(feature_set<xt::xtensor<std::uint8_t, 2, xt::layout_type::column_major>>);
static_assert(feature_set<sparse_features<float>>);
static_assert(feature_set<std::vector<std::string>>);
static_assert(!feature_set<xt::xtensor<double, 3>>);
static_assert(!feature_set<std::string>);
static_assert(classifier<frequencies, matrix>);
static_assert(classifier<frequencies, std::vector<std::string>>);
static_assert(classifier<memory, matrix>);
static_assert(!classifier<memory, std::vector<std::string>>);
static_assert(!classifier<without_fit, matrix>);
static_assert(!classifier<that_predicts_when_not_const, matrix>);
static_assert(!classifier<that_predicts_classes, matrix>);
static_assert(!classifier<that_cannot_be_copied, matrix>);
static_assert(labelerrors::tunable_classifier<reporting, matrix>);
static_assert(!labelerrors::tunable_classifier<frequencies, matrix>);
static_assert(labelerrors::tunable_classifier<told, matrix>);

TEST_CASE("folds are dealt class by class: each has as many of every class as any other, or one more")
{
    // 5 of class 0, 3 of class 1, 4 of class 2 into 3 folds: positions 0-4, 5-7 and 8-11 of one deal.
    const std::vector<int> labels{2, 0, 0, 1, 2, 0, 1, 0, 2, 1, 0, 2};
    for (std::uint64_t seed = 0; seed < 20; ++seed)
    {
        const auto folds = stratified_folds(labels, {.num_folds = 3, .seed = seed});
        REQUIRE(folds.size() == 12);
        std::array<std::array<int, 3>, 3> count{};
        for (std::size_t i = 0; i < 12; ++i)
            ++count.at(folds[i]).at(static_cast<std::size_t>(labels[i]));
        CHECK(count == std::array<std::array<int, 3>, 3>{{{2, 1, 1}, {2, 1, 1}, {1, 1, 2}}});
    }
    CHECK(stratified_folds(labels, {.num_folds = 3}) != stratified_folds(labels, {.num_folds = 3, .seed = 1}));
    // Fixed for good: the folds of a seed are the same on every platform.
    CHECK(stratified_folds(labels, {.num_folds = 3, .seed = 7}) ==
          std::vector<std::size_t>{2, 0, 0, 2, 2, 2, 1, 1, 1, 0, 1, 0});
}

TEST_CASE("every fold holds its share of classes of any size")
{
    std::vector<std::uint8_t> labels;
    for (std::uint8_t j = 0; j < 7; ++j)
        labels.insert(labels.end(), 11 + 13u * j, j);
    const auto folds = stratified_folds(labels, {.num_folds = 10, .seed = 3});
    std::map<std::pair<int, std::size_t>, std::size_t> count;
    std::vector<std::size_t> sizes(10);
    for (std::size_t i = 0; i < labels.size(); ++i)
    {
        ++count[{labels[i], folds[i]}];
        ++sizes[folds[i]];
    }
    for (int j = 0; j < 7; ++j)
        for (std::size_t fold = 0; fold < 10; ++fold)
        {
            const auto size = 11 + 13 * static_cast<std::size_t>(j);
            CHECK(count[{j, fold}] >= size / 10);
            CHECK(count[{j, fold}] <= size / 10 + 1);
        }
    const auto [least, most] = std::minmax_element(sizes.begin(), sizes.end());
    CHECK(*most - *least <= 1);
}

TEST_CASE("an example's probabilities come from the examples of the other folds, worked by hand")
{
    const std::vector<int> labels{0, 1, 1, 0, 1, 1};
    const auto pred_probs = cross_val_predict_proba(frequencies{}, numbered(6), labels, {.folds = {0, 0, 0, 1, 1, 1}});
    // Fold 0 learns from labels 0 1 1, fold 1 from 0 1 1 as well.
    for (std::size_t i = 0; i < 6; ++i)
    {
        CHECK(pred_probs(i, 0) == doctest::Approx(1.0 / 3));
        CHECK(pred_probs(i, 1) == doctest::Approx(2.0 / 3));
    }
    const auto uneven = cross_val_predict_proba(frequencies{}, numbered(6), labels, {.folds = {0, 0, 1, 2, 2, 1}});
    CHECK(uneven(0, 0) == 0.25);
    CHECK(uneven(1, 1) == 0.75);
    CHECK(uneven(2, 0) == 0.5);
    CHECK(uneven(5, 1) == 0.5);
    CHECK(uneven(3, 0) == 0.25);
}

TEST_CASE("the folds that are dealt are those of stratified_folds of the same seed")
{
    // By a class of 3 and folds of 6 and 7, which class an example is likely of tells which fold it is in.
    const std::vector<int> labels{0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0};
    std::vector<std::vector<std::size_t>> seen;
    for (std::uint64_t seed = 0; seed < 4; ++seed)
    {
        seen.push_back(stratified_folds(labels, {.num_folds = 2, .seed = seed}));
        CHECK(cross_val_predict_proba(frequencies{}, numbered(13), labels, {.num_folds = 2, .seed = seed}) ==
              cross_val_predict_proba(frequencies{}, numbered(13), labels, {.folds = seen.back()}));
        CHECK((seed == 0 || seen.back() != seen.front()));
    }
}

TEST_CASE("a classifier that knows its examples by heart gains nothing")
{
    const std::size_t n = 60;
    std::vector<std::size_t> labels(n);
    for (std::size_t i = 0; i < n; ++i)
        labels[i] = i * i % 3;
    labels[2] = 2;
    labels[5] = 2;
    labels[8] = 2;
    labels[11] = 2;
    labels[14] = 2;
    const auto features = numbered(n);
    memory by_heart;
    by_heart.fit(features, labels, 3);
    const auto in_sample = by_heart.predict_proba(features);
    // Fitted already, it must forget that.
    const auto pred_probs = cross_val_predict_proba(by_heart, features, labels);
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < 3; ++j)
        {
            CHECK(in_sample(i, j) == (labels[i] == j ? 1.0 : 0.0));
            CHECK(pred_probs(i, j) == 1.0 / 3);
        }
}

TEST_CASE("any kind of features is taken by rows, and any number of threads gives the same")
{
    const std::size_t n = 90;
    std::vector<int> labels(n);
    for (std::size_t i = 0; i < n; ++i)
        labels[i] = static_cast<int>(i % 3);
    const auto expected = cross_val_predict_proba(frequencies{}, numbered(n), labels, {.threads = 1});
    for (const std::size_t threads : {2u, 7u})
        CHECK(cross_val_predict_proba(frequencies{}, numbered(n), labels, {.threads = threads}) == expected);
    CHECK(cross_val_predict_proba(frequencies{}, std::vector<std::string>(n, "text"), labels) == expected);
    sparse_features<float> sparse{.num_columns = 4, .row_starts = std::vector<std::size_t>(n + 1)};
    CHECK(cross_val_predict_proba(frequencies{}, sparse, labels) == expected);

    const std::vector<std::size_t> rows{3, 0, 3};
    const xt::xtensor<std::uint8_t, 2, xt::layout_type::column_major> bytes{{1, 2}, {3, 4}, {5, 6}, {7, 8}};
    CHECK(labelerrors::take_rows(bytes, rows) == xt::xtensor<std::uint8_t, 2>{{7, 8}, {1, 2}, {7, 8}});
    // Integers that no double holds stay what they are.
    constexpr auto large = std::numeric_limits<std::int64_t>::max();
    const xt::xtensor<std::int64_t, 2> integers{{large, (std::int64_t{1} << 53) + 1}};
    CHECK(labelerrors::take_rows(integers, std::vector<std::size_t>{0}) == integers);
    sparse = {.num_columns = 5, .row_starts = {0, 2, 2, 2, 3}, .columns = {1, 4, 0}, .values = {0.5f, 0.25f, 2.0f}};
    const auto taken = labelerrors::take_rows(sparse, rows);
    CHECK(taken.row_starts == std::vector<std::size_t>{0, 1, 3, 4});
    CHECK(taken.columns == std::vector<std::uint32_t>{0, 1, 4, 0});
    CHECK(taken.values == std::vector<float>{2.0f, 0.5f, 0.25f, 2.0f});
    CHECK(labelerrors::take_rows(std::vector<std::string>{"a", "b", "c", "d"}, rows) ==
          std::vector<std::string>{"d", "a", "d"});
}

TEST_CASE("fits and predictions are told their share of the threads")
{
    const std::vector<int> labels{0, 1, 0, 1, 0, 1, 0, 1, 0, 1};
    std::vector<std::pair<std::size_t, std::size_t>> threads;
    const told model{{}, &threads};
    const auto expected = cross_val_predict_proba(frequencies{}, numbered(10), labels);
    for (const auto& [given, share] : {std::pair{1u, 1u}, std::pair{5u, 1u}, std::pair{10u, 2u}})
    {
        threads.clear();
        CHECK(cross_val_predict_proba(model, numbered(10), labels, {.threads = given}) == expected);
        CHECK(threads == std::vector<std::pair<std::size_t, std::size_t>>(5, {share, share}));
    }
}

TEST_CASE("progress is told on the calling thread, rises to all rows, and can end the work")
{
    const std::vector<int> labels{0, 1, 0, 1, 0, 1, 0, 1};
    const auto caller = std::this_thread::get_id();
    std::vector<std::size_t> seen;
    // Two folds at once, so that what is below a half is told while none is done.
    cross_validation_options options{.num_folds = 4, .threads = 2};
    options.progress = [&](const labelerrors::scan_progress& state)
    {
        CHECK(std::this_thread::get_id() == caller);
        CHECK(state.pass == "cross-validation");
        CHECK(state.rows == 8);
        seen.push_back(state.rows_done);
    };
    const auto check_seen = [&](const auto& model)
    {
        seen.clear();
        (void)cross_val_predict_proba(model, numbered(8), labels, options);
        CHECK(seen.size() >= 3);
        CHECK(seen.front() == 0);
        CHECK(seen.back() == 8);
        CHECK(std::is_sorted(seen.begin(), seen.end()));
        CHECK(std::any_of(seen.begin(), seen.end(), [](std::size_t rows) { return rows > 0 && rows < 4; }));
    };
    check_seen(reporting{});
    check_seen(reporting_late{});
    options.progress = [](const labelerrors::scan_progress& state)
    {
        if (state.rows_done > 0)
            throw std::runtime_error("enough");
    };
    const auto check_ended = [&](const auto& model)
    {
        CHECK_THROWS_WITH_AS((void)cross_val_predict_proba(model, numbered(8), labels, options), "enough",
                             std::runtime_error);
    };
    check_ended(reporting{});
    check_ended(reporting_late{});
}

TEST_CASE("what the classifier throws reaches the caller, and what it returns is checked")
{
    const std::vector<int> labels{0, 1, 0, 1};
    const cross_validation_options two{.num_folds = 2};
    CHECK_THROWS_WITH_AS(cross_val_predict_proba(failing{}, numbered(4), labels, two), "the model did not like that",
                         std::runtime_error);
    check_refused<shape_error>(
        [&] {
            (void)cross_val_predict_proba(canned{{{0.5, 0.5}}}, numbered(4), labels, two);
        },
        {"cross_val_predict_proba", "predict_proba must return 2 x 2", "not 1 x 2"});
    check_refused<shape_error>(
        [&] {
            (void)cross_val_predict_proba(canned{{{1.0}, {1.0}}}, numbered(4), labels, two);
        },
        {"not 2 x 1"});
    const double nan = std::numeric_limits<double>::quiet_NaN();
    check_refused<value_error>(
        [&] {
            (void)cross_val_predict_proba(canned{{{1.0, 0.0}, {nan, 1.0}}}, numbered(4), labels,
                                          {.folds = {0, 0, 1, 1}});
        },
        {"NaN for class 0 of example 1"});
}

TEST_CASE("labels, folds and features that cannot be used are refused with the remedy")
{
    const auto refuse = [](const std::vector<int>& labels, std::size_t n, const cross_validation_options& options,
                           const std::vector<std::string>& parts)
    {
        check_refused<value_error>([&] { (void)cross_val_predict_proba(frequencies{}, numbered(n), labels, options); },
                                   parts);
    };
    const cross_validation_options two{.num_folds = 2};
    refuse({0, 0, 0, 1}, 4, two,
           {"class 1 has 1 examples, fewer than the 2 folds", "; leave the class out and number"});
    refuse({0, 0, 0, 1, 1, 0, 0, 0}, 8, {}, {"class 1 has 2 examples", "5 folds", "take at most 2 folds"});
    refuse({0, 0, 2, 2}, 4, two, {"class 1 has 0 examples", "without gaps"});
    refuse({1, 1, 1, 1}, 4, two, {"labels are all 1", "two classes"});
    refuse({0, 0, 0, 0}, 4, two, {"labels are all 0", "two classes"});
    refuse({0, 0, -1, 1}, 4, two, {"labels[2] is -1"});
    refuse({0, 0, 1, 1000000000}, 4, two, {"labels[3] is 1000000000", "0 to at most 3"});
    refuse({0, 0, 1, 1}, 4, {.num_folds = 1}, {"num_folds must be at least 2, not 1"});
    refuse({0, 0, 1, 1}, 4, {.folds = {0, 0, 0, 0}}, {"folds are all 0"});
    refuse({0, 0, 1, 1}, 4, {.folds = {0, 2, 0, 2}}, {"no example in fold 1"});
    refuse({0, 0, 1, 1}, 4, {.folds = {0, 1, 0, 4}}, {"folds[3] is 4", "0 to at most 3"});
    refuse({0, 0, 1, 1}, 4, {.folds = {0, 1, 1, 1}}, {"class 1 has examples in fold 1 alone"});
    refuse({0, 0, 2, 2}, 4, {.folds = {0, 1, 0, 1}}, {"class 1 has no examples"});
    check_refused<shape_error>(
        [&] {
            (void)cross_val_predict_proba(frequencies{}, numbered(4), std::vector<int>{0, 0, 1, 1},
                                          {.folds = {0, 1, 0}});
        },
        {"folds must have 4 numbers", "not 3"});
    check_refused<shape_error>(
        [&]
        {
            (void)cross_val_predict_proba(frequencies{}, numbered(4), std::vector<int>{0, 0, 1, 1},
                                          {.folds = {0, 1, 0, 1, 0}});
        },
        {"folds must have 4 numbers", "not 5"});
    check_refused<shape_error>(
        [&] {
            (void)cross_val_predict_proba(frequencies{}, numbered(3), std::vector<int>{0, 0, 1, 1}, two);
        },
        {"labels has 4 examples and features has 3 rows"});
    check_refused<shape_error>(
        [&] { (void)cross_val_predict_proba(frequencies{}, numbered(0), std::vector<int>{}, two); }, {"empty"});
    auto features = numbered(4);
    features(2, 0) = std::numeric_limits<double>::quiet_NaN();
    check_refused<value_error>(
        [&] {
            (void)cross_val_predict_proba(frequencies{}, features, std::vector<int>{0, 0, 1, 1}, two);
        },
        {"features(2, 0) is NaN", "leave such examples out"});
    features(2, 0) = -std::numeric_limits<double>::infinity();
    check_refused<value_error>(
        [&] {
            (void)cross_val_predict_proba(frequencies{}, features, std::vector<int>{0, 0, 1, 1}, two);
        },
        {"features(2, 0) is infinite"});
    const sparse_features<float> bad{.num_columns = 2, .row_starts = {0, 1, 1, 1, 1}, .columns = {2}, .values = {1.0f}};
    check_refused<value_error>(
        [&] {
            (void)cross_val_predict_proba(frequencies{}, bad, std::vector<int>{0, 0, 1, 1}, two);
        },
        {"the column 2 in row 0", "num_columns is 2"});
}
