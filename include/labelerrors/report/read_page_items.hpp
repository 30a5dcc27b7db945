#ifndef LABELERRORS_REPORT_READ_PAGE_ITEMS_HPP
#define LABELERRORS_REPORT_READ_PAGE_ITEMS_HPP

#include <labelerrors/datasets/dataset.hpp>
#include <labelerrors/datasets/item.hpp>
#include <labelerrors/datasets/item_list.hpp>
#include <labelerrors/datasets/published_files.hpp>
#include <labelerrors/error.hpp>
#include <labelerrors/io/quickdraw_bitmaps.hpp>
#include <labelerrors/report/file_item.hpp>
#include <labelerrors/report/image_rows.hpp>
#include <labelerrors/report/page.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace labelerrors::report
{

/// Reads what rows of a published test set are, as a page shows it: images of MNIST, CIFAR-10, CIFAR-100, Caltech-256
/// and ImageNet, drawings of QuickDraw, texts of 20news, IMDB and Amazon, addresses of AudioSet.
///
/// `root`: the published tree, for the lists of items. `distribution`: the test set itself, unpacked: its folder, a
/// folder above or below it, or for MNIST, CIFAR and Amazon the file; empty where it is not at hand, and then items are
/// absent and say where they are to be found. `rows`: below n each. Returns an item for each, in their order. Throws
/// io_error where `distribution` is given but has not the one file that holds all items; shape_error where that file
/// has another number of items; what reading it throws. A file for each item may be absent: its item says so.
[[nodiscard]] std::vector<page_item> read_page_items(const datasets::dataset_facts& set,
                                                     const std::filesystem::path& root,
                                                     const std::filesystem::path& distribution,
                                                     std::span<const std::size_t> rows,
                                                     const file_item_options& options = {});

namespace detail
{

/// `distribution` itself if it is a file, else the first of `names` that is in it.
[[nodiscard]] inline std::filesystem::path find_raw_file(const datasets::dataset_facts& set,
                                                         const std::filesystem::path& distribution,
                                                         std::initializer_list<std::string_view> names)
{
    std::error_code absent;
    if (std::filesystem::is_regular_file(distribution, absent))
        return distribution;
    for (const std::string_view name : names)
        if (std::filesystem::is_regular_file(distribution / name, absent))
            return distribution / name;
    throw io_error((distribution / *names.begin()).string(),
                   "no such file; name the folder of " + std::string(set.title) + "'s test set, which holds it");
}

/// The images of a set that keeps them in one file.
[[nodiscard]] inline image_rows open_set_images(const datasets::dataset_facts& set,
                                                const std::filesystem::path& distribution)
{
    auto images = [&]
    {
        if (set.name == "mnist")
            return open_image_rows(
                find_raw_file(set, distribution,
                              {"t10k-images-idx3-ubyte", "t10k-images-idx3-ubyte.gz", "t10k-images.idx3-ubyte",
                               "MNIST/raw/t10k-images-idx3-ubyte", "MNIST/raw/t10k-images-idx3-ubyte.gz"}));
        if (set.name == "cifar10")
            return open_cifar_images(find_raw_file(set, distribution,
                                                   {"test_batch", "test_batch.bin", "cifar-10-batches-py/test_batch",
                                                    "cifar-10-batches-bin/test_batch.bin"}),
                                     io::cifar_kind::cifar10);
        return open_cifar_images(
            find_raw_file(set, distribution,
                          {"test", "test.bin", "cifar-100-python/test", "cifar-100-binary/test.bin"}),
            io::cifar_kind::cifar100);
    }();
    if (images.num_images != set.num_examples)
        throw shape_error(distribution.string() + ": holds " + std::to_string(images.num_images) + " images, but " +
                          std::string(set.title) + " has " + std::to_string(set.num_examples) + " test examples");
    return images;
}

/// The lines of a text file that are wanted, by their numbers from 0, without fastText's label at their start.
[[nodiscard]] inline std::map<std::size_t, std::string> read_lines(const std::filesystem::path& path,
                                                                   std::span<const std::size_t> wanted)
{
    std::vector<std::size_t> sorted(wanted.begin(), wanted.end());
    std::sort(sorted.begin(), sorted.end());
    std::ifstream file(path, std::ios::binary);
    if (!file)
        throw io_error(path.string(), "cannot be opened: " + std::generic_category().message(errno));
    std::map<std::size_t, std::string> lines;
    std::string line;
    auto next = sorted.begin();
    for (std::size_t number = 0; next != sorted.end() && std::getline(file, line); ++number)
    {
        if (*next != number)
            continue;
        if (line.starts_with("__label__"))
            line.erase(0, std::min(line.size(), line.find(' ') + 1));
        lines[number] = line;
        while (next != sorted.end() && *next == number)
            ++next;
    }
    if (next != sorted.end())
        throw io_error(path.string(), "ends before line " + std::to_string(*next) +
                                          ", counted from 0; name the file "
                                          "with a line for each example");
    return lines;
}

/// A listed file below `distribution`, with as many of the folders of its name as are there.
[[nodiscard]] inline std::filesystem::path locate_listed(const std::filesystem::path& distribution,
                                                         const std::string& name)
{
    std::error_code absent;
    for (std::string_view rest = name;;)
    {
        for (const char* below : {"", "test", "256_ObjectCategories"})
            if (const auto path = distribution / below / rest; std::filesystem::is_regular_file(path, absent))
                return path;
        const auto slash = rest.find('/');
        // neg/3_4.txt without neg/ would be another review, if it were there.
        if (slash == std::string_view::npos || name.ends_with(".txt"))
            return distribution / name;
        rest.remove_prefix(slash + 1);
    }
}

[[nodiscard]] inline page_item absent_item(std::string name, const datasets::dataset_facts& set)
{
    page_item item{.name = std::move(name)};
    item.note = "Not shown: " + std::string(set.title) + "'s own files were not given.";
    if (!set.items_file.empty() && !datasets::is_listed(set.items))
        item.location = std::string(set.items_file);
    return item;
}

/// The list of items, where it can be had.
[[nodiscard]] inline std::optional<datasets::item_list> items_if_known(const datasets::dataset_facts& set,
                                                                       const std::filesystem::path& root,
                                                                       const std::filesystem::path& distribution)
{
    const bool needs_list = datasets::is_listed(set.items);
    const bool needs_bitmaps = set.items == datasets::item_source::class_bitmaps;
    if ((needs_list && !datasets::has_files(set, root, datasets::published_file::items)) ||
        (needs_bitmaps && distribution.empty()))
        return std::nullopt;
    return datasets::read_items(set, root, distribution);
}

}  // namespace detail

inline std::vector<page_item> read_page_items(const datasets::dataset_facts& set, const std::filesystem::path& root,
                                              const std::filesystem::path& distribution,
                                              std::span<const std::size_t> rows, const file_item_options& options)
{
    using datasets::item_source;
    const bool is_here = !distribution.empty();
    std::optional<image_rows> images;
    if (is_here && set.items == item_source::file_rows)
        images = detail::open_set_images(set, distribution);
    std::map<std::size_t, std::string> lines;
    if (is_here && set.items == item_source::file_lines)
        lines = detail::read_lines(detail::find_raw_file(set, distribution, {set.items_file}), rows);
    const auto list = detail::items_if_known(set, root, distribution);
    auto as_latin_1 = options;
    as_latin_1.encoding = text_encoding::latin_1;
    std::vector<page_item> items;
    items.reserve(rows.size());
    for (const std::size_t row : rows)
    {
        if (!list)
        {
            items.push_back(detail::absent_item("", set));
            continue;
        }
        const auto found = datasets::item_at(*list, row);
        page_item item = detail::absent_item(found.text(), set);
        if (found.segment)
            item = {.name = found.file, .kind = item_kind::address, .content = found.file};
        else if (images)
            item = {.name = item.name, .kind = item_kind::image, .content = images->png(row)};
        else if (const auto line = lines.find(row); line != lines.end())
            item = text_item(line->second, item.name, options);
        else if (is_here && set.items == item_source::class_bitmaps)
        {
            const auto drawing = io::read_quickdraw_bitmap(distribution, found.file, found.position.value_or(0));
            item = {.name = item.name,
                    .kind = item_kind::image,
                    .content = io::encode_png({drawing.data(), drawing.size()}, drawing.shape()[0], drawing.shape()[1],
                                              io::png_pixel::grey)};
        }
        else if (is_here)
            item = file_item(detail::locate_listed(distribution, found.file), item.name,
                             set.items == item_source::newsgroup_folders ? as_latin_1 : options);
        items.push_back(std::move(item));
    }
    return items;
}

}  // namespace labelerrors::report

#endif
