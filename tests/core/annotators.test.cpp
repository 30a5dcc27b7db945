// Many annotators: by hand, and as the reference answered.
#include "support/golden.hpp"
#include "support/xtensor.hpp"
#include <labelerrors/core/annotators.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

using labelerrors::annotator_quality;
using labelerrors::annotator_quality_ensemble;
using labelerrors::annotator_quality_options;
using labelerrors::consensus_method;
using labelerrors::quality_method;
using labelerrors::temperature_calibration;
using tests::close_vector;
using tests::json;
using tests::to_vector;

namespace
{

constexpr double none = std::numeric_limits<double>::quiet_NaN();
using matrix = xt::xtensor<double, 2>;

void check_record(const labelerrors::annotator_quality_result& found, const json& record,
                  const std::filesystem::path& folder)
{
    const auto& quality = record.at("label_quality");
    CHECK(to_vector(found.consensus_label) == quality.at("consensus_label").get<std::vector<std::size_t>>());
    CHECK(close_vector(found.consensus_quality_score, quality.at("consensus_quality_score")));
    CHECK(close_vector(found.annotator_agreement, quality.at("annotator_agreement")));
    CHECK(to_vector(found.num_annotations) == quality.at("num_annotations").get<std::vector<std::size_t>>());
    if (record.contains("model_weight"))
    {
        CHECK(close_vector(found.model_weights, record.at("model_weight").is_array()
                                                    ? record.at("model_weight")
                                                    : json::array({record.at("model_weight")})));
        CHECK(close_vector(found.annotator_weights, record.at("annotator_weight")));
    }
    const auto detailed =
        labelerrors::io::read_npy<double, 2>(folder / record.at("detailed_label_quality").get<std::string>());
    REQUIRE(detailed.shape() == found.detailed_label_quality.shape());
    double worst = 0.0;
    for (std::size_t cell = 0; cell < detailed.size(); ++cell)
    {
        const double mine = found.detailed_label_quality.data()[cell];
        const double theirs = detailed.data()[cell];
        worst = std::max(worst, std::isnan(mine) && std::isnan(theirs) ? 0.0 : std::abs(mine - theirs));
    }
    CHECK(worst < 1e-9);
    const auto& stats = record.at("annotator_stats");
    std::vector<std::size_t> annotators;
    std::vector<std::size_t> worst_class;
    std::vector<std::size_t> labeled;
    std::vector<double> rated;
    std::vector<double> agreement;
    for (const auto& one : found.annotators)
    {
        annotators.push_back(one.annotator);
        worst_class.push_back(one.worst_class);
        labeled.push_back(one.num_examples_labeled);
        rated.push_back(one.annotator_quality);
        agreement.push_back(one.agreement_with_consensus);
    }
    CHECK(annotators == tests::answer(stats, "annotator").get<std::vector<std::size_t>>());
    CHECK(worst_class == tests::answer(stats, "worst_class").get<std::vector<std::size_t>>());
    CHECK(labeled == tests::answer(stats, "num_examples_labeled").get<std::vector<std::size_t>>());
    CHECK(close_vector(rated, tests::answer(stats, "annotator_quality")));
    CHECK(close_vector(agreement, tests::answer(stats, "agreement_with_consensus")));
}

[[nodiscard]] annotator_quality_options options_of(const json& record)
{
    annotator_quality_options options;
    if (record.value("consensus_method", "best_quality") == "majority_vote")
        options.consensus_method = consensus_method::majority_vote;
    if (record.value("quality_method", "crowdlab") == "agreement")
        options.quality_method = quality_method::agreement;
    if (record.at("calibrate_probs").get<bool>())
        options.calibrate = temperature_calibration::to_votes;
    return options;
}

template <class Call>
[[nodiscard]] std::string problem_of(const Call& call)
{
    try
    {
        static_cast<void>(call());
    }
    catch (const std::invalid_argument& error)
    {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("every set of many annotators gives what the reference answered, its counts of votes mended")
{
    const auto golden = tests::golden_dir();
    if (!golden)
        return tests::skip("no LABELERRORS_GOLDEN_DIR");
    const std::string module = "multiannotator.";
    const std::string fixed = "__value_counts_fixed";
    std::size_t records = 0;
    for (const char* name : {"01_sparse", "02_ensemble", "03_ties_and_loner"})
    {
        CAPTURE(name);
        const auto folder = *golden / "multiannotator" / name;
        const auto answers = tests::read_json(folder / "golden.json");
        const auto labels = labelerrors::io::read_npy<double, 2>(folder / "labels_multiannotator.npy");
        const auto pred_probs = labelerrors::io::read_npy<double, 2>(folder / "pred_probs.npy");
        const auto by_model = labelerrors::majority_vote(labels, pred_probs);
        const auto alone = labelerrors::majority_vote(labels);
        CHECK(to_vector(by_model.labels) ==
              answers.at(module + "get_majority_vote_label(pred_probs)").at("label").get<std::vector<std::size_t>>());
        CHECK(to_vector(alone.labels) == answers.at(module + "get_majority_vote_label(pred_probs=None)")
                                             .at("label")
                                             .get<std::vector<std::size_t>>());
        CHECK(by_model.undecided.empty());
        CHECK(alone.undecided.empty());
        for (const auto& record : answers.at(module + "get_label_quality_multiannotator" + fixed))
        {
            const auto found = annotator_quality(labels, pred_probs, options_of(record));
            check_record(found, record, folder);
            if (record.at("calibrate_probs").get<bool>())
                CHECK(close_vector(found.temperatures,
                                   json::array({answers.at("best_temperature (calibrate_probs=True)" + fixed)})));
            ++records;
        }
        const auto ensemble = answers.find(module + "get_label_quality_multiannotator_ensemble" + fixed);
        if (ensemble == answers.end())
            continue;
        const auto stacked = labelerrors::io::read_npy<double, 3>(folder / "pred_probs_ensemble.npy");
        std::vector<matrix> models;
        for (std::size_t p = 0; p < stacked.shape()[0]; ++p)
            models.push_back(xt::view(stacked, p, xt::all(), xt::all()));
        for (const auto& record : *ensemble)
        {
            check_record(annotator_quality_ensemble(labels, std::span<const matrix>(models), options_of(record)),
                         record, folder);
            ++records;
        }
    }
    CHECK(records == 17);
}

TEST_CASE("ties of the majority are settled by the model, by rarity, by agreement, and then by number")
{
    // Rows: a majority, a tie for the model or for rarity, another majority.
    const matrix labels{{0, 0, 1}, {0, 1, none}, {0, 0, none}};
    CHECK(to_vector(labelerrors::majority_vote(labels).labels) == std::vector<std::size_t>{0, 1, 0});
    const matrix pred_probs{{0.5, 0.5}, {0.75, 0.25}, {0.5, 0.5}};
    CHECK(to_vector(labelerrors::majority_vote(labels, pred_probs).labels) == std::vector<std::size_t>{0, 0, 0});
    // Both labels are given three times; annotator 1 agrees with the majorities more often than annotator 0.
    const matrix by_agreement{{0, 1, 1}, {0, 1, none}, {1, 0, 0}, {0, 1, none}};
    const auto agreed = labelerrors::majority_vote(by_agreement);
    CHECK(to_vector(agreed.labels) == std::vector<std::size_t>{1, 1, 0, 1});
    CHECK(agreed.undecided.empty());
    const auto undecided = labelerrors::majority_vote(matrix{{0, 1}, {1, 0}});
    CHECK(to_vector(undecided.labels) == std::vector<std::size_t>{0, 0});
    CHECK(undecided.undecided == std::vector<std::size_t>{0, 1});
}

TEST_CASE("agreement, quality and the worst class of three annotators are as a hand finds them")
{
    const matrix labels{{0, 0, 1}, {1, 1, 1}, {0, none, 0}, {1, 0, none}};
    const auto found = labelerrors::annotator_agreement(labels, {.consensus_method = consensus_method::majority_vote});
    // Row 3 ties; label 0 is given four times, 1 five times, so the rarer 0 wins.
    CHECK(to_vector(found.consensus_label) == std::vector<std::size_t>{0, 1, 0, 0});
    CHECK(found.annotator_agreement(0) == doctest::Approx(2.0 / 3));
    CHECK(found.annotator_agreement(3) == 0.5);
    CHECK(found.detailed_label_quality(0, 2) == doctest::Approx(1.0 / 3));
    CHECK(std::isnan(found.detailed_label_quality(2, 1)));
    REQUIRE(found.annotators.size() == 3);
    CHECK(found.annotators[0].annotator == 2);
    CHECK(found.annotators[0].annotator_quality == doctest::Approx(2.0 / 3));
    CHECK(found.annotators[0].worst_class == 1);
    CHECK(found.annotators[2].annotator == 1);
    CHECK(found.annotators[2].annotator_quality == 1.0);
    CHECK(found.model_weights.empty());
    // Three columns of integers, all of them labels; a column-major and a lazy input.
    const xt::xtensor<int, 2> integers{{0, 0, 1}, {1, 1, 1}};
    CHECK(to_vector(labelerrors::majority_vote(integers).labels) == std::vector<std::size_t>{0, 1});
    const xt::xtensor<double, 2, xt::layout_type::column_major> columns = labels;
    CHECK(labelerrors::annotator_agreement(columns * 1.0).consensus_label == found.consensus_label);
}

TEST_CASE("an ensemble of one model is that model, from any source of rows")
{
    std::mt19937_64 random(4);
    auto labels = matrix::from_shape({300, 5});
    auto pred_probs = matrix::from_shape({300, 4});
    for (std::size_t i = 0; i < 300; ++i)
    {
        const std::size_t truth = random() % 4;
        for (std::size_t j = 0; j < 5; ++j)
            labels(i, j) =
                random() % 3 == 0 && j != i % 5 ? none : static_cast<double>(random() % 4 == 0 ? random() % 4 : truth);
        for (std::size_t k = 0; k < 4; ++k)
            pred_probs(i, k) = k == truth ? 0.625 : 0.125;
    }
    const auto one = annotator_quality(labels, pred_probs, {.calibrate = temperature_calibration::to_votes});
    const xt::xtensor<float, 2> narrow = xt::cast<float>(pred_probs);
    const xt::xtensor<double, 2, xt::layout_type::column_major> columns = pred_probs;
    const labelerrors::memory_rows<double> rows(pred_probs.data(), 300, 4, 4);
    for (const auto& other : {annotator_quality(labels, narrow, {.calibrate = temperature_calibration::to_votes}),
                              annotator_quality(labels, columns, {.calibrate = temperature_calibration::to_votes}),
                              annotator_quality(labels, rows, {.calibrate = temperature_calibration::to_votes}),
                              annotator_quality_ensemble(labels, std::span<const matrix>(&pred_probs, 1),
                                                         {.calibrate = temperature_calibration::to_votes})})
    {
        CHECK(other.consensus_label == one.consensus_label);
        CHECK(other.consensus_quality_score == one.consensus_quality_score);
    }
    // Three copies of a model share its weight out, and agree with it.
    const std::vector<matrix> copies(3, pred_probs);
    const auto three = annotator_quality_ensemble(labels, std::span<const matrix>(copies));
    CHECK(three.consensus_label == annotator_quality(labels, pred_probs).consensus_label);
    CHECK(three.model_weights == std::vector<double>(3, three.model_weights[0]));

    const auto scores = labelerrors::active_learning_scores(labels, pred_probs, pred_probs);
    CHECK(scores.scores.size() == 300);
    CHECK(scores.unlabeled_scores.size() == 300);
    // A label more is worth most where there is none.
    CHECK(xt::amax(scores.unlabeled_scores)() < xt::amax(scores.scores)());
}

TEST_CASE("one label each makes active learning scores of the model alone")
{
    const matrix labels{{0, none}, {none, 1}, {1, none}};
    const matrix pred_probs{{0.75, 0.25}, {0.5, 0.5}, {0.75, 0.25}};
    const auto scores = labelerrors::active_learning_scores(labels, pred_probs, pred_probs);
    // (quality * (model + annotator) + 1 / 2 * annotator) / 3, all weights 1.
    CHECK(scores.scores(0) == doctest::Approx((0.75 * 2 + 0.5) / 3));
    CHECK(scores.scores(1) == doctest::Approx(0.5));
    CHECK(scores.scores(2) == doctest::Approx((0.25 * 2 + 0.5) / 3));
    CHECK(scores.unlabeled_scores(0) == doctest::Approx((0.75 + 0.5) / 2));
}

TEST_CASE("expectation maximisation finds an annotator who answers the opposite, which a majority cannot")
{
    std::mt19937_64 random(9);
    constexpr std::size_t n = 400;
    auto labels = matrix::from_shape({n, 4});
    std::vector<std::size_t> truth(n);
    for (std::size_t i = 0; i < n; ++i)
    {
        truth[i] = random() % 2;
        for (std::size_t j = 0; j < 4; ++j)
        {
            const bool right = random() % 10 < (j < 2 ? 9u : 2u);
            labels(i, j) = static_cast<double>(right ? truth[i] : 1 - truth[i]);
        }
        // Not all annotate all, or the votes of the bad would outweigh those of the good from the start.
        if (i % 2 == 0)
            labels(i, 3) = none;
    }
    const auto found = labelerrors::dawid_skene(labels);
    const auto errors_of = [&](const auto& guessed)
    {
        std::size_t errors = 0;
        for (std::size_t i = 0; i < n; ++i)
            errors += guessed(i) != truth[i] ? 1u : 0u;
        return errors;
    };
    CHECK(errors_of(found.labels) < errors_of(labelerrors::majority_vote(labels).labels));
    CHECK(errors_of(found.labels) < n / 10);
    CHECK(found.confusions(0, 1, 1) > 0.8);
    CHECK(found.confusions(2, 1, 1) < 0.3);
    CHECK(found.num_iterations < 100);
    for (std::size_t i = 0; i < n; ++i)
        CHECK(std::abs(found.posteriors(i, 0) + found.posteriors(i, 1) - 1.0) < 1e-12);
    // Each step makes the votes likelier, the smoothing apart.
    double last = -std::numeric_limits<double>::infinity();
    for (std::size_t steps = 1; steps < 8; ++steps)
    {
        const auto short_run =
            labelerrors::dawid_skene(labels, {.max_iterations = steps, .convergence = 0.0, .smoothing = 1e-9});
        CHECK(short_run.num_iterations == steps);
        CHECK(short_run.log_likelihood >= last - 1e-6);
        last = short_run.log_likelihood;
    }
    const auto as_consensus =
        labelerrors::annotator_agreement(labels, {.consensus_method = consensus_method::dawid_skene});
    CHECK(as_consensus.consensus_label == found.labels);
    CHECK_THROWS_AS(labelerrors::dawid_skene(labels, {.max_iterations = 0}), labelerrors::value_error);
    CHECK_THROWS_AS(labelerrors::dawid_skene(labels, {.smoothing = 0.0}), labelerrors::value_error);
}

TEST_CASE("bad annotators' labels are refused by name, place and remedy")
{
    const matrix pred_probs{{0.5, 0.5}, {0.75, 0.25}};
    const auto with = [&](const matrix& labels)
    {
        return problem_of([&] { return annotator_quality(labels, pred_probs); });
    };
    CHECK(with({{0, 1}, {-1, 0}}).find("annotator_quality: labels(1, 0) is -1; labels are whole numbers from 0 on") ==
          0);
    CHECK(with({{0, 1}, {0.5, 0}}).find("labels(1, 0) is 0.5") != std::string::npos);
    CHECK(with({{0, 2}, {0, 0}}).find("labels(0, 1) is 2, but pred_probs has 2 columns") != std::string::npos);
    CHECK(with({{0, std::numeric_limits<double>::infinity()}, {0, 0}}).find("labels(0, 1) is inf") !=
          std::string::npos);
    CHECK(with({{0, none}, {0, none}}) ==
          "annotator_quality: labels column 1 has no label; leave out annotators who labelled nothing");
    CHECK(with({{0, 0}, {none, none}}) ==
          "annotator_quality: labels row 1 has no label; leave out examples that nobody labelled");
    CHECK(with({{0, 1}, {1, 0}}).find("no example on which two annotators agree; check that") != std::string::npos);
    CHECK(with({{0, none}, {none, 0}}).find("no example with two labels") != std::string::npos);
    CHECK(with({{0, 0}}).find("pred_probs is 2 x 2, not 1 x 2") != std::string::npos);
    CHECK(problem_of(
              [&] {
                  return labelerrors::majority_vote(matrix::from_shape({0, 3}));
              })
              .find("0 x 3") != std::string::npos);
    auto sums = pred_probs;
    sums(1, 0) = 0.25;
    CHECK(problem_of(
              [&] {
                  return annotator_quality(matrix{{0, 0}, {1, 1}}, sums);
              })
              .find("row 1 sums to 0.5") != std::string::npos);
    CHECK(problem_of([&] { return annotator_quality_ensemble(pred_probs, std::span<const matrix>{}); })
              .find("without one use annotator_agreement") != std::string::npos);
}
