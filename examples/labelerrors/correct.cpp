// labelerrors correct: labels corrected by the votes of the crowd or by one's own decisions.
#include "checks.hpp"
#include "commands.hpp"
#include "dataset_options.hpp"
#include "multilabel.hpp"
#include "output.hpp"
#include "targets.hpp"
#include "timing.hpp"
#include <labelerrors/corrections/corrections.hpp>
#include <labelerrors/datasets/correct_published.hpp>
#include <labelerrors/datasets/label_matrix.hpp>
#include <labelerrors/datasets/published_set.hpp>
#include <labelerrors/datasets/read_decisions.hpp>
#include <labelerrors/datasets/registry.hpp>
#include <labelerrors/datasets/write_corrected.hpp>
#include <labelerrors/io/read_labels.hpp>
#include <labelerrors/io/write_npy.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <utility>

namespace program
{

namespace
{

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
    std::string decisions_from;
    std::string labels;
    std::optional<std::size_t> num_classes;
    bool drop = false;
    output_options printed;  // to standard output
    timing_option timing;
    CLI::App* app = nullptr;

    [[nodiscard]] bool given(const std::string& option) const
    {
        return app->count(option) != 0;
    }

    void refuse(const std::string& option, const std::string& why) const
    {
        if (given(option))
            throw CLI::ValidationError(option + " " + why);
    }
};

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

void correct_single(const datasets::dataset_facts& set, const correct_options& options)
{
    using corrections::action;
    const action unresolved = options.drop_unresolved ? action::drop : action::keep;
    const action named = options.multi_label ? action::multi_label : unresolved;
    // What needs the published labels says so where they are absent; decisions do without.
    if (!options.output.empty() || !options.kept.empty())
        static_cast<void>(datasets::require_files(set, options.dataset.root, datasets::published_file::labels));
    const auto corrected = datasets::correct_published(set, options.dataset.root, policy_named(options.consensus),
                                                       {.both = named, .neither = named, .no_agreement = unresolved});
    if (!options.output.empty() && options.multi_label)
        datasets::write_label_matrix(options.output, corrected, set.num_classes);
    else if (!options.output.empty())
        datasets::write_corrected_labels(options.output, corrected);
    if (!options.kept.empty())
        datasets::write_kept_rows(options.kept, corrected);
    if (!options.decisions.empty())
        datasets::write_decisions(options.decisions, corrected);
    print(datasets::to_json(corrected.made), options);
}

/// AudioSet: the labels that enough people heard, as a matrix of n x k zeros and ones.
void correct_sets(const datasets::dataset_facts& set, const correct_options& options)
{
    const auto corrected = datasets::correct_published_sets(set, options.dataset.root, policy_named(options.consensus));
    if (!options.output.empty())
        datasets::write_label_matrix(options.output, corrected, set.num_classes);
    if (!options.decisions.empty())
        datasets::write_decisions(options.decisions, corrected);
    print(datasets::to_json(corrected.made), options);
}

/// Writes an array, and beside it how it came about.
template <class Array>
void write_with(const nlohmann::ordered_json& made, const std::string& path, const Array& values)
{
    datasets::write_with_provenance(
        path, made, [&](const std::filesystem::path& target) { labelerrors::io::write_npy(target, values); });
}

[[nodiscard]] auto as_array(const std::vector<std::int64_t>& labels, std::size_t /*num_classes*/,
                            const std::string& /*file*/)
{
    return xt::adapt(labels, std::array{labels.size()});
}

/// `file`: whose labels they are, for messages.
[[nodiscard]] auto as_array(const std::vector<std::vector<std::size_t>>& sets, std::size_t num_classes,
                            const std::string& file)
{
    return datasets::label_matrix(sets, num_classes, file.c_str());
}

/// Reads decisions about labels, or sets of them. Where the labels alone tell how many classes there are, they may have
/// none of a class that a decision names.
template <class Label>
[[nodiscard]] auto read_own_decisions(std::span<const Label> labels, std::size_t num_classes,
                                      const correct_options& options)
{
    try
    {
        return datasets::read_decisions(options.decisions_from, labels, num_classes);
    }
    catch (const labelerrors::format_error& error)
    {
        const std::string text = error.what();
        if (options.given("--dataset") || options.num_classes || text.find(" classes, but ") == text.npos)
            throw;
        throw std::runtime_error(text + "; if " + options.labels +
                                 " has no example of that class, say with --num-classes how many there are");
    }
}

/// Reads decisions about labels, or sets of them, and applies them.
template <class Label>
void apply_own(std::span<const Label> labels, std::size_t num_classes, const correct_options& options)
{
    const auto decided = read_own_decisions(labels, num_classes, options);
    const auto applied = corrections::apply_decisions(
        labels, std::span(decided), num_classes, options.drop ? corrections::action::drop : corrections::action::keep);
    const auto made = datasets::to_json(applied, labels.size());
    if (!options.output.empty())
        write_with(made, options.output, as_array(applied.labels, num_classes, options.labels));
    if (!options.kept.empty())
        write_with(made, options.kept, xt::adapt(applied.kept_rows, std::array{applied.kept_rows.size()}));
    print(made, options);
}

/// How many classes labels are of, by the largest: one more. A single label of billions is no reason for as many
/// columns.
[[nodiscard]] std::size_t classes_up_to(std::uint64_t largest, std::size_t num_labels, const std::string& file)
{
    constexpr std::size_t usual_classes = 1024;
    if (largest >= std::max(usual_classes, num_labels))
        throw std::runtime_error(file + ": has the label " + std::to_string(largest) + ", but only " +
                                 std::to_string(num_labels) +
                                 " labels; say with --num-classes how many classes there are");
    return static_cast<std::size_t>(largest) + 1;
}

/// Labels by one's own decisions, as the page of `labelerrors report` exports them.
void correct_by_own(const correct_options& options)
{
    for (const char* option : {"--consensus", "--decisions", "--drop-unresolved"})
        options.refuse(option, "is about votes and makes no sense with --decisions-from");
    if (options.given("--dataset") == options.given("--labels"))
        throw CLI::ValidationError("--decisions-from needs either --labels or --dataset and --root: what it is about");
    if (options.output.empty() && options.kept.empty())
        throw CLI::ValidationError("--output FILE.npy or --kept FILE.npy is needed: where the result goes");
    if (options.given("--dataset"))
        for (const char* option : {"--num-classes", "--multi-label"})
            options.refuse(option, "makes no sense with --decisions-from and --dataset, whose labels are known");
    if (options.given("--labels") && options.multi_label)
    {
        const auto stored = read_sets(options.labels);
        std::vector<std::vector<std::size_t>> sets(stored.size());
        for (std::size_t i = 0; i < sets.size(); ++i)
            sets[i].assign(stored[i].begin(), stored[i].end());
        const auto largest = std::max_element(stored.labels.begin(), stored.labels.end());
        const std::size_t num_classes = options.num_classes ? *options.num_classes
                                        : stored.labels.empty()
                                            ? 0
                                            : classes_up_to(*largest, stored.labels.size(), options.labels);
        // The matrix has a column for each label that stays as it is, too.
        if (largest != stored.labels.end() && *largest >= num_classes)
            throw std::runtime_error(options.labels + ": has the label " + std::to_string(*largest) +
                                     ", which is not below --num-classes " + std::to_string(num_classes));
        return apply_own(std::span<const std::vector<std::size_t>>(sets), num_classes, options);
    }
    if (options.given("--labels"))
    {
        const auto labels = labelerrors::io::read_labels(options.labels);
        const auto largest = std::max_element(labels.begin(), labels.end());
        // No memory is taken for the classes of labels that are one an example.
        const std::size_t num_classes = options.num_classes.value_or(
            largest == labels.end() || *largest < 0 ? 0 : static_cast<std::size_t>(*largest) + 1);
        for (std::size_t i = 0; i < labels.size(); ++i)
            if (labels(i) < 0 || std::cmp_greater_equal(labels(i), num_classes))
                throw std::runtime_error(
                    options.labels + ": labels[" + std::to_string(i) + "] is " + std::to_string(labels(i)) +
                    ", which is no class; labels are 0 to k - 1" +
                    (options.num_classes ? ", and --num-classes says that k is " + std::to_string(num_classes) : ""));
        return apply_own(std::span<const std::int64_t>(labels.data(), labels.size()), num_classes, options);
    }
    const auto& set = datasets::find_dataset(options.dataset.name);
    if (has_label_sets(set))
    {
        const auto labels = datasets::read_published_label_sets(set, options.dataset.root);
        return apply_own(std::span<const std::vector<std::size_t>>(labels), set.num_classes, options);
    }
    const auto labels = datasets::read_published_labels(set, options.dataset.root);
    apply_own(std::span<const std::int64_t>(labels.data(), labels.size()), set.num_classes, options);
}

void correct_by_votes(const correct_options& options)
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
    if (has_label_sets(set))
        correct_sets(set, options);
    else
        correct_single(set, options);
}

void run(const correct_options& options)
{
    if (options.given("--dataset") != options.given("--root"))
        throw CLI::ValidationError("--dataset and --root are needed together");
    const auto beside = [](const std::string& path)
    {
        return path.empty() ? path : datasets::provenance_path(path).string();
    };
    check_targets({{"--output", options.output},
                   {"--kept", options.kept},
                   {"--decisions", options.decisions},
                   {"the provenance of --output", beside(options.output)},
                   {"the provenance of --kept", beside(options.kept)},
                   {"the provenance of --decisions", beside(options.decisions)}});
    progress watch;
    watch.begin("correction");
    if (options.decisions_from.empty())
        correct_by_votes(options);
    else
        correct_by_own(options);
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
        ->add_option(
            "-o,--output", options->output,
            "Write the labels here (.npy; AudioSet's as n x k zeros and ones). Beside each file FILE.json says "
            "how it was made")
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
