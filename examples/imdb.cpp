// The label errors of the IMDB test set. Some of its published probabilities are above 1, by up to 0.00001: the default
// tolerance takes them as 1, where the reference implementation refuses the file.
//     imdb [ROOT]      ROOT: a clone of https://github.com/cleanlab/label-errors
#include "published_root.hpp"
#include <labelerrors/core/core.hpp>
#include <labelerrors/datasets/datasets.hpp>
#include <labelerrors/io/npy_rows.hpp>
#include <labelerrors/report/report.hpp>

#include <iostream>

int main(int argc, char** argv)
try
{
    using labelerrors::datasets::imdb;
    const auto set = labelerrors::datasets::open_published<imdb>(examples::published_root(argc, argv));
    const labelerrors::io::npy_rows<double> pred_probs(set.pred_probs);

    const auto issues = labelerrors::find_label_issues(set.labels, pred_probs, {.tolerance = 1e-4});
    std::cout << imdb::title << ": " << issues.indices.size() << " label errors in " << issues.num_examples
              << " reviews\n\n";
    labelerrors::report::write_label_issues(std::cout, issues, imdb::class_names);
}
catch (const std::exception& error)
{
    std::cerr << "imdb: error: " << error.what() << '\n';
    return 1;
}
