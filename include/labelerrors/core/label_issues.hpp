#ifndef LABELERRORS_CORE_LABEL_ISSUES_HPP
#define LABELERRORS_CORE_LABEL_ISSUES_HPP

#include <labelerrors/core/class_labels.hpp>
#include <labelerrors/core/label_quality_scores.hpp>
#include <labelerrors/core/row_summary.hpp>
#include <labelerrors/rows/parallel.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace labelerrors
{

/// The examples whose labels are likely wrong. All arrays have one entry an issue, in the same order.
struct label_issues
{
    std::size_t num_examples = 0;
    std::size_t num_classes = 0;
    xt::xtensor<std::size_t, 1> indices;           // rows of pred_probs
    xt::xtensor<std::size_t, 1> given_labels;      // the label at that row
    xt::xtensor<std::size_t, 1> suggested_labels;  // the argmax of that row, the first of equals
    xt::xtensor<double, 1> scores;                 // the label quality score, lower is worse
};

namespace detail
{

/// Accumulator: the score and the argmax of each flagged row.
template <row_element T, std::integral Label>
struct described_rows
{
    struct description
    {
        double score;
        std::size_t index;
        std::size_t suggested;
    };

    std::span<const Label> labels;
    row_scorer score;
    std::vector<description> rows = {};

    void add(const row_block<T>& block)
    {
        for (std::size_t i = 0; i < block.num_rows; ++i)
        {
            const std::size_t index = block.first_row + i;
            const auto row = block.row(i);
            rows.push_back({score(row, static_cast<std::size_t>(labels[index])), index, argmax(row)});
        }
    }

    void merge(described_rows&& later)
    {
        rows.insert(rows.end(), later.rows.begin(), later.rows.end());
    }
};

/// Everything that is told about the flagged rows, in the order that `options` asks for.
template <row_source Source, std::integral Label>
[[nodiscard]] label_issues describe(const Source& source, const class_labels<Label>& labels,
                                    std::span<const std::size_t> flagged, std::span<const double> thresholds,
                                    std::optional<score_method> rank_by, const pass_options& options)
{
    using T = typename Source::value_type;
    auto described =
        scan_some(source, flagged, "ranking",
                  described_rows<T, Label>{labels.values,
                                           row_scorer(rank_by.value_or(score_method::self_confidence), thresholds)},
                  {options.threads, options.progress});
    auto& rows = described.rows;
    if (rank_by)
        std::sort(rows.begin(), rows.end(),
                  [](const auto& a, const auto& b)
                  { return a.score != b.score ? a.score < b.score : a.index < b.index; });
    const std::size_t m = rows.size();
    label_issues result{labels.size(),
                        source.num_columns(),
                        xt::xtensor<std::size_t, 1>::from_shape({m}),
                        xt::xtensor<std::size_t, 1>::from_shape({m}),
                        xt::xtensor<std::size_t, 1>::from_shape({m}),
                        xt::xtensor<double, 1>::from_shape({m})};
    for (std::size_t i = 0; i < m; ++i)
    {
        result.indices(i) = rows[i].index;
        result.given_labels(i) = labels[rows[i].index];
        result.suggested_labels(i) = rows[i].suggested;
        result.scores(i) = rows[i].score;
    }
    return result;
}

}  // namespace detail

}  // namespace labelerrors

#endif
