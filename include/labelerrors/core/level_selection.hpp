#ifndef LABELERRORS_CORE_LEVEL_SELECTION_HPP
#define LABELERRORS_CORE_LEVEL_SELECTION_HPP

#include <labelerrors/core/class_labels.hpp>
#include <labelerrors/core/label_pairs.hpp>
#include <labelerrors/core/margin_selection.hpp>
#include <labelerrors/core/pred_probs_check.hpp>
#include <labelerrors/core/quota_selection.hpp>
#include <labelerrors/rows/large_vector.hpp>
#include <labelerrors/rows/parallel.hpp>
#include <labelerrors/rows/prefetch.hpp>
#include <labelerrors/rows/row_elements.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <utility>
#include <vector>

namespace labelerrors::detail
{

/// A level of margins: 0 for those up to agreeing_margin, above it 1 .. most_level, all as wide.
using margin_level = std::uint16_t;

inline constexpr std::size_t most_level = 4096;

[[nodiscard]] inline margin_level level_of(double margin) noexcept
{
    // Without a branch: whether a margin is above cannot be predicted.
    const auto wide = static_cast<std::int32_t>(margin * double{most_level});
    const auto level = std::min(wide + 1, std::int32_t{most_level});
    return static_cast<margin_level>(level * static_cast<std::int32_t>(margin > agreeing_margin));
}

/// Whether a few pairs have large quotas. What is selected for them is a good part of the rows that are looked at, and
/// to remember at which level each row is takes less memory than to remember the best rows so far: memory that is
/// written for the first time costs more than all else that is done for a row.
[[nodiscard]] inline bool has_few_large(const pair_quotas& quotas) noexcept
{
    constexpr std::size_t most_pairs = 64;
    constexpr std::size_t most_of_a_label = 8;
    constexpr std::size_t least_sum = std::size_t{1} << 15;
    std::size_t sum = 0;
    for (const auto& pair : quotas.pairs)
        sum += pair.selection.quota();
    bool few = quotas.pairs.size() <= most_pairs;
    for (std::size_t given = 0; given + 1 < quotas.first.size(); ++given)
        few = few && quotas.first[given + 1] - quotas.first[given] <= most_of_a_label;
    return few && sum >= least_sum;
}

/// Accumulator: how many rows are at each level of each pair.
struct level_counts
{
    std::vector<std::size_t> counts;  // pairs x levels

    [[nodiscard]] std::span<std::size_t> of(std::size_t pair)
    {
        return std::span(counts).subspan(pair * (most_level + 1), most_level + 1);
    }

    void merge(level_counts&& later)
    {
        std::transform(counts.begin(), counts.end(), later.counts.begin(), counts.begin(), std::plus<>());
    }
};

/// Accumulator: what is left of each pair's quota at the level where it ends.
struct rest_selection
{
    std::vector<quota_selection> of_pair;

