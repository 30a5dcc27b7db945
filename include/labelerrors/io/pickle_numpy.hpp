#ifndef LABELERRORS_IO_PICKLE_NUMPY_HPP
#define LABELERRORS_IO_PICKLE_NUMPY_HPP

#include <labelerrors/io/decode.hpp>
#include <labelerrors/io/element_names.hpp>
#include <labelerrors/io/element_type.hpp>
#include <labelerrors/io/in_quotes.hpp>
#include <labelerrors/io/pickle_global.hpp>
#include <labelerrors/io/pickle_machine.hpp>
#include <labelerrors/io/pickle_value.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace labelerrors::io::detail
{

// How numpy pickles an array: GLOBAL finds numpy's functions; REDUCE calls _reconstruct(ndarray, (0,), b'b') for an
// empty array and dtype('u2', False, True) for a type; BUILD gives the type its byte order and the array its state
// (1, shape, dtype, is Fortran order, elements), elements being bytes, or a list for an array of objects.
// In protocol 5 REDUCE calls _frombuffer(bytes, dtype, shape, 'C' or 'F') for a whole array of numbers. In protocol 2,
// which knows no bytes, it calls _codecs.encode(text, 'latin1') for some and bytes() for none.
// For a number that was taken out of an array, as in list(array), REDUCE calls scalar(dtype, bytes).

/// Whether a value is the number or truth value `expected`: numpy wrote either at times.
[[nodiscard]] inline bool is_number(const pickle_value& value, std::int64_t expected) noexcept
{
    return (value.kind == pickle_kind::integer || value.kind == pickle_kind::boolean) && value.integer == expected;
}

/// The items of a tuple of `size`; fails with `problem` where the value is none.
[[nodiscard]] inline std::vector<const pickle_value*>
tuple_items(const pickle_machine& machine, const pickle_value& value, std::size_t size, const char* problem)
{
    if (value.kind != pickle_kind::tuple || value.size != size)
        machine.fail(problem);
    return machine.values().items(value);
}

/// The type that numpy calls `name`, its byte order open.
[[nodiscard]] inline pickle_element element_named(const pickle_machine& machine, std::string_view name)
{
    if (name == "O" || name == "O8" || name == "O4")
        return {.is_object = true};
    if (const auto type = element_written_as(name))
        return {.type = *type};
    machine.fail("the elements are of type " + in_quotes(name) +
                 "; the types read are f2, f4, f8, i1 to i8, u1 to u8, b1, and O whose elements are such arrays or "
                 "lists");
}

inline constexpr const char* wrong_arguments = "the arguments are not those that numpy writes; the file is damaged";

/// _reconstruct(ndarray, (0,), b'b'): an array that has yet to get its state.
inline void call_reconstruct(pickle_machine& machine, const pickle_value& arguments)
{
    const auto items = tuple_items(machine, arguments, 3, wrong_arguments);
    if (!is_function(*items[0], pickle_global::ndarray) || items[1]->kind != pickle_kind::tuple ||
        !machine.values().is_text(*items[2], "b"))
        machine.fail(wrong_arguments);
    machine.push(pickle_kind::array);
}

/// dtype('u2', False, True): a type whose byte order is open.
inline void call_dtype(pickle_machine& machine, const pickle_value& arguments)
{
    const auto items = tuple_items(machine, arguments, 3, wrong_arguments);
    const auto name = machine.values().text(*items[0]);
    if (name.empty() || !is_number(*items[1], 0) || !(is_number(*items[2], 1) || is_number(*items[2], 0)))
        machine.fail(wrong_arguments);
    const auto element = element_named(machine, name);
    machine.describe(machine.push(pickle_kind::element), element);
}

/// Describes the array `index`, of type `element` and shape `shape`, whose elements are `elements`.
inline void describe_array(pickle_machine& machine, std::uint32_t index, const pickle_element& element,
                           const pickle_value& shape, bool is_fortran, const pickle_value& elements)
{
    const std::size_t num_dimensions = shape.size;
    if (num_dimensions < 1 || num_dimensions > 2)
        machine.fail("the array has " + std::to_string(num_dimensions) + " dimensions; those with one or two are read");
    pickle_array array{
        .element = element, .num_dimensions = num_dimensions, .shape = {1, 1}, .is_fortran = is_fortran, .bytes = {}};
    std::size_t count = 1;
    const auto extents = machine.values().items(shape);
    for (std::size_t d = 0; d < extents.size(); ++d)
    {
        // No extent fits in a file of 4 GiB whose elements take a byte; their product fits in 64 bits.
        if (extents[d]->kind != pickle_kind::integer || extents[d]->integer < 0 ||
            extents[d]->integer > std::numeric_limits<std::uint32_t>::max())
            machine.fail("an extent of the array is no number that an array in this file can have");
        array.shape[d] = static_cast<std::size_t>(extents[d]->integer);
        count *= array.shape[d];
    }
    const bool is_list = elements.kind == pickle_kind::list;
    if (element.is_object != is_list || (!is_list && elements.kind != pickle_kind::bytes))
        machine.fail("the elements of the array are not as numpy writes them; the file is damaged");
    const std::size_t size = element.is_object ? 1 : size_of(element.type);
    if (elements.size % size != 0 || elements.size / size != count)
        machine.fail("the array should have " + std::to_string(count) + " elements, but " +
                     std::to_string(elements.size / size) + (elements.size % size != 0 ? " and a part of one" : "") +
                     " are there; the file is damaged");
    pickle_value& value = machine.value(index);
    if (is_list)
    {
        value.first = elements.first;
        value.size = elements.size;
    }
    else
        array.bytes = machine.bytes(elements);
    machine.describe(index, array);
}

/// _frombuffer(bytes, dtype, shape, 'C'): a whole array of numbers.
inline void call_frombuffer(pickle_machine& machine, const pickle_value& arguments)
{
    const auto items = tuple_items(machine, arguments, 4, wrong_arguments);
    const bool is_fortran = machine.values().is_text(*items[3], "F");
    if (items[1]->kind != pickle_kind::element || items[2]->kind != pickle_kind::tuple ||
        !(is_fortran || machine.values().is_text(*items[3], "C")))
        machine.fail(wrong_arguments);
    // Copies: where values are kept changes with the next one.
    const pickle_value elements = *items[0];
    const pickle_value shape = *items[2];
    const pickle_element element = machine.element(*items[1]);
    describe_array(machine, machine.push(pickle_kind::array), element, shape, is_fortran, elements);
}

/// scalar(dtype, bytes): a single number, which becomes an integer or a truth value as Python's own are.
inline void call_scalar(pickle_machine& machine, const pickle_value& arguments)
{
    const auto items = tuple_items(machine, arguments, 2, wrong_arguments);
    if (items[0]->kind != pickle_kind::element)
        machine.fail(wrong_arguments);
    const pickle_element element = machine.element(*items[0]);
    const bool is_truth = element.type == element_type::boolean;
    if (element.is_object || !(is_truth || is_integer(element.type)))
        machine.fail("a number is of type " + in_quotes(element.is_object ? "O" : name_of(element.type)) +
                     "; outside of arrays only integers and truth values are read; save labels as integers");
    if (items[1]->kind != pickle_kind::bytes || items[1]->size != size_of(element.type))
        machine.fail(wrong_arguments);
    std::int64_t number = 0;
    const auto read = [&]<class From>()
    {
        const std::byte* const from = machine.bytes(*items[1]).data();
        if constexpr (conversion_of<From, std::int64_t>() != conversion::refused)
            return decode_run<From, std::int64_t>(from, element.bytes, 1, &number) == 1;
        else
            return false;  // fractions, which have been refused above
    };
    if (!with_element_type(element.type, read))
        machine.fail("an integer has more than 63 bits, which no label needs");
    machine.push(is_truth ? pickle_kind::boolean : pickle_kind::integer, number);
}

/// The bytes that the characters of `text` are in Latin-1.
[[nodiscard]] inline std::vector<std::byte> latin1_of(const pickle_machine& machine, std::string_view text)
{
    std::vector<std::byte> bytes;
    bytes.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i)
    {
        auto code = static_cast<unsigned char>(text[i]);
        // The characters from 128 to 255 are two bytes each, of which the first is C2 or C3.
        const bool is_pair = code == 0xc2 || code == 0xc3;
        const auto next = is_pair && i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0U;
        if (code >= 0x80 && (next & 0xc0U) != 0x80)
            machine.fail("the text has a character that is no byte in Latin-1; the file is damaged");
        if (is_pair)
        {
            code = static_cast<unsigned char>((code & 3U) << 6 | (next & 0x3fU));
            ++i;
        }
        bytes.push_back(std::byte{code});
    }
    return bytes;
}

