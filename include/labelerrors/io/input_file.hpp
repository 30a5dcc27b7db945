#ifndef LABELERRORS_IO_INPUT_FILE_HPP
#define LABELERRORS_IO_INPUT_FILE_HPP

#include <labelerrors/error.hpp>
#include <labelerrors/rows/large_vector.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <limits>
#include <new>
#include <span>
#include <string>
#include <utility>

namespace labelerrors::io
{

/// A file that is open for reading. Small files, and what a pipe delivers, are read when they are opened; of a larger
/// one any part can be read later.
/// Nothing is ever mapped into memory. The system ends a program that looks at a mapped file which someone has
/// shortened meanwhile; a call that reads says so, and for bytes that are looked at once it takes half the time.
class input_file
{
public:
    /// Files of up to so many bytes are read when they are opened, unless the caller says otherwise.
    static constexpr std::size_t small_file = std::size_t{1} << 22;

    /// Opens `path`, and reads it if it has at most `most_in_memory` bytes or is a pipe, whose end is waited for. An
    /// empty file has no bytes and is no error.
    /// Throws io_error where the file is missing, unreadable, a directory or a device, has more than `largest` bytes,
    /// of which few more are read, or memory is short.
    explicit input_file(const std::filesystem::path& path, std::size_t most_in_memory = small_file,
                        std::size_t largest = std::numeric_limits<std::size_t>::max());

    input_file(input_file&& other) noexcept
        : descriptor_(std::exchange(other.descriptor_, -1)), size_(std::exchange(other.size_, 0)),
          path_(std::move(other.path_)), content_(std::move(other.content_))
    {
    }

    input_file& operator=(input_file&& other) noexcept
    {
        std::swap(descriptor_, other.descriptor_);
        std::swap(size_, other.size_);
        std::swap(path_, other.path_);
        std::swap(content_, other.content_);
        return *this;
    }

    input_file(const input_file&) = delete;
    input_file& operator=(const input_file&) = delete;

    ~input_file()
    {
        if (descriptor_ >= 0)
            ::close(descriptor_);
    }

    /// The size of the file in bytes, as it was when it was opened.
    [[nodiscard]] std::size_t size() const noexcept
    {
        return size_;
    }

    /// Whether the file has been read.
    [[nodiscard]] bool is_in_memory() const noexcept
    {
        return descriptor_ < 0;
    }

    /// The descriptor of a file that is not in memory, else -1. It stays this object's.
    [[nodiscard]] int descriptor() const noexcept
    {
        return descriptor_;
    }

    /// The whole file if it is in memory, else nothing; valid as long as this object, or the one that it is moved into.
    [[nodiscard]] std::span<const std::byte> bytes() const noexcept
    {
        return content_;
    }

    /// Copies `to.size()` bytes from `offset` on, which must exist. Throws io_error where the file has become shorter,
    /// or reading fails. Thread-safe. O(to.size()).
    void read_at(std::size_t offset, std::span<std::byte> to) const;

    /// Begins to fetch bytes from the disk while the caller goes on; what is in memory already is left alone.
    void read_ahead(std::size_t offset, std::size_t size) const noexcept
    {
#if defined(POSIX_FADV_WILLNEED)
        // Advice that the system does not take is no error.
        if (!is_in_memory() && offset < size_)
            static_cast<void>(::posix_fadvise(descriptor_, static_cast<off_t>(offset),
                                              static_cast<off_t>(std::min(size, size_ - offset)), POSIX_FADV_WILLNEED));
#endif
    }

private:
    void read_descriptor(std::size_t offset, std::span<std::byte> to) const;
    void read_to_end(std::size_t largest);
    [[noreturn]] void refuse_size(std::size_t largest) const;

