#ifndef LABELERRORS_PROGRAM_FIND_OPTIONS_HPP
#define LABELERRORS_PROGRAM_FIND_OPTIONS_HPP

#include "inputs.hpp"
#include "issue_output.hpp"
#include "multilabel.hpp"
#include "output.hpp"
#include <labelerrors/core/find_label_issues.hpp>
#include <labelerrors/core/multilabel_options.hpp>

#include <CLI/CLI.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace program
{

/// What find lets its caller choose about filters and ranking.
struct find_options
{
    multilabel_options sets;
    std::string filter;
    std::string rank;
    double frac_noise = 1.0;
    std::string num_to_remove_per_class;  // numbers with commas between them; empty: not given
    std::size_t min_examples_per_class = 1;
    bool adjust_pred_probs = false;
    std::string confident_joint;
    std::optional<std::size_t> top;
    CLI::App* app = nullptr;  // the subcommand

    void add_to(CLI::App& subcommand);

    [[nodiscard]] bool given(const std::string& option) const
    {
        return app->count(option) != 0;
    }

    /// Refuses an option that was given.
    void refuse(const std::string& option, const std::string& why) const;

    [[nodiscard]] bool prunes() const
    {
        return filter == "prune_by_noise_rate" || filter == "prune_by_class" || filter == "both";
    }

    /// Refuses combinations that make no sense whatever the procedure, once a filter has been chosen.
    void settle() const;

    /// The same for the library's own procedure, where the ranking may still be open.
    void settle_ranking();

    /// The library's options, files read. Throws io_error, format_error and runtime_error as the program shows them.
    [[nodiscard]] labelerrors::find_label_issues_options for_labels(const inputs& in, const input_options& input) const;
    [[nodiscard]] labelerrors::find_multilabel_issues_options for_sets(const inputs& in,
                                                                       const input_options& input) const;

    /// What is said about the list of issues. Further members and lines are left to the caller.
    [[nodiscard]] issue_heading heading(std::size_t num_examples, std::size_t num_classes,
                                        std::size_t num_issues) const;
};

/// The k x k counts of --confident-joint, or none.
[[nodiscard]] std::optional<xt::xtensor<double, 2>> read_joint(const std::string& path, const inputs& in);

}  // namespace program

#endif
