#ifndef LABELERRORS_CORE_PEERS_HPP
#define LABELERRORS_CORE_PEERS_HPP

#include <labelerrors/core/exact_sum.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace labelerrors::detail
{

/// The other processes that hold rows of the same set. An algorithm looks at the rows of its own process and asks its
/// peers where the rows of all count: for sums, and for which of its candidates are among the best of all. Every
/// process asks the same in the same order. `alone`, the default everywhere, answers for one process that has all rows;
/// distributed/ has the others.
struct alone
{
    /// Each number becomes the sum of what all processes have there.
    void add_up(std::span<std::int64_t> /*numbers*/) const noexcept
    {
    }

    /// The same for counts by pair of labels, whose diagonal is the sum of all processes already.
    template <class JointRows>
    [[nodiscard]] JointRows add_up_off_diagonal(JointRows&& rows) const
    {
        return std::forward<JointRows>(rows);
    }

    /// Of `count` quota_selections, each with the same quota on every process, leaves only what is among the quota's
    /// best of all processes; of equal keys those of lower processes come first. `selection_of(i)` is the i-th.
    template <class SelectionOf>
    void keep_best(std::size_t /*count*/, const SelectionOf& /*selection_of*/) const noexcept
    {
    }
};

/// What `alone` can.
template <class P>
concept peer_processes = requires(const P& peers, std::span<std::int64_t> numbers)
{
    peers.add_up(numbers);
};

template <peer_processes Peers>
void add_up(const Peers& peers, std::span<exact_sum> sums)
{
    std::vector<std::int64_t> numbers;
    numbers.reserve(3 * sums.size());
    for (const auto& sum : sums)
        for (const std::int64_t digit : sum.digits())
            numbers.push_back(digit);
    peers.add_up(numbers);
    for (std::size_t i = 0; i < sums.size(); ++i)
        sums[i] = exact_sum::from_digits({numbers[3 * i], numbers[3 * i + 1], numbers[3 * i + 2]});
}

/// The sum of a number over all processes.
template <peer_processes Peers>
[[nodiscard]] std::size_t sum_of_all(const Peers& peers, std::size_t number)
{
    auto sum = static_cast<std::int64_t>(number);
    peers.add_up(std::span(&sum, 1));
    return static_cast<std::size_t>(sum);
}

/// Whether something holds on every process.
template <peer_processes Peers>
[[nodiscard]] bool holds_for_all(const Peers& peers, bool here)
{
    return sum_of_all(peers, here ? 0 : 1) == 0;
}

}  // namespace labelerrors::detail

#endif
