#ifndef LABELERRORS_ROWS_FLOAT16_HPP
#define LABELERRORS_ROWS_FLOAT16_HPP

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace labelerrors
{

/// A half precision number (IEEE 754 binary16) as it is stored; it converts to float without loss and computes nothing.
/// Like a float it is not initialised unless it is told to be: `float16{}` is zero.
struct float16
{
    std::uint16_t bits;

    friend constexpr bool operator==(float16, float16) = default;

    constexpr explicit operator float() const noexcept;
    constexpr explicit operator double() const noexcept;
};

/// A row source whose values may be stored as halves, row-major: `halves(first, count, buffer)` points at the halves of
/// rows [first, first + count), in place or in `buffer`, or is null where they are not stored so. Kernels read them as
/// they are.
template <class S>
concept half_source = requires(const S& source, std::size_t i, std::vector<float16>& buffer)
{
    {
        source.halves(i, i, buffer)
        } -> std::same_as<const float16*>;
};

/// The float that equals `value`: every half has one. NaN stays NaN, infinity stays infinity.
/// Branch-free on integers and one subtraction, so that a loop over it vectorises without F16C. No float on the way is
/// subnormal: multiplying one costs many machines a hundred cycles, and small probabilities are subnormal halves.
[[nodiscard]] constexpr float to_float(float16 value) noexcept
{
    const std::uint32_t magnitude = (value.bits & 0x7fffu);
    // The half's exponent and significand in a float's place, where the exponent is too small by 112. A subnormal half
    // has no leading one: it is given one, of the exponent above, which is then subtracted as a number.
    const std::uint32_t leading = (113u << 23) & (0u - static_cast<std::uint32_t>(magnitude < 0x400u));
    const std::uint32_t exponent = leading | (112u << 23);
    const float finite = std::bit_cast<float>((magnitude << 13) + exponent) - std::bit_cast<float>(leading);
    // An exponent of all ones means infinity or NaN in both types.
    const std::uint32_t special = magnitude >= 0x7c00u ? 0x7f800000u : 0u;
    const std::uint32_t sign = (value.bits & 0x8000u) << 16;
    return std::bit_cast<float>(std::bit_cast<std::uint32_t>(finite) | special | sign);
}

/// The half nearest to `value`, ties to even; from 65,520 in magnitude on infinity. NaN stays NaN.
[[nodiscard]] constexpr float16 to_float16(float value) noexcept
{
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const std::uint32_t sign = (bits >> 16) & 0x8000u;
    const std::uint32_t magnitude = bits & 0x7fffffffu;
    std::uint32_t half = 0;
    if (magnitude > 0x7f800000u)
        half = 0x7e00u;
    else if (magnitude >= 0x477ff000u)
        half = 0x7c00u;
    else if (magnitude >= 0x38800000u)
        half = (magnitude - 0x38000000u + 0x0fffu + ((magnitude >> 13) & 1u)) >> 13;
    else
        // Adding 0.5 leaves the subnormal half in the low bits of the sum, rounded to even by the addition itself.
        half = std::bit_cast<std::uint32_t>(std::bit_cast<float>(magnitude) + 0.5F) - 0x3f000000u;
    return float16{static_cast<std::uint16_t>(half | sign)};
}

/// Widens `count` halves at `from` to floats at `to`. The two must not overlap.
inline void to_floats(const float16* from, float* to, std::size_t count) noexcept
{
    for (std::size_t i = 0; i < count; ++i)
        to[i] = to_float(from[i]);
}

constexpr float16::operator float() const noexcept
{
    return to_float(*this);
}

constexpr float16::operator double() const noexcept
{
    return static_cast<double>(to_float(*this));
}

}  // namespace labelerrors

#endif
