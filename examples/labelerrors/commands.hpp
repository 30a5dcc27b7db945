#ifndef LABELERRORS_PROGRAM_COMMANDS_HPP
#define LABELERRORS_PROGRAM_COMMANDS_HPP

#include <CLI/CLI.hpp>

#include <functional>

namespace program
{

/// What a subcommand does once its arguments have been read.
using command = std::function<void()>;

// Each adds its subcommand to the program and calls `choose` with the work if it is the one that was given.
using choose_command = std::function<void(command)>;
void add_find(CLI::App& app, const choose_command& choose);
void add_score(CLI::App& app, const choose_command& choose);
void add_count(CLI::App& app, const choose_command& choose);
void add_health(CLI::App& app, const choose_command& choose);
void add_annotators(CLI::App& app, const choose_command& choose);
void add_inspect(CLI::App& app, const choose_command& choose);
void add_datasets(CLI::App& app, const choose_command& choose);
void add_votes(CLI::App& app, const choose_command& choose);
void add_item(CLI::App& app, const choose_command& choose);
void add_correct(CLI::App& app, const choose_command& choose);
void add_evaluate(CLI::App& app, const choose_command& choose);
void add_report(CLI::App& app, const choose_command& choose);

}  // namespace program

#endif
