#ifndef LABELERRORS_IO_CACHED_READS_HPP
#define LABELERRORS_IO_CACHED_READS_HPP

#include <labelerrors/io/byte_source.hpp>
#include <labelerrors/io/input_file.hpp>

#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cstddef>
#include <span>
#include <string>

namespace labelerrors::io
{

/// Reads, for one thread, a few bytes here and there of a file as far as the system has them in memory: it never waits
/// for the disk. Where the system or the file system cannot say what is in memory, nothing is.
class cached_reads
{
public:
    /// `source` must outlive this object.
    explicit cached_reads(const byte_source& source) : source_(source)
    {
#if defined(RWF_NOWAIT)
        // Threads that read one open file count its users in one place, and wait for each other there.
        if (!source.is_in_memory())
            own_ =
                ::open(("/proc/self/fd/" + std::to_string(source.file()->descriptor())).c_str(), O_RDONLY | O_CLOEXEC);
#endif
    }

    cached_reads(const cached_reads&) = delete;
    cached_reads& operator=(const cached_reads&) = delete;

    ~cached_reads()
    {
        if (own_ >= 0)
            ::close(own_);
    }

    /// Copies `to.size()` bytes from `offset` on, which must exist, if all of them are in memory; returns whether.
    /// What can be wrong with a file is left to byte_source::read_at to find.
    [[nodiscard]] bool read_at(std::size_t offset, std::span<std::byte> to) const noexcept
    {
        if (source_.is_in_memory())
        {
            source_.read_at(offset, to);
            return true;
        }
#if defined(RWF_NOWAIT)
        const iovec place{to.data(), to.size()};
        const auto count = ::preadv2(own_ >= 0 ? own_ : source_.file()->descriptor(), &place, 1,
                                     static_cast<off_t>(source_.offset_in_file() + offset), RWF_NOWAIT);
        return count >= 0 && static_cast<std::size_t>(count) == to.size();
#else
        return false;
#endif
    }

private:
    const byte_source& source_;
    int own_ = -1;  // opened for this object
};

}  // namespace labelerrors::io

#endif
