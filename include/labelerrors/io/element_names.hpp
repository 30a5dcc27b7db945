#ifndef LABELERRORS_IO_ELEMENT_NAMES_HPP
#define LABELERRORS_IO_ELEMENT_NAMES_HPP

#include <labelerrors/io/element_type.hpp>

#include <optional>
#include <string_view>

namespace labelerrors::io::detail
{

/// An element type and another name that numpy takes for it.
struct element_name
{
    std::string_view name;
    element_type type;
};

/// The names that numpy on 64-bit Linux takes beside those that it writes. Those of one letter may have a byte order
/// before them.
inline constexpr element_name element_names[] = {
    {"?", element_type::boolean},  {"b", element_type::i1},         {"B", element_type::u1},
    {"h", element_type::i2},       {"H", element_type::u2},         {"i", element_type::i4},
    {"I", element_type::u4},       {"l", element_type::i8},         {"L", element_type::u8},
    {"q", element_type::i8},       {"Q", element_type::u8},         {"p", element_type::i8},
    {"P", element_type::u8},       {"e", element_type::f2},         {"f", element_type::f4},
    {"d", element_type::f8},       {"bool", element_type::boolean}, {"int8", element_type::i1},
    {"uint8", element_type::u1},   {"int16", element_type::i2},     {"uint16", element_type::u2},
    {"int32", element_type::i4},   {"uint32", element_type::u4},    {"int64", element_type::i8},
    {"uint64", element_type::u8},  {"float16", element_type::f2},   {"float32", element_type::f4},
    {"float64", element_type::f8}, {"byte", element_type::i1},      {"ubyte", element_type::u1},
    {"short", element_type::i2},   {"ushort", element_type::u2},    {"intc", element_type::i4},
    {"uintc", element_type::u4},   {"int", element_type::i8},       {"uint", element_type::u8},
    {"intp", element_type::i8},    {"uintp", element_type::u8},     {"long", element_type::i8},
    {"ulong", element_type::u8},   {"longlong", element_type::i8},  {"ulonglong", element_type::u8},
    {"half", element_type::f2},    {"single", element_type::f4},    {"float", element_type::f8},
    {"double", element_type::f8}};

/// The type that numpy writes as `name`: "f4".
[[nodiscard]] constexpr std::optional<element_type> element_written_as(std::string_view name) noexcept
{
    for (auto type = element_type::f2; type <= element_type::boolean;
         type = static_cast<element_type>(static_cast<int>(type) + 1))
        if (name == name_of(type))
            return type;
    return {};
}

/// The type that numpy takes `name` for, which stood behind a byte order or not.
[[nodiscard]] constexpr std::optional<element_type> element_taken_for(std::string_view name, bool has_order) noexcept
{
    for (const element_name& known : element_names)
        if (name == known.name && (name.size() == 1 || !has_order))
            return known.type;
    return element_written_as(name);
}

}  // namespace labelerrors::io::detail

#endif
