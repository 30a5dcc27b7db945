#ifndef LABELERRORS_EVALUATION_FIND_ORDER_CHANGES_HPP
#define LABELERRORS_EVALUATION_FIND_ORDER_CHANGES_HPP

#include <labelerrors/evaluation/accuracy.hpp>
#include <labelerrors/evaluation/evaluate_models.hpp>
#include <labelerrors/evaluation/mcnemar_test.hpp>
#include <labelerrors/evaluation/select_examples.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace labelerrors::evaluation
{

/// Two models, each ahead of the other by one kind of label.
struct order_change
{
    std::size_t model_a = 0;   // ahead by the given labels; an index in the models
    std::size_t model_b = 0;   // ahead by the corrected labels
    mcnemar_result given;      // whether a is ahead of b by more than noise
    mcnemar_result corrected;  // whether b is ahead of a by more than noise
};

/// Finds the pairs of models whose order by top-1 accuracy the correction of the labels reverses, and says for both
/// orders whether they are more than noise: only where both p-values are low did the correction turn a real lead into
/// another. A pair that is tied before or after is not among them.
///
/// `models`, `examples`: as for evaluate_models, whose errors are thrown. Returns pairs by the place of a, then of b,
/// in `models`; p-values are not adjusted for the number of pairs. O(models^2 examples).
[[nodiscard]] inline std::vector<order_change> find_order_changes(std::span<const model> models,
                                                                  const scored_examples& examples,
                                                                  mcnemar_method method = mcnemar_method::automatic)
{
    detail::require_models(models, examples, "find_order_changes");
    std::vector<std::vector<std::uint8_t>> given;
    std::vector<std::vector<std::uint8_t>> corrected;
    for (const model& one : models)
    {
        given.push_back(correct_in_top_k(one.predictions, examples.rows, examples.given_labels, 1));
        corrected.push_back(correct_in_top_k(one.predictions, examples.rows, examples.corrected_labels, 1));
    }
    std::vector<order_change> changes;
    for (std::size_t a = 0; a < models.size(); ++a)
        for (std::size_t b = 0; b < models.size(); ++b)
        {
            if (a == b)
                continue;
            const order_change one{a, b, mcnemar_test(given[a], given[b], method),
                                   mcnemar_test(corrected[a], corrected[b], method)};
            if (one.given.only_a_correct > one.given.only_b_correct &&
                one.corrected.only_a_correct < one.corrected.only_b_correct)
                changes.push_back(one);
        }
    return changes;
}

}  // namespace labelerrors::evaluation

#endif
