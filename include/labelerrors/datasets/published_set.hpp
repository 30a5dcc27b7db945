#ifndef LABELERRORS_DATASETS_PUBLISHED_SET_HPP
#define LABELERRORS_DATASETS_PUBLISHED_SET_HPP

#include <labelerrors/datasets/dataset.hpp>
#include <labelerrors/datasets/published_files.hpp>
#include <labelerrors/error.hpp>
#include <labelerrors/io/matrix_file.hpp>
#include <labelerrors/io/npy_rows.hpp>
#include <labelerrors/io/read_labels.hpp>
#include <labelerrors/io/read_object_array.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace labelerrors::datasets
{

/// The published labels and cross-validated probabilities of a test set.
struct published_set
{
    xt::xtensor<std::int64_t, 1> labels;  // n, as published with the test set
    io::matrix_file pred_probs;           // n x k, opened, not read
};

/// The n published labels of a test set with one label for each example.
/// Throws io_error where the file is missing, saying where it was sought and how to get it; value_error for a set whose
/// examples have sets of labels (AudioSet), or where a label is not 0 to k - 1; shape_error where there are not n; what
/// read_labels throws.
[[nodiscard]] xt::xtensor<std::int64_t, 1> read_published_labels(const dataset_facts& set,
                                                                 const std::filesystem::path& root);
/// The same for the labels that were predicted.
[[nodiscard]] xt::xtensor<std::int64_t, 1> read_predicted_labels(const dataset_facts& set,
                                                                 const std::filesystem::path& root);

/// The same for a test set whose examples have sets of labels: n sets, as they are stored.
/// Throws as above, what io::read_label_sets throws, and value_error for a set whose examples have one label, or where
/// a label is not below k.
[[nodiscard]] std::vector<std::vector<std::size_t>> read_published_label_sets(const dataset_facts& set,
                                                                              const std::filesystem::path& root);
/// The same for the sets that were predicted.
[[nodiscard]] std::vector<std::vector<std::size_t>> read_predicted_label_sets(const dataset_facts& set,
                                                                              const std::filesystem::path& root);

/// Opens the published probabilities of a test set and checks their size, n x k.
/// Throws io_error where a file is missing, as above; what open_matrix throws; shape_error where n or k is another.
[[nodiscard]] io::matrix_file open_pred_probs(const dataset_facts& set, const std::filesystem::path& root);

/// Both. Throws what the functions above throw.
[[nodiscard]] published_set open_published(const dataset_facts& set, const std::filesystem::path& root);

/// The same for an adapter.
template <dataset D>
[[nodiscard]] published_set open_published(const std::filesystem::path& root)
{
    return open_published(facts_of<D>(), root);
}

namespace detail
{

[[nodiscard]] inline xt::xtensor<std::int64_t, 1>
read_labels_of(const dataset_facts& set, const std::filesystem::path& root, published_file what, const char* function)
{
    if (set.dialect == votes_dialect::label_sets)
        throw value_error(std::string(function) + ": " + std::string(set.title) +
                          " has a set of labels for each example, not one; use " +
                          (what == published_file::labels ? "read_published_label_sets" : "read_predicted_label_sets"));
    const auto path = require_files(set, root, what).front();
    auto labels = io::read_labels(path);
    if (labels.size() != set.num_examples)
        throw shape_error(path.string() + ": has " + std::to_string(labels.size()) + " labels, but " +
                          std::string(set.title) + " has " + std::to_string(set.num_examples) + " test examples");
    for (std::size_t i = 0; i < labels.size(); ++i)
        if (std::cmp_less(labels(i), 0) || std::cmp_greater_equal(labels(i), set.num_classes))
            throw value_error(path.string() + ": labels must be 0 to " + std::to_string(set.num_classes - 1) +
                              ", the classes of " + std::string(set.title) + ", but that of example " +
                              std::to_string(i) + " is " + std::to_string(labels(i)) + "; get the file again");
    return labels;
}

[[nodiscard]] inline std::vector<std::vector<std::size_t>>
read_sets_of(const dataset_facts& set, const std::filesystem::path& root, published_file what, const char* function)
{
    if (set.dialect != votes_dialect::label_sets)
        throw value_error(std::string(function) + ": " + std::string(set.title) +
                          " has one label for each example; use " +
                          (what == published_file::labels ? "read_published_labels" : "read_predicted_labels"));
    const auto path = require_files(set, root, what).front();
    const auto stored = io::read_label_sets(path);
    if (stored.size() != set.num_examples)
        throw shape_error(path.string() + ": has " + std::to_string(stored.size()) + " sets of labels, but " +
                          std::string(set.title) + " has " + std::to_string(set.num_examples) + " test examples");
    std::vector<std::vector<std::size_t>> sets;
    sets.reserve(stored.size());
    for (std::size_t i = 0; i < stored.size(); ++i)
    {
        sets.emplace_back(stored[i].begin(), stored[i].end());
        for (const std::size_t label : sets.back())
            if (label >= set.num_classes)
                throw value_error(path.string() + ": labels must be below the " + std::to_string(set.num_classes) +
                                  " classes of " + std::string(set.title) + ", but one of example " +
                                  std::to_string(i) + " is " + std::to_string(label));
    }
    return sets;
}

}  // namespace detail

inline std::vector<std::vector<std::size_t>> read_published_label_sets(const dataset_facts& set,
                                                                       const std::filesystem::path& root)
{
    return detail::read_sets_of(set, root, published_file::labels, "read_published_label_sets");
}

inline std::vector<std::vector<std::size_t>> read_predicted_label_sets(const dataset_facts& set,
                                                                       const std::filesystem::path& root)
{
    return detail::read_sets_of(set, root, published_file::predicted_labels, "read_predicted_label_sets");
}

inline xt::xtensor<std::int64_t, 1> read_published_labels(const dataset_facts& set, const std::filesystem::path& root)
{
    return detail::read_labels_of(set, root, published_file::labels, "read_published_labels");
}

inline xt::xtensor<std::int64_t, 1> read_predicted_labels(const dataset_facts& set, const std::filesystem::path& root)
{
    return detail::read_labels_of(set, root, published_file::predicted_labels, "read_predicted_labels");
}

inline io::matrix_file open_pred_probs(const dataset_facts& set, const std::filesystem::path& root)
{
    const auto paths = require_files(set, root, published_file::pred_probs);
    io::matrix_file pred_probs = io::open_matrix(paths);
    if (pred_probs.num_rows() != set.num_examples || pred_probs.num_columns() != set.num_classes)
        throw shape_error(paths.front().string() + ": is " + std::to_string(pred_probs.num_rows()) + " x " +
                          std::to_string(pred_probs.num_columns()) + (paths.size() > 1 ? " with its other parts" : "") +
                          ", but " + std::string(set.title) + " has " + std::to_string(set.num_examples) +
                          " test examples of " + std::to_string(set.num_classes) + " classes");
    return pred_probs;
}

inline published_set open_published(const dataset_facts& set, const std::filesystem::path& root)
{
    auto labels = read_published_labels(set, root);
    return {std::move(labels), open_pred_probs(set, root)};
}

}  // namespace labelerrors::datasets

#endif
