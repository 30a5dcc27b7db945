#ifndef LABELERRORS_ROWS_WORK_RANGES_HPP
#define LABELERRORS_ROWS_WORK_RANGES_HPP

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace labelerrors::detail
{

/// Where a part of the items [0, count) starts, which are split into parts that differ by one item at most; `count` for
/// the part behind the last.
[[nodiscard]] constexpr std::size_t start_of_part(std::size_t count, std::size_t parts, std::size_t part) noexcept
{
    return count / parts * part + std::min(part, count % parts);
}

/// The items [0, count), shared out among threads: one contiguous range each, which its thread takes piece by piece. A
/// thread that has none left takes over the rear half of what another one has left, for no two cores are as fast, nor
/// are two halves as much work. All members may be called by several threads at once.
class work_ranges
{
public:
    struct piece
    {
        std::size_t first;
        std::size_t last;
        bool follows;  // the piece before, of the same thread, ends where this one starts
    };

    /// `threads`: at least 1. `least_piece`: how many items are worth being asked for.
    work_ranges(std::size_t count, std::size_t threads, std::size_t least_piece)
        : ranges_(threads), piece_(std::max({count / threads / pieces_a_thread, least_piece, std::size_t{1}}))
    {
        for (std::size_t thread = 0; thread < threads; ++thread)
            ranges_[thread] = {start_of_part(count, threads, thread), start_of_part(count, threads, thread + 1), false};
    }

    /// The next items of a thread, if there are any for it.
    [[nodiscard]] std::optional<piece> next(std::size_t thread)
    {
        const std::lock_guard lock(mutex_);
        range& own = ranges_[thread];
        if (own.left() == 0)
        {
            range& other = *std::max_element(ranges_.begin(), ranges_.end(),
                                             [](const range& a, const range& b) { return a.left() < b.left(); });
            if (other.left() < 2 * piece_)
                return std::nullopt;
            const std::size_t middle = other.end - other.left() / 2;
            own = {middle, other.end, false};
            other.end = middle;
        }
        const std::size_t first = own.next;
        own.next = own.left() < 2 * piece_ ? own.end : first + piece_;
        return piece{first, own.next, std::exchange(own.begun, true)};
    }

private:
    static constexpr std::size_t pieces_a_thread = 16;

    struct range
    {
        std::size_t next = 0;
        std::size_t end = 0;
        bool begun = false;

        [[nodiscard]] std::size_t left() const noexcept
        {
            return end - next;
        }
    };

    std::mutex mutex_;
    std::vector<range> ranges_;
    std::size_t piece_;
};

}  // namespace labelerrors::detail

#endif
