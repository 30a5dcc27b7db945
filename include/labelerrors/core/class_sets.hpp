#ifndef LABELERRORS_CORE_CLASS_SETS_HPP
#define LABELERRORS_CORE_CLASS_SETS_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/core/class_labels.hpp>
#include <labelerrors/core/not_a_class.hpp>
#include <labelerrors/error.hpp>
#include <labelerrors/rows/row_blocks.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace labelerrors
{

/// The sets of labels of n examples: an indexed sequence of ranges of integers that are no text, such as a vector of
/// vectors of classes or what io::read_label_sets gives; or an n x k expression of zeros and ones.
template <class L>
concept label_set_sequence = (array_expression<L> && detail::may_have_dimension<L, 2> &&
                              std::is_arithmetic_v<typename L::value_type> &&
                              requires(const L& labels, std::size_t i) { static_cast<double>(labels(i, i)); }) ||
                             (!array_expression<L> && requires(const L& labels, std::size_t i) {
                                 {
                                     labels.size()
                                     } -> std::convertible_to<std::size_t>;
                                 requires std::ranges::input_range<decltype(labels[i])>;
                                 requires std::integral<std::ranges::range_value_t<decltype(labels[i])>>;
                                 requires(!std::same_as<std::ranges::range_value_t<decltype(labels[i])>, bool>);
                                 requires(!std::convertible_to<decltype(labels[i]), std::string_view>);
                             });

/// Sets of labels that have been checked against n and k: every label is a class, 0 .. k - 1, and none is there twice.
struct class_sets
{
    std::vector<std::size_t> first = {0};   // (n + 1): where the classes of each example begin, and where all end
    std::vector<std::uint32_t> classes;     // of each example, ascending
    std::vector<std::size_t> class_counts;  // k: how many examples have each class, on all processes
    std::size_t num_counted = 0;            // how many examples these are out of: size(), or those of all processes

    /// The number of examples.
    [[nodiscard]] std::size_t size() const noexcept
    {
        return first.size() - 1;
    }

    [[nodiscard]] std::size_t num_classes() const noexcept
    {
        return class_counts.size();
    }

    /// The classes of example i, ascending.
    [[nodiscard]] std::span<const std::uint32_t> operator[](std::size_t i) const noexcept
    {
        return {classes.data() + first[i], first[i + 1] - first[i]};
    }
};

/// Checks the sets of labels of n examples against `num_examples` and `num_classes`, and counts each class.
///
/// `labels`: n sets of integers, 0 .. k - 1, in any order; an empty set is legal. Or n x k zeros and ones.
/// Throws shape_error where n is zero or not `num_examples`, where k is zero, or where a matrix is not n x k;
/// value_error, with the example, where a label is negative or not below k, is there twice, or a matrix has another
/// value than 0 and 1. O(number of labels), or O(n k) for a matrix.
template <label_set_sequence Labels>
[[nodiscard]] class_sets check_label_sets(const Labels& labels, std::size_t num_examples, std::size_t num_classes,
                                          const char* function);

namespace detail
{

/// check_label_sets of one process's examples, of which there may be none.
template <label_set_sequence Labels>
[[nodiscard]] class_sets check_sets_of_part(const Labels& labels, std::size_t num_examples, std::size_t num_classes,
                                            const char* function);

inline void require_sizes(std::size_t num_labels, std::size_t num_examples, std::size_t num_classes,
                          const char* function)
{
    const std::string name = function;
    if (num_classes < 1 || num_classes > std::numeric_limits<std::uint32_t>::max())
        throw shape_error(name + ": pred_probs must have 1 to 2^32 - 1 columns, one for each class, not " +
                          std::to_string(num_classes));
    if (num_labels != num_examples)
        throw shape_error(name + ": labels has " + std::to_string(num_labels) + " examples and pred_probs has " +
                          std::to_string(num_examples) + " rows; they must be the same examples in the same order");
}

/// Adds the classes of example i, a row of zeros and ones.
template <array_expression Labels>
void append_classes(const Labels& labels, std::size_t i, std::size_t num_classes, const char* function,
                    std::vector<std::uint32_t>& classes)
{
    for (std::size_t j = 0; j < num_classes; ++j)
    {
        const auto value = static_cast<double>(labels(i, j));
        if (value == 1.0)
            classes.push_back(static_cast<std::uint32_t>(j));
        else if (value != 0.0)
            throw value_error(std::string(function) + ": labels(" + std::to_string(i) + ", " + std::to_string(j) +
                              ") is " + to_text(value) +
                              "; a matrix of labels holds 1 where the example has the class and 0 elsewhere");
    }
}

/// Whether `holds` is true of every label of every example.
template <class Labels, class Holds>
[[nodiscard]] bool holds_in_all(const Labels& labels, const Holds& holds)
{
    for (std::size_t i = 0; i < static_cast<std::size_t>(labels.size()); ++i)
        for (const auto label : labels[i])
            if (!holds(label))
                return false;
    return true;
}

/// Adds the classes of example i, a range of them.
template <class Labels>
void append_classes(const Labels& labels, std::size_t i, std::size_t num_classes, const char* function,
                    std::vector<std::uint32_t>& classes)
{
    const auto begin = static_cast<std::ptrdiff_t>(classes.size());
    for (const auto label : labels[i])
    {
        // Promoted, since char does not compare safely.
        if (std::cmp_less(+label, 0) || std::cmp_greater_equal(+label, num_classes))
            throw value_error(
                std::string(function) + ": labels[" + std::to_string(i) + "] has the label " + std::to_string(+label) +
                not_a_class(+label, num_classes, [&](const auto& holds) { return holds_in_all(labels, holds); }));
        classes.push_back(static_cast<std::uint32_t>(label));
    }
    std::sort(classes.begin() + begin, classes.end());
    const auto twice = std::adjacent_find(classes.begin() + begin, classes.end());
    if (twice != classes.end())
        throw value_error(std::string(function) + ": labels[" + std::to_string(i) + "] has the label " +
                          std::to_string(*twice) + " twice; name each class of an example once");
}

template <label_set_sequence Labels>
class_sets check_sets_of_part(const Labels& labels, std::size_t num_examples, std::size_t num_classes,
                              const char* function)
{
    if constexpr (array_expression<Labels>)
    {
        require_dimension(labels, 2, function, "labels");
        require_sizes(static_cast<std::size_t>(labels.shape()[0]), num_examples, num_classes, function);
        if (static_cast<std::size_t>(labels.shape()[1]) != num_classes)
            throw shape_error(std::string(function) + ": labels has " + std::to_string(labels.shape()[1]) +
                              " columns and pred_probs has " + std::to_string(num_classes) +
                              "; both must have one for each class");
    }
    else
        require_sizes(static_cast<std::size_t>(labels.size()), num_examples, num_classes, function);
    class_sets sets;
    sets.num_counted = num_examples;
    sets.first.reserve(num_examples + 1);
    sets.class_counts.assign(num_classes, 0);
    for (std::size_t i = 0; i < num_examples; ++i)
    {
        append_classes(labels, i, num_classes, function, sets.classes);
        sets.first.push_back(sets.classes.size());
    }
    for (const std::uint32_t label : sets.classes)
        ++sets.class_counts[label];
    return sets;
}

}  // namespace detail

template <label_set_sequence Labels>
class_sets check_label_sets(const Labels& labels, std::size_t num_examples, std::size_t num_classes,
                            const char* function)
{
    auto sets = detail::check_sets_of_part(labels, num_examples, num_classes, function);
    detail::require_examples(num_examples, function);
    return sets;
}

}  // namespace labelerrors

#endif
