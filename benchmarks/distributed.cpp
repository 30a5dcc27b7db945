// Measures what several processes communicate, and their time against one process with as many threads, in one run:
//     mpirun -n 2 distributed
// Prints a table of both, and carries the measured costs to 10^10 rows on 64 machines by arithmetic.
#include "machine.hpp"
#include "measure.hpp"
#include <labelerrors/distributed/mpi.hpp>

#include <malloc.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <span>
#include <string>
#include <thread>
#include <vector>

namespace
{

namespace distributed = labelerrors::distributed;
using distributed::mpi_processes;
using labelerrors::find_label_issues_options;
using set_type = benchmarks::made_set<float>;

/// What one call came to: seconds of the slowest rank, what all ranks sent, and the most memory that this rank took for
/// it; rank 0 prints its own.
struct cost
{
    double seconds = 0.0;
    double rounds = 0.0;
    double bytes = 0.0;
    double memory = 0.0;
};

struct measured
{
    std::size_t n = 0;
    std::size_t k = 0;
    std::size_t num_issues = 0;
    cost joint;
    cost find;
    double one_process = 0.0;  // seconds of find in one process
    double its_memory = 0.0;
};

/// A figure of /proc/self/status in bytes.
[[nodiscard]] double memory_figure(const std::string& name)
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with(name))
            return std::stod(line.substr(name.size())) * 1024.0;
    return 0.0;
}

/// How much more memory than before this process has had at a time while it did `work`.
template <class Work>
[[nodiscard]] double memory_of(const Work& work)
{
    ::malloc_trim(0);                             // no memory is left over that costs nothing to take again
    std::ofstream("/proc/self/clear_refs") << 5;  // the peak begins anew
    const double before = memory_figure("VmRSS:");
    work();
    return memory_figure("VmHWM:") - before;
}

/// Waits until all ranks are here, asleep: the cores are another rank's.
void wait_asleep()
{
    MPI_Request request = MPI_REQUEST_NULL;
    MPI_Ibarrier(MPI_COMM_WORLD, &request);
    for (int done = 0; done == 0; std::this_thread::sleep_for(std::chrono::milliseconds(1)))
        MPI_Test(&request, &done, MPI_STATUS_IGNORE);
}

