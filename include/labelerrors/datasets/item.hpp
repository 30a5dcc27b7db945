#ifndef LABELERRORS_DATASETS_ITEM_HPP
#define LABELERRORS_DATASETS_ITEM_HPP

#include <labelerrors/datasets/item_list.hpp>
#include <labelerrors/error.hpp>
#include <labelerrors/io/in_quotes.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace labelerrors::datasets
{

/// A segment of a video.
struct audio_segment
{
    std::string video;  // the id at YouTube
    std::size_t start;  // in seconds
    std::size_t end;

    friend bool operator==(const audio_segment&, const audio_segment&) = default;
};

/// What a row of a test set is, in the set's own distribution.
struct item
{
    std::string file;                           // or address
    std::optional<std::size_t> position = {};   // in a file that holds many, from 0: image, line, drawing
    std::optional<std::size_t> number = {};     // ImageNet's own number of the image
    std::optional<audio_segment> segment = {};  // what the address means

    /// As one word: `file`, with `:position` behind it where there is one. row_of reads it.
    [[nodiscard]] std::string text() const
    {
        return position ? file + ":" + std::to_string(*position) : file;
    }
};

/// The item in row `row`. Throws value_error where there is no such row, naming n. O(1), or O(log k).
[[nodiscard]] item item_at(const item_list& items, std::size_t row);

/// The rows that an item is in, ascending: none if it is unknown, several if the set's own list names it more than once
/// (193 reviews of IMDB). `text` is what item::text gives; of listed files any longer or shorter path will do whose end
/// it is or which is its end, so ILSVRC2012_val_00000293.JPEG alone and a path on one's own disk. O(log n), or O(n) for
/// a path that is shorter than the list's.
[[nodiscard]] std::vector<std::size_t> rows_of(const item_list& items, std::string_view text);

/// The row that an item is in. Throws value_error where it is unknown or in several rows, naming them.
[[nodiscard]] std::size_t row_of(const item_list& items, std::string_view text);

/// The same for one item. For several read the list once: read_items.
/// Throws what read_items throws, too.
template <dataset D>
[[nodiscard]] item item_of(const std::filesystem::path& root, std::size_t row,
                           const std::filesystem::path& distribution = {})
{
    return item_at(read_items(facts_of<D>(), root, distribution), row);
}

/// The same for one text.
template <dataset D>
[[nodiscard]] std::size_t row_of(const std::filesystem::path& root, std::string_view text,
                                 const std::filesystem::path& distribution = {})
{
    return row_of(read_items(facts_of<D>(), root, distribution), text);
}

namespace detail
{

[[nodiscard]] inline std::optional<std::size_t> number_in(std::string_view text)
{
    std::size_t number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || failed != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

/// What stands in `text` after the last `before`, up to the first `after` behind it.
[[nodiscard]] inline std::string_view part_between(std::string_view text, std::string_view before,
                                                   std::string_view after)
{
    const auto found = text.rfind(before);
    if (found == std::string_view::npos)
        return {};
    text.remove_prefix(found + before.size());
    return text.substr(0, text.find(after));
}

/// The segment of http://youtu.be/VIDEO?start=30&end=40.
[[nodiscard]] inline std::optional<audio_segment> segment_of(std::string_view address)
{
    const auto start = number_in(part_between(address, "?start=", "&"));
    const auto end = number_in(part_between(address, "&end=", "&"));
    const auto video = part_between(address, "youtu.be/", "?");
    if (!start || !end || video.empty())
        return std::nullopt;
    return audio_segment{std::string(video), *start, *end};
}

/// The file and the position of FILE:POSITION, without the folders that FILE is in.
struct place
{
    std::string_view file;
    std::optional<std::size_t> position;
};

[[nodiscard]] inline place place_of(std::string_view text)
{
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos)
        return {text, std::nullopt};
    const auto file = text.substr(0, colon);
    return {file.substr(file.rfind('/') + 1), number_in(text.substr(colon + 1))};
}

/// The rows whose name in the list is `name`.
[[nodiscard]] inline std::vector<std::size_t> rows_named(const item_list& items, std::string_view name)
{
    const auto first = std::lower_bound(items.by_name.begin(), items.by_name.end(), name,
                                        [&](std::size_t row, std::string_view n) { return items.names[row] < n; });
    auto last = first;
    while (last != items.by_name.end() && items.names[*last] == name)
        ++last;
    return {first, last};
}

[[nodiscard]] inline std::vector<std::size_t> listed_rows_of(const item_list& items, std::string_view text)
{
    for (std::string_view end = text;;)
    {
        if (auto rows = rows_named(items, end); !rows.empty())
            return rows;
        const auto slash = end.find('/');
        if (slash == std::string_view::npos)
            break;
        end.remove_prefix(slash + 1);
    }
    std::vector<std::size_t> rows;
    if (!text.empty())
        for (std::size_t row = 0; row < items.names.size(); ++row)
            if (items.names[row].ends_with("/" + std::string(text)))
                rows.push_back(row);
    return rows;
}

}  // namespace detail

inline item item_at(const item_list& items, std::size_t row)
{
    const dataset_facts& set = items.set;
    if (row >= set.num_examples)
        throw value_error("item_at: row must be below the " + std::to_string(set.num_examples) + " examples of " +
                          std::string(set.title) + ", but is " + std::to_string(row));
    if (!items.names.empty())
    {
        item found{.file = items.names[row]};
        if (set.items == item_source::listed_images)
            found.number = detail::number_in(detail::part_between(found.file, "_", "."));
        if (set.items == item_source::listed_segments)
            found.segment = detail::segment_of(found.file);
        return found;
    }
    if (items.first_rows.empty())
        return {.file = std::string(set.items_file), .position = row};
    const std::size_t file_row = items.order.empty() ? row : items.order[row];
    const auto after = std::upper_bound(items.first_rows.begin(), items.first_rows.end(), file_row);
    const auto label = static_cast<std::size_t>(after - items.first_rows.begin()) - 1;
    return {.file = items.files[label], .position = file_row - items.first_rows[label]};
}

inline std::vector<std::size_t> rows_of(const item_list& items, std::string_view text)
{
    if (!items.names.empty())
        return detail::listed_rows_of(items, text);
    const auto [file, position] = detail::place_of(text);
    if (!position)
        return {};
    if (items.first_rows.empty())
    {
        if (file != items.set.items_file || *position >= items.set.num_examples)
            return {};
        return {*position};
    }
    const auto found = std::find(items.files.begin(), items.files.end(), file);
    if (found == items.files.end())
        return {};
    const auto label = static_cast<std::size_t>(found - items.files.begin());
    const std::size_t end = label + 1 < items.first_rows.size() ? items.first_rows[label + 1] : items.set.num_examples;
    if (*position >= end - items.first_rows[label])
        return {};
    const std::size_t file_row = items.first_rows[label] + *position;
    if (items.order.empty())
        return {file_row};
    return {
        static_cast<std::size_t>(std::find(items.order.begin(), items.order.end(), file_row) - items.order.begin())};
}

inline std::size_t row_of(const item_list& items, std::string_view text)
{
    const auto rows = rows_of(items, text);
    const std::string named = "row_of: text must name an item of " + std::string(items.set.title);
    if (rows.empty())
        throw value_error(named + ", as " + item_at(items, 0).text() + " is its first of " +
                          std::to_string(items.set.num_examples) + ", but " + io::detail::in_quotes(text) +
                          " is none of them");
    if (rows.size() > 1)
        throw value_error(named + " that has one row, but " + io::detail::in_quotes(text) + " has " +
                          std::to_string(rows.size()) + ", the first " + std::to_string(rows[0]) + " and " +
                          std::to_string(rows[1]) + "; use rows_of for all");
    return rows.front();
}

}  // namespace labelerrors::datasets

#endif
