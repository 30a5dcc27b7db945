#ifndef LABELERRORS_ERROR_HPP
#define LABELERRORS_ERROR_HPP

#include <cstdint>
#include <stdexcept>
#include <string>

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

/// A file cannot be opened, read, mapped or written.
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

}  // namespace labelerrors

#endif
