#ifndef LABELERRORS_DATASETS_OWN_FILES_HPP
#define LABELERRORS_DATASETS_OWN_FILES_HPP

#include <labelerrors/datasets/dataset.hpp>
#include <labelerrors/error.hpp>

#include <algorithm>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>
#include <system_error>

namespace labelerrors::datasets
{

// The files of a test set itself, as its makers give them out. `distribution` is where it is unpacked: its folder, the
// folder above it, or the file where one holds all.

/// The file that holds all items of MNIST, CIFAR-10, CIFAR-100 or Amazon: `distribution` itself if it is a file, else
/// the first of the names that the file has which is there. Throws io_error where none is.
[[nodiscard]] std::filesystem::path find_set_file(const dataset_facts& set, const std::filesystem::path& distribution);

/// The folder of a set of many files: `distribution`, or the folder in it that 20news or QuickDraw is unpacked to.
[[nodiscard]] std::filesystem::path set_folder(const dataset_facts& set, const std::filesystem::path& distribution);

/// Where the listed file `name` would be below `distribution`, with as many of the folders of its name as are there: an
/// existing file, or what is to be told to whoever misses it.
[[nodiscard]] std::filesystem::path locate_listed(const std::filesystem::path& distribution, const std::string& name);

/// Whether a file lies in a folder, wherever links lead.
[[nodiscard]] bool lies_in(const std::filesystem::path& folder, const std::filesystem::path& file);

namespace detail
{

/// Names that a file has and folders that it lies in, the one above the set's own among them.
struct own_names
{
    std::initializer_list<std::string_view> files;
    std::initializer_list<std::string_view> folders;
};

[[nodiscard]] inline std::filesystem::path
find_named_file(const dataset_facts& set, const std::filesystem::path& distribution, const own_names& names)
{
    std::error_code absent;
    if (std::filesystem::is_regular_file(distribution, absent))
        return distribution;
    for (const auto& above : {distribution, distribution / set.name})
        for (const std::string_view folder : names.folders)
            for (const std::string_view file : names.files)
                if (const auto path = above / folder / file; std::filesystem::is_regular_file(path, absent))
                    return path;
    throw io_error((distribution / *names.files.begin()).string(),
                   "no such file; name the folder of " + std::string(set.title) + "'s test set, which holds it");
}

}  // namespace detail

inline std::filesystem::path find_set_file(const dataset_facts& set, const std::filesystem::path& distribution)
{
    const auto find = [&](const detail::own_names& names)
    {
        return detail::find_named_file(set, distribution, names);
    };
    if (set.name == "mnist")
        return find({.files = {"t10k-images-idx3-ubyte", "t10k-images-idx3-ubyte.gz", "t10k-images.idx3-ubyte"},
                     .folders = {"", "raw", "MNIST/raw"}});
    if (set.name == "cifar10")
        return find({.files = {"test_batch", "test_batch.bin"},
                     .folders = {"", "cifar-10-batches-py", "cifar-10-batches-bin"}});
    if (set.name == "cifar100")
        return find({.files = {"test", "test.bin"}, .folders = {"", "cifar-100-python", "cifar-100-binary"}});
    return find({.files = {set.items_file}, .folders = {""}});
}

inline std::filesystem::path set_folder(const dataset_facts& set, const std::filesystem::path& distribution)
{
    const bool has_folder = set.items == item_source::newsgroup_folders || set.items == item_source::class_bitmaps;
    if (distribution.empty() || !has_folder)
        return distribution;
    std::error_code absent;
    const auto inside = distribution / (set.items == item_source::class_bitmaps ? "numpy_bitmap" : set.items_file);
    return std::filesystem::is_directory(inside, absent) ? inside : distribution;
}

inline std::filesystem::path locate_listed(const std::filesystem::path& distribution, const std::string& name)
{
    std::error_code absent;
    for (std::string_view rest = name;;)
    {
        for (const char* below : {"", "test", "aclImdb/test", "256_ObjectCategories"})
            if (const auto path = distribution / below / rest; std::filesystem::is_regular_file(path, absent))
                return path;
        const auto slash = rest.find('/');
        // neg/3_4.txt without neg/ would be another review, if it were there.
        if (slash == std::string_view::npos || name.ends_with(".txt"))
            return distribution / name;
        // Doubled slashes would leave a path from the root.
        rest.remove_prefix(std::min(rest.find_first_not_of('/', slash), rest.size()));
    }
}

inline bool lies_in(const std::filesystem::path& folder, const std::filesystem::path& file)
{
    std::error_code failed;
    const auto whole = std::filesystem::canonical(folder, failed);
    if (failed)
        return false;
    const auto place = std::filesystem::canonical(file, failed);
    return !failed && std::mismatch(whole.begin(), whole.end(), place.begin(), place.end()).first == whole.end();
}

}  // namespace labelerrors::datasets

#endif
