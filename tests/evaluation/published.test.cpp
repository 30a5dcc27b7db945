// The published tables of models on the published test sets, before and after correction, and the study's crossovers.
#include "support/data.hpp"
#include <labelerrors/consensus/consensus.hpp>
#include <labelerrors/corrections/corrections.hpp>
#include <labelerrors/datasets/model_predictions.hpp>
#include <labelerrors/datasets/published_set.hpp>
#include <labelerrors/datasets/registry.hpp>
#include <labelerrors/datasets/votes_file.hpp>
#include <labelerrors/evaluation/evaluation.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <span>
#include <sstream>
#include <string>
#include <vector>

namespace
{

namespace datasets = labelerrors::datasets;
namespace evaluation = labelerrors::evaluation;
using evaluation::example_subset;

/// A line of a published table: given and corrected, top 1 and top 5.
struct published_line
{
    std::array<double, 4> accuracies{};
    std::array<std::size_t, 4> ranks{};
};

using published_table = std::map<std::string, published_line>;

[[nodiscard]] std::string key_of(const std::string& name, const std::string& platform)
{
    return name + (platform.starts_with("K") || platform.starts_with("k") ? " keras" : " pytorch");
}

[[nodiscard]] published_table read_table(const std::filesystem::path& path)
{
    published_table table;
    std::ifstream file(path);
    std::string line;
    REQUIRE_MESSAGE(std::getline(file, line), path);
    while (std::getline(file, line))
    {
        std::istringstream fields(line);
        std::string platform;
        std::string name;
        std::getline(fields, platform, ',');
        std::getline(fields, name, ',');
        published_line& one = table[key_of(name, platform)];
        std::string field;
        for (double& value : one.accuracies)
        {
            std::getline(fields, field, ',');
            value = std::stod(field);
        }
        for (std::size_t& value : one.ranks)
        {
            std::getline(fields, field, ',');
            value = std::stoul(field);
        }
    }
    return table;
}

/// The models of a set and its labels before correction.
struct published_models
{
    const datasets::dataset_facts& set;
    xt::xtensor<std::int64_t, 1> labels;
    std::vector<datasets::checked_example> checked;
    std::vector<evaluation::model> models;

    published_models(const std::filesystem::path& data, const char* name)
        : set(datasets::find_dataset(name)), labels(datasets::read_published_labels(set, data)),
          checked(datasets::read_votes(set, data))
    {
        for (const auto& files : datasets::find_model_predictions(set, data / "model-predictions"))
        {
            const auto stored = datasets::read_model_predictions(set, files);
            models.push_back({files.platform, files.name,
                              evaluation::from_scored_labels(stored.labels, stored.scores, set.num_classes)});
        }
    }

    [[nodiscard]] evaluation::scored_examples select(std::size_t needed, example_subset which) const
    {
        const auto decided =
            labelerrors::corrections::correct_labels(std::span<const std::int64_t>(labels.data(), labels.size()),
                                                     checked, labelerrors::consensus::at_least_of{needed, 5});
        return evaluation::select_examples(labels, decided.corrections, which);
    }

    [[nodiscard]] const evaluation::top_k_predictions& predictions(const std::string& key) const
    {
        const auto found = std::find_if(models.begin(), models.end(),
                                        [&](const auto& one) { return key_of(one.name, one.platform) == key; });
        REQUIRE_MESSAGE(found != models.end(), key);
        return found->predictions;
    }
};

[[nodiscard]] std::filesystem::path table_path(const std::filesystem::path& data, const std::string& set,
                                               std::size_t needed, example_subset which)
{
    return data / "model-predictions" / "published" /
           (set + (which == example_subset::correctable ? "_consensus" : "_cleaned_and_corrected_") +
            std::to_string(needed) + ".csv");
}

[[nodiscard]] std::array<const evaluation::model_score*, 4> scores_of(const evaluation::model_evaluation& model)
{
    return {&model.top_1.given, &model.top_1.corrected, &model.top_k->given, &model.top_k->corrected};
}

}  // namespace