    void merge(rest_selection&& later)
    {
        merge_each(of_pair, std::move(later.of_pair));
    }
};

/// Fills quotas from the contradicted rows: appends to `taken` the rows of those quotas that can be filled, ascending,
/// and returns the quotas that cannot.
/// How many rows there are at each level of margins says at which one a quota ends: those above are taken as they are,
/// and only of those at it, which are few, the best are found. The same rows as by `select_by_margin` are taken.
/// `contradicted`: ascending rows of `source`.
template <row_source Source, std::integral Label, row_list Rows>
[[nodiscard]] pair_quotas take_by_levels(const Source& source, const class_labels<Label>& labels,
                                         const Rows& contradicted, pair_quotas quotas, large_vector<std::size_t>& taken,
                                         const scan_options& options)
{
    constexpr const char* pass = "selection";
    const label_pairs pairs(quotas);
    std::size_t width = 0;
    for (std::size_t given = 0; given < pairs.num_classes(); ++given)
        width = std::max(width, pairs.count(given));
    const auto margin_in = [&](const auto& value, std::size_t label, std::size_t pair)
    {
        return to_probability(value(pairs.true_label(pair))) - to_probability(value(label));
    };

    large_vector<margin_level> levels(contradicted.size() * width);
    const auto find_levels = [&](level_counts& counts, std::size_t first, std::size_t last, const auto& report)
    {
        row_elements elements(source, contradicted);
        for_each_position(source, labels.values, contradicted, position_range{first, last}, report,
                          [&](std::size_t i)
                          {
                              const std::size_t label = labels[contradicted[i]];
                              if (pairs.count(label) == 0)
                                  return;
                              elements.go_to(i);
                              elements.with_values(
                                  [&](const auto& value)
                                  {
                                      margin_level* to = levels.data() + i * width;
                                      for (std::size_t p = pairs.begin(label); p < pairs.end(label); ++p, ++to)
                                      {
                                          *to = level_of(margin_in(value, label, p));
                                          ++counts.of(p)[*to];
                                      }
                                  });
                          });
    };
    auto counts =
        accumulate(contradicted.size(), source.num_columns(), pass,
                   level_counts{std::vector<std::size_t>(pairs.size() * (most_level + 1))}, options, find_levels);

    constexpr std::size_t never = std::numeric_limits<std::size_t>::max();
    std::vector<std::size_t> ends(pairs.size(), never);  // the level where each quota ends, if rows fill it
    rest_selection rest;
    for (std::size_t p = 0; p < pairs.size(); ++p)
    {
        const auto at_level = counts.of(p);
        std::size_t left = quotas.pairs[p].selection.quota();
        std::size_t level = most_level;
        for (; level > 0 && at_level[level] < left; --level)
            left -= at_level[level];
        if (level > 0)
            ends[p] = level;
        rest.of_pair.emplace_back(level > 0 ? left : 0);
    }

    std::vector<std::uint8_t> is_taken(contradicted.size());
    const auto take = [&](rest_selection& best, std::size_t first, std::size_t last, const auto& report)
    {
        row_elements elements(source, contradicted);
        for (std::size_t i = first; i < last; ++i)
        {
            prefetch_ahead(contradicted, i, [&](std::size_t row) { return &labels.values[row]; });
            const std::size_t label = labels[contradicted[i]];
            const margin_level* const level = levels.data() + i * width;
            // Without a branch: whether a row is taken cannot be predicted.
            bool above = false;
            bool at_end = false;
            for (std::size_t p = pairs.begin(label); p < pairs.end(label); ++p)
            {
                above |= level[p - pairs.begin(label)] > ends[p];
                at_end |= level[p - pairs.begin(label)] == ends[p];
            }
            is_taken[i] = above ? 1 : 0;
            if (!at_end)
                continue;
            elements.go_to(i);
            elements.with_values(
                [&](const auto& value)
                {
                    for (std::size_t p = pairs.begin(label); p < pairs.end(label); ++p)
                        if (level[p - pairs.begin(label)] == ends[p])
                            best.of_pair[p].add(margin_in(value, label, p), i);
                });
        }
        report(last - first);
    };
    rest = accumulate(contradicted.size(), 4, pass, std::move(rest), options, take);

    large_vector<std::size_t> positions;
    for (auto& best : rest.of_pair)
        best.append_indices_to(positions);
    for (const std::size_t position : positions)
        is_taken[position] = 1;
    std::size_t count = taken.size();
    taken.resize(count + contradicted.size());
    for (std::size_t i = 0; i < contradicted.size(); ++i)
    {
        taken[count] = contradicted[i];
        count += is_taken[i];
    }
    taken.resize(count);
    std::vector<bool> is_open(pairs.size());
    std::transform(ends.begin(), ends.end(), is_open.begin(), [](std::size_t end) { return end == never; });
    return quotas_where(std::move(quotas), is_open);
}

}  // namespace labelerrors::detail

#endif
