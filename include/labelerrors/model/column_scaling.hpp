#ifndef LABELERRORS_MODEL_COLUMN_SCALING_HPP
#define LABELERRORS_MODEL_COLUMN_SCALING_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/error.hpp>
#include <labelerrors/model/features.hpp>
#include <labelerrors/rows/row_blocks.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

namespace labelerrors
{

/// What makes features comparable: (x - mean) * inverse_deviation. Empty: features stay as they are.
struct column_scaling
{
    std::vector<double> means;
    std::vector<double> inverse_deviations;  // 1 for a constant feature, which becomes 0 up to rounding

    [[nodiscard]] bool is_identity() const noexcept
    {
        return means.empty();
    }
};

/// The mean and the standard deviation (of the n values themselves) of each column, as sklearn's StandardScaler has
/// them: a column counts as constant where its variance is at most n e variance + (n mean e)^2 with e = 2^-52, which is
/// what rounding can make of equal numbers. Differs from sklearn: one whose deviation is so small that its inverse is
/// no number of the rows' type counts as constant too.
///
/// `rows`: n x d, finite. Throws shape_error where there are no rows; value_error, with the place, for a value that is
/// no finite number, and for a column whose squares overflow. One pass, O(n d). Source:
/// sklearn.preprocessing.StandardScaler and its _is_constant_feature.
template <row_source Source>
[[nodiscard]] column_scaling measure_columns(const Source& rows, const char* function)
{
    using T = typename Source::value_type;
    const std::size_t n = rows.num_rows();
    const std::size_t d = rows.num_columns();
    if (n == 0)
        throw shape_error(std::string(function) + ": features must have at least one row, not 0");
    std::vector<T> buffer;
    const T* const first_row = rows.read(0, 1, buffer);
    // Differences from the first row: they lose nothing where the mean is far from 0, and are 0 for a constant.
    const std::vector<double> origin(first_row, first_row + d);
    std::vector<double> sums(d);
    std::vector<double> squares(d);
    const std::size_t step = rows_per_block<T>(d);
    for (std::size_t first = 0; first < n; first += step)
    {
        const std::size_t count = std::min(step, n - first);
        const T* const block = rows.read(first, count, buffer);
        for (std::size_t i = 0; i < count; ++i)
        {
            const T* const row = block + i * d;
            detail::require_finite_row(row, d, first + i, function);
            for (std::size_t j = 0; j < d; ++j)
            {
                const double difference = static_cast<double>(row[j]) - origin[j];
                sums[j] += difference;
                squares[j] += difference * difference;
            }
        }
    }
    column_scaling scaling{std::vector<double>(d), std::vector<double>(d)};
    const auto size = static_cast<double>(n);
    for (std::size_t j = 0; j < d; ++j)
    {
        const double mean = sums[j] / size;
        const double variance = squares[j] / size - mean * mean;
        if (!std::isfinite(variance))
            throw value_error(std::string(function) + ": features' column " + std::to_string(j) +
                              " has values too large to be squared; scale it down");
        scaling.means[j] = origin[j] + mean;
        constexpr double epsilon = std::numeric_limits<double>::epsilon();
        const double rounding = size * scaling.means[j] * epsilon;
        const bool is_constant = !(variance > size * epsilon * variance + rounding * rounding);
        const double inverse = is_constant ? 1.0 : 1.0 / std::sqrt(variance);
        scaling.inverse_deviations[j] = inverse <= static_cast<double>(std::numeric_limits<T>::max()) ? inverse : 1.0;
    }
    return scaling;
}

namespace detail
{

/// A scaling by numbers of type T, as rows of that type are scaled: far from 0 the mean in float is another one.
template <row_element T>
[[nodiscard]] column_scaling round_to(column_scaling scaling)
{
    for (auto* numbers : {&scaling.means, &scaling.inverse_deviations})
        for (double& number : *numbers)
            number = static_cast<double>(static_cast<T>(number));
    return scaling;
}

}  // namespace detail

}  // namespace labelerrors

#endif