/// _codecs.encode(text, 'latin1'): bytes.
inline void call_encode(pickle_machine& machine, const pickle_value& arguments)
{
    const auto items = tuple_items(machine, arguments, 2, wrong_arguments);
    if (items[0]->kind != pickle_kind::text || !machine.values().is_text(*items[1], "latin1"))
        machine.fail(wrong_arguments);
    machine.push_decoded(*items[0], [&](std::string_view text) { return latin1_of(machine, text); });
}

/// REDUCE: calls a function with a tuple of arguments.
inline void reduce(pickle_machine& machine)
{
    const pickle_value arguments = machine.value(machine.pop());
    const pickle_value function = machine.value(machine.pop());
    const bool is_known = function.kind == pickle_kind::function;
    if (is_known)
        switch (static_cast<pickle_global>(function.integer))
        {
        case pickle_global::reconstruct:
            return call_reconstruct(machine, arguments);
        case pickle_global::dtype:
            return call_dtype(machine, arguments);
        case pickle_global::frombuffer:
            return call_frombuffer(machine, arguments);
        case pickle_global::scalar:
            return call_scalar(machine, arguments);
        case pickle_global::encode:
            return call_encode(machine, arguments);
        case pickle_global::bytes:
            static_cast<void>(tuple_items(machine, arguments, 0, wrong_arguments));
            return machine.push_content(pickle_kind::bytes, 0);
        case pickle_global::ndarray:
            break;
        }
    machine.fail(std::string("the pickle calls ") + (is_known ? "numpy.ndarray" : pickle::name_of(function.kind)) +
                 ", which is refused" + save_plain_values);
}

