#include <labelerrors/io/element_type.hpp>
#include <labelerrors/rows/float16.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

using namespace labelerrors;
using namespace labelerrors::io;

static_assert(storable_element<float16>);
static_assert(storable_element<bool>);
static_assert(storable_element<long>);
static_assert(storable_element<unsigned long long>);
static_assert(storable_element<signed char>);
static_assert(!storable_element<char>);
static_assert(!storable_element<char16_t>);
static_assert(!storable_element<long double>);
static_assert(!storable_element<std::string>);
static_assert(!storable_element<const float>);

static_assert(element_type_of<float16>() == element_type::f2);
static_assert(element_type_of<double>() == element_type::f8);
static_assert(element_type_of<bool>() == element_type::boolean);
static_assert(element_type_of<std::int8_t>() == element_type::i1);
static_assert(element_type_of<std::uint16_t>() == element_type::u2);
static_assert(element_type_of<std::int32_t>() == element_type::i4);
static_assert(element_type_of<long long>() == element_type::i8);
static_assert(element_type_of<unsigned long long>() == element_type::u8);

static_assert(is_integer(element_type::i1) && is_integer(element_type::u8));
static_assert(!is_integer(element_type::f8) && !is_integer(element_type::boolean));

static_assert(io::detail::reverse_bytes(std::uint8_t{0x12}) == 0x12);
static_assert(io::detail::reverse_bytes(std::uint16_t{0x1234}) == 0x3412);
static_assert(io::detail::reverse_bytes(std::uint32_t{0x12345678}) == 0x78563412);
static_assert(io::detail::reverse_bytes(std::uint64_t{0x0123456789abcdef}) == 0xefcdab8967452301);

TEST_CASE("an element type, its C++ type, its size and its name belong together")
{
    for (auto type = element_type::f2; type <= element_type::boolean;
         type = static_cast<element_type>(static_cast<int>(type) + 1))
    {
        with_element_type(type,
                          [&]<class T>()
                          {
                              CHECK(element_type_of<T>() == type);
                              CHECK(size_of(type) == sizeof(T));
                          });
        const std::string name(name_of(type));
        CAPTURE(name);
        CHECK(name.substr(1) == std::to_string(size_of(type)));
    }
    CHECK(name_of(element_type::u4) == "u4");
    CHECK(name_of(element_type::boolean) == "b1");
}

TEST_CASE("an element is loaded from any address in either byte order")
{
    const std::array<std::byte, 9> bytes{std::byte{0xff}, std::byte{0x3f}, std::byte{0xf0}};
    CHECK(io::detail::load<double>(bytes.data() + 1, byte_order::big) == 1.0);
    CHECK(io::detail::load<std::uint16_t>(bytes.data() + 1, byte_order::little) == 0xf03f);
    CHECK(io::detail::load<std::int16_t>(bytes.data() + 1, byte_order::big) == 0x3ff0);
    CHECK(io::detail::load<bool>(bytes.data(), byte_order::little));
    CHECK_FALSE(io::detail::load<bool>(bytes.data() + 4, byte_order::little));
}
