#ifndef LABELERRORS_PROGRAM_SCORE_OUTPUT_HPP
#define LABELERRORS_PROGRAM_SCORE_OUTPUT_HPP

// How score writes its scores as text.
#include "issue_output.hpp"
#include "output.hpp"
#include <labelerrors/rows/xtensor.hpp>

#include <cstddef>
#include <span>
#include <string>

namespace program
{

/// What is said about scores before them.
struct score_heading
{
    std::size_t num_examples = 0;
    std::size_t num_classes = 0;
    std::string method;
    std::string aggregator = {};                 // of sets of labels; else empty
    std::string weight_by = {};                  // of several models; else empty
    std::span<const double> model_weights = {};  // of several models
};

/// Writes scores, or a process's part of them, as JSON or CSV.
void write_scores(output& out, const xt::xtensor<double, 1>& scores, const score_heading& heading,
                  const listed_part& part, output_format format);

}  // namespace program

#endif