/// Gives an element type its byte order: the second of (3, '<', None, None, None, -1, -1, 0).
inline void build_element(pickle_machine& machine, const pickle_value& element, const pickle_value& state)
{
    constexpr const char* wrong = "the state of the element type is not one that numpy writes for numbers and objects; "
                                  "the file is damaged, or the array has fields or other extras";
    const auto items = tuple_items(machine, state, 8, wrong);
    const auto order = machine.values().text(*items[1]);
    const bool is_plain = items[2]->kind == pickle_kind::none && items[3]->kind == pickle_kind::none &&
                          items[4]->kind == pickle_kind::none;
    if (!is_number(*items[0], 3) || order.size() != 1 || !is_plain)
        machine.fail(wrong);
    if (order == "<" || order == ">")
        machine.element(element).bytes = order == "<" ? byte_order::little : byte_order::big;
    else if (order != "|" && order != "=")
        machine.fail(wrong);
}

/// Describes the array by its state.
inline void build_array(pickle_machine& machine, std::uint32_t index, const pickle_value& state)
{
    constexpr const char* wrong = "the state of the array is not one that numpy writes; the file is damaged";
    if (machine.value(index).details != no_pickle_index)
        machine.fail("the array has its elements already; the file is damaged");
    const auto items = tuple_items(machine, state, 5, wrong);
    const pickle_value& shape = *items[1];
    if (!is_number(*items[0], 1) || shape.kind != pickle_kind::tuple || items[2]->kind != pickle_kind::element ||
        !(is_number(*items[3], 0) || is_number(*items[3], 1)))
        machine.fail(wrong);
    describe_array(machine, index, machine.element(*items[2]), shape, items[3]->integer == 1, *items[4]);
}

/// BUILD: gives the value below the top what is on top.
inline void build(pickle_machine& machine)
{
    const std::uint32_t state = machine.pop();
    const std::uint32_t index = machine.top();
    switch (machine.value(index).kind)
    {
    case pickle_kind::array:
        return build_array(machine, index, machine.value(state));
    case pickle_kind::element:
        return build_element(machine, machine.value(index), machine.value(state));
    default:
        machine.fail(std::string("only numpy's arrays have a state to be given, not ") +
                     pickle::name_of(machine.value(index).kind));
    }
}

}  // namespace labelerrors::io::detail

#endif
