#ifndef LABELERRORS_PROGRAM_EMPTY_VALUES_HPP
#define LABELERRORS_PROGRAM_EMPTY_VALUES_HPP

#include <CLI/CLI.hpp>

#include <string>

namespace program
{

/// Lets no option be given an empty value, which is what a misspelt variable of a shell leaves: it would pass for an
/// option that was not given.
inline void refuse_empty_values(CLI::App& app)
{
    for (auto* subcommand : app.get_subcommands([](const CLI::App*) { return true; }))
        for (CLI::Option* option : subcommand->get_options())
            if (option->get_type_size_max() != 0)
                option->check(
                    [](const std::string& text)
                    { return text.empty() ? "is given an empty value; leave it out or say what it is" : ""; });
}

}  // namespace program

#endif
