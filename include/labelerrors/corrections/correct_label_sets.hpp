#ifndef LABELERRORS_CORRECTIONS_CORRECT_LABEL_SETS_HPP
#define LABELERRORS_CORRECTIONS_CORRECT_LABEL_SETS_HPP

#include <labelerrors/error.hpp>

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace labelerrors::corrections
{

/// How many people said that an example has a label.
struct label_vote
{
    std::size_t label = 0;
    std::size_t votes = 0;
};

/// An example with a set of labels that people voted on, label by label.
struct checked_label_set
{
    std::size_t row = 0;
    std::vector<std::size_t> given_labels;
    std::vector<label_vote> votes;  // for each label that was given or guessed
};

/// Why the labels of a checked example are what they are now.
struct label_set_correction
{
    std::size_t row = 0;
    std::vector<std::size_t> given_labels;      // ascending
    std::vector<std::size_t> corrected_labels;  // ascending
    bool changed = false;
};

/// Sets of labels after their correction.
struct corrected_label_sets
{
    std::vector<std::vector<std::size_t>> labels;   // n sets, each as it was, or ascending where it was changed
    std::vector<label_set_correction> corrections;  // one for each checked example, in the order of `checked`
    std::size_t num_changed = 0;
};

/// The labels that at least `needed` people saw, ascending. O(v log v) for v labels voted on.
[[nodiscard]] inline std::vector<std::size_t> labels_with_votes(std::span<const label_vote> votes, std::size_t needed)
{
    std::vector<std::size_t> labels;
    for (const auto& vote : votes)
        if (vote.votes >= needed)
            labels.push_back(vote.label);
    std::sort(labels.begin(), labels.end());
    return labels;
}

/// Corrects sets of labels by the votes of people: a checked example gets the labels that at least `needed` people saw,
/// all others stay. A set can become empty. Correcting sets that are corrected already changes nothing.
///
/// `labels`: n sets of labels. `needed`: votes that a label takes, 3 in the published study.
/// Throws value_error for a row not below n, and for sets that do not belong to the votes (the set at a row is neither
/// the given one nor the corrected one). O(n + votes).
[[nodiscard]] inline corrected_label_sets correct_label_sets(std::vector<std::vector<std::size_t>> labels,
                                                             std::span<const checked_label_set> checked,
                                                             std::size_t needed)
{
    corrected_label_sets result{std::move(labels), {}, 0};
    const auto sorted = [](std::vector<std::size_t> set)
    {
        std::sort(set.begin(), set.end());
        return set;
    };
    for (const auto& example : checked)
    {
        if (example.row >= result.labels.size())
            throw value_error("correct_label_sets: checked has row " + std::to_string(example.row) +
                              ", but there are " + std::to_string(result.labels.size()) + " sets of labels");
        label_set_correction one{example.row, sorted(example.given_labels), labels_with_votes(example.votes, needed),
                                 false};
        one.changed = one.given_labels != one.corrected_labels;
        const auto now = sorted(result.labels[example.row]);
        if (now != one.given_labels && now != one.corrected_labels)
            throw value_error("correct_label_sets: the labels at row " + std::to_string(example.row) +
                              " are not those that its votes are about: these votes belong to other labels");
        if (one.changed)
        {
            result.labels[example.row] = one.corrected_labels;
            ++result.num_changed;
        }
        result.corrections.push_back(std::move(one));
    }
    return result;
}

}  // namespace labelerrors::corrections

#endif
