#ifndef LABELERRORS_IO_PICKLE_HPP
#define LABELERRORS_IO_PICKLE_HPP

#include <labelerrors/error.hpp>
#include <labelerrors/io/pickle_machine.hpp>
#include <labelerrors/io/pickle_numpy.hpp>
#include <labelerrors/io/pickle_opcode.hpp>
#include <labelerrors/io/pickle_value.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace labelerrors::io
{

/// Reads the pickle that begins at byte `begin` of `file`, of protocol 2 to 5; `path` names the file in messages, and
/// offsets are counted from its beginning. No code is run and nothing is built but None, booleans, integers of 64 bits,
/// texts, bytes, lists, tuples, dictionaries, and arrays of one or two dimensions of numbers or of objects. Numpy's own
/// integers and truth values become the former.
/// Memory is at most a constant times the size of the file, whatever lengths it claims. Nesting takes no call stack.
/// Bytes after the end of the pickle are no error, as they are none for Python. The result refers to `file`.
/// Throws format_error, at the offset of the opcode, where the pickle needs another opcode or another global than
/// numpy.ndarray, numpy.dtype, numpy.core.multiarray._reconstruct and .scalar and numpy.core.numeric._frombuffer
/// (numpy._core likewise) and what protocol 2 has for bytes, _codecs.encode to Latin-1 and bytes(), is cut short or
/// damaged.
/// O(size).
[[nodiscard]] pickle read_pickle(std::span<const std::byte> file, std::size_t begin, const std::string& path);

namespace detail
{

/// Refuses a file that does not begin as a pickle of a protocol that is read.
inline void take_protocol(pickle_machine& machine)
{
    if (machine.take_opcode() != static_cast<std::uint8_t>(pickle_opcode::proto))
        machine.fail("a pickle of protocol 2 to 5 begins with PROTO (0x80), this does not; save it with protocol 4");
    const auto protocol = machine.take_number(1);
    if (protocol < 2 || protocol > 5)
        machine.fail("the pickle has protocol " + std::to_string(protocol) + "; save it with one of 2 to 5");
}

/// Throws the error for an opcode that is not read.
[[noreturn]] inline void refuse_opcode(const pickle_machine& machine, std::uint8_t code)
{
    if (name_of_opcode(code).empty())
        machine.fail("no opcode of pickles is the byte " + std::to_string(code) + "; the file is damaged");
    machine.fail(std::string("the pickle needs this opcode, which is refused: only lists, tuples, dictionaries, "
                             "integers, texts and numpy's arrays are read") +
                 save_plain_values);
}

/// An integer of as many bytes as the next byte says.
inline void push_long(pickle_machine& machine)
{
    const auto size = machine.take_number(1);
    if (size > 8)
        machine.fail("an integer has more than 64 bits, which no label needs");
    machine.push(pickle_kind::integer, machine.take_signed(static_cast<std::size_t>(size)));
}

/// A tuple of the uppermost `size` values.
inline void push_tuple(pickle_machine& machine, std::size_t size)
{
    std::uint32_t items[3] = {};
    for (std::size_t i = size; i > 0; --i)
        items[i - 1] = machine.pop();
    const std::uint32_t tuple = machine.push(pickle_kind::tuple);
    for (std::size_t i = 0; i < size; ++i)
        machine.append(tuple, items[i]);
}

/// A tuple of what stands above the last mark.
inline void push_marked_tuple(pickle_machine& machine)
{
    const auto items = machine.pop_mark();
    const std::uint32_t tuple = machine.push(pickle_kind::tuple);
    for (const std::uint32_t item : items)
        machine.append(tuple, item);
}

/// Appends `items` to the value that is now on top, which must be of `kind`.
inline void append_to_top(pickle_machine& machine, pickle_kind kind, std::span<const std::uint32_t> items)
{
    const std::uint32_t container = machine.top();
    const pickle_kind found = machine.value(container).kind;
    if (found != kind)
        machine.fail(std::string(pickle::name_of(kind)) + " is expected before what is appended, not " +
                     pickle::name_of(found) + "; the file is damaged");
    if (kind == pickle_kind::dictionary && items.size() % 2 != 0)
        machine.fail("a key has no value; the file is damaged");
    for (const std::uint32_t item : items)
        machine.append(container, item);
}

/// SETITEM: a key and its value, the latter on top.
inline void set_item(pickle_machine& machine)
{
    const std::uint32_t value = machine.pop();
    const std::uint32_t key = machine.pop();
    append_to_top(machine, pickle_kind::dictionary, std::array{key, value});
}

/// STACK_GLOBAL: a module and a name, the latter on top.
inline void push_stacked_global(pickle_machine& machine)
{
    const pickle_value name = machine.value(machine.pop());
    const pickle_value module = machine.value(machine.pop());
    if (name.kind != pickle_kind::text || module.kind != pickle_kind::text)
        machine.fail("the names of a module and of a function are expected before it; the file is damaged");
    push_global(machine, machine.values().text(module), machine.values().text(name));
}

/// Does what `opcode` says.
inline void run(pickle_machine& machine, pickle_opcode opcode)
{
    const auto push_text = [&](std::size_t width)
    {
        machine.push_content(pickle_kind::text, machine.take_number(width));
    };
    const auto push_bytes = [&](std::size_t width)
    {
        machine.push_content(pickle_kind::bytes, machine.take_number(width));
    };
    const auto push_integer = [&](std::uint64_t number)
    {
        machine.push(pickle_kind::integer, static_cast<std::int64_t>(number));
    };
    switch (opcode)
    {
    case pickle_opcode::none:
        machine.push(pickle_kind::none);
        return;
    case pickle_opcode::newtrue:
        machine.push(pickle_kind::boolean, 1);
        return;
    case pickle_opcode::newfalse:
        machine.push(pickle_kind::boolean, 0);
        return;
    case pickle_opcode::binint:
        machine.push(pickle_kind::integer, machine.take_signed(4));
        return;
    case pickle_opcode::binint1:
        return push_integer(machine.take_number(1));
    case pickle_opcode::binint2:
        return push_integer(machine.take_number(2));
    case pickle_opcode::long1:
        return push_long(machine);
    case pickle_opcode::short_binbytes:
    case pickle_opcode::short_binstring:
        return push_bytes(1);
    case pickle_opcode::binbytes:
    case pickle_opcode::binstring:
        return push_bytes(4);
    case pickle_opcode::binbytes8:
    case pickle_opcode::bytearray8:
        return push_bytes(8);
    case pickle_opcode::short_binunicode:
        return push_text(1);
    case pickle_opcode::binunicode:
        return push_text(4);
    case pickle_opcode::binunicode8:
        return push_text(8);
    case pickle_opcode::mark:
        return machine.push_mark();
    case pickle_opcode::empty_tuple:
        return push_tuple(machine, 0);
    case pickle_opcode::tuple1:
        return push_tuple(machine, 1);
    case pickle_opcode::tuple2:
        return push_tuple(machine, 2);
    case pickle_opcode::tuple3:
        return push_tuple(machine, 3);
    case pickle_opcode::tuple:
        return push_marked_tuple(machine);
    case pickle_opcode::empty_list:
        machine.push(pickle_kind::list);
        return;
    case pickle_opcode::append:
        return append_to_top(machine, pickle_kind::list, std::array{machine.pop()});
    case pickle_opcode::appends:
        return append_to_top(machine, pickle_kind::list, machine.pop_mark());
    case pickle_opcode::empty_dict:
        machine.push(pickle_kind::dictionary);
        return;
    case pickle_opcode::setitem:
        return set_item(machine);
    case pickle_opcode::setitems:
        return append_to_top(machine, pickle_kind::dictionary, machine.pop_mark());
    case pickle_opcode::global:
    {
        const std::string_view module = machine.take_line();
        return push_global(machine, module, machine.take_line());
    }
    case pickle_opcode::stack_global:
        return push_stacked_global(machine);
    case pickle_opcode::reduce:
        return reduce(machine);
    case pickle_opcode::build:
        return build(machine);
    case pickle_opcode::binput:
        return machine.put(machine.take_number(1));
    case pickle_opcode::long_binput:
        return machine.put(machine.take_number(4));
    case pickle_opcode::memoize:
        return machine.put(machine.num_memoized());
    case pickle_opcode::binget:
        return machine.get(machine.take_number(1));
    case pickle_opcode::long_binget:
        return machine.get(machine.take_number(4));
    case pickle_opcode::frame:
        return machine.enter_frame(machine.take_number(8));
    case pickle_opcode::proto:  // stands at the beginning only
    case pickle_opcode::stop:
        break;
    }
    refuse_opcode(machine, static_cast<std::uint8_t>(opcode));
}

}  // namespace detail

inline pickle read_pickle(std::span<const std::byte> file, std::size_t begin, const std::string& path)
{
    detail::pickle_machine machine(file, begin, path);
    detail::take_protocol(machine);
    for (;;)
    {
        const std::uint8_t code = machine.take_opcode();
        if (code == static_cast<std::uint8_t>(pickle_opcode::stop))
            return machine.finish();
        detail::run(machine, static_cast<pickle_opcode>(code));
    }
}

}  // namespace labelerrors::io

#endif
