#ifndef LABELERRORS_IO_READ_NPZ_HPP
#define LABELERRORS_IO_READ_NPZ_HPP

#include <labelerrors/error.hpp>
#include <labelerrors/io/byte_source.hpp>
#include <labelerrors/io/in_quotes.hpp>
#include <labelerrors/io/npz.hpp>

#include <zlib.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <new>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace labelerrors::io
{

/// The content of one member.
struct npz_content
{
    byte_source bytes;                                            // in the archive, or in `inflated`
    std::shared_ptr<const std::vector<std::byte>> inflated = {};  // null if the member is stored as it is
};

/// The content of `member`, as list_npz describes it: in place where it is stored, inflated into new memory where it is
/// deflated. Either way all of it is compared with its check sum. Memory is taken for at most what `compressed_size`
/// bytes can inflate to. Throws what input_file::read_at throws; format_error where the member is encrypted, compressed
/// by another method, overlaps its neighbours, is damaged, or its own header contradicts the directory; io_error where
/// memory is short. O(size).
[[nodiscard]] npz_content read_npz(const byte_source& file, const npz_member& member, const std::string& path);

namespace detail
{

/// The member's bytes as they lie in the archive, once its own header is found to agree with the directory.
[[nodiscard]] inline byte_source compressed_bytes(const zip_reader& zip, const npz_member& member)
{
    zip.require(member.offset, local_header_size);
    if (zip.at<std::uint32_t>(member.offset) != 0x04034b50)
        zip.fail(member.offset, "no member begins where the directory says that " + in_quotes(member.name) + " does");
    const auto name_size = zip.at<std::uint16_t>(member.offset + 26);
    const std::string name = zip.text(member.offset + local_header_size, name_size);
    const auto contradicts = [&](std::uint64_t field, std::uint32_t expected)
    {
        const auto found = zip.at<std::uint32_t>(member.offset + field);
        // Sizes in a zip64 field are all ones here; those that stand after the data are 0.
        return found != expected && found != 0xffffffff && (member.flags & 8) == 0;
    };
    if (name != member.name || zip.at<std::uint16_t>(member.offset + 8) != member.method ||
        contradicts(14, member.crc) || contradicts(18, static_cast<std::uint32_t>(member.compressed_size)) ||
        contradicts(22, static_cast<std::uint32_t>(member.size)))
        zip.fail(member.offset, "the header of the member " + in_quotes(member.name) + " contradicts the directory");
    const std::uint64_t begin =
        member.offset + local_header_size + name_size + zip.at<std::uint16_t>(member.offset + 28);
    zip.require(begin, member.compressed_size);
    if (begin + member.compressed_size > member.limit)
        refuse_overlap(zip, member);
    return zip.file.part(static_cast<std::size_t>(begin), static_cast<std::size_t>(member.compressed_size));
}

/// The check sum of all bytes.
[[nodiscard]] inline std::uint32_t crc_of(const byte_source& content)
{
    uLong crc = 0;
    std::vector<std::byte> buffer;
    for (std::size_t position = 0; position < content.size();)
    {
        const auto next = next_bytes(content, position, buffer);
        crc = ::crc32_z(crc, reinterpret_cast<const Bytef*>(next.data()), next.size());
        position += next.size();
    }
    return static_cast<std::uint32_t>(crc);
}

/// Ends an inflation when it goes out of scope.
struct inflation
{
    z_stream stream = {};

    inflation() = default;
    inflation(const inflation&) = delete;
    inflation& operator=(const inflation&) = delete;

    ~inflation()
    {
        ::inflateEnd(&stream);
    }
};

/// Inflates `from` into `to` and returns how many bytes of `to` that filled; fewer where the input is damaged or ends
/// too early, and all of them where it has more to give.
[[nodiscard]] inline std::size_t inflate_into(const byte_source& from, std::span<std::byte> to)
{
    // zlib counts in 32 bits.
    constexpr std::size_t step = std::size_t{1} << 30;
    constexpr int raw_deflate = -MAX_WBITS;
    inflation work;
    if (::inflateInit2(&work.stream, raw_deflate) != Z_OK)
        throw std::bad_alloc();
    std::size_t position = 0;
    std::size_t filled = 0;
    std::vector<std::byte> buffer;
    for (int status = Z_OK; status == Z_OK && filled < to.size();)
    {
        const auto next = next_bytes(from, position, buffer);
        const auto in = static_cast<uInt>(next.size());
        const auto out = static_cast<uInt>(std::min(to.size() - filled, step));
        // zlib does not write through next_in.
        work.stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(next.data()));
        work.stream.avail_in = in;
        work.stream.next_out = reinterpret_cast<Bytef*>(to.data() + filled);
        work.stream.avail_out = out;
        status = ::inflate(&work.stream, Z_NO_FLUSH);
        position += in - work.stream.avail_in;
        filled += out - work.stream.avail_out;
    }
    return filled;
}

/// The content of a deflated member, `member.size` bytes.
[[nodiscard]] inline std::vector<std::byte> inflate_member(const zip_reader& zip, const npz_member& member,
                                                           const byte_source& compressed)
{
    // No byte of deflated data stands for more than 1032 bytes.
    constexpr std::uint64_t largest_ratio = 1032;
    if (member.size / largest_ratio > member.compressed_size + 1)
        zip.fail(member.offset, "the member " + in_quotes(member.name) + " claims to be " +
                                    std::to_string(member.size) + " bytes, more than its " +
                                    std::to_string(member.compressed_size) + " compressed bytes can hold");
    try
    {
        // One byte more than there should be shows data that go on.
        std::vector<std::byte> content(static_cast<std::size_t>(member.size) + 1);
        const std::size_t filled = inflate_into(compressed, content);
        if (filled != member.size)
            zip.fail(member.offset, "the member " + in_quotes(member.name) + " does not inflate to the " +
                                        std::to_string(member.size) + " bytes that the directory states");
        content.pop_back();
        return content;
    }
    catch (const std::bad_alloc&)
    {
        throw io_error(zip.path, "no memory for the " + std::to_string(member.size) + " bytes of the member " +
                                     in_quotes(member.name) + "; save it as a .npy, which needs none");
    }
}

}  // namespace detail

inline npz_content read_npz(const byte_source& file, const npz_member& member, const std::string& path)
{
    const detail::zip_reader zip{file, path};
    const std::string name = "the member " + detail::in_quotes(member.name);
    if ((member.flags & 1) != 0)
        throw format_error(path, member.offset, name + " is encrypted; save it without a password");
    const bool is_stored = member.method == 0;
    if (!is_stored && member.method != 8)
        throw format_error(
            path, member.offset,
            name + " is compressed by zip method " + std::to_string(member.method) +
                "; only stored (0) and deflated (8) are read, as numpy.savez and savez_compressed write");
    if (is_stored && member.size != member.compressed_size)
        zip.fail(member.offset, name + " is stored as it is but has two different sizes");

    npz_content content{.bytes = detail::compressed_bytes(zip, member)};
    if (!is_stored)
    {
        content.inflated =
            std::make_shared<const std::vector<std::byte>>(detail::inflate_member(zip, member, content.bytes));
        content.bytes = *content.inflated;
    }
    if (detail::crc_of(content.bytes) != member.crc)
        zip.fail(member.offset, name + " does not have the check sum that the directory states");
    return content;
}

}  // namespace labelerrors::io

#endif
