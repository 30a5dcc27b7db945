#ifndef LABELERRORS_CORE_PRUNE_COUNTS_HPP
#define LABELERRORS_CORE_PRUNE_COUNTS_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/core/calibrate_confident_joint.hpp>
#include <labelerrors/core/pairwise_sum.hpp>
#include <labelerrors/core/pred_probs_check.hpp>
#include <labelerrors/core/round_preserving_sum.hpp>
#include <labelerrors/core/sparse_row.hpp>
#include <labelerrors/error.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace labelerrors
{

namespace detail
{

/// Refuses a share of the noise that is none.
inline void require_frac_noise(double frac_noise, const char* function)
{
    if (!(frac_noise >= 0.0 && frac_noise <= 1.0))
        throw value_error(std::string(function) + ": frac_noise must be between 0 and 1, not " + to_text(frac_noise));
}

/// Turns the row of a given label in a confident joint of `num_classes` classes into its prune counts, by true label.
inline void to_prune_counts(sparse_row& row, std::size_t num_classes, std::size_t given,
                            std::size_t min_examples_per_class, double frac_noise)
{
    const double kept = value_at(row, given);
    // Where there is nothing to raise and nothing to give back, the counts stay as they are.
    if (frac_noise != 1.0 || kept < static_cast<double>(min_examples_per_class))
    {
        const double diagonal = std::max(kept, stated_examples(min_examples_per_class));
        const double part = (diagonal - kept) / static_cast<double>(std::max<std::size_t>(row.size(), 2) - 1);
        std::erase_if(row, [&](const sparse_entry& entry) { return entry.column == given; });
        sparse_row returned = row;
        for (std::size_t i = 0; i < row.size(); ++i)
        {
            const double count = std::max(row[i].value - part, 0.0);
            returned[i].value = count - count * frac_noise;
            row[i].value = count * frac_noise;
        }
        const double raised = diagonal + pairwise_sum_of(returned, num_classes);
        row.insert(
            std::find_if(row.begin(), row.end(), [&](const sparse_entry& entry) { return entry.column > given; }),
            {given, raised});
    }
    for (auto& entry : row)
        entry.value = std::trunc(entry.value);
}

}  // namespace detail

/// How many examples of each given label to take for each true label, from a confident joint.
///
/// The diagonal is raised to `min_examples_per_class`, the raise taken in equal parts from the entries of that given
/// label that are not zero (never below 0), one fewer of them than there are, which is as many as lie off a diagonal
/// that is not zero, as the reference has it; then the share 1 - `frac_noise` of each entry off the diagonal goes back
/// to the diagonal of its given label, and all is cut to integers.
///
/// `confident_joint`: k x k counts, row: given label, column: true label. `frac_noise`: 0 .. 1.
/// Returns k x k counts, **row: true label, column: given label**; entry (i, j) is the quota of examples labelled j
/// that look like i, entry (j, j) how many labelled j are kept. Throws shape_error and value_error for a matrix that is
/// not square, or negative; value_error for frac_noise out of its range. O(k^2). Source: cleanlab.filter, the step
/// before pruning (_keep_at_least_n_per_class, _reduce_prune_counts).
template <count_matrix Matrix>
[[nodiscard]] xt::xtensor<std::int64_t, 2> prune_counts(const Matrix& confident_joint,
                                                        std::size_t min_examples_per_class, double frac_noise)
{
    constexpr const char* function = "prune_counts";
    detail::require_counts(confident_joint, 0, function, "confident_joint");
    detail::require_frac_noise(frac_noise, function);
    const auto k = static_cast<std::size_t>(confident_joint.shape()[0]);
    auto result = detail::square_matrix<std::int64_t>(k);
    const auto row_of = detail::rows_of(confident_joint);
    detail::sparse_row row;
    for (std::size_t given = 0; given < k; ++given)
    {
        row_of(given, row);
        detail::to_prune_counts(row, k, given, min_examples_per_class, frac_noise);
        for (const auto& entry : row)
            result(entry.column, given) = static_cast<std::int64_t>(entry.value);
    }
    return result;
}

/// The quotas that remove a stated number of examples for each label: by given label those that are not kept on the
/// diagonal, and by pairs those that look like that label, whatever they are given, since the reference spreads the
/// number over a row of its counts.
///
/// `counts`: k x k prune counts, row: true, column: given. `num_to_remove`: k numbers. `class_counts`: k label counts.
/// Number i is spread over row i, true label i, in the proportions that the reference uses, entry (i, j) over the sum
/// of row j, and rounded so that each row keeps its sum; where there is no proportion nothing is removed by noise rate.
/// Entry (i, i) keeps of class i what number i leaves. More than the class has removes what there is.
/// Returns k x k counts in the same orientation. Throws shape_error where sizes differ; value_error for a count that is
/// negative. O(k^2 log k) at most. Source: cleanlab.filter.find_label_issues.
[[nodiscard]] inline xt::xtensor<std::int64_t, 2> spread_removals(const xt::xtensor<std::int64_t, 2>& counts,
                                                                  std::span<const std::size_t> num_to_remove,
                                                                  std::span<const std::size_t> class_counts)
{
    constexpr const char* function = "spread_removals";
    const std::size_t k = class_counts.size();
    if (k == 0)
        throw shape_error(std::string(function) + ": class_counts is empty; it must have a count for each class");
    detail::require_counts(counts, k, function, "counts");
    if (num_to_remove.size() != k)
        throw shape_error(std::string(function) + ": num_to_remove must have k = " + std::to_string(k) +
                          " numbers, one for each class, not " + std::to_string(num_to_remove.size()));
    std::vector<double> row_sums(k);
    for (std::size_t i = 0; i < k; ++i)
        for (std::size_t j = 0; j < k; ++j)
            row_sums[i] += static_cast<double>(counts(i, j));
    auto result = detail::square_matrix<std::int64_t>(k);
    std::vector<double> row(k);
    for (std::size_t i = 0; i < k; ++i)
    {
        const auto share = [&](std::size_t j)
        {
            return static_cast<double>(counts(i, j)) / row_sums[j];
        };
        const double noise = pairwise_sum(k, share) - share(i);
        const auto wanted = detail::stated_examples(num_to_remove[i]);
        const double kept = static_cast<double>(class_counts[i]) - wanted;
        for (std::size_t j = 0; j < k; ++j)
            row[j] = j == i ? kept : share(j) * wanted / noise;
        // A row without noise, or with a true label that no example has, is 0 / 0 and asks for no removals.
        if (std::all_of(row.begin(), row.end(), [](double value) { return std::isfinite(value); }))
        {
            const auto rounded = round_preserving_sum(row);
            std::copy(rounded.begin(), rounded.end(), &result(i, 0));
            continue;
        }
        result(i, i) = static_cast<std::int64_t>(kept);
    }
    return result;
}

}  // namespace labelerrors

#endif
