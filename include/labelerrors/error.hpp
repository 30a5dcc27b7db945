#ifndef LABELERRORS_ERROR_HPP
#define LABELERRORS_ERROR_HPP

#include <array>
#include <charconv>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>

// Every umbrella includes this header, but that of consensus, which reckons with whole numbers. Compilers tell of these
// flags by macros, but clang++ does not tell of -fassociative-math and -freciprocal-math alone. MSVC's __cplusplus is
// that of C++98 whatever the standard.
#if __cplusplus <= 201703L && !defined(_MSVC_LANG)
#error "labelerrors must be compiled as C++20 or later: -std=c++20"
#elif defined(__FAST_MATH__) || (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__)
#error "labelerrors must be compiled without -ffast-math and -ffinite-math-only: they take away its checks for NaN"
#elif defined(__ASSOCIATIVE_MATH__) || defined(__RECIPROCAL_MATH__)
#error "labelerrors must be compiled without -fassociative-math and -freciprocal-math: they change its results"
#elif defined(__FLT_EVAL_METHOD__) && __FLT_EVAL_METHOD__ == 2
#error "labelerrors must be compiled with -msse2 -mfpmath=sse on 32-bit x86: wider registers change its results"
#elif !defined(__cpp_exceptions)
#error "labelerrors must be compiled with exceptions: they are how it refuses bad input"
#endif

namespace labelerrors
{

/// An array has the wrong number of dimensions or the wrong extent. The message names the function, the argument,
/// the shape that was expected and the shape that came.
class shape_error : public std::invalid_argument
{
public:
    using std::invalid_argument::invalid_argument;
};

/// A value is outside what its argument allows (a label not below k, a NaN, a row that does not sum to 1, ...). The
/// message names the function, the argument, what was expected, what came, and the first bad index.
class value_error : public std::invalid_argument
{
public:
    using std::invalid_argument::invalid_argument;
};

/// A file cannot be opened, read or written, or becomes shorter while it is read.
class io_error : public std::runtime_error
{
public:
    io_error(std::string path, const std::string& problem)
        : std::runtime_error(path + ": " + problem), path_(std::move(path))
    {
    }

    /// The file that the error is about.
    [[nodiscard]] const std::string& path() const noexcept
    {
        return path_;
    }

private:
    std::string path_;
};

/// A file was read and does not hold what its format promises.
class format_error : public std::runtime_error
{
public:
    format_error(std::string path, std::uint64_t offset, const std::string& problem)
        : std::runtime_error(path + ": byte " + std::to_string(offset) + ": " + problem), path_(std::move(path)),
          offset_(offset)
    {
    }

    /// The file that the error is about.
    [[nodiscard]] const std::string& path() const noexcept
    {
        return path_;
    }

    /// Where in the file, in bytes from its start, the first thing that is wrong stands.
    [[nodiscard]] std::uint64_t offset() const noexcept
    {
        return offset_;
    }

private:
    std::string path_;
    std::uint64_t offset_;
};

namespace detail
{

/// A number as messages give it: in as few digits as give it back.
[[nodiscard]] inline std::string to_text(double value)
{
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    return {text.data(), end};
}

}  // namespace detail

}  // namespace labelerrors

#endif
