// Sets of labels, for find: reading them, and telling which are likely wrong.
#include "multilabel.hpp"

#include "progress.hpp"
#include <labelerrors/io/npy_rows.hpp>
#include <labelerrors/io/read_npy.hpp>
#include <labelerrors/io/read_object_array.hpp>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <span>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace program
{

namespace
{

namespace v1 = labelerrors::reference::cleanlab_1;
using labelerrors::multilabel_issues;
using class_list = std::vector<std::size_t>;

constexpr const char* default_aggregator = "exponential_moving_average:0.8";

/// Whether a file starts as a pickle, or as a .npy whose elements are objects.
[[nodiscard]] bool holds_objects(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    std::string start(256, '\0');
    file.read(start.data(), static_cast<std::streamsize>(start.size()));
    start.resize(static_cast<std::size_t>(file.gcount()));
    return !start.empty() && (start.front() == '\x80' || (start.starts_with("\x93NUMPY") &&
                                                          start.substr(0, start.find('}')).find("|O") != start.npos));
}

/// The sets that the rows of a matrix of 0 and 1 stand for.
[[nodiscard]] labelerrors::io::label_sets read_matrix_of_sets(const std::string& path)
{
    const auto matrix = labelerrors::io::open_matrix(std::filesystem::path(path));
    const labelerrors::io::npy_rows<double> rows(matrix);
    labelerrors::io::label_sets sets;
    std::vector<double> buffer;
    for (std::size_t i = 0; i < rows.num_rows(); ++i)
    {
        const double* row = rows.read(i, 1, buffer);
        for (std::size_t j = 0; j < rows.num_columns(); ++j)
            if (row[j] == 1.0)
                sets.labels.push_back(static_cast<std::uint32_t>(j));
            else if (row[j] != 0.0)
                throw std::runtime_error(path + ": row " + std::to_string(i) + ", column " + std::to_string(j) +
                                         " is " + to_text(row[j]) +
                                         "; a matrix of labels holds 1 where the example has the class and 0 "
                                         "elsewhere; save lists of classes as an array of objects");
        sets.end_example();
    }
    return sets;
}

/// The number after the colon of an aggregator.
[[nodiscard]] double number_after(std::string_view text, std::size_t colon)
{
    double value = 0.0;
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data() + colon + 1, end, value);
    if (read.ec != std::errc() || read.ptr != end)
        throw CLI::ValidationError("--aggregator " + std::string(text) + " has no number after its colon");
    return value;
}

[[nodiscard]] xt::xtensor<double, 3> read_joints(const std::string& path)
{
    return labelerrors::io::read_npy<double, 3>(path);
}

/// The names of some classes, or their numbers.
[[nodiscard]] std::string joined(const class_list& labels, const inputs& in, const char* between)
{
    std::string text;
    for (std::size_t i = 0; i < labels.size(); ++i)
        text += (i == 0 ? "" : between) + in.class_name(labels[i]);
    return text;
}

void write_list(output& out, const char* key, const class_list& labels)
{
    out << ",\"" << key << "\":[";
    for (std::size_t i = 0; i < labels.size(); ++i)
        out << (i == 0 ? "" : ",") << labels[i];
    out << "]";
}

void write_names(output& out, const char* key, const class_list& labels, const inputs& in)
{
    out << ",\"" << key << "\":[";
    for (std::size_t i = 0; i < labels.size(); ++i)
        out << (i == 0 ? "" : ",") << json_string(in.class_name(labels[i]));
    out << "]";
}

void write_json(output& out, const multilabel_issues& issues, const inputs& in, const find_sets_options& options,
                std::size_t listed)
{
    out << "{\"n\":" << issues.num_examples << ",\"k\":" << issues.num_classes << ",\"filter_by\":\"" << options.filter
        << "\",\"rank_by\":\"" << options.rank << "\"";
    if (options.as_cleanlab_1)
        out << ",\"reference\":\"cleanlab-1\"";
    else
        out << ",\"aggregator\":" << json_string(options.aggregator);
    out << ",\"num_issues\":" << issues.indices.size() << ",\"issues\":[";
    for (std::size_t i = 0; i < listed; ++i)
    {
        out << (i == 0 ? "\n" : ",\n") << "{\"index\":" << issues.indices(i);
        write_list(out, "given_label", issues.given_labels[i]);
        write_list(out, "suggested_label", issues.suggested_labels[i]);
        write_list(out, "flagged_classes", issues.flagged_classes[i]);
        if (!in.class_names.empty())
        {
            write_names(out, "given_name", issues.given_labels[i], in);
            write_names(out, "suggested_name", issues.suggested_labels[i], in);
        }
        out << ",\"score\":" << issues.scores(i) << "}";
    }
    out << (listed == 0 ? "]}\n" : "\n]}\n");
}

void write_csv(output& out, const multilabel_issues& issues, const inputs& in, std::size_t listed)
{
    const inputs numbers{{}, in.pred_probs, {}};
    const bool named = !in.class_names.empty();
    out << "index,given_label,suggested_label," << (named ? "given_name,suggested_name,score\n" : "score\n");
    for (std::size_t i = 0; i < listed; ++i)
    {
        out << issues.indices(i) << "," << joined(issues.given_labels[i], numbers, " ") << ","
            << joined(issues.suggested_labels[i], numbers, " ") << ",";
        if (named)
            out << csv_field(joined(issues.given_labels[i], in, "; ")) << ","
                << csv_field(joined(issues.suggested_labels[i], in, "; ")) << ",";
        out << issues.scores(i) << "\n";
    }
}

void write_table(output& out, const multilabel_issues& issues, const inputs& in, const find_sets_options& options,
                 std::size_t listed)
{
    const double share = 100.0 * static_cast<double>(issues.indices.size()) / static_cast<double>(issues.num_examples);
    out << std::to_string(issues.indices.size()) + " sets of labels with issues in " +
               std::to_string(issues.num_examples) + " examples of " + std::to_string(issues.num_classes) +
               " classes (" + to_fixed(share, 2) + " %), by " + options.filter + ", " +
               (options.rank == "none" ? "in the order of the rows" : "worst " + options.rank + " first") + "\n";
    if (listed == 0)
        return;
    table rows({"index", "given", "suggested", "score"});
    const auto set = [&](const class_list& labels)
    {
        return labels.empty() ? std::string("none") : joined(labels, in, " + ");
    };
    for (std::size_t i = 0; i < listed; ++i)
        rows.add({std::to_string(issues.indices(i)), set(issues.given_labels[i]), set(issues.suggested_labels[i]),
                  to_digits(issues.scores(i), 4)});
    out << "\n";
    rows.write_to(out);
    if (listed < issues.indices.size())
        out << "\n... and " + std::to_string(issues.indices.size() - listed) + " more; --top N lists N of them\n";
}

}  // namespace

