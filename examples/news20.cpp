// The label errors of the 20 Newsgroups test set: what all filters agree on, by normalized margin. Its posts are files
// of 20news-bydate-test, whose order the library computes.
//     news20 [ROOT [FOLDER]]      a clone of https://github.com/cleanlab/label-errors, a folder for corrected labels
#include "crowd_votes.hpp"
#include "published_files.hpp"
#include <labelerrors/core/core.hpp>
#include <labelerrors/datasets/news20.hpp>
#include <labelerrors/datasets/published_set.hpp>
#include <labelerrors/io/npy_rows.hpp>
#include <labelerrors/report/write_label_issues.hpp>

#include <iostream>

namespace datasets = labelerrors::datasets;
namespace report = labelerrors::report;

int main(int argc, char** argv)
try
{
    const auto root = examples::published_root(argc, argv);
    constexpr auto set = datasets::facts_of<datasets::news20>();
    const auto published = datasets::open_published(set, root);
    const labelerrors::io::npy_rows<double> pred_probs(published.pred_probs);

    const auto find = [&](labelerrors::filter_by filter)
    {
        return labelerrors::find_label_issues(
            published.labels, pred_probs,
            {.filter_by = filter, .rank_by = labelerrors::score_method::normalized_margin});
    };
    const auto issues = find(labelerrors::filter_by::prune_by_noise_rate);
    std::cout << set.title << ": " << issues.indices.size() << " label errors in " << issues.num_examples
              << " posts by prune_by_noise_rate, " << find(labelerrors::filter_by::prune_by_class).indices.size()
              << " by prune_by_class, " << find(labelerrors::filter_by::both).indices.size() << " by both\n\n";
    report::write_label_issues(std::cout, issues, set.class_names);

    examples::show_crowd(set, root, examples::corrected_folder(argc, argv));
}
catch (const std::exception& error)
{
    std::cerr << "news20: error: " << error.what() << '\n';
    return 1;
}
