#ifndef LABELERRORS_IO_NPY_ARRAY_HPP
#define LABELERRORS_IO_NPY_ARRAY_HPP

#include <labelerrors/error.hpp>
#include <labelerrors/io/byte_source.hpp>
#include <labelerrors/io/csv.hpp>
#include <labelerrors/io/in_quotes.hpp>
#include <labelerrors/io/input_file.hpp>
#include <labelerrors/io/npy_header.hpp>
#include <labelerrors/io/npz.hpp>
#include <labelerrors/io/parse_npy_header.hpp>
#include <labelerrors/io/read_npz.hpp>
#include <labelerrors/rows/large_vector.hpp>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace labelerrors::io
{

/// An opened array: its header and its elements as they are stored, in memory or in a file. Copies share the elements.
class npy_array
{
public:
    /// `stored` are the elements, exactly as many bytes as `header` says, kept alive by `owner`; `path` names them in
    /// messages.
    npy_array(npy_header header, const byte_source& stored, std::shared_ptr<const void> owner, std::string path)
        : header_(std::move(header)), stored_(stored), owner_(std::move(owner)), path_(std::move(path))
    {
    }

    [[nodiscard]] const npy_header& header() const noexcept
    {
        return header_;
    }

    /// The elements in stored order and byte order, not necessarily aligned. Valid as long as this array or a copy.
    [[nodiscard]] const byte_source& stored() const noexcept
    {
        return stored_;
    }

    /// What it was opened by: "FILE.npy", "FILE.npz:NAME".
    [[nodiscard]] const std::string& path() const noexcept
    {
        return path_;
    }

private:
    npy_header header_;
    byte_source stored_;
    std::shared_ptr<const void> owner_;
    std::string path_;
};

/// Opens `FILE.npy`, or `FILE.npz:NAME` where NAME may leave out its .npy, or `FILE.npz` if that has one member. What a
/// file is, its first bytes decide, not its name. Elements of a large file are not read unless they are compressed.
/// Throws io_error where the file cannot be read; format_error where it is no .npy or .npz, is damaged, holds elements
/// other than numbers, or has no member of that name (the message lists those that there are).
/// O(header) for a .npy, O(size of the member) for a .npz, whose check sum is compared.
[[nodiscard]] npy_array open_npy(const std::filesystem::path& path);

/// Opens what open_npy opens and `FILE.csv`, a table of numbers that becomes an array of shape (lines, fields) of f8.
/// Throws what open_npy and read_csv throw.
[[nodiscard]] npy_array open_array(const std::filesystem::path& path);

/// Whether the name of a file says that it is a .csv. A member of an archive, FILE.npz:NAME, is none whatever its name.
[[nodiscard]] bool is_csv(const std::filesystem::path& path);

namespace detail
{

/// A file, and the name of a member if the file is an archive.
struct array_location
{
    std::filesystem::path file;
    std::string member;  // empty: none is named
};

/// Splits FILE.npz:NAME at the colon, unless a file has the whole for its name. A member's name may hold ".npz:" too:
/// what stands before the first such colon and is a file, is the archive; before the last, where there is no such file.
[[nodiscard]] inline array_location locate_array(const std::filesystem::path& path)
{
    constexpr std::string_view separator = ".npz:";
    const std::string text = path.string();
    array_location location{path, ""};
    std::error_code ignored;
    if (std::filesystem::exists(path, ignored))
        return location;
    for (auto at = text.find(separator); at != std::string::npos; at = text.find(separator, at + 1))
    {
        const std::size_t colon = at + separator.size() - 1;
        location = {text.substr(0, colon), text.substr(colon + 1)};
        const auto status = std::filesystem::status(location.file, ignored);
        if (std::filesystem::exists(status) && !std::filesystem::is_directory(status))
            return location;
    }
    return location;
}

/// The names of the first few members, for a message.
[[nodiscard]] inline std::string member_list(std::span<const npz_member> members)
{
    constexpr std::size_t most = 10;
    std::string list;
    for (std::size_t i = 0; i < std::min(most, members.size()); ++i)
        list += (i == 0 ? "" : ", ") + in_quotes(members[i].name);
    return list + (members.size() > most ? ", ... (" + std::to_string(members.size()) + " in all)" : "");
}

/// The member with that name, with or without its .npy; the only one if no name is given.
[[nodiscard]] inline const npz_member& find_member(std::span<const npz_member> members, const std::string& name,
                                                   const std::string& path)
{
    if (members.empty())
        throw format_error(path, 0, "the archive has no members; save the array again");
    if (name.empty() && members.size() == 1)
        return members.front();
    if (name.empty())
        throw format_error(path, 0,
                           "the archive has several members, name one as FILE.npz:NAME: " + member_list(members));
    for (const std::string& wanted : {name, name + ".npy"})
    {
        // Of two members with one name the later replaces the earlier, as for Python.
        const auto found = std::find_if(members.rbegin(), members.rend(),
                                        [&](const npz_member& member) { return member.name == wanted; });
        if (found != members.rend())
            return *found;
    }
    throw format_error(path, 0, "the archive has no member " + in_quotes(name) + "; it has " + member_list(members));
}

/// What messages call a member of the archive `file`: FILE.npz:NAME, the name in quotes if it has odd characters.
[[nodiscard]] inline std::string member_path(const std::string& file, const std::string& name)
{
    const std::string quoted = in_quotes(name);
    return file + ":" + (quoted == "'" + name + "'" ? name : quoted);
}

/// A whole file, or a whole member of an archive, of any format.
struct stored_file
{
    byte_source bytes;
    std::shared_ptr<const void> owner;  // keeps the bytes alive
    std::string path;                   // what messages call it: "FILE.npy", "FILE.npz:NAME"
};

/// Opens FILE, the member FILE.npz:NAME, or FILE.npz if that has one member. The file is opened once, so that it may be
/// a pipe. Throws what open_npy throws, but looks at no header.
[[nodiscard]] inline stored_file open_stored(const std::filesystem::path& path)
{
    const array_location location = locate_array(path);
    const std::string name = location.file.string();
    const auto file = std::make_shared<const input_file>(location.file);
    if (!is_npz(*file))
    {
        if (!location.member.empty())
            throw format_error(name, 0,
                               "the file is no .npz archive, so it has no member " + in_quotes(location.member));
        return {*file, file, name};
    }
    const std::vector<npz_member> members = list_npz(*file, name);
    const npz_member& member = find_member(members, location.member, name);
    const npz_content content = read_npz(*file, member, name);
    const std::string full_name = member_path(name, member.name);
    if (content.inflated != nullptr)
        return {content.bytes, content.inflated, full_name};
    return {content.bytes, file, full_name};
}

/// `file` with all of its bytes in memory.
[[nodiscard]] inline stored_file in_memory(stored_file file)
{
    if (file.bytes.is_in_memory())
        return file;
    return with_memory_for(file.path,
                           [&]() -> stored_file
                           {
                               const auto content = std::make_shared<large_vector<std::byte>>(file.bytes.size());
                               file.bytes.read_at(0, *content);
                               return {*content, content, file.path};
                           });
}

/// The array in `file`, a whole .npy file.
[[nodiscard]] inline npy_array make_array(const byte_source& file, std::shared_ptr<const void> owner,
                                          const std::string& path)
{
    npy_header header = parse_npy_header(file, path);
    const auto elements = file.part(header.data_offset, num_bytes(header));
    return {std::move(header), elements, std::move(owner), path};
}

}  // namespace detail

inline bool is_csv(const std::filesystem::path& path)
{
    const std::string ending = detail::locate_array(path).file.extension().string();
    return ending == ".csv" || ending == ".CSV";
}

inline npy_array open_npy(const std::filesystem::path& path)
{
    const detail::stored_file file = detail::open_stored(path);
    return detail::make_array(file.bytes, file.owner, file.path);
}

inline npy_array open_array(const std::filesystem::path& path)
{
    if (!is_csv(path))
        return open_npy(path);
    const auto table = std::make_shared<const xt::xtensor<double, 2>>(read_csv(path));
    return {npy_header{.shape = {table->shape()[0], table->shape()[1]}},
            std::as_bytes(std::span(table->data(), table->size())), table, path.string()};
}

}  // namespace labelerrors::io

#endif
