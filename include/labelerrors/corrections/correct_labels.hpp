#ifndef LABELERRORS_CORRECTIONS_CORRECT_LABELS_HPP
#define LABELERRORS_CORRECTIONS_CORRECT_LABELS_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/consensus/consensus.hpp>
#include <labelerrors/corrections/decide.hpp>
#include <labelerrors/corrections/label_values.hpp>
#include <labelerrors/error.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace labelerrors::corrections
{

/// Labels after their correction.
struct corrected_labels
{
    std::vector<std::int64_t> labels;     // of the rows kept; with sets the given label stands here
    std::vector<std::size_t> kept_rows;   // ascending, one for each label
    std::vector<correction> corrections;  // one for each checked example, by row
    std::vector<std::size_t> set_rows;    // rows whose label is now a set, ascending; see their corrections
    decision_counts decisions;
};

/// Corrects labels by the votes of people: where `policy` decides to relabel, the guessed label takes the given one's
/// place; what becomes of examples with both, neither or no agreement is the caller's choice; all others stay.
///
/// `labels`: n labels, see label_sequence. `checked`: examples that people voted on, at most once each, in any order.
/// `policy`: how votes become a decision. Correcting labels that are corrected already changes nothing, unless rows
/// were dropped: then the others have moved, and the votes are about other rows. Throws shape_error where labels are
/// not one-dimensional; value_error for a row not below n, a row that is there twice, labels that do not belong to the
/// votes (the label at a row is neither the given one nor, where it was relabelled, the guessed one), for a label or a
/// guessed label above 2^63 - 1, and for multi_label on no agreement. How many classes there are it does not know. O(n
/// + m log m) for m checked examples. Source: Northcutt, Athalye and Mueller 2021, section 4.
template <label_sequence L, checked_examples Checked, consensus::policy Policy>
[[nodiscard]] corrected_labels correct_labels(const L& labels, const Checked& checked, const Policy& policy,
                                              const correction_options& options = {})
{
    auto decided = detail::decide_examples(checked, policy, options, "correct_labels");
    corrected_labels result{{}, {}, std::move(decided.corrections), {}, decided.decisions};
    auto corrected = detail::label_values(labels, "correct_labels");
    std::vector<std::size_t> dropped;
    for (const auto& one : result.corrections)
    {
        const std::string row = "row " + std::to_string(one.row);
        if (one.row >= corrected.size())
            throw value_error("correct_labels: checked has " + row + ", but there are " +
                              std::to_string(corrected.size()) + " labels");
        const auto label = corrected[one.row];
        const bool corrected_already =
            one.decision == consensus::decision::relabel && std::cmp_equal(label, one.guessed_label);
        if (!std::cmp_equal(label, one.given_label) && !corrected_already)
            throw value_error("correct_labels: " + row + " has the label " + std::to_string(label) +
                              ", but its votes are about " + std::to_string(one.given_label) +
                              ": these votes belong to other labels");
        const action what = action_for(one.decision, options);
        if (what == action::drop)
            dropped.push_back(one.row);
        else if (what == action::multi_label)
            result.set_rows.push_back(one.row);
        else if (std::in_range<std::int64_t>(one.corrected_labels.front()))
            corrected[one.row] = static_cast<std::int64_t>(one.corrected_labels.front());
        else
            throw value_error("correct_labels: the guessed label of " + row + " is " +
                              std::to_string(one.corrected_labels.front()) +
                              ", which is no label: it is above 2^63 - 1");
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
