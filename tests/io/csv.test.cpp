#include "io/temporary_directory.hpp"
#include <labelerrors/error.hpp>
#include <labelerrors/io/csv.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

using namespace labelerrors::io;
using labelerrors::format_error;
using labelerrors::io_error;
using tests::temporary_directory;
using namespace std::string_literals;

namespace
{

xt::xtensor<double, 2> read(std::string_view text)
{
    const temporary_directory directory;
    return read_csv(directory.write("a.csv", text));
}

xt::xtensor<std::int64_t, 1> labels(std::string_view text)
{
    const temporary_directory directory;
    return read_csv_labels(directory.write("a.csv", text));
}

const xt::xtensor<double, 2> two_by_two{{1, 0.5}, {-3, 1e-3}};

}  // namespace

TEST_CASE("a table of numbers is read however its lines end")
{
    for (const auto* text : {"1,0.5\n-3,1e-3\n", "1,0.5\n-3,1e-3", "1,0.5\r\n-3,1e-3\r\n", "1,0.5\n-3,1e-3\n\n \r\n\n",
                             " 1 ,\t0.5\n-3,  1e-3 \n", "\"1\",\"0.5\"\n\" -3\",\"1E-3\"\n", "+1,+.5\n-3.,+1.e-3\n",
                             "\xef\xbb\xbf"
                             "1,0.5\n-3,1e-3\n"})
    {
        CAPTURE(text);
        CHECK(read(text) == two_by_two);
    }
}

TEST_CASE("a first line without numbers is a header and left out")
{
    CHECK(read("cat,dog\n1,0.5\n-3,1e-3\n") == two_by_two);
    CHECK(read("\"cat, tabby\",dog\n1,0.5\n-3,1e-3\n") == two_by_two);
    CHECK(read(",\n1,0.5\n-3,1e-3\n") == two_by_two);
    CHECK(read("cat\n1\n") == xt::xtensor<double, 2>{{1}});
    CHECK(read("0,2\n0.5,0.25\n") == xt::xtensor<double, 2>{{0, 2}, {0.5, 0.25}});
}

TEST_CASE("numbers are read to the last bit, and so are infinities and what is too small")
{
    const auto values = read("0.1,1e-400,5e-324,inf,-infinity,nan,1.7976931348623157e308\n");
    CHECK(values(0, 0) == 0.1);
    CHECK(values(0, 1) == 0);
    CHECK(values(0, 2) == std::numeric_limits<double>::denorm_min());
    CHECK(values(0, 3) == std::numeric_limits<double>::infinity());
    CHECK(values(0, 4) == -std::numeric_limits<double>::infinity());
    CHECK(std::isnan(values(0, 5)));
    CHECK(values(0, 6) == std::numeric_limits<double>::max());
}

TEST_CASE("a number beyond a double's range is too large or too small by all of its digits")
{
    const std::string zeros(6000, '0');
    CHECK(read("0." + zeros + "1,1" + zeros + "e-6000,0." + zeros + "1e6001\n") == xt::xtensor<double, 2>{{0, 1, 1}});
    CHECK_THROWS_WITH_AS(read("0,1" + zeros + "e-9\n"), doctest::Contains("is larger than a double holds"),
                         format_error);
    CHECK_THROWS_WITH_AS(labels("0\n1" + zeros + "e-9\n"), doctest::Contains("is not a whole number"), format_error);
}

