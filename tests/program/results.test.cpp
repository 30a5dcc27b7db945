// The subcommands score, count, health and inspect.
#include "run_program.hpp"
#include <labelerrors/core/class_health.hpp>
#include <labelerrors/core/ensemble_scores.hpp>
#include <labelerrors/core/estimate_joint.hpp>
#include <labelerrors/core/label_quality_scores.hpp>
#include <labelerrors/core/latent.hpp>
#include <labelerrors/io/read_npy.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <random>
#include <string>
#include <utility>
#include <vector>

#ifdef LABELERRORS_PROGRAM

using labelerrors::score_method;
using tests::arguments;
using tests::case_files;
using tests::json;
using tests::run;

namespace
{

[[nodiscard]] tests::small_case random_case()
{
    std::mt19937_64 random(38);
    return tests::random_case(random, 150, 4, 64);
}

template <class Vector>
[[nodiscard]] json to_json(const Vector& values)
{
    json list = json::array();
    for (const auto value : values)
        list.push_back(value);
    return list;
}

template <class Matrix>
[[nodiscard]] json rows_to_json(const Matrix& values)
{
    json rows = json::array();
    for (std::size_t i = 0; i < values.shape()[0]; ++i)
    {
        rows.push_back(json::array());
        for (std::size_t j = 0; j < values.shape()[1]; ++j)
            rows.back().push_back(values(i, j));
    }
    return rows;
}

[[nodiscard]] json answer_of(const arguments& call)
{
    const auto ran = run(call);
    CAPTURE(ran.err);
    REQUIRE(ran.status == 0);
    CHECK(ran.err.empty());
    return json::parse(ran.out);
}

}  // namespace

TEST_CASE("score writes the library's scores to a .npy file, or prints them")
{
    const auto made = random_case();
    const case_files files(made);
    const auto path = (files.directory / "scores.npy").string();
    for (const auto& [name, method] : std::vector<std::pair<std::string, score_method>>{
             {"self_confidence", score_method::self_confidence},
             {"normalized_margin", score_method::normalized_margin},
             {"confidence_weighted_entropy", score_method::confidence_weighted_entropy}})
    {
        const auto expected = labelerrors::label_quality_scores(made.labels, made.pred_probs, {.method = method});
        const auto ran = run(files.call("score"), {"--method", name, "--output", path});
        CHECK(ran.status == 0);
        CHECK(ran.out.empty());
        CHECK(labelerrors::io::read_npy<double, 1>(path) == expected);
        auto call = files.call("score");
        call.insert(call.end(), {"--method", name});
        CHECK(answer_of(call) == json{{"n", 150}, {"k", 4}, {"method", name}, {"scores", to_json(expected)}});
    }
    const auto adjusted = labelerrors::label_quality_scores(
        made.labels, made.pred_probs, {.adjust_pred_probs = labelerrors::adjustment::class_thresholds});
    CHECK(run(files.call("score"), {"--adjust-pred-probs", "-o", path}).status == 0);
    CHECK(labelerrors::io::read_npy<double, 1>(path) == adjusted);
}

