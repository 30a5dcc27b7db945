#ifndef LABELERRORS_CORE_SCORE_ORDER_HPP
#define LABELERRORS_CORE_SCORE_ORDER_HPP

#include <labelerrors/core/sort_all.hpp>
#include <labelerrors/rows/large_vector.hpp>
#include <labelerrors/rows/parallel.hpp>
#include <labelerrors/rows/work_ranges.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <limits>
#include <numeric>
#include <span>
#include <utility>
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

    friend bool operator==(const scored_position&, const scored_position&) = default;

    friend bool operator<(const scored_position& a, const scored_position& b) noexcept
    {
        return a.score < b.score || (a.score == b.score && a.position < b.position);
    }
};

/// Bins of rising scores, all as wide.
class score_bins
{
public:
    /// About `count` bins for scores from `least` to `largest`; one where these are too close to be told apart so.
    score_bins(double least, double largest, std::size_t count) : least_(least)
    {
        const double range = largest - least;
        if (count < 2 || !(range >= 1e-300))
            return;
        num_bins_ = count;
        scale_ = static_cast<double>(count - 1) / range;
    }

    [[nodiscard]] std::size_t size() const noexcept
    {
        return num_bins_;
    }

    /// The bin of a score that is not outside.
    [[nodiscard]] std::size_t operator()(double score) const noexcept
    {
        return static_cast<std::size_t>((score - least_) * scale_);
    }

private:
    double least_;
    double scale_ = 0.0;
    std::size_t num_bins_ = 1;
};

/// The least and the largest score of some rows.
struct score_range
{
    double least = std::numeric_limits<double>::infinity();
    double largest = -std::numeric_limits<double>::infinity();

    void add(double score) noexcept
    {
        least = std::min(least, score);
        largest = std::max(largest, score);
    }
};

/// Puts rows in order. `room` is used for what is moved. O(rows) where the scores are spread evenly.
inline void sort_scored(std::span<scored_position> rows, std::vector<scored_position>& room)
{
    constexpr std::size_t least_rows = 64;
    constexpr std::size_t most_bins = std::size_t{1} << 16;
    score_range range;
    for (const auto& row : rows)
        range.add(row.score);
    const score_bins bins(range.least, range.largest, rows.size() < least_rows ? 1 : std::min(rows.size(), most_bins));
    if (bins.size() == 1)
        return sort_all(rows);
    std::vector<std::size_t> next(bins.size() + 1);
    for (const auto& row : rows)
        ++next[bins(row.score) + 1];
    std::partial_sum(next.begin(), next.end(), next.begin());
    room.resize(std::max(room.size(), rows.size()));
    for (const auto& row : rows)
        room[next[bins(row.score)]++] = row;
    // Each bin has moved on to where the one behind it began. Insertions put what is out of order only within small
    // bins where it belongs, and each ends within its bin.
    constexpr std::size_t large_bin = 16;
    std::size_t start = 0;
    for (std::size_t bin = 0; bin < bins.size(); start = next[bin++])
        if (next[bin] - start > large_bin)
            sort_all(std::span(room).subspan(start, next[bin] - start));
    for (std::size_t i = 0; i < rows.size(); ++i)
    {
        std::size_t place = i;
        for (; place > 0 && room[i] < rows[place - 1]; --place)
            rows[place] = rows[place - 1];
        rows[place] = room[i];
    }
}

/// The positions of rows by ascending score, those of equal scores ascending. `score_of(i)`: the score of the i-th of m
/// rows, no NaN. O(m) where the scores are spread evenly, else O(m log m).
template <class ScoreOf>
[[nodiscard]] large_vector<scored_position> ascending_order(std::size_t m, const ScoreOf& score_of, std::size_t threads)
{
    // The rows are dealt into wide bins, by threads of which each moves a part of them, and each bin is then sorted.
    constexpr std::size_t most_bins = 256;
    const std::size_t parts = threads_for(threads, m * elements_a_record);
    const auto in_parts = [&](const auto& use)
    {
        in_ranges(parts, elements_a_record * m / parts, threads,
                  [&](std::size_t from, std::size_t to)
                  {
                      for (std::size_t part = from; part < to; ++part)
                          use(part, start_of_part(m, parts, part), start_of_part(m, parts, part + 1));
                  });
    };
    std::vector<score_range> ranges(parts);
    in_parts(
        [&](std::size_t part, std::size_t begin, std::size_t end)
        {
            score_range own;
            for (std::size_t i = begin; i < end; ++i)
                own.add(score_of(i));
            ranges[part] = own;
        });
    score_range range;
    for (const auto& of_part : ranges)
    {
        range.add(of_part.least);
        range.add(of_part.largest);
    }
    const score_bins bins(range.least, range.largest, std::min(m / 64, most_bins));
    std::vector<std::vector<std::size_t>> next(parts);
    in_parts(
        [&](std::size_t part, std::size_t begin, std::size_t end)
        {
            std::vector<std::size_t> counts(bins.size());
            for (std::size_t i = begin; i < end; ++i)
                ++counts[bins(score_of(i))];
            next[part] = std::move(counts);
        });
    // Each part's count of a bin becomes where its rows go.
    std::vector<std::size_t> first(bins.size() + 1);
    for (std::size_t bin = 0; bin < bins.size(); ++bin)
    {
        std::size_t place = first[bin];
        for (auto& of_part : next)
            place += std::exchange(of_part[bin], place);
        first[bin + 1] = place;
    }
    large_vector<scored_position> order(m);
    in_parts(
        [&](std::size_t part, std::size_t begin, std::size_t end)
        {
            for (std::size_t i = begin; i < end; ++i)
            {
                const double score = score_of(i);
                order[next[part][bins(score)]++] = {score, i};
            }
        });
    in_ranges(bins.size(), elements_a_record * m / bins.size(), threads,
              [&](std::size_t from, std::size_t to)
              {
                  std::vector<scored_position> room;
                  for (std::size_t bin = from; bin < to; ++bin)
                      sort_scored(std::span(order).subspan(first[bin], first[bin + 1] - first[bin]), room);
              });
    return order;
}

}  // namespace labelerrors::detail

#endif
