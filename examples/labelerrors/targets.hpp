#ifndef LABELERRORS_PROGRAM_TARGETS_HPP
#define LABELERRORS_PROGRAM_TARGETS_HPP

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace program
{

/// An option that names a file to write, and its value: empty where it was not given.
struct target
{
    const char* option;
    std::string path;
};

/// Where a result goes that is printed if no file is named.
[[nodiscard]] target printed_or(const std::string& path);

/// Makes sure, before any work is done, that results can go where they are to go: refuses two of them in one file or
/// pipe, and throws io_error for a file that cannot be written.
void check_targets(const std::vector<target>& targets);

/// Whether a path names what standard output is.
[[nodiscard]] bool is_standard_output(const std::string& path);

/// Refuses arguments of a subcommand by which a result would be written over a file that is read, by whatever links,
/// and a dash for standard input.
void check_inputs(const CLI::App& subcommand);

}  // namespace program

#endif
