#ifndef LABELERRORS_MODEL_SPARSE_FEATURES_HPP
#define LABELERRORS_MODEL_SPARSE_FEATURES_HPP

#include <labelerrors/error.hpp>
#include <labelerrors/model/features.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace labelerrors
{

/// Features that are mostly 0, such as the words of texts, as compressed rows: row i has the values
/// values[row_starts[i]] .. values[row_starts[i + 1] - 1] in the columns of the same positions, each column at most
/// once. Float is what hashing_bag_of_words makes.
template <row_element T>
struct sparse_features
{
    using value_type = T;

    std::size_t num_columns = 0;                // d
    std::vector<std::size_t> row_starts = {0};  // n + 1, ascending, from 0 to the number of values
    std::vector<std::uint32_t> columns = {};    // below d
    std::vector<T> values = {};

    [[nodiscard]] std::size_t num_rows() const noexcept
    {
        return row_starts.empty() ? 0 : row_starts.size() - 1;
    }

    /// Throws shape_error where the arrays do not fit each other; value_error, with the place, where a column is not
    /// below d or a value is no finite number. O(n + values).
    void require_valid(const char* function) const;
};

/// How many examples there are. O(1).
template <row_element T>
[[nodiscard]] std::size_t num_feature_rows(const sparse_features<T>& features) noexcept
{
    return features.num_rows();
}

/// A copy of the rows with the given indices, in their order. Throws value_error, with its place, for an index that is
/// no row; shape_error where one of these rows has no place in the arrays. O(values of those rows).
template <row_element T>
[[nodiscard]] sparse_features<T> take_rows(const sparse_features<T>& features, std::span<const std::size_t> rows)
{
    detail::require_rows(rows, features.num_rows(), "take_rows");
    sparse_features<T> taken;
    taken.num_columns = features.num_columns;
    taken.row_starts.reserve(rows.size() + 1);
    std::size_t size = 0;
    for (const std::size_t row : rows)
    {
        const std::size_t begin = features.row_starts[row];
        const std::size_t end = features.row_starts[row + 1];
        if (begin > end || end > features.columns.size() || end > features.values.size())
            throw shape_error("take_rows: features must have the columns and values that row_starts says, but row " +
                              std::to_string(row) + " is from " + std::to_string(begin) + " to " + std::to_string(end) +
                              " of " + std::to_string(features.columns.size()) + " columns and " +
                              std::to_string(features.values.size()) + " values");
        size += end - begin;
    }
    taken.columns.reserve(size);
    taken.values.reserve(size);
    for (const std::size_t row : rows)
    {
        for (std::size_t at = features.row_starts[row]; at < features.row_starts[row + 1]; ++at)
        {
            taken.columns.push_back(features.columns[at]);
            taken.values.push_back(features.values[at]);
        }
        taken.row_starts.push_back(taken.values.size());
    }
    return taken;
}

template <row_element T>
void sparse_features<T>::require_valid(const char* function) const
{
    const std::string name = function;
    if (num_rows() == 0 || num_columns == 0)
        throw shape_error(name + ": features must have at least one row and one column, not " +
                          std::to_string(num_rows()) + " x " + std::to_string(num_columns));
    if (columns.size() != values.size() || row_starts.front() != 0 || row_starts.back() != values.size() ||
        !std::is_sorted(row_starts.begin(), row_starts.end()))
        throw shape_error(name +
                          ": features must have as many columns as values, and row_starts that ascend from 0 to "
                          "their number (" +
                          std::to_string(values.size()) + ")");
    for (std::size_t row = 0; row < num_rows(); ++row)
        for (std::size_t at = row_starts[row]; at < row_starts[row + 1]; ++at)
        {
            if (columns[at] >= num_columns)
                throw value_error(name + ": features have the column " + std::to_string(columns[at]) + " in row " +
                                  std::to_string(row) + ", but num_columns is " + std::to_string(num_columns));
            detail::require_finite(static_cast<double>(values[at]), row, columns[at], function);
        }
}

}  // namespace labelerrors

#endif
