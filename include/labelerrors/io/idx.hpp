#ifndef LABELERRORS_IO_IDX_HPP
#define LABELERRORS_IO_IDX_HPP

#include <labelerrors/error.hpp>
#include <labelerrors/io/byte_source.hpp>
#include <labelerrors/io/gzip.hpp>
#include <labelerrors/io/input_file.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <new>
#include <span>
#include <string>

namespace labelerrors::io
{

/// Reads the labels of n examples from an IDX file of bytes with one dimension, as MNIST comes, plain or compressed
/// with gzip (its first bytes decide), into an array of shape (n,).
/// Throws io_error where the file cannot be read or memory is short; format_error where it is no IDX file, has other
/// elements or another number of dimensions, is damaged, or holds more or less than its header says. O(n).
[[nodiscard]] xt::xtensor<std::uint8_t, 1> read_idx_labels(const std::filesystem::path& path);

/// Reads n grey images, 0 to 255, from an IDX file of bytes with three dimensions into an array of shape
/// (n, height, width). Throws what read_idx_labels throws; format_error where the height or the width is 0. O(size).
[[nodiscard]] xt::xtensor<std::uint8_t, 3> read_idx_images(const std::filesystem::path& path);

namespace detail
{

/// The content of an IDX file, plain or inflated while it is read.
class idx_content
{
public:
    idx_content(const byte_source& file, const std::string& path)
        : file_(file), path_(path), is_gzip_(is_gzip(file)), gzip_(file, path)
    {
    }

    /// Fills `to` as far as the content goes and returns how many bytes that were.
    std::size_t read(std::span<std::byte> to)
    {
        if (is_gzip_)
            return gzip_.read(to);
        const std::size_t count = std::min(to.size(), file_.size() - position_);
        file_.read_at(position_, to.first(count));
        position_ += count;
        return count;
    }

    /// How many bytes the content can have at most: no array is made that a file of this size cannot fill.
    [[nodiscard]] std::uint64_t most_bytes() const noexcept
    {
        constexpr std::uint64_t largest_ratio = 1032;  // of inflated to deflated bytes
        return is_gzip_ ? largest_ratio * file_.size() : file_.size();
    }

    /// Throws format_error at the place in the file that has been reached.
    [[noreturn]] void fail(const std::string& problem) const
    {
        throw format_error(path_, is_gzip_ ? gzip_.offset() : position_, problem);
    }

private:
    byte_source file_;
    const std::string& path_;
    bool is_gzip_;
    gzip_reader gzip_;
    std::size_t position_ = 0;
};

/// The name of the type of elements that has the code `code` in IDX files; nullptr if there is none.
[[nodiscard]] constexpr const char* idx_type_name(std::uint8_t code) noexcept
{
    switch (code)
    {
    case 0x08:
        return "unsigned byte";
    case 0x09:
        return "signed byte";
    case 0x0b:
        return "16-bit integer";
    case 0x0c:
        return "32-bit integer";
    case 0x0d:
        return "float";
    case 0x0e:
        return "double";
    default:
        return nullptr;
    }
}

/// Reads the four bytes that an IDX file of unsigned bytes with N dimensions begins with.
template <std::size_t N>
void read_idx_magic(idx_content& content)
{
    std::array<std::byte, 4> magic = {};
    if (content.read(magic) < magic.size())
        content.fail("the file ends within the header of an IDX file; copy it again");
    const auto type = std::to_integer<std::uint8_t>(magic[2]);
    const char* const type_name = idx_type_name(type);
    if (magic[0] != std::byte{0} || magic[1] != std::byte{0} || type_name == nullptr)
        content.fail("the file does not begin as an IDX file does: two bytes of 0, the code of a type, the number of "
                     "dimensions");
    if (type != 0x08)
        content.fail(std::string("the elements are of the type ") + type_name +
                     "; only those of the type unsigned byte (0x08) are read");
    if (std::to_integer<std::size_t>(magic[3]) != N)
        content.fail("the array has " + std::to_string(std::to_integer<int>(magic[3])) + " dimensions, not " +
                     std::to_string(N) + ": labels have 1, images 3");
}

/// Reads an IDX file of unsigned bytes with N dimensions.
template <std::size_t N>
[[nodiscard]] xt::xtensor<std::uint8_t, N> read_idx(const std::filesystem::path& path)
{
    const std::string name = path.string();
    const input_file file(path);
    idx_content content(file, name);
    read_idx_magic<N>(content);
    std::array<std::size_t, N> shape = {};
    std::uint64_t size = 1;
    std::uint64_t addressable = 1;  // the product with extents of 0 counted as 1: strides have to be right as well
    for (std::size_t& extent : shape)
    {
        std::array<std::byte, 4> bytes = {};
        if (content.read(bytes) < bytes.size())
            content.fail("the file ends within the header of an IDX file; copy it again");
        for (const std::byte byte : bytes)
            extent = extent << 8 | std::to_integer<std::size_t>(byte);
        if (extent == 0 && &extent != &shape.front())
            content.fail("the header promises images without pixels, an extent of them being 0; copy it again");
        if (extent > std::numeric_limits<std::ptrdiff_t>::max() / addressable)
            content.fail("the header promises more elements than any machine can hold; the file is damaged");
        addressable *= std::max<std::uint64_t>(extent, 1);
        size *= extent;
    }
    if (size > content.most_bytes())
        content.fail("the header promises " + std::to_string(size) +
                     " bytes, more than the file can hold; copy it again");
    try
    {
        xt::xtensor<std::uint8_t, N> result(shape);
        const std::size_t count = content.read(std::as_writable_bytes(std::span(result.data(), result.size())));
        if (count < size)
            content.fail("the header promises " + std::to_string(size) + " bytes, but the file holds " +
                         std::to_string(count) + "; copy it again");
        std::array<std::byte, 1> more = {};
        if (content.read(more) != 0)
            content.fail("the file holds more than the " + std::to_string(size) + " bytes that its header promises");
        return result;
    }
    catch (const std::bad_alloc&)
    {
        throw io_error(name, "no memory for the " + std::to_string(size) + " bytes of the array");
    }
}

}  // namespace detail

inline xt::xtensor<std::uint8_t, 1> read_idx_labels(const std::filesystem::path& path)
{
    return detail::read_idx<1>(path);
}

inline xt::xtensor<std::uint8_t, 3> read_idx_images(const std::filesystem::path& path)
{
    return detail::read_idx<3>(path);
}

}  // namespace labelerrors::io

#endif
