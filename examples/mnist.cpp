// The label errors of MNIST's test set, as the library finds them and as the published study found them, what the crowd
// said about these (nine or ten votes where given and guessed label are the same are five for the given one), and the
// labels that it corrected.
//     mnist [ROOT [FOLDER]]      a clone of https://github.com/cleanlab/label-errors, a folder for corrected labels
#include "published_files.hpp"
#include "show_results.hpp"
#include <labelerrors/core/find_label_issues.hpp>
#include <labelerrors/core/reference_cleanlab_1.hpp>
#include <labelerrors/datasets/mnist.hpp>
#include <labelerrors/datasets/published_set.hpp>
#include <labelerrors/io/npy_rows.hpp>
#include <labelerrors/report/write_label_issues.hpp>

#include <iostream>

int main(int argc, char** argv)
try
{
    using namespace labelerrors;
    const auto root = examples::published_root(argc, argv);
    constexpr auto set = datasets::facts_of<datasets::mnist>();
    const auto published = datasets::open_published(set, root);
    const io::npy_rows<double> pred_probs(published.pred_probs);

    const auto issues = find_label_issues(published.labels, pred_probs);
    examples::show_issues(set, "test images", issues);

    // The study sent more images to the crowd: those with the lowest margins, as many as this procedure counts.
    namespace study = reference::cleanlab_1;
    const auto lowest = study::published_label_errors(published.labels, pred_probs,
                                                      {.num_errors_by = study::num_errors_by::prune_by_class});
    std::cout << "\nThe study's procedure: the " << lowest.indices.size() << " lowest margins\n\n";
    report::write_label_issues(std::cout, lowest, set.class_names, 10);

    examples::show_crowd(set, root, examples::corrected_folder(argc, argv));
}
catch (const std::exception& error)
{
    std::cerr << "mnist: error: " << error.what() << '\n';
    return 1;
}
