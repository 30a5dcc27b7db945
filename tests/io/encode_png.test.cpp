#include "io/stored_bytes.hpp"
#include <labelerrors/error.hpp>
#include <labelerrors/io/encode_png.hpp>

#include <doctest/doctest.h>
#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

using labelerrors::shape_error;
using labelerrors::io::encode_png;
using labelerrors::io::png_pixel;

namespace
{

struct chunk
{
    std::string type;
    std::string content;
};

/// A number of four bytes, the highest first.
[[nodiscard]] std::size_t number_at(std::string_view bytes, std::size_t at)
{
    std::size_t number = 0;
    for (std::size_t i = 0; i < 4; ++i)
        number = number << 8 | static_cast<unsigned char>(bytes[at + i]);
    return number;
}

/// The chunks of a PNG, whose signature and check sums must be right.
[[nodiscard]] std::vector<chunk> chunks_of(const std::string& png)
{
    REQUIRE(png.starts_with("\x89PNG\r\n\x1a\n"));
    std::vector<chunk> chunks;
    for (std::size_t at = 8; at < png.size();)
    {
        REQUIRE(png.size() - at >= 12);
        const std::size_t size = number_at(png, at);
        REQUIRE(png.size() - at - 12 >= size);
        chunks.push_back({png.substr(at + 4, 4), png.substr(at + 8, size)});
        CHECK(number_at(png, at + 8 + size) == tests::crc_of(png.substr(at + 4, 4 + size)));
        at += 12 + size;
    }
    return chunks;
}

/// What zlib makes of deflated bytes that become `size` bytes.
[[nodiscard]] std::string inflated(const std::string& bytes, std::size_t size)
{
    std::string content(size + 1, '\0');
    uLongf length = content.size();
    REQUIRE(::uncompress(reinterpret_cast<Bytef*>(content.data()), &length,
                         reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uLong>(bytes.size())) == Z_OK);
    content.resize(length);
    return content;
}

[[nodiscard]] std::string text_of(const std::vector<std::uint8_t>& bytes)
{
    return {bytes.begin(), bytes.end()};
}

}  // namespace

TEST_CASE("a PNG holds the pixels that it was made of")
{
    const std::vector<std::uint8_t> pixels{0, 255, 7, 128, 1, 2, 3, 4, 5, 6, 200, 100};
    const auto check = [&](std::size_t height, std::size_t width, png_pixel pixel, char colour)
    {
        const auto chunks = chunks_of(encode_png(pixels, height, width, pixel));
        REQUIRE(chunks.size() == 3);
        CHECK(chunks[0].type == "IHDR");
        CHECK(number_at(chunks[0].content, 0) == width);
        CHECK(number_at(chunks[0].content, 4) == height);
        CHECK(chunks[0].content.substr(8) == std::string{'\x08', colour, '\0', '\0', '\0'});
        CHECK(chunks[1].type == "IDAT");
        CHECK(chunks[2].type == "IEND");
        CHECK(chunks[2].content.empty());
        // Each row begins with the number of its filter, none.
        std::string rows;
        const std::size_t row = pixels.size() / height;
        for (std::size_t y = 0; y < height; ++y)
            rows += '\0' + text_of(pixels).substr(y * row, row);
        CHECK(inflated(chunks[1].content, rows.size()) == rows);
    };
    check(3, 4, png_pixel::grey, '\0');
    check(12, 1, png_pixel::grey, '\0');
    check(2, 2, png_pixel::rgb, '\2');
}

TEST_CASE("a PNG that cannot be is refused")
{
    const std::vector<std::uint8_t> pixels(12);
    CHECK_THROWS_WITH_AS(encode_png(pixels, 3, 5, png_pixel::grey),
                         "encode_png: pixels must be 3 x 5 of 1 bytes, each extent from 1 to 65535, but are 12 bytes",
                         shape_error);
    CHECK_THROWS_AS(encode_png(pixels, 2, 6, png_pixel::rgb), shape_error);
    CHECK_THROWS_AS(encode_png({}, 0, 5, png_pixel::grey), shape_error);
    CHECK_THROWS_AS(encode_png(std::vector<std::uint8_t>(65536), 1, 65536, png_pixel::grey), shape_error);
}
