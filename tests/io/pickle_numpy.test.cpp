#include "io/pickle_problem.hpp"
#include "io/pickled_bytes.hpp"
#include "io/stored_bytes.hpp"
#include <labelerrors/io/pickle.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

using namespace labelerrors::io;
using namespace tests;
using namespace std::string_view_literals;

namespace
{

/// numpy's type of that name and byte order.
std::string type_of(std::string_view name, std::string_view order = "<")
{
    return "cnumpy\ndtype\nX" + little(name.size(), 4) + std::string(name) + "\x89\x88\x87R(K\3X" +
           little(order.size(), 4) + std::string(order) + "NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb"s;
}

/// A number of numpy's, of that type and content.
std::string number(std::string_view type, std::string_view content, std::string_view order = "<")
{
    return "cnumpy.core.multiarray\nscalar\n" + type_of(type, order) + "B" + little(content.size(), 4) +
           std::string(content) + "\x86R";
}

/// numpy's array of numbers with that shape (a tuple), type and content.
std::string array(std::string_view shape, std::string_view type, std::string_view content, std::string_view order = "<")
{
    return "cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85"
           "C\1b\x87R(K\1"s +
           std::string(shape) + type_of(type, order) + "\x89" + "B" + little(content.size(), 4) + std::string(content) +
           "tb";
}

}  // namespace

TEST_CASE("an array is read with its type, byte order, shape and content")
{
    const std::string file = "some"s + pickle_of(array("K\2\x85", "i4", "abcdefgh", ">")) + "more";
    const auto content = unpickled(file, 4);
    const pickle_array& found = content.array(content.root());
    CHECK(found.element.type == element_type::i4);
    CHECK(found.element.bytes == byte_order::big);
    CHECK(!found.element.is_object);
    CHECK(!found.is_fortran);
    CHECK(found.num_dimensions == 1);
    CHECK(found.shape[0] == 2);
    CHECK(found.bytes.size() == 8);
    CHECK(found.bytes[7] == std::byte{'h'});
    const std::string matrix = pickle_of(array("K\2K\1\x86", "u1", "ab", "|"));
    CHECK(unpickled(matrix).array(unpickled(matrix).root()).num_dimensions == 2);
}

TEST_CASE("an array that contradicts itself is refused")
{
    contains(problem_of(pickle_of(array("K\3\x85", "i4", "abcdefgh"))), "should have 3 elements, but 2 are there");
    contains(problem_of(pickle_of(array("K\2\x85", "i4", "abcdefg"))), "BUILD: the array should have 2 elements");
    contains(problem_of(pickle_of(array("K\2\x85", "i4", "abcdefghi"))),
             "2 elements, but 2 and a part of one are there");
    contains(problem_of(pickle_of(array("J\xff\xff\xff\xff\x85", "i4", ""))), "an extent of the array");
    contains(problem_of(pickle_of(array("\x8a\6\0\0\0\0\0\1\x85"s, "i4", ""))), "an extent of the array");
    contains(problem_of(pickle_of(array("J\xff\xff\xff\x7fJ\xff\xff\xff\x7f\x86", "i4", ""))), "should have 46116860");
    contains(problem_of(pickle_of(array("K\1K\1K\1\x87", "u1", "a"))), "has 3 dimensions");
    contains(problem_of(pickle_of(array(")", "u1", "a"))), "has 0 dimensions");
    contains(problem_of(pickle_of(array("N", "u1", "a"))), "the state of the array is not one that numpy writes");
    std::string no_order = array("K\1\x85", "u1", "a");
    no_order.replace(no_order.find("\x89"
                                   "B"),
                     1, "N");
    contains(problem_of(pickle_of(no_order)), "the state of the array is not one that numpy writes");
    contains(problem_of(pickle_of(array("K\1\x85", "O8", "abcdefgh", "|"))), "the elements of the array are not as");
    contains(problem_of(pickle_of(array("K\1\x85", "U3", "abc"))), "REDUCE: the elements are of type 'U3'");
    contains(problem_of(pickle_of(array("K\1\x85", "u1", "a", "?"))), "BUILD: the state of the element type");
    contains(problem_of(pickle_of(array("K\1\x85", "u1", "a", "|") + "Nb")), "has its elements already");
}

TEST_CASE("bytes that protocol 2 has as a text in Latin-1 are read, and a text is decoded once")
{
    const std::string encode = "c_codecs\nencode\nq\1X\6\0\0\0a\xc2\x80\xc3\xbf\nq\2X\6\0\0\0latin1q\3\x86R"s;
    const std::string file = pickle_of("](" + encode + "h\1h\2h\3\x86Rh\2e");
    const auto content = unpickled(file);
    const auto items = content.items(content.root());
    REQUIRE(items.size() == 3);
    CHECK(items[0]->kind == pickle_kind::bytes);
    CHECK(content.text(*items[0]) == "a\x80\xff\n");
    CHECK(content.text(*items[1]).data() == content.text(*items[0]).data());
    CHECK(content.text(*items[2]) == "a\xc2\x80\xc3\xbf\n");
    // Copies keep what was decoded.
    const auto copy = content;
    CHECK(copy.text(*copy.items(copy.root())[0]) == "a\x80\xff\n");
    const std::string empty = pickle_of("c__builtin__\nbytes\n)R");
    CHECK(unpickled(empty).root().kind == pickle_kind::bytes);
    CHECK(unpickled(empty).text(unpickled(empty).root()).empty());
}

