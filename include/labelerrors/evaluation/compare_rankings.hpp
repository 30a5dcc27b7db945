#ifndef LABELERRORS_EVALUATION_COMPARE_RANKINGS_HPP
#define LABELERRORS_EVALUATION_COMPARE_RANKINGS_HPP

#include <labelerrors/error.hpp>
#include <labelerrors/evaluation/competition_ranks.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace labelerrors::evaluation
{

/// Kendall's tau-b of two rankings, and the pairs that it counts.
struct kendall_tau
{
    std::size_t num_concordant = 0;  // pairs that both rankings have in the same order
    std::size_t num_discordant = 0;  // pairs that they have in opposite orders
    std::size_t num_tied_a = 0;      // pairs that are tied in a, whether or not in b
    std::size_t num_tied_b = 0;      // pairs that are tied in b, whether or not in a
    std::optional<double> tau_b;     // from -1 to 1; none where all pairs of a or of b are tied, or there are none
};

/// How far one of those ranked has moved.
struct rank_move
{
    std::size_t index = 0;  // in the rankings
    rank before;
    rank after;

    /// Places gained: positive where the rank is better after.
    [[nodiscard]] constexpr std::ptrdiff_t places() const noexcept
    {
        return static_cast<std::ptrdiff_t>(before.place) - static_cast<std::ptrdiff_t>(after.place);
    }
};

/// How much a ranking has changed.
struct ranking_change
{
    kendall_tau agreement;
    std::vector<rank_move> moves;  // one for each that is ranked, the largest moves first, by index where equal
};

/// Kendall's tau-b of two sequences of values for the same m items: the concordant less the discordant pairs, over the
/// geometric mean of the pairs that are not tied in either. Without ties it is Kendall's tau (tau-a).
///
/// `a`, `b`: m values each; only their order matters. Throws shape_error where they are not as many; value_error for a
/// NaN. O(m^2), m being a number of models.
/// Source: Kendall 1945, Biometrika 33:239.
[[nodiscard]] kendall_tau kendall_tau_b(std::span<const double> a, std::span<const double> b);

/// Compares the ranks of the same m items before and after. Throws shape_error where they are not as many. O(m^2).
[[nodiscard]] ranking_change compare_rankings(std::span<const rank> before, std::span<const rank> after);

inline kendall_tau kendall_tau_b(std::span<const double> a, std::span<const double> b)
{
    if (a.size() != b.size())
        throw shape_error("kendall_tau_b: b must have as many values as a, " + std::to_string(a.size()) + ", not " +
                          std::to_string(b.size()));
    kendall_tau result;
    for (std::size_t i = 0; i < a.size(); ++i)
    {
        if (std::isnan(a[i]) || std::isnan(b[i]))
            throw value_error(std::string("kendall_tau_b: ") + (std::isnan(a[i]) ? "a(" : "b(") + std::to_string(i) +
                              ") must be a number, but is NaN");
        for (std::size_t j = 0; j < i; ++j)
        {
            const bool tied_a = a[i] == a[j];
            const bool tied_b = b[i] == b[j];
            result.num_tied_a += tied_a ? 1U : 0U;
            result.num_tied_b += tied_b ? 1U : 0U;
            if (!tied_a && !tied_b)
                ++((a[i] < a[j]) == (b[i] < b[j]) ? result.num_concordant : result.num_discordant);
        }
    }
    const std::size_t num_pairs = a.empty() ? 0 : a.size() * (a.size() - 1) / 2;
    const auto untied_a = static_cast<double>(num_pairs - result.num_tied_a);
    const auto untied_b = static_cast<double>(num_pairs - result.num_tied_b);
    if (untied_a > 0 && untied_b > 0)
        result.tau_b = (static_cast<double>(result.num_concordant) - static_cast<double>(result.num_discordant)) /
                       std::sqrt(untied_a * untied_b);
    return result;
}

inline ranking_change compare_rankings(std::span<const rank> before, std::span<const rank> after)
{
    if (before.size() != after.size())
        throw shape_error("compare_rankings: after must have as many ranks as before, " +
                          std::to_string(before.size()) + ", not " + std::to_string(after.size()));
    ranking_change change;
    std::vector<double> places_before;
    std::vector<double> places_after;
    for (std::size_t i = 0; i < before.size(); ++i)
    {
        places_before.push_back(static_cast<double>(before[i].place));
        places_after.push_back(static_cast<double>(after[i].place));
        change.moves.push_back({i, before[i], after[i]});
    }
    change.agreement = kendall_tau_b(places_before, places_after);
    std::stable_sort(change.moves.begin(), change.moves.end(),
                     [](const rank_move& a, const rank_move& b)
                     {
                         const auto far = [](const rank_move& move)
                         {
                             return move.places() < 0 ? -move.places() : move.places();
                         };
                         return far(a) > far(b);
                     });
    return change;
}

}  // namespace labelerrors::evaluation

#endif
