#ifndef LABELERRORS_ROWS_NUM_THREADS_HPP
#define LABELERRORS_ROWS_NUM_THREADS_HPP

#include <algorithm>
#include <cstddef>
#include <thread>

namespace labelerrors::detail
{

/// How many threads the machine runs at once. Asked for once: the system reads a file to answer.
[[nodiscard]] inline std::size_t machine_threads() noexcept
{
    static const std::size_t count = std::max<std::size_t>(std::thread::hardware_concurrency(), 1);
    return count;
}

/// The number of threads that `threads` stands for; 0: as many as the machine has.
[[nodiscard]] inline std::size_t num_threads(std::size_t threads) noexcept
{
    return threads == 0 ? machine_threads() : std::min<std::size_t>(threads, 1024);
}

}  // namespace labelerrors::detail

#endif
