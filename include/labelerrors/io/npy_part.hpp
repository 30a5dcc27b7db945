#ifndef LABELERRORS_IO_NPY_PART_HPP
#define LABELERRORS_IO_NPY_PART_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/io/byte_source.hpp>
#include <labelerrors/io/cached_reads.hpp>
#include <labelerrors/io/column_slabs.hpp>
#include <labelerrors/io/decode.hpp>
#include <labelerrors/io/element_type.hpp>
#include <labelerrors/io/npy_array.hpp>
#include <labelerrors/io/npy_header.hpp>
#include <labelerrors/rows/float16.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace labelerrors::io::detail
{

/// One stored array of some rows of a matrix, and how its elements become values of type T.
template <row_element T>
struct npy_part
{
    /// Decodes elements; there is one for each element type.
    using decoder = std::size_t (*)(const byte_source& stored, byte_order order, std::size_t first, std::size_t count,
                                    T* to);

    byte_source stored;
    const T* in_place = nullptr;               // the elements, if they are in memory and need no decoding
    const float16* halves_in_place = nullptr;  // the same for halves
    bool has_halves = false;                   // the elements are halves in rows that need no decoding
    decoder decode = nullptr;
    byte_order bytes = byte_order::native;
    std::size_t element_size = 0;
    std::size_t first_row = 0;  // in the whole matrix
    std::size_t num_rows = 0;
    bool by_columns = false;
    std::shared_ptr<column_slabs<T>> slabs = nullptr;  // of columns in a file: those of all parts

    /// The values of `count` elements from the one at `position` on, as they are stored one after another. All of them
    /// fit into T: matrix_file and npy_rows have made sure of it.
    void decode_elements(std::size_t position, std::size_t count, T* to) const
    {
        static_cast<void>(decode(stored, bytes, position, count, to));
    }

    /// The values of the elements (first + i, columns[i]) of rows of `num_columns`, as far as they are in memory: up to
    /// the first that is not. Returns how many there are.
    [[nodiscard]] std::size_t copy_cached(std::size_t first, std::span<const std::size_t> columns,
                                          std::size_t num_columns, T* to) const
    {
        const cached_reads cache(stored);
        std::array<std::byte, 8> bytes_of_element;
        const auto element = std::span(bytes_of_element).first(element_size);
        for (std::size_t i = 0; i < columns.size(); ++i)
        {
            const std::size_t row = first + i;
            const std::size_t position = by_columns ? columns[i] * num_rows + row : row * num_columns + columns[i];
            if (!cache.read_at(position * element_size, element))
                return i;
            static_cast<void>(decode(element, bytes, 0, 1, to + i));
        }
        return columns.size();
    }

    /// Rows [first, first + count) of `num_columns` elements.
    void copy_rows(std::size_t first, std::size_t count, std::size_t num_columns, T* to) const
    {
        if (!by_columns)
            return decode_elements(first * num_columns, count * num_columns, to);
        const auto decode_column = [&](std::size_t column, std::size_t from, std::size_t rows, T* values)
        {
            decode_elements(column * num_rows + from, rows, values);
        };
        if (slabs != nullptr)
            slabs->copy_rows({first_row, num_rows, num_columns, element_size}, first, count, to, decode_column);
        else
            turn_columns(first, count, num_columns, to, decode_column);
    }
};

/// The part that an array of two dimensions is, whose first row is `first_row` of the matrix. `array` must outlive it.
/// `slabs`: where what is read of columns is kept, for all parts of the matrix.
template <row_element T>
[[nodiscard]] npy_part<T> make_npy_part(const npy_array& array, std::size_t first_row,
                                        const std::shared_ptr<column_slabs<T>>& slabs)
{
    const npy_header& header = array.header();
    npy_part<T> made{.stored = array.stored(),
                     .decode = with_element_type(header.element,
                                                 []<class From>() -> typename npy_part<T>::decoder
                                                 {
                                                     if constexpr (conversion_of<From, T>() == conversion::refused)
                                                         return nullptr;
                                                     else
                                                         return &decode_stored<From, T>;
                                                 }),
                     .bytes = header.bytes,
                     .element_size = size_of(header.element),
                     .first_row = first_row,
                     .num_rows = header.shape[0],
                     // A single row or column lies the same way in both orders.
                     .by_columns = header.order == array_order::fortran && header.shape[0] > 1 && header.shape[1] > 1};
    const bool as_they_are = header.bytes == byte_order::native && !made.by_columns;
    made.has_halves = as_they_are && header.element == element_type_of<float16>();
    if (!made.stored.is_in_memory())
    {
        if (made.by_columns)
            made.slabs = slabs;
        return made;
    }
    const std::byte* const data = made.stored.bytes().data();
    const auto address = reinterpret_cast<std::uintptr_t>(data);
    if (as_they_are && header.element == element_type_of<T>() && address % alignof(T) == 0)
        made.in_place = reinterpret_cast<const T*>(data);
    if (made.has_halves && address % alignof(float16) == 0)
        made.halves_in_place = reinterpret_cast<const float16*>(data);
    return made;
}

}  // namespace labelerrors::io::detail

#endif
