#ifndef LABELERRORS_CORE_THRESHOLD_RANGES_HPP
#define LABELERRORS_CORE_THRESHOLD_RANGES_HPP

#include <labelerrors/core/class_labels.hpp>
#include <labelerrors/core/class_thresholds.hpp>
#include <labelerrors/core/confidence_sample.hpp>
#include <labelerrors/core/exact_sum.hpp>
#include <labelerrors/core/peers.hpp>
#include <labelerrors/core/pred_probs_check.hpp>
#include <labelerrors/rows/column_of_label.hpp>
#include <labelerrors/rows/large_vector.hpp>
#include <labelerrors/rows/parallel.hpp>
#include <labelerrors/rows/reread_costs.hpp>
#include <labelerrors/rows/row_elements.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace labelerrors::detail
{

/// What the thresholds lie between, k numbers each.
struct threshold_ranges
{
    std::vector<double> least;
    std::vector<double> most;

    [[nodiscard]] bool contain(std::span<const double> thresholds) const
    {
        for (std::size_t j = 0; j < thresholds.size(); ++j)
            if (!(least[j] <= thresholds[j] && thresholds[j] <= most[j]))
                return false;
        return true;
    }
};

/// The sample of a source's rows that spares a pass over all of them, or nothing where the pass costs as little, or the
/// sample would have too few rows of a class.
template <row_source Source>
[[nodiscard]] std::optional<block_sample> sample_of(const Source& source)
{
    constexpr std::size_t least_rows_of_a_class = 16;
    constexpr std::size_t enough_rows_of_a_class = 4096;
    const std::size_t n = source.num_rows();
    const std::size_t k = source.num_columns();
    const std::size_t most_rows = n / 16;
    if (!is_costly_to_reread(source) || most_rows / k < least_rows_of_a_class)
        return std::nullopt;
    // Of 64 KiB, which a disk reads at little more than the price of the first byte, but not so few that a class hides.
    constexpr std::size_t block_bytes = std::size_t{1} << 16;
    const std::size_t most_in_block = std::min<std::size_t>(256, std::max<std::size_t>(most_rows / 64, 1));
    const std::size_t block_rows =
        std::clamp<std::size_t>(block_bytes / (k * sizeof(typename Source::value_type)), 1, most_in_block);
    return block_sample(n, std::min(most_rows, std::max(k * enough_rows_of_a_class, n / 64)), block_rows);
}

/// The self-confidences of a sample's rows.
template <row_source Source, std::integral Label>
[[nodiscard]] confidence_sample draw(const block_sample& blocks, const Source& source,
                                     const class_labels<Label>& labels, const pass_options& options)
{
    const std::size_t step = blocks.block_rows();
    return accumulate(blocks.num_blocks() * step, column_of_label(source, labels.values).cost(), "thresholds",
                      confidence_sample(source.num_columns()), {options.threads, options.progress},
                      [&](confidence_sample& sample, std::size_t first, std::size_t last, const auto& report)
                      {
                          column_of_label column(source, labels.values);
                          for (std::size_t block = first / step; block < last / step; ++block)
                          {
                              const std::size_t row = blocks.first_row(block);
                              column.feed(row, row + step, sample);
                              sample.end_block();
                              if (!report(step))
                                  return;
                          }
                      });
}

/// The thresholds of the classes that `wanted` says, from all their rows; the others are 0.
template <row_source Source, std::integral Label, peer_processes Peers>
[[nodiscard]] std::vector<double> thresholds_of_some(const Source& source, const class_labels<Label>& labels,
                                                     const std::vector<bool>& wanted, const pass_options& options,
                                                     const Peers& peers)
{
    const std::size_t k = source.num_columns();
    large_vector<std::size_t> rows;
    for (std::size_t i = 0; i < labels.size(); ++i)
        if (wanted[labels[i]])
            rows.push_back(i);
    auto totals = accumulate(rows.size(), k, "thresholds", self_confidence_sums{std::vector<exact_sum>(k)},
                             {options.threads, options.progress},
                             [&](self_confidence_sums& sums, std::size_t first, std::size_t last, const auto& report)
                             {
                                 row_elements elements(source, std::span<const std::size_t>(rows));
                                 for_each_position(source, labels.values, rows, position_range{first, last}, report,
                                                   [&](std::size_t i)
                                                   {
                                                       const std::size_t label = labels[rows[i]];
                                                       elements.go_to(i);
                                                       sums.add(rows[i], label, elements[label]);
                                                   });
                             });
    return thresholds_from(std::move(totals.sums), labels.class_counts, peers);
}

/// No range may begin below: it would leave too many rows open.
inline constexpr double least_range = 1.0 / 32.0;

/// Below this mean the model of a sample is not sure enough for ranges that begin so high.
inline constexpr double least_sure_mean = 8.0 * least_range;

/// Ranges that leave nearly every row open: for sets of few examples, whose classes are too many for a sample to tell
/// of each, but which can be kept until the thresholds are known. Nothing where a pass for them costs as little, or
/// where thresholds may well be below.
template <row_source Source, std::integral Label>
[[nodiscard]] std::optional<threshold_ranges> wide_ranges(const Source& source, const class_labels<Label>& labels,
                                                          const pass_options& options)
{
    constexpr std::size_t least_rows = 1024;
    constexpr std::size_t most_rows = std::size_t{1} << 18;
    const std::size_t n = source.num_rows();
    const std::size_t k = source.num_columns();
    if (!is_costly_to_reread(source) || n < least_rows || n > most_rows)
        return std::nullopt;
    const auto sample = draw(block_sample(n, least_rows / 2, 8), source, labels, options);
    double sum = 0.0;
    std::size_t size = 0;
    for (std::size_t j = 0; j < k; ++j)
        if (sample.size(j) != 0)
        {
            sum += sample.mean(j) * static_cast<double>(sample.size(j));
            size += sample.size(j);
        }
    if (sum < least_sure_mean * static_cast<double>(size))
        return std::nullopt;
    threshold_ranges ranges{std::vector<double>(k, least_range), std::vector<double>(k, 1.0)};
    for (std::size_t j = 0; j < k; ++j)
        if (labels.class_counts[j] == 0)
            ranges.least[j] = ranges.most[j] = missing_class_threshold;
    return ranges;
}

/// What the thresholds lie between, nearly for sure, from a sample of the rows and all rows of the classes of which the
/// sample tells too little; or nothing where that is not worth its while. The same on every process.
/// O(n) time at the most for the labels, and a small part of a pass.
template <row_source Source, std::integral Label, peer_processes Peers = alone>
[[nodiscard]] std::optional<threshold_ranges> estimate_thresholds(const Source& source,
                                                                  const class_labels<Label>& labels,
                                                                  const pass_options& options, const Peers& peers = {})
{
    const auto blocks = sample_of(source);
    if (!holds_for_all(peers, blocks || source.num_rows() == 0))
        return std::is_same_v<Peers, alone> ? wide_ranges(source, labels, options) : std::nullopt;
    const std::size_t k = source.num_columns();
    auto sample = blocks ? draw(*blocks, source, labels, options) : confidence_sample(k);
    sample.add_up_over(peers);

    threshold_ranges ranges{std::vector<double>(k), std::vector<double>(k)};
    std::vector<bool> uncertain(k);
    std::size_t num_uncertain = 0;
    std::size_t num_examples = 0;
    for (std::size_t j = 0; j < k; ++j)
    {
        num_examples += labels.class_counts[j];
        if (labels.class_counts[j] == 0)
        {
            ranges.least[j] = ranges.most[j] = missing_class_threshold;
            continue;
        }
        const double mean = sample.size(j) == 0 ? 0.0 : sample.mean(j);
        const double margin = sample.size(j) == 0 ? 1.0 : sample.margin(j);
        ranges.least[j] = std::max(mean - margin, least_range);
        ranges.most[j] = mean + margin;
        uncertain[j] = mean - margin < least_range && mean < least_sure_mean;
        if (uncertain[j])
            num_uncertain += labels.class_counts[j];
    }
    if (num_uncertain > num_examples / 16)
        return std::nullopt;
    if (num_uncertain == 0)
        return ranges;
    const auto exact = thresholds_of_some(source, labels, uncertain, options, peers);
    for (std::size_t j = 0; j < k; ++j)
        if (uncertain[j])
            ranges.least[j] = ranges.most[j] = exact[j];
    return ranges;
}

}  // namespace labelerrors::detail

#endif
