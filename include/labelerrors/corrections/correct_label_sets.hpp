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

namespace detail
{

/// Ascending, and each label once.
[[nodiscard]] inline std::vector<std::size_t> as_set(std::vector<std::size_t> labels)
{
    std::sort(labels.begin(), labels.end());
    labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
    return labels;
}

}  // namespace detail

/// The labels that at least `needed` people saw, ascending, each once. O(v log v) for v labels voted on.
[[nodiscard]] inline std::vector<std::size_t> labels_with_votes(std::span<const label_vote> votes, std::size_t needed)
{
    std::vector<std::size_t> labels;
    for (const auto& vote : votes)
        if (vote.votes >= needed)
            labels.push_back(vote.label);
    return detail::as_set(std::move(labels));
}

/// What the votes on a set of labels come to, ascending, each once: a label comes where at least `needed` of `asked`
/// people saw it, and goes where as many did not. What fewer agree on stays as it was given, so that the stricter the
/// policy, the less changes. With needed > asked / 2 both cannot be; with fewer needed, who saw it prevails. O(v log
/// v).
[[nodiscard]] inline std::vector<std::size_t> labels_by_votes(std::span<const std::size_t> given_labels,
                                                              std::span<const label_vote> votes, std::size_t needed,
                                                              std::size_t asked)
{
    std::vector<std::size_t> labels = labels_with_votes(votes, needed);
    for (const std::size_t given : given_labels)
    {
        const auto vote =
            std::find_if(votes.begin(), votes.end(), [&](const label_vote& one) { return one.label == given; });
        if (vote == votes.end() || vote->votes + needed > asked)
            labels.push_back(given);
    }
    return detail::as_set(std::move(labels));
}

/// Corrects sets of labels by the votes of people, as labels_by_votes has it; examples that were not checked stay. A
/// set can become empty. Correcting sets that are corrected already changes nothing.
///
/// `labels`: n sets of labels. `checked`: each row at most once. `needed`: how many of the `asked` people it takes, 1
/// to `asked`; 3 of 5 in the published study. Throws value_error for `needed` out of range, for a row not below n or
/// there twice, and for sets that do not belong to the votes (the set at a row is neither the given one nor the
/// corrected one). O(n + votes).
[[nodiscard]] inline corrected_label_sets correct_label_sets(std::vector<std::vector<std::size_t>> labels,
                                                             std::span<const checked_label_set> checked,
                                                             std::size_t needed, std::size_t asked = 5)
{
    if (needed < 1 || needed > asked)
        throw value_error("correct_label_sets: needed must be 1 to the " + std::to_string(asked) +
                          " people who were asked, but is " + std::to_string(needed));
    corrected_label_sets result{std::move(labels), {}, 0};
    std::vector<bool> seen(result.labels.size());
    for (const auto& example : checked)
    {
        if (example.row >= result.labels.size())
            throw value_error("correct_label_sets: checked has row " + std::to_string(example.row) +
                              ", but there are " + std::to_string(result.labels.size()) + " sets of labels");
        if (seen[example.row])
            throw value_error("correct_label_sets: checked has row " + std::to_string(example.row) + " twice");
        seen[example.row] = true;
        label_set_correction one{example.row, detail::as_set(example.given_labels),
                                 labels_by_votes(example.given_labels, example.votes, needed, asked), false};
        one.changed = one.given_labels != one.corrected_labels;
        const auto now = detail::as_set(result.labels[example.row]);
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
