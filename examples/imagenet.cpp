// The label errors of ImageNet's validation set. The votes call its images by ILSVRC number, which is not their row:
// the library goes by their paths.
//     imagenet [ROOT [FOLDER]]      a clone of https://github.com/cleanlab/label-errors, a folder for corrected labels
#include "published_files.hpp"
#include "show_results.hpp"
#include <labelerrors/core/core.hpp>
#include <labelerrors/datasets/imagenet.hpp>
#include <labelerrors/datasets/published_set.hpp>
#include <labelerrors/io/npy_rows.hpp>

#include <iostream>

int main(int argc, char** argv)
try
{
    using namespace labelerrors;
    const auto root = examples::published_root(argc, argv);
    constexpr auto set = datasets::facts_of<datasets::imagenet>();
    if (datasets::has_files(set, root, datasets::published_file::pred_probs))
    {
        const auto published = datasets::open_published(set, root);
        const io::npy_rows<double> pred_probs(published.pred_probs);
        const auto issues =
            find_label_issues(published.labels, pred_probs, {.rank_by = score_method::normalized_margin});
        examples::show_issues(set, "images", issues);
    }
    else
        examples::show_no_pred_probs(set);

    examples::show_crowd(set, root, examples::corrected_folder(argc, argv));

    // Without the images that show both things, neither of them, or leave people divided.
    using corrections::action;
    const auto clean =
        datasets::correct_published(set, root, consensus::majority{},
                                    {.both = action::drop, .neither = action::drop, .no_agreement = action::drop});
    if (clean.labels)
        std::cout << '\n' << clean.labels->size() << " images whose label stands or is corrected\n";
}
catch (const std::exception& error)
{
    std::cerr << "imagenet: error: " << error.what() << '\n';
    return 1;
}
