#ifndef LABELERRORS_TESTS_CORE_PLAIN_PRUNING_HPP
#define LABELERRORS_TESTS_CORE_PLAIN_PRUNING_HPP

// The rules that turn a confident joint into numbers to prune, once more as plain loops.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

namespace tests::plain
{

using indices = std::vector<std::size_t>;
using row = std::vector<double>;
using table = std::vector<row>;  // k x k

[[nodiscard]] inline std::size_t argmax_of(const row& values)
{
    return static_cast<std::size_t>(std::max_element(values.begin(), values.end()) - values.begin());
}

/// The sum in numpy's order, on whose last bits rounding turns: up to seven numbers one after the other, up to 128 as
/// eight sums of every eighth, more as two halves, of which the first is cut to a multiple of eight.
[[nodiscard]] inline double sum_of(const row& values)
{
    const std::size_t n = values.size();
    const auto at = [&](std::size_t i)
    {
        return values.begin() + static_cast<std::ptrdiff_t>(i);
    };
    if (n < 8)
        return std::accumulate(values.begin(), values.end(), 0.0);
    if (n > 128)
        return sum_of(row(values.begin(), at(n / 16 * 8))) + sum_of(row(at(n / 16 * 8), values.end()));
    row every_eighth(values.begin(), at(8));
    for (std::size_t i = 8; i < n / 8 * 8; ++i)
        every_eighth[i % 8] += values[i];
    for (std::size_t apart = 1; apart < 8; apart *= 2)
        for (std::size_t lane = 0; lane < 8; lane += 2 * apart)
            every_eighth[lane] += every_eighth[lane + apart];
    return std::accumulate(at(n / 8 * 8), values.end(), every_eighth[0]);
}

/// The indices 0 .. values.size() - 1 by value, equal ones in their order.
[[nodiscard]] inline indices order_of(const row& values)
{
    indices order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
    return order;
}

/// Rounds half to even and mends one unit at a time until the sum is right.
[[nodiscard]] inline row rounded(const row& values)
{
    row whole;
    for (const double value : values)
        whole.push_back(std::nearbyint(value));
    const double target = std::nearbyint(sum_of(values));
    while (sum_of(whole) != target)
    {
        const double gap = target - sum_of(whole);
        row remainders;
        for (std::size_t j = 0; j < values.size(); ++j)
            remainders.push_back(values[j] - whole[j]);
        indices order = order_of(remainders);
        if (gap > 0.0)
            std::reverse(order.begin(), order.end());
        for (std::size_t m = 0; m < std::min(order.size(), static_cast<std::size_t>(std::abs(gap))); ++m)
            whole[order[m]] += gap > 0.0 ? 1.0 : -1.0;
    }
    return whole;
}

/// The joint of the data, which is summed column by column: numpy's order for a matrix that has been transposed.
[[nodiscard]] inline table calibrated(const table& joint, const indices& class_counts)
{
    table scaled = joint;
    for (std::size_t i = 0; i < joint.size(); ++i)
    {
        const double sum = std::max(sum_of(joint[i]), 1e-100);
        for (double& value : scaled[i])
            value = value / sum * static_cast<double>(class_counts[i]);
    }
    row by_columns;
    for (std::size_t j = 0; j < joint.size(); ++j)
        for (const row& values : scaled)
            by_columns.push_back(values[j]);
    const double total = std::max(sum_of(by_columns), 1e-100);
    const auto n = static_cast<double>(std::accumulate(class_counts.begin(), class_counts.end(), std::size_t{0}));
    for (row& values : scaled)
    {
        for (double& value : values)
            value = value / total * n;
        values = rounded(values);
    }
    return scaled;
}

/// The prune counts, row: true label, column: given label.
[[nodiscard]] inline table prune_counts(const table& joint, std::size_t keep, double frac_noise)
{
    const std::size_t k = joint.size();
    table result(k, row(k));
    for (std::size_t given = 0; given < k; ++given)
    {
        const row& counts = joint[given];
        const double diagonal = std::max(counts[given], static_cast<double>(keep));
        double nonzero = 0.0;
        for (const double count : counts)
            nonzero += count != 0.0 ? 1.0 : 0.0;
        double kept = diagonal;
        row returned;
        for (std::size_t j = 0; j < k; ++j)
        {
            const double reduced = std::max(counts[j] - (diagonal - counts[given]) / std::max(nonzero - 1.0, 1.0), 0.0);
            if (j != given)
                result[j][given] = std::trunc(reduced * frac_noise);
            returned.push_back(j == given ? 0.0 : reduced - reduced * frac_noise);
        }
        kept += sum_of(returned);
        result[given][given] = std::trunc(kept);
    }
    return result;
}

[[nodiscard]] inline table spread(const table& counts, const indices& removals, const indices& class_counts)
{
    const std::size_t k = counts.size();
    table result(k, row(k, 0.0));
    for (std::size_t i = 0; i < k; ++i)
    {
        row shares;
        for (std::size_t j = 0; j < k; ++j)
            shares.push_back(counts[i][j] / sum_of(counts[j]));
        const double noise = sum_of(shares) - shares[i];
        const double kept = static_cast<double>(class_counts[i]) - static_cast<double>(removals[i]);
        row values;
        for (std::size_t j = 0; j < k; ++j)
            values.push_back(j == i ? kept : shares[j] * static_cast<double>(removals[i]) / noise);
        if (std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); }))
            result[i] = rounded(values);
        else
            result[i][i] = kept;
    }
    return result;
}

/// The first `count` members by key, ascending and stable.
[[nodiscard]] inline indices lowest(const indices& members, const row& keys, double count)
{
    indices taken;
    for (const std::size_t m : order_of(keys))
        if (static_cast<double>(taken.size()) < count)
            taken.push_back(members[m]);
    return taken;
}

}  // namespace tests::plain

#endif