TEST_CASE("bytes made otherwise than numpy's arrays need them are refused")
{
    const auto encoded = [](std::string_view text, std::string_view codec)
    {
        return problem_of(pickle_of("c_codecs\nencode\nX" + little(text.size(), 4) + std::string(text) + "X" +
                                    little(codec.size(), 4) + std::string(codec) + "\x86R"));
    };
    for (const std::string_view text : {"\xc4\x80", "\xc3", "\xc3\x28", "\x80", "\xe2\x82\xac", "\xff"})
        contains(encoded(text, "latin1"), "REDUCE: the text has a character that is no byte in Latin-1");
    contains(encoded("a", "rot13"), "the arguments are not those that numpy writes");
    contains(problem_of(pickle_of("c_codecs\nencode\nC\1aX\6\0\0\0latin1\x86R"s)), "the arguments are not");
    contains(problem_of(pickle_of("cbuiltins\nbytes\nK\1\x85R")), "the arguments are not");
}

TEST_CASE("an array that protocol 5 has as bytes with a type and a shape is read")
{
    const auto array_5 = [](std::string_view content, std::string_view shape, std::string_view order)
    {
        return pickle_of(
            "cnumpy._core.numeric\n_frombuffer\n(\x96" + little(content.size(), 8) + std::string(content) +
            "cnumpy\ndtype\nX\2\0\0\0u2\x89\x88\x87R(K\3X\1\0\0\0>NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb"s +
            std::string(shape) + "X\1\0\0\0"s + std::string(order) + "tR");
    };
    const std::string file = array_5("abcdefgh", "K\2K\2\x86", "F");
    const auto content = unpickled(file);
    const pickle_array& found = content.array(content.root());
    CHECK(found.element.type == element_type::u2);
    CHECK(found.element.bytes == byte_order::big);
    CHECK(found.is_fortran);
    CHECK(found.num_dimensions == 2);
    CHECK(found.bytes[7] == std::byte{'h'});
    contains(problem_of(array_5("abcd", "K\3\x85", "C")), "REDUCE: the array should have 3 elements, but 2 are there");
    contains(problem_of(array_5("abcd", "K\2\x85", "K")), "the arguments are not those that numpy writes");
    contains(problem_of(array_5("abcd", "K\2", "C")), "the arguments are not those that numpy writes");
    contains(problem_of(array_5("", ")", "C")), "has 0 dimensions");
}

TEST_CASE("a number of numpy's becomes an integer or a truth value, whatever its type and byte order")
{
    const auto value = [](const std::string& program)
    {
        const std::string file = pickle_of(program);
        const auto content = unpickled(file);
        return std::pair{content.root().kind, content.root().integer};
    };
    using kind = pickle_kind;
    CHECK(value(number("i8", "\1\2\0\0\0\0\0\0"sv)) == std::pair{kind::integer, std::int64_t{513}});
    CHECK(value(number("i4", "\xff\xff\xff\xfe", ">")) == std::pair{kind::integer, std::int64_t{-2}});
    CHECK(value(number("u2", "\1\2", ">")) == std::pair{kind::integer, std::int64_t{258}});
    CHECK(value(number("u1", "\xc8", "|")) == std::pair{kind::integer, std::int64_t{200}});
    CHECK(value(number("u8", "\xff\xff\xff\xff\xff\xff\xff\x7f")) ==
          std::pair{kind::integer, std::numeric_limits<std::int64_t>::max()});
    CHECK(value(number("b1", "\1", "|")) == std::pair{kind::boolean, std::int64_t{1}});
    CHECK(value(number("b1", "\0"sv, "|")) == std::pair{kind::boolean, std::int64_t{0}});
}

TEST_CASE("other numbers of numpy's, and such as numpy does not write, are refused")
{
    contains(problem_of(pickle_of(number("u8", "\xff\xff\xff\xff\xff\xff\xff\xff"))),
             "REDUCE: an integer has more than");
    contains(problem_of(pickle_of(number("f8", "\0\0\0\0\0\0\xf0?"sv))),
             "REDUCE: a number is of type 'f8'; outside of");
    contains(problem_of(pickle_of(number("O8", "", "|"))), "a number is of type 'O'");
    constexpr const char* wrong = "REDUCE: the arguments are not those that numpy writes";
    contains(problem_of(pickle_of(number("i4", "abc"))), wrong);
    contains(problem_of(pickle_of(number("i4", "abcde"))), wrong);
    contains(problem_of(pickle_of(number("i4", ""))), wrong);
    for (const auto* const arguments : {")", "K\1\x85", "K\1C\1a\x86", "NN\x86"})
        contains(problem_of(pickle_of("cnumpy.core.multiarray\nscalar\n"s + arguments + "R")), wrong);
    contains(problem_of(pickle_of("cnumpy.core.multiarray\nscalar\n" + type_of("i4") + "X\4\0\0\0abcd\x86R"s)), wrong);
    contains(problem_of(pickle_of("cnumpy\nscalar\n")), "'numpy.scalar', which is refused");
}
