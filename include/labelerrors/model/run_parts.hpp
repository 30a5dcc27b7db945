#ifndef LABELERRORS_MODEL_RUN_PARTS_HPP
#define LABELERRORS_MODEL_RUN_PARTS_HPP

#include <labelerrors/rows/joining_thread.hpp>
#include <labelerrors/rows/num_threads.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <vector>

namespace labelerrors::detail
{

/// Thrown out of the work of a part by its own progress report once other work has failed.
struct work_stopped
{
};

/// Runs `work(part, stop)` for each part below `count` on several threads, each taking the next part once it is done
/// with one. What a part computes must not depend on the others. With `watch`, the calling thread does no work but
/// calls it every tenth of a second. Work that takes long may look whether `stop` is set, and throw work_stopped. Fewer
/// threads do the work where the system has no more; where it has none, the calling one does, and `watch` waits.
/// The exception of the first of the parts that failed, or that of `watch`, is thrown once every thread has ended.
template <class Work>
void run_parts(std::size_t count, std::size_t threads, const Work& work, const std::function<void()>& watch = {})
{
    std::atomic<std::size_t> next{0};
    std::atomic<bool> stop{false};
    std::vector<std::exception_ptr> errors(count);
    std::exception_ptr watch_error;
    const auto run = [&]
    {
        // Parts are begun in order, and one that was begun is ended unless it looks at `stop`.
        for (std::size_t part = next++; part < count && !stop; part = next++)
            try
            {
                work(part, stop);
            }
            catch (const work_stopped&)
            {
                return;
            }
            catch (...)
            {
                errors[part] = std::current_exception();
                stop = true;
            }
    };
    const std::size_t workers = std::min(num_threads(threads), count);
    if (!watch)
    {
        const auto others = start_threads(std::max<std::size_t>(workers, 1) - 1, [&run](std::size_t) { run(); });
        run();
    }
    else
    {
        std::mutex mutex;
        std::condition_variable ended;
        std::size_t num_ended = 0;
        const auto all = start_threads(workers,
                                       [&](std::size_t)
                                       {
                                           run();
                                           const std::lock_guard lock(mutex);
                                           ++num_ended;
                                           ended.notify_one();
                                       });
        if (all.empty())
            run();
        std::unique_lock lock(mutex);
        while (!ended.wait_for(lock, std::chrono::milliseconds(100), [&] { return num_ended == all.size(); }))
        {
            if (watch_error)
                continue;
            try
            {
                watch();
            }
            catch (...)
            {
                watch_error = std::current_exception();
                stop = true;
            }
        }
    }
    if (watch_error)
        std::rethrow_exception(watch_error);
    for (const auto& error : errors)
        if (error)
            std::rethrow_exception(error);
}

/// run_parts that tells `progress`, if there is one, the share of the parts that are done, on the calling thread.
template <class Work>
void run_told_parts(std::size_t count, std::size_t threads, const Work& work,
                    const std::function<void(double)>& progress)
{
    if (!progress)
    {
        run_parts(count, threads, work);
        return;
    }
    std::atomic<std::size_t> num_done{0};
    run_parts(
        count, threads,
        [&](std::size_t part, const std::atomic<bool>& stop)
        {
            work(part, stop);
            ++num_done;
        },
        [&] { progress(static_cast<double>(num_done) / static_cast<double>(count)); });
}

}  // namespace labelerrors::detail

#endif
