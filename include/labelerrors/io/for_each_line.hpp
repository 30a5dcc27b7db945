#ifndef LABELERRORS_IO_FOR_EACH_LINE_HPP
#define LABELERRORS_IO_FOR_EACH_LINE_HPP

#include <labelerrors/error.hpp>
#include <labelerrors/io/input_file.hpp>

#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>

namespace labelerrors::io
{

/// Calls `use(number, line)` with the lines of a text file, numbered from 0, until it returns false; a carriage return
/// before a line's end is no part of it, and `use` may move from the line. Returns how many lines it was called with.
/// Throws io_error where the file cannot be opened or read. O(size), and memory for one line.
template <class Use>
std::size_t for_each_line(const std::filesystem::path& path, const Use& use)
{
    std::ifstream file(path, std::ios::binary);
    if (!file)
        throw io_error(path.string(), "cannot be opened: " + detail::system_reason(errno));
    std::size_t number = 0;
    for (std::string line; std::getline(file, line);)
    {
        if (!line.empty() && line.back() == '\r')
            line.pop_back();
        if (!use(number++, line))
            return number;
    }
    if (file.bad())
        throw io_error(path.string(), "cannot be read");
    return number;
}

}  // namespace labelerrors::io

#endif
