// Many annotators: by hand, and as the reference answered.
#include "support/golden.hpp"
#include "support/xtensor.hpp"
#include <labelerrors/core/annotators.hpp>
#include <labelerrors/rows/callback_rows.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <mutex>
#include <random>
#include <set>
#include <span>
#include <string>
#include <thread>
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

TEST_CASE("of two classes that are labelled equally well the lower is the worst, in whatever order their examples come")
{
    // The qualities 1, 2/3, 2/3, 2/3 of either class add up to another last bit from the front than from the back.
    const matrix labels{{0, 0, 0}, {0, 0, 1}, {0, 0, 1}, {0, 0, 1}, {1, 1, 0}, {1, 1, 0}, {1, 1, 0}, {1, 1, 1}};
    for (const auto& one : labelerrors::annotator_agreement(labels).annotators)
        CHECK(one.worst_class == 0);
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

namespace
{

/// Labels, two models in parts of 64, the same models on other examples, and what the reference answers: by the first
/// model and by both, of labelled and of unlabelled examples.
struct active_learning_case
{
    matrix labels;
    std::vector<matrix> models;
    std::vector<matrix> unlabeled;
    std::vector<double> single;
    std::vector<double> single_unlabeled;
    std::vector<double> ensemble;
    std::vector<double> ensemble_unlabeled;
};

template <class Scores>
[[nodiscard]] bool near(const Scores& scores, const std::vector<double>& expected)
{
    return std::equal(scores.begin(), scores.end(), expected.begin(), expected.end(),
                      [](double a, double b) { return std::abs(a - b) < 1e-8; });
}

/// Answers of cleanlab 2.9. Its labels were of integers where none is missing; else its counts of votes, which are
/// wrong for labels that are not of integers, were mended.
[[nodiscard]] std::vector<active_learning_case> active_learning_cases()
{
    const std::vector<matrix> models{
        matrix{{12, 8, 44}, {52, 6, 6}, {56, 4, 4}, {0, 6, 58}, {45, 17, 2}, {45, 14, 5}, {2, 48, 14}, {5, 5, 54}} /
            64.0,
        matrix{{14, 1, 49}, {47, 2, 15}, {45, 18, 1}, {1, 10, 53}, {52, 1, 11}, {44, 1, 19}, {3, 51, 10}, {13, 7, 44}} /
            64.0};
    const std::vector<matrix> unlabeled{matrix{{15, 45, 4}, {16, 12, 36}, {17, 2, 45}, {10, 33, 21}} / 64.0,
                                        matrix{{9, 30, 25}, {4, 53, 7}, {50, 12, 2}, {30, 8, 26}} / 64.0};
    return {
        {{{2, 2, 2}, {0, 0, 2}, {0, 0, 0}, {2, 2, 2}, {0, 0, 0}, {0, 0, 0}, {1, 1, 1}, {2, 2, 2}},
         models,
         unlabeled,
         {0.8365855423723976, 0.7220801639046529, 0.8663047725331416, 0.8661381713898295, 0.8265369404367112,
          0.8361129061294401, 0.8424473018665134, 0.863994391728891},
         {0.7116348079327093, 0.6242051671172204, 0.6980996522395221, 0.559353942987391},
         {0.8713066044872411, 0.7834764790353842, 0.883042751296544, 0.8980908428492761, 0.8677577126577795,
          0.856661535686973, 0.8801155097214833, 0.8898111295978475},
         {0.6726829423996182, 0.5004164960962528, 0.5111736475814551, 0.3393812863799434}},
        {{{none, 2, 2}, {0, 0, 2}, {0, 0, none}, {2, 2, 2}, {0, 0, 0}, {0, 0, none}, {none, 1, none}, {none, 2, 2}},
         models,
         unlabeled,
         {0.812232097803403, 0.7672283268395167, 0.8597275862298974, 0.8691439559249113, 0.8259537134204045,
          0.8229942150358105, 0.8009518879275876, 0.8485144871160395},
         {0.7278162570247481, 0.6366469049551877, 0.7137021492324866, 0.569021737681403},
         {0.8622798723889116, 0.8204139076638252, 0.8809589874533791, 0.9023894045015957, 0.8700539446457703,
          0.8505412092493203, 0.865535045167835, 0.8849084665703065},
         {0.6812011163909492, 0.504610529074079, 0.5156377008732996, 0.33953309889118866}},
        {{{none, 2, none},
          {none, 0, none},
          {0, none, none},
          {2, none, none},
          {none, 0, none},
          {none, 0, none},
          {none, 1, none},
          {none, none, 2}},
         models,
         unlabeled,
         {0.5694444444444444, 0.6527777777777778, 0.6944444444444445, 0.7152777777777778, 0.579861111111111,
          0.579861111111111, 0.611111111111111, 0.6736111111111112},
         {0.5182291666666666, 0.44791666666666663, 0.5182291666666666, 0.42447916666666663},
         {0.6282552083333334, 0.6634114583333334, 0.6751302083333334, 0.7337239583333334, 0.6516927083333334,
          0.6048177083333334, 0.6634114583333334, 0.6575520833333334},
         {0.501736111111111, 0.44965277777777773, 0.4600694444444444, 0.32465277777777773}},
        {{{2, 2, none}, {0, 0, 0}, {none, 0, 0}, {2, 0, 0}, {none, 0, 0}, {2, 2, none}, {none, 0, 2}, {none, 0, 2}},
         {matrix{{11, 8, 45}, {57, 1, 6}, {46, 13, 5}, {62, 1, 1}, {50, 2, 12}, {5, 2, 57}, {1, 12, 51}, {5, 52, 7}} /
              64.0,
          matrix{
              {7, 7, 50}, {46, 1, 17}, {47, 8, 9}, {44, 10, 10}, {43, 20, 1}, {4, 15, 45}, {5, 15, 44}, {6, 47, 11}} /
              64.0},
         {matrix{{24, 18, 22}, {1, 49, 14}, {28, 11, 25}, {41, 17, 6}} / 64.0,
          matrix{{23, 32, 9}, {21, 42, 1}, {44, 11, 9}, {16, 37, 11}} / 64.0},
         {0.5852191338322559, 0.6964415318367428, 0.5888967589386714, 0.6794113003684085, 0.6243564692882395,
          0.6828088314646221, 0.5326617441782661, 0.45724408724431564},
         {0.352882868333982, 0.5736727184254681, 0.38497313518448734, 0.4832050815597313},
         {0.6576245153169221, 0.7042034988523093, 0.6437558721880552, 0.6822256675082665, 0.6422754682996576,
          0.6903127514434895, 0.5910504719322719, 0.5617487610488336},
         {0.39479213926626655, 0.6108945314891135, 0.5213374982899772, 0.43405097595755865}}};
}

}  // namespace

TEST_CASE("active learning scores are the reference's, of one model and of two, labelled and unlabelled")
{
    const auto cases = active_learning_cases();
    for (std::size_t number = 0; number < cases.size(); ++number)
    {
        CAPTURE(number);
        const auto& one = cases[number];
        const auto single = labelerrors::active_learning_scores(one.labels, one.models[0], one.unlabeled[0]);
        CHECK(near(single.scores, one.single));
        CHECK(near(single.unlabeled_scores, one.single_unlabeled));
        const std::span<const matrix> models(one.models);
        const std::span<const matrix> unlabeled(one.unlabeled);
        const auto both = labelerrors::active_learning_scores_ensemble(one.labels, models, unlabeled);
        CHECK(near(both.scores, one.ensemble));
        CHECK(near(both.unlabeled_scores, one.ensemble_unlabeled));
        // Without a second pool the first is scored alike.
        const auto labeled = labelerrors::active_learning_scores_ensemble(one.labels, models);
        CHECK(labeled.scores == both.scores);
        CHECK(labeled.unlabeled_scores.size() == 0);
    }
    // Where nothing is labelled all weigh the same, as with one label each.
    const auto& one = cases[2];
    CHECK(near(labelerrors::active_learning_scores_unlabeled(one.unlabeled[0]), one.single_unlabeled));
    CHECK(near(labelerrors::active_learning_scores_unlabeled_ensemble(std::span<const matrix>(one.unlabeled)),
               one.ensemble_unlabeled));
}

namespace
{

/// Whether two arrays have the same bits, NaN too.
template <class Array>
[[nodiscard]] bool same_bits(const Array& a, const Array& b)
{
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(*a.data())) == 0;
}

void check_same_bits(const labelerrors::annotator_quality_result& one,
                     const labelerrors::annotator_quality_result& other)
{
    CHECK(same_bits(one.consensus_label, other.consensus_label));
    CHECK(same_bits(one.consensus_quality_score, other.consensus_quality_score));
    CHECK(same_bits(one.annotator_agreement, other.annotator_agreement));
    CHECK(same_bits(one.num_annotations, other.num_annotations));
    CHECK(same_bits(one.detailed_label_quality, other.detailed_label_quality));
    CHECK(same_bits(one.model_weights, other.model_weights));
    CHECK(same_bits(one.annotator_weights, other.annotator_weights));
    CHECK(same_bits(one.temperatures, other.temperatures));
    REQUIRE(one.annotators.size() == other.annotators.size());
    for (std::size_t j = 0; j < one.annotators.size(); ++j)
    {
        CHECK(one.annotators[j].annotator == other.annotators[j].annotator);
        CHECK(one.annotators[j].annotator_quality == other.annotators[j].annotator_quality);
        CHECK(one.annotators[j].agreement_with_consensus == other.annotators[j].agreement_with_consensus);
        CHECK(one.annotators[j].worst_class == other.annotators[j].worst_class);
    }
}

}  // namespace

