#include "io/stored_bytes.hpp"
#include "io/temporary_directory.hpp"
#include <labelerrors/error.hpp>
#include <labelerrors/io/read_npy.hpp>
#include <labelerrors/rows/float16.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>

using namespace labelerrors;
using namespace labelerrors::io;
using tests::big;
using tests::npy;
using tests::npy_of;
using tests::temporary_directory;

TEST_CASE("an array is read into a row-major container of its own")
{
    const temporary_directory directory;
    const auto path = directory.write("a.npy", npy_of("|u1", "(2, 3)", "\1\2\3\4\5\6"));
    CHECK(read_npy<int, 2>(path) == xt::xtensor<int, 2>{{1, 2, 3}, {4, 5, 6}});
    CHECK(read_npy<double, 2>(path) == xt::xtensor<double, 2>{{1, 2, 3}, {4, 5, 6}});
    CHECK(read_npy<std::uint8_t, 2>(path)(1, 0) == 4);
    CHECK(read_npy<float16, 2>(path)(1, 0) == to_float16(4));
}

TEST_CASE("an array in Fortran order is read in its own order, whatever its number of dimensions")
{
    const temporary_directory directory;
    const auto matrix =
        directory.write("a.npy", npy("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3)}", "\1\4\2\5\3\6"));
    CHECK(read_npy<int, 2>(matrix) == xt::xtensor<int, 2>{{1, 2, 3}, {4, 5, 6}});

    // Element (i, j, l) is 100 i + 10 j + l; the shape makes several runs, the last of them short.
    std::string elements;
    for (std::size_t l = 0; l < 50; ++l)
        for (std::size_t j = 0; j < 30; ++j)
            for (std::size_t i = 0; i < 7; ++i)
                elements += big(100 * i + 10 * j + l, 4);
    const auto cube =
        directory.write("b.npy", npy("{'descr': '>i4', 'fortran_order': True, 'shape': (7, 30, 50)}", elements));
    const auto values = read_npy<std::int64_t, 3>(cube);
    std::size_t num_equal = 0;
    for (std::size_t i = 0; i < 7; ++i)
        for (std::size_t j = 0; j < 30; ++j)
            for (std::size_t l = 0; l < 50; ++l)
                num_equal += values(i, j, l) == static_cast<std::int64_t>(100 * i + 10 * j + l);
    CHECK(num_equal == 7 * 30 * 50);

    const auto vector =
        directory.write("c.npy", npy("{'descr': '|u1', 'fortran_order': True, 'shape': (3,)}", "\1\2\3"));
    CHECK(read_npy<int, 1>(vector) == xt::xtensor<int, 1>{1, 2, 3});
}

TEST_CASE("an empty array and a single number are read")
{
    const temporary_directory directory;
    const auto empty = read_npy<double, 2>(directory.write("a.npy", npy_of("<f4", "(0, 3)", "")));
    CHECK(empty.shape()[0] == 0);
    CHECK(empty.shape()[1] == 3);
    const auto fortran =
        read_npy<double, 2>(directory.write("b.npy", npy("{'descr': '<f4', 'fortran_order': True, 'shape': (3, 0)}")));
    CHECK(fortran.size() == 0);
    CHECK(read_npy<int, 0>(directory.write("c.npy", npy_of("|u1", "()", "\7")))() == 7);
}

TEST_CASE("the wrong number of dimensions is refused with the shape, in either order")
{
    const temporary_directory directory;
    const auto path = directory.write("a.npy", npy_of("|u1", "(2, 3)", "abcdef"));
    CHECK_THROWS_WITH_AS((read_npy<int, 1>(path)),
                         doctest::Contains("byte 10: the array must have 1 dimension, but its shape is (2, 3)"),
                         format_error);
    const auto fortran =
        directory.write("b.npy", npy("{'descr': '|u1', 'fortran_order': True, 'shape': (6,)}", "abcdef", 2));
    CHECK_THROWS_WITH_AS((read_npy<int, 2>(fortran)),
                         doctest::Contains("byte 12: the array must have 2 dimensions, but its shape is (6,)"),
                         format_error);
}

TEST_CASE("values that do not fit are refused")
{
    const temporary_directory directory;
    const auto doubles = directory.write("a.npy", npy_of("<f8", "(1,)", std::string(8, '\0')));
    CHECK_THROWS_AS((read_npy<int, 1>(doubles)), format_error);
    CHECK_THROWS_AS((read_npy<float, 1>(doubles)), format_error);
    const auto large = directory.write("b.npy", npy_of(">u8", "(2,)", big(1, 8) + big(std::uint64_t{1} << 63, 8)));
    CHECK(read_npy<std::uint64_t, 1>(large)(1) == std::uint64_t{1} << 63);
    CHECK_THROWS_WITH_AS((read_npy<std::int64_t, 1>(large)),
                         doctest::Contains("the element (1,) is 9223372036854775808"), format_error);
}

TEST_CASE("members of archives and tables are read like files of their own")
{
    const temporary_directory directory;
    const auto archive =
        directory.write("a.npz", tests::zip({tests::compressed("x.npy", npy_of("|u1", "(1, 2)", "\1\2"))}));
    CHECK(read_npy<double, 2>(archive.string() + ":x") == xt::xtensor<double, 2>{{1, 2}});
    CHECK(read_npy<double, 2>(directory.write("a.csv", "1,2\n")) == xt::xtensor<double, 2>{{1, 2}});
}
