#ifndef LABELERRORS_PROGRAM_FEATURES_HPP
#define LABELERRORS_PROGRAM_FEATURES_HPP

#include "inputs.hpp"
#include "progress.hpp"

#include <CLI/CLI.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace program
{

/// Features, and how out-of-sample probabilities are made of them, in place of --pred-probs.
struct feature_options
{
    std::string features;
    std::vector<std::string> idx;  // images, labels, and so on
    std::string classifier = "logistic_regression";
    std::size_t num_folds = 5;
    std::uint64_t seed = 0;
    double C = 1.0;
    std::size_t num_neighbors = 10;
    std::string save_pred_probs;

    void add_to(CLI::App& app);

    /// Refuses what makes no sense with features, or without. `app` is the subcommand.
    void settle(const CLI::App& app) const;

    [[nodiscard]] bool given() const
    {
        return !features.empty() || !idx.empty();
    }
};

/// What comes of features: inputs as if their probabilities had come from a file.
struct cross_validated
{
    inputs in;
    double accuracy = 0.0;  // the share of the given labels that the classifier agrees with, out of sample
};

/// Reads features and labels and predicts each example by cross-validation. Says on standard error where a fit did not
/// converge. Throws io_error and format_error, and runtime_error that names the files.
[[nodiscard]] cross_validated predict_inputs(const input_options& input, const feature_options& options,
                                             progress& watch);

}  // namespace program

#endif
