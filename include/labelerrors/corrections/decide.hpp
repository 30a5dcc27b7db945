#ifndef LABELERRORS_CORRECTIONS_DECIDE_HPP
#define LABELERRORS_CORRECTIONS_DECIDE_HPP

#include <labelerrors/consensus/consensus.hpp>
#include <labelerrors/error.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <ranges>
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

/// Examples that people voted on, read through a const reference: a container, or a view of one. A view that finds its
/// examples as it goes, such as std::views::filter, is none; copy them into a std::vector.
template <class C>
concept checked_examples = std::ranges::input_range<const C> && checked_example<std::ranges::range_value_t<const C>>;

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

/// What the votes on all checked examples come to.
struct decided_examples
{
    std::vector<correction> corrections;  // one for each checked example, by row
    decision_counts decisions;
};

/// What is done about a decision: keep for one that names a label. O(1).
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

/// What the votes on one example come to. O(1).
template <checked_example Example, consensus::policy Policy>
[[nodiscard]] consensus::decision decide(const Example& example, const Policy& policy)
{
    return policy.decide(example.votes);
}

/// What the votes on each example come to, and the labels that it has then. Needs no labels but those in the votes.
///
/// `checked`: examples that people voted on, at most once each, in any order. `policy`: how votes become a decision.
/// Throws value_error for a row that is there twice, and for multi_label on no agreement. O(m log m) for m examples.
/// Source: Northcutt, Athalye and Mueller 2021, section 4.
template <checked_examples Checked, consensus::policy Policy>
[[nodiscard]] decided_examples decide_all(const Checked& checked, const Policy& policy,
                                          const correction_options& options = {});

namespace detail
{

/// What the votes on each example come to; `function` is what messages call the caller.
template <checked_examples Checked, consensus::policy Policy>
[[nodiscard]] decided_examples decide_examples(const Checked& checked, const Policy& policy,
                                               const correction_options& options, const char* function);

/// The labels of an example after its decision.
[[nodiscard]] inline std::vector<std::size_t> labels_after(const correction& one, action what)
{
    if (what == action::drop)
        return {};
    if (what == action::multi_label)
    {
        if (one.decision != consensus::decision::both)
            return {};
        if (one.given_label == one.guessed_label)
            return {one.given_label};
        return {one.given_label, one.guessed_label};
    }
    return {one.decision == consensus::decision::relabel ? one.guessed_label : one.given_label};
}

/// Counts a decision.
inline void count(decision_counts& counts, consensus::decision decision)
{
    std::size_t* const of[] = {&counts.keep, &counts.relabel, &counts.both, &counts.neither, &counts.no_agreement};
    ++*of[static_cast<std::size_t>(decision)];
}

}  // namespace detail

template <checked_examples Checked, consensus::policy Policy>
decided_examples detail::decide_examples(const Checked& checked, const Policy& policy,
                                         const correction_options& options, const char* function)
{
    if (options.no_agreement == action::multi_label)
        throw value_error(std::string(function) +
                          ": no_agreement must be keep or drop: votes without agreement name no set of labels");
    decided_examples result;
    for (const auto& example : checked)
    {
        correction one{static_cast<std::size_t>(example.row),
                       static_cast<std::size_t>(example.given_label),
                       static_cast<std::size_t>(example.guessed_label),
                       example.votes,
                       decide(example, policy),
                       {}};
        one.corrected_labels = labels_after(one, action_for(one.decision, options));
        count(result.decisions, one.decision);
        result.corrections.push_back(std::move(one));
    }
    std::stable_sort(result.corrections.begin(), result.corrections.end(),
                     [](const correction& a, const correction& b) { return a.row < b.row; });
    const auto twice = std::adjacent_find(result.corrections.begin(), result.corrections.end(),
                                          [](const correction& a, const correction& b) { return a.row == b.row; });
    if (twice != result.corrections.end())
        throw value_error(std::string(function) + ": checked has row " + std::to_string(twice->row) +
                          " twice; give each example once");
    return result;
}

template <checked_examples Checked, consensus::policy Policy>
decided_examples decide_all(const Checked& checked, const Policy& policy, const correction_options& options)
{
    return detail::decide_examples(checked, policy, options, "decide_all");
}

}  // namespace labelerrors::corrections

#endif
