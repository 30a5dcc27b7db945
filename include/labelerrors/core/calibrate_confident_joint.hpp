#ifndef LABELERRORS_CORE_CALIBRATE_CONFIDENT_JOINT_HPP
#define LABELERRORS_CORE_CALIBRATE_CONFIDENT_JOINT_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/core/pairwise_sum.hpp>
#include <labelerrors/core/sparse_row.hpp>
#include <labelerrors/error.hpp>
#include <labelerrors/rows/row_blocks.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace labelerrors
{

/// The order in which the numbers of a matrix are summed. Calibrated counts turn on the last bits of that sum, where an
/// entry is a half or nearly so, and numpy sums a matrix in the order in which it lies in memory.
enum class summation_order
{
    by_rows,     // as a matrix of a caller's own lies
    by_columns,  // as the reference's own confident joints lie, which are transposed when they have been counted
};

namespace detail
{

/// No denominator is below this.
inline constexpr double tiny = 1e-100;

/// k x k zeros. Throws as num_cells.
template <class T>
[[nodiscard]] xt::xtensor<T, 2> square_matrix(std::size_t k)
{
    static_cast<void>(num_cells(k));
    auto matrix = xt::xtensor<T, 2>::from_shape({k, k});
    matrix.fill(T{0});
    return matrix;
}

/// How many examples there are, by the label that each is given.
[[nodiscard]] inline std::size_t num_examples_of(std::span<const std::size_t> class_counts) noexcept
{
    return std::accumulate(class_counts.begin(), class_counts.end(), std::size_t{0});
}

/// A number of examples that an option states, as a double. No class has 2^50 examples: more mean all there are, and
/// sums stay exact.
[[nodiscard]] inline double stated_examples(std::size_t count)
{
    return static_cast<double>(std::min<std::uint64_t>(count, std::uint64_t{1} << 50));
}

/// Refuses a matrix that is not k x k (k = 0: any square), or has an entry that is negative or no number below 2^53.
template <count_matrix Matrix>
void require_counts(const Matrix& matrix, std::size_t num_classes, const char* function, const char* argument)
{
    require_dimension(matrix, 2, function, argument);
    const auto rows = static_cast<std::size_t>(matrix.shape()[0]);
    const auto columns = static_cast<std::size_t>(matrix.shape()[1]);
    if (rows != columns || rows < 2 || (num_classes != 0 && rows != num_classes))
        throw shape_error(std::string(function) + ": " + argument + " must be k x k" +
                          (num_classes != 0 ? " with k = " + std::to_string(num_classes) : " with k at least 2") +
                          ", not " + std::to_string(rows) + " x " + std::to_string(columns));
    for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t j = 0; j < columns; ++j)
        {
            const auto value = static_cast<double>(matrix(i, j));
            if (!(value >= 0.0 && value < 0x1p53))
                throw value_error(std::string(function) + ": " + argument + "(" + std::to_string(i) + ", " +
                                  std::to_string(j) + ") is " + to_text(value) +
                                  "; counts are not negative and below 2^53");
        }
}

/// Whether what is called labels and probabilities may be a confident joint and class counts: arrays of integers of
/// which it is known at run time only how many dimensions they have.
template <class Labels, class PredProbs>
concept may_be_joint_and_counts = count_matrix<Labels> && array_expression<PredProbs> &&
    may_have_dimension<PredProbs, 1> && std::integral<typename PredProbs::value_type>;

/// The counts of a one-dimensional array of integers. Throws value_error for one that is negative.
template <array_expression Counts>
[[nodiscard]] std::vector<std::size_t> class_counts_of(const Counts& counts, const char* function)
{
    std::vector<std::size_t> class_counts(static_cast<std::size_t>(counts.shape()[0]));
    for (std::size_t j = 0; j < class_counts.size(); ++j)
    {
        const auto count = +counts(j);
        if (std::cmp_less(count, 0))
            throw value_error(std::string(function) + ": class_counts[" + std::to_string(j) + "] is " +
                              std::to_string(count) + "; counts are not negative and below 2^53");
        class_counts[j] = static_cast<std::size_t>(count);
    }
    return class_counts;
}

/// The rows of a matrix of counts, one at a time: `row_of(i, row)` fills in the entries of row i.
template <class R>
concept count_rows = requires(const R& row_of, std::size_t i, sparse_row& row)
{
    row_of(i, row);
};

/// The rows of a matrix that is there as a whole.
template <count_matrix Matrix>
[[nodiscard]] auto rows_of(const Matrix& matrix)
{
    return [&matrix](std::size_t i, sparse_row& row)
    {
        row.clear();
        for (std::size_t j = 0; j < static_cast<std::size_t>(matrix.shape()[1]); ++j)
            if (const auto value = static_cast<double>(matrix(i, j)); value != 0.0)
                row.push_back({j, value});
    };
}

/// Brings the entries of a k x k matrix from the order of its rows to that of its columns. O(entries + k).
inline void transpose(std::vector<matrix_entry>& entries, std::size_t num_classes)
{
    std::vector<std::size_t> first(num_classes + 1);
    for (const auto& entry : entries)
        ++first[static_cast<std::size_t>(entry.column % num_classes) + 1];
    std::partial_sum(first.begin(), first.end(), first.begin());
    std::vector<matrix_entry> by_column(entries.size());
    for (const auto& entry : entries)
    {
        const std::uint64_t column = entry.column % num_classes;
        by_column[first[static_cast<std::size_t>(column)]++] = {column * num_classes + entry.column / num_classes,
                                                                entry.value};
    }
    entries = std::move(by_column);
}

/// Calibrates row by row, so that neither the counts nor the calibrated counts need be there as k x k, and no row but
/// by its entries.
template <count_rows Rows>
class calibrated_rows
{
public:
    calibrated_rows(Rows row_of, std::span<const std::size_t> class_counts, summation_order order)
        : row_of_(std::move(row_of)), class_counts_(class_counts)
    {
        const std::uint64_t k = class_counts.size();
        std::vector<matrix_entry> entries;
        for (std::size_t i = 0; i < k; ++i)
        {
            num_examples_ += static_cast<double>(class_counts[i]);
            scale(i);
            for (const auto& entry : row_)
                entries.push_back({i * k + entry.column, entry.value});
        }
        if (order == summation_order::by_columns)
            transpose(entries, class_counts.size());
        total_ = std::max(pairwise_sum_of(std::span<const matrix_entry>(entries), k * k), tiny);
    }

    /// The calibrated counts of given label i, until the next call.
    [[nodiscard]] const sparse_row& operator()(std::size_t i)
    {
        scale(i);
        for (auto& entry : row_)
            entry.value = entry.value / total_ * num_examples_;
        round_preserving_sum_of(row_, class_counts_.size());
        return row_;
    }

private:
    /// Fills the row with the counts of given label i, scaled to how often it is given.
    void scale(std::size_t i)
    {
        row_of_(i, row_);
        const double sum = std::max(pairwise_sum_of(row_, class_counts_.size()), tiny);
        for (auto& entry : row_)
            entry.value = entry.value / sum * static_cast<double>(class_counts_[i]);
    }

    Rows row_of_;
    std::span<const std::size_t> class_counts_;
    double num_examples_ = 0.0;
    double total_ = 0.0;
    sparse_row row_;
};

/// calibrate_confident_joint, called by the name `function`.
template <count_matrix Matrix>
[[nodiscard]] xt::xtensor<std::int64_t, 2> calibrate_counts(const Matrix& confident_joint,
                                                            std::span<const std::size_t> class_counts,
                                                            summation_order order, const char* function)
{
    const std::size_t k = class_counts.size();
    if (k == 0)
        throw shape_error(std::string(function) + ": class_counts is empty; it must have a count for each class");
    require_counts(confident_joint, k, function, "confident_joint");
    for (std::size_t i = 0; i < k; ++i)
        if (!(static_cast<double>(class_counts[i]) < 0x1p53))
            throw value_error(std::string(function) + ": class_counts[" + std::to_string(i) +
                              "] must be below 2^53, but is " + std::to_string(class_counts[i]));
    calibrated_rows calibrated(rows_of(confident_joint), class_counts, order);
    auto result = square_matrix<std::int64_t>(k);
    for (std::size_t i = 0; i < k; ++i)
        for (const auto& entry : calibrated(i))
            result(i, entry.column) = static_cast<std::int64_t>(entry.value);
    return result;
}

}  // namespace detail

