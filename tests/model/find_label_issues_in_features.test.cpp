// From features and labels to label errors, and to a classifier that was fitted without them.
#include <labelerrors/model/find_label_issues_in_features.hpp>
#include <labelerrors/model/hashing_bag_of_words.hpp>
#include <labelerrors/model/learn_with_noisy_labels.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using labelerrors::cross_val_predict_proba;
using labelerrors::find_label_issues_in_features;
using labelerrors::learn_with_noisy_labels;
using labelerrors::logistic_regression;
using labelerrors::value_error;

namespace
{

using matrix = xt::xtensor<double, 2>;

struct noisy_set
{
    matrix features;
    std::vector<int> true_labels;
    std::vector<int> labels;
    std::vector<std::size_t> errors;
};

/// n examples of 3 classes that two features tell apart but for their noise; every tenth, in classes 0 and 1, has the
/// label of the next class.
[[nodiscard]] noisy_set make_noisy(std::size_t n, std::uint64_t seed)
{
    std::mt19937_64 random(seed);
    const auto spread = [&]
    {
        double sum = 0.0;
        for (int i = 0; i < 4; ++i)
            sum += static_cast<double>(random() >> 11) * 0x1p-53 - 0.5;
        return sum;
    };
    noisy_set made{matrix::from_shape({n, 2}), {}, {}, {}};
    for (std::size_t i = 0; i < n; ++i)
    {
        const int label = static_cast<int>(random() % 3);
        made.features(i, 0) = (label == 0 ? 2.0 : -1.0) + spread();
        made.features(i, 1) = (label == 1 ? 2.0 : label == 2 ? -2.0 : 0.0) + spread();
        made.true_labels.push_back(label);
        const bool wrong = i % 5 == 0 && label < 2;
        made.labels.push_back(wrong ? label + 1 : label);
        if (wrong)
            made.errors.push_back(i);
    }
    return made;
}

/// Keeps no more than the labels: what it predicts is that every example is of class 1, surely.
struct always_one
{
    void fit(const matrix&, std::span<const std::size_t>, std::size_t)
    {
    }

    [[nodiscard]] matrix predict_proba(const matrix& features) const
    {
        auto rows = matrix::from_shape({features.shape()[0], 2});
        for (std::size_t i = 0; i < rows.shape()[0]; ++i)
        {
            rows(i, 0) = 0.0;
            rows(i, 1) = 1.0;
        }
        return rows;
    }
};

/// The same by reference to what it keeps.
struct by_reference : always_one
{
    mutable matrix last;

    [[nodiscard]] const matrix& predict_proba(const matrix& features) const
    {
        return last = always_one::predict_proba(features);
    }
};

/// One whose fit to more than `many` examples takes long enough to be reported.
struct slow_on_many : always_one
{
    std::size_t many = 0;

    void fit(const matrix&, std::span<const std::size_t> labels, std::size_t,
             const labelerrors::fit_options& options = {})
    {
        if (labels.size() <= many)
            return;
        std::this_thread::sleep_for(std::chrono::milliseconds(150));
        options.progress(0.5);
        options.progress(0.75);  // too soon to be told
        std::this_thread::sleep_for(std::chrono::milliseconds(150));
        options.progress(0.25);  // less than before
    }
};

}  // namespace

static_assert(labelerrors::classifier<by_reference, matrix>);
static_assert(labelerrors::tunable_classifier<slow_on_many, matrix>);

TEST_CASE("planted errors are found in one call, as by cross-validation and find_label_issues")
{
    const auto made = make_noisy(600, 1);
    const auto found = find_label_issues_in_features(made.features, made.labels);
    std::vector<std::size_t> rows(found.issues.indices.begin(), found.issues.indices.end());
    std::sort(rows.begin(), rows.end());
    std::vector<std::size_t> right;
    std::set_intersection(rows.begin(), rows.end(), made.errors.begin(), made.errors.end(), std::back_inserter(right));
    REQUIRE(made.errors.size() > 60);
    CHECK(10 * right.size() >= 8 * made.errors.size());
    CHECK(10 * right.size() >= 9 * rows.size());

    const auto pred_probs = cross_val_predict_proba(logistic_regression{}, made.features, made.labels);
    CHECK(found.pred_probs == pred_probs);
    const auto issues = labelerrors::find_label_issues(made.labels, pred_probs);
    CHECK(found.issues.indices == issues.indices);
    CHECK(found.issues.scores == issues.scores);
    std::size_t agree = 0;
    for (std::size_t i = 0; i < 600; ++i)
        agree += static_cast<std::size_t>(made.labels[i]) ==
                         static_cast<std::size_t>(
                             std::max_element(pred_probs.data() + i * 3, pred_probs.data() + i * 3 + 3) -
                             (pred_probs.data() + i * 3))
                     ? 1u
                     : 0u;
    CHECK(found.accuracy == static_cast<double>(agree) / 600.0);
}

