// The label errors of CIFAR-10's test set, and which classes are given in place of which.
//     cifar10 [ROOT]      ROOT: a clone of https://github.com/cleanlab/label-errors
#include "published_root.hpp"
#include <labelerrors/core/core.hpp>
#include <labelerrors/datasets/datasets.hpp>
#include <labelerrors/io/npy_rows.hpp>
#include <labelerrors/report/report.hpp>

#include <iostream>

int main(int argc, char** argv)
try
{
    using labelerrors::datasets::cifar10;
    const auto set = labelerrors::datasets::open_published<cifar10>(examples::published_root(argc, argv));
    const labelerrors::io::npy_rows<double> pred_probs(set.pred_probs);

    const auto issues = labelerrors::find_label_issues(set.labels, pred_probs);
    std::cout << cifar10::title << ": " << issues.indices.size() << " label errors in " << issues.num_examples
              << " test images\n\n";
    labelerrors::report::write_label_issues(std::cout, issues, cifar10::class_names);

    const auto joint = labelerrors::estimate_joint(set.labels, pred_probs);
    std::cout << "\nMost often given for each other\n\n";
    std::size_t listed = 0;
    for (const auto& pair : labelerrors::find_overlapping_classes(joint, issues.num_examples))
        if (listed++ < 5)
            std::cout << pair.num_overlapping_examples << "  " << cifar10::class_names[pair.class_a] << " and "
                      << cifar10::class_names[pair.class_b] << '\n';
}
catch (const std::exception& error)
{
    std::cerr << "cifar10: error: " << error.what() << '\n';
    return 1;
}