void multilabel_options::add_to(CLI::App& app)
{
    app.add_flag("--multi-label", multi_label,
                 "Examples have sets of labels: --labels is an array of lists of classes (.npy of objects, or a "
                 "pickle), or an n x k matrix of 0 and 1; each probability stands by itself, rows need not sum to 1");
    app.add_option("--aggregator", aggregator,
                   "With --multi-label: how the scores of an example's classes become one: "
                   "exponential_moving_average:ALPHA, softmin:TEMPERATURE, mean, min, max or median (default: "
                   "exponential_moving_average:0.8)")
        ->type_name("NAME[:NUMBER]");
}

void multilabel_options::settle(const CLI::App& app) const
{
    if (!multi_label && app.count("--aggregator") != 0)
        throw CLI::ValidationError("--aggregator needs --multi-label");
    if (!multi_label)
        return;
    if (app.count("--softmax") != 0)
        throw CLI::ValidationError("--softmax has no meaning with --multi-label: its probabilities do not sum to 1");
    static_cast<void>(chosen_aggregator());
}

labelerrors::score_aggregator multilabel_options::chosen_aggregator() const
{
    namespace aggregators = labelerrors::aggregators;
    const std::string text = aggregator.empty() ? default_aggregator : aggregator;
    const auto colon = text.find(':');
    const auto name = text.substr(0, colon);
    const bool number = colon != std::string::npos;
    if (name == "exponential_moving_average")
    {
        const double alpha = number ? number_after(text, colon) : 0.8;
        if (!(alpha >= 0.0 && alpha <= 1.0))
            throw CLI::ValidationError("--aggregator " + text + ": ALPHA must be from 0 to 1");
        return aggregators::exponential_moving_average{.alpha = alpha};
    }
    if (name == "softmin")
    {
        const double temperature = number ? number_after(text, colon) : 0.1;
        if (!(temperature > 0.0 && temperature < 1e300))
            throw CLI::ValidationError("--aggregator " + text + ": TEMPERATURE must be above 0");
        return aggregators::softmin{.temperature = temperature};
    }
    if (!number && name == "mean")
        return aggregators::mean{};
    if (!number && name == "min")
        return aggregators::min{};
    if (!number && name == "max")
        return aggregators::max{};
    if (!number && name == "median")
        return aggregators::median{};
    throw CLI::ValidationError("--aggregator " + text +
                               " is none of exponential_moving_average:ALPHA, softmin:TEMPERATURE, mean, min, max, "
                               "median");
}

labelerrors::io::label_sets read_sets(const std::string& path)
{
    return holds_objects(path) ? labelerrors::io::read_label_sets(path) : read_matrix_of_sets(path);
}

void find_sets(find_sets_options options, const input_options& input, const output_options& written)
{
    if (options.aggregator.empty())
        options.aggregator = default_aggregator;
    progress watch;
    watch.begin("reading");
    const auto in = open_pred_probs(input);
    const auto sets = read_sets(input.labels);
    if (!options.confident_joint.empty())
        options.find.confident_joint = read_joints(options.confident_joint);
    options.find.tolerance = input.tolerance;
    options.find.threads = input.threads;
    options.find.progress = watch.callback();
    const auto issues = with_pred_probs(
        in, input,
        [&](const auto& rows)
        {
            if (!options.as_cleanlab_1)
                return labelerrors::find_multilabel_issues(sets, rows, options.find);
            return v1::get_multilabel_noise_indices(
                sets, rows,
                {.prune_method = *options.as_cleanlab_1,
                 .order = options.rank == "none" ? v1::label_set_order::index : v1::label_set_order::as_published,
                 .frac_noise = options.find.frac_noise,
                 .tolerance = input.tolerance,
                 .threads = input.threads,
                 .progress = watch.callback()});
        });
    watch.begin("writing");
    const auto format = written.chosen_format();
    constexpr std::size_t table_rows = 20;
    const std::size_t all = issues.indices.size();
    const std::size_t listed = std::min(all, options.top.value_or(format == output_format::table ? table_rows : all));
    output out(written);
    if (format == output_format::json)
        write_json(out, issues, in, options, listed);
    else if (format == output_format::csv)
        write_csv(out, issues, in, listed);
    else
        write_table(out, issues, in, options, listed);
    out.finish();
    if (input.timing)
        std::fprintf(stderr, "%s\n", watch.timing(in.num_bytes() + sets.labels.size() * sizeof(std::uint32_t)).c_str());
}

}  // namespace program
