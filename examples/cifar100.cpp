// The label errors of CIFAR-100's test set, and which of its classes the crowd exchanged most often.
//     cifar100 [ROOT [FOLDER]]      a clone of https://github.com/cleanlab/label-errors, a folder for corrected labels
#include "published_files.hpp"
#include "show_results.hpp"
#include <labelerrors/core/core.hpp>
#include <labelerrors/datasets/cifar100.hpp>
#include <labelerrors/datasets/published_set.hpp>
#include <labelerrors/io/npy_rows.hpp>

#include <cstddef>
#include <iostream>
#include <map>
#include <utility>

int main(int argc, char** argv)
try
{
    using namespace labelerrors;
    const auto root = examples::published_root(argc, argv);
    constexpr auto set = datasets::facts_of<datasets::cifar100>();
    if (datasets::has_files(set, root, datasets::published_file::pred_probs))
    {
        const auto published = datasets::open_published(set, root);
        const io::npy_rows<double> pred_probs(published.pred_probs);
        const auto issues = find_label_issues(published.labels, pred_probs);
        examples::show_issues(set, "test images", issues);
    }
    else
        examples::show_no_pred_probs(set);

    examples::show_crowd(set, root, examples::corrected_folder(argc, argv));

    std::map<std::pair<std::size_t, std::size_t>, std::size_t> exchanged;
    for (const auto& one : datasets::correct_published(set, root, consensus::majority{}).decided)
        if (one.decision == consensus::decision::relabel)
            ++exchanged[{one.given_label, one.guessed_label}];
    std::cout << "\nFive times or more\n\n";
    for (const auto& [classes, count] : exchanged)
        if (count >= 5)
            std::cout << count << "  " << set.class_names[classes.first] << " -> " << set.class_names[classes.second]
                      << '\n';
}
catch (const std::exception& error)
{
    std::cerr << "cifar100: error: " << error.what() << '\n';
    return 1;
}
