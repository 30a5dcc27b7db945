#ifndef LABELERRORS_PROGRAM_TARGETS_HPP
#define LABELERRORS_PROGRAM_TARGETS_HPP

#include <CLI/CLI.hpp>

#include <initializer_list>
#include <string>

namespace program
{

/// An option that names a file to write, and its value: empty where it was not given.
struct target
{
    const char* option;
    std::string path;
};

/// Makes sure, before any work is done, that results can go where they are to go: refuses two of them in one file, and
/// throws io_error for a file that cannot be written.
void check_targets(std::initializer_list<target> targets);

/// Refuses arguments of a subcommand by which a result would be written over a file that is read, by whatever links.
void check_inputs(const CLI::App& subcommand);

}  // namespace program

#endif
