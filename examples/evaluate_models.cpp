// Do the label errors matter? The published models of CIFAR-10, scored by given and by corrected labels, and how many
// errors it would take to change who is ahead.
//     evaluate_models [ROOT [PREDICTIONS]]      clones of https://github.com/cleanlab/label-errors and of
//                                               https://github.com/cgnorthcutt/benchmarking-keras-pytorch
#include "published_files.hpp"
#include <labelerrors/consensus/consensus.hpp>
#include <labelerrors/corrections/corrections.hpp>
#include <labelerrors/datasets/datasets.hpp>
#include <labelerrors/evaluation/evaluation.hpp>

#include <cstdio>
#include <map>
#include <string>
#include <vector>

namespace datasets = labelerrors::datasets;
namespace evaluation = labelerrors::evaluation;

int main(int argc, char** argv)
try
{
    const auto root = examples::published_root(argc, argv);
    constexpr auto set = datasets::facts_of<datasets::cifar10>();
    const auto labels = datasets::read_published_labels(set, root);
    const auto decided = labelerrors::corrections::correct_labels(labels, datasets::read_votes(set, root),
                                                                  labelerrors::consensus::majority{});
    using evaluation::example_subset;
    const auto correctable = evaluation::select_examples(labels, decided.corrections, example_subset::correctable);
    const auto corrected = evaluation::select_examples(labels, decided.corrections, example_subset::corrected);

    std::vector<evaluation::model> models;
    std::map<std::string, evaluation::split_accuracy> splits;
    for (const auto& files : datasets::find_model_predictions(set, examples::predictions_folder(argc, argv)))
    {
        const auto stored = datasets::read_model_predictions(set, files);
        models.push_back({files.platform, files.name,
                          evaluation::from_scored_labels(stored.labels, stored.scores, set.num_classes)});
        splits[files.name] = evaluation::split_by_correction(models.back().predictions, corrected);
    }
    const auto table = evaluation::evaluate_models(models, correctable);
    std::printf("%zu images that were mislabelled: top-1 accuracy by given and by corrected label, and ranks\n\n",
                table.num_examples);
    for (const auto& model : table.models)
        std::printf("%-13s %6.4f %6.4f %4zu %4zu\n", model.name.c_str(), model.top_1.given.accuracy.value(),
                    model.top_1.corrected.accuracy.value(), model.top_1.given.rank.place,
                    model.top_1.corrected.rank.place);
    std::printf("\nKendall's tau-b of the ranks: %.3f\n", table.top_1_change.agreement.tau_b.value_or(0.0));

    if (const auto crossing = evaluation::find_crossover(splits["vgg11_bn"], splits["vgg19_bn"]))
        std::printf("vgg11_bn overtakes vgg19_bn where %.2f %% of the labels were wrong; here it is %.2f %%\n",
                    100.0 * crossing->prevalence, 100.0 * splits["vgg11_bn"].prevalence());
}
catch (const std::exception& error)
{
    std::fprintf(stderr, "evaluate_models: error: %s\n", error.what());
    return 1;
}
