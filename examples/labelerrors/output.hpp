#ifndef LABELERRORS_PROGRAM_OUTPUT_HPP
#define LABELERRORS_PROGRAM_OUTPUT_HPP

#include <labelerrors/io/atomic_file.hpp>

#include <CLI/CLI.hpp>

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

/// Where a result goes and in what form.
struct output_options
{
    std::string path;    // empty: standard output
    std::string format;  // empty: a table on a terminal, else JSON

    /// Adds --output and --format.
    void add_to(CLI::App& app);

    [[nodiscard]] output_format chosen_format() const;
};

/// A result on its way out: to standard output, or to a file that is written whole or not at all.
class output
{
public:
    explicit output(const output_options& options);

    output& operator<<(std::string_view text);
    output& operator<<(double number);
    output& operator<<(std::size_t number);

    /// Writes what has come so far, which for a file is not yet under its name. Throws io_error where that fails.
    void flush();

    /// Without this nothing reaches a file. Throws io_error where writing fails.
    void finish();

private:
    std::optional<labelerrors::io::atomic_file> file_;
    std::string buffer_;
};

/// A number in as few digits as give it back; null for NaN, which JSON has not.
[[nodiscard]] std::string to_text(double number);

/// A number with a fixed number of decimals, for tables.
[[nodiscard]] std::string to_fixed(double number, int decimals);

/// A number with so many significant digits, for tables whose numbers differ by orders of magnitude.
[[nodiscard]] std::string to_digits(double number, int digits);

/// A field of a .csv file, quoted where it must be.
[[nodiscard]] std::string csv_field(std::string_view text);

/// A string as JSON has it; bytes that are no UTF-8 are replaced.
[[nodiscard]] std::string json_string(std::string_view text);

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

}  // namespace program

#endif
