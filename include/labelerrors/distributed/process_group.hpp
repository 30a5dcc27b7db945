#ifndef LABELERRORS_DISTRIBUTED_PROCESS_GROUP_HPP
#define LABELERRORS_DISTRIBUTED_PROCESS_GROUP_HPP

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace labelerrors::distributed
{

/// The bytes of a message from one process to another.
using message = std::vector<std::byte>;

/// What communicating has come to on one process.
struct communication
{
    std::uint64_t rounds = 0;      // operations that all processes take part in
    std::uint64_t bytes_sent = 0;  // in messages to others, and the numbers that were given to be summed
};

/// Some processes that work together, each of which knows its rank and can do two things with all others: add up
/// numbers and exchange messages. Everything in this folder is made of these two. mpi_processes is one.
///
/// Every process must do the same operations in the same order. Both are called by one thread only.
/// `sum(numbers)`: each number becomes the sum of what all processes have there; as many numbers on each.
/// `exchange(messages)`: `messages` has one for each rank, which may be empty; returns those from each rank.
template <class G>
concept process_group = requires(G& group, std::span<std::int64_t> numbers, std::vector<message> messages)
{
    {
        group.rank()
        } -> std::same_as<std::size_t>;
    {
        group.size()
        } -> std::same_as<std::size_t>;
    group.sum(numbers);
    {
        group.exchange(std::move(messages))
        } -> std::same_as<std::vector<message>>;
};

}  // namespace labelerrors::distributed

#endif
