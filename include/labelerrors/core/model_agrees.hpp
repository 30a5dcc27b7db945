#ifndef LABELERRORS_CORE_MODEL_AGREES_HPP
#define LABELERRORS_CORE_MODEL_AGREES_HPP

#include <labelerrors/core/choose_columns.hpp>
#include <labelerrors/core/look_at_rows.hpp>
#include <labelerrors/rows/float16.hpp>
#include <labelerrors/rows/row_blocks.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <type_traits>

namespace labelerrors::detail
{

/// The least T that is at least `bound`, so that for every T value: value >= at_least<T>(bound) exactly where
/// value >= bound as doubles.
template <stored_element T>
[[nodiscard]] T at_least(double bound) noexcept
{
    if constexpr (std::is_same_v<T, float16>)
    {
        const float16 near = to_float16(at_least<float>(bound));
        if (static_cast<double>(near) >= bound)
            return near;
        // The bits of halves count up with their magnitude, and rounding has kept the bound's sign.
        return float16{static_cast<std::uint16_t>(bound < 0.0 ? near.bits - 1u : near.bits + 1u)};
    }
    else
    {
        const T near = static_cast<T>(bound);
        return static_cast<double>(near) >= bound ? near : std::nextafter(near, std::numeric_limits<T>::infinity());
    }
}

/// The class of the largest value, the first of equals. O(k).
template <stored_element T>
[[nodiscard]] std::size_t argmax(std::span<const T> row) noexcept
{
    return fastest_argmax<T>()(row.data(), row.size());
}

/// Writes the columns whose values are above `bound`, which is not negative, to `columns`, which has room for all, and
/// returns how many. O(k).
template <stored_element T>
[[nodiscard]] std::size_t columns_above(std::span<const T> row, T bound, std::uint32_t* columns) noexcept
{
    return choose_columns<T>(row.size(), is_above<T>{row.data(), bound}, columns);
}

/// Whether the model agrees with the given label: the label wins the argmax, the first of equals, once its probability
/// is raised by 1e-6 (the reference's rule). `largest` is the row's largest value, not negative. O(1), but for ties
/// O(k).
template <stored_element T>
[[nodiscard]] bool model_agrees(std::span<const T> row, std::size_t label, T largest) noexcept
{
    constexpr double bump = 1e-6;
    if constexpr (std::is_same_v<T, float16>)
    {
        // From here on two different halves differ by more than that: those below 2^-8 are 2^-19 apart.
        constexpr std::uint16_t least_clear_bits = 0x1c00;
        if (largest.bits >= least_clear_bits)
            return row[label] == largest;
    }
    const double raised = static_cast<double>(row[label]) + bump;
    const auto best = static_cast<double>(largest);
    if (raised != best)
        return raised > best;
    for (std::size_t j = 0; j < label; ++j)
        if (row[j] == largest)
            return false;
    return true;
}

}  // namespace labelerrors::detail

#endif
