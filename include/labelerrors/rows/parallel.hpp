#ifndef LABELERRORS_ROWS_PARALLEL_HPP
#define LABELERRORS_ROWS_PARALLEL_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/rows/num_threads.hpp>
#include <labelerrors/rows/row_blocks.hpp>
#include <labelerrors/rows/share_out.hpp>
#include <labelerrors/rows/work_ranges.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <functional>
#include <iterator>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace labelerrors
{

/// How far a pass over the rows has come.
struct scan_progress
{
    std::string_view pass;  // what the pass does, in the words of the algorithm: "thresholds", "confident joint", ...
    std::size_t rows_done = 0;  // by all threads together
    std::size_t rows = 0;       // in the whole pass
};

/// What every function that scans rows lets its caller choose.
struct scan_options
{
    // How many threads share the rows, at most 1,024; 0: as many as the machine has. Results are the same bits for any
    // number.
    std::size_t threads = 0;
    // Called on the calling thread, at the start of each pass and after each of its own blocks. An exception that it
    // throws ends the work and reaches the caller.
    std::function<void(const scan_progress&)> progress = {};
};

namespace detail
{

/// The threads that `work` elements are worth: a thread costs some 20 us to start, and is worth that only if it
/// saves twice as much; 100,000 elements take as long.
[[nodiscard]] inline std::size_t threads_for(std::size_t threads, std::size_t work) noexcept
{
    constexpr std::size_t elements_per_thread = std::size_t{1} << 18;
    const std::size_t worth = std::max<std::size_t>(work / elements_per_thread, 1);
    return worth == 1 ? 1 : std::min(worth, num_threads(threads));
}

/// How many elements are worth being asked for: some 5 to 50 us of work.
inline constexpr std::size_t elements_per_piece = std::size_t{1} << 16;

/// How far the threads of a pass have come together.
class shared_progress
{
public:
    stop_signal stop;

    /// Reports the start. `options` must outlive this.
    shared_progress(const scan_options& options, std::string_view pass, std::size_t count)
        : options_(options), pass_(pass), count_(count)
    {
        if (options_.progress)
            options_.progress({pass_, 0, count_});
    }

    /// Adds items.
    void add(std::size_t items) noexcept
    {
        done_.fetch_add(items, std::memory_order_relaxed);
    }

    /// Tells the caller, on its own thread, who may end all work by an exception.
    void tell()
    {
        if (!options_.progress)
            return;
        try
        {
            options_.progress({pass_, done_.load(std::memory_order_relaxed), count_});
        }
        catch (...)
        {
            stop.stop();
            throw;
        }
    }

private:
    const scan_options& options_;
    std::string_view pass_;
    std::size_t count_;
    std::atomic<std::size_t> done_{0};
};

/// Whether an accumulator takes rows of halves as they are stored.
template <class Accumulator>
concept takes_halves = requires(Accumulator& accumulator, const row_block<float16>& block)
{
    accumulator.add(block);
};

/// What the work of a pass tells after each block of a piece.
struct block_report
{
    shared_progress& progress;
    std::size_t first;  // item of the piece
    bool by_caller;     // on the caller's own thread

    /// `items` more are done. Returns whether to go on.
    bool operator()(std::size_t items) const
    {
        progress.add(items);
        if (by_caller)
            progress.tell();
        return !progress.stop.stops(first);
    }
};

/// An accumulator of a type that only its user knows, with what ends it.
using any_accumulator = std::unique_ptr<void, void (*)(void*)>;

/// What is done with such accumulators.
struct accumulation
{
    std::function<any_accumulator()> copy_empty;
    std::function<void(void* accumulator, const work_ranges::piece&, const block_report&)> add;
    void (*merge)(void* accumulator, void* later);
};

/// Adds the items [0, count) to `empty` where one thread does it all, else to copies of it, which are merged in the
/// order of their items. Returns the merged one; none where `empty` is all of them. No template, so that sharing work
/// out is not compiled for each kind of it.
[[nodiscard]] inline any_accumulator accumulate_any(std::size_t count, std::size_t cost, std::string_view pass,
                                                    void* empty, const scan_options& options, const accumulation& kind)
{
    cost = std::max<std::size_t>(cost, 1);
    const std::size_t threads = threads_for(options.threads, count * cost);
    shared_progress progress(options, pass, count);
    std::vector<std::vector<of_items<any_accumulator>>> accumulators(threads);
    share_out(count, threads, elements_per_piece / cost, progress.stop,
              [&](std::size_t thread, const work_ranges::piece& piece)
              {
                  auto& own = accumulators[thread];
                  if (threads != 1 && !piece.follows)
                      own.push_back({piece.first, kind.copy_empty()});
                  kind.add(threads == 1 ? empty : own.back().what.get(), piece, {progress, piece.first, thread == 0});
              });
    auto& all = accumulators[0];
    for (std::size_t thread = 1; thread < threads; ++thread)
        std::move(accumulators[thread].begin(), accumulators[thread].end(), std::back_inserter(all));
    if (all.empty())
        return {nullptr, nullptr};
    std::sort(all.begin(), all.end());
    for (std::size_t i = 1; i < all.size(); ++i)
        kind.merge(all[0].what.get(), all[i].what.get());
    return std::move(all[0].what);
}

}  // namespace detail

/// Shares the items [0, count) out among threads, runs `work(accumulator, first, last, report)` on contiguous ranges of
/// them, and merges the accumulators, copies of `empty`, in the order of their items: one is given ascending ranges
/// without a gap. `cost` is the number of matrix elements behind one item and decides how many threads are worth
/// starting. `work` calls `report(items)` as it goes, and ends where that returns false.
/// The first exception, in the order of the items, is thrown again once every thread has ended: the same for any number
/// of threads where `work` goes through its items in order.
template <class Accumulator, class Work>
[[nodiscard]] Accumulator accumulate(std::size_t count, std::size_t cost, std::string_view pass, Accumulator empty,
                                     const scan_options& options, const Work& work)
{
    const auto merged = detail::accumulate_any(
        count, cost, pass, &empty, options,
        {[&empty] {
             return detail::any_accumulator(new Accumulator(empty),
                                            [](void* copy) { delete static_cast<Accumulator*>(copy); });
         },
         [&work](void* accumulator, const detail::work_ranges::piece& piece, const detail::block_report& report)
         { work(*static_cast<Accumulator*>(accumulator), piece.first, piece.last, report); },
         [](void* accumulator, void* later)
         {
             static_cast<Accumulator*>(accumulator)->merge(std::move(*static_cast<Accumulator*>(later)));
         }});
    return std::move(merged ? *static_cast<Accumulator*>(merged.get()) : empty);
}

namespace detail
{

/// What work that needs nothing of its own accumulates.
struct nothing
{
    void merge(nothing&&) noexcept
    {
    }
};

/// Calls `work(first, last)` for ranges that are the items [0, count) together, on several threads where these are
/// worth it. `cost` is as for `accumulate`.
inline void in_ranges(std::size_t count, std::size_t cost, std::size_t threads,
                      const std::function<void(std::size_t first, std::size_t last)>& work)
{
    cost = std::max<std::size_t>(cost, 1);
    stop_signal stop;
    share_out(count, threads_for(threads, count * cost), elements_per_piece / cost, stop,
              [&](std::size_t, const work_ranges::piece& piece) { work(piece.first, piece.last); });
}

}  // namespace detail

/// Feeds every row of `source`, block by block, to copies of `empty` and returns their merged state.
/// An accumulator has `add(const row_block<T>&)` and `merge(Accumulator&&)`, the other's rows coming later than its
/// own. One that has `add(const row_block<float16>&)` too is given rows that are stored as halves in place.
template <row_source Source, class Accumulator>
[[nodiscard]] Accumulator scan(const Source& source, std::string_view pass, Accumulator empty,
                               const scan_options& options)
{
    using T = typename Source::value_type;
    const std::size_t columns = source.num_columns();
    return accumulate(source.num_rows(), columns, pass, std::move(empty), options,
                      [&](Accumulator& accumulator, std::size_t first, std::size_t last, const auto& report)
                      {
                          std::vector<T> buffer;
                          [[maybe_unused]] std::vector<float16> half_buffer;
                          const std::size_t step = rows_per_block<T>(columns);
                          for (std::size_t row = first; row < last; row += step)
                          {
                              const std::size_t rows = std::min(step, last - row);
                              detail::announce_rows(source, row, rows);
                              if constexpr (half_source<Source> && detail::takes_halves<Accumulator>)
                                  if (const float16* halves = detail::halves_of(source, row, rows, half_buffer))
                                  {
                                      accumulator.add(row_block<float16>{halves, row, rows, columns});
                                      if (!report(rows))
                                          return;
                                      continue;
                                  }
                              accumulator.add(row_block<T>{source.read(row, rows, buffer), row, rows, columns});
                              if (!report(rows))
                                  return;
                          }
                      });
}

namespace detail
{

/// Feeds the rows with the given ascending indices, one at a time, to copies of `empty`. The accumulator's `add` gets a
/// block of one row.
template <row_source Source, class Accumulator>
[[nodiscard]] Accumulator scan_some(const Source& source, std::span<const std::size_t> indices, std::string_view pass,
                                    Accumulator empty, const scan_options& options)
{
    using T = typename Source::value_type;
    const std::size_t columns = source.num_columns();
    return accumulate(indices.size(), columns, pass, std::move(empty), options,
                      [&](Accumulator& accumulator, std::size_t first, std::size_t last, const auto& report)
                      {
                          std::vector<T> buffer;
                          constexpr std::size_t step = 1024;
                          for (std::size_t start = first; start < last; start += step)
                          {
                              const std::size_t rows = std::min(step, last - start);
                              const std::size_t first_row = indices[start];
                              announce_rows(source, first_row, indices[start + rows - 1] - first_row + 1);
                              for (const std::size_t row : indices.subspan(start, rows))
                                  accumulator.add(row_block<T>{source.read(row, 1, buffer), row, 1, columns});
                              if (!report(rows))
                                  return;
                          }
                      });
}

}  // namespace detail

}  // namespace labelerrors

#endif
