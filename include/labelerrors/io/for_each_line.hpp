#ifndef LABELERRORS_IO_FOR_EACH_LINE_HPP
#define LABELERRORS_IO_FOR_EACH_LINE_HPP

#include <labelerrors/error.hpp>
#include <labelerrors/io/byte_order_mark.hpp>
#include <labelerrors/io/input_file.hpp>

#include <sys/stat.h>

#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>

namespace labelerrors::io
{

/// Calls `use(number, line)` with the lines of a text file, numbered from 0, until it returns false; a carriage return
/// before a line's end is no part of it, nor is a byte order mark before the first line, and `use` may move from the
/// line. Returns how many lines it was called with.
/// Throws io_error where the file is a directory or a device, or cannot be opened or read; format_error where its text
/// is in UTF-16 or UTF-32. O(size), and memory for one line.
template <class Use>
std::size_t for_each_line(const std::filesystem::path& path, const Use& use)
{
    struct stat status = {};
    if (::stat(path.c_str(), &status) == 0)
        if (const auto problem = detail::problem_of_kind(status.st_mode, path.string()); !problem.empty())
            throw io_error(path.string(), problem);
    std::ifstream file(path, std::ios::binary);
    if (!file)
        throw io_error(path.string(), "cannot be opened: " + detail::system_reason(errno));
    std::size_t number = 0;
    for (std::string line; std::getline(file, line);)
    {
        if (number == 0)
            line.erase(0, detail::size_of_byte_order_mark(line, path.string()));
        if (!line.empty() && line.back() == '\r')
            line.pop_back();
        if (!use(number++, line))
            return number;
    }
    if (file.bad())
        throw io_error(path.string(), "cannot be read behind its first " + std::to_string(number) +
                                          " lines: " + detail::system_reason(errno));
    return number;
}

}  // namespace labelerrors::io

#endif
