#ifndef LABELERRORS_MPI_PROGRAM_RANK_COMMANDS_HPP
#define LABELERRORS_MPI_PROGRAM_RANK_COMMANDS_HPP

#include "parts.hpp"

#include <CLI/CLI.hpp>

#include <functional>

namespace program
{

/// What a subcommand does on each rank once its arguments have been read.
using rank_command = std::function<void(mpi_processes&)>;

// Each adds its subcommand to the program and calls `choose` with the work if it is the one that was given.
using choose_rank_command = std::function<void(rank_command)>;
void add_find(CLI::App& app, const choose_rank_command& choose);
void add_score(CLI::App& app, const choose_rank_command& choose);
void add_count(CLI::App& app, const choose_rank_command& choose);
void add_health(CLI::App& app, const choose_rank_command& choose);

}  // namespace program

#endif
