#ifndef LABELERRORS_CORE_CONFIDENT_SCAN_HPP
#define LABELERRORS_CORE_CONFIDENT_SCAN_HPP

#include <labelerrors/core/class_labels.hpp>
#include <labelerrors/core/class_thresholds.hpp>
#include <labelerrors/core/confident_counts.hpp>
#include <labelerrors/core/count_and_sum.hpp>
#include <labelerrors/core/exact_sum.hpp>
#include <labelerrors/core/off_diagonal_example.hpp>
#include <labelerrors/core/peers.hpp>
#include <labelerrors/core/pred_probs_check.hpp>
#include <labelerrors/core/remembered_rows.hpp>
#include <labelerrors/core/sort_all.hpp>
#include <labelerrors/core/sparse_row.hpp>
#include <labelerrors/core/threshold_ranges.hpp>
#include <labelerrors/error.hpp>
#include <labelerrors/rows/large_vector.hpp>
#include <labelerrors/rows/parallel.hpp>
#include <labelerrors/rows/prefetch.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace labelerrors::detail
{

/// Whether every diagonal entry of a joint is at least 1, as in cleanlab 2, or as counted, as in cleanlab 1.
enum class diagonal_floor
{
    one,
    none,
};

/// The rows of the confident joint by their entries.
class joint_rows
{
public:
    /// `pairs`: the counts off the diagonal, k x k, or empty where they are yet to be made of the `examples`.
    template <std::integral Label>
    joint_rows(std::span<const std::int64_t> diagonal, std::vector<std::int64_t> pairs,
               std::span<const off_diagonal_example> examples, std::span<const Label> labels)
        : first_(diagonal.size() + 1)
    {
        const std::size_t k = diagonal.size();
        if (pairs.empty() && k <= examples.size() / k)
        {
            pairs.resize(k * k);
            for_each_given(examples, labels,
                           [&](const off_diagonal_example& example, std::size_t given)
                           { ++pairs[given * k + example.guess()]; });
        }
        if (!pairs.empty())
        {
            take_counts(diagonal, pairs);
            return;
        }
        // The guesses of each given label one after another, then each label's guesses in ascending order.
        for_each_given(examples, labels, [&](const off_diagonal_example&, std::size_t given) { ++first_[given + 1]; });
        std::partial_sum(first_.begin(), first_.end(), first_.begin());
        std::vector<std::size_t> guesses(examples.size());
        auto next = first_;
        for_each_given(examples, labels,
                       [&](const off_diagonal_example& example, std::size_t given)
                       { guesses[next[given]++] = example.guess(); });
        const auto first_guess = first_;
        std::vector<std::int64_t> counts(k);
        std::vector<std::size_t> columns;
        for (std::size_t i = 0; i < k; ++i)
        {
            columns.assign(1, i);
            counts[i] = diagonal[i];
            for (std::size_t g = first_guess[i]; g < first_guess[i + 1]; ++g)
                if (counts[guesses[g]]++ == 0)
                    columns.push_back(guesses[g]);
            const auto take = [&](std::size_t j)
            {
                if (const auto count = std::exchange(counts[j], 0); count != 0)
                    entries_.push_back({j, static_cast<double>(count)});
            };
            // Where a good part of the columns have entries it is faster to look at all than to sort.
            if (8 * columns.size() >= k)
                for (std::size_t j = 0; j < k; ++j)
                    take(j);
            else
            {
                sort_all(std::span(columns));
                std::for_each(columns.begin(), columns.end(), take);
            }
            first_[i + 1] = entries_.size();
        }
    }

    /// The rows that have been made elsewhere: the entries of all of them, and k + 1 numbers, where those of each
    /// start.
    joint_rows(std::vector<std::size_t> first, sparse_row entries)
        : first_(std::move(first)), entries_(std::move(entries))
    {
    }

    /// How many rows, and columns, there are.
    [[nodiscard]] std::size_t size() const noexcept
    {
        return first_.size() - 1;
    }

    void operator()(std::size_t given, sparse_row& row) const
    {
        row.assign(entries_.begin() + static_cast<std::ptrdiff_t>(first_[given]),
                   entries_.begin() + static_cast<std::ptrdiff_t>(first_[given + 1]));
    }

private:
    /// Calls `use(example, label)` for each example and its label.
    template <std::integral Label, class Use>
    static void for_each_given(std::span<const off_diagonal_example> examples, std::span<const Label> labels,
                               const Use& use)
    {
        for (std::size_t i = 0; i < examples.size(); ++i)
        {
            prefetch_ahead(examples, i, [&](const off_diagonal_example& example) { return &labels[example.row()]; });
            use(examples[i], static_cast<std::size_t>(labels[examples[i].row()]));
        }
    }

    void take_counts(std::span<const std::int64_t> diagonal, std::span<const std::int64_t> pairs)
    {
        const std::size_t k = diagonal.size();
        for (std::size_t i = 0; i < k; ++i)
        {
            for (std::size_t j = 0; j < k; ++j)
                if (const auto count = i == j ? diagonal[i] : pairs[i * k + j]; count != 0)
                    entries_.push_back({j, static_cast<double>(count)});
            first_[i + 1] = entries_.size();
        }
    }

    std::vector<std::size_t> first_;  // k + 1: where the entries of each given label start
    sparse_row entries_;
};

/// What the passes over all rows find out: everything that counting and filtering start from.
struct confident_scan
{
    std::vector<double> thresholds;                   // k
    std::vector<std::int64_t> diagonal;               // k, as counted, on all processes
    std::vector<std::int64_t> pairs;                  // k x k, see confident_counts; empty where k is not small
    large_vector<off_diagonal_example> off_diagonal;  // ascending
    large_vector<std::size_t> contradicted;           // ascending

    template <std::integral Label, peer_processes Peers = alone>
    [[nodiscard]] joint_rows rows(const class_labels<Label>& labels, diagonal_floor floor,
                                  const Peers& peers = {}) const
    {
        auto counts = diagonal;
        if (floor == diagonal_floor::one)
            for (std::int64_t& count : counts)
                count = std::max<std::int64_t>(count, 1);
        return peers.add_up_off_diagonal(joint_rows(counts, pairs, off_diagonal, labels.values));
    }

    [[nodiscard]] large_vector<std::size_t> off_diagonal_rows() const
    {
        large_vector<std::size_t> rows(off_diagonal.size());
        std::transform(off_diagonal.begin(), off_diagonal.end(), rows.begin(),
                       [](const off_diagonal_example& example) { return example.row(); });
        return rows;
    }
};

/// Refuses more rows or classes than an off_diagonal_example tells apart.
inline void require_countable(std::size_t num_rows, std::size_t num_classes, const char* function)
{
    if (num_classes > off_diagonal_example::most_classes)
        throw value_error(std::string(function) + ": pred_probs must have at most 2^24 columns, not " +
                          std::to_string(num_classes) + "; leave classes without examples out");
    if (num_rows > off_diagonal_example::most_rows)
        throw value_error(std::string(function) + ": pred_probs must have at most 2^40 rows, not " +
                          std::to_string(num_rows) + "; give them in parts");
}

/// The pass that checks every row and counts.
template <row_source Source, std::integral Label>
[[nodiscard]] auto scan_counts(const Source& source, confident_counts<typename Source::value_type, Label> empty,
                               const pass_options& options, const char* function)
{
    auto counts = scan(source, "confident joint", std::move(empty), {options.threads, options.progress});
    counts.check.finish(function);
    return counts;
}

/// What the counts of all processes come to. What is kept of the rows goes to `memory`, if there is one.
template <row_element T, std::integral Label, peer_processes Peers>
[[nodiscard]] confident_scan finish_counts(confident_counts<T, Label> counts, const class_labels<Label>& labels,
                                           std::vector<double> thresholds, pass_memory<T>* memory, const Peers& peers)
{
    if (memory != nullptr)
    {
        memory->contradicted = std::move(counts.remembered);
        memory->kept = std::move(counts.kept);
    }
    peers.add_up(counts.missed);
    std::vector<std::int64_t> diagonal(counts.missed.size());
    std::transform(labels.class_counts.begin(), labels.class_counts.end(), counts.missed.begin(), diagonal.begin(),
                   [](std::size_t examples, std::int64_t missed)
                   { return static_cast<std::int64_t>(examples) - missed; });
    return {std::move(thresholds), std::move(diagonal), std::move(counts.pairs), std::move(counts.off_diagonal),
            std::move(counts.contradicted)};
}

/// Counts with thresholds that are known. What else is to be kept of the rows goes to `memory`, if there is one.
template <row_source Source, std::integral Label, peer_processes Peers = alone>
[[nodiscard]] confident_scan
count_confident(const Source& source, const class_labels<Label>& labels, std::vector<double> thresholds,
                const pass_options& options, const char* function,
                pass_memory<typename Source::value_type>* memory = nullptr, const Peers& peers = {})
{
    require_countable(source.num_rows(), source.num_columns(), function);
    auto counts = scan_counts(
        source,
        confident_counts<typename Source::value_type, Label>(labels.values, thresholds, options.tolerance, memory),
        options, function);
    return finish_counts(std::move(counts), labels, std::move(thresholds), memory, peers);
}

/// Finds the thresholds and counts. One pass does both where a sample of the rows can say about what the thresholds
/// will be, or the rows are few enough to keep what matters of all; which class rows count in is settled when the
/// thresholds are known. Else, or where the sample was wrong, a pass for each. Both ways give the same bits.
/// `sums`: of the self-confidences of each class, if they are known already.
template <row_source Source, std::integral Label, peer_processes Peers = alone>
[[nodiscard]] confident_scan
scan_confident(const Source& source, const class_labels<Label>& labels, const pass_options& options,
               const char* function, std::optional<std::vector<exact_sum>> sums = std::nullopt,
               pass_memory<typename Source::value_type>* memory = nullptr, const Peers& peers = {})
{
    using counts = confident_counts<typename Source::value_type, Label>;
    require_countable(source.num_rows(), source.num_columns(), function);
    std::vector<double> thresholds;
    if (sums)
        thresholds = thresholds_from(std::move(*sums), labels.class_counts, peers);
    else if (auto ranges = estimate_thresholds(source, labels, options, peers))
    {
        const std::size_t most_bytes = 8 * source.num_rows() + (std::size_t{1} << 24);
        auto found =
            scan_counts(source, counts(labels.values, std::move(*ranges), options.tolerance, memory, most_bytes),
                        options, function);
        thresholds = thresholds_from(found.provisional.take_sums(), labels.class_counts, peers);
        if (found.settle(thresholds))
            return finish_counts(std::move(found), labels, std::move(thresholds), memory, peers);
    }
    else
        thresholds = thresholds_of(source, labels, options, floors_of(memory), peers);
    return count_confident(source, labels, std::move(thresholds), options, function, memory, peers);
}

}  // namespace labelerrors::detail

#endif
