#ifndef LABELERRORS_ROWS_JOINING_THREAD_HPP
#define LABELERRORS_ROWS_JOINING_THREAD_HPP

#include <cstddef>
#include <functional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace labelerrors::detail
{

/// A thread that is waited for where its object ends: what is used of std::jthread, which libc++ 14 lacks.
class joining_thread
{
public:
    /// Begins `work()`. Throws std::system_error where there can be no more threads.
    explicit joining_thread(std::function<void()> work) : thread_(std::move(work))
    {
    }

    joining_thread(joining_thread&&) noexcept = default;
    joining_thread& operator=(joining_thread&&) = delete;

    ~joining_thread()
    {
        if (thread_.joinable())
            thread_.join();
    }

private:
    std::thread thread_;
};

/// Begins `work(0)` to `work(count - 1)`, each on a thread of its own, in this order; as many of them as the system has
/// threads for. How many were begun is the size of what is returned: the rest is the caller's to do.
[[nodiscard]] inline std::vector<joining_thread> start_threads(std::size_t count,
                                                               const std::function<void(std::size_t)>& work)
{
    std::vector<joining_thread> threads;
    threads.reserve(count);
    try
    {
        while (threads.size() < count)
            threads.emplace_back([work, number = threads.size()] { work(number); });
    }
    catch (const std::system_error&)
    {
        // No more threads for now: those that there are will do.
    }
    return threads;
}

}  // namespace labelerrors::detail

#endif
