#ifndef LABELERRORS_PROGRAM_ANNOTATORS_OUTPUT_HPP
#define LABELERRORS_PROGRAM_ANNOTATORS_OUTPUT_HPP

#include "output.hpp"
#include <labelerrors/core/active_learning_scores.hpp>
#include <labelerrors/core/annotator_quality.hpp>

#include <optional>
#include <string>
#include <vector>

namespace program
{

/// What there is to tell of annotators.
struct rated_annotators
{
    const labelerrors::annotator_quality_result& found;
    const std::optional<labelerrors::active_learning_scores_result>& learning;
    const std::vector<std::string>& class_names;  // k, or none
    const std::string& consensus_method;
    const std::string& quality_method;
};

/// Writes the consensus and the annotators; a table has the annotators, and the examples that another label is worth
/// most for, a .csv the examples.
void write_annotators(output& out, const rated_annotators& rated, output_format format);

}  // namespace program

#endif
