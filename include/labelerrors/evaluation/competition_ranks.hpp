#ifndef LABELERRORS_EVALUATION_COMPETITION_RANKS_HPP
#define LABELERRORS_EVALUATION_COMPETITION_RANKS_HPP

#include <labelerrors/error.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace labelerrors::evaluation
{

/// The place of one among several, from 1.
struct rank
{
    std::size_t place = 1;     // one more than how many are better
    std::size_t num_tied = 1;  // how many have this place, itself among them: 1 where it is alone

    friend constexpr bool operator==(const rank&, const rank&) = default;
};

/// Ranks values, the highest first: those that are equal share the best of their places and the next place is that many
/// further on (1 2 2 4, standard competition ranking).
///
/// A list that was sorted and numbered, as the published tables are, gives tied values different places, which say
/// nothing: each is from `place` to `place + num_tied - 1` here, and equal where a value is alone.
/// Returns a rank for each value. Throws value_error for a value that is NaN. O(m log m).
[[nodiscard]] inline std::vector<rank> competition_ranks(std::span<const double> values)
{
    for (std::size_t i = 0; i < values.size(); ++i)
        if (std::isnan(values[i]))
            throw value_error("competition_ranks: values(" + std::to_string(i) + ") must be a number, but is NaN");
    std::vector<double> sorted(values.begin(), values.end());
    std::sort(sorted.begin(), sorted.end(), std::greater<>());
    std::vector<rank> ranks;
    ranks.reserve(values.size());
    for (const double value : values)
    {
        const auto equal = std::equal_range(sorted.begin(), sorted.end(), value, std::greater<>());
        ranks.push_back({static_cast<std::size_t>(equal.first - sorted.begin()) + 1,
                         static_cast<std::size_t>(equal.second - equal.first)});
    }
    return ranks;
}

}  // namespace labelerrors::evaluation

#endif
