// labelerrors score: the label quality score of every example.
#include "choices.hpp"
#include "commands.hpp"
#include "inputs.hpp"
#include "model_files.hpp"
#include "output.hpp"
#include "score_options.hpp"
#include "score_output.hpp"
#include "targets.hpp"
#include <labelerrors/core/ensemble_scores.hpp>
#include <labelerrors/core/label_quality_scores.hpp>
#include <labelerrors/core/multilabel_quality_scores.hpp>
#include <labelerrors/io/write_npy.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <stdexcept>

namespace program
{

namespace
{

using labelerrors::ensemble_weights;

const std::map<std::string, ensemble_weights> weights_of_models{{"accuracy", ensemble_weights::accuracy},
                                                                {"log_loss_search", ensemble_weights::log_loss_search},
                                                                {"uniform", ensemble_weights::uniform}};

struct score_in_files
{
    score_options score;
    bool ensemble = false;
    std::string weight_by;  // empty: accuracy
    input_options input;
    output_options output;
};

/// Scores and what they are of.
struct scored
{
    inputs in;
    labelerrors::io::label_sets sets;
    xt::xtensor<double, 1> scores;
    xt::xtensor<double, 1> model_weights = {};  // of an ensemble
    std::size_t num_bytes = 0;
};

/// By one model, whose probabilities may be in several files.
[[nodiscard]] scored score_by_model(const score_in_files& options, progress& watch)
{
    const auto method = options.score.chosen_method();
    const auto adjust = options.score.chosen_adjustment();
    const bool multi_label = options.score.sets.multi_label;
    auto in = multi_label ? open_pred_probs(options.input) : open_inputs(options.input);
    auto sets =
        multi_label ? read_sets(options.input.labels, in.pred_probs.num_columns()) : labelerrors::io::label_sets{};
    auto scores = with_pred_probs(in, options.input,
                                  [&](const auto& rows)
                                  {
                                      if (multi_label)
                                          return labelerrors::multilabel_quality_scores(
                                              sets, rows,
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
    const std::size_t bytes = in.num_bytes() + num_bytes(sets);
    return {.in = std::move(in), .sets = std::move(sets), .scores = std::move(scores), .num_bytes = bytes};
}

/// By several models, each of whose probabilities are in one file.
[[nodiscard]] scored score_by_models(const score_in_files& options, progress& watch)
{
    const auto& paths = options.input.pred_probs;
    auto labels = labelerrors::io::read_labels(options.input.labels);
    const model_files models(paths, options.input.softmax);
    auto in = with_class_names(options.input, models.first());  // opened once: it may be a pipe
    in.labels = std::move(labels);
    const std::size_t bytes = models.num_bytes() + in.labels.size() * sizeof(std::int64_t);
    try
    {
        auto found = labelerrors::label_quality_ensemble_scores(in.labels, models.rows(),
                                                                {.method = options.score.chosen_method(),
                                                                 .adjust_pred_probs = options.score.chosen_adjustment(),
                                                                 .weight_by = weights_of_models.at(options.weight_by),
                                                                 .tolerance = options.input.tolerance,
                                                                 .threads = options.input.threads,
                                                                 .progress = watch.callback()});
        return {.in = std::move(in),
                .sets = {},
                .scores = std::move(found.scores),
                .model_weights = std::move(found.weights),
                .num_bytes = bytes};
    }
    catch (const std::invalid_argument& error)
    {
        throw std::runtime_error(explain_of_models(error.what(), paths, options.input.labels));
    }
}

void write_table(output& out, const scored& found, bool multi_label)
{
    table rows({"index", "label", "score"});
    for (std::size_t i = 0; i < found.scores.size(); ++i)
    {
        std::string label;
        if (multi_label)
            for (const std::size_t one : found.sets[i])
                label += (label.empty() ? "" : " + ") + found.in.class_name(one);
        else
            label = found.in.class_name(static_cast<std::size_t>(found.in.labels(i)));
        rows.add({std::to_string(i), label.empty() ? "none" : label, to_fixed(found.scores(i), 6)});
    }
    rows.write_to(out);
}

/// Settles what was left open and refuses what makes no sense.
void settle(score_in_files& options)
{
    options.score.settle();
    if (!options.input.class_names.empty() && options.output.chosen_format() != output_format::table)
        throw CLI::ValidationError("--class-names are shown in a table alone; add --format table");
    if (!options.ensemble && !options.weight_by.empty())
        throw CLI::ValidationError("--weight-by needs --ensemble");
    if (options.ensemble && options.score.sets.multi_label)
        throw CLI::ValidationError("--ensemble is about examples with one label, and --multi-label about sets of them");
    if (options.weight_by.empty())
        options.weight_by = "accuracy";
}

void run(score_in_files& options)
{
    settle(options);
    const bool as_npy = !options.output.path.empty() && options.output.format.empty();
    check_targets({printed_or(options.output.path)});
    const bool multi_label = options.score.sets.multi_label;
    progress watch;
    watch.begin("reading");
    const auto found = options.ensemble ? score_by_models(options, watch) : score_by_model(options, watch);
    watch.begin("writing");
    const auto& scores = found.scores;
    if (as_npy)
        labelerrors::io::write_npy(options.output.path, scores);
    else
    {
        const auto format = options.output.chosen_format();
        output out(options.output);
        if (format == output_format::table)
            write_table(out, found, multi_label);
        else
            write_scores(out, scores,
                         {.num_examples = scores.size(),
                          .num_classes = found.in.pred_probs.num_columns(),
                          .method = options.score.method,
                          .aggregator = multi_label ? options.score.sets.aggregator_text() : "",
                          .weight_by = options.ensemble ? options.weight_by : "",
                          .model_weights = {found.model_weights.data(), found.model_weights.size()}},
                         {.count = scores.size(), .total = scores.size()}, format);
        out.finish();
    }
    options.input.timing.tell(watch, found.num_bytes);
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
    score->add_flag("--ensemble", options->ensemble,
                    "Each file of --pred-probs is a model's, of all rows; the score is the weighted mean of theirs");
    score
        ->add_option("--weight-by", options->weight_by,
                     "With --ensemble: what models count for, accuracy (how often they predict the given label), "
                     "log_loss_search or uniform (default: accuracy)")
        ->check(CLI::IsMember(names_of(weights_of_models)));
    score->callback([options, choose] { choose([options] { run(*options); }); });
}

}  // namespace program
