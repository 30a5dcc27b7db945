#ifndef LABELERRORS_PROGRAM_EVALUATE_OUTPUT_HPP
#define LABELERRORS_PROGRAM_EVALUATE_OUTPUT_HPP

#include "evaluate_inputs.hpp"
#include "output.hpp"
#include "timing.hpp"
#include <labelerrors/evaluation/evaluation.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace program
{

namespace evaluation = labelerrors::evaluation;

struct evaluate_options
{
    evaluate_input_options inputs;
    output_options output;
    timing_option timing;
    std::string subset = "corrected";
    std::string figure;
    double confidence = 0.95;
    std::string prevalence;  // names with commas between them
    std::optional<double> max_prevalence;
    std::size_t num_points = 41;
    std::size_t num_draws = 1000;
    std::uint64_t seed = 0;
    CLI::App* app = nullptr;  // the subcommand
};

/// Two models or more as the share of correctable examples grows.
struct prevalence_result
{
    std::vector<std::size_t> models;  // indices of those that are compared
    evaluation::prevalence_curves curves;
    std::optional<evaluation::crossover> crossing;  // of the first two
};

/// All that is printed.
struct evaluate_result
{
    evaluation::evaluation_table table;
    std::vector<std::size_t> ranked;  // models by rank, then name
    std::vector<evaluation::order_change> order_changes;
    std::optional<prevalence_result> prevalence;
};

[[nodiscard]] inline std::string title_of(const evaluation::model& model)
{
    return model.name + " (" + model.platform + ")";
}

void write_json(output& out, const evaluate_options& options, const evaluate_inputs& in, const evaluate_result& result);

/// The models alone; the other results are in JSON and the tables.
void write_csv(output& out, const evaluate_result& result);

void write_tables(output& out, const evaluate_options& options, const evaluate_inputs& in,
                  const evaluate_result& result);

/// The change of ranks and the curves, to options.figure.
void write_figure(const evaluate_options& options, const evaluate_inputs& in, const evaluate_result& result);

}  // namespace program

#endif
