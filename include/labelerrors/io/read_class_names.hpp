#ifndef LABELERRORS_IO_READ_CLASS_NAMES_HPP
#define LABELERRORS_IO_READ_CLASS_NAMES_HPP

#include <labelerrors/error.hpp>
#include <labelerrors/io/byte_order_mark.hpp>
#include <labelerrors/io/input_file.hpp>
#include <labelerrors/io/npy_header.hpp>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace labelerrors::io
{

/// Reads the names of classes, `least` .. `most` of them, one a line, in the order of the labels. Lines end in a line
/// feed, with or without a carriage return; empty lines may follow the last name, and a byte order mark may precede the
/// first. Throws io_error where the file cannot be read; format_error, at the first line too many or the end of the
/// file, where there are more or fewer names, at an empty line where a name is due, and where the text is in UTF-16 or
/// UTF-32. Two classes may have the same name. O(size).
[[nodiscard]] inline std::vector<std::string> read_class_names(const std::filesystem::path& path, std::size_t least,
                                                               std::size_t most)
{
    const input_file file = read_whole(path);
    const std::string_view text = detail::as_text(file.bytes());
    const auto refuse = [&](std::size_t at, const std::string& what)
    {
        throw format_error(path.string(), at, what + "; write one name a line, one for each class");
    };
    std::vector<std::string> names;
    for (std::size_t begin = detail::size_of_byte_order_mark(text, path.string()); begin < text.size();)
    {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        std::string_view line = text.substr(begin, end - begin);
        if (!line.empty() && line.back() == '\r')
            line.remove_suffix(1);
        if (names.size() < most && line.empty())
        {
            if (text.find_first_not_of("\r\n", begin) == text.npos)
                break;
            refuse(begin, "has no name for class " + std::to_string(names.size()) + ", but an empty line");
        }
        if (names.size() < most)
            names.emplace_back(line);
        else if (!line.empty())
            refuse(begin, "has more than " + std::to_string(most) + " names for " + std::to_string(most) + " classes");
        begin = end + 1;
    }
    if (names.size() < least)
        refuse(text.size(), "has " + std::to_string(names.size()) + " names for " + std::to_string(least) + " classes");
    return names;
}

/// The names of as many classes as there are.
[[nodiscard]] inline std::vector<std::string> read_class_names(const std::filesystem::path& path,
                                                               std::size_t num_classes)
{
    return read_class_names(path, num_classes, num_classes);
}

}  // namespace labelerrors::io

#endif
