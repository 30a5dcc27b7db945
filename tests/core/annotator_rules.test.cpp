// Many annotators: the rules that sets of usual labels do not show.
#include <labelerrors/core/annotators.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <vector>

using namespace labelerrors;

namespace
{

constexpr double none = std::numeric_limits<double>::quiet_NaN();
using matrix = xt::xtensor<double, 2>;
using columns = std::vector<std::size_t>;

[[nodiscard]] columns annotators_of(const annotator_quality_result& found)
{
    columns order;
    for (const auto& one : found.annotators)
        order.push_back(one.annotator);
    return order;
}

}  // namespace

TEST_CASE("without a model there are as many classes as labels need, and at least two")
{
    CHECK(check_annotator_labels(matrix{{0, 3}, {none, 1}}, 0, "test").num_classes == 4);
    CHECK(check_annotator_labels(matrix{{0, 0}}, 0, "test").num_classes == 2);
    CHECK(dawid_skene(matrix{{0, 0}}).class_priors.size() == 2);
    // Many classes are many only beside the labels.
    auto labels = matrix::from_shape({1100, 1});
    for (std::size_t i = 0; i < 1100; ++i)
        labels(i, 0) = static_cast<double>(i);
    CHECK(majority_vote(labels).labels(1099) == 1099);
}

TEST_CASE("labels by nobody, and labels of which none agree, are refused with what is wrong with them")
{
    CHECK_THROWS_WITH_AS(static_cast<void>(majority_vote(matrix::from_shape({3, 0}))),
                         "majority_vote: labels is 3 x 0; at least one example and one annotator are needed",
                         shape_error);
    // That the last example has one label says nothing of the others.
    CHECK_THROWS_WITH_AS(static_cast<void>(annotator_agreement(matrix{{0, 1}, {1, none}})),
                         doctest::Contains("no example on which two annotators agree"), value_error);
}

TEST_CASE("a tolerance that is none is refused by all that read probabilities of many annotators' examples")
{
    const matrix labels{{0, 0}, {1, 1}};
    const matrix rows{{0.75, 0.25}, {0.25, 0.75}};
    for (const double tolerance : {none, -1.0})
    {
        CHECK_THROWS_WITH_AS(static_cast<void>(majority_vote(labels, rows, {.tolerance = tolerance})),
                             doctest::Contains("majority_vote: tolerance must be"), value_error);
        CHECK_THROWS_WITH_AS(static_cast<void>(annotator_quality(labels, rows, {.tolerance = tolerance})),
                             doctest::Contains("annotator_quality: tolerance must be"), value_error);
        CHECK_THROWS_WITH_AS(static_cast<void>(active_learning_scores(labels, rows, {.tolerance = tolerance})),
                             doctest::Contains("active_learning_scores: tolerance must be"), value_error);
        CHECK_THROWS_WITH_AS(static_cast<void>(active_learning_scores_unlabeled(rows, {.tolerance = tolerance})),
                             doctest::Contains("active_learning_scores_unlabeled: tolerance must be"), value_error);
    }
}

TEST_CASE("a model's rows are read in any order, and values outside of the unit interval count as its ends")
{
    const matrix outside{{1.5, -0.5}, {0.25, 0.75}, {-0.25, 1.25}};
    const matrix inside{{1.0, 0.0}, {0.25, 0.75}, {0.0, 1.0}};
    const pass_options lenient{.tolerance = 1.0};
    auto model = detail::open_model(outside, 3, 2, lenient, "test");
    std::vector<double> row(2);
    for (const std::size_t i : {2u, 0u, 1u, 0u})
    {
        model(i, row);
        CHECK(row == std::vector<double>{inside(i, 0), inside(i, 1)});
    }
    // Columns one after another, of which blocks of rows are made.
    auto many = xt::xtensor<double, 2, xt::layout_type::column_major>::from_shape({600, 2});
    for (std::size_t i = 0; i < 600; ++i)
        many(i, 1) = 1.0 - (many(i, 0) = static_cast<double>(i) / 600.0);
    model = detail::open_model(many, 600, 2, {}, "test");
    for (const std::size_t i : {599u, 256u, 255u, 1u, 256u, 512u, 511u})
    {
        model(i, row);
        CHECK(row[0] == many(i, 0));
    }
}

TEST_CASE("a class that a model rules out is brought to a temperature as if it had 1e-30")
{
    std::vector<double> row{1.0, 0.0};
    detail::scale_row(row, 8.0, detail::least_scaled);
    const double other = std::pow(1e-30, 1.0 / 8.0);
    CHECK(row[0] == doctest::Approx(1.0 / (1.0 + other)).epsilon(1e-12));
    CHECK(row[1] == doctest::Approx(other / (1.0 + other)).epsilon(1e-12));
}

