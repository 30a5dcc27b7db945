#ifndef LABELERRORS_PROGRAM_TIMING_HPP
#define LABELERRORS_PROGRAM_TIMING_HPP

#include "progress.hpp"

#include <CLI/CLI.hpp>

#include <cstddef>
#include <optional>

namespace program
{

/// --timing, which every subcommand has.
struct timing_option
{
    bool wanted = false;
    std::optional<std::size_t> read_before = std::nullopt;  // bytes, when the option was met, if the system tells

    void add_to(CLI::App& app);

    /// Writes the line to standard error if it is wanted. `bytes_read`: what the arrays hold, which a pass may
    /// read again, or in part; without it, what was read of all files since the arguments were.
    void tell(const progress& watch, std::optional<std::size_t> bytes_read = std::nullopt) const;
};

}  // namespace program

#endif
