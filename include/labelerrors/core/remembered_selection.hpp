#ifndef LABELERRORS_CORE_REMEMBERED_SELECTION_HPP
#define LABELERRORS_CORE_REMEMBERED_SELECTION_HPP

#include <labelerrors/core/class_labels.hpp>
#include <labelerrors/core/peers.hpp>
#include <labelerrors/core/prune_selection.hpp>
#include <labelerrors/core/remembered_rows.hpp>
#include <labelerrors/rows/float16.hpp>
#include <labelerrors/rows/large_vector.hpp>
#include <labelerrors/rows/parallel.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace labelerrors::detail
{

/// Shows the contradicted rows to the quotas of their labels, from memory: all wide margins.
template <row_element T, std::integral Label>
[[nodiscard]] pair_quotas select_remembered(const remembered_rows<T>& remembered, const class_labels<Label>& labels,
                                            std::span<const std::size_t> contradicted, pair_quotas quotas,
                                            const scan_options& options)
{
    constexpr std::size_t cost = 4;
    const label_pairs pairs(quotas);
    const auto work = [&](margin_selection& selection, const auto& positions, const auto& report)
    {
        for (std::size_t at = 0; at < positions.size(); ++at)
        {
            const std::size_t i = positions[at];
            const std::size_t label = labels[contradicted[i]];
            const double given = to_probability(static_cast<double>(remembered.given(i)));
            for (const auto& entry : remembered.above(i))
                if (const double margin = to_probability(static_cast<double>(entry.value)) - given;
                    margin > wide_margin)
                    if (const auto p = pairs.find(label, entry.column); p && margin > selection.to_exceed[*p])
                        selection.add(*p, margin, contradicted[i]);
        }
        report(positions.size());
    };
    return select_pairs(contradicted, labels, std::move(quotas), pairs, wide_margin, row_order::by_label_if_better,
                        cost, options, work);
}

/// The rows of classes with open quotas that can be among those with the largest p[true] - p[given], ascending.
///
/// A quota of q takes no row whose margin is below those of q others. The q rows of the class with the lowest
/// self-confidences have margins of at least their negative, and a row's own margin is at most 1 - 2 p[given], for no
/// other value is above what p[given] leaves of the sum. Self-confidences are known to 1/256.
/// `most_sum`: what the values of a row may sum to. Source: the bound is our own.
template <std::integral Label, peer_processes Peers = alone>
[[nodiscard]] large_vector<std::size_t> rows_that_matter(std::span<const std::uint8_t> confidence_floors,
                                                         const class_labels<Label>& labels, pair_quotas& open,
                                                         double most_sum, const Peers& peers = {})
{
    constexpr std::size_t levels = 256;
    const std::size_t k = labels.class_counts.size();
    std::vector<std::int64_t> counts(k * levels);
    for (std::size_t i = 0; i < labels.size(); ++i)
        ++counts[labels[i] * levels + confidence_floors[i]];
    peers.add_up(counts);
    std::vector<double> most_confidence(k, -1.0);  // of a row that can matter
    for (std::size_t given = 0; given < k; ++given)
    {
        std::size_t quota = 0;
        for (const auto& pair : open.of(given))
            quota = std::max(quota, pair.selection.quota());
        if (quota == 0)
            continue;
        const auto rows_at = [&](std::size_t level)
        {
            return static_cast<std::size_t>(counts[given * levels + level]);
        };
        std::size_t level = 0;
        for (std::size_t rows = rows_at(0); rows < quota && level + 1 < levels;)
            rows += rows_at(++level);
        const double lowest = static_cast<double>(level + 1) / levels;
        most_confidence[given] = (lowest + most_sum) / 2.0;
    }
    large_vector<std::size_t> rows;
    for (std::size_t i = 0; i < labels.size(); ++i)
        if (static_cast<double>(confidence_floors[i]) / levels <= most_confidence[labels[i]])
            rows.push_back(i);
    return rows;
}

/// What select_by_noise_rate does, with the rows that the model contradicts taken from memory, and of the others only
/// those read again that can matter. The same rows are taken.
template <row_source Source, std::integral Label, peer_processes Peers = alone>
[[nodiscard]] taken_rows select_by_noise_rate(const Source& source, const class_labels<Label>& labels,
                                              std::span<const std::size_t> contradicted,
                                              const pass_memory<typename Source::value_type>& memory,
                                              pair_quotas quotas, const pass_options& options, const Peers& peers = {})
{
    if (std::is_same_v<Peers, alone> && memory.kept.complete() && has_few_large(quotas))
    {
        taken_rows taken;
        auto open = take_by_levels(memory.kept.rows(), memory.kept.labels(), position_range{0, contradicted.size()},
                                   std::move(quotas), taken.rows, {options.threads, options.progress});
        for (std::size_t& row : taken.rows)
            row = contradicted[row];
        take_from_all(source, labels, std::move(open), taken, options, peers);
        sort_unique(taken.rows);
        return taken;
    }
    std::array<std::int64_t, 2> lacking{memory.contradicted.complete() ? 0 : 1,
                                        memory.confidence_floors.empty() ? 1 : 0};
    peers.add_up(lacking);
    if (lacking[0] != 0)
        return select_by_noise_rate(source, labels, contradicted, std::move(quotas), options, peers);
    taken_rows taken;
    auto open = settle(select_remembered(memory.contradicted, labels, contradicted, std::move(quotas),
                                         {options.threads, options.progress}),
                       taken.rows, peers, options.threads);
    if (lacking[1] != 0)
    {
        open =
            take_by_margin(source, labels, contradicted, std::move(open), agreeing_margin, taken.rows, options, peers);
        take_from_all(source, labels, std::move(open), taken, options, peers);
    }
    else if (!open.pairs.empty())
    {
        const double most_sum = most_row_sum(source.num_columns(), options.tolerance);
        const auto rows = rows_that_matter(memory.confidence_floors, labels, open, most_sum, peers);
        take_from(source, labels, rows, std::move(open), taken, options, peers);
    }
    sort_unique(taken.rows);
    return taken;
}

}  // namespace labelerrors::detail

#endif
