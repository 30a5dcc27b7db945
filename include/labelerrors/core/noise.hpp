#ifndef LABELERRORS_CORE_NOISE_HPP
#define LABELERRORS_CORE_NOISE_HPP

// Errors to plant in labels that are right, to measure what is found of them.
#include <labelerrors/core/generate_noise_matrix.hpp>
#include <labelerrors/core/generate_noisy_labels.hpp>

#endif
