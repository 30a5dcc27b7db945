#include "io/gzipped.hpp"
#include "io/stored_bytes.hpp"
#include "io/temporary_directory.hpp"
#include "io/text_at.hpp"
#include <labelerrors/error.hpp>
#include <labelerrors/io/byte_source.hpp>
#include <labelerrors/io/gzip.hpp>
#include <labelerrors/io/input_file.hpp>
#include <labelerrors/io/npy_header.hpp>
#include <labelerrors/io/npz.hpp>
#include <labelerrors/io/parse_npy_header.hpp>
#include <labelerrors/io/read_npz.hpp>
#include <labelerrors/rows/joining_thread.hpp>

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <new>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

using labelerrors::format_error;
using labelerrors::io_error;
using labelerrors::io::byte_source;
using labelerrors::io::input_file;
using labelerrors::io::read_whole;
using labelerrors::io::detail::as_text;
using tests::temporary_directory;
using tests::text_at;

static_assert(std::is_nothrow_move_constructible_v<input_file>);
static_assert(std::is_nothrow_move_assignable_v<input_file>);
static_assert(!std::is_copy_constructible_v<input_file>);

TEST_CASE("a file is read when it is opened, or later as far as it is wanted")
{
    const temporary_directory directory;
    const std::string content("five\0six\nseven", 14);
    const auto path = directory.write("a", content);
    const input_file at_once(path);
    CHECK(at_once.is_in_memory());
    CHECK(as_text(at_once.bytes()) == content);
    const input_file later(path, 13);
    CHECK(!later.is_in_memory());
    CHECK(later.bytes().empty());
    for (const input_file* const file : {&at_once, &later})
    {
        CHECK(file->size() == 14);
        CHECK(text_at(*file, 0, 14) == content);
        CHECK(text_at(*file, 9, 5) == "seven");
        CHECK(text_at(byte_source(*file).part(5, 9).part(4, 5), 1, 3) == "eve");
        std::vector<std::byte> buffer;
        CHECK(as_text(byte_source(*file).part(5, 3).at(0, 3, buffer)) == "six");
        CHECK(buffer.empty() == file->is_in_memory());
        file->read_ahead(0, 100);
    }
    CHECK(as_text(read_whole(path).bytes()) == content);
}

TEST_CASE("a file can be moved and stays open in its new place")
{
    const temporary_directory directory;
    input_file first(directory.write("a", "one"));
    const auto bytes = first.bytes();
    input_file second(std::move(first));
    CHECK(second.bytes().data() == bytes.data());
    CHECK(as_text(second.bytes()) == "one");

    input_file third(directory.write("b", "three"), 0);
    input_file fourth(std::move(third));
    CHECK(text_at(fourth, 2, 3) == "ree");
    fourth = std::move(second);
    CHECK(as_text(fourth.bytes()) == "one");
}

TEST_CASE("an empty file has no bytes")
{
    const temporary_directory directory;
    CHECK(input_file(directory.write("empty", "")).bytes().empty());
    CHECK(input_file("/dev/null").bytes().empty());
}

TEST_CASE("a pipe is read to its end")
{
    const temporary_directory directory;
    const auto path = directory / "pipe";
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    const std::string content(3'000'000, 'x');
    labelerrors::detail::joining_thread writer([&] { std::ofstream(path, std::ios::binary) << content; });
    const input_file file(path, 0);
    CHECK(file.is_in_memory());
    CHECK(file.size() == content.size());
    CHECK(as_text(file.bytes()) == content);
}

