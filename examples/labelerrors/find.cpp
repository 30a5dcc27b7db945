// labelerrors find: the examples whose labels are likely wrong.
#include "choices.hpp"
#include "commands.hpp"
#include "features.hpp"
#include "inputs.hpp"
#include "multilabel.hpp"
#include "output.hpp"
#include <labelerrors/core/find_label_issues.hpp>
#include <labelerrors/core/reference_cleanlab_1.hpp>
#include <labelerrors/io/read_npy.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>

namespace program
{

namespace
{

namespace v1 = labelerrors::reference::cleanlab_1;
using labelerrors::filter_by;
using labelerrors::label_issues;
using labelerrors::score_method;

/// What issues may be ranked by; none: by nothing.
const auto rankings = []
{
    std::map<std::string, std::optional<score_method>> all(score_methods.begin(), score_methods.end());
    all.emplace("none", std::nullopt);
    return all;
}();

struct find_options
{
    input_options input;
    feature_options features;
    output_options output;
    multilabel_options sets;
    std::string filter;
    std::string rank;
    double frac_noise = 1.0;
    std::vector<std::size_t> num_to_remove_per_class;
    std::size_t min_examples_per_class = 1;
    bool adjust_pred_probs = false;
    std::string confident_joint;
    std::string reference = "cleanlab-2";
    std::string num_errors_by;
    std::optional<std::size_t> top;
    CLI::App* app = nullptr;

    [[nodiscard]] bool given(const std::string& option) const
    {
        return app->count(option) != 0;
    }

