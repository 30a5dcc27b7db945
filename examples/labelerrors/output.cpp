#include "output.hpp"

#include "interrupt.hpp"
#include <labelerrors/error.hpp>
#include <labelerrors/io/json.hpp>
#include <labelerrors/io/parse_number.hpp>

#include <nlohmann/json.hpp>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <string_view>
#include <system_error>

namespace program
{

using labelerrors::report::num_characters;

void output_options::add_to(CLI::App& app, default_output by_default)
{
    app.add_option("-o,--output", path,
                   "Write the result to this file, whole or not at all, instead of standard output")
        ->type_name("FILE");
    add_format_to(app);
    app.parse_complete_callback(
        [this, by_default]
        {
            const std::string unsaid = by_default == default_output::json ? ".json" : ".npy";
            const std::string said = format == "table" ? ".txt" : "." + format;
            check_ending("--output", path, format.empty() ? unsaid : said, format.empty());
        });
}

void check_ending(const std::string& option, const std::string& path, const std::string& ending, bool offers_format)
{
    for (const std::string other : {".npy", ".npz", ".csv", ".json", ".jsonl", ".html", ".svg", ".png", ".jpg", ".pdf"})
        if (other != ending && path.ends_with(other))
        {
            const std::string kind = ending == ".json" ? "JSON" : ending == ".txt" ? "a table" : "a " + ending;
            const bool makes_other = offers_format && (other == ".csv" || other == ".json");
            throw CLI::ValidationError(option + " " + path + " would hold " + kind + "; " +
                                       (makes_other ? "add --format " + other.substr(1) + ", or " : "") + "name it " +
                                       ending);
        }
}

void output_options::add_format_to(CLI::App& app)
{
    app.add_option("--format", format, "How the result is written (default: table on a terminal, else json)")
        ->check(CLI::IsMember({"table", "json", "csv"}))
        ->type_name("table|json|csv");
}

output_format output_options::chosen_format() const
{
    if (format == "table" || (format.empty() && path.empty() && isatty(STDOUT_FILENO) == 1))
        return output_format::table;
    return format == "csv" ? output_format::csv : output_format::json;
}

namespace
{

/// Throws the error for standard output that could not be written.
[[noreturn]] void fail_to_print()
{
    const int error = errno;
    if (error == EPIPE)
        throw reader_gone{};
    throw labelerrors::io_error("standard output",
                                "cannot be written: " + labelerrors::io::detail::system_reason(error));
}

/// No number in as few digits as give it back is longer.
constexpr std::size_t longest_number = 32;

/// A number as to_text gives it, in `text`: lists of them are long, and need no string for each.
[[nodiscard]] std::string_view written(double number, std::array<char, longest_number>& text)
{
    if (!std::isfinite(number))
        return "null";
    const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
    return {text.data(), static_cast<std::size_t>(end - text.data())};
}

}  // namespace

output::output(const output_options& options)
{
    if (!options.path.empty())
        file_.emplace(options.path);
}

text_buffer& text_buffer::operator<<(std::string_view text)
{
    text_ += text;
    return *this;
}

text_buffer& text_buffer::operator<<(double number)
{
    std::array<char, longest_number> text{};
    return *this << written(number, text);
}

text_buffer& text_buffer::operator<<(std::size_t number)
{
    std::array<char, 24> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
    return *this << std::string_view(text.data(), static_cast<std::size_t>(end - text.data()));
}

void output::flush()
{
    check_for_signals();
    const std::string& text = buffer_.text();
    if (file_)
        file_->write(text);
    else
    {
        note_printed();
        if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size())
            fail_to_print();
    }
    buffer_.clear();
}

void output::finish()
{
    flush();
    if (file_)
        file_->commit();
    else if (std::fflush(stdout) != 0)
        fail_to_print();
}

std::string to_text(double number)
{
    std::array<char, longest_number> text{};
    return std::string(written(number, text));
}

std::string to_fixed(double number, int decimals)
{
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%.*f", decimals, number);
    return text.data();
}

std::string to_digits(double number, int digits)
{
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%.*g", digits, number);
    return text.data();
}

std::string csv_field(std::string_view text)
{
    if (text.find_first_of(",\"\r\n") == std::string_view::npos)
        return std::string(text);
    std::string quoted = "\"";
    for (const char c : text)
        quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + '"';
}

std::string json_string(std::string_view text)
{
    return labelerrors::io::to_json_text(nlohmann::json(text));
}

void write_class_names(output& out, const std::vector<std::string>& names)
{
    for (std::size_t j = 0; j < names.size(); ++j)
        out << (j == 0 ? ",\n\"class_names\":[" : ",") << json_string(names[j]);
    out << (names.empty() ? "" : "]");
}

table::table(std::vector<std::string> titles)
{
    rows_.push_back(std::move(titles));
}

void table::add(std::vector<std::string> cells)
{
    for (std::string& cell : cells)
        cell = printable(cell);
    rows_.push_back(std::move(cells));
}

namespace
{

[[nodiscard]] bool is_number(const std::string& text)
{
    double number = 0.0;
    return labelerrors::io::detail::parse_number(text, number) == std::errc();
}

}  // namespace

void table::write_to(output& out) const
{
    const std::size_t columns = rows_.front().size();
    std::vector<std::size_t> widths(columns);
    std::vector<char> numeric(columns, rows_.size() > 1 ? 1 : 0);
    for (std::size_t i = 0; i < rows_.size(); ++i)
        for (std::size_t j = 0; j < columns; ++j)
        {
            widths[j] = std::max(widths[j], num_characters(rows_[i][j]));
            if (i > 0 && !rows_[i][j].empty() && !is_number(rows_[i][j]))
                numeric[j] = 0;
        }
    for (const auto& row : rows_)
    {
        std::string line;
        for (std::size_t j = 0; j < columns; ++j)
        {
            const std::string padding(widths[j] - num_characters(row[j]), ' ');
            line += (j == 0 ? "" : "  ") + (numeric[j] != 0 ? padding + row[j] : row[j] + padding);
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out << line + '\n';
    }
}

void write_lines(output& out, output_format format, const std::vector<named_text>& lines)
{
    const bool as_csv = format == output_format::csv;
    std::size_t width = 0;
    for (const auto& line : lines)
        width = std::max(width, line.name.size() + 2);
    if (as_csv)
        out << "name,value\n";
    for (const auto& [name, text] : lines)
        out << name + (as_csv ? "," + csv_field(text) : std::string(width - name.size(), ' ') + printable(text)) + "\n";
}

}  // namespace program
