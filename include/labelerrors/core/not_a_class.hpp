#ifndef LABELERRORS_CORE_NOT_A_CLASS_HPP
#define LABELERRORS_CORE_NOT_A_CLASS_HPP

#include <concepts>
#include <cstddef>
#include <string>
#include <utility>

namespace labelerrors::detail
{

/// How a message goes on that has named a label which is no class: what labels must be, and the remedy where the label
/// is one that other conventions have. `all_labels(holds)`: whether `holds` is true of every label.
template <std::integral Label, class AllLabels>
[[nodiscard]] std::string not_a_class(Label label, std::size_t num_classes, const AllLabels& all_labels)
{
    const std::string problem = ", but pred_probs has " + std::to_string(num_classes) +
                                " columns, so labels must be 0 to " + std::to_string(num_classes - 1);
    // Promoted, since char does not compare safely.
    if (std::cmp_less(+label, 0))
        return problem + "; if it stands for no label, leave the example out of both";
    const auto is_class_from_one = [&](auto other)
    {
        return std::cmp_greater(+other, 0) && std::cmp_less_equal(+other, num_classes);
    };
    if (all_labels(is_class_from_one))
        return problem + "; if classes are counted from 1, subtract 1 from every label";
    return problem;
}

}  // namespace labelerrors::detail

#endif
