#include "io/temporary_directory.hpp"
#include <labelerrors/error.hpp>
#include <labelerrors/io/pick_lines.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <filesystem>
#include <map>
#include <string>

using labelerrors::io::pick_lines;
using lines_by_number = std::map<std::size_t, std::string>;

TEST_CASE("lines are picked by number, in any order, whatever ends them, and all are counted")
{
    const tests::temporary_directory directory;
    const auto path = directory.write("lines.txt", "a\r\n\nb\r\n\r\r\nc");
    const auto all = pick_lines(path, std::array<std::size_t, 5>{4, 2, 0, 1, 3});
    CHECK(all.lines == lines_by_number{{0, "a"}, {1, ""}, {2, "b"}, {3, "\r"}, {4, "c"}});
    CHECK(all.num_lines == 5);
    const auto some = pick_lines(path, std::array<std::size_t, 4>{4, 2, 9, 2});
    CHECK(some.lines == lines_by_number{{2, "b"}, {4, "c"}});
    CHECK(some.num_lines == 5);
    const auto none = pick_lines(path, {});
    CHECK(none.lines.empty());
    CHECK(none.num_lines == 5);
    CHECK(pick_lines(directory.write("empty.txt", ""), std::array<std::size_t, 1>{0}).num_lines == 0);
}

TEST_CASE("a byte order mark before the first line is no part of it")
{
    const tests::temporary_directory directory;
    const auto path = directory.write("lines.txt", "\xef\xbb\xbf"
                                                   "a\n\xef\xbb\xbf"
                                                   "b\n");
    const auto picked = pick_lines(path, std::array<std::size_t, 2>{0, 1});
    CHECK(picked.lines == lines_by_number{{0, "a"},
                                          {1, "\xef\xbb\xbf"
                                              "b"}});
    CHECK(picked.num_lines == 2);
}

TEST_CASE("a file that is not there, or is no file, is an io_error")
{
    const tests::temporary_directory directory;
    CHECK_THROWS_WITH_AS(pick_lines(directory / "none.txt", {}), doctest::Contains("none.txt: cannot be opened"),
                         labelerrors::io_error);
    CHECK_THROWS_WITH_AS(pick_lines(directory / "", {}), doctest::Contains("is a directory; name a file in it"),
                         labelerrors::io_error);
    // A device whose lines have no end.
    if (std::filesystem::exists("/dev/urandom"))
        CHECK_THROWS_WITH_AS(pick_lines("/dev/urandom", {}), doctest::Contains("is a device, not a file"),
                             labelerrors::io_error);
    CHECK(pick_lines("/dev/null", {}).num_lines == 0);
    // A file of Linux whose first byte cannot be read.
    if (std::filesystem::exists("/proc/self/mem"))
        CHECK_THROWS_WITH_AS(pick_lines("/proc/self/mem", {}),
                             doctest::Contains("cannot be read behind its first 0 lines: Input/output error"),
                             labelerrors::io_error);
}
