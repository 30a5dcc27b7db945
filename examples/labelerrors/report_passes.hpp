#ifndef LABELERRORS_PROGRAM_REPORT_PASSES_HPP
#define LABELERRORS_PROGRAM_REPORT_PASSES_HPP

#include "inputs.hpp"
#include <labelerrors/core/health_summary.hpp>
#include <labelerrors/core/label_issues.hpp>
#include <labelerrors/core/label_quality_scores.hpp>
#include <labelerrors/io/label_sets.hpp>
#include <labelerrors/report/page.hpp>

#include <string>
#include <vector>

namespace program
{

/// What `labelerrors report` looks for.
struct find_errors_options
{
    std::string filter = "prune_by_noise_rate";
    std::string rank = "self_confidence";
};

/// The words of --filter-by and --rank-by.
[[nodiscard]] std::vector<std::string> filter_names();
[[nodiscard]] std::vector<std::string> rank_names();

/// The label issues, and how good the labels are.
struct found_errors
{
    labelerrors::label_issues issues;
    labelerrors::label_health health;
};

/// Everything of a page that takes a pass over the probabilities.
[[nodiscard]] found_errors find_errors(const inputs& in, const input_options& input, const find_errors_options& options,
                                       progress& watch);

/// The label issues of examples with sets of labels.
[[nodiscard]] std::vector<labelerrors::report::page_issue> find_set_errors(const labelerrors::io::label_sets& sets,
                                                                           const inputs& in, const input_options& input,
                                                                           const find_errors_options& options,
                                                                           progress& watch);

/// The score of every example, of the kind that find_errors ranks by.
[[nodiscard]] xt::xtensor<double, 1> score_examples(const inputs& in, const input_options& input,
                                                    const find_errors_options& options, progress& watch);

}  // namespace program

#endif
