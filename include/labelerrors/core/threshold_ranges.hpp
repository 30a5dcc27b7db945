#ifndef LABELERRORS_CORE_THRESHOLD_RANGES_HPP
#define LABELERRORS_CORE_THRESHOLD_RANGES_HPP

#include <labelerrors/core/class_labels.hpp>
#include <labelerrors/core/class_thresholds.hpp>
#include <labelerrors/core/exact_sum.hpp>
#include <labelerrors/core/peers.hpp>
#include <labelerrors/core/pred_probs_check.hpp>
#include <labelerrors/core/remembered_rows.hpp>
#include <labelerrors/rows/column_of_label.hpp>
#include <labelerrors/rows/large_vector.hpp>
#include <labelerrors/rows/parallel.hpp>
#include <labelerrors/rows/row_elements.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <span>
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

/// Accumulator: what the self-confidences in a sample of blocks of rows tell of the mean of each class. Whole numbers,
/// so that their sums over processes are the same on each: the values in units of 2^-10.
class confidence_sample
{
public:
    explicit confidence_sample(std::size_t num_classes) : totals_(num_classes * moments), block_(num_classes)
    {
    }

    void add(std::size_t /*row*/, std::size_t label, double value)
    {
        const auto rounded = static_cast<std::int64_t>(to_probability(value) * unit + 0.5);
        if (block_[label].count == 0)
            in_block_.push_back(label);
        block_[label].count += 1;
        block_[label].sum += rounded;
        totals_[label * moments + square] += rounded * rounded;
    }

    /// What follows is of another block.
    void end_block()
    {
        for (const std::size_t label : in_block_)
        {
            const auto [examples, values] = std::exchange(block_[label], {});
            std::int64_t* const totals = totals_.data() + label * moments;
            totals[count] += examples;
            totals[sum] += values;
            totals[block_square] += values * values;
            totals[block_product] += values * examples;
            totals[block_count_square] += examples * examples;
        }
        in_block_.clear();
    }

    void merge(confidence_sample&& later)
    {
        for (std::size_t i = 0; i < totals_.size(); ++i)
            totals_[i] += later.totals_[i];
    }

    template <peer_processes Peers>
    void add_up_over(const Peers& peers)
    {
        peers.add_up(totals_);
    }

    [[nodiscard]] std::size_t size(std::size_t label) const
    {
        return static_cast<std::size_t>(totals_[label * moments + count]);
    }

    /// The mean self-confidence of a class, of which there is a row, in the sample.
    [[nodiscard]] double mean(std::size_t label) const
    {
        return moment(label, sum) / moment(label, count) / unit;
    }

    /// How far from it the mean of the whole class may be, but for once in some 10,000 times.
    ///
    /// Source: the empirical Bernstein bound of Maurer and Pontil (2009), with a smaller constant in the term that
    /// falls with the sample's size, for a wrong range costs a pass and no more. The variance is that of the rows or
    /// that of the blocks, whichever is larger: rows that are next to each other may be alike.
    [[nodiscard]] double margin(std::size_t label) const
    {
        const double rows = moment(label, count);
        const double center = moment(label, sum) / rows;
        const double of_rows = moment(label, square) - center * moment(label, sum);
        const double of_blocks = moment(label, block_square) - 2.0 * center * moment(label, block_product) +
                                 center * center * moment(label, block_count_square);
        const double error = std::sqrt(std::max({of_rows, of_blocks, 0.0})) / rows / unit;
        return 4.5 * error + 10.0 / rows + 1.0 / unit;
    }

private:
    enum : std::size_t
    {
        count,
        sum,
        square,
        block_square,
        block_product,
        block_count_square,
        moments,
    };

    struct in_one_block
    {
        std::int64_t count = 0;
        std::int64_t sum = 0;
    };

    static constexpr double unit = 0x1p10;

    [[nodiscard]] double moment(std::size_t label, std::size_t which) const
    {
        return static_cast<double>(totals_[label * moments + which]);
    }

    std::vector<std::int64_t> totals_;   // k x moments
    std::vector<in_one_block> block_;    // k
    std::vector<std::size_t> in_block_;  // the labels in the block
};

/// Blocks of rows, one in each of as many equal stretches of all rows, at a place of its own: no period of the labels
/// can hide a class.
class block_sample
{
public:
    /// A sample of some `rows` rows, in blocks of `block_rows`, of `num_rows`, of which they are a small part.
    block_sample(std::size_t num_rows, std::size_t rows, std::size_t block_rows) noexcept
        : num_rows_(num_rows), block_rows_(block_rows), num_blocks_(rows / block_rows)
    {
    }

    [[nodiscard]] std::size_t num_blocks() const noexcept
    {
        return num_blocks_;
    }

    [[nodiscard]] std::size_t block_rows() const noexcept
    {
        return block_rows_;
    }

    [[nodiscard]] std::size_t first_row(std::size_t block) const noexcept
    {
        const std::size_t stretch = num_rows_ / num_blocks_;
        // The multiples of the golden ratio fall evenly between the whole numbers.
        const std::uint64_t fraction = (std::uint64_t{block} * 0x9e3779b97f4a7c15u) >> 40;
        return stretch * block + static_cast<std::size_t>(fraction * (stretch - block_rows_) >> 24);
    }

private:
    std::size_t num_rows_;
    std::size_t block_rows_;
    std::size_t num_blocks_;
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
    return accumulate(blocks.num_blocks(), blocks.block_rows() * column_of_label(source, labels.values).cost(),
                      "thresholds", confidence_sample(source.num_columns()), {options.threads, options.progress},
                      [&](confidence_sample& sample, std::size_t first, std::size_t last, const auto& report)
                      {
                          column_of_label column(source, labels.values);
                          for (std::size_t block = first; block < last; ++block)
                          {
                              const std::size_t row = blocks.first_row(block);
                              column.feed(row, row + blocks.block_rows(), sample);
                              sample.end_block();
                              if (!report(1))
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
                                 row_elements elements(source, rows);
                                 for_each_position(source, rows, first, last, report,
                                                   [&](std::size_t i)
                                                   {
                                                       const std::size_t label = labels[rows[i]];
                                                       elements.go_to(i);
                                                       sums.add(rows[i], label, elements[label]);
                                                   });
                             });
    return thresholds_from(std::move(totals.sums), labels.class_counts, peers);
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
        return std::nullopt;
    const std::size_t k = source.num_columns();
    auto sample = blocks ? draw(*blocks, source, labels, options) : confidence_sample(k);
    sample.add_up_over(peers);

    // Lower ones would leave too many rows open.
    constexpr double least_bound = 1.0 / 32.0;
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
        ranges.least[j] = std::max(mean - margin, least_bound);
        ranges.most[j] = mean + margin;
        uncertain[j] = mean - margin < least_bound && mean < 8.0 * least_bound;
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
