#ifndef LABELERRORS_IO_CSV_HPP
#define LABELERRORS_IO_CSV_HPP

#include <labelerrors/error.hpp>
#include <labelerrors/io/in_quotes.hpp>
#include <labelerrors/io/input_file.hpp>
#include <labelerrors/io/npy_header.hpp>
#include <labelerrors/io/parse_number.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

namespace labelerrors::io
{

/// Reads a table of numbers separated by commas into an array of shape (lines, fields).
/// A first line in which no field is a number is a header and left out; blank lines may stand at the end only; lines
/// end in a line feed, with or without a carriage return; a field may have spaces or double quotes around it.
/// Throws io_error where the file cannot be read; format_error, naming line and field, where a field is no number or
/// a line has more or fewer fields than the first, and where there are no lines. O(size).
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

/// `field` without space, double quotes, and a plus sign, which std::from_chars does not read.
[[nodiscard]] inline std::string_view bare_field(std::string_view field)
{
    const auto strip = [&](std::string_view characters)
    {
        field.remove_prefix(std::min(field.find_first_not_of(characters), field.size()));
        field.remove_suffix(field.size() - (field.find_last_not_of(characters) + 1));
    };
    strip(" \t");
    if (field.size() >= 2 && field.front() == '"' && field.back() == '"')
    {
        field = field.substr(1, field.size() - 2);
        strip(" \t");
    }
    if (field.size() >= 2 && field.front() == '+' && field[1] != '-')
        field.remove_prefix(1);
    return field;
}

/// Reads the whole of `field` as a number; false if it is none or beyond what a double holds.
[[nodiscard]] inline bool parse_field(std::string_view field, double& value)
{
    const auto error = parse_number(field, value);
    if (error != std::errc::result_out_of_range)
        return error == std::errc();
    // The same error stands for too large and for too small; the latter is a 0 or nearly so, and no reason to stop.
    long double wide = 0;
    const auto wide_error = parse_number(field, wide);
    value = static_cast<double>(wide);
    return wide_error == std::errc() && std::abs(wide) < 1;
}

/// Reads the whole of `field` as a whole number; false if it is none.
[[nodiscard]] inline bool parse_field(std::string_view field, std::int64_t& value)
{
    const char* const end = field.data() + field.size();
    const auto result = std::from_chars(field.data(), end, value);
    if (result.ptr == end)
        return result.ec == std::errc();
    constexpr double limit = 0x1p53;  // up to here a double holds every integer
    double number = 0;
    if (!parse_field(field, number) || !(std::abs(number) <= limit) || std::trunc(number) != number)
        return false;
    value = static_cast<std::int64_t>(number);
    return true;
}

/// Calls `use(field, number)` with each field of a line, numbered from 1, and returns how many there are.
template <class Use>
std::size_t for_each_field(std::string_view line, Use&& use)
{
    std::size_t number = 0;
    for (std::size_t begin = 0; begin <= line.size(); ++number)
    {
        const std::size_t end = std::min(line.find(',', begin), line.size());
        use(line.substr(begin, end - begin), number + 1);
        begin = end + 1;
    }
    return number;
}

/// Reads the table `text`, the content of the file `path`.
template <class Value>
[[nodiscard]] csv_table<Value> parse_csv(std::string_view text, const std::string& path)
{
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    constexpr const char* kind = std::is_same_v<Value, double> ? "number" : "whole number";
    csv_table<Value> table;
    std::size_t begin = text.substr(0, byte_order_mark.size()) == byte_order_mark ? byte_order_mark.size() : 0;
    for (std::size_t line_number = 1; text.find_first_not_of(" \t\r\n", begin) != std::string_view::npos; ++line_number)
    {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        std::string_view line = text.substr(begin, end - begin);
        if (!line.empty() && line.back() == '\r')
            line.remove_suffix(1);
        const auto fail = [&](const std::string& problem, std::size_t field)
        {
            throw format_error(path, begin,
                               "line " + std::to_string(line_number) +
                                   (field == 0 ? "" : ", field " + std::to_string(field)) + ": " + problem);
        };

        bool is_header = line_number == 1;
        if (is_header)
            table.num_columns = for_each_field(line,
                                               [&](std::string_view field, std::size_t)
                                               {
                                                   double ignored = 0;
                                                   is_header = is_header && !parse_field(bare_field(field), ignored);
                                               });
        if (is_header && line.find('"') != std::string_view::npos)
            table.num_columns = 0;  // names in quotes may have commas of their own: the next line will tell
        if (!is_header)
        {
            const auto read_field = [&](std::string_view field, std::size_t number)
            {
                Value value = 0;
                if (!parse_field(bare_field(field), value))
                    fail(in_quotes(field) + " is not a " + kind, number);
                table.values.push_back(value);
            };
            const std::size_t num_fields = for_each_field(line, read_field);
            if (table.num_columns == 0)
                table.num_columns = num_fields;
            if (num_fields != table.num_columns)
                fail("there are " + std::to_string(num_fields) + " fields where the first line has " +
                         std::to_string(table.num_columns),
                     0);
            ++table.num_rows;
        }
        begin = std::min(end + 1, text.size());
    }
    if (table.num_columns == 0)
        throw format_error(path, text.size(), "the table has no lines of numbers");
    return table;
}

}  // namespace detail

inline xt::xtensor<double, 2> read_csv(const std::filesystem::path& path)
{
    const input_file file = read_whole(path);
    const auto table = detail::parse_csv<double>(detail::as_text(file.bytes()), path.string());
    xt::xtensor<double, 2> result(std::array{table.num_rows, table.num_columns});
    std::copy(table.values.begin(), table.values.end(), result.data());
    return result;
}

inline xt::xtensor<std::int64_t, 1> read_csv_labels(const std::filesystem::path& path)
{
    const input_file file = read_whole(path);
    const auto table = detail::parse_csv<std::int64_t>(detail::as_text(file.bytes()), path.string());
    if (table.num_columns != 1)
        throw format_error(path.string(), 0,
                           "labels must stand one a line, but the lines have " + std::to_string(table.num_columns) +
                               " fields; keep the column of labels only");
    xt::xtensor<std::int64_t, 1> result(std::array{table.num_rows});
    std::copy(table.values.begin(), table.values.end(), result.data());
    return result;
}

}  // namespace labelerrors::io

#endif
