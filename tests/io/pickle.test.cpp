#include "io/pickle_problem.hpp"
#include "io/pickled_bytes.hpp"
#include "io/stored_bytes.hpp"
#include <labelerrors/error.hpp>
#include <labelerrors/io/pickle.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

using namespace labelerrors::io;
using labelerrors::format_error;
using namespace tests;

namespace
{

/// An integer that is alone in a pickle.
std::int64_t integer(std::string_view program)
{
    const auto file = pickle_of(program);
    const auto content = unpickled(file);
    CHECK(content.root().kind == pickle_kind::integer);
    return content.root().integer;
}

}  // namespace

TEST_CASE("integers of every width are read as they were written")
{
    CHECK(integer("K\0"s) == 0);
    CHECK(integer("K\xff") == 255);
    CHECK(integer("M\xff\xff") == 65535);
    CHECK(integer("J\xff\xff\xff\xff") == -1);
    CHECK(integer("J\0\0\0\x80"s) == -2147483648LL);
    CHECK(integer("J\xff\xff\xff\x7f") == 2147483647LL);
    CHECK(integer("\x8a\0"s) == 0);
    CHECK(integer("\x8a\1\xff") == -1);
    CHECK(integer("\x8a\5\0\0\0\x80\0"s) == 2147483648LL);
    CHECK(integer("\x8a\x8\xff\xff\xff\xff\xff\xff\xff\x7f") == 9223372036854775807LL);
    CHECK(integer("\x8a\x8\0\0\0\0\0\0\0\x80"s) == -9223372036854775807LL - 1);
    contains(problem_of(pickle_of("\x8a\x9\0\0\0\0\0\0\0\x80\0"s)), "byte 2: LONG1: an integer has more than 64 bits");
}

TEST_CASE("texts, bytes, tuples, dictionaries and None are read, and looked up")
{
    const std::string file = pickle_of("}(U\1aNX\1\0\0\0b\x88uX\1\0\0\0cK\1K\2K\3\x87sC\1aK\7s"s);
    const auto content = unpickled(file);
    const pickle_value& root = content.root();
    CHECK(root.kind == pickle_kind::dictionary);
    REQUIRE(content.find(root, "a") != nullptr);
    CHECK(content.find(root, "a")->integer == 7);
    CHECK(content.find(root, "b")->kind == pickle_kind::boolean);
    REQUIRE(content.find(root, "c") != nullptr);
    const auto items = content.items(*content.find(root, "c"));
    REQUIRE(items.size() == 3);
    CHECK(items[0]->integer == 1);
    CHECK(items[2]->integer == 3);
    CHECK(content.find(root, "d") == nullptr);
    CHECK(content.find(*items[0], "d") == nullptr);
    CHECK(content.text(root).empty());
    CHECK(content.items(*items[0]).empty());
    CHECK_THROWS_WITH_AS(content.array(root), doctest::Contains("an array is expected here, not a dictionary"),
                         format_error);
    for (const auto* text : {"C\2ab", "U\2ab", "\x8c\2ab"})
    {
        const std::string other = pickle_of(text);
        CHECK(unpickled(other).text(unpickled(other).root()) == "ab");
    }
    for (const auto& text :
         {"B\2\0\0\0ab"s, "T\2\0\0\0ab"s, "X\2\0\0\0ab"s, "\x8e\2\0\0\0\0\0\0\0ab"s, "\x8d\2\0\0\0\0\0\0\0ab"s})
    {
        const std::string other = pickle_of(text);
        CHECK(unpickled(other).text(unpickled(other).root()) == "ab");
    }
}

TEST_CASE("a pickle that would run code, or build an object of a class, is refused by the name of what it asks for")
{
    contains(problem_of("\x80\3cos\nsystem\nX\2\0\0\0ls\x85R."s),
             "a.p: byte 2: GLOBAL: the pickle asks for 'os.system', which is refused");
    contains(problem_of(from_hex(os_system)), "byte 2: GLOBAL: the pickle asks for 'posix.system'");
    contains(problem_of(from_hex(fraction)), "STACK_GLOBAL: the pickle asks for 'fractions.Fraction'");
    contains(problem_of(from_hex(python_object)), "GLOBAL: the pickle asks for 'collections.Counter'");
    contains(problem_of(pickle_of("c_codecs\ndecode\n")), "'_codecs.decode', which is refused");
    contains(problem_of(pickle_of("cbuiltins\neval\n")), "'builtins.eval', which is refused");
    contains(problem_of(pickle_of("cnumpy\ndtype\ncnumpy\nndarray\n)R")), "calls numpy.ndarray, which is refused");
    contains(problem_of(pickle_of("X\2\0\0\0os)R"s)), "REDUCE: the pickle calls a text, which is refused");
    contains(problem_of(pickle_of("cnumpy\ndtype\n)R")), "the arguments are not those that numpy writes");
    contains(problem_of(pickle_of("cnumpy.core.multiarray\n_reconstruct\nK\1K\1K\1\x87R")), "the arguments are not");
    contains(problem_of(pickle_of("]Nb")), "BUILD: only numpy's arrays have a state to be given, not a list");
    contains(problem_of(pickle_of("NN\x93")), "the names of a module and of a function are expected");
    contains(problem_of(pickle_of("cnumpy\ncore\nR")), "'numpy.core'");
}

