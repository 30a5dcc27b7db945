#ifndef LABELERRORS_TESTS_IO_PICKLE_PROBLEM_HPP
#define LABELERRORS_TESTS_IO_PICKLE_PROBLEM_HPP

#include "io/stored_bytes.hpp"
#include <labelerrors/error.hpp>
#include <labelerrors/io/pickle.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace tests
{

/// The pickle that begins at byte `begin` of `file`, which the result refers to.
[[nodiscard]] inline labelerrors::io::pickle unpickled(std::string_view file, std::size_t begin = 0)
{
    return labelerrors::io::read_pickle(bytes_of(file), begin, "a.p");
}

/// What is said about a file, and where.
[[nodiscard]] inline std::string problem_of(std::string_view file)
{
    try
    {
        static_cast<void>(unpickled(file));
    }
    catch (const labelerrors::format_error& error)
    {
        CHECK(std::string(error.what()).find("a.p: byte " + std::to_string(error.offset()) + ": ") == 0);
        return error.what();
    }
    return "no error";
}

inline void contains(const std::string& text, const std::string& part)
{
    CAPTURE(text);
    CAPTURE(part);
    CHECK(text.find(part) != std::string::npos);
}

}  // namespace tests

#endif
