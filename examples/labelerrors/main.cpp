// The command-line program `labelerrors`: the library for people with files.
#include "blas_threads.hpp"
#include "commands.hpp"
#include "help.hpp"
#include "interrupt.hpp"
#include "option_values.hpp"
#include "output.hpp"
#include "result_help.hpp"
#include "targets.hpp"
#include <labelerrors/error.hpp>
#include <labelerrors/version.hpp>

#include <poll.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <new>
#include <sstream>
#include <string>

namespace
{

/// The one line that a failure comes down to. Names of files are whatever they are: none may end the line.
int fail(const std::string& problem)
{
    std::fprintf(stderr, "labelerrors: error: %s\n", program::printable(problem).c_str());
    return 1;
}

/// Arguments that make no sense.
int refuse(const std::string& problem)
{
    std::fprintf(stderr, "labelerrors: error: %s (labelerrors SUBCOMMAND --help tells more)\n",
                 program::printable(problem).c_str());
    return 2;
}

/// What is wrong with arguments that could not be read.
std::string problem_of(const CLI::Error& error, const CLI::App& app, int argc, char** argv)
{
    if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr)
    {
        // CLI11 tells them from the last to the first.
        std::string words;
        for (const std::string& word : app.remaining(true))
            words += " " + word;
        return "these arguments were not expected:" + words;
    }
    if (dynamic_cast<const CLI::RequiredError*>(&error) == nullptr || !app.get_subcommands().empty())
        return program::problem_of_values(error);
    if (argc > 1 && argv[1][0] == '-')
        return std::string("there is no option ") + argv[1] + " before a subcommand";
    std::string names;
    for (const auto* subcommand : app.get_subcommands([](const CLI::App*) { return true; }))
        names += (names.empty() ? "" : ", ") + subcommand->get_name();
    return (argc > 1 ? std::string("there is no subcommand ") + argv[1] : "a subcommand is missing") + "; there are " +
           names;
}

/// Whether standard output is a pipe that no one reads any more.
bool has_lost_reader()
{
    pollfd out{.fd = STDOUT_FILENO, .events = 0, .revents = 0};
    return ::poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
}

/// Help and versions are results, too.
int print_help(const std::string& text)
{
    try
    {
        program::output out({});
        out << text;
        out.finish();
    }
    catch (const program::reader_gone&)
    {
        return 128 + SIGPIPE;
    }
    catch (const std::exception& error)
    {
        return fail(error.what());
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
    program::prepare_for_signals();
    program::end_idle_blas_threads();
    CLI::App app{"Finds label errors by confident learning, from the labels and predicted probabilities."};
    app.name("labelerrors");
    app.formatter(std::make_shared<program::help_formatter>());
    app.set_version_flag("--version", std::to_string(LABELERRORS_VERSION_MAJOR) + "." +
                                          std::to_string(LABELERRORS_VERSION_MINOR) + "." +
                                          std::to_string(LABELERRORS_VERSION_PATCH));
    app.require_subcommand(1);
    app.footer(
        "labelerrors SUBCOMMAND --help tells more. Exit status: 0 done, 1 bad input or failed work, 2 wrong usage, "
        "130 interrupted (128 + the signal), 141 the reader of standard output went away.");

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
    program::describe_results(app);
    try
    {
        program::check_values(app);
        app.parse(argc, argv);
    }
    catch (const CLI::Success& success)
    {
        std::ostringstream text;
        app.exit(success, text, text);
        return print_help(text.str());
    }
    catch (const CLI::Error& error)
    {
        return refuse(problem_of(error, app, argc, argv));
    }
    try
    {
        program::check_inputs(*app.get_subcommands().front());
        work();
    }
    catch (const CLI::Error& error)
    {
        return refuse(error.what());
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
    catch (const labelerrors::io_error& error)
    {
        // The same by another name, as --output /dev/stdout.
        if (program::is_standard_output(error.path()) && has_lost_reader())
            return 128 + SIGPIPE;
        return fail(error.what());
    }
    catch (const std::bad_alloc&)
    {
        const auto* const option = app.get_subcommands().front()->get_option_no_throw("--pred-probs");
        return fail(
            option != nullptr && option->count() != 0
                ? "out of memory; the work needs memory for k x k counts and for each flagged example: are rows "
                  "and columns of --pred-probs swapped?"
                : "out of memory; close other programs, raise the limit of address space (ulimit -v), or use a "
                  "machine with more memory or smaller files");
    }
    catch (const std::exception& error)
    {
        return fail(error.what());
    }
    return 0;
}
