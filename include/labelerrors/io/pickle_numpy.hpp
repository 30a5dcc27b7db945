#ifndef LABELERRORS_IO_PICKLE_NUMPY_HPP
#define LABELERRORS_IO_PICKLE_NUMPY_HPP

#include <labelerrors/io/element_type.hpp>
#include <labelerrors/io/in_quotes.hpp>
#include <labelerrors/io/pickle_machine.hpp>
#include <labelerrors/io/pickle_value.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace labelerrors::io::detail
{

// How numpy pickles an array: GLOBAL finds numpy's functions; REDUCE calls _reconstruct(ndarray, (0,), b'b') for an
// empty array and dtype('u2', False, True) for a type; BUILD gives the type its byte order and the array its state
// (1, shape, dtype, is Fortran order, elements), elements being bytes, or a list for an array of objects.

/// The globals that are known.
enum class pickle_global
{
    reconstruct,
    ndarray,
    dtype
};

/// Pushes the function `name` of `module` if it is one of numpy's three.
inline void push_global(pickle_machine& machine, std::string_view module, std::string_view name)
{
    const auto push = [&](pickle_global global)
    {
        machine.push(pickle_kind::function, static_cast<std::int64_t>(global));
    };
    if ((module == "numpy.core.multiarray" || module == "numpy._core.multiarray") && name == "_reconstruct")
        push(pickle_global::reconstruct);
    else if (module == "numpy" && name == "ndarray")
        push(pickle_global::ndarray);
    else if (module == "numpy" && name == "dtype")
        push(pickle_global::dtype);
    else
        machine.fail("the pickle asks for " + in_quotes(std::string(module) + "." + std::string(name)) +
                     ", which is refused: only numpy's arrays are rebuilt and no code is run; save lists or arrays, "
                     "with protocol 4 or numpy.save");
}

[[nodiscard]] inline bool is_function(const pickle_value& value, pickle_global global) noexcept
{
    return value.kind == pickle_kind::function && value.integer == static_cast<std::int64_t>(global);
}

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
    for (auto type = element_type::f2; type <= element_type::boolean;
         type = static_cast<element_type>(static_cast<int>(type) + 1))
        if (name == name_of(type))
            return {.type = type};
    machine.fail("the elements are of type " + in_quotes(name) +
                 "; the types read are f2, f4, f8, i1 to i8, u1 to u8, b1, and O whose elements are such arrays or "
                 "lists");
}

/// REDUCE: calls a function with a tuple of arguments.
inline void reduce(pickle_machine& machine)
{
    constexpr const char* wrong = "the arguments are not those that numpy writes; the file is damaged";
    const pickle_value arguments = machine.value(machine.pop());
    const pickle_value function = machine.value(machine.pop());
    if (is_function(function, pickle_global::reconstruct))
    {
        const auto items = tuple_items(machine, arguments, 3, wrong);
        if (!is_function(*items[0], pickle_global::ndarray) || items[1]->kind != pickle_kind::tuple ||
            !machine.values().is_text(*items[2], "b"))
            machine.fail(wrong);
        machine.push(pickle_kind::array);
    }
    else if (is_function(function, pickle_global::dtype))
    {
        const auto items = tuple_items(machine, arguments, 3, wrong);
        const auto name = machine.values().text(*items[0]);
        if (name.empty() || !is_number(*items[1], 0) || !(is_number(*items[2], 1) || is_number(*items[2], 0)))
            machine.fail(wrong);
        const auto element = element_named(machine, name);
        machine.describe(machine.push(pickle_kind::element), element);
    }
    else
        machine.fail(std::string("the pickle calls ") +
                     (function.kind == pickle_kind::function ? "numpy.ndarray" : pickle::name_of(function.kind)) +
                     ", which is refused; save lists or arrays, with protocol 4 or numpy.save");
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
    pickle_array array{.element = machine.element(*items[2]),
                       .num_dimensions = shape.size,
                       .shape = {1, 1},
                       .is_fortran = items[3]->integer == 1,
                       .bytes = {}};
    if (shape.size < 1 || shape.size > 2)
        machine.fail("the array has " + std::to_string(shape.size) + " dimensions; those with one or two are read");
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
    const pickle_value& elements = *items[4];
    const bool is_list = elements.kind == pickle_kind::list;
    if (array.element.is_object != is_list || (!is_list && elements.kind != pickle_kind::bytes))
        machine.fail(wrong);
    const std::size_t size = array.element.is_object ? 1 : size_of(array.element.type);
    if (elements.size % size != 0 || elements.size / size != count)
        machine.fail("the array should have " + std::to_string(count) + " elements, but " +
                     std::to_string(elements.size / size) + " are there; the file is damaged");
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
