#ifndef LABELERRORS_CORE_SCORE_ORDER_HPP
#define LABELERRORS_CORE_SCORE_ORDER_HPP

#include <labelerrors/rows/large_vector.hpp>
#include <labelerrors/rows/parallel.hpp>

#include <algorithm>
#include <compare>
#include <cstddef>
#include <limits>
#include <numeric>
#include <vector>

namespace labelerrors::detail
{

/// What moving or sorting one record costs, in matrix elements looked at.
inline constexpr std::size_t elements_a_record = 64;

/// Where a row is among others, by score and then by position.
struct scored_position
{
    double score;
    std::size_t position;

    friend auto operator<=>(const scored_position&, const scored_position&) = default;
};

/// Deals rows into bins of rising scores, and sorts each bin.
template <class ScoreOf>
class score_bins
{
public:
    /// `score_of(i)`: the score of the i-th of `count` rows, no NaN.
    score_bins(std::size_t count, const ScoreOf& score_of) : count_(count), score_of_(score_of)
    {
        double largest = -std::numeric_limits<double>::infinity();
        least_ = std::numeric_limits<double>::infinity();
        for (std::size_t i = 0; i < count; ++i)
        {
            least_ = std::min(least_, score_of(i));
            largest = std::max(largest, score_of(i));
        }
        const double range = largest - least_;
        if (count < 256 || range < 1e-300)
            return;
        num_bins_ = std::min(count / 4, std::size_t{1} << 16);
        scale_ = static_cast<double>(num_bins_ - 1) / range;
    }

    [[nodiscard]] std::size_t size() const noexcept
    {
        return num_bins_;
    }

    /// Puts the rows of the bins [first, last) in order. `order`: room for all rows.
    void sort(std::size_t first, std::size_t last, scored_position* order) const
    {
        // Every thread passes over all scores, and counts those below and above its bins in a bin each.
        const std::size_t bins = last - first;
        const auto bin_of = [&](double score)
        {
            const auto bin = static_cast<std::size_t>((score - least_) * scale_);
            return bin < first ? std::size_t{0} : std::min(bin + 1 - first, bins + 1);
        };
        std::vector<std::size_t> next(bins + 3);
        for (std::size_t i = 0; i < count_; ++i)
            ++next[bin_of(score_of_(i)) + 1];
        std::partial_sum(next.begin(), next.end(), next.begin());
        std::size_t start = next[1];
        scored_position elsewhere{};
        for (std::size_t i = 0; i < count_; ++i)
        {
            const double score = score_of_(i);
            const std::size_t bin = bin_of(score);
            scored_position* const to = bin == 0 || bin > bins ? &elsewhere : order + next[bin];
            *to = {score, i};
            ++next[bin];
        }
        // Each bin has moved on to where the one behind it began.
        for (std::size_t bin = 1; bin <= bins; ++bin)
        {
            std::sort(order + start, order + next[bin]);
            start = next[bin];
        }
    }

private:
    std::size_t count_;
    const ScoreOf& score_of_;
    double least_ = 0.0;
    double scale_ = 0.0;
    std::size_t num_bins_ = 1;
};

/// The positions of rows by ascending score, those of equal scores ascending. `score_of(i)`: the score of the i-th of m
/// rows. O(m) where the scores are spread evenly, else O(m log m), and O(m) for each thread.
template <class ScoreOf>
[[nodiscard]] large_vector<scored_position> ascending_order(std::size_t m, const ScoreOf& score_of, std::size_t threads)
{
    large_vector<scored_position> order(m);
    if (m == 0)
        return order;
    const score_bins<ScoreOf> bins(m, score_of);
    in_ranges(bins.size(), elements_a_record * m / bins.size(), threads,
              [&](std::size_t first, std::size_t last) { bins.sort(first, last, order.data()); });
    return order;
}

}  // namespace labelerrors::detail

#endif
