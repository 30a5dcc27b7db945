// The label errors of QuickDraw, 50,426,266 drawings: found where its probabilities (33 GB of half precision) are
// there, in as little memory as any other set takes, since they are read block by block. The crowd saw a sample of
// those that the study held for errors; what it says about them holds for all.
//     quickdraw [ROOT [FOLDER]]      a clone of https://github.com/cleanlab/label-errors, a folder for corrected labels
#include "published_files.hpp"
#include "show_results.hpp"
#include <labelerrors/core/core.hpp>
#include <labelerrors/datasets/published_set.hpp>
#include <labelerrors/datasets/quickdraw.hpp>
#include <labelerrors/io/npy_rows.hpp>

#include <iostream>

int main(int argc, char** argv)
try
{
    using namespace labelerrors;
    const auto root = examples::published_root(argc, argv);
    constexpr auto set = datasets::facts_of<datasets::quickdraw>();
    if (datasets::has_files(set, root, datasets::published_file::pred_probs))
    {
        const auto published = datasets::open_published(set, root);
        const auto issues = io::with_matrix(published.pred_probs, [&](const auto& pred_probs)
                                            { return find_label_issues(published.labels, pred_probs); });
        examples::show_issues(set, "drawings", issues);
    }
    else
        examples::show_no_pred_probs(set);

    examples::show_crowd(set, root, examples::corrected_folder(argc, argv));

    const auto figures = datasets::read_vote_figures(set, root);
    std::cout << "\nErrors among all that were suspected, as in the sample: " << figures.estimated_errors << '\n';
}
catch (const std::exception& error)
{
    std::cerr << "quickdraw: error: " << error.what() << '\n';
    return 1;
}
