#ifndef LABELERRORS_CORE_PRUNE_COUNTS_HPP
#define LABELERRORS_CORE_PRUNE_COUNTS_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/core/calibrate_confident_joint.hpp>
#include <labelerrors/core/pairwise_sum.hpp>
#include <labelerrors/core/round_preserving_sum.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace labelerrors
{

namespace detail
{

/// The prune counts of one given label, by true label. `counts` is its row of the confident joint, and is used up.
[[nodiscard]] inline std::vector<std::int64_t> prune_counts_of(std::span<double> counts, std::size_t given,
                                                               std::size_t min_examples_per_class, double frac_noise)
{
    const std::size_t k = counts.size();
    std::vector<std::int64_t> pruned(k);
    if (frac_noise == 1.0 && counts[given] >= static_cast<double>(min_examples_per_class))
    {
        // Nothing to raise and nothing to give back: the counts as they are.
        std::transform(counts.begin(), counts.end(), pruned.begin(),
                       [](double count) { return static_cast<std::int64_t>(count); });
        return pruned;
    }
    const auto nonzero = static_cast<std::size_t>(
        std::count_if(counts.begin(), counts.end(), [](double count) { return count != 0.0; }));
    const double diagonal = std::max(counts[given], detail::stated_examples(min_examples_per_class));
    const double part = (diagonal - counts[given]) / static_cast<double>(std::max<std::size_t>(nonzero, 2) - 1);
    for (double& count : counts)
        count = std::max(count - part, 0.0);
    counts[given] = diagonal;
    const double returned =
        pairwise_sum(k, [&](std::size_t j) { return j == given ? 0.0 : counts[j] - counts[j] * frac_noise; });
    for (std::size_t j = 0; j < k; ++j)
        pruned[j] = static_cast<std::int64_t>(j == given ? diagonal + returned : counts[j] * frac_noise);
    return pruned;
}

}  // namespace detail

/// How many examples of each given label to take for each true label, from a confident joint.
///
/// The diagonal is raised to `min_examples_per_class`, the raise taken in equal parts from the entries of that given
/// label that are not zero (never below 0); then the share 1 - `frac_noise` of each entry off the diagonal goes back to
/// the diagonal of its given label, and all is cut to integers.
///
/// `confident_joint`: k x k counts, row: given label, column: true label.
/// Returns k x k counts, **row: true label, column: given label**; entry (j, k) is the quota of examples labelled k
/// that look like j, entry (k, k) how many labelled k are kept. Throws shape_error and value_error for a matrix that is
/// not square, or negative. O(k^2). Source: cleanlab.filter, the step before pruning (_keep_at_least_n_per_class,
/// _reduce_prune_counts).
template <count_matrix Matrix>
[[nodiscard]] xt::xtensor<std::int64_t, 2> prune_counts(const Matrix& confident_joint,
                                                        std::size_t min_examples_per_class, double frac_noise)
{
    detail::require_counts(confident_joint, 0, "prune_counts", "confident_joint");
    const auto k = static_cast<std::size_t>(confident_joint.shape()[0]);
    auto result = xt::xtensor<std::int64_t, 2>::from_shape({k, k});
    const auto row_of = detail::rows_of(confident_joint);
    std::vector<double> row(k);
    for (std::size_t given = 0; given < k; ++given)
    {
        row_of(given, std::span<double>(row));
        const auto counts = detail::prune_counts_of(row, given, min_examples_per_class, frac_noise);
        for (std::size_t j = 0; j < k; ++j)
            result(j, given) = counts[j];
    }
    return result;
}

/// The quotas that remove a stated number of examples of each given label.
///
/// `counts`: k x k prune counts, row: true, column: given. `num_to_remove`: k numbers. `class_counts`: k label counts.
/// The number for a label is spread over the true labels in the proportions that the reference uses, entry (i, j) over
/// the sum of row j, and rounded so that each row keeps its sum; where there is no proportion nothing is removed by
/// noise rate. More than the class has removes what there is.
/// Returns k x k counts in the same orientation. O(k^2 log k) at most. Source: cleanlab.filter.find_label_issues.
[[nodiscard]] inline xt::xtensor<std::int64_t, 2> spread_removals(const xt::xtensor<std::int64_t, 2>& counts,
                                                                  std::span<const std::size_t> num_to_remove,
                                                                  std::span<const std::size_t> class_counts)
{
    const std::size_t k = class_counts.size();
    std::vector<double> row_sums(k);
    for (std::size_t i = 0; i < k; ++i)
        for (std::size_t j = 0; j < k; ++j)
            row_sums[i] += static_cast<double>(counts(i, j));
    auto result = xt::xtensor<std::int64_t, 2>::from_shape({k, k});
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
        std::fill_n(&result(i, 0), k, std::int64_t{0});
        result(i, i) = static_cast<std::int64_t>(kept);
    }
    return result;
}

}  // namespace labelerrors

#endif
