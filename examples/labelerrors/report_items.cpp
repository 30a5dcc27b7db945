// What `labelerrors report` shows of the examples of a run.
#include "report_items.hpp"

#include <labelerrors/datasets/votes_entry.hpp>
#include <labelerrors/error.hpp>
#include <labelerrors/io/pick_lines.hpp>
#include <labelerrors/report/image_rows.hpp>
#include <labelerrors/report/svg_text.hpp>

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace program
{

namespace
{

namespace report = labelerrors::report;

[[noreturn]] void fail_count(const std::string& path, std::size_t count, const char* what, std::size_t num_examples)
{
    throw std::runtime_error(path + ": has " + std::to_string(count) + " " + what + ", but there are " +
                             std::to_string(num_examples) + " labels; give one for each");
}

/// The lines of the wanted rows of a file that has one for each of n examples.
[[nodiscard]] std::map<std::size_t, std::string> read_lines(const std::string& path, std::span<const std::size_t> rows,
                                                            std::size_t num_examples)
{
    auto picked = labelerrors::io::pick_lines(path, rows);
    if (picked.num_lines != num_examples)
        fail_count(path, picked.num_lines, "lines", num_examples);
    return std::move(picked.lines);
}

/// The scheme of an address may be written in capitals.
[[nodiscard]] bool is_web_address(std::string_view text)
{
    constexpr std::string_view longest = "https://";
    const std::string start = labelerrors::datasets::detail::in_lower_case(text.substr(0, longest.size()));
    return start == longest || start.starts_with("http://");
}

[[nodiscard]] report::page_item listed_item(const std::string& text, const report::file_item_options& options)
{
    if (is_web_address(text))
        return {.name = text, .kind = report::item_kind::address, .content = text};
    auto item = report::file_item(text, text, options);
    // Its name is its place.
    item.location.clear();
    return item;
}

}  // namespace

std::vector<report::page_item> read_items(const item_sources& sources, std::span<const std::size_t> rows,
                                          std::size_t num_examples, const report::file_item_options& options)
{
    std::vector<report::page_item> items;
    if (!sources.images.empty())
    {
        const auto images = report::open_image_rows(sources.images);
        if (images.num_images != num_examples)
            fail_count(sources.images, images.num_images, "images", num_examples);
        const std::string name = std::filesystem::path(sources.images).filename().string();
        for (const std::size_t row : rows)
            items.push_back({.name = name + ":" + std::to_string(row),
                             .kind = report::item_kind::image,
                             .content = images.png(row)});
    }
    else if (!sources.texts.empty())
    {
        const std::string name = std::filesystem::path(sources.texts).filename().string();
        const auto lines = read_lines(sources.texts, rows, num_examples);
        for (const std::size_t row : rows)
            items.push_back(report::text_item(lines.at(row), name + ":" + std::to_string(row), options));
    }
    else if (!sources.list.empty())
    {
        const auto lines = read_lines(sources.list, rows, num_examples);
        for (const std::size_t row : rows)
            items.push_back(listed_item(lines.at(row), options));
    }
    return items;
}

report::page_figure read_figure(const std::string& path)
{
    const auto file = labelerrors::io::read_whole(path);
    std::string svg(reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size());
    if (svg.find("<svg") == std::string::npos)
        throw std::runtime_error(path + ": is no SVG; --figure takes drawings in this format");
    const auto begin = svg.find("<title>");
    const auto end = svg.find("</title>");
    std::string title = begin != std::string::npos && end != std::string::npos && begin < end
                            ? report::svg_unescaped(std::string_view(svg).substr(begin + 7, end - begin - 7))
                            : std::filesystem::path(path).stem().string();
    return {std::move(title), std::move(svg)};
}

}  // namespace program