TEST_CASE("the published CIFAR-10 tables are reproduced exactly, and their ranks where accuracies differ")
{
    const auto data = tests::data_dir();
    if (!data || !std::filesystem::exists(*data / "model-predictions"))
        return tests::skip("no model-predictions in LABELERRORS_DATA_DIR");
    const published_models published(*data, "cifar10");
    REQUIRE(published.models.size() == 13);
    struct published_size
    {
        std::size_t needed;
        example_subset which;
        std::size_t num_examples;
    };
    const published_size sizes[] = {{3, example_subset::correctable, 18},
                                    {5, example_subset::correctable, 3},
                                    {3, example_subset::corrected, 9964},
                                    {5, example_subset::corrected, 9810}};
    for (const auto& size : sizes)
    {
        CAPTURE(size.num_examples);
        const auto expected = read_table(table_path(*data, "cifar10", size.needed, size.which));
        const auto table = evaluation::evaluate_models(published.models, published.select(size.needed, size.which));
        CHECK(table.num_examples == size.num_examples);
        REQUIRE(expected.size() == table.models.size());
        for (const auto& model : table.models)
        {
            CAPTURE(model.name);
            const auto& line = expected.at(key_of(model.name, model.platform));
            for (std::size_t i = 0; i < 4; ++i)
            {
                const auto& score = *scores_of(model)[i];
                CHECK(score.accuracy.value() == line.accuracies[i]);
                CHECK(line.ranks[i] >= score.rank.place);
                CHECK(line.ranks[i] < score.rank.place + score.rank.num_tied);
            }
        }
    }
}

TEST_CASE("the published ImageNet tables are reproduced but for the votes that were published later")
{
    const auto data = tests::data_dir();
    if (!data || !std::filesystem::exists(*data / "model-predictions"))
        return tests::skip("no model-predictions in LABELERRORS_DATA_DIR");
    const published_models published(*data, "imagenet");
    REQUIRE(published.models.size() == 7);
    for (const std::size_t needed : {std::size_t{3}, std::size_t{5}})
        for (const auto which : {example_subset::correctable, example_subset::corrected})
        {
            const auto expected = read_table(table_path(*data, "imagenet", needed, which));
            const auto table = evaluation::evaluate_models(published.models, published.select(needed, which));
            if (which == example_subset::correctable)
                CHECK(table.num_examples == (needed == 3 ? 1428 : 468));
            const double most = which == example_subset::correctable ? 0.0042 : 0.0006;
            for (const auto& model : table.models)
                for (std::size_t i = 0; i < 4; ++i)
                    CHECK(std::abs(scores_of(model)[i]->accuracy.value() -
                                   expected.at(key_of(model.name, model.platform)).accuracies[i]) <= most);
        }
}

TEST_CASE("the study's crossovers are 5.64 % on CIFAR-10 and 8.61 % on ImageNet, there against Keras's ResNet-50")
{
    const auto data = tests::data_dir();
    if (!data || !std::filesystem::exists(*data / "model-predictions"))
        return tests::skip("no model-predictions in LABELERRORS_DATA_DIR");
    struct expected_crossover
    {
        const char* set;
        const char* overtaking;
        const char* overtaken;
        double percent;
        double points_above;
    };
    const expected_crossover crossovers[] = {{"cifar10", "vgg11_bn pytorch", "vgg19_bn pytorch", 5.64, 5.46},
                                             {"imagenet", "resnet18 pytorch", "resnet50 keras", 8.61, 5.67},
                                             {"imagenet", "resnet18 pytorch", "resnet50 pytorch", 42.80, 39.85}};
    for (const auto& one : crossovers)
    {
        CAPTURE(one.overtaken);
        const published_models published(*data, one.set);
        const auto examples = published.select(3, example_subset::corrected);
        const auto a = evaluation::split_by_correction(published.predictions(one.overtaking), examples);
        const auto b = evaluation::split_by_correction(published.predictions(one.overtaken), examples);
        const auto crossing = evaluation::find_crossover(a, b);
        REQUIRE(crossing);
        CHECK(!crossing->a_leads_below);
        CHECK(std::abs(100.0 * crossing->prevalence - one.percent) < 0.005);
        CHECK(std::abs(100.0 * (crossing->prevalence - a.prevalence()) - one.points_above) < 0.005);
    }
}

TEST_CASE("predictions are not sorted by score, and no published figure depends on the rule for ties")
{
    const auto data = tests::data_dir();
    if (!data || !std::filesystem::exists(*data / "model-predictions"))
        return tests::skip("no model-predictions in LABELERRORS_DATA_DIR");
    const auto& set = datasets::find_dataset("cifar10");
    const auto labels = datasets::read_published_labels(set, *data);
    std::size_t sorted_rows = 0;
    std::size_t ties = 0;
    for (const auto& files : datasets::find_model_predictions(set, *data / "model-predictions"))
    {
        const auto stored = datasets::read_model_predictions(set, files);
        for (std::size_t i = 0; i < set.num_examples; ++i)
        {
            const double* const row = &stored.scores(i, 0);
            sorted_rows += std::is_sorted(row, row + files.k, std::greater<>()) ? 1U : 0U;
            const double best = *std::max_element(row, row + files.k);
            if (std::count(row, row + files.k, best) < 2)
                continue;
            ++ties;
            for (std::size_t j = 0; j < files.k; ++j)
                CHECK((row[j] < best || stored.labels(i, j) != labels(i)));
        }
    }
    CHECK(sorted_rows < 13 * set.num_examples / 2);
    CHECK(ties == 2);
}