TEST_CASE("the options of both steps are taken, and threads change nothing")
{
    const auto made = make_noisy(300, 2);
    const auto one =
        find_label_issues_in_features(made.features, made.labels,
                                      {.cross_validation = {.num_folds = 3, .seed = 4, .threads = 1},
                                       .find = {.filter_by = labelerrors::filter_by::both, .rank_by = std::nullopt}});
    const auto seven = find_label_issues_in_features(
        made.features, made.labels,
        {.cross_validation = {.num_folds = 3, .seed = 4, .threads = 7},
         .find = {.filter_by = labelerrors::filter_by::both, .rank_by = std::nullopt, .threads = 7}});
    CHECK(one.pred_probs == seven.pred_probs);
    CHECK(one.issues.indices == seven.issues.indices);
    CHECK(std::is_sorted(one.issues.indices.begin(), one.issues.indices.end()));
    const auto other_seed =
        find_label_issues_in_features(made.features, made.labels, {.cross_validation = {.num_folds = 3, .seed = 5}});
    CHECK(other_seed.pred_probs != one.pred_probs);
}

TEST_CASE("leaving the issues out and fitting again is what learn_with_noisy_labels does, class by class weighed")
{
    const auto made = make_noisy(600, 3);
    const auto learnt = learn_with_noisy_labels(logistic_regression{}, made.features, made.labels);
    const auto found = find_label_issues_in_features(made.features, made.labels);
    CHECK(learnt.found.issues.indices == found.issues.indices);
    CHECK(learnt.kept.size() + found.issues.indices.size() == 600);
    for (const std::size_t row : found.issues.indices)
        CHECK(!std::binary_search(learnt.kept.begin(), learnt.kept.end(), row));
    // A fifth of the examples of classes 0 and 1 were given another label, none of class 2.
    REQUIRE(learnt.class_weights.size() == 3);
    CHECK(learnt.class_weights[0] == doctest::Approx(1.25).epsilon(0.1));
    CHECK(learnt.class_weights[1] == doctest::Approx(1.25).epsilon(0.1));
    CHECK(learnt.class_weights[2] == doctest::Approx(1.0).epsilon(0.05));

    // A joint of the caller's own is what the weights are estimated from, too: of class 0 half are given as 1.
    const xt::xtensor<double, 2> joint{{100, 0, 0}, {100, 200, 0}, {0, 0, 200}};
    const auto by_joint = learn_with_noisy_labels(logistic_regression{}, made.features, made.labels,
                                                  {.find = {.confident_joint = joint}});
    CHECK(by_joint.class_weights[0] == doctest::Approx(2.0));
    CHECK(by_joint.class_weights[1] == doctest::Approx(1.0));
    // What a joint says is almost never given rightly does not weigh without limit.
    const xt::xtensor<double, 2> rare{{1, 0, 0}, {9999, 200, 0}, {0, 0, 200}};
    CHECK(
        learn_with_noisy_labels(logistic_regression{}, made.features, made.labels, {.find = {.confident_joint = rare}})
            .class_weights[0] == 1000.0);

    std::vector<std::size_t> labels;
    std::vector<double> weights;
    for (const std::size_t row : learnt.kept)
    {
        labels.push_back(static_cast<std::size_t>(made.labels[row]));
        weights.push_back(learnt.class_weights[labels.back()]);
    }
    logistic_regression by_hand;
    by_hand.fit(labelerrors::take_rows(made.features, learnt.kept), labels, 3, {.weights = weights});
    const auto test = make_noisy(500, 4);
    CHECK(learnt.classifier.predict_proba(test.features) == by_hand.predict_proba(test.features));

    // It is surer of the true labels of other examples than one that learnt from the errors too.
    logistic_regression with_errors;
    with_errors.fit(made.features, std::vector<std::size_t>(made.labels.begin(), made.labels.end()), 3);
    const auto mean_probability = [&](const matrix& pred_probs)
    {
        double sum = 0.0;
        for (std::size_t i = 0; i < 500; ++i)
            sum += pred_probs(i, static_cast<std::size_t>(test.true_labels[i]));
        return sum / 500.0;
    };
    CHECK(mean_probability(learnt.classifier.predict_proba(test.features)) >
          mean_probability(with_errors.predict_proba(test.features)) + 0.1);
}

TEST_CASE("errors among texts are found from their words")
{
    const std::vector<std::string> cats{"the cat purrs", "a kitten and a cat meow", "my cat sleeps", "kitten purrs"};
    const std::vector<std::string> dogs{"the dog barks", "a puppy and a dog bark", "my dog digs", "puppy barks"};
    std::vector<std::string> texts;
    std::vector<int> labels;
    for (int i = 0; i < 40; ++i)
    {
        texts.push_back((i % 2 == 0 ? cats : dogs)[static_cast<std::size_t>(i / 2 % 4)] + " on day " +
                        std::to_string(i * 7));
        labels.push_back(i % 2);
    }
    labels[6] = 1;
    labels[21] = 0;
    const logistic_regression model({.C = 10.0});
    const auto found = find_label_issues_in_features(model, labelerrors::hashing_bag_of_words(texts), labels);
    std::vector<std::size_t> rows(found.issues.indices.begin(), found.issues.indices.end());
    std::sort(rows.begin(), rows.end());
    CHECK(rows == std::vector<std::size_t>{6, 21});
    CHECK(found.accuracy == 0.95);
}

