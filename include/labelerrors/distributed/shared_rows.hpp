#ifndef LABELERRORS_DISTRIBUTED_SHARED_ROWS_HPP
#define LABELERRORS_DISTRIBUTED_SHARED_ROWS_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/core/class_labels.hpp>
#include <labelerrors/core/class_sets.hpp>
#include <labelerrors/core/pred_probs_check.hpp>
#include <labelerrors/distributed/agreement.hpp>
#include <labelerrors/distributed/group_peers.hpp>
#include <labelerrors/distributed/process_group.hpp>
#include <labelerrors/error.hpp>
#include <labelerrors/rows/row_blocks.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace labelerrors::distributed::detail
{

/// Where the rows of one process are among those of all.
struct shared_rows
{
    std::size_t first_row;  // the rows of all lower ranks
    std::size_t num_rows;   // the rows of all
};

/// What tells a call from others: a hash of the function and of the options that must be the same on all processes.
class call_signature
{
public:
    explicit call_signature(std::string_view function)
    {
        for (const char c : function)
            add(static_cast<std::size_t>(static_cast<unsigned char>(c)));
    }

    void add(std::size_t number) noexcept
    {
        add_bits(number);
    }

    void add(double number) noexcept
    {
        add_bits(std::bit_cast<std::uint64_t>(number));
    }

    template <class Numbers>
    void add_all(const Numbers& numbers)
    {
        add(static_cast<std::size_t>(numbers.size()));
        for (const auto number : numbers)
            add(number);
    }

    [[nodiscard]] std::int64_t value() const noexcept
    {
        return std::bit_cast<std::int64_t>(hash_);
    }

private:
    void add_bits(std::uint64_t bits) noexcept
    {
        // FNV-1a, eight bytes at a time.
        hash_ = (hash_ ^ bits) * 0x100000001b3u;
        hash_ ^= hash_ >> 32;
    }

    std::uint64_t hash_ = 0xcbf29ce484222325u;
};

/// Begins a call that may be about no row at all: every process tells how many rows and classes it has and what was
/// called, and all see whether these fit together. Throws on all processes where they do not. Without classes
/// `num_classes` is 0.
template <process_group Group>
[[nodiscard]] shared_rows begin_call_of_any(Group& group, std::size_t num_rows, std::size_t num_classes,
                                            const call_signature& signature, const char* function)
{
    constexpr std::size_t columns = 3;
    std::vector<std::int64_t> table(columns * group.size());
    std::int64_t* mine = table.data() + columns * group.rank();
    mine[0] = static_cast<std::int64_t>(num_rows);
    mine[1] = static_cast<std::int64_t>(num_classes);
    mine[2] = signature.value();
    meet_and_sum(group, table);
    shared_rows rows{0, 0};
    for (std::size_t rank = 0; rank < group.size(); ++rank)
    {
        const std::int64_t* told = table.data() + columns * rank;
        const std::string other = "rank " + std::to_string(rank) + ": " + function;
        if (told[2] != table[2])
            throw agreed<value_error>(other + " was called with other options than on rank 0, or another function "
                                              "was; all ranks must make the same calls");
        if (told[1] != table[1])
            throw agreed<shape_error>(other + ": pred_probs has " + std::to_string(told[1]) +
                                      " columns, but that of rank 0 has " + std::to_string(table[1]) +
                                      "; all ranks must have the same classes, ranks without rows too");
        if (rank < group.rank())
            rows.first_row += static_cast<std::size_t>(told[0]);
        rows.num_rows += static_cast<std::size_t>(told[0]);
    }
    return rows;
}

/// Begins a call as begin_call_of_any does, and throws on all processes too where there is no row.
template <process_group Group>
[[nodiscard]] shared_rows begin_call(Group& group, std::size_t num_rows, std::size_t num_classes,
                                     const call_signature& signature, const char* function)
{
    const auto rows = begin_call_of_any(group, num_rows, num_classes, signature, function);
    if (rows.num_rows == 0)
        throw agreed<shape_error>(std::string(function) +
                                  ": labels and pred_probs are empty on all ranks; at least one example is needed");
    return rows;
}

/// Sums a number for each class over all processes.
template <process_group Group>
void add_up_counts(Group& group, std::vector<std::size_t>& counts)
{
    std::vector<std::int64_t> numbers(counts.begin(), counts.end());
    meet_and_sum(group, numbers);
    counts.assign(numbers.begin(), numbers.end());
}

/// Calls `use(rows, labels, shared, peers)` on all processes alike, once the arguments of all have been checked: this
/// process's rows and what `check(rows)` makes of its labels, with the class counts of all.
template <process_group Group, probability_matrix PredProbs, class Check, class Use>
[[nodiscard]] auto with_shared_part(Group& group, const PredProbs& pred_probs, double tolerance,
                                    const call_signature& signature, const char* function, const Check& check,
                                    const Use& use)
{
    const auto with_part = [&](const auto& rows)
    {
        auto labels = check(rows);
        const auto shared = begin_call(group, rows.num_rows(), rows.num_columns(), signature, function);
        add_up_counts(group, labels.class_counts);
        return use(rows, labels, shared, group_peers<Group>(group));
    };
    return together(group,
                    [&]
                    {
                        labelerrors::detail::require_tolerance(tolerance, function);
                        return with_rows(pred_probs, function, with_part);
                    });
}

/// with_shared_part for labels.
template <process_group Group, label_sequence Labels, probability_matrix PredProbs, class Use>
[[nodiscard]] auto with_shared(Group& group, const Labels& labels, const PredProbs& pred_probs, double tolerance,
                               const call_signature& signature, const char* function, const Use& use)
{
    const auto check = [&](const auto& rows)
    {
        return labelerrors::detail::check_labels_of_part(labels, rows.num_rows(), rows.num_columns(), function);
    };
    return with_shared_part(group, pred_probs, tolerance, signature, function, check, use);
}

/// with_shared_part for sets of labels.
template <process_group Group, label_set_sequence Labels, probability_matrix PredProbs, class Use>
[[nodiscard]] auto with_shared_sets(Group& group, const Labels& labels, const PredProbs& pred_probs, double tolerance,
                                    const call_signature& signature, const char* function, const Use& use)
{
    const auto check = [&](const auto& rows)
    {
        return labelerrors::detail::check_sets_of_part(labels, rows.num_rows(), rows.num_columns(), function);
    };
    return with_shared_part(group, pred_probs, tolerance, signature, function, check,
                            [&](const auto& rows, auto& sets, const auto& shared, const auto& peers)
                            {
                                sets.num_counted = shared.num_rows;
                                return use(rows, sets, shared, peers);
                            });
}

}  // namespace labelerrors::distributed::detail

#endif
