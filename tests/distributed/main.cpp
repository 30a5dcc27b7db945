// doctest's main for several processes: every case runs on all of them. With --die and nothing else the last rank is
// killed while the others wait for it.
#define DOCTEST_CONFIG_IMPLEMENT
#include "distributed/ranks.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <iostream>
#include <sstream>
#include <string_view>

namespace
{

int run(int argc, char** argv, tests::mpi_processes& ranks)
{
    doctest::Context context(argc, argv);
    std::ostringstream quiet;
    if (ranks.rank() != 0)
        context.setCout(&quiet);
    std::int64_t failed = context.run();
    if (failed != 0 && ranks.rank() != 0)
        std::cout << "rank " << ranks.rank() << ":\n" << quiet.str() << std::flush;
    ranks.sum(std::span(&failed, 1));
    return failed != 0 ? 1 : 0;
}

void die(tests::mpi_processes& ranks)
{
    xt::xtensor<int, 1> labels{0, 1};
    const auto rows = labelerrors::callback_rows<double>(2, 2,
                                                         [&](std::size_t, std::size_t, std::span<double> to)
                                                         {
                                                             if (ranks.rank() + 1 == ranks.size())
                                                                 static_cast<void>(std::raise(SIGKILL));
                                                             std::fill(to.begin(), to.end(), 0.5);
                                                         });
    static_cast<void>(labelerrors::distributed::num_label_issues(ranks, labels, rows));
}

}  // namespace

int main(int argc, char** argv)
{
    int provided = 0;
    MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided);
    int status = 0;
    {
        // Few bytes a call, so that messages are sent in pieces as those are that MPI cannot count.
        tests::mpi_processes ranks(MPI_COMM_WORLD, {.most_bytes_a_call = 4096});
        tests::all_ranks = &ranks;
        if (argc == 2 && std::string_view(argv[1]) == "--die")
            die(ranks);
        else
            status = run(argc, argv, ranks);
    }
    MPI_Finalize();
    return status;
}
