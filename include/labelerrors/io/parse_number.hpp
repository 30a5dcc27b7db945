#ifndef LABELERRORS_IO_PARSE_NUMBER_HPP
#define LABELERRORS_IO_PARSE_NUMBER_HPP

#include <cerrno>
#include <charconv>
#include <clocale>
#include <cmath>
#include <concepts>
#include <cstdlib>
#include <string>
#include <string_view>
#include <system_error>

namespace labelerrors::io::detail
{

/// Whether std::from_chars reads such numbers; that of libc++ 14 reads whole ones only.
template <class Number>
concept read_by_from_chars = requires(const char* text, Number& value)
{
    std::from_chars(text, text, value);
};

/// parse_number by the functions of C, which take more than std::from_chars does: space, a plus sign, hexadecimal
/// digits, and the locale's decimal point in place of ours. A number that is too large leaves an infinity in
/// `value`, one that is too small a zero.
[[nodiscard]] inline std::errc parse_number_as_c(std::string_view text, double& value)
{
    if (text.starts_with('+') || text.find_first_not_of("+-.0123456789aefintyAEFINTY") != std::string_view::npos)
        return std::errc::invalid_argument;
    std::string copy(text);
    if (const auto point = copy.find('.'); point != std::string::npos)
        copy.replace(point, 1, std::localeconv()->decimal_point);
    char* end = nullptr;
    errno = 0;
    value = std::strtod(copy.c_str(), &end);
    if (copy.empty() || end != copy.c_str() + copy.size())
        return std::errc::invalid_argument;
    // ERANGE stands for numbers of fewer bits than usual too, which are what was asked for.
    const bool is_beyond = errno == ERANGE && (value == 0 || std::isinf(value));
    return is_beyond ? std::errc::result_out_of_range : std::errc();
}

/// Reads the whole of `text` as a decimal number, an infinity or a NaN, whatever the locale, as std::from_chars does.
/// std::errc::invalid_argument if it is none; std::errc::result_out_of_range if it is larger or smaller than the type
/// holds; then `value` is of no use. A template, so that what a library lacks is not compiled.
template <std::same_as<double> Number>
[[nodiscard]] std::errc parse_number(std::string_view text, Number& value)
{
    if constexpr (read_by_from_chars<Number>)
    {
        const char* const end = text.data() + text.size();
        const auto result = std::from_chars(text.data(), end, value);
        return result.ptr == end ? result.ec : std::errc::invalid_argument;
    }
    else
        return parse_number_as_c(text, value);
}

}  // namespace labelerrors::io::detail

#endif
