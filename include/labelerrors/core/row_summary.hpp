#ifndef LABELERRORS_CORE_ROW_SUMMARY_HPP
#define LABELERRORS_CORE_ROW_SUMMARY_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/core/choose_columns.hpp>
#include <labelerrors/core/look_at_rows.hpp>
#include <labelerrors/rows/float16.hpp>
#include <labelerrors/rows/row_blocks.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <type_traits>
#include <vector>

namespace labelerrors::detail
{

/// What one look at a row of predicted probabilities tells.
template <row_element T>
struct row_summary
{
    T smallest = 0;
    T largest = 0;
    double sum = 0;                   // rounded in the row's own type, in an order of its own
    std::size_t confident_count = 0;  // in how many classes the row reaches the threshold
    std::size_t confident_class = 0;  // the one class, where confident_count is 1
};

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

#if defined(__GNUC__)

/// The width of the vector registers that every machine has.
inline constexpr std::size_t vector_bytes = 16;

template <row_element T>
struct summary_vectors
{
    static constexpr std::size_t lanes = vector_bytes / sizeof(T);
    using index = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;
    typedef T values __attribute__((vector_size(vector_bytes)));
    typedef index indices __attribute__((vector_size(vector_bytes)));
};

/// Running extremes, sum and confident classes of every lanes-th value of a row.
template <row_element T>
struct summary_lanes
{
    using values = typename summary_vectors<T>::values;
    using indices = typename summary_vectors<T>::indices;

    values smallest;
    values largest;
    values sum{};
    indices hits{};   // minus the number of confident classes
    indices where{};  // of the confident classes, joined by or: right where there is one

    void add(const T* row, const T* thresholds, std::size_t first) noexcept
    {
        values value;
        values threshold;
        std::memcpy(&value, row + first, sizeof(value));
        std::memcpy(&threshold, thresholds + first, sizeof(threshold));
        smallest = value < smallest ? value : smallest;
        largest = value > largest ? value : largest;
        sum += value;
        const indices hit = value >= threshold;
        hits += hit;
        where |= hit & static_cast<typename summary_vectors<T>::index>(first);
    }

    void finish(row_summary<T>& result) const noexcept
    {
        for (std::size_t lane = 0; lane < summary_vectors<T>::lanes; ++lane)
        {
            result.smallest = smallest[lane] < result.smallest ? smallest[lane] : result.smallest;
            result.largest = largest[lane] > result.largest ? largest[lane] : result.largest;
            result.sum += static_cast<double>(sum[lane]);
            if (hits[lane] == 0)
                continue;
            result.confident_count += static_cast<std::size_t>(-hits[lane]);
            result.confident_class = static_cast<std::size_t>(where[lane]) + lane;
        }
    }
};

/// Summarises the leading values of a row, as many as fill whole vectors; returns how many that is.
template <row_element T>
[[nodiscard]] std::size_t summarize_vectors(const T* row, const T* thresholds, std::size_t num_columns,
                                            row_summary<T>& result) noexcept
{
    // Two sets of lanes, so that each addition need not wait for the one before.
    constexpr std::size_t lanes = summary_vectors<T>::lanes;
    const std::size_t end = num_columns / (2 * lanes) * (2 * lanes);
    if (end == 0)
        return 0;
    const typename summary_vectors<T>::values start = typename summary_vectors<T>::values{} + row[0];
    summary_lanes<T> even{start, start};
    summary_lanes<T> odd{start, start};
    for (std::size_t j = 0; j < end; j += 2 * lanes)
    {
        even.add(row, thresholds, j);
        odd.add(row, thresholds, j + lanes);
    }
    even.finish(result);
    odd.finish(result);
    return end;
}

#endif

/// Reads a row once. `thresholds` has as many values as the row. O(k).
template <row_element T>
[[nodiscard]] row_summary<T> summarize_row(const T* row, const T* thresholds, std::size_t num_columns) noexcept
{
    row_summary<T> result{.smallest = row[0], .largest = row[0]};
    std::size_t j = 0;
#if defined(__GNUC__)
    j = summarize_vectors(row, thresholds, num_columns, result);
#endif
    for (; j < num_columns; ++j)
    {
        const T value = row[j];
        result.smallest = value < result.smallest ? value : result.smallest;
        result.largest = value > result.largest ? value : result.largest;
        result.sum += static_cast<double>(value);
        if (value >= thresholds[j])
        {
            ++result.confident_count;
            result.confident_class = j;
        }
    }
    return result;
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
