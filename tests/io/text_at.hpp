#ifndef LABELERRORS_TESTS_IO_TEXT_AT_HPP
#define LABELERRORS_TESTS_IO_TEXT_AT_HPP

#include <labelerrors/io/byte_source.hpp>

#include <cstddef>
#include <span>
#include <string>

namespace tests
{

/// `size` bytes of `source` from `offset` on, as text.
[[nodiscard]] inline std::string text_at(const labelerrors::io::byte_source& source, std::size_t offset,
                                         std::size_t size)
{
    std::string text(size, '\0');
    source.read_at(offset, std::as_writable_bytes(std::span(text)));
    return text;
}

}  // namespace tests

#endif
