#include <labelerrors/rows/float16.hpp>

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

using labelerrors::float16;
using labelerrors::to_float;
using labelerrors::to_float16;

namespace
{

constexpr unsigned num_halves = 0x10000;

bool is_nan(float16 half)
{
    return (half.bits & 0x7fffu) > 0x7c00u;
}

/// What IEEE 754 says a half is worth, by its fields.
double value_of_fields(float16 half)
{
    const bool negative = (half.bits & 0x8000u) != 0;
    const int exponent = (half.bits >> 10) & 0x1f;
    const int significand = half.bits & 0x3ff;
    double magnitude = 0;
    if (exponent == 0x1f)
        magnitude = significand == 0 ? std::numeric_limits<double>::infinity() : std::nan("");
    else if (exponent == 0)
        magnitude = std::ldexp(significand, -24);
    else
        magnitude = std::ldexp(0x400 + significand, exponent - 25);
    return std::copysign(magnitude, negative ? -1.0 : 1.0);
}

float16 half_of(unsigned bits)
{
    return float16{static_cast<std::uint16_t>(bits)};
}

}  // namespace

TEST_CASE("each of the 65,536 halves becomes the float of its fields, sign of zero included")
{
    unsigned wrong = 0;
    for (unsigned bits = 0; bits < num_halves; ++bits)
    {
        const float got = to_float(half_of(bits));
        const double expected = value_of_fields(half_of(bits));
        const bool same = std::isnan(expected) ? std::isnan(got) : static_cast<double>(got) == expected;
        wrong += !same || std::signbit(got) != std::signbit(expected);
    }
    CHECK(wrong == 0);
}

TEST_CASE("every half that is not a NaN comes back from float as the same bits, and NaN as a NaN")
{
    unsigned wrong = 0;
    for (unsigned bits = 0; bits < num_halves; ++bits)
    {
        const float16 back = to_float16(to_float(half_of(bits)));
        wrong += is_nan(half_of(bits)) ? !is_nan(back) : back.bits != bits;
    }
    CHECK(wrong == 0);
}

TEST_CASE("a float between two halves becomes the nearer, and one in the middle the even one")
{
    unsigned wrong = 0;
    for (unsigned bits = 0; bits + 1 < 0x7c00; ++bits)
    {
        // The middle of two neighbouring finite halves is a float, exactly.
        const float middle = (to_float(half_of(bits)) + to_float(half_of(bits + 1))) / 2;
        const unsigned even = bits % 2 == 0 ? bits : bits + 1;
        wrong += to_float16(middle).bits != even;
        wrong += to_float16(-middle).bits != (even | 0x8000u);
        wrong += to_float16(std::nextafter(middle, 0.0F)).bits != bits;
        wrong += to_float16(std::nextafter(middle, 1e6F)).bits != bits + 1;
    }
    CHECK(wrong == 0);
}

TEST_CASE("what is too large for a half becomes infinity, from 65,520 on")
{
    CHECK(to_float16(65504.0F).bits == 0x7bff);
    CHECK(to_float16(std::nextafter(65520.0F, 0.0F)).bits == 0x7bff);
    CHECK(to_float16(65520.0F).bits == 0x7c00);
    CHECK(to_float16(-65520.0F).bits == 0xfc00);
    CHECK(to_float16(std::numeric_limits<float>::max()).bits == 0x7c00);
    CHECK(to_float16(std::numeric_limits<float>::infinity()).bits == 0x7c00);
    CHECK(to_float16(-std::numeric_limits<float>::infinity()).bits == 0xfc00);
}

TEST_CASE("what is too small for a half becomes zero of its sign, up to half of the smallest one")
{
    CHECK(to_float16(0x1p-24F).bits == 1);
    CHECK(to_float16(std::nextafter(0x1p-25F, 1.0F)).bits == 1);
    CHECK(to_float16(0x1p-25F).bits == 0);
    CHECK(to_float16(-0x1p-25F).bits == 0x8000);
    CHECK(to_float16(std::numeric_limits<float>::denorm_min()).bits == 0);
}

TEST_CASE("a NaN stays one, whatever its payload")
{
    for (const std::uint32_t bits : {0x7f800001u, 0x7fc00000u, 0x7fffffffu, 0xff800001u, 0xffffffffu})
        CHECK(is_nan(to_float16(std::bit_cast<float>(bits))));
}

TEST_CASE("halves convert in constant expressions and in bulk")
{
    static_assert(to_float(float16{0x3c00}) == 1.0F);
    static_assert(to_float16(-2.0F) == float16{0xc000});
    static_assert(static_cast<double>(float16{0x3555}) == 0.333251953125);

    std::vector<float16> halves(1001);
    for (std::size_t i = 0; i < halves.size(); ++i)
        halves[i] = half_of(static_cast<unsigned>(i * 31));
    std::vector<float> floats(halves.size(), -1.0F);
    labelerrors::to_floats(halves.data(), floats.data(), halves.size());
    for (std::size_t i = 0; i < halves.size(); ++i)
        CHECK(floats[i] == to_float(halves[i]));
}
