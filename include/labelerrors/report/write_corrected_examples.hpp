#ifndef LABELERRORS_REPORT_WRITE_CORRECTED_EXAMPLES_HPP
#define LABELERRORS_REPORT_WRITE_CORRECTED_EXAMPLES_HPP

#include <labelerrors/consensus/policy.hpp>
#include <labelerrors/datasets/correct_published.hpp>
#include <labelerrors/datasets/dataset.hpp>
#include <labelerrors/report/printable.hpp>

#include <cstddef>
#include <ostream>
#include <span>
#include <string>

namespace labelerrors::report
{

/// Writes the examples whose label the crowd corrected, two lines each, by row: the row and what it is in the set's own
/// distribution, then the given label, the corrected one and the votes for each. See printable for what becomes of
/// control characters in names and items.
/// `most`: how many examples at most; a last line says how many were left out. O(examples voted on).
void write_corrected_examples(std::ostream& out, const datasets::dataset_facts& set,
                              const datasets::corrected_set& corrected, std::size_t most = 5);

/// The same for sets of labels.
void write_corrected_examples(std::ostream& out, const datasets::dataset_facts& set,
                              const datasets::corrected_sets& corrected, std::size_t most = 5);

namespace detail
{

/// Calls `write(i)` for the first `most` of those i below `count` that are `wanted(i)`, then says how many more are.
template <class Wanted, class Write>
void write_first(std::ostream& out, std::size_t count, std::size_t most, const Wanted& wanted, const Write& write)
{
    std::size_t found = 0;
    for (std::size_t i = 0; i < count; ++i)
        if (wanted(i) && found++ < most)
            write(i);
    if (found > most)
        out << "... and " << found - most << " more\n";
}

[[nodiscard]] inline std::string names_of(const datasets::dataset_facts& set, std::span<const std::size_t> labels)
{
    std::string names;
    for (const std::size_t label : labels)
        names += (names.empty() ? "" : " + ") + printable(set.class_names[label]);
    return names.empty() ? "none" : names;
}

}  // namespace detail

inline void write_corrected_examples(std::ostream& out, const datasets::dataset_facts& set,
                                     const datasets::corrected_set& corrected, std::size_t most)
{
    const auto& decided = corrected.decided;
    detail::write_first(
        out, decided.size(), most, [&](std::size_t i) { return decided[i].decision == consensus::decision::relabel; },
        [&](std::size_t i)
        {
            const auto& one = decided[i];
            out << one.row << "  " << printable(corrected.checked[i].item) << "\n    "
                << printable(set.class_names[one.given_label]) << " -> "
                << printable(set.class_names[one.guessed_label]) << ", " << one.votes.given << " to "
                << one.votes.guessed << " of " << one.votes.total() << " votes\n";
        });
}

inline void write_corrected_examples(std::ostream& out, const datasets::dataset_facts& set,
                                     const datasets::corrected_sets& corrected, std::size_t most)
{
    const auto& decided = corrected.decided;
    detail::write_first(
        out, decided.size(), most, [&](std::size_t i) { return decided[i].changed; },
        [&](std::size_t i)
        {
            out << decided[i].row << "  " << printable(corrected.checked[i].item) << "\n    "
                << detail::names_of(set, decided[i].given_labels) << " -> "
                << detail::names_of(set, decided[i].corrected_labels) << '\n';
        });
}

}  // namespace labelerrors::report

#endif
