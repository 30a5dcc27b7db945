// The label errors of the 20 Newsgroups test set: what all filters agree on, by normalized margin.
//     news20 [ROOT]      ROOT: a clone of https://github.com/cleanlab/label-errors
#include "published_root.hpp"
#include <labelerrors/core/core.hpp>
#include <labelerrors/datasets/datasets.hpp>
#include <labelerrors/io/npy_rows.hpp>
#include <labelerrors/report/report.hpp>

#include <iostream>

int main(int argc, char** argv)
try
{
    using labelerrors::datasets::news20;
    const auto set = labelerrors::datasets::open_published<news20>(examples::published_root(argc, argv));
    const labelerrors::io::npy_rows<double> pred_probs(set.pred_probs);

    const auto find = [&](labelerrors::filter_by filter)
    {
        return labelerrors::find_label_issues(
            set.labels, pred_probs, {.filter_by = filter, .rank_by = labelerrors::score_method::normalized_margin});
    };
    const auto issues = find(labelerrors::filter_by::prune_by_noise_rate);
    std::cout << news20::title << ": " << issues.indices.size() << " label errors in " << issues.num_examples
              << " posts by prune_by_noise_rate, " << find(labelerrors::filter_by::prune_by_class).indices.size()
              << " by prune_by_class, " << find(labelerrors::filter_by::both).indices.size() << " by both\n\n";
    labelerrors::report::write_label_issues(std::cout, issues, news20::class_names);
}
catch (const std::exception& error)
{
    std::cerr << "news20: error: " << error.what() << '\n';
    return 1;
}
