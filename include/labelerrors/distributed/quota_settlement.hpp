#ifndef LABELERRORS_DISTRIBUTED_QUOTA_SETTLEMENT_HPP
#define LABELERRORS_DISTRIBUTED_QUOTA_SETTLEMENT_HPP

#include <labelerrors/core/quota_selection.hpp>
#include <labelerrors/distributed/agreement.hpp>
#include <labelerrors/distributed/messages.hpp>
#include <labelerrors/distributed/process_group.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

namespace labelerrors::distributed::detail
{

using labelerrors::detail::quota_selection;

/// From how many candidates on a quota is narrowed down before they are sent, and to how many parts of its range of
/// keys at a time.
struct settlement_limits
{
    std::size_t most_sent = 8192;
    std::size_t bins = 1024;
};

/// An integer that orders as the double does; both zeros are the same.
[[nodiscard]] inline std::uint64_t order_key(double value) noexcept
{
    constexpr std::uint64_t sign = std::uint64_t{1} << 63;
    const auto bits = std::bit_cast<std::uint64_t>(value + 0.0);
    return (bits & sign) != 0 ? ~bits : bits | sign;
}

/// A quota for which all processes together have more candidates than it takes. Its candidates have their keys in a
/// range that all processes know: those above it are kept, those below are not.
struct open_quota
{
    std::size_t selection;                                   // which one
    std::span<const quota_selection::candidate> candidates;  // of this process, the best first
    std::size_t begin;                                       // those of them in the range
    std::size_t end;
    std::int64_t wanted;    // how many of those in the range are kept, of all processes
    std::int64_t in_range;  // how many there are, of all processes
    std::uint64_t low = 0;  // the range, both ends in it
    std::uint64_t high = std::numeric_limits<std::uint64_t>::max();

    [[nodiscard]] std::uint64_t key(std::size_t i) const noexcept
    {
        return order_key(candidates[i].key);
    }

    [[nodiscard]] bool settled() const noexcept
    {
        return wanted == in_range;
    }

    /// Narrows the range.
    void narrow(std::uint64_t new_low, std::uint64_t new_high)
    {
        low = new_low;
        high = new_high;
        const auto first = candidates.begin();
        const auto skip = [&](std::size_t from, std::uint64_t bound)
        {
            const auto at = std::partition_point(
                first + static_cast<std::ptrdiff_t>(from), first + static_cast<std::ptrdiff_t>(end),
                [&](const quota_selection::candidate& one) { return order_key(one.key) > bound; });
            return static_cast<std::size_t>(at - first);
        };
        begin = skip(begin, high);
        end = low == 0 ? end : skip(begin, low - 1);
    }
};

/// Narrows the ranges of quotas with many candidates, all at a time: each is cut into parts, how many candidates are in
/// each part is summed over all processes, and the part where the quota ends becomes the range.
template <process_group Group>
void narrow_ranges(Group& group, std::vector<open_quota>& open, const settlement_limits& limits)
{
    const std::size_t bins = limits.bins;
    for (;;)
    {
        std::vector<open_quota*> wide;
        for (auto& quota : open)
            if (!quota.settled() && quota.in_range > static_cast<std::int64_t>(limits.most_sent) &&
                quota.low < quota.high)
                wide.push_back(&quota);
        if (wide.empty())
            return;
        const auto width_of = [&](const open_quota& quota)
        {
            return (quota.high - quota.low) / bins + 1;
        };
        std::vector<std::int64_t> counts(wide.size() * bins);
        for (std::size_t w = 0; w < wide.size(); ++w)
        {
            const auto& quota = *wide[w];
            const std::uint64_t width = width_of(quota);
            for (std::size_t i = quota.begin; i < quota.end; ++i)
                ++counts[w * bins + static_cast<std::size_t>((quota.high - quota.key(i)) / width)];
        }
        meet_and_sum(group, counts);
        for (std::size_t w = 0; w < wide.size(); ++w)
        {
            auto& quota = *wide[w];
            const std::uint64_t width = width_of(quota);
            std::size_t bin = 0;
            while (quota.wanted > counts[w * bins + bin])
                quota.wanted -= counts[w * bins + bin++];
            quota.in_range = counts[w * bins + bin];
            const std::uint64_t high = quota.high - width * bin;
            quota.narrow(high - quota.low < width ? quota.low : high - (width - 1), high);
        }
    }
}

/// What one process has in the range of one quota.
struct range_of_process
{
    std::size_t quota;
    std::size_t rank;
    std::size_t count;
    std::size_t first_key;  // among all keys; unused where the range is one key
};

/// Decides the quotas that this process is asked about: what each process has in their ranges comes in, and how many
/// each keeps of these, the first ones, goes out.
class range_judge
{
public:
    explicit range_judge(std::span<const open_quota> open) : open_(open)
    {
    }

    void hear(const message& told, std::size_t rank)
    {
        for (message_reader reader(told); !reader.at_end();)
        {
            const std::size_t quota = reader.take_number();
            const std::size_t count = reader.take_number();
            ranges_.push_back({quota, rank, count, keys_.size()});
            if (open_[quota].low != open_[quota].high)
                for (std::size_t i = 0; i < count; ++i)
                    keys_.push_back(reader.take<std::uint64_t>());
        }
    }

