#ifndef LABELERRORS_DISTRIBUTED_GROUP_PEERS_HPP
#define LABELERRORS_DISTRIBUTED_GROUP_PEERS_HPP

#include <labelerrors/core/confident_joint.hpp>
#include <labelerrors/core/peers.hpp>
#include <labelerrors/distributed/agreement.hpp>
#include <labelerrors/distributed/messages.hpp>
#include <labelerrors/distributed/process_group.hpp>
#include <labelerrors/distributed/quota_settlement.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace labelerrors::distributed::detail
{

using labelerrors::detail::joint_rows;
using labelerrors::detail::sparse_row;

/// Writes a row of counts: its entries, or all of its counts where these are shorter.
inline void put_counts(message_writer& writer, const sparse_row& row, std::size_t num_columns)
{
    constexpr std::size_t bytes_an_entry = sizeof(std::uint32_t) + sizeof(std::int64_t);
    const bool dense = row.size() * bytes_an_entry > num_columns * sizeof(std::int64_t);
    writer.put(static_cast<std::uint32_t>(dense ? num_columns + 1 : row.size()));
    if (dense)
    {
        std::vector<std::int64_t> counts(num_columns);
        for (const auto& entry : row)
            counts[entry.column] = static_cast<std::int64_t>(entry.value);
        for (const std::int64_t count : counts)
            writer.put(count);
        return;
    }
    for (const auto& entry : row)
    {
        writer.put(static_cast<std::uint32_t>(entry.column));
        writer.put(static_cast<std::int64_t>(entry.value));
    }
}

/// Adds such a row to `counts`, one for each column.
inline void take_counts(message_reader& reader, std::span<std::int64_t> counts)
{
    const std::size_t size = reader.take<std::uint32_t>();
    if (size > counts.size())
        for (std::int64_t& count : counts)
            count += reader.take<std::int64_t>();
    else
        for (std::size_t i = 0; i < size; ++i)
        {
            const std::size_t column = reader.take<std::uint32_t>();
            counts[column] += reader.take<std::int64_t>();
        }
}

/// The counts as entries.
inline void append_entries(std::span<const std::int64_t> counts, sparse_row& entries)
{
    for (std::size_t j = 0; j < counts.size(); ++j)
        if (counts[j] != 0)
            entries.push_back({j, static_cast<double>(counts[j])});
}

/// Sums counts by pair of labels over all processes. The diagonal, summed already, stays. Each process adds up the rows
/// of some of the given labels, which the others send it, and sends the sums to all: each entry that is not zero
/// travels twice. Two rounds; a row of memory beside the messages.
template <process_group Group>
[[nodiscard]] joint_rows add_up_off_diagonal(Group& group, const joint_rows& rows)
{
    const std::size_t k = rows.size();
    const std::size_t size = group.size();
    // The given labels of a rank: from first_of(rank) to before first_of(rank + 1).
    const auto first_of = [&](std::size_t rank)
    {
        return k / size * rank + k % size * rank / size;
    };
    sparse_row row;
    std::vector<std::int64_t> counts(k);
    std::vector<message> parts(size);
    for (std::size_t rank = 0; rank < size; ++rank)
    {
        message_writer writer(parts[rank]);
        for (std::size_t given = first_of(rank); given < first_of(rank + 1); ++given)
        {
            rows(given, row);
            std::erase_if(row, [&](const auto& entry) { return entry.column == given; });
            put_counts(writer, row, k);
        }
    }
    parts = meet_and_exchange(group, std::move(parts));
    std::vector<message_reader> readers(parts.begin(), parts.end());
    message sums;
    message_writer writer(sums);
    for (std::size_t given = first_of(group.rank()); given < first_of(group.rank() + 1); ++given)
    {
        counts.assign(k, 0);
        for (auto& reader : readers)
            take_counts(reader, counts);
        row.clear();
        append_entries(counts, row);
        put_counts(writer, row, k);
    }
    parts = meet_and_exchange(group, std::vector<message>(size, sums));
    std::vector<std::size_t> first(1);
    sparse_row entries;
    for (std::size_t rank = 0; rank < size; ++rank)
    {
        message_reader reader(parts[rank]);
        for (std::size_t given = first_of(rank); given < first_of(rank + 1); ++given)
        {
            counts.assign(k, 0);
            take_counts(reader, counts);
            rows(given, row);
            counts[given] = static_cast<std::int64_t>(labelerrors::detail::value_at(row, given));
            append_entries(counts, entries);
            first.push_back(entries.size());
        }
    }
    return {std::move(first), std::move(entries)};
}

/// The peers of an algorithm of core/ (see alone) that are the other processes of a group. Every question begins with
/// all processes meeting, so that one that fails between two questions leaves none waiting.
template <process_group Group>
class group_peers
{
public:
    /// `group` must outlive this object.
    explicit group_peers(Group& group) : group_(&group)
    {
    }

    void add_up(std::span<std::int64_t> numbers) const
    {
        meet_and_sum(*group_, numbers);
    }

    [[nodiscard]] joint_rows add_up_off_diagonal(joint_rows rows) const
    {
        return group_->size() == 1 ? rows : detail::add_up_off_diagonal(*group_, rows);
    }

    template <class SelectionOf>
    void keep_best(std::size_t count, const SelectionOf& selection_of) const
    {
        detail::keep_best(*group_, count, selection_of);
    }

private:
    Group* group_;
};

}  // namespace labelerrors::distributed::detail

#endif
