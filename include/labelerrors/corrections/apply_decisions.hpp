#ifndef LABELERRORS_CORRECTIONS_APPLY_DECISIONS_HPP
#define LABELERRORS_CORRECTIONS_APPLY_DECISIONS_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/corrections/decide.hpp>
#include <labelerrors/corrections/label_values.hpp>
#include <labelerrors/error.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace labelerrors::corrections
{

/// What one person says about an example.
enum class own_decision
{
    keep,     // the given label is right
    relabel,  // another label is right
    drop,     // the example should be left out
};

/// The word for a decision, as files have it.
[[nodiscard]] constexpr const char* name_of(own_decision what) noexcept
{
    constexpr const char* names[] = {"keep", "relabel", "drop"};
    return names[static_cast<std::size_t>(what)];
}

/// An example that one person decided on.
struct decided_example
{
    std::size_t row = 0;
    std::size_t given_label = 0;
    own_decision decision = own_decision::keep;
    std::size_t corrected_label = 0;  // the given label for keep; of no meaning for drop
};

/// An example with a set of labels that one person decided on. Sets may be in any order.
struct decided_label_set
{
    std::size_t row = 0;
    std::vector<std::size_t> given_labels;
    own_decision decision = own_decision::keep;
    std::vector<std::size_t> corrected_labels;  // the given labels for keep; of no meaning for drop
};

/// Labels after one's own decisions: of type std::int64_t, or sets of labels.
template <class Label>
struct applied_decisions_to
{
    std::vector<Label> labels;           // of the rows kept
    std::vector<std::size_t> kept_rows;  // ascending, one for each label
    std::size_t num_keep = 0;            // decisions of each kind
    std::size_t num_relabel = 0;
    std::size_t num_drop = 0;
};

/// Labels after decisions, one for each example.
using applied_decisions = applied_decisions_to<std::int64_t>;
/// Sets of labels after decisions.
using applied_set_decisions = applied_decisions_to<std::vector<std::size_t>>;

/// Applies one's own decisions to labels: relabelled examples get their corrected label, all others stay.
///
/// `labels`: n labels, see label_sequence. `decided`: at most one decision for each row, in any order. `num_classes`:
/// what a corrected label must be below. `dropped`: whether rows with the decision drop are left out (drop) or keep
/// their label (keep).
/// Throws shape_error where labels are not one-dimensional; value_error, naming the decision by its place, for a row
/// not below n or decided twice, a given label that is not the one in `labels`, a corrected label not below num_classes
/// or above 2^63 - 1, or a kept label that is not the given one; for a label above 2^63 - 1, by its place; and for
/// multi_label. O(n + decisions).
template <label_sequence L>
[[nodiscard]] applied_decisions apply_decisions(const L& labels, std::span<const decided_example> decided,
                                                std::size_t num_classes, action dropped = action::keep);

/// The same for sets of labels: relabelled examples get their corrected set, ascending, which may be empty.
[[nodiscard]] applied_set_decisions apply_decisions(std::span<const std::vector<std::size_t>> labels,
                                                    std::span<const decided_label_set> decided, std::size_t num_classes,
                                                    action dropped = action::keep);

/// What is wrong with a decision about one of `labels`; nothing where it may be applied. O(1), or O(set log set).
/// Throws shape_error where labels are not one-dimensional.
template <label_sequence L>
[[nodiscard]] std::optional<std::string> decision_problem(const L& labels, const decided_example& one,
                                                          std::size_t num_classes)
{
    const std::size_t num_labels = detail::num_labels(labels, "decision_problem");
    if (one.row >= num_labels)
        return "index must be below the " + std::to_string(num_labels) + " labels, but is " + std::to_string(one.row);
    const auto label = detail::label_at(labels, one.row);
    if (!std::cmp_equal(label, one.given_label))
        return "given_label must be the label at row " + std::to_string(one.row) + ", " + std::to_string(label) +
               ", but is " + std::to_string(one.given_label) + ": this decision belongs to other labels";
    if (one.decision == own_decision::relabel && one.corrected_label >= num_classes)
        return "corrected_label must be below the " + std::to_string(num_classes) + " classes, but is " +
               std::to_string(one.corrected_label);
    if (one.decision == own_decision::relabel && !std::in_range<std::int64_t>(one.corrected_label))
        return "corrected_label is " + std::to_string(one.corrected_label) +
               ", which is no label: it is above 2^63 - 1";
    if (one.decision == own_decision::keep && one.corrected_label != one.given_label)
        return "corrected_label must be the given label, " + std::to_string(one.given_label) +
               ", where the decision is keep, but is " + std::to_string(one.corrected_label);
    return std::nullopt;
}

/// The same for sets of labels.
[[nodiscard]] std::optional<std::string> decision_problem(std::span<const std::vector<std::size_t>> labels,
                                                          const decided_label_set& one, std::size_t num_classes);

namespace detail
{

[[nodiscard]] inline std::vector<std::size_t> sorted_labels(std::vector<std::size_t> labels)
{
    std::sort(labels.begin(), labels.end());
    return labels;
}

/// Applies decisions, `corrected(one)` being the label after one of them that relabels.
template <class Label, class Given, class Decided, class Corrected>
[[nodiscard]] applied_decisions_to<Label> apply_decisions_to(std::span<const Given> labels,
                                                             std::span<const Decided> decided, std::size_t num_classes,
                                                             action dropped, const Corrected& corrected)
{
    if (dropped == action::multi_label)
        throw value_error("apply_decisions: dropped must be keep or drop: a decision to drop names no set of labels");
    applied_decisions_to<Label> result;
    std::vector<Label> all(labels.begin(), labels.end());
    std::vector<bool> is_decided(labels.size());
    std::vector<bool> is_dropped(labels.size());
    for (std::size_t i = 0; i < decided.size(); ++i)
    {
        const Decided& one = decided[i];
        const std::string place = "apply_decisions: decided[" + std::to_string(i) + "]: ";
        if (const auto problem = decision_problem(labels, one, num_classes))
            throw value_error(place + *problem);
        if (is_decided[one.row])
            throw value_error(place + "row " + std::to_string(one.row) +
                              " is decided before; give one decision for each row");
        is_decided[one.row] = true;
        is_dropped[one.row] = one.decision == own_decision::drop && dropped == action::drop;
        if (one.decision == own_decision::relabel)
            all[one.row] = corrected(one);
        ++(one.decision == own_decision::keep      ? result.num_keep
           : one.decision == own_decision::relabel ? result.num_relabel
                                                   : result.num_drop);
    }
    for (std::size_t row = 0; row < all.size(); ++row)
        if (!is_dropped[row])
        {
            result.labels.push_back(std::move(all[row]));
            result.kept_rows.push_back(row);
        }
    return result;
}

}  // namespace detail

template <label_sequence L>
applied_decisions apply_decisions(const L& labels, std::span<const decided_example> decided, std::size_t num_classes,
                                  action dropped)
{
    const auto values = detail::label_values(labels, "apply_decisions");
    return detail::apply_decisions_to<std::int64_t>(std::span(values), decided, num_classes, dropped,
                                                    [](const decided_example& one)
                                                    { return static_cast<std::int64_t>(one.corrected_label); });
}

inline applied_set_decisions apply_decisions(std::span<const std::vector<std::size_t>> labels,
                                             std::span<const decided_label_set> decided, std::size_t num_classes,
                                             action dropped)
{
    return detail::apply_decisions_to<std::vector<std::size_t>>(
        labels, decided, num_classes, dropped,
        [](const decided_label_set& one) { return detail::sorted_labels(one.corrected_labels); });
}

inline std::optional<std::string> decision_problem(std::span<const std::vector<std::size_t>> labels,
                                                   const decided_label_set& one, std::size_t num_classes)
{
    if (one.row >= labels.size())
        return "index must be below the " + std::to_string(labels.size()) + " sets of labels, but is " +
               std::to_string(one.row);
    const auto given = detail::sorted_labels(one.given_labels);
    if (given != detail::sorted_labels(labels[one.row]))
        return "given_label must be the set of labels at row " + std::to_string(one.row) +
               ", but is another: this decision belongs to other labels";
    if (one.decision == own_decision::drop)
        return std::nullopt;
    const auto corrected = detail::sorted_labels(one.corrected_labels);
    if (one.decision == own_decision::keep && corrected != given)
        return "corrected_label must be the given set of labels where the decision is keep, but is another";
    if (std::adjacent_find(corrected.begin(), corrected.end()) != corrected.end())
        return "corrected_label has a label twice";
    if (!corrected.empty() && corrected.back() >= num_classes)
        return "corrected_label must be below the " + std::to_string(num_classes) + " classes, but has " +
               std::to_string(corrected.back());
    return std::nullopt;
}

}  // namespace labelerrors::corrections

#endif
