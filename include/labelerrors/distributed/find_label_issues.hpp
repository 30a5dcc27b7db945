#ifndef LABELERRORS_DISTRIBUTED_FIND_LABEL_ISSUES_HPP
#define LABELERRORS_DISTRIBUTED_FIND_LABEL_ISSUES_HPP

#include <labelerrors/core/find_label_issues.hpp>
#include <labelerrors/core/label_issues.hpp>
#include <labelerrors/distributed/process_group.hpp>
#include <labelerrors/distributed/shared_rows.hpp>
#include <labelerrors/distributed/spread_order.hpp>
#include <labelerrors/rows/large_vector.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>

namespace labelerrors::distributed
{

/// A process's part of the label issues of all.
struct label_issues_part
{
    label_issues issues;          // contiguous in the list; num_examples and indices are of the whole set
    std::size_t first_issue = 0;  // how many come before them in the list
    std::size_t num_issues = 0;   // in the whole list
};

/// Finds the examples whose labels are likely wrong, among the rows of all processes; see confident_joint.hpp for what
/// the arguments are and labelerrors::find_label_issues for the options and the result.
///
/// The parts of all ranks one after another are the list of one process, bit for bit. Spread, ranked lists come in
/// parts of about the same length and lists by index where their rows are; gathered, rank 0 has all and the others
/// nothing. Throws as labelerrors::find_label_issues, on all processes the error of the lowest rank that has one. Time
/// as labelerrors::find_label_issues on the rows of the process. Quotas are met by a few rounds (see keep_best): the
/// messages of a process grow with the pairs of classes that are confused and with its number of issues, not with n.
/// Memory as in one process that has the rows of this one, but for the candidates: of each quota a process keeps up to
/// as many as all processes together are to find.
template <process_group Group, label_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] label_issues_part find_label_issues(Group& group, const Labels& labels, const PredProbs& pred_probs,
                                                  const find_label_issues_options& options = {},
                                                  listing where = listing::spread);

namespace detail
{

/// Puts the issues of all processes in order. `issues`: this process's, in order, by their rows in the whole set.
template <process_group Group>
[[nodiscard]] label_issues_part list_together(Group& group, const label_issues& issues, list_order order, listing where,
                                              std::size_t threads)
{
    struct entry
    {
        double score;
        std::uint64_t index;
        std::uint32_t given;
        std::uint32_t suggested;
    };
    labelerrors::detail::described_rows rows;
    large_vector<std::size_t> indices;
    {
        const auto parts = deal(
            group, issues.indices.size(),
            [&](std::size_t i) {
                return scored_row{issues.scores(i), issues.indices(i)};
            },
            [&](std::size_t i, message_writer& writer)
            {
                writer.put(entry{issues.scores(i), issues.indices(i),
                                 static_cast<std::uint32_t>(issues.given_labels(i)),
                                 static_cast<std::uint32_t>(issues.suggested_labels(i))});
            },
            order, where);
        for (const message& part : parts)
            for (message_reader reader(part); !reader.at_end();)
            {
                const auto one = reader.template take<entry>();
                rows.push_back({one.score, one.given, one.suggested});
                indices.push_back(static_cast<std::size_t>(one.index));
            }
    }
    const auto part = part_of_list(group, rows.size());
    return {labelerrors::detail::in_order(rows, indices, issues.num_examples, issues.num_classes,
                                          order == list_order::by_score, threads),
            part.first, part.total};
}

/// How the options have a list ordered.
template <class Options>
[[nodiscard]] list_order order_of(const Options& options)
{
    return options.rank_by ? list_order::by_score : list_order::by_row;
}

/// The options that all processes must agree on.
inline void add_options(call_signature& signature, const find_label_issues_options& options)
{
    signature.add(static_cast<std::size_t>(options.filter_by));
    signature.add(options.rank_by ? static_cast<std::size_t>(*options.rank_by) : std::size_t{99});
    signature.add(static_cast<std::size_t>(options.adjust_pred_probs));
    signature.add(options.frac_noise);
    signature.add(options.min_examples_per_class);
    signature.add(options.tolerance);
    if (options.num_to_remove_per_class)
        signature.add_all(*options.num_to_remove_per_class);
    if (options.confident_joint)
        signature.add_all(*options.confident_joint);
}

/// Local rows as rows of the whole set. `issues`: label_issues or multilabel_issues.
template <class Issues>
void move_to_whole_set(Issues& issues, const shared_rows& shared)
{
    issues.num_examples = shared.num_rows;
    for (std::size_t& index : issues.indices)
        index += shared.first_row;
}

}  // namespace detail

template <process_group Group, label_sequence Labels, probability_matrix PredProbs>
label_issues_part find_label_issues(Group& group, const Labels& labels, const PredProbs& pred_probs,
                                    const find_label_issues_options& options, listing where)
{
    constexpr const char* function = "find_label_issues";
    detail::call_signature signature(function);
    detail::add_options(signature, options);
    signature.add(static_cast<std::size_t>(where));
    return detail::with_shared(
        group, labels, pred_probs, options.tolerance, signature, function,
        [&](const auto& rows, const auto& checked, const auto& shared, const auto& peers)
        {
            auto issues = labelerrors::detail::find_issues_in(rows, checked, options, function, std::nullopt, peers);
            detail::move_to_whole_set(issues, shared);
            return detail::list_together(group, issues, detail::order_of(options), where, options.threads);
        });
}

}  // namespace labelerrors::distributed

#endif
