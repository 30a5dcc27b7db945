#ifndef LABELERRORS_CORE_DESCRIBED_ANSWERS_HPP
#define LABELERRORS_CORE_DESCRIBED_ANSWERS_HPP

#include <labelerrors/core/label_set_rows.hpp>
#include <labelerrors/core/multilabel_quality_scores.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <utility>
#include <vector>

namespace labelerrors::detail
{

/// The flagged classes of the flagged examples.
struct flagged_answers
{
    std::vector<std::size_t> rows;         // the flagged examples, ascending
    std::vector<std::size_t> first = {0};  // where the classes of each begin, and where all end
    std::vector<std::uint32_t> classes;    // ascending in each example
};

/// Turns the examples of each class into the classes of each example.
[[nodiscard]] inline flagged_answers by_example(std::span<const std::vector<std::size_t>> by_class,
                                                std::size_t num_examples)
{
    std::vector<std::uint32_t> counts(num_examples);
    for (const auto& rows : by_class)
        for (const std::size_t row : rows)
            ++counts[row];
    flagged_answers flagged;
    std::vector<std::size_t> next(num_examples);
    for (std::size_t i = 0; i < num_examples; ++i)
        if (counts[i] != 0)
        {
            flagged.rows.push_back(i);
            next[i] = flagged.first.back();
            flagged.first.push_back(flagged.first.back() + counts[i]);
        }
    flagged.classes.resize(flagged.first.back());
    for (std::size_t j = 0; j < by_class.size(); ++j)
        for (const std::size_t row : by_class[j])
            flagged.classes[next[row]++] = static_cast<std::uint32_t>(j);
    return flagged;
}

/// Cells: what is told about each flagged example.
struct described_label_sets
{
    struct description
    {
        double score;
        std::size_t index;
        std::vector<std::size_t> suggested;
    };

    label_set_scorer score;
    const char* function;
    std::vector<description> rows = {};

    void add(const label_set_row& row)
    {
        description told{score(row, function), row.index, {}};
        for (std::size_t j = 0; j < row.pred_probs.size(); ++j)
            if (row.pred_probs[j] > 0.5)
                told.suggested.push_back(j);
        rows.push_back(std::move(told));
    }

    void merge(described_label_sets&& later)
    {
        std::move(later.rows.begin(), later.rows.end(), std::back_inserter(rows));
    }
};

/// Cells: the score of each flagged answer, written where those of all are, and the model's answer beside it.
struct described_answers
{
    struct description
    {
        double score;
        std::size_t index;
        bool given;
        bool suggested;
    };

    const flagged_answers* flagged;
    answer_scorer score;
    std::vector<std::vector<description>> classes;  // k

    void add(const label_set_row& row)
    {
        const auto at = static_cast<std::size_t>(
            std::lower_bound(flagged->rows.begin(), flagged->rows.end(), row.index) - flagged->rows.begin());
        for (std::size_t i = flagged->first[at]; i < flagged->first[at + 1]; ++i)
        {
            const std::size_t j = flagged->classes[i];
            classes[j].push_back({score(row, j), row.index, row.given[j] != 0, row.pred_probs[j] > 0.5});
        }
    }

    void merge(described_answers&& later)
    {
        for (std::size_t j = 0; j < classes.size(); ++j)
            classes[j].insert(classes[j].end(), later.classes[j].begin(), later.classes[j].end());
    }
};

template <class Description>
void sort_by_score(std::vector<Description>& rows)
{
    std::sort(rows.begin(), rows.end(),
              [](const Description& a, const Description& b)
              { return a.score != b.score ? a.score < b.score : a.index < b.index; });
}

}  // namespace labelerrors::detail

#endif
