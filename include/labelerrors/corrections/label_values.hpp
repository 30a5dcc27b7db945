#ifndef LABELERRORS_CORRECTIONS_LABEL_VALUES_HPP
#define LABELERRORS_CORRECTIONS_LABEL_VALUES_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/error.hpp>

#include <cstddef>
#include <cstdint>
#include <ranges>
#include <string>
#include <utility>
#include <vector>

namespace labelerrors::corrections::detail
{

/// How many labels there are. Throws shape_error where they do not have one dimension. O(1).
template <label_sequence L>
[[nodiscard]] std::size_t num_labels(const L& labels, const char* function, const char* argument = "labels")
{
    if constexpr (array_expression<L>)
    {
        if (labels.dimension() != 1)
            throw shape_error(std::string(function) + ": " + argument + " must have 1 dimension, not " +
                              std::to_string(labels.dimension()));
        return static_cast<std::size_t>(*labels.shape().begin());
    }
    else
        return static_cast<std::size_t>(std::ranges::size(labels));
}

/// A label, promoted, since neither bool nor char compares safely or prints as a number. O(1).
template <label_sequence L>
[[nodiscard]] auto label_at(const L& labels, std::size_t i)
{
    if constexpr (array_expression<L>)
        return +static_cast<typename L::value_type>(labels(i));
    else
        return +std::ranges::data(labels)[i];
}

/// Copies labels, of which those that are below 0 stay. Throws shape_error where they do not have one dimension;
/// value_error, with its place, for a label above 2^63 - 1. O(n).
template <label_sequence L>
[[nodiscard]] std::vector<std::int64_t> label_values(const L& labels, const char* function)
{
    std::vector<std::int64_t> values(num_labels(labels, function));
    for (std::size_t i = 0; i < values.size(); ++i)
    {
        const auto label = label_at(labels, i);
        if (!std::in_range<std::int64_t>(label))
            throw value_error(std::string(function) + ": labels[" + std::to_string(i) + "] is " +
                              std::to_string(label) + ", which is no label: it is above 2^63 - 1");
        values[i] = static_cast<std::int64_t>(label);
    }
    return values;
}

}  // namespace labelerrors::corrections::detail

#endif
