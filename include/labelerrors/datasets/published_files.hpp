#ifndef LABELERRORS_DATASETS_PUBLISHED_FILES_HPP
#define LABELERRORS_DATASETS_PUBLISHED_FILES_HPP

#include <labelerrors/datasets/dataset.hpp>
#include <labelerrors/error.hpp>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace labelerrors::datasets
{

// The published tree: `root` is a clone of https://github.com/cleanlab/label-errors or the folder that holds one of
// that name. Nothing here reads a file.

/// What the tree has of a test set.
enum class published_file
{
    labels,            // as published with the test set
    predicted_labels,  // the argmax of the probabilities
    pred_probs,        // cross-validated; in one file or several parts
    votes,             // of the crowd
    items,             // the list of what the rows are, for sets that need one
};

/// The word for a published file.
[[nodiscard]] constexpr std::string_view name_of(published_file what) noexcept
{
    constexpr std::string_view names[] = {"labels", "predicted labels", "probabilities", "votes", "list of items"};
    return names[static_cast<std::size_t>(what)];
}

/// Where the files are. Probabilities in parts are several paths, in the order of their rows: those of the published
/// names, or STEM_pyx.npy for all of them, or as many others of the form STEM_pyx*.npy in the order of their names,
/// whichever is there; the published names where none is. There is no path for a list of items that a set does not
/// have.
[[nodiscard]] std::vector<std::filesystem::path>
published_paths(const dataset_facts& set, const std::filesystem::path& root, published_file what);

/// A published file and whether it is there.
struct file_presence
{
    published_file what;
    std::filesystem::path path;
    bool present;
};

/// What of a test set is there, each file or part in its own entry.
[[nodiscard]] std::vector<file_presence> present_files(const dataset_facts& set, const std::filesystem::path& root);

/// Whether all files of a kind are there, as files and not as folders, pipes or devices; false where the set has none
/// of the kind. O(files).
[[nodiscard]] bool has_files(const dataset_facts& set, const std::filesystem::path& root, published_file what);

/// The paths of published_paths, where all files are there.
/// Throws io_error else, naming the first that is missing, where it was sought and how to get it.
[[nodiscard]] std::vector<std::filesystem::path> require_files(const dataset_facts& set,
                                                               const std::filesystem::path& root, published_file what);

/// Where an adapter's files are, for those that are one file.
template <dataset D>
[[nodiscard]] std::filesystem::path published_labels_path(const std::filesystem::path& root)
{
    return published_paths(facts_of<D>(), root, published_file::labels).front();
}

/// The predicted labels of a test set; as above.
template <dataset D>
[[nodiscard]] std::filesystem::path published_predicted_labels_path(const std::filesystem::path& root)
{
    return published_paths(facts_of<D>(), root, published_file::predicted_labels).front();
}

/// The votes on a test set; as above.
template <dataset D>
[[nodiscard]] std::filesystem::path published_votes_path(const std::filesystem::path& root)
{
    return published_paths(facts_of<D>(), root, published_file::votes).front();
}

/// The probabilities of a test set, which may be several files, in order.
template <dataset D>
[[nodiscard]] std::vector<std::filesystem::path> published_pred_probs_paths(const std::filesystem::path& root)
{
    return published_paths(facts_of<D>(), root, published_file::pred_probs);
}

namespace detail
{

/// The clone itself, whether `root` is it or holds it.
[[nodiscard]] inline std::filesystem::path clone_in(const std::filesystem::path& root)
{
    std::error_code absent;
    const auto inside = root / "label-errors";
    return std::filesystem::is_directory(inside, absent) ? inside : root;
}

/// Whether a file is there. What would be waited for, a pipe or a device, is none; nor is a folder.
[[nodiscard]] inline bool is_there(const std::filesystem::path& path)
{
    std::error_code absent;
    return std::filesystem::is_regular_file(path, absent);
}

/// The files of `folder` whose names start with `stem` + _pyx and end in .npy, in the order of their names.
[[nodiscard]] inline std::vector<std::filesystem::path> any_pred_probs(const std::filesystem::path& folder,
                                                                       const std::string& stem)
{
    std::vector<std::filesystem::path> found;
    std::error_code absent;
    for (std::filesystem::directory_iterator entry(folder, absent);
         !absent && entry != std::filesystem::directory_iterator(); entry.increment(absent))
    {
        const std::string name = entry->path().filename().string();
        if (name.starts_with(stem + "_pyx") && name.ends_with(".npy"))
            found.push_back(entry->path());
    }
    std::sort(found.begin(), found.end());
    return found;
}

[[nodiscard]] inline std::vector<std::filesystem::path> pred_probs_paths(const dataset_facts& set,
                                                                         const std::filesystem::path& folder)
{
    const std::string stem(set.file_stem);
    const auto whole = folder / (stem + "_pyx.npy");
    if (set.num_parts == 1)
        return {whole};
    std::vector<std::filesystem::path> parts;
    for (std::size_t i = 1; i <= set.num_parts; ++i)
        parts.push_back(folder /
                        (stem + "_pyx.part" + std::to_string(i) + "_of_" + std::to_string(set.num_parts) + ".npy"));
    if (std::all_of(parts.begin(), parts.end(), is_there))
        return parts;
    if (is_there(whole))
        return {whole};
    const auto others = any_pred_probs(folder, stem);
    return others.size() == set.num_parts ? others : parts;
}

[[nodiscard]] inline std::string how_to_get(const dataset_facts& set, published_file what)
{
    if (what == published_file::pred_probs && !set.pred_probs_at.empty())
        return "download it from " + std::string(set.pred_probs_at);
    return "get the published files with git clone https://github.com/cleanlab/label-errors and give the path of the "
           "clone";
}

}  // namespace detail

inline std::vector<std::filesystem::path> published_paths(const dataset_facts& set, const std::filesystem::path& root,
                                                          published_file what)
{
    const auto clone = detail::clone_in(root);
    const std::string stem(set.file_stem);
    switch (what)
    {
    case published_file::labels:
        return {clone / "original_test_labels" / (stem + "_original_labels.npy")};
    case published_file::predicted_labels:
        return {clone / "cross_validated_predicted_labels" / (stem + "_pyx_argmax_predicted_labels.npy")};
    case published_file::pred_probs:
        return detail::pred_probs_paths(set, clone / "cross_validated_predicted_probabilities");
    case published_file::votes:
        return {clone / "mturk" / (std::string(set.votes_stem) + "_mturk.json")};
    case published_file::items:
        if (!is_listed(set.items))
            return {};
        return {clone / "dataset_indexing" / std::string(set.items_file)};
    }
    return {};
}

inline std::vector<file_presence> present_files(const dataset_facts& set, const std::filesystem::path& root)
{
    std::vector<file_presence> files;
    for (const auto what : {published_file::labels, published_file::predicted_labels, published_file::pred_probs,
                            published_file::votes, published_file::items})
        for (auto& path : published_paths(set, root, what))
        {
            const bool present = detail::is_there(path);
            files.push_back({what, std::move(path), present});
        }
    return files;
}

inline bool has_files(const dataset_facts& set, const std::filesystem::path& root, published_file what)
{
    const auto paths = published_paths(set, root, what);
    return !paths.empty() && std::all_of(paths.begin(), paths.end(), detail::is_there);
}

inline std::vector<std::filesystem::path> require_files(const dataset_facts& set, const std::filesystem::path& root,
                                                        published_file what)
{
    auto paths = published_paths(set, root, what);
    for (const auto& path : paths)
        if (std::error_code absent; !detail::is_there(path))
            throw io_error(path.string(),
                           (std::filesystem::exists(path, absent) ? "is a folder, pipe or device, not a file ("
                                                                  : "no such file (") +
                               std::string(set.title) + ", " + std::string(name_of(what)) + "; sought in " +
                               std::filesystem::absolute(path).lexically_normal().parent_path().string() + "); " +
                               detail::how_to_get(set, what));
    return paths;
}

}  // namespace labelerrors::datasets

#endif
