#ifndef LABELERRORS_DISTRIBUTED_FIND_MULTILABEL_ISSUES_HPP
#define LABELERRORS_DISTRIBUTED_FIND_MULTILABEL_ISSUES_HPP

#include <labelerrors/core/find_multilabel_issues.hpp>
#include <labelerrors/core/multilabel_confident_joint.hpp>
#include <labelerrors/core/multilabel_health.hpp>
#include <labelerrors/distributed/find_label_issues.hpp>
#include <labelerrors/distributed/process_group.hpp>
#include <labelerrors/distributed/shared_rows.hpp>
#include <labelerrors/distributed/spread_order.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace labelerrors::distributed
{

/// A process's part of the examples whose sets of labels are likely wrong.
struct multilabel_issues_part
{
    multilabel_issues issues;     // contiguous in the list; num_examples and indices are of the whole set
    std::size_t first_issue = 0;  // how many come before them in the list
    std::size_t num_issues = 0;   // in the whole list
};

/// Finds the examples whose sets of labels are likely wrong, among the rows of all processes; see confident_joint.hpp
/// for what the arguments are and labelerrors::find_multilabel_issues for the options and the result, by every filter
/// and both procedures. The aggregator must be the same on all processes.
///
/// The parts of all ranks one after another are the list of one process; see find_label_issues. Sums of some numbers a
/// class, and quotas met in a few rounds for all classes at once.
template <process_group Group, label_set_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] multilabel_issues_part
find_multilabel_issues(Group& group, const Labels& labels, const PredProbs& pred_probs,
                       const find_multilabel_issues_options& options = {}, listing where = listing::spread);

/// The issues of each class by itself: k parts; see labelerrors::find_multilabel_issues_per_class.
template <process_group Group, label_set_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] std::vector<label_issues_part>
find_multilabel_issues_per_class(Group& group, const Labels& labels, const PredProbs& pred_probs,
                                 const find_multilabel_issues_options& options = {}, listing where = listing::spread);

namespace detail
{

/// The options that all processes must agree on.
[[nodiscard]] inline call_signature signature_of(const char* function, const find_multilabel_issues_options& options,
                                                 listing where)
{
    call_signature signature(function);
    add_options(signature, find_label_issues_options{.filter_by = options.filter_by,
                                                     .rank_by = options.rank_by,
                                                     .adjust_pred_probs = options.adjust_pred_probs,
                                                     .frac_noise = options.frac_noise,
                                                     .min_examples_per_class = options.min_examples_per_class,
                                                     .num_to_remove_per_class = options.num_to_remove_per_class,
                                                     .tolerance = options.tolerance});
    signature.add(static_cast<std::size_t>(options.procedure));
    if (options.confident_joint)
        signature.add_all(*options.confident_joint);
    signature.add(static_cast<std::size_t>(where));
    return signature;
}

inline void put_classes(message_writer& writer, const std::vector<std::size_t>& classes)
{
    writer.put(static_cast<std::uint32_t>(classes.size()));
    for (const std::size_t j : classes)
        writer.put(static_cast<std::uint32_t>(j));
}

[[nodiscard]] inline std::vector<std::size_t> take_classes(message_reader& reader)
{
    std::vector<std::size_t> classes(reader.take<std::uint32_t>());
    for (std::size_t& j : classes)
        j = reader.take<std::uint32_t>();
    return classes;
}

/// Puts the issues of all processes in order, as list_together of label_issues.
template <process_group Group>
[[nodiscard]] multilabel_issues_part list_together(Group& group, const multilabel_issues& issues, list_order order,
                                                   listing where)
{
    struct described
    {
        scored_row at;
        std::vector<std::size_t> given;
        std::vector<std::size_t> suggested;
        std::vector<std::size_t> flagged;
    };
    const auto entry_at = [&](std::size_t i)
    {
        return scored_row{issues.scores(i), issues.indices(i)};
    };
    const auto parts = deal(
        group, issues.indices.size(), entry_at,
        [&](std::size_t i, message_writer& writer)
        {
            writer.put(entry_at(i));
            put_classes(writer, issues.given_labels[i]);
            put_classes(writer, issues.suggested_labels[i]);
            put_classes(writer, issues.flagged_classes[i]);
        },
        order, where);
    std::vector<described> rows;
    for (const message& part : parts)
        for (message_reader reader(part); !reader.at_end();)
        {
            auto& row = rows.emplace_back();
            row.at = reader.template take<scored_row>();
            row.given = take_classes(reader);
            row.suggested = take_classes(reader);
            row.flagged = take_classes(reader);
        }
    if (order == list_order::by_score)
        std::sort(rows.begin(), rows.end(), [](const described& a, const described& b) { return a.at < b.at; });
    const auto part = part_of_list(group, rows.size());
    const std::size_t m = rows.size();
    multilabel_issues_part result{{issues.num_examples,
                                   issues.num_classes,
                                   xt::xtensor<std::size_t, 1>::from_shape({m}),
                                   xt::xtensor<double, 1>::from_shape({m}),
                                   {},
                                   {},
                                   {}},
                                  part.first,
                                  part.total};
    for (std::size_t i = 0; i < m; ++i)
    {
        result.issues.indices(i) = rows[i].at.row;
        result.issues.scores(i) = rows[i].at.score;
        result.issues.given_labels.push_back(std::move(rows[i].given));
        result.issues.suggested_labels.push_back(std::move(rows[i].suggested));
        result.issues.flagged_classes.push_back(std::move(rows[i].flagged));
    }
    return result;
}

}  // namespace detail

