#ifndef LABELERRORS_PROGRAM_DATASET_OPTIONS_HPP
#define LABELERRORS_PROGRAM_DATASET_OPTIONS_HPP

#include <labelerrors/datasets/dataset.hpp>

#include <CLI/CLI.hpp>

#include <string>

namespace program
{

/// Which published test set, and where its files are.
struct dataset_options
{
    std::string name;
    std::string root;

    void add_to(CLI::App& app);
};

/// Whether a set's examples have sets of labels, as AudioSet's have, and not one each.
[[nodiscard]] inline bool has_label_sets(const labelerrors::datasets::dataset_facts& set)
{
    return set.dialect == labelerrors::datasets::votes_dialect::label_sets;
}

}  // namespace program

#endif
