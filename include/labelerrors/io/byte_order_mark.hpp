#ifndef LABELERRORS_IO_BYTE_ORDER_MARK_HPP
#define LABELERRORS_IO_BYTE_ORDER_MARK_HPP

#include <labelerrors/error.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace labelerrors::io::detail
{

/// How many bytes of byte order mark stand before the content of a text file, which begins as `text` does.
/// Throws format_error where it is the mark of UTF-16 or UTF-32, what is read as bytes being none of its characters,
/// and where it is gzip's.
[[nodiscard]] inline std::size_t size_of_byte_order_mark(std::string_view text, const std::string& path)
{
    constexpr std::string_view utf_8 = "\xef\xbb\xbf";
    if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff") ||
        text.starts_with(std::string_view("\0\0\xfe\xff", 4)))
        throw format_error(path, 0, "the text is in UTF-16 or UTF-32; save it as UTF-8");
    if (text.starts_with("\x1f\x8b"))
        throw format_error(path, 0, "the text is compressed by gzip; decompress it by gunzip");
    return text.starts_with(utf_8) ? utf_8.size() : 0;
}

}  // namespace labelerrors::io::detail

#endif
