#ifndef LABELERRORS_PROGRAM_OUTPUT_HPP
#define LABELERRORS_PROGRAM_OUTPUT_HPP

#include <labelerrors/io/atomic_file.hpp>
#include <labelerrors/report/printable.hpp>
#include <labelerrors/rows/parallel.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace program
{

enum class output_format
{
    table,
    json,
    csv,
};

/// What --output holds without --format.
enum class default_output
{
    json,
    npy,
};

/// Where a result goes and in what form.
struct output_options
{
    std::string path;    // empty: standard output
    std::string format;  // empty: a table on a terminal, else JSON

    /// Adds --output and --format. The name of the file may not deny what it will hold. This object must be where it is
    /// when the arguments are read.
    void add_to(CLI::App& app, default_output by_default = default_output::json);

    /// Adds --format alone, where the result is printed.
    void add_format_to(CLI::App& app);

    [[nodiscard]] output_format chosen_format() const;
};

/// Refuses for `option` a file whose name says that it is of another kind than `ending`, which the result is: ".npy".
/// `offers_format`: whether --format makes the other kind.
void check_ending(const std::string& option, const std::string& path, const std::string& ending,
                  bool offers_format = false);

/// Text in the making, numbers as to_text gives them.
class text_buffer
{
public:
    text_buffer& operator<<(std::string_view text);
    text_buffer& operator<<(double number);
    text_buffer& operator<<(std::size_t number);

    [[nodiscard]] const std::string& text() const noexcept
    {
        return text_;
    }

    void clear() noexcept
    {
        text_.clear();
    }

private:
    std::string text_;
};

/// A result on its way out: to standard output, or to a file that is written whole or not at all.
class output
{
public:
    explicit output(const output_options& options);

    template <class T>
    output& operator<<(const T& what)
    {
        constexpr std::size_t chunk = std::size_t{1} << 16;
        buffer_ << what;
        if (buffer_.text().size() >= chunk)
            flush();
        return *this;
    }

    /// Writes what `write(text, i)` makes of each i below `count`, in order. Long lists are made by several threads.
    template <class Write>
    void write_each(std::size_t count, std::size_t threads, const Write& write);

    /// Writes what has come so far, which for a file is not yet under its name. Throws io_error where that fails.
    void flush();

    /// Without this nothing reaches a file. Throws io_error where writing fails.
    void finish();

private:
    std::optional<labelerrors::io::atomic_file> file_;
    text_buffer buffer_;
};

/// A number in as few digits as give it back; null for NaN, which JSON has not.
[[nodiscard]] std::string to_text(double number);

/// A number with a fixed number of decimals, for tables.
[[nodiscard]] std::string to_fixed(double number, int decimals);

/// A number with so many significant digits, for tables whose numbers differ by orders of magnitude.
[[nodiscard]] std::string to_digits(double number, int digits);

using labelerrors::report::printable;

/// A field of a .csv file, quoted where it must be.
[[nodiscard]] std::string csv_field(std::string_view text);

/// A string as JSON has it; bytes that are no UTF-8 are replaced.
[[nodiscard]] std::string json_string(std::string_view text);

/// Adds the names of the classes to an object of JSON that has begun, if there are any.
void write_class_names(output& out, const std::vector<std::string>& names);

/// Adds a list of numbers to an object of JSON that has begun.
template <class Values>
void write_list(output& out, const char* key, const Values& values)
{
    out << ",\n\"" << key << "\":[";
    for (std::size_t i = 0; i < values.size(); ++i)
        out << (i == 0 ? "" : ",") << values[i];
    out << "]";
}

/// Columns of text, padded to line up; numbers to the right.
class table
{
public:
    explicit table(std::vector<std::string> titles);

    void add(std::vector<std::string> cells);
    void write_to(output& out) const;

private:
    std::vector<std::vector<std::string>> rows_;
};

/// A name and what there is to tell under it.
struct named_text
{
    std::string name;
    std::string text;
};

/// Names and texts, a line for each: as .csv, or lined up as a table.
void write_lines(output& out, output_format format, const std::vector<named_text>& lines);

template <class Write>
void output::write_each(std::size_t count, std::size_t threads, const Write& write)
{
    constexpr std::size_t most_at_once = std::size_t{1} << 15;
    constexpr std::size_t in_a_part = std::size_t{1} << 12;
    constexpr std::size_t elements_an_item = 64;
    std::vector<text_buffer> parts(most_at_once / in_a_part);
    for (std::size_t start = 0; start < count; start += most_at_once)
    {
        const std::size_t end = std::min(start + most_at_once, count);
        const std::size_t num_parts = (end - start + in_a_part - 1) / in_a_part;
        labelerrors::detail::in_ranges(num_parts, in_a_part * elements_an_item, threads,
                                       [&](std::size_t first, std::size_t last)
                                       {
                                           for (std::size_t p = first; p < last; ++p)
                                           {
                                               const std::size_t from = start + p * in_a_part;
                                               for (std::size_t i = from; i < std::min(from + in_a_part, end); ++i)
                                                   write(parts[p], i);
                                           }
                                       });
        for (std::size_t p = 0; p < num_parts; ++p)
        {
            *this << std::string_view(parts[p].text());
            parts[p].clear();
        }
    }
}

}  // namespace program

#endif
