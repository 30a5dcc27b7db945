#ifndef LABELERRORS_DATASETS_LABEL_MATRIX_HPP
#define LABELERRORS_DATASETS_LABEL_MATRIX_HPP

#include <labelerrors/error.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace labelerrors::datasets
{

/// Sets of labels as n x k bytes: 1 where an example has a label, else 0.
/// `sets`: n sets of labels. `num_classes`: k. `function`: what messages begin with.
/// Throws value_error for a label that is not below k, and for a k with which n x k bytes are more than can be counted;
/// std::bad_alloc where they are more than there is memory for. O(n k).
[[nodiscard]] xt::xtensor<std::uint8_t, 2> label_matrix(std::span<const std::vector<std::size_t>> sets,
                                                        std::size_t num_classes, const char* function = "label_matrix");

namespace detail
{

/// n x k zeros.
[[nodiscard]] inline xt::xtensor<std::uint8_t, 2> no_labels(std::size_t num_rows, std::size_t num_classes,
                                                            const char* function)
{
    constexpr auto most = static_cast<std::size_t>(std::numeric_limits<std::ptrdiff_t>::max());
    if (num_classes > most / std::max<std::size_t>(num_rows, 1))
        throw value_error(std::string(function) + ": num_classes is " + std::to_string(num_classes) +
                          ", and a matrix of " + std::to_string(num_rows) + " rows cannot have so many columns");
    return xt::xtensor<std::uint8_t, 2>(std::array{num_rows, num_classes}, std::uint8_t{0});
}

/// Sets the element of a row's label to 1.
template <std::integral Label>
void set_label(xt::xtensor<std::uint8_t, 2>& matrix, std::size_t row, Label label, const char* function)
{
    if (std::cmp_less(label, 0) || std::cmp_greater_equal(label, matrix.shape()[1]))
        throw value_error(std::string(function) + ": labels must be below the " + std::to_string(matrix.shape()[1]) +
                          " classes, but one of row " + std::to_string(row) + " is " + std::to_string(label));
    matrix(row, static_cast<std::size_t>(label)) = 1;
}

}  // namespace detail

inline xt::xtensor<std::uint8_t, 2> label_matrix(std::span<const std::vector<std::size_t>> sets,
                                                 std::size_t num_classes, const char* function)
{
    auto matrix = detail::no_labels(sets.size(), num_classes, function);
    for (std::size_t row = 0; row < sets.size(); ++row)
        for (const std::size_t label : sets[row])
            detail::set_label(matrix, row, label, function);
    return matrix;
}

}  // namespace labelerrors::datasets

#endif
