#ifndef LABELERRORS_DATASETS_CORRECT_PUBLISHED_HPP
#define LABELERRORS_DATASETS_CORRECT_PUBLISHED_HPP

#include <labelerrors/consensus/consensus.hpp>
#include <labelerrors/corrections/corrections.hpp>
#include <labelerrors/datasets/dataset.hpp>
#include <labelerrors/datasets/provenance.hpp>
#include <labelerrors/datasets/published_files.hpp>
#include <labelerrors/datasets/published_set.hpp>
#include <labelerrors/datasets/votes_file.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace labelerrors::datasets
{

/// A published test set with one label for each example, corrected by the votes of its crowd.
struct corrected_set
{
    std::vector<checked_example> checked;             // by row
    std::vector<corrections::correction> decided;     // one for each of `checked`
    std::optional<std::vector<std::int64_t>> labels;  // of the rows kept; none where the published labels are not there
    std::vector<std::size_t> kept_rows;               // ascending, one for each label; none without labels
    std::vector<std::size_t> set_rows;                // rows whose label is now a set, see `decided`
    provenance made;
};

/// A published test set with a set of labels for each example, corrected by the votes of its crowd.
struct corrected_sets
{
    std::vector<label_votes> checked;                        // in the order of the votes file
    std::vector<corrections::label_set_correction> decided;  // one for each of `checked`
    std::vector<std::vector<std::size_t>> labels;            // n sets
    provenance made;
};

/// Reads the votes on a test set, decides by `policy` and corrects the published labels, where these are there; the
/// decisions alone need none.
/// Throws what read_votes, read_published_labels and corrections::correct_labels throw. O(n + m log m) for m examples
/// that were voted on.
template <consensus::policy Policy>
[[nodiscard]] corrected_set correct_published(const dataset_facts& set, const std::filesystem::path& root,
                                              const Policy& policy,
                                              const corrections::correction_options& options = {});

/// The same for an adapter.
template <dataset D, consensus::policy Policy>
[[nodiscard]] corrected_set correct_published(const std::filesystem::path& root, const Policy& policy,
                                              const corrections::correction_options& options = {})
{
    return correct_published(facts_of<D>(), root, policy, options);
}

/// The same for AudioSet: a label comes where at least policy.needed of the policy.asked people heard it, and goes
/// where as many did not. `keep` counts the sets that stay, `relabel` those that change. Throws what read_label_votes,
/// read_published_label_sets and corrections::correct_label_sets throw.
[[nodiscard]] corrected_sets correct_published_sets(const dataset_facts& set, const std::filesystem::path& root,
                                                    const consensus::at_least_of& policy);

template <consensus::policy Policy>
corrected_set correct_published(const dataset_facts& set, const std::filesystem::path& root, const Policy& policy,
                                const corrections::correction_options& options)
{
    corrected_set result;
    result.checked = read_votes(set, root);
    std::sort(result.checked.begin(), result.checked.end(),
              [](const checked_example& a, const checked_example& b) { return a.row < b.row; });
    result.made = {std::string(set.name), policy.name(), options, set.num_examples, set.num_examples, {}};
    if (has_files(set, root, published_file::labels))
    {
        const auto labels = read_published_labels(set, root);
        auto corrected = corrections::correct_labels(labels, result.checked, policy, options);
        result.decided = std::move(corrected.corrections);
        result.made.decisions = corrected.decisions;
        result.labels = std::move(corrected.labels);
        result.kept_rows = std::move(corrected.kept_rows);
        result.set_rows = std::move(corrected.set_rows);
    }
    else
    {
        auto decided = corrections::decide_all(result.checked, policy, options);
        result.decided = std::move(decided.corrections);
        result.made.decisions = decided.decisions;
    }
    for (const auto& one : result.decided)
        if (corrections::action_for(one.decision, options) == corrections::action::drop)
            --result.made.num_kept;
    return result;
}

inline corrected_sets correct_published_sets(const dataset_facts& set, const std::filesystem::path& root,
                                             const consensus::at_least_of& policy)
{
    corrected_sets result;
    result.checked = read_label_votes(set, root);
    const std::vector<corrections::checked_label_set> votes(result.checked.begin(), result.checked.end());
    auto corrected =
        corrections::correct_label_sets(read_published_label_sets(set, root), votes, policy.needed, policy.asked);
    result.decided = std::move(corrected.corrections);
    result.labels = std::move(corrected.labels);
    result.made = {std::string(set.name), policy.name(), {}, set.num_examples, set.num_examples, {}};
    result.made.decisions.relabel = corrected.num_changed;
    result.made.decisions.keep = result.decided.size() - corrected.num_changed;
    return result;
}

}  // namespace labelerrors::datasets

#endif
