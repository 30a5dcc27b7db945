#ifndef LABELERRORS_MODEL_MODEL_HPP
#define LABELERRORS_MODEL_MODEL_HPP

// From features to label errors: folds, cross-validation by any classifier, built-in classifiers, texts as features.
// Needs BLAS; with a classifier of one's own, model/cross_val_predict_proba.hpp does not.
#include <labelerrors/model/classifier.hpp>
#include <labelerrors/model/cross_val_predict_proba.hpp>
#include <labelerrors/model/features.hpp>
#include <labelerrors/model/find_label_issues_in_features.hpp>
#include <labelerrors/model/hashing_bag_of_words.hpp>
#include <labelerrors/model/k_nearest_neighbors.hpp>
#include <labelerrors/model/learn_with_noisy_labels.hpp>
#include <labelerrors/model/logistic_regression.hpp>
#include <labelerrors/model/sparse_features.hpp>
#include <labelerrors/model/stratified_folds.hpp>

#endif
