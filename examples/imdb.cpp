// The label errors of the IMDB test set. Some of its published probabilities are above 1, by up to 0.00001: the default
// tolerance takes them as 1, where the reference implementation refuses the file. Its crowd could also say that a
// review is neutral, which corrects nothing.
//     imdb [ROOT [FOLDER]]      a clone of https://github.com/cleanlab/label-errors, a folder for corrected labels
#include "published_files.hpp"
#include "show_results.hpp"
#include <labelerrors/core/core.hpp>
#include <labelerrors/datasets/imdb.hpp>
#include <labelerrors/datasets/published_set.hpp>
#include <labelerrors/io/npy_rows.hpp>

#include <iostream>

int main(int argc, char** argv)
try
{
    using namespace labelerrors;
    const auto root = examples::published_root(argc, argv);
    constexpr auto set = datasets::facts_of<datasets::imdb>();
    const auto published = datasets::open_published(set, root);
    const io::npy_rows<double> pred_probs(published.pred_probs);

    const auto issues = find_label_issues(published.labels, pred_probs);
    examples::show_issues(set, "reviews", issues);
    examples::show_crowd(set, root, examples::corrected_folder(argc, argv));
}
catch (const std::exception& error)
{
    std::cerr << "imdb: error: " << error.what() << '\n';
    return 1;
}