TEST_CASE("what is no table of numbers is refused with the line and the field")
{
    CHECK_THROWS_WITH_AS(read("1,2\n3,x\n"), doctest::Contains("byte 4: line 2, field 2: 'x' is not a number"),
                         format_error);
    CHECK_THROWS_WITH_AS(read("1,2\n3,\n"), doctest::Contains("line 2, field 2: '' is not a number"), format_error);
    CHECK_THROWS_WITH_AS(read("a,2\n3,4\n"), doctest::Contains("line 1, field 1: 'a' is not a number"), format_error);
    CHECK_THROWS_WITH_AS(read("1;2\n3;4\nx"), doctest::Contains("line 2, field 1: '3;4' is not"), format_error);
    CHECK_THROWS_WITH_AS(read("1 2\n3 4\n"), doctest::Contains("line 2, field 1: '3 4' is not"), format_error);
    CHECK_THROWS_WITH_AS(read("1,0x10\n"), doctest::Contains("'0x10' is not"), format_error);
    for (const auto* number : {"1e999", "-1e400", "1.7976931348623159e308"})
        CHECK_THROWS_WITH_AS(read("1,"s + number + "\n"),
                             doctest::Contains(("line 1, field 2: '"s + number +
                                                "' is larger than a double holds, which is 1.8e308; write a smaller")
                                                   .c_str()),
                             format_error);
    CHECK_THROWS_WITH_AS(read("1,+-1\n"), doctest::Contains("'+-1' is not"), format_error);
    CHECK_THROWS_WITH_AS(read("1,\"\n"), doctest::Contains("'\"' is not"), format_error);
    CHECK_THROWS_WITH_AS(read("1\n\n2\n"), doctest::Contains("line 2, field 1: '' is not"), format_error);
    CHECK_THROWS_WITH_AS(read("1,a\0b\n"s), doctest::Contains("'a?b' is not a number"), format_error);
}

TEST_CASE("what is no number is refused with what to do about it")
{
    CHECK_THROWS_WITH_AS(read("1,\n"), doctest::Contains("'' is not a number; write nan where there is none"),
                         format_error);
    CHECK_THROWS_WITH_AS(read("1;2\n3;4\n"),
                         doctest::Contains("line 2, field 1: '3;4' is not a number; save numbers only, separated by "
                                           "commas, names in the first line only"),
                         format_error);
    CHECK_THROWS_WITH_AS(labels("0\n1.5\n"), doctest::Contains("; save labels as whole numbers"), format_error);
    CHECK_THROWS_WITH_AS(labels("0\n\n1\n"), doctest::Contains("line 2, field 1: '' is not a whole number; give each"),
                         format_error);
    CHECK_THROWS_WITH_AS(read("1,2\n3\n"), doctest::Contains("; save as many in every line"), format_error);
}

TEST_CASE("a first line of what is written as numbers is no header, whether they can be read or not")
{
    for (const std::string first : {"0x1F", "0X1f", "1_000", "1e400", "-1e400", "1e+999", "1.2.3"})
        CHECK_THROWS_WITH_AS(read(first + "\n0.5\n"), doctest::Contains(("line 1, field 1: '" + first).c_str()),
                             format_error);
    // Less than a double holds is as good as nothing.
    CHECK(read("1e-5000\n-1e-400\n") == xt::xtensor<double, 2>{{0.0}, {-0.0}});
    for (const std::string name : {"2021-03-04", "e5", "0x", "x1", "1st", "e", "1e", "-"})
        CHECK(read(name + "\n0.5\n") == xt::xtensor<double, 2>{{0.5}});
}

TEST_CASE("numbers of rows are told from numbers by the empty name above them")
{
    for (const std::string text :
         {",a,b\n0,0.5,0.5\n", ",0,1\n0,0.5,0.5\n", "\"\",\"a\"\n\"1\",0.5\n", " ,x\r\n0,1\r\n"})
    {
        CHECK_THROWS_WITH_AS(read(text), doctest::Contains("line 1, field 1: the first field is empty"), format_error);
        CHECK_THROWS_WITH_AS(labels(text), doctest::Contains("index=False"), format_error);
    }
    CHECK(read("\"\"\n0.5\n") == xt::xtensor<double, 2>{{0.5}});
    CHECK(read(",\n0.5,1\n") == xt::xtensor<double, 2>{{0.5, 1.0}});
    CHECK(read("a,\n0.5,1\n") == xt::xtensor<double, 2>{{0.5, 1.0}});
}

TEST_CASE("a first line that numbers the columns is told from a row by many columns or fractions below it")
{
    const std::string eight = "0,1,2,3,4,5,6,7\n";
    for (const auto& text : {std::string("0,1\n1,0\n0.3,0.7\n"), std::string("\"0\",\"1\",\"2\"\r\n1,0,nan\r\n"),
                             "\xef\xbb\xbf" + std::string("0,1\n1e-3,1\n"), eight + eight})
    {
        CHECK_THROWS_WITH_AS(read(text), doctest::Contains("line 1: '"), format_error);
        CHECK_THROWS_WITH_AS(read(text),
                             doctest::Contains("numbers the columns, as pandas does unless told header=False"),
                             format_error);
    }
    CHECK(read("0,1\n1,0\n0,1\n") == xt::xtensor<double, 2>{{0, 1}, {1, 0}, {0, 1}});
    CHECK(read("0.0,1\n0.3,0.7\n") == xt::xtensor<double, 2>{{0, 1}, {0.3, 0.7}});
    CHECK(read("1,0\n0.3,0.7\n") == xt::xtensor<double, 2>{{1, 0}, {0.3, 0.7}});
    CHECK(read("0\n0.5\n") == xt::xtensor<double, 2>{{0}, {0.5}});
    CHECK(read("0,1,2,3,4,5,6\n6,5,4,3,2,1,0\n").shape()[0] == 2);
    CHECK(read("0.0,1,2,3,4,5,6,7\n").shape()[0] == 1);
}

