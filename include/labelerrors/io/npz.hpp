#ifndef LABELERRORS_IO_NPZ_HPP
#define LABELERRORS_IO_NPZ_HPP

#include <labelerrors/error.hpp>
#include <labelerrors/io/byte_source.hpp>
#include <labelerrors/io/element_type.hpp>
#include <labelerrors/io/in_quotes.hpp>
#include <labelerrors/io/npy_header.hpp>

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace labelerrors::io
{

/// One file in a .npz, which is a zip archive of .npy files, as the archive's central directory describes it.
struct npz_member
{
    std::string name;                   // with its ending: "labels.npy"
    std::uint16_t flags = 0;            // bit 0: encrypted; bit 3: sizes stand after the data
    std::uint16_t method = 0;           // 0: stored as it is; 8: deflated
    std::uint32_t crc = 0;              // CRC-32 of the content
    std::uint64_t compressed_size = 0;  // in bytes
    std::uint64_t size = 0;             // of the content, in bytes
    std::uint64_t offset = 0;           // where in the archive the member's own header begins
    std::uint64_t limit = 0;            // where the next member, or the directory, begins
};

/// Whether `file` begins as a zip archive does.
[[nodiscard]] inline bool is_npz(const byte_source& file)
{
    std::array<std::byte, 4> start = {};
    if (file.size() < start.size())
        return false;
    file.read_at(0, start);
    return start[0] == std::byte{'P'} && start[1] == std::byte{'K'} &&
           (start[2] == std::byte{3} || start[2] == std::byte{5});
}

/// The members of the archive `file` in the order of its directory; zip64 is understood. Up to 65,535 bytes behind the
/// archive, a comment or what was appended to it, mean nothing.
/// Throws format_error where the archive is cut short, spans several disks, or its directory contradicts itself or
/// names places outside the file. O(members log members).
[[nodiscard]] std::vector<npz_member> list_npz(const byte_source& file, const std::string& path);

namespace detail
{

/// Reads the numbers of a zip archive, all of them little-endian, and refuses to read past its end.
struct zip_reader
{
    byte_source file;
    const std::string& path;
    // The page of the file that numbers were last read from: most of them stand close together.
    mutable std::vector<std::byte> page = {};
    mutable std::size_t page_offset = 0;

    template <std::unsigned_integral U>
    [[nodiscard]] U at(std::uint64_t offset) const
    {
        require(offset, sizeof(U));
        std::array<std::byte, sizeof(U)> bytes;
        read(static_cast<std::size_t>(offset), bytes);
        return load<U>(bytes.data(), byte_order::little);
    }

    /// `size` bytes as text.
    [[nodiscard]] std::string text(std::uint64_t offset, std::size_t size) const
    {
        require(offset, size);
        std::string bytes(size, '\0');
        read(static_cast<std::size_t>(offset), std::as_writable_bytes(std::span(bytes)));
        return bytes;
    }

    /// Copies bytes that exist.
    void read(std::size_t offset, std::span<std::byte> to) const
    {
        constexpr std::size_t page_size = 4096;
        const std::size_t first = offset / page_size * page_size;
        if (file.is_in_memory() || offset + to.size() > first + page_size)
            return file.read_at(offset, to);
        if (page.empty() || page_offset != first)
        {
            page.clear();  // nothing is remembered where reading fails
            std::vector<std::byte> fresh(std::min(page_size, file.size() - first));
            file.read_at(first, fresh);
            page = std::move(fresh);
            page_offset = first;
        }
        std::copy_n(page.begin() + static_cast<std::ptrdiff_t>(offset - first), to.size(), to.begin());
    }

    void require(std::uint64_t offset, std::uint64_t size) const
    {
        if (offset > file.size() || size > file.size() - offset)
            fail(std::min<std::uint64_t>(offset, file.size()), "the archive's records point outside the file");
    }

    [[noreturn]] void fail(std::uint64_t offset, const std::string& problem) const
    {
        throw format_error(path, offset, problem + "; the archive is damaged or cut short: copy or save it again");
    }
};

/// Where the central directory of a zip archive lies.
struct zip_directory
{
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
    std::uint64_t num_members = 0;
};

constexpr std::uint64_t local_header_size = 30;
constexpr std::uint64_t directory_entry_size = 46;

/// Finds the record at the end of the archive: the last one whose comment ends with the file, or else, where bytes were
/// appended to the archive, the last one whose comment fits in the file.
[[nodiscard]] inline std::uint64_t find_end_record(const zip_reader& zip)
{
    constexpr std::uint64_t record_size = 22;
    constexpr std::uint64_t longest_comment = 65535;
    const std::uint64_t size = zip.file.size();
    std::optional<std::uint64_t> before_more;
    std::string cut_comment;
    for (std::uint64_t behind = 0; behind <= longest_comment && behind + record_size <= size; ++behind)
    {
        const std::uint64_t offset = size - record_size - behind;
        if (zip.at<std::uint32_t>(offset) != 0x06054b50)
            continue;
        const auto comment = zip.at<std::uint16_t>(offset + 20);
        if (comment == behind)
            return offset;
        if (comment < behind && !before_more)
            before_more = offset;
        if (comment > behind)
            cut_comment = ", but one whose comment should have " + std::to_string(comment) + " bytes and has " +
                          std::to_string(behind);
    }
    if (before_more)
        return *before_more;
    zip.fail(size, "the file begins as a zip archive but has no whole end record among its last " +
                       std::to_string(std::min(size, record_size + longest_comment)) + " bytes" + cut_comment);
}

/// Finds the central directory, and makes sure that it fills the space up to the end record.
[[nodiscard]] inline zip_directory find_directory(const zip_reader& zip)
{
    std::uint64_t end = find_end_record(zip);
    zip_directory directory{.offset = zip.at<std::uint32_t>(end + 16),
                            .size = zip.at<std::uint32_t>(end + 12),
                            .num_members = zip.at<std::uint16_t>(end + 10)};
    if (zip.at<std::uint16_t>(end + 4) != 0 && zip.at<std::uint16_t>(end + 4) != 0xffff)
        zip.fail(end, "the archive is one of several parts, which are not read");
    constexpr std::uint64_t locator_size = 20;
    if (end >= locator_size && zip.at<std::uint32_t>(end - locator_size) == 0x07064b50)
    {
        const auto record = zip.at<std::uint64_t>(end - locator_size + 8);
        if (record > end - locator_size || zip.at<std::uint32_t>(record) != 0x06064b50)
            zip.fail(end - locator_size, "the zip64 end record is not where it should be");
        directory = {.offset = zip.at<std::uint64_t>(record + 48),
                     .size = zip.at<std::uint64_t>(record + 40),
                     .num_members = zip.at<std::uint64_t>(record + 32)};
        end = record;
    }
    if (directory.offset > end || directory.size != end - directory.offset)
        zip.fail(end, "the directory, " + std::to_string(directory.size) + " bytes at " +
                          std::to_string(directory.offset) + ", does not end where its end record begins");
    if (directory.num_members > directory.size / directory_entry_size)
        zip.fail(end, "the archive promises more members than its directory has room for");
    return directory;
}

/// Replaces the sizes and the offset that do not fit in 32 bits by those in the entry's zip64 field.
inline void apply_zip64(const zip_reader& zip, npz_member& member, std::uint64_t extra, std::uint64_t extra_size)
{
    const std::uint64_t end = extra + extra_size;
    while (end - extra >= 4)
    {
        const auto id = zip.at<std::uint16_t>(extra);
        const std::uint64_t field_end = extra + 4 + zip.at<std::uint16_t>(extra + 2);
        if (field_end > end)
            zip.fail(extra, "an extra field reaches beyond its entry");
        std::uint64_t position = extra + 4;
        for (std::uint64_t* const number : {&member.size, &member.compressed_size, &member.offset})
            if (id == 1 && *number == 0xffffffff)
            {
                if (position + 8 > field_end)
                    zip.fail(extra, "a zip64 field is too short");
                *number = zip.at<std::uint64_t>(position);
                position += 8;
            }
        extra = field_end;
    }
}

/// Throws the error for a member that reaches further than it may.
[[noreturn]] inline void refuse_overlap(const zip_reader& zip, const npz_member& member)
{
    zip.fail(std::min<std::uint64_t>(member.offset, zip.file.size()),
             "the member " + in_quotes(member.name) + " overlaps the next one or the directory");
}

/// Finds where each member must end, so that no two share bytes and all lie before the directory, and refuses those
/// that do not by what the directory says of them. The extra fields of their own headers are left to whoever reads
/// those.
inline void set_limits(const zip_reader& zip, std::span<npz_member> members, std::uint64_t directory)
{
    std::vector<npz_member*> sorted(members.size());
    std::transform(members.begin(), members.end(), sorted.begin(), [](npz_member& member) { return &member; });
    std::sort(sorted.begin(), sorted.end(), [](auto* a, auto* b) { return a->offset < b->offset; });
    for (std::size_t i = 0; i < sorted.size(); ++i)
    {
        npz_member& member = *sorted[i];
        member.limit = i + 1 < sorted.size() ? sorted[i + 1]->offset : directory;
        const std::uint64_t header = local_header_size + member.name.size();
        if (member.offset > member.limit || header > member.limit - member.offset ||
            member.compressed_size > member.limit - member.offset - header)
            refuse_overlap(zip, member);
    }
}

}  // namespace detail

inline std::vector<npz_member> list_npz(const byte_source& file, const std::string& path)
{
    const detail::zip_reader zip{file, path};
    const detail::zip_directory directory = detail::find_directory(zip);
    const std::uint64_t end = directory.offset + directory.size;
    std::vector<npz_member> members(static_cast<std::size_t>(directory.num_members));
    std::uint64_t entry = directory.offset;
    for (npz_member& member : members)
    {
        if (end - entry < detail::directory_entry_size || zip.at<std::uint32_t>(entry) != 0x02014b50)
            zip.fail(entry, "the directory lacks an entry that it should have here");
        const std::uint64_t name = entry + detail::directory_entry_size;
        const auto name_size = zip.at<std::uint16_t>(entry + 28);
        const auto extra_size = zip.at<std::uint16_t>(entry + 30);
        const std::uint64_t next = name + name_size + extra_size + zip.at<std::uint16_t>(entry + 32);
        if (next > end)
            zip.fail(entry, "an entry of the directory reaches beyond its end");
        member = {.name = zip.text(name, name_size),
                  .flags = zip.at<std::uint16_t>(entry + 8),
                  .method = zip.at<std::uint16_t>(entry + 10),
                  .crc = zip.at<std::uint32_t>(entry + 16),
                  .compressed_size = zip.at<std::uint32_t>(entry + 20),
                  .size = zip.at<std::uint32_t>(entry + 24),
                  .offset = zip.at<std::uint32_t>(entry + 42)};
        detail::apply_zip64(zip, member, name + name_size, extra_size);
        entry = next;
    }
    if (entry != end)
        zip.fail(entry,
                 "the directory goes on after the " + std::to_string(members.size()) + " members that it promises");
    detail::set_limits(zip, members, directory.offset);
    return members;
}

}  // namespace labelerrors::io

#endif
