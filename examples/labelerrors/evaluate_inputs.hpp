#ifndef LABELERRORS_PROGRAM_EVALUATE_INPUTS_HPP
#define LABELERRORS_PROGRAM_EVALUATE_INPUTS_HPP

#include <labelerrors/evaluation/evaluation.hpp>

#include <CLI/CLI.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace program
{

/// Whose predictions are scored on which labels.
struct evaluate_input_options
{
    std::string dataset;
    std::string root;
    std::string consensus;         // empty: 3
    std::string labels;            // instead of a data set: one's own
    std::string corrected_labels;  // of the same examples
    std::string predictions;
    std::vector<std::string> models;  // NAME=FILE

    void add_to(CLI::App& app);
};

/// All that an evaluation starts from, read and checked.
struct evaluate_inputs
{
    std::string dataset;    // its name; empty for one's own labels
    std::string title;      // what people call it
    std::string consensus;  // "3 of 5"; empty for one's own labels
    labelerrors::evaluation::scored_examples correctable;
    labelerrors::evaluation::scored_examples corrected;
    std::vector<labelerrors::evaluation::model> models;
};

/// Reads everything. Throws CLI::ValidationError for options that do not fit together, else what reading throws.
[[nodiscard]] evaluate_inputs read_evaluate_inputs(const evaluate_input_options& options);

/// The index of the model that a user calls `name`: NAME, NAME_PLATFORM or PLATFORM/NAME, or the beginning of a name up
/// to an underscore; case and separators matter only where models differ in nothing else. Throws CLI::ValidationError
/// where that is no model, or several.
[[nodiscard]] std::size_t find_model(const std::vector<labelerrors::evaluation::model>& models,
                                     const std::string& name);

}  // namespace program

#endif
