#ifndef LABELERRORS_CORE_CORE_HPP
#define LABELERRORS_CORE_CORE_HPP

// Confident learning on labels and predicted probabilities. Needs xtensor alone; the latent estimates, which need BLAS,
// are in core/latent.hpp, many annotators in core/annotators.hpp, and errors to plant in core/noise.hpp.
#include <labelerrors/core/calibrate_confident_joint.hpp>
#include <labelerrors/core/class_health.hpp>
#include <labelerrors/core/class_thresholds.hpp>
#include <labelerrors/core/confident_joint.hpp>
#include <labelerrors/core/ensemble_scores.hpp>
#include <labelerrors/core/estimate_joint.hpp>
#include <labelerrors/core/find_label_issues.hpp>
#include <labelerrors/core/health_summary.hpp>
#include <labelerrors/core/label_quality_scores.hpp>
#include <labelerrors/core/multilabel.hpp>
#include <labelerrors/core/num_label_issues.hpp>
#include <labelerrors/core/prune_counts.hpp>
#include <labelerrors/core/rank_label_issues.hpp>
#include <labelerrors/core/reference_cleanlab_1.hpp>
#include <labelerrors/core/round_preserving_sum.hpp>

#endif
