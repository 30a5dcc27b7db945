// labelerrors-mpi count and health: what the labels of all ranks are like; rank 0 writes it.
#include "../labelerrors/count_output.hpp"
#include "../labelerrors/health_output.hpp"
#include "pieces.hpp"
#include "rank_commands.hpp"
#include <labelerrors/distributed/mpi.hpp>

#include <memory>

namespace program
{

namespace
{

namespace distributed = labelerrors::distributed;

struct count_on_ranks
{
    part_options input;
    output_options output;
};

/// What both begin with: the confident joint of all rows, and the number of issues.
struct counted
{
    rank_inputs in;
    labelerrors::confident_joint_result found;
    std::size_t num_issues;
};

[[nodiscard]] counted count_on(mpi_processes& ranks, const count_on_ranks& options, progress& watch)
{
    watch.begin("reading");
    const auto& input = options.input.input;
    auto in = open_parts(ranks, options.input, label_kind::single);
    auto found =
        with_parts(in, options.input, ranks.size(),
                   [&](const auto& rows)
                   {
                       return distributed::compute_confident_joint(ranks, in.in.labels, rows,
                                                                   {.calibrate = labelerrors::calibration::none,
                                                                    .tolerance = input.tolerance,
                                                                    .threads = input.threads,
                                                                    .progress = watch.callback()});
                   });
    watch.begin("estimates");
    const std::size_t num_issues = distributed::num_label_issues(ranks, found);
    return {std::move(in), std::move(found), num_issues};
}

/// Adds a subcommand whose result rank 0 makes of the counts and writes.
template <class Write>
void add_summary(CLI::App& app, const char* name, const char* description, const choose_rank_command& choose,
                 const Write& write)
{
    auto options = std::make_shared<count_on_ranks>();
    auto* subcommand = app.add_subcommand(name, description);
    options->input.add_to(*subcommand);
    options->output.add_to(*subcommand);
    subcommand->callback(
        [options, choose, write]
        {
            choose(
                [options, write](mpi_processes& ranks)
                {
                    choose_format(options->output);
                    progress watch;
                    const auto all = count_on(ranks, *options, watch);
                    write_on_first(ranks, [&] { write(options->output, all); });
                    if (options->input.input.timing.wanted)
                        tell_timing(ranks, watch, all.in.num_bytes());
                });
        });
}

}  // namespace

void add_count(CLI::App& app, const choose_rank_command& choose)
{
    add_summary(app, "count",
                "Estimate how many labels are wrong, and which classes are given for which: thresholds, joint, priors "
                "and noise matrices",
                choose,
                [](const output_options& to, const counted& all)
                { write_counts(to, counts_of(all.found, all.num_issues), all.in.in); });
}

void add_health(CLI::App& app, const choose_rank_command& choose)
{
    add_summary(
        app, "health", "Rank the classes by the quality of their labels, and the pairs that are confused", choose,
        [](const output_options& to, const counted& all)
        {
            write_health(
                to, labelerrors::detail::health_of(all.found.confident_joint, all.found.class_counts, all.num_issues),
                all.in.in);
        });
}

}  // namespace program