TEST_CASE("every opcode that is not needed is refused by its name")
{
    for (const auto& [code, name] : {std::pair{'i', "INST"},
                                     {'o', "OBJ"},
                                     {'\x81', "NEWOBJ"},
                                     {'\x92', "NEWOBJ_EX"},
                                     {'P', "PERSID"},
                                     {'Q', "BINPERSID"},
                                     {'\x82', "EXT1"},
                                     {'\x83', "EXT2"},
                                     {'\x84', "EXT4"},
                                     {'2', "DUP"},
                                     {'0', "POP"},
                                     {'1', "POP_MARK"},
                                     {'I', "INT"},
                                     {'L', "LONG"},
                                     {'\x8b', "LONG4"},
                                     {'F', "FLOAT"},
                                     {'G', "BINFLOAT"},
                                     {'S', "STRING"},
                                     {'V', "UNICODE"},
                                     {'g', "GET"},
                                     {'p', "PUT"},
                                     {'l', "LIST"},
                                     {'d', "DICT"},
                                     {'\x8f', "EMPTY_SET"},
                                     {'\x90', "ADDITEMS"},
                                     {'\x91', "FROZENSET"},
                                     {'\x97', "NEXT_BUFFER"},
                                     {'\x98', "READONLY_BUFFER"},
                                     {'\x80', "PROTO"}})
        contains(problem_of(pickle_of("N" + std::string(1, code))),
                 "byte 3: " + std::string(name) + ": the pickle needs this opcode, which is refused");
    contains(problem_of(pickle_of("\xff")), "byte 2: no opcode of pickles is the byte 255");
}

TEST_CASE("a set is refused with what to save in its place, in every protocol")
{
    constexpr const char* remedy = "in place of a set the list sorted(set)";
    contains(problem_of(pickle_of("c__builtin__\nset\n")), remedy);
    contains(problem_of(pickle_of("cbuiltins\nfrozenset\n")), remedy);
    contains(problem_of(pickle_of("\x8f")), remedy);
    contains(problem_of(pickle_of("(\x91")), remedy);
    contains(problem_of(pickle_of("])R")), remedy);
}

TEST_CASE("other protocols, and what is no pickle, are refused")
{
    contains(problem_of(""), "byte 0: 1 bytes should follow, but the file has only 0");
    contains(problem_of("(lp0\nI1\na."), "begins with PROTO (0x80), this does not; save it with protocol 4");
    for (const auto* file : {"\x80\1N.", "\x80\6N.",
                             "\x80\xff"
                             "N."})
        contains(problem_of(file), "PROTO: the pickle has protocol ");
}

TEST_CASE("lengths beyond the end of the file are refused before any memory is taken for them")
{
    const std::string huge = little(std::uint64_t{1} << 40, 8);
    for (const auto& [code, name] : {std::pair{"\x8e", "BINBYTES8"}, {"\x8d", "BINUNICODE8"}, {"\x96", "BYTEARRAY8"}})
        contains(problem_of(pickle_of(code + huge + "ab")),
                 "byte 2: "s + name + ": 1099511627776 bytes should follow, but the file has only 3 more");
    contains(problem_of(pickle_of("\x8e"s + little(~std::uint64_t{0}, 8))), "18446744073709551615 bytes should follow");
    for (const auto* code : {"B", "X", "T"})
        contains(problem_of(pickle_of(code + little(0xffffffff, 4))), "4294967295 bytes should follow");
    contains(problem_of(pickle_of("\x95" + huge)), "FRAME: the frame reaches beyond the end of the file");
    contains(problem_of(pickle_of("cnumpy\nndarray")), "GLOBAL: the file ends within a name");
}

TEST_CASE("a value that gets its number in the memo anew leaves the next number to the next value")
{
    const std::string program = pickle_of("](K\6q\0q\0K\7\x94h\1e"s);
    const auto content = unpickled(program);
    const auto items = content.items(content.root());
    REQUIRE(items.size() == 3);
    CHECK(items[2]->integer == 7);
}

