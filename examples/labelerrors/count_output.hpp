#ifndef LABELERRORS_PROGRAM_COUNT_OUTPUT_HPP
#define LABELERRORS_PROGRAM_COUNT_OUTPUT_HPP

// What count tells, and how it writes it.
#include "inputs.hpp"
#include "output.hpp"
#include <labelerrors/core/confident_joint.hpp>
#include <labelerrors/core/latent.hpp>

#include <cstddef>

namespace program
{

/// Everything that count prints.
struct counts
{
    std::size_t n = 0;
    std::size_t k = 0;
    xt::xtensor<double, 1> thresholds;
    xt::xtensor<std::int64_t, 2> confident_joint;
    xt::xtensor<std::int64_t, 2> calibrated;
    xt::xtensor<double, 2> joint;
    labelerrors::latent_estimates latent;
    std::size_t off_diagonal = 0;
    std::size_t off_diagonal_calibrated = 0;
};

/// What follows from a confident joint that is not calibrated and the number of issues by the off_diagonal estimate.
[[nodiscard]] counts counts_of(const labelerrors::confident_joint_result& found, std::size_t off_diagonal);

/// Writes it where and how `options` say.
void write_counts(const output_options& options, const counts& found, const inputs& in);

}  // namespace program

#endif
