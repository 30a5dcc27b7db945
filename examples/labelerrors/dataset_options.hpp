#ifndef LABELERRORS_PROGRAM_DATASET_OPTIONS_HPP
#define LABELERRORS_PROGRAM_DATASET_OPTIONS_HPP

#include <labelerrors/consensus/policy.hpp>
#include <labelerrors/datasets/dataset.hpp>

#include <CLI/CLI.hpp>

#include <cstddef>
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

/// Throws io_error where --root is no folder.
void require_root(const std::string& root);

/// Refuses --distribution, if it was given, for a set that has no files of its own.
void settle_distribution(const CLI::App& app, const labelerrors::datasets::dataset_facts& set);

/// The policy that --consensus names: how many of the 5 votes decide.
[[nodiscard]] inline labelerrors::consensus::at_least_of policy_named(const std::string& consensus)
{
    if (consensus == "majority")
        return {3, 5};
    if (consensus == "unanimous")
        return {5, 5};
    return {static_cast<std::size_t>(std::stoul(consensus)), 5};
}

/// Whether a set's examples have sets of labels, as AudioSet's have, and not one each.
[[nodiscard]] inline bool has_label_sets(const labelerrors::datasets::dataset_facts& set)
{
    return set.dialect == labelerrors::datasets::votes_dialect::label_sets;
}

}  // namespace program

#endif
