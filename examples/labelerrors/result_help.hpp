#ifndef LABELERRORS_PROGRAM_RESULT_HELP_HPP
#define LABELERRORS_PROGRAM_RESULT_HELP_HPP

#include <CLI/CLI.hpp>

namespace program
{

/// Ends the help of every subcommand with what its result is made of: the fields of its JSON, the columns of its .csv.
void describe_results(CLI::App& app);

}  // namespace program

#endif
