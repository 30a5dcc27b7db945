#ifndef LABELERRORS_IO_PICK_LINES_HPP
#define LABELERRORS_IO_PICK_LINES_HPP

#include <labelerrors/error.hpp>
#include <labelerrors/io/byte_order_mark.hpp>
#include <labelerrors/io/input_file.hpp>

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace labelerrors::io
{

/// Some lines of a text file.
struct picked_lines
{
    std::map<std::size_t, std::string> lines;  // by their numbers, from 0
    std::size_t num_lines = 0;                 // of the whole file
};

/// Reads the lines of a text file whose numbers, from 0, are in `wanted`, in any order; such as the file has not are
/// left out. A carriage return before a line's end is no part of it, nor is a byte order mark before the first line.
/// All lines are counted: where each stands for an example, those of a file of another length would be others. Throws
/// io_error where the file is a directory or a device, or cannot be opened or read; format_error where its text is in
/// UTF-16 or UTF-32. O(size), and memory for the lines wanted and one more.
[[nodiscard]] inline picked_lines pick_lines(const std::filesystem::path& path, std::span<const std::size_t> wanted)
{
    struct stat status = {};
    if (::stat(path.c_str(), &status) == 0)
        if (const auto problem = detail::problem_of_kind(status.st_mode, path.string()); !problem.empty())
            throw io_error(path.string(), problem);
    std::ifstream file(path, std::ios::binary);
    if (!file)
        throw io_error(path.string(), "cannot be opened: " + detail::system_reason(errno));
    std::vector<std::size_t> sorted(wanted.begin(), wanted.end());
    std::sort(sorted.begin(), sorted.end());
    picked_lines picked;
    for (std::string line; std::getline(file, line); ++picked.num_lines)
    {
        if (picked.num_lines == 0)
            line.erase(0, detail::size_of_byte_order_mark(line, path.string()));
        if (!std::binary_search(sorted.begin(), sorted.end(), picked.num_lines))
            continue;
        if (line.ends_with('\r'))
            line.pop_back();
        picked.lines.emplace(picked.num_lines, line);
    }
    if (file.bad())
        throw io_error(path.string(), "cannot be read behind its first " + std::to_string(picked.num_lines) +
                                          " lines: " + detail::system_reason(errno));
    return picked;
}

}  // namespace labelerrors::io

#endif
