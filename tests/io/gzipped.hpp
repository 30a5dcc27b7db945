#ifndef LABELERRORS_TESTS_IO_GZIPPED_HPP
#define LABELERRORS_TESTS_IO_GZIPPED_HPP

#include "io/stored_bytes.hpp"

#include <string>
#include <string_view>

namespace tests
{

/// `content` as gzip compresses it.
[[nodiscard]] inline std::string gzipped(std::string_view content)
{
    return "\x1f\x8b\x08\0\0\0\0\0\0\3"s + deflated(content) + little(crc_of(content), 4) + little(content.size(), 4);
}

}  // namespace tests

#endif