TEST_CASE("score takes each file for a model of its own when told so")
{
    const auto made = random_case();
    const case_files files(made);
    using matrix = xt::xtensor<double, 2>;
    // The other model is surer of itself.
    matrix other = made.pred_probs;
    for (std::size_t i = 0; i < other.shape()[0]; ++i)
    {
        double sum = 0.0;
        for (std::size_t j = 0; j < other.shape()[1]; ++j)
            sum += other(i, j) * other(i, j);
        for (std::size_t j = 0; j < other.shape()[1]; ++j)
            other(i, j) *= other(i, j) / sum;
    }
    const auto second = (files.directory / "second.npy").string();
    labelerrors::io::write_npy(second, other);
    const auto path = (files.directory / "scores.npy").string();
    const std::vector<matrix> models{made.pred_probs, other};
    auto call = files.call("score");
    call.insert(call.end(), {second, "--ensemble"});
    for (const auto& [name, weight_by] : std::vector<std::pair<std::string, labelerrors::ensemble_weights>>{
             {"accuracy", labelerrors::ensemble_weights::accuracy},
             {"log_loss_search", labelerrors::ensemble_weights::log_loss_search},
             {"uniform", labelerrors::ensemble_weights::uniform}})
    {
        const auto expected =
            labelerrors::label_quality_ensemble_scores(made.labels, models,
                                                       {.method = score_method::normalized_margin,
                                                        .adjust_pred_probs = labelerrors::adjustment::class_thresholds,
                                                        .weight_by = weight_by});
        auto chosen = call;
        chosen.insert(chosen.end(), {"--weight-by", name, "--method", "normalized_margin", "--adjust-pred-probs"});
        CHECK(run(chosen, {"--output", path}).status == 0);
        CHECK(labelerrors::io::read_npy<double, 1>(path) == expected.scores);
        CHECK(answer_of(chosen) == json{{"n", 150},
                                        {"k", 4},
                                        {"method", "normalized_margin"},
                                        {"weight_by", name},
                                        {"model_weight", to_json(expected.weights)},
                                        {"scores", to_json(expected.scores)}});
    }
    CHECK(answer_of(call)["weight_by"] == "accuracy");
    const auto names = files.directory.write("names.txt", "ant\nbee\ncow\ndog\n").string();
    CHECK(run(call, {"--format", "table", "--class-names", names}).out.find("  bee  ") != std::string::npos);

    // A pipe can be read only once.
    const auto piped = "cat '" + files.pred_probs + "' | '" + tests::program_path() + "' score --ensemble --labels '" +
                       files.labels + "' --pred-probs /dev/stdin '" + second + "' >'" + path + "'";
    CHECK(std::system(piped.c_str()) == 0);
    CHECK(tests::content_of(path) == run(call).out);

    const auto refuse = [&](const arguments& more, int status, const std::string& says)
    {
        const auto ran = run(call, more);
        CAPTURE(ran.err);
        CHECK(ran.status == status);
        CHECK(tests::is_one_line(ran.err));
        CHECK(ran.err.find(says) != std::string::npos);
    };
    refuse({"--weight-by", "f1"}, 2, "--weight-by");
    refuse({"--multi-label"}, 2, "--ensemble is about examples with one label");
    const auto alone = run(files.call("score"), {"--weight-by", "uniform"});
    CHECK(alone.status == 2);
    CHECK(alone.err.find("--weight-by needs --ensemble") != std::string::npos);
    // The model at fault is named.
    other(3, 1) = 7.0;
    labelerrors::io::write_npy(second, other);
    refuse({}, 1, "error: " + second + ": pred_probs row 3, column 1 is 7");
    labelerrors::io::write_npy(second, matrix{{0.5, 0.5}, {0.5, 0.5}});
    refuse({}, 1, "error: " + second + ": ");
}

TEST_CASE("score prints csv and a table, also to a file when told so")
{
    const case_files files(tests::worked_case());
    const std::string csv = "index,score\n0,0.75\n1,0.125\n2,0.5\n3,0.75\n4,0.75\n5,0.25\n";
    CHECK(run(files.call("score"), {"--format", "csv"}).out == csv);
    CHECK(run(files.call("score"), {"--format", "table"})
              .out.starts_with("index  label     score\n"
                               "    0      0  0.750000\n"));
    const auto path = (files.directory / "scores.csv").string();
    CHECK(run(files.call("score"), {"--format", "csv", "--output", path}).status == 0);
    CHECK(tests::content_of(path) == csv);
}

TEST_CASE("count prints what the library estimates")
{
    const auto made = random_case();
    const case_files files(made);
    const auto counts = made.class_counts();
    const auto raw = labelerrors::compute_confident_joint(made.labels, made.pred_probs,
                                                          {.calibrate = labelerrors::calibration::none});
    const auto calibrated = labelerrors::calibrate_confident_joint(raw.confident_joint, counts);
    const auto latent = labelerrors::estimate_latent(calibrated, counts);
    CHECK(
        answer_of(files.call("count")) ==
        json{{"n", 150},
             {"k", 4},
             {"thresholds", to_json(raw.thresholds)},
             {"confident_joint", rows_to_json(raw.confident_joint)},
             {"calibrated_confident_joint", rows_to_json(calibrated)},
             {"joint", rows_to_json(labelerrors::estimate_joint(made.labels, made.pred_probs))},
             {"py", to_json(latent.py)},
             {"noise_matrix", rows_to_json(latent.noise_matrix)},
             {"inverse_noise_matrix", rows_to_json(latent.inverse_noise_matrix)},
             {"num_label_issues",
              {{"off_diagonal", labelerrors::num_label_issues(made.labels, made.pred_probs)},
               {"off_diagonal_calibrated",
                labelerrors::num_label_issues(made.labels, made.pred_probs,
                                              {.method = labelerrors::estimation_method::off_diagonal_calibrated})}}}});
}

