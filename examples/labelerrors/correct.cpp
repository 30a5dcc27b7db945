// labelerrors correct: a test set's labels, corrected by the votes of the crowd.
#include "commands.hpp"
#include "dataset_options.hpp"
#include "output.hpp"
#include <labelerrors/consensus/consensus.hpp>
#include <labelerrors/corrections/corrections.hpp>
#include <labelerrors/datasets/published_set.hpp>
#include <labelerrors/datasets/registry.hpp>
#include <labelerrors/datasets/votes_file.hpp>
#include <labelerrors/io/write_npy.hpp>
#include <labelerrors/version.hpp>

#include <memory>
#include <span>

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
};

[[nodiscard]] consensus::at_least_of policy_of(const correct_options& options)
{
    if (options.consensus == "majority")
        return {3, 5};
    if (options.consensus == "unanimous")
        return {5, 5};
    return {static_cast<std::size_t>(std::stoul(options.consensus)), 5};
}

/// Which set was corrected how, for beside the files that were written.
[[nodiscard]] std::string provenance(const datasets::dataset_facts& set, const correct_options& options,
                                     std::size_t kept, const std::string& counts)
{
    return "{\"dataset\":" + json_string(set.name) + ",\"policy\":" + json_string(policy_of(options).name()) +
           ",\"unresolved\":" + (options.drop_unresolved ? "\"dropped\"" : "\"kept\"") +
           ",\"n\":" + std::to_string(set.num_examples) + ",\"kept\":" + std::to_string(kept) +
           ",\"decisions\":" + counts + ",\"library\":\"labelerrors " + std::to_string(LABELERRORS_VERSION_MAJOR) +
           "." + std::to_string(LABELERRORS_VERSION_MINOR) + "." + std::to_string(LABELERRORS_VERSION_PATCH) + "\"}\n";
}

/// Writes text to a file, whole or not at all.
void write_text(const std::string& path, const std::string& text)
{
    labelerrors::io::atomic_file file(path);
    file.write(text);
    file.commit();
}

[[nodiscard]] std::string as_json(const consensus::votes& votes)
{
    return "{\"given\":" + std::to_string(votes.given) + ",\"guessed\":" + std::to_string(votes.guessed) +
           ",\"both\":" + std::to_string(votes.both) + ",\"neither\":" + std::to_string(votes.neither) +
           ",\"neutral\":" + std::to_string(votes.neutral) + ",\"off_topic\":" + std::to_string(votes.off_topic) + "}";
}

[[nodiscard]] std::string as_json(std::span<const std::size_t> labels)
{
    std::string list = "[";
    for (const std::size_t label : labels)
        list += (list.size() == 1 ? "" : ",") + std::to_string(label);
    return list + "]";
}

[[nodiscard]] bool is_unresolved(consensus::decision decision)
{
    return decision != consensus::decision::keep && decision != consensus::decision::relabel;
}

/// A line for each checked example, in the order of the rows.
[[nodiscard]] std::string decision_lines(std::vector<datasets::checked_example> checked, const correct_options& options,
                                         corrections::decision_counts& counts)
{
    std::sort(checked.begin(), checked.end(), [](const auto& a, const auto& b) { return a.row < b.row; });
    const auto policy = policy_of(options);
    std::string lines;
    for (const auto& example : checked)
    {
        const auto decision = corrections::decide(example, policy);
        corrections::detail::count(counts, decision);
        const bool dropped = options.drop_unresolved && is_unresolved(decision);
        const std::size_t label =
            decision == consensus::decision::relabel ? example.guessed_label : example.given_label;
        lines += "{\"index\":" + std::to_string(example.row) + ",\"item\":" + json_string(example.item) +
                 ",\"given_label\":" + std::to_string(example.given_label) +
                 ",\"guessed_label\":" + std::to_string(example.guessed_label) +
                 ",\"votes\":" + as_json(example.votes) + ",\"decision\":" + json_string(consensus::name_of(decision)) +
                 ",\"corrected_label\":" + (dropped ? "null" : std::to_string(label)) + "}\n";
    }
    return lines;
}

