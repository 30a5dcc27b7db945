// labelerrors annotators: one label from those of many annotators, and how good it and they are.
#include "checks.hpp"
#include "commands.hpp"
#include "inputs.hpp"
#include "output.hpp"
#include "progress.hpp"
#include "targets.hpp"
#include <labelerrors/core/annotators.hpp>
#include <labelerrors/io/npy_rows.hpp>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace program
{

namespace
{

using labelerrors::annotator_quality_options;
using labelerrors::annotator_quality_result;
using labelerrors::consensus_method;
using labelerrors::quality_method;

const std::map<std::string, consensus_method> consensus_methods{{"best_quality", consensus_method::best_quality},
                                                                {"majority_vote", consensus_method::majority_vote},
                                                                {"dawid_skene", consensus_method::dawid_skene}};

struct annotators_options
{
    std::string labels;
    std::vector<std::filesystem::path> pred_probs;
    output_options output;
    std::string consensus = "best_quality";
    std::string quality;  // empty: crowdlab where there are probabilities, else agreement
    bool calibrate_probs = false;
    std::optional<double> tolerance;
    std::size_t threads = 0;
    timing_option timing;

    /// The files, for a message.
    [[nodiscard]] std::string names() const
    {
        std::string text = labels;
        for (const auto& path : pred_probs)
            text += ", " + path.string();
        return text;
    }
};

/// A matrix as a whole; annotators' labels are few.
[[nodiscard]] xt::xtensor<double, 2> read_whole(const labelerrors::io::matrix_file& file)
{
    const labelerrors::io::npy_rows<double> rows(file);
    auto matrix = xt::xtensor<double, 2>::from_shape({rows.num_rows(), rows.num_columns()});
    std::vector<double> buffer;
    for (std::size_t i = 0; i < rows.num_rows(); ++i)
        std::copy_n(rows.read(i, 1, buffer), rows.num_columns(),
                    matrix.begin() + static_cast<std::ptrdiff_t>(i * rows.num_columns()));
    return matrix;
}

/// Settles what was left open and refuses what makes no sense.
void settle(annotators_options& options)
{
    if (options.quality.empty())
        options.quality = options.pred_probs.empty() ? "agreement" : "crowdlab";
    if (options.pred_probs.empty() && options.quality == "crowdlab")
        throw CLI::ValidationError("--quality-method crowdlab needs --pred-probs; without them there is agreement");
    if (options.pred_probs.empty() && options.calibrate_probs)
        throw CLI::ValidationError("--calibrate-probs needs --pred-probs");
    if (options.pred_probs.empty() && options.tolerance)
        throw CLI::ValidationError("--tolerance is about probabilities and needs --pred-probs");
}

template <class Values>
void write_list(output& out, const char* key, const Values& values)
{
    out << ",\n\"" << key << "\":[";
    for (std::size_t i = 0; i < values.size(); ++i)
        out << (i == 0 ? "" : ",") << values[i];
    out << "]";
}

void write_json(output& out, const annotator_quality_result& found, const annotators_options& options)
{
    out << "{\"n\":" << found.consensus_label.size() << ",\"m\":" << found.annotators.size()
        << ",\"k\":" << found.num_classes << ",\"consensus_method\":\"" << options.consensus
        << "\",\"quality_method\":\"" << options.quality << "\"";
    write_list(out, "consensus_label", found.consensus_label);
    write_list(out, "consensus_quality_score", found.consensus_quality_score);
    write_list(out, "annotator_agreement", found.annotator_agreement);
    write_list(out, "num_annotations", found.num_annotations);
    out << ",\n\"annotators\":[";
    for (std::size_t i = 0; i < found.annotators.size(); ++i)
    {
        const auto& one = found.annotators[i];
        out << (i == 0 ? "\n" : ",\n") << "{\"annotator\":" << one.annotator
            << ",\"annotator_quality\":" << one.annotator_quality
            << ",\"num_examples_labeled\":" << one.num_examples_labeled
            << ",\"agreement_with_consensus\":" << one.agreement_with_consensus
            << ",\"worst_class\":" << one.worst_class << "}";
    }
    out << "\n]";
    if (found.model_weights.empty())
        out << ",\n\"model_weight\":null,\n\"annotator_weight\":null";
    else
    {
        if (found.model_weights.size() == 1)
            out << ",\n\"model_weight\":" << found.model_weights.front();
        else
            write_list(out, "model_weight", found.model_weights);
        write_list(out, "annotator_weight", found.annotator_weights);
    }
    if (!found.temperatures.empty())
        write_list(out, "temperature", found.temperatures);
    out << "}\n";
}

void write_csv(output& out, const annotator_quality_result& found)
{
    out << "index,consensus_label,consensus_quality_score,annotator_agreement,num_annotations\n";
    for (std::size_t i = 0; i < found.consensus_label.size(); ++i)
        out << i << "," << found.consensus_label(i) << "," << found.consensus_quality_score(i) << ","
            << found.annotator_agreement(i) << "," << found.num_annotations(i) << "\n";
}

void write_table(output& out, const annotator_quality_result& found, const annotators_options& options)
{
    out << std::to_string(found.consensus_label.size()) + " examples of " + std::to_string(found.num_classes) +
               " classes, labelled by " + std::to_string(found.annotators.size()) + " annotators; consensus by " +
               options.consensus + ", quality by " + options.quality + ", the worst annotators first\n\n";
    table rows({"annotator", "quality", "labelled", "agreement", "worst class"});
    for (const auto& one : found.annotators)
        rows.add({std::to_string(one.annotator),
                  one.annotator_quality == one.annotator_quality ? to_fixed(one.annotator_quality, 4) : "-",
                  std::to_string(one.num_examples_labeled), to_fixed(one.agreement_with_consensus, 4),
                  std::to_string(one.worst_class)});
    rows.write_to(out);
}

[[nodiscard]] annotator_quality_result rate(const xt::xtensor<double, 2>& labels,
                                            std::span<const labelerrors::io::npy_rows<double>> models,
                                            const annotators_options& options, progress& watch)
{
    annotator_quality_options rate;
    rate.consensus_method = consensus_methods.at(options.consensus);
    rate.quality_method = options.quality == "crowdlab" ? quality_method::crowdlab : quality_method::agreement;
    if (options.calibrate_probs)
        rate.calibrate = labelerrors::temperature_calibration::to_votes;
    rate.tolerance = options.tolerance.value_or(rate.tolerance);
    rate.threads = options.threads;
    rate.progress = watch.callback();
    try
    {
        return models.empty() ? labelerrors::annotator_agreement(labels, rate)
                              : labelerrors::annotator_quality_ensemble(labels, models, rate);
    }
    catch (const std::invalid_argument& error)
    {
        throw std::runtime_error(explain(error.what(), options.names(), offered_options::tolerance));
    }
}

void run(annotators_options& options)
{
    settle(options);
    check_targets({{"--output", options.output.path}});
    progress watch;
    watch.begin("reading");
    const auto file = labelerrors::io::open_matrix(std::filesystem::path(options.labels));
    std::size_t num_bytes = file.num_bytes();
    const auto labels = read_whole(file);
    std::vector<labelerrors::io::npy_rows<double>> models;
    for (const auto& path : options.pred_probs)
    {
        const auto model = labelerrors::io::open_matrix(path);
        num_bytes += model.num_bytes();
        models.emplace_back(model);
    }
    const auto found = rate(labels, models, options, watch);
    watch.begin("writing");
    output out(options.output);
    const auto format = options.output.chosen_format();
    if (format == output_format::json)
        write_json(out, found, options);
    else if (format == output_format::csv)
        write_csv(out, found);
    else
        write_table(out, found, options);
    out.finish();
    options.timing.tell(watch, num_bytes);
}

}  // namespace

void add_annotators(CLI::App& app, const choose_command& choose)
{
    auto options = std::make_shared<annotators_options>();
    auto* annotators = app.add_subcommand(
        "annotators", "Make one label of those of many annotators, and tell how good it and they are");
    annotators
        ->add_option("--labels", options->labels,
                     "n x m labels, a row for each example and a column for each annotator, NaN where not labelled "
                     "(.npy, .npz:NAME or .csv)")
        ->required()
        ->type_name("FILE");
    annotators
        ->add_option("--pred-probs", options->pred_probs,
                     "The predicted probabilities, n x k, out of sample; several files are an ensemble of models")
        ->type_name("FILE ...");
    options->output.add_to(*annotators);
    annotators
        ->add_option("--consensus-method", options->consensus,
                     "How labels become one: best_quality, majority_vote or dawid_skene (default: best_quality)")
        ->check(CLI::IsMember({"best_quality", "majority_vote", "dawid_skene"}));
    annotators
        ->add_option("--quality-method", options->quality,
                     "How quality is told (default: crowdlab, or agreement without --pred-probs)")
        ->check(CLI::IsMember({"crowdlab", "agreement"}));
    annotators->add_flag("--calibrate-probs", options->calibrate_probs,
                         "First bring each model to the temperature that fits the labels best");
    annotators
        ->add_option("--tolerance", options->tolerance,
                     "How far a probability may leave [0, 1], and a row sum 1, before it is an error (default: 1e-4)")
        ->check(tolerance_check())
        ->type_name("T");
    annotators->add_option("--threads", options->threads, "Threads to use; 0: all that the machine has (default)")
        ->check(threads_check())
        ->type_name("N");
    options->timing.add_to(*annotators);
    annotators->callback([options, choose] { choose([options] { run(*options); }); });
}

}  // namespace program
