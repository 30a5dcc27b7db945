// labelerrors report: a page that shows the errors, on which people correct them.
#include "checks.hpp"
#include "commands.hpp"
#include "output.hpp"
#include "report_pages.hpp"
#include "targets.hpp"
#include <labelerrors/datasets/registry.hpp>
#include <labelerrors/report/write_page.hpp>

#include <cstddef>
#include <cstdio>
#include <memory>
#include <string>

namespace program
{

namespace
{

namespace datasets = labelerrors::datasets;
namespace report = labelerrors::report;

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
        const auto& set = datasets::find_dataset(options.dataset.name);
        settle_distribution(*options.app, set);
        const bool has_image_files = set.modality == datasets::modality::image && datasets::is_listed(set.items);
        if (options.images_as == "link" && !(options.given("--distribution") && has_image_files))
            throw CLI::ValidationError("--images-as link needs --distribution, and a set whose images are files: only "
                                       "these can be linked to");
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

/// Says where examples should be shown, and are not.
void note_absent_items(const report::page& shown)
{
    std::size_t num_absent = 0;
    const report::page_issue* first = nullptr;
    for (const auto& issue : shown.issues)
        if (issue.item.kind == report::item_kind::absent)
        {
            first = num_absent == 0 ? &issue : first;
            ++num_absent;
        }
    if (first != nullptr)
        std::fprintf(
            stderr, "labelerrors: note: %zu of the %zu examples are without a picture or text; the first, %s: %s\n",
            num_absent, shown.issues.size(), printable(first->item.name).c_str(), printable(first->item.note).c_str());
}

void run(const report_options& options)
{
    settle(options);
    check_targets({{"--output", options.output}});
    check_ending("--output", options.output, ".html");
    progress watch;
    watch.begin("reading");
    auto [shown, num_bytes] = options.given("--dataset") ? page_of_set(options, watch) : page_of_run(options, watch);
    if (!options.title.empty())
        shown.title = options.title;
    for (const auto& path : options.figures)
        shown.figures.push_back(read_figure(path));
    watch.begin("writing");
    report::write_page(options.output, shown);
    if (options.given("--items") || options.given("--distribution"))
        note_absent_items(shown);
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
