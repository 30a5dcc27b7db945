// labelerrors correct: labels corrected by the votes of the crowd or by one's own decisions.
#include "checks.hpp"
#include "commands.hpp"
#include "correct_options.hpp"
#include "targets.hpp"
#include <labelerrors/datasets/provenance.hpp>

#include <memory>
#include <string>
#include <vector>

namespace program
{

namespace
{

namespace datasets = labelerrors::datasets;

/// What an object says, a line for each value; the names of an object within are its own behind a point.
void append_lines(std::vector<named_text>& lines, const std::string& before, const nlohmann::ordered_json& object)
{
    for (const auto& [name, value] : object.items())
        if (value.is_object())
            append_lines(lines, before + name + ".", value);
        else
            lines.push_back({before + name, value.is_string() ? value.get<std::string>() : value.dump()});
}

/// Prints how the corrected labels came about.
void print(const nlohmann::ordered_json& made, const correct_options& options)
{
    output out(options.printed);
    const auto format = options.printed.chosen_format();
    if (format == output_format::json)
        out << made.dump() + "\n";
    else
    {
        std::vector<named_text> lines;
        append_lines(lines, "", made);
        write_lines(out, format, lines);
    }
    out.finish();
}

void run(const correct_options& options)
{
    if (options.given("--dataset") && options.given("--labels"))
        throw CLI::ValidationError("--labels and --dataset exclude each other: one says what is corrected");
    if (options.given("--dataset") != options.given("--root"))
        throw CLI::ValidationError("--dataset and --root are needed together");
    const auto beside = [](const std::string& path)
    {
        return path.empty() || labelerrors::io::is_stream(path) ? "" : datasets::provenance_path(path).string();
    };
    check_targets({{"--output", options.output},
                   {"--kept", options.kept},
                   {"--decisions", options.decisions},
                   {"the provenance of --output", beside(options.output)},
                   {"the provenance of --kept", beside(options.kept)},
                   {"the provenance of --decisions", beside(options.decisions)}});
    check_ending("--output", options.output, ".npy");
    check_ending("--kept", options.kept, ".npy");
    check_ending("--decisions", options.decisions, ".jsonl");
    progress watch;
    watch.begin("correction");
    const auto made = options.decisions_from.empty() ? correct_by_votes(options) : correct_by_own(options);
    // What was asked for there is not mixed with how it came about.
    if (!is_standard_output(options.output) && !is_standard_output(options.kept) &&
        !is_standard_output(options.decisions))
        print(made, options);
    options.timing.tell(watch);
}

}  // namespace

void add_correct(CLI::App& app, const choose_command& choose)
{
    auto options = std::make_shared<correct_options>();
    auto* correct = app.add_subcommand(
        "correct",
        "Correct a test set's labels by the votes of the crowd, or labels by one's own decisions; prints what was "
        "decided how often");
    options->app = correct;
    options->dataset.add_to(*correct);
    // Votes need both, one's own decisions may be about any labels.
    for (const char* option : {"--dataset", "--root"})
        correct->get_option(option)->required(false);
    correct->add_option("--consensus", options->consensus, "How many of the 5 votes decide (default: 3, the majority)")
        ->check(CLI::IsMember({"3", "4", "5", "majority", "unanimous"}));
    correct
        ->add_option("-o,--output", options->output,
                     "Write the labels here (.npy of 64-bit integers, whatever --labels has; sets of labels as n x k "
                     "zeros and ones of 8 bits). Beside each file FILE.npy.json says how it was made")
        ->type_name("FILE.npy");
    correct->add_option("--decisions", options->decisions, "Write a line of JSON for each checked example here")
        ->type_name("FILE.jsonl");
    correct->add_flag("--drop-unresolved", options->drop_unresolved,
                      "Leave out examples whose votes say both, neither, or do not agree; with --multi-label those "
                      "alone that do not agree");
    correct->add_flag("--multi-label", options->multi_label,
                      "Give examples that are both their two labels, those that are neither none: --output is then a "
                      "matrix of zeros and ones. With --decisions-from: --labels are sets of labels");
    correct->add_option("--kept", options->kept, "Write the rows that were kept here")->type_name("FILE.npy");
    correct
        ->add_option("--decisions-from", options->decisions_from,
                     "Correct by these decisions instead of votes: lines of JSON with index, given_label, decision "
                     "(keep, relabel, drop) and corrected_label, as the page of `labelerrors report` exports them")
        ->type_name("FILE.jsonl");
    correct
        ->add_option("--labels", options->labels, "With --decisions-from: the labels to correct, in place of --dataset")
        ->type_name("FILE");
    correct
        ->add_option("--num-classes", options->num_classes,
                     "With --labels: how many classes there are (default: as many as the labels tell)")
        ->check(whole_number(1))
        ->type_name("K");
    correct->add_flag("--drop", options->drop,
                      "With --decisions-from: leave out the examples to drop; without, they keep their labels");
    options->printed.add_format_to(*correct);
    options->timing.add_to(*correct);
    correct->callback([options, choose] { choose([options] { run(*options); }); });
}

}  // namespace program
