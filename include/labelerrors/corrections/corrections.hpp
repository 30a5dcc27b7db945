#ifndef LABELERRORS_CORRECTIONS_CORRECTIONS_HPP
#define LABELERRORS_CORRECTIONS_CORRECTIONS_HPP

// Decisions from votes, applied to labels.
#include <labelerrors/corrections/annotated_examples.hpp>
#include <labelerrors/corrections/apply_decisions.hpp>
#include <labelerrors/corrections/correct_label_sets.hpp>
#include <labelerrors/corrections/correct_labels.hpp>
#include <labelerrors/corrections/decide.hpp>

#endif
