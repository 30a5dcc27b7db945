#ifndef LABELERRORS_TESTS_SUPPORT_NO_MORE_THREADS_HPP
#define LABELERRORS_TESTS_SUPPORT_NO_MORE_THREADS_HPP

#include <pthread.h>

#include <cstddef>
#include <limits>
#include <system_error>
#include <thread>

namespace tests
{

/// While it lives no thread can be started, as where the system has no more: each would have a stack that is larger
/// than memory. Where the C library knows no default stack, threads start all the same.
class no_more_threads
{
public:
    no_more_threads()
    {
#if defined(__GLIBC__)
        pthread_getattr_default_np(&before_);
        pthread_attr_t huge;
        pthread_attr_init(&huge);
        pthread_attr_setstacksize(&huge, std::numeric_limits<std::size_t>::max() / 4 + 1);
        pthread_setattr_default_np(&huge);
        pthread_attr_destroy(&huge);
#endif
    }

    no_more_threads(const no_more_threads&) = delete;
    no_more_threads& operator=(const no_more_threads&) = delete;

    ~no_more_threads()
    {
#if defined(__GLIBC__)
        pthread_setattr_default_np(&before_);
        pthread_attr_destroy(&before_);
#endif
    }

    /// Whether that is so.
    [[nodiscard]] static bool holds()
    {
        try
        {
            std::thread([] {}).join();
        }
        catch (const std::system_error&)
        {
            return true;
        }
        return false;
    }

private:
#if defined(__GLIBC__)
    pthread_attr_t before_;
#endif
};

}  // namespace tests

#endif
