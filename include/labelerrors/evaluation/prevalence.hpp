#ifndef LABELERRORS_EVALUATION_PREVALENCE_HPP
#define LABELERRORS_EVALUATION_PREVALENCE_HPP

#include <labelerrors/error.hpp>
#include <labelerrors/evaluation/accuracy.hpp>
#include <labelerrors/evaluation/select_examples.hpp>
#include <labelerrors/evaluation/top_k_predictions.hpp>

#include <cstddef>
#include <optional>
#include <string>

namespace labelerrors::evaluation
{

/// A model's accuracy by corrected labels, on each of the two kinds of examples that a test set is mixed of.
struct split_accuracy
{
    accuracy correctable;  // on examples whose given label was wrong: how often it predicts the right one
    accuracy benign;       // on examples whose given label stands

    /// The share of correctable examples in the test set as it is.
    [[nodiscard]] constexpr double prevalence() const noexcept
    {
        return static_cast<double>(correctable.num_examples) /
               static_cast<double>(correctable.num_examples + benign.num_examples);
    }
};

/// The share of correctable examples at which two models are equally accurate, and who leads on either side of it.
struct crossover
{
    double prevalence = 0.0;     // in (0, 1)
    bool a_leads_below = false;  // whether the first model leads below it and the second above, or the other way round
};

/// Counts how often a model predicts the corrected label, by kind of example.
///
/// `examples`: the corrected set of select_examples, so that benign are all examples of it that are not correctable;
/// an example is correctable where its labels differ. `k`: 1 for the accuracy.
/// Throws shape_error where examples have not one label of each kind for each row; value_error where there is no
/// correctable or no benign example, and what correct_in_top_k throws. O(rows k).
[[nodiscard]] split_accuracy split_by_correction(const top_k_predictions& predictions, const scored_examples& examples,
                                                 std::size_t k = 1);

/// The accuracy by corrected labels that a model can be expected to have on a test set of which a share `prevalence`
/// are correctable examples: acc(x) = x acc_correctable + (1 - x) acc_benign. It is the mean over all ways of taking
/// benign examples away, so that no draw is needed for it.
///
/// `prevalence`: in [0, 1]; below split.prevalence() more benign examples of the same kind would be needed than there
/// are. Throws value_error for another prevalence and for a split without examples of a kind. O(1).
/// Source: Northcutt, Athalye and Mueller 2021, section 5, where benign examples are taken away at random.
[[nodiscard]] double expected_accuracy(const split_accuracy& split, double prevalence);

/// Where the expected accuracies of two models cross: one leads on benign examples and the other on correctable ones.
///
/// Returns nothing where one model leads throughout, or they are equal at one end: no share of errors then changes who
/// leads. Throws value_error for a split without examples of a kind, and splits that are not of the same examples.
/// O(1). Source: as above. Its crossovers are reproduced at a consensus of 3: 5.64 % for VGG-11 over VGG-19 on CIFAR-10
/// and 8.61 % for PyTorch's ResNet-18 over Keras's ResNet-50 on ImageNet, which are 5.46 and 5.67 points above
/// prevalence().
[[nodiscard]] std::optional<crossover> find_crossover(const split_accuracy& a, const split_accuracy& b);

namespace detail
{

/// Refuses a split that leaves an accuracy without examples.
inline void require_split(const split_accuracy& split, const char* function)
{
    if (split.correctable.num_examples == 0 || split.benign.num_examples == 0)
        throw value_error(std::string(function) + ": there must be correctable and benign examples, but there are " +
                          std::to_string(split.correctable.num_examples) + " and " +
                          std::to_string(split.benign.num_examples));
}

}  // namespace detail

inline split_accuracy split_by_correction(const top_k_predictions& predictions, const scored_examples& examples,
                                          std::size_t k)
{
    detail::require_whole(examples, "split_by_correction");
    const auto correct = correct_in_top_k(predictions, examples.rows, examples.corrected_labels, k);
    split_accuracy split;
    for (std::size_t i = 0; i < correct.size(); ++i)
    {
        accuracy& kind = examples.given_labels[i] == examples.corrected_labels[i] ? split.benign : split.correctable;
        ++kind.num_examples;
        kind.num_correct += correct[i];
    }
    detail::require_split(split, "split_by_correction");
    return split;
}

inline double expected_accuracy(const split_accuracy& split, double prevalence)
{
    detail::require_split(split, "expected_accuracy");
    if (!(prevalence >= 0.0 && prevalence <= 1.0))
        throw value_error("expected_accuracy: prevalence must be from 0 to 1, but is " +
                          labelerrors::detail::to_text(prevalence));
    return prevalence * split.correctable.value() + (1.0 - prevalence) * split.benign.value();
}

inline std::optional<crossover> find_crossover(const split_accuracy& a, const split_accuracy& b)
{
    detail::require_split(a, "find_crossover");
    detail::require_split(b, "find_crossover");
    if (a.correctable.num_examples != b.correctable.num_examples || a.benign.num_examples != b.benign.num_examples)
        throw value_error("find_crossover: a and b must be of the same examples, but have " +
                          std::to_string(a.correctable.num_examples) + " and " +
                          std::to_string(b.correctable.num_examples) + " correctable, " +
                          std::to_string(a.benign.num_examples) + " and " + std::to_string(b.benign.num_examples) +
                          " benign ones");
    // Who leads is decided by counts, not by rounded accuracies.
    const bool a_leads_below = a.benign.num_correct > b.benign.num_correct;
    const bool b_leads_below = a.benign.num_correct < b.benign.num_correct;
    const bool a_leads_above = a.correctable.num_correct > b.correctable.num_correct;
    const bool b_leads_above = a.correctable.num_correct < b.correctable.num_correct;
    if (!(a_leads_below && b_leads_above) && !(b_leads_below && a_leads_above))
        return std::nullopt;
    const double benign = b.benign.value() - a.benign.value();
    const double correctable = a.correctable.value() - b.correctable.value();
    return crossover{benign / (benign + correctable), a_leads_below};
}

}  // namespace labelerrors::evaluation

#endif
