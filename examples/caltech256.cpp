// The label errors of Caltech-256, whose photographs often show two of its classes: where the crowd says that both
// labels are right, the example gets both, as a row of a matrix with two ones.
//     caltech256 [ROOT [FOLDER]]      a clone of https://github.com/cleanlab/label-errors, a folder for corrected
//     labels
#include "crowd_votes.hpp"
#include "published_files.hpp"
#include <labelerrors/core/core.hpp>
#include <labelerrors/datasets/caltech256.hpp>
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
    constexpr auto set = datasets::facts_of<datasets::caltech256>();
    if (datasets::has_files(set, root, datasets::published_file::pred_probs))
    {
        const auto published = datasets::open_published(set, root);
        const labelerrors::io::npy_rows<double> pred_probs(published.pred_probs);
        const auto issues = labelerrors::find_label_issues(published.labels, pred_probs);
        std::cout << set.title << ": " << issues.indices.size() << " label errors in " << issues.num_examples
                  << " photographs\n\n";
        report::write_label_issues(std::cout, issues, set.class_names);
    }
    else
        std::cout << set.title << ": no label errors are sought, since its probabilities are not there\n";

    examples::show_crowd(set, root, examples::corrected_folder(argc, argv));

    using labelerrors::corrections::action;
    const auto both = datasets::correct_published(set, root, labelerrors::consensus::majority{},
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
