#ifndef LABELERRORS_CORE_CORE_HPP
#define LABELERRORS_CORE_CORE_HPP

// Confident learning on one label an example and predicted probabilities. Needs xtensor alone. What has an umbrella of
// its own, so that only those compile it who need it: core/multilabel.hpp sets of labels, core/annotators.hpp
// many annotators, core/noise.hpp errors to plant, core/reference_cleanlab_1.hpp the procedures of cleanlab 1.0, and
// core/latent.hpp the latent estimates, which need BLAS.
#include <labelerrors/core/calibrate_confident_joint.hpp>
#include <labelerrors/core/class_health.hpp>
#include <labelerrors/core/class_thresholds.hpp>
#include <labelerrors/core/confident_joint.hpp>
#include <labelerrors/core/ensemble_scores.hpp>
#include <labelerrors/core/estimate_joint.hpp>
#include <labelerrors/core/find_label_issues.hpp>
#include <labelerrors/core/health_summary.hpp>
#include <labelerrors/core/label_quality_scores.hpp>
#include <labelerrors/core/num_label_issues.hpp>
#include <labelerrors/core/prune_counts.hpp>
#include <labelerrors/core/rank_label_issues.hpp>
#include <labelerrors/core/round_preserving_sum.hpp>

#endif
