// labelerrors health: which classes have bad labels.
#include "commands.hpp"
#include "health_output.hpp"
#include "inputs.hpp"
#include "output.hpp"
#include "targets.hpp"
#include <labelerrors/core/health_summary.hpp>

#include <memory>

namespace program
{

namespace
{

struct health_options
{
    input_options input;
    output_options output;
};

using labelerrors::label_health;

[[nodiscard]] label_health measure(const inputs& in, const input_options& input, progress& watch)
{
    return with_pred_probs(in, input,
                           [&](const auto& rows)
                           {
                               return labelerrors::health_summary(in.labels, rows,
                                                                  {.tolerance = input.tolerance,
                                                                   .threads = input.threads,
                                                                   .progress = watch.callback()});
                           });
}

void run(const health_options& options)
{
    check_targets({printed_or(options.output.path)});
    progress watch;
    watch.begin("reading");
    const auto in = open_inputs(options.input);
    const auto found = measure(in, options.input, watch);
    watch.begin("writing");
    write_health(options.output, found, in);
    options.input.timing.tell(watch, in.num_bytes());
}

}  // namespace

void add_health(CLI::App& app, const choose_command& choose)
{
    auto options = std::make_shared<health_options>();
    auto* health = app.add_subcommand(
        "health", "Rank the classes by the quality of their labels, and the pairs that are confused");
    options->input.add_to(*health);
    options->output.add_to(*health);
    health->callback([options, choose] { choose([options] { run(*options); }); });
}

}  // namespace program
