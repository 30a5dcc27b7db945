#ifndef LABELERRORS_IO_MATRIX_FILE_HPP
#define LABELERRORS_IO_MATRIX_FILE_HPP

#include <labelerrors/error.hpp>
#include <labelerrors/io/decode.hpp>
#include <labelerrors/io/element_type.hpp>
#include <labelerrors/io/npy_array.hpp>
#include <labelerrors/io/npy_header.hpp>
#include <labelerrors/io/read_npy.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <initializer_list>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace labelerrors::io
{

/// An n x k matrix in one or several files, whose rows follow one another in the order of the files. It is opened, not
/// read: its rows come from npy_rows. Copies share the files.
class matrix_file
{
public:
    /// `parts` are arrays of shape (rows, k) with the same k; some may have no rows.
    /// Throws value_error where there are no parts; format_error where a part does not have two dimensions, has no
    /// columns, or another number of columns than the first, where no part has rows but more than 65,536 columns are
    /// claimed, and where a 64-bit integer is one that no double equals.
    /// O(parts), but every element of 64-bit integers is looked at.
    explicit matrix_file(std::vector<npy_array> parts);

    [[nodiscard]] std::span<const npy_array> parts() const noexcept
    {
        return parts_;
    }

    [[nodiscard]] std::size_t num_rows() const noexcept
    {
        return num_rows_;
    }

    [[nodiscard]] std::size_t num_columns() const noexcept
    {
        return parts_.front().header().shape[1];
    }

    /// The size of all elements as they are stored, in bytes.
    [[nodiscard]] std::size_t num_bytes() const noexcept
    {
        return num_bytes_;
    }

    /// Whether every element is a half or a float, so that floats hold them all; otherwise doubles do.
    [[nodiscard]] bool fits_in_float() const noexcept
    {
        return fits_in_float_;
    }

private:
    std::vector<npy_array> parts_;
    std::size_t num_rows_ = 0;
    std::size_t num_bytes_ = 0;
    bool fits_in_float_ = true;
};

/// Opens the files of a matrix, each as open_array does: `FILE.npy`, `FILE.npz:NAME`, `FILE.csv`.
/// Throws what open_array and the constructor of matrix_file throw.
[[nodiscard]] inline matrix_file open_matrix(std::span<const std::filesystem::path> paths)
{
    std::vector<npy_array> parts;
    parts.reserve(paths.size());
    for (const std::filesystem::path& path : paths)
        parts.push_back(open_array(path));
    return matrix_file(std::move(parts));
}

/// The same of a list, `open_matrix({"part1.npy", "part2.npy"})`, whose two literals would else be taken for the first
/// and the last character of one path.
[[nodiscard]] inline matrix_file open_matrix(std::initializer_list<std::filesystem::path> paths)
{
    return open_matrix(std::span(paths.begin(), paths.size()));
}

/// Opens a matrix in one file.
[[nodiscard]] inline matrix_file open_matrix(const std::filesystem::path& path)
{
    return open_matrix(std::span(&path, 1));
}

namespace detail
{

/// Refuses an array of 64-bit integers that has one which no double equals.
inline void require_doubles(const npy_array& array)
{
    std::array<double, 1024> values;
    const std::size_t size = num_elements(array.header());
    for (std::size_t first = 0; first < size; first += values.size())
        decode(array, first, std::min(values.size(), size - first), values.data());
}

}  // namespace detail

inline matrix_file::matrix_file(std::vector<npy_array> parts) : parts_(std::move(parts))
{
    if (parts_.empty())
        throw value_error("matrix_file: parts must name at least one file, not none");
    for (const npy_array& part : parts_)
    {
        detail::require_dimension(part, 2);
        const npy_header& header = part.header();
        const npy_header& first = parts_.front().header();
        if (header.shape[1] == 0)
            throw format_error(part.path(), detail::offset_of_header(part),
                               "the matrix must have at least one column, but its shape is " +
                                   shape_text(header.shape) + "; save it with its columns");
        if (header.shape[1] != first.shape[1])
            throw format_error(part.path(), detail::offset_of_header(part),
                               "the parts of a matrix must have the same number of columns, but the shape is " +
                                   shape_text(header.shape) + " here and " + shape_text(first.shape) + " in " +
                                   parts_.front().path() + "; name files of one matrix");
        if (header.element == element_type::i8 || header.element == element_type::u8)
            detail::require_doubles(part);
        num_rows_ += header.shape[0];
        num_bytes_ += part.stored().size();
        fits_in_float_ = fits_in_float_ && (header.element == element_type::f2 || header.element == element_type::f4);
    }
    // Nothing in the files stands for columns of no rows: their number must not make anyone take memory.
    constexpr std::size_t most_empty_columns = std::size_t{1} << 16;
    if (num_rows_ == 0 && num_columns() > most_empty_columns)
        throw format_error(parts_.front().path(), detail::offset_of_header(parts_.front()),
                           "the matrix has no rows, but is said to have " + std::to_string(num_columns()) +
                               " columns; the file is damaged");
}

}  // namespace labelerrors::io

#endif
