#include "small_cases.hpp"
#include <labelerrors/core/ensemble_scores.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <limits>
#include <ranges>
#include <span>
#include <utility>
#include <vector>

using labelerrors::adjustment;
using labelerrors::ensemble_scores_options;
using labelerrors::ensemble_weights;
using labelerrors::label_quality_ensemble_scores;
using labelerrors::score_method;

namespace
{

using model = xt::xtensor<double, 2>;
using vector = xt::xtensor<double, 1>;

const std::vector<int> labels{0, 1, 2, 2, 1, 0};
const std::vector<model> models{{{0.625, 0.25, 0.125},
                                 {0.25, 0.5, 0.25},
                                 {0.125, 0.125, 0.75},
                                 {0.5, 0.25, 0.25},
                                 {0.0625, 0.875, 0.0625},
                                 {0.25, 0.625, 0.125}},
                                {{0.5, 0.25, 0.25},
                                 {0.125, 0.75, 0.125},
                                 {0.25, 0.5, 0.25},
                                 {0.25, 0.25, 0.5},
                                 {0.5, 0.25, 0.25},
                                 {0.75, 0.125, 0.125}},
                                {{0.0, 1.0, 0.0},
                                 {0.375, 0.375, 0.25},
                                 {0.0, 0.25, 0.75},
                                 {0.0, 0.125, 0.875},
                                 {0.25, 0.5, 0.25},
                                 {0.5, 0.375, 0.125}}};

/// Whether label_quality_ensemble_scores takes models of this type.
template <class Models>
concept taken = requires(const std::vector<int>& given, const Models& of_each)
{
    label_quality_ensemble_scores(given, of_each);
};

/// Models that only what may change them can go over, as is the case with std::views::filter.
struct changing_models
{
    std::vector<model>::const_iterator begin()
    {
        return models.begin();
    }

