// The label errors of ImageNet's validation set. The votes call its images by ILSVRC number, which is not their row:
// the library goes by their paths.
//     imagenet [ROOT [FOLDER]]      a clone of https://github.com/cleanlab/label-errors, a folder for corrected labels
#include "crowd_votes.hpp"
#include "published_files.hpp"
#include <labelerrors/core/core.hpp>
#include <labelerrors/datasets/imagenet.hpp>
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
    constexpr auto set = datasets::facts_of<datasets::imagenet>();
    if (datasets::has_files(set, root, datasets::published_file::pred_probs))
    {
        const auto published = datasets::open_published(set, root);
        const labelerrors::io::npy_rows<double> pred_probs(published.pred_probs);
        const auto issues = labelerrors::find_label_issues(published.labels, pred_probs,
                                                           {.rank_by = labelerrors::score_method::normalized_margin});
        std::cout << set.title << ": " << issues.indices.size() << " label errors in " << issues.num_examples
                  << " images\n\n";
        report::write_label_issues(std::cout, issues, set.class_names);
    }
    else
        std::cout << set.title << ": no label errors are sought, since its probabilities are not there\n";

    examples::show_crowd(set, root, examples::corrected_folder(argc, argv));

    // Without the images that show both things, neither of them, or leave people divided.
    using labelerrors::corrections::action;
    const auto clean =
        datasets::correct_published(set, root, labelerrors::consensus::majority{},
                                    {.both = action::drop, .neither = action::drop, .no_agreement = action::drop});
    if (clean.labels)
        std::cout << '\n' << clean.labels->size() << " images whose label stands or is corrected\n";
}
catch (const std::exception& error)
{
    std::cerr << "imagenet: error: " << error.what() << '\n';
    return 1;
}
