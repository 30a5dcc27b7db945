#ifndef LABELERRORS_PROGRAM_FIND_SETS_HPP
#define LABELERRORS_PROGRAM_FIND_SETS_HPP

#include "find_options.hpp"
#include "inputs.hpp"
#include "output.hpp"
#include <labelerrors/core/reference_cleanlab_1_pruning.hpp>

#include <optional>

namespace program
{

/// What find does with sets of labels. `as_cleanlab_1`: set where that procedure is followed.
void find_sets(const find_options& options,
               std::optional<labelerrors::reference::cleanlab_1::prune_method> as_cleanlab_1,
               const input_options& input, const output_options& written);

}  // namespace program

#endif
