#ifndef LABELERRORS_IO_JSON_HPP
#define LABELERRORS_IO_JSON_HPP

#include <labelerrors/error.hpp>
#include <labelerrors/io/byte_order_mark.hpp>
#include <labelerrors/io/in_quotes.hpp>
#include <labelerrors/io/input_file.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace labelerrors::io
{

/// How read_json reads.
struct read_json_options
{
    // A larger file or stream is refused before it is read: the values take several times its size in memory.
    std::size_t max_bytes = std::size_t{1} << 26;
    // Arrays and objects inside one another.
    std::size_t max_depth = 64;
};

/// Reads a JSON file (RFC 8259, UTF-8), which a byte order mark may begin.
/// Throws io_error where the file cannot be read or is larger than options.max_bytes; format_error, with the byte,
/// where it is not JSON or has a number that no double holds. O(size).
[[nodiscard]] nlohmann::json read_json(const std::filesystem::path& path, const read_json_options& options = {});

/// Where element `index` of the array that is the whole of the JSON file `path` begins, in bytes: for errors about what
/// an element says. The file's end if it has no such element. O(size).
[[nodiscard]] std::uint64_t offset_of_element(const std::filesystem::path& path, std::size_t index);

/// A value as one line of JSON. Bytes of strings that are no UTF-8 become U+FFFD. `Json`: nlohmann::json or its like.
template <class Json>
[[nodiscard]] std::string to_json_text(const Json& value)
{
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

namespace detail
{

[[nodiscard]] inline std::string_view text_of(const input_file& file) noexcept
{
    return {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()};
}

/// Calls `visit(at, character, depth)` for every character outside strings and for every opening quote, in order, where
/// `depth` counts the brackets that are open before it; ends at once where it returns true, and returns that place, or
/// the end of the text.
template <class Visit>
[[nodiscard]] std::size_t find_in_json(std::string_view text, Visit visit)
{
    std::size_t depth = 0;
    bool in_string = false;
    for (std::size_t at = 0; at < text.size(); ++at)
    {
        const char c = text[at];
        if (in_string)
        {
            at += c == '\\' ? 1U : 0U;
            in_string = c != '"';
            continue;
        }
        if (visit(at, c, depth))
            return at;
        in_string = c == '"';
        if (c == '[' || c == '{')
            ++depth;
        else if ((c == ']' || c == '}') && depth > 0)
            --depth;
    }
    return text.size();
}

/// The characters of the number that begins at `at`; empty where none does.
[[nodiscard]] inline std::string_view json_number_at(std::string_view text, std::size_t at)
{
    constexpr std::string_view first = "-0123456789";
    constexpr std::string_view characters = "+-.0123456789Ee";
    const bool begins = at < text.size() && first.find(text[at]) != first.npos &&
                        (at == 0 || characters.find(text[at - 1]) == characters.npos);
    if (!begins)
        return {};
    return text.substr(at, std::min(text.find_first_not_of(characters, at), text.size()) - at);
}

/// Where the first number begins that is too large to be read; the end of the text if there is none.
[[nodiscard]] inline std::size_t find_refused_number(std::string_view text)
{
    return find_in_json(text,
                        [&](std::size_t at, char, std::size_t)
                        {
                            const std::string_view number = json_number_at(text, at);
                            return !number.empty() && !nlohmann::json::accept(number.begin(), number.end());
                        });
}

}  // namespace detail

inline nlohmann::json read_json(const std::filesystem::path& path, const read_json_options& options)
{
    const input_file file(path, options.max_bytes, options.max_bytes);
    const std::string_view text = detail::text_of(file);
    // The mark of UTF-8 the parser leaves out itself.
    static_cast<void>(detail::size_of_byte_order_mark(text, path.string()));
    const std::size_t too_deep =
        detail::find_in_json(text, [&](std::size_t, char, std::size_t depth) { return depth > options.max_depth; });
    if (too_deep < text.size())
        throw format_error(path.string(), too_deep,
                           "arrays and objects are nested deeper than " + std::to_string(options.max_depth) +
                               " levels");
    try
    {
        return detail::with_memory_for(path.string(), [&] { return nlohmann::json::parse(text.begin(), text.end()); });
    }
    catch (const nlohmann::json::parse_error& error)
    {
        // Its count is that of the characters read, the last of which is the bad one.
        const std::size_t offset = error.byte == 0 ? 0 : error.byte - 1;
        throw format_error(path.string(), offset < text.size() ? offset : text.size(),
                           text.empty()            ? "the file is empty, not JSON"
                           : offset >= text.size() ? "the JSON ends in the middle; the file was cut short"
                                                   : "this is not JSON");
    }
    catch (const nlohmann::json::out_of_range&)
    {
        const std::size_t place = detail::find_refused_number(text);
        throw format_error(path.string(), place,
                           "the number " + detail::in_quotes(detail::json_number_at(text, place)) +
                               " is larger than a double holds, which is 1.8e308; write a smaller one, or null");
    }
}

inline std::uint64_t offset_of_element(const std::filesystem::path& path, std::size_t index)
{
    const input_file file = read_whole(path);
    std::size_t element = 0;
    bool is_next = false;
    return detail::find_in_json(detail::text_of(file),
                                [&](std::size_t, char c, std::size_t depth)
                                {
                                    const bool is_space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
                                    if (depth == 1 && is_next && !is_space && element == index)
                                        return true;
                                    is_next =
                                        (depth == 0 && c == '[') || (depth == 1 && c == ',') || (is_next && is_space);
                                    element += depth == 1 && c == ',' ? 1U : 0U;
                                    return false;
                                });
}

}  // namespace labelerrors::io

#endif
