#ifndef LABELERRORS_REPORT_READ_PAGE_ITEMS_HPP
#define LABELERRORS_REPORT_READ_PAGE_ITEMS_HPP

#include <labelerrors/datasets/dataset.hpp>
#include <labelerrors/datasets/item.hpp>
#include <labelerrors/datasets/item_list.hpp>
#include <labelerrors/datasets/own_files.hpp>
#include <labelerrors/datasets/published_files.hpp>
#include <labelerrors/error.hpp>
#include <labelerrors/io/pick_lines.hpp>
#include <labelerrors/io/quickdraw_bitmaps.hpp>
#include <labelerrors/report/file_item.hpp>
#include <labelerrors/report/image_rows.hpp>
#include <labelerrors/report/page.hpp>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace labelerrors::report
{

/// Reads what rows of a published test set are, as a page shows it: images of MNIST, CIFAR-10, CIFAR-100, Caltech-256
/// and ImageNet, drawings of QuickDraw, texts of 20news, IMDB and Amazon, addresses of AudioSet.
///
/// `root`: the published tree, for the lists of items. `distribution`: the test set itself, unpacked: its folder, the
/// folder above it, or for MNIST, CIFAR and Amazon the file; empty where it is not at hand, and then items are absent
/// and say where they are to be found. `rows`: below n each. Returns an item for each, in their order.
/// Throws io_error where `distribution` is given but has not the one file that holds all items; shape_error where that
/// file has another number of items; what reading it and read_items throw. A file for each item may be absent, or lie
/// outside of `distribution` where a link leads there, and then is not read: its item says so. O(what is read), which
/// is all of Amazon's file.
[[nodiscard]] std::vector<page_item> read_page_items(const datasets::dataset_facts& set,
                                                     const std::filesystem::path& root,
                                                     const std::filesystem::path& distribution,
                                                     std::span<const std::size_t> rows,
                                                     const file_item_options& options = {});

namespace detail
{

/// The images of a set that keeps them in one file.
[[nodiscard]] inline image_rows open_set_images(const datasets::dataset_facts& set,
                                                const std::filesystem::path& distribution)
{
    const auto path = datasets::find_set_file(set, distribution);
    const auto images = set.name == "mnist" ? open_image_rows(path)
                                            : open_cifar_images(path, set.name == "cifar10" ? io::cifar_kind::cifar10
                                                                                            : io::cifar_kind::cifar100);
    if (images.num_images != set.num_examples)
        throw shape_error(distribution.string() + ": holds " + std::to_string(images.num_images) + " images, but " +
                          std::string(set.title) + " has " + std::to_string(set.num_examples) + " test examples");
    return images;
}

/// The lines of a set's own text file that are wanted, by their numbers from 0.
[[nodiscard]] inline std::map<std::size_t, std::string> read_set_lines(const datasets::dataset_facts& set,
                                                                       const std::filesystem::path& path,
                                                                       std::span<const std::size_t> wanted)
{
    auto picked = io::pick_lines(path, wanted);
    if (picked.num_lines != set.num_examples)
        throw shape_error(path.string() + ": has " + std::to_string(picked.num_lines) + " lines, but " +
                          std::string(set.title) + " has " + std::to_string(set.num_examples) +
                          " test examples, a line each; name the file that they are in");
    return std::move(picked.lines);
}

/// A line without fastText's label at its start.
[[nodiscard]] inline std::string_view without_label(std::string_view line)
{
    return line.starts_with("__label__") ? line.substr(std::min(line.find(' '), line.size() - 1) + 1) : line;
}

/// The item that a listed file holds. What lies elsewhere is no item of the set, and nothing that its page may show.
[[nodiscard]] inline page_item listed_item(const std::filesystem::path& distribution, const std::string& file,
                                           page_item absent, const file_item_options& options)
{
    const auto path = datasets::locate_listed(distribution, file);
    std::error_code failed;
    if (!std::filesystem::exists(path, failed) || datasets::lies_in(distribution, path))
        return file_item(path, std::move(absent.name), options);
    absent.location = path.string();
    absent.note = "Not shown: the file lies outside of " + distribution.string() + ".";
    return absent;
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
    const auto folder = datasets::set_folder(set, distribution);
    const bool is_here = !distribution.empty();
    std::optional<image_rows> images;
    if (is_here && set.items == item_source::file_rows)
        images = detail::open_set_images(set, distribution);
    std::map<std::size_t, std::string> lines;
    if (is_here && set.items == item_source::file_lines)
        lines = detail::read_set_lines(set, datasets::find_set_file(set, distribution), rows);
    const auto list = detail::items_if_known(set, root, folder);
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
            item = text_item(detail::without_label(line->second), item.name, options);
        else if (is_here && set.items == item_source::class_bitmaps)
        {
            const auto drawing = io::read_quickdraw_bitmap(folder, found.file, found.position.value_or(0));
            item = {.name = item.name,
                    .kind = item_kind::image,
                    .content = io::encode_png({drawing.data(), drawing.size()}, drawing.shape()[0], drawing.shape()[1],
                                              io::png_pixel::grey)};
        }
        else if (is_here && set.items != item_source::listed_segments)
            item = detail::listed_item(folder, found.file, std::move(item),
                                       set.items == item_source::newsgroup_folders ? as_latin_1 : options);
        items.push_back(std::move(item));
    }
    return items;
}

}  // namespace labelerrors::report

#endif
