// labelerrors health: which classes have bad labels.
#include "commands.hpp"
#include "health_output.hpp"
#include "inputs.hpp"
#include "multilabel.hpp"
#include "output.hpp"
#include "targets.hpp"
#include <labelerrors/core/health_summary.hpp>
#include <labelerrors/core/multilabel_health.hpp>

#include <memory>

namespace program
{

namespace
{

struct health_options
{
    input_options input;
    label_sets_option sets;
    output_options output;
    CLI::App* app = nullptr;  // the subcommand
};

[[nodiscard]] labelerrors::pass_options pass(const input_options& input, progress& watch)
{
    return {.tolerance = input.tolerance, .threads = input.threads, .progress = watch.callback()};
}

void measure(const health_options& options, progress& watch)
{
    const auto in = open_inputs(options.input);
    const auto found = with_pred_probs(
        in, options.input,
        [&](const auto& rows) { return labelerrors::health_summary(in.labels, rows, pass(options.input, watch)); });
    watch.begin("writing");
    write_health(options.output, found, in);
    options.input.timing.tell(watch, in.num_bytes());
}

void measure_sets(const health_options& options, progress& watch)
{
    const auto in = open_pred_probs(options.input);
    const auto sets = read_sets(options.input.labels, in.pred_probs.num_columns());
    const auto found = with_pred_probs(
        in, options.input,
        [&](const auto& rows) { return labelerrors::multilabel_health(sets, rows, pass(options.input, watch)); });
    watch.begin("writing");
    write_health(options.output, found, in);
    options.input.timing.tell(watch, in.num_bytes() + num_bytes(sets));
}

void run(const health_options& options)
{
    options.sets.settle(*options.app);
    check_targets({printed_or(options.output.path)});
    progress watch;
    watch.begin("reading");
    if (options.sets.multi_label)
        measure_sets(options, watch);
    else
        measure(options, watch);
}

}  // namespace

void add_health(CLI::App& app, const choose_command& choose)
{
    auto options = std::make_shared<health_options>();
    auto* health = app.add_subcommand(
        "health", "Rank the classes by the quality of their labels, and the pairs that are confused");
    options->input.add_to(*health);
    options->sets.add_to(*health);
    options->output.add_to(*health);
    options->app = health;
    health->callback([options, choose] { choose([options] { run(*options); }); });
}

}  // namespace program
