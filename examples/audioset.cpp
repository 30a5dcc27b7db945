// The label errors of AudioSet's evaluation set, whose clips have sets of labels: each class is a question of its own,
// yes or no, and a clip has an error where one of the answers does. The crowd was asked about each label, and so it
// corrects sets.
//     audioset [ROOT [FOLDER]]      a clone of https://github.com/cleanlab/label-errors, a folder for corrected labels
#include "published_files.hpp"
#include <labelerrors/core/core.hpp>
#include <labelerrors/datasets/audioset.hpp>
#include <labelerrors/datasets/published_set.hpp>
#include <labelerrors/io/npy_rows.hpp>
#include <labelerrors/report/write_corrected_examples.hpp>
#include <labelerrors/report/write_vote_figures.hpp>

#include <algorithm>
#include <iostream>
#include <vector>

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
        std::vector<bool> flagged(label_sets.size());
        auto labels = xt::xtensor<int, 1>::from_shape({label_sets.size()});
        auto answers = xt::xtensor<double, 2>::from_shape({label_sets.size(), 2});
        for (std::size_t j = 0; j < set.num_classes; ++j)
        {
            for (std::size_t i = 0; i < label_sets.size(); ++i)
            {
                labels(i) = std::ranges::find(label_sets[i], j) != label_sets[i].end();
                answers(i, 0) = 1.0 - (answers(i, 1) = pred_probs.element(i, j));
            }
            for (const std::size_t i : find_label_issues(labels, answers).indices)
                flagged[i] = true;
        }
        std::cout << set.title << ": " << std::ranges::count(flagged, true) << " label errors\n";
    }
    else
        std::cout << set.title << ": no label errors are sought, since its probabilities are not there\n";

    std::cout << '\n';
    report::write_vote_figures(std::cout, set, datasets::read_vote_figures(set, root));
    std::cout << '\n';
    for (const std::size_t needed : {3, 5})
    {
        const auto corrected = datasets::correct_published_sets(set, root, consensus::at_least_of{needed, 5});
        report::write_corrections(std::cout,
                                  datasets::write_corrected(set, corrected, examples::corrected_folder(argc, argv)));
        report::write_corrected_examples(std::cout, set, corrected, 3);
    }
}
catch (const std::exception& error)
{
    std::cerr << "audioset: error: " << error.what() << '\n';
    return 1;
}