TEST_CASE("a file or a pipe that is larger than it may be is refused before all of it is read")
{
    const temporary_directory directory;
    const auto path = directory.write("a", "12345");
    CHECK(input_file(path, 3, 5).size() == 5);
    for (const std::size_t most_in_memory : {std::size_t{3}, std::size_t{9}})
        CHECK_THROWS_WITH_AS((input_file{path, most_in_memory, 4}), doctest::Contains("more than the 4 bytes that are"),
                             io_error);
    const auto pipe = directory / "pipe";
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    std::size_t written = 0;
    auto* const handler = std::signal(SIGPIPE, SIG_IGN);
    {
        const labelerrors::detail::joining_thread writer(
            [&]
            {
                std::ofstream stream(pipe, std::ios::binary);
                const std::string some(10'000, 'x');
                while (written < 100'000'000 && stream.write(some.data(), 10'000))
                    written += some.size();
            });
        CHECK_THROWS_WITH_AS((input_file{pipe, 0, 100'000}), doctest::Contains("more than the 100000 bytes"), io_error);
    }
    std::signal(SIGPIPE, handler);
    CHECK(written < 10'000'000);
}

TEST_CASE("a shortage of memory is an error that names the file and what to do")
{
    CHECK_THROWS_WITH_AS(labelerrors::io::detail::with_memory_for("a.npy", [] { throw std::bad_alloc(); }),
                         doctest::Contains("a.npy: has no room in memory; close other programs"), io_error);
    CHECK(labelerrors::io::detail::with_memory_for("a.npy", [] { return 3; }) == 3);
}

TEST_CASE("what cannot be opened is an error that names the path, the reason and what to do")
{
    const temporary_directory directory;
    const auto missing = directory / "missing";
    CHECK_THROWS_WITH_AS(input_file{missing},
                         (missing.string() + ": cannot be opened for reading: No such file or directory; check the "
                                             "spelling, and the directory that it is relative to")
                             .c_str(),
                         io_error);
    CHECK_THROWS_WITH_AS(input_file{directory / ""}, doctest::Contains("is a directory; name a file in it"), io_error);
    CHECK_THROWS_WITH_AS(input_file{directory.write("a", "one") / "b"}, doctest::Contains("Not a directory"), io_error);
    CHECK_THROWS_WITH_AS(input_file{"/dev/zero"}, doctest::Contains("is a device"), io_error);
}

TEST_CASE("a file that was removed is read on, one that was shortened is an error with the place where it ends")
{
    const temporary_directory directory;
    const auto path = directory.write("a", std::string(100'000, 'a'));
    const input_file file(path, 0);
    std::filesystem::resize_file(path, 50'000);
    CHECK(text_at(file, 40'000, 10'000) == std::string(10'000, 'a'));
    CHECK_THROWS_WITH_AS(static_cast<void>(text_at(file, 45'000, 10'000)),
                         (path.string() + ": ends at byte 50000, but had 100000 bytes when it was opened; leave the "
                                          "file alone while it is read")
                             .c_str(),
                         io_error);
    std::filesystem::remove(path);
    CHECK(text_at(file, 49'999, 1) == "a");
}

TEST_CASE("headers, archives and compressed files that are not in memory are read as those that are")
{
    const temporary_directory directory;
    using namespace labelerrors::io;
    const std::string array = tests::npy_of("|u1", "(20000,)", std::string(20'000, 'n'));
    const input_file npy(directory.write("a.npy", array), 0);
    CHECK(parse_npy_header(npy, "a.npy").shape == std::vector<std::size_t>{20'000});

    for (const auto kind : {tests::zip_kind::plain, tests::zip_kind::zip64})
    {
        const std::string comment(5'000, 'c');
        const auto path = directory.write(
            "a.npz", tests::zip({tests::stored("s.npy", array), tests::compressed("d.npy", array)}, kind, comment));
        const input_file npz(path, 0);
        CHECK(is_npz(npz));
        const auto members = list_npz(npz, "a.npz");
        REQUIRE(members.size() == 2);
        CHECK(members[1].name == "d.npy");
        for (const auto& member : members)
        {
            const auto content = read_npz(npz, member, "a.npz");
            CHECK(content.bytes.is_in_memory() == (member.name == "d.npy"));
            CHECK(text_at(content.bytes, 0, content.bytes.size()) == array);
        }
        // Cut short after it was opened, anywhere.
        for (const std::size_t size : {20'100u, 15'000u, 10u, 0u})
        {
            std::filesystem::resize_file(path, size);
            CHECK_THROWS_AS(static_cast<void>(list_npz(npz, "a.npz")), io_error);
            CHECK_THROWS_AS(static_cast<void>(read_npz(npz, members[1], "a.npz")), io_error);
        }
    }

    const std::string compressed = tests::gzipped(array);
    const input_file gzip(directory.write("a.gz", compressed), 0);
    CHECK(is_gzip(gzip));
    gzip_reader reader(gzip, "a.gz");
    std::string content(array.size() + 1, '\0');
    CHECK(reader.read(std::as_writable_bytes(std::span(content))) == array.size());
    CHECK(content.starts_with(array));
}

TEST_CASE("a header that claims to be longer than any array needs is not read")
{
    const temporary_directory directory;
    std::string file = tests::npy("{'descr': '|u1', 'fortran_order': False, 'shape': (1,)}", "x", 2);
    const std::size_t longest = std::size_t{1} << 20;
    file.replace(8, 4, tests::little(longest + 1, 4));
    file.append(longest, ' ');
    CHECK_THROWS_WITH_AS(
        static_cast<void>(labelerrors::io::parse_npy_header(input_file(directory.write("a", file), 0), "a")),
        doctest::Contains("a: byte 8: the header claims to have 1048577 bytes, more than any array needs"),
        format_error);
}
