#ifndef LABELERRORS_IO_ATOMIC_FILE_HPP
#define LABELERRORS_IO_ATOMIC_FILE_HPP

#include <labelerrors/error.hpp>
#include <labelerrors/io/input_file.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

namespace labelerrors::io
{

/// A file that is written whole or not at all: what is written goes to a new file beside the target, which takes the
/// target's name when `commit` is called. Without that call, whatever the reason, the target stays as it was and the
/// new file is removed. A target that is no regular file, such as a pipe or /dev/stdout, is written directly.
class atomic_file
{
public:
    /// Begins a file that shall be named `path`; a symbolic link is followed. It gets the permissions of the file that
    /// it replaces. Throws io_error where the directory is missing or cannot be written, or `path` is a directory.
    explicit atomic_file(const std::filesystem::path& path);

    atomic_file(const atomic_file&) = delete;
    atomic_file& operator=(const atomic_file&) = delete;

    ~atomic_file()
    {
        discard();
    }

    /// Appends `bytes`. Throws io_error where the disk is full, the pipe closed, ...
    void write(std::span<const std::byte> bytes);

    /// Appends `text` as it is.
    void write(std::string_view text)
    {
        write(std::as_bytes(std::span(text.data(), text.size())));
    }

    /// Makes sure that all is on the disk and gives the file its name; nothing can be written from then on.
    /// Throws io_error where that fails, and then the target is as it was.
    void commit();

private:
    void open_temporary(const std::filesystem::path& directory, mode_t mode);
    [[noreturn]] void fail(const std::string& problem, int error) const;
    void discard() noexcept;

    std::string name_;                 // as the caller gave it
    std::filesystem::path target_;     // with links resolved
    std::filesystem::path temporary_;  // empty if the target is written directly
    int descriptor_ = -1;
};

inline atomic_file::atomic_file(const std::filesystem::path& path) : name_(path.string()), target_(path)
{
    struct stat status = {};
    const bool exists = ::stat(path.c_str(), &status) == 0;
    if (!exists && errno != ENOENT)
        fail("cannot be written", errno);
    if (exists && S_ISDIR(status.st_mode))
        throw io_error(name_, "cannot be written: it is a directory; name a file in it");
    // The standard streams are files of the caller's choice, open already, that are not to be replaced.
    if (name_ == "/dev/stdout" || name_ == "/dev/stderr")
    {
        descriptor_ = ::fcntl(name_ == "/dev/stdout" ? STDOUT_FILENO : STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
        if (descriptor_ < 0)
            fail("cannot be written", errno);
        return;
    }
    if (exists && !S_ISREG(status.st_mode))
    {
        descriptor_ = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
        if (descriptor_ < 0)
            fail("cannot be opened for writing", errno);
        return;
    }
    if (!path.has_filename())
        throw io_error(name_, "cannot be written: the path does not end in the name of a file");
    // A file that is protected against writing could be replaced, but is not meant to be.
    if (exists && ::access(path.c_str(), W_OK) != 0)
        fail("cannot be written", errno);
    std::error_code none;
    if (const auto resolved = std::filesystem::canonical(path, none); exists && !none)
        target_ = resolved;
    else if (std::filesystem::is_symlink(path, none))
        target_ = path.parent_path() / std::filesystem::read_symlink(path, none);
    const std::filesystem::path directory = target_.has_parent_path() ? target_.parent_path() : ".";
    constexpr mode_t default_mode = 0666;  // less what the user's mask takes away
    open_temporary(directory, default_mode);
    if (exists && ::fchmod(descriptor_, status.st_mode & 07777) != 0)
    {
        const int error = errno;
        discard();
        fail("cannot be given the permissions of the file that it replaces", error);
    }
}

inline void atomic_file::open_temporary(const std::filesystem::path& directory, mode_t mode)
{
    constexpr int most_attempts = 1000;
    for (int attempt = 0; attempt < most_attempts; ++attempt)
    {
        temporary_ =
            directory / (".labelerrors-" + std::to_string(::getpid()) + "-" + std::to_string(attempt) + ".tmp");
        descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (descriptor_ >= 0)
            return;
        if (errno != EEXIST)
            break;
    }
    const int error = errno;
    temporary_.clear();
    if (error == ENOENT)
        throw io_error(name_, "cannot be written: the directory " + directory.string() + " does not exist; create it");
    fail("cannot be written: no file can be created in " + directory.string(), error);
}

inline void atomic_file::write(std::span<const std::byte> bytes)
{
    while (!bytes.empty())
    {
        const auto count = ::write(descriptor_, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            fail("cannot be written", errno);
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
}

inline void atomic_file::commit()
{
    const bool is_replaced = !temporary_.empty();
    if (is_replaced && ::fsync(descriptor_) != 0)
        fail("cannot be written to the disk", errno);
    const int descriptor = descriptor_;
    descriptor_ = -1;
    // Some file systems report a full disk no sooner than here.
    if (::close(descriptor) != 0)
        fail("cannot be written", errno);
    if (is_replaced && ::rename(temporary_.c_str(), target_.c_str()) != 0)
        fail("cannot be replaced", errno);
    temporary_.clear();
}

inline void atomic_file::fail(const std::string& problem, int error) const
{
    throw io_error(name_, problem + ": " + detail::system_reason(error));
}

inline void atomic_file::discard() noexcept
{
    if (descriptor_ >= 0)
        ::close(descriptor_);
    descriptor_ = -1;
    if (!temporary_.empty())
        ::unlink(temporary_.c_str());
    temporary_.clear();
}

}  // namespace labelerrors::io

#endif
