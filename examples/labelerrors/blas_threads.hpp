#ifndef LABELERRORS_PROGRAM_BLAS_THREADS_HPP
#define LABELERRORS_PROGRAM_BLAS_THREADS_HPP

#if defined(__linux__)
// What OpenBLAS calls before a fork; null with any other BLAS.
extern "C" int blas_thread_shutdown_() __attribute__((weak));
#endif

namespace program
{

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
