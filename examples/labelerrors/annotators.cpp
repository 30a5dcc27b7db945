// labelerrors annotators: one label from those of many annotators, and how good it and they are.
#include "annotators_output.hpp"
#include "checks.hpp"
#include "commands.hpp"
#include "inputs.hpp"
#include "model_files.hpp"
#include "output.hpp"
#include "progress.hpp"
#include "targets.hpp"
#include <labelerrors/core/active_learning_scores.hpp>
#include <labelerrors/core/annotators.hpp>
#include <labelerrors/io/npy_rows.hpp>
#include <labelerrors/io/read_class_names.hpp>
#include <labelerrors/rows/any_rows.hpp>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <map>
#include <memory>
#include <optional>
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
    std::string class_names;
    bool softmax = false;
    output_options output;
    std::string consensus = "best_quality";
    std::string quality;  // empty: crowdlab where there are probabilities, else agreement
    bool calibrate_probs = false;
    bool active_learning = false;
    std::vector<std::filesystem::path> pred_probs_unlabeled;
    std::optional<double> tolerance;
    std::size_t threads = 0;
    timing_option timing;

    /// What a message of the library comes down to for someone who gave files.
    [[nodiscard]] std::string explain_here(const std::string& message) const
    {
        return message.find("pred_probs_unlabeled") != std::string::npos
                   ? explain_of_models(message, pred_probs_unlabeled)
                   : explain_of_models(message, pred_probs, labels);
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
    if (options.pred_probs.empty() && options.softmax)
        throw CLI::ValidationError("--softmax is about logits and needs --pred-probs");
    if (options.pred_probs.empty() && options.tolerance)
        throw CLI::ValidationError("--tolerance is about probabilities and needs --pred-probs");
    if (options.pred_probs.empty() && options.active_learning)
        throw CLI::ValidationError("--active-learning needs --pred-probs");
    if (options.pred_probs_unlabeled.empty())
        return;
    if (!options.active_learning)
        throw CLI::ValidationError("--pred-probs-unlabeled needs --active-learning");
    if (options.pred_probs_unlabeled.size() != options.pred_probs.size())
        throw CLI::ValidationError(
            "--pred-probs-unlabeled takes a file for each of --pred-probs, of the same models in "
            "the same order");
    if (options.output.chosen_format() == output_format::csv)
        throw CLI::ValidationError("--pred-probs-unlabeled has no place in a .csv, which has a line for each labelled "
                                   "example; take --format json");
}

[[nodiscard]] annotator_quality_result rate(const xt::xtensor<double, 2>& labels,
                                            const std::vector<labelerrors::any_rows<double>>& models,
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
    return models.empty() ? labelerrors::annotator_agreement(labels, rate)
                          : labelerrors::annotator_quality_ensemble(labels, models, rate);
}

[[nodiscard]] labelerrors::active_learning_scores_result
score_for_learning(const xt::xtensor<double, 2>& labels, const std::vector<labelerrors::any_rows<double>>& models,
                   const std::vector<labelerrors::any_rows<double>>& unlabeled, const annotators_options& options,
                   progress& watch)
{
    labelerrors::pass_options pass{.threads = options.threads, .progress = watch.callback()};
    pass.tolerance = options.tolerance.value_or(pass.tolerance);
    return labelerrors::active_learning_scores_ensemble(labels, models, unlabeled, pass);
}

/// What `of_files` returns; errors of the library name the files.
template <class Function>
[[nodiscard]] auto explained(const annotators_options& options, const Function& of_files)
{
    try
    {
        return of_files();
    }
    catch (const std::invalid_argument& error)
    {
        throw std::runtime_error(options.explain_here(error.what()));
    }
}

void run(annotators_options& options)
{
    settle(options);
    check_targets({printed_or(options.output.path)});
    progress watch;
    watch.begin("reading");
    const auto file = labelerrors::io::open_matrix(std::filesystem::path(options.labels));
    const auto labels = read_whole(file);
    const model_files models(options.pred_probs, options.softmax);
    const model_files unlabeled(options.pred_probs_unlabeled, options.softmax);
    std::vector<std::string> class_names;
    if (!options.class_names.empty() && !models.rows().empty())
        class_names = labelerrors::io::read_class_names(options.class_names, models.rows().front().num_columns());
    auto found = explained(options, [&] { return rate(labels, models.rows(), options, watch); });
    std::optional<labelerrors::active_learning_scores_result> learning;
    if (options.active_learning)
        learning = explained(options, [&]
                             { return score_for_learning(labels, models.rows(), unlabeled.rows(), options, watch); });
    if (!options.class_names.empty() && models.rows().empty())
    {
        // The last classes may be nobody's choice.
        class_names = labelerrors::io::read_class_names(options.class_names, found.num_classes,
                                                        std::numeric_limits<std::size_t>::max());
        found.num_classes = class_names.size();
    }
    watch.begin("writing");
    output out(options.output);
    write_annotators(out, {found, learning, class_names, options.consensus, options.quality},
                     options.output.chosen_format());
    out.finish();
    options.timing.tell(watch, file.num_bytes() + models.num_bytes() + unlabeled.num_bytes());
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
    annotators
        ->add_option("--class-names", options->class_names,
                     "Names of the classes, one a line, in the order of the labels; without --pred-probs there may be "
                     "more of them than the labels use")
        ->type_name("FILE");
    annotators->add_flag("--softmax", options->softmax, "The rows of --pred-probs are logits: apply a softmax to each");
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
    annotators->add_flag(
        "--active-learning", options->active_learning,
        "Also score, by ActiveLab, how little another label of each example would tell: the lowest are "
        "worth one most");
    annotators
        ->add_option(
            "--pred-probs-unlabeled", options->pred_probs_unlabeled,
            "With --active-learning: what the same models, in the same order, predict for examples that nobody "
            "has labelled")
        ->type_name("FILE ...");
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