    /// The answer to each rank.
    [[nodiscard]] std::vector<message> answer(std::size_t num_ranks)
    {
        std::stable_sort(ranges_.begin(), ranges_.end(),
                         [](const range_of_process& a, const range_of_process& b) { return a.quota < b.quota; });
        std::vector<message> answers(num_ranks);
        for (std::size_t first = 0; first < ranges_.size();)
        {
            std::size_t last = first;
            while (last < ranges_.size() && ranges_[last].quota == ranges_[first].quota)
                ++last;
            decide(std::span(ranges_).subspan(first, last - first), answers);
            first = last;
        }
        return answers;
    }

private:
    /// Of equal keys those of lower ranks come first.
    void decide(std::span<const range_of_process> ranges, std::vector<message>& answers) const
    {
        const auto& quota = open_[ranges.front().quota];
        const bool one_key = quota.low == quota.high;
        std::uint64_t last = quota.low;  // the last key of which some are kept
        if (!one_key)
        {
            std::vector<std::uint64_t> all;
            for (const auto& range : ranges)
                all.insert(all.end(), keys_.begin() + static_cast<std::ptrdiff_t>(range.first_key),
                           keys_.begin() + static_cast<std::ptrdiff_t>(range.first_key + range.count));
            const auto end_of_quota = all.begin() + (quota.wanted - 1);
            std::nth_element(all.begin(), end_of_quota, all.end(), std::greater<>());
            last = *end_of_quota;
        }
        // Of each range first the keys above the last one, then those that equal it.
        const auto above = [&](const range_of_process& range)
        {
            if (one_key)
                return std::size_t{0};
            const auto begin = keys_.begin() + static_cast<std::ptrdiff_t>(range.first_key);
            const auto end = begin + static_cast<std::ptrdiff_t>(range.count);
            return static_cast<std::size_t>(
                std::partition_point(begin, end, [&](std::uint64_t key) { return key > last; }) - begin);
        };
        const auto equal = [&](const range_of_process& range)
        {
            if (one_key)
                return range.count;
            const auto end = keys_.begin() + static_cast<std::ptrdiff_t>(range.first_key + range.count);
            const auto begin = keys_.begin() + static_cast<std::ptrdiff_t>(range.first_key + above(range));
            return static_cast<std::size_t>(
                std::partition_point(begin, end, [&](std::uint64_t key) { return key == last; }) - begin);
        };
        auto left = static_cast<std::size_t>(quota.wanted);
        for (const auto& range : ranges)
            left -= above(range);
        for (const auto& range : ranges)
        {
            const std::size_t ties = std::min(left, equal(range));
            left -= ties;
            message_writer writer(answers[range.rank]);
            writer.put_number(range.quota);
            writer.put_number(above(range) + ties);
        }
    }

    std::span<const open_quota> open_;
    std::vector<range_of_process> ranges_;
    std::vector<std::uint64_t> keys_;  // of each range, the largest first
};

/// alone::keep_best for a group: exact, whatever the keys are.
///
/// Sizes are summed first; a quota that its candidates do not exceed is settled by that. One with many candidates is
/// narrowed down by a few rounds of sums. What is left of each goes to one of the processes, which answers how many of
/// its own each keeps. Messages grow with the number of quotas and of candidates, which are at most the quota of each
/// on every process. Source: our own; the narrowing is a search by digits, as in a radix select.
template <process_group Group, class SelectionOf>
void keep_best(Group& group, std::size_t count, const SelectionOf& selection_of, const settlement_limits& limits = {})
{
    if (group.size() == 1 || count == 0)
        return;
    std::vector<std::int64_t> sizes(count);
    for (std::size_t i = 0; i < count; ++i)
        sizes[i] = static_cast<std::int64_t>(selection_of(i).size());
    meet_and_sum(group, sizes);
    std::vector<open_quota> open;
    for (std::size_t i = 0; i < count; ++i)
    {
        auto& selection = selection_of(i);
        const auto quota = static_cast<std::int64_t>(selection.quota());
        if (sizes[i] <= quota)
            continue;
        const auto candidates = selection.sorted();
        open.push_back({i, candidates, 0, candidates.size(), quota, sizes[i]});
    }
    if (open.empty())
        return;
    narrow_ranges(group, open, limits);

    std::vector<message> told(group.size());
    for (std::size_t q = 0; q < open.size(); ++q)
    {
        const auto& quota = open[q];
        if (quota.settled() || quota.begin == quota.end)
            continue;
        message_writer writer(told[q % group.size()]);
        writer.put_number(q);
        writer.put_number(quota.end - quota.begin);
        if (quota.low != quota.high)
            for (std::size_t i = quota.begin; i < quota.end; ++i)
                writer.put(quota.key(i));
    }
    range_judge judge(open);
    {
        const auto heard = meet_and_exchange(group, std::move(told));
        for (std::size_t rank = 0; rank < heard.size(); ++rank)
            judge.hear(heard[rank], rank);
    }
    const auto answers = meet_and_exchange(group, judge.answer(group.size()));
    for (auto& quota : open)
        if (!quota.settled())
            quota.end = quota.begin;
    for (const message& answer : answers)
        for (message_reader reader(answer); !reader.at_end();)
        {
            auto& quota = open[reader.take_number()];
            quota.end = quota.begin + reader.take_number();
        }
    for (const auto& quota : open)
        selection_of(quota.selection).keep_first(quota.end);
}

}  // namespace labelerrors::distributed::detail

#endif