TEST_CASE("count prints csv, a number a line, and a table with class names")
{
    const case_files files(tests::worked_case());
    const auto csv = run(files.call("count"), {"--format", "csv"}).out;
    CHECK(csv.starts_with("name,row,column,value\nthresholds,0,,0.4375\nthresholds,1,,0.625\nthresholds,2,,0.5\n"));
    CHECK(csv.find("\nconfident_joint,2,0,1\n") != std::string::npos);
    CHECK(csv.find("\nnoise_matrix,0,0,0.5\n") != std::string::npos);
    CHECK(csv.find("\nnum_label_issues.off_diagonal,,,2\n") != std::string::npos);
    const auto names = files.directory.write("names.txt", "cat\ndog\nhen\n").string();
    const auto table = run(files.call("count"), {"--format", "table", "--class-names", names}).out;
    CHECK(table.starts_with("6 examples, 3 classes; label issues: 2 (off_diagonal), 2 (off_diagonal_calibrated)\n"));
    CHECK(table.find("\ncat  ") != std::string::npos);
    CHECK(table.find("dog (1)") != std::string::npos);
}

TEST_CASE("health prints what the library measures")
{
    const auto made = random_case();
    const case_files files(made);
    const auto joint = labelerrors::estimate_joint(made.labels, made.pred_probs);
    json overlaps = json::array();
    for (const auto& pair : labelerrors::find_overlapping_classes(joint, 150))
        overlaps.push_back({{"class_a", pair.class_a},
                            {"class_b", pair.class_b},
                            {"num_overlapping_examples", pair.num_overlapping_examples},
                            {"joint_probability", pair.joint_probability}});
    CHECK(answer_of(files.call("health")) ==
          json{{"overall_label_health_score", labelerrors::overall_label_health_score(made.labels, made.pred_probs)},
               {"classes", tests::to_json(labelerrors::rank_classes_by_label_quality(joint, 150))},
               {"overlapping_classes", overlaps}});
}

TEST_CASE("health prints csv and a table with class names")
{
    const case_files files(tests::worked_case());
    const auto names = files.directory.write("names.txt", "cat\ndog, big\nhen\n").string();
    CHECK(
        run(files.call("health"), {"--format", "csv", "--class-names", names})
            .out.starts_with("class,name,label_issues,inverse_label_issues,label_noise,inverse_label_noise,"
                             "label_quality_score\n0,cat,1,1,0.5,0.5,0.5\n2,hen,1,0,0.5,0,0.5\n1,\"dog, big\",0,1,0,"));
    const auto table = run(files.call("health"), {"--format", "table", "--class-names", names}).out;
    CHECK(table.starts_with("Overall label health score: 0.6667\n"));
    CHECK(table.find("dog, big") != std::string::npos);
    const auto answer = json::parse(run(files.call("health"), {"--class-names", names}).out);
    CHECK(answer["classes"][0]["name"] == "cat");
    CHECK(answer["overlapping_classes"][0]["name_b"] == "dog, big");
}

TEST_CASE("inspect tells what is in a file")
{
    const case_files files(tests::worked_case());
    CHECK(answer_of({"inspect", files.labels}) == json{{"file", files.labels},
                                                       {"dtype", "i8"},
                                                       {"shape", {6}},
                                                       {"order", "C"},
                                                       {"byte_order", "little"},
                                                       {"data_offset", 128},
                                                       {"data_bytes", 48},
                                                       {"looks_like", "labels"},
                                                       {"min", 0},
                                                       {"max", 2},
                                                       {"num_nan", 0},
                                                       {"num_infinite", 0},
                                                       {"row_sums", nullptr},
                                                       {"class_counts", {2, 2, 2}},
                                                       {"suspicious", json::array()}});
    const auto matrix = answer_of({"inspect", files.pred_probs});
    CHECK(matrix["dtype"] == "f8");
    CHECK(matrix["shape"] == json{6, 3});
    CHECK(matrix["max"] == 0.75);
    CHECK(matrix["row_sums"] == json{{"min", 1}, {"max", 1}});
    CHECK(matrix["class_counts"] == nullptr);
    CHECK(matrix["suspicious"].empty());
    CHECK(run({"inspect", files.pred_probs, "--format", "csv"}).out.starts_with("name,value\nfile,"));
    const auto table = run({"inspect", files.pred_probs, "--format", "table"}).out;
    CHECK(table.find("\nshape       6 x 3\n") != std::string::npos);
    CHECK(table.find("\nsuspicious  nothing\n") != std::string::npos);
}

