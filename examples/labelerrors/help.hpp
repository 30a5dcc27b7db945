#ifndef LABELERRORS_PROGRAM_HELP_HPP
#define LABELERRORS_PROGRAM_HELP_HPP

#include <CLI/CLI.hpp>

#include <string>

namespace program
{

/// Help that fits a terminal of 80 columns: descriptions are wrapped beside the names of the options, and what an
/// option lets one choose from is said there, where the library writes it behind the name.
class help_formatter : public CLI::Formatter
{
public:
    help_formatter();

    [[nodiscard]] std::string make_description(const CLI::App* app) const override;
    [[nodiscard]] std::string make_footer(const CLI::App* app) const override;
    [[nodiscard]] std::string make_subcommand(const CLI::App* app) const override;
    [[nodiscard]] std::string make_option_opts(const CLI::Option* option) const override;
    [[nodiscard]] std::string make_option_desc(const CLI::Option* option) const override;
};

/// A name, and beside it what it means, in lines that fit; a long name has a line of its own.
[[nodiscard]] std::string help_line(const std::string& name, const std::string& meaning);

}  // namespace program

#endif
