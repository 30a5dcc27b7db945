#ifndef LABELERRORS_TESTS_IO_STORED_BYTES_HPP
#define LABELERRORS_TESTS_IO_STORED_BYTES_HPP

#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace tests
{

using namespace std::string_literals;

/// `value` in `size` bytes, the lowest first.
[[nodiscard]] inline std::string little(std::uint64_t value, std::size_t size)
{
    std::string bytes;
    for (std::size_t i = 0; i < size; ++i)
        bytes += i < 8 ? static_cast<char>(value >> (8 * i) & 0xff) : '\0';
    return bytes;
}

/// The same, the highest first.
[[nodiscard]] inline std::string big(std::uint64_t value, std::size_t size)
{
    const std::string bytes = little(value, size);
    return {bytes.rbegin(), bytes.rend()};
}

/// A .npy file with any dictionary, unpadded, followed by `data`.
[[nodiscard]] inline std::string npy(std::string_view dictionary, std::string_view data = "", int version = 1)
{
    return "\x93NUMPY"s + static_cast<char>(version) + '\0' + little(dictionary.size(), version == 1 ? 2 : 4) +
           std::string(dictionary) + std::string(data);
}

/// A .npy file in C order with the type and shape as Python writes them.
[[nodiscard]] inline std::string npy_of(std::string_view descr, std::string_view shape, std::string_view data)
{
    return npy("{'descr': '" + std::string(descr) + "', 'fortran_order': False, 'shape': " + std::string(shape) +
                   ", }\n",
               data);
}

[[nodiscard]] inline std::span<const std::byte> bytes_of(std::string_view text)
{
    return std::as_bytes(std::span(text.data(), text.size()));
}

/// `content` in zlib's format without its frame, as zip archives have it.
[[nodiscard]] inline std::string deflated(std::string_view content)
{
    z_stream stream = {};
    if (deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::runtime_error("zlib does not start");
    std::string out(deflateBound(&stream, content.size()), '\0');
    std::string in(content);
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int status = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    if (status != Z_STREAM_END)
        throw std::runtime_error("zlib does not finish");
    return out;
}

/// A member of a zip archive, field by field, so that a test can make any of them wrong.
struct zip_member
{
    std::string name;
    std::string data;  // as it lies in the archive
    std::uint32_t crc = 0;
    std::uint64_t size = 0;  // of the content
    std::uint16_t method = 0;
    std::uint16_t flags = 0;
    std::uint64_t moved_by = 0;     // added to the offset that the directory states
    std::string local_name = name;  // in the member's own header
    std::string local_extra = "";   // likewise
    std::string local_sizes = little(crc, 4) + little(data.size(), 4) + little(size, 4);
    std::uint64_t compressed_size = data.size();  // that the directory states
};

[[nodiscard]] inline std::uint32_t crc_of(std::string_view content)
{
    return static_cast<std::uint32_t>(
        crc32(0, reinterpret_cast<const Bytef*>(content.data()), static_cast<uInt>(content.size())));
}

[[nodiscard]] inline zip_member stored(std::string name, std::string_view content)
{
    return {.name = std::move(name), .data = std::string(content), .crc = crc_of(content), .size = content.size()};
}

[[nodiscard]] inline zip_member compressed(std::string name, std::string_view content)
{
    return {.name = std::move(name),
            .data = deflated(content),
            .crc = crc_of(content),
            .size = content.size(),
            .method = 8};
}

enum class zip_kind
{
    plain,
    zip64
};

/// A zip archive of those members; as zip64 with every size and offset in 64 bits.
[[nodiscard]] inline std::string zip(const std::vector<zip_member>& members, zip_kind kind = zip_kind::plain,
                                     std::string_view comment = "")
{
    std::string out;
    std::string directory;
    for (const zip_member& member : members)
    {
        const std::uint64_t offset = out.size() + member.moved_by;
        const std::string start = little(member.flags, 2) + little(member.method, 2) + little(0, 4);
        out += "PK\3\4" + little(20, 2) + start + member.local_sizes + little(member.local_name.size(), 2) +
               little(member.local_extra.size(), 2) + member.local_name + member.local_extra + member.data;
        std::string extra;
        std::string sizes = little(member.compressed_size, 4) + little(member.size, 4);
        std::string place = little(offset, 4);
        if (kind == zip_kind::zip64)
        {
            extra = little(9, 2) + little(2, 2) + "ab" + little(1, 2) + little(24, 2) + little(member.size, 8) +
                    little(member.compressed_size, 8) + little(offset, 8);
            sizes.assign(8, '\xff');
            place.assign(4, '\xff');
        }
        directory += "PK\1\2" + little(20, 2) + little(20, 2) + start + little(member.crc, 4) + sizes +
                     little(member.name.size(), 2) + little(extra.size(), 2) + little(0, 10) + place + member.name +
                     extra;
    }
    const std::uint64_t begin = out.size();
    out += directory;
    if (kind == zip_kind::zip64)
    {
        const std::uint64_t record = out.size();
        out += "PK\6\6" + little(44, 8) + little(45, 2) + little(45, 2) + little(0, 8) + little(members.size(), 8) +
               little(members.size(), 8) + little(directory.size(), 8) + little(begin, 8);
        out += "PK\6\7" + little(0, 4) + little(record, 8) + little(1, 4);
        out += "PK\5\6" + little(0, 4) + std::string(12, '\xff') + little(comment.size(), 2);
    }
    else
        out += "PK\5\6" + little(0, 4) + little(members.size(), 2) + little(members.size(), 2) +
               little(directory.size(), 4) + little(begin, 4) + little(comment.size(), 2);
    return out + std::string(comment);
}

}  // namespace tests

#endif
