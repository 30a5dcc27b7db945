#ifndef LABELERRORS_REPORT_FILE_ITEM_HPP
#define LABELERRORS_REPORT_FILE_ITEM_HPP

#include <labelerrors/io/input_file.hpp>
#include <labelerrors/report/page.hpp>
#include <labelerrors/report/svg_text.hpp>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace labelerrors::report
{

/// How image files reach a page.
enum class images_as
{
    embed,  // they become a part of it
    link,   // it says where they are, and has to lie beside them
};

/// What a text's bytes that are no UTF-8 are.
enum class text_encoding
{
    utf_8,    // damaged
    latin_1,  // characters of ISO 8859-1, if there is one such byte in the text
};

/// How files become items.
struct file_item_options
{
    report::images_as images_as = report::images_as::embed;
    // The folder of the page, to which links are relative; only for links.
    std::filesystem::path page_folder = ".";
    text_encoding encoding = text_encoding::utf_8;
    // A larger image is linked to instead of embedded, a longer text cut.
    std::size_t most_image_bytes = std::size_t{8} << 20;
    std::size_t most_text_bytes = std::size_t{64} << 10;
};

/// The item that a file holds: an image where it begins as a PNG, JPEG, GIF or WebP does, else a text. A file that is
/// not there, or cannot be read, makes an item that is absent and says so. `name`: what the item is called in its set.
/// O(size of what is taken).
[[nodiscard]] page_item file_item(const std::filesystem::path& path, std::string name,
                                  const file_item_options& options = {});

/// The item that a text makes, cut where it is longer than options.most_text_bytes. O(text).
[[nodiscard]] page_item text_item(std::string_view text, std::string name, const file_item_options& options = {});

namespace detail
{

/// Whether bytes begin as an image does that browsers show and that is no document of its own.
[[nodiscard]] inline bool is_image(std::string_view bytes)
{
    return bytes.starts_with("\x89PNG\r\n\x1a\n") || bytes.starts_with("\xff\xd8\xff") || bytes.starts_with("GIF8") ||
           (bytes.starts_with("RIFF") && bytes.substr(std::min<std::size_t>(8, bytes.size())).starts_with("WEBP"));
}

/// The bytes of `text` as UTF-8, if any is none taken for Latin 1.
[[nodiscard]] inline std::string from_latin_1(std::string_view text)
{
    std::string result;
    bool is_utf_8 = true;
    for (std::size_t i = 0; i < text.size() && is_utf_8;)
    {
        const std::size_t length = utf8_length(text.substr(i));
        is_utf_8 = length != 0;
        i += length;
    }
    if (is_utf_8)
        return std::string(text);
    for (const char c : text)
    {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80)
            result += c;
        else
        {
            result += static_cast<char>(0xc0u | byte >> 6);
            result += static_cast<char>(0x80u | (byte & 0x3fu));
        }
    }
    return result;
}

/// Where `text` may be cut at or before `most`: not within a character.
[[nodiscard]] inline std::size_t cut_before(std::string_view text, std::size_t most)
{
    std::size_t at = std::min(most, text.size());
    while (at > 0 && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0u) == 0x80u && most - at < 4)
        --at;
    return at;
}

/// The item that a text of `size` bytes makes, of which `text` is as much as may be taken and a character more.
[[nodiscard]] inline page_item start_of_text_item(std::string_view text, std::size_t size, std::string name,
                                                  const file_item_options& options)
{
    page_item item{.name = std::move(name), .kind = item_kind::text};
    const auto taken = text.substr(0, cut_before(text, options.most_text_bytes));
    item.content = options.encoding == text_encoding::latin_1 ? from_latin_1(taken) : std::string(taken);
    if (taken.size() < size)
        item.note = "the first " + std::to_string(taken.size()) + " of " + std::to_string(size) + " bytes";
    return item;
}

/// The first bytes of a file, at most `most`.
[[nodiscard]] inline std::string start_of(const io::input_file& file, std::size_t most)
{
    std::string text(std::min(most, file.size()), '\0');
    file.read_at(0, std::as_writable_bytes(std::span(text)));
    return text;
}

}  // namespace detail

inline page_item text_item(std::string_view text, std::string name, const file_item_options& options)
{
    return detail::start_of_text_item(text, text.size(), std::move(name), options);
}

inline page_item file_item(const std::filesystem::path& path, std::string name, const file_item_options& options)
{
    page_item item{.name = std::move(name), .location = path.string()};
    std::error_code failed;
    // Opening a pipe or a device could wait for ever.
    if (!std::filesystem::is_regular_file(path, failed))
    {
        item.note = "Not shown: there is no such file.";
        return item;
    }
    try
    {
        const io::input_file file(path, 0);
        constexpr std::size_t longest_start = 12;  // of an image, by which it is known
        constexpr std::size_t longest_character = 4;
        if (!detail::is_image(detail::start_of(file, longest_start)))
        {
            const std::size_t most = std::min(options.most_text_bytes, file.size());
            auto text = detail::start_of_text_item(detail::start_of(file, most + longest_character), file.size(),
                                                   std::move(item.name), options);
            text.location = std::move(item.location);
            return text;
        }
        if (options.images_as == images_as::embed && file.size() <= options.most_image_bytes)
        {
            item.kind = item_kind::image;
            item.content = detail::start_of(file, file.size());
            return item;
        }
        const auto folder = options.page_folder.empty() ? std::filesystem::path(".") : options.page_folder;
        item.kind = item_kind::link;
        item.content = path.is_absolute() ? path.string() : std::filesystem::proximate(path, folder).string();
    }
    catch (const io_error&)
    {
        item.note = "Not shown: the file cannot be read.";
    }
    return item;
}

}  // namespace labelerrors::report

#endif
