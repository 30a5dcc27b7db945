#ifndef LABELERRORS_REPORT_SVG_TEXT_HPP
#define LABELERRORS_REPORT_SVG_TEXT_HPP

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace labelerrors::report
{

/// Text as it may stand in an SVG: the characters that mean something to XML are written as entities, those that XML
/// has not and bytes that are no UTF-8 as question marks.
[[nodiscard]] std::string svg_escaped(std::string_view text);

/// About how wide a text is, in pixels: of a common sans serif, a little more rather than less.
[[nodiscard]] double svg_width_of(std::string_view text, double size);

namespace detail
{

/// How many bytes the UTF-8 character at the start of `text` has; 0 where there is none.
[[nodiscard]] inline std::size_t utf8_length(std::string_view text) noexcept
{
    const auto byte = [&](std::size_t i)
    {
        return static_cast<unsigned char>(text[i]);
    };
    const unsigned char first = byte(0);
    const std::size_t length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (length == 0 || first > 0xf4 || text.size() < length)
        return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(i) & 0xc0u) != 0x80u)
            return 0;
    // Overlong forms, halves of surrogate pairs, beyond the last character, and U+FFFE and U+FFFF, which XML has not.
    const bool refused = (first == 0xe0 && byte(1) < 0xa0) || (first == 0xed && byte(1) > 0x9f) ||
                         (first == 0xf0 && byte(1) < 0x90) || (first == 0xf4 && byte(1) > 0x8f) ||
                         text.substr(0, length) == "\xef\xbf\xbe" || text.substr(0, length) == "\xef\xbf\xbf";
    return refused ? 0 : length;
}

}  // namespace detail

inline std::string svg_escaped(std::string_view text)
{
    std::string escaped;
    while (!text.empty())
    {
        const std::size_t length = detail::utf8_length(text);
        const auto first = static_cast<unsigned char>(text.front());
        switch (text.front())
        {
        case '&':
            escaped += "&amp;";
            break;
        case '<':
            escaped += "&lt;";
            break;
        case '>':
            escaped += "&gt;";
            break;
        case '"':
            escaped += "&quot;";
            break;
        default:
            escaped += length == 0 || first < 0x20 || first == 0x7f ? "?" : text.substr(0, length);
        }
        text.remove_prefix(std::max<std::size_t>(1, length));
    }
    return escaped;
}

inline double svg_width_of(std::string_view text, double size)
{
    const auto characters = std::count_if(text.begin(), text.end(),
                                          [](char c) { return (static_cast<unsigned char>(c) & 0xc0u) != 0x80u; });
    return 0.62 * size * static_cast<double>(characters);
}

}  // namespace labelerrors::report

#endif
