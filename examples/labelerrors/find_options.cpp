// What find lets its caller choose about filters and ranking.
#include "find_options.hpp"

#include "checks.hpp"
#include "choices.hpp"
#include <labelerrors/io/read_npy.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace program
{

namespace
{

/// What issues may be ranked by; none: by nothing.
const auto rankings = []
{
    std::map<std::string, std::optional<labelerrors::score_method>> all(score_methods.begin(), score_methods.end());
    all.emplace("none", std::nullopt);
    return all;
}();

/// The numbers of --num-to-remove-per-class, one for each class; none where it was not given.
[[nodiscard]] std::optional<std::vector<std::size_t>> read_removals(const std::string& text, const inputs& in)
{
    if (text.empty())
        return std::nullopt;
    std::vector<std::size_t> removals;
    for (const std::string& number : split_list(text))
        removals.push_back(std::stoull(number));
    const std::size_t k = in.pred_probs.num_columns();
    if (removals.size() != k)
        throw std::runtime_error("--num-to-remove-per-class: has " + std::to_string(removals.size()) +
                                 " numbers, but " + in.pred_probs.parts().front().path() + " has " + std::to_string(k) +
                                 " classes; give one number for each, 0 to take none");
    return removals;
}

/// Refuses shares where counts are due, of which nothing would be pruned.
void refuse_shares(const double* joint, std::size_t size, const std::string& file)
{
    const double sum = std::accumulate(joint, joint + size, 0.0);
    const bool has_fractions =
        std::any_of(joint, joint + size, [](double share) { return share != std::floor(share); });
    if (has_fractions && std::abs(sum - 1.0) < 1e-6)
        throw std::runtime_error(file + ": confident_joint sums to 1, so it is a distribution, where counts are due; "
                                        "give what count calls calibrated_confident_joint");
}

/// The joint of sets of labels, k x 2 x 2.
[[nodiscard]] xt::xtensor<double, 3> read_joints(const std::string& path, const inputs& in)
{
    const std::size_t k = in.pred_probs.num_columns();
    auto joints = labelerrors::io::read_npy<double, 3>(path);
    if (joints.shape() != xt::xtensor<double, 3>::shape_type{k, 2, 2})
        throw std::runtime_error(path + ": confident_joint must have the shape (" + std::to_string(k) +
                                 ", 2, 2), class, given, true, not (" + std::to_string(joints.shape()[0]) + ", " +
                                 std::to_string(joints.shape()[1]) + ", " + std::to_string(joints.shape()[2]) + ")");
    for (std::size_t j = 0; j < k; ++j)
        try
        {
            const xt::xtensor<double, 2> joint{{joints(j, 0, 0), joints(j, 0, 1)}, {joints(j, 1, 0), joints(j, 1, 1)}};
            labelerrors::detail::require_counts(joint, 2, "find", "confident_joint");
            refuse_shares(joint.data(), joint.size(), path + ": class " + std::to_string(j));
        }
        catch (const std::invalid_argument& error)
        {
            throw std::runtime_error(explain(error.what(), path + ": class " + std::to_string(j)));
        }
    return joints;
}

}  // namespace

void find_options::add_to(CLI::App& subcommand)
{
    app = &subcommand;
    sets.add_to(subcommand);
    subcommand
        .add_option("--filter-by", filter,
                    "Which examples count as issues (default: prune_by_noise_rate; with --reference cleanlab-1: "
                    "low_normalized_margin, with --multi-label prune_by_noise_rate)")
        ->check(CLI::IsMember(names_of(filters)));
    subcommand
        .add_option("--rank-by", rank,
                    "The score that orders the issues; none: by index (default: self_confidence; with --reference "
                    "cleanlab-1: normalized_margin)")
        ->check(CLI::IsMember(names_of(rankings)));
    subcommand.add_option("--frac-noise", frac_noise, "The share of each prune quota to take (default: 1)")
        ->check(number_that([](double share) { return share >= 0.0 && share <= 1.0; }, "a share from 0 to 1"))
        ->type_name("F");
    subcommand
        .add_option("--num-to-remove-per-class", num_to_remove_per_class,
                    "How many examples to take, one number for each class: by prune_by_class of those given the "
                    "class, by prune_by_noise_rate of those that look like it")
        ->check(list_of(whole_number()))
        ->type_name("A,B,...");
    subcommand
        .add_option("--min-examples-per-class", min_examples_per_class,
                    "Keep at least so many of each class (default: 1)")
        ->check(whole_number())
        ->type_name("N");
    subcommand.add_flag("--adjust-pred-probs", adjust_pred_probs,
                        "Rank by probabilities that allow for class imbalance");
    subcommand
        .add_option("--confident-joint", confident_joint,
                    "k x k counts, row: given, column: true label, to prune by instead of those of the data (what "
                    "count calls calibrated_confident_joint); with "
                    "--multi-label k x 2 x 2, class, given, true")
        ->type_name("FILE");
    subcommand.add_option("--top", top, "List at most N issues (default: all; in a table, 20)")
        ->check(whole_number())
        ->type_name("N");
}

void find_options::refuse(const std::string& option, const std::string& why) const
{
    if (given(option))
        throw CLI::ValidationError(option + " " + why);
}

void find_options::settle() const
{
    if (!prunes())
        for (const char* option :
             {"--frac-noise", "--num-to-remove-per-class", "--min-examples-per-class", "--confident-joint"})
            refuse(option, "needs --filter-by prune_by_noise_rate, prune_by_class or both");
}

void find_options::settle_ranking()
{
    if (rank.empty())
        rank = "self_confidence";
    if (rank == "confidence_weighted_entropy")
        refuse("--adjust-pred-probs", "has no meaning with --rank-by confidence_weighted_entropy");
}

labelerrors::find_label_issues_options find_options::for_labels(const inputs& in, const input_options& input) const
{
    labelerrors::find_label_issues_options find;
    find.filter_by = filters.at(filter);
    find.rank_by = rankings.at(rank);
    if (adjust_pred_probs)
        find.adjust_pred_probs = labelerrors::adjustment::class_thresholds;
    find.frac_noise = frac_noise;
    find.min_examples_per_class = min_examples_per_class;
    find.num_to_remove_per_class = read_removals(num_to_remove_per_class, in);
    find.confident_joint = read_joint(confident_joint, in);
    find.tolerance = input.tolerance;
    find.threads = input.threads;
    return find;
}

labelerrors::find_multilabel_issues_options find_options::for_sets(const inputs& in, const input_options& input) const
{
    labelerrors::find_multilabel_issues_options find;
    find.filter_by = filters.at(filter);
    find.rank_by = rankings.at(rank);
    if (adjust_pred_probs)
        find.adjust_pred_probs = labelerrors::adjustment::class_thresholds;
    find.aggregator = sets.chosen_aggregator();
    find.frac_noise = frac_noise;
    find.min_examples_per_class = min_examples_per_class;
    find.num_to_remove_per_class = read_removals(num_to_remove_per_class, in);
    if (!confident_joint.empty())
        find.confident_joint = read_joints(confident_joint, in);
    find.tolerance = input.tolerance;
    find.threads = input.threads;
    return find;
}

issue_heading find_options::heading(std::size_t num_examples, std::size_t num_classes, std::size_t num_issues) const
{
    return {.num_examples = num_examples,
            .num_classes = num_classes,
            .filter = filter,
            .rank = rank,
            .more_json = {},
            .more_text = {},
            .num_issues = num_issues};
}

std::optional<xt::xtensor<double, 2>> read_joint(const std::string& path, const inputs& in)
{
    if (path.empty())
        return std::nullopt;
    auto joint = labelerrors::io::read_npy<double, 2>(path);
    refuse_shares(joint.data(), joint.size(), path);
    try
    {
        labelerrors::detail::require_counts(joint, in.pred_probs.num_columns(), "find", "confident_joint");
    }
    catch (const std::invalid_argument& error)
    {
        throw std::runtime_error(explain(error.what(), path));
    }
    return joint;
}

}  // namespace program
