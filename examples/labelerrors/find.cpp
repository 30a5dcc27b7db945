// labelerrors find: the examples whose labels are likely wrong.
#include "commands.hpp"
#include "features.hpp"
#include "find_options.hpp"
#include "find_sets.hpp"
#include "inputs.hpp"
#include "issue_output.hpp"
#include "output.hpp"
#include "targets.hpp"
#include <labelerrors/core/find_label_issues.hpp>
#include <labelerrors/core/reference_cleanlab_1.hpp>

#include <memory>
#include <optional>

namespace program
{

namespace
{

namespace v1 = labelerrors::reference::cleanlab_1;
using labelerrors::label_issues;

struct find_command
{
    find_options find;
    input_options input;
    feature_options features;
    output_options output;
    std::string reference = "cleanlab-2";
    std::string num_errors_by;
};

/// Refuses what the procedure of cleanlab 1.0 has not for sets of labels.
void settle_sets_as_cleanlab_1(const find_options& find)
{
    for (const char* option : {"--aggregator", "--confident-joint"})
        find.refuse(option, "is not in --reference cleanlab-1 with --multi-label");
    if (!find.prunes())
        throw CLI::ValidationError("--filter-by " + find.filter +
                                   " is not in --reference cleanlab-1 with --multi-label; it has "
                                   "prune_by_noise_rate, prune_by_class and both");
    if (find.rank != "normalized_margin" && find.rank != "none")
        throw CLI::ValidationError("--rank-by " + find.rank +
                                   " is not in --reference cleanlab-1 with --multi-label; it has normalized_margin "
                                   "and none");
}

/// Refuses combinations that make no sense and settles what was left open.
void settle(find_command& options)
{
    auto& find = options.find;
    const bool first = options.reference == "cleanlab-1";
    options.features.settle(*find.app);
    find.sets.settle(*find.app);
    if (find.filter.empty())
        find.filter = first && !find.sets.multi_label ? "low_normalized_margin" : "prune_by_noise_rate";
    find.settle();
    if (!first)
    {
        find.refuse("--num-errors-by", "needs --reference cleanlab-1");
        find.settle_ranking();
        return;
    }
    for (const char* option : {"--adjust-pred-probs", "--num-to-remove-per-class", "--min-examples-per-class"})
        find.refuse(option, "is not in --reference cleanlab-1");
    if (find.rank.empty())
        find.rank = "normalized_margin";
    if (!find.prunes() && find.filter != "low_normalized_margin")
        throw CLI::ValidationError("--filter-by " + find.filter +
                                   " is not in --reference cleanlab-1; it has "
                                   "low_normalized_margin (the published study), prune_by_noise_rate, prune_by_class "
                                   "and both");
    if (find.prunes())
        find.refuse("--num-errors-by", "needs --filter-by low_normalized_margin");
    if (find.sets.multi_label)
        settle_sets_as_cleanlab_1(find);
    if (find.rank == "confidence_weighted_entropy" || (!find.prunes() && find.rank != "normalized_margin"))
        throw CLI::ValidationError(
            "--rank-by " + find.rank + " is not in --reference cleanlab-1 with --filter-by " + find.filter +
            ", which has " +
            (find.prunes() ? "self_confidence, normalized_margin and none" : "normalized_margin alone"));
}

[[nodiscard]] v1::prune_method prune_method_named(const std::string& filter)
{
    return filter == "both"             ? v1::prune_method::both
           : filter == "prune_by_class" ? v1::prune_method::prune_by_class
                                        : v1::prune_method::prune_by_noise_rate;
}

[[nodiscard]] label_issues find_as_cleanlab_1(const inputs& in, const find_command& options, progress& watch)
{
    const auto& input = options.input;
    const auto& find = options.find;
    if (find.filter == "low_normalized_margin")
        return with_pred_probs(in, input,
                               [&](const auto& rows)
                               {
                                   return v1::published_label_errors(
                                       in.labels, rows,
                                       {.num_errors_by = options.num_errors_by == "prune_by_class"
                                                             ? v1::num_errors_by::prune_by_class
                                                             : v1::num_errors_by::num_label_errors,
                                        .tolerance = input.tolerance,
                                        .threads = input.threads,
                                        .progress = watch.callback()});
                               });
    const auto joint = read_joint(find.confident_joint, in);
    return with_pred_probs(in, input,
                           [&](const auto& rows)
                           {
                               return v1::get_noise_indices(
                                   in.labels, rows,
                                   {.prune_method = prune_method_named(find.filter),
                                    .sorted_index_method = find.rank == "none" ? v1::sorted_index_method::index
                                                           : find.rank == "self_confidence"
                                                               ? v1::sorted_index_method::prob_given_label
                                                               : v1::sorted_index_method::normalized_margin,
                                    .frac_noise = find.frac_noise,
                                    .confident_joint = joint,
                                    .tolerance = input.tolerance,
                                    .threads = input.threads,
                                    .progress = watch.callback()});
                           });
}

[[nodiscard]] label_issues find(const inputs& in, const find_command& options, progress& watch)
{
    if (options.reference == "cleanlab-1")
        return find_as_cleanlab_1(in, options, watch);
    auto find = options.find.for_labels(in, options.input);
    find.progress = watch.callback();
    return with_pred_probs(in, options.input,
                           [&](const auto& rows) { return labelerrors::find_label_issues(in.labels, rows, find); });
}

void run(find_command& options)
{
    settle(options);
    check_targets({printed_or(options.output.path), {"--save-pred-probs", options.features.save_pred_probs}});
    check_ending("--save-pred-probs", options.features.save_pred_probs, ".npy");
    if (options.find.sets.multi_label)
        return find_sets(options.find,
                         options.reference == "cleanlab-1" ? std::optional(prune_method_named(options.find.filter))
                                                           : std::nullopt,
                         options.input, options.output);
    progress watch;
    watch.begin("reading");
    std::optional<cross_validated> predicted;
    if (options.features.given())
        predicted = predict_inputs(options.input, options.features, watch);
    const auto in = predicted ? predicted->in : open_inputs(options.input);
    const auto issues = find(in, options, watch);
    watch.begin("writing");
    const std::size_t all = issues.indices.size();
    auto heading = options.find.heading(issues.num_examples, issues.num_classes, all);
    if (options.reference == "cleanlab-1")
        heading.more_json = ",\"reference\":\"cleanlab-1\"";
    if (predicted)
    {
        const std::string folds = std::to_string(options.features.num_folds);
        heading.more_json += ",\"classifier\":\"" + options.features.classifier + "\",\"num_folds\":" + folds +
                             ",\"accuracy\":" + to_text(predicted->accuracy);
        heading.more_text = "out of sample, " + options.features.classifier + " by " + folds + " folds agrees with " +
                            to_fixed(100.0 * predicted->accuracy, 1) + " % of the given labels\n";
    }
    const auto format = options.output.chosen_format();
    output out(options.output);
    const auto list = whole_list(all, options.find.top, format, options.input.threads);
    write_issues(out, issues, in, heading, list, format);
    out.finish();
    options.input.timing.tell(watch, in.num_bytes());
}

}  // namespace

void add_find(CLI::App& app, const choose_command& choose)
{
    auto options = std::make_shared<find_command>();
    auto* find = app.add_subcommand("find", "Find the examples whose labels are likely wrong, most severe first");
    options->input.add_to(*find, input_requirement::left_to_the_subcommand);
    options->features.add_to(*find);
    options->output.add_to(*find);
    options->find.add_to(*find);
    find->add_option("--reference", options->reference,
                     "Whose procedure to follow; cleanlab-1 reproduces the published study (default: cleanlab-2)")
        ->check(CLI::IsMember({"cleanlab-1", "cleanlab-2"}));
    find->add_option("--num-errors-by", options->num_errors_by,
                     "With --reference cleanlab-1: how the number of errors is set; prune_by_class is what the study "
                     "did for MNIST (default: num_label_errors)")
        ->check(CLI::IsMember({"num_label_errors", "prune_by_class"}));
    find->callback([options, choose] { choose([options] { run(*options); }); });
}

}  // namespace program
