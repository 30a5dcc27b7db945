#include "io/temporary_directory.hpp"
#include <labelerrors/error.hpp>
#include <labelerrors/io/for_each_line.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

using labelerrors::io::for_each_line;

TEST_CASE("lines are told by number, whatever ends them, until no more are wanted")
{
    const tests::temporary_directory directory;
    const auto path = directory.write("lines.txt", "a\r\n\nb");
    std::vector<std::string> lines;
    const auto take_until = [&](std::size_t last)
    {
        lines.clear();
        return for_each_line(path,
                             [&](std::size_t number, const std::string& line)
                             {
                                 CHECK(number == lines.size());
                                 lines.push_back(line);
                                 return number < last;
                             });
    };
    CHECK(take_until(9) == 3);
    CHECK(lines == std::vector<std::string>{"a", "", "b"});
    CHECK(take_until(1) == 2);
    CHECK(lines == std::vector<std::string>{"a", ""});
}

TEST_CASE("a byte order mark before the first line is no part of it")
{
    const tests::temporary_directory directory;
    std::vector<std::string> lines;
    const auto take = [&](std::size_t, std::string& line)
    {
        lines.push_back(std::move(line));
        return true;
    };
    CHECK(for_each_line(directory.write("lines.txt", "\xef\xbb\xbf"
                                                     "a\n\xef\xbb\xbf"
                                                     "b\n"),
                        take) == 2);
    CHECK(lines == std::vector<std::string>{"a", "\xef\xbb\xbf"
                                                 "b"});
}

TEST_CASE("a file that is not there, or is no file, is an io_error")
{
    const tests::temporary_directory directory;
    const auto any = [](std::size_t, const std::string&)
    {
        return true;
    };
    CHECK_THROWS_WITH_AS(for_each_line(directory / "none.txt", any), doctest::Contains("none.txt: cannot be opened"),
                         labelerrors::io_error);
    CHECK_THROWS_WITH_AS(for_each_line(directory / "", any), doctest::Contains("is a directory; name a file in it"),
                         labelerrors::io_error);
    // A device whose lines have no end.
    const auto none = [](std::size_t, const std::string&)
    {
        return false;
    };
    if (std::filesystem::exists("/dev/urandom"))
        CHECK_THROWS_WITH_AS(for_each_line("/dev/urandom", none), doctest::Contains("is a device, not a file"),
                             labelerrors::io_error);
    CHECK(for_each_line("/dev/null", none) == 0);
    // A file of Linux whose first byte cannot be read.
    if (std::filesystem::exists("/proc/self/mem"))
        CHECK_THROWS_WITH_AS(for_each_line("/proc/self/mem", any),
                             doctest::Contains("cannot be read behind its first 0 lines: Input/output error"),
                             labelerrors::io_error);
}
