#include "io/stored_bytes.hpp"
#include "io/temporary_directory.hpp"
#include <labelerrors/error.hpp>
#include <labelerrors/io/matrix_file.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

using namespace labelerrors::io;
using labelerrors::format_error;
using labelerrors::io_error;
using tests::npy;
using tests::npy_of;
using tests::temporary_directory;

using paths = std::vector<std::filesystem::path>;

TEST_CASE("the parts of a matrix add up, those without rows too")
{
    const temporary_directory directory;
    const auto first = directory.write("a.npy", npy_of("<f4", "(2, 3)", std::string(24, '\0')));
    const auto empty = directory.write("b.npy", npy_of("<f2", "(0, 3)", ""));
    const auto last = directory.write("c.npy", npy_of("<f2", "(1, 3)", std::string(6, '\0')));
    const matrix_file file = open_matrix(paths{first, empty, last});
    CHECK(file.num_rows() == 3);
    CHECK(file.num_columns() == 3);
    CHECK(file.num_bytes() == 30);
    CHECK(file.parts().size() == 3);
    CHECK(file.parts()[1].path() == empty.string());
    CHECK(open_matrix(empty).num_rows() == 0);
}

TEST_CASE("a list of files is one matrix, and literals are files and not the ends of one name")
{
    const temporary_directory directory;
    const auto first = directory.write("a.npy", npy_of("|u1", "(1, 2)", "ab"));
    const auto last = directory.write("b.npy", npy_of("|u1", "(2, 2)", "abcd"));
    CHECK(open_matrix({first, last}).num_rows() == 3);
    CHECK(open_matrix({first}).num_rows() == 1);
    CHECK_THROWS_WITH_AS(static_cast<void>(open_matrix({"no such part 1.npy", "no such part 2.npy"})),
                         doctest::Contains("no such part 1.npy"), io_error);
}

TEST_CASE("floats hold a matrix of halves and floats only")
{
    const temporary_directory directory;
    const auto f2 = directory.write("f2.npy", npy_of(">f2", "(0, 1)", ""));
    const auto f4 = directory.write("f4.npy", npy_of("<f4", "(0, 1)", ""));
    CHECK(open_matrix(f2).fits_in_float());
    CHECK(open_matrix(paths{f2, f4}).fits_in_float());
    for (const std::string type : {"<f8", "|i1", "|u1", "<i4", "<u8", "|b1"})
        CHECK_FALSE(open_matrix(paths{f2, directory.write("x.npy", npy_of(type, "(0, 1)", ""))}).fits_in_float());
    CHECK_FALSE(open_matrix(directory.write("x.csv", "1\n")).fits_in_float());
}

TEST_CASE("parts with different numbers of columns are refused with both names and shapes")
{
    const temporary_directory directory;
    const auto a = directory.write("a.npy", npy_of("|u1", "(1, 3)", "abc"));
    const auto b = directory.write("b.npy", npy_of("|u1", "(2, 2)", "abcd"));
    CHECK_THROWS_WITH_AS(open_matrix(paths{a, a, b}),
                         (b.string() +
                          ": byte 10: the parts of a matrix must have the same number of columns, but the "
                          "shape is (2, 2) here and (1, 3) in " +
                          a.string() + "; name files of one matrix")
                             .c_str(),
                         format_error);
}

TEST_CASE("a matrix has two dimensions and a column at least")
{
    const temporary_directory directory;
    CHECK_THROWS_WITH_AS(open_matrix(directory.write("a.npy", npy_of("|u1", "(3,)", "abc"))),
                         doctest::Contains("must have 2 dimensions, but its shape is (3,)"), format_error);
    CHECK_THROWS_WITH_AS(open_matrix(directory.write(
                             "b.npy", npy("{'descr': '|u1', 'fortran_order': True, 'shape': (1, 3, 1)}", "abc"))),
                         doctest::Contains("must have 2 dimensions, but its shape is (1, 3, 1)"), format_error);
    CHECK_THROWS_WITH_AS(open_matrix(directory.write("c.npy", npy_of("|u1", "(3, 0)", ""))),
                         doctest::Contains("at least one column, but its shape is (3, 0)"), format_error);
}

TEST_CASE("no files, and files that are missing, are refused")
{
    const temporary_directory directory;
    CHECK_THROWS_WITH_AS(open_matrix(paths{}), doctest::Contains("parts must name at least one file"),
                         labelerrors::value_error);
    CHECK_THROWS_AS(open_matrix(directory / "missing.npy"), io_error);
}

TEST_CASE("a 64-bit integer that no double equals is refused when the matrix is opened")
{
    const temporary_directory directory;
    std::string elements;
    for (std::uint64_t i = 0; i < 3000; ++i)
        elements += tests::little(i == 2501 ? (std::uint64_t{1} << 53) + 1 : i, 8);
    for (const auto* type : {"<i8", "<u8"})
        CHECK_THROWS_WITH_AS(open_matrix(directory.write("a.npy", npy_of(type, "(1500, 2)", elements))),
                             doctest::Contains("the element (1250, 1) is 9007199254740993"), format_error);
    CHECK(open_matrix(directory.write("b.npy", npy_of("<i8", "(1250, 2)", elements))).num_rows() == 1250);
}

TEST_CASE("columns of a matrix without rows are no reason to take memory")
{
    const temporary_directory directory;
    CHECK(open_matrix(directory.write("a.npy", tests::npy_of("<f8", "(0, 65536)", ""))).num_columns() == 65'536);
    const auto many = directory.write("b.npy", tests::npy_of("<f8", "(0, 100000000000000000)", ""));
    CHECK_THROWS_WITH_AS(
        open_matrix(many),
        doctest::Contains("the matrix has no rows, but is said to have 100000000000000000 columns; the "
                          "file is damaged"),
        labelerrors::format_error);
}
