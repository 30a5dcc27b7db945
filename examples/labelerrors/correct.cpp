// labelerrors correct: a test set's labels, corrected by the votes of the crowd.
#include "commands.hpp"
#include "dataset_options.hpp"
#include "output.hpp"
#include <labelerrors/consensus/consensus.hpp>
#include <labelerrors/corrections/corrections.hpp>
#include <labelerrors/datasets/correct_published.hpp>
#include <labelerrors/datasets/registry.hpp>
#include <labelerrors/datasets/write_corrected.hpp>

#include <memory>

namespace program
{

namespace
{

namespace consensus = labelerrors::consensus;
namespace corrections = labelerrors::corrections;
namespace datasets = labelerrors::datasets;

struct correct_options
{
    dataset_options dataset;
    std::string consensus = "3";
    std::string output;
    std::string decisions;
    std::string kept;
    bool drop_unresolved = false;
    bool multi_label = false;
};

[[nodiscard]] consensus::at_least_of policy_of(const correct_options& options)
{
    if (options.consensus == "majority")
        return {3, 5};
    if (options.consensus == "unanimous")
        return {5, 5};
    return {static_cast<std::size_t>(std::stoul(options.consensus)), 5};
}

void print(const datasets::provenance& made)
{
    output out(output_options{});
    out << datasets::to_json(made).dump() + "\n";
    out.finish();
}

void correct_single(const datasets::dataset_facts& set, const correct_options& options)
{
    using corrections::action;
    const action unresolved = options.drop_unresolved ? action::drop : action::keep;
    const action named = options.multi_label ? action::multi_label : unresolved;
    // What needs the published labels says so where they are absent; decisions do without.
    if (!options.output.empty() || !options.kept.empty())
        static_cast<void>(datasets::require_files(set, options.dataset.root, datasets::published_file::labels));
    const auto corrected = datasets::correct_published(set, options.dataset.root, policy_of(options),
                                                       {.both = named, .neither = named, .no_agreement = unresolved});
    if (!options.output.empty() && options.multi_label)
        datasets::write_label_matrix(options.output, corrected, set.num_classes);
    else if (!options.output.empty())
        datasets::write_corrected_labels(options.output, corrected);
    if (!options.kept.empty())
        datasets::write_kept_rows(options.kept, corrected);
    if (!options.decisions.empty())
        datasets::write_decisions(options.decisions, corrected);
    print(corrected.made);
}

/// AudioSet: the labels that enough people heard, as a matrix of n x k zeros and ones.
void correct_sets(const datasets::dataset_facts& set, const correct_options& options)
{
    const auto corrected = datasets::correct_published_sets(set, options.dataset.root, policy_of(options));
    if (!options.output.empty())
        datasets::write_label_matrix(options.output, corrected, set.num_classes);
    if (!options.decisions.empty())
        datasets::write_decisions(options.decisions, corrected);
    print(corrected.made);
}

void run(const correct_options& options)
{
    const auto& set = datasets::find_dataset(options.dataset.name);
    if (options.output.empty() && options.decisions.empty() && options.kept.empty())
        throw CLI::ValidationError(
            "--output FILE.npy, --kept FILE.npy or --decisions FILE.jsonl is needed: where the result goes");
    if (has_label_sets(set) && (options.drop_unresolved || !options.kept.empty() || options.multi_label))
        throw CLI::ValidationError("--drop-unresolved, --multi-label and --kept have no meaning for " +
                                   options.dataset.name + ": each of its labels is voted on by itself");
    if (has_label_sets(set))
        correct_sets(set, options);
    else
        correct_single(set, options);
}

}  // namespace

void add_correct(CLI::App& app, const choose_command& choose)
{
    auto options = std::make_shared<correct_options>();
    auto* correct = app.add_subcommand(
        "correct", "Correct a test set's labels by the votes of the crowd; prints what was decided how often");
    options->dataset.add_to(*correct);
    correct->add_option("--consensus", options->consensus, "How many of the 5 votes decide (default: 3, the majority)")
        ->check(CLI::IsMember({"3", "4", "5", "majority", "unanimous"}));
    correct
        ->add_option(
            "-o,--output", options->output,
            "Write the labels here (.npy; AudioSet's as n x k zeros and ones). Beside each file FILE.json says "
            "how it was made")
        ->type_name("FILE.npy");
    correct->add_option("--decisions", options->decisions, "Write a line of JSON for each checked example here")
        ->type_name("FILE.jsonl");
    correct->add_flag("--drop-unresolved", options->drop_unresolved,
                      "Leave out examples whose votes say both, neither, or do not agree");
    correct->add_flag("--multi-label", options->multi_label,
                      "Give examples that are both their two labels, those that are neither none: --output is then a "
                      "matrix of zeros and ones");
    correct->add_option("--kept", options->kept, "Write the rows that were kept here")->type_name("FILE.npy");
    correct->callback([options, choose] { choose([options] { run(*options); }); });
}

}  // namespace program
