// The pages of labelerrors report: of one's own labels, and of a published test set.
#include "report_pages.hpp"

#include "multilabel.hpp"
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
#include <tuple>
#include <utility>

namespace program
{

namespace
{

namespace consensus = labelerrors::consensus;
namespace corrections = labelerrors::corrections;
namespace datasets = labelerrors::datasets;
namespace report = labelerrors::report;
using report::detail::with_commas;

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
    input.offered = offered_options::tolerance;
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

}  // namespace

read_page page_of_run(const report_options& options, progress& watch)
{
    const auto in = options.multi_label ? open_pred_probs(options.input) : open_inputs(options.input);
    report::page shown;
    shown.num_examples = in.pred_probs.num_rows();
    shown.num_classes = in.pred_probs.num_columns();
    shown.class_names = in.class_names;
    if (options.multi_label)
    {
        shown.labels = report::page_labels::sets;
        const auto sets = read_sets(options.input.labels, shown.num_classes);
        shown.issues = find_set_errors(sets, in, options.input, options.find, watch);
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
    return {std::move(shown), in.num_bytes()};
}

read_page page_of_set(const report_options& options, progress& watch)
{
    using datasets::published_file;
    const auto& set = datasets::find_dataset(options.dataset.name);
    const std::filesystem::path root = options.dataset.root;
    const bool has_probs = !has_label_sets(set) && datasets::has_files(set, root, published_file::labels) &&
                           datasets::has_files(set, root, published_file::pred_probs);
    // Without probabilities the votes must be there.
    const bool has_votes = !has_probs || datasets::has_files(set, root, published_file::votes);
    if (!has_probs)
        for (const char* option : {"--filter-by", "--rank-by", "--tolerance"})
            if (options.given(option))
                throw CLI::ValidationError(std::string(option) + " needs probabilities, and those of " +
                                           std::string(set.title) + " are not there");
    if (!has_votes && options.given("--consensus"))
        throw CLI::ValidationError("--consensus needs votes, and those on " + std::string(set.title) +
                                   " are not there");
    report::page shown;
    std::optional<std::size_t> num_bytes;
    shown.title = "Label errors in " + std::string(set.title);
    shown.issues_name = "Suspected errors";
    shown.num_examples = set.num_examples;
    shown.num_classes = set.num_classes;
    shown.class_names.assign(set.class_names.begin(), set.class_names.end());
    watch.begin("votes");
    if (has_votes)
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
    return {std::move(shown), num_bytes};
}

}  // namespace program
