#ifndef LABELERRORS_CORE_LABEL_ISSUES_HPP
#define LABELERRORS_CORE_LABEL_ISSUES_HPP

#include <labelerrors/core/class_labels.hpp>
#include <labelerrors/core/kept_rows.hpp>
#include <labelerrors/core/label_quality_scores.hpp>
#include <labelerrors/core/model_agrees.hpp>
#include <labelerrors/core/remembered_rows.hpp>
#include <labelerrors/core/score_order.hpp>
#include <labelerrors/rows/large_vector.hpp>
#include <labelerrors/rows/parallel.hpp>
#include <labelerrors/rows/row_elements.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <algorithm>
#include <atomic>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

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

/// What is told about a flagged row, in little memory: the first time that memory is written costs more than what is
/// written.
struct described_row
{
    double score;
    std::uint32_t given;
    std::uint32_t suggested;
};

using described_rows = large_vector<described_row>;

/// Descriptions of the rows that are flagged as columns, by score if they are `ranked`. A template, so that who only
/// includes this does not compile it.
template <class Rows>
[[nodiscard]] label_issues in_order(const Rows& rows, std::span<const std::size_t> flagged, std::size_t num_examples,
                                    std::size_t num_classes, bool ranked, std::size_t threads)
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
            const std::size_t position = ranked ? order[i].position : i;
            result.indices(i) = flagged[position];
            result.given_labels(i) = rows[position].given;
            result.suggested_labels(i) = rows[position].suggested;
            result.scores(i) = rows[position].score;
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
    [[nodiscard]] described_row operator()(std::span<const T> row, std::size_t label)
    {
        return {score(row, label), static_cast<std::uint32_t>(label), static_cast<std::uint32_t>(argmax(row))};
    }

    void merge(row_describer&&) noexcept
    {
    }
};

/// Everything that is told about the flagged rows.
template <row_source Source, std::integral Label>
[[nodiscard]] described_rows describe(const Source& source, const class_labels<Label>& labels,
                                      std::span<const std::size_t> flagged, const row_scorer& score,
                                      const pass_options& options)
{
    const std::size_t m = flagged.size();
    described_rows rows(m);
    const auto work = [&](row_describer& describe_row, std::size_t first, std::size_t last, const auto& report)
    {
        row_elements elements(source, flagged);
        for_each_position(source, labels.values, flagged, position_range{first, last}, report,
                          [&](std::size_t position)
                          {
                              const std::size_t label = labels[flagged[position]];
                              elements.go_to(position);
                              elements.with_row([&](const auto& row) { rows[position] = describe_row(row, label); });
                          });
    };
    static_cast<void>(accumulate(m, source.num_columns(), "ranking", row_describer{score},
                                 {options.threads, options.progress}, work));
    return rows;
}

/// The same of flagged rows that are known to be contradicted: nothing where one is not. `with_describer(use)` is
/// called by each thread, and calls `use(describe)`, where `describe(i, index)` tells of the i-th contradicted row.
template <class WithDescriber>
[[nodiscard]] std::optional<described_rows>
describe_contradicted(std::span<const std::size_t> contradicted, std::span<const std::size_t> flagged,
                      std::size_t threads, const WithDescriber& with_describer)
{
    described_rows rows(flagged.size());
    std::atomic<bool> all_there{true};
    const auto work = [&](std::size_t first, std::size_t last)
    {
        if (first == last)
            return;
        std::size_t i = position_of(contradicted, 0, flagged[first]);
        with_describer(
            [&](const auto& describe_row)
            {
                for (std::size_t position = first; position < last && all_there; ++position)
                {
                    const std::size_t index = flagged[position];
                    while (i < contradicted.size() && contradicted[i] < index)
                        ++i;
                    if (i == contradicted.size() || contradicted[i] != index)
                        all_there = false;
                    else
                        rows[position] = describe_row(i, index);
                }
            });
    };
    in_ranges(flagged.size(), elements_a_record, threads, work);
    return all_there ? std::optional(std::move(rows)) : std::nullopt;
}

/// The same from what is remembered: nothing where that is not all there is, or the score needs more.
template <row_element T, std::integral Label>
[[nodiscard]] std::optional<described_rows>
describe_remembered(const remembered_rows<T>& remembered, const class_labels<Label>& labels,
                    std::span<const std::size_t> contradicted, std::span<const std::size_t> flagged,
                    score_method method, std::size_t threads)
{
    if (!remembered.complete() || method == score_method::confidence_weighted_entropy)
        return std::nullopt;
    const auto describe_row = [&](std::size_t i, std::size_t index) -> described_row
    {
        const double given = to_probability(static_cast<double>(remembered.given(i)));
        const auto& largest = remembered.largest(i);
        const double score = method == score_method::self_confidence
                                 ? given
                                 : (given - to_probability(static_cast<double>(largest.value)) + 1.0) / 2.0;
        return {score, static_cast<std::uint32_t>(labels[index]), largest.column};
    };
    return describe_contradicted(contradicted, flagged, threads, [&](const auto& use) { use(describe_row); });
}

/// The same from copies of the rows: nothing where they are not all there.
template <row_element T>
[[nodiscard]] std::optional<described_rows>
describe_kept(const kept_rows<T>& kept, std::span<const std::size_t> contradicted, std::span<const std::size_t> flagged,
              const row_scorer& score, std::size_t threads)
{
    if (!kept.complete())
        return std::nullopt;
    const auto rows = kept.rows();
    const auto labels = kept.labels();
    const auto with_describer = [&](const auto& use)
    {
        row_describer describe_row{score};
        use([&](std::size_t i, std::size_t)
            { return describe_row(std::span<const T>(rows.row(i), rows.num_columns()), labels[i]); });
    };
    return describe_contradicted(contradicted, flagged, threads, with_describer);
}

}  // namespace detail

}  // namespace labelerrors

#endif
