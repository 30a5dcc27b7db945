#ifndef LABELERRORS_CORE_MARGIN_SELECTION_HPP
#define LABELERRORS_CORE_MARGIN_SELECTION_HPP

#include <labelerrors/core/class_labels.hpp>
#include <labelerrors/core/label_pairs.hpp>
#include <labelerrors/core/margin_bounds.hpp>
#include <labelerrors/core/model_agrees.hpp>
#include <labelerrors/core/positions_by_label.hpp>
#include <labelerrors/core/pred_probs_check.hpp>
#include <labelerrors/core/quota_selection.hpp>
#include <labelerrors/core/remembered_rows.hpp>
#include <labelerrors/rows/float16.hpp>
#include <labelerrors/rows/parallel.hpp>
#include <labelerrors/rows/row_elements.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace labelerrors::detail
{

/// Accumulator: the quotas of the rows' given labels, by the margin p[true] - p[given].
struct margin_selection
{
    pair_quotas quotas;
    std::vector<double> to_exceed = {};  // what the margin of each pair must exceed to be kept

    /// Shows the p-th pair a margin that exceeds what it must, of a row later than all before.
    void add(std::size_t p, double margin, std::size_t row)
    {
        auto& selection = quotas.pairs[p].selection;
        selection.add(margin, row);
        to_exceed[p] = std::max(to_exceed[p], selection.key_to_exceed());
    }

    void merge(margin_selection&& later)
    {
        quotas.merge(std::move(later.quotas));
    }
};

/// No row that the model agrees with has a larger one.
inline constexpr double agreeing_margin = 1.1e-6;
inline constexpr double any_margin = -std::numeric_limits<double>::infinity();

/// Where a row is in memory and passing over it is cheaper than asking for each pair: writes the columns that may have
/// a wide margin over `label`, a few more at most, and returns how many. Else nothing.
template <row_source Source>
[[nodiscard]] std::optional<std::size_t> columns_far_above(const Source& source, std::size_t row, std::size_t label,
                                                           std::size_t num_pairs, std::span<std::uint32_t> columns,
                                                           [[maybe_unused]] row_elements<Source>& elements)
{
    const std::size_t k = source.num_columns();
    const auto look = [&]<class T>(const T* values) -> std::optional<std::size_t>
    {
        constexpr std::size_t bytes_a_pair = 240;
        if (values == nullptr || num_pairs <= 4 || num_pairs * bytes_a_pair < k * sizeof(T))
            return std::nullopt;
        // Half the margin, so that no rounding to T, halves included, can leave out a column.
        const double bound = to_probability(static_cast<double>(values[label])) + wide_margin / 2.0;
        return columns_above(std::span<const T>(values, k), at_least<T>(bound), columns.data());
    };
    if constexpr (in_place_source<Source>)
        return look(source.row(row));
    else if constexpr (half_source<Source>)
        return look(elements.halves());
    else
        return std::nullopt;
}

/// Shows rows to the quotas of their labels, one at a time.
template <row_source Source, std::integral Label>
class margin_shower
{
public:
    /// Of `rows`. Margins up to `least_margin` are left out. All must outlive this.
    margin_shower(const Source& source, const class_labels<Label>& labels, std::span<const std::size_t> rows,
                  const label_pairs& pairs, double least_margin)
        : source_(source), labels_(labels), rows_(rows), pairs_(pairs), least_margin_(least_margin),
          elements_(source, rows), bounds_(pairs), half_bounds_(pairs), above_(source.num_columns())
    {
    }

    /// Shows the row at a position in the rows, unless its label has no pairs.
    void show(std::size_t position, margin_selection& selection)
    {
        const std::size_t row = rows_[position];
        const std::size_t label = labels_[row];
        if (pairs_.count(label) == 0)
            return;
        elements_.go_to(position);
        elements_.with_values(
            [&]<class Values>(const Values& value_at)
            {
                const double given = to_probability(value_at(label));
                const auto show_pair = [&](std::size_t p)
                {
                    const double margin = to_probability(value_at(pairs_.true_label(p))) - given;
                    if (margin > selection.to_exceed[p])
                        selection.add(p, margin, row);
                };
                if (least_margin_ >= wide_margin)
                    if (const auto found =
                            columns_far_above(source_, row, label, pairs_.count(label), above_, elements_))
                    {
                        for (std::size_t c = 0; c < *found; ++c)
                            if (const auto p = pairs_.find(label, above_[c]))
                                show_pair(*p);
                        return;
                    }
                if constexpr (requires { value_at.stored; })
                    if (pairs_.has_many(label))
                    {
                        if constexpr (std::is_same_v<decltype(value_at.stored), const float16*>)
                            if (least_margin_ >= 0.0)
                                return half_bounds_.show(label, value_at.stored, given, selection.to_exceed, show_pair);
                        return bounds_.show(label, value_at.stored, given, selection.to_exceed, show_pair);
                    }
                for (std::size_t p = pairs_.begin(label); p < pairs_.end(label); ++p)
                    show_pair(p);
            });
    }

private:
    using T = typename Source::value_type;

    const Source& source_;
    const class_labels<Label>& labels_;
    std::span<const std::size_t> rows_;
    const label_pairs& pairs_;
    double least_margin_;
    row_elements<Source> elements_;
    margin_bounds<T> bounds_;
    margin_bounds<float16> half_bounds_;
    std::vector<std::uint32_t> above_;  // k
};

/// The rows by label, if they are best looked at so: where there are so many pairs that what is selected for them all
/// outgrows a core's fastest cache, and no label has so many rows that other threads would wait for them. `cost`: as
/// for `accumulate`.
template <std::integral Label>
[[nodiscard]] std::optional<positions_by_label>
grouped_if_better(std::span<const std::size_t> rows, const class_labels<Label>& labels, const label_pairs& pairs,
                  std::size_t cost, std::size_t threads)
{
    constexpr std::size_t least_pairs = 512;
    if (pairs.size() < least_pairs)
        return std::nullopt;
    positions_by_label grouped(rows, labels, [&](std::size_t label) { return pairs.count(label) != 0; });
    if (grouped.largest() * threads_for(threads, rows.size() * cost) > rows.size())
        return std::nullopt;
    return grouped;
}

/// Whether rows may be looked at label by label, rather than in their order.
enum class row_order
{
    ascending,
    by_label_if_better,
};

/// The selection of the rows that `work(selection, positions, report)` shows it, of margins above `least_margin`.
/// `positions` are positions in `rows`, which are ascending, shared out among the threads. By label threads have no
/// label in common, nor what is selected for it: nothing has to be copied for each of them.
template <std::integral Label, class Work>
[[nodiscard]] pair_quotas select_pairs(std::span<const std::size_t> rows, const class_labels<Label>& labels,
                                       pair_quotas quotas, const label_pairs& pairs, double least_margin,
                                       row_order order, std::size_t cost, const scan_options& options, const Work& work)
{
    constexpr const char* pass = "selection";
    std::vector<double> to_exceed(quotas.pairs.size());
    std::transform(quotas.pairs.begin(), quotas.pairs.end(), to_exceed.begin(),
                   [&](const auto& pair) { return std::max(least_margin, pair.selection.key_to_exceed()); });
    margin_selection selection{std::move(quotas), std::move(to_exceed)};
    if (order == row_order::by_label_if_better)
        if (const auto grouped = grouped_if_better(rows, labels, pairs, cost, options.threads))
        {
            static_cast<void>(accumulate(grouped->size(), cost, pass, nothing{}, options,
                                         [&](nothing&, std::size_t first, std::size_t last, const auto& report)
                                         { work(selection, grouped->of_labels_from(first, last), report); }));
            return std::move(selection.quotas);
        }
    return accumulate(rows.size(), cost, pass, std::move(selection), options,
                      [&](margin_selection& own, std::size_t first, std::size_t last, const auto& report) {
                          work(own, position_range{first, last}, report);
                      })
        .quotas;
}

/// Shows some rows, ascending, to the quotas of their labels. Margins up to `least_margin` are left out.
template <row_source Source, std::integral Label>
[[nodiscard]] pair_quotas select_by_margin(const Source& source, const class_labels<Label>& labels,
                                           std::span<const std::size_t> rows, pair_quotas quotas, double least_margin,
                                           const scan_options& options)
{
    const label_pairs pairs(quotas);
    constexpr auto order = in_place_source<Source> ? row_order::by_label_if_better : row_order::ascending;
    return select_pairs(rows, labels, std::move(quotas), pairs, least_margin, order, source.num_columns(), options,
                        [&](margin_selection& selection, const auto& positions, const auto& report)
                        {
                            margin_shower shower(source, labels, rows, pairs, least_margin);
                            for_each_position(source, labels.values, rows, positions, report,
                                              [&](std::size_t i) { shower.show(i, selection); });
                        });
}

}  // namespace labelerrors::detail

#endif
