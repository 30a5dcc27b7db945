#ifndef LABELERRORS_MODEL_CENTRING_HPP
#define LABELERRORS_MODEL_CENTRING_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/model/column_scaling.hpp>
#include <labelerrors/rows/row_blocks.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace labelerrors::detail
{

/// How features are moved and scaled before distances are told: (x - mean) * unit.
struct centring
{
    std::vector<double> means = {};  // d
    double unit = 1.0;               // a power of 2: scaling by it rounds nothing
};

/// A number of column j, centred: in double, for floats that lie far from 0 beside a spread that is small would lose
/// it.
template <row_element T>
[[nodiscard]] double centred(T number, const centring& centre, std::size_t j) noexcept
{
    return (static_cast<double>(number) - centre.means[j]) * centre.unit;
}

/// Centres `count` rows into `to`.
template <row_element T, row_element U>
void centre_rows(const T* from, std::size_t count, const centring& centre, U* to) noexcept
{
    const std::size_t d = centre.means.size();
    for (std::size_t i = 0; i < count; ++i)
        for (std::size_t j = 0; j < d; ++j)
            to[i * d + j] = static_cast<U>(centred(from[i * d + j], centre, j));
}

/// The squared length of a row.
[[nodiscard]] inline double squared_length(const double* values, std::size_t count) noexcept
{
    double sum = 0.0;
    for (std::size_t j = 0; j < count; ++j)
        sum += values[j] * values[j];
    return sum;
}

/// The means of the rows, and a unit that makes the number farthest from its mean one of 1 to 2. O(n d).
template <row_source Source>
[[nodiscard]] centring centre_of(const Source& source, const char* function)
{
    using T = typename Source::value_type;
    const std::size_t d = source.num_columns();
    centring centre{measure_columns(source, function).means};
    double largest = 0.0;
    std::vector<T> buffer;
    const std::size_t step = rows_per_block<T>(d);
    for (std::size_t first = 0; first < source.num_rows(); first += step)
    {
        const std::size_t count = std::min(step, source.num_rows() - first);
        const T* const from = source.read(first, count, buffer);
        for (std::size_t i = 0; i < count; ++i)
            for (std::size_t j = 0; j < d; ++j)
                largest = std::max(largest, std::abs(static_cast<double>(from[i * d + j]) - centre.means[j]));
    }
    // Beyond 2^1000 the unit itself could overflow, and with it squares are far from vanishing.
    if (largest > 0.0)
        centre.unit = std::ldexp(1.0, -std::max(std::ilogb(largest), -1000));
    return centre;
}

}  // namespace labelerrors::detail

#endif
