#ifndef LABELERRORS_PROGRAM_BLAS_THREADS_HPP
#define LABELERRORS_PROGRAM_BLAS_THREADS_HPP

#if defined(__linux__)
#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>

// What OpenBLAS calls before a fork; null with any other BLAS.
extern "C" int blas_thread_shutdown_() __attribute__((weak));
#endif

namespace program
{

/// Begins the program anew, with a single thread of OpenBLAS, where address space is limited: OpenBLAS starts a thread
/// a core when it is loaded, each asks for some 100 MB until it gets them, and who ends the threads waits for that. On
/// a node of many cores a limit of gigabytes is too little, as batch systems set it. OPENBLAS_NUM_THREADS overrides
/// this. To be called before anything else; `arguments` are those of main.
inline void start_within_limits([[maybe_unused]] char** arguments) noexcept
{
#if defined(__linux__)
    const auto is_limited = [](auto resource)
    {
        rlimit limit = {};
        return ::getrlimit(resource, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
    };
    constexpr const char* variable = "OPENBLAS_NUM_THREADS";
    if (blas_thread_shutdown_ != nullptr && (is_limited(RLIMIT_AS) || is_limited(RLIMIT_DATA)) &&
        std::getenv(variable) == nullptr && ::setenv(variable, "1", 0) == 0)
        ::execv("/proc/self/exe", arguments);
#endif
}

/// Ends the threads that OpenBLAS starts, one a core, when it is loaded: they wait for work by looking for it all the
/// time, some 25 ms long, and what the program does first has to share the cores with them. The first call that has
/// work for them starts them anew.
inline void end_idle_blas_threads() noexcept
{
#if defined(__linux__)
    if (blas_thread_shutdown_ != nullptr)
        blas_thread_shutdown_();
#endif
}

}  // namespace program

#endif
