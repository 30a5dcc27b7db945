#ifndef LABELERRORS_EXAMPLES_CROWD_VOTES_HPP
#define LABELERRORS_EXAMPLES_CROWD_VOTES_HPP

#include <labelerrors/consensus/policy.hpp>
#include <labelerrors/datasets/dataset.hpp>
#include <labelerrors/datasets/vote_counts.hpp>
#include <labelerrors/datasets/write_corrected.hpp>
#include <labelerrors/report/write_corrected_examples.hpp>
#include <labelerrors/report/write_vote_figures.hpp>

#include <cstddef>
#include <filesystem>
#include <iostream>

namespace examples
{

/// Prints what the crowd said about a set's suspected label errors, and writes the labels that it corrects by 3 and by
/// 5 of 5 votes to `folder`. `correct(needed)` corrects the set by so many votes.
template <class Correct>
void show_crowd(const labelerrors::datasets::dataset_facts& set, const std::filesystem::path& root,
                const std::filesystem::path& folder, const Correct& correct)
{
    namespace datasets = labelerrors::datasets;
    namespace report = labelerrors::report;
    std::cout << '\n';
    report::write_vote_figures(std::cout, set, datasets::read_vote_figures(set, root));
    std::cout << '\n';
    for (const std::size_t needed : {std::size_t{3}, std::size_t{5}})
    {
        const auto corrected = correct(labelerrors::consensus::at_least_of{needed, 5});
        report::write_corrections(std::cout, datasets::write_corrected(set, corrected, folder));
        report::write_corrected_examples(std::cout, set, corrected, 3);
    }
}

/// The same for a set whose examples have one label each.
inline void show_crowd(const labelerrors::datasets::dataset_facts& set, const std::filesystem::path& root,
                       const std::filesystem::path& folder)
{
    show_crowd(set, root, folder,
               [&](const labelerrors::consensus::at_least_of& policy)
               { return labelerrors::datasets::correct_published(set, root, policy); });
}

}  // namespace examples

#endif
