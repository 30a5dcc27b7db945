// labelerrors count: thresholds, joints and noise rates.
#include "commands.hpp"
#include "count_output.hpp"
#include "inputs.hpp"
#include "output.hpp"
#include "targets.hpp"
#include <labelerrors/core/confident_joint.hpp>
#include <labelerrors/core/num_label_issues.hpp>

#include <memory>

namespace program
{

namespace
{

struct count_options
{
    input_options input;
    output_options output;
};

[[nodiscard]] counts count(const inputs& in, const input_options& input, progress& watch)
{
    const auto found =
        with_pred_probs(in, input,
                        [&](const auto& rows)
                        {
                            return labelerrors::compute_confident_joint(in.labels, rows,
                                                                        {.calibrate = labelerrors::calibration::none,
                                                                         .tolerance = input.tolerance,
                                                                         .threads = input.threads,
                                                                         .progress = watch.callback()});
                        });
    watch.begin("estimates");
    return counts_of(found, labelerrors::num_label_issues(found));
}

void run(const count_options& options)
{
    check_targets({printed_or(options.output.path)});
    progress watch;
    watch.begin("reading");
    const auto in = open_inputs(options.input);
    const auto found = count(in, options.input, watch);
    watch.begin("writing");
    write_counts(options.output, found, in);
    options.input.timing.tell(watch, in.num_bytes());
}

}  // namespace

void add_count(CLI::App& app, const choose_command& choose)
{
    auto options = std::make_shared<count_options>();
    auto* count = app.add_subcommand("count", "Estimate how many labels are wrong, and which classes are given for "
                                              "which: thresholds, joint, priors and noise matrices");
    options->input.add_to(*count);
    options->output.add_to(*count);
    count->callback([options, choose] { choose([options] { run(*options); }); });
}

}  // namespace program
