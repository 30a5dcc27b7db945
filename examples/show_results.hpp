#ifndef LABELERRORS_EXAMPLES_SHOW_RESULTS_HPP
#define LABELERRORS_EXAMPLES_SHOW_RESULTS_HPP

#include <labelerrors/consensus/policy.hpp>
#include <labelerrors/core/label_issues.hpp>
#include <labelerrors/datasets/dataset.hpp>
#include <labelerrors/datasets/vote_counts.hpp>
#include <labelerrors/datasets/write_corrected.hpp>
#include <labelerrors/report/write_corrected_examples.hpp>
#include <labelerrors/report/write_label_issues.hpp>
#include <labelerrors/report/write_vote_figures.hpp>

#include <cstddef>
#include <filesystem>
#include <iostream>
#include <string_view>

namespace examples
{

/// Prints how many label errors were found among a set's `items` ("reviews"), and the most severe.
inline void show_issues(const labelerrors::datasets::dataset_facts& set, std::string_view items,
                        const labelerrors::label_issues& issues)
{
    std::cout << set.title << ": " << issues.indices.size() << " label errors in " << issues.num_examples << ' '
              << items << "\n\n";
    labelerrors::report::write_label_issues(std::cout, issues, set.class_names);
}

/// Says that none are sought: the larger sets' probabilities are to be had apart from the other files.
inline void show_no_pred_probs(const labelerrors::datasets::dataset_facts& set)
{
    std::cout << set.title << ": no label errors are sought, since its probabilities are not there\n";
}

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
