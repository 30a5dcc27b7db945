// The label errors of CIFAR-10's test set, which classes are given in place of which, and what the crowd corrected.
//     cifar10 [ROOT [FOLDER]]      a clone of https://github.com/cleanlab/label-errors, a folder for corrected labels
#include "published_files.hpp"
#include "show_results.hpp"
#include <labelerrors/core/core.hpp>
#include <labelerrors/datasets/cifar10.hpp>
#include <labelerrors/datasets/published_set.hpp>
#include <labelerrors/io/npy_rows.hpp>

#include <iostream>

int main(int argc, char** argv)
try
{
    using namespace labelerrors;
    const auto root = examples::published_root(argc, argv);
    constexpr auto set = datasets::facts_of<datasets::cifar10>();
    const auto published = datasets::open_published(set, root);
    const io::npy_rows<double> pred_probs(published.pred_probs);

    const auto issues = find_label_issues(published.labels, pred_probs);
    examples::show_issues(set, "test images", issues);

    const auto joint = estimate_joint(published.labels, pred_probs);
    std::cout << "\nMost often given for each other\n\n";
    std::size_t listed = 0;
    for (const auto& pair : find_overlapping_classes(joint, issues.num_examples))
        if (listed++ < 5)
            std::cout << pair.num_overlapping_examples << "  " << set.class_names[pair.class_a] << " and "
                      << set.class_names[pair.class_b] << '\n';

    examples::show_crowd(set, root, examples::corrected_folder(argc, argv));
}
catch (const std::exception& error)
{
    std::cerr << "cifar10: error: " << error.what() << '\n';
    return 1;
}
