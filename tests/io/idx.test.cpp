#include "io/gzipped.hpp"
#include "io/stored_bytes.hpp"
#include "io/temporary_directory.hpp"
#include "support/data.hpp"
#include <labelerrors/error.hpp>
#include <labelerrors/io/idx.hpp>
#include <labelerrors/io/read_labels.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace labelerrors::io;
using labelerrors::format_error;
using labelerrors::io_error;
using namespace tests;

namespace
{

xt::xtensor<std::uint8_t, 1> labels(std::string_view file)
{
    const temporary_directory directory;
    return read_idx_labels(directory.write("a", file));
}

xt::xtensor<std::uint8_t, 3> images(std::string_view file)
{
    const temporary_directory directory;
    return read_idx_images(directory.write("a", file));
}

/// An IDX file of unsigned bytes.
std::string idx(const std::vector<std::uint64_t>& shape, std::string_view data)
{
    std::string file = "\0\0\x08"s + static_cast<char>(shape.size());
    for (const auto extent : shape)
        file += big(extent, 4);
    return file + std::string(data);
}

const std::string two_images = idx({2, 2, 3}, "abcdefghijkl");

}  // namespace

TEST_CASE("labels and images are read, plain and compressed")
{
    const xt::xtensor<std::uint8_t, 1> expected{7, 0, 255};
    const std::string file = idx({3}, "\7\0\xff"s);
    CHECK(labels(file) == expected);
    CHECK(labels(gzipped(file)) == expected);
    for (const auto& read : {images(two_images), images(gzipped(two_images))})
    {
        CHECK(read.shape() == std::array<std::size_t, 3>{2, 2, 3});
        CHECK(read(1, 0, 2) == 'i');
    }
    CHECK(labels(idx({0}, "")).size() == 0);
    CHECK(images(gzipped(idx({0, 28, 28}, ""))).size() == 0);
}

TEST_CASE("other elements and other numbers of dimensions are refused by name")
{
    for (const auto& [code, name] : {std::pair{'\x09', "signed byte"},
                                     {'\x0b', "16-bit integer"},
                                     {'\x0c', "32-bit integer"},
                                     {'\x0d', "float"},
                                     {'\x0e', "double"}})
    {
        std::string file = idx({1}, "abcdefgh");
        file[2] = code;
        CHECK_THROWS_WITH_AS(labels(file), doctest::Contains(("of the type " + std::string(name) + "; only").c_str()),
                             format_error);
    }
    CHECK_THROWS_WITH_AS(labels(two_images), doctest::Contains("the array has 3 dimensions, not 1"), format_error);
    CHECK_THROWS_WITH_AS(images(idx({1}, "a")), doctest::Contains("the array has 1 dimensions, not 3"), format_error);
    CHECK_THROWS_WITH_AS(labels("PK\3\4"), doctest::Contains("does not begin as an IDX file does"), format_error);
    CHECK_THROWS_WITH_AS(labels("\0\0\x0a\1"s), doctest::Contains("does not begin as an IDX file does"), format_error);
    const temporary_directory directory;
    CHECK_THROWS_AS(read_idx_labels(directory / "missing"), io_error);
}

TEST_CASE("a file that holds more or less than its header says is refused with the number")
{
    CHECK_THROWS_WITH_AS(labels(idx({30}, "ab")), doctest::Contains("promises 30 bytes, more than the file can hold"),
                         format_error);
    CHECK_THROWS_WITH_AS(labels(idx({3}, "ab")), doctest::Contains("promises 3 bytes, but the file holds 2"),
                         format_error);
    CHECK_THROWS_WITH_AS(labels(gzipped(idx({3}, "ab"))), doctest::Contains("promises 3 bytes, but the file holds 2"),
                         format_error);
    CHECK_THROWS_WITH_AS(labels(idx({3}, "abcd")), doctest::Contains("holds more than the 3 bytes"), format_error);
    CHECK_THROWS_WITH_AS(labels(gzipped(idx({3}, "abcd"))), doctest::Contains("holds more than the 3 bytes"),
                         format_error);
}

TEST_CASE("images without pixels are refused at the extent, and a file without images is not")
{
    CHECK_THROWS_WITH_AS(images(idx({5, 0, 0}, "")), doctest::Contains("byte 12: the header promises images without"),
                         format_error);
    CHECK_THROWS_WITH_AS(images(idx({5, 28, 0}, "")), doctest::Contains("byte 16: the header promises images without"),
                         format_error);
    CHECK_THROWS_AS(images(gzipped(idx({0, 0, 28}, ""))), format_error);
    CHECK(images(idx({0, 1, 1}, "")).size() == 0);
}

TEST_CASE("a header that promises more than any memory, and content that inflates to more than the header promises, "
          "are refused at once")
{
    constexpr int bits = std::numeric_limits<std::size_t>::digits;
    constexpr const char* too_many = "more elements than any machine can hold";
    CHECK_THROWS_WITH_AS(labels(idx({0xffffffff}, "")),
                         doctest::Contains(bits == 64 ? "promises 4294967295 bytes, more than" : too_many),
                         format_error);
    CHECK_THROWS_WITH_AS(images(gzipped(idx({0xffffffff, 0x7fffffff, 1}, ""))),
                         doctest::Contains(bits == 64 ? "promises 9223372030412324865 bytes, more than" : too_many),
                         format_error);
    CHECK_THROWS_WITH_AS(images(idx({0xffffffff, 0xffffffff, 0xffffffff}, "")), doctest::Contains(too_many),
                         format_error);
    // No images, but strides that no integer holds.
    CHECK_THROWS_WITH_AS(images(idx({0, 0xffffffff, 0xffffffff}, "")), doctest::Contains(too_many), format_error);
    const std::string bomb = gzipped(idx({3}, std::string(std::size_t{1} << 26, '\0')));
    CHECK(bomb.size() < 100000);
    CHECK_THROWS_WITH_AS(labels(bomb), doctest::Contains("holds more than the 3 bytes"), format_error);
}

TEST_CASE("IDX files cut short anywhere are refused")
{
    for (const std::string& whole : {two_images, gzipped(two_images)})
        for (std::size_t size = 0; size < whole.size(); ++size)
        {
            CAPTURE(size);
            CHECK_THROWS_AS(images(whole.substr(0, size)), format_error);
        }
}

TEST_CASE("MNIST's labels equal the published ones, and row 2597 decodes to its image")
{
    const auto data = data_dir();
    if (!data)
        return skip("no LABELERRORS_DATA_DIR");
    const auto original = read_idx_labels(*data / "raw" / "mnist" / "t10k-labels-idx1-ubyte.gz");
    const auto published =
        read_labels(*data / "label-errors" / "original_test_labels" / "mnist_test_set_original_labels.npy");
    REQUIRE(original.size() == 10000);
    REQUIRE(published.size() == 10000);
    CHECK(std::equal(original.begin(), original.end(), published.begin()));
    const auto drawings = read_idx_images(*data / "raw" / "mnist" / "t10k-images-idx3-ubyte.gz");
    CHECK(drawings.shape() == std::array<std::size_t, 3>{10000, 28, 28});
    // Given 5, and drawn like a 3: its ink by row, from the top.
    CHECK(original(2597) == 5);
    const auto* const image = drawings.data() + 2597 * 28 * 28;
    CHECK(std::accumulate(image, image + 28 * 28, 0) == 24296);
    CHECK(std::accumulate(image, image + 5 * 28, 0) == 0);
    CHECK(std::accumulate(image + 5 * 28, image + 6 * 28, 0) > 1000);
}
