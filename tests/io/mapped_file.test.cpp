#include "io/temporary_directory.hpp"
#include <labelerrors/error.hpp>
#include <labelerrors/io/mapped_file.hpp>
#include <labelerrors/io/npy_header.hpp>

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>

using labelerrors::io::mapped_file;
using labelerrors::io::detail::as_text;
using tests::temporary_directory;

static_assert(std::is_nothrow_move_constructible_v<mapped_file>);
static_assert(std::is_nothrow_move_assignable_v<mapped_file>);
static_assert(!std::is_copy_constructible_v<mapped_file>);

TEST_CASE("a mapped file shows the bytes of the whole file")
{
    const temporary_directory directory;
    const std::string content = "five\0six\n"
                                "seven";
    const mapped_file file(directory.write("a", content));
    CHECK(as_text(file.bytes()) == content);
}

TEST_CASE("a mapped file can be moved and stays mapped in its new place")
{
    const temporary_directory directory;
    mapped_file first(directory.write("a", "one"));
    const auto bytes = first.bytes();
    mapped_file second(std::move(first));
    CHECK(second.bytes().data() == bytes.data());
    CHECK(as_text(second.bytes()) == "one");

    mapped_file third(directory.write("b", "three"));
    third = std::move(second);
    CHECK(as_text(third.bytes()) == "one");
}

TEST_CASE("an empty file has no bytes")
{
    const temporary_directory directory;
    CHECK(mapped_file(directory.write("empty", "")).bytes().empty());
    CHECK(mapped_file("/dev/null").bytes().empty());
}

TEST_CASE("a pipe is read to its end")
{
    const temporary_directory directory;
    const auto path = directory / "pipe";
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    const std::string content(3'000'000, 'x');
    std::jthread writer([&] { std::ofstream(path, std::ios::binary) << content; });
    const mapped_file file(path);
    CHECK(as_text(file.bytes()) == content);
}

TEST_CASE("what cannot be mapped is an error that names the path, the reason and what to do")
{
    const temporary_directory directory;
    const auto missing = directory / "missing";
    CHECK_THROWS_WITH_AS(mapped_file{missing},
                         (missing.string() + ": cannot be opened for reading: No such file or directory; check the "
                                             "spelling, and the directory that it is relative to")
                             .c_str(),
                         labelerrors::io_error);
    CHECK_THROWS_WITH_AS(mapped_file{directory / ""}, doctest::Contains("is a directory; name a file in it"),
                         labelerrors::io_error);
    CHECK_THROWS_WITH_AS(mapped_file{directory.write("a", "one") / "b"}, doctest::Contains("Not a directory"),
                         labelerrors::io_error);
    CHECK_THROWS_WITH_AS(mapped_file{"/dev/zero"}, doctest::Contains("is a device"), labelerrors::io_error);
}