TEST_CASE("numbers in the memo that mean nothing, or only waste memory, are refused")
{
    contains(problem_of(pickle_of("h\1")), "BINGET: nothing has the number 1 in the memo");
    contains(problem_of(pickle_of("Nq\3h\2")), "BINGET: nothing has the number 2 in the memo");
    contains(problem_of(pickle_of("j\xff\xff\xff\xff")), "LONG_BINGET: nothing has the number 4294967295");
    contains(problem_of(pickle_of("Nr\xff\xff\xff\xff")), "LONG_BINPUT: the number 4294967295 in the memo is larger");
    contains(problem_of(pickle_of("q\1")), "BINPUT: a value is missing");
    contains(problem_of(pickle_of("\x94")), "MEMOIZE: a value is missing");
}

TEST_CASE("a stack that runs out, and marks that do not pair, are refused")
{
    for (const auto* program : {"",    "a",  "]a",   "Na",    "s",    "}Ns",  "}s",    "e",      "]e",    "(e",
                                "(Ne", "u",  "}(Nu", "](NNu", "t",    "\x85", "N\x86", "NN\x87", "(\x85", "N(\x85",
                                "R",   "NR", "b",    "Nb",    "\x93", "NN",   "(",     "N(",     "N(N",   "}(NNe"})
    {
        CAPTURE(program);
        CHECK_THROWS_AS(unpickled(pickle_of(program)), format_error);
    }
    contains(problem_of(pickle_of("NNa")), "APPEND: a list is expected before what is appended, not None");
    contains(problem_of(pickle_of("}(Nu")), "SETITEMS: a key has no value");
    contains(problem_of(pickle_of("NN")), "STOP: the pickle must end with one value, but there are 2 and 0 marks");
}

TEST_CASE("a pickle cut short anywhere is refused")
{
    for (const auto& digits : {ints_protocol_2, ints_protocol_4, texts_protocol_3, texts_protocol_5, arrays_protocol_4,
                               bytes_protocol_2, bytes_protocol_5, numbers_protocol_2, numbers_protocol_4})
    {
        const std::string whole = from_hex(digits);
        CHECK_NOTHROW(unpickled(whole));
        for (std::size_t size = 0; size < whole.size(); ++size)
        {
            CAPTURE(size);
            // A copy of its own on the heap lets the address sanitizer see a read beyond the end.
            const std::vector<char> prefix(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
            CHECK_THROWS_AS(unpickled({prefix.data(), prefix.size()}), format_error);
        }
    }
}

TEST_CASE("nesting a million deep takes no stack, neither to read nor to let go of")
{
    constexpr std::size_t depth = 1'000'000;
    for (const auto& file :
         {pickle_of(repeated("]", depth) + repeated("a", depth - 1)),
          pickle_of(repeated("(", depth) + repeated("t", depth)), pickle_of("N" + repeated("\x85", depth)),
          pickle_of(repeated("]q\1", depth) + repeated("a", depth - 1))})
    {
        const auto content = unpickled(file);
        CHECK(content.items(content.root()).size() <= 1);
    }
    CHECK_THROWS_AS(unpickled(pickle_of(repeated("(", depth))), format_error);
    CHECK_THROWS_AS(unpickled(pickle_of(repeated("]", depth))), format_error);
}

TEST_CASE("lists that hold the same list twice, forty times over, stay as small as the file, and so does a cycle")
{
    std::string bomb = "]q\0"s;
    for (int i = 0; i < 40; ++i)
        bomb += "](h\0h\0eq\0"s;
    std::string stack = bomb;
    for (int i = 0; i < 40; ++i)
        stack += "a";
    const std::string file = pickle_of(stack);
    const auto content = unpickled(file);
    CHECK(content.items(content.root()).size() <= 3);
    const std::string cycle = pickle_of("]q\0h\0a"s);
    const auto round = unpickled(cycle);
    CHECK(round.items(round.root())[0] == &round.root());
}

TEST_CASE("a pickle with any byte changed is read or refused, and nothing worse")
{
    std::mt19937 random(7);
    for (const auto& digits : {arrays_protocol_4, ints_protocol_3, texts_protocol_4, arrays_protocol_5,
                               bytes_protocol_2, numbers_protocol_2, numbers_protocol_5})
    {
        const std::string whole = from_hex(digits);
        for (int i = 0; i < 3000; ++i)
        {
            std::string changed = whole;
            for (std::size_t j = 0; j <= random() % 3; ++j)
                changed[random() % changed.size()] = static_cast<char>(random());
            try
            {
                const auto content = unpickled(changed);
                static_cast<void>(content.items(content.root()));
            }
            catch (const format_error&)
            {
            }
        }
    }
}
