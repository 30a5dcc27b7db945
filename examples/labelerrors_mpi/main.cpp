// The command-line program `labelerrors-mpi`: find, score, count and health over part files, on the ranks of mpirun.
#include "../labelerrors/blas_threads.hpp"
#include "../labelerrors/help.hpp"
#include "../labelerrors/option_values.hpp"
#include "../labelerrors/output.hpp"
#include "../labelerrors/result_help.hpp"
#include "parts.hpp"
#include "rank_commands.hpp"
#include <labelerrors/distributed/mpi.hpp>
#include <labelerrors/version.hpp>

#include <array>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace
{

using program::mpi_processes;

/// The one line that a failure comes down to, from rank 0 for all.
int fail(const mpi_processes& ranks, const std::string& problem)
{
    if (ranks.rank() == 0)
        std::fprintf(stderr, "labelerrors-mpi: error: %s\n", program::printable(problem).c_str());
    return 1;
}

/// Arguments that make no sense. Ranks that were given others begin by opening files together, and learn of it there.
int refuse(mpi_processes& ranks, const CLI::Error& error)
{
    const std::string problem = program::problem_of_values(error) + " (labelerrors-mpi SUBCOMMAND --help tells more)";
    try
    {
        labelerrors::distributed::together(ranks, [&] { throw std::runtime_error(problem); });
    }
    catch (const labelerrors::distributed::agreed_failure&)
    {
        fail(ranks, problem);
    }
    return 2;
}

int run(int argc, char** argv, mpi_processes& ranks)
{
    CLI::App app{"Finds label errors from labels and predicted probabilities in part files, on several machines."};
    app.name("labelerrors-mpi");
    app.set_version_flag("--version", std::to_string(LABELERRORS_VERSION_MAJOR) + "." +
                                          std::to_string(LABELERRORS_VERSION_MINOR) + "." +
                                          std::to_string(LABELERRORS_VERSION_PATCH));
    app.formatter(std::make_shared<program::help_formatter>());
    app.require_subcommand(1);
    app.footer("mpirun -n 4 labelerrors-mpi find --labels l*.npy --pred-probs p*.npy: the rows of all files are shared "
               "out evenly among the ranks, which must all see the files. With --output FILE.json each rank writes a "
               "piece, FILE.0-of-4.json and so on, and rank 0 prints a summary. Pieces of text, one after another, are "
               "the file of one process; pieces of .npy are arrays by themselves. labelerrors-mpi SUBCOMMAND --help "
               "tells more. Exit status: 0 done, 1 bad input or failed work, 2 wrong usage.");
    program::rank_command work;
    const program::choose_rank_command choose = [&](program::rank_command chosen)
    {
        work = std::move(chosen);
    };
    program::add_find(app, choose);
    program::add_score(app, choose);
    program::add_count(app, choose);
    program::add_health(app, choose);
    program::describe_results(app);
    std::optional<CLI::Error> end;
    try
    {
        program::check_values(app);
        app.parse(argc, argv);
    }
    catch (const CLI::Error& error)
    {
        end = error;
    }
    // Help, for one, is no error. Whether it is wanted of all ranks must be known before any of them waits for another.
    std::array<std::int64_t, 1> told{end && end->get_exit_code() == 0 ? 1 : 0};
    ranks.sum(told);
    if (told[0] == static_cast<std::int64_t>(ranks.size()))
        return ranks.rank() == 0 ? app.exit(*end) : 0;
    if (told[0] != 0)
    {
        fail(ranks, "only some of the ranks are asked for help or the version; give all ranks the same arguments");
        return 2;
    }
    if (end)
        return refuse(ranks, *end);
    try
    {
        work(ranks);
    }
    catch (const CLI::Error& error)
    {
        return refuse(ranks, error);
    }
    catch (const std::exception& error)
    {
        if (dynamic_cast<const labelerrors::distributed::agreed_failure*>(&error) != nullptr)
            return fail(ranks, error.what());
        // The others may wait for this rank: nothing but the end of them all is left.
        std::fprintf(stderr, "labelerrors-mpi: error: rank %zu: %s\n", ranks.rank(),
                     program::printable(error.what()).c_str());
        MPI_Abort(MPI_COMM_WORLD, 1);
    }
    return 0;
}

#if defined(__linux__)
// Called before any library starts, OpenBLAS for one.
[[gnu::section(".preinit_array"), gnu::used]] auto* start_first = &program::start_within_limits;
#endif

}  // namespace

int main(int argc, char** argv)
{
    program::end_idle_blas_threads();
    int provided = 0;
    MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided);
    std::set_terminate([] { MPI_Abort(MPI_COMM_WORLD, 1); });
    int status = 0;
    {
        mpi_processes ranks(MPI_COMM_WORLD);
        status = run(argc, argv, ranks);
    }
    MPI_Finalize();
    return status;
}
