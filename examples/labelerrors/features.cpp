// find without predicted probabilities: features and labels in, cross-validated probabilities out.
#include "features.hpp"

#include "checks.hpp"
#include <labelerrors/io/idx.hpp>
#include <labelerrors/io/read_class_names.hpp>
#include <labelerrors/io/write_npy.hpp>
#include <labelerrors/model/cross_val_predict_proba.hpp>
#include <labelerrors/model/k_nearest_neighbors.hpp>
#include <labelerrors/model/logistic_regression.hpp>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <memory>
#include <span>
#include <stdexcept>
#include <utility>

namespace program
{

namespace
{

using labelerrors::any_rows;

/// logistic_regression that counts the fits that did not converge, wherever its copies are.
struct watched_regression
{
    labelerrors::logistic_regression model;
    std::atomic<std::size_t>* num_unfinished;

    template <class Features>
    void fit(const Features& features, std::span<const std::size_t> labels, std::size_t num_classes,
             const labelerrors::fit_options& options = {})
    {
        model.fit(features, labels, num_classes, options);
        if (!model.report().converged)
            ++*num_unfinished;
    }

    template <class Features>
    [[nodiscard]] xt::xtensor<double, 2> predict_proba(const Features& features,
                                                       const labelerrors::predict_options& options = {}) const
    {
        return model.predict_proba(features, options);
    }
};

/// Features and labels, read.
struct examples
{
    xt::xtensor<std::int64_t, 1> labels;
    xt::xtensor<float, 2> pixels;  // of IDX files
    std::string files;             // for a message
    std::size_t num_bytes = 0;
};

/// Reads the images and labels of one or several pairs of IDX files, one after another.
[[nodiscard]] examples read_idx_pairs(const std::vector<std::string>& files)
{
    examples read;
    std::vector<float> pixels;
    std::vector<std::int64_t> labels;
    std::size_t num_pixels = 0;
    for (std::size_t i = 0; i < files.size(); i += 2)
    {
        const auto images = labelerrors::io::read_idx_images(files[i]);
        const auto part = labelerrors::io::read_idx_labels(files[i + 1]);
        if (images.shape()[0] != part.size())
            throw std::runtime_error(files[i] + ", " + files[i + 1] + ": hold " + std::to_string(images.shape()[0]) +
                                     " images and " + std::to_string(part.size()) +
                                     " labels; name the two files of the same examples");
        const std::size_t size = images.shape()[1] * images.shape()[2];
        if (i > 0 && size != num_pixels)
            throw std::runtime_error(files[i] + ": its images have " + std::to_string(size) + " pixels, but those of " +
                                     files[0] + " have " + std::to_string(num_pixels) + "; name parts of one set");
        num_pixels = size;
        std::transform(images.begin(), images.end(), std::back_inserter(pixels),
                       [](std::uint8_t grey) { return static_cast<float>(grey) / 255.0f; });
        labels.insert(labels.end(), part.begin(), part.end());
        read.files += (i == 0 ? "" : ", ") + files[i] + ", " + files[i + 1];
        read.num_bytes += images.size();
    }
    read.labels = xt::xtensor<std::int64_t, 1>::from_shape({labels.size()});
    std::copy(labels.begin(), labels.end(), read.labels.begin());
    read.pixels = xt::xtensor<float, 2>::from_shape({labels.size(), num_pixels});
    std::copy(pixels.begin(), pixels.end(), read.pixels.begin());
    return read;
}

/// The out-of-sample probabilities of rows of either type.
template <class Rows>
[[nodiscard]] xt::xtensor<double, 2> predict(const Rows& rows, const examples& read, const input_options& input,
                                             const feature_options& options, progress& watch)
{
    labelerrors::cross_validation_options folds;
    folds.num_folds = options.num_folds;
    folds.seed = options.seed;
    folds.threads = input.threads;
    folds.progress = watch.callback();
    try
    {
        if (options.classifier == "k_nearest_neighbors")
            return cross_val_predict_proba(
                labelerrors::k_nearest_neighbors({.num_neighbors = options.num_neighbors, .threads = input.threads}),
                rows, read.labels, folds);
        std::atomic<std::size_t> num_unfinished{0};
        const watched_regression model{labelerrors::logistic_regression({.C = options.C, .threads = input.threads}),
                                       &num_unfinished};
        auto pred_probs = cross_val_predict_proba(model, rows, read.labels, folds);
        if (num_unfinished > 0)
            std::fprintf(stderr,
                         "labelerrors: note: %zu of %zu fits did not converge; the probabilities are out of sample all "
                         "the same, a smaller --C makes fits easier\n",
                         num_unfinished.load(), options.num_folds);
        return pred_probs;
    }
    catch (const std::invalid_argument& error)
    {
        throw std::runtime_error(explain(error.what(), read.files));
    }
}

/// The share of the examples whose label is the likeliest.
[[nodiscard]] double accuracy_of(const xt::xtensor<double, 2>& pred_probs, const xt::xtensor<std::int64_t, 1>& labels)
{
    const std::size_t k = pred_probs.shape()[1];
    std::size_t num_right = 0;
    for (std::size_t i = 0; i < labels.size(); ++i)
    {
        const double* const row = pred_probs.data() + i * k;
        num_right += std::max_element(row, row + k) - row == labels(i) ? 1u : 0u;
    }
    return static_cast<double>(num_right) / static_cast<double>(labels.size());
}

}  // namespace

void feature_options::add_to(CLI::App& app)
{
    const std::string group = app.option_defaults()->get_group();
    app.option_defaults()->group("Probabilities from features");
    app.add_option("--features", features,
                   "In place of --pred-probs: features, n x d (.npy, .npz:NAME or .csv), from which the probabilities "
                   "are made by cross-validation")
        ->type_name("FILE");
    app.add_option("--idx", idx,
                   "In place of --labels and --pred-probs: images and labels in IDX files, as MNIST and Fashion-MNIST "
                   "come, plain or gzipped; several pairs are one set, rows in their order")
        ->type_name("IMAGES LABELS ...");
    app.add_option("--classifier", classifier, "What predicts from features (default: logistic_regression)")
        ->check(CLI::IsMember({"logistic_regression", "k_nearest_neighbors"}));
    app.add_option("--folds", num_folds, "How many folds to cross-validate by (default: 5)")
        ->check(whole_number(2))
        ->type_name("N");
    app.add_option("--seed", seed, "Which examples go into a fold together (default: 0)")
        ->check(whole_number())
        ->type_name("S");
    app.add_option("--C", C,
                   "logistic_regression: the weight of the loss against the penalty of the weights; less of it keeps "
                   "mislabelled examples from being learnt by heart (default: 1)")
        ->check(number_that([](double weight) { return weight > 0.0 && std::isnormal(weight); }, "above 0"))
        ->type_name("C");
    app.add_option("--neighbors", num_neighbors, "k_nearest_neighbors: how many (default: 10)")
        ->check(whole_number(1))
        ->type_name("N");
    app.add_option("--save-pred-probs", save_pred_probs, "Keep the cross-validated probabilities in this file (.npy)")
        ->type_name("FILE");
    app.option_defaults()->group(group);
}

void feature_options::settle(const CLI::App& app) const
{
    const auto refuse = [&](const std::string& option, const std::string& why)
    {
        if (app.count(option) != 0)
            throw CLI::ValidationError(option + " " + why);
    };
    if (!given())
    {
        for (const char* option : {"--classifier", "--folds", "--seed", "--C", "--neighbors", "--save-pred-probs"})
            refuse(option, "needs --features or --idx");
        for (const char* option : {"--labels", "--pred-probs"})
            if (app.count(option) == 0)
                throw CLI::ValidationError(std::string(option) +
                                           " is required, unless --features or --idx says what to learn from");
        return;
    }
    const std::string source = features.empty() ? "--idx" : "--features";
    for (const char* option : {"--pred-probs", "--softmax", "--tolerance", "--multi-label"})
        refuse(option, "has no meaning with " + source);
    if (!features.empty())
    {
        refuse("--idx", "has no meaning with --features");
        if (app.count("--labels") == 0)
            throw CLI::ValidationError("--labels is required with --features");
    }
    else
    {
        refuse("--labels", "has no meaning with --idx, which names the labels itself");
        if (idx.size() % 2 != 0)
            throw CLI::ValidationError("--idx takes images and labels in turn, so an even number of files, not " +
                                       std::to_string(idx.size()));
    }
    if (classifier == "k_nearest_neighbors")
        refuse("--C", "needs --classifier logistic_regression");
    else
        refuse("--neighbors", "needs --classifier k_nearest_neighbors");
}

cross_validated predict_inputs(const input_options& input, const feature_options& options, progress& watch)
{
    examples read;
    xt::xtensor<double, 2> pred_probs;
    if (!options.idx.empty())
    {
        read = read_idx_pairs(options.idx);
        const auto& pixels = read.pixels;
        const any_rows<float> rows(
            labelerrors::memory_rows<float>(pixels.data(), pixels.shape()[0], pixels.shape()[1], pixels.shape()[1]));
        pred_probs = predict(rows, read, input, options, watch);
    }
    else
    {
        read.labels = labelerrors::io::read_labels(input.labels);
        read.files = input.labels + ", " + options.features;
        const auto file = labelerrors::io::open_matrix(options.features);
        read.num_bytes = file.num_bytes();
        pred_probs =
            file.fits_in_float()
                ? predict(any_rows<float>(labelerrors::io::npy_rows<float>(file)), read, input, options, watch)
                : predict(any_rows<double>(labelerrors::io::npy_rows<double>(file)), read, input, options, watch);
    }
    if (!options.save_pred_probs.empty())
        labelerrors::io::write_npy(options.save_pred_probs, pred_probs);

    const double accuracy = accuracy_of(pred_probs, read.labels);
    const auto kept = std::make_shared<const xt::xtensor<double, 2>>(std::move(pred_probs));
    const labelerrors::io::npy_array array({.shape = {kept->shape()[0], kept->shape()[1]}},
                                           std::as_bytes(std::span(kept->data(), kept->size())), kept,
                                           options.idx.empty() ? options.features : options.idx.front());
    cross_validated result{{std::move(read.labels), labelerrors::io::matrix_file({array}), {}, read.num_bytes},
                           accuracy};
    if (!input.class_names.empty())
        result.in.class_names = labelerrors::io::read_class_names(input.class_names, kept->shape()[1]);
    return result;
}

}  // namespace program
