#ifndef LABELERRORS_DISTRIBUTED_KEY_RUNS_HPP
#define LABELERRORS_DISTRIBUTED_KEY_RUNS_HPP

#include <labelerrors/core/quota_selection.hpp>
#include <labelerrors/distributed/messages.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace labelerrors::distributed::detail
{

/// How much processes tell each other about their candidates at a time.
struct settlement_limits
{
    std::size_t most_keys = 64;         // of one process on one quota, that are told one by one;
    std::size_t runs = 32;              // more are told as about twice so many runs
    std::size_t most_quotas = 1 << 15;  // settled at a time, so that the memory for messages is bounded
};

/// An integer that orders as the double does; both zeros are the same.
[[nodiscard]] inline std::uint64_t order_key(double value) noexcept
{
    constexpr std::uint64_t sign = std::uint64_t{1} << 63;
    const auto bits = std::bit_cast<std::uint64_t>(value + 0.0);
    return (bits & sign) != 0 ? ~bits : bits | sign;
}

/// Candidates that follow one another, the largest first. All those of one process with the same key are in one run.
struct key_run
{
    std::uint64_t last;   // the smallest key
    std::uint64_t count;  // at least one
    bool pure;            // all keys are the same

    /// How many of the keys may be above the last one.
    [[nodiscard]] std::uint64_t most_above() const noexcept
    {
        return pure ? 0 : count - 1;
    }
};

/// The candidates of this process on a quota that all processes together exceed. The quota ends at a key in a range
/// that all know: candidates above it are kept, those below are not.
class open_quota
{
public:
    /// `candidates`: the best first; must outlive this object.
    open_quota(std::size_t selection, std::span<const labelerrors::detail::quota_selection::candidate> candidates)
        : selection_(selection), candidates_(candidates), end_(candidates.size())
    {
    }

    [[nodiscard]] std::size_t selection() const noexcept
    {
        return selection_;
    }

    /// How many are kept whatever is found out.
    [[nodiscard]] std::size_t num_kept() const noexcept
    {
        return begin_;
    }

    [[nodiscard]] std::uint64_t high() const noexcept
    {
        return high_;
    }

    /// The candidates in the range as runs: every key by itself where there are few. Of many, the ends of the range and
    /// what is found at regular steps between them are runs by themselves, so that however often a key occurs, what is
    /// left uncertain is less than a step.
    void append_runs(std::vector<key_run>& runs, const settlement_limits& limits) const
    {
        const std::size_t after_high = end_of(begin_, high_);
        append(runs, begin_, after_high);
        const std::size_t low = std::max(after_high, start_of(low_));
        const std::size_t step = low - after_high <= limits.most_keys ? 1 : (low - after_high) / limits.runs + 1;
        for (std::size_t at = after_high; at < low;)
        {
            const std::size_t next = std::min(at + step, low) - 1;
            const std::size_t first = std::max(at, start_of(key(next)));
            append(runs, at, first);
            at = end_of(first, key(next));
            append(runs, first, at);
        }
        append(runs, low, end_);
    }

    /// The quota ends between these keys, or at one of them.
    void narrow(std::uint64_t low, std::uint64_t high)
    {
        begin_ = start_of(high);
        end_ = low == 0 ? end_ : std::max(begin_, end_of(begin_, low));
        low_ = low;
        high_ = high;
    }

private:
    [[nodiscard]] std::uint64_t key(std::size_t i) const noexcept
    {
        return order_key(candidates_[i].key);
    }

    /// The first candidate in the range whose key is no more than this.
    [[nodiscard]] std::size_t start_of(std::uint64_t bound) const
    {
        return position(begin_, [&](std::uint64_t other) { return other > bound; });
    }

    /// The first candidate from `from` on in the range whose key is less than this.
    [[nodiscard]] std::size_t end_of(std::size_t from, std::uint64_t bound) const
    {
        return position(from, [&](std::uint64_t other) { return other >= bound; });
    }

    template <class IsBefore>
    [[nodiscard]] std::size_t position(std::size_t from, const IsBefore& is_before) const
    {
        const auto some = candidates_.subspan(from, end_ - from);
        const auto at = std::partition_point(some.begin(), some.end(),
                                             [&](const auto& one) { return is_before(order_key(one.key)); });
        return from + static_cast<std::size_t>(at - some.begin());
    }

    void append(std::vector<key_run>& runs, std::size_t from, std::size_t to) const
    {
        if (from < to)
            runs.push_back({key(to - 1), to - from, key(from) == key(to - 1)});
    }

    std::size_t selection_;
    std::span<const labelerrors::detail::quota_selection::candidate> candidates_;
    std::size_t begin_ = 0;  // those in the range
    std::size_t end_;
    std::uint64_t low_ = 0;  // the range, both ends in it
    std::uint64_t high_ = std::numeric_limits<std::uint64_t>::max();
};

/// Writes runs: of single candidates the keys alone.
inline void put_runs(message_writer& writer, std::span<const key_run> runs)
{
    const bool all_single = std::all_of(runs.begin(), runs.end(), [](const key_run& run) { return run.count == 1; });
    writer.put_number(runs.size() * 2 + (all_single ? 1 : 0));
    for (const key_run& run : runs)
    {
        writer.put(run.last);
        if (!all_single)
            writer.put_number(run.count * 2 + (run.pure ? 1 : 0));
    }
}

/// Appends runs that put_runs has written.
inline void take_runs(message_reader& reader, std::vector<key_run>& runs)
{
    const std::size_t heading = reader.take_number();
    for (std::size_t i = 0; i < heading / 2; ++i)
    {
        const auto last = reader.take<std::uint64_t>();
        const std::uint64_t count = heading % 2 == 1 ? 3 : reader.take_number();
        runs.push_back({last, count / 2, count % 2 == 1});
    }
}

}  // namespace labelerrors::distributed::detail

#endif
