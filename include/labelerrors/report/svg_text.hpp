#ifndef LABELERRORS_REPORT_SVG_TEXT_HPP
#define LABELERRORS_REPORT_SVG_TEXT_HPP

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

namespace labelerrors::report
{

/// Text as it may stand in an SVG: the characters that mean something to XML are written as entities, those that XML
/// has not and bytes that are no UTF-8 as question marks.
[[nodiscard]] std::string svg_escaped(std::string_view text);

/// The text that stands in an SVG as `escaped`: the five entities of XML and numbers of characters are what they mean,
/// all else, and numbers of no character, is as it is. O(size).
[[nodiscard]] std::string svg_unescaped(std::string_view escaped);

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
    // Overlong forms, halves of surrogate pairs, and beyond the last character.
    const bool refused = (first == 0xe0 && byte(1) < 0xa0) || (first == 0xed && byte(1) > 0x9f) ||
                         (first == 0xf0 && byte(1) < 0x90) || (first == 0xf4 && byte(1) > 0x8f);
    return refused ? 0 : length;
}

/// The same, but 0 for U+FFFE and U+FFFF too, which XML has not.
[[nodiscard]] inline std::size_t xml_length(std::string_view text) noexcept
{
    return text.starts_with("\xef\xbf\xbe") || text.starts_with("\xef\xbf\xbf") ? 0 : utf8_length(text);
}

/// The UTF-8 of a character; empty where XML has no such character.
[[nodiscard]] inline std::string utf8_of(std::uint32_t code)
{
    const auto byte = [](std::uint32_t bits)
    {
        return static_cast<char>(static_cast<unsigned char>(bits));
    };
    if (code < 0x80)
        return code >= 0x20 || code == '\t' || code == '\n' || code == '\r' ? std::string(1, byte(code)) : "";
    std::string text;
    if (code < 0x800)
        text = {byte(0xc0u | code >> 6)};
    else if (code < 0x10000)
        text = {byte(0xe0u | code >> 12), byte(0x80u | (code >> 6 & 0x3fu))};
    else if (code < 0x110000)
        text = {byte(0xf0u | code >> 18), byte(0x80u | (code >> 12 & 0x3fu)), byte(0x80u | (code >> 6 & 0x3fu))};
    else
        return "";
    text += byte(0x80u | (code & 0x3fu));
    return xml_length(text) == text.size() ? text : "";
}

/// What an entity, without its & and ;, stands for; empty where it is none.
[[nodiscard]] inline std::string meaning_of(std::string_view entity)
{
    struct named
    {
        std::string_view name;
        std::string_view text;
    };
    constexpr std::array<named, 5> entities{{{"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"apos", "'"}}};
    for (const auto& one : entities)
        if (entity == one.name)
            return std::string(one.text);
    if (!entity.starts_with('#'))
        return "";
    const bool is_hexadecimal = entity.starts_with("#x");
    const auto digits = entity.substr(is_hexadecimal ? 2 : 1);
    std::uint32_t code = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), code, is_hexadecimal ? 16 : 10);
    return error == std::errc{} && end == digits.data() + digits.size() ? utf8_of(code) : "";
}

}  // namespace detail

inline std::string svg_unescaped(std::string_view escaped)
{
    constexpr std::size_t longest_entity = 16;
    std::string text;
    for (std::size_t i = 0; i < escaped.size();)
    {
        const auto entity = escaped[i] == '&' ? escaped.substr(i + 1, longest_entity) : std::string_view();
        const std::size_t end = entity.find(';');
        const std::string meaning = end == std::string_view::npos ? "" : detail::meaning_of(entity.substr(0, end));
        text += meaning.empty() ? std::string(1, escaped[i]) : meaning;
        i += meaning.empty() ? 1 : end + 2;
    }
    return text;
}

inline std::string svg_escaped(std::string_view text)
{
    std::string escaped;
    while (!text.empty())
    {
        const std::size_t length = detail::xml_length(text);
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
