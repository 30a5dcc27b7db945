#ifndef LABELERRORS_DATASETS_ITEM_LIST_HPP
#define LABELERRORS_DATASETS_ITEM_LIST_HPP

#include <labelerrors/datasets/dataset.hpp>
#include <labelerrors/datasets/newsgroup_order.hpp>
#include <labelerrors/datasets/published_files.hpp>
#include <labelerrors/error.hpp>
#include <labelerrors/io/in_quotes.hpp>
#include <labelerrors/io/input_file.hpp>
#include <labelerrors/io/json.hpp>
#include <labelerrors/io/quickdraw_bitmaps.hpp>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <numeric>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace labelerrors::datasets
{

/// What the rows of a test set are, as far as it takes a list to know. item_at and row_of read it.
struct item_list
{
    dataset_facts set;
    // For a list of files or addresses: each row's, and the rows in the order of their names.
    std::vector<std::string> names = {};
    std::vector<std::size_t> by_name = {};
    // For one file or folder a class: what they are called, and how many items come before those of each.
    std::vector<std::string> files = {};
    std::vector<std::size_t> first_rows = {};
    std::vector<std::size_t> order = {};  // for each row its position in the files, where that is not the row
};

/// Reads what the rows of a test set are. `root` is the published tree, which holds the lists of Caltech-256, ImageNet,
/// IMDB and AudioSet. `distribution` is a folder of the test set itself, which two sets look into: QuickDraw needs that
/// of its .npy bitmaps, for how many there are of each class; with 20news-bydate-test the posts of 20news are files,
/// without it a folder and a position among its sorted files.
/// Throws io_error where a file or folder is missing, or holds another number of items than the test set; value_error
/// where QuickDraw has no `distribution`; format_error where a list is not one of n names, a name is absolute or has a
/// part .., which would lead to other files, or a bitmap file is no .npy. O(n log n); the bitmaps themselves are not
/// read.
[[nodiscard]] item_list read_items(const dataset_facts& set, const std::filesystem::path& root,
                                   const std::filesystem::path& distribution = {});

/// The name of the bitmap file of a class of QuickDraw.
[[nodiscard]] std::string quickdraw_file_name(const dataset_facts& set, std::size_t label);

namespace detail
{

inline void sort_by_name(item_list& items)
{
    items.by_name.resize(items.names.size());
    std::iota(items.by_name.begin(), items.by_name.end(), std::size_t{0});
    std::stable_sort(items.by_name.begin(), items.by_name.end(),
                     [&](std::size_t a, std::size_t b) { return items.names[a] < items.names[b]; });
}

/// Whether a listed name stays below the folder that it is sought in.
[[nodiscard]] inline bool stays_below(const std::filesystem::path& name)
{
    return !name.has_root_path() && std::find(name.begin(), name.end(), "..") == name.end();
}

/// The list in dataset_indexing/.
inline void read_names(item_list& items, const std::filesystem::path& root)
{
    const auto path = require_files(items.set, root, published_file::items).front();
    const auto list = io::read_json(path);
    if (!list.is_array() || list.size() != items.set.num_examples)
        throw format_error(path.string(), 0,
                           "must be an array of " + std::to_string(items.set.num_examples) + " names, the items of " +
                               std::string(items.set.title) + ", but is " +
                               (list.is_array() ? "one of " + std::to_string(list.size())
                                                : std::string("a JSON ") + list.type_name()));
    items.names.reserve(list.size());
    for (const auto& name : list)
    {
        const auto fail = [&](const std::string& problem)
        {
            throw format_error(path.string(), io::offset_of_element(path, items.names.size()),
                               "entry " + std::to_string(items.names.size()) + problem);
        };
        if (!name.is_string())
            fail(std::string(" must be a string, but is a JSON ") + name.type_name());
        const auto& text = name.get_ref<const std::string&>();
        if (!stays_below(text))
            fail(" must be a name below the folder of the test set, but " + io::detail::in_quotes(text) +
                 " leads out of it; " + how_to_get(items.set, published_file::items));
        items.names.push_back(text);
    }
    sort_by_name(items);
}

/// The files of 20news-bydate-test, in the order of the rows.
inline void read_newsgroups(item_list& items, const std::filesystem::path& distribution)
{
    for (std::size_t label = 0; label < items.set.num_classes; ++label)
    {
        const auto folder = distribution / std::string(items.set.class_names[label]);
        std::error_code error;
        if (!std::filesystem::is_directory(folder, error))
            throw io_error(folder.string(), "no such folder; name the folder 20news-bydate-test, which holds one for "
                                            "each newsgroup");
        std::vector<std::string> posts;
        for (std::filesystem::directory_iterator entry(folder, error);
             !error && entry != std::filesystem::directory_iterator(); entry.increment(error))
            posts.push_back(folder.filename().string() + "/" + entry->path().filename().string());
        if (error)
            throw io_error(folder.string(), "cannot be listed: " + io::detail::system_reason(error.value()));
        if (posts.size() != newsgroup_sizes[label])
            throw io_error(folder.string(), "holds " + std::to_string(posts.size()) + " files, but the folder of " +
                                                "20news-bydate-test holds " + std::to_string(newsgroup_sizes[label]) +
                                                "; unpack 20news-bydate.tar.gz anew");
        std::sort(posts.begin(), posts.end());
        items.names.insert(items.names.end(), posts.begin(), posts.end());
    }
    std::vector<std::string> by_row(items.names.size());
    for (std::size_t row = 0; row < by_row.size(); ++row)
        by_row[row] = std::move(items.names[items.order[row]]);
    items.names = std::move(by_row);
    sort_by_name(items);
}

/// Where the drawings of each bitmap file begin, from the headers.
inline void read_bitmap_counts(item_list& items, const std::filesystem::path& distribution)
{
    const auto bitmaps = io::quickdraw_counts(distribution);
    const auto [expected, found] =
        std::mismatch(items.files.begin(), items.files.end(), bitmaps.names.begin(), bitmaps.names.end());
    if (expected != items.files.end())
        throw io_error((distribution / *expected).string(),
                       "no such file; name the folder of QuickDraw's numpy bitmaps, which holds one for each class");
    if (found != bitmaps.names.end())
        throw io_error((distribution / *found).string(), "is the file of no class of " + std::string(items.set.title) +
                                                             "; use a folder that holds its numpy bitmaps alone");
    if (bitmaps.size() != items.set.num_examples)
        throw io_error(distribution.string(),
                       "holds " + std::to_string(bitmaps.size()) + " drawings, but " + std::string(items.set.title) +
                           " has " + std::to_string(items.set.num_examples) + "; use the full numpy bitmaps");
    items.first_rows.assign(bitmaps.first.begin(), bitmaps.first.end() - 1);
}

}  // namespace detail

inline std::string quickdraw_file_name(const dataset_facts& set, std::size_t label)
{
    // The names leave out the article that these three files have.
    return (label < 3 ? "The " : "") + std::string(set.class_names[label]) + ".npy";
}

inline item_list read_items(const dataset_facts& set, const std::filesystem::path& root,
                            const std::filesystem::path& distribution)
{
    item_list items{.set = set};
    if (is_listed(set.items))
        detail::read_names(items, root);
    if (set.items == item_source::newsgroup_folders)
    {
        items.order = newsgroup_order();
        items.files.assign(set.class_names.begin(), set.class_names.end());
        items.first_rows.resize(newsgroup_sizes.size());
        std::exclusive_scan(newsgroup_sizes.begin(), newsgroup_sizes.end(), items.first_rows.begin(), std::size_t{0});
        if (!distribution.empty())
            detail::read_newsgroups(items, distribution);
    }
    if (set.items == item_source::class_bitmaps)
    {
        if (distribution.empty())
            throw value_error("read_items: distribution must be the folder of QuickDraw's numpy bitmaps, whose headers "
                              "say which rows are whose, but is empty");
        for (std::size_t label = 0; label < set.num_classes; ++label)
            items.files.push_back(quickdraw_file_name(set, label));
        detail::read_bitmap_counts(items, distribution);
    }
    return items;
}

}  // namespace labelerrors::datasets

#endif
