// What `labelerrors report` computes from probabilities; apart from the rest since it takes long to compile.
#include "report_passes.hpp"

#include "choices.hpp"
#include <labelerrors/core/find_label_issues.hpp>
#include <labelerrors/core/find_multilabel_issues.hpp>

namespace program
{

std::vector<std::string> filter_names()
{
    return names_of(filters);
}

std::vector<std::string> rank_names()
{
    return names_of(score_methods);
}

found_errors find_errors(const inputs& in, const input_options& input, const find_errors_options& options,
                         progress& watch)
{
    return with_pred_probs(in, input,
                           [&](const auto& rows)
                           {
                               found_errors found;
                               found.issues = labelerrors::find_label_issues(in.labels, rows,
                                                                             {.filter_by = filters.at(options.filter),
                                                                              .rank_by = score_methods.at(options.rank),
                                                                              .tolerance = input.tolerance,
                                                                              .threads = input.threads,
                                                                              .progress = watch.callback()});
                               found.health = labelerrors::health_summary(in.labels, rows,
                                                                          {.tolerance = input.tolerance,
                                                                           .threads = input.threads,
                                                                           .progress = watch.callback()});
                               return found;
                           });
}

std::vector<labelerrors::report::page_issue> find_set_errors(const labelerrors::io::label_sets& sets, const inputs& in,
                                                             const input_options& input,
                                                             const find_errors_options& options, progress& watch)
{
    const auto found = with_pred_probs(in, input,
                                       [&](const auto& rows)
                                       {
                                           labelerrors::find_multilabel_issues_options find;
                                           find.filter_by = filters.at(options.filter);
                                           find.rank_by = score_methods.at(options.rank);
                                           find.tolerance = input.tolerance;
                                           find.threads = input.threads;
                                           find.progress = watch.callback();
                                           return labelerrors::find_multilabel_issues(sets, rows, find);
                                       });
    std::vector<labelerrors::report::page_issue> issues(found.indices.size());
    for (std::size_t i = 0; i < issues.size(); ++i)
    {
        issues[i].index = found.indices(i);
        issues[i].given_labels = found.given_labels[i];
        issues[i].suggested_labels = found.suggested_labels[i];
        issues[i].score = found.scores(i);
    }
    return issues;
}

xt::xtensor<double, 1> score_examples(const inputs& in, const input_options& input, const find_errors_options& options,
                                      progress& watch)
{
    return with_pred_probs(in, input,
                           [&](const auto& rows)
                           {
                               return labelerrors::label_quality_scores(in.labels, rows,
                                                                        {.method = score_methods.at(options.rank),
                                                                         .tolerance = input.tolerance,
                                                                         .threads = input.threads,
                                                                         .progress = watch.callback()});
                           });
}

}  // namespace program
