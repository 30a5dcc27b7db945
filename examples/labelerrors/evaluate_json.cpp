// labelerrors evaluate: the result as JSON and as lines of .csv.
#include "evaluate_output.hpp"
#include <labelerrors/io/json.hpp>

#include <nlohmann/json.hpp>

#include <string>
#include <utility>

namespace program
{

namespace
{

using json = nlohmann::ordered_json;

[[nodiscard]] json as_json(const evaluation::confidence_interval& interval)
{
    return {interval.lower, interval.upper};
}

[[nodiscard]] json as_json(const evaluation::mcnemar_result& test)
{
    return {{"only_a_correct", test.only_a_correct},
            {"only_b_correct", test.only_b_correct},
            {"p_value", test.p_value},
            {"method", evaluation::name_of(test.method)}};
}

[[nodiscard]] json name_as_json(const evaluation::model_evaluation& model)
{
    return {{"platform", model.platform}, {"model", model.name}};
}

[[nodiscard]] json as_json(const evaluation::model_evaluation& model)
{
    json object = name_as_json(model);
    const auto* const top_1 = &model.top_1;
    const auto* const top_5 = model.top_k ? &*model.top_k : nullptr;
    const auto value = [](const evaluation::score_change* scores, auto part, auto read) -> json
    {
        return scores == nullptr ? json(nullptr) : json(read(scores->*part));
    };
    const auto add = [&](const std::string& start, const std::string& end, auto read)
    {
        for (const auto& [name, scores] : {std::pair{std::string("1"), top_1}, std::pair{std::string("5"), top_5}})
        {
            object[start + name + end] = value(scores, &evaluation::score_change::given, read);
            object["corrected_" + start + name + end] = value(scores, &evaluation::score_change::corrected, read);
        }
    };
    using score = evaluation::model_score;
    add("acc", "", [](const score& one) { return one.accuracy.value(); });
    add("rank", "", [](const score& one) { return one.rank.place; });
    add("rank", "_tied", [](const score& one) { return one.rank.num_tied; });
    add("acc", "_correct", [](const score& one) { return one.accuracy.num_correct; });
    add("acc", "_interval", [](const score& one) { return as_json(one.interval); });
    return object;
}

[[nodiscard]] json as_json(const evaluation::ranking_change& change, const evaluation::evaluation_table& table)
{
    json moves = json::array();
    for (const auto& move : change.moves)
    {
        json one = name_as_json(table.models[move.index]);
        one["rank"] = move.before.place;
        one["corrected_rank"] = move.after.place;
        one["places_gained"] = move.places();
        moves.push_back(std::move(one));
    }
    const auto& tau = change.agreement;
    return {{"kendall_tau_b", tau.tau_b ? json(*tau.tau_b) : json(nullptr)},
            {"concordant_pairs", tau.num_concordant},
            {"discordant_pairs", tau.num_discordant},
            {"moves", std::move(moves)}};
}

void add_prevalence(json& object, const prevalence_result& found, const evaluate_options& options,
                    const evaluation::evaluation_table& table)
{
    json models = json::array();
    for (std::size_t i = 0; i < found.models.size(); ++i)
    {
        const auto& split = found.curves.models[i];
        json one = name_as_json(table.models[found.models[i]]);
        one["acc_correctable"] = split.correctable.value();
        one["acc_benign"] = split.benign.value();
        models.push_back(std::move(one));
    }
    json curve = json::array();
    for (const auto& point : found.curves.points)
    {
        json accuracies = json::array();
        json bands = json::array();
        for (const auto& model : point.models)
        {
            accuracies.push_back(model.expected);
            bands.push_back({model.lower, model.upper});
        }
        curve.push_back({{"prevalence", point.prevalence},
                         {"num_benign", point.num_benign},
                         {"accuracy", std::move(accuracies)},
                         {"band", std::move(bands)},
                         {"share_best", point.share_best}});
    }
    object["prevalence"] = {{"models", std::move(models)},
                            {"prevalence", found.curves.models.front().prevalence()},
                            {"num_correctable", found.curves.num_correctable},
                            {"num_benign", found.curves.num_benign},
                            {"draws", options.num_draws},
                            {"seed", options.seed},
                            {"coverage", options.confidence}};
    object["curve"] = std::move(curve);
    object["crossover"] = found.crossing ? json(found.crossing->prevalence) : json(nullptr);
    if (found.crossing)
    {
        const std::size_t leader = found.crossing->a_leads_below ? 1 : 0;
        object["overtaking"] = name_as_json(table.models[found.models[leader]]);
        object["overtaken"] = name_as_json(table.models[found.models[1 - leader]]);
    }
}

}  // namespace

void write_json(output& out, const evaluate_options& options, const evaluate_inputs& in, const evaluate_result& result)
{
    json object;
    object["dataset"] = in.dataset.empty() ? json(nullptr) : json(in.dataset);
    object["consensus"] = in.consensus.empty() ? json(nullptr) : json(in.consensus);
    object["subset"] = options.subset;
    object["n"] = result.table.num_examples;
    object["num_correctable"] = in.correctable.rows.size();
    object["num_benign"] = in.corrected.rows.size() - in.correctable.rows.size();
    object["confidence"] = options.confidence;
    json models = json::array();
    for (const std::size_t i : result.ranked)
        models.push_back(as_json(result.table.models[i]));
    object["models"] = std::move(models);
    object["top1"] = as_json(result.table.top_1_change, result.table);
    object["top5"] = result.table.top_k_change ? as_json(*result.table.top_k_change, result.table) : json(nullptr);
    json changes = json::array();
    for (const auto& one : result.order_changes)
        changes.push_back({{"a", name_as_json(result.table.models[one.model_a])},
                           {"b", name_as_json(result.table.models[one.model_b])},
                           {"given", as_json(one.given)},
                           {"corrected", as_json(one.corrected)}});
    object["order_changes"] = std::move(changes);
    if (result.prevalence)
        add_prevalence(object, *result.prevalence, options, result.table);
    out << labelerrors::io::to_json_text(object) + "\n";
}

void write_csv(output& out, const evaluate_result& result)
{
    out << "platform,model,acc1,corrected_acc1,acc5,corrected_acc5,rank1,corrected_rank1,rank5,corrected_rank5\n";
    for (const std::size_t i : result.ranked)
    {
        const auto& model = result.table.models[i];
        out << csv_field(model.platform) + "," + csv_field(model.name) + "," +
                   to_text(model.top_1.given.accuracy.value()) + "," + to_text(model.top_1.corrected.accuracy.value()) +
                   ",";
        out << (model.top_k ? to_text(model.top_k->given.accuracy.value()) + "," +
                                  to_text(model.top_k->corrected.accuracy.value())
                            : std::string(","));
        out << "," + std::to_string(model.top_1.given.rank.place) + "," +
                   std::to_string(model.top_1.corrected.rank.place) + ",";
        out << (model.top_k ? std::to_string(model.top_k->given.rank.place) + "," +
                                  std::to_string(model.top_k->corrected.rank.place)
                            : std::string(","))
            << "\n";
    }
}

}  // namespace program
