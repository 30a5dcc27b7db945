#ifndef LABELERRORS_DISTRIBUTED_SPREAD_ORDER_HPP
#define LABELERRORS_DISTRIBUTED_SPREAD_ORDER_HPP

#include <labelerrors/distributed/agreement.hpp>
#include <labelerrors/distributed/messages.hpp>
#include <labelerrors/distributed/process_group.hpp>

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace labelerrors::distributed
{

/// Where a list goes that all processes have made together.
enum class listing
{
    spread,    // each process gets a contiguous part of it, in the order of the ranks
    gathered,  // rank 0 gets all of it
};

namespace detail
{

/// What a list is ordered by.
struct scored_row
{
    double score;
    std::size_t row;  // of all processes' rows

    friend auto operator<=>(const scored_row&, const scored_row&) = default;
};

/// Whether a list is ordered by score and row, or by row alone: as the ranks follow one another.
enum class list_order
{
    by_score,
    by_row,
};

/// Where a process's part of a list is.
struct list_part
{
    std::size_t first;  // the entries of lower ranks
    std::size_t total;  // of all processes
};

/// Where the entries of each process are if it has `count`.
template <process_group Group>
[[nodiscard]] list_part part_of_list(Group& group, std::size_t count)
{
    std::vector<std::int64_t> counts(group.size());
    counts[group.rank()] = static_cast<std::int64_t>(count);
    meet_and_sum(group, counts);
    list_part part{0, 0};
    for (std::size_t rank = 0; rank < counts.size(); ++rank)
    {
        if (rank < group.rank())
            part.first += static_cast<std::size_t>(counts[rank]);
        part.total += static_cast<std::size_t>(counts[rank]);
    }
    return part;
}

/// Which of this process's `count` entries, `entry_at(i)` in ascending order, go to which process, so that each gets
/// about as many and all are in order across the ranks: size + 1 positions. Every process samples its entries, and all
/// cut the samples of all in equal parts.
template <process_group Group, class EntryAt>
[[nodiscard]] std::vector<std::size_t> cut_evenly(Group& group, std::size_t count, const EntryAt& entry_at)
{
    constexpr std::size_t samples_a_rank = 64;
    const std::size_t size = group.size();
    const std::size_t total = part_of_list(group, count).total;
    const std::size_t step = std::max<std::size_t>(total / (size * samples_a_rank), 1);
    message mine;
    message_writer writer(mine);
    for (std::size_t i = step / 2; i < count; i += step)
        writer.put(scored_row(entry_at(i)));
    const auto heard = meet_and_exchange(group, std::vector<message>(size, mine));
    std::vector<scored_row> samples;
    for (const message& told : heard)
        for (message_reader reader(told); !reader.at_end();)
            samples.push_back(reader.take<scored_row>());
    std::sort(samples.begin(), samples.end());
    std::vector<std::size_t> bounds(size + 1, count);
    bounds[0] = 0;
    for (std::size_t rank = 1; rank < size && !samples.empty(); ++rank)
    {
        const scored_row& splitter = samples[samples.size() * rank / size];
        std::size_t low = bounds[rank - 1];
        for (std::size_t high = count; low < high;)
        {
            const std::size_t middle = low + (high - low) / 2;
            if (entry_at(middle) < splitter)
                low = middle + 1;
            else
                high = middle;
        }
        bounds[rank] = low;
    }
    return bounds;
}

/// Sends the entries of a list to where they belong: `count` of this process's, `entry_at(i)` in the list's order,
/// `write(i, writer)` as they travel. Returns what came from each rank, in whose order entries of one score keep that
/// of the list.
template <process_group Group, class EntryAt, class Write>
[[nodiscard]] std::vector<message> deal(Group& group, std::size_t count, const EntryAt& entry_at, const Write& write,
                                        list_order order, listing where)
{
    std::vector<std::size_t> bounds(group.size() + 1, count);
    bounds[0] = 0;
    if (where == listing::spread && order == list_order::by_score)
        bounds = cut_evenly(group, count, entry_at);
    else if (where == listing::spread)
        for (std::size_t rank = 1; rank <= group.rank(); ++rank)
            bounds[rank] = 0;
    std::vector<message> messages(group.size());
    for (std::size_t rank = 0; rank < group.size(); ++rank)
    {
        message_writer writer(messages[rank]);
        for (std::size_t i = bounds[rank]; i < bounds[rank + 1]; ++i)
            write(i, writer);
    }
    return meet_and_exchange(group, std::move(messages));
}

}  // namespace detail

}  // namespace labelerrors::distributed

#endif