    std::vector<model>::const_iterator end()
    {
        return models.end();
    }
};

static_assert(taken<std::vector<model>>);
static_assert(taken<std::span<const model>>);
static_assert(std::ranges::forward_range<changing_models>);
static_assert(!taken<changing_models>);
static_assert(!taken<std::vector<vector>>);

/// The scores of the six examples by each weighting of the models.
struct reference_answer
{
    score_method method;
    adjustment adjust;
    std::vector<double> uniform;
    std::vector<double> accuracy;
    std::vector<double> log_loss_search;
    std::vector<double> custom;  // by custom_weights
};

const std::vector<double> custom_weights{0.5, 0.3, 0.4};

// What cleanlab 2.9.0's rank.get_label_quality_ensemble_scores answers for these labels and models (numpy 1.24.2,
// scikit-learn 1.2.1).
const std::vector<reference_answer> reference_answers{
    {score_method::self_confidence,
     adjustment::none,
     {0.375, 0.5416666666666666, 0.5833333333333334, 0.5416666666666666, 0.5416666666666666, 0.5},
     {0.375, 0.5416666666666666, 0.5833333333333333, 0.5416666666666666, 0.5416666666666666, 0.5},
     {0.5290296239660421, 0.6056237909775655, 0.5230584251193509, 0.40270576975412015, 0.5677820420109111,
      0.49263556780616746},
     {0.4625, 0.625, 0.75, 0.625, 0.7124999999999999, 0.55}},
    {score_method::self_confidence,
     adjustment::class_thresholds,
     {0.42088486548514603, 0.4570954991712355, 0.46763568362446345, 0.4338050915891028, 0.44434527604233076,
      0.4805559097284202},
     {0.42088486548514603, 0.4570954991712355, 0.4676356836244634, 0.43380509158910274, 0.4443452760423307,
      0.4805559097284202},
     {0.4774811914852364, 0.4812536742565417, 0.5045711063268612, 0.42302681161730327, 0.4463442436876227,
      0.45011672645892814},
     {0.5295677674359301, 0.5196608440647712, 0.5900165752900676, 0.49645543797016445, 0.5668111691954609,
      0.5569042458243019}},
    {score_method::normalized_margin,
     adjustment::none,
     {0.4375, 0.6458333333333334, 0.6458333333333334, 0.625, 0.6354166666666666, 0.5625},
     {0.4375, 0.6458333333333333, 0.6458333333333333, 0.625, 0.6354166666666666, 0.5625},
     {0.6159738225947438, 0.7022560941174842, 0.6100026237480524, 0.5198587732913611, 0.6474688346481023,
      0.5551355678061675},
     {0.53125, 0.7562500000000001, 0.8187500000000001, 0.7250000000000001, 0.815625, 0.625}},
    {score_method::normalized_margin,
     adjustment::class_thresholds,
     {0.4953249181860682, 0.5444770283479962, 0.5608185643248756, 0.536104381826682, 0.5554422202388541,
      0.5578435122614646},
     {0.4953249181860682, 0.544477028347996, 0.5608185643248756, 0.5361043818266819, 0.5554422202388541,
      0.5578435122614646},
     {0.5814039898827487, 0.5794866620296666, 0.5759606727100827, 0.5144186831338511, 0.5749481570374686,
      0.5459409143427616},
     {0.6139551192145862, 0.6351906158357772, 0.6970929491266097, 0.6188193293382633, 0.6906413362233839,
      0.6514280249904374}},
    {score_method::confidence_weighted_entropy,
     adjustment::none,
     {0.40004599568973215, 0.5887760355691992, 0.630188228582557, 0.6061704475653266, 0.5969698312963276,
      0.5777536549152019},
     {0.40004599568973215, 0.5887760355691991, 0.6301882285825569, 0.6061704475653266, 0.5969698312963276,
      0.5777536549152018},
     {0.5635442608058232, 0.6264146611369237, 0.5809987577860356, 0.507579260978842, 0.6174185696042025,
      0.5748071674410926},
     {0.48783027781101607, 0.6911833945034845, 0.7863359426703244, 0.7126423168866904, 0.7566211137425212,
      0.6661791233593766}},
};

/// The calls behind an answer, each with what it gave.
[[nodiscard]] std::vector<std::pair<ensemble_scores_options, std::vector<double>>>
calls_of(const reference_answer& answer)
{
    const auto options = [&](ensemble_weights weight_by, const std::vector<double>& weights)
    {
        return ensemble_scores_options{.method = answer.method,
                                       .adjust_pred_probs = answer.adjust,
                                       .weight_by = weight_by,
                                       .custom_weights = weights};
    };
    return {{options(ensemble_weights::uniform, {}), answer.uniform},
            {options(ensemble_weights::accuracy, {}), answer.accuracy},
            {options(ensemble_weights::log_loss_search, {}), answer.log_loss_search},
            {options(ensemble_weights::custom, custom_weights), answer.custom}};
}

template <class Vector>
void check_close(const Vector& values, const std::vector<double>& expected)
{
    REQUIRE(values.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i)
        CHECK(std::abs(values[i] - expected[i]) <= 1e-12);
}

}  // namespace

TEST_CASE("an ensemble's score is the weighted mean of its models' scores")
{
    // Example 0 is given 0 with 0.625, 0.5 and 0; each model agrees with 4 of 6 labels, so weights are thirds.
    const auto found = label_quality_ensemble_scores(labels, models);
    check_close(found.weights, {1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0});
    CHECK(found.scores(0) == doctest::Approx(0.375).epsilon(1e-12));
    // With two models, one that is right three times as often counts three times as much.
    const std::vector<model> uneven{{{0.75, 0.25}, {0.75, 0.25}, {0.75, 0.25}},
                                    {{0.75, 0.25}, {0.25, 0.75}, {0.25, 0.75}}};
    const auto weighted = label_quality_ensemble_scores(std::vector<int>{0, 0, 0}, uneven);
    check_close(weighted.weights, {0.75, 0.25});
    check_close(weighted.scores, {0.75, 0.75 * 0.75 + 0.25 * 0.25, 0.75 * 0.75 + 0.25 * 0.25});
}

TEST_CASE("every weighting of every score is what the reference answers")
{
    for (const auto& answer : reference_answers)
        for (const auto& [options, scores] : calls_of(answer))
            check_close(label_quality_ensemble_scores(labels, models, options).scores, scores);
}

