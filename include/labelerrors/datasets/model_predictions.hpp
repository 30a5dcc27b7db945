#ifndef LABELERRORS_DATASETS_MODEL_PREDICTIONS_HPP
#define LABELERRORS_DATASETS_MODEL_PREDICTIONS_HPP

#include <labelerrors/datasets/dataset.hpp>
#include <labelerrors/datasets/registry.hpp>
#include <labelerrors/error.hpp>
#include <labelerrors/io/read_npy.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

namespace labelerrors::datasets
{

// The published predictions of models: for each model a file of the k labels with the highest scores and a file of the
// scores, MODEL_PLATFORM_DATASET_topKpreds.npy and MODEL_PLATFORM_DATASET_topKprobs.npy, in the order of the labels
// that are published with the test set (ImageNet: of sorted paths).
//
// The tables published beside them were made from these files and the votes. On CIFAR-10 the votes published now give
// the same tables. On ImageNet they do not quite: the tables were made from an earlier votes file, in which 1,405
// images were correctable by 3 of 5 votes and 460 by 5 of 5, where it is 1,428 and 468 now. The accuracies differ by up
// to 0.0042 on the correctable images and by up to 0.0006 on the corrected set.

/// The files that hold what one model predicts.
struct model_files
{
    std::string platform;          // what the model was made with: "pytorch"; empty where the name does not say
    std::string name;              // "vgg11_bn"
    std::size_t k = 0;             // labels for each example
    std::filesystem::path labels;  // n x k
    std::filesystem::path scores;  // n x k
};

/// What one model predicts, as stored: n x k labels in no order within a row, and their scores.
struct stored_predictions
{
    xt::xtensor<std::int64_t, 2> labels;
    xt::xtensor<double, 2> scores;
};

/// Finds the models whose predictions for a test set are in a directory, by name and then platform. Other files there,
/// those of other sets among them, are left alone.
///
/// `directory`: holds the files, or a folder of them that has the name of the set ("cifar10"), or folders whose names
/// end in it, such as "keras_imagenet" and "pytorch_imagenet" of the repository that they are published in.
/// Throws io_error where it is no directory, has no predictions for the set, or has one of a model's two files and not
/// the other, which it names; value_error for a model that is there twice, as with two k. O(files).
/// Source: https://github.com/cgnorthcutt/benchmarking-keras-pytorch.
[[nodiscard]] std::vector<model_files> find_model_predictions(const dataset_facts& set,
                                                              const std::filesystem::path& directory);

/// The file of scores that belongs to a file of labels by its name: X_topKprobs.npy for X_topKpreds.npy, K written the
/// same. Nothing for a file of another name, whose labels then are sorted, the likeliest first.
[[nodiscard]] std::optional<std::filesystem::path> scores_beside(const std::filesystem::path& labels);

/// Reads what a model predicts. Which label is the likeliest, the scores alone say.
/// Throws io_error and format_error as io::read_npy does; shape_error, naming the file, where there are not n rows, or
/// labels and scores have not the same shape, or not as many columns as their names say. O(n k).
[[nodiscard]] stored_predictions read_model_predictions(const dataset_facts& set, const model_files& files);

namespace detail
{

/// What the name of a file of predictions says.
struct predictions_name
{
    std::string stem;   // "vgg11_bn_pytorch_cifar10"
    std::string start;  // "vgg11_bn_pytorch_cifar10_top5", as it is written
    std::size_t k;
    bool is_scores;
};

/// The parts of STEM_topKpreds.npy or STEM_topKprobs.npy; nothing for a file of another name.
[[nodiscard]] inline std::optional<predictions_name> parse_predictions_name(std::string_view file)
{
    const bool is_scores = file.ends_with("probs.npy");
    if (!is_scores && !file.ends_with("preds.npy"))
        return std::nullopt;
    file.remove_suffix(std::string_view("preds.npy").size());
    const std::size_t top = file.rfind("_top");
    if (top == std::string_view::npos || top == 0)
        return std::nullopt;
    const std::string_view number = file.substr(top + 4);
    std::size_t k = 0;
    const auto read = std::from_chars(number.data(), number.data() + number.size(), k);
    if (read.ec != std::errc{} || read.ptr != number.data() + number.size() || k == 0)
        return std::nullopt;
    return predictions_name{std::string(file.substr(0, top)), std::string(file), k, is_scores};
}

/// The directory's folder of that set, or else the directory itself and its folders whose names end in the set's.
[[nodiscard]] inline std::vector<std::filesystem::path> predictions_folders(const dataset_facts& set,
                                                                            const std::filesystem::path& directory)
{
    std::error_code ignored;
    if (!std::filesystem::is_directory(directory, ignored))
        throw io_error(directory.string(), "is no directory; name the one that holds MODEL_PLATFORM_" +
                                               std::string(set.name) + "_top5preds.npy and _top5probs.npy");
    const auto inside = directory / set.name;
    if (std::filesystem::is_directory(inside, ignored))
        return {inside};
    std::vector<std::filesystem::path> folders{directory};
    std::error_code problem;
    for (std::filesystem::directory_iterator entry(directory, problem);
         !problem && entry != std::filesystem::directory_iterator(); entry.increment(problem))
        if (entry->path().filename().string().ends_with("_" + std::string(set.name)) && entry->is_directory(ignored))
            folders.push_back(entry->path());
    if (problem)
        throw io_error(directory.string(), "cannot be read: " + problem.message());
    return folders;
}

/// Says that a directory has no predictions for a set, and for which it has.
[[noreturn]] inline void refuse_directory(const dataset_facts& set, const std::filesystem::path& directory,
                                          const std::set<std::string>& other_stems)
{
    std::string others;
    for (const std::string_view name : dataset_names)
        if (std::any_of(other_stems.begin(), other_stems.end(),
                        [&](const std::string& stem) { return stem.ends_with("_" + std::string(name)); }))
            others += (others.empty() ? "" : ", ") + std::string(name);
    throw io_error(directory.string(),
                   "has no predictions for " + std::string(set.title) + (others.empty() ? "" : ", but for " + others) +
                       "; their files are called MODEL_PLATFORM_" + std::string(set.name) +
                       "_top5preds.npy and MODEL_PLATFORM_" + std::string(set.name) +
                       "_top5probs.npy, and some are in https://github.com/cgnorthcutt/benchmarking-keras-pytorch");
}

}  // namespace detail

inline std::optional<std::filesystem::path> scores_beside(const std::filesystem::path& labels)
{
    const auto name = detail::parse_predictions_name(labels.filename().string());
    if (!name || name->is_scores)
        return std::nullopt;
    return labels.parent_path() / (name->start + "probs.npy");
}

inline std::vector<model_files> find_model_predictions(const dataset_facts& set, const std::filesystem::path& directory)
{
    const std::string ending = "_" + std::string(set.name);
    std::map<std::tuple<std::string, std::string, std::filesystem::path>, model_files> found;  // by stem, start, folder
    std::set<std::string> other_stems;
    for (const auto& folder : detail::predictions_folders(set, directory))
    {
        std::error_code problem;
        for (std::filesystem::directory_iterator entry(folder, problem);
             !problem && entry != std::filesystem::directory_iterator(); entry.increment(problem))
        {
            const auto name = detail::parse_predictions_name(entry->path().filename().string());
            if (!name)
                continue;
            if (!name->stem.ends_with(ending))
            {
                other_stems.insert(name->stem);
                continue;
            }
            model_files& files = found[{name->stem, name->start, folder}];
            files.k = name->k;
            (name->is_scores ? files.scores : files.labels) = entry->path();
        }
        if (problem)
            throw io_error(folder.string(), "cannot be read: " + problem.message());
    }
    if (found.empty())
        detail::refuse_directory(set, directory, other_stems);

    std::vector<model_files> models;
    for (auto& [key, files] : found)
    {
        const auto& [stem, start, folder] = key;
        if (files.labels.empty() || files.scores.empty())
        {
            const bool no_labels = files.labels.empty();
            throw io_error((folder / (start + (no_labels ? "preds.npy" : "probs.npy"))).string(),
                           std::string("no such file, but ") + start + (no_labels ? "probs.npy" : "preds.npy") +
                               " is there: a model's predictions are two files, put the other one beside it or remove "
                               "this one");
        }
        const std::string model = stem.substr(0, stem.size() - ending.size());
        const std::size_t separator = model.rfind('_');
        files.name = model.substr(0, separator);
        files.platform = separator == std::string::npos ? "" : model.substr(separator + 1);
        models.push_back(std::move(files));
    }
    std::sort(models.begin(), models.end(),
              [](const model_files& a, const model_files& b)
              { return std::tie(a.name, a.platform, a.k) < std::tie(b.name, b.platform, b.k); });
    for (std::size_t i = 1; i < models.size(); ++i)
        if (models[i].name == models[i - 1].name && models[i].platform == models[i - 1].platform)
            throw value_error(models[i].labels.string() + ": the predictions of this model are there twice, also in " +
                              models[i - 1].labels.string() + "; remove one");
    return models;
}

inline stored_predictions read_model_predictions(const dataset_facts& set, const model_files& files)
{
    stored_predictions stored{io::read_npy<std::int64_t, 2>(files.labels), io::read_npy<double, 2>(files.scores)};
    const auto check = [&](const std::filesystem::path& path, std::size_t rows, std::size_t columns)
    {
        if (rows != set.num_examples || columns != files.k)
            throw shape_error(path.string() + ": is " + std::to_string(rows) + " x " + std::to_string(columns) +
                              ", but must be " + std::to_string(set.num_examples) + " x " + std::to_string(files.k) +
                              ", " + std::to_string(files.k) + " for each of the test examples of " +
                              std::string(set.title) + ": these predictions are of other examples");
    };
    check(files.labels, stored.labels.shape()[0], stored.labels.shape()[1]);
    check(files.scores, stored.scores.shape()[0], stored.scores.shape()[1]);
    return stored;
}

}  // namespace labelerrors::datasets

#endif
