// From images on disk to label errors: cross-validates a classifier on Fashion-MNIST (or MNIST, or any set in IDX
// files), finds the labels that it contradicts, shows the worst, and writes a page that shows them all
// (label_issues.html), a list (label_issues.csv) and the labels with the suggested ones in place
// (corrected_labels.npy).
//     fashion_mnist [IMAGES LABELS [IMAGES LABELS ...]]
#include "fashion_mnist.hpp"

#include <labelerrors/io/write_npy.hpp>
#include <labelerrors/model/find_label_issues_in_features.hpp>
#include <labelerrors/report/write_label_issues.hpp>

#include <exception>
#include <iostream>

int main(int argc, char** argv)
try
{
    using namespace labelerrors;
    const std::vector<std::string> files(argv + 1, argv + argc);
    std::span<const std::string_view> names;
    if (files.empty())
        names = fashion_mnist::garments;
    fashion_mnist::steps steps;

    steps.begin("reading");
    const auto set = fashion_mnist::read_idx_pairs(files.empty() ? fashion_mnist::debian_files() : files);

    steps.begin("cross-validation");
    // A strong penalty, C = 0.01, keeps the classifier from learning mislabelled examples by heart.
    const auto found = find_label_issues_in_features(logistic_regression({.C = 0.01}), set.images, set.labels,
                                                     {.cross_validation = {.progress = steps.progress_bar()}});
    const auto& issues = found.issues;

    steps.begin("writing");
    auto corrected = set.labels;
    for (std::size_t i = 0; i < issues.indices.size(); ++i)
        corrected(issues.indices(i)) = static_cast<std::uint8_t>(issues.suggested_labels(i));
    io::write_npy("corrected_labels.npy", corrected);
    fashion_mnist::write_csv("label_issues.csv", issues, names);
    fashion_mnist::write_page("label_issues.html", set, found, names);
    steps.end();

    std::cout << '\n'
              << issues.indices.size() << " of " << set.labels.size() << " labels are likely wrong; the worst:\n\n";
    report::write_label_issues(std::cout, issues, names, 10);
    fashion_mnist::draw(std::cout, set, issues, 3);
    std::cout << "\nlabel_issues.html shows them all, label_issues.csv lists them, and corrected_labels.npy has the "
                 "suggested labels in their place.\n";
}
catch (const std::exception& error)
{
    std::cerr << "fashion_mnist: error: " << error.what() << '\n';
    return 1;
}
