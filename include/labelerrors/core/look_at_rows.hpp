#ifndef LABELERRORS_CORE_LOOK_AT_ROWS_HPP
#define LABELERRORS_CORE_LOOK_AT_ROWS_HPP

#include <labelerrors/core/look_at_narrow_rows.hpp>
#include <labelerrors/core/look_at_wide_rows.hpp>
#include <labelerrors/core/row_looks.hpp>

#include <cstddef>

namespace labelerrors::detail
{

/// A way of looking at rows; all ways give the same answers.
template <stored_element T>
using look_at_rows = void (*)(const row_view<T>&, row_looks<T>&) noexcept;

/// A way of finding the first column of a row's largest value.
template <stored_element T>
using find_argmax = std::size_t (*)(const T* row, std::size_t num_columns) noexcept;

#if defined(__GNUC__)

template <stored_element T, std::size_t Bytes>
[[gnu::always_inline]] inline void look_at_rows_by_vectors(const row_view<T>& view, row_looks<T>& looks) noexcept
{
    if (view.num_columns <= narrow_columns)
        look_at_narrow_rows<T, Bytes>(view, looks);
    else
        look_at_wide_rows<T, Bytes>(view, looks);
}

/// By the vectors that the consumer's flags allow on every machine.
template <stored_element T>
void look_at_rows_by_16_bytes(const row_view<T>& view, row_looks<T>& looks) noexcept
{
    look_at_rows_by_vectors<T, 16>(view, looks);
}

template <stored_element T>
[[nodiscard]] std::size_t argmax_by_16_bytes(const T* row, std::size_t num_columns) noexcept
{
    return argmax_by_vectors<T, 16>(row, num_columns);
}

#if defined(__x86_64__)

template <stored_element T>
[[nodiscard, gnu::target("avx2")]] std::size_t argmax_by_avx2(const T* row, std::size_t num_columns) noexcept
{
    return argmax_by_vectors<T, 32>(row, num_columns);
}

/// By the vectors of AVX2, whatever the consumer's flags are: for machines that have it.
template <stored_element T>
[[gnu::target("avx2")]] void look_at_rows_by_avx2(const row_view<T>& view, row_looks<T>& looks) noexcept
{
    look_at_rows_by_vectors<T, 32>(view, looks);
}

#endif

#endif

/// The fastest way that this machine knows. Vectors wider than 32 bytes gain nothing: memory is the limit before.
template <stored_element T>
[[nodiscard]] look_at_rows<T> fastest_look() noexcept
{
#if defined(__GNUC__)
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2"))
        return look_at_rows_by_avx2<T>;
#endif
    return look_at_rows_by_16_bytes<T>;
#else
    return look_at_rows_plainly<T>;
#endif
}

template <stored_element T>
[[nodiscard]] std::size_t argmax_plainly(const T* row, std::size_t num_columns) noexcept
{
    std::size_t best = 0;
    for (std::size_t j = 1; j < num_columns; ++j)
        if (static_cast<row_element_for<T>>(row[j]) > static_cast<row_element_for<T>>(row[best]))
            best = j;
    return best;
}

/// The fastest way that this machine knows.
template <stored_element T>
[[nodiscard]] find_argmax<T> fastest_argmax() noexcept
{
#if defined(__GNUC__)
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2"))
        return argmax_by_avx2<T>;
#endif
    return argmax_by_16_bytes<T>;
#else
    return argmax_plainly<T>;
#endif
}

}  // namespace labelerrors::detail

#endif
