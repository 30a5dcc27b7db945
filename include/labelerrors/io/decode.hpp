#ifndef LABELERRORS_IO_DECODE_HPP
#define LABELERRORS_IO_DECODE_HPP

#include <labelerrors/error.hpp>
#include <labelerrors/io/byte_source.hpp>
#include <labelerrors/io/element_type.hpp>
#include <labelerrors/io/npy_array.hpp>
#include <labelerrors/io/npy_header.hpp>
#include <labelerrors/rows/float16.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace labelerrors::io
{

namespace detail
{

/// The types with a fraction.
template <class T>
concept fractional = std::same_as<T, float16> || std::floating_point<T>;

/// The binary digits of a type's significand or magnitude.
template <storable_element T>
inline constexpr int digits_of = std::same_as<T, float16> ? 11 : std::numeric_limits<T>::digits;

/// The binary digits of the largest integer of a type with a fraction.
template <fractional T>
inline constexpr int largest_exponent_of = std::same_as<T, float16> ? 16 : std::numeric_limits<T>::max_exponent;

}  // namespace detail

/// Which values of one type another type can hold.
enum class conversion
{
    exact,    // every value
    checked,  // some, so that each has to be looked at
    refused   // none that one could count on: fractions to integers, double to float, numbers to booleans
};

/// How values of type From become values of type To without change.
template <storable_element From, storable_element To>
[[nodiscard]] constexpr conversion conversion_of() noexcept
{
    using detail::digits_of;
    using detail::fractional;
    if constexpr (std::same_as<From, To>)
        return conversion::exact;
    else if constexpr (std::same_as<To, bool> || (fractional<From> && !fractional<To>))
        return conversion::refused;
    else if constexpr (fractional<From>)
        return digits_of<From> <= digits_of<To> ? conversion::exact : conversion::refused;
    else
        return digits_of<From> <= digits_of<To> && (fractional<To> || std::is_unsigned_v<From> || std::is_signed_v<To>)
                   ? conversion::exact
                   : conversion::checked;
}

/// Writes elements [first, first + count) of `array`, counted in stored order, to `to` as values of type To.
/// Throws format_error where the array's element type is not converted to To, naming both, and where a value does not
/// fit, naming it and its index; what input_file::read_at throws. O(count).
template <storable_element To>
void decode(const npy_array& array, std::size_t first, std::size_t count, To* to);

namespace detail
{

/// `value` as a To that equals it, where there is one.
template <storable_element From, storable_element To>
[[nodiscard]] constexpr To convert(From value) noexcept
{
    if constexpr (std::same_as<From, To>)
        return value;
    else if constexpr (std::same_as<To, float16>)
        return to_float16(static_cast<float>(value));
    else
        return static_cast<To>(value);
}

/// The magnitude of an integer.
template <std::integral From>
[[nodiscard]] constexpr std::uint64_t magnitude_of(From value) noexcept
{
    return std::cmp_less(value, 0) ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
}

/// Whether the integer `value` is among those up to which To holds every one.
template <storable_element From, storable_element To>
[[nodiscard]] constexpr bool surely_fits(From value) noexcept
{
    if constexpr (fractional<To>)
        return magnitude_of(value) <= std::uint64_t{1} << digits_of<To>;
    else
        return std::in_range<To>(value);
}

/// Whether the integer `value` is one that To holds: beyond the others, a floating point number holds those that end in
/// enough zeros.
template <storable_element From, storable_element To>
[[nodiscard]] constexpr bool fits(From value) noexcept
{
    if constexpr (fractional<To>)
    {
        const std::uint64_t magnitude = magnitude_of(value);
        const auto width = static_cast<int>(std::bit_width(magnitude));
        return surely_fits<From, To>(value) ||
               (width <= largest_exponent_of<To> && width - std::countr_zero(magnitude) <= digits_of<To>);
    }
    else
        return std::in_range<To>(value);
}

/// Converts `count` elements stored at `from` and returns how many of them it could: less than `count` if a value does
/// not fit. `from` need not be aligned.
template <storable_element From, storable_element To>
    requires(conversion_of<From, To>() != conversion::refused)
[[nodiscard]] std::size_t decode_run(const std::byte* from, byte_order order, std::size_t count, To* to)
{
    const bool is_native = order == byte_order::native || sizeof(From) == 1;
    if constexpr (std::same_as<From, float16> && std::same_as<To, float>)
        if (is_native && reinterpret_cast<std::uintptr_t>(from) % alignof(float16) == 0)
        {
            to_floats(reinterpret_cast<const float16*>(from), to, count);
            return count;
        }
    if constexpr (std::same_as<From, To> && !std::same_as<From, bool>)
        if (is_native)
        {
            if (count != 0)
                std::memcpy(to, from, count * sizeof(To));
            return count;
        }
    // The order is a constant in each of the two loops, so that they vectorise.
    const auto run = [&]<byte_order Order>(std::integral_constant<byte_order, Order>, std::size_t i)
    {
        for (; i < count; ++i)
        {
            const From value = load<From>(from + i * sizeof(From), Order);
            if constexpr (conversion_of<From, To>() == conversion::checked)
                if (!surely_fits<From, To>(value))
                    break;
            to[i] = convert<From, To>(value);
        }
        return i;
    };
    constexpr auto foreign = byte_order::native == byte_order::little ? byte_order::big : byte_order::little;
    std::size_t done = 0;
    for (;;)
    {
        done = is_native ? run(std::integral_constant<byte_order, byte_order::native>(), done)
                         : run(std::integral_constant<byte_order, foreign>(), done);
        if constexpr (conversion_of<From, To>() == conversion::checked)
            if (done < count)
            {
                const From value = load<From>(from + done * sizeof(From), order);
                if (!fits<From, To>(value))
                    return done;
                to[done] = convert<From, To>(value);
                ++done;
                continue;
            }
        return done;
    }
}

/// The same for elements [first, first + count) of `stored`, which are read as far as they are not in memory.
template <storable_element From, storable_element To>
    requires(conversion_of<From, To>() != conversion::refused)
[[nodiscard]] std::size_t decode_stored(const byte_source& stored, byte_order order, std::size_t first,
                                        std::size_t count, To* to)
{
    if (stored.is_in_memory())
        return decode_run<From, To>(stored.bytes().data() + first * sizeof(From), order, count, to);
    if constexpr (std::same_as<From, To> && !std::same_as<From, bool>)
        if (order == byte_order::native || sizeof(From) == 1)
        {
            stored.read_at(first * sizeof(From), std::as_writable_bytes(std::span(to, count)));
            return count;
        }
    std::array<std::byte, std::size_t{1} << 14> buffer;
    constexpr std::size_t step = buffer.size() / sizeof(From);
    for (std::size_t begin = 0; begin < count; begin += step)
    {
        const std::size_t some = std::min(step, count - begin);
        stored.read_at((first + begin) * sizeof(From), std::span(buffer.data(), some * sizeof(From)));
        const std::size_t done = decode_run<From, To>(buffer.data(), order, some, to + begin);
        if (done < some)
            return begin + done;
    }
    return count;
}

/// The index, as Python writes it, of the element that is stored at position `position`.
[[nodiscard]] inline std::string index_text(const npy_header& header, std::size_t position)
{
    std::vector<std::size_t> index(header.shape.size());
    for (std::size_t d = 0; d < index.size(); ++d)
    {
        const std::size_t axis = header.order == array_order::fortran ? d : index.size() - 1 - d;
        index[axis] = position % header.shape[axis];
        position /= header.shape[axis];
    }
    return shape_text(index);
}

/// Where in its file the dictionary of an array stands, for errors about what it says.
[[nodiscard]] inline std::size_t offset_of_header(const npy_array& array) noexcept
{
    return array.header().data_offset == 0 ? 0 : dictionary_offset(array.header().version);
}

/// Throws the error for an element type that is not converted to To.
template <storable_element To>
[[noreturn]] void refuse_elements(const npy_array& array)
{
    const char* const remedy = std::same_as<To, bool> ? "only booleans are; save the array as booleans"
                               : fractional<To>       ? "digits would be lost; read them as f8"
                                                      : "a fraction would be lost; save the array as integers";
    throw format_error(array.path(), offset_of_header(array),
                       "the elements are of type " + dtype_text(array.header()) + ", which are not read as " +
                           std::string(name_of(element_type_of<To>())) + ": " + remedy);
}

/// Throws the error for an element that does not fit in a To.
template <storable_element From, storable_element To>
[[noreturn]] void refuse_element(const npy_array& array, std::size_t position)
{
    const std::size_t offset = position * sizeof(From);
    std::array<std::byte, sizeof(From)> stored;
    array.stored().read_at(offset, stored);
    const From value = load<From>(stored.data(), array.header().bytes);
    std::string text = "?";
    if constexpr (std::integral<From>)
        text = std::to_string(value);
    throw format_error(array.path(), array.header().data_offset + offset,
                       "the element " + index_text(array.header(), position) + " is " + text +
                           ", which no value of type " + std::string(name_of(element_type_of<To>())) +
                           " equals; save the array in a smaller range");
}

}  // namespace detail

template <storable_element To>
void decode(const npy_array& array, std::size_t first, std::size_t count, To* to)
{
    with_element_type(array.header().element,
                      [&]<class From>()
                      {
                          if constexpr (conversion_of<From, To>() == conversion::refused)
                              detail::refuse_elements<To>(array);
                          else
                          {
                              const std::size_t done =
                                  detail::decode_stored<From>(array.stored(), array.header().bytes, first, count, to);
                              if (done < count)
                                  detail::refuse_element<From, To>(array, first + done);
                          }
                      });
}

}  // namespace labelerrors::io

#endif
