#ifndef LABELERRORS_REPORT_PRINTABLE_HPP
#define LABELERRORS_REPORT_PRINTABLE_HPP

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace labelerrors::report
{

/// `text`, which may come from a file and hold anything, fit for one line of a terminal: control characters, which
/// could move the cursor or change colours, are written as a string of C++ has them, byte by byte. All else is as it
/// is. O(size).
[[nodiscard]] inline std::string printable(std::string_view text)
{
    constexpr std::string_view digits = "0123456789abcdef";
    const auto byte_at = [&](std::size_t i)
    {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    std::string shown;
    shown.reserve(text.size());
    for (std::size_t i = 0; i < text.size();)
    {
        const unsigned byte = byte_at(i);
        // U+0080 to U+009F, of two bytes in UTF-8, are control characters too.
        const bool is_pair = byte == 0xc2 && (byte_at(i + 1) & 0xe0U) == 0x80;
        const std::size_t end = i + (is_pair ? 2 : 1);
        const bool is_control = byte < 0x20 || byte == 0x7f || is_pair;
        for (; i < end; ++i)
            if (byte == '\n')
                shown += "\\n";
            else if (is_control)
                for (const char c : {'\\', 'x', digits[byte_at(i) >> 4], digits[byte_at(i) & 15]})
                    shown += c;
            else
                shown += text[i];
    }
    return shown;
}

/// How many characters UTF-8 text has: its width on a terminal, but for wide characters and for such as join the one
/// before them. O(size).
[[nodiscard]] inline std::size_t num_characters(std::string_view text) noexcept
{
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0u) != 0x80u; }));
}

}  // namespace labelerrors::report

#endif
