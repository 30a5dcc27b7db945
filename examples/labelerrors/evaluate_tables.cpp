// labelerrors evaluate: the result as tables and as a figure.
#include "evaluate_output.hpp"
#include <labelerrors/report/draw_prevalence.hpp>
#include <labelerrors/report/draw_rank_changes.hpp>

#include <algorithm>
#include <cmath>
#include <sstream>
#include <utility>

namespace program
{

namespace
{

namespace report = labelerrors::report;

[[nodiscard]] std::string percent(double share)
{
    return to_fixed(100.0 * share, 2);
}

[[nodiscard]] std::string as_text(const evaluation::rank& rank)
{
    return std::to_string(rank.place) + (rank.num_tied > 1 ? "=" : "");
}

[[nodiscard]] std::string as_text(const evaluation::confidence_interval& interval)
{
    return percent(interval.lower) + " to " + percent(interval.upper);
}

/// One accuracy of every model that has it: `score_of` gives it, or null.
template <class ScoreOf>
void write_scores(output& out, const evaluate_options& options, const evaluate_result& result, const char* name,
                  const ScoreOf& score_of)
{
    const std::string interval = to_digits(100.0 * options.confidence, 4) + " % interval";
    table rows({"model", "platform", name, interval, "corrected", interval, "rank", "corrected"});
    bool has_rows = false;
    for (const std::size_t i : result.ranked)
    {
        const auto& model = result.table.models[i];
        const evaluation::score_change* const score = score_of(model);
        if (score == nullptr)
            continue;
        rows.add({model.name, model.platform, percent(score->given.accuracy.value()), as_text(score->given.interval),
                  percent(score->corrected.accuracy.value()), as_text(score->corrected.interval),
                  as_text(score->given.rank), as_text(score->corrected.rank)});
        has_rows = true;
    }
    if (!has_rows)
        return;
    out << "\n";
    rows.write_to(out);
}

void write_models(output& out, const evaluate_options& options, const evaluate_inputs& in,
                  const evaluate_result& result)
{
    out << in.title + ": accuracy by given and by corrected labels in %, on " +
               std::to_string(result.table.num_examples) + " examples" +
               (options.subset == "correctable" ? ", the correctable ones" : ", the corrected test set") +
               (in.consensus.empty() ? "" : " by " + in.consensus + " votes") + "\n";
    using evaluation::model_evaluation;
    write_scores(out, options, result, "top 1", [](const model_evaluation& model) { return &model.top_1; });
    write_scores(out, options, result, "top 5",
                 [](const model_evaluation& model) { return model.top_k ? &*model.top_k : nullptr; });
}

void write_changes(output& out, const evaluate_inputs& in, const evaluate_result& result)
{
    const auto& change = result.table.top_1_change;
    if (in.models.size() < 2)
        return;
    out << "\nKendall's tau-b of the two rankings: " +
               (change.agreement.tau_b ? to_fixed(*change.agreement.tau_b, 3) : std::string("none, all are tied")) +
               "\n";
    std::string moves;
    for (std::size_t i = 0; i < std::min<std::size_t>(3, change.moves.size()); ++i)
        if (change.moves[i].places() != 0)
            moves += (moves.empty() ? "" : ", ") + title_of(in.models[change.moves[i].index]) + " from " +
                     as_text(change.moves[i].before) + " to " + as_text(change.moves[i].after);
    out << "Largest moves: " + (moves.empty() ? std::string("none") : moves) + "\n";
    std::size_t beyond_noise = 0;
    for (const auto& one : result.order_changes)
        beyond_noise += one.given.p_value < 0.05 && one.corrected.p_value < 0.05 ? 1U : 0U;
    out << "Pairs whose order is reversed: " + std::to_string(result.order_changes.size()) + " of " +
               std::to_string(in.models.size() * (in.models.size() - 1) / 2) +
               "; both orders beyond noise (McNemar, p < 0.05 each): " + std::to_string(beyond_noise) + "\n";
}

void write_prevalence(output& out, const evaluate_options& options, const evaluate_inputs& in,
                      const prevalence_result& found)
{
    const double own = found.curves.models.front().prevalence();
    const auto name = [&](std::size_t i)
    {
        return title_of(in.models[found.models[i]]);
    };
    out << "\n" + std::to_string(found.curves.num_correctable) + " correctable and " +
               std::to_string(found.curves.num_benign) + " benign examples: " + percent(own) + " % were mislabelled\n";
    if (found.crossing)
    {
        const std::size_t leader = found.crossing->a_leads_below ? 1 : 0;
        out << name(leader) + " overtakes " + name(1 - leader) + " at " + percent(found.crossing->prevalence) + " %, " +
                   to_fixed(std::abs(100.0 * (found.crossing->prevalence - own)), 2) + " points " +
                   (found.crossing->prevalence > own ? "above" : "below") + " that\n";
    }
    else
        out << name(0) + " and " + name(1) + " do not change order at any share\n";
    const bool has_draws = options.num_draws != 0;
    if (has_draws)
        out << "Behind each accuracy the band of " + to_digits(100.0 * options.confidence, 4) + " % of " +
                   std::to_string(options.num_draws) + " draws, and in how many % of them the model is best\n";
    std::vector<std::string> titles{"mislabelled %", "benign left"};
    for (std::size_t i = 0; i < found.models.size(); ++i)
    {
        titles.push_back(name(i) + " %");
        if (has_draws)
            titles.push_back("best");
    }
    table rows(std::move(titles));
    const auto& points = found.curves.points;
    const std::size_t step = std::max<std::size_t>(1, (points.size() - 1) / 10);
    for (std::size_t p = 0; p < points.size(); p += step)
    {
        std::vector<std::string> cells{percent(points[p].prevalence), std::to_string(points[p].num_benign)};
        for (std::size_t i = 0; i < found.models.size(); ++i)
        {
            const auto& at = points[p].models[i];
            cells.push_back(percent(at.expected));
            if (!has_draws)
                continue;
            cells.back() += " (" + as_text(evaluation::confidence_interval{at.lower, at.upper}) + ")";
            cells.push_back(to_fixed(100.0 * points[p].share_best[i], 1));
        }
        rows.add(std::move(cells));
    }
    out << "\n";
    rows.write_to(out);
}

}  // namespace

void write_tables(output& out, const evaluate_options& options, const evaluate_inputs& in,
                  const evaluate_result& result)
{
    write_models(out, options, in, result);
    write_changes(out, in, result);
    if (result.prevalence)
        write_prevalence(out, options, in, *result.prevalence);
}

void write_figure(const evaluate_options& options, const evaluate_inputs& in, const evaluate_result& result)
{
    std::vector<report::svg_drawing> drawings;
    const std::string of =
        in.title + ", " + std::to_string(result.table.num_examples) + " " +
        (options.subset == "correctable" ? "correctable examples" : "examples of the corrected set") +
        (in.consensus.empty() ? "" : " by " + in.consensus + " votes");
    if (in.models.size() > 1)
        drawings.push_back(report::draw_rank_changes(result.table, {.title = "Ranks before and after: " + of}));
    if (result.prevalence)
    {
        if (result.prevalence->curves.points.size() < 2)
            throw CLI::ValidationError("--figure draws curves, and up to --max-prevalence each has a single point: the "
                                       "test set as it is; give a larger share");
        std::vector<std::string> names;
        for (const std::size_t i : result.prevalence->models)
            names.push_back(title_of(in.models[i]));
        drawings.push_back(report::draw_prevalence(result.prevalence->curves, names,
                                                   {.title = "If more labels had been wrong: " + in.title}));
    }
    if (drawings.empty())
        throw CLI::ValidationError("--figure needs two models or more: there is no ranking of one");
    std::ostringstream text;
    report::write_svg(text, drawings, in.title + ": models on given and on corrected labels");
    output file(output_options{.path = options.figure, .format = {}});
    file << text.str();
    file.finish();
}

}  // namespace program
