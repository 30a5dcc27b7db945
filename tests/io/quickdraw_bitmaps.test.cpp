#include "io/stored_bytes.hpp"
#include "io/temporary_directory.hpp"
#include <labelerrors/error.hpp>
#include <labelerrors/io/quickdraw_bitmaps.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

using namespace labelerrors::io;
using labelerrors::format_error;
using labelerrors::io_error;
using labelerrors::value_error;
using namespace tests;

namespace
{

/// A bitmap file of as many drawings as `first` has letters, each filled with one.
std::string bitmaps(std::string_view letters)
{
    std::string data;
    for (const char letter : letters)
        data += std::string(784, letter);
    return npy_of("|u1", "(" + std::to_string(letters.size()) + ", 784)", data);
}

}  // namespace

TEST_CASE("classes follow the file names, extension included, and drawings are counted through them")
{
    const temporary_directory directory;
    directory.write("baseball.npy", bitmaps("ab"));
    directory.write("The Eiffel Tower.npy", bitmaps("c"));
    directory.write("baseball bat.npy", bitmaps("def"));
    directory.write("aircraft carrier.npy", bitmaps(""));
    directory.write("readme.txt", "no bitmaps");
    const auto files = quickdraw_counts(directory / "");
    CHECK(files.names ==
          std::vector<std::string>{"The Eiffel Tower.npy", "aircraft carrier.npy", "baseball bat.npy", "baseball.npy"});
    CHECK(files.first == std::vector<std::size_t>{0, 1, 1, 4, 6});
    CHECK(files.size() == 6);
    CHECK(files.count(2) == 3);

    const std::string letters = "cdefab";
    for (std::size_t index = 0; index < files.size(); ++index)
    {
        const auto place = quickdraw_location(files, index);
        CHECK(quickdraw_index(files, place) == index);
        const auto bitmap = read_quickdraw_bitmap(directory / "", files.names[place.label], place.row);
        CHECK(bitmap.shape() == std::array<std::size_t, 2>{28, 28});
        CHECK(bitmap(0, 0) == letters[index]);
        CHECK(bitmap(27, 27) == letters[index]);
    }
    CHECK(quickdraw_location(files, 1) == quickdraw_place{.label = 2, .row = 0});
    CHECK(quickdraw_location(files, 5) == quickdraw_place{.label = 3, .row = 1});
}

TEST_CASE("drawings that there are not are refused with how many there are")
{
    const temporary_directory directory;
    directory.write("cat.npy", bitmaps("ab"));
    const auto files = quickdraw_counts(directory / "");
    CHECK_THROWS_WITH_AS(quickdraw_location(files, 2),
                         "quickdraw_location: index must be below 2, the number of "
                         "drawings, but is 2",
                         value_error);
    CHECK_THROWS_AS(quickdraw_location({}, 0), value_error);
    CHECK_THROWS_WITH_AS(quickdraw_index(files, {.label = 1}),
                         "quickdraw_index: place.label must be below 1, the number of classes, but is 1", value_error);
    CHECK_THROWS_WITH_AS(quickdraw_index(files, {.row = 2}), doctest::Contains("drawings in 'cat.npy', but is 2"),
                         value_error);
    CHECK_THROWS_WITH_AS(read_quickdraw_bitmap(directory / "", "cat.npy", 2),
                         doctest::Contains("row must be below 2, the number of drawings in 'cat.npy', but is 2"),
                         value_error);
    CHECK_THROWS_AS(read_quickdraw_bitmap(directory / "", "dog.npy", 0), io_error);
}

TEST_CASE("a directory without bitmap files, and files that are none, are refused")
{
    const temporary_directory directory;
    CHECK_THROWS_WITH_AS(quickdraw_counts(directory / ""), doctest::Contains("has no .npy files"), io_error);
    CHECK_THROWS_WITH_AS(quickdraw_counts(directory / "missing"), doctest::Contains("cannot be listed: No such file"),
                         io_error);
    for (const auto& file :
         {npy_of("|u1", "(784,)", std::string(784, 'a')), npy_of("|i1", "(1, 784)", std::string(784, 'a')),
          npy_of("|u1", "(28, 28)", std::string(784, 'a')),
          npy("{'descr': '|u1', 'fortran_order': True, 'shape': (1, 784), }", std::string(784, 'a')), "PK\3\4"s})
    {
        const temporary_directory wrong;
        wrong.write("cat.npy", file);
        CHECK_THROWS_AS(quickdraw_counts(wrong / ""), format_error);
        CHECK_THROWS_AS(read_quickdraw_bitmap(wrong / "", "cat.npy", 0), format_error);
    }
    const std::string whole = bitmaps("a");
    for (std::size_t size = 0; size < whole.size(); size += size < 100 ? 1 : 13)
    {
        directory.write("cat.npy", whole.substr(0, size));
        CHECK_THROWS_AS(quickdraw_counts(directory / ""), format_error);
    }
}

TEST_CASE("files far larger than memory are counted and read by row without being read")
{
    // Holes take no room on the disk, and would take minutes to read.
    constexpr std::size_t rows = 100'000'000;
    const temporary_directory directory;
    const std::string header = npy("{'descr': '|u1', 'fortran_order': False, 'shape': (100000000, 784), }");
    const auto path = directory.write("cat.npy", header);
    std::error_code error;
    std::filesystem::resize_file(path, header.size() + rows * 784, error);
    if (error)
        return;  // a file system without holes
    const auto files = quickdraw_counts(directory / "");
    CHECK(files.size() == rows);
    CHECK(read_quickdraw_bitmap(directory / "", "cat.npy", rows - 1)(27, 27) == 0);
}
