// The label errors of MNIST's test set, as the library finds them and as the published study found them.
//     mnist [ROOT]      ROOT: a clone of https://github.com/cleanlab/label-errors
#include "published_root.hpp"
#include <labelerrors/core/core.hpp>
#include <labelerrors/datasets/datasets.hpp>
#include <labelerrors/io/npy_rows.hpp>
#include <labelerrors/report/report.hpp>

#include <iostream>

int main(int argc, char** argv)
try
{
    namespace study = labelerrors::reference::cleanlab_1;
    using labelerrors::datasets::mnist;
    const auto set = labelerrors::datasets::open_published<mnist>(examples::published_root(argc, argv));
    const labelerrors::io::npy_rows<double> pred_probs(set.pred_probs);

    const auto issues = labelerrors::find_label_issues(set.labels, pred_probs);
    std::cout << mnist::title << ": " << issues.indices.size() << " label errors in " << issues.num_examples
              << " test images\n\n";
    labelerrors::report::write_label_issues(std::cout, issues, mnist::class_names);

    // The study sent more images to the crowd: those with the lowest margins, as many as this procedure counts.
    const auto published =
        study::published_label_errors(set.labels, pred_probs, {.num_errors_by = study::num_errors_by::prune_by_class});
    std::cout << "\nThe study's procedure: the " << published.indices.size() << " lowest margins\n\n";
    labelerrors::report::write_label_issues(std::cout, published, mnist::class_names, 10);
}
catch (const std::exception& error)
{
    std::cerr << "mnist: error: " << error.what() << '\n';
    return 1;
}
