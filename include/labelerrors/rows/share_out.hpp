#ifndef LABELERRORS_ROWS_SHARE_OUT_HPP
#define LABELERRORS_ROWS_SHARE_OUT_HPP

#include <labelerrors/rows/joining_thread.hpp>
#include <labelerrors/rows/work_ranges.hpp>

#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <limits>
#include <vector>

namespace labelerrors::detail
{

/// What belongs to the items from `first` on.
template <class T>
struct of_items
{
    std::size_t first;
    T what;

    friend bool operator<(const of_items& a, const of_items& b) noexcept
    {
        return a.first < b.first;
    }
};

/// What tells the threads of some work to stop.
class stop_signal
{
public:
    /// All of it stops.
    void stop() noexcept
    {
        stopped_ = true;
    }

    /// The piece that begins with the item `first` failed. What is behind it is not needed any more; what is before it
    /// goes on, since it may fail as well and is then what is told about, whatever the number of threads.
    void fail(std::size_t first) noexcept
    {
        std::size_t known = failed_;
        while (first < known && !failed_.compare_exchange_weak(known, first))
            ;
    }

    /// Whether the piece that begins with the item `first` need not go on.
    [[nodiscard]] bool stops(std::size_t first) const noexcept
    {
        return stopped_.load(std::memory_order_relaxed) || first > failed_.load(std::memory_order_relaxed);
    }

private:
    std::atomic<bool> stopped_{false};
    std::atomic<std::size_t> failed_{std::numeric_limits<std::size_t>::max()};
};

/// Shares the items [0, count) out among threads: `work(thread, piece)` is called for pieces that make up all of them,
/// on the calling thread, which is thread 0, and on others. One thread is given all at once. `least_piece`: how many
/// items are worth being asked for. Where the system has no more threads, the calling one does the work of the rest.
/// The first exception, in the order of the items, is thrown again once every thread has ended: from one on no pieces
/// behind it are begun, and those that ask `stop` end. No template, so that starting threads is not compiled for each
/// kind of work.
inline void share_out(std::size_t count, std::size_t threads, std::size_t least_piece, stop_signal& stop,
                      const std::function<void(std::size_t thread, const work_ranges::piece&)>& work)
{
    if (threads == 1)
        return work(0, {0, count, false});
    work_ranges ranges(count, threads, least_piece);
    std::vector<of_items<std::exception_ptr>> errors(threads);
    const auto run = [&](std::size_t thread)
    {
        while (const auto piece = ranges.next(thread))
            try
            {
                if (!stop.stops(piece->first))
                    work(thread, *piece);
            }
            catch (...)
            {
                // Behind one that failed none is begun: the thread's last is its first in the order of the items.
                errors[thread] = {piece->first, std::current_exception()};
                stop.fail(piece->first);
            }
    };
    {
        const auto others = start_threads(threads - 1, [&run](std::size_t number) { run(number + 1); });
        run(0);
        // What is left of the ranges of threads that could not be started.
        for (std::size_t thread = others.size() + 1; thread < threads; ++thread)
            run(thread);
    }
    const of_items<std::exception_ptr>* first_error = nullptr;
    for (const auto& error : errors)
        if (error.what && (first_error == nullptr || error < *first_error))
            first_error = &error;
    if (first_error != nullptr)
        std::rethrow_exception(first_error->what);
}

}  // namespace labelerrors::detail

#endif
