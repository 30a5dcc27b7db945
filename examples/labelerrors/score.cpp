// labelerrors score: the label quality score of every example.
#include "commands.hpp"
#include "inputs.hpp"
#include "output.hpp"
#include "score_options.hpp"
#include "score_output.hpp"
#include "targets.hpp"
#include <labelerrors/core/label_quality_scores.hpp>
#include <labelerrors/core/multilabel_quality_scores.hpp>
#include <labelerrors/io/write_npy.hpp>

#include <algorithm>
#include <memory>

namespace program
{

namespace
{

struct score_in_files
{
    score_options score;
    input_options input;
    output_options output;
};

void write_table(output& out, const xt::xtensor<double, 1>& scores, const inputs& in,
                 const labelerrors::io::label_sets& sets, bool multi_label)
{
    table rows({"index", "label", "score"});
    for (std::size_t i = 0; i < scores.size(); ++i)
    {
        std::string label;
        if (multi_label)
            for (const std::size_t one : sets[i])
                label += (label.empty() ? "" : " + ") + in.class_name(one);
        else
            label = in.class_name(static_cast<std::size_t>(in.labels(i)));
        rows.add({std::to_string(i), label.empty() ? "none" : label, to_fixed(scores(i), 6)});
    }
    rows.write_to(out);
}

void run(const score_in_files& options)
{
    options.score.settle();
    const bool as_npy = !options.output.path.empty() && options.output.format.empty();
    if (!options.input.class_names.empty() && options.output.chosen_format() != output_format::table)
        throw CLI::ValidationError("--class-names are shown in a table alone; add --format table");
    check_targets({printed_or(options.output.path)});
    const auto method = options.score.chosen_method();
    const auto adjust = options.score.chosen_adjustment();
    const bool multi_label = options.score.sets.multi_label;
    progress watch;
    watch.begin("reading");
    const auto in = multi_label ? open_pred_probs(options.input) : open_inputs(options.input);
    const auto sets =
        multi_label ? read_sets(options.input.labels, in.pred_probs.num_columns()) : labelerrors::io::label_sets{};
    const auto scores = with_pred_probs(
        in, options.input,
        [&](const auto& rows)
        {
            if (multi_label)
                return labelerrors::multilabel_quality_scores(sets, rows,
                                                              {.method = method,
                                                               .adjust_pred_probs = adjust,
                                                               .aggregator = options.score.sets.chosen_aggregator(),
                                                               .tolerance = options.input.tolerance,
                                                               .threads = options.input.threads,
                                                               .progress = watch.callback()});
            return labelerrors::label_quality_scores(in.labels, rows,
                                                     {.method = method,
                                                      .adjust_pred_probs = adjust,
                                                      .tolerance = options.input.tolerance,
                                                      .threads = options.input.threads,
                                                      .progress = watch.callback()});
        });
    watch.begin("writing");
    if (as_npy)
        labelerrors::io::write_npy(options.output.path, scores);
    else
    {
        const auto format = options.output.chosen_format();
        output out(options.output);
        if (format == output_format::table)
            write_table(out, scores, in, sets, multi_label);
        else
            write_scores(out, scores,
                         {scores.size(), in.pred_probs.num_columns(), options.score.method,
                          multi_label ? options.score.sets.aggregator_text() : ""},
                         {.count = scores.size(), .total = scores.size()}, format);
        out.finish();
    }
    options.input.timing.tell(watch, in.num_bytes() + num_bytes(sets));
}

}  // namespace

void add_score(CLI::App& app, const choose_command& choose)
{
    auto options = std::make_shared<score_in_files>();
    auto* score = app.add_subcommand(
        "score", "Score how likely each label is right: to --output FILE.npy (n doubles), or with --format as text");
    options->input.add_to(*score);
    options->output.add_to(*score, default_output::npy);
    options->score.add_to(*score);
    score->callback([options, choose] { choose([options] { run(*options); }); });
}

}  // namespace program
