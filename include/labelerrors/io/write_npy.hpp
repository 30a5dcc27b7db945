#ifndef LABELERRORS_IO_WRITE_NPY_HPP
#define LABELERRORS_IO_WRITE_NPY_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/io/atomic_file.hpp>
#include <labelerrors/io/element_type.hpp>
#include <labelerrors/io/npy_header.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <type_traits>
#include <vector>

namespace labelerrors::io
{

/// How write_npy lays out a file. The defaults write what numpy.save writes.
struct write_npy_options
{
    // The version of the format; 1.0 is enough for every array that is written here.
    npy_version version = npy_version::v1;
    // The order of the bytes of an element.
    byte_order bytes = byte_order::native;
    // Which index runs fastest in the file; the expression's own layout plays no part.
    array_order order = array_order::c;
};

/// Writes an array expression of any number of dimensions to the .npy file `path`, which is replaced as a whole once
/// everything is written, and stays as it was if anything fails. The element type is the expression's: float16, float,
/// double, an integer or bool. A lazy expression is evaluated while it is written, a block of elements at a time.
/// Throws io_error where the file cannot be written (see atomic_file), and what evaluating throws. O(elements).
template <array_expression E>
    requires storable_element<std::remove_cv_t<typename E::value_type>>
void write_npy(const std::filesystem::path& path, const E& expression, const write_npy_options& options = {});

namespace detail
{

/// Writes the elements of `expression` in the order of `Layout`.
template <xt::layout_type Layout, class E>
void write_elements(atomic_file& file, const E& expression, std::size_t size, byte_order order)
{
    using value_type = std::remove_cv_t<typename E::value_type>;
    // Booleans are bytes, so that the block is one array whatever a vector of bool is.
    using stored_type = std::conditional_t<std::is_same_v<value_type, bool>, std::uint8_t, value_type>;
    constexpr std::size_t block_size = std::size_t{1} << 16;
    std::vector<stored_type> block(std::min(block_size, size));
    auto element = expression.template cbegin<Layout>();
    for (std::size_t first = 0; first < size; first += block_size)
    {
        const std::size_t count = std::min(block_size, size - first);
        for (std::size_t i = 0; i < count; ++i, ++element)
            block[i] = in_order(static_cast<stored_type>(*element), order);
        file.write(std::as_bytes(std::span(block.data(), count)));
    }
}

}  // namespace detail

template <array_expression E>
    requires storable_element<std::remove_cv_t<typename E::value_type>>
void write_npy(const std::filesystem::path& path, const E& expression, const write_npy_options& options)
{
    npy_header header{.version = options.version,
                      .element = element_type_of<std::remove_cv_t<typename E::value_type>>(),
                      .bytes = options.bytes,
                      .order = options.order};
    for (const auto extent : expression.shape())
        header.shape.push_back(static_cast<std::size_t>(extent));

    atomic_file file(path);
    file.write(make_npy_header(header));
    if (options.order == array_order::fortran)
        detail::write_elements<xt::layout_type::column_major>(file, expression, num_elements(header), options.bytes);
    else
        detail::write_elements<xt::layout_type::row_major>(file, expression, num_elements(header), options.bytes);
    file.commit();
}

}  // namespace labelerrors::io

#endif