TEST_CASE("the temperature is the reference's where a model rules labels out, and the first of those as good")
{
    const matrix labels{{0, 0, 1}, {1, 1, none}, {2, 2, 0}, {0, none, 0}, {1, 2, 2}, {2, none, 2}};
    const matrix pred_probs = matrix{{63, 1, 0}, {1, 63, 0}, {63, 0, 1}, {0, 1, 63}, {1, 63, 0}, {1, 0, 63}} / 64.0;
    const auto found = annotator_quality(labels, pred_probs, {.calibrate = temperature_calibration::to_votes});
    CHECK(found.temperatures == std::vector<double>{3.5});
    // It is worse than always to guess one class, and counts for next to nothing.
    CHECK(found.model_weights[0] == doctest::Approx(1e-6 * std::sqrt(15.0 / 6.0)).epsilon(1e-9));
    // Even odds are the same at any temperature.
    const matrix even{{0.5, 0.5}, {0.5, 0.5}};
    CHECK(annotator_quality(matrix{{0, 0}, {1, 1}}, even, {.calibrate = temperature_calibration::to_votes})
              .temperatures == std::vector<double>{0.1});
}

TEST_CASE("where the consensus is one class alone weights are numbers, and a model that errs has the least")
{
    const matrix labels{{0, 0}, {0, 0}};
    const auto right = annotator_quality(labels, matrix{{0.75, 0.25}, {0.75, 0.25}});
    CHECK(right.model_weights[0] == doctest::Approx(std::sqrt(2.0)));
    CHECK(right.annotator_weights == std::vector<double>{1.0, 1.0});
    const auto wrong = annotator_quality(labels, matrix{{0.25, 0.75}, {0.75, 0.25}});
    CHECK(wrong.model_weights[0] == doctest::Approx(1e-6 * std::sqrt(2.0)));
    CHECK(wrong.consensus_label == xt::xtensor<std::size_t, 1>{0, 0});
}

TEST_CASE("of labels that are the consensus as often the worst is the one given most, then the one best agreed on")
{
    const auto used = [](std::vector<double> qualities, double agreed)
    {
        detail::label_use use{static_cast<double>(qualities.size()), agreed, {}};
        for (const double quality : qualities)
            use.quality.add(quality);
        return use;
    };
    const std::vector<detail::label_use> by_label{used({0.5, 0.5}, 1.0), used({0.5, 1.0}, 1.0), {}};
    CHECK(detail::find_worst_class(by_label) == 1);
    const std::vector<detail::label_use> by_count{used({1.0, 1.0}, 1.0), used({0.5, 0.5, 0.5, 0.5}, 2.0)};
    CHECK(detail::find_worst_class(by_count) == 1);
    const std::vector<detail::label_use> by_agreement{{}, used({0.5}, 0.0), used({1.0, 1.0}, 1.0)};
    CHECK(detail::find_worst_class(by_agreement) == 1);
}

TEST_CASE("annotators of one quality, or of none that is known, come by their agreement with the consensus")
{
    // Annotators 1 and 2 are wrong once of two times each; alone, 1 is right once more.
    const auto found = annotator_agreement(matrix{{0, 0, 1}, {0, 1, 0}, {none, 1, none}});
    CHECK(annotators_of(found) == columns{2, 1, 0});
    // Annotators 2 and 3 share no example with others, and the model overrules 3.
    const matrix labels{{0, 0, none, none}, {1, 1, none, none},    {0, 0, none, none},
                        {1, 1, none, none}, {none, none, 1, none}, {none, none, none, 1}};
    const matrix pred_probs = matrix{{63, 1}, {1, 63}, {63, 1}, {1, 63}, {1, 63}, {63, 1}} / 64.0;
    const auto by_model = annotator_quality(labels, pred_probs);
    CHECK(by_model.consensus_label(5) == 0);
    CHECK(annotators_of(by_model) == columns{0, 1, 3, 2});
    CHECK(std::isnan(by_model.annotators[2].annotator_quality));
}

TEST_CASE("expectation maximisation ends at the first step that changes no more than is asked for")
{
    // Every share is one half and stays so.
    CHECK(dawid_skene(matrix{{0, 1}, {1, 0}}, {.convergence = 0.0}).num_iterations == 1);
    CHECK_THROWS_WITH_AS(static_cast<void>(dawid_skene(matrix{{0, 1}}, {.convergence = -1.0})),
                         "dawid_skene: convergence must be finite and not negative, but is -1", value_error);
}

TEST_CASE("confusions of more classes than any memory holds are refused before it is asked for")
{
    for (const std::size_t part : {2u, 64u})
    {
        const annotator_votes votes{.num_annotators = 1,
                                    .num_classes = std::numeric_limits<std::size_t>::max() / part,
                                    .first = {0, 1},
                                    .votes = {{0, 0}}};
        CHECK_THROWS_WITH_AS(static_cast<void>(detail::run_dawid_skene(votes, {}, "test")),
                             doctest::Contains("test: 1 annotators and "), value_error);
    }
}
