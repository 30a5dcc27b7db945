#ifndef LABELERRORS_IO_ATOMIC_FILE_HPP
#define LABELERRORS_IO_ATOMIC_FILE_HPP

#include <labelerrors/error.hpp>
#include <labelerrors/io/input_file.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace labelerrors::io
{

/// A file that is written whole or not at all: what is written goes to a new file beside the target, which takes the
/// target's name when `commit` is called. Without that call, whatever the reason, the target stays as it was and the
/// new file is removed. A target that is no regular file, such as a pipe, is written directly, and so is what is open
/// already: /dev/stdout, /dev/fd/3, whatever file that may be.
class atomic_file
{
public:
    /// Begins a file that shall be named `path`; symbolic links are followed, to a file that does not exist yet as
    /// well. It gets the owner, the group and the permissions of the file that it replaces, but never runs as another
    /// user (setuid, setgid); where the user may not give it to that group, the group may do what all others may.
    /// Throws io_error where the directory is missing or cannot be written, or `path` is a directory or a descriptor
    /// that is not open.
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

    /// Makes sure that all is on the disk and gives the file its name; nothing can be written from then on. Whoever
    /// looks finds the old content or the new, whole; after a crash of the machine it may be the old.
    /// Throws io_error where that fails, and then the target is as it was.
    void commit();

private:
    void open_directly(bool is_regular);
    void open_temporary(mode_t mode);
    void take_after(const struct stat& replaced);
    [[noreturn]] void fail(const std::string& problem, int error) const;
    void discard() noexcept;

    std::string name_;                 // as the caller gave it
    std::filesystem::path target_;     // with links resolved
    std::filesystem::path temporary_;  // empty if the target is written directly
    int descriptor_ = -1;
};

/// Whether `path` names what an atomic_file writes directly: a pipe, a device, what is open already, as /dev/stdout is.
/// Beside such there is no place for another file.
[[nodiscard]] bool is_stream(const std::filesystem::path& path);

namespace detail
{

/// Where a path leads when its links are followed.
struct followed_path
{
    std::filesystem::path path;
    bool is_descriptor = false;  // an entry of a directory that lists what a process has open
    int own_descriptor = -1;     // the number of a descriptor of this process
};

/// The whole of `digits` as the number of a descriptor; -1 if it is none.
[[nodiscard]] inline int descriptor_number(const std::string& digits) noexcept
{
    const char* const end = digits.data() + digits.size();
    int number = -1;
    const auto result = std::from_chars(digits.data(), end, number);
    return result.ec == std::errc() && result.ptr == end ? number : -1;
}

/// What the entry `name` of `directory`, whose links have been followed, is as a descriptor of a process.
[[nodiscard]] inline followed_path look_at_entry(const std::filesystem::path& directory,
                                                 const std::filesystem::path& name)
{
    followed_path followed{.path = directory / name};
    const std::string place = directory.string();
    followed.is_descriptor = place == "/dev/fd" || (place.starts_with("/proc/") && place.ends_with("/fd"));
    std::error_code error;
    const std::string own_place = std::filesystem::canonical("/proc/self", error).string() + "/";
    if (followed.is_descriptor && (place == "/dev/fd" || (!error && place.starts_with(own_place))))
        followed.own_descriptor = descriptor_number(name.string());
    return followed;
}

/// Follows the links of `path`, of which the last one may lead to nothing. Descriptors look like links too, but lead to
/// files that may have lost their names: they are not followed.
[[nodiscard]] inline followed_path follow_links(const std::filesystem::path& path)
{
    if (path == "/dev/stdout" || path == "/dev/stderr")
        return {path, true, path == "/dev/stdout" ? STDOUT_FILENO : STDERR_FILENO};
    constexpr int most_links = 40;  // the system's own limit
    followed_path followed{.path = path};
    for (int i = 0; i < most_links; ++i)
    {
        const std::filesystem::path parent = followed.path.parent_path();
        std::error_code error;
        const auto directory =
            parent == "/dev/fd" ? parent : std::filesystem::canonical(parent.empty() ? "." : parent, error);
        if (error)
            break;  // whoever makes a file there finds out why
        followed = look_at_entry(directory, followed.path.filename());
        const std::filesystem::path next = std::filesystem::read_symlink(followed.path, error);
        if (followed.is_descriptor || error)
            break;
        followed.path = directory / next;
    }
    return followed;
}

}  // namespace detail

inline bool is_stream(const std::filesystem::path& path)
{
    std::error_code ignored;
    const auto status = std::filesystem::status(path, ignored);
    const bool is_file = std::filesystem::is_regular_file(status) || std::filesystem::is_directory(status);
    return (std::filesystem::exists(status) && !is_file) || detail::follow_links(path).is_descriptor;
}

inline atomic_file::atomic_file(const std::filesystem::path& path) : name_(path.string())
{
    struct stat status = {};
    const bool exists = ::stat(path.c_str(), &status) == 0;
    if (!exists && errno != ENOENT)
        fail("cannot be written", errno);
    if (exists && S_ISDIR(status.st_mode))
        throw io_error(name_, "cannot be written: it is a directory; name a file in it");
    detail::followed_path followed = detail::follow_links(path);
    // A file that is open already was chosen by the caller, who may read on in it: it is not to be replaced.
    if (followed.own_descriptor >= 0)
    {
        const int flags = ::fcntl(followed.own_descriptor, F_GETFL);
        if (flags < 0 || (flags & O_ACCMODE) == O_RDONLY)
            throw io_error(name_, "cannot be written: it is not open for writing; open it first, as a shell does with "
                                  "3>FILE");
        descriptor_ = ::fcntl(followed.own_descriptor, F_DUPFD_CLOEXEC, 0);
        if (descriptor_ < 0)
            fail("cannot be written", errno);
        return;
    }
    target_ = std::move(followed.path);
    struct stat found = {};
    const bool is_found =
        ::stat(target_.c_str(), &found) == 0 && found.st_dev == status.st_dev && found.st_ino == status.st_ino;
    if (exists && (!S_ISREG(status.st_mode) || followed.is_descriptor || !is_found))
    {
        open_directly(S_ISREG(status.st_mode));
        return;
    }
    if (!path.has_filename() || !target_.has_filename())
        throw io_error(name_, "cannot be written: the path does not end in the name of a file");
    // A file that is protected against writing could be replaced, but is not meant to be.
    if (exists && ::access(path.c_str(), W_OK) != 0)
        fail("cannot be written", errno);
    constexpr mode_t default_mode = 0666;  // less what the user's mask takes away
    constexpr mode_t private_mode = 0600;  // until it has the owner and the group of the one that it replaces
    open_temporary(exists ? private_mode : default_mode);
    if (exists)
        take_after(status);
}

/// Opens what cannot be replaced.
inline void atomic_file::open_directly(bool is_regular)
{
    descriptor_ = ::open(name_.c_str(), O_WRONLY | O_CLOEXEC | (is_regular ? O_TRUNC : 0));
    if (descriptor_ < 0)
        fail("cannot be opened for writing", errno);
}

/// Gives the new file the owner, the group and the permissions of the one that it replaces, as far as the user may.
inline void atomic_file::take_after(const struct stat& replaced)
{
    struct stat made = {};
    const bool is_known = ::fstat(descriptor_, &made) == 0;
    constexpr auto as_it_is = static_cast<uid_t>(-1);
    const bool has_owner = is_known && made.st_uid == replaced.st_uid;
    bool has_group = is_known && made.st_gid == replaced.st_gid;
    if (!has_owner || !has_group)
        has_group = ::fchown(descriptor_, replaced.st_uid, replaced.st_gid) == 0 || has_group ||
                    ::fchown(descriptor_, as_it_is, replaced.st_gid) == 0;
    mode_t mode = replaced.st_mode & 01777;
    // What the old group was trusted with, another one is not.
    if (!has_group)
        mode &= ~static_cast<mode_t>(S_IRWXG) | ((mode & S_IRWXO) << 3);
    if (::fchmod(descriptor_, mode) == 0)
        return;
    const int error = errno;
    discard();
    fail("cannot be given the permissions of the file that it replaces", error);
}

inline void atomic_file::open_temporary(mode_t mode)
{
    const std::filesystem::path directory = target_.has_parent_path() ? target_.parent_path() : ".";
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
    std::error_code ignored;
    if (error == ENOENT && !std::filesystem::exists(directory, ignored))
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
