#ifndef LABELERRORS_MODEL_CHECKED_CLASSES_HPP
#define LABELERRORS_MODEL_CHECKED_CLASSES_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/core/class_labels.hpp>
#include <labelerrors/error.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace labelerrors::detail
{

/// Labels whose classes are counted: k is one more than the highest label.
struct checked_classes
{
    std::vector<std::size_t> labels;  // n, each below k
    std::vector<std::size_t> counts;  // k: how many examples are labelled with each class

    [[nodiscard]] std::size_t num_classes() const noexcept
    {
        return counts.size();
    }
};

/// Copies n labels and counts their classes. O(n), whatever the labels are.
/// Throws shape_error where there are none; value_error, with the first bad index, where a label is negative or as
/// large as n, so that not every class can have an example, and where all are the same.
template <label_sequence Labels>
[[nodiscard]] checked_classes check_classes(const Labels& labels, const char* function)
{
    const std::string name = function;
    const auto given = contiguous_labels(labels, function);
    const std::size_t n = given.size();
    if (n == 0)
        throw shape_error(name + ": labels are empty; at least two examples of different classes are needed");
    checked_classes result;
    result.labels.reserve(n);
    for (std::size_t i = 0; i < n; ++i)
    {
        // Promoted, since neither bool nor char compares safely.
        const auto label = +given.values[i];
        if (std::cmp_less(label, 0) || std::cmp_greater_equal(label, std::max<std::size_t>(n, 2)))
            throw value_error(name + ": labels[" + std::to_string(i) + "] is " + std::to_string(label) +
                              ", but the classes of " + std::to_string(n) + " examples are 0 to at most " +
                              std::to_string(n - 1) + "; number the classes from 0, without gaps");
        result.labels.push_back(static_cast<std::size_t>(label));
        if (result.labels.back() >= result.counts.size())
            result.counts.resize(result.labels.back() + 1);
        ++result.counts[result.labels.back()];
    }
    if (result.counts.size() < 2 || result.counts.back() == n)
        throw value_error(name + ": labels are all " + std::to_string(result.labels.front()) +
                          "; a classifier needs examples of at least two classes");
    return result;
}

/// Refuses features of other examples than the labels.
inline void require_same_examples(std::size_t num_rows, std::size_t num_labels, const char* function)
{
    if (num_rows != num_labels)
        throw shape_error(std::string(function) + ": labels has " + std::to_string(num_labels) +
                          " examples and features has " + std::to_string(num_rows) +
                          " rows; they must be the same examples in the same order");
}

/// More classes than any label that is stored can tell apart.
inline constexpr auto most_classes = std::size_t{std::numeric_limits<std::uint32_t>::max()};

/// More numbers than there is memory for on any machine, and few enough to be counted.
inline constexpr std::size_t most_parameters = std::numeric_limits<std::size_t>::max() / 2 / sizeof(double);

/// Refuses labels and weights that a fit of `num_rows` examples cannot have.
inline void require_examples(std::size_t num_rows, std::span<const std::size_t> labels, std::size_t num_classes,
                             std::span<const double> weights, const char* function)
{
    const std::string name = function;
    require_same_examples(num_rows, labels.size(), function);
    if (num_classes > most_classes)
        throw value_error(name + ": num_classes must be at most " + std::to_string(most_classes) + ", but is " +
                          std::to_string(num_classes));
    for (std::size_t i = 0; i < labels.size(); ++i)
        if (labels[i] >= num_classes)
            throw value_error(name + ": labels[" + std::to_string(i) + "] is " + std::to_string(labels[i]) +
                              ", but num_classes is " + std::to_string(num_classes));
    if (std::all_of(labels.begin(), labels.end(), [&](std::size_t label) { return label == labels.front(); }))
        throw value_error(name + ": labels are all " + std::to_string(labels.front()) +
                          "; a classifier needs examples of at least two classes");
    if (weights.empty())
        return;
    if (weights.size() != num_rows)
        throw shape_error(name + ": weights must have " + std::to_string(num_rows) +
                          " numbers, one for each example, not " + std::to_string(weights.size()));
    double sum = 0.0;
    for (std::size_t i = 0; i < weights.size(); ++i)
    {
        sum += weights[i];
        if (!(weights[i] >= 0.0) || !std::isfinite(sum))
            throw value_error(name + ": weights[" + std::to_string(i) + "] is " +
                              labelerrors::detail::to_text(weights[i]) + "; weights must be finite and at least 0");
    }
    if (!(sum > 0.0))
        throw value_error(name + ": weights are all 0; at least one example must count");
}

}  // namespace labelerrors::detail

#endif
