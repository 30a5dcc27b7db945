#ifndef LABELERRORS_TESTS_FUZZ_FUZZ_HPP
#define LABELERRORS_TESTS_FUZZ_FUZZ_HPP

#include "io/temporary_directory.hpp"
#include <labelerrors/error.hpp>

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

// What the fuzz targets share. A target is a file NAME.fuzz.cpp with LLVMFuzzerTestOneInput, which hands bytes that
// anyone may have made to one reader. What must hold for all bytes: a result or one of the library's four exceptions,
// within the memory and time that CMakeLists.txt gives the target.
namespace fuzz
{

/// A file in memory, with a name by which readers can open it.
class memory_file
{
public:
    memory_file() : descriptor_(::memfd_create("labelerrors-fuzz", MFD_CLOEXEC))
    {
        if (descriptor_ < 0)
            throw std::runtime_error("no file in memory can be made");
        path_ = "/proc/self/fd/" + std::to_string(descriptor_);
    }

    memory_file(const memory_file&) = delete;
    memory_file& operator=(const memory_file&) = delete;

    ~memory_file()
    {
        ::close(descriptor_);
    }

    /// Makes `content` all that the file holds.
    void assign(std::span<const std::uint8_t> content) const
    {
        if (::ftruncate(descriptor_, 0) != 0 ||
            ::pwrite(descriptor_, content.data(), content.size(), 0) != static_cast<ssize_t>(content.size()))
            throw std::runtime_error("the file in memory cannot be written");
    }

    [[nodiscard]] const std::filesystem::path& path() const noexcept
    {
        return path_;
    }

private:
    int descriptor_;
    std::filesystem::path path_;
};

/// A directory of links to files in memory, for readers that go by the names of files.
class directory
{
public:
    /// Lets `name`, which may be in a folder, be the name of `file`; returns the path.
    std::filesystem::path link(const std::string& name, const memory_file& file) const
    {
        const auto path = directory_ / name;
        std::filesystem::create_directories(path.parent_path());
        std::filesystem::create_symlink(file.path(), path);
        return path;
    }

    [[nodiscard]] std::filesystem::path path() const
    {
        return directory_ / "";
    }

private:
    tests::temporary_directory directory_;
};

/// What the sanitizers take for a use of a value.
inline volatile std::uint64_t sink = 0;

/// Looks at a number.
template <class T>
    requires std::is_arithmetic_v<T>
void look_at(T value)
{
    if constexpr (std::is_floating_point_v<T>)
        sink = sink + std::bit_cast<std::uint64_t>(static_cast<double>(value));
    else
        sink = sink + static_cast<std::uint64_t>(value);
}

/// Looks at everything in a text or a container, however deep it nests.
template <class Container>
    requires(!std::is_arithmetic_v<Container>)
void look_at(const Container& values)
{
    for (const auto& value : values)
        look_at(value);
}

/// Refuses a message that is long or would do something to a terminal: it may quote what a file holds.
inline void require_fit_for_a_line(std::string_view message)
{
    constexpr std::size_t longest = 4096;
    if (message.size() > longest)
        std::abort();
    for (const char character : message)
        if (static_cast<unsigned char>(character) < 32 || character == 127)
            std::abort();
}

/// Calls `read` and takes the four exceptions of the library for results. Any other ends the program: a finding.
template <class Read>
void expect_result_or_error(const Read& read)
{
    try
    {
        read();
    }
    catch (const labelerrors::shape_error& error)
    {
        require_fit_for_a_line(error.what());
    }
    catch (const labelerrors::value_error& error)
    {
        require_fit_for_a_line(error.what());
    }
    catch (const labelerrors::io_error& error)
    {
        require_fit_for_a_line(error.what());
    }
    catch (const labelerrors::format_error& error)
    {
        require_fit_for_a_line(error.what());
    }
}

/// Takes values off the front of an input; zeros where it has ended.
class taken
{
public:
    explicit taken(std::span<const std::uint8_t> bytes) : bytes_(bytes)
    {
    }

    template <class T>
        requires std::is_trivially_copyable_v<T>
    [[nodiscard]] T value()
    {
        std::array<std::uint8_t, sizeof(T)> raw = {};
        for (std::size_t i = 0; i < raw.size() && !bytes_.empty(); ++i)
        {
            raw[i] = bytes_.front();
            bytes_ = bytes_.subspan(1);
        }
        return std::bit_cast<T>(raw);
    }

    /// A byte, brought below `limit`.
    [[nodiscard]] std::size_t below(std::size_t limit)
    {
        return value<std::uint8_t>() % limit;
    }

    [[nodiscard]] bool flag()
    {
        return below(2) == 1;
    }

    [[nodiscard]] std::span<const std::uint8_t> rest() const noexcept
    {
        return bytes_;
    }

private:
    std::span<const std::uint8_t> bytes_;
};

}  // namespace fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

#endif
