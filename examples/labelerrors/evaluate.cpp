// labelerrors evaluate: models scored on given and on corrected labels, and what more label errors would change.
#include "checks.hpp"
#include "commands.hpp"
#include "evaluate_inputs.hpp"
#include "evaluate_output.hpp"
#include "inputs.hpp"
#include "output.hpp"
#include "targets.hpp"
#include <labelerrors/evaluation/evaluation.hpp>

#include <algorithm>
#include <memory>
#include <numeric>

namespace program
{

namespace
{

[[nodiscard]] prevalence_result compare_prevalence(const evaluate_options& options, const evaluate_inputs& in)
{
    prevalence_result result;
    std::vector<evaluation::model> compared;
    const auto names = split_list(options.prevalence);
    if (names.size() < 2)
        throw CLI::ValidationError("--prevalence needs two models or more: A,B");
    for (const std::string& name : names)
    {
        result.models.push_back(find_model(in.models, name));
        compared.push_back(in.models[result.models.back()]);
        if (std::count(result.models.begin(), result.models.end(), result.models.back()) > 1)
            throw CLI::ValidationError("--prevalence names " + title_of(compared.back()) + " twice");
    }
    const auto split = [&](std::size_t i)
    {
        return evaluation::split_by_correction(compared[i].predictions, in.corrected);
    };
    result.crossing = evaluation::find_crossover(split(0), split(1));
    evaluation::prevalence_curves_options drawn{.num_points = options.num_points,
                                                .num_draws = options.num_draws,
                                                .seed = options.seed,
                                                .coverage = options.confidence};
    // As far as there is something to see on either side of the crossover.
    const double own = split(0).prevalence();
    const double crossing = result.crossing ? result.crossing->prevalence : 0.5;
    drawn.max_prevalence = options.max_prevalence.value_or(std::min(1.0, 2.0 * std::max(crossing, own)));
    result.curves = evaluation::draw_prevalence_curves(compared, in.corrected, drawn);
    return result;
}

[[nodiscard]] evaluate_result evaluate(const evaluate_options& options, const evaluate_inputs& in)
{
    const auto& examples = options.subset == "correctable" ? in.correctable : in.corrected;
    if (examples.rows.empty())
        throw std::runtime_error(
            in.title + ": no example is " + options.subset +
            (in.consensus.empty() ? "" : " by " + in.consensus + " votes") +
            (in.dataset.empty() ? "; give the other --subset" : "; give a lower --consensus or the other --subset"));
    evaluate_result result;
    result.table = evaluation::evaluate_models(in.models, examples, {.k = 5, .confidence = options.confidence});
    result.ranked.resize(in.models.size());
    std::iota(result.ranked.begin(), result.ranked.end(), std::size_t{0});
    std::stable_sort(result.ranked.begin(), result.ranked.end(),
                     [&](std::size_t a, std::size_t b)
                     {
                         const auto& models = result.table.models;
                         return models[a].top_1.given.rank.place < models[b].top_1.given.rank.place;
                     });
    result.order_changes = evaluation::find_order_changes(in.models, examples);
    if (!options.prevalence.empty())
        result.prevalence = compare_prevalence(options, in);
    return result;
}

void run(const evaluate_options& options)
{
    if (options.prevalence.empty())
    {
        for (const char* option : {"--points", "--draws", "--seed", "--max-prevalence"})
            if (options.app->count(option) != 0)
                throw CLI::ValidationError(std::string(option) + " needs --prevalence");
    }
    else if (options.num_draws == 0 && options.app->count("--seed") != 0)
        throw CLI::ValidationError("--seed is of the draws, and --draws 0 makes none; leave one of them out");
    const auto format = options.output.chosen_format();
    if (format == output_format::csv && !options.prevalence.empty() && options.figure.empty())
        throw CLI::ValidationError("--prevalence has no place in a .csv, which has a line for each model; add --format "
                                   "json or table, or draw the curves with --figure FILE.svg");
    if (format == output_format::csv && options.prevalence.empty() && options.app->count("--confidence") != 0)
        throw CLI::ValidationError("--confidence has no place in a .csv, which has no intervals; add --format json or "
                                   "table");
    check_targets({printed_or(options.output.path), {"--figure", options.figure}});
    check_ending("--figure", options.figure, ".svg");
    progress watch;
    watch.begin("reading");
    const auto in = read_evaluate_inputs(options.inputs);
    watch.begin("evaluation");
    const auto result = [&]
    {
        try
        {
            return evaluate(options, in);
        }
        catch (const std::invalid_argument& error)
        {
            throw std::runtime_error(explain(error.what(), in.title));
        }
    }();
    watch.begin("writing");
    if (!options.figure.empty())
        write_figure(options, in, result);
    output out(options.output);
    if (format == output_format::json)
        write_json(out, options, in, result);
    else if (format == output_format::csv)
        write_csv(out, result);
    else
        write_tables(out, options, in, result);
    out.finish();
    options.timing.tell(watch);
}

}  // namespace

void add_evaluate(CLI::App& app, const choose_command& choose)
{
    auto options = std::make_shared<evaluate_options>();
    auto* evaluate =
        app.add_subcommand("evaluate", "Score models on given and on corrected labels, and rank them by both");
    options->app = evaluate;
    options->inputs.add_to(*evaluate);
    options->output.add_to(*evaluate);
    options->timing.add_to(*evaluate);
    evaluate
        ->add_option(
            "--subset", options->subset,
            "The examples that models are scored on: the correctable ones, or the corrected test set (default), "
            "which leaves out those that the votes name no single label for")
        ->check(CLI::IsMember({"correctable", "corrected"}));
    evaluate
        ->add_option("--prevalence", options->prevalence,
                     "Add the accuracy of these models as the share of mislabelled examples grows, and where the first "
                     "two change order: NAME, NAME_PLATFORM or PLATFORM/NAME. With --format csv only for --figure")
        ->check(list_of([](const std::string&) { return std::string(); }))
        ->type_name("A,B[,...]");
    evaluate
        ->add_option("--max-prevalence", options->max_prevalence,
                     "Where the curve ends, as a share (default: twice the crossover, or 1)")
        ->check(number_that([](double share) { return share > 0.0 && share <= 1.0; }, "a share above 0 and at most 1"))
        ->type_name("X");
    evaluate->add_option("--points", options->num_points, "Points on the curve (default: 41)")
        ->check(whole_number(2, 1001))
        ->type_name("N");
    evaluate
        ->add_option("--draws", options->num_draws,
                     "How often benign examples are taken away at random, for the band (default: 1000; 0: no band)")
        ->check(whole_number(0, 100000))
        ->type_name("N");
    evaluate->add_option("--seed", options->seed, "Of the draws (default: 0), the same on every machine")
        ->check(whole_number())
        ->type_name("N");
    evaluate
        ->add_option("--confidence", options->confidence,
                     "Of the intervals, and the share of the draws in the band (default: 0.95)")
        ->check(number_that([](double share) { return share > 0.0 && share < 1.0; }, "a share above 0 and below 1"))
        ->type_name("C");
    evaluate
        ->add_option("--figure", options->figure,
                     "Draw the change of ranks, and with --prevalence the curves, to this file")
        ->type_name("FILE.svg");
    evaluate->callback([options, choose] { choose([options] { run(*options); }); });
}

}  // namespace program
