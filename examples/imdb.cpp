// The label errors of the IMDB test set. Some of its published probabilities are above 1, by up to 0.00001: the default
// tolerance takes them as 1, where the reference implementation refuses the file. Its crowd could also say that a
// review is neutral, which corrects nothing.
//     imdb [ROOT [FOLDER]]      a clone of https://github.com/cleanlab/label-errors, a folder for corrected labels
#include "published_files.hpp"
#include <labelerrors/core/core.hpp>
#include <labelerrors/datasets/imdb.hpp>
#include <labelerrors/datasets/published_set.hpp>
#include <labelerrors/io/npy_rows.hpp>
#include <labelerrors/report/write_corrected_examples.hpp>
#include <labelerrors/report/write_label_issues.hpp>
#include <labelerrors/report/write_vote_figures.hpp>

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

    const auto issues = labelerrors::find_label_issues(published.labels, pred_probs, {.tolerance = 1e-4});
    std::cout << set.title << ": " << issues.indices.size() << " label errors in " << issues.num_examples
              << " reviews\n\n";
    report::write_label_issues(std::cout, issues, set.class_names);

    std::cout << '\n';
    report::write_vote_figures(std::cout, set, datasets::read_vote_figures(set, root));
    std::cout << '\n';
    for (const std::size_t needed : {std::size_t{3}, std::size_t{5}})
    {
        const auto corrected = datasets::correct_published(set, root, labelerrors::consensus::at_least_of{needed, 5});
        report::write_corrections(std::cout,
                                  datasets::write_corrected(set, corrected, examples::corrected_folder(argc, argv)));
        report::write_corrected_examples(std::cout, set, corrected, 3);
    }
}
catch (const std::exception& error)
{
    std::cerr << "imdb: error: " << error.what() << '\n';
    return 1;
}
