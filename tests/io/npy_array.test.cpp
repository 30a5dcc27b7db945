#include "io/stored_bytes.hpp"
#include "io/temporary_directory.hpp"
#include <labelerrors/error.hpp>
#include <labelerrors/io/decode.hpp>
#include <labelerrors/io/npy_array.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

using namespace labelerrors::io;
using labelerrors::format_error;
using labelerrors::io_error;
using tests::compressed;
using tests::little;
using tests::npy_of;
using tests::stored;
using tests::temporary_directory;
using tests::zip;

namespace
{

std::string elements_of(const npy_array& array)
{
    return std::string(labelerrors::io::detail::as_text(array.stored().bytes()));
}

}  // namespace

TEST_CASE("a .npy file is opened")
{
    const temporary_directory directory;
    const auto path = directory.write("a.npy", npy_of("|u1", "(2, 3)", "abcdef and more"));
    const npy_array array = open_npy(path);
    CHECK(array.path() == path.string());
    CHECK(array.header().shape == std::vector<std::size_t>{2, 3});
    CHECK(elements_of(array) == "abcdef");
}

TEST_CASE("copies of an array keep its elements when the first one is gone")
{
    const temporary_directory directory;
    const auto path = directory.write("a.npz", zip({compressed("a.npy", npy_of("|u1", "(6,)", "abcdef"))}));
    auto first = std::make_unique<npy_array>(open_npy(path));
    const npy_array second = *first;
    first.reset();
    CHECK(elements_of(second) == "abcdef");
}

TEST_CASE("a member of a .npz is opened by its name with or without .npy")
{
    const temporary_directory directory;
    const std::string archive =
        zip({stored("a.npy", npy_of("|u1", "(2,)", "12")), compressed("b.npy", npy_of("|u1", "(3,)", "345")),
             stored("a", npy_of("|u1", "(1,)", "6")), stored("c.d.npy", npy_of("|u1", "(1,)", "7"))});
    const std::string path = directory.write("x.npz", archive).string();
    CHECK(elements_of(open_npy(path + ":a.npy")) == "12");
    CHECK(elements_of(open_npy(path + ":a")) == "6");
    CHECK(elements_of(open_npy(path + ":b")) == "345");
    CHECK(elements_of(open_npy(path + ":c.d")) == "7");
    CHECK(open_npy(path + ":b").path() == path + ":b.npy");
}

