#ifndef LABELERRORS_IO_GZIP_HPP
#define LABELERRORS_IO_GZIP_HPP

#include <labelerrors/error.hpp>
#include <labelerrors/io/byte_source.hpp>
#include <labelerrors/io/read_npz.hpp>

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace labelerrors::io
{

/// Whether a file begins as one compressed with gzip does.
[[nodiscard]] inline bool is_gzip(const byte_source& file)
{
    std::array<std::byte, 2> start = {};
    if (file.size() < start.size())
        return false;
    file.read_at(0, start);
    return start[0] == std::byte{0x1f} && start[1] == std::byte{0x8b};
}

/// Inflates a file compressed with gzip, as many bytes at a time as the caller has room for: what it holds altogether
/// is found out only by reading on, so that a small file cannot fill the memory.
class gzip_reader
{
public:
    /// `file`, whose bytes must outlive the reader, is the whole file, named `path` in messages.
    gzip_reader(const byte_source& file, std::string path) : file_(file), path_(std::move(path))
    {
        // 16 stands for the frame of gzip, whose check sum zlib compares.
        if (::inflateInit2(&work_.stream, 16 + MAX_WBITS) != Z_OK)
            throw std::bad_alloc();
    }

    /// Fills `to` as far as the content goes and returns how many bytes that were; fewer than there is room for only at
    /// the end. Throws format_error where the file is damaged, cut short, or goes on after its content, and what
    /// input_file::read_at throws. O(size of to).
    std::size_t read(std::span<std::byte> to);

    /// Where in the compressed file the reader is.
    [[nodiscard]] std::size_t offset() const noexcept
    {
        return position_;
    }

private:
    detail::inflation work_;
    byte_source file_;
    std::vector<std::byte> buffer_;
    std::string path_;
    std::size_t position_ = 0;
    bool is_at_end_ = false;
};

inline std::size_t gzip_reader::read(std::span<std::byte> to)
{
    constexpr std::size_t step = std::size_t{1} << 30;  // zlib counts in 32 bits
    std::size_t filled = 0;
    while (!is_at_end_ && filled < to.size())
    {
        const auto next = detail::next_bytes(file_, position_, buffer_);
        const auto in = static_cast<uInt>(next.size());
        const auto out = static_cast<uInt>(std::min(to.size() - filled, step));
        // zlib does not write through next_in.
        work_.stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(next.data()));
        work_.stream.avail_in = in;
        work_.stream.next_out = reinterpret_cast<Bytef*>(to.data() + filled);
        work_.stream.avail_out = out;
        const int status = ::inflate(&work_.stream, Z_NO_FLUSH);
        position_ += in - work_.stream.avail_in;
        filled += out - work_.stream.avail_out;
        if (status == Z_STREAM_END)
            is_at_end_ = true;
        else if (status == Z_BUF_ERROR && position_ == file_.size())
            throw format_error(path_, position_,
                               "the file ends before its content compressed with gzip does; copy it again");
        else if (status != Z_OK)
            throw format_error(path_, position_,
                               std::string("the content compressed with gzip is damaged") +
                                   (work_.stream.msg == nullptr ? "" : std::string(" (") + work_.stream.msg + ")") +
                                   "; copy it again");
    }
    if (is_at_end_ && position_ < file_.size())
        throw format_error(path_, position_,
                           "the file goes on after its content compressed with gzip; decompress it first");
    return filled;
}

}  // namespace labelerrors::io

#endif
