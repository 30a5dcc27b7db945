#ifndef LABELERRORS_EVALUATION_SELECT_EXAMPLES_HPP
#define LABELERRORS_EVALUATION_SELECT_EXAMPLES_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/corrections/correct_labels.hpp>
#include <labelerrors/error.hpp>
#include <labelerrors/evaluation/label_values.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace labelerrors::evaluation
{

/// Which examples models are scored on.
enum class example_subset
{
    correctable,  // those whose given label was found wrong and another one right
    benign,       // those whose given label stands: never flagged, or flagged and kept
    corrected,    // both: all but the flagged ones for which no single label was found
};

/// The word for a subset, as the program has it.
[[nodiscard]] constexpr std::string_view name_of(example_subset which) noexcept
{
    constexpr std::string_view names[] = {"correctable", "benign", "corrected"};
    return names[static_cast<std::size_t>(which)];
}

/// Some examples of a test set, each with the label it was given and the label it has after correction.
struct scored_examples
{
    std::vector<std::size_t> rows;               // ascending
    std::vector<std::int64_t> given_labels;      // one for each row
    std::vector<std::int64_t> corrected_labels;  // one for each row; the given one for a benign example
};

/// Selects the examples that models are scored on, by what people decided about their labels. What was done about
/// decisions without a single label (kept or dropped) plays no part: such examples are in none of the subsets.
///
/// `labels`: the n given labels, before correction. `corrections`: as corrections::correct_labels returns them.
/// Throws shape_error where labels are not one-dimensional; value_error for a negative label, a row not below n, a row
/// that is there twice, a correction of another label than the one at its row, and one to a label above 2^63 - 1.
/// O(n + corrections).
/// Source: Northcutt, Athalye and Mueller 2021, section 5; the published tables' consensusC is `correctable` and their
/// cleaned_and_corrected_C is `corrected`.
template <label_sequence L>
[[nodiscard]] scored_examples select_examples(const L& labels, std::span<const corrections::correction> corrections,
                                              example_subset which);

/// Selects them by two arrays of labels: an example is correctable where they differ and benign where they agree.
///
/// `given_labels`, `corrected_labels`: n labels each, of the same examples. Throws shape_error where one is not
/// one-dimensional or they are not as many; value_error for a negative label. O(n).
template <label_sequence L, label_sequence M>
[[nodiscard]] scored_examples select_examples(const L& given_labels, const M& corrected_labels, example_subset which);

namespace detail
{

/// Refuses examples made by hand that have not one label of each kind for each row. O(1).
inline void require_whole(const scored_examples& examples, const char* function)
{
    if (examples.given_labels.size() != examples.rows.size() ||
        examples.corrected_labels.size() != examples.rows.size())
        throw shape_error(std::string(function) + ": examples must have a given and a corrected label for each of " +
                          std::to_string(examples.rows.size()) + " rows, not " +
                          std::to_string(examples.given_labels.size()) + " and " +
                          std::to_string(examples.corrected_labels.size()) + "; make them with select_examples");
}

/// What is known about one example.
enum class label_state : unsigned char
{
    benign,
    correctable,
    unresolved,
};

[[nodiscard]] inline scored_examples select_by_state(const std::vector<std::int64_t>& given,
                                                     const std::vector<std::int64_t>& corrected,
                                                     const std::vector<label_state>& states, example_subset which)
{
    scored_examples selected;
    for (std::size_t row = 0; row < given.size(); ++row)
    {
        const bool wanted = (states[row] == label_state::benign && which != example_subset::correctable) ||
                            (states[row] == label_state::correctable && which != example_subset::benign);
        if (!wanted)
            continue;
        selected.rows.push_back(row);
        selected.given_labels.push_back(given[row]);
        selected.corrected_labels.push_back(corrected[row]);
    }
    return selected;
}

}  // namespace detail

template <label_sequence L>
scored_examples select_examples(const L& labels, std::span<const corrections::correction> corrections,
                                example_subset which)
{
    const std::string name = "select_examples: ";
    const auto given = detail::label_values(labels, 0, "select_examples", "labels");
    auto corrected = given;
    std::vector<detail::label_state> states(given.size(), detail::label_state::benign);
    std::vector<bool> seen(given.size());
    for (const auto& one : corrections)
    {
        const std::string row = "row " + std::to_string(one.row);
        if (one.row >= given.size())
            throw value_error(name + "corrections have " + row + ", but there are " + std::to_string(given.size()) +
                              " labels");
        if (seen[one.row])
            throw value_error(name + "corrections have " + row + " twice");
        seen[one.row] = true;
        if (!std::cmp_equal(given[one.row], one.given_label))
            throw value_error(name + row + " has the label " + std::to_string(given[one.row]) +
                              ", but its correction is of " + std::to_string(one.given_label) +
                              ": labels must be those before correction");
        if (one.decision == consensus::decision::relabel)
        {
            if (!std::in_range<std::int64_t>(one.guessed_label))
                throw value_error(name + "the guessed label of " + row + " is " + std::to_string(one.guessed_label) +
                                  ", which is no label: it is above 2^63 - 1");
            states[one.row] = detail::label_state::correctable;
            corrected[one.row] = static_cast<std::int64_t>(one.guessed_label);
        }
        else if (one.decision != consensus::decision::keep)
            states[one.row] = detail::label_state::unresolved;
    }
    return detail::select_by_state(given, corrected, states, which);
}

template <label_sequence L, label_sequence M>
scored_examples select_examples(const L& given_labels, const M& corrected_labels, example_subset which)
{
    const auto given = detail::label_values(given_labels, 0, "select_examples", "given_labels");
    const auto corrected = detail::label_values(corrected_labels, 0, "select_examples", "corrected_labels");
    if (given.size() != corrected.size())
        throw shape_error("select_examples: corrected_labels must be as many as given_labels, " +
                          std::to_string(given.size()) + ", not " + std::to_string(corrected.size()));
    std::vector<detail::label_state> states(given.size());
    for (std::size_t row = 0; row < given.size(); ++row)
        states[row] = given[row] == corrected[row] ? detail::label_state::benign : detail::label_state::correctable;
    return detail::select_by_state(given, corrected, states, which);
}

}  // namespace labelerrors::evaluation

#endif
