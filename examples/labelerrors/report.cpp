// labelerrors report: a page that shows the errors, on which people correct them.
#include "checks.hpp"
#include "commands.hpp"
#include "dataset_options.hpp"
#include "inputs.hpp"
#include "multilabel.hpp"
#include "report_items.hpp"
#include "report_passes.hpp"
#include "targets.hpp"
#include <labelerrors/consensus/consensus.hpp>
#include <labelerrors/corrections/corrections.hpp>
#include <labelerrors/datasets/published_files.hpp>
#include <labelerrors/datasets/published_set.hpp>
#include <labelerrors/datasets/registry.hpp>
#include <labelerrors/datasets/vote_counts.hpp>
#include <labelerrors/datasets/votes_file.hpp>
#include <labelerrors/report/read_page_items.hpp>
#include <labelerrors/report/write_page.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <tuple>

namespace program
{

namespace
{

namespace consensus = labelerrors::consensus;
namespace corrections = labelerrors::corrections;
namespace datasets = labelerrors::datasets;
namespace report = labelerrors::report;
using report::detail::with_commas;

struct report_options
{
    input_options input;
    dataset_options dataset;
    find_errors_options find;
    item_sources items;
    std::string distribution;
    std::string consensus = "3";
    std::string output;
    std::string title;
    std::string images_as = "embed";
    std::vector<std::string> figures;
    std::optional<std::size_t> top;
    bool multi_label = false;
    CLI::App* app = nullptr;

    [[nodiscard]] bool given(const std::string& option) const
    {
        return app->count(option) != 0;
    }

