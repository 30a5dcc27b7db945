#ifndef LABELERRORS_TESTS_CORE_PLAIN_CUTS_HPP
#define LABELERRORS_TESTS_CORE_PLAIN_CUTS_HPP

// Where cleanlab 1.0 cuts the examples that have a label, by sorting all of them.

#include <labelerrors/core/reference_cleanlab_1.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

namespace tests::plain
{

/// Probabilities, and margins of a true label over a given one, as one process computes them, or as several do, which
/// share them as floats.
struct told_probabilities
{
    const xt::xtensor<double, 2>& pred_probs;
    labelerrors::reference::cleanlab_1::jobs jobs;

    [[nodiscard]] double value(std::size_t i, std::size_t j) const
    {
        return told(pred_probs(i, j));
    }

    [[nodiscard]] double margin(std::size_t i, std::size_t j, std::size_t given) const
    {
        return told(value(i, j) - value(i, given));
    }

private:
    [[nodiscard]] double told(double number) const
    {
        return jobs == labelerrors::reference::cleanlab_1::jobs::one ? number
                                                                     : static_cast<double>(static_cast<float>(number));
    }
};

struct cuts
{
    double below = -std::numeric_limits<double>::infinity();  // what has less is taken by class
    std::vector<double> from;                                 // k: what has as wide a margin is taken by noise rate
};

/// The cuts of the examples `rows`, those that have the label `given`. `counts`: row: true, column: given label.
[[nodiscard]] inline cuts cuts_of(const told_probabilities& told, std::size_t given,
                                  const std::vector<std::size_t>& rows, const xt::xtensor<std::int64_t, 2>& counts)
{
    const std::size_t k = counts.shape()[0];
    cuts result{.from = std::vector<double>(k, std::numeric_limits<double>::infinity())};
    std::vector<double> sorted;
    for (const std::size_t i : rows)
        sorted.push_back(told.value(i, given));
    std::sort(sorted.begin(), sorted.end());
    const auto num_errors = static_cast<std::int64_t>(rows.size()) - counts(given, given);
    if (num_errors > 0)
        result.below = sorted[static_cast<std::size_t>(num_errors)];
    for (std::size_t j = 0; j < k; ++j)
    {
        const auto quota = std::min(static_cast<std::size_t>(counts(j, given)), rows.size());
        if (j == given || quota == 0)
            continue;
        sorted.clear();
        for (const std::size_t i : rows)
            sorted.push_back(told.margin(i, j, given));
        std::sort(sorted.begin(), sorted.end(), std::greater<>());
        result.from[j] = sorted[quota - 1];
    }
    return result;
}

/// Whether example i has a margin over the label `given` that `of` takes by noise rate.
[[nodiscard]] inline bool takes_by_rate(const cuts& of, const told_probabilities& told, std::size_t i,
                                        std::size_t given)
{
    for (std::size_t j = 0; j < of.from.size(); ++j)
        if (told.margin(i, j, given) >= of.from[j])
            return true;
    return false;
}

}  // namespace tests::plain

#endif
