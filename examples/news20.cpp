// The label errors of the 20 Newsgroups test set by normalized margin, and how many other filters find. Its posts are
// files of 20news-bydate-test, whose order the library computes.
//     news20 [ROOT [FOLDER]]      a clone of https://github.com/cleanlab/label-errors, a folder for corrected labels
#include "published_files.hpp"
#include "show_results.hpp"
#include <labelerrors/core/core.hpp>
#include <labelerrors/datasets/news20.hpp>
#include <labelerrors/datasets/published_set.hpp>
#include <labelerrors/io/npy_rows.hpp>

#include <iostream>

int main(int argc, char** argv)
try
{
    using namespace labelerrors;
    const auto root = examples::published_root(argc, argv);
    constexpr auto set = datasets::facts_of<datasets::news20>();
    const auto published = datasets::open_published(set, root);
    const io::npy_rows<double> pred_probs(published.pred_probs);

    const auto find = [&](filter_by filter)
    {
        return find_label_issues(published.labels, pred_probs,
                                 {.filter_by = filter, .rank_by = score_method::normalized_margin});
    };
    examples::show_issues(set, "posts by prune_by_noise_rate", find(filter_by::prune_by_noise_rate));
    std::cout << "\nBy prune_by_class " << find(filter_by::prune_by_class).indices.size() << ", by both "
              << find(filter_by::both).indices.size() << '\n';
    examples::show_crowd(set, root, examples::corrected_folder(argc, argv));
}
catch (const std::exception& error)
{
    std::cerr << "news20: error: " << error.what() << '\n';
    return 1;
}
