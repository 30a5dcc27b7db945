#ifndef LABELERRORS_TESTS_PROGRAM_RUN_PROGRAM_HPP
#define LABELERRORS_TESTS_PROGRAM_RUN_PROGRAM_HPP

#include "core/small_cases.hpp"
#include "io/temporary_directory.hpp"
#include <labelerrors/core/class_health.hpp>
#include <labelerrors/io/write_npy.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>
#include <sys/wait.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace tests
{

using json = nlohmann::json;

/// What a run of the program came to.
struct run_result
{
    int status = 0;
    std::string out;
    std::string err;
};

/// Arguments of the program; paths are strings.
using arguments = std::vector<std::string>;

/// The program's path; empty where it is not built.
[[nodiscard]] inline std::string program_path()
{
#ifdef LABELERRORS_PROGRAM
    return LABELERRORS_PROGRAM;
#else
    return "";
#endif
}

/// Runs the program with nothing but pipes around it, so that it takes no terminal for granted.
[[nodiscard]] inline run_result run(const arguments& given)
{
    const auto quoted = [](std::string_view text)
    {
        std::string result = "'";
        for (const char c : text)
            result += c == '\'' ? std::string("'\\''") : std::string(1, c);
        return result + "'";
    };
    const temporary_directory directory;
    std::string command = quoted(program_path());
    for (const std::string& argument : given)
        command += " " + quoted(argument);
    command += " </dev/null >" + quoted((directory / "out").string()) + " 2>" + quoted((directory / "err").string());
    const int status = std::system(command.c_str());
    if (status == -1 || !WIFEXITED(status))
        throw std::runtime_error("the program did not end by itself: " + command);
    return {WEXITSTATUS(status), content_of(directory / "out"), content_of(directory / "err")};
}

/// The same with more arguments at the end.
[[nodiscard]] inline run_result run(arguments given, const arguments& more)
{
    given.insert(given.end(), more.begin(), more.end());
    return run(given);
}

[[nodiscard]] inline bool is_one_line(std::string_view text)
{
    return !text.empty() && text.back() == '\n' && std::count(text.begin(), text.end(), '\n') == 1;
}

/// What --timing tells of a call, whose result it must not change.
[[nodiscard]] inline json timing_of(const arguments& call)
{
    const auto ran = run(call, {"--timing"});
    CAPTURE(ran.err);
    REQUIRE(ran.status == 0);
    REQUIRE(is_one_line(ran.err));
    CHECK(ran.out == run(call).out);
    const auto timing = json::parse(ran.err);
    CHECK(timing["seconds"]["total"] > 0.0);
    CHECK(timing["peak_memory_bytes"] > 1'000'000);
    return timing;
}

/// Labels and probabilities as files in a directory of their own.
struct case_files
{
    temporary_directory directory;
    std::string labels = (directory / "labels.npy").string();
    std::string pred_probs = (directory / "pred_probs.npy").string();

    explicit case_files(const small_case& made)
    {
        const xt::xtensor<std::int64_t, 1> wide = xt::cast<std::int64_t>(made.labels);
        labelerrors::io::write_npy(labels, wide);
        labelerrors::io::write_npy(pred_probs, made.pred_probs);
    }

    /// The arguments that start every call: the subcommand and both files.
    [[nodiscard]] arguments call(const std::string& subcommand) const
    {
        return {subcommand, "--labels", labels, "--pred-probs", pred_probs};
    }

    /// The same with another file of probabilities, or of several parts.
    [[nodiscard]] arguments call(const std::string& subcommand, const arguments& parts) const
    {
        arguments given{subcommand, "--labels", labels, "--pred-probs"};
        given.insert(given.end(), parts.begin(), parts.end());
        return given;
    }
};

/// Runs a call that must fail with one line that holds all of `parts`.
inline void check_refused(int status, const arguments& call, const std::vector<std::string>& parts)
{
    const auto ran = run(call);
    CAPTURE(ran.err);
    CHECK(ran.status == status);
    CHECK(ran.out.empty());
    CHECK(tests::is_one_line(ran.err));
    CHECK(ran.err.starts_with("labelerrors: error: "));
    for (const std::string& part : parts)
    {
        CAPTURE(part);
        CHECK(ran.err.find(part) != std::string::npos);
    }
}

/// The classes of a summary of health, as the program prints them.
[[nodiscard]] inline json to_json(std::span<const labelerrors::class_quality> classes)
{
    json list = json::array();
    for (const auto& quality : classes)
        list.push_back({{"class", quality.class_index},
                        {"label_issues", quality.label_issues},
                        {"inverse_label_issues", quality.inverse_label_issues},
                        {"label_noise", quality.label_noise},
                        {"inverse_label_noise", quality.inverse_label_noise},
                        {"label_quality_score", quality.label_quality_score}});
    return list;
}

}  // namespace tests

#endif
