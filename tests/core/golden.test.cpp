// Everything that the reference implementation answered on the published sets and on the synthetic ones.
#include "support/golden.hpp"

#include <labelerrors/core/core.hpp>
#include <labelerrors/core/latent.hpp>

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <vector>

namespace
{

using tests::answer;
using tests::close_matrix;
using tests::close_vector;
using tests::equal_matrix;
using tests::golden_case;
using tests::json;
using tests::to_vector;

void check_counts(const golden_case& set)
{
    const auto& answers = set.answers;
    const auto counts = set.class_counts();
    CHECK(close_vector(labelerrors::class_thresholds(set.labels, set.pred_probs),
                       answers.at("count.get_confident_thresholds")));
    const auto raw =
        labelerrors::compute_confident_joint(set.labels, set.pred_probs, {.calibrate = labelerrors::calibration::none});
    CHECK(equal_matrix(raw.confident_joint, answers.at("count.compute_confident_joint(calibrate=False)")));
    CHECK(to_vector(raw.off_diagonal_indices) ==
          answers.at("count.compute_confident_joint(calibrate=False) indices_of_off_diagonals")
              .get<std::vector<std::size_t>>());
    const auto calibrated = labelerrors::compute_confident_joint(set.labels, set.pred_probs);
    CHECK(equal_matrix(calibrated.confident_joint, answer(answers, "count.compute_confident_joint(calibrate=True)")));
    CHECK(equal_matrix(labelerrors::calibrate_confident_joint(raw.confident_joint, counts),
                       answer(answers, "count.compute_confident_joint(calibrate=True)")));
    CHECK(
        close_matrix(labelerrors::estimate_joint(set.labels, set.pred_probs), answer(answers, "count.estimate_joint")));
    CHECK(close_matrix(labelerrors::estimate_joint(raw.confident_joint, counts),
                       answer(answers, "count.estimate_joint")));

    const auto& numbers = answers.at("count.num_label_issues");
    using labelerrors::estimation_method;
    CHECK(labelerrors::num_label_issues(set.labels, set.pred_probs, {.method = estimation_method::off_diagonal}) ==
          answer(numbers, "estimation_method=off_diagonal").get<std::size_t>());
    CHECK(labelerrors::num_label_issues(set.labels, set.pred_probs,
                                        {.method = estimation_method::off_diagonal_calibrated}) ==
          answer(numbers, "estimation_method=off_diagonal_calibrated").get<std::size_t>());
    CHECK(labelerrors::num_label_issues(raw.confident_joint, counts) ==
          answer(numbers, "estimation_method=off_diagonal_custom, confident_joint=uncalibrated").get<std::size_t>());
    auto ones = xt::xtensor<std::int64_t, 2>::from_shape({counts.size(), counts.size()});
    ones.fill(1);
    for (std::size_t j = 0; j < counts.size(); ++j)
        ones(j, j) = 10;
    CHECK(labelerrors::num_label_issues(ones, counts) ==
          answer(numbers, "estimation_method=off_diagonal_custom, confident_joint=ones+9*identity").get<std::size_t>());
}

void check_latent_record(const labelerrors::latent_estimates& latent, const json& record)
{
    CHECK(close_vector(latent.py, answer(record, "py")));
    CHECK(close_matrix(latent.noise_matrix, answer(record, "noise_matrix")));
    CHECK(close_matrix(latent.inverse_noise_matrix, answer(record, "inverse_noise_matrix")));
}

void check_latent(const golden_case& set)
{
    const auto counts = set.class_counts();
    std::size_t errors = 0;
    for (const bool calibrated : {true, false})
    {
        const auto joint = labelerrors::compute_confident_joint(
            set.labels, set.pred_probs,
            {.calibrate = calibrated ? labelerrors::calibration::to_label_counts : labelerrors::calibration::none});
        const std::string question = calibrated ? "count.estimate_latent(confident_joint=calibrated)"
                                                : "count.estimate_latent(confident_joint=uncalibrated)";
        const auto& records = answer(set.answers, question);
        REQUIRE(records.size() == (calibrated ? 5 : 1));
        for (const auto& record : records)
        {
            labelerrors::estimate_latent_options options;
            const std::string method = record.at("py_method");
            CAPTURE(method);
            options.py_method = method == "cnt"        ? labelerrors::py_method::cnt
                                : method == "eqn"      ? labelerrors::py_method::eqn
                                : method == "marginal" ? labelerrors::py_method::marginal
                                                       : labelerrors::py_method::marginal_ps;
            if (record.value("converge_latent_estimates", false))
                options.converge = labelerrors::convergence::iterated;
            const auto estimate = [&]
            {
                return labelerrors::estimate_latent(joint.confident_joint, counts, options);
            };
            if (record.contains("error"))
            {
                CHECK_THROWS_AS(static_cast<void>(estimate()), labelerrors::value_error);
                ++errors;
                continue;
            }
            check_latent_record(estimate(), record);
        }
    }
    const bool missing = std::find(counts.begin(), counts.end(), std::size_t{0}) != counts.end();
    CHECK(errors == (missing ? 1 : 0));

    const auto& key = set.answers.at("count.estimate_py_and_noise_matrices_from_probabilities");
    const auto made = labelerrors::estimate_latent_from_probabilities(set.labels, set.pred_probs);
    CHECK(equal_matrix(made.confident_joint, answer(key, "confident_joint")));
    CHECK(close_vector(made.latent.py, answer(key, "py")));
    CHECK(close_matrix(made.latent.noise_matrix, answer(key, "noise_matrix")));
    CHECK(close_matrix(made.latent.inverse_noise_matrix, answer(key, "inverse_noise_matrix")));
}

void check_scores(const golden_case& set)
{
    std::size_t read = 0;
    for (const char* method : {"self_confidence", "normalized_margin", "confidence_weighted_entropy"})
        for (const bool adjusted : {false, true})
        {
            const auto path = set.folder / (std::string("scores_") + method + (adjusted ? "_adjusted.npy" : ".npy"));
            if (!std::filesystem::exists(path))
                continue;
            ++read;
            const auto expected = labelerrors::io::read_npy<double, 1>(path);
            const auto scores = labelerrors::label_quality_scores(
                set.labels, set.pred_probs,
                {.method = tests::score_named(method),
                 .adjust_pred_probs =
                     adjusted ? labelerrors::adjustment::class_thresholds : labelerrors::adjustment::none});
            REQUIRE(scores.size() == expected.size());
            double worst = 0.0;
            for (std::size_t i = 0; i < scores.size(); ++i)
                worst = std::max(worst, std::abs(scores(i) - expected(i)));
            CAPTURE(path.string());
            CHECK(worst <= (std::string(method) == "confidence_weighted_entropy" ? 1e-9 : 1e-12));
        }
    CHECK(read == 5);
}

void check_issues(const golden_case& set)
{
    for (const auto& record : set.answers.at("filter.find_label_issues"))
    {
        INFO(record.at("filter_by").get<std::string>(), " ranked by ",
             record.at("return_indices_ranked_by").get<std::string>());
        auto options = tests::options_of(record);
        const auto issues = labelerrors::find_label_issues(set.labels, set.pred_probs, options);
        CHECK(issues.indices.size() == answer(record, "num_issues").get<std::size_t>());
        CHECK(tests::same_ranking(to_vector(issues.indices), answer(record, "indices").get<std::vector<std::size_t>>(),
                                  answer(record, "tie_groups")));
        CHECK(std::is_sorted(issues.scores.begin(), issues.scores.end()));
        for (std::size_t i = 0; i < issues.indices.size(); ++i)
            CHECK(issues.given_labels(i) == static_cast<std::size_t>(set.labels(issues.indices(i))));

        options.rank_by = std::nullopt;
        const auto unranked = labelerrors::find_label_issues(set.labels, set.pred_probs, options);
        auto sorted = to_vector(issues.indices);
        std::sort(sorted.begin(), sorted.end());
        CHECK(to_vector(unranked.indices) == sorted);
    }
}

/// Rows of a data frame, each as a list of numbers, in an order that does not depend on ties.
[[nodiscard]] std::vector<std::vector<double>> sorted_rows(const json& frame)
{
    std::vector<std::vector<double>> rows;
    for (const auto& row : frame.at("rows"))
    {
        rows.emplace_back();
        for (const auto& cell : row)
            rows.back().push_back(cell.get<double>());
    }
    std::sort(rows.begin(), rows.end());
    return rows;
}

void check_rows(std::vector<std::vector<double>> mine, const json& frame)
{
    std::sort(mine.begin(), mine.end());
    const auto theirs = sorted_rows(frame);
    REQUIRE(mine.size() == theirs.size());
    for (std::size_t i = 0; i < mine.size(); ++i)
        CHECK(close_vector(mine[i], json(theirs[i])));
}

void check_health(const golden_case& set)
{
    const std::size_t n = set.labels.size();
    const auto joint = labelerrors::estimate_joint(set.labels, set.pred_probs);
    std::vector<std::vector<double>> rows;
    double last = 0.0;
    for (const auto& quality : labelerrors::rank_classes_by_label_quality(joint, n))
    {
        CHECK(quality.label_quality_score >= last);
        last = quality.label_quality_score;
        rows.push_back({static_cast<double>(quality.class_index), static_cast<double>(quality.label_issues),
                        static_cast<double>(quality.inverse_label_issues), quality.label_noise,
                        quality.inverse_label_noise, quality.label_quality_score});
    }
    check_rows(rows, answer(set.answers, "dataset.rank_classes_by_label_quality"));
    for (const auto direction : {labelerrors::overlap_direction::together, labelerrors::overlap_direction::apart})
    {
        rows.clear();
        last = 1.0;
        for (const auto& pair : labelerrors::find_overlapping_classes(joint, n, direction))
        {
            CHECK(pair.joint_probability <= last);
            last = pair.joint_probability;
            rows.push_back({static_cast<double>(pair.class_a), static_cast<double>(pair.class_b),
                            static_cast<double>(pair.num_overlapping_examples), pair.joint_probability});
        }
        check_rows(rows, answer(set.answers, direction == labelerrors::overlap_direction::together
                                                 ? "dataset.find_overlapping_classes(asymmetric=False)"
                                                 : "dataset.find_overlapping_classes(asymmetric=True)"));
    }
    CHECK(tests::close(labelerrors::overall_label_health_score(set.labels, set.pred_probs),
                       answer(set.answers, "dataset.overall_label_health_score(labels, pred_probs)"), 1e-12));
    CHECK(tests::close(labelerrors::overall_label_health_score(joint),
                       answer(set.answers, "dataset.overall_label_health_score(confident_joint=calibrated)"), 1e-9));
}

void check_all(const golden_case& set)
{
    INFO(set.folder.filename().string());
    check_counts(set);
    check_latent(set);
    check_scores(set);
    check_issues(set);
    check_health(set);
}

constexpr std::array real_names{"mnist_test_set", "cifar10_test_set", "20news_test_set", "imdb_test_set"};

}  // namespace

