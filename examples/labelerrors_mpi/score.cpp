// labelerrors-mpi score: the label quality score of every example, a piece of them from each rank.
#include "../labelerrors/score_options.hpp"
#include "../labelerrors/score_output.hpp"
#include "pieces.hpp"
#include "rank_commands.hpp"
#include <labelerrors/distributed/mpi.hpp>
#include <labelerrors/io/npy_header.hpp>

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace program
{

namespace
{

namespace distributed = labelerrors::distributed;

struct score_on_ranks
{
    score_options score;
    part_options input;
    output_options output;
};

/// A piece that is a .npy by itself.
void write_array(output& out, const xt::xtensor<double, 1>& scores)
{
    out << labelerrors::io::make_npy_header({.element = labelerrors::io::element_type::f8, .shape = {scores.size()}});
    const auto bytes = std::as_bytes(std::span(scores.data(), scores.size()));
    constexpr std::size_t step = std::size_t{1} << 20;
    for (std::size_t first = 0; first < bytes.size(); first += step)
    {
        const auto some = bytes.subspan(first, std::min(step, bytes.size() - first));
        out << std::string_view(reinterpret_cast<const char*>(some.data()), some.size());
    }
}

void settle(const score_on_ranks& options)
{
    options.score.settle();
    if (options.output.path.empty())
        throw CLI::ValidationError("score needs --output FILE: each rank writes the scores of its rows");
    if (options.output.format == "table")
        throw CLI::ValidationError("--format table is not in labelerrors-mpi score; it has json and csv, and without "
                                   "--format .npy");
    if (!options.input.input.class_names.empty())
        throw CLI::ValidationError("--class-names are shown in tables alone, and the scores of ranks are none");
}

void run(mpi_processes& ranks, const score_on_ranks& options)
{
    settle(options);
    const auto method = options.score.chosen_method();
    const auto adjust = options.score.chosen_adjustment();
    const bool multi_label = options.score.sets.multi_label;
    progress watch;
    watch.begin("reading");
    const auto& input = options.input.input;
    const auto in = open_parts(ranks, options.input, multi_label ? label_kind::sets : label_kind::single);
    const auto scores = with_parts(in, options.input, ranks.size(),
                                   [&](const auto& rows)
                                   {
                                       if (multi_label)
                                           return distributed::multilabel_quality_scores(
                                               ranks, in.sets, rows,
                                               {.method = method,
                                                .adjust_pred_probs = adjust,
                                                .aggregator = options.score.sets.chosen_aggregator(),
                                                .tolerance = input.tolerance,
                                                .threads = input.threads,
                                                .progress = watch.callback()});
                                       return distributed::label_quality_scores(ranks, in.in.labels, rows,
                                                                                {.method = method,
                                                                                 .adjust_pred_probs = adjust,
                                                                                 .tolerance = input.tolerance,
                                                                                 .threads = input.threads,
                                                                                 .progress = watch.callback()});
                                   });
    watch.begin("writing");
    const score_heading heading{in.in.pred_probs.num_rows(), in.in.pred_probs.num_columns(), options.score.method,
                                multi_label ? options.score.sets.aggregator_text() : ""};
    write_pieces(
        ranks, options.output,
        [&](output& out)
        {
            if (options.output.format.empty())
                return write_array(out, scores);
            write_scores(out, scores, heading,
                         part_of_rank(ranks, in.mine.first, scores.size(), heading.num_examples, std::nullopt),
                         options.output.chosen_format());
        },
        "{\"n\":" + std::to_string(heading.num_examples) + ",\"k\":" + std::to_string(heading.num_classes) +
            ",\"method\":\"" + heading.method + "\"");
    if (input.timing.wanted)
        tell_timing(ranks, watch, in.num_bytes());
}

}  // namespace

void add_score(CLI::App& app, const choose_rank_command& choose)
{
    auto options = std::make_shared<score_on_ranks>();
    auto* score =
        app.add_subcommand("score", "Score how likely each label is right: to pieces of --output FILE.npy, or "
                                    "with --format as text");
    options->input.add_to(*score);
    options->output.add_to(*score, default_output::npy);
    options->score.add_to(*score);
    score->callback([options, choose] { choose([options](mpi_processes& ranks) { run(ranks, *options); }); });
}

}  // namespace program