/// The fastest of some runs; all ranks begin together.
template <class Work>
[[nodiscard]] cost measure(mpi_processes& ranks, const Work& work)
{
    constexpr int runs = 7;
    cost best{1e300, 0.0, 0.0, memory_of(work)};
    for (int run = 0; run < runs; ++run)
    {
        const auto before = ranks.communicated();
        MPI_Barrier(MPI_COMM_WORLD);
        const auto start = std::chrono::steady_clock::now();
        work();
        MPI_Barrier(MPI_COMM_WORLD);
        best.seconds =
            std::min(best.seconds, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
        const auto after = ranks.communicated();
        std::int64_t bytes = static_cast<std::int64_t>(after.bytes_sent - before.bytes_sent);
        ranks.sum(std::span(&bytes, 1));
        best.bytes = static_cast<double>(bytes);
        best.rounds = static_cast<double>(after.rounds - before.rounds);
    }
    return best;
}

/// The rows of all ranks, one rank's after another's.
[[nodiscard]] set_type whole_set(std::size_t n, std::size_t k, std::size_t size)
{
    set_type whole{xt::xtensor<std::int64_t, 1>::from_shape({n}), xt::xtensor<float, 2>::from_shape({n, k})};
    for (std::size_t rank = 0; rank < size; ++rank)
    {
        const auto slice = distributed::slice_of_rank(n, rank, size);
        const auto part = benchmarks::make_set<float>(slice.count, k, rank);
        std::copy(part.labels.begin(), part.labels.end(), whole.labels.data() + slice.first);
        std::copy(part.pred_probs.begin(), part.pred_probs.end(), whole.pred_probs.data() + slice.first * k);
    }
    return whole;
}

[[nodiscard]] measured measure_set(mpi_processes& ranks, std::size_t n, std::size_t k)
{
    const auto mine =
        benchmarks::make_set<float>(distributed::slice_of_rank(n, ranks.rank(), ranks.size()).count, k, ranks.rank());
    measured result{n, k, 0, {}, {}, 0.0, 0.0};
    const find_label_issues_options one_thread{.threads = 1};
    result.joint = measure(
        ranks,
        [&]
        {
            static_cast<void>(distributed::compute_confident_joint(
                ranks, mine.labels, mine.pred_probs, {.calibrate = labelerrors::calibration::none, .threads = 1}));
        });
    result.find =
        measure(ranks,
                [&] {
                    result.num_issues =
                        distributed::find_label_issues(ranks, mine.labels, mine.pred_probs, one_thread).num_issues;
                });
    if (ranks.rank() == 0)
    {
        const auto whole = whole_set(n, k, ranks.size());
        std::size_t issues = 0;
        const auto find = [&]
        {
            issues = labelerrors::find_label_issues(whole.labels, whole.pred_probs, {.threads = ranks.size()})
                         .indices.size();
        };
        result.its_memory = memory_of(find);
        result.one_process = benchmarks::time(7, find).best;
        if (issues != result.num_issues)
        {
            std::fprintf(stderr, "distributed: error: of %zu x %zu one process finds %zu issues, but %zu ranks %zu\n",
                         n, k, issues, ranks.size(), result.num_issues);
            MPI_Abort(MPI_COMM_WORLD, 1);
        }
    }
    wait_asleep();
    return result;
}

void print(const measured& one, std::size_t size)
{
    const auto ranks = static_cast<double>(size);
    std::printf("| %zu | %zu | %zu | %zu | %.0f | %.1f | %.0f | %.1f | %.1f | %.1f | %.2f | %.1f | %.1f |\n", one.n,
                one.k, size, one.num_issues, one.joint.rounds, one.joint.bytes / ranks * 1e-3, one.find.rounds,
                one.find.bytes / ranks * 1e-3, one.find.seconds * 1e3, one.one_process * 1e3,
                one.find.seconds / one.one_process, one.find.memory * 1e-6, one.its_memory * 1e-6);
}

/// Ten billion rows on 64 machines like this one. Seconds of passes by what was measured, which grow with n k. Bytes by
/// the most that the algorithm sends: 24 of an issue, which goes to its place in the list, and of each pair of classes
/// what three rounds tell and answer; these cover quotas up to some ten thousand.
void carry(const measured& of)
{
    constexpr double rows = 1e10;
    constexpr double machines = 64.0;
    constexpr double network = 1.25e9;  // bytes a second of 10 Gbit/s
    const auto k = static_cast<double>(of.k);
    const double issues = static_cast<double>(of.num_issues) / static_cast<double>(of.n) * rows;
    constexpr double bytes_an_issue = 24.0;
    constexpr double runs_a_round = 67.0;  // twice settlement_limits::runs, and the ends
    constexpr double bytes_a_pair = 3.0 * (16.0 * runs_a_round + 16.0 + 24.0);
    const double sent = issues / machines * bytes_an_issue + k * (k - 1.0) * bytes_a_pair;
    const double scan = of.find.seconds * rows / machines / static_cast<double>(of.n);
    std::printf("| %.0f | %.2g | %.0f | %.0f | %.2g | %.1f |\n", k, issues, rows * k * sizeof(float) / machines * 1e-9,
                scan, sent * 1e-9, sent / network);
}

}  // namespace

int main(int argc, char** argv)
{
    int provided = 0;
    MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided);
    {
        mpi_processes ranks(MPI_COMM_WORLD);
        const bool speaks = ranks.rank() == 0;
        if (speaks)
        {
            std::printf("%s; %zu ranks of one thread each; fastest of 7\n\n", benchmarks::machine_line().c_str(),
                        ranks.size());
            std::printf("| n | k | ranks | issues | rounds, joint | kB a rank, joint | rounds, find | kB a rank, find "
                        "| ms, find | "
                        "ms, one process | ratio | MB a rank beside its rows | MB, one process |\n"
                        "|---|---|---|---|---|---|---|---|---|---|---|---|---|\n");
        }
        std::vector<measured> sets;
        for (const auto& [n, k] : {std::array<std::size_t, 2>{100'000, 10},
                                   {400'000, 10},
                                   {1'600'000, 10},
                                   {100'000, 100},
                                   {400'000, 100},
                                   {50'000, 345},
                                   {200'000, 345},
                                   {50'000, 1000},
                                   {100'000, 1000},
                                   {200'000, 1000}})
        {
            sets.push_back(measure_set(ranks, n, k));
            if (speaks)
            {
                print(sets.back(), ranks.size());
                std::fflush(stdout);
            }
        }
        if (speaks)
        {
            std::printf("\nBy arithmetic, not measured: 10^10 rows of floats in memory on 64 machines, each as fast as "
                        "these ranks together on this one, with a network of 10 Gbit/s.\n\n"
                        "| k | issues | GB of rows a machine | s of passes | GB sent by a machine, at most | s of "
                        "communication "
                        "|\n|---|---|---|---|---|---|\n");
            carry(sets[2]);
            carry(sets[6]);
            carry(sets[9]);
        }
    }
    MPI_Finalize();
    return 0;
}