    void refuse(const std::string& option, const std::string& why) const
    {
        if (given(option))
            throw CLI::ValidationError(option + " " + why);
    }
};

/// Refuses what the procedure of cleanlab 1.0 has not for sets of labels.
void settle_sets_as_cleanlab_1(const find_options& options, bool prunes)
{
    for (const char* option : {"--aggregator", "--confident-joint"})
        options.refuse(option, "is not in --reference cleanlab-1 with --multi-label");
    if (!prunes)
        throw CLI::ValidationError("--filter-by " + options.filter +
                                   " is not in --reference cleanlab-1 with --multi-label; it has "
                                   "prune_by_noise_rate, prune_by_class and both");
    if (options.rank != "normalized_margin" && options.rank != "none")
        throw CLI::ValidationError("--rank-by " + options.rank +
                                   " is not in --reference cleanlab-1 with --multi-label; it has normalized_margin "
                                   "and none");
}

/// Refuses combinations that make no sense and settles what was left open.
void settle(find_options& options)
{
    const bool first = options.reference == "cleanlab-1";
    options.features.settle(*options.app);
    options.sets.settle(*options.app);
    if (options.filter.empty())
        options.filter = first && !options.sets.multi_label ? "low_normalized_margin" : "prune_by_noise_rate";
    const bool prunes =
        options.filter == "prune_by_noise_rate" || options.filter == "prune_by_class" || options.filter == "both";
    if (!prunes)
        for (const char* option :
             {"--frac-noise", "--num-to-remove-per-class", "--min-examples-per-class", "--confident-joint"})
            options.refuse(option, "needs --filter-by prune_by_noise_rate, prune_by_class or both");
    if (!first)
    {
        options.refuse("--num-errors-by", "needs --reference cleanlab-1");
        if (options.rank.empty())
            options.rank = "self_confidence";
        if (options.rank == "confidence_weighted_entropy")
            options.refuse("--adjust-pred-probs", "has no meaning with --rank-by confidence_weighted_entropy");
        return;
    }
    for (const char* option : {"--adjust-pred-probs", "--num-to-remove-per-class", "--min-examples-per-class"})
        options.refuse(option, "is not in --reference cleanlab-1");
    if (options.rank.empty())
        options.rank = "normalized_margin";
    if (!prunes && options.filter != "low_normalized_margin")
        throw CLI::ValidationError("--filter-by " + options.filter +
                                   " is not in --reference cleanlab-1; it has "
                                   "low_normalized_margin (the published study), prune_by_noise_rate, prune_by_class "
                                   "and both");
    if (prunes)
        options.refuse("--num-errors-by", "needs --filter-by low_normalized_margin");
    if (options.sets.multi_label)
        settle_sets_as_cleanlab_1(options, prunes);
    if (options.rank == "confidence_weighted_entropy" || (!prunes && options.rank != "normalized_margin"))
        throw CLI::ValidationError("--rank-by " + options.rank + " is not in --reference cleanlab-1 with --filter-by " +
                                   options.filter);
}

[[nodiscard]] std::optional<xt::xtensor<double, 2>> read_joint(const std::string& path, const inputs& in)
{
    if (path.empty())
        return std::nullopt;
    auto joint = labelerrors::io::read_npy<double, 2>(path);
    try
    {
        labelerrors::detail::require_counts(joint, in.pred_probs.num_columns(), "find", "confident_joint");
    }
    catch (const std::invalid_argument& error)
    {
        throw std::runtime_error(explain(error.what(), path));
    }
    return joint;
}

/// One number for each class, or none.
void require_removals(const find_options& options, const inputs& in)
{
    const std::size_t k = in.pred_probs.num_columns();
    if (!options.num_to_remove_per_class.empty() && options.num_to_remove_per_class.size() != k)
        throw std::runtime_error("--num-to-remove-per-class: has " +
                                 std::to_string(options.num_to_remove_per_class.size()) + " numbers, but " +
                                 in.pred_probs.parts().front().path() + " has " + std::to_string(k) +
                                 " classes; give one number for each, 0 to take none");
}

[[nodiscard]] v1::prune_method prune_method_named(const std::string& filter)
{
    return filter == "both"             ? v1::prune_method::both
           : filter == "prune_by_class" ? v1::prune_method::prune_by_class
                                        : v1::prune_method::prune_by_noise_rate;
}

[[nodiscard]] label_issues find_as_cleanlab_1(const inputs& in, const find_options& options, progress& watch)
{
    const auto& input = options.input;
    if (options.filter == "low_normalized_margin")
        return with_pred_probs(in, input,
                               [&](const auto& rows)
                               {
                                   return v1::published_label_errors(
                                       in.labels, rows,
                                       {.num_errors_by = options.num_errors_by == "prune_by_class"
                                                             ? v1::num_errors_by::prune_by_class
                                                             : v1::num_errors_by::num_label_errors,
                                        .tolerance = input.tolerance,
                                        .threads = input.threads,
                                        .progress = watch.callback()});
                               });
    const auto joint = read_joint(options.confident_joint, in);
    return with_pred_probs(in, input,
                           [&](const auto& rows)
                           {
                               return v1::get_noise_indices(
                                   in.labels, rows,
                                   {.prune_method = prune_method_named(options.filter),
                                    .sorted_index_method = options.rank == "none" ? v1::sorted_index_method::index
                                                           : options.rank == "self_confidence"
                                                               ? v1::sorted_index_method::prob_given_label
                                                               : v1::sorted_index_method::normalized_margin,
                                    .frac_noise = options.frac_noise,
                                    .confident_joint = joint,
                                    .tolerance = input.tolerance,
                                    .threads = input.threads,
                                    .progress = watch.callback()});
                           });
}

[[nodiscard]] label_issues find(const inputs& in, const find_options& options, progress& watch)
{
    if (options.reference == "cleanlab-1")
        return find_as_cleanlab_1(in, options, watch);
    labelerrors::find_label_issues_options find;
    find.filter_by = filters.at(options.filter);
    find.rank_by = rankings.at(options.rank);
    if (options.adjust_pred_probs)
        find.adjust_pred_probs = labelerrors::adjustment::class_thresholds;
    find.frac_noise = options.frac_noise;
    find.min_examples_per_class = options.min_examples_per_class;
    if (!options.num_to_remove_per_class.empty())
        find.num_to_remove_per_class = options.num_to_remove_per_class;
    find.confident_joint = read_joint(options.confident_joint, in);
    find.tolerance = options.input.tolerance;
    find.threads = options.input.threads;
    find.progress = watch.callback();
    return with_pred_probs(in, options.input,
                           [&](const auto& rows) { return labelerrors::find_label_issues(in.labels, rows, find); });
}

void write_json(output& out, const label_issues& issues, const inputs& in, const find_options& options,
                const std::optional<cross_validated>& predicted, std::size_t listed)
{
    out << "{\"n\":" << issues.num_examples << ",\"k\":" << issues.num_classes << ",\"filter_by\":\"" << options.filter
        << "\",\"rank_by\":\"" << options.rank << "\"";
    if (options.reference == "cleanlab-1")
        out << ",\"reference\":\"cleanlab-1\"";
    if (predicted)
        out << ",\"classifier\":\"" << options.features.classifier << "\",\"num_folds\":" << options.features.num_folds
            << ",\"accuracy\":" << predicted->accuracy;
    out << ",\"num_issues\":" << issues.indices.size() << ",\"issues\":[";
    for (std::size_t i = 0; i < listed; ++i)
    {
        out << (i == 0 ? "\n" : ",\n") << "{\"index\":" << issues.indices(i)
            << ",\"given_label\":" << issues.given_labels(i) << ",\"suggested_label\":" << issues.suggested_labels(i);
        if (!in.class_names.empty())
            out << ",\"given_name\":" << json_string(in.class_name(issues.given_labels(i)))
                << ",\"suggested_name\":" << json_string(in.class_name(issues.suggested_labels(i)));
        out << ",\"score\":" << issues.scores(i) << "}";
    }
    out << (listed == 0 ? "]}\n" : "\n]}\n");
}

void write_csv(output& out, const label_issues& issues, const inputs& in, std::size_t listed)
{
    const bool named = !in.class_names.empty();
    out << "index,given_label,suggested_label," << (named ? "given_name,suggested_name,score\n" : "score\n");
    for (std::size_t i = 0; i < listed; ++i)
    {
        out << issues.indices(i) << "," << issues.given_labels(i) << "," << issues.suggested_labels(i) << ",";
        if (named)
            out << csv_field(in.class_name(issues.given_labels(i))) << ","
                << csv_field(in.class_name(issues.suggested_labels(i))) << ",";
        out << issues.scores(i) << "\n";
    }
}

void write_table(output& out, const label_issues& issues, const inputs& in, const find_options& options,
                 const std::optional<cross_validated>& predicted, std::size_t listed)
{
    table rows({"index", "given", "suggested", "score"});
    for (std::size_t i = 0; i < listed; ++i)
        rows.add({std::to_string(issues.indices(i)), in.class_name(issues.given_labels(i)),
                  in.class_name(issues.suggested_labels(i)), to_digits(issues.scores(i), 4)});
    const double share = 100.0 * static_cast<double>(issues.indices.size()) / static_cast<double>(issues.num_examples);
    out << std::to_string(issues.indices.size()) + " label issues in " + std::to_string(issues.num_examples) +
               " examples of " + std::to_string(issues.num_classes) + " classes (" + to_fixed(share, 2) + " %), by " +
               options.filter + ", " +
               (options.rank == "none" ? "in the order of the rows" : "worst " + options.rank + " first") + "\n";
    if (predicted)
        out << "out of sample, " + options.features.classifier + " by " + std::to_string(options.features.num_folds) +
                   " folds agrees with " + to_fixed(100.0 * predicted->accuracy, 1) + " % of the given labels\n";
    if (listed == 0)
        return;
    out << "\n";
    rows.write_to(out);
    if (listed < issues.indices.size())
        out << "\n... and " + std::to_string(issues.indices.size() - listed) + " more; --top N lists N of them\n";
}

/// The same for sets of labels.
void run_with_sets(const find_options& options)
{
    find_sets_options sets;
    sets.filter = options.filter;
    sets.rank = options.rank;
    sets.aggregator = options.sets.aggregator;
    sets.confident_joint = options.confident_joint;
    sets.top = options.top;
    if (options.reference == "cleanlab-1")
        sets.as_cleanlab_1 = prune_method_named(options.filter);
    sets.find.filter_by = filters.at(options.filter);
    sets.find.rank_by = rankings.at(options.rank);
    if (options.adjust_pred_probs)
        sets.find.adjust_pred_probs = labelerrors::adjustment::class_thresholds;
    sets.find.aggregator = options.sets.chosen_aggregator();
    sets.find.frac_noise = options.frac_noise;
    sets.find.min_examples_per_class = options.min_examples_per_class;
    if (!options.num_to_remove_per_class.empty())
        sets.find.num_to_remove_per_class = options.num_to_remove_per_class;
    find_sets(std::move(sets), options.input, options.output);
}

void run(find_options& options)
{
    settle(options);
    if (options.sets.multi_label)
        return run_with_sets(options);
    progress watch;
    watch.begin("reading");
    std::optional<cross_validated> predicted;
    if (options.features.given())
        predicted = predict_inputs(options.input, options.features, watch);
    const auto in = predicted ? predicted->in : open_inputs(options.input);
    require_removals(options, in);
    const auto issues = find(in, options, watch);
    watch.begin("writing");
    const auto format = options.output.chosen_format();
    constexpr std::size_t table_rows = 20;
    const std::size_t all = issues.indices.size();
    const std::size_t listed = std::min(all, options.top.value_or(format == output_format::table ? table_rows : all));
    output out(options.output);
    if (format == output_format::json)
        write_json(out, issues, in, options, predicted, listed);
    else if (format == output_format::csv)
        write_csv(out, issues, in, listed);
    else
        write_table(out, issues, in, options, predicted, listed);
    out.finish();
    if (options.input.timing)
        std::fprintf(stderr, "%s\n", watch.timing(in.num_bytes()).c_str());
}

}  // namespace

void add_find(CLI::App& app, const choose_command& choose)
{
    auto options = std::make_shared<find_options>();
    auto* find = app.add_subcommand("find", "Find the examples whose labels are likely wrong, most severe first");
    options->app = find;
    options->input.add_to(*find, input_requirement::left_to_the_subcommand);
    options->features.add_to(*find);
    options->output.add_to(*find);
    options->sets.add_to(*find);
    find->add_option("--filter-by", options->filter,
                     "Which examples count as issues (default: prune_by_noise_rate; with --reference cleanlab-1: "
                     "low_normalized_margin, with --multi-label prune_by_noise_rate)")
        ->check(CLI::IsMember(names_of(filters)));
    find->add_option("--rank-by", options->rank,
                     "The score that orders the issues; none: by index (default: self_confidence)")
        ->check(CLI::IsMember(names_of(rankings)));
    find->add_option("--frac-noise", options->frac_noise, "The share of each prune quota to take (default: 1)")
        ->check(CLI::Range(0.0, 1.0))
        ->type_name("F");
    find->add_option("--num-to-remove-per-class", options->num_to_remove_per_class,
                     "How many examples of each class to take, one number for each class")
        ->delimiter(',')
        ->check(CLI::NonNegativeNumber)
        ->type_name("A,B,...");
    find->add_option("--min-examples-per-class", options->min_examples_per_class,
                     "Keep at least so many of each class (default: 1)")
        ->check(CLI::NonNegativeNumber)
        ->type_name("N");
    find->add_flag("--adjust-pred-probs", options->adjust_pred_probs,
                   "Rank by probabilities that allow for class imbalance");
    find->add_option("--confident-joint", options->confident_joint,
                     "k x k counts, row: given, column: true label, to prune by instead of those of the data; with "
                     "--multi-label k x 2 x 2, class, given, true")
        ->type_name("FILE");
    find->add_option("--reference", options->reference,
                     "Whose procedure to follow; cleanlab-1 reproduces the published study (default: cleanlab-2)")
        ->check(CLI::IsMember({"cleanlab-1", "cleanlab-2"}));
    find->add_option("--num-errors-by", options->num_errors_by,
                     "With --reference cleanlab-1: how the number of errors is set; prune_by_class is what the study "
                     "did for MNIST (default: num_label_errors)")
        ->check(CLI::IsMember({"num_label_errors", "prune_by_class"}));
    find->add_option("--top", options->top, "List at most N issues (default: all; in a table, 20)")
        ->check(CLI::NonNegativeNumber)
        ->type_name("N");
    find->callback([options, choose] { choose([options] { run(*options); }); });
}

}  // namespace program
