// The label errors of Caltech-256, whose photographs often show two of its classes: where the crowd says that both
// labels are right, the example gets both, as a row of a matrix with two ones.
//     caltech256 [ROOT [FOLDER]]      a clone of https://github.com/cleanlab/label-errors, a folder for corrected
//     labels
#include "published_files.hpp"
#include "show_results.hpp"
#include <labelerrors/core/core.hpp>
#include <labelerrors/datasets/caltech256.hpp>
#include <labelerrors/datasets/published_set.hpp>
#include <labelerrors/io/npy_rows.hpp>

#include <iostream>

int main(int argc, char** argv)
try
{
    using namespace labelerrors;
    const auto root = examples::published_root(argc, argv);
    constexpr auto set = datasets::facts_of<datasets::caltech256>();
    if (datasets::has_files(set, root, datasets::published_file::pred_probs))
    {
        const auto published = datasets::open_published(set, root);
        const io::npy_rows<double> pred_probs(published.pred_probs);
        const auto issues = find_label_issues(published.labels, pred_probs);
        examples::show_issues(set, "photographs", issues);
    }
    else
        examples::show_no_pred_probs(set);

    examples::show_crowd(set, root, examples::corrected_folder(argc, argv));

    using corrections::action;
    const auto both = datasets::correct_published(set, root, consensus::majority{},
                                                  {.both = action::multi_label, .neither = action::multi_label});
    const auto path = examples::corrected_folder(argc, argv) / "caltech256_label_matrix.npy";
    datasets::write_label_matrix(path, both, set.num_classes);
    std::cout << '\n'
              << both.set_rows.size() << " photographs have both labels or none in " << path.filename().string()
              << '\n';
}
catch (const std::exception& error)
{
    std::cerr << "caltech256: error: " << error.what() << '\n';
    return 1;
}
