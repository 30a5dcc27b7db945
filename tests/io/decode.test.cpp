#include "io/stored_bytes.hpp"
#include <labelerrors/error.hpp>
#include <labelerrors/io/decode.hpp>
#include <labelerrors/io/element_type.hpp>
#include <labelerrors/io/npy_array.hpp>
#include <labelerrors/rows/float16.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

using namespace labelerrors;
using namespace labelerrors::io;
using tests::big;
using tests::little;

static_assert(conversion_of<float16, float>() == conversion::exact);
static_assert(conversion_of<float16, double>() == conversion::exact);
static_assert(conversion_of<float, double>() == conversion::exact);
static_assert(conversion_of<double, float>() == conversion::refused);
static_assert(conversion_of<float, float16>() == conversion::refused);
static_assert(conversion_of<float16, std::int64_t>() == conversion::refused);
static_assert(conversion_of<std::uint8_t, std::int16_t>() == conversion::exact);
static_assert(conversion_of<std::uint8_t, std::int8_t>() == conversion::checked);
static_assert(conversion_of<std::int8_t, std::uint64_t>() == conversion::checked);
static_assert(conversion_of<std::uint64_t, std::int64_t>() == conversion::checked);
static_assert(conversion_of<std::int32_t, double>() == conversion::exact);
static_assert(conversion_of<std::int32_t, float>() == conversion::checked);
static_assert(conversion_of<std::int64_t, double>() == conversion::checked);
static_assert(conversion_of<bool, float16>() == conversion::exact);
static_assert(conversion_of<bool, std::int8_t>() == conversion::exact);
static_assert(conversion_of<std::uint8_t, bool>() == conversion::refused);

namespace
{

/// An array over memory of its own, whose first element lies `shift` bytes behind an aligned address.
npy_array array_of(npy_header header, const std::string& elements, std::size_t shift = 0)
{
    const auto memory = std::make_shared<std::vector<std::byte>>(shift + elements.size());
    std::copy_n(reinterpret_cast<const std::byte*>(elements.data()), elements.size(),
                memory->begin() + static_cast<std::ptrdiff_t>(shift));
    header.data_offset = 128;
    return {std::move(header), std::span(*memory).subspan(shift), memory, "a.npy"};
}

template <class To>
std::vector<To> decoded(const npy_array& array)
{
    std::vector<To> values(num_elements(array.header()));
    decode(array, 0, values.size(), values.data());
    return values;
}

}  // namespace

TEST_CASE("every half decodes to the float and the double that equal it, aligned or not, in either byte order")
{
    std::string little_endian;
    std::string big_endian;
    for (std::uint32_t bits = 0; bits < 0x10000; ++bits)
    {
        little_endian += little(bits, 2);
        big_endian += big(bits, 2);
    }
    for (const std::size_t shift : {0u, 1u})
        for (const auto order : {byte_order::little, byte_order::big})
        {
            const npy_array array = array_of({.element = element_type::f2, .bytes = order, .shape = {0x10000}},
                                             order == byte_order::little ? little_endian : big_endian, shift);
            const auto floats = decoded<float>(array);
            const auto doubles = decoded<double>(array);
            const auto halves = decoded<float16>(array);
            std::size_t num_equal = 0;
            for (std::uint32_t bits = 0; bits < 0x10000; ++bits)
            {
                const float16 half{static_cast<std::uint16_t>(bits)};
                const float expected = to_float(half);
                const bool is_nan = expected != expected;
                num_equal += (is_nan ? floats[bits] != floats[bits] : floats[bits] == expected) &&
                             (is_nan ? doubles[bits] != doubles[bits] : doubles[bits] == double{expected}) &&
                             halves[bits] == half;
            }
            CHECK(num_equal == 0x10000);
        }
}

TEST_CASE("integers widen, and narrow where they fit")
{
    const npy_array bytes = array_of({.element = element_type::i1, .shape = {3}}, "\x80\xff\x7f");
    CHECK(decoded<std::int64_t>(bytes) == std::vector<std::int64_t>{-128, -1, 127});
    CHECK(decoded<double>(bytes) == std::vector<double>{-128, -1, 127});

    const std::string elements = big(0, 8) + big(255, 8) + big(256, 8);
    const npy_array longs = array_of({.element = element_type::u8, .bytes = byte_order::big, .shape = {3}}, elements);
    CHECK(decoded<std::int16_t>(longs) == std::vector<std::int16_t>{0, 255, 256});
    std::vector<std::uint8_t> two(2);
    decode(longs, 0, 2, two.data());
    CHECK(two == std::vector<std::uint8_t>{0, 255});
}

