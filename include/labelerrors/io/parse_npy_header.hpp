#ifndef LABELERRORS_IO_PARSE_NPY_HEADER_HPP
#define LABELERRORS_IO_PARSE_NPY_HEADER_HPP

#include <labelerrors/error.hpp>
#include <labelerrors/io/byte_source.hpp>
#include <labelerrors/io/npy_dictionary.hpp>
#include <labelerrors/io/npy_header.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace labelerrors::io
{

/// Reads the header at the beginning of `file`, a whole .npy file, and no more of it; `path` names it in messages.
/// The dictionary may have its keys in any order, either kind of quotes and any space between its parts, but must have
/// exactly the three keys that the format knows; an element type may have any name that numpy takes. Bytes after the
/// data are no error, as they are none for numpy.
/// Throws format_error where the file is no .npy, is cut short, promises more data than it holds, has a dictionary of
/// more than 1 MB, which no array needs, or elements other than numbers: objects, text, dates, complex numbers,
/// records. O(length of the header).
[[nodiscard]] npy_header parse_npy_header(const byte_source& file, const std::string& path);

namespace detail
{

/// Whether all of `start` are characters of a text in ASCII.
[[nodiscard]] inline bool is_like_text(std::string_view start) noexcept
{
    return std::all_of(start.begin(), start.end(),
                       [](char c) { return (c >= ' ' && c <= '~') || c == '\t' || c == '\r' || c == '\n'; });
}

/// Refuses a file that does not begin as .npy files do, which `text` is the beginning of, saying what it seems to be.
inline void require_npy_magic(std::string_view text, const std::string& path)
{
    if (text.empty())
        throw format_error(path, 0, "the file is empty; a .npy file begins with a header");
    const std::string_view start = text.substr(0, npy_magic.size());
    if (start == npy_magic.substr(0, start.size()))
        return;
    const char* likeness = "; save the array with numpy.save";
    if (start.front() == '\x80')
        likeness = ", but like a pickle; sets of labels are read by read_label_sets (the program: find, score and "
                   "report with --multi-label), all "
                   "else must be saved with numpy.save";
    else if (start.substr(0, 2) == "\x1f\x8b")
        likeness = ", but like a file compressed with gzip; decompress it first";
    else if (text.substr(0, 19) == "version https://git")
        likeness = ", but is what Git LFS leaves in the place of a large file; fetch that with git lfs pull";
    // A list, or an array, in the protocols before 2.
    else if (text.starts_with("(l") || text.starts_with("]q") || text.starts_with("cnumpy"))
        likeness = ", but like a pickle of protocol 0 or 1; save it with protocol 4, or an array with numpy.save";
    else if (start.front() == '[' || start.front() == '{')
        likeness =
            ", but like JSON; read it in Python and save an array with numpy.save, or sets of labels with pickle.dump";
    else if (is_like_text(text))
        likeness = "; save the array with numpy.save, or a table of numbers in a file whose name ends in .csv";
    throw format_error(path, 0, std::string("the file does not begin as a .npy file does") + likeness);
}

/// Where in a .npy the dictionary of its header stands.
struct npy_dictionary_place
{
    npy_version version = npy_version::v1;
    std::size_t begin = 0;
    std::size_t size = 0;
};

/// Finds the dictionary of the header of the .npy file `file`.
[[nodiscard]] inline npy_dictionary_place find_npy_dictionary(const byte_source& file, const std::string& path)
{
    // As much as tells what a file is that is no .npy.
    constexpr std::size_t most_start = 32;
    std::vector<std::byte> start_buffer;
    const auto start = file.at(0, std::min(file.size(), most_start), start_buffer);
    require_npy_magic(as_text(start), path);
    const auto cut_short = [&](std::uint64_t needed)
    {
        return format_error(path, file.size(),
                            "the file ends within the header: " + std::to_string(file.size()) + " bytes of " +
                                std::to_string(needed) + "; copy or save it again");
    };
    const std::size_t version_offset = npy_magic.size();
    if (file.size() < version_offset + 2)
        throw cut_short(version_offset + 2);
    const auto major = std::to_integer<int>(start[version_offset]);
    const auto minor = std::to_integer<int>(start[version_offset + 1]);
    if (major < 1 || major > 3 || minor != 0)
        throw format_error(
            path, version_offset,
            "the file has version " + std::to_string(major) + "." + std::to_string(minor) +
                " of the format; the versions read are 1.0, 2.0 and 3.0, save the array again with numpy.save");
    npy_dictionary_place place{.version = static_cast<npy_version>(major)};
    place.begin = dictionary_offset(place.version);
    if (file.size() < place.begin)
        throw cut_short(place.begin);
    std::uint64_t length = 0;
    for (std::size_t i = place.begin; i > version_offset + 2; --i)
        length = length << 8 | std::to_integer<std::uint64_t>(start[i - 1]);
    if (length > file.size() - place.begin)
        throw cut_short(place.begin + length);
    constexpr std::uint64_t longest = std::uint64_t{1} << 20;
    if (length > longest)
        throw format_error(path, version_offset + 2,
                           "the header claims to have " + std::to_string(length) +
                               " bytes, more than any array needs; the file is damaged");
    place.size = static_cast<std::size_t>(length);
    return place;
}

}  // namespace detail

inline npy_header parse_npy_header(const byte_source& file, const std::string& path)
{
    const detail::npy_dictionary_place place = detail::find_npy_dictionary(file, path);
    npy_header header{.version = place.version, .data_offset = place.begin + place.size};
    std::vector<std::byte> buffer;
    const auto dictionary = file.at(place.begin, place.size, buffer);
    detail::npy_dictionary_parser(detail::as_text(dictionary), path, header).parse();
    detail::require_addressable(header, path);
    const std::size_t held = file.size() - header.data_offset;
    if (num_bytes(header) > held)
        throw format_error(path, file.size(),
                           "the header promises " + std::to_string(num_bytes(header)) + " bytes of data (shape " +
                               shape_text(header.shape) + " of " + dtype_text(header) + "), but the file holds " +
                               std::to_string(held) + "; copy or save it again");
    return header;
}

}  // namespace labelerrors::io

#endif
