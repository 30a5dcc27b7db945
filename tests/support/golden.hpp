#ifndef LABELERRORS_TESTS_SUPPORT_GOLDEN_HPP
#define LABELERRORS_TESTS_SUPPORT_GOLDEN_HPP

#include "data.hpp"
#include <labelerrors/core/find_label_issues.hpp>
#include <labelerrors/io/read_labels.hpp>
#include <labelerrors/io/read_npy.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

namespace tests
{

using json = nlohmann::json;

/// One data set of the reference outputs: inputs, and what the reference answered.
struct golden_case
{
    std::filesystem::path folder;
    json answers;
    xt::xtensor<std::int64_t, 1> labels;
    xt::xtensor<double, 2> pred_probs;

    [[nodiscard]] std::vector<std::size_t> class_counts() const
    {
        std::vector<std::size_t> counts(pred_probs.shape()[1]);
        for (const std::int64_t label : labels)
            ++counts[static_cast<std::size_t>(label)];
        return counts;
    }
};

[[nodiscard]] inline json read_json(const std::filesystem::path& path)
{
    std::ifstream file(path);
    REQUIRE_MESSAGE(file.is_open(), path);
    return json::parse(file);
}

/// The answer under `key`, as a stable sort gives it where the reference's own depends on its sort.
[[nodiscard]] inline const json& answer(const json& record, const std::string& key)
{
    const auto stable = record.find(key + "__stable_sort");
    return stable != record.end() ? *stable : record.at(key);
}

/// The folders of the synthetic cases, in order.
[[nodiscard]] inline std::vector<std::filesystem::path> synthetic_folders(const std::filesystem::path& golden)
{
    std::vector<std::filesystem::path> folders;
    for (const auto& entry : std::filesystem::directory_iterator(golden / "synthetic"))
        folders.push_back(entry.path());
    std::sort(folders.begin(), folders.end());
    return folders;
}

[[nodiscard]] inline golden_case read_synthetic(const std::filesystem::path& folder)
{
    return {folder, read_json(folder / "golden.json"), labelerrors::io::read_labels(folder / "labels.npy"),
            labelerrors::io::read_npy<double, 2>(folder / "pred_probs.npy")};
}

/// A published set: the reference's answers, and the inputs from the published files.
[[nodiscard]] inline golden_case read_real(const std::filesystem::path& golden, const std::filesystem::path& data,
                                           const std::string& name)
{
    const auto folder = golden / "real" / name;
    const auto root = data / "label-errors";
    return {
        folder, read_json(folder / "golden.json"),
        labelerrors::io::read_labels(root / "original_test_labels" / (name + "_original_labels.npy")),
        labelerrors::io::read_npy<double, 2>(root / "cross_validated_predicted_probabilities" / (name + "_pyx.npy"))};
}

/// Whether two numbers agree to `tolerance`, relative or absolute; null stands for NaN.
[[nodiscard]] inline bool close(double value, const json& expected, double tolerance)
{
    if (expected.is_null())
        return std::isnan(value);
    const double wanted = expected.get<double>();
    return std::abs(value - wanted) <= tolerance * std::max(1.0, std::abs(wanted)) &&
           std::abs(value - wanted) <= std::max(tolerance * std::abs(wanted), 1e-12);
}

template <class Vector>
[[nodiscard]] bool close_vector(const Vector& values, const json& expected, double tolerance = 1e-9)
{
    if (values.size() != expected.size())
        return false;
    for (std::size_t i = 0; i < expected.size(); ++i)
        if (!close(static_cast<double>(values[i]), expected[i], tolerance))
            return false;
    return true;
}

template <class Matrix>
[[nodiscard]] bool close_matrix(const Matrix& values, const json& expected, double tolerance = 1e-9)
{
    if (values.shape()[0] != expected.size())
        return false;
    for (std::size_t i = 0; i < expected.size(); ++i)
    {
        if (values.shape()[1] != expected[i].size())
            return false;
        for (std::size_t j = 0; j < expected[i].size(); ++j)
            if (!close(static_cast<double>(values(i, j)), expected[i][j], tolerance))
                return false;
    }
    return true;
}

template <class Matrix>
[[nodiscard]] bool equal_matrix(const Matrix& values, const json& expected)
{
    return close_matrix(values, expected, 0.0);
}

template <class Sequence>
[[nodiscard]] std::vector<std::size_t> to_vector(const Sequence& values)
{
    return {values.begin(), values.end()};
}

[[nodiscard]] inline xt::xtensor<double, 2> to_matrix(const json& rows)
{
    auto matrix = xt::xtensor<double, 2>::from_shape({rows.size(), rows.at(0).size()});
    for (std::size_t i = 0; i < rows.size(); ++i)
        for (std::size_t j = 0; j < rows[i].size(); ++j)
            matrix(i, j) = rows[i][j].get<double>();
    return matrix;
}

/// Whether two rankings are equal up to the order inside the given runs [start, end) of equal scores.
[[nodiscard]] inline bool same_ranking(std::vector<std::size_t> mine, std::vector<std::size_t> theirs,
                                       const json& tie_groups)
{
    if (mine.size() != theirs.size())
        return false;
    for (const auto& group : tie_groups)
        for (auto* ranking : {&mine, &theirs})
            std::sort(ranking->begin() + group[0].get<std::ptrdiff_t>(),
                      ranking->begin() + group[1].get<std::ptrdiff_t>());
    return mine == theirs;
}

[[nodiscard]] inline labelerrors::filter_by filter_named(const std::string& name)
{
    using labelerrors::filter_by;
    for (const auto& [text, filter] :
         {std::pair{"prune_by_noise_rate", filter_by::prune_by_noise_rate},
          std::pair{"prune_by_class", filter_by::prune_by_class}, std::pair{"both", filter_by::both},
          std::pair{"confident_learning", filter_by::confident_learning},
          std::pair{"predicted_neq_given", filter_by::predicted_neq_given},
          std::pair{"low_normalized_margin", filter_by::low_normalized_margin},
          std::pair{"low_self_confidence", filter_by::low_self_confidence}})
        if (name == text)
            return filter;
    FAIL("no such filter: " << name);
    return filter_by::both;
}

[[nodiscard]] inline labelerrors::score_method score_named(const std::string& name)
{
    using labelerrors::score_method;
    for (const auto& [text, method] :
         {std::pair{"self_confidence", score_method::self_confidence},
          std::pair{"normalized_margin", score_method::normalized_margin},
          std::pair{"confidence_weighted_entropy", score_method::confidence_weighted_entropy}})
        if (name == text)
            return method;
    FAIL("no such score: " << name);
    return score_method::self_confidence;
}

/// The options of a recorded call of find_label_issues.
[[nodiscard]] inline labelerrors::find_label_issues_options options_of(const json& record)
{
    labelerrors::find_label_issues_options options;
    options.filter_by = filter_named(record.at("filter_by"));
    options.rank_by = score_named(record.at("return_indices_ranked_by"));
    options.frac_noise = record.value("frac_noise", 1.0);
    options.min_examples_per_class = record.value("min_examples_per_class", std::size_t{1});
    if (record.contains("num_to_remove_per_class"))
        options.num_to_remove_per_class = record.at("num_to_remove_per_class").get<std::vector<std::size_t>>();
    if (record.contains("confident_joint"))
        options.confident_joint = to_matrix(record.at("confident_joint"));
    return options;
}

}  // namespace tests

#endif
