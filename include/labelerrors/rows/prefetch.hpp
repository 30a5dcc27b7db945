#ifndef LABELERRORS_ROWS_PREFETCH_HPP
#define LABELERRORS_ROWS_PREFETCH_HPP

#include <cstddef>
#include <cstdint>

namespace labelerrors::detail
{

/// What comes from memory at once.
inline constexpr std::size_t cache_line = 64;

#if defined(__GNUC__)

/// Asks for what is soon looked at to be brought into the cache. The address need not exist. Always inlined, so that
/// it costs what one instruction does, in kernels too.
[[gnu::always_inline]] inline void prefetch(const void* address) noexcept
{
    __builtin_prefetch(address);
}

/// Asks for what follows `address` by a page. What machines foresee by themselves ends where a page does, and is not as
/// far ahead as a thread's arithmetic on rows needs.
[[gnu::always_inline]] inline void prefetch_next_page(const void* address) noexcept
{
    constexpr std::uintptr_t page = 4096;
    __builtin_prefetch(reinterpret_cast<const void*>(reinterpret_cast<std::uintptr_t>(address) + page));
}

#else

inline void prefetch(const void* /*address*/) noexcept
{
}

inline void prefetch_next_page(const void* /*address*/) noexcept
{
}

#endif

/// Asks for what some steps behind the i-th item is needed: `address_of(item)`. For what lies all over memory, and
/// takes its time to come.
template <class Items, class AddressOf>
void prefetch_ahead(const Items& items, std::size_t i, const AddressOf& address_of) noexcept
{
    constexpr std::size_t ahead = 16;
    if (i + ahead < items.size())
        prefetch(address_of(items[i + ahead]));
}

/// The same for `count` values.
template <class T>
#if defined(__GNUC__)
[[gnu::always_inline]]
#endif
inline void
prefetch_next_page(const T* values, std::size_t count) noexcept
{
    for (std::size_t i = 0; i < count; i += cache_line / sizeof(T))
        prefetch_next_page(values + i);
}

}  // namespace labelerrors::detail

#endif
