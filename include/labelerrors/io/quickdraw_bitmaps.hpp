#ifndef LABELERRORS_IO_QUICKDRAW_BITMAPS_HPP
#define LABELERRORS_IO_QUICKDRAW_BITMAPS_HPP

#include <labelerrors/error.hpp>
#include <labelerrors/io/in_quotes.hpp>
#include <labelerrors/io/input_file.hpp>
#include <labelerrors/io/npy_header.hpp>
#include <labelerrors/io/parse_npy_header.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <system_error>
#include <vector>

namespace labelerrors::io
{

/// How the drawings of QuickDraw are spread over the files of its numpy bitmaps, one for each class. Examples are
/// numbered through all files, in the order of the classes.
struct quickdraw_files
{
    std::vector<std::string> names = {};   // (k,): "aircraft carrier.npy", ..., sorted byte by byte: the classes' order
    std::vector<std::size_t> first = {0};  // (k + 1): the number of the first drawing of each file, and of all

    /// The number of drawings of class `label`, which must be below names.size().
    [[nodiscard]] std::size_t count(std::size_t label) const noexcept
    {
        return first[label + 1] - first[label];
    }

    /// The number of drawings of all classes.
    [[nodiscard]] std::size_t size() const noexcept
    {
        return first.back();
    }
};

/// Where a drawing is: in the file of its class, and there in which row.
struct quickdraw_place
{
    std::size_t label = 0;
    std::size_t row = 0;

    bool operator==(const quickdraw_place&) const = default;
};

/// Lists the bitmap files `<class>.npy` of `dir` with the number of drawings in each, from the headers alone. They are
/// in the order of the class numbers: sorted by file name, extension included, so that `baseball bat.npy` comes before
/// `baseball.npy`.
/// Throws io_error where the directory or a file cannot be read, or there is none; format_error where one is no array
/// of bytes of shape (n, 784). O(files).
[[nodiscard]] quickdraw_files quickdraw_counts(const std::filesystem::path& dir);

/// The file and row of the drawing with the number `index`. Throws value_error where there are not so many.
/// O(log files).
[[nodiscard]] quickdraw_place quickdraw_location(const quickdraw_files& files, std::size_t index);

/// The number of the drawing at `place`: the inverse of quickdraw_location. Throws value_error where there is no such
/// class or row. O(1).
[[nodiscard]] std::size_t quickdraw_index(const quickdraw_files& files, const quickdraw_place& place);

/// Reads one drawing, 0 to 255, of shape (28, 28), from row `row` of the bitmap file `name` in `dir`, without reading
/// the others. Throws io_error and format_error as quickdraw_counts does; value_error where the file has fewer rows.
/// O(1).
[[nodiscard]] xt::xtensor<std::uint8_t, 2> read_quickdraw_bitmap(const std::filesystem::path& dir,
                                                                 const std::string& name, std::size_t row);

namespace detail
{

/// The height and width of a drawing.
inline constexpr std::size_t quickdraw_side = 28;

/// The header of a bitmap file.
[[nodiscard]] inline npy_header quickdraw_header(const input_file& file, const std::string& path)
{
    const npy_header header = parse_npy_header(file, path);
    constexpr std::size_t row_size = quickdraw_side * quickdraw_side;
    const bool is_fortran = header.order == array_order::fortran;
    if (header.element != element_type::u1 || header.shape.size() != 2 || header.shape[1] != row_size || is_fortran)
        throw format_error(path, dictionary_offset(header.version),
                           "a bitmap file of QuickDraw is an array of |u1 of shape (n, 784) in C order, this one of " +
                               dtype_text(header) + " of shape " + shape_text(header.shape) +
                               (is_fortran ? " in Fortran order" : ""));
    return header;
}

/// The names of the .npy files in `dir`, sorted byte by byte.
[[nodiscard]] inline std::vector<std::string> quickdraw_names(const std::filesystem::path& dir)
{
    std::vector<std::string> names;
    std::error_code error;
    for (std::filesystem::directory_iterator entry(dir, error);
         !error && entry != std::filesystem::directory_iterator(); entry.increment(error))
        if (entry->path().extension() == ".npy")
            names.push_back(entry->path().filename().string());
    if (error)
        throw io_error(dir.string(), "cannot be listed: " + system_reason(error.value()));
    if (names.empty())
        throw io_error(dir.string(), "has no .npy files; name the directory with QuickDraw's numpy_bitmap files");
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace detail

inline quickdraw_files quickdraw_counts(const std::filesystem::path& dir)
{
    quickdraw_files files{.names = detail::quickdraw_names(dir)};
    for (const std::string& name : files.names)
    {
        const std::filesystem::path path = dir / name;
        // Nothing but the header is wanted, of small files too.
        files.first.push_back(files.size() + detail::quickdraw_header(input_file(path, 0), path.string()).shape[0]);
    }
    return files;
}

inline quickdraw_place quickdraw_location(const quickdraw_files& files, std::size_t index)
{
    if (index >= files.size())
        throw value_error("quickdraw_location: index must be below " + std::to_string(files.size()) +
                          ", the number of drawings, but is " + std::to_string(index));
    const auto next = std::upper_bound(files.first.begin(), files.first.end(), index);
    const auto label = static_cast<std::size_t>(next - files.first.begin()) - 1;
    return {.label = label, .row = index - files.first[label]};
}

inline std::size_t quickdraw_index(const quickdraw_files& files, const quickdraw_place& place)
{
    if (place.label >= files.names.size())
        throw value_error("quickdraw_index: place.label must be below " + std::to_string(files.names.size()) +
                          ", the number of classes, but is " + std::to_string(place.label));
    if (place.row >= files.count(place.label))
        throw value_error("quickdraw_index: place.row must be below " + std::to_string(files.count(place.label)) +
                          ", the number of drawings in " + detail::in_quotes(files.names[place.label]) + ", but is " +
                          std::to_string(place.row));
    return files.first[place.label] + place.row;
}

inline xt::xtensor<std::uint8_t, 2> read_quickdraw_bitmap(const std::filesystem::path& dir, const std::string& name,
                                                          std::size_t row)
{
    const std::filesystem::path path = dir / name;
    const input_file file(path, 0);
    const npy_header header = detail::quickdraw_header(file, path.string());
    if (row >= header.shape[0])
        throw value_error("read_quickdraw_bitmap: row must be below " + std::to_string(header.shape[0]) +
                          ", the number of drawings in " + detail::in_quotes(name) + ", but is " + std::to_string(row));
    xt::xtensor<std::uint8_t, 2> bitmap(std::array{detail::quickdraw_side, detail::quickdraw_side});
    file.read_at(header.data_offset + row * bitmap.size(),
                 std::as_writable_bytes(std::span(bitmap.data(), bitmap.size())));
    return bitmap;
}

}  // namespace labelerrors::io

#endif
