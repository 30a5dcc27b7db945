#ifndef LABELERRORS_IO_ENCODE_PNG_HPP
#define LABELERRORS_IO_ENCODE_PNG_HPP

#include <labelerrors/error.hpp>

#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>
#include <span>
#include <string>
#include <string_view>

namespace labelerrors::io
{

/// What the bytes of a pixel are.
enum class png_pixel
{
    grey,  // one byte, 0 black
    rgb,   // red, green, blue
};

/// An image of 8 bits a channel as a PNG, the bytes of a file.
///
/// `pixels`: height x width pixels, row by row from the top, 0 .. 255. Throws shape_error where an extent is 0 or above
/// 65,535, or `pixels` is not as long as they say. O(pixels). Source: PNG (ISO/IEC 15948), without filters.
[[nodiscard]] std::string encode_png(std::span<const std::uint8_t> pixels, std::size_t height, std::size_t width,
                                     png_pixel pixel);

namespace detail
{

/// A number in the four bytes that PNG has it in.
[[nodiscard]] inline std::string png_number(std::size_t number)
{
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8)
        bytes += static_cast<char>(number >> shift & 0xffu);
    return bytes;
}

[[nodiscard]] inline std::string png_chunk(std::string_view type, std::string_view content)
{
    const std::string checked = std::string(type) + std::string(content);
    const auto sum = ::crc32_z(0, reinterpret_cast<const Bytef*>(checked.data()), checked.size());
    return png_number(content.size()) + checked + png_number(sum);
}

[[nodiscard]] inline std::string deflated(const std::string& content)
{
    uLongf size = ::compressBound(static_cast<uLong>(content.size()));
    std::string result(size, '\0');
    if (::compress2(reinterpret_cast<Bytef*>(result.data()), &size, reinterpret_cast<const Bytef*>(content.data()),
                    static_cast<uLong>(content.size()), Z_BEST_COMPRESSION) != Z_OK)
        throw std::bad_alloc();
    result.resize(size);
    return result;
}

}  // namespace detail

inline std::string encode_png(std::span<const std::uint8_t> pixels, std::size_t height, std::size_t width,
                              png_pixel pixel)
{
    constexpr std::size_t most = 65535;
    const std::size_t channels = pixel == png_pixel::grey ? 1 : 3;
    if (height == 0 || width == 0 || height > most || width > most || pixels.size() != height * width * channels)
        throw shape_error("encode_png: pixels must be " + std::to_string(height) + " x " + std::to_string(width) +
                          " of " + std::to_string(channels) + " bytes, each extent from 1 to 65535, but are " +
                          std::to_string(pixels.size()) + " bytes");
    std::string rows;
    rows.reserve(pixels.size() + height);
    for (std::size_t y = 0; y < height; ++y)
    {
        rows += '\0';  // this row has no filter
        const auto row = pixels.subspan(y * width * channels, width * channels);
        rows.append(reinterpret_cast<const char*>(row.data()), row.size());
    }
    const std::string content = detail::deflated(rows);
    if (content.size() > std::numeric_limits<std::int32_t>::max())
        throw shape_error("encode_png: an image of " + std::to_string(pixels.size()) + " bytes is too large for a PNG");
    const char colour = pixel == png_pixel::grey ? '\0' : '\2';
    const std::string header =
        detail::png_number(width) + detail::png_number(height) + '\x08' + colour + std::string(3, '\0');
    return "\x89PNG\r\n\x1a\n" + detail::png_chunk("IHDR", header) + detail::png_chunk("IDAT", content) +
           detail::png_chunk("IEND", "");
}

}  // namespace labelerrors::io

#endif
