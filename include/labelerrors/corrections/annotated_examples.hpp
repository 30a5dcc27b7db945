#ifndef LABELERRORS_CORRECTIONS_ANNOTATED_EXAMPLES_HPP
#define LABELERRORS_CORRECTIONS_ANNOTATED_EXAMPLES_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/consensus/consensus.hpp>
#include <labelerrors/corrections/label_values.hpp>
#include <labelerrors/error.hpp>

#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace labelerrors::corrections
{

/// An example that several annotators labelled, as a checked_example: what they say of its given label and of the
/// consensus.
struct annotated_example
{
    std::size_t row = 0;
    std::size_t given_label = 0;
    std::size_t guessed_label = 0;  // the consensus
    consensus::votes votes;         // given, guessed, other; those for a label that is both given and consensus: given
};

/// The votes of annotators, so that any consensus policy can decide and correct_labels correct by them.
///
/// `given_labels`: n labels that may be wrong, see label_sequence. `annotator_labels`: n x m, NaN where an annotator
/// has not labelled an example, accessed as annotator_labels(i, j). `consensus_labels`: n, such as annotators' majority
/// vote or CROWDLAB's consensus. Returns an example for each row that at least one annotator labelled, ascending.
/// Throws shape_error where the lengths differ, labels are not one-dimensional or annotator_labels have not two
/// dimensions; value_error, with the place, for a label that is negative, and for an annotator's that is no whole
/// number. O(n m).
template <label_sequence Given, label_sequence Consensus, array_expression Matrix>
[[nodiscard]] std::vector<annotated_example>
annotated_examples(const Given& given_labels, const Matrix& annotator_labels, const Consensus& consensus_labels)
{
    constexpr const char* function = "annotated_examples";
    const std::string name = std::string(function) + ": ";
    const std::size_t n = detail::num_labels(given_labels, function, "given_labels");
    const std::size_t num_consensus = detail::num_labels(consensus_labels, function, "consensus_labels");
    if (annotator_labels.dimension() != 2)
        throw shape_error(name + "annotator_labels must have 2 dimensions, not " +
                          std::to_string(annotator_labels.dimension()));
    if (num_consensus != n || static_cast<std::size_t>(annotator_labels.shape()[0]) != n)
        throw shape_error(name +
                          "given_labels, annotator_labels and consensus_labels must have as many examples, not " +
                          std::to_string(n) + ", " + std::to_string(annotator_labels.shape()[0]) + " and " +
                          std::to_string(num_consensus));
    const auto m = static_cast<std::size_t>(annotator_labels.shape()[1]);
    const auto refuse = [&](const std::string& place, const std::string& label)
    {
        throw value_error(name + place + " is " + label + ", which is no label: labels are whole numbers from 0 on");
    };
    std::vector<annotated_example> examples;
    for (std::size_t i = 0; i < n; ++i)
    {
        const auto given = detail::label_at(given_labels, i);
        const auto agreed = detail::label_at(consensus_labels, i);
        if (std::cmp_less(given, 0))
            refuse("given_labels[" + std::to_string(i) + "]", std::to_string(given));
        if (std::cmp_less(agreed, 0))
            refuse("consensus_labels[" + std::to_string(i) + "]", std::to_string(agreed));
        annotated_example one{i, static_cast<std::size_t>(given), static_cast<std::size_t>(agreed), {}};
        for (std::size_t j = 0; j < m; ++j)
        {
            const auto label = static_cast<double>(annotator_labels(i, j));
            if (std::isnan(label))
                continue;
            if (!(label >= 0.0 && std::isfinite(label)) || std::floor(label) != label)
                refuse("annotator_labels(" + std::to_string(i) + ", " + std::to_string(j) + ")",
                       labelerrors::detail::to_text(label));
            if (label == static_cast<double>(one.given_label))
                ++one.votes.given;
            else if (label == static_cast<double>(one.guessed_label))
                ++one.votes.guessed;
            else
                ++one.votes.other;
        }
        if (one.votes.total() > 0)
            examples.push_back(one);
    }
    return examples;
}

}  // namespace labelerrors::corrections

#endif
