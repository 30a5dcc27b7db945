#ifndef LABELERRORS_IO_NPY_ROWS_HPP
#define LABELERRORS_IO_NPY_ROWS_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/error.hpp>
#include <labelerrors/io/decode.hpp>
#include <labelerrors/io/element_type.hpp>
#include <labelerrors/io/matrix_file.hpp>
#include <labelerrors/io/npy_header.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <vector>

namespace labelerrors::io
{

/// The rows of a matrix_file as values of type T: a row source for the algorithms. It shares the files and keeps them
/// open. Rows are handed out in place where they lie in one part as aligned T in C order and the machine's byte order;
/// else they are decoded block by block, so that memory never holds more of the matrix than the callers' buffers.
template <row_element T>
class npy_rows
{
public:
    using value_type = T;

    /// Throws value_error where T is float and the file has elements that only a double holds. O(parts).
    explicit npy_rows(matrix_file file);

    [[nodiscard]] std::size_t num_rows() const noexcept
    {
        return file_.num_rows();
    }

    [[nodiscard]] std::size_t num_columns() const noexcept
    {
        return file_.num_columns();
    }

    /// The element in row `i`, below num_rows(), and column `j`, below num_columns(). O(log parts).
    [[nodiscard]] T element(std::size_t i, std::size_t j) const
    {
        const part& from = part_of(i);
        const std::size_t row = i - from.first_row;
        if (from.in_place != nullptr)
            return from.in_place[row * num_columns() + j];
        const std::size_t position = from.by_columns ? j * from.num_rows + row : row * num_columns() + j;
        T value = 0;
        decode_elements(from, position, 1, &value);
        return value;
    }

    /// Rows [first, first + count), which must exist, row-major; see row_source. O(count * num_columns()), or O(1).
    [[nodiscard]] const T* read(std::size_t first, std::size_t count, std::vector<T>& buffer) const;

private:
    /// Decodes `count` elements at `from`; there is one for each element type.
    using decoder = std::size_t (*)(const std::byte* from, byte_order order, std::size_t count, T* to);

    struct part
    {
        const std::byte* data = nullptr;
        const T* in_place = nullptr;  // the same, if no decoding is needed
        decoder decode = nullptr;
        byte_order bytes = byte_order::native;
        std::size_t element_size = 0;
        std::size_t first_row = 0;  // in the whole matrix
        std::size_t num_rows = 0;
        bool by_columns = false;
    };

    [[nodiscard]] static part make_part(const npy_array& array, std::size_t first_row);

    /// The part that row `i` is in.
    [[nodiscard]] const part& part_of(std::size_t i) const noexcept
    {
        if (parts_.size() == 1)
            return parts_.front();
        return *(std::upper_bound(parts_.begin(), parts_.end(), i,
                                  [](std::size_t row, const part& later) { return row < later.first_row; }) -
                 1);
    }

    static void decode_elements(const part& from, std::size_t position, std::size_t count, T* to)
    {
        // All elements fit: matrix_file and the constructor have made sure of it.
        static_cast<void>(from.decode(from.data + position * from.element_size, from.bytes, count, to));
    }

    void copy_rows(const part& from, std::size_t first, std::size_t count, T* to) const;
    void copy_rows_by_columns(const part& from, std::size_t first, std::size_t count, T* to) const;