TEST_CASE("the log loss search takes the best of the values of t it may try")
{
    // The reference's weights for t = 1, its choice of the default values.
    ensemble_scores_options options{.weight_by = ensemble_weights::log_loss_search};
    check_close(label_quality_ensemble_scores(labels, models, options).weights,
                {0.48334087853662866, 0.45388314976129845, 0.06277597170207291});
    options.log_loss_search_t_values = {100.0};
    check_close(label_quality_ensemble_scores(labels, models, options).weights,
                {0.9981454134541722, 0.001854586545827735, 2.2552021945538996e-89});
    options.log_loss_search_t_values = {1e-4};
    const auto nearly_level = label_quality_ensemble_scores(labels, models, options);
    check_close(nearly_level.weights, {0.3333567107910354, 0.3333546145715613, 0.3332886746374033});
    check_close(nearly_level.scores, {0.37502525153017774, 0.5416775693132149, 0.5833226927142194, 0.5416440752912675,
                                      0.541670112903748, 0.49999947594513144});
    // Of equally good values the first counts. Whatever the weights, the label here has one half, but the zero beside
    // it counts in the model's own log loss.
    const std::vector<model> alike{{{0.5, 0.5, 0.0}}, {{0.5, 0.25, 0.25}}};
    const double apart = std::log1p(1e-6);
    for (const double t : {500.0, 100.0})
    {
        options.log_loss_search_t_values = {t, 300.0};
        const double first = 1.0 / (1.0 + std::exp(t * apart));
        check_close(label_quality_ensemble_scores(std::vector<int>{0}, alike, options).weights, {first, 1.0 - first});
    }
}

TEST_CASE("in the log loss search rows count as if they summed to 1, and values outside of 0 to 1 as its ends")
{
    // The first model gives the label two thirds of its row, the second one half: the more it counts the better.
    const std::vector<model> short_row{{{0.5, 0.25}}, {{0.5, 0.5}}};
    const auto by_loss = [](const std::vector<model>& of_each)
    {
        return label_quality_ensemble_scores(
            std::vector<int>{0}, of_each,
            {.weight_by = ensemble_weights::log_loss_search, .log_loss_search_t_values = {1.0, 2.0}, .tolerance = 1.0});
    };
    // exp(-2 * loss) is the square of the share.
    check_close(by_loss(short_row).weights, {16.0 / 25.0, 9.0 / 25.0});
    const std::vector<model> outside{{{1.5, -0.5}}, {{0.25, 0.75}}};
    const std::vector<model> inside{{{1.0, 0.0}}, {{0.25, 0.75}}};
    CHECK(by_loss(outside).weights == by_loss(inside).weights);
    CHECK(by_loss(outside).scores == by_loss(inside).scores);
}

TEST_CASE("an ensemble of one model scores as the model does")
{
    for (const auto weight_by :
         {ensemble_weights::uniform, ensemble_weights::accuracy, ensemble_weights::log_loss_search})
        CHECK(label_quality_ensemble_scores(labels, std::vector<model>{models[2]}, {.weight_by = weight_by}).scores ==
              labelerrors::label_quality_scores(labels, models[2]));
}

TEST_CASE("classes without an example stop no weighting")
{
    const std::vector<model> two{{{0.75, 0.25, 0.0}, {0.5, 0.5, 0.0}}, {{0.5, 0.25, 0.25}, {0.25, 0.25, 0.5}}};
    for (const auto weight_by :
         {ensemble_weights::uniform, ensemble_weights::accuracy, ensemble_weights::log_loss_search})
    {
        const auto found = label_quality_ensemble_scores(std::vector<int>{0, 0}, two, {.weight_by = weight_by});
        CHECK(found.weights(0) + found.weights(1) == doctest::Approx(1.0));
        CHECK((found.scores(1) > 0.25 && found.scores(1) <= 0.5));
    }
}

TEST_CASE("models of floats, of columns and of halves score as models of doubles")
{
    std::vector<xt::xtensor<float, 2>> floats;
    std::vector<xt::xtensor<labelerrors::float16, 2>> halves;
    std::vector<xt::xtensor<double, 2, xt::layout_type::column_major>> columns;
    for (const auto& one : models)
    {
        floats.push_back(tests::in_type<float>(one));
        halves.push_back(tests::in_type<labelerrors::float16>(one));
        columns.push_back(tests::by_columns(one));
    }
    for (const auto& answer : reference_answers)
        for (const auto& [options, scores] : calls_of(answer))
        {
            const auto expected = label_quality_ensemble_scores(labels, models, options);
            for (const auto& found : {label_quality_ensemble_scores(labels, floats, options),
                                      label_quality_ensemble_scores(labels, halves, options),
                                      label_quality_ensemble_scores(labels, columns, options)})
            {
                CHECK(found.scores == expected.scores);
                CHECK(found.weights == expected.weights);
            }
        }
}

