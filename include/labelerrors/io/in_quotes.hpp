#ifndef LABELERRORS_IO_IN_QUOTES_HPP
#define LABELERRORS_IO_IN_QUOTES_HPP

#include <cstddef>
#include <string>
#include <string_view>

namespace labelerrors::io::detail
{

/// `text`, which comes from a file and may hold anything, in quotes and fit for one line of a message: at most 60
/// characters of it, each that cannot be printed as a question mark.
[[nodiscard]] inline std::string in_quotes(std::string_view text)
{
    constexpr std::size_t longest = 60;
    std::string out = "'";
    for (const char character : text.substr(0, longest))
    {
        const auto code = static_cast<unsigned char>(character);
        // What is above 126 may be a part of UTF-8 cut in two, which would spoil the whole line on a terminal.
        out += code >= 32 && code < 127 ? character : '?';
    }
    out += text.size() > longest ? "...'" : "'";
    return out;
}

}  // namespace labelerrors::io::detail

#endif
