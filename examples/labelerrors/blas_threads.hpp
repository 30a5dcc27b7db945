#ifndef LABELERRORS_PROGRAM_BLAS_THREADS_HPP
#define LABELERRORS_PROGRAM_BLAS_THREADS_HPP

#if defined(__linux__)
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstddef>
#include <memory>
#include <new>
#include <string_view>

// What OpenBLAS calls before a fork; null with any other BLAS.
extern "C" int blas_thread_shutdown_() __attribute__((weak));

namespace program
{

inline void refuse_limits(int /*signal*/)
{
    constexpr std::string_view problem = "labelerrors: error: OpenBLAS cannot start within the limit of address space "
                                         "(ulimit -v) or of data (ulimit -d); raise it by 200 MB\n";
    static_cast<void>(::write(STDERR_FILENO, problem.data(), problem.size()) != 0);
    ::_exit(1);
}

/// Begins the program anew, with a single thread of OpenBLAS, where address space is limited: OpenBLAS starts a thread
/// a core when it is loaded, each asks for some 130 MB until it gets them, and who loads it, or ends the threads, waits
/// for that. On a node of many cores a limit of gigabytes is too little, as batch systems set it. OPENBLAS_NUM_THREADS
/// overrides this. Where the limit is too little for one thread the program ends with an error instead of waiting.
/// To be called before libraries start, from .preinit_array, which the C library calls with main's arguments: so early
/// it may use nothing that has to be set up, not even getenv.
inline void start_within_limits(int /*count*/, char** arguments, char** environment) noexcept
{
    const auto is_limited = [](auto resource)
    {
        rlimit limit = {};
        return ::getrlimit(resource, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
    };
    if (blas_thread_shutdown_ == nullptr || (!is_limited(RLIMIT_AS) && !is_limited(RLIMIT_DATA)))
        return;
    static char one_thread[] = "OPENBLAS_NUM_THREADS=1";
    const auto name = std::string_view(one_thread).substr(0, std::string_view(one_thread).size() - 1);
    bool is_set = false;
    char** end = environment;
    for (; *end != nullptr; ++end)
        is_set = is_set || std::string_view(*end).starts_with(name);
    if (!is_set)
    {
        const std::unique_ptr<char*[]> variables(
            new (std::nothrow) char*[static_cast<std::size_t>(end - environment) + 2]);
        if (variables != nullptr)
        {
            char** const last = std::copy(environment, end, variables.get());
            last[0] = one_thread;
            last[1] = nullptr;
            ::execve("/proc/self/exe", arguments, variables.get());
        }
    }
    constexpr unsigned most_seconds = 30;
    // An alarm of the caller's ends the wait as well.
    if (const unsigned left = ::alarm(most_seconds); left != 0)
        ::alarm(left);
    else
        std::signal(SIGALRM, refuse_limits);
}

/// Ends the threads that OpenBLAS has started, one a core: they wait for work by looking for it all the time, some 25
/// ms long, and what the program does first has to share the cores with them. The first call that has work for them
/// starts them anew. From here on nobody waits for OpenBLAS to start.
inline void end_idle_blas_threads() noexcept
{
    if (blas_thread_shutdown_ == nullptr)
        return;
    blas_thread_shutdown_();
    const auto previous = std::signal(SIGALRM, SIG_DFL);
    if (previous == refuse_limits)
        ::alarm(0);
    else
        std::signal(SIGALRM, previous);
}

}  // namespace program

#else

namespace program
{

inline void end_idle_blas_threads() noexcept
{
}

}  // namespace program

#endif

#endif
