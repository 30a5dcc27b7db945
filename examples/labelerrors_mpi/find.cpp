// labelerrors-mpi find: the examples whose labels are likely wrong, among the rows of all ranks.
#include "../labelerrors/find_options.hpp"
#include "../labelerrors/issue_output.hpp"
#include "pieces.hpp"
#include "rank_commands.hpp"
#include <labelerrors/distributed/mpi.hpp>

#include <memory>
#include <string>

namespace program
{

namespace
{

namespace distributed = labelerrors::distributed;

struct find_on_ranks
{
    find_options find;
    part_options input;
    output_options output;
};

/// Writes the issues: pieces, or on rank 0 the list that it has gathered.
template <class Part>
void write_list_of(mpi_processes& ranks, const find_on_ranks& options, const Part& part, const inputs& in,
                   const std::string& more_json)
{
    const auto& issues = part.issues;
    auto heading = options.find.heading(issues.num_examples, issues.num_classes, part.num_issues);
    heading.more_json = more_json;
    const auto format = options.output.chosen_format();
    const std::size_t threads = options.input.input.threads;
    if (!writes_pieces(options.output))
        return write_on_first(ranks,
                              [&]
                              {
                                  output out(options.output);
                                  write_issues(out, issues, in, heading,
                                               whole_list(part.num_issues, options.find.top, format, threads), format);
                                  out.finish();
                              });
    auto listed = part_of_rank(ranks, part.first_issue, issues.indices.size(), part.num_issues, options.find.top);
    listed.threads = threads;
    write_pieces(
        ranks, options.output, [&](output& out) { write_issues(out, issues, in, heading, listed, format); },
        "{\"n\":" + std::to_string(heading.num_examples) + ",\"k\":" + std::to_string(heading.num_classes) +
            ",\"filter_by\":\"" + heading.filter + "\",\"rank_by\":\"" + heading.rank + "\"" + more_json +
            ",\"num_issues\":" + std::to_string(heading.num_issues));
}

void run(mpi_processes& ranks, find_on_ranks& options)
{
    auto& find = options.find;
    choose_format(options.output);
    find.sets.settle(*find.app);
    if (find.filter.empty())
        find.filter = "prune_by_noise_rate";
    find.settle();
    find.settle_ranking();
    const auto where = writes_pieces(options.output) ? distributed::listing::spread : distributed::listing::gathered;
    progress watch;
    watch.begin("reading");
    const auto in = open_parts(ranks, options.input, find.sets.multi_label ? label_kind::sets : label_kind::single);
    if (find.sets.multi_label)
    {
        auto sets = distributed::together(ranks, [&] { return find.for_sets(in.in, options.input.input); });
        sets.progress = watch.callback();
        const auto part = with_parts(
            in, options.input, ranks.size(),
            [&](const auto& rows) { return distributed::find_multilabel_issues(ranks, in.sets, rows, sets, where); });
        watch.begin("writing");
        write_list_of(ranks, options, part, in.in, ",\"aggregator\":" + json_string(find.sets.aggregator_text()));
    }
    else
    {
        auto labels = distributed::together(ranks, [&] { return find.for_labels(in.in, options.input.input); });
        labels.progress = watch.callback();
        const auto part = with_parts(
            in, options.input, ranks.size(),
            [&](const auto& rows) { return distributed::find_label_issues(ranks, in.in.labels, rows, labels, where); });
        watch.begin("writing");
        write_list_of(ranks, options, part, in.in, "");
    }
    if (options.input.input.timing.wanted)
        tell_timing(ranks, watch, in.num_bytes());
}

}  // namespace

void add_find(CLI::App& app, const choose_rank_command& choose)
{
    auto options = std::make_shared<find_on_ranks>();
    auto* find = app.add_subcommand("find", "Find the examples whose labels are likely wrong, most severe first");
    options->input.add_to(*find);
    options->output.add_to(*find);
    options->find.add_to(*find);
    find->add_option_function<std::string>(
            "--reference", [](const std::string&) {}, "cleanlab-2; the procedure of cleanlab-1 is in labelerrors alone")
        ->check(
            [](const std::string& reference)
            {
                return reference == "cleanlab-2"
                           ? std::string()
                           : reference + " is not in labelerrors-mpi; use labelerrors find on one machine";
            });
    find->callback([options, choose] { choose([options](mpi_processes& ranks) { run(ranks, *options); }); });
}

}  // namespace program
