#ifndef LABELERRORS_EVALUATION_EVALUATION_HPP
#define LABELERRORS_EVALUATION_EVALUATION_HPP

// Models scored on given and on corrected labels, and what more label errors would change.
#include <labelerrors/evaluation/accuracy.hpp>
#include <labelerrors/evaluation/compare_rankings.hpp>
#include <labelerrors/evaluation/competition_ranks.hpp>
#include <labelerrors/evaluation/detection_measures.hpp>
#include <labelerrors/evaluation/draw_prevalence_curves.hpp>
#include <labelerrors/evaluation/evaluate_models.hpp>
#include <labelerrors/evaluation/find_order_changes.hpp>
#include <labelerrors/evaluation/mcnemar_test.hpp>
#include <labelerrors/evaluation/prevalence.hpp>
#include <labelerrors/evaluation/select_examples.hpp>
#include <labelerrors/evaluation/top_k_predictions.hpp>
#include <labelerrors/evaluation/uniform_below.hpp>
#include <labelerrors/evaluation/wilson_interval.hpp>

#endif