TEST_CASE("any number of threads gives the same bits for many annotators, and all of them read rows")
{
    constexpr std::size_t n = 30000;
    constexpr std::size_t k = 4;
    std::mt19937_64 random(21);
    auto labels = matrix::from_shape({n, 4});
    auto pred_probs = matrix::from_shape({n, k});
    for (std::size_t i = 0; i < n; ++i)
    {
        const std::size_t truth = random() % k;
        for (std::size_t j = 0; j < 4; ++j)
            labels(i, j) =
                random() % 3 == 0 && j != i % 4 ? none : static_cast<double>(random() % 3 == 0 ? random() % k : truth);
        double sum = 0.0;
        for (std::size_t label = 0; label < k; ++label)
            sum += pred_probs(i, label) = static_cast<double>(1 + random() % 1000) * (label == truth ? 3.0 : 1.0);
        for (std::size_t label = 0; label < k; ++label)
            pred_probs(i, label) /= sum;
    }
    // A source that tells who reads it, and the same rows in memory: an ensemble of either.
    std::mutex mutex;
    std::set<std::thread::id> readers;
    const auto rows =
        labelerrors::callback_rows<double>(n, k,
                                           [&](std::size_t first, std::size_t count, std::span<double> to)
                                           {
                                               std::copy_n(pred_probs.data() + first * k, count * k, to.begin());
                                               const std::lock_guard lock(mutex);
                                               readers.insert(std::this_thread::get_id());
                                           });
    using source = std::remove_cvref_t<decltype(rows)>;
    const std::vector<source> models(2, rows);
    const auto read_by = [&](std::size_t threads)
    {
        readers.clear();
        return annotator_quality_ensemble(labels, std::span<const source>(models),
                                          {.calibrate = temperature_calibration::to_votes, .threads = threads});
    };
    const auto one = read_by(1);
    CHECK(readers.size() == 1);
    check_same_bits(one, read_by(2));
    CHECK(readers.size() > 1);
    check_same_bits(one, read_by(7));
    CHECK(readers.size() > 2);
    const std::vector<matrix> in_memory(2, pred_probs);
    check_same_bits(one, annotator_quality_ensemble(labels, std::span<const matrix>(in_memory),
                                                    {.calibrate = temperature_calibration::to_votes, .threads = 7}));

    const auto vote = labelerrors::majority_vote(labels, pred_probs, {.threads = 1});
    const auto scores = labelerrors::active_learning_scores(labels, pred_probs, pred_probs, {.threads = 1});
    for (const std::size_t threads : {2u, 7u})
    {
        CHECK(vote.labels == labelerrors::majority_vote(labels, pred_probs, {.threads = threads}).labels);
        const auto other = labelerrors::active_learning_scores(labels, pred_probs, pred_probs, {.threads = threads});
        CHECK(same_bits(scores.scores, other.scores));
        CHECK(same_bits(scores.unlabeled_scores, other.unlabeled_scores));
    }
}

