#ifndef LABELERRORS_IO_READ_NPY_HPP
#define LABELERRORS_IO_READ_NPY_HPP

#include <labelerrors/error.hpp>
#include <labelerrors/io/decode.hpp>
#include <labelerrors/io/element_type.hpp>
#include <labelerrors/io/input_file.hpp>
#include <labelerrors/io/npy_array.hpp>
#include <labelerrors/io/npy_header.hpp>
#include <labelerrors/rows/large_vector.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <string>

namespace labelerrors::io
{

/// Reads an array of N dimensions into a row-major container of values of type T, each equal to the one stored.
/// `path` is what open_array opens: FILE.npy, FILE.npz:NAME or FILE.csv. Halves widen to float and double, float to
/// double, integers and booleans to whatever holds the values that occur.
/// Throws what open_array throws; format_error where the number of dimensions is not N, the element type is not
/// converted to T (fractions to integers, double to float), or an integer does not fit, naming its index; io_error
/// where memory is short. O(elements).
template <storable_element T, std::size_t N>
[[nodiscard]] xt::xtensor<T, N> read_npy(const std::filesystem::path& path);

/// The same for an array that is open already.
template <storable_element T, std::size_t N>
[[nodiscard]] xt::xtensor<T, N> read_npy(const npy_array& array);

namespace detail
{

/// Refuses an array that does not have `dimension` dimensions.
inline void require_dimension(const npy_array& array, std::size_t dimension)
{
    const auto& shape = array.header().shape;
    if (shape.size() == dimension)
        return;
    const std::string plural = dimension == 1 ? " dimension" : " dimensions";
    throw format_error(array.path(), offset_of_header(array),
                       "the array must have " + std::to_string(dimension) + plural + ", but its shape is " +
                           shape_text(shape) + "; reshape it before saving");
}

/// Decodes an array stored in Fortran order into `result`, a run of elements at a time.
template <class T, std::size_t N>
void decode_fortran(const npy_array& array, xt::xtensor<T, N>& result)
{
    constexpr std::size_t run = 4096;
    const std::size_t size = result.size();
    std::array<T, run> values;
    std::array<std::size_t, N> index = {};
    for (std::size_t first = 0; first < size; first += run)
    {
        const std::size_t count = std::min(run, size - first);
        decode(array, first, count, values.data());
        for (std::size_t i = 0; i < count; ++i)
        {
            result[index] = values[i];
            for (std::size_t d = 0; d < N && ++index[d] == result.shape()[d]; ++d)
                index[d] = 0;
        }
    }
}

}  // namespace detail

template <storable_element T, std::size_t N>
xt::xtensor<T, N> read_npy(const npy_array& array)
{
    detail::require_dimension(array, N);
    std::array<std::size_t, N> shape = {};
    for (std::size_t d = 0; d < N; ++d)
        shape[d] = array.header().shape[d];
    auto result = detail::with_memory_for(array.path(), [&] { return xt::xtensor<T, N>(shape); });
    labelerrors::detail::advise_large_pages(result.data(), result.size() * sizeof(T));
    if (N > 1 && array.header().order == array_order::fortran)
        detail::decode_fortran(array, result);
    else
        decode(array, 0, result.size(), result.data());
    return result;
}

template <storable_element T, std::size_t N>
xt::xtensor<T, N> read_npy(const std::filesystem::path& path)
{
    return read_npy<T, N>(open_array(path));
}

}  // namespace labelerrors::io

#endif
