#ifndef LABELERRORS_CORE_MULTILABEL_OPTIONS_HPP
#define LABELERRORS_CORE_MULTILABEL_OPTIONS_HPP

#include <labelerrors/core/find_label_issues.hpp>
#include <labelerrors/core/score_aggregators.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace labelerrors
{

/// What decides which answers to a class's question are likely wrong.
enum class multilabel_procedure
{
    by_filter,  // filter_by
    // The reference's procedure for little memory, low_memory: of each class so many answers as the model contradicts
    // with a probability that reaches its threshold, namely those with the lowest scores by rank_by (self-confidence
    // for none), less those that the model does not contradict. What it flags so depends on rank_by.
    batched,
};

/// What find_multilabel_issues lets its caller choose.
struct find_multilabel_issues_options
{
    // Which procedure decides what is an issue.
    multilabel_procedure procedure = multilabel_procedure::by_filter;
    // Applied to each class by itself. With low_* whole examples are chosen instead; see find_multilabel_issues.
    labelerrors::filter_by filter_by = labelerrors::filter_by::prune_by_noise_rate;
    // What the issues are ranked by, most severe first; none: ascending by index, with self-confidence as the score.
    std::optional<score_method> rank_by = score_method::self_confidence;
    // Whether the ranking score is made from adjusted probabilities. The filters never are.
    adjustment adjust_pred_probs = adjustment::none;
    // How the scores of an example's classes become one; any function of k scores.
    score_aggregator aggregator = aggregators::exponential_moving_average{.alpha = 0.8};
    // The share of each quota that is taken, 0 .. 1. Prune filters only.
    double frac_noise = 1.0;
    // At least so many examples with, and without, each class are kept, unless numbers to remove or a joint of one's
    // own ask for more; where there are no more, they are left alone. Prune filters only.
    std::size_t min_examples_per_class = 1;
    // How many of the examples that lack each class to flag (k numbers) instead of as many as the joint says, and none
    // of those that have it: the reference's rule. Prune filters only.
    std::optional<std::vector<std::size_t>> num_to_remove_per_class = std::nullopt;
    // k x 2 x 2 counts in place of the calibrated confident joints. Prune filters only.
    std::optional<xt::xtensor<double, 3>> confident_joint = std::nullopt;
    double tolerance = 1e-4;                                  // see pass_options
    std::size_t threads = 0;                                  // see pass_options
    std::function<void(const scan_progress&)> progress = {};  // see pass_options
};

namespace detail
{

/// Refuses options that are out of range or that the chosen filter has no use for.
inline void require_options(const find_multilabel_issues_options& options, std::size_t num_classes,
                            const char* function)
{
    require_options(find_label_issues_options{.filter_by = options.filter_by,
                                              .rank_by = options.rank_by,
                                              .adjust_pred_probs = options.adjust_pred_probs,
                                              .frac_noise = options.frac_noise,
                                              .num_to_remove_per_class = options.num_to_remove_per_class},
                    num_classes, function);
    if (options.procedure == multilabel_procedure::batched)
    {
        const find_multilabel_issues_options defaults;
        const char* unused = options.filter_by != defaults.filter_by     ? "filter_by"
                             : options.frac_noise != defaults.frac_noise ? "frac_noise"
                             : options.min_examples_per_class != defaults.min_examples_per_class
                                 ? "min_examples_per_class"
                             : options.num_to_remove_per_class ? "num_to_remove_per_class"
                             : options.confident_joint         ? "confident_joint"
                                                               : nullptr;
        if (unused != nullptr)
            throw value_error(std::string(function) + ": the procedure batched has no use for " + unused +
                              "; leave it at its default");
    }
    require_aggregator(options.aggregator, function);
    if (!options.confident_joint)
        return;
    const auto& joint = *options.confident_joint;
    if (joint.shape()[0] != num_classes || joint.shape()[1] != 2 || joint.shape()[2] != 2)
        throw shape_error(std::string(function) + ": confident_joint must be k x 2 x 2 with k = " +
                          std::to_string(num_classes) + ", not " + std::to_string(joint.shape()[0]) + " x " +
                          std::to_string(joint.shape()[1]) + " x " + std::to_string(joint.shape()[2]));
    for (std::size_t j = 0; j < num_classes; ++j)
        for (std::size_t cell = 0; cell < 4; ++cell)
            if (const double value = joint(j, cell / 2, cell % 2); !(value >= 0.0 && value < 0x1p53))
                throw value_error(std::string(function) + ": confident_joint(" + std::to_string(j) + ", " +
                                  std::to_string(cell / 2) + ", " + std::to_string(cell % 2) + ") is " +
                                  to_text(value) + "; counts are not negative and below 2^53");
}

}  // namespace detail

}  // namespace labelerrors

#endif