    matrix_file file_;
    std::vector<part> parts_;  // without those that have no rows
};

/// Calls `use(rows)` with the rows of `file` as npy_rows<float> if floats hold all of its elements, else as
/// npy_rows<double>, and returns what it returns, which must be of the same type for both.
template <class Use>
decltype(auto) with_matrix(const matrix_file& file, Use&& use)
{
    using result = std::invoke_result_t<Use&, const npy_rows<double>&>;
    static_assert(std::is_same_v<result, std::invoke_result_t<Use&, const npy_rows<float>&>>,
                  "use must return the same type for rows of floats and of doubles");
    if (file.fits_in_float())
    {
        const npy_rows<float> rows(file);
        return static_cast<result>(use(rows));
    }
    const npy_rows<double> rows(file);
    return static_cast<result>(use(rows));
}

template <row_element T>
npy_rows<T>::npy_rows(matrix_file file) : file_(std::move(file))
{
    if (std::is_same_v<T, float> && !file_.fits_in_float())
        throw value_error("npy_rows: file must have elements of type f2 or f4 only to be read as float; "
                          "use npy_rows<double> or with_matrix");
    std::size_t first_row = 0;
    for (const npy_array& array : file_.parts())
    {
        if (array.header().shape[0] != 0)
            parts_.push_back(make_part(array, first_row));
        first_row += array.header().shape[0];
    }
}

template <row_element T>
typename npy_rows<T>::part npy_rows<T>::make_part(const npy_array& array, std::size_t first_row)
{
    const npy_header& header = array.header();
    part made{.data = array.bytes().data(),
              .decode = with_element_type(header.element,
                                          []<class From>() -> decoder
                                          {
                                              if constexpr (conversion_of<From, T>() == conversion::refused)
                                                  return nullptr;
                                              else
                                                  return &detail::decode_run<From, T>;
                                          }),
              .bytes = header.bytes,
              .element_size = size_of(header.element),
              .first_row = first_row,
              .num_rows = header.shape[0],
              // A single row or column lies the same way in both orders.
              .by_columns = header.order == array_order::fortran && header.shape[0] > 1 && header.shape[1] > 1};
    if (header.element == element_type_of<T>() && header.bytes == byte_order::native && !made.by_columns &&
        reinterpret_cast<std::uintptr_t>(made.data) % alignof(T) == 0)
        made.in_place = reinterpret_cast<const T*>(made.data);
    return made;
}

template <row_element T>
const T* npy_rows<T>::read(std::size_t first, std::size_t count, std::vector<T>& buffer) const
{
    if (count == 0)
        return buffer.data();
    const part* from = &part_of(first);
    if (from->in_place != nullptr && count <= from->num_rows - (first - from->first_row))
        return from->in_place + (first - from->first_row) * num_columns();
    buffer.resize(count * num_columns());
    for (std::size_t done = 0; done < count; ++from)
    {
        const std::size_t row = first + done - from->first_row;
        const std::size_t rows = std::min(count - done, from->num_rows - row);
        copy_rows(*from, row, rows, buffer.data() + done * num_columns());
        done += rows;
    }
    return buffer.data();
}

template <row_element T>
void npy_rows<T>::copy_rows(const part& from, std::size_t first, std::size_t count, T* to) const
{
    if (from.by_columns)
        copy_rows_by_columns(from, first, count, to);
    else
        decode_elements(from, first * num_columns(), count * num_columns(), to);
}

template <row_element T>
void npy_rows<T>::copy_rows_by_columns(const part& from, std::size_t first, std::size_t count, T* to) const
{
    // A tile is decoded column by column, as it is stored, and turned within a core's own cache. Its 16 columns fill
    // whole cache lines of the rows that are written.
    constexpr std::size_t tile_rows = 64;
    constexpr std::size_t tile_columns = 16;
    std::array<T, tile_rows * tile_columns> tile;
    const std::size_t columns = num_columns();
    for (std::size_t i0 = 0; i0 < count; i0 += tile_rows)
        for (std::size_t j0 = 0; j0 < columns; j0 += tile_columns)
        {
            const std::size_t height = std::min(tile_rows, count - i0);
            const std::size_t width = std::min(tile_columns, columns - j0);
            for (std::size_t j = 0; j < width; ++j)
                decode_elements(from, (j0 + j) * from.num_rows + first + i0, height, tile.data() + j * tile_rows);
            for (std::size_t i = 0; i < height; ++i)
                for (std::size_t j = 0; j < width; ++j)
                    to[(i0 + i) * columns + j0 + j] = tile[j * tile_rows + i];
        }
}

}  // namespace labelerrors::io

#endif
