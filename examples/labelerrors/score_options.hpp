#ifndef LABELERRORS_PROGRAM_SCORE_OPTIONS_HPP
#define LABELERRORS_PROGRAM_SCORE_OPTIONS_HPP

#include "multilabel.hpp"
#include <labelerrors/core/label_quality_scores.hpp>

#include <CLI/CLI.hpp>

#include <string>

namespace program
{

/// What score lets its caller choose about the scores.
struct score_options
{
    multilabel_options sets;
    std::string method = "self_confidence";
    bool adjust_pred_probs = false;
    CLI::App* app = nullptr;  // the subcommand

    void add_to(CLI::App& subcommand);

    /// Refuses combinations that make no sense.
    void settle() const;

    [[nodiscard]] labelerrors::score_method chosen_method() const;
    [[nodiscard]] labelerrors::adjustment chosen_adjustment() const;
};

}  // namespace program

#endif
