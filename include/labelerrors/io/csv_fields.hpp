#ifndef LABELERRORS_IO_CSV_FIELDS_HPP
#define LABELERRORS_IO_CSV_FIELDS_HPP

#include <labelerrors/io/line_fields.hpp>
#include <labelerrors/io/parse_number.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

namespace labelerrors::io::detail
{

// The fields of a line of a table, the numbers in them, and what they tell about a first line.

/// `field` without space, double quotes, and a plus sign, which std::from_chars does not read.
[[nodiscard]] inline std::string_view bare_field(std::string_view field)
{
    field = without_quotes(field);
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
    // The same error stands for too large and for too small, which C tells apart; the latter is a 0 or nearly so, and
    // no reason to stop.
    static_cast<void>(parse_number_as_c(field, value));
    return std::abs(value) < 1;
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

/// Whether a field is written as a number is, though it may be none that can be read: 0x1F, 1_000, 1e400.
[[nodiscard]] inline bool is_written_as_number(std::string_view field)
{
    double ignored = 0;
    if (parse_field(field, ignored))
        return true;
    const auto skip = [&](std::string_view characters)
    {
        const std::size_t count = std::min(field.find_first_not_of(characters), field.size());
        field.remove_prefix(count);
        return count != 0;
    };
    if (field.starts_with('-'))
        field.remove_prefix(1);
    if (field.starts_with("0x") || field.starts_with("0X"))
    {
        field.remove_prefix(2);
        return skip("0123456789abcdefABCDEF") && field.empty();
    }
    if (!skip("0123456789_."))
        return false;
    if (field.starts_with('e') || field.starts_with('E'))
    {
        field.remove_prefix(1);
        skip("+-");
        return skip("0123456789") && field.empty();
    }
    return field.empty();
}

/// Whether no field of a line is a number, or is written as one.
[[nodiscard]] inline bool is_csv_header(std::string_view line)
{
    bool has_number = false;
    for_each_field(line, [&](std::string_view field, std::size_t)
                   { has_number = has_number || is_written_as_number(bare_field(field)); });
    return !has_number;
}

/// Whether a line begins with an empty field, and others of it are not empty: above the numbers of the rows pandas
/// writes no name.
[[nodiscard]] inline bool begins_with_index(std::string_view line)
{
    const std::size_t comma = std::min(line.find(','), line.size());
    return bare_field(line.substr(0, comma)).empty() &&
           line.find_first_not_of(", \t\"", comma) != std::string_view::npos;
}

/// Whether the fields of a line, two or more, are 0, 1, 2 and so on: what pandas writes above columns that have no
/// names.
[[nodiscard]] inline bool numbers_its_columns(std::string_view line)
{
    bool counts = true;
    const std::size_t num_fields =
        for_each_field(line, [&](std::string_view field, std::size_t number)
                       { counts = counts && bare_field(field) == std::to_string(number - 1); });
    return counts && num_fields >= 2;
}

}  // namespace labelerrors::io::detail

#endif
