#ifndef LABELERRORS_ROWS_JOINING_THREAD_HPP
#define LABELERRORS_ROWS_JOINING_THREAD_HPP

#include <concepts>
#include <thread>
#include <utility>

namespace labelerrors::detail
{

/// A thread that is waited for where its object ends: what is used of std::jthread, which libc++ 14 lacks.
class joining_thread
{
public:
    /// Begins `work(arguments...)`, on copies of both. Throws std::system_error where there can be no more threads.
    template <class Work, class... Arguments>
        requires std::invocable<Work, Arguments...>
    explicit joining_thread(Work&& work, Arguments&&... arguments)
        : thread_(std::forward<Work>(work), std::forward<Arguments>(arguments)...)
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
