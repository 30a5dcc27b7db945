#include "io/stored_bytes.hpp"
#include <labelerrors/io/npy_header.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <vector>

using namespace labelerrors::io;
using namespace std::string_literals;

TEST_CASE("the header of an array is byte for byte what numpy writes")
{
    CHECK(make_npy_header({.bytes = byte_order::little, .shape = {2, 2}}) ==
          "\x93NUMPY\1\0v\0{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), }"s + std::string(58, ' ') + "\n");
    CHECK(make_npy_header({.element = element_type::i4, .bytes = byte_order::big, .shape = {3}}) ==
          "\x93NUMPY\1\0v\0{'descr': '>i4', 'fortran_order': False, 'shape': (3,), }"s + std::string(60, ' ') + "\n");
    CHECK(make_npy_header({.element = element_type::boolean}) ==
          "\x93NUMPY\1\0v\0{'descr': '|b1', 'fortran_order': False, 'shape': (), }"s + std::string(62, ' ') + "\n");
    CHECK(make_npy_header({.element = element_type::f2,
                           .bytes = byte_order::little,
                           .order = array_order::fortran,
                           .shape = {2, 3}}) ==
          "\x93NUMPY\1\0v\0{'descr': '<f2', 'fortran_order': True, 'shape': (2, 3), }"s + std::string(59, ' ') + "\n");
    CHECK(make_npy_header({.version = npy_version::v2, .bytes = byte_order::little, .shape = {2, 2}}) ==
          "\x93NUMPY\2\0t\0\0\0{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), }"s + std::string(56, ' ') +
              "\n");
}

TEST_CASE("the data behind a header begin at a multiple of 64 in every version")
{
    for (const auto version : {npy_version::v1, npy_version::v2, npy_version::v3})
        for (std::size_t dimensions = 0; dimensions < 40; ++dimensions)
        {
            const std::string header =
                make_npy_header({.version = version, .shape = std::vector<std::size_t>(dimensions, 1)});
            CHECK(header.size() % 64 == 0);
            CHECK(header[6] == static_cast<char>(version));
            CHECK(header.back() == '\n');
        }
}

TEST_CASE("shapes and element types read as they do in Python")
{
    CHECK(shape_text(std::vector<std::size_t>{}) == "()");
    CHECK(shape_text(std::vector<std::size_t>{3}) == "(3,)");
    CHECK(shape_text(std::vector<std::size_t>{3, 0, 12}) == "(3, 0, 12)");
    CHECK(dtype_text({.element = element_type::u2, .bytes = byte_order::big}) == ">u2");
    CHECK(dtype_text({.element = element_type::i1, .bytes = byte_order::big}) == "|i1");
    CHECK(dtype_text({.element = element_type::boolean}) == "|b1");
}

TEST_CASE("the number of elements and of bytes follows from the shape and the element type")
{
    CHECK(num_elements({}) == 1);
    CHECK(num_elements({.shape = {3, 4}}) == 12);
    CHECK(num_bytes({.element = element_type::f2, .shape = {3, 4}}) == 24);
    CHECK(num_bytes({.shape = {3, 0}}) == 0);
}
