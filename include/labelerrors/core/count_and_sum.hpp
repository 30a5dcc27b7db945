#ifndef LABELERRORS_CORE_COUNT_AND_SUM_HPP
#define LABELERRORS_CORE_COUNT_AND_SUM_HPP

#include <labelerrors/core/class_labels.hpp>
#include <labelerrors/core/class_thresholds.hpp>
#include <labelerrors/core/exact_sum.hpp>
#include <labelerrors/core/pred_probs_check.hpp>
#include <labelerrors/core/row_looks.hpp>
#include <labelerrors/rows/column_of_label.hpp>
#include <labelerrors/rows/parallel.hpp>
#include <labelerrors/rows/prefetch.hpp>
#include <labelerrors/rows/reread_costs.hpp>
#include <labelerrors/rows/row_blocks.hpp>

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace labelerrors::detail
{

/// Accumulator: the counts of the labels, and the sums of the self-confidences of each class, of narrow rows.
template <std::integral Label>
struct counts_and_sums
{
    label_counts<Label> counts;
    std::vector<exact_sum> sums;  // k, at most narrow_columns

    /// Adds the rows [first, last) up to a label that is no class.
    template <in_place_source Source, class Report>
    void add(const Source& source, std::span<const Label> labels, std::size_t first, std::size_t last,
             const Report& report)
    {
        // A few rows at a time, so that the lower halves of their terms leave room for a count above them.
        constexpr std::size_t step = 2048;
        constexpr unsigned count_bit = 48;
        constexpr std::uint64_t lower_bits = 0xffffffff;
        for (std::size_t start = first; start < last; start += step)
        {
            const std::size_t stop = std::min(start + step, last);
            if (!counts.check(start, stop))
                return;
            std::array<std::int64_t, narrow_columns> upper{};
            std::array<std::uint64_t, narrow_columns> lower{};
            for (std::size_t i = start; i < stop; ++i)
            {
                prefetch_next_page(source.row(i));
                const auto label = static_cast<std::size_t>(labels[i]);
                const auto term = exact_sum::fixed(to_probability(static_cast<double>(source.row(i)[label])));
                upper[label] += term >> 32;
                lower[label] += (static_cast<std::uint64_t>(term) & lower_bits) | std::uint64_t{1} << count_bit;
            }
            for (std::size_t j = 0; j < sums.size(); ++j)
            {
                counts.add_examples(j, static_cast<std::size_t>(lower[j] >> count_bit));
                sums[j].add_halves(upper[j], lower[j] & ((std::uint64_t{1} << count_bit) - 1));
                sums[j].carry();
            }
            if (!report(stop - start))
                return;
        }
    }

    void merge(counts_and_sums&& later)
    {
        counts.merge(std::move(later.counts));
        for (std::size_t j = 0; j < sums.size(); ++j)
            sums[j].merge(later.sums[j]);
    }
};

/// Checks and counts labels. Of narrow rows in memory it returns the sums of the self-confidences of each class too,
/// for little more than the labels take to come: the same bits as sum_self_confidences.
template <row_source Source, std::integral Label, class Options>
[[nodiscard]] std::optional<std::vector<exact_sum>> count_and_sum(const Source& source, class_labels<Label>& labels,
                                                                  const Options& options, const char* function)
{
    const std::size_t k = source.num_columns();
    if constexpr (in_place_source<Source>)
        if (k <= narrow_columns && !is_costly_to_reread(source))
        {
            auto found =
                accumulate(labels.size(), column_of_label(source, labels.values).cost(), "thresholds",
                           counts_and_sums<Label>{label_counts<Label>(labels.values, k), std::vector<exact_sum>(k)},
                           {options.threads, options.progress},
                           [&](counts_and_sums<Label>& both, std::size_t first, std::size_t last, const auto& report)
                           { both.add(source, labels.values, first, last, report); });
            finish_counting(labels, found.counts, function);
            return std::move(found.sums);
        }
    finish_counting(labels, count_labels(labels.values, k, options.threads), function);
    return std::nullopt;
}

/// Calls `use(rows, checked_labels, sums)` as with_checked, with what count_and_sum returns.
template <label_sequence Labels, probability_matrix PredProbs, class Options, class Use>
decltype(auto) with_checked_sums(const Labels& labels, const PredProbs& pred_probs, const Options& options,
                                 const char* function, const Use& use)
{
    require_tolerance(options.tolerance, function);
    return with_rows(pred_probs, function,
                     [&](const auto& rows)
                     {
                         auto checked = labels_of(labels, rows.num_rows(), rows.num_columns(), function);
                         require_examples(rows.num_rows(), function);
                         auto sums = count_and_sum(rows, checked, options, function);
                         return use(rows, checked, std::move(sums));
                     });
}

}  // namespace labelerrors::detail

#endif