TEST_CASE("a stored member of a large archive is read where it is wanted, all of it compared with its check sum")
{
    constexpr std::size_t n = 600'000;
    constexpr std::size_t odd_one = 400'000;
    std::string elements;
    for (std::size_t i = 0; i < n; ++i)
        elements += little(i == odd_one ? std::uint64_t{1} << 40 : i, 8);
    const std::string content = npy_of("<i8", "(600000,)", elements);
    const temporary_directory directory;
    const auto path =
        directory.write("x.npz", zip({stored("first.npy", npy_of("|u1", "(1,)", "1")), stored("a.npy", content)}));
    const npy_array array = open_npy(path.string() + ":a");
    CHECK(!array.stored().is_in_memory());
    std::int64_t value = 0;
    decode(array, n - 1, 1, &value);
    CHECK(value == n - 1);
    std::vector<std::int32_t> narrow(n);
    CHECK_THROWS_WITH_AS(decode(array, 0, n, narrow.data()),
                         doctest::Contains("the element (400000,) is 1099511627776"), format_error);

    const auto deflated = directory.write("y.npz", zip({compressed("a.npy", content), stored("b", content)}));
    const npy_array inflated = open_npy(deflated.string() + ":a");
    CHECK(elements_of(inflated) == elements);
    for (const auto& damaged : {path, deflated})
    {
        std::fstream file(damaged, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(static_cast<std::streamoff>(std::filesystem::file_size(damaged) - 100'000));
        file.put('x').put('y');
    }
    const auto lacks_sum = doctest::Contains("does not have the check sum");
    CHECK_THROWS_WITH_AS(open_npy(path.string() + ":a"), lacks_sum, format_error);
    CHECK_THROWS_WITH_AS(open_npy(deflated.string() + ":b"), lacks_sum, format_error);
    CHECK(elements_of(open_npy(deflated.string() + ":a")) == elements);
}

TEST_CASE("a member with an odd name is opened, and messages have the name in quotes")
{
    const temporary_directory directory;
    const std::string odd = "\x1b[31m\nred.npy";
    const std::string path = directory.write("x.npz", zip({stored(odd, npy_of("|u1", "(1,)", "1"))})).string();
    CHECK(open_npy(path).path() == path + ":'?[31m?red.npy'");
    const std::string damaged = directory.write("y.npz", zip({stored(odd, "\1junk"), stored("a", "junk")})).string();
    CHECK_THROWS_WITH_AS(open_npy(damaged + ":" + odd),
                         (damaged + ":'?[31m?red.npy': byte 0: the file does not begin as a .npy file does; save the "
                                    "array with numpy.save")
                             .c_str(),
                         format_error);
    const std::string long_name(60'000, 'a');
    const std::string large = directory.write("z.npz", zip({stored(long_name, "junk")})).string();
    CHECK_THROWS_WITH_AS(open_npy(large), doctest::Contains(("a...': byte 0")), format_error);
}

TEST_CASE("a member whose name holds .npz: is found behind the first .npz: that ends the name of a file")
{
    const temporary_directory directory;
    // Found by fuzzing: the second name was taken for a file, and a message had its control character as it is.
    for (const std::string name : {"ab.npz:py", "\x07"
                                                "ab.npz:py"})
    {
        const auto members = {stored(name, npy_of("|u1", "(1,)", "1")), stored("b", "junk")};
        const std::string archive = directory.write("x.npz", zip(members)).string();
        CHECK(elements_of(open_npy(archive + ":" + name)) == "1");
    }
    const std::string folder = (directory / "y.npz:z").string();
    std::filesystem::create_directory(directory / "y.npz");
    std::filesystem::create_directory(folder);
    const auto inside = directory.write("y.npz:z/a.npz", zip({stored("b.npy", npy_of("|u1", "(1,)", "2"))}));
    CHECK(elements_of(open_npy(inside.string() + ":b")) == "2");
    CHECK_THROWS_WITH_AS(open_npy(folder + "/none.npz:b"), doctest::Contains("y.npz:z/none.npz: cannot be opened"),
                         io_error);
}

TEST_CASE("a member of an archive is no .csv whatever its name")
{
    const temporary_directory directory;
    CHECK(is_csv("a.csv"));
    CHECK(is_csv("a.npz/b.CSV"));
    CHECK_FALSE(is_csv("a.npy"));
    CHECK_FALSE(is_csv("a.npz:train.csv"));
    CHECK(is_csv(directory.write("a.npz:train.csv", "1\n")));
    const auto path = directory.write("b.npz", zip({stored("train.csv.npy", npy_of("|u1", "(2,)", "12"))}));
    CHECK(elements_of(open_array(path.string() + ":train.csv")) == "12");
}

TEST_CASE("of two members with one name the later is opened")
{
    const temporary_directory directory;
    const auto path = directory.write(
        "x.npz", zip({stored("a.npy", npy_of("|u1", "(1,)", "1")), stored("a.npy", npy_of("|u1", "(1,)", "2"))}));
    CHECK(elements_of(open_npy(path.string() + ":a")) == "2");
}

TEST_CASE("an archive with one member needs no name, one with several lists them")
{
    const temporary_directory directory;
    const std::string array = npy_of("|u1", "(1,)", "x");
    CHECK(elements_of(open_npy(directory.write("one.npz", zip({stored("a.npy", array)})))) == "x");
    const auto several = directory.write("two.npz", zip({stored("a.npy", array), stored("b.npy", array)}));
    CHECK_THROWS_WITH_AS(open_npy(several), doctest::Contains("name one as FILE.npz:NAME: 'a.npy', 'b.npy'"),
                         format_error);
    CHECK_THROWS_WITH_AS(open_npy(several.string() + ":c"),
                         doctest::Contains("has no member 'c'; it has 'a.npy', 'b.npy'"), format_error);
    std::vector<tests::zip_member> many;
    for (int i = 0; i < 12; ++i)
        many.push_back(stored("m" + std::to_string(i), array));
    CHECK_THROWS_WITH_AS(open_npy(directory.write("many.npz", zip(many))), doctest::Contains("'m9', ... (12 in all)"),
                         format_error);
    CHECK_THROWS_WITH_AS(open_npy(directory.write("none.npz", zip({}))), doctest::Contains("has no members"),
                         format_error);
}

TEST_CASE("the bytes of a file decide what it is, not its name")
{
    const temporary_directory directory;
    const std::string array = npy_of("|u1", "(1,)", "x");
    CHECK(elements_of(open_npy(directory.write("archive.npy", zip({stored("a.npy", array)})))) == "x");
    CHECK(elements_of(open_npy(directory.write("array.npz", array))) == "x");
    CHECK_THROWS_WITH_AS(open_npy((directory / "array.npz").string() + ":a"),
                         doctest::Contains("the file is no .npz archive, so it has no member 'a'"), format_error);
    CHECK(elements_of(open_npy(directory.write("odd.npz:name", array))) == "x");
}

TEST_CASE("errors in a member name the archive and the member")
{
    const temporary_directory directory;
    const auto path = directory.write("x.npz", zip({stored("a.npy", npy_of("|O", "(1,)", "x"))}));
    CHECK_THROWS_WITH_AS(open_npy(path), doctest::Contains((path.string() + ":a.npy: byte 20: ").c_str()),
                         format_error);
    CHECK_THROWS_AS(open_npy(directory / "missing.npy"), io_error);
    CHECK_THROWS_WITH_AS(open_npy((directory / "missing.npz").string() + ":a"),
                         doctest::Contains("missing.npz: cannot be opened"), io_error);
}

TEST_CASE("an archive that numpy compressed is read")
{
    // numpy.savez_compressed(file, numpy.array([3, 1, 2], "<u2"))
    const std::array<unsigned char, 210> archive = {
        0x50, 0x4b, 0x03, 0x04, 0x14, 0x00, 0x00, 0x00, 0x08, 0x00, 0x00, 0x00, 0x21, 0x00, 0xf3, 0xf5, 0x57, 0xed,
        0x4a, 0x00, 0x00, 0x00, 0x86, 0x00, 0x00, 0x00, 0x09, 0x00, 0x14, 0x00, 0x61, 0x72, 0x72, 0x5f, 0x30, 0x2e,
        0x6e, 0x70, 0x79, 0x01, 0x00, 0x10, 0x00, 0x86, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x4a, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x9b, 0xec, 0x17, 0xea, 0x1b, 0x10, 0xc9, 0xc8, 0x50, 0xc6, 0x50, 0xad, 0x9e,
        0x92, 0x5a, 0x9c, 0x5c, 0xa4, 0x6e, 0xa5, 0xa0, 0x6e, 0x53, 0x6a, 0xa4, 0xae, 0xa3, 0xa0, 0x9e, 0x96, 0x5f,
        0x54, 0x52, 0x94, 0x98, 0x17, 0x9f, 0x5f, 0x94, 0x92, 0x0a, 0x12, 0x77, 0x4b, 0xcc, 0x29, 0x4e, 0x05, 0x8a,
        0x17, 0x67, 0x24, 0x16, 0xa4, 0x02, 0xf9, 0x1a, 0xc6, 0x3a, 0x9a, 0x3a, 0x0a, 0xb5, 0x0a, 0x14, 0x00, 0x2e,
        0x66, 0x06, 0x46, 0x06, 0x26, 0x06, 0x00, 0x50, 0x4b, 0x01, 0x02, 0x14, 0x03, 0x14, 0x00, 0x00, 0x00, 0x08,
        0x00, 0x00, 0x00, 0x21, 0x00, 0xf3, 0xf5, 0x57, 0xed, 0x4a, 0x00, 0x00, 0x00, 0x86, 0x00, 0x00, 0x00, 0x09,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x80, 0x01, 0x00, 0x00, 0x00, 0x00, 0x61,
        0x72, 0x72, 0x5f, 0x30, 0x2e, 0x6e, 0x70, 0x79, 0x50, 0x4b, 0x05, 0x06, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00,
        0x01, 0x00, 0x37, 0x00, 0x00, 0x00, 0x85, 0x00, 0x00, 0x00, 0x00, 0x00};
    const temporary_directory directory;
    const auto path = directory.write("numpy.npz", {reinterpret_cast<const char*>(archive.data()), archive.size()});
    const npy_array array = open_npy(path.string() + ":arr_0");
    CHECK(dtype_text(array.header()) == "<u2");
    CHECK(array.header().shape == std::vector<std::size_t>{3});
    CHECK(elements_of(array) == std::string("\3\0\1\0\2\0", 6));
}

TEST_CASE("a .csv opens as an array of doubles")
{
    const temporary_directory directory;
    const npy_array array = open_array(directory.write("a.csv", "1,2\n3,4.5\n"));
    CHECK(dtype_text(array.header()) == dtype_text({}));
    CHECK(array.header().shape == std::vector<std::size_t>{2, 2});
    std::array<double, 4> values = {};
    REQUIRE(array.stored().size() == sizeof values);
    std::memcpy(values.data(), array.stored().bytes().data(), sizeof values);
    CHECK(values == std::array{1.0, 2.0, 3.0, 4.5});
    CHECK(elements_of(open_array(directory.write("a.npy", npy_of("|u1", "(1,)", "x")))) == "x");
}