    int descriptor_ = -1;  // of a file that is not in memory
    std::size_t size_ = 0;
    std::string path_;
    large_vector<std::byte> content_;
};

/// Opens `path` and reads all of it, however large. Throws as input_file does. O(size).
[[nodiscard]] inline input_file read_whole(const std::filesystem::path& path)
{
    return input_file(path, std::numeric_limits<std::size_t>::max());
}

namespace detail
{

/// What an error number of the system means, and what to do about the common ones.
[[nodiscard]] inline std::string system_reason(int error)
{
    const std::string reason = std::strerror(error);
    switch (error)
    {
    case ENOENT:
        return reason + "; check the spelling, and the directory that it is relative to";
    case EACCES:
    case EPERM:
        return reason + "; change the permissions or run as a user who has them";
    case ENOTDIR:
        return reason + "; a part of the path before the last one is a file";
    case ENOSPC:
    case EDQUOT:
        return reason + "; make room or choose another place";
    case EFBIG:
        return reason + "; raise the limit of the size of files or choose another place";
    case EROFS:
        return reason + "; choose another place";
    case ENOMEM:
        return reason + "; more memory or a higher limit of address space is needed";
    default:
        return reason;
    }
}

/// Why what has this mode is no file to read, with what to do about it; empty where it may be one. What a device holds
/// may have no end.
[[nodiscard]] inline std::string problem_of_kind(mode_t mode, const std::string& path)
{
    if (S_ISDIR(mode))
        return "is a directory; name a file in it";
    if (S_ISBLK(mode) || (S_ISCHR(mode) && path != "/dev/null"))
        return "is a device, not a file; copy what it holds into a file first";
    return {};
}

/// Calls `read`, which reads the file `path`, and returns what it returns. Throws io_error where memory is short.
template <class Read>
decltype(auto) with_memory_for(const std::string& path, Read&& read)
{
    try
    {
        return read();
    }
    catch (const std::bad_alloc&)
    {
        throw io_error(path, "has no room in memory; close other programs, raise the limit of address space (ulimit "
                             "-v), or use a machine with more memory or a smaller file");
    }
}

}  // namespace detail

inline input_file::input_file(const std::filesystem::path& path, std::size_t most_in_memory, std::size_t largest)
    : path_(path.string())
{
    const auto fail = [&](const std::string& problem)
    {
        if (descriptor_ >= 0)
            ::close(std::exchange(descriptor_, -1));
        throw io_error(path_, problem);
    };
    descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor_ < 0)
        fail("cannot be opened for reading: " + detail::system_reason(errno));
    struct stat status = {};
    if (::fstat(descriptor_, &status) != 0)
        fail("cannot be examined: " + detail::system_reason(errno));
    if (const auto problem = detail::problem_of_kind(status.st_mode, path_); !problem.empty())
        fail(problem);
    // What /proc and pipes hold has no size beforehand.
    const bool has_size = S_ISREG(status.st_mode) && status.st_size > 0;
    if (has_size && static_cast<std::uintmax_t>(status.st_size) > std::numeric_limits<std::size_t>::max() / 2)
        fail("is larger than the address space; use a 64-bit build");
    size_ = has_size ? static_cast<std::size_t>(status.st_size) : 0;
    if (has_size && size_ > most_in_memory && size_ <= largest)
        return;
    try
    {
        if (size_ > largest)
            refuse_size(largest);
        const auto read = [&]
        {
            if (!has_size)
                return read_to_end(largest);
            content_.resize(size_);
            read_descriptor(0, content_);
        };
        detail::with_memory_for(path_, read);
        ::close(std::exchange(descriptor_, -1));
    }
    catch (const io_error&)
    {
        ::close(std::exchange(descriptor_, -1));
        throw;
    }
}

inline void input_file::read_at(std::size_t offset, std::span<std::byte> to) const
{
    if (is_in_memory())
        std::copy_n(content_.begin() + static_cast<std::ptrdiff_t>(offset), to.size(), to.begin());
    else
        read_descriptor(offset, to);
}

inline void input_file::read_descriptor(std::size_t offset, std::span<std::byte> to) const
{
    for (std::size_t done = 0; done < to.size();)
    {
        const auto count = ::pread(descriptor_, to.data() + done, to.size() - done, static_cast<off_t>(offset + done));
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            throw io_error(path_, "cannot be read at byte " + std::to_string(offset + done) + ": " +
                                      detail::system_reason(errno));
        if (count == 0)
        {
            struct stat status = {};
            const bool is_known = ::fstat(descriptor_, &status) == 0;
            const std::size_t end = is_known ? static_cast<std::size_t>(status.st_size) : offset + done;
            throw io_error(path_, "ends at byte " + std::to_string(std::min(end, offset + done)) + ", but had " +
                                      std::to_string(size_) +
                                      " bytes when it was opened; leave the file alone while it is read");
        }
        done += static_cast<std::size_t>(count);
    }
}

inline void input_file::refuse_size(std::size_t largest) const
{
    throw io_error(path_, "has more than the " + std::to_string(largest) +
                              " bytes that are read here; name a smaller file or raise that limit");
}

inline void input_file::read_to_end(std::size_t largest)
{
    constexpr std::size_t step = std::size_t{1} << 16;
    for (;;)
    {
        if (size_ > largest)
            refuse_size(largest);
        if (content_.size() - size_ < step)
            content_.resize(content_.size() * 2 + step);
        const auto count = ::read(descriptor_, content_.data() + size_, content_.size() - size_);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            throw io_error(path_, "cannot be read: " + detail::system_reason(errno));
        if (count == 0)
            break;
        size_ += static_cast<std::size_t>(count);
    }
    content_.resize(size_);
    content_.shrink_to_fit();
}

}  // namespace labelerrors::io

#endif
