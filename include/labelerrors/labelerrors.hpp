#ifndef LABELERRORS_LABELERRORS_HPP
#define LABELERRORS_LABELERRORS_HPP

// Everything. labelerrors/core/core.hpp alone needs neither zlib nor BLAS.
#include <labelerrors/concepts.hpp>
#include <labelerrors/core/annotators.hpp>
#include <labelerrors/core/core.hpp>
#include <labelerrors/core/latent.hpp>
#include <labelerrors/core/multilabel.hpp>
#include <labelerrors/core/noise.hpp>
#include <labelerrors/core/reference_cleanlab_1.hpp>
#include <labelerrors/datasets/datasets.hpp>
#include <labelerrors/error.hpp>
#include <labelerrors/evaluation/evaluation.hpp>
#include <labelerrors/io/io.hpp>
#include <labelerrors/model/model.hpp>
#include <labelerrors/report/report.hpp>
#include <labelerrors/rows/rows.hpp>
#include <labelerrors/version.hpp>

#endif
