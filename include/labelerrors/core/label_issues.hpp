#ifndef LABELERRORS_CORE_LABEL_ISSUES_HPP
#define LABELERRORS_CORE_LABEL_ISSUES_HPP

#include <labelerrors/core/class_labels.hpp>
#include <labelerrors/core/label_quality_scores.hpp>
#include <labelerrors/core/remembered_rows.hpp>
#include <labelerrors/core/row_summary.hpp>
#include <labelerrors/rows/large_vector.hpp>
#include <labelerrors/rows/parallel.hpp>
#include <labelerrors/rows/prefetch.hpp>
#include <labelerrors/rows/row_elements.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <algorithm>
#include <compare>
#include <concepts>
#include <cstddef>
#include <numeric>
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

/// Where a row is among others, by score and then by position.
struct scored_position
{
    double score;
    std::size_t position;

    friend auto operator<=>(const scored_position&, const scored_position&) = default;
};

/// The positions of rows by ascending score, those of equal scores ascending. O(m) where the scores of the m rows are
/// spread evenly, else O(m log m).
[[nodiscard]] inline large_vector<scored_position> ascending_order(std::span<const described_row> rows)
{
    // Positions are dealt into bins of rising scores, some to a bin, and each bin sorted.
    const std::size_t m = rows.size();
    if (m == 0)
        return {};
    const auto lower = [](const described_row& a, const described_row& b)
    {
        return a.score < b.score;
    };
    const auto [first_lowest, last_highest] = std::minmax_element(rows.begin(), rows.end(), lower);
    const double least = first_lowest->score;
    const double range = last_highest->score - least;
    const std::size_t num_bins = m < 256 || range < 1e-300 ? 1 : std::min(m / 4, std::size_t{1} << 16);
    const double scale = num_bins == 1 ? 0.0 : static_cast<double>(num_bins - 1) / range;
    const auto bin_of = [&](std::size_t i)
    {
        return static_cast<std::size_t>((rows[i].score - least) * scale);
    };
    std::vector<std::size_t> next(num_bins + 1);
    for (std::size_t i = 0; i < m; ++i)
        ++next[bin_of(i) + 1];
    std::partial_sum(next.begin(), next.end(), next.begin());
    large_vector<scored_position> order(m);
    for (std::size_t i = 0; i < m; ++i)
        order[next[bin_of(i)]++] = {rows[i].score, i};
    // Each bin has moved on to where the one behind it began.
    std::size_t start = 0;
    for (std::size_t bin = 0; bin < num_bins; ++bin)
    {
        const auto at = [&](std::size_t position)
        {
            return order.begin() + static_cast<std::ptrdiff_t>(position);
        };
        std::sort(at(start), at(next[bin]));
        start = next[bin];
    }
    return order;
}

/// Descriptions as columns, by score if they are `ranked`.
[[nodiscard]] inline label_issues in_order(std::span<const described_row> rows, std::size_t num_examples,
                                           std::size_t num_classes, bool ranked)
{
    const std::size_t m = rows.size();
    large_vector<scored_position> order;
    if (ranked)
        order = ascending_order(rows);
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
    constexpr std::size_t ahead = 16;  // rows by score lie all over memory, and take their time to come
    for (std::size_t i = 0; i < m; ++i)
    {
        if (ranked && i + ahead < m)
            prefetch(&rows[order[i + ahead].position]);
        const described_row& row = rows[ranked ? order[i].position : i];
        result.indices(i) = row.index;
        result.given_labels(i) = row.given;
        result.suggested_labels(i) = row.suggested;
        result.scores(i) = row.score;
    }
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
        std::vector<typename Source::value_type> buffer;
        std::vector<float16> half_buffer;
        for_each_position(source, flagged, first, last, report,
                          [&](std::size_t position)
                          {
                              const std::size_t index = flagged[position];
                              const std::size_t label = labels[index];
                              if (const float16* halves = halves_of(source, index, 1, half_buffer))
                              {
                                  rows[position] = describe_row(index, std::span<const float16>(halves, k), label);
                                  return;
                              }
                              rows[position] = describe_row(index, std::span(source.read(index, 1, buffer), k), label);
                          });
    };
    static_cast<void>(accumulate(m, k, "ranking",
                                 row_describer{row_scorer(rank_by.value_or(score_method::self_confidence), thresholds)},
                                 {options.threads, options.progress}, work));

    return in_order(rows, labels.size(), k, rank_by.has_value());
}

/// The same from memory: nothing where the flagged rows are not all there, or are scored by more than is kept of them.
template <row_element T, std::integral Label>
[[nodiscard]] std::optional<label_issues>
describe_remembered(const remembered_rows<T>& remembered, std::size_t num_classes, const class_labels<Label>& labels,
                    std::span<const std::size_t> contradicted, std::span<const std::size_t> flagged,
                    std::optional<score_method> rank_by)
{
    const auto method = rank_by.value_or(score_method::self_confidence);
    if (!remembered.complete() || method == score_method::confidence_weighted_entropy)
        return std::nullopt;
    large_vector<described_row> rows;
    rows.reserve(flagged.size());
    std::size_t i = 0;
    for (const std::size_t index : flagged)
    {
        while (i < contradicted.size() && contradicted[i] < index)
            ++i;
        if (i == contradicted.size() || contradicted[i] != index)
            return std::nullopt;
        const double given = to_probability(static_cast<double>(remembered.given(i)));
        const auto& largest = remembered.largest(i);
        const double score = method == score_method::self_confidence
                                 ? given
                                 : (given - to_probability(static_cast<double>(largest.value)) + 1.0) / 2.0;
        rows.push_back({score, index, labels[index], largest.column});
    }
    return in_order(rows, labels.size(), num_classes, rank_by.has_value());
}

}  // namespace detail

}  // namespace labelerrors

#endif