template <process_group Group, label_set_sequence Labels, probability_matrix PredProbs>
multilabel_issues_part find_multilabel_issues(Group& group, const Labels& labels, const PredProbs& pred_probs,
                                              const find_multilabel_issues_options& options, listing where)
{
    constexpr const char* function = "find_multilabel_issues";
    return detail::with_shared_sets(
        group, labels, pred_probs, options.tolerance, detail::signature_of(function, options, where), function,
        [&](const auto& rows, const class_sets& sets, const auto& shared, const auto& peers)
        {
            auto issues = labelerrors::detail::find_set_issues_in(rows, sets, options, function, peers);
            detail::move_to_whole_set(issues, shared);
            return detail::list_together(group, issues, detail::order_of(options), where);
        });
}

template <process_group Group, label_set_sequence Labels, probability_matrix PredProbs>
std::vector<label_issues_part>
find_multilabel_issues_per_class(Group& group, const Labels& labels, const PredProbs& pred_probs,
                                 const find_multilabel_issues_options& options, listing where)
{
    constexpr const char* function = "find_multilabel_issues_per_class";
    return detail::with_shared_sets(
        group, labels, pred_probs, options.tolerance, detail::signature_of(function, options, where), function,
        [&](const auto& rows, const class_sets& sets, const auto& shared, const auto& peers)
        {
            auto classes = labelerrors::detail::find_answer_issues_in(rows, sets, options, function, peers);
            std::vector<label_issues_part> parts;
            for (auto& issues : classes)
            {
                detail::move_to_whole_set(issues, shared);
                parts.push_back(
                    detail::list_together(group, issues, detail::order_of(options), where, options.threads));
            }
            return parts;
        });
}

/// The confident joints of k questions; see labelerrors::compute_multilabel_confident_joint.
template <process_group Group, label_set_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] multilabel_confident_joint_result
compute_multilabel_confident_joint(Group& group, const Labels& labels, const PredProbs& pred_probs,
                                   const confident_joint_options& options = {})
{
    constexpr const char* function = "compute_multilabel_confident_joint";
    detail::call_signature signature(function);
    signature.add(static_cast<std::size_t>(options.calibrate));
    signature.add(options.tolerance);
    return detail::with_shared_sets(
        group, labels, pred_probs, options.tolerance, signature, function,
        [&](const auto& rows, const class_sets& sets, const auto& /*shared*/, const auto& peers)
        { return labelerrors::detail::answer_joints_of(rows, sets, options, function, peers); });
}

/// The joint distributions of given and true answers; see labelerrors::estimate_multilabel_joint.
template <process_group Group, label_set_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] xt::xtensor<double, 3> estimate_multilabel_joint(Group& group, const Labels& labels,
                                                               const PredProbs& pred_probs,
                                                               const pass_options& options = {})
{
    return labelerrors::detail::answer_shares(
        distributed::compute_multilabel_confident_joint(
            group, labels, pred_probs, labelerrors::detail::joint_options(calibration::to_label_counts, options))
            .confident_joint);
}

/// Sums up what find_multilabel_issues finds by noise rate on all processes; see labelerrors::multilabel_health.
template <process_group Group, label_set_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] multilabel_health_summary multilabel_health(Group& group, const Labels& labels,
                                                          const PredProbs& pred_probs, const pass_options& options = {})
{
    const auto found = distributed::find_multilabel_issues(group, labels, pred_probs,
                                                           {.rank_by = std::nullopt,
                                                            .tolerance = options.tolerance,
                                                            .threads = options.threads,
                                                            .progress = options.progress});
    return together(group,
                    [&]
                    {
                        auto answers = labelerrors::detail::count_flagged_answers(found.issues);
                        std::vector<std::int64_t> numbers;
                        for (const auto& answer : answers)
                            numbers.push_back(static_cast<std::int64_t>(answer.num_examples));
                        detail::meet_and_sum(group, std::span<std::int64_t>(numbers));
                        for (std::size_t i = 0; i < numbers.size(); ++i)
                            answers[i].num_examples = static_cast<std::size_t>(numbers[i]);
                        return labelerrors::detail::health_of(std::move(answers), found.num_issues,
                                                              found.issues.num_examples);
                    });
}

/// How many examples of all processes have a set of labels that is likely wrong; see
/// labelerrors::num_multilabel_issues.
template <process_group Group, label_set_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] std::size_t num_multilabel_issues(Group& group, const Labels& labels, const PredProbs& pred_probs,
                                                const pass_options& options = {})
{
    return distributed::find_multilabel_issues(group, labels, pred_probs,
                                               {.filter_by = filter_by::confident_learning,
                                                .rank_by = std::nullopt,
                                                .tolerance = options.tolerance,
                                                .threads = options.threads,
                                                .progress = options.progress})
        .num_issues;
}

}  // namespace labelerrors::distributed

#endif
