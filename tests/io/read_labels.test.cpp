#include "io/stored_bytes.hpp"
#include "io/temporary_directory.hpp"
#include <labelerrors/error.hpp>
#include <labelerrors/io/read_labels.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

using namespace labelerrors::io;
using labelerrors::format_error;
using tests::npy_of;
using tests::temporary_directory;

TEST_CASE("labels of every integer type in either byte order, and booleans, are read")
{
    const temporary_directory directory;
    for (const std::size_t size : {1u, 2u, 4u, 8u})
        for (const char kind : {'i', 'u'})
        {
            const std::string type = kind + std::to_string(size);
            const std::string little = tests::little(3, size) + tests::little(0, size) + tests::little(100, size);
            const std::string big = tests::big(3, size) + tests::big(0, size) + tests::big(100, size);
            const xt::xtensor<std::int64_t, 1> expected{3, 0, 100};
            CHECK(read_labels(directory.write("a.npy", npy_of("<" + type, "(3,)", little))) == expected);
            CHECK(read_labels(directory.write("a.npy", npy_of(">" + type, "(3,)", big))) == expected);
        }
    CHECK(read_labels(directory.write("a.npy", npy_of("|b1", "(2,)", std::string("\0\1", 2)))) ==
          xt::xtensor<std::int64_t, 1>{0, 1});
    CHECK(read_labels(directory.write("a.npy", npy_of("|u1", "(0,)", ""))).size() == 0);
}

TEST_CASE("labels are read from archives and from tables")
{
    const temporary_directory directory;
    const auto archive =
        directory.write("a.npz", tests::zip({tests::compressed("labels.npy", npy_of("|u1", "(2,)", "\1\2"))}));
    CHECK(read_labels(archive.string() + ":labels") == xt::xtensor<std::int64_t, 1>{1, 2});
    const auto named =
        directory.write("b.npz", tests::zip({tests::stored("train.csv.npy", npy_of("|u1", "(2,)", "\1\2"))}));
    CHECK(read_labels(named.string() + ":train.csv") == xt::xtensor<std::int64_t, 1>{1, 2});
    CHECK(read_labels(directory.write("a.csv", "label\n9007199254740993\n2\n")) ==
          xt::xtensor<std::int64_t, 1>{9007199254740993, 2});
}

TEST_CASE("labels that are fractions are refused with what to do")
{
    const temporary_directory directory;
    for (const std::string type : {"<f2", "<f4", ">f8"})
        CHECK_THROWS_WITH_AS(read_labels(directory.write("a.npy", npy_of(type, "(1,)", std::string(8, '\0')))),
                             doctest::Contains(("labels must be integers, but the elements are of type " + type +
                                                "; save them as integers, with labels.astype(int)")
                                                   .c_str()),
                             format_error);
}

TEST_CASE("labels that are not one-dimensional are refused with the shape")
{
    const temporary_directory directory;
    for (const std::string shape : {"()", "(1, 1)", "(2, 1)", "(1, 2)"})
        CHECK_THROWS_WITH_AS(read_labels(directory.write("a.npy", npy_of("|u1", shape, "\1\2"))),
                             doctest::Contains(("but the shape is " + shape + "; save a column").c_str()),
                             format_error);
    // Neither their order as one row nor whole numbers would make labels of these.
    for (const std::string type : {"|u1", "<f4"})
        CHECK_THROWS_WITH_AS(read_labels(directory.write("a.npy", npy_of(type, "(2, 2)", std::string(16, '\0')))),
                             doctest::Contains("(2, 2); of rows with a 1 for their class save labels.argmax(axis=1)"),
                             format_error);
}

TEST_CASE("a label beyond 2^63 - 1 is refused with its index")
{
    const temporary_directory directory;
    const auto path =
        directory.write("a.npy", npy_of("<u8", "(2,)", tests::little(0, 8) + tests::little(std::uint64_t{1} << 63, 8)));
    CHECK_THROWS_WITH_AS(read_labels(path), doctest::Contains("the element (1,) is 9223372036854775808"), format_error);
}
