#ifndef LABELERRORS_ROWS_LARGE_VECTOR_HPP
#define LABELERRORS_ROWS_LARGE_VECTOR_HPP

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace labelerrors
{

namespace detail
{

inline constexpr std::size_t large_page = std::size_t{1} << 21;

/// From so many bytes on a large page costs less than the small ones it stands for.
inline constexpr std::size_t least_large_block = std::size_t{1} << 19;

/// Asks for large pages behind a block of memory that is about to be written for the first time, where the system has
/// them and they lie within the block. The first touch of a page costs microseconds, far more than what is written to
/// it: memory fresh from the system is slower than any other. Changes nothing but time; O(1).
inline void advise_large_pages([[maybe_unused]] void* block, [[maybe_unused]] std::size_t bytes) noexcept
{
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    const auto first = (reinterpret_cast<std::uintptr_t>(block) + large_page - 1) / large_page * large_page;
    const auto last = (reinterpret_cast<std::uintptr_t>(block) + bytes) / large_page * large_page;
    if (first < last)
        static_cast<void>(madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE));
#endif
}

}  // namespace detail

/// An allocator whose large blocks begin at a large page and fill whole ones. What is not used of them is not touched.
template <class T>
class large_page_allocator
{
public:
    using value_type = T;

    large_page_allocator() = default;

    template <class U>
    large_page_allocator(const large_page_allocator<U>& /*other*/) noexcept
    {
    }

    [[nodiscard]] T* allocate(std::size_t count)
    {
        if (count > (std::numeric_limits<std::size_t>::max() - detail::large_page) / sizeof(T))
            throw std::bad_array_new_length();
        const std::size_t bytes = count * sizeof(T);
        if (bytes < detail::least_large_block)
            return static_cast<T*>(::operator new(bytes));
        const std::size_t whole = (bytes + detail::large_page - 1) / detail::large_page * detail::large_page;
        void* const block = ::operator new (whole, std::align_val_t{detail::large_page});
        detail::advise_large_pages(block, whole);
        return static_cast<T*>(block);
    }

    void deallocate(T* block, std::size_t count) noexcept
    {
        if (count * sizeof(T) < detail::least_large_block)
            ::operator delete(block);
        else
            ::operator delete (block, std::align_val_t{detail::large_page});
    }

    /// Values that a vector is given none for are left as the memory is where their type allows: they are written by
    /// whoever fills the vector, on the threads that do, and not once before.
    template <class U>
    void construct(U* at)
    {
        ::new (static_cast<void*>(at)) U;
    }

    template <class U, class... Arguments>
    void construct(U* at, Arguments&&... arguments)
    {
        std::construct_at(at, std::forward<Arguments>(arguments)...);
    }

    friend bool operator==(const large_page_allocator&, const large_page_allocator&) noexcept
    {
        return true;
    }
};

/// A vector for what grows with the number of examples. Numbers that it is made or resized with are not set to zero.
template <class T>
using large_vector = std::vector<T, large_page_allocator<T>>;

}  // namespace labelerrors

#endif
