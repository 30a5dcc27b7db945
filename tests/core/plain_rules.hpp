#ifndef LABELERRORS_TESTS_CORE_PLAIN_RULES_HPP
#define LABELERRORS_TESTS_CORE_PLAIN_RULES_HPP

// The rules of finding label issues once more, as plain loops over the whole matrix: slow, and free of everything that
// makes the library fast.

#include "plain_pruning.hpp"
#include "small_cases.hpp"
#include <labelerrors/core/find_label_issues.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

namespace tests::plain
{

/// Labels and probabilities as vectors.
struct examples
{
    indices labels;
    table probabilities;
    std::size_t num_classes;

    explicit examples(const small_case& made) : labels(to_indices(made.labels)), num_classes(made.num_classes())
    {
        for (std::size_t i = 0; i < made.num_examples(); ++i)
        {
            probabilities.emplace_back();
            for (std::size_t j = 0; j < num_classes; ++j)
                probabilities[i].push_back(made.pred_probs(i, j));
        }
    }

    [[nodiscard]] indices members(std::size_t label) const
    {
        indices found;
        for (std::size_t i = 0; i < labels.size(); ++i)
            if (labels[i] == label)
                found.push_back(i);
        return found;
    }
};

[[nodiscard]] inline row thresholds(const examples& in)
{
    row result(in.num_classes, 2.0);
    for (std::size_t j = 0; j < in.num_classes; ++j)
    {
        row given;
        for (const std::size_t i : in.members(j))
            given.push_back(in.probabilities[i][j]);
        if (!given.empty())
            result[j] = std::max(sum_of(given) / static_cast<double>(given.size()), 2e-6);
    }
    return result;
}

struct counted
{
    table joint;           // row: given, column: guess, diagonal at least 1
    indices off_diagonal;  // the examples counted off the diagonal
};

[[nodiscard]] inline counted confident_joint(const examples& in)
{
    const row bounds = thresholds(in);
    counted result{table(in.num_classes, row(in.num_classes, 0.0)), {}};
    for (std::size_t i = 0; i < in.labels.size(); ++i)
    {
        indices confident;
        for (std::size_t j = 0; j < in.num_classes; ++j)
            if (in.probabilities[i][j] >= bounds[j] - 1e-6)
                confident.push_back(j);
        if (confident.empty())
            continue;
        const std::size_t guess = confident.size() == 1 ? confident[0] : argmax_of(in.probabilities[i]);
        result.joint[in.labels[i]][guess] += 1.0;
        if (guess != in.labels[i])
            result.off_diagonal.push_back(i);
    }
    for (std::size_t j = 0; j < in.num_classes; ++j)
        result.joint[j][j] = std::max(result.joint[j][j], 1.0);
    return result;
}

/// Whether the label is the argmax once its probability is raised.
[[nodiscard]] inline bool model_agrees(const examples& in, std::size_t i)
{
    row raised = in.probabilities[i];
    raised[in.labels[i]] += 1e-6;
    return argmax_of(raised) == in.labels[i];
}

[[nodiscard]] inline row scores(const examples& in, labelerrors::score_method method)
{
    row result;
    for (std::size_t i = 0; i < in.labels.size(); ++i)
    {
        const row& p = in.probabilities[i];
        const double given = p[in.labels[i]];
        double other = -1.0;
        double entropy = 0.0;
        for (std::size_t j = 0; j < p.size(); ++j)
        {
            if (j != in.labels[i])
                other = std::max(other, p[j]);
            if (p[j] > 0.0)
                entropy -= p[j] * std::log(p[j]) / std::log(static_cast<double>(p.size()));
        }
        const double ratio = entropy / std::max(given, 1e-6);
        result.push_back(method == labelerrors::score_method::self_confidence ? given
                         : method == labelerrors::score_method::normalized_margin
                             ? (given - other + 1.0) / 2.0
                             : std::log(ratio + 1.0) / std::max(ratio, 1e-6));
    }
    return result;
}

/// The examples that a filter flags, ascending.
[[nodiscard]] inline indices flagged(const examples& in, const labelerrors::find_label_issues_options& options)
{
    using labelerrors::filter_by;
    const std::size_t n = in.labels.size();
    const std::size_t k = in.num_classes;
    const counted found = confident_joint(in);
    std::vector<char> off_diagonal(n, 0);
    for (const std::size_t i : found.off_diagonal)
        off_diagonal[i] = 1;
    std::vector<char> mask(n, 0);

    if (options.filter_by == filter_by::low_normalized_margin || options.filter_by == filter_by::low_self_confidence)
    {
        std::size_t count = 0;
        for (std::size_t i = 0; i < n; ++i)
            count += off_diagonal[i] != 0 && !model_agrees(in, i) ? 1u : 0u;
        indices taken = order_of(scores(in, options.filter_by == filter_by::low_normalized_margin
                                                ? labelerrors::score_method::normalized_margin
                                                : labelerrors::score_method::self_confidence));
        taken.resize(count);
        std::sort(taken.begin(), taken.end());
        return taken;
    }
    if (options.filter_by == filter_by::confident_learning)
        mask = off_diagonal;
    else if (options.filter_by == filter_by::predicted_neq_given)
        for (std::size_t i = 0; i < n; ++i)
            mask[i] = argmax_of(in.probabilities[i]) != in.labels[i] ? 1 : 0;
    else
    {
        indices class_counts;
        for (std::size_t j = 0; j < k; ++j)
            class_counts.push_back(in.members(j).size());
        table joint = calibrated(found.joint, class_counts);
        if (options.confident_joint)
            for (std::size_t i = 0; i < k; ++i)
                for (std::size_t j = 0; j < k; ++j)
                    joint[i][j] = (*options.confident_joint)(i, j);
        table counts = prune_counts(joint, options.min_examples_per_class, options.frac_noise);
        if (options.num_to_remove_per_class)
            counts = spread(counts, *options.num_to_remove_per_class, class_counts);
        std::vector<char> by_rate(n, 0);
        std::vector<char> by_class(n, 0);
        for (std::size_t given = 0; given < k; ++given)
        {
            const indices members = in.members(given);
            if (members.size() <= std::max<std::size_t>(options.min_examples_per_class, 1))
                continue;
            for (std::size_t j = 0; j < k; ++j)
            {
                row keys;
                for (const std::size_t i : members)
                    keys.push_back(j == given ? in.probabilities[i][given]
                                              : in.probabilities[i][given] - in.probabilities[i][j]);
                const double quota =
                    j == given ? static_cast<double>(members.size()) - counts[given][given] : counts[j][given];
                for (const std::size_t i : lowest(members, keys, quota))
                    (j == given ? by_class : by_rate)[i] = 1;
            }
        }
        for (std::size_t i = 0; i < n; ++i)
            mask[i] = options.filter_by == filter_by::prune_by_noise_rate ? by_rate[i]
                      : options.filter_by == filter_by::prune_by_class    ? by_class[i]
                                                                          : static_cast<char>(by_rate[i] & by_class[i]);
    }
    indices taken;
    for (std::size_t i = 0; i < n; ++i)
        if (mask[i] != 0 && !model_agrees(in, i))
            taken.push_back(i);
    return taken;
}

}  // namespace tests::plain

#endif
