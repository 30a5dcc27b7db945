#ifndef LABELERRORS_CORE_PRUNE_SELECTION_HPP
#define LABELERRORS_CORE_PRUNE_SELECTION_HPP

#include <labelerrors/core/class_labels.hpp>
#include <labelerrors/core/class_thresholds.hpp>
#include <labelerrors/core/pred_probs_check.hpp>
#include <labelerrors/rows/parallel.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

namespace labelerrors::detail
{

/// Keeps the `quota` examples with the largest keys it is shown, of equal keys those with the lowest index, in memory
/// of the order of the quota.
class quota_selection
{
public:
    explicit quota_selection(std::size_t quota = 0) : quota_(quota)
    {
    }

    void add(double key, std::size_t index)
    {
        if (quota_ == 0 || (bounded_ && !before({key, index}, bound_)))
            return;
        kept_.push_back({key, index});
        if (kept_.size() >= 2 * quota_ + 16)
            cut();
    }

    void merge(const quota_selection& other)
    {
        for (const auto& kept : other.kept_)
            add(kept.key, kept.index);
    }

    void clear()
    {
        kept_.clear();
        bounded_ = false;
    }

    [[nodiscard]] bool full() const noexcept
    {
        return kept_.size() >= quota_;
    }

    /// The smallest key within the quota; minus infinity where nothing was kept.
    [[nodiscard]] double smallest_key()
    {
        cut();
        double key = kept_.empty() ? -std::numeric_limits<double>::infinity() : kept_.front().key;
        for (const auto& kept : kept_)
            key = std::min(key, kept.key);
        return key;
    }

    void append_indices_to(std::vector<std::size_t>& indices)
    {
        cut();
        for (const auto& kept : kept_)
            indices.push_back(kept.index);
    }

private:
    struct candidate
    {
        double key;
        std::size_t index;
    };

    [[nodiscard]] static bool before(const candidate& a, const candidate& b) noexcept
    {
        return a.key != b.key ? a.key > b.key : a.index < b.index;
    }

    void cut()
    {
        if (kept_.size() <= quota_)
            return;
        const auto last = kept_.begin() + static_cast<std::ptrdiff_t>(quota_ - 1);
        std::nth_element(kept_.begin(), last, kept_.end(), before);
        bound_ = *last;
        bounded_ = true;
        kept_.resize(quota_);
    }

    std::size_t quota_;
    std::vector<candidate> kept_;
    candidate bound_{};
    bool bounded_ = false;
};

/// Ascending and without repetition.
inline void sort_unique(std::vector<std::size_t>& indices)
{
    std::sort(indices.begin(), indices.end());
    indices.erase(std::unique(indices.begin(), indices.end()), indices.end());
}

/// The quotas of prune-by-noise-rate: for each given label the true labels it has a quota for.
struct pair_quotas
{
    struct pair
    {
        std::size_t true_label;
        quota_selection selection;
    };

    std::vector<std::size_t> first;  // k + 1: where the pairs of each given label start
    std::vector<pair> pairs;

    [[nodiscard]] std::span<pair> of(std::size_t given)
    {
        return {pairs.data() + first[given], first[given + 1] - first[given]};
    }
};

/// How many examples the prune filters take: for each pair of labels, and for each given label.
struct prune_plan
{
    pair_quotas pairs;
    std::vector<std::size_t> by_class;  // k
};

/// The plan that prune counts stand for. `counts_of(given)` returns the k counts of a given label, by true label.
/// Classes of no more than `smallest_class` examples are left alone.
template <class CountsOf>
[[nodiscard]] prune_plan plan_of(CountsOf&& counts_of, std::span<const std::size_t> class_counts,
                                 std::size_t smallest_class)
{
    const std::size_t k = class_counts.size();
    prune_plan plan{{}, std::vector<std::size_t>(k)};
    plan.pairs.first.push_back(0);
    for (std::size_t given = 0; given < k; ++given)
    {
        if (class_counts[given] > smallest_class)
        {
            const auto counts = counts_of(given);
            const auto size = static_cast<std::int64_t>(class_counts[given]);
            plan.by_class[given] = static_cast<std::size_t>(std::clamp<std::int64_t>(size - counts[given], 0, size));
            for (std::size_t j = 0; j < k; ++j)
                if (j != given && counts[j] > 0)
                    plan.pairs.pairs.push_back(
                        {j, quota_selection(static_cast<std::size_t>(std::min(counts[j], size)))});
        }
        plan.pairs.first.push_back(plan.pairs.pairs.size());
    }
    return plan;
}

/// The counts of a given label in a whole matrix of them, row: true label, column: given label.
[[nodiscard]] inline auto columns_of(const xt::xtensor<std::int64_t, 2>& counts)
{
    return [&counts](std::size_t given)
    {
        std::vector<std::int64_t> column(counts.shape()[0]);
        for (std::size_t j = 0; j < column.size(); ++j)
            column[j] = counts(j, given);
        return column;
    };
}

/// Accumulator: shows rows to the quotas of their given label, by the margin p[true] - p[given].
template <row_element T, std::integral Label>
struct margin_selection
{
    std::span<const Label> labels;
    double least_margin;  // margins up to this are not looked at
    pair_quotas quotas;