TEST_CASE("inspect names what is suspicious")
{
    const tests::temporary_directory directory;
    const auto suspicion_of = [&](const auto& array)
    {
        const auto path = (directory / "array.npy").string();
        labelerrors::io::write_npy(path, array);
        std::string all;
        const json answer = answer_of({"inspect", path});
        for (const auto& line : answer["suspicious"])
            all += line.get<std::string>() + "\n";
        return all;
    };
    const auto contains = [](const std::string& text, const char* part)
    {
        return text.find(part) != std::string::npos;
    };
    using matrix = xt::xtensor<double, 2>;
    using labels = xt::xtensor<std::int64_t, 1>;
    CHECK(contains(suspicion_of(matrix{{0.5, 0.5}, {NAN, 0.5}}),
                   "1 row is no probabilities; the first: pred_probs row 1"));
    CHECK(contains(suspicion_of(matrix{{-4.0, 2.5}, {1.0, 3.0}}), "look like logits"));
    CHECK(contains(suspicion_of(matrix{{1.0}, {1.0}}), "one column"));
    CHECK(contains(suspicion_of(matrix{{0.25, 0.25, 0.5}}), "fewer rows than columns"));
    CHECK(contains(suspicion_of(labels{0, -1, 2}), "negative values, the first at index 1"));
    CHECK(contains(suspicion_of(labels{1, 2, 1}), "no label 0"));
    CHECK(contains(suspicion_of(labels{0, 3}), "2 of the classes 0 to 3 have no example"));
    CHECK(contains(suspicion_of(labels{0, 1LL << 40}), "too large for class numbers, the first at index 1"));
    CHECK(contains(suspicion_of(xt::xtensor<float, 1>{0.5F}), "fractions in one dimension"));
    CHECK(contains(suspicion_of(labels{}), "no elements"));
    CHECK(
        contains(suspicion_of(matrix{{0.5, 0.75}, {1.0, 0.5}}), "unless each stands by itself, as with --multi-label"));
}

TEST_CASE("inspect tells what an array looks like, all digits of integers, and bytes that nothing reads")
{
    const tests::temporary_directory directory;
    const auto path = (directory / "array.npy").string();
    const auto look = [&](const auto& array)
    {
        labelerrors::io::write_npy(path, array);
        return answer_of({"inspect", path});
    };
    using matrix = xt::xtensor<double, 2>;
    const auto annotators = look(matrix{{0.0, 2.0}, {NAN, 1.0}, {2.0, 2.0}});
    CHECK(annotators["looks_like"] == "labels of annotators");
    CHECK(annotators["num_nan"] == 1);
    CHECK(annotators["suspicious"].empty());
    CHECK(look(matrix{{0.0, 2.0}, {NAN, NAN}})["suspicious"] == json{"1 example that nobody labelled"});
    CHECK(look(matrix{{0.0, 1.0}, {1.0, 1.0}})["looks_like"] == "sets of labels");
    CHECK(look(xt::xtensor<std::int8_t, 2>{{0, 1}, {1, 1}})["looks_like"] == "sets of labels");
    CHECK(look(matrix{{0.25, 0.75}, {1.0, 0.0}})["looks_like"] == "probabilities");
    CHECK(look(matrix{{-4.0, 2.5}, {1.0, 3.0}})["looks_like"] == nullptr);
    CHECK(look(matrix{{1.0}, {3.0}})["looks_like"] == nullptr);
    const auto large = look(xt::xtensor<std::uint64_t, 2>{{(1ULL << 53) + 1, ~0ULL}});
    CHECK(large["min"] == (1ULL << 53) + 1);
    CHECK(large["max"] == ~0ULL);
    const auto negative = look(xt::xtensor<std::int64_t, 2>{{-(1LL << 53) - 1, 0}});
    CHECK(negative["min"] == -(1LL << 53) - 1);
    labelerrors::io::write_npy(path, xt::xtensor<std::int64_t, 1>{0, 1});
    std::ofstream(path, std::ios::app | std::ios::binary) << "more";
    CHECK(
        answer_of({"inspect", path})["suspicious"] ==
        json{"4 bytes behind the array, from byte 144, which nothing reads: was something written to the same file?"});
}

#endif
