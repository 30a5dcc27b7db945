#include "help.hpp"

#include <algorithm>
#include <cstddef>
#include <sstream>
#include <string>

namespace program
{

namespace
{

constexpr std::size_t line_width = 80;
constexpr std::size_t name_width = 26;

/// Text in lines of at most `width` characters, broken between words.
std::string wrapped(const std::string& text, std::size_t width)
{
    std::istringstream words(text);
    std::string lines;
    std::size_t length = 0;
    for (std::string word; words >> word; length += word.size())
    {
        if (length != 0)
        {
            const bool fits = length + 1 + word.size() <= width;
            lines += fits ? ' ' : '\n';
            length = fits ? length + 1 : 0;
        }
        lines += word;
    }
    return lines;
}

/// The kind of value that an option takes, without the conditions that the library writes behind it.
std::string value_of(const CLI::Option* option)
{
    const std::string name = option->get_type_name();
    std::size_t end = name.size();
    for (const char* condition : {":{", ":INT in ", ":UINT in ", ":FLOAT in ", ":NONNEGATIVE", ":POSITIVE"})
        end = std::min(end, name.find(condition));
    return name.substr(0, end);
}

/// What the value must be one of; empty where it need not, or the option's line says it.
std::string choices_of(const CLI::Option* option)
{
    const std::string name = option->get_type_name();
    const std::size_t start = name.find(":{");
    if (start == std::string::npos || name.back() != '}' || name.find('|') < start)
        return {};
    std::string choices;
    for (const char c : name.substr(start + 2, name.size() - start - 3))
        choices += c == ',' ? std::string(", ") : std::string(1, c);
    return choices;
}

}  // namespace

std::string help_line(const std::string& name, const std::string& meaning)
{
    const std::string indent(name_width, ' ');
    std::string line;
    for (const char c : wrapped(name, line_width - 2))
        line += c == '\n' ? std::string("\n  ") : std::string(1, c);
    line.insert(0, 2, ' ');
    line += line.size() < name_width ? std::string(name_width - line.size(), ' ') : "\n" + indent;
    for (const char c : wrapped(meaning, line_width - name_width))
        line += c == '\n' ? "\n" + indent : std::string(1, c);
    return line + "\n";
}

help_formatter::help_formatter()
{
    column_width(name_width);
}

std::string help_formatter::make_description(const CLI::App* app) const
{
    return wrapped(app->get_description(), line_width) + "\n";
}

std::string help_formatter::make_footer(const CLI::App* app) const
{
    const std::string footer = app->get_footer();
    // Lines that are made already stay as they are.
    return footer.empty() || footer.back() == '\n' ? footer : wrapped(footer, line_width) + "\n";
}

std::string help_formatter::make_subcommand(const CLI::App* app) const
{
    return help_line(app->get_display_name(true), app->get_description());
}

std::string help_formatter::make_option_opts(const CLI::Option* option) const
{
    if (option->get_type_size() == 0)
        return {};
    return " " + value_of(option) + (option->get_required() ? " (required)" : "");
}

std::string help_formatter::make_option_desc(const CLI::Option* option) const
{
    const std::string choices = choices_of(option);
    const std::string text = option->get_description() + (choices.empty() ? "" : ". One of: " + choices);
    return wrapped(text, line_width - name_width);
}

}  // namespace program
