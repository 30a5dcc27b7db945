// The label errors of AudioSet's evaluation set, whose clips have sets of labels: each class is a question of its own,
// yes or no, and a clip has an error where one of the answers does. The crowd was asked about each label, and so it
// corrects sets.
//     audioset [ROOT [FOLDER]]      a clone of https://github.com/cleanlab/label-errors, a folder for corrected labels
#include "published_files.hpp"
#include "show_results.hpp"
#include <labelerrors/core/multilabel.hpp>
#include <labelerrors/datasets/audioset.hpp>
#include <labelerrors/datasets/published_set.hpp>
#include <labelerrors/io/npy_rows.hpp>

#include <iostream>

int main(int argc, char** argv)
try
{
    using namespace labelerrors;
    const auto root = examples::published_root(argc, argv);
    constexpr auto set = datasets::facts_of<datasets::audioset>();
    if (datasets::has_files(set, root, datasets::published_file::pred_probs))
    {
        const auto label_sets = datasets::read_published_label_sets(set, root);
        const io::npy_rows<double> pred_probs(datasets::open_pred_probs(set, root));
        const auto issues = find_multilabel_issues(label_sets, pred_probs);
        std::cout << set.title << ": " << issues.indices.size() << " label errors\n";
    }
    else
        examples::show_no_pred_probs(set);

    examples::show_crowd(set, root, examples::corrected_folder(argc, argv),
                         [&](const consensus::at_least_of& policy)
                         { return datasets::correct_published_sets(set, root, policy); });
}
catch (const std::exception& error)
{
    std::cerr << "audioset: error: " << error.what() << '\n';
    return 1;
}