TEST_CASE("every synthetic set gives what the reference answered")
{
    const auto golden = tests::golden_dir();
    if (!golden)
        return tests::skip("no LABELERRORS_GOLDEN_DIR");
    const auto folders = tests::synthetic_folders(*golden);
    CHECK(folders.size() == 12);
    for (const auto& folder : folders)
        check_all(tests::read_synthetic(folder));
}

TEST_CASE("every published set gives what the reference answered")
{
    const auto golden = tests::golden_dir();
    const auto data = tests::data_dir();
    if (!golden || !data)
        return tests::skip("no LABELERRORS_GOLDEN_DIR or no LABELERRORS_DATA_DIR");
    for (const char* name : real_names)
        check_all(tests::read_real(*golden, *data, name));
}

TEST_CASE("float input gives what its values give in double, where the reference computes in float")
{
    const auto golden = tests::golden_dir();
    if (!golden)
        return tests::skip("no LABELERRORS_GOLDEN_DIR");
    auto set = tests::read_synthetic(*golden / "synthetic" / "08_float32");
    const auto narrow = labelerrors::io::read_npy<float, 2>(set.folder / "pred_probs_float32.npy");
    CHECK(std::equal(narrow.begin(), narrow.end(), set.pred_probs.begin(),
                     [](float a, double b) { return static_cast<double>(a) == b; }));
    const auto& native = set.answers.at("native_float32");
    const auto thresholds = labelerrors::class_thresholds(set.labels, narrow);
    CHECK(thresholds == labelerrors::class_thresholds(set.labels, set.pred_probs));
    // The reference's own thresholds are float means here; the counts and the issues are the same.
    CHECK(close_vector(thresholds, native.at("count.get_confident_thresholds"), 1e-6));
    const auto raw =
        labelerrors::compute_confident_joint(set.labels, narrow, {.calibrate = labelerrors::calibration::none});
    CHECK(equal_matrix(raw.confident_joint, native.at("count.compute_confident_joint(calibrate=False)")));
    const auto calibrated = labelerrors::compute_confident_joint(set.labels, narrow);
    CHECK(equal_matrix(calibrated.confident_joint, answer(native, "count.compute_confident_joint(calibrate=True)")));
    CHECK(labelerrors::num_label_issues(set.labels, narrow) ==
          native.at("count.num_label_issues(estimation_method=off_diagonal)").get<std::size_t>());
    for (const auto& record : native.at("filter.find_label_issues"))
    {
        const auto issues = labelerrors::find_label_issues(set.labels, narrow, tests::options_of(record));
        CHECK(tests::same_ranking(to_vector(issues.indices), answer(record, "indices").get<std::vector<std::size_t>>(),
                                  answer(record, "tie_groups")));
    }
}
