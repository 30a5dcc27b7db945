#include <labelerrors/io/parse_number.hpp>

#include <doctest/doctest.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <limits>
#include <random>
#include <string_view>
#include <system_error>

using labelerrors::io::detail::parse_number;
using labelerrors::io::detail::parse_number_as_c;

namespace
{

/// What `text` is read as by either way, which must agree.
std::errc read(std::string_view text, double& value)
{
    CAPTURE(text);
    double as_c = 0;
    const std::errc error = parse_number(text, value);
    CHECK(parse_number_as_c(text, as_c) == error);
    if (error == std::errc())
    {
        CHECK((as_c == value || (std::isnan(as_c) && std::isnan(value))));
        CHECK(std::signbit(as_c) == std::signbit(value));
    }
    return error;
}

double read(std::string_view text)
{
    double value = 0;
    CHECK(read(text, value) == std::errc());
    return value;
}

std::errc error_of(std::string_view text)
{
    double ignored = 0;
    return read(text, ignored);
}

}  // namespace

TEST_CASE("decimal numbers, infinities and NaN are read, with std::from_chars or without it")
{
    CHECK(read("0.1") == 0.1);
    CHECK(read("-3.") == -3.0);
    CHECK(read(".5e+1") == 5.0);
    CHECK(read("12E-1") == 1.2);
    CHECK(std::signbit(read("-0")));
    CHECK(read("5e-324") == std::numeric_limits<double>::denorm_min());
    CHECK(read("2.2250738585072011e-308") == 0x0.fffffffffffffp-1022);
    CHECK(read("1.7976931348623157e308") == std::numeric_limits<double>::max());
    CHECK(read("INF") == std::numeric_limits<double>::infinity());
    CHECK(read("-infinity") == -std::numeric_limits<double>::infinity());
    CHECK(std::isnan(read("nan")));
}

TEST_CASE("what std::from_chars does not read as a number is none, nor is a number with more behind it")
{
    for (const auto* text : {"",    " ",     "+1", "-+1", "--1", " 1", "\t1", "\v1", "1 ",    "0x10", "0x1p3", "-0x1",
                             "1,5", "1.2.3", "1e", "e1",  ".",   "-",  "-.",  "1e+", "infin", "na",   "1f",    "ten"})
        CHECK(error_of(text) == std::errc::invalid_argument);
    CHECK(error_of(std::string_view("1\0", 2)) == std::errc::invalid_argument);
}

TEST_CASE("numbers that a double does not hold are beyond its range")
{
    for (const auto* text : {"1e999", "-1e999", "1.8e308", "1e-999", "-1e-400"})
        CHECK(error_of(text) == std::errc::result_out_of_range);
    double value = 1;
    static_cast<void>(parse_number_as_c("-1e999", value));
    CHECK(value == -std::numeric_limits<double>::infinity());
    static_cast<void>(parse_number_as_c("-1e-999", value));
    CHECK(value == 0);
}

TEST_CASE("random numbers are read to the last bit")
{
    std::mt19937_64 random(7);
    for (int i = 0; i < 2000; ++i)
    {
        const double value = std::ldexp(static_cast<double>(random() >> 11), static_cast<int>(random() % 1900) - 1000);
        std::array<char, 32> text;
        const char* const end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
        CHECK(read(std::string_view(text.data(), static_cast<std::size_t>(end - text.data()))) == value);
    }
}
