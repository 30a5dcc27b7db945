#ifndef LABELERRORS_DATASETS_VOTE_COUNTS_HPP
#define LABELERRORS_DATASETS_VOTE_COUNTS_HPP

#include <labelerrors/consensus/policy.hpp>
#include <labelerrors/corrections/correct_label_sets.hpp>
#include <labelerrors/datasets/dataset.hpp>
#include <labelerrors/datasets/votes_file.hpp>
#include <labelerrors/error.hpp>

#include <cmath>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

namespace labelerrors::datasets
{

/// What the votes on a test set come to. What a set does not have is nothing, not 0: MNIST's crowd could not say that
/// both labels are right, AudioSet's votes are on sets of labels.
struct vote_figures
{
    std::size_t checked = 0;
    std::size_t flagged = 0;     // that were held for errors: checked, or more where the crowd saw a sample of them
    std::size_t non_errors = 0;  // 3 of 5 are for the given label
    std::size_t errors = 0;      // checked - non_errors
    std::optional<std::size_t> non_agreement =
        {};  // no 3 of 5 agree on what could be said: given, guessed, both, neither
    std::optional<std::size_t> correctable_at_3 = {};  // 3 of 5 are for the guessed label
    std::optional<std::size_t> correctable_at_4 = {};
    std::optional<std::size_t> correctable_at_5 = {};
    std::optional<std::size_t> both = {};
    std::optional<std::size_t> neither = {};
    std::size_t estimated_errors = 0;  // errors, scaled from checked to flagged and rounded
    double error_percent = 0;          // estimated_errors, of n

    friend bool operator==(const vote_figures&, const vote_figures&) = default;
};

/// Counts votes by the policy of c of 5. Votes for neutral, off topic or another class of Amazon's win nothing.
/// Throws value_error where `checked` is empty or longer than the examples that were flagged. O(checked).
[[nodiscard]] vote_figures count_votes(const dataset_facts& set, std::span<const checked_example> checked);

/// The same for sets of labels: an error is where those with 3 votes or more are not the given set.
[[nodiscard]] vote_figures count_votes(const dataset_facts& set, std::span<const label_votes> checked);

/// Reads the votes on a test set and counts them. Throws what read_votes, read_label_votes and count_votes throw.
[[nodiscard]] vote_figures read_vote_figures(const dataset_facts& set, const std::filesystem::path& root);

/// The same for an adapter.
template <dataset D>
[[nodiscard]] vote_figures read_vote_figures(const std::filesystem::path& root)
{
    return read_vote_figures(facts_of<D>(), root);
}

namespace detail
{

/// The figures that follow from how many were checked and how many of these are no errors.
[[nodiscard]] inline vote_figures figures_of(const dataset_facts& set, std::size_t checked, std::size_t non_errors)
{
    const std::size_t flagged = set.num_flagged == 0 ? checked : set.num_flagged;
    if (checked == 0 || checked > flagged)
        throw value_error("count_votes: checked must hold 1 to " +
                          std::to_string(set.num_flagged == 0 ? set.num_examples : set.num_flagged) + " examples of " +
                          std::string(set.title) + ", but holds " + std::to_string(checked));
    const std::size_t errors = checked - non_errors;
    const double share = static_cast<double>(errors) / static_cast<double>(checked);
    const auto estimated = static_cast<std::size_t>(std::llround(share * static_cast<double>(flagged)));
    return {.checked = checked,
            .flagged = flagged,
            .non_errors = non_errors,
            .errors = errors,
            .estimated_errors = estimated,
            .error_percent = 100.0 * static_cast<double>(estimated) / static_cast<double>(set.num_examples)};
}

/// How many examples are decided so.
[[nodiscard]] inline std::size_t count_decided(std::span<const checked_example> checked, std::size_t needed,
                                               consensus::decision what)
{
    const consensus::at_least_of policy{needed, 5};
    std::size_t count = 0;
    for (const checked_example& example : checked)
        count += policy.decide(example.votes) == what ? 1U : 0U;
    return count;
}

}  // namespace detail

inline vote_figures count_votes(const dataset_facts& set, std::span<const checked_example> checked)
{
    using consensus::decision;
    vote_figures figures = detail::figures_of(set, checked.size(), detail::count_decided(checked, 3, decision::keep));
    figures.correctable_at_3 = detail::count_decided(checked, 3, decision::relabel);
    figures.correctable_at_4 = detail::count_decided(checked, 4, decision::relabel);
    figures.correctable_at_5 = detail::count_decided(checked, 5, decision::relabel);
    // Amazon's crowd was not asked whether neither is right; 3 of 5 for a third class are no agreement, as the study
    // has it.
    if (set.dialect == votes_dialect::given_guessed_neither_both)
        figures.both = detail::count_decided(checked, 3, decision::both);
    if (set.dialect == votes_dialect::given_guessed_neither_both || set.dialect == votes_dialect::given_guessed_neither)
        figures.neither = detail::count_decided(checked, 3, decision::neither);
    figures.non_agreement =
        figures.errors - *figures.correctable_at_3 - figures.both.value_or(0) - figures.neither.value_or(0);
    return figures;
}

inline vote_figures count_votes(const dataset_facts& set, std::span<const label_votes> checked)
{
    std::size_t non_errors = 0;
    for (const label_votes& example : checked)
        non_errors += corrections::labels_with_votes(example.votes, 3) == example.given_labels ? 1U : 0U;
    return detail::figures_of(set, checked.size(), non_errors);
}

inline vote_figures read_vote_figures(const dataset_facts& set, const std::filesystem::path& root)
{
    if (set.dialect == votes_dialect::label_sets)
        return count_votes(set, read_label_votes(set, root));
    return count_votes(set, read_votes(set, root));
}

}  // namespace labelerrors::datasets

#endif