TEST_CASE("no models, or weights that do not fit them, are a value_error")
{
    using labelerrors::value_error;
    CHECK_THROWS_WITH_AS(static_cast<void>(label_quality_ensemble_scores(labels, std::vector<model>{})),
                         "label_quality_ensemble_scores: models is empty; at least one is needed", value_error);
    for (const auto& options :
         {ensemble_scores_options{.weight_by = ensemble_weights::custom},
          ensemble_scores_options{.weight_by = ensemble_weights::custom, .custom_weights = {0.5, 0.5}},
          ensemble_scores_options{.weight_by = ensemble_weights::uniform, .custom_weights = {0.5, 0.25, 0.25}}})
        CHECK_THROWS_WITH_AS(static_cast<void>(label_quality_ensemble_scores(labels, models, options)),
                             doctest::Contains("label_quality_ensemble_scores: custom_weights must have one weight for "
                                               "each of the 3 models"),
                             value_error);
    for (const double bad : {std::nan(""), std::numeric_limits<double>::infinity()})
        CHECK_THROWS_WITH_AS(
            static_cast<void>(label_quality_ensemble_scores(
                labels, models, {.weight_by = ensemble_weights::custom, .custom_weights = {0.5, bad, 0.5}})),
            "label_quality_ensemble_scores: custom_weights must be finite", value_error);
    CHECK_THROWS_AS(
        static_cast<void>(label_quality_ensemble_scores(
            labels, models,
            {.method = score_method::confidence_weighted_entropy, .adjust_pred_probs = adjustment::class_thresholds})),
        value_error);
}

TEST_CASE("weights that no model earns are a value_error")
{
    const std::vector<model> wrong{{{0.25, 0.75}}, {{0.0, 1.0}}};
    CHECK_THROWS_WITH_AS(static_cast<void>(label_quality_ensemble_scores(std::vector<int>{0}, wrong)),
                         doctest::Contains("no model ever predicts a given label"), labelerrors::value_error);
    CHECK_NOTHROW(static_cast<void>(
        label_quality_ensemble_scores(std::vector<int>{0}, wrong, {.weight_by = ensemble_weights::log_loss_search})));
    CHECK_THROWS_WITH_AS(
        static_cast<void>(label_quality_ensemble_scores(
            labels, models, {.weight_by = ensemble_weights::log_loss_search, .log_loss_search_t_values = {}})),
        doctest::Contains("no value of log_loss_search_t_values gives weights"), labelerrors::value_error);
    // So large a t that every weight is zero, which is passed over where there is another.
    const auto by_loss = [](const std::vector<double>& t_values)
    {
        return label_quality_ensemble_scores(
            labels, models, {.weight_by = ensemble_weights::log_loss_search, .log_loss_search_t_values = t_values});
    };
    CHECK(by_loss({1e300, 1.0}).weights == by_loss({1.0}).weights);
    CHECK_THROWS_AS(
        static_cast<void>(label_quality_ensemble_scores(
            labels, models, {.weight_by = ensemble_weights::log_loss_search, .log_loss_search_t_values = {1e300}})),
        labelerrors::value_error);
}

TEST_CASE("models of different shapes, or with a bad row, are refused")
{
    auto changed = models;
    changed[1] = model{{0.5, 0.25, 0.25}};
    CHECK_THROWS_AS(static_cast<void>(label_quality_ensemble_scores(labels, changed)), labelerrors::shape_error);
    changed = models;
    changed[2](4, 0) = 0.75;
    CHECK_THROWS_WITH_AS(static_cast<void>(label_quality_ensemble_scores(labels, changed)),
                         doctest::Contains("label_quality_ensemble_scores: model 2: pred_probs row 4 sums to 1.5"),
                         labelerrors::value_error);
}
