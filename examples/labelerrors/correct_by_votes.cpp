// What labelerrors correct makes of the votes of the crowd.
#include "correct_options.hpp"
#include <labelerrors/corrections/corrections.hpp>
#include <labelerrors/datasets/correct_published.hpp>
#include <labelerrors/datasets/published_files.hpp>
#include <labelerrors/datasets/registry.hpp>
#include <labelerrors/datasets/write_corrected.hpp>

namespace program
{

namespace
{

namespace corrections = labelerrors::corrections;
namespace datasets = labelerrors::datasets;

[[nodiscard]] nlohmann::ordered_json correct_single(const datasets::dataset_facts& set, const correct_options& options)
{
    using corrections::action;
    const action unresolved = options.drop_unresolved ? action::drop : action::keep;
    const action named = options.multi_label ? action::multi_label : unresolved;
    // What needs the published labels says so where they are absent; decisions do without.
    if (!options.output.empty() || !options.kept.empty())
        static_cast<void>(datasets::require_files(set, options.dataset.root, datasets::published_file::labels));
    const auto corrected = datasets::correct_published(set, options.dataset.root, policy_named(options.consensus),
                                                       {.both = named, .neither = named, .no_agreement = unresolved});
    // The labels last: where they are, all is.
    if (!options.decisions.empty())
        datasets::write_decisions(options.decisions, corrected);
    if (!options.kept.empty())
        datasets::write_kept_rows(options.kept, corrected);
    if (!options.output.empty() && options.multi_label)
        datasets::write_label_matrix(options.output, corrected, set.num_classes);
    else if (!options.output.empty())
        datasets::write_corrected_labels(options.output, corrected);
    return datasets::to_json(corrected.made);
}

/// AudioSet: the labels that enough people heard, as a matrix of n x k zeros and ones.
[[nodiscard]] nlohmann::ordered_json correct_sets(const datasets::dataset_facts& set, const correct_options& options)
{
    const auto corrected = datasets::correct_published_sets(set, options.dataset.root, policy_named(options.consensus));
    if (!options.decisions.empty())
        datasets::write_decisions(options.decisions, corrected);
    if (!options.output.empty())
        datasets::write_label_matrix(options.output, corrected, set.num_classes);
    return datasets::to_json(corrected.made);
}

}  // namespace

nlohmann::ordered_json correct_by_votes(const correct_options& options)
{
    for (const char* option : {"--labels", "--num-classes", "--drop"})
        options.refuse(option, "needs --decisions-from");
    for (const char* option : {"--dataset", "--root"})
        if (!options.given(option))
            throw CLI::ValidationError(std::string(option) + " is required where there is no --decisions-from");
    const auto& set = datasets::find_dataset(options.dataset.name);
    if (options.output.empty() && options.decisions.empty() && options.kept.empty())
        throw CLI::ValidationError(
            "--output FILE.npy, --kept FILE.npy or --decisions FILE.jsonl is needed: where the result goes");
    if (has_label_sets(set) && (options.drop_unresolved || !options.kept.empty() || options.multi_label))
        throw CLI::ValidationError("--drop-unresolved, --multi-label and --kept have no meaning for " +
                                   options.dataset.name + ": each of its labels is voted on by itself");
    return has_label_sets(set) ? correct_sets(set, options) : correct_single(set, options);
}

}  // namespace program
