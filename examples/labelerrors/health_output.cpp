// How health writes what it tells: JSON, CSV and a table.
#include "health_output.hpp"

#include <cstddef>
#include <span>
#include <string>

namespace program
{

namespace
{

using labelerrors::class_quality;
using labelerrors::label_health;
using labelerrors::multilabel_health_summary;

/// How many pairs of classes, or answers, a table lists.
constexpr std::size_t shown = 10;

/// The name of a class as a field of JSON behind another, where classes have names.
[[nodiscard]] std::string named(const char* key, std::size_t label, const inputs& in)
{
    return in.class_names.empty() ? "" : std::string(",\"") + key + "\":" + json_string(in.class_name(label));
}

void write_json(output& out, double score, std::span<const class_quality> classes, const inputs& in)
{
    out << "{\"overall_label_health_score\":" << score << ",\n\"classes\":[";
    for (std::size_t i = 0; i < classes.size(); ++i)
    {
        const auto& quality = classes[i];
        out << (i == 0 ? "\n" : ",\n") << "{\"class\":" << quality.class_index << named("name", quality.class_index, in)
            << ",\"label_issues\":" << quality.label_issues
            << ",\"inverse_label_issues\":" << quality.inverse_label_issues
            << ",\"label_noise\":" << quality.label_noise << ",\"inverse_label_noise\":" << quality.inverse_label_noise
            << ",\"label_quality_score\":" << quality.label_quality_score << "}";
    }
    out << "],\n";
}

/// The classes, one a line; what else is known is in JSON.
void write_csv(output& out, std::span<const class_quality> classes, const inputs& in)
{
    out << "class,name,label_issues,inverse_label_issues,label_noise,inverse_label_noise,label_quality_score\n";
    for (const auto& quality : classes)
        out << quality.class_index << "," << csv_field(in.class_name(quality.class_index)) << ","
            << quality.label_issues << "," << quality.inverse_label_issues << "," << quality.label_noise << ","
            << quality.inverse_label_noise << "," << quality.label_quality_score << "\n";
}

void write_table(output& out, double score, std::span<const class_quality> classes, const inputs& in)
{
    out << "Overall label health score: " + to_fixed(score, 4) + "\n\n";
    table rows({"class", "label issues", "inverse", "label noise", "inverse noise", "quality"});
    for (const auto& quality : classes)
        rows.add({in.class_name(quality.class_index), std::to_string(quality.label_issues),
                  std::to_string(quality.inverse_label_issues), to_fixed(quality.label_noise, 4),
                  to_fixed(quality.inverse_label_noise, 4), to_fixed(quality.label_quality_score, 4)});
    rows.write_to(out);
}

/// A table of the first of `listed` rows, and how many there are besides.
void write_shown(output& out, const table& rows, std::size_t listed, const char* what)
{
    if (listed == 0)
        return;
    out << "\n";
    rows.write_to(out);
    if (listed > shown)
        out << "... and " + std::to_string(listed - shown) + " more " + what + "; --format json has them all\n";
}

void write_more_json(output& out, const label_health& found, const inputs& in)
{
    out << "\"overlapping_classes\":[";
    for (std::size_t i = 0; i < found.overlapping_classes.size(); ++i)
    {
        const auto& pair = found.overlapping_classes[i];
        out << (i == 0 ? "\n" : ",\n") << "{\"class_a\":" << pair.class_a << ",\"class_b\":" << pair.class_b
            << named("name_a", pair.class_a, in) << named("name_b", pair.class_b, in)
            << ",\"num_overlapping_examples\":" << pair.num_overlapping_examples
            << ",\"joint_probability\":" << pair.joint_probability << "}";
    }
    out << "]}\n";
}

void write_more_json(output& out, const multilabel_health_summary& found, const inputs& in)
{
    out << "\"common_issues\":[";
    for (std::size_t i = 0; i < found.common_issues.size(); ++i)
    {
        const auto& issue = found.common_issues[i];
        out << (i == 0 ? "\n" : ",\n") << "{\"class\":" << issue.class_index << named("name", issue.class_index, in)
            << ",\"given\":" << (issue.given ? "true" : "false") << ",\"num_examples\":" << issue.num_examples
            << ",\"issue_probability\":" << issue.issue_probability << "}";
    }
    out << "]}\n";
}

void write_more_rows(output& out, const label_health& found, const inputs& in)
{
    table pairs({"given for each other", "", "examples"});
    std::size_t listed = 0;
    for (const auto& pair : found.overlapping_classes)
        if (pair.num_overlapping_examples > 0 && listed++ < shown)
            pairs.add({in.class_name(pair.class_a), in.class_name(pair.class_b),
                       std::to_string(pair.num_overlapping_examples)});
    write_shown(out, pairs, listed, "pairs");
}

void write_more_rows(output& out, const multilabel_health_summary& found, const inputs& in)
{
    table answers({"class", "likely wrong where it is", "examples"});
    std::size_t listed = 0;
    for (const auto& issue : found.common_issues)
        if (issue.num_examples > 0 && listed++ < shown)
            answers.add({in.class_name(issue.class_index), issue.given ? "given" : "not given",
                         std::to_string(issue.num_examples)});
    write_shown(out, answers, listed, "lines");
}

template <class Health>
void write(const output_options& options, const Health& found, const inputs& in)
{
    output out(options);
    const auto format = options.chosen_format();
    const double score = found.overall_label_health_score;
    if (format == output_format::csv)
        write_csv(out, found.classes, in);
    else if (format == output_format::json)
    {
        write_json(out, score, found.classes, in);
        write_more_json(out, found, in);
    }
    else
    {
        write_table(out, score, found.classes, in);
        write_more_rows(out, found, in);
    }
    out.finish();
}

}  // namespace

void write_health(const output_options& options, const label_health& found, const inputs& in)
{
    write(options, found, in);
}

void write_health(const output_options& options, const multilabel_health_summary& found, const inputs& in)
{
    write(options, found, in);
}

}  // namespace program