TEST_CASE("a copy of a model's rows reads for itself")
{
    const auto rows =
        labelerrors::callback_rows<double>(600, 2,
                                           [](std::size_t first, std::size_t count, std::span<double> values)
                                           {
                                               for (std::size_t i = 0; i < count; ++i)
                                               {
                                                   values[2 * i] = static_cast<double>(first + i) / 600.0;
                                                   values[2 * i + 1] = 1.0 - values[2 * i];
                                               }
                                           });
    auto model = labelerrors::detail::open_model(rows, 600, 2, {}, "test");
    std::vector<double> row(2);
    model(1, row);
    auto copy = model;
    model(599, row);
    copy(1, row);
    CHECK(row[0] == 1.0 / 600.0);
}

TEST_CASE("each pass over many annotators' examples tells how far it is")
{
    const matrix labels{{0, 0, 1}, {0, 1, none}, {0, 0, none}};
    const matrix pred_probs{{0.5, 0.5}, {0.75, 0.25}, {0.5, 0.5}};
    std::set<std::string> ended;
    annotator_quality_options options{.calibrate = temperature_calibration::to_votes,
                                      .threads = 1,
                                      .progress = [&](const auto& now)
                                      {
                                          if (now.rows_done == now.rows)
                                              ended.emplace(now.pass);
                                      }};
    static_cast<void>(annotator_quality(labels, pred_probs, options));
    for (const char* pass : {"temperatures", "predictions", "ties", "consensus", "label quality"})
    {
        CAPTURE(pass);
        CHECK(ended.count(pass) == 1);
    }
    // By agreement nobody asks which class the model would choose.
    ended.clear();
    options.quality_method = quality_method::agreement;
    static_cast<void>(annotator_quality(labels, pred_probs, options));
    CHECK(ended.count("ties") == 1);
    CHECK(ended.count("predictions") == 0);
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
    CHECK_THROWS_WITH_AS(labelerrors::dawid_skene(labels, {.smoothing = 1e200}),
                         "dawid_skene: smoothing must be above 0 and below 1e100, not 1e+200",
                         labelerrors::value_error);
    CHECK_THROWS_WITH_AS(labelerrors::dawid_skene(labels, {.max_iterations = 0}),
                         "dawid_skene: max_iterations must be at least 1", labelerrors::value_error);
    CHECK_THROWS_AS(labelerrors::dawid_skene(labels, {.convergence = std::numeric_limits<double>::infinity()}),
                    labelerrors::value_error);
    // No posterior can change by as much as 2: one step it is all the same, and all is estimated.
    const auto once = labelerrors::dawid_skene(labels, {.convergence = 2.0});
    CHECK(once.num_iterations == 1);
    CHECK(once.class_priors == labelerrors::dawid_skene(labels, {.max_iterations = 1}).class_priors);
}

