#ifndef LABELERRORS_IO_LINE_FIELDS_HPP
#define LABELERRORS_IO_LINE_FIELDS_HPP

#include <labelerrors/error.hpp>
#include <labelerrors/io/byte_order_mark.hpp>
#include <labelerrors/io/in_quotes.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace labelerrors::io::detail
{

// The lines of a text and the fields in them that are names, of which the last may have commas.

/// A line of a text file, where it is.
struct text_line
{
    std::string_view text;
    std::size_t offset = 0;
    std::size_t number = 0;  // from 1
};

/// Calls `use(line)` with each line of the text file `path` that is not blank, without the space at its end.
/// Throws format_error where the text is not UTF-8 but UTF-16 or UTF-32.
template <class Use>
void for_each_nonblank_line(std::string_view text, const std::string& path, Use&& use)
{
    std::size_t begin = size_of_byte_order_mark(text, path);
    for (std::size_t number = 1; begin < text.size(); ++number)
    {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        std::string_view line = text.substr(begin, end - begin);
        line.remove_suffix(line.size() - (line.find_last_not_of(" \t\r") + 1));
        if (!line.empty())
            use(text_line{line, begin, number});
        begin = end + 1;
    }
}

/// Throws format_error about `line`.
[[noreturn]] inline void fail_at(const text_line& line, const std::string& path, const std::string& problem)
{
    throw format_error(path, line.offset, "line " + std::to_string(line.number) + ": " + problem);
}

/// `field` without space around it.
[[nodiscard]] inline std::string_view without_space(std::string_view field)
{
    constexpr std::string_view space = " \t";
    field.remove_prefix(std::min(field.find_first_not_of(space), field.size()));
    field.remove_suffix(field.size() - (field.find_last_not_of(space) + 1));
    return field;
}

[[nodiscard]] inline bool is_quoted(std::string_view field) noexcept
{
    return field.size() >= 2 && field.front() == '"' && field.back() == '"';
}

/// `field` without space and quotes around it. Unlike bare_field, which is for numbers, it leaves a plus sign: videos,
/// mids and names may begin with one.
[[nodiscard]] inline std::string_view without_quotes(std::string_view field)
{
    field = without_space(field);
    return is_quoted(field) ? without_space(field.substr(1, field.size() - 2)) : field;
}

/// Takes what stands up to the next comma off `rest`, without space and quotes around it.
[[nodiscard]] inline std::string_view take_field(const text_line& line, std::string_view& rest, const std::string& path,
                                                 const char* expected)
{
    const std::size_t comma = rest.find(',');
    if (comma == std::string_view::npos || without_quotes(rest.substr(0, comma)).empty())
        fail_at(line, path, std::string("there should be ") + expected + ", not only " + in_quotes(line.text));
    const std::string_view field = without_quotes(rest.substr(0, comma));
    rest.remove_prefix(comma + 1);
    return field;
}

/// The rest of a line, which may be in quotes, with the doubled quotes in them single. Throws where it is empty or a
/// quote is not closed.
[[nodiscard]] inline std::string last_field(const text_line& line, std::string_view rest, const std::string& path,
                                            const char* expected)
{
    const bool in_quote = is_quoted(without_space(rest));
    const std::string_view field = without_quotes(rest);
    bool is_whole = !field.empty() && (in_quote || (field.front() != '"' && field.back() != '"'));
    std::string text;
    for (std::size_t i = 0; i < field.size(); ++i)
    {
        text += field[i];
        if (in_quote && field[i] == '"')
        {
            ++i;
            is_whole = is_whole && i < field.size() && field[i] == '"';
        }
    }
    if (!is_whole)
        fail_at(line, path,
                std::string("there should be ") + expected + ", quotes closed, at the end of " + in_quotes(line.text));
    return text;
}

}  // namespace labelerrors::io::detail

#endif
