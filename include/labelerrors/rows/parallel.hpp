#ifndef LABELERRORS_ROWS_PARALLEL_HPP
#define LABELERRORS_ROWS_PARALLEL_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/rows/joining_thread.hpp>
#include <labelerrors/rows/row_blocks.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <string_view>
#include <thread>
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
    // How many threads share the rows; 0: as many as the machine has. Results are the same bits for any number.
    std::size_t threads = 0;
    // Called on the calling thread, at the start of each pass and after each of its own blocks. An exception that it
    // throws ends the work and reaches the caller.
    std::function<void(const scan_progress&)> progress = {};
};

namespace detail
{

/// The threads that `work` elements are worth: a thread costs some 20 us to start, which is what 100,000 elements take.
[[nodiscard]] inline std::size_t threads_for(std::size_t threads, std::size_t work) noexcept
{
    constexpr std::size_t elements_per_thread = std::size_t{1} << 18;
    const std::size_t machine = std::max<std::size_t>(std::thread::hardware_concurrency(), 1);
    const std::size_t wanted = threads == 0 ? machine : std::min<std::size_t>(threads, 1024);
    return std::clamp<std::size_t>(work / elements_per_thread, 1, wanted);
}

/// Whether an accumulator takes rows of halves as they are stored.
template <class Accumulator>
concept takes_halves = requires(Accumulator& accumulator, const row_block<float16>& block)
{
    accumulator.add(block);
};

}  // namespace detail

/// Splits the items [0, count) into one contiguous range a thread, runs `work(accumulator, first, last, report)` on
/// each with a copy of `empty`, and merges the accumulators in the order of the ranges. `cost` is the number of matrix
/// elements behind one item and decides how many threads are worth starting. `work` calls `report(items)` as it goes.
/// The first exception, in the order of the ranges, is thrown again once every thread has ended.
template <class Accumulator, class Work>
[[nodiscard]] Accumulator accumulate(std::size_t count, std::size_t cost, std::string_view pass, Accumulator empty,
                                     const scan_options& options, const Work& work)
{
    const std::size_t threads = detail::threads_for(options.threads, count * std::max<std::size_t>(cost, 1));
    std::atomic<std::size_t> done{0};
    std::atomic<bool> stop{false};
    const auto run = [&](Accumulator& accumulator, std::size_t part)
    {
        const auto bound = [&](std::size_t p)
        {
            return count / threads * p + std::min(p, count % threads);
        };
        work(accumulator, bound(part), bound(part + 1),
             [&, part](std::size_t items)
             {
                 const std::size_t now = done.fetch_add(items, std::memory_order_relaxed) + items;
                 if (part == 0 && options.progress)
                     options.progress({pass, now, count});
                 return !stop.load(std::memory_order_relaxed);
             });
    };
    if (options.progress)
        options.progress({pass, 0, count});
    if (threads == 1)
    {
        run(empty, 0);
        return empty;
    }

    std::vector<Accumulator> accumulators(threads, empty);
    std::vector<std::exception_ptr> errors(threads);
    const auto guarded = [&](std::size_t part)
    {
        try
        {
            run(accumulators[part], part);
        }
        catch (...)
        {
            errors[part] = std::current_exception();
            stop = true;
        }
    };
    {
        std::vector<detail::joining_thread> workers;
        workers.reserve(threads - 1);
        for (std::size_t part = 1; part < threads; ++part)
            workers.emplace_back(guarded, part);
        guarded(0);
    }
    for (const auto& error : errors)
        if (error)
            std::rethrow_exception(error);
    for (std::size_t part = 1; part < threads; ++part)
        accumulators[0].merge(std::move(accumulators[part]));
    return std::move(accumulators[0]);
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

/// Calls `work(first, last)` for one contiguous range of the items [0, count) a thread. `cost` is as for `accumulate`.
template <class Work>
void in_ranges(std::size_t count, std::size_t cost, std::size_t threads, const Work& work)
{
    static_cast<void>(accumulate(count, cost, {}, nothing{}, {.threads = threads},
                                 [&](nothing&, std::size_t first, std::size_t last, const auto&)
                                 { work(first, last); }));
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
                              if constexpr (detail::takes_halves<Accumulator>)
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
                              detail::announce_rows(source, first_row, indices[start + rows - 1] - first_row + 1);
                              for (const std::size_t row : indices.subspan(start, rows))
                                  accumulator.add(row_block<T>{source.read(row, 1, buffer), row, 1, columns});
                              if (!report(rows))
                                  return;
                          }
                      });
}

}  // namespace labelerrors

#endif