TEST_CASE("a classifier may return a reference to its probabilities")
{
    const auto made = make_noisy(60, 5);
    std::vector<int> labels;
    for (const int label : made.labels)
        labels.push_back(label == 0 ? 0 : 1);
    CHECK(cross_val_predict_proba(by_reference{}, made.features, labels) ==
          cross_val_predict_proba(always_one{}, made.features, labels));
}

TEST_CASE("the last fit tells its progress, and can be ended by it")
{
    // All are predicted to be of class 1, so that ten of class 0 are the issues.
    auto features = matrix::from_shape({100, 1});
    features.fill(0.0);
    std::vector<int> labels(100, 1);
    std::fill_n(labels.begin(), 20, 0);
    labelerrors::find_label_issues_in_features_options options;
    options.cross_validation.num_folds = 2;
    options.find.filter_by = labelerrors::filter_by::prune_by_class;
    options.find.num_to_remove_per_class = std::vector<std::size_t>{10, 0};
    struct call
    {
        std::string pass;
        std::size_t done;
        std::size_t rows;
        bool operator==(const call&) const = default;
    };
    std::vector<call> calls;
    options.cross_validation.progress = [&](const labelerrors::scan_progress& state)
    {
        if (state.pass == "last fit")
            calls.push_back({std::string(state.pass), state.rows_done, state.rows});
    };
    slow_on_many model;
    model.many = 50;
    const auto learnt = learn_with_noisy_labels(model, features, labels, options);
    const std::size_t kept = learnt.kept.size();
    REQUIRE(kept > 50);
    CHECK(calls == std::vector<call>{{"last fit", 0, kept},
                                     {"last fit", kept / 2, kept},
                                     {"last fit", 3 * kept / 4, kept},
                                     {"last fit", kept, kept}});
    // One that takes no options is told of before and after.
    calls.clear();
    static_cast<void>(learn_with_noisy_labels(always_one{}, features, labels, options));
    CHECK(calls == std::vector<call>{{"last fit", 0, kept}, {"last fit", kept, kept}});

    options.cross_validation.progress = [](const labelerrors::scan_progress& state)
    {
        if (state.pass == "last fit" && state.rows_done > 0)
            throw std::runtime_error("stop");
    };
    CHECK_THROWS_WITH_AS(learn_with_noisy_labels(model, features, labels, options), "stop", std::runtime_error);
}

TEST_CASE("what leaves nothing to learn from is refused, and so is what cross-validation refuses")
{
    const matrix features{{0.0}, {1.0}, {2.0}, {3.0}};
    const std::vector<int> labels{0, 0, 1, 1};
    labelerrors::find_label_issues_in_features_options options;
    options.cross_validation.num_folds = 2;
    options.find.filter_by = labelerrors::filter_by::predicted_neq_given;
    CHECK(find_label_issues_in_features(always_one{}, features, labels, options).issues.indices.size() == 2);
    CHECK_THROWS_WITH_AS(learn_with_noisy_labels(always_one{}, features, labels, options),
                         doctest::Contains("of 4 examples the label issues leave 2, of less than two classes"),
                         value_error);
    CHECK_THROWS_WITH_AS(find_label_issues_in_features(features, labels),
                         doctest::Contains("find_label_issues_in_features: class 0 has 2 examples"), value_error);
}

TEST_CASE("options for the issues that are out of range are refused before anything is fitted, by what was called")
{
    const matrix features{{0.0}, {1.0}, {2.0}, {3.0}};
    const std::vector<int> labels{0, 0, 1, 1};
    labelerrors::find_label_issues_in_features_options options;
    options.cross_validation.num_folds = 2;
    options.cross_validation.progress = [](const labelerrors::scan_progress&)
    {
        FAIL("the fits have begun");
    };
    options.find.confident_joint = matrix{{2.0, -1.0}, {0.0, 2.0}};
    CHECK_THROWS_WITH_AS(learn_with_noisy_labels(always_one{}, features, labels, options),
                         doctest::Contains("learn_with_noisy_labels: confident_joint(0, 1) is -1"), value_error);
    CHECK_THROWS_WITH_AS(find_label_issues_in_features(always_one{}, features, labels, options),
                         doctest::Contains("find_label_issues_in_features: confident_joint(0, 1) is -1"), value_error);
    options.find.confident_joint = matrix::from_shape({3, 3});
    options.find.confident_joint->fill(1.0);
    CHECK_THROWS_WITH_AS(learn_with_noisy_labels(always_one{}, features, labels, options),
                         doctest::Contains("learn_with_noisy_labels: confident_joint must be k x k with k = 2"),
                         labelerrors::shape_error);
}
