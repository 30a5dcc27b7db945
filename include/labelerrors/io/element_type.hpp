#ifndef LABELERRORS_IO_ELEMENT_TYPE_HPP
#define LABELERRORS_IO_ELEMENT_TYPE_HPP

#include <labelerrors/rows/float16.hpp>

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>
#include <utility>

namespace labelerrors::io
{

/// The element types of stored arrays, named as numpy names them: f is floating point, i a signed and u an unsigned
/// integer, the number is the size in bytes. A boolean is one byte.
enum class element_type
{
    f2,
    f4,
    f8,
    i1,
    i2,
    i4,
    i8,
    u1,
    u2,
    u4,
    u8,
    boolean
};

/// The order in which the bytes of one element are stored.
enum class byte_order
{
    little,
    big,
    native = std::endian::native == std::endian::little ? little : big
};

namespace detail
{

/// The types of characters, which C++ counts among the integers.
template <class T>
concept character = std::same_as<T, char> || std::same_as<T, wchar_t> || std::same_as<T, char8_t> ||
    std::same_as<T, char16_t> || std::same_as<T, char32_t>;

}  // namespace detail

/// The C++ types that have an element type: float16, float, double, bool and the integers.
template <class T>
concept storable_element = std::same_as<T, float16> || std::same_as<T, float> || std::same_as<T, double> ||
    (std::integral<T> && sizeof(T) <= 8 && !detail::character<T>);

/// Calls `use.template operator()<T>()` with the C++ type T that stands for `type`, and returns what it returns.
template <class Use>
decltype(auto) with_element_type(element_type type, Use&& use)
{
    switch (type)
    {
    case element_type::f2:
        return use.template operator()<float16>();
    case element_type::f4:
        return use.template operator()<float>();
    case element_type::i1:
        return use.template operator()<std::int8_t>();
    case element_type::i2:
        return use.template operator()<std::int16_t>();
    case element_type::i4:
        return use.template operator()<std::int32_t>();
    case element_type::i8:
        return use.template operator()<std::int64_t>();
    case element_type::u1:
        return use.template operator()<std::uint8_t>();
    case element_type::u2:
        return use.template operator()<std::uint16_t>();
    case element_type::u4:
        return use.template operator()<std::uint32_t>();
    case element_type::u8:
        return use.template operator()<std::uint64_t>();
    case element_type::boolean:
        return use.template operator()<bool>();
    case element_type::f8:
        break;
    }
    return use.template operator()<double>();
}

/// The size of one element in bytes.
[[nodiscard]] inline std::size_t size_of(element_type type)
{
    return with_element_type(type, []<class T>() { return sizeof(T); });
}

/// The element type as numpy spells it, without the byte order: "f4", "u2", "b1".
[[nodiscard]] constexpr std::string_view name_of(element_type type) noexcept
{
    constexpr std::string_view names[] = {"f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1"};
    return names[static_cast<std::size_t>(type)];
}

/// Whether `type` is an integer; a boolean is none.
[[nodiscard]] constexpr bool is_integer(element_type type) noexcept
{
    return type >= element_type::i1 && type <= element_type::u8;
}

/// The element type in which values of type T are stored.
template <storable_element T>
[[nodiscard]] constexpr element_type element_type_of() noexcept
{
    if constexpr (std::same_as<T, float16>)
        return element_type::f2;
    else if constexpr (std::same_as<T, float>)
        return element_type::f4;
    else if constexpr (std::same_as<T, double>)
        return element_type::f8;
    else if constexpr (std::same_as<T, bool>)
        return element_type::boolean;
    else
    {
        constexpr auto first = std::is_signed_v<T> ? element_type::i1 : element_type::u1;
        return static_cast<element_type>(static_cast<std::size_t>(first) +
                                         static_cast<std::size_t>(std::bit_width(sizeof(T))) - 1);
    }
}

namespace detail
{

/// The unsigned integer with as many bytes as T.
template <class T>
using bits_of =
    std::conditional_t<sizeof(T) == 1, std::uint8_t,
                       std::conditional_t<sizeof(T) == 2, std::uint16_t,
                                          std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>>>;

/// The bytes of `value` in reverse order, in a form that compilers know for one instruction.
template <std::unsigned_integral U>
[[nodiscard]] constexpr U reverse_bytes(U value) noexcept
{
    if constexpr (sizeof(U) == 8)
        return (U{reverse_bytes(static_cast<std::uint32_t>(value))} << 32) |
               reverse_bytes(static_cast<std::uint32_t>(value >> 32));
    else if constexpr (sizeof(U) == 4)
        return ((value & 0xffu) << 24) | ((value & 0xff00u) << 8) | ((value >> 8) & 0xff00u) | (value >> 24);
    else if constexpr (sizeof(U) == 2)
        return static_cast<U>((value << 8) | (value >> 8));
    else
        return value;
}

/// `value` with its bytes reversed unless `order` is the machine's own.
template <storable_element T>
[[nodiscard]] constexpr T in_order(T value, byte_order order) noexcept
{
    return order == byte_order::native ? value : std::bit_cast<T>(reverse_bytes(std::bit_cast<bits_of<T>>(value)));
}

/// The value of type T that is stored at `from`, which need not be aligned. Any byte but 0 is a true boolean.
template <storable_element T>
[[nodiscard]] inline T load(const std::byte* from, byte_order order) noexcept
{
    if constexpr (std::same_as<T, bool>)
        return *from != std::byte{0};
    else
    {
        T value;
        std::memcpy(&value, from, sizeof value);
        return in_order(value, order);
    }
}

}  // namespace detail

}  // namespace labelerrors::io

#endif
