#ifndef LABELERRORS_IO_CSV_HPP
#define LABELERRORS_IO_CSV_HPP

#include <labelerrors/error.hpp>
#include <labelerrors/io/byte_order_mark.hpp>
#include <labelerrors/io/csv_fields.hpp>
#include <labelerrors/io/in_quotes.hpp>
#include <labelerrors/io/input_file.hpp>
#include <labelerrors/io/npy_header.hpp>
#include <labelerrors/io/parse_number.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

namespace labelerrors::io
{

/// Reads a table of numbers separated by commas into an array of shape (lines, fields).
/// A first line in which no field is a number, or is written as one, is a header and left out; one of numbers is a row.
/// Blank lines may stand at the end only, and one at the beginning is no header; lines end in a line feed, with or
/// without a carriage return; a field may have spaces or double quotes around it, and a byte order mark may begin the
/// file.
/// Throws io_error where the file cannot be read or memory is short; format_error, naming line and field, where a field
/// is no number, a line is blank or has more or fewer fields than the first, where the first field of all is empty and
/// others of its line are not, which tells that each row begins with its number, where the first line numbers the
/// columns from 0, as it seems, for it is 0,1 and so on and there are eight columns or more, or numbers with a fraction
/// below, where there are no lines of numbers, quoting what was taken for a header, and where the text is in UTF-16 or
/// UTF-32. O(size).
[[nodiscard]] xt::xtensor<double, 2> read_csv(const std::filesystem::path& path);

/// Reads one whole number a line, as a table of one column that may have a header, into an array of shape (lines,).
/// A number may be written with a fraction of zero or an exponent if it is at most 2^53.
/// Throws what read_csv throws, and format_error where there are several columns or a number is not whole. O(size).
[[nodiscard]] xt::xtensor<std::int64_t, 1> read_csv_labels(const std::filesystem::path& path);

namespace detail
{

/// Values read from a table, line by line.
template <class Value>
struct csv_table
{
    std::vector<Value> values;
    std::size_t num_rows = 0;
    std::size_t num_columns = 0;
};

/// A line of a table, and where it stands.
struct csv_line
{
    std::string_view text;  // without its end
    std::size_t number = 0;
    std::size_t offset = 0;  // in the file
    const std::string& path;