TEST_CASE("options of dawid_skene are refused before the rows are read, where they matter")
{
    const matrix labels{{0, 0}, {1, 1}};
    const auto unread = labelerrors::callback_rows<double>(
        2, 2, [](std::size_t, std::size_t, std::span<double>) { FAIL("the rows have been read"); });
    annotator_quality_options options{.consensus_method = consensus_method::dawid_skene,
                                      .dawid_skene = {.max_iterations = 0}};
    const std::string problem = ": dawid_skene.max_iterations must be at least 1";
    CHECK(problem_of([&] { return annotator_quality(labels, unread, options); }) == "annotator_quality" + problem);
    CHECK(problem_of([&] { return annotator_quality_ensemble(labels, std::vector{unread}, options); }) ==
          "annotator_quality_ensemble" + problem);
    CHECK(problem_of([&] { return labelerrors::annotator_agreement(labels, options); }) ==
          "annotator_agreement" + problem);
    options.consensus_method = consensus_method::majority_vote;
    CHECK_NOTHROW(labelerrors::annotator_agreement(labels, options));
}

TEST_CASE("the first steps of expectation maximisation are as a hand takes them")
{
    const matrix labels{{0, 0, 1}, {1, 1, 1}, {0, none, 0}};
    // From the shares 2/3, 0, 1 of label 0, with half a count added to each: priors (5/3 + 1/2) / 4 and the rest.
    const auto first = labelerrors::dawid_skene(labels, {.max_iterations = 1, .smoothing = 0.5});
    CHECK(first.class_priors(0) == doctest::Approx(13.0 / 24));
    CHECK(first.confusions(0, 0, 0) == doctest::Approx(13.0 / 16));
    CHECK(first.confusions(1, 1, 0) == doctest::Approx(5.0 / 14));
    CHECK(first.confusions(2, 0, 1) == doctest::Approx(7.0 / 16));
    // Row 1: 13/24 * 3/16 * 3/10 * 7/16 against 11/24 * 9/14 * 9/14 * 11/14.
    const double zeros = 13.0 / 24 * 3 / 16 * 3 / 10 * 7 / 16;
    const double ones = 11.0 / 24 * 9 / 14 * 9 / 14 * 11 / 14;
    CHECK(first.posteriors(1, 0) == doctest::Approx(zeros / (zeros + ones)));
    CHECK(first.num_iterations == 1);
    // And after the second, by another implementation.
    const auto second = labelerrors::dawid_skene(labels, {.max_iterations = 2, .smoothing = 0.5});
    CHECK(second.posteriors(0, 0) == doctest::Approx(0.769175343683273).epsilon(1e-12));
    CHECK(second.posteriors(1, 0) == doctest::Approx(0.12342948892133289).epsilon(1e-12));
    CHECK(second.posteriors(2, 1) == doctest::Approx(0.17505958632352267).epsilon(1e-12));
    CHECK(second.class_priors(0) == doctest::Approx(0.550981105663833).epsilon(1e-12));
    CHECK(second.confusions(2, 1, 0) == doctest::Approx(0.27181393969583134).epsilon(1e-12));
    CHECK(second.log_likelihood == doctest::Approx(-4.887016693273077).epsilon(1e-12));
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
    // One label of billions does not make k x k numbers.
    for (const double label : {1024.0, 4e9})
    {
        const matrix labels{{0, 1}, {label, 1}};
        const std::string problem = ": the largest of labels is " + std::string(label > 2000 ? "4000000000" : "1024") +
                                    ", but there are only 4 labels; number the classes that occur from 0 on";
        CHECK(problem_of([&] { return labelerrors::dawid_skene(labels); }) == "dawid_skene" + problem);
        CHECK(problem_of([&] { return labelerrors::majority_vote(labels); }) == "majority_vote" + problem);
    }
    CHECK(labelerrors::majority_vote(matrix{{0, 1}, {1023, 1023}}).labels(1) == 1023);
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
    const matrix narrow{{1.0}, {1.0}};
    const matrix zeros{{0, 0}, {0, 0}};
    CHECK(problem_of([&] { return annotator_quality(zeros, narrow); })
              .find("at least 2 columns, one for each class, not 1") != std::string::npos);
    CHECK(problem_of([&] { return labelerrors::majority_vote(zeros, narrow); })
              .find("at least 2 columns, one for each class, not 1") != std::string::npos);
    CHECK(problem_of([&] { return labelerrors::active_learning_scores(zeros, narrow); })
              .find("active_learning_scores: pred_probs must have at least 2 columns, one for each class, not 1") == 0);
    CHECK(problem_of([&] { return labelerrors::active_learning_scores_unlabeled(narrow); })
              .find("at least 2 columns, one for each class, not 1") != std::string::npos);
    CHECK(problem_of([&] { return labelerrors::active_learning_scores_unlabeled_ensemble(std::span<const matrix>{}); })
              .find("has no model; at least one is needed") != std::string::npos);
    const std::vector<matrix> two(2, pred_probs);
    CHECK(problem_of(
              [&]
              {
                  return labelerrors::active_learning_scores_ensemble(zeros, std::span<const matrix>(two),
                                                                      std::span<const matrix>(&pred_probs, 1));
              })
              .find("there are 2 models and 1 for the unlabelled examples") != std::string::npos);
    CHECK(problem_of([&] { return annotator_quality_ensemble(pred_probs, std::span<const matrix>{}); })
              .find("annotator_quality_ensemble: pred_probs has no model; without one use annotator_agreement") == 0);
    // A vector of models does as well as a span, and no models for other examples are none.
    const matrix shared{{0, 0}, {1, 0}};
    const auto by_vector = annotator_quality_ensemble(shared, two);
    CHECK(by_vector.consensus_label ==
          annotator_quality_ensemble(shared, std::span<const matrix>(two)).consensus_label);
    CHECK(labelerrors::active_learning_scores_ensemble(shared, two, two).unlabeled_scores.size() == 2);
    CHECK(labelerrors::active_learning_scores_unlabeled_ensemble(two).size() == 2);
    CHECK(labelerrors::active_learning_scores(shared, pred_probs, {}).scores.size() == 2);
    CHECK(labelerrors::active_learning_scores(shared, pred_probs, xt::xtensor<float, 2>(pred_probs))
              .unlabeled_scores.size() == 2);
    // Of several models the one that is wrong is named, and the function that was called.
    const std::vector<matrix> models{pred_probs, sums};
    const auto both = std::span<const matrix>(models);
    const matrix agreed{{0, 0}, {1, 1}};
    const std::string fault = "model 1: pred_probs row 1 sums to 0.5";
    const std::string unlabeled_fault = "model 1: pred_probs_unlabeled row 1 sums to 0.5";
    CHECK(problem_of([&] { return annotator_quality_ensemble(agreed, both); })
              .find("annotator_quality_ensemble: " + fault) == 0);
    CHECK(problem_of([&] { return labelerrors::active_learning_scores_ensemble(agreed, both); })
              .find("active_learning_scores_ensemble: " + fault) == 0);
    CHECK(problem_of([&] { return labelerrors::active_learning_scores_unlabeled_ensemble(both); })
              .find("active_learning_scores_unlabeled_ensemble: " + unlabeled_fault) == 0);
    CHECK(problem_of([&] { return labelerrors::active_learning_scores_ensemble(agreed, two, both); })
              .find("active_learning_scores_ensemble: " + unlabeled_fault) == 0);
    CHECK(problem_of([&] { return labelerrors::active_learning_scores(agreed, sums); })
              .find("active_learning_scores: pred_probs row 1 sums to 0.5") == 0);
    CHECK(problem_of([&] { return labelerrors::active_learning_scores(agreed, pred_probs, sums); })
              .find("active_learning_scores: pred_probs_unlabeled row 1 sums to 0.5") == 0);
    CHECK(problem_of([&] { return labelerrors::active_learning_scores_unlabeled(sums); })
              .find("active_learning_scores_unlabeled: pred_probs_unlabeled row 1 sums to 0.5") == 0);
    const xt::xtensor<double, 2> three = xt::ones<double>({2, 3}) / 3.0;
    CHECK(problem_of([&] { return labelerrors::active_learning_scores(agreed, pred_probs, three); })
              .find("active_learning_scores: pred_probs_unlabeled is 2 x 3, not 2 x 2: ") == 0);
    const xt::xtensor<double, 2> one = xt::ones<double>({2, 1});
    CHECK(problem_of([&] { return labelerrors::active_learning_scores_unlabeled(one); })
              .find("active_learning_scores_unlabeled: pred_probs_unlabeled must have at least 2 columns") == 0);
    const xt::xarray<double> flat{0.5, 0.5};
    CHECK(problem_of([&] { return labelerrors::active_learning_scores_unlabeled(flat); }) ==
          "active_learning_scores_unlabeled: pred_probs_unlabeled must have 2 dimensions, not 1");
}
