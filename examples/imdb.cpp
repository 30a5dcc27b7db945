// The label errors of the IMDB test set. Some of its published probabilities are above 1, by up to 0.00001: the default
// tolerance takes them as 1, where the reference implementation refuses the file. Its crowd could also say that a
// review is neutral, which corrects nothing.
//     imdb [ROOT [FOLDER]]      a clone of https://github.com/cleanlab/label-errors, a folder for corrected labels
#include "crowd_votes.hpp"
#include "published_files.hpp"
#include <labelerrors/core/core.hpp>
#include <labelerrors/datasets/imdb.hpp>
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
    constexpr auto set = datasets::facts_of<datasets::imdb>();
    const auto published = datasets::open_published(set, root);
    const labelerrors::io::npy_rows<double> pred_probs(published.pred_probs);

    const auto issues = labelerrors::find_label_issues(published.labels, pred_probs);
    std::cout << set.title << ": " << issues.indices.size() << " label errors in " << issues.num_examples
              << " reviews\n\n";
    report::write_label_issues(std::cout, issues, set.class_names);

    examples::show_crowd(set, root, examples::corrected_folder(argc, argv));
}
catch (const std::exception& error)
{
    std::cerr << "imdb: error: " << error.what() << '\n';
    return 1;
}
