// How find writes its lists of issues: single labels and sets of labels, as JSON, CSV and a table.
#include "issue_output.hpp"

#include <labelerrors/core/find_multilabel_issues.hpp>

#include <algorithm>
#include <vector>

namespace program
{

namespace
{

using labelerrors::label_issues;
using labelerrors::multilabel_issues;
using class_list = std::vector<std::size_t>;

/// The heading of a list in JSON, the issues by `write(text, i)`, and the end.
template <class Write>
void write_json(output& out, const issue_heading& heading, const listed_part& part, const Write& write)
{
    if (part.begins)
        out << "{\"n\":" << heading.num_examples << ",\"k\":" << heading.num_classes << ",\"filter_by\":\""
            << heading.filter << "\",\"rank_by\":\"" << heading.rank << "\"" << heading.more_json
            << ",\"num_issues\":" << heading.num_issues << ",\"issues\":[" << (part.total == 0 ? "" : "\n");
    out.write_each(part.count, part.threads,
                   [&](text_buffer& text, std::size_t i)
                   {
                       write(text, i);
                       text << (part.first + i + 1 == part.total ? "}\n" : "},\n");
                   });
    if (part.ends)
        out << "]}\n";
}

void write_csv_heading(output& out, const inputs& in, const listed_part& part)
{
    if (part.begins)
        out << "index,given_label,suggested_label,"
            << (in.class_names.empty() ? "score\n" : "given_name,suggested_name,score\n");
}

/// What a table of issues says about all of them, the rows by `add`, and how many are not shown.
template <class Add>
void write_table(output& out, const issue_heading& heading, const listed_part& part, const std::string& what,
                 const Add& add)
{
    const double share = 100.0 * static_cast<double>(heading.num_issues) / static_cast<double>(heading.num_examples);
    out << std::to_string(heading.num_issues) + what + std::to_string(heading.num_examples) + " examples of " +
               std::to_string(heading.num_classes) + " classes (" + to_fixed(share, 2) + " %), by " + heading.filter +
               ", " + (heading.rank == "none" ? "in the order of the rows" : "worst " + heading.rank + " first") + "\n"
        << heading.more_text;
    if (part.count == 0)
        return;
    table rows({"index", "given", "suggested", "score"});
    for (std::size_t i = 0; i < part.count; ++i)
        add(rows, i);
    out << "\n";
    rows.write_to(out);
    if (part.count < heading.num_issues)
        out << "\n... and " + std::to_string(heading.num_issues - part.count) + " more; --top N lists N of them\n";
}

/// The names of some classes, or their numbers.
[[nodiscard]] std::string joined(const class_list& labels, const inputs& in, const char* between)
{
    std::string text;
    for (std::size_t i = 0; i < labels.size(); ++i)
        text += (i == 0 ? "" : between) + in.class_name(labels[i]);
    return text;
}

void write_list(text_buffer& out, const char* key, const class_list& labels)
{
    out << ",\"" << key << "\":[";
    for (std::size_t i = 0; i < labels.size(); ++i)
        out << (i == 0 ? "" : ",") << labels[i];
    out << "]";
}

void write_names(text_buffer& out, const char* key, const class_list& labels, const inputs& in)
{
    out << ",\"" << key << "\":[";
    for (std::size_t i = 0; i < labels.size(); ++i)
        out << (i == 0 ? "" : ",") << json_string(in.class_name(labels[i]));
    out << "]";
}

}  // namespace

listed_part whole_list(std::size_t num_issues, std::optional<std::size_t> top, output_format format,
                       std::size_t threads)
{
    constexpr std::size_t table_rows = 20;
    auto part =
        part_of(0, num_issues, num_issues, !top && format == output_format::table ? std::optional(table_rows) : top);
    part.threads = threads;
    return part;
}

listed_part part_of(std::size_t first, std::size_t count, std::size_t num_issues, std::optional<std::size_t> top)
{
    const std::size_t total = std::min(num_issues, top.value_or(num_issues));
    return {.first = first, .count = std::min(count, total - std::min(first, total)), .total = total};
}

void write_issues(output& out, const label_issues& issues, const inputs& in, const issue_heading& heading,
                  const listed_part& part, output_format format)
{
    const bool named = !in.class_names.empty();
    const auto given_name = [&](std::size_t i)
    {
        return in.class_name(issues.given_labels(i));
    };
    const auto suggested_name = [&](std::size_t i)
    {
        return in.class_name(issues.suggested_labels(i));
    };
    if (format == output_format::json)
        return write_json(out, heading, part,
                          [&](text_buffer& text, std::size_t i)
                          {
                              text << "{\"index\":" << issues.indices(i)
                                   << ",\"given_label\":" << issues.given_labels(i)
                                   << ",\"suggested_label\":" << issues.suggested_labels(i);
                              if (named)
                                  text << ",\"given_name\":" << json_string(given_name(i))
                                       << ",\"suggested_name\":" << json_string(suggested_name(i));
                              text << ",\"score\":" << issues.scores(i);
                          });
    if (format == output_format::table)
        return write_table(out, heading, part, " label issues in ",
                           [&](table& rows, std::size_t i) {
                               rows.add({std::to_string(issues.indices(i)), given_name(i), suggested_name(i),
                                         to_digits(issues.scores(i), 4)});
                           });
    write_csv_heading(out, in, part);
    out.write_each(part.count, part.threads,
                   [&](text_buffer& text, std::size_t i)
                   {
                       text << issues.indices(i) << "," << issues.given_labels(i) << "," << issues.suggested_labels(i)
                            << ",";
                       if (named)
                           text << csv_field(given_name(i)) << "," << csv_field(suggested_name(i)) << ",";
                       text << issues.scores(i) << "\n";
                   });
}

void write_issues(output& out, const multilabel_issues& issues, const inputs& in, const issue_heading& heading,
                  const listed_part& part, output_format format)
{
    const bool named = !in.class_names.empty();
    if (format == output_format::json)
        return write_json(out, heading, part,
                          [&](text_buffer& text, std::size_t i)
                          {
                              text << "{\"index\":" << issues.indices(i);
                              write_list(text, "given_label", issues.given_labels[i]);
                              write_list(text, "suggested_label", issues.suggested_labels[i]);
                              write_list(text, "flagged_classes", issues.flagged_classes[i]);
                              if (named)
                              {
                                  write_names(text, "given_name", issues.given_labels[i], in);
                                  write_names(text, "suggested_name", issues.suggested_labels[i], in);
                              }
                              text << ",\"score\":" << issues.scores(i);
                          });
    if (format == output_format::table)
    {
        const auto set = [&](const class_list& labels)
        {
            return labels.empty() ? std::string("none") : joined(labels, in, " + ");
        };
        return write_table(out, heading, part, " sets of labels with issues in ",
                           [&](table& rows, std::size_t i)
                           {
                               rows.add({std::to_string(issues.indices(i)), set(issues.given_labels[i]),
                                         set(issues.suggested_labels[i]), to_digits(issues.scores(i), 4)});
                           });
    }
    write_csv_heading(out, in, part);
    const inputs numbers{{}, in.pred_probs, {}};
    out.write_each(part.count, part.threads,
                   [&](text_buffer& text, std::size_t i)
                   {
                       text << issues.indices(i) << "," << joined(issues.given_labels[i], numbers, " ") << ","
                            << joined(issues.suggested_labels[i], numbers, " ") << ",";
                       if (named)
                           text << csv_field(joined(issues.given_labels[i], in, "; ")) << ","
                                << csv_field(joined(issues.suggested_labels[i], in, "; ")) << ",";
                       text << issues.scores(i) << "\n";
                   });
}

}  // namespace program
