#ifndef LABELERRORS_IO_READ_LABELS_HPP
#define LABELERRORS_IO_READ_LABELS_HPP

#include <labelerrors/error.hpp>
#include <labelerrors/io/csv.hpp>
#include <labelerrors/io/decode.hpp>
#include <labelerrors/io/npy_array.hpp>
#include <labelerrors/io/npy_header.hpp>
#include <labelerrors/io/read_npy.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

namespace labelerrors::io
{

/// Reads the labels of n examples from `FILE.npy`, `FILE.npz:NAME` or `FILE.csv` (one a line) into an array of shape
/// (n,). Any integer type will do, in either byte order; booleans become 0 and 1.
/// Throws what open_npy and read_csv_labels throw; format_error where the array is not one-dimensional, holds
/// fractions, or a label is above 2^63 - 1. O(n).
[[nodiscard]] xt::xtensor<std::int64_t, 1> read_labels(const std::filesystem::path& path);

/// The same from an array that is open: of a file that can be opened only once, such as a pipe.
[[nodiscard]] inline xt::xtensor<std::int64_t, 1> read_labels(const npy_array& array)
{
    const npy_header& header = array.header();
    if (const auto& shape = header.shape; shape.size() != 1)
    {
        const bool is_matrix = shape.size() == 2 && shape[0] != 1 && shape[1] != 1;
        throw format_error(array.path(), detail::offset_of_header(array),
                           "labels must have one dimension, a label for each example, but the shape is " +
                               shape_text(shape) +
                               (is_matrix ? "; of rows with a 1 for their class save labels.argmax(axis=1)"
                                          : "; save a column of labels with labels.ravel()"));
    }
    if (header.element <= element_type::f8)
        throw format_error(array.path(), detail::offset_of_header(array),
                           "labels must be integers, but the elements are of type " + dtype_text(header) +
                               "; save them as integers, with labels.astype(int)");
    return read_npy<std::int64_t, 1>(array);
}

inline xt::xtensor<std::int64_t, 1> read_labels(const std::filesystem::path& path)
{
    return is_csv(path) ? read_csv_labels(path) : read_labels(open_npy(path));
}

}  // namespace labelerrors::io

#endif