    void add(const row_block<T>& block)
    {
        for (std::size_t i = 0; i < block.num_rows; ++i)
        {
            const std::size_t index = block.first_row + i;
            const auto row = block.row(i);
            const auto label = static_cast<std::size_t>(labels[index]);
            const auto pairs = quotas.of(label);
            const double given = to_probability(static_cast<double>(row[label]));
            for (auto& pair : pairs)
            {
                const double margin = to_probability(static_cast<double>(row[pair.true_label])) - given;
                if (margin > least_margin)
                    pair.selection.add(margin, index);
            }
        }
    }

    void merge(margin_selection&& later)
    {
        for (std::size_t i = 0; i < quotas.pairs.size(); ++i)
            quotas.pairs[i].selection.merge(later.quotas.pairs[i].selection);
    }
};

/// The rows that prune-by-noise-rate takes, ascending: for each given label k and true label j, as many rows labelled k
/// as planned, those with the largest p[j] - p[k], whether or not the model agrees with their label.
///
/// A row that the model agrees with has no margin above 1e-6, so a quota that the other rows fill with larger margins
/// is settled by them; only for the rest every row of the class is looked at.
template <row_source Source, std::integral Label>
[[nodiscard]] std::vector<std::size_t> select_by_noise_rate(const Source& source, const class_labels<Label>& labels,
                                                            std::span<const std::size_t> contradicted,
                                                            pair_quotas quotas, const pass_options& options)
{
    using T = typename Source::value_type;
    constexpr double agreeing_margin = 1.1e-6;
    const scan_options scanning{options.threads, options.progress};
    using selection = margin_selection<T, Label>;
    quotas = scan_some(source, contradicted, "selection", selection{labels.values, agreeing_margin, std::move(quotas)},
                       scanning)
                 .quotas;

    pair_quotas open;
    std::vector<std::size_t> rows;
    std::vector<std::size_t> taken;
    open.first.push_back(0);
    for (std::size_t given = 0; given < labels.class_counts.size(); ++given)
    {
        for (auto& pair : quotas.of(given))
            if (pair.selection.full())
                pair.selection.append_indices_to(taken);
            else
            {
                open.pairs.push_back(pair);
                open.pairs.back().selection.clear();
            }
        open.first.push_back(open.pairs.size());
    }
    if (!open.pairs.empty())
    {
        for (std::size_t i = 0; i < labels.size(); ++i)
            if (!open.of(labels[i]).empty())
                rows.push_back(i);
        constexpr double any_margin = -std::numeric_limits<double>::infinity();
        open = scan_some(source, std::span<const std::size_t>(rows), "selection",
                         selection{labels.values, any_margin, std::move(open)}, scanning)
                   .quotas;
        for (auto& pair : open.pairs)
            pair.selection.append_indices_to(taken);
    }
    sort_unique(taken);
    return taken;
}

/// Accumulator: for each class the examples with the lowest self-confidence.
struct self_confidence_selection
{
    std::vector<quota_selection> lowest;  // k

    void add(std::size_t row, std::size_t label, double value)
    {
        lowest[label].add(-to_probability(value), row);
    }

    void merge(self_confidence_selection&& later)
    {
        for (std::size_t j = 0; j < lowest.size(); ++j)
            lowest[j].merge(later.lowest[j]);
    }
};

/// The rows that prune-by-class takes, ascending: of each class as many rows as planned, those with the lowest
/// p[class].
template <row_source Source, std::integral Label>
[[nodiscard]] std::vector<std::size_t> select_by_class(const Source& source, const class_labels<Label>& labels,
                                                       std::span<const std::size_t> quotas, const pass_options& options)
{
    self_confidence_selection empty;
    for (const std::size_t quota : quotas)
        empty.lowest.emplace_back(quota);
    auto selected =
        scan_column_of_label(source, labels.values, "selection", std::move(empty), {options.threads, options.progress});
    std::vector<std::size_t> taken;
    for (auto& lowest : selected.lowest)
        lowest.append_indices_to(taken);
    sort_unique(taken);
    return taken;
}

}  // namespace labelerrors::detail

#endif
