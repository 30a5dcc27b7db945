#ifndef LABELERRORS_IO_PICKLE_OPCODE_HPP
#define LABELERRORS_IO_PICKLE_OPCODE_HPP

#include <cstdint>
#include <string_view>

namespace labelerrors::io
{

/// The opcodes of pickles that are read: those that Python writes for lists, dictionaries, integers, texts, bytes and
/// numpy's arrays in protocols 2 to 5. Names and codes are those of Python's pickletools.
enum class pickle_opcode : std::uint8_t
{
    mark = '(',
    empty_tuple = ')',
    stop = '.',
    binbytes = 'B',
    short_binbytes = 'C',
    binint = 'J',
    binint1 = 'K',
    binint2 = 'M',
    none = 'N',
    reduce = 'R',
    binstring = 'T',
    short_binstring = 'U',
    binunicode = 'X',
    empty_list = ']',
    append = 'a',
    build = 'b',
    global = 'c',
    appends = 'e',
    binget = 'h',
    long_binget = 'j',
    binput = 'q',
    long_binput = 'r',
    setitem = 's',
    tuple = 't',
    setitems = 'u',
    empty_dict = '}',
    proto = 0x80,
    tuple1 = 0x85,
    tuple2 = 0x86,
    tuple3 = 0x87,
    newtrue = 0x88,
    newfalse = 0x89,
    long1 = 0x8a,
    short_binunicode = 0x8c,
    binunicode8 = 0x8d,
    binbytes8 = 0x8e,
    stack_global = 0x93,
    memoize = 0x94,
    frame = 0x95,
    bytearray8 = 0x96
};

namespace detail
{

/// A code and the name that Python has for it.
struct opcode_name
{
    std::uint8_t code;
    std::string_view name;
};

/// All opcodes that Python has, those that are refused among them.
inline constexpr opcode_name opcode_names[] = {{'(', "MARK"},          {')', "EMPTY_TUPLE"},
                                               {'.', "STOP"},          {'0', "POP"},
                                               {'1', "POP_MARK"},      {'2', "DUP"},
                                               {'B', "BINBYTES"},      {'C', "SHORT_BINBYTES"},
                                               {'F', "FLOAT"},         {'G', "BINFLOAT"},
                                               {'I', "INT"},           {'J', "BININT"},
                                               {'K', "BININT1"},       {'L', "LONG"},
                                               {'M', "BININT2"},       {'N', "NONE"},
                                               {'P', "PERSID"},        {'Q', "BINPERSID"},
                                               {'R', "REDUCE"},        {'S', "STRING"},
                                               {'T', "BINSTRING"},     {'U', "SHORT_BINSTRING"},
                                               {'V', "UNICODE"},       {'X', "BINUNICODE"},
                                               {']', "EMPTY_LIST"},    {'a', "APPEND"},
                                               {'b', "BUILD"},         {'c', "GLOBAL"},
                                               {'d', "DICT"},          {'e', "APPENDS"},
                                               {'g', "GET"},           {'h', "BINGET"},
                                               {'i', "INST"},          {'j', "LONG_BINGET"},
                                               {'l', "LIST"},          {'o', "OBJ"},
                                               {'p', "PUT"},           {'q', "BINPUT"},
                                               {'r', "LONG_BINPUT"},   {'s', "SETITEM"},
                                               {'t', "TUPLE"},         {'u', "SETITEMS"},
                                               {'}', "EMPTY_DICT"},    {0x80, "PROTO"},
                                               {0x81, "NEWOBJ"},       {0x82, "EXT1"},
                                               {0x83, "EXT2"},         {0x84, "EXT4"},
                                               {0x85, "TUPLE1"},       {0x86, "TUPLE2"},
                                               {0x87, "TUPLE3"},       {0x88, "NEWTRUE"},
                                               {0x89, "NEWFALSE"},     {0x8a, "LONG1"},
                                               {0x8b, "LONG4"},        {0x8c, "SHORT_BINUNICODE"},
                                               {0x8d, "BINUNICODE8"},  {0x8e, "BINBYTES8"},
                                               {0x8f, "EMPTY_SET"},    {0x90, "ADDITEMS"},
                                               {0x91, "FROZENSET"},    {0x92, "NEWOBJ_EX"},
                                               {0x93, "STACK_GLOBAL"}, {0x94, "MEMOIZE"},
                                               {0x95, "FRAME"},        {0x96, "BYTEARRAY8"},
                                               {0x97, "NEXT_BUFFER"},  {0x98, "READONLY_BUFFER"}};

/// The name of an opcode; empty if there is none of that code.
[[nodiscard]] constexpr std::string_view name_of_opcode(std::uint8_t code) noexcept
{
    for (const opcode_name& opcode : opcode_names)
        if (opcode.code == code)
            return opcode.name;
    return {};
}

}  // namespace detail

}  // namespace labelerrors::io

#endif
