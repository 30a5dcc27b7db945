#ifndef LABELERRORS_CORE_MULTILABEL_HPP
#define LABELERRORS_CORE_MULTILABEL_HPP

// Confident learning on sets of labels: every class is a question of its own.
#include <labelerrors/core/class_sets.hpp>
#include <labelerrors/core/find_multilabel_issues.hpp>
#include <labelerrors/core/multilabel_confident_joint.hpp>
#include <labelerrors/core/multilabel_health.hpp>
#include <labelerrors/core/multilabel_quality_scores.hpp>
#include <labelerrors/core/predict_label_sets.hpp>
#include <labelerrors/core/reference_cleanlab_1_multilabel.hpp>
#include <labelerrors/core/score_aggregators.hpp>

#endif
