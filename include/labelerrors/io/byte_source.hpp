#ifndef LABELERRORS_IO_BYTE_SOURCE_HPP
#define LABELERRORS_IO_BYTE_SOURCE_HPP

#include <labelerrors/io/input_file.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <span>
#include <vector>

namespace labelerrors::io
{

/// Some bytes in a row, in memory or in a file that is read as they are wanted. It refers to them: whoever holds it
/// keeps them alive. Its functions are thread-safe.
class byte_source
{
public:
    byte_source() = default;

    /// Bytes in memory: a span or a container of them.
    template <std::convertible_to<std::span<const std::byte>> Bytes>
    byte_source(const Bytes& bytes) noexcept : bytes_(bytes), size_(bytes_.size())
    {
    }

    /// All bytes of a file.
    byte_source(const input_file& file) noexcept
        : bytes_(file.bytes()), file_(file.is_in_memory() ? nullptr : &file), size_(file.size())
    {
    }

    [[nodiscard]] std::size_t size() const noexcept
    {
        return size_;
    }

    [[nodiscard]] bool is_in_memory() const noexcept
    {
        return file_ == nullptr;
    }

    /// All of the bytes if they are in memory, else nothing.
    [[nodiscard]] std::span<const std::byte> bytes() const noexcept
    {
        return bytes_;
    }

    /// The file that the bytes are read from; null where they are in memory.
    [[nodiscard]] const input_file* file() const noexcept
    {
        return file_;
    }

    /// Where in that file the bytes begin.
    [[nodiscard]] std::size_t offset_in_file() const noexcept
    {
        return offset_;
    }

    /// Bytes [offset, offset + size), which must exist.
    [[nodiscard]] byte_source part(std::size_t offset, std::size_t size) const noexcept
    {
        byte_source source = *this;
        source.size_ = size;
        if (is_in_memory())
            source.bytes_ = bytes_.subspan(offset, size);
        else
            source.offset_ += offset;
        return source;
    }

    /// Copies `to.size()` bytes from `offset` on, which must exist. Throws what input_file::read_at throws.
    void read_at(std::size_t offset, std::span<std::byte> to) const
    {
        if (is_in_memory())
            std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(offset), to.size(), to.begin());
        else
            file_->read_at(offset_ + offset, to);
    }

    /// Bytes [offset, offset + size), which must exist: in place, or read into `buffer`. Throws as read_at does.
    [[nodiscard]] std::span<const std::byte> at(std::size_t offset, std::size_t size,
                                                std::vector<std::byte>& buffer) const
    {
        if (is_in_memory())
            return bytes_.subspan(offset, size);
        buffer.resize(size);
        read_at(offset, buffer);
        return buffer;
    }

    /// See input_file.
    void read_ahead(std::size_t offset, std::size_t size) const noexcept
    {
        if (!is_in_memory())
            file_->read_ahead(offset_ + offset, size);
    }

private:
    std::span<const std::byte> bytes_;
    const input_file* file_ = nullptr;  // null where the bytes are in memory
    std::size_t offset_ = 0;            // in the file
    std::size_t size_ = 0;
};

namespace detail
{

/// The bytes of `source` from `offset` on, some at a time: as many as zlib counts of what is in memory, little of a
/// file.
[[nodiscard]] inline std::span<const std::byte> next_bytes(const byte_source& source, std::size_t offset,
                                                           std::vector<std::byte>& buffer)
{
    const std::size_t step = source.is_in_memory() ? std::size_t{1} << 30 : std::size_t{1} << 18;
    return source.at(offset, std::min(step, source.size() - offset), buffer);
}

}  // namespace detail

}  // namespace labelerrors::io

#endif
