#ifndef LABELERRORS_IO_NPY_HEADER_HPP
#define LABELERRORS_IO_NPY_HEADER_HPP

#include <labelerrors/error.hpp>
#include <labelerrors/io/element_type.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace labelerrors::io
{

/// The versions of the .npy format. They differ in the size of the header's length (2 bytes in the first, 4 in the
/// others) and in its encoding (UTF-8 in the third, which matters to names of fields only).
enum class npy_version
{
    v1 = 1,
    v2 = 2,
    v3 = 3
};

/// Which index runs fastest in a stored array: the last (C) or the first (Fortran).
enum class array_order
{
    c,
    fortran
};

/// What the header of a .npy file says.
struct npy_header
{
    npy_version version = npy_version::v1;
    element_type element = element_type::f8;
    byte_order bytes = byte_order::native;
    array_order order = array_order::c;
    std::vector<std::size_t> shape = {};  // empty: a single number
    std::size_t data_offset = 0;          // where in the file the first element begins
};

/// The number of elements: the product of the extents. O(dimensions).
[[nodiscard]] inline std::size_t num_elements(const npy_header& header) noexcept
{
    std::size_t product = 1;
    for (const std::size_t extent : header.shape)
        product *= extent;
    return product;
}

/// The size of all elements in bytes. It does not overflow for a header that was read from a file. O(dimensions).
[[nodiscard]] inline std::size_t num_bytes(const npy_header& header)
{
    return num_elements(header) * size_of(header.element);
}

/// A shape as Python writes it: "(3, 4)", "(3,)", "()".
[[nodiscard]] inline std::string shape_text(std::span<const std::size_t> shape)
{
    std::string text = "(";
    for (std::size_t i = 0; i < shape.size(); ++i)
        text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
    return text + (shape.size() == 1 ? ",)" : ")");
}

/// The element type and byte order as numpy writes them: "<f8", ">i4", "|u1".
[[nodiscard]] inline std::string dtype_text(const npy_header& header)
{
    const char order = size_of(header.element) == 1 ? '|' : header.bytes == byte_order::little ? '<' : '>';
    return order + std::string(name_of(header.element));
}

/// The bytes that stand before the data of a .npy file, as numpy writes them: magic, version, length, the dictionary,
/// and spaces so that the data begin at a multiple of 64. `header.data_offset` plays no part.
[[nodiscard]] std::string make_npy_header(const npy_header& header);

namespace detail
{

/// The first bytes of every .npy file.
inline constexpr std::string_view npy_magic = "\x93NUMPY";

/// Where the dictionary begins: after the magic, two bytes of version, and the length.
[[nodiscard]] constexpr std::size_t dictionary_offset(npy_version version) noexcept
{
    return npy_magic.size() + 2 + (version == npy_version::v1 ? 2 : 4);
}

/// Some bytes as the characters that they are.
[[nodiscard]] inline std::string_view as_text(std::span<const std::byte> bytes) noexcept
{
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Refuses a shape whose elements no address space holds, counting an extent of 0 as 1: what is left of the product is
/// used in strides, which have to be right as well.
inline void require_addressable(const npy_header& header, const std::string& path)
{
    constexpr auto limit = static_cast<std::size_t>(std::numeric_limits<std::ptrdiff_t>::max());
    std::size_t product = size_of(header.element);
    for (const std::size_t extent : header.shape)
    {
        if (extent > limit / product)
            throw format_error(path, dictionary_offset(header.version),
                               "the header promises an array of shape " + shape_text(header.shape) + " of " +
                                   dtype_text(header) + ", more than any machine can hold; the file is damaged");
        product *= std::max<std::size_t>(extent, 1);
    }
}

}  // namespace detail

inline std::string make_npy_header(const npy_header& header)
{
    const bool fortran = header.order == array_order::fortran;
    std::string dictionary = "{'descr': '" + dtype_text(header) +
                             "', 'fortran_order': " + (fortran ? "True" : "False") +
                             ", 'shape': " + shape_text(header.shape) + ", }";
    // numpy leaves room for the growing extent to take 21 digits, so that a file can be appended to.
    if (!header.shape.empty())
        dictionary.append(21 - std::to_string(fortran ? header.shape.back() : header.shape.front()).size(), ' ');
    constexpr std::size_t alignment = 64;
    const std::size_t begin = detail::dictionary_offset(header.version);
    dictionary.append(alignment - (begin + dictionary.size() + 1) % alignment, ' ');
    dictionary += '\n';

    std::string out(detail::npy_magic);
    out += static_cast<char>(header.version);
    out += '\0';
    for (std::size_t i = 0; i < begin - detail::npy_magic.size() - 2; ++i)
        out += static_cast<char>(dictionary.size() >> (8 * i) & 0xff);
    return out + dictionary;
}

}  // namespace labelerrors::io

#endif
