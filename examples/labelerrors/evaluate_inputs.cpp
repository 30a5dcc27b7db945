// What labelerrors evaluate starts from: labels before and after correction, and what models predict.
#include "evaluate_inputs.hpp"

#include "dataset_options.hpp"
#include "inputs.hpp"
#include "output.hpp"
#include <labelerrors/corrections/corrections.hpp>
#include <labelerrors/datasets/model_predictions.hpp>
#include <labelerrors/datasets/published_set.hpp>
#include <labelerrors/datasets/registry.hpp>
#include <labelerrors/datasets/votes_file.hpp>
#include <labelerrors/io/element_type.hpp>
#include <labelerrors/io/matrix_file.hpp>
#include <labelerrors/io/npy_array.hpp>
#include <labelerrors/io/npy_rows.hpp>
#include <labelerrors/io/read_labels.hpp>
#include <labelerrors/io/read_npy.hpp>

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <set>
#include <stdexcept>
#include <utility>

namespace program
{

namespace
{

namespace corrections = labelerrors::corrections;
namespace datasets = labelerrors::datasets;
namespace evaluation = labelerrors::evaluation;
namespace io = labelerrors::io;

/// The second accuracy is that of the five likeliest labels.
constexpr std::size_t top_k = 5;

/// The examples that are to be predicted.
struct test_set
{
    std::string title;
    std::size_t num_examples = 0;
    std::size_t num_classes = 0;    // 0: not known
    std::size_t least_classes = 2;  // that there are, as the labels tell
};

/// Calls `read()` and lets what it finds wrong with the values in `file` name the file and a remedy.
template <class Read>
[[nodiscard]] auto naming(const std::filesystem::path& file, const std::string& remedy, const Read& read)
{
    try
    {
        return read();
    }
    catch (const std::invalid_argument& error)
    {
        throw std::runtime_error(explain(error.what(), file.string()) + "; " + remedy);
    }
}

/// What a model's own file of predictions holds.
[[nodiscard]] evaluation::top_k_predictions read_own_predictions(const std::filesystem::path& path, const test_set& set)
{
    const auto array = io::open_array(path);
    const auto& shape = array.header().shape;
    const bool is_column = io::is_csv(path) && shape.back() == 1;
    if (shape.size() == 1 || is_column)
        // A pipe can be read only once.
        return evaluation::from_labels(io::is_csv(path) ? io::read_labels(path) : io::read_labels(array),
                                       set.num_classes);
    if (shape.size() != 2)
        throw labelerrors::shape_error("predictions: must have 1 or 2 dimensions, not " + std::to_string(shape.size()));
    if (array.header().element <= io::element_type::f8)
    {
        if (set.num_classes != 0 && shape[1] != set.num_classes)
            throw labelerrors::shape_error("predictions: probabilities must have a column for each of the " +
                                           std::to_string(set.num_classes) + " classes, but have " +
                                           std::to_string(shape[1]));
        if (shape[1] < set.least_classes)
            throw labelerrors::shape_error("predictions: probabilities must have a column for each class, at least " +
                                           std::to_string(set.least_classes) + " for these labels, but have " +
                                           std::to_string(shape[1]));
        return io::with_matrix(io::matrix_file({array}),
                               [](const auto& rows) { return evaluation::from_pred_probs(rows, top_k); });
    }
    const auto labels = io::read_npy<std::int64_t, 2>(array);
    const auto scores = datasets::scores_beside(path);
    if (!scores)
        return evaluation::from_ranked_labels(labels, set.num_classes);
    if (!std::filesystem::exists(*scores))
        throw labelerrors::io_error(scores->string(),
                                    "no such file, but " + path.filename().string() +
                                        " is there, whose name says that it is not sorted: put the scores beside it, "
                                        "or sort the labels, the likeliest first, and give the file another name");
    return naming(
        *scores, "the scores of " + path.filename().string() + " are read from there, by its name",
        [&] { return evaluation::from_scored_labels(labels, io::read_npy<double, 2>(*scores), set.num_classes); });
}

/// Says where a model predicts classes that no label is of: they may count from another number.
void note_unknown_classes(const evaluation::top_k_predictions& read, const std::filesystem::path& path,
                          const test_set& set)
{
    std::size_t num_unknown = 0;
    for (std::size_t i = 0; set.num_classes == 0 && i < read.num_examples; ++i)
        num_unknown += std::cmp_greater_equal(read.row(i).front(), set.least_classes) ? 1U : 0U;
    if (num_unknown != 0)
        std::fprintf(stderr,
                     "labelerrors: note: %s: %zu of %zu predictions are of classes that no label is of, which are 0 to "
                     "%zu; do the model's classes count from another number?\n",
                     printable(path.string()).c_str(), num_unknown, read.num_examples, set.least_classes - 1);
}

[[nodiscard]] evaluation::model read_own_model(const std::string& text, const test_set& set)
{
    const auto separator = text.find('=');
    if (separator == std::string::npos || separator == 0 || separator + 1 == text.size())
        throw CLI::ValidationError("--model " + text + " must be NAME=FILE.npy");
    const std::filesystem::path path = text.substr(separator + 1);
    evaluation::model own{"own", text.substr(0, separator), {}};
    const std::string n = std::to_string(set.num_examples);
    own.predictions =
        naming(path,
               "save what is predicted for the " + n + " examples of " + set.title + ": labels (" + n +
                   "), the likeliest labels (" + n + " x k, the likeliest first) or probabilities (" + n + " x " +
                   (set.num_classes == 0 ? "classes" : std::to_string(set.num_classes)) + ")",
               [&]
               {
                   auto read = read_own_predictions(path, set);
                   note_unknown_classes(read, path, set);
                   if (read.num_examples != set.num_examples)
                       throw labelerrors::shape_error("predictions: there are predictions for " +
                                                      std::to_string(read.num_examples) + " examples, not for " + n);
                   return read;
               });
    return own;
}

void add_published_models(std::vector<evaluation::model>& models, const datasets::dataset_facts& set,
                          const std::string& directory)
{
    for (const auto& files : datasets::find_model_predictions(set, directory))
    {
        const auto stored = datasets::read_model_predictions(set, files);
        models.push_back(
            {files.platform, files.name,
             naming(files.labels.string() + ", " + files.scores.filename().string(),
                    "get the files again, or leave this model out",
                    [&] { return evaluation::from_scored_labels(stored.labels, stored.scores, set.num_classes); })});
    }
}

/// A published set: its labels, corrected by its votes.
[[nodiscard]] test_set read_published(const evaluate_input_options& options, evaluate_inputs& in)
{
    const auto& set = datasets::find_dataset(options.dataset);
    if (set.dialect == datasets::votes_dialect::label_sets)
        throw CLI::ValidationError("--dataset " + options.dataset +
                                   " has a set of labels for each example; models are scored on sets with one");
    const auto policy = policy_named(options.consensus.empty() ? "3" : options.consensus);
    const auto labels = datasets::read_published_labels(set, options.root);
    const auto checked = datasets::read_votes(set, options.root);
    const auto decided = corrections::correct_labels(labels, checked, policy);
    in.dataset = set.name;
    in.title = set.title;
    in.consensus = policy.name();
    in.correctable = evaluation::select_examples(labels, decided.corrections, evaluation::example_subset::correctable);
    in.corrected = evaluation::select_examples(labels, decided.corrections, evaluation::example_subset::corrected);
    return {in.title, set.num_examples, set.num_classes};
}

/// One's own labels before and after correction.
[[nodiscard]] test_set read_own_labels(const evaluate_input_options& options, evaluate_inputs& in)
{
    const auto given = io::read_labels(options.labels);
    const auto corrected = io::read_labels(options.corrected_labels);
    in.title = options.labels;
    const auto select = [&](evaluation::example_subset which)
    {
        return naming(options.labels + ", " + options.corrected_labels,
                      "give the labels of the same examples before and after correction, in the same order",
                      [&] { return evaluation::select_examples(given, corrected, which); });
    };
    in.correctable = select(evaluation::example_subset::correctable);
    in.corrected = select(evaluation::example_subset::corrected);
    std::size_t least_classes = 2;
    for (const auto* labels : {&given, &corrected})
        for (const std::int64_t label : *labels)
            least_classes = std::max(least_classes, static_cast<std::size_t>(label) + 1);
    return {in.title, given.size(), 0, least_classes};
}

/// Lower case, with an underscore for whatever separates words.
[[nodiscard]] std::string plain_name(const std::string& name)
{
    std::string plain;
    for (const char c : name)
        plain += std::isalnum(static_cast<unsigned char>(c)) != 0
                     ? static_cast<char>(std::tolower(static_cast<unsigned char>(c)))
                     : '_';
    return plain;
}

}  // namespace

void evaluate_input_options::add_to(CLI::App& app)
{
    std::vector<std::string> names(datasets::dataset_names.begin(), datasets::dataset_names.end());
    app.add_option("--dataset", dataset, "The test set, with --root")->check(CLI::IsMember(names));
    app.add_option("--root", root, "A clone of https://github.com/cleanlab/label-errors, or the folder that holds it")
        ->type_name("DIR");
    app.add_option("--consensus", consensus, "How many of the 5 votes decide (default: 3, the majority)")
        ->check(CLI::IsMember({"3", "4", "5", "majority", "unanimous"}));
    app.add_option("--labels", labels, "Instead of --dataset: the labels of a test set of one's own, as given")
        ->type_name("FILE");
    app.add_option("--corrected-labels", corrected_labels,
                   "With --labels: the labels of the same examples after correction; where they differ is correctable")
        ->type_name("FILE");
    app.add_option("--predictions", predictions,
                   "A directory of MODEL_PLATFORM_DATASET_top5preds.npy and _top5probs.npy, as published at "
                   "github.com/cgnorthcutt/benchmarking-keras-pytorch, or the folder that holds it")
        ->type_name("DIR");
    app.add_option("--model", models,
                   "A model of one's own (platform: own), may be repeated: labels (n), the likeliest labels (n x k, "
                   "the likeliest "
                   "first, or in any order as X_topKpreds.npy with the scores in X_topKprobs.npy) or probabilities "
                   "(n x classes)")
        ->type_name("NAME=FILE.npy")
        ->take_all()
        ->allow_extra_args(false);
}

evaluate_inputs read_evaluate_inputs(const evaluate_input_options& options)
{
    const bool is_published = !options.dataset.empty();
    if (is_published == !options.labels.empty())
        throw CLI::ValidationError("either --dataset with --root or --labels with --corrected-labels is needed, and "
                                   "not both");
    if (is_published == options.root.empty() || is_published == !options.corrected_labels.empty())
        throw CLI::ValidationError(is_published ? "--dataset goes with --root, and not with --corrected-labels"
                                                : "--labels goes with --corrected-labels, and not with --root");
    if (!is_published && !options.consensus.empty())
        throw CLI::ValidationError("--consensus is about votes and needs --dataset");
    if (options.predictions.empty() && options.models.empty())
        throw CLI::ValidationError("--predictions DIR or --model NAME=FILE.npy is needed: whose predictions to score");
    if (!is_published && !options.predictions.empty())
        throw CLI::ValidationError("--predictions goes with --dataset, whose name its files bear; give models of "
                                   "one's own with --model");
    std::set<std::string> names;
    for (const std::string& text : options.models)
        if (const auto name = text.substr(0, text.find('=')); !names.insert(name).second)
            throw CLI::ValidationError("--model names " + name + " twice; give each its own name");
    evaluate_inputs in;
    const test_set set = is_published ? read_published(options, in) : read_own_labels(options, in);
    if (!options.predictions.empty())
        add_published_models(in.models, datasets::find_dataset(options.dataset), options.predictions);
    for (const std::string& text : options.models)
        in.models.push_back(read_own_model(text, set));
    return in;
}

std::size_t find_model(const std::vector<evaluation::model>& models, const std::string& name)
{
    const auto is_called = [&](const evaluation::model& one, const auto& form)
    {
        const std::string model = form(one.name);
        const std::string platform = form(one.platform);
        const std::string wanted = form(name);
        return wanted == model || wanted == model + "_" + platform || wanted == platform + form("/") + model;
    };
    const auto meant = [&](const auto& is_meant)
    {
        std::vector<std::size_t> indices;
        for (std::size_t i = 0; i < models.size(); ++i)
            if (is_meant(models[i]))
                indices.push_back(i);
        return indices;
    };
    auto found = meant([&](const auto& one) { return is_called(one, [](const std::string& text) { return text; }); });
    if (found.empty())
        found = meant([&](const auto& one) { return is_called(one, plain_name); });
    if (found.empty())
        found = meant([&](const auto& one) { return plain_name(one.name).starts_with(plain_name(name) + "_"); });
    if (found.size() == 1)
        return found.front();
    const bool is_unknown = found.empty();
    if (is_unknown)
        found = meant([](const auto&) { return true; });
    std::string names;
    for (const std::size_t i : found)
        names += (names.empty() ? "" : is_unknown ? ", " : " or ") + models[i].name + "_" + models[i].platform;
    throw CLI::ValidationError("--prevalence " + name +
                               (is_unknown ? " is no model; there are " : " is several models: say ") + names);
}

}  // namespace program
