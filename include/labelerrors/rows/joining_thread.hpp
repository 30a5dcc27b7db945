#ifndef LABELERRORS_ROWS_JOINING_THREAD_HPP
#define LABELERRORS_ROWS_JOINING_THREAD_HPP

#include <functional>
#include <thread>
#include <utility>

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

}  // namespace labelerrors::detail

#endif