/// Scales a confident joint so that each row sums to the number of examples given that label, and all of it to n, and
/// rounds it to integers that keep those row sums.
///
/// `confident_joint`: k x k counts, row: given label, column: guessed true label. `class_counts`: k label counts.
/// `order`: how all entries are added up; by_columns for counts that compute_confident_joint gave, which then become
/// what it gives calibrated. Returns a k x k matrix of counts. A row without counts stays zero; where that class has
/// examples, the others are scaled up by its share, so that all is still n, and sum to more than their classes have.
/// Throws shape_error where the sizes differ, value_error for a count of either that is negative or not below 2^53, or
/// for a row that sums to as much once it is scaled.
/// O(k^2), and O(k log k) more for each row whose rounding has to be mended.
/// Source: Northcutt, Jiang and Chuang 2021, equation 3; cleanlab.count.calibrate_confident_joint.
template <count_matrix Matrix>
[[nodiscard]] xt::xtensor<std::int64_t, 2> calibrate_confident_joint(const Matrix& confident_joint,
                                                                     std::span<const std::size_t> class_counts,
                                                                     summation_order order = summation_order::by_rows)
{
    return detail::calibrate_counts(confident_joint, class_counts, order, "calibrate_confident_joint");
}

}  // namespace labelerrors

#endif
