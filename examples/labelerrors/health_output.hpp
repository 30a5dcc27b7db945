#ifndef LABELERRORS_PROGRAM_HEALTH_OUTPUT_HPP
#define LABELERRORS_PROGRAM_HEALTH_OUTPUT_HPP

#include "inputs.hpp"
#include "output.hpp"
#include <labelerrors/core/health_summary.hpp>
#include <labelerrors/core/multilabel_health.hpp>

namespace program
{

/// Writes what health tells where and how `options` say.
void write_health(const output_options& options, const labelerrors::label_health& found, const inputs& in);
void write_health(const output_options& options, const labelerrors::multilabel_health_summary& found, const inputs& in);

}  // namespace program

#endif
