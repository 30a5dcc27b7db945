#ifndef LABELERRORS_DATASETS_PUBLISHED_FILES_HPP
#define LABELERRORS_DATASETS_PUBLISHED_FILES_HPP

#include <labelerrors/datasets/dataset.hpp>
#include <labelerrors/error.hpp>
#include <labelerrors/io/matrix_file.hpp>
#include <labelerrors/io/npy_rows.hpp>
#include <labelerrors/io/read_labels.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <cstdint>
#include <filesystem>
#include <string>

namespace labelerrors::datasets
{

/// The published labels and cross-validated probabilities of a test set.
struct published_set
{
    xt::xtensor<std::int64_t, 1> labels;  // n, as published with the test set
    io::matrix_file pred_probs;           // n x k, opened, not read
};

/// Where a test set's files are within the published tree, `root` being a clone of
/// https://github.com/cleanlab/label-errors or the folder that holds one of that name.
template <dataset D>
[[nodiscard]] std::filesystem::path published_labels_path(const std::filesystem::path& root);
template <dataset D>
[[nodiscard]] std::filesystem::path published_pred_probs_path(const std::filesystem::path& root);

/// Opens the published labels and probabilities of a test set and checks their sizes.
/// Throws io_error where a file is missing, saying where it was sought and how to get it; what read_labels and
/// open_matrix throw; shape_error where n or k is not the test set's.
template <dataset D>
[[nodiscard]] published_set open_published(const std::filesystem::path& root);

namespace detail
{

/// The clone itself, whether `root` is it or holds it.
[[nodiscard]] inline std::filesystem::path clone_in(const std::filesystem::path& root)
{
    std::error_code absent;
    const auto inside = root / "label-errors";
    return std::filesystem::is_directory(inside, absent) ? inside : root;
}

/// Refuses a path where there is no file.
inline void require_file(const std::filesystem::path& path)
{
    std::error_code absent;
    if (!std::filesystem::exists(path, absent))
        throw io_error(path.string(), "no such file; get the published files with git clone "
                                      "https://github.com/cleanlab/label-errors and give the path of the clone");
}

}  // namespace detail

template <dataset D>
std::filesystem::path published_labels_path(const std::filesystem::path& root)
{
    return detail::clone_in(root) / "original_test_labels" / (std::string(D::file_stem) + "_original_labels.npy");
}

template <dataset D>
std::filesystem::path published_pred_probs_path(const std::filesystem::path& root)
{
    return detail::clone_in(root) / "cross_validated_predicted_probabilities" /
           (std::string(D::file_stem) + "_pyx.npy");
}

template <dataset D>
published_set open_published(const std::filesystem::path& root)
{
    const auto labels = published_labels_path<D>(root);
    const auto pred_probs = published_pred_probs_path<D>(root);
    detail::require_file(labels);
    detail::require_file(pred_probs);
    published_set set{io::read_labels(labels), io::open_matrix(pred_probs)};
    if (set.labels.size() != D::num_examples)
        throw shape_error(labels.string() + ": has " + std::to_string(set.labels.size()) + " labels, but " +
                          std::string(D::title) + " has " + std::to_string(D::num_examples) + " test examples");
    if (set.pred_probs.num_rows() != D::num_examples || set.pred_probs.num_columns() != D::num_classes)
        throw shape_error(pred_probs.string() + ": is " + std::to_string(set.pred_probs.num_rows()) + " x " +
                          std::to_string(set.pred_probs.num_columns()) + ", but " + std::string(D::title) + " has " +
                          std::to_string(D::num_examples) + " test examples of " + std::to_string(D::num_classes) +
                          " classes");
    return set;
}

}  // namespace labelerrors::datasets

#endif