    [[nodiscard]] report::file_item_options file_items() const
    {
        return {.images_as = images_as == "link" ? report::images_as::link : report::images_as::embed,
                .page_folder = std::filesystem::path(output).parent_path()};
    }
};

/// Refuses combinations that make no sense.
void settle(const report_options& options)
{
    const bool published = options.given("--dataset");
    const auto need = [&](const char* option, const std::string& with)
    {
        if (!options.given(option))
            throw CLI::ValidationError(std::string(option) + " is needed " + with);
    };
    const auto refuse = [&](const char* option, const std::string& why)
    {
        if (options.given(option))
            throw CLI::ValidationError(std::string(option) + " " + why);
    };
    if (published)
    {
        need("--root", "with --dataset");
        for (const char* option :
             {"--labels", "--pred-probs", "--class-names", "--multi-label", "--images", "--texts", "--items"})
            refuse(option, "makes no sense with --dataset, which has its own; its items are in --distribution");
        refuse("--softmax", "makes no sense with --dataset, whose files hold probabilities");
        return;
    }
    for (const char* option : {"--labels", "--pred-probs"})
        need(option, "where there is no --dataset");
    for (const char* option : {"--root", "--distribution", "--consensus"})
        refuse(option, "needs --dataset");
    if (options.multi_label)
        refuse("--softmax", "has no meaning with --multi-label: its probabilities do not sum to 1");
    if (options.given("--images") + options.given("--texts") + options.given("--items") > 1)
        throw CLI::ValidationError("--images, --texts and --items exclude each other: one says what the examples are");
    if (options.images_as == "link" && !options.given("--items"))
        throw CLI::ValidationError("--images-as link needs --items: only images that are files can be linked to");
}

[[nodiscard]] std::vector<std::size_t> rows_of(const report::page& shown)
{
    std::vector<std::size_t> rows;
    for (const auto& issue : shown.issues)
        rows.push_back(issue.index);
    return rows;
}

/// Leaves the first issues only, where --top says so.
void cut(report::page& shown, const report_options& options)
{
    if (!options.top || *options.top >= shown.issues.size())
        return;
    shown.num_issues = shown.num_issues.value_or(shown.issues.size());
    shown.issues.resize(*options.top);
}

void add_health(report::page& shown, const labelerrors::label_health& health)
{
    shown.label_health = health.overall_label_health_score;
    shown.classes = health.classes;
}

[[nodiscard]] report::page page_of_run(const report_options& options, const inputs& in, progress& watch)
{
    report::page shown;
    shown.num_examples = in.pred_probs.num_rows();
    shown.num_classes = in.pred_probs.num_columns();
    shown.class_names = in.class_names;
    if (options.multi_label)
    {
        shown.labels = report::page_labels::sets;
        shown.issues = find_set_errors(read_sets(options.input.labels), in, options.input, options.find, watch);
    }
    else
    {
        const auto found = find_errors(in, options.input, options.find, watch);
        shown.issues = report::page_issues(found.issues);
        add_health(shown, found.health);
    }
    cut(shown, options);
    watch.begin("items");
    auto items = read_items(options.items, rows_of(shown), shown.num_examples, options.file_items());
    for (std::size_t i = 0; i < items.size(); ++i)
        shown.issues[i].item = std::move(items[i]);
    return shown;
}

/// The examples that were sent to the crowd, with its votes.
void add_votes(report::page& shown, const datasets::dataset_facts& set, const report_options& options)
{
    const auto policy = policy_named(options.consensus);
    if (has_label_sets(set))
    {
        shown.labels = report::page_labels::sets;
        for (const auto& one : datasets::read_label_votes(set, options.dataset.root))
        {
            auto given = one.given_labels;
            std::sort(given.begin(), given.end());
            const auto agreed = corrections::labels_by_votes(one.given_labels, one.votes, policy.needed, policy.asked);
            const bool stays = agreed == given;
            // What the card suggests is what relabelling does: the crowd's set, where it is another than the given one.
            report::page_issue issue{
                .index = one.row, .given_labels = given, .suggested_labels = stays ? one.guessed_labels : agreed};
            issue.review = report::page_review{
                .label_votes = one.votes, .decision = stays ? consensus::decision::keep : consensus::decision::relabel};
            issue.item.name = one.item;
            shown.issues.push_back(std::move(issue));
        }
        return;
    }
    for (const auto& one : datasets::read_votes(set, options.dataset.root))
    {
        report::page_issue issue{
            .index = one.row, .given_labels = {one.given_label}, .suggested_labels = {one.guessed_label}};
        issue.review = report::page_review{.votes = one.votes, .decision = corrections::decide(one, policy)};
        issue.item.name = one.item;
        shown.issues.push_back(std::move(issue));
    }
}

/// Adds what the votes come to: as the study counts them, by 3 of 5, and by --consensus where that is another.
void add_vote_facts(report::page& shown, const datasets::dataset_facts& set, const report_options& options)
{
    const auto figures = datasets::read_vote_figures(set, options.dataset.root);
    shown.num_issues = std::max(figures.flagged, shown.issues.size());
    std::string more = "by 3 of 5: " + with_commas(figures.errors) + " are errors";
    if (figures.correctable_at_3)
        more += ", " + with_commas(*figures.correctable_at_3) + " correctable";
    if (const std::size_t needed = policy_named(options.consensus).needed; needed != 3)
    {
        const auto count = [&](consensus::decision what)
        {
            return with_commas(static_cast<std::size_t>(std::count_if(
                shown.issues.begin(), shown.issues.end(),
                [&](const report::page_issue& issue) { return issue.review && issue.review->decision == what; })));
        };
        more += "; by " + std::to_string(needed) + " of 5: " + count(consensus::decision::keep) + " stand, " +
                count(consensus::decision::relabel) + " are corrected";
    }
    shown.facts.push_back({"Checked by people", with_commas(figures.checked), more});
    char percent[32];
    std::snprintf(percent, sizeof percent, "%.2f %%", figures.error_percent);
    shown.facts.push_back({"Error rate by their votes", percent,
                           "by 3 of 5, about " + with_commas(figures.estimated_errors) + " of all examples"});
}

/// Adds what the probabilities say: issues that were not sent to the crowd, the score of every one. Returns how many
/// bytes were read for it.
std::size_t add_found(report::page& shown, const datasets::dataset_facts& set, const report_options& options,
                      progress& watch)
{
    auto published = datasets::open_published(set, options.dataset.root);
    const inputs in{std::move(published.labels), std::move(published.pred_probs), {}};
    auto input = options.input;
    input.labels = datasets::published_paths(set, options.dataset.root, datasets::published_file::labels).front();
    input.pred_probs = datasets::published_paths(set, options.dataset.root, datasets::published_file::pred_probs);
    const auto found = find_errors(in, input, options.find, watch);
    const auto scores = score_examples(in, input, options.find, watch);
    std::map<std::size_t, std::size_t> places;
    for (std::size_t i = 0; i < shown.issues.size(); ++i)
    {
        places.emplace(shown.issues[i].index, i);
        shown.issues[i].score = scores(shown.issues[i].index);
    }
    for (auto& issue : report::page_issues(found.issues))
        if (!places.contains(issue.index))
            shown.issues.push_back(std::move(issue));
    shown.num_issues.reset();  // all are here
    std::string how = options.find.filter;
    std::replace(how.begin(), how.end(), '_', ' ');
    shown.facts.push_back({"Found by confident learning", with_commas(found.issues.indices.size()), how});
    add_health(shown, found.health);
    return in.num_bytes();
}

[[nodiscard]] report::page page_of_set(const report_options& options, progress& watch, std::size_t& num_bytes)
{
    using datasets::published_file;
    const auto& set = datasets::find_dataset(options.dataset.name);
    const std::filesystem::path root = options.dataset.root;
    const bool has_probs = !has_label_sets(set) && datasets::has_files(set, root, published_file::labels) &&
                           datasets::has_files(set, root, published_file::pred_probs);
    if (!has_probs)
        for (const char* option : {"--filter-by", "--rank-by", "--tolerance"})
            if (options.given(option))
                throw CLI::ValidationError(std::string(option) + " needs probabilities, and those of " +
                                           std::string(set.title) + " are not there");
    report::page shown;
    shown.title = "Label errors in " + std::string(set.title);
    shown.issues_name = "Suspected errors";
    shown.num_examples = set.num_examples;
    shown.num_classes = set.num_classes;
    shown.class_names.assign(set.class_names.begin(), set.class_names.end());
    watch.begin("votes");
    if (!has_probs || datasets::has_files(set, root, published_file::votes))
    {
        add_votes(shown, set, options);
        add_vote_facts(shown, set, options);
    }
    if (has_probs)
        num_bytes = add_found(shown, set, options, watch);
    watch.begin("items");
    // Most severe first; what has no score by how few people stand by the given label.
    std::sort(shown.issues.begin(), shown.issues.end(),
              [](const report::page_issue& a, const report::page_issue& b)
              {
                  const auto key = [](const report::page_issue& issue)
                  {
                      const bool unscored = std::isnan(issue.score);
                      const bool stands = issue.review && issue.review->decision == consensus::decision::keep;
                      return std::tuple(unscored, unscored ? 0.0 : issue.score, stands,
                                        issue.review ? issue.review->votes.given : 0, issue.index);
                  };
                  return key(a) < key(b);
              });
    cut(shown, options);
    auto items = report::read_page_items(set, root, options.distribution, rows_of(shown), options.file_items());
    for (std::size_t i = 0; i < items.size(); ++i)
    {
        // QuickDraw's votes know what a drawing is even where the drawings are absent.
        if (items[i].name.empty())
        {
            items[i].name = shown.issues[i].item.name;
            items[i].location = items[i].name;
        }
        shown.issues[i].item = std::move(items[i]);
    }
    return shown;
}

void run(const report_options& options)
{
    settle(options);
    check_targets({{"--output", options.output}});
    progress watch;
    watch.begin("reading");
    report::page shown;
    std::size_t num_bytes = 0;
    if (options.given("--dataset"))
        shown = page_of_set(options, watch, num_bytes);
    else
    {
        const auto in = options.multi_label ? open_pred_probs(options.input) : open_inputs(options.input);
        num_bytes = in.num_bytes();
        shown = page_of_run(options, in, watch);
    }
    if (!options.title.empty())
        shown.title = options.title;
    for (const auto& path : options.figures)
        shown.figures.push_back(read_figure(path));
    watch.begin("writing");
    report::write_page(options.output, shown);
    options.input.timing.tell(watch, num_bytes);
}

}  // namespace

void add_report(CLI::App& app, const choose_command& choose)
{
    auto options = std::make_shared<report_options>();
    auto* report = app.add_subcommand(
        "report", "Write a page that shows the errors, where people look at them and correct them, as one HTML file");
    options->app = report;
    options->input.add_to(*report);
    options->dataset.add_to(*report);
    // Either of the two ways to name a run will do.
    for (const char* option : {"--labels", "--pred-probs", "--dataset", "--root"})
        report->get_option(option)->required(false);
    report->add_option("-o,--output", options->output, "The page, written whole or not at all")
        ->required()
        ->type_name("FILE.html");
    report->add_flag(
        "--multi-label", options->multi_label,
        "Examples have sets of labels: --labels is an object array of lists of classes, or n x k zeros and "
        "ones");
    report->add_option("--title", options->title, "The page's heading")->type_name("TEXT");
    report
        ->add_option("--filter-by", options->find.filter,
                     "Which examples count as issues (default: prune_by_noise_rate)")
        ->check(CLI::IsMember(filter_names()));
    report->add_option("--rank-by", options->find.rank, "The score, which orders the issues (default: self_confidence)")
        ->check(CLI::IsMember(rank_names()));
    report->add_option("--top", options->top, "Show the N most severe only (default: all)")
        ->check(whole_number())
        ->type_name("N");
    report
        ->add_option("--images", options->items.images,
                     "The examples are images: an IDX file, or a .npy of shape (n, height, width) or (n, height, "
                     "width, 3)")
        ->type_name("FILE");
    report->add_option("--texts", options->items.texts, "The examples are texts, one a line")->type_name("FILE");
    report
        ->add_option("--items", options->items.list,
                     "What each example is, one a line: an image file, a text file or an address")
        ->type_name("FILE");
    report
        ->add_option("--images-as", options->images_as,
                     "Whether image files become a part of the page or are linked to (default: embed)")
        ->check(CLI::IsMember({"embed", "link"}));
    report
        ->add_option("--distribution", options->distribution,
                     "With --dataset: the test set itself, its folder, the folder above it or the file that holds it; "
                     "without, the page "
                     "tells where items are to be found")
        ->type_name("DIR");
    report
        ->add_option("--consensus", options->consensus,
                     "With --dataset: how many of the 5 votes decide (default: 3, the majority)")
        ->check(CLI::IsMember({"3", "4", "5", "majority", "unanimous"}));
    report->add_option("--figure", options->figures, "A drawing for the page, such as evaluate makes")
        ->type_name("FILE.svg ...");
    report->callback([options, choose] { choose([options] { run(*options); }); });
}

}  // namespace program
