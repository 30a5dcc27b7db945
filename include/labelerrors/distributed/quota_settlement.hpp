#ifndef LABELERRORS_DISTRIBUTED_QUOTA_SETTLEMENT_HPP
#define LABELERRORS_DISTRIBUTED_QUOTA_SETTLEMENT_HPP

#include <labelerrors/core/quota_selection.hpp>
#include <labelerrors/distributed/agreement.hpp>
#include <labelerrors/distributed/key_runs.hpp>
#include <labelerrors/distributed/messages.hpp>
#include <labelerrors/distributed/process_group.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace labelerrors::distributed::detail
{

/// Finds out where one quota ends, from what all processes tell of their candidates.
class quota_judge
{
public:
    /// Begins with a quota of which `wanted` candidates are kept, and which ends at a key of at most `high`.
    void begin(std::size_t wanted, std::uint64_t high)
    {
        wanted_ = wanted;
        high_ = high;
        processes_.clear();
        runs_.clear();
    }

    /// What the next process has: candidates that are kept for certain, and runs.
    void hear(message_reader& reader)
    {
        const std::size_t num_kept = reader.take_number();
        const std::size_t first = runs_.size();
        take_runs(reader, runs_);
        processes_.push_back({num_kept, first, runs_.size()});
        wanted_ -= num_kept;
    }

    /// Writes to each process either how many of its candidates are kept, or a narrower range of keys. All are told the
    /// same of the two: a range until every process has told every key of its own.
    void answer(std::span<message> answers)
    {
        find_range();
        const bool decided = std::all_of(runs_.begin(), runs_.end(), [](const key_run& run) { return run.pure; });
        std::size_t ties = wanted_ - above_;  // of equal keys those of lower ranks come first
        for (std::size_t rank = 0; rank < processes_.size(); ++rank)
        {
            message_writer writer(answers[rank]);
            writer.put(decided);
            if (!decided)
            {
                writer.put(low_);
                writer.put(high_);
                continue;
            }
            std::size_t kept = processes_[rank].num_kept;
            for (const key_run& run : runs_of(rank))
                if (run.last > low_)
                    kept += run.count;
                else if (run.last == low_)
                {
                    const std::size_t some = std::min<std::size_t>(ties, run.count);
                    ties -= some;
                    kept += some;
                }
            writer.put_number(kept);
        }
    }

private:
    struct process
    {
        std::size_t num_kept;
        std::size_t first_run;
        std::size_t last_run;  // behind the last one
    };

    struct place
    {
        std::size_t rank;
        std::size_t run;
    };

    [[nodiscard]] std::span<const key_run> runs_of(std::size_t rank) const
    {
        return std::span(runs_).subspan(processes_[rank].first_run,
                                        processes_[rank].last_run - processes_[rank].first_run);
    }

    [[nodiscard]] std::uint64_t most_above(std::size_t rank, std::size_t run) const
    {
        return run < processes_[rank].last_run ? runs_[run].most_above() : 0;
    }

    /// The largest key of which there are certainly as many as wanted at it or above it is where the quota ends at the
    /// least; the smallest key above which there are certainly fewer, at the most. Where all runs are of one key both
    /// are the same, and `above_` counts what is above it.
    void find_range()
    {
        order_.clear();
        std::uint64_t possible = 0;  // at most so many are above the next key
        for (std::size_t rank = 0; rank < processes_.size(); ++rank)
        {
            possible += most_above(rank, processes_[rank].first_run);
            for (std::size_t run = processes_[rank].first_run; run < processes_[rank].last_run; ++run)
                order_.push_back({rank, run});
        }
        std::sort(order_.begin(), order_.end(),
                  [&](const place& a, const place& b) { return runs_[a.run].last > runs_[b.run].last; });
        std::uint64_t certain = 0;
        for (std::size_t at = 0; at < order_.size() && certain < wanted_;)
        {
            low_ = runs_[order_[at].run].last;
            above_ = static_cast<std::size_t>(certain);
            if (possible < wanted_)
                high_ = low_;
            for (; at < order_.size() && runs_[order_[at].run].last == low_; ++at)
            {
                const auto& [rank, run] = order_[at];
                certain += runs_[run].count;
                possible += runs_[run].count - runs_[run].most_above() + most_above(rank, run + 1);
            }
        }
    }

    std::size_t wanted_ = 0;  // of the candidates in the runs
    std::size_t above_ = 0;
    std::uint64_t low_ = 0;
    std::uint64_t high_ = 0;
    std::vector<process> processes_;
    std::vector<key_run> runs_;
    std::vector<place> order_;
};

/// Tells what this process has for each open quota to the process that judges it: one message a process.
[[nodiscard]] inline std::vector<message> tell_runs(std::span<const open_quota> open, std::size_t num_processes,
                                                    const settlement_limits& limits)
{
    std::vector<message> messages(num_processes);
    std::vector<key_run> runs;
    for (std::size_t q = 0; q < open.size(); ++q)
    {
        message_writer writer(messages[q % num_processes]);
        writer.put_number(open[q].num_kept());
        runs.clear();
        open[q].append_runs(runs, limits);
        put_runs(writer, runs);
    }
    return messages;
}

/// Judges the open quotas that `rank` judges by what each process has told it. Returns the answer to each.
template <class SelectionOf>
[[nodiscard]] std::vector<message> judge_quotas(std::span<const open_quota> open, std::span<const message> told,
                                                std::size_t rank, const SelectionOf& selection_of)
{
    std::vector<message_reader> readers(told.begin(), told.end());
    std::vector<message> answers(told.size());
    quota_judge judge;
    for (std::size_t q = rank; q < open.size(); q += told.size())
    {
        judge.begin(selection_of(open[q].selection()).quota(), open[q].high());
        for (auto& reader : readers)
            judge.hear(reader);
        judge.answer(answers);
    }
    return answers;
}

/// Does what the judges say, and leaves in `open` what they have not decided.
template <class SelectionOf>
void heed_answers(std::vector<open_quota>& open, std::span<const message> answers, const SelectionOf& selection_of)
{
    std::vector<message_reader> readers(answers.begin(), answers.end());
    std::size_t num_open = 0;
    for (std::size_t q = 0; q < open.size(); ++q)
    {
        auto& reader = readers[q % readers.size()];
        if (reader.template take<bool>())
        {
            selection_of(open[q].selection()).keep_first(reader.take_number());
            continue;
        }
        const auto low = reader.template take<std::uint64_t>();
        const auto high = reader.template take<std::uint64_t>();
        open[num_open] = open[q];
        open[num_open++].narrow(low, high);
    }
    open.erase(open.begin() + static_cast<std::ptrdiff_t>(num_open), open.end());
}

/// alone::keep_best for a group: exact, whatever the keys are.
///
/// Sizes are summed first; a quota that its candidates do not exceed is settled by that. Of the others each process
/// tells a judge, which is one of them for each quota, the keys of its candidates, or of many the keys at regular
/// steps. From these the judge knows where the quota ends, or a range about a tenth as large of which they tell more.
/// Rounds grow with the logarithm of the largest quota, messages of a process with the number of open quotas and that
/// logarithm. Source: our own; selection in sorted lists by regular samples.
template <process_group Group, class SelectionOf>
void keep_best(Group& group, std::size_t count, const SelectionOf& selection_of, const settlement_limits& limits = {})
{
    if (group.size() == 1 || count == 0)
        return;
    std::vector<std::int64_t> sizes(count);
    for (std::size_t i = 0; i < count; ++i)
        sizes[i] = static_cast<std::int64_t>(selection_of(i).size());
    meet_and_sum(group, sizes);
    const auto is_open = [&](std::size_t i)
    {
        return static_cast<std::size_t>(sizes[i]) > selection_of(i).quota();
    };
    for (std::size_t next = 0; next < count;)
    {
        std::vector<open_quota> open;
        for (; next < count && open.size() < limits.most_quotas; ++next)
            if (is_open(next))
                open.emplace_back(next, selection_of(next).sorted());
        while (!open.empty())
        {
            const auto told = meet_and_exchange(group, tell_runs(open, group.size(), limits));
            heed_answers(open, meet_and_exchange(group, judge_quotas(open, told, group.rank(), selection_of)),
                         selection_of);
        }
    }
}

}  // namespace labelerrors::distributed::detail

#endif
