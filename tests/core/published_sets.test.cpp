// What is known about the published test sets: how many issues there are, and which examples the crowd was asked about.
#include "support/data.hpp"
#include "support/golden.hpp"
#include <labelerrors/core/find_label_issues.hpp>
#include <labelerrors/core/rank_label_issues.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string>
#include <unordered_map>
#include <vector>

namespace
{

using tests::json;

struct published_set
{
    const char* stem;
    const char* votes;
    std::size_t num_examples;
    std::size_t num_classes;
    std::size_t num_issues;   // by the default filter
    std::size_t num_checked;  // by the crowd
};

constexpr published_set sets[] = {{"mnist_test_set", "mnist", 10'000, 10, 15, 100},
                                  {"cifar10_test_set", "cifar10", 10'000, 10, 284, 275},
                                  {"20news_test_set", "20news", 7532, 20, 95, 93},
                                  {"imdb_test_set", "imdb", 25'000, 2, 1309, 1310}};

[[nodiscard]] xt::xtensor<std::int64_t, 1> read_labels(const std::filesystem::path& root, const std::string& stem)
{
    return labelerrors::io::read_labels(root / "original_test_labels" / (stem + "_original_labels.npy"));
}

[[nodiscard]] xt::xtensor<double, 2> read_pred_probs(const std::filesystem::path& root, const std::string& stem)
{
    return labelerrors::io::read_npy<double, 2>(root / "cross_validated_predicted_probabilities" / (stem + "_pyx.npy"));
}

/// The rows that the votes file is about, ascending. IMDB's ids are file names, `test/neg/10003_3` for
/// `neg/10003_3.txt`; the others' are rows.
[[nodiscard]] std::vector<std::size_t> checked_rows(const std::filesystem::path& root, const std::string& votes)
{
    std::unordered_map<std::string, std::size_t> row_of;
    if (votes == "imdb")
    {
        const auto names = tests::read_json(root / "dataset_indexing" / "imdb_test_set_index_to_filename.json");
        for (std::size_t row = 0; row < names.size(); ++row)
            row_of["test/" + names[row].get<std::string>()] = row;
    }
    std::vector<std::size_t> rows;
    for (const auto& entry : tests::read_json(root / "mturk" / (votes + "_mturk.json")))
    {
        const auto& id = entry.at("id");
        if (votes == "imdb")
            rows.push_back(row_of.at(id.get<std::string>() + ".txt"));
        else
            rows.push_back(id.is_string() ? std::stoul(id.get<std::string>()) : id.get<std::size_t>());
    }
    std::sort(rows.begin(), rows.end());
    return rows;
}

}  // namespace

TEST_CASE("the published sets have the published numbers of issues")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    const auto root = *data / "label-errors";
    for (const auto& set : sets)
    {
        CAPTURE(set.stem);
        const auto issues =
            labelerrors::find_label_issues(read_labels(root, set.stem), read_pred_probs(root, set.stem));
        CHECK(issues.num_examples == set.num_examples);
        CHECK(issues.num_classes == set.num_classes);
        CHECK(issues.indices.size() == set.num_issues);
    }
}

TEST_CASE("the lowest normalized margins are the examples that the crowd was asked about")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    const auto root = *data / "label-errors";
    for (const auto& set : sets)
    {
        CAPTURE(set.stem);
        const auto scores =
            labelerrors::label_quality_scores(read_labels(root, set.stem), read_pred_probs(root, set.stem),
                                              {.method = labelerrors::score_method::normalized_margin});
        auto lowest = tests::to_vector(labelerrors::find_top_issues(scores, set.num_checked));
        std::sort(lowest.begin(), lowest.end());
        CHECK(lowest == checked_rows(root, set.votes));
    }
}

TEST_CASE("IMDB's probabilities above 1 are within the default tolerance, and refused with less")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    const auto root = *data / "label-errors";
    const auto labels = read_labels(root, "imdb_test_set");
    const auto pred_probs = read_pred_probs(root, "imdb_test_set");
    CHECK(std::count_if(pred_probs.begin(), pred_probs.end(), [](double value) { return value > 1.0; }) == 2744);
    CHECK_THROWS_AS(static_cast<void>(labelerrors::find_label_issues(labels, pred_probs, {.tolerance = 1e-6})),
                    labelerrors::value_error);
}