TEST_CASE("a blank line at the beginning is no header")
{
    for (const auto* text : {"\n0\n1\n", " \r\n0\n1\n", "\xef\xbb\xbf\n0\n"})
    {
        CHECK_THROWS_WITH_AS(read(text),
                             doctest::Contains("line 1: the line is blank, and blank lines may stand at "
                                               "the end only; remove it"),
                             format_error);
        CHECK_THROWS_WITH_AS(labels(text), doctest::Contains("line 1: the line is blank"), format_error);
    }
}

TEST_CASE("a file that is all header is refused with what was taken for one")
{
    CHECK_THROWS_WITH_AS(
        read("cat,dog\n"),
        doctest::Contains("byte 8: the table has no lines of numbers, only 'cat,dog', taken for a "
                          "header; save numbers separated by commas, in lines that end in a line feed"),
        format_error);
    CHECK_THROWS_WITH_AS(labels("0\r1\r0\r"), doctest::Contains("only '0?1?0', taken for a header"), format_error);
    CHECK_THROWS_WITH_AS(labels("0;1;0\n"), doctest::Contains("only '0;1;0', taken for a header"), format_error);
    CHECK_THROWS_WITH_AS(labels(std::string(9999, 'x')), doctest::Contains("xx...', taken for a header"), format_error);
}

TEST_CASE("ragged lines are refused with both numbers of fields")
{
    CHECK_THROWS_WITH_AS(read("1,2\n3\n"), doctest::Contains("line 2: there are 1 fields where the first line has 2"),
                         format_error);
    CHECK_THROWS_WITH_AS(read("a,b\n1,2,3\n"),
                         doctest::Contains("line 2: there are 3 fields where the first line has 2"), format_error);
}

TEST_CASE("a file without numbers is refused")
{
    for (const auto* text : {"", "\n\n", " ", "\xef\xbb\xbf"})
        CHECK_THROWS_WITH_AS(read(text), doctest::Contains("the table has no lines of numbers; save"), format_error);
    const temporary_directory directory;
    CHECK_THROWS_AS(read_csv(directory / "missing.csv"), io_error);
}

TEST_CASE("labels are whole numbers, one a line, as they are usually written")
{
    CHECK(labels("label\n3\n0\n12\n") == xt::xtensor<std::int64_t, 1>{3, 0, 12});
    CHECK(labels("3.0\n-1\n1.2e1\n") == xt::xtensor<std::int64_t, 1>{3, -1, 12});
    CHECK(labels("9223372036854775807\n-9223372036854775808")(1) == std::numeric_limits<std::int64_t>::min());
    CHECK(labels("7")(0) == 7);
}

TEST_CASE("labels that are not whole, too large, or several a line are refused")
{
    CHECK_THROWS_WITH_AS(labels("1\n1.5\n"), doctest::Contains("line 2, field 1: '1.5' is not a whole number"),
                         format_error);
    for (const auto* text : {"nan", "inf", "1e400", "1\n\n1"})
        CHECK_THROWS_WITH_AS(labels(text), doctest::Contains("is not a whole number"), format_error);
    for (const auto* text : {"9223372036854775808", "-9223372036854775809", "1e300", "1e16"})
        CHECK_THROWS_WITH_AS(labels("0\n"s + text),
                             doctest::Contains(("byte 2: line 2, field 1: '"s + text +
                                                "' is too large for a label; save the numbers of the classes, from 0")
                                                   .c_str()),
                             format_error);
    CHECK_THROWS_WITH_AS(labels("1,2,3\n"), doctest::Contains("one a line, but the lines have 3 fields"), format_error);
}
