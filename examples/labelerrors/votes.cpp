// labelerrors votes: what the crowd said about a published test set.
#include "commands.hpp"
#include "dataset_options.hpp"
#include "output.hpp"
#include "targets.hpp"
#include "timing.hpp"
#include <labelerrors/datasets/registry.hpp>
#include <labelerrors/datasets/vote_counts.hpp>
#include <labelerrors/report/write_vote_figures.hpp>

#include <memory>
#include <optional>
#include <sstream>

namespace program
{

namespace
{

namespace datasets = labelerrors::datasets;

struct votes_options
{
    dataset_options dataset;
    output_options output;
    timing_option timing;
};

[[nodiscard]] std::string number_or(const std::optional<std::size_t>& number, const char* none)
{
    return number ? std::to_string(*number) : none;
}

void count_votes(const votes_options& options)
{
    const auto& set = datasets::find_dataset(options.dataset.name);
    check_targets({printed_or(options.output.path)});
    progress watch;
    watch.begin("reading");
    const auto found = datasets::read_vote_figures(set, options.dataset.root);
    watch.begin("writing");
    output out(options.output);
    const auto format = options.output.chosen_format();
    if (format == output_format::json)
        out << "{\"dataset\":" << json_string(set.name) << ",\"checked\":" << found.checked
            << ",\"non_errors\":" << found.non_errors << ",\"errors\":" << found.errors
            << ",\"non_agreement\":" << number_or(found.non_agreement, "null")
            << ",\"correctable\":{\"3\":" << number_or(found.correctable_at_3, "null")
            << ",\"4\":" << number_or(found.correctable_at_4, "null")
            << ",\"5\":" << number_or(found.correctable_at_5, "null") << "},\"both\":" << number_or(found.both, "null")
            << ",\"neither\":" << number_or(found.neither, "null") << ",\"flagged\":" << found.flagged
            << ",\"estimated_errors\":" << found.estimated_errors << ",\"error_percent\":" << found.error_percent
            << "}\n";
    else if (format == output_format::csv)
        out << "dataset,checked,non_errors,errors,non_agreement,correctable_3,correctable_4,correctable_5,both,neither,"
               "flagged,estimated_errors,error_percent\n"
            << set.name << "," << found.checked << "," << found.non_errors << "," << found.errors << ","
            << number_or(found.non_agreement, "") << "," << number_or(found.correctable_at_3, "") << ","
            << number_or(found.correctable_at_4, "") << "," << number_or(found.correctable_at_5, "") << ","
            << number_or(found.both, "") << "," << number_or(found.neither, "") << "," << found.flagged << ","
            << found.estimated_errors << "," << found.error_percent << "\n";
    else
    {
        std::ostringstream text;
        labelerrors::report::write_vote_figures(text, set, found);
        out << text.str();
    }
    out.finish();
    options.timing.tell(watch);
}

}  // namespace

void add_votes(CLI::App& app, const choose_command& choose)
{
    auto options = std::make_shared<votes_options>();
    auto* votes = app.add_subcommand("votes", "Count what the crowd said about a test set's suspected label errors");
    options->dataset.add_to(*votes);
    options->output.add_to(*votes);
    options->timing.add_to(*votes);
    votes->callback([options, choose] { choose([options] { count_votes(*options); }); });
}

}  // namespace program
