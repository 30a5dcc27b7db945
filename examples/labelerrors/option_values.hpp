#ifndef LABELERRORS_PROGRAM_OPTION_VALUES_HPP
#define LABELERRORS_PROGRAM_OPTION_VALUES_HPP

#include <CLI/CLI.hpp>

#include <string>

namespace program
{

/// Lets no option be given an empty value, which is what a misspelt variable of a shell leaves: it would pass for an
/// option that was not given. And lets no flag be given any value: --softmax=no would be a flag that was given.
inline void check_values(CLI::App& app)
{
    for (CLI::Option* option : app.get_options())
        if (option->get_items_expected_max() == 0)
            option->disable_flag_override();
        else
            option->check([](const std::string& text)
                          { return text.empty() ? "is given an empty value; leave it out or say what it is" : ""; });
    for (auto* subcommand : app.get_subcommands([](const CLI::App*) { return true; }))
        check_values(*subcommand);
}

/// What is wrong with the values of options, in words that tell more than those of CLI11.
[[nodiscard]] inline std::string problem_of_values(const CLI::Error& error)
{
    const std::string text = error.what();
    if (const auto most = text.find(": At Most 1 required but received"); most != std::string::npos)
        return text.substr(0, most) + " is given more than once";
    if (const auto value = text.find(": 1 required "); value != std::string::npos && text.ends_with(" missing"))
        return text.substr(0, value) + " needs a value";
    if (const auto flag = text.find(" was given a disallowed flag override"); flag != std::string::npos)
        // CLI11 leaves the dashes out.
        return (flag == 1 ? "-" : "--") + text.substr(0, flag) +
               " is given a value, but takes none; leave it out where it is not meant";
    return text;
}

}  // namespace program

#endif
