#ifndef LABELERRORS_MODEL_FEATURES_HPP
#define LABELERRORS_MODEL_FEATURES_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/error.hpp>
#include <labelerrors/rows/row_blocks.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace labelerrors
{

/// An n x d matrix of numbers, a row for each example: what find_label_issues takes for probabilities, that is a row
/// source or any two-dimensional array expression of numbers, of features.
template <class F>
concept dense_features = probability_matrix<F>;

/// How many examples a matrix of features has.
/// Throws shape_error where `features` is not two-dimensional. O(1).
template <dense_features F>
[[nodiscard]] std::size_t num_feature_rows(const F& features);

/// How many examples there are in a vector with one element an example: texts, or another library's samples. O(1).
template <class Example>
[[nodiscard]] std::size_t num_feature_rows(const std::vector<Example>& features) noexcept;

/// A copy of the rows with the given indices, in their order. The element type stays; halves become floats.
/// Throws value_error, with its place, for an index that is no row. O(rows * d).
template <dense_features F>
[[nodiscard]] auto take_rows(const F& features, std::span<const std::size_t> rows);

/// The examples with the given indices, copied in their order. Throws value_error, with its place, for an index of no
/// example. O(rows).
template <class Example>
[[nodiscard]] std::vector<Example> take_rows(const std::vector<Example>& features, std::span<const std::size_t> rows);

/// The features of n examples, of any type for which these two are found, in this namespace or in the type's own:
///
///     std::size_t num_feature_rows(const my_features& features);
///     my_features take_rows(const my_features& features, std::span<const std::size_t> rows);
///
/// `take_rows` returns a value that does not refer to `features`; it is called by several threads at once. Here they
/// are found for matrices of numbers, for sparse_features and for std::vector.
template <class F>
concept feature_set = requires(const F& features, std::span<const std::size_t> rows)
{
    {
        num_feature_rows(features)
        } -> std::convertible_to<std::size_t>;
    requires std::movable<decltype(take_rows(features, rows))>;
};

/// What take_rows returns for features of type F: the type that a classifier is given.
template <class F>
using taken_rows = decltype(take_rows(std::declval<const F&>(), std::span<const std::size_t>{}));

namespace detail
{

/// Refuses indices of rows that are not there. O(rows).
inline void require_rows(std::span<const std::size_t> rows, std::size_t num_rows, const char* function)
{
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (rows[i] >= num_rows)
            throw value_error(std::string(function) + ": rows[" + std::to_string(i) + "] is " +
                              std::to_string(rows[i]) + ", but features has " + std::to_string(num_rows) +
                              " rows; number them from 0");
}

/// Refuses a value that is no number, at its place.
inline void require_finite(double value, std::size_t row, std::size_t column, const char* function)
{
    if (!std::isfinite(value))
        throw value_error(std::string(function) + ": features(" + std::to_string(row) + ", " + std::to_string(column) +
                          ") is " + (std::isnan(value) ? "NaN" : "infinite") +
                          ", not a finite number; leave such examples out or fill in a value");
}

/// Refuses a row with a value that is no finite number. What is not finite makes a difference with itself that is not
/// 0.
template <class T>
void require_finite_row(const T* values, std::size_t count, std::size_t row, const char* function)
{
    T sum = 0;
    for (std::size_t j = 0; j < count; ++j)
        sum += values[j] - values[j];
    if (sum == T{0})
        return;
    for (std::size_t j = 0; j < count; ++j)
        require_finite(static_cast<double>(values[j]), row, j, function);
}

/// Refuses what has not two dimensions, no rows or no columns; calls `use(rows)` with the rows.
template <dense_features F, class Use>
decltype(auto) with_feature_rows(const F& features, const char* function, Use&& use)
{
    if constexpr (array_expression<F>)
        require_dimension(features, 2, function, "features");
    return with_rows(features, function,
                     [&](const auto& rows) -> decltype(auto)
                     {
                         if (rows.num_rows() == 0 || rows.num_columns() == 0)
                             throw shape_error(
                                 std::string(function) + ": features must have at least one row and one column, not " +
                                 std::to_string(rows.num_rows()) + " x " + std::to_string(rows.num_columns()));
                         return use(rows);
                     });
}

/// Refuses features with a value that is no finite number. Features of another kind are their classifier's to check.
template <class F>
void require_finite_features(const F& features, const char* function)
{
    if constexpr (dense_features<F>)
        with_feature_rows(features, function,
                          [&](const auto& rows)
                          {
                              using T = typename std::remove_cvref_t<decltype(rows)>::value_type;
                              std::vector<T> buffer;
                              const std::size_t step = rows_per_block<T>(rows.num_columns());
                              for (std::size_t first = 0; first < rows.num_rows(); first += step)
                              {
                                  const std::size_t count = std::min(step, rows.num_rows() - first);
                                  const T* block = rows.read(first, count, buffer);
                                  for (std::size_t i = 0; i < count; ++i)
                                      require_finite_row(block + i * rows.num_columns(), rows.num_columns(), first + i,
                                                         function);
                              }
                          });
    else if constexpr (requires { features.require_valid(function); })
        features.require_valid(function);
}

}  // namespace detail

template <dense_features F>
std::size_t num_feature_rows(const F& features)
{
    if constexpr (row_source<F>)
        return features.num_rows();
    else
    {
        detail::require_dimension(features, 2, "num_feature_rows", "features");
        return static_cast<std::size_t>(features.shape()[0]);
    }
}

template <class Example>
std::size_t num_feature_rows(const std::vector<Example>& features) noexcept
{
    return features.size();
}

template <dense_features F>
auto take_rows(const F& features, std::span<const std::size_t> rows)
{
    using stored = typename F::value_type;
    using value = std::conditional_t<std::is_same_v<stored, float16>, float, std::remove_cv_t<stored>>;
    // Rows are read as floats or doubles, which do not hold every integer of 8 bytes.
    if constexpr (array_expression<F> && std::integral<value> && sizeof(value) > 4)
    {
        detail::require_dimension(features, 2, "take_rows", "features");
        detail::require_rows(rows, static_cast<std::size_t>(features.shape()[0]), "take_rows");
        const auto columns = static_cast<std::size_t>(features.shape()[1]);
        auto taken = xt::xtensor<value, 2>::from_shape({rows.size(), columns});
        for (std::size_t i = 0; i < rows.size(); ++i)
            for (std::size_t j = 0; j < columns; ++j)
                taken(i, j) = features(rows[i], j);
        return taken;
    }
    else
        return with_rows(features, "take_rows",
                         [&](const auto& source)
                         {
                             using T = typename std::remove_cvref_t<decltype(source)>::value_type;
                             detail::require_rows(rows, source.num_rows(), "take_rows");
                             const std::size_t columns = source.num_columns();
                             auto taken = xt::xtensor<value, 2>::from_shape({rows.size(), columns});
                             std::vector<T> buffer;
                             for (std::size_t i = 0; i < rows.size(); ++i)
                             {
                                 const T* row = source.read(rows[i], 1, buffer);
                                 std::transform(row, row + columns, taken.data() + i * columns,
                                                [](T number) { return static_cast<value>(number); });
                             }
                             return taken;
                         });
}

template <class Example>
std::vector<Example> take_rows(const std::vector<Example>& features, std::span<const std::size_t> rows)
{
    detail::require_rows(rows, features.size(), "take_rows");
    std::vector<Example> taken;
    taken.reserve(rows.size());
    for (const std::size_t row : rows)
        taken.push_back(features[row]);
    return taken;
}

}  // namespace labelerrors

#endif
