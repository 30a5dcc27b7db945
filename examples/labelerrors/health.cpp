// labelerrors health: which classes have bad labels.
#include "commands.hpp"
#include "inputs.hpp"
#include "output.hpp"
#include <labelerrors/core/health_summary.hpp>

#include <algorithm>
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

void write_json(output& out, const label_health& found, const inputs& in)
{
    const auto name = [&](const char* key, std::size_t label)
    {
        return in.class_names.empty() ? std::string()
                                      : std::string(",\"") + key + "\":" + json_string(in.class_name(label));
    };
    out << "{\"overall_label_health_score\":" << found.overall_label_health_score << ",\n\"classes\":[";
    for (std::size_t i = 0; i < found.classes.size(); ++i)
    {
        const auto& quality = found.classes[i];
        out << (i == 0 ? "\n" : ",\n") << "{\"class\":" << quality.class_index << name("name", quality.class_index)
            << ",\"label_issues\":" << quality.label_issues
            << ",\"inverse_label_issues\":" << quality.inverse_label_issues
            << ",\"label_noise\":" << quality.label_noise << ",\"inverse_label_noise\":" << quality.inverse_label_noise
            << ",\"label_quality_score\":" << quality.label_quality_score << "}";
    }
    out << "],\n\"overlapping_classes\":[";
    for (std::size_t i = 0; i < found.overlapping_classes.size(); ++i)
    {
        const auto& pair = found.overlapping_classes[i];
        out << (i == 0 ? "\n" : ",\n") << "{\"class_a\":" << pair.class_a << ",\"class_b\":" << pair.class_b
            << name("name_a", pair.class_a) << name("name_b", pair.class_b)
            << ",\"num_overlapping_examples\":" << pair.num_overlapping_examples
            << ",\"joint_probability\":" << pair.joint_probability << "}";
    }
    out << "]}\n";
}

/// The classes, one a line; the overlapping pairs are in JSON.
void write_csv(output& out, const label_health& found, const inputs& in)
{
    out << "class,name,label_issues,inverse_label_issues,label_noise,inverse_label_noise,label_quality_score\n";
    for (const auto& quality : found.classes)
        out << quality.class_index << "," << csv_field(in.class_name(quality.class_index)) << ","
            << quality.label_issues << "," << quality.inverse_label_issues << "," << quality.label_noise << ","
            << quality.inverse_label_noise << "," << quality.label_quality_score << "\n";
}

void write_table(output& out, const label_health& found, const inputs& in)
{
    out << "Overall label health score: " + to_fixed(found.overall_label_health_score, 4) + "\n\n";
    table classes({"class", "label issues", "inverse", "label noise", "inverse noise", "quality"});
    for (const auto& quality : found.classes)
        classes.add({in.class_name(quality.class_index), std::to_string(quality.label_issues),
                     std::to_string(quality.inverse_label_issues), to_fixed(quality.label_noise, 4),
                     to_fixed(quality.inverse_label_noise, 4), to_fixed(quality.label_quality_score, 4)});
    classes.write_to(out);
    constexpr std::size_t shown = 10;
    table pairs({"given for each other", "", "examples"});
    std::size_t listed = 0;
    for (const auto& pair : found.overlapping_classes)
        if (pair.num_overlapping_examples > 0 && listed++ < shown)
            pairs.add({in.class_name(pair.class_a), in.class_name(pair.class_b),
                       std::to_string(pair.num_overlapping_examples)});
    if (listed == 0)
        return;
    out << "\n";
    pairs.write_to(out);
    if (listed > shown)
        out << "... and " + std::to_string(listed - shown) + " more pairs; --format json has them all\n";
}

void run(const health_options& options)
{
    progress watch;
    watch.begin("reading");
    const auto in = open_inputs(options.input);
    const auto found = measure(in, options.input, watch);
    watch.begin("writing");
    output out(options.output);
    const auto format = options.output.chosen_format();
    if (format == output_format::json)
        write_json(out, found, in);
    else if (format == output_format::csv)
        write_csv(out, found, in);
    else
        write_table(out, found, in);
    out.finish();
    if (options.input.timing)
        std::fprintf(stderr, "%s\n", watch.timing(in.num_bytes()).c_str());
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
