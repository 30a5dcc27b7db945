#ifndef LABELERRORS_CORE_ANNOTATORS_HPP
#define LABELERRORS_CORE_ANNOTATORS_HPP

// Many annotators for each example: one label of theirs, and how good it and they are.
#include <labelerrors/core/active_learning_scores.hpp>
#include <labelerrors/core/annotator_quality.hpp>
#include <labelerrors/core/annotator_votes.hpp>
#include <labelerrors/core/dawid_skene.hpp>
#include <labelerrors/core/majority_vote.hpp>
#include <labelerrors/core/rate_annotators.hpp>

#endif
