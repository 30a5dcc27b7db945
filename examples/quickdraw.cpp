// The label errors of QuickDraw, 50,426,266 drawings: found where its probabilities (33 GB of half precision) are
// there, in as little memory as any other set takes, since they are read block by block. The crowd saw a sample of
// those that the study held for errors; what it says about them holds for all.
//     quickdraw [ROOT [FOLDER]]      a clone of https://github.com/cleanlab/label-errors, a folder for corrected labels
#include "crowd_votes.hpp"
#include "published_files.hpp"
#include <labelerrors/core/core.hpp>
#include <labelerrors/datasets/published_set.hpp>
#include <labelerrors/datasets/quickdraw.hpp>
#include <labelerrors/io/npy_rows.hpp>
#include <labelerrors/report/write_label_issues.hpp>

#include <iostream>

namespace datasets = labelerrors::datasets;
namespace report = labelerrors::report;

int main(int argc, char** argv)
try
{
    const auto root = examples::published_root(argc, argv);
    constexpr auto set = datasets::facts_of<datasets::quickdraw>();
    if (datasets::has_files(set, root, datasets::published_file::pred_probs))
    {
        const auto published = datasets::open_published(set, root);
        const auto issues =
            labelerrors::io::with_matrix(published.pred_probs, [&](const auto& pred_probs)
                                         { return labelerrors::find_label_issues(published.labels, pred_probs); });
        std::cout << set.title << ": " << issues.indices.size() << " label errors in " << issues.num_examples
                  << " drawings\n\n";
        report::write_label_issues(std::cout, issues, set.class_names);
    }
    else
        std::cout << set.title << ": no label errors are sought, since its probabilities are not there\n";

    examples::show_crowd(set, root, examples::corrected_folder(argc, argv));

    const auto figures = datasets::read_vote_figures(set, root);
    std::cout << "\nErrors among all that were suspected, as in the sample: " << figures.estimated_errors << '\n';
}
catch (const std::exception& error)
{
    std::cerr << "quickdraw: error: " << error.what() << '\n';
    return 1;
}
