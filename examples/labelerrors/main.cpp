// The command-line program `labelerrors`: the library for people with files.
#include "blas_threads.hpp"
#include "commands.hpp"
#include "help.hpp"
#include "interrupt.hpp"
#include <labelerrors/version.hpp>

#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <new>
#include <string>

namespace
{

/// The one line that a failure comes down to.
int fail(const std::string& problem)
{
    std::fprintf(stderr, "labelerrors: error: %s\n", problem.c_str());
    return 1;
}

/// Arguments that make no sense.
int refuse(const CLI::Error& error)
{
    std::fprintf(stderr, "labelerrors: error: %s (labelerrors SUBCOMMAND --help tells more)\n", error.what());
    return 2;
}

}  // namespace

int main(int argc, char** argv)
{
    program::prepare_for_signals();
    program::end_idle_blas_threads();
    CLI::App app{"Finds the label errors behind labels and predicted probabilities, by confident learning."};
    app.name("labelerrors");
    app.formatter(std::make_shared<program::help_formatter>());
    app.set_version_flag("--version", std::to_string(LABELERRORS_VERSION_MAJOR) + "." +
                                          std::to_string(LABELERRORS_VERSION_MINOR) + "." +
                                          std::to_string(LABELERRORS_VERSION_PATCH));
    app.require_subcommand(1);
    app.footer(
        "labelerrors SUBCOMMAND --help tells more. Exit status: 0 done, 1 bad input or failed work, 2 wrong usage, "
        "130 interrupted (128 + the signal).");

    program::command work;
    const program::choose_command choose = [&](program::command chosen)
    {
        work = std::move(chosen);
    };
    program::add_find(app, choose);
    program::add_score(app, choose);
    program::add_count(app, choose);
    program::add_health(app, choose);
    program::add_annotators(app, choose);
    program::add_inspect(app, choose);
    program::add_datasets(app, choose);
    program::add_votes(app, choose);
    program::add_item(app, choose);
    program::add_correct(app, choose);
    program::add_evaluate(app, choose);
    program::add_report(app, choose);
    try
    {
        app.parse(argc, argv);
    }
    catch (const CLI::Success& success)
    {
        return app.exit(success);
    }
    catch (const CLI::Error& error)
    {
        return refuse(error);
    }
    try
    {
        work();
    }
    catch (const CLI::Error& error)
    {
        return refuse(error);
    }
    catch (const program::interrupted& by)
    {
        return program::report(by);
    }
    catch (const program::reader_gone&)
    {
        // As if the signal had ended the program, which says nothing: no one is there who wants to know.
        return 128 + SIGPIPE;
    }
    catch (const std::bad_alloc&)
    {
        return fail("out of memory; the work needs memory for k x k counts and for each flagged example: are rows and "
                    "columns of --pred-probs swapped?");
    }
    catch (const std::exception& error)
    {
        return fail(error.what());
    }
    return 0;
}
