// The options of score.
#include "score_options.hpp"

#include "choices.hpp"

namespace program
{

void score_options::add_to(CLI::App& subcommand)
{
    sets.add_to(subcommand);
    app = &subcommand;
    subcommand.add_option("--method", method, "The score, in [0, 1], lower is worse (default: self_confidence)")
        ->check(CLI::IsMember(names_of(score_methods)));
    subcommand.add_flag("--adjust-pred-probs", adjust_pred_probs,
                        "Score by probabilities that allow for class imbalance");
}

void score_options::settle() const
{
    if (adjust_pred_probs && method == "confidence_weighted_entropy")
        throw CLI::ValidationError("--adjust-pred-probs has no meaning with --method confidence_weighted_entropy");
    sets.settle(*app);
}

labelerrors::score_method score_options::chosen_method() const
{
    return score_methods.at(method);
}

labelerrors::adjustment score_options::chosen_adjustment() const
{
    return adjust_pred_probs ? labelerrors::adjustment::class_thresholds : labelerrors::adjustment::none;
}

}  // namespace program
