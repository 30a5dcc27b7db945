#ifndef LABELERRORS_CORE_LABEL_ISSUES_HPP
#define LABELERRORS_CORE_LABEL_ISSUES_HPP

#include <labelerrors/core/class_labels.hpp>
#include <labelerrors/core/label_quality_scores.hpp>
#include <labelerrors/core/remembered_rows.hpp>
#include <labelerrors/core/row_summary.hpp>
#include <labelerrors/core/score_order.hpp>
#include <labelerrors/rows/large_vector.hpp>
#include <labelerrors/rows/parallel.hpp>
#include <labelerrors/rows/prefetch.hpp>
#include <labelerrors/rows/row_elements.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <algorithm>
#include <atomic>
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

/// What is told about a flagged row.
struct described_row
{
    double score;
    std::size_t index;
    std::size_t given;
    std::size_t suggested;
};

/// Descriptions, `rows`: m described_row, as columns, by score if they are `ranked`. A template, so that who only
/// includes this does not compile it.
template <class Rows>
[[nodiscard]] label_issues in_order(const Rows& rows, std::size_t num_examples, std::size_t num_classes, bool ranked,
                                    std::size_t threads)
{
    const std::size_t m = rows.size();
    large_vector<scored_position> order;
    if (ranked)
        order = ascending_order(
            m, [&rows](std::size_t i) { return rows[i].score; }, threads);
    label_issues result{num_examples,
                        num_classes,
                        xt::xtensor<std::size_t, 1>::from_shape({m}),
                        xt::xtensor<std::size_t, 1>::from_shape({m}),
                        xt::xtensor<std::size_t, 1>::from_shape({m}),
                        xt::xtensor<double, 1>::from_shape({m})};
    advise_large_pages(result.indices.data(), m * sizeof(std::size_t));
    advise_large_pages(result.given_labels.data(), m * sizeof(std::size_t));
    advise_large_pages(result.suggested_labels.data(), m * sizeof(std::size_t));
    advise_large_pages(result.scores.data(), m * sizeof(double));
    const auto copy = [&](std::size_t first, std::size_t last)
    {
        for (std::size_t i = first; i < last; ++i)
        {
            if (ranked)
                prefetch_ahead(order, i, [&](const scored_position& scored) { return &rows[scored.position]; });
            const described_row& row = rows[ranked ? order[i].position : i];
            result.indices(i) = row.index;
            result.given_labels(i) = row.given;
            result.suggested_labels(i) = row.suggested;
            result.scores(i) = row.score;
        }
    };
    in_ranges(m, elements_a_record, threads, copy);
    return result;
}

/// Accumulator: nothing but what scoring a row needs; the rows are described where those of all threads are.
struct row_describer
{
    row_scorer score;

    template <stored_element T>
    [[nodiscard]] described_row operator()(std::size_t index, std::span<const T> row, std::size_t label)
    {
        return {score(row, label), index, label, argmax(row)};
    }

    void merge(row_describer&&) noexcept
    {
    }
};

/// Everything that is told about the flagged rows, in the order that `options` asks for.
template <row_source Source, std::integral Label>
[[nodiscard]] label_issues describe(const Source& source, const class_labels<Label>& labels,
                                    std::span<const std::size_t> flagged, std::span<const double> thresholds,
                                    std::optional<score_method> rank_by, const pass_options& options)
{
    const std::size_t m = flagged.size();
    const std::size_t k = source.num_columns();
    large_vector<described_row> rows(m);
    const auto work = [&](row_describer& describe_row, std::size_t first, std::size_t last, const auto& report)
    {
        row_elements elements(source, flagged);
        for_each_position(source, labels.values, flagged, position_range{first, last}, report,
                          [&](std::size_t position)
                          {
                              const std::size_t index = flagged[position];
                              elements.go_to(position);
                              elements.with_row([&](const auto& row)
                                                { rows[position] = describe_row(index, row, labels[index]); });
                          });
    };
    static_cast<void>(accumulate(m, k, "ranking",
                                 row_describer{row_scorer(rank_by.value_or(score_method::self_confidence), thresholds)},
                                 {options.threads, options.progress}, work));

    return in_order(rows, labels.size(), k, rank_by.has_value(), options.threads);
}

/// The same from memory: nothing where the flagged rows are not all there, or are scored by more than is kept of them.
template <row_element T, std::integral Label>
[[nodiscard]] std::optional<label_issues>
describe_remembered(const remembered_rows<T>& remembered, std::size_t num_classes, const class_labels<Label>& labels,
                    std::span<const std::size_t> contradicted, std::span<const std::size_t> flagged,
                    std::optional<score_method> rank_by, std::size_t threads)
{
    const auto method = rank_by.value_or(score_method::self_confidence);
    if (!remembered.complete() || method == score_method::confidence_weighted_entropy)
        return std::nullopt;
    large_vector<described_row> rows(flagged.size());
    std::atomic<bool> all_there{true};
    const auto describe_those = [&](std::size_t first, std::size_t last)
    {
        if (first == last)
            return;
        auto at = std::lower_bound(contradicted.begin(), contradicted.end(), flagged[first]);
        for (std::size_t position = first; position < last && all_there; ++position)
        {
            const std::size_t index = flagged[position];
            while (at != contradicted.end() && *at < index)
                ++at;
            if (at == contradicted.end() || *at != index)
            {
                all_there = false;
                return;
            }
            const auto i = static_cast<std::size_t>(at - contradicted.begin());
            const double given = to_probability(static_cast<double>(remembered.given(i)));
            const auto& largest = remembered.largest(i);
            const double score = method == score_method::self_confidence
                                     ? given
                                     : (given - to_probability(static_cast<double>(largest.value)) + 1.0) / 2.0;
            rows[position] = {score, index, labels[index], largest.column};
        }
    };
    in_ranges(flagged.size(), elements_a_record, threads, describe_those);
    if (!all_there)
        return std::nullopt;
    return in_order(rows, labels.size(), num_classes, rank_by.has_value(), threads);
}

}  // namespace detail

}  // namespace labelerrors

#endif