TEST_CASE("an integer that does not fit is named with its index and its place in the file")
{
    const std::string elements = little(1, 8) + little(2, 8) + little(~std::uint64_t{0}, 8) + little(4, 8);
    const npy_header header{.element = element_type::u8, .bytes = byte_order::little, .shape = {4}};
    CHECK_THROWS_WITH_AS(decoded<std::int64_t>(array_of(header, elements)),
                         "a.npy: byte 144: the element (2,) is 18446744073709551615, which no value of type i8 "
                         "equals; save the array in a smaller range",
                         format_error);
    npy_header matrix = header;
    matrix.shape = {2, 2};
    CHECK_THROWS_WITH_AS(decoded<std::int64_t>(array_of(matrix, elements)), doctest::Contains("the element (1, 0) is"),
                         format_error);
    matrix.order = array_order::fortran;
    CHECK_THROWS_WITH_AS(decoded<std::int64_t>(array_of(matrix, elements)), doctest::Contains("the element (0, 1) is"),
                         format_error);
    CHECK_THROWS_WITH_AS(decoded<std::uint8_t>(array_of({.element = element_type::i1, .shape = {1}}, "\xff")),
                         doctest::Contains("the element (0,) is -1"), format_error);
}

TEST_CASE("an integer that no floating point number equals is refused")
{
    constexpr std::uint64_t limit = std::uint64_t{1} << 53;
    const npy_header header{.element = element_type::i8, .bytes = byte_order::little, .shape = {2}};
    CHECK(decoded<double>(array_of(header, little(limit, 8) + little(0 - limit, 8))) ==
          std::vector<double>{0x1p53, -0x1p53});
    for (const std::uint64_t value : {limit + 1, 0 - limit - 1, (std::uint64_t{1} << 62) + 256})
        CHECK_THROWS_AS(decoded<double>(array_of(header, little(0, 8) + little(value, 8))), format_error);
    CHECK_THROWS_AS(decoded<float>(array_of({.element = element_type::u4, .bytes = byte_order::little, .shape = {1}},
                                            little((1u << 24) + 1, 4))),
                    format_error);
    CHECK_THROWS_AS(decoded<float16>(array_of({.element = element_type::u2, .bytes = byte_order::little, .shape = {1}},
                                              little((1u << 11) + 1, 2))),
                    format_error);
}

TEST_CASE("an integer beyond those that all have a floating point number is read where it has one")
{
    const npy_header longs{.element = element_type::i8, .bytes = byte_order::little, .shape = {3}};
    CHECK(decoded<double>(array_of(longs, little(std::uint64_t{1} << 60, 8) + little(std::uint64_t{1} << 63, 8) +
                                              little((std::uint64_t{1} << 62) + 1024, 8))) ==
          std::vector<double>{0x1p60, -0x1p63, 0x1p62 + 1024});
    const npy_header unsigned_longs{.element = element_type::u8, .bytes = byte_order::little, .shape = {1}};
    CHECK(decoded<float>(array_of(unsigned_longs, little(std::uint64_t{0xffffff} << 40, 8))) ==
          std::vector<float>{0x1.fffffep63f});
    CHECK_THROWS_WITH_AS(decoded<double>(array_of(unsigned_longs, little(~std::uint64_t{0}, 8))),
                         doctest::Contains("is 18446744073709551615, which no value of type f8 equals"), format_error);
    // The largest half is 65504.
    const npy_header shorts{.element = element_type::u4, .bytes = byte_order::little, .shape = {1}};
    CHECK(decoded<float16>(array_of(shorts, little(65504, 4))).front() == float16{0x7bff});
    CHECK_THROWS_AS(decoded<float16>(array_of(shorts, little(65536, 4))), format_error);
}

TEST_CASE("any byte but zero is a true boolean")
{
    const npy_array array = array_of({.element = element_type::boolean, .shape = {3}}, std::string("\0\1\xff", 3));
    CHECK(decoded<std::int64_t>(array) == std::vector<std::int64_t>{0, 1, 1});
    bool values[3] = {};
    decode(array, 0, 3, values);
    CHECK((!values[0] && values[1] && values[2]));
}

TEST_CASE("types that could lose something are refused with both names and what to do")
{
    const npy_array doubles = array_of({.bytes = byte_order::little, .shape = {1}}, little(0, 8));
    CHECK_THROWS_WITH_AS(decoded<std::int64_t>(doubles),
                         "a.npy: byte 10: the elements are of type <f8, which are not read as i8: a fraction would be "
                         "lost; save the array as integers",
                         format_error);
    CHECK_THROWS_WITH_AS(decoded<float>(doubles), doctest::Contains("not read as f4: digits would be lost; read them"),
                         format_error);
    bool value = false;
    CHECK_THROWS_WITH_AS(decode(doubles, 0, 1, &value), doctest::Contains("not read as b1: only booleans are"),
                         format_error);
}