    /// Throws format_error about the line, or about its field `field`, counted from 1.
    [[noreturn]] void fail(const std::string& problem, std::size_t field = 0) const
    {
        throw format_error(path, offset,
                           "line " + std::to_string(number) + (field == 0 ? "" : ", field " + std::to_string(field)) +
                               ": " + problem);
    }
};

/// Throws the error for a field that is no Value.
template <class Value>
[[noreturn]] void refuse_field(const csv_line& line, std::string_view field, std::size_t number)
{
    constexpr bool is_label = std::is_same_v<Value, std::int64_t>;
    const std::string_view bare = bare_field(field);
    double wide = 0;
    if (is_label && parse_field(bare, wide) && std::isfinite(wide) && std::trunc(wide) == wide)
        line.fail(in_quotes(field) + " is too large for a label; save the numbers of the classes, from 0 on", number);
    if (!is_label && parse_number(bare, wide) == std::errc::result_out_of_range)
        line.fail(in_quotes(field) + " is larger than a double holds, which is 1.8e308; write a smaller one, or nan",
                  number);
    const bool is_empty = bare.empty();
    const char* const remedy =
        is_empty ? (is_label ? "give each example its label" : "write nan where there is none (pandas: na_rep='nan')")
                 : (is_label ? "save labels as whole numbers, names in the first line only"
                             : "save numbers only, separated by commas, names in the first line only");
    line.fail(in_quotes(field) + " is not a " + (is_label ? "whole number; " : "number; ") + remedy, number);
}

/// Adds the numbers of a line to `table`.
template <class Value>
void add_line(csv_table<Value>& table, const csv_line& line)
{
    const auto read_field = [&](std::string_view field, std::size_t number)
    {
        Value value = 0;
        if (!parse_field(bare_field(field), value))
            refuse_field<Value>(line, field, number);
        table.values.push_back(value);
    };
    const std::size_t num_fields = for_each_field(line.text, read_field);
    if (table.num_columns == 0)
        table.num_columns = num_fields;
    if (num_fields != table.num_columns)
        line.fail("there are " + std::to_string(num_fields) + " fields where the first line has " +
                  std::to_string(table.num_columns) + "; save as many in every line");
    ++table.num_rows;
}

/// What blank lines are made of.
inline constexpr std::string_view blanks = " \t\r\n";

/// Throws where the first line of a table is blank, or above the numbers of rows.
inline void check_first_line(const csv_line& line)
{
    if (line.text.find_first_not_of(blanks) == std::string_view::npos)
        line.fail("the line is blank, and blank lines may stand at the end only; remove it");
    if (begins_with_index(line.text))
        line.fail("the first field is empty, as it is above the numbers of the rows that pandas writes unless told "
                  "index=False; leave these out, and write nan where there is no number (na_rep='nan')",
                  1);
}

/// Throws where `line`, or so many columns, tell that `numbering` above it is no row.
inline void check_numbering(const csv_line& numbering, const csv_line& line, std::size_t num_columns)
{
    constexpr std::size_t columns_enough = 8;
    if (num_columns >= columns_enough || line.text.find_first_of(".eEnN") != std::string_view::npos)
        numbering.fail(in_quotes(numbering.text) + " numbers the columns, as pandas does unless told header=False; "
                                                   "leave the line out, or write 0.0 for its 0 if it is a row");
}

/// Reads the table `text`, the content of the file `path`.
template <class Value>
[[nodiscard]] csv_table<Value> parse_csv(std::string_view text, const std::string& path)
{
    csv_table<Value> table;
    std::string_view header;
    std::optional<csv_line> numbering;  // a first line that may number the columns
    std::size_t begin = size_of_byte_order_mark(text, path);
    for (std::size_t number = 1; text.find_first_not_of(blanks, begin) != std::string_view::npos; ++number)
    {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        csv_line line{text.substr(begin, end - begin), number, begin, path};
        if (!line.text.empty() && line.text.back() == '\r')
            line.text.remove_suffix(1);
        if (number == 1)
        {
            check_first_line(line);
            if (numbers_its_columns(line.text))
                numbering.emplace(line);
        }
        else if (numbering)
            check_numbering(*numbering, line, table.num_columns);
        if (number == 1 && is_csv_header(line.text))
        {
            header = line.text;
            // Names in quotes may have commas of their own: then the next line tells how many columns there are.
            if (header.find('"') == std::string_view::npos)
                table.num_columns = for_each_field(header, [](std::string_view, std::size_t) {});
        }
        else
            add_line(table, line);
        begin = std::min(end + 1, text.size());
    }
    if (table.num_rows == 0)
        throw format_error(path, text.size(),
                           std::string("the table has no lines of numbers") +
                               (header.empty() ? "" : ", only " + in_quotes(header) + ", taken for a header") +
                               "; save numbers separated by commas, in lines that end in a line feed");
    return table;
}

/// Reads the table in the file `path`.
template <class Value>
[[nodiscard]] csv_table<Value> read_csv_table(const std::filesystem::path& path)
{
    const input_file file = read_whole(path);
    return parse_csv<Value>(as_text(file.bytes()), path.string());
}

}  // namespace detail

inline xt::xtensor<double, 2> read_csv(const std::filesystem::path& path)
{
    const auto read = [&]
    {
        const auto table = detail::read_csv_table<double>(path);
        xt::xtensor<double, 2> result(std::array{table.num_rows, table.num_columns});
        std::copy(table.values.begin(), table.values.end(), result.data());
        return result;
    };
    return detail::with_memory_for(path.string(), read);
}

inline xt::xtensor<std::int64_t, 1> read_csv_labels(const std::filesystem::path& path)
{
    const auto read = [&]
    {
        const auto table = detail::read_csv_table<std::int64_t>(path);
        if (table.num_columns != 1)
            throw format_error(path.string(), 0,
                               "labels must stand one a line, but the lines have " + std::to_string(table.num_columns) +
                                   " fields; keep the column of labels only");
        xt::xtensor<std::int64_t, 1> result(std::array{table.num_rows});
        std::copy(table.values.begin(), table.values.end(), result.data());
        return result;
    };
    return detail::with_memory_for(path.string(), read);
}

}  // namespace labelerrors::io

#endif
