#ifndef LABELERRORS_EVALUATION_LABEL_VALUES_HPP
#define LABELERRORS_EVALUATION_LABEL_VALUES_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/corrections/label_values.hpp>
#include <labelerrors/error.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace labelerrors::evaluation::detail
{

/// Whether a label is a class: not negative, and below `num_classes` if that is not 0.
template <class Label>
[[nodiscard]] bool is_class(Label label, std::size_t num_classes) noexcept
{
    // Promoted, since neither bool nor char compares safely.
    const auto number = +label;
    return std::cmp_greater_equal(number, 0) && std::in_range<std::int64_t>(number) &&
           (num_classes == 0 || std::cmp_less(number, num_classes));
}

/// Refuses a label that is no class; `place` is where it stands: "labels(3)".
template <class Label>
[[noreturn]] void refuse_label(Label label, std::size_t num_classes, const char* function, const std::string& place)
{
    throw value_error(std::string(function) + ": " + place + " must be a class from 0 to " +
                      (num_classes == 0 ? "2^63 - 1" : std::to_string(num_classes - 1)) + ", but is " +
                      std::to_string(+label));
}

/// The labels of n examples as they are. Throws shape_error where they do not have one dimension;
/// value_error where one is no class. O(n).
template <label_sequence L>
[[nodiscard]] std::vector<std::int64_t> label_values(const L& labels, std::size_t num_classes, const char* function,
                                                     const char* argument)
{
    std::vector<std::int64_t> values(corrections::detail::num_labels(labels, function, argument));
    for (std::size_t i = 0; i < values.size(); ++i)
    {
        const auto label = corrections::detail::label_at(labels, i);
        if (!is_class(label, num_classes))
            refuse_label(label, num_classes, function, std::string(argument) + "(" + std::to_string(i) + ")");
        values[i] = static_cast<std::int64_t>(label);
    }
    return values;
}

}  // namespace labelerrors::evaluation::detail

#endif
