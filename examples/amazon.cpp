// The label errors of Amazon's reviews of 1, 3 and 5 stars, 9,996,437 of them in three parts that are read as one. The
// crowd named a class for a sample; where most people named the third one, no label is corrected, as in the study.
//     amazon [ROOT [FOLDER]]      a clone of https://github.com/cleanlab/label-errors, a folder for corrected labels
#include "published_files.hpp"
#include "show_results.hpp"
#include <labelerrors/core/core.hpp>
#include <labelerrors/datasets/amazon.hpp>
#include <labelerrors/datasets/published_set.hpp>
#include <labelerrors/io/npy_rows.hpp>

#include <iostream>

int main(int argc, char** argv)
try
{
    using namespace labelerrors;
    const auto root = examples::published_root(argc, argv);
    constexpr auto set = datasets::facts_of<datasets::amazon>();
    if (datasets::has_files(set, root, datasets::published_file::pred_probs))
    {
        const auto published = datasets::open_published(set, root);
        const io::npy_rows<double> pred_probs(published.pred_probs);
        const auto issues = find_label_issues(published.labels, pred_probs);
        examples::show_issues(set, "reviews", issues);
    }
    else
        examples::show_no_pred_probs(set);

    examples::show_crowd(set, root, examples::corrected_folder(argc, argv));

    std::size_t third_class = 0;
    for (const auto& example : datasets::read_votes(set, root))
        third_class += example.votes.other >= 3 ? 1 : 0;
    std::cout << "\nThe third class has 3 of 5 votes for " << third_class << " reviews\n";
}
catch (const std::exception& error)
{
    std::cerr << "amazon: error: " << error.what() << '\n';
    return 1;
}
