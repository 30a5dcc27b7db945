#ifndef LABELERRORS_CORE_XBLAS_CONFIG_HPP
#define LABELERRORS_CORE_XBLAS_CONFIG_HPP

// Whoever includes xtensor-blas includes this before: xtensor-blas 0.21, Debian 13's, reads its own settings only after
// the choice that they make, and then multiplies matrices by plain loops, tens of times slower than BLAS.
#include <xtensor-blas/xblas_config.hpp>

#endif
