#ifndef LABELERRORS_IO_NPY_PART_HPP
#define LABELERRORS_IO_NPY_PART_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/io/decode.hpp>
#include <labelerrors/io/element_type.hpp>
#include <labelerrors/io/mapped_file.hpp>
#include <labelerrors/io/npy_array.hpp>
#include <labelerrors/io/npy_header.hpp>
#include <labelerrors/rows/float16.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace labelerrors::io::detail
{

/// One stored array of some rows of a matrix, and how its elements become values of type T.
template <row_element T>
struct npy_part
{
    /// Decodes `count` elements at `from`; there is one for each element type.
    using decoder = std::size_t (*)(const std::byte* from, byte_order order, std::size_t count, T* to);

    const std::byte* data = nullptr;
    const T* in_place = nullptr;               // the same, if it is to be looked at and needs no decoding
    const float16* halves_in_place = nullptr;  // the same for halves
    bool has_values = false;                   // the elements are T that need no decoding
    bool has_halves = false;                   // the same for halves
    decoder decode = nullptr;
    byte_order bytes = byte_order::native;
    std::size_t element_size = 0;
    std::size_t first_row = 0;  // in the whole matrix
    std::size_t num_rows = 0;
    bool by_columns = false;
    const mapped_file* file = nullptr;  // to be read by calls; null where `data` is to be looked at
    std::size_t file_offset = 0;        // of `data` in it

    /// Larger files are read by calls: to map a page that is looked at once costs more than to copy it.
    static constexpr std::size_t most_mapped = std::size_t{1} << 22;

    /// The stored bytes from the element at `position` on, as many as `to` has. For a part with a file.
    void read_stored(std::size_t position, std::span<std::byte> to) const
    {
        file->read_at(file_offset + position * element_size, to);
    }

    /// The values of `count` elements from the one at `position` on, as they are stored one after another. All of them
    /// fit into T: matrix_file and npy_rows have made sure of it.
    void decode_elements(std::size_t position, std::size_t count, T* to) const
    {
        if (file == nullptr)
        {
            static_cast<void>(decode(data + position * element_size, bytes, count, to));
            return;
        }
        if (has_values)
            return read_stored(position, std::as_writable_bytes(std::span(to, count)));
        std::array<std::byte, std::size_t{1} << 14> stored;
        const std::size_t step = stored.size() / element_size;
        for (std::size_t first = 0; first < count; first += step)
        {
            const std::size_t elements = std::min(step, count - first);
            read_stored(position + first, std::span(stored.data(), elements * element_size));
            static_cast<void>(decode(stored.data(), bytes, elements, to + first));
        }
    }
};

/// The part that an array of two dimensions is, whose first row is `first_row` of the matrix. `array` must outlive it.
template <row_element T>
[[nodiscard]] npy_part<T> make_npy_part(const npy_array& array, std::size_t first_row)
{
    const npy_header& header = array.header();
    npy_part<T> made{.data = array.bytes().data(),
                     .decode = with_element_type(header.element,
                                                 []<class From>() -> typename npy_part<T>::decoder
                                                 {
                                                     if constexpr (conversion_of<From, T>() == conversion::refused)
                                                         return nullptr;
                                                     else
                                                         return &decode_run<From, T>;
                                                 }),
                     .bytes = header.bytes,
                     .element_size = size_of(header.element),
                     .first_row = first_row,
                     .num_rows = header.shape[0],
                     // A single row or column lies the same way in both orders.
                     .by_columns = header.order == array_order::fortran && header.shape[0] > 1 && header.shape[1] > 1};
    const bool as_they_are = header.bytes == byte_order::native && !made.by_columns;
    made.has_values = as_they_are && header.element == element_type_of<T>();
    made.has_halves = as_they_are && header.element == element_type_of<float16>();
    // Columns are read through the map: a block has only a little of each.
    if (array.file() != nullptr && array.bytes().size() > npy_part<T>::most_mapped && !made.by_columns)
    {
        made.file = array.file();
        made.file_offset = static_cast<std::size_t>(made.data - made.file->bytes().data());
        return made;
    }
    const auto address = reinterpret_cast<std::uintptr_t>(made.data);
    if (made.has_values && address % alignof(T) == 0)
        made.in_place = reinterpret_cast<const T*>(made.data);
    if (made.has_halves && address % alignof(float16) == 0)
        made.halves_in_place = reinterpret_cast<const float16*>(made.data);
    return made;
}

}  // namespace labelerrors::io::detail

#endif
