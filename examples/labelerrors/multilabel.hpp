#ifndef LABELERRORS_PROGRAM_MULTILABEL_HPP
#define LABELERRORS_PROGRAM_MULTILABEL_HPP

#include "inputs.hpp"
#include "output.hpp"
#include <labelerrors/core/find_multilabel_issues.hpp>
#include <labelerrors/core/reference_cleanlab_1_multilabel.hpp>
#include <labelerrors/io/label_sets.hpp>

#include <CLI/CLI.hpp>

#include <cstddef>
#include <optional>
#include <string>

namespace program
{

/// --multi-label and --aggregator, which find and score share.
struct multilabel_options
{
    bool multi_label = false;
    std::string aggregator;  // as given; empty: exponential_moving_average:0.8

    void add_to(CLI::App& app);

    /// Refuses what makes no sense with, or without, sets of labels. `app` is the subcommand.
    void settle(const CLI::App& app) const;

    /// The function that --aggregator names.
    [[nodiscard]] labelerrors::score_aggregator chosen_aggregator() const;
};

/// Reads the sets of labels of n examples: an object array, a pickled list, or an n x k matrix of 0 and 1.
[[nodiscard]] labelerrors::io::label_sets read_sets(const std::string& path);

/// What find does with sets of labels.
struct find_sets_options
{
    labelerrors::find_multilabel_issues_options find;
    std::optional<labelerrors::reference::cleanlab_1::prune_method> as_cleanlab_1;  // set: by its procedure
    std::string filter;
    std::string rank;
    std::string aggregator;
    std::string confident_joint;
    std::optional<std::size_t> top;
};

void find_sets(find_sets_options options, const input_options& input, const output_options& written);

}  // namespace program

#endif
