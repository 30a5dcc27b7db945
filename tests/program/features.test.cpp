// The subcommand find from features, and from IDX files, against the library's own answers.
#include "io/gzipped.hpp"
#include "run_program.hpp"
#include "support/data.hpp"
#include <labelerrors/io/read_npy.hpp>
#include <labelerrors/model/find_label_issues_in_features.hpp>
#include <labelerrors/model/k_nearest_neighbors.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#ifdef LABELERRORS_PROGRAM

using tests::arguments;
using tests::check_refused;
using tests::json;
using tests::run;

namespace
{

constexpr std::size_t num_examples = 90;
constexpr std::size_t side = 3;

/// Grey images of 3 x 3 pixels, of three classes that differ in which row is bright, and labels of which some are
/// wrong.
struct image_files
{
    tests::temporary_directory directory;
    xt::xtensor<double, 2> features = xt::xtensor<double, 2>::from_shape({num_examples, side* side});
    xt::xtensor<std::int64_t, 1> labels = xt::xtensor<std::int64_t, 1>::from_shape({num_examples});
    std::string features_file = (directory / "features.npy").string();
    std::string labels_file = (directory / "labels.npy").string();

    image_files()
    {
        std::mt19937_64 random(3);
        for (std::size_t i = 0; i < num_examples; ++i)
        {
            const std::size_t label = i % 3;
            for (std::size_t j = 0; j < side * side; ++j)
                features(i, j) = static_cast<double>(random() % 128 + (j / side == label ? 60u : 0u));
            labels(i) = static_cast<std::int64_t>(i % 15 == 4 ? (label + 1) % 3 : label);
        }
        labelerrors::io::write_npy(features_file, features);
        labelerrors::io::write_npy(labels_file, labels);
    }

    /// The arguments of a call with features.
    [[nodiscard]] arguments call() const
    {
        return {"find", "--features", features_file, "--labels", labels_file};
    }

    /// Writes the examples [first, last) as a pair of IDX files and returns their paths.
    [[nodiscard]] arguments write_idx(const std::string& name, std::size_t first, std::size_t last) const
    {
        const auto count = static_cast<char>(last - first);
        std::string images = std::string("\0\0\x08\x03\0\0\0", 7) + count + std::string("\0\0\0\3\0\0\0\3", 8);
        std::string given = std::string("\0\0\x08\x01\0\0\0", 7) + count;
        for (std::size_t i = first; i < last; ++i)
        {
            for (std::size_t j = 0; j < side * side; ++j)
                images += static_cast<char>(static_cast<unsigned char>(features(i, j)));
            given += static_cast<char>(labels(i));
        }
        return {directory.write(name + "-images", tests::gzipped(images)).string(),
                directory.write(name + "-labels", given).string()};
    }
};

/// Holds what the program printed against what the library found.
void check_issues(const json& answer, const labelerrors::issues_in_features& found, double most_difference)
{
    CHECK(answer["n"] == num_examples);
    CHECK(answer["k"] == 3);
    CHECK(answer["num_issues"] == found.issues.indices.size());
    REQUIRE(answer["issues"].size() == found.issues.indices.size());
    CHECK(!answer["issues"].empty());
    CHECK(answer["accuracy"] == found.accuracy);
    for (std::size_t i = 0; i < answer["issues"].size(); ++i)
    {
        CHECK(answer["issues"][i]["index"] == found.issues.indices(i));
        CHECK(answer["issues"][i]["suggested_label"] == found.issues.suggested_labels(i));
        CHECK(answer["issues"][i]["score"].get<double>() ==
              doctest::Approx(found.issues.scores(i)).epsilon(most_difference));
    }
}

}  // namespace

TEST_CASE("find takes features in place of probabilities and keeps those that it made")
{
    const image_files files;
    const auto found = labelerrors::find_label_issues_in_features(files.features, files.labels);
    const auto kept = (files.directory / "pred_probs.npy").string();
    const auto ran = run(files.call(), {"--save-pred-probs", kept});
    CAPTURE(ran.err);
    REQUIRE(ran.status == 0);
    CHECK(ran.err.empty());
    const auto answer = json::parse(ran.out);
    check_issues(answer, found, 1e-15);
    CHECK(answer["classifier"] == "logistic_regression");
    CHECK(answer["num_folds"] == 5);
    CHECK(labelerrors::io::read_npy<double, 2>(kept) == found.pred_probs);
    // What was kept gives the same issues.
    const auto again = json::parse(run({"find", "--labels", files.labels_file, "--pred-probs", kept}).out);
    CHECK(again["issues"] == answer["issues"]);
    CHECK(run(files.call(), {"--threads", "1"}).out == ran.out);
    CHECK(run(files.call(), {"--threads", "7"}).out == ran.out);
}

