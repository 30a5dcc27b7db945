#ifndef LABELERRORS_MODEL_MULTIPLY_HPP
#define LABELERRORS_MODEL_MULTIPLY_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/core/xblas_config.hpp>

#include <xtensor-blas/xblas.hpp>

#include <algorithm>
#include <cstddef>

namespace labelerrors::detail
{

// OpenBLAS gives a product of more than 2^18 multiplications to threads of its own, of which there is one set: several
// callers at once wait for each other a hundred times longer than the work takes. All products here are cut into
// smaller ones, which it does on the thread that calls.
inline constexpr std::size_t most_multiplications = std::size_t{1} << 18;

/// How a matrix lies in memory: from its first element, `stride` elements from one row to the next.
template <class T>
struct matrix_view
{
    T* data;
    std::size_t stride;
};

template <row_element T>
void multiply_tile(cxxblas::Transpose a_is, cxxblas::Transpose b_is, std::size_t m, std::size_t n, std::size_t depth,
                   matrix_view<const T> a, matrix_view<const T> b, T beta, matrix_view<T> c)
{
    const auto index = [](std::size_t value)
    {
        return static_cast<xt::blas_index_t>(value);
    };
    cxxblas::gemm<xt::blas_index_t>(cxxblas::RowMajor, a_is, b_is, index(m), index(n), index(depth), T{1}, a.data,
                                    index(a.stride), b.data, index(b.stride), beta, c.data, index(c.stride));
}

/// c (m x n) = a (m x depth) b (depth x n), row-major. The sums' order depends on the shape alone. O(m n depth).
template <row_element T>
void multiply(std::size_t m, std::size_t n, std::size_t depth, matrix_view<const T> a, matrix_view<const T> b,
              matrix_view<T> c)
{
    const std::size_t rows = std::min<std::size_t>(m, std::max<std::size_t>(32, most_multiplications / (depth * n)));
    const std::size_t columns = std::min<std::size_t>(n, rows * n * depth > most_multiplications ? 64 : n);
    const std::size_t tile = std::max<std::size_t>(most_multiplications / (rows * columns), 1);
    for (std::size_t i = 0; i < m; i += rows)
        for (std::size_t j = 0; j < n; j += columns)
            for (std::size_t d = 0; d < depth; d += tile)
                multiply_tile<T>(cxxblas::NoTrans, cxxblas::NoTrans, std::min(rows, m - i), std::min(columns, n - j),
                                 std::min(tile, depth - d), {a.data + i * a.stride + d, a.stride},
                                 {b.data + d * b.stride + j, b.stride}, d == 0 ? T{0} : T{1},
                                 {c.data + i * c.stride + j, c.stride});
}

/// c (m x n) = a' b of a (depth x m) and b (depth x n), row-major; for few rows and many columns. O(m n depth).
template <row_element T>
void multiply_transposed(std::size_t m, std::size_t n, std::size_t depth, matrix_view<const T> a,
                         matrix_view<const T> b, matrix_view<T> c)
{
    const std::size_t columns = std::min<std::size_t>(n, m * n * depth > most_multiplications ? 64 : n);
    const std::size_t tile = std::min<std::size_t>(depth, 1024);
    const std::size_t rows = std::max<std::size_t>(most_multiplications / (tile * columns), 1);
    for (std::size_t i = 0; i < m; i += rows)
        for (std::size_t j = 0; j < n; j += columns)
            for (std::size_t d = 0; d < depth; d += tile)
                multiply_tile<T>(cxxblas::Trans, cxxblas::NoTrans, std::min(rows, m - i), std::min(columns, n - j),
                                 std::min(tile, depth - d), {a.data + d * a.stride + i, a.stride},
                                 {b.data + d * b.stride + j, b.stride}, d == 0 ? T{0} : T{1},
                                 {c.data + i * c.stride + j, c.stride});
}

/// c (m x n) = a b' of a (m x depth) and b (n x depth), row-major: the products of rows with rows. O(m n depth).
template <row_element T>
void multiply_rows(std::size_t m, std::size_t n, std::size_t depth, matrix_view<const T> a, matrix_view<const T> b,
                   matrix_view<T> c)
{
    // The largest cube: each element that is read takes part in as many products as can be.
    constexpr std::size_t side = 64;
    const std::size_t tile = std::max<std::size_t>(most_multiplications / (std::min(m, side) * std::min(n, side)), 1);
    for (std::size_t i = 0; i < m; i += side)
        for (std::size_t j = 0; j < n; j += side)
            for (std::size_t d = 0; d < depth; d += tile)
                multiply_tile<T>(cxxblas::NoTrans, cxxblas::Trans, std::min(side, m - i), std::min(side, n - j),
                                 std::min(tile, depth - d), {a.data + i * a.stride + d, a.stride},
                                 {b.data + j * b.stride + d, b.stride}, d == 0 ? T{0} : T{1},
                                 {c.data + i * c.stride + j, c.stride});
}

}  // namespace labelerrors::detail

#endif