void correct_single(const datasets::dataset_facts& set, const correct_options& options)
{
    const auto checked = datasets::read_votes(set, options.dataset.root);
    corrections::decision_counts counts;
    const std::string lines = decision_lines(checked, options, counts);
    std::size_t kept = set.num_examples;
    if (options.drop_unresolved)
        kept -= counts.both + counts.neither + counts.no_agreement;
    const std::string summary =
        provenance(set, options, kept,
                   "{\"keep\":" + std::to_string(counts.keep) + ",\"relabel\":" + std::to_string(counts.relabel) +
                       ",\"both\":" + std::to_string(counts.both) + ",\"neither\":" + std::to_string(counts.neither) +
                       ",\"no_agreement\":" + std::to_string(counts.no_agreement) + "}");
    if (!options.output.empty() || !options.kept.empty())
    {
        const auto labels = datasets::read_published_labels(set, options.dataset.root);
        const auto unresolved = options.drop_unresolved ? corrections::action::drop : corrections::action::keep;
        const auto corrected = corrections::correct_labels(
            std::span<const std::int64_t>(labels.data(), labels.size()), checked, policy_of(options),
            {.both = unresolved, .neither = unresolved, .no_agreement = unresolved});
        if (!options.output.empty())
        {
            labelerrors::io::write_npy(options.output,
                                       xt::adapt(corrected.labels, std::array{corrected.labels.size()}));
            write_text(options.output + ".json", summary);
        }
        if (!options.kept.empty())
            labelerrors::io::write_npy(options.kept,
                                       xt::adapt(corrected.kept_rows, std::array{corrected.kept_rows.size()}));
    }
    if (!options.decisions.empty())
        write_text(options.decisions, lines);
    output out(output_options{});
    out << summary;
    out.finish();
}

/// AudioSet: the labels that enough people heard, as a matrix of n x k zeros and ones.
void correct_sets(const datasets::dataset_facts& set, const correct_options& options)
{
    const auto checked = datasets::read_label_votes(set, options.dataset.root);
    const std::vector<corrections::checked_label_set> votes(checked.begin(), checked.end());
    const auto corrected = corrections::correct_label_sets(
        datasets::read_published_label_sets(set, options.dataset.root), votes, policy_of(options).needed);
    std::string lines;
    for (std::size_t i = 0; i < checked.size(); ++i)
    {
        const auto& one = corrected.corrections[i];
        std::string counts = "{";
        for (const auto& vote : checked[i].votes)
            counts +=
                (counts.size() == 1 ? "\"" : ",\"") + std::to_string(vote.label) + "\":" + std::to_string(vote.votes);
        lines += "{\"index\":" + std::to_string(one.row) + ",\"item\":" + json_string(checked[i].item) +
                 ",\"given_labels\":" + as_json(one.given_labels) +
                 ",\"guessed_labels\":" + as_json(checked[i].guessed_labels) + ",\"votes\":" + counts +
                 "},\"decision\":" + (one.changed ? "\"relabel\"" : "\"keep\"") +
                 ",\"corrected_labels\":" + as_json(one.corrected_labels) + "}\n";
    }
    const std::string summary = provenance(set, options, set.num_examples,
                                           "{\"keep\":" + std::to_string(checked.size() - corrected.num_changed) +
                                               ",\"relabel\":" + std::to_string(corrected.num_changed) + "}");
    if (!options.output.empty())
    {
        auto matrix = xt::xtensor<std::uint8_t, 2>::from_shape({set.num_examples, set.num_classes});
        matrix.fill(0);
        for (std::size_t row = 0; row < corrected.labels.size(); ++row)
            for (const std::size_t label : corrected.labels[row])
                matrix(row, label) = 1;
        labelerrors::io::write_npy(options.output, matrix);
        write_text(options.output + ".json", summary);
    }
    if (!options.decisions.empty())
        write_text(options.decisions, lines);
    output out(output_options{});
    out << summary;
    out.finish();
}

void run(const correct_options& options)
{
    const auto& set = datasets::find_dataset(options.dataset.name);
    if (options.output.empty() && options.decisions.empty())
        throw CLI::ValidationError("--output FILE.npy or --decisions FILE.jsonl is needed: where the result goes");
    if (has_label_sets(set) && (options.drop_unresolved || !options.kept.empty()))
        throw CLI::ValidationError("--drop-unresolved and --kept have no meaning for " + options.dataset.name +
                                   ": each of its labels is voted on by itself");
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
        ->add_option("-o,--output", options->output,
                     "Write the labels here (.npy; AudioSet's as n x k zeros and ones), and beside it FILE.npy.json, "
                     "which says how they were made")
        ->type_name("FILE.npy");
    correct->add_option("--decisions", options->decisions, "Write a line of JSON for each checked example here")
        ->type_name("FILE.jsonl");
    correct->add_flag("--drop-unresolved", options->drop_unresolved,
                      "Leave out examples whose votes say both, neither, or do not agree");
    correct->add_option("--kept", options->kept, "Write the rows that were kept here")->type_name("FILE.npy");
    correct->callback([options, choose] { choose([options] { run(*options); }); });
}

}  // namespace program