TEST_CASE("find's options of cross-validation and of the classifiers reach the library")
{
    const image_files files;
    const labelerrors::logistic_regression penalised({.C = 0.2});
    check_issues(json::parse(run(files.call(), {"--C", "0.2", "--folds", "3", "--seed", "9"}).out),
                 labelerrors::find_label_issues_in_features(penalised, files.features, files.labels,
                                                            {.cross_validation = {.num_folds = 3, .seed = 9}}),
                 1e-15);
    const labelerrors::k_nearest_neighbors neighbors({.num_neighbors = 12});
    const auto answer =
        json::parse(run(files.call(), {"--classifier", "k_nearest_neighbors", "--neighbors", "12"}).out);
    check_issues(answer, labelerrors::find_label_issues_in_features(neighbors, files.features, files.labels), 1e-15);
    CHECK(answer["classifier"] == "k_nearest_neighbors");
    check_issues(json::parse(run(files.call(), {"--filter-by", "both"}).out),
                 labelerrors::find_label_issues_in_features(files.features, files.labels,
                                                            {.find = {.filter_by = labelerrors::filter_by::both}}),
                 1e-15);
    const auto table = run(files.call(), {"--format", "table"}).out;
    CHECK(table.find("out of sample, logistic_regression by 5 folds agrees with ") != std::string::npos);
    const auto names = files.directory.write("names.txt", "top\nmiddle\nbottom\n").string();
    CHECK(run(files.call(), {"--format", "csv", "--class-names", names}).out.find(",middle,") != std::string::npos);
    const auto timing = json::parse(run(files.call(), {"--timing"}).err);
    CHECK(timing["seconds"].contains("cross-validation"));
    CHECK(timing["bytes_read"] == num_examples * (side * side + 1) * 8);
}

TEST_CASE("find takes pairs of IDX files, several of them as one set")
{
    const image_files files;
    const xt::xtensor<float, 2> pixels = xt::cast<float>(files.features) / 255.0f;
    const auto found = labelerrors::find_label_issues_in_features(pixels, files.labels);
    auto call = arguments{"find", "--idx"};
    for (const auto& pair : {files.write_idx("train", 0, 60), files.write_idx("test", 60, num_examples)})
        call.insert(call.end(), pair.begin(), pair.end());
    const auto ran = run(call);
    CAPTURE(ran.err);
    REQUIRE(ran.status == 0);
    check_issues(json::parse(ran.out), found, 1e-6);
}

TEST_CASE("features that cannot be learnt from end with status 1 and the remedy")
{
    const image_files files;
    const auto with = [&](const auto& features, const auto& labels)
    {
        labelerrors::io::write_npy(files.features_file, features);
        labelerrors::io::write_npy(files.labels_file, labels);
        return files.call();
    };
    using label_array = xt::xtensor<std::int64_t, 1>;
    auto features = files.features;
    features(5, 7) = std::numeric_limits<double>::quiet_NaN();
    check_refused(1, with(features, files.labels), {"labels.npy, ", "features.npy", "features(5, 7) is NaN"});
    check_refused(1, with(files.features, label_array{0, 1, 0}), {"labels has 3 examples", "90 rows"});
    label_array labels = files.labels;
    labels(0) = 3;
    check_refused(1, with(files.features, labels), {"class 3 has 1 examples, fewer than the 5 folds"});
    labels.fill(0);
    check_refused(1, with(files.features, labels), {"labels are all 0"});
    check_refused(1, with(files.labels, files.labels), {"features.npy", "dimension"});
    check_refused(1, {"find", "--features", "/no/such.npy", "--labels", files.labels_file}, {"/no/such.npy"});

    auto pair = files.write_idx("all", 0, 60);
    const auto other = files.write_idx("other", 0, 50);
    check_refused(1, {"find", "--idx", pair[0], other[1]}, {"60 images and 50 labels"});
    check_refused(1, {"find", "--idx", pair[1], pair[0]}, {"all-labels"});
}

TEST_CASE("options that make no sense with features, or without, are wrong usage")
{
    const image_files files;
    const auto refuse = [&](const arguments& more, const std::vector<std::string>& parts)
    {
        auto call = files.call();
        call.insert(call.end(), more.begin(), more.end());
        check_refused(2, call, parts);
    };
    refuse({"--pred-probs", files.features_file}, {"--pred-probs has no meaning with --features"});
    refuse({"--softmax"}, {"--softmax"});
    refuse({"--tolerance", "0.1"}, {"--tolerance"});
    refuse({"--multi-label"}, {"--multi-label"});
    refuse({"--idx", "a", "b"}, {"--idx has no meaning with --features"});
    refuse({"--neighbors", "3"}, {"--neighbors needs --classifier k_nearest_neighbors"});
    refuse({"--classifier", "k_nearest_neighbors", "--C", "2"}, {"--C needs --classifier logistic_regression"});
    refuse({"--classifier", "forest"}, {"--classifier"});
    refuse({"--folds", "1"}, {"--folds"});
    refuse({"--C", "0"}, {"--C"});
    refuse({"--seed", "-1"}, {"--seed"});
    refuse({"--neighbors", "0"}, {"--neighbors"});
    check_refused(2, {"find", "--features", files.features_file}, {"--labels is required with --features"});
    check_refused(2, {"find", "--idx", "a", "b", "c"}, {"--idx takes images and labels in turn", "not 3"});
    check_refused(2, {"find", "--idx", "a", "b", "--labels", files.labels_file},
                  {"--labels has no meaning with --idx"});
    for (const char* option : {"--folds", "--seed", "--C", "--neighbors", "--save-pred-probs"})
        check_refused(2, {"find", "--labels", files.labels_file, "--pred-probs", files.features_file, option, "3"},
                      {std::string(option) + " needs --features or --idx"});
}

#else

TEST_CASE("the program learns from features where it is built")
{
    tests::skip("the program is not built");
}

#endif
