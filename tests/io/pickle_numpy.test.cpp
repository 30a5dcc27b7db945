#include "io/pickle_problem.hpp"
#include "io/pickled_bytes.hpp"
#include "io/stored_bytes.hpp"
#include <labelerrors/io/pickle.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>

using namespace labelerrors::io;
using namespace tests;

namespace
{

/// numpy's array of numbers with that shape (a tuple), type and content.
std::string array(std::string_view shape, std::string_view type, std::string_view content, std::string_view order = "<")
{
    return "cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85"
           "C\1b\x87R(K\1"s +
           std::string(shape) + "cnumpy\ndtype\nX" + little(type.size(), 4) + std::string(type) + "\x89\x88\x87R(K\3X" +
           little(order.size(), 4) + std::string(order) + "NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb\x89"s + "B" +
           little(content.size(), 4) + std::string(content) + "tb";
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
    contains(problem_of(pickle_of(array("J\xff\xff\xff\xff\x85", "i4", ""))), "an extent of the array");
    contains(problem_of(pickle_of(array("\x8a\6\0\0\0\0\0\1\x85"s, "i4", ""))), "an extent of the array");
    contains(problem_of(pickle_of(array("J\xff\xff\xff\x7fJ\xff\xff\xff\x7f\x86", "i4", ""))), "should have 46116860");
    contains(problem_of(pickle_of(array("K\1K\1K\1\x87", "u1", "a"))), "has 3 dimensions");
    contains(problem_of(pickle_of(array(")", "u1", "a"))), "has 0 dimensions");
    contains(problem_of(pickle_of(array("N", "u1", "a"))), "the state of the array is not one that numpy writes");
    contains(problem_of(pickle_of(array("K\1\x85", "O8", "abcdefgh", "|"))), "the state of the array");
    contains(problem_of(pickle_of(array("K\1\x85", "U3", "abc"))), "REDUCE: the elements are of type 'U3'");
    contains(problem_of(pickle_of(array("K\1\x85", "u1", "a", "?"))), "BUILD: the state of the element type");
    contains(problem_of(pickle_of(array("K\1\x85", "u1", "a", "|") + "Nb")), "has its elements already");
}
