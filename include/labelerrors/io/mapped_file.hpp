#ifndef LABELERRORS_IO_MAPPED_FILE_HPP
#define LABELERRORS_IO_MAPPED_FILE_HPP

#include <labelerrors/error.hpp>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace labelerrors::io
{

/// The bytes of a whole file, read-only: a memory map of a regular file, a copy of what a pipe delivers.
/// Nothing of a mapped file is read before it is looked at. It must not be shortened by anyone while it is mapped: the
/// system ends a program that reads pages which are gone.
class mapped_file
{
public:
    /// Maps `path`, or reads it to its end if it is a pipe. An empty file has no bytes and is no error.
    /// Throws io_error where the file is missing, unreadable, a directory or a device.
    explicit mapped_file(const std::filesystem::path& path);

    mapped_file(mapped_file&& other) noexcept
        : bytes_(std::exchange(other.bytes_, {})), is_map_(std::exchange(other.is_map_, false)),
          descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)),
          copy_(std::move(other.copy_))
    {
    }

    mapped_file& operator=(mapped_file&& other) noexcept
    {
        std::swap(bytes_, other.bytes_);
        std::swap(is_map_, other.is_map_);
        std::swap(descriptor_, other.descriptor_);
        std::swap(path_, other.path_);
        std::swap(copy_, other.copy_);
        return *this;
    }

    mapped_file(const mapped_file&) = delete;
    mapped_file& operator=(const mapped_file&) = delete;

    ~mapped_file()
    {
        if (!is_map_)
            return;
        // The system takes the address without const and writes nothing through it.
        ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
        ::close(descriptor_);
    }

    /// The whole file; valid as long as this object, or the one that it is moved into. A map begins at a page.
    [[nodiscard]] std::span<const std::byte> bytes() const noexcept
    {
        return bytes_;
    }

    /// Reads `to.size()` bytes at `offset` without mapping them, which for bytes that are looked at once is several
    /// times faster than to have their pages mapped. Throws io_error where the file has become shorter, or reading
    /// fails. Thread-safe.
    void read_at(std::size_t offset, std::span<std::byte> to) const;

    /// Begins to fetch bytes from the disk while the caller goes on; what is in memory already is left alone.
    void read_ahead(std::size_t offset, std::size_t size) const noexcept
    {
        // Advice that the system does not take is no error.
        if (is_map_ && offset < bytes_.size())
            static_cast<void>(::posix_fadvise(descriptor_, static_cast<off_t>(offset),
                                              static_cast<off_t>(std::min(size, bytes_.size() - offset)),
                                              POSIX_FADV_WILLNEED));
    }

private:
    void read_to_end(int descriptor, const std::string& path);

    std::span<const std::byte> bytes_;
    bool is_map_ = false;
    int descriptor_ = -1;          // of a map's file
    std::string path_;             // the same
    std::vector<std::byte> copy_;  // of what cannot be mapped
};

namespace detail
{

/// Closes a file descriptor when it goes out of scope.
struct descriptor_closer
{
    int descriptor;

    ~descriptor_closer()
    {
        if (descriptor >= 0)
            ::close(descriptor);
    }
};

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
    case EROFS:
        return reason + "; choose another place";
    case ENOMEM:
        return reason + "; more memory or a higher limit of address space is needed";
    default:
        return reason;
    }
}

}  // namespace detail

inline mapped_file::mapped_file(const std::filesystem::path& path)
{
    const std::string name = path.string();
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        throw io_error(name, "cannot be opened for reading: " + detail::system_reason(errno));
    detail::descriptor_closer closer{descriptor};

    struct stat status = {};
    if (::fstat(descriptor, &status) != 0)
        throw io_error(name, "cannot be examined: " + detail::system_reason(errno));
    if (S_ISDIR(status.st_mode))
        throw io_error(name, "is a directory; name a file in it");
    if (S_ISBLK(status.st_mode) || (S_ISCHR(status.st_mode) && name != "/dev/null"))
        throw io_error(name, "is a device, not a file; copy what it holds into a file first");

    // What /proc and pipes hold has no size beforehand.
    if (!S_ISREG(status.st_mode) || status.st_size == 0)
    {
        read_to_end(descriptor, name);
        return;
    }

    if (static_cast<std::uintmax_t>(status.st_size) > std::numeric_limits<std::size_t>::max())
        throw io_error(name, "is larger than the address space; use a 64-bit build");
    const auto size = static_cast<std::size_t>(status.st_size);
    void* const address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    if (address == MAP_FAILED)
        throw io_error(name, "cannot be mapped into memory: " + detail::system_reason(errno));
    bytes_ = {static_cast<const std::byte*>(address), size};
    is_map_ = true;
    descriptor_ = std::exchange(closer.descriptor, -1);
    path_ = name;
}

inline void mapped_file::read_at(std::size_t offset, std::span<std::byte> to) const
{
    if (!is_map_)
    {
        std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(offset), to.size(), to.begin());
        return;
    }
    for (std::size_t done = 0; done < to.size();)
    {
        const auto count = ::pread(descriptor_, to.data() + done, to.size() - done, static_cast<off_t>(offset + done));
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            throw io_error(path_, "cannot be read at byte " + std::to_string(offset + done) + ": " +
                                      detail::system_reason(errno));
        if (count == 0)
            throw io_error(path_, "ends at byte " + std::to_string(offset + done) + ", but had " +
                                      std::to_string(bytes_.size()) +
                                      " bytes when it was opened; leave the file alone while it is read");
        done += static_cast<std::size_t>(count);
    }
}

inline void mapped_file::read_to_end(int descriptor, const std::string& path)
{
    constexpr std::size_t step = std::size_t{1} << 20;
    std::size_t size = 0;
    for (;;)
    {
        if (copy_.size() - size < step)
            copy_.resize(copy_.size() * 2 + step);
        const auto count = ::read(descriptor, copy_.data() + size, copy_.size() - size);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            throw io_error(path, "cannot be read: " + detail::system_reason(errno));
        if (count == 0)
            break;
        size += static_cast<std::size_t>(count);
    }
    copy_.resize(size);
    copy_.shrink_to_fit();
    bytes_ = copy_;
}

}  // namespace labelerrors::io

#endif
