// How health writes what it tells: JSON, CSV and a table.
#include "health_output.hpp"

#include <cstddef>
#include <string>

namespace program
{

namespace
{

using labelerrors::label_health;

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

}  // namespace

void write_health(const output_options& options, const label_health& found, const inputs& in)
{
    output out(options);
    const auto format = options.chosen_format();
    if (format == output_format::json)
        write_json(out, found, in);
    else if (format == output_format::csv)
        write_csv(out, found, in);
    else
        write_table(out, found, in);
    out.finish();
}

}  // namespace program
