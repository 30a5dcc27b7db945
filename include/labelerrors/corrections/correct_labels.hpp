#ifndef LABELERRORS_CORRECTIONS_CORRECT_LABELS_HPP
#define LABELERRORS_CORRECTIONS_CORRECT_LABELS_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/consensus/consensus.hpp>
#include <labelerrors/error.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <ranges>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace labelerrors::corrections
{

/// An example that people voted on: its row, the label that it was given, the label that was guessed, their votes.
template <class E>
concept checked_example = requires(const E& example)
{
    {
        example.row
        } -> std::convertible_to<std::size_t>;
    {
        example.given_label
        } -> std::convertible_to<std::size_t>;
    {
        example.guessed_label
        } -> std::convertible_to<std::size_t>;
    {
        example.votes
        } -> std::convertible_to<consensus::votes>;
};

/// What becomes of an example for which the votes name no single label.
enum class action
{
    keep,         // its given label stays
    drop,         // its row is left out
    multi_label,  // it gets the set of labels that the votes name: both, or none
};

/// The caller's choice for each decision that names no single label.
struct correction_options
{
    action both = action::keep;
    action neither = action::keep;
    action no_agreement = action::keep;  // keep or drop: the votes name no set
};

/// Why the label of a checked example is what it is now.
struct correction
{
    std::size_t row = 0;  // in the labels that were corrected, not in what is left of them
    std::size_t given_label = 0;
    std::size_t guessed_label = 0;
    consensus::votes votes;
    consensus::decision decision = consensus::decision::no_agreement;
    std::vector<std::size_t>
        corrected_labels;  // what it has now: one, by action::multi_label two or none; none if dropped
};

/// How many checked examples came to each decision.
struct decision_counts
{
    std::size_t keep = 0;
    std::size_t relabel = 0;
    std::size_t both = 0;
    std::size_t neither = 0;
    std::size_t no_agreement = 0;
};

/// Labels after their correction.
struct corrected_labels
{
    std::vector<std::int64_t> labels;     // of the rows kept; with sets the given label stands here
    std::vector<std::size_t> kept_rows;   // ascending, one for each label
    std::vector<correction> corrections;  // one for each checked example, by row
    std::vector<std::size_t> set_rows;    // rows whose label is now a set, ascending; see their corrections
    decision_counts decisions;
};

namespace detail
{

/// What is done about a decision.
[[nodiscard]] inline action action_for(consensus::decision decision, const correction_options& options)
{
    switch (decision)
    {
    case consensus::decision::both:
        return options.both;
    case consensus::decision::neither:
        return options.neither;
    case consensus::decision::no_agreement:
        return options.no_agreement;
    case consensus::decision::keep:
    case consensus::decision::relabel:
        break;
    }
    return action::keep;
}

/// The labels of an example after its decision.
[[nodiscard]] inline std::vector<std::size_t> labels_after(const correction& one, action what)
{
    if (what == action::drop)
        return {};
    if (what == action::multi_label)
        return one.decision == consensus::decision::both ? std::vector{one.given_label, one.guessed_label}
                                                         : std::vector<std::size_t>{};
    return {one.decision == consensus::decision::relabel ? one.guessed_label : one.given_label};
}

/// Counts a decision.
inline void count(decision_counts& counts, consensus::decision decision)
{
    std::size_t* const of[] = {&counts.keep, &counts.relabel, &counts.both, &counts.neither, &counts.no_agreement};
    ++*of[static_cast<std::size_t>(decision)];
}

}  // namespace detail

/// What the votes on one example come to. O(1).
template <checked_example Example, consensus::policy Policy>
[[nodiscard]] consensus::decision decide(const Example& example, const Policy& policy)
{
    return policy.decide(example.votes);
}

/// Corrects labels by the votes of people: where `policy` decides to relabel, the guessed label takes the given one's
/// place; what becomes of examples with both, neither or no agreement is the caller's choice; all others stay.
///
/// `labels`: n labels. `checked`: examples that people voted on, at most once each, in any order. `policy`: how votes
/// become a decision. Correcting labels that are corrected already changes nothing.
/// Throws value_error for a row not below n, a row that is there twice, labels that do not belong to the votes (the
/// label at a row is neither the given one nor, where it was relabelled, the guessed one), and for multi_label on no
/// agreement. O(n + m log m) for m checked examples.
/// Source: Northcutt, Athalye and Mueller 2021, section 4.
template <std::integral Label, std::ranges::input_range Checked, consensus::policy Policy>
    requires checked_example<std::ranges::range_value_t<Checked>>
[[nodiscard]] corrected_labels correct_labels(std::span<const Label> labels, const Checked& checked,
                                              const Policy& policy, const correction_options& options = {})
{
    const std::string name = "correct_labels: ";
    if (options.no_agreement == action::multi_label)
        throw value_error(name + "votes without agreement name no set of labels; keep or drop such examples");
    corrected_labels result;
    for (const auto& example : checked)
        result.corrections.push_back({static_cast<std::size_t>(example.row),
                                      static_cast<std::size_t>(example.given_label),
                                      static_cast<std::size_t>(example.guessed_label),
                                      example.votes,
                                      decide(example, policy),
                                      {}});
    std::stable_sort(result.corrections.begin(), result.corrections.end(),
                     [](const correction& a, const correction& b) { return a.row < b.row; });

    std::vector<std::int64_t> corrected(labels.begin(), labels.end());
    std::vector<std::size_t> dropped;
    for (std::size_t i = 0; i < result.corrections.size(); ++i)
    {
        auto& one = result.corrections[i];
        const std::string row = "row " + std::to_string(one.row);
        if (one.row >= labels.size())
            throw value_error(name + "checked has " + row + ", but there are " + std::to_string(labels.size()) +
                              " labels");
        if (i > 0 && result.corrections[i - 1].row == one.row)
            throw value_error(name + "checked has " + row + " twice");
        const auto label = corrected[one.row];
        const bool corrected_already =
            one.decision == consensus::decision::relabel && std::cmp_equal(label, one.guessed_label);
        if (!std::cmp_equal(label, one.given_label) && !corrected_already)
            throw value_error(name + row + " has the label " + std::to_string(label) + ", but its votes are about " +
                              std::to_string(one.given_label) + ": these votes belong to other labels");
        const action what = detail::action_for(one.decision, options);
        one.corrected_labels = detail::labels_after(one, what);
        detail::count(result.decisions, one.decision);
        if (what == action::drop)
            dropped.push_back(one.row);
        else if (what == action::multi_label)
            result.set_rows.push_back(one.row);
        else
            corrected[one.row] = static_cast<std::int64_t>(one.corrected_labels.front());
    }
    auto next = dropped.begin();
    for (std::size_t row = 0; row < corrected.size(); ++row)
    {
        if (next != dropped.end() && *next == row)
        {
            ++next;
            continue;
        }
        result.labels.push_back(corrected[row]);
        result.kept_rows.push_back(row);
    }
    return result;
}

}  // namespace labelerrors::corrections

#endif
