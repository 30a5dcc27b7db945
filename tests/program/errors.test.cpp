// What the program says about bad input and wrong usage: one line that names the file, the place and the remedy.
#include "io/stored_bytes.hpp"
#include "run_program.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

#ifdef LABELERRORS_PROGRAM

using tests::arguments;
using tests::case_files;
using tests::check_refused;
using tests::run;

namespace
{

/// The worked case, and other files beside it.
struct bad_files : case_files
{
    bad_files() : case_files(tests::worked_case())
    {
    }

    /// A call of every subcommand that reads both files, with other probabilities, must fail.
    void check_probabilities(const std::string& path, const std::vector<std::string>& parts) const
    {
        for (const char* subcommand : {"find", "score", "count", "health"})
            check_refused(1, call(subcommand, {path}), parts);
    }

    /// The same with other labels.
    void check_labels(const std::string& path, const std::vector<std::string>& parts) const
    {
        for (const char* subcommand : {"find", "score", "count", "health"})
            check_refused(1, {subcommand, "--labels", path, "--pred-probs", pred_probs}, parts);
    }

    template <class Array>
    [[nodiscard]] std::string write(const Array& array, const labelerrors::io::write_npy_options& options = {}) const
    {
        const auto path = (directory / "bad.npy").string();
        labelerrors::io::write_npy(path, array, options);
        return path;
    }
};

using labels = xt::xtensor<std::int64_t, 1>;
using matrix = xt::xtensor<double, 2>;

}  // namespace

TEST_CASE("labels that do not fit the probabilities are refused")
{
    const bad_files files;
    files.check_labels(files.write(labels{0, 0, 1, 1, 2}), {"bad.npy", "5 examples", "6 rows"});
    files.check_labels(files.write(labels{0, 0, 1, 1, 3, 2}), {"bad.npy", "labels[4] is 3", "0 to 2"});
    files.check_labels(files.write(labels{0, 0, 1, -1, 2, 2}), {"bad.npy", "labels[3] is -1", "0 to 2"});
    files.check_labels(files.write(xt::xtensor<double, 1>{0, 0, 1, 1, 2, 2}), {"bad.npy", "integers", "astype"});
    files.check_labels(files.write(xt::xtensor<std::int64_t, 2>{{0, 0}, {1, 1}, {2, 2}},
                                   {.order = labelerrors::io::array_order::fortran}),
                       {"bad.npy", "one dimension", "(3, 2)", "ravel"});
    files.check_labels(files.write(labels{}), {"bad.npy", "0 examples", "6 rows"});
}

TEST_CASE("probabilities that are none are refused with the row")
{
    const bad_files files;
    auto bad = tests::worked_case().pred_probs;
    bad(3, 1) = std::nan("");
    files.check_probabilities(files.write(bad), {"bad.npy", "row 3, column 1 is nan", "finite"});
    bad(3, 1) = std::numeric_limits<double>::infinity();
    files.check_probabilities(files.write(bad), {"bad.npy", "row 3, column 1 is inf", "finite"});
    bad(3, 1) = 0.5;
    files.check_probabilities(files.write(bad), {"bad.npy", "row 3 sums to 0.75", "--softmax", "--tolerance"});
    bad(3, 1) = 12.0;
    files.check_probabilities(files.write(bad), {"bad.npy", "row 3, column 1 is 12", "logits", "--softmax"});
    files.check_probabilities(files.write(matrix{{1.0}, {1.0}, {1.0}, {1.0}, {1.0}, {1.0}}),
                              {"bad.npy", "at least 2 columns", "not 1"});
    files.check_probabilities(files.write(matrix::from_shape({0, 3})), {"bad.npy", "0 rows"});
    const auto none = (files.directory / "none.npy").string();
    labelerrors::io::write_npy(none, labels{});
    check_refused(1, {"find", "--labels", none, "--pred-probs", files.write(matrix::from_shape({0, 3}))},
                  {"none.npy", "bad.npy", "at least one example"});
}

TEST_CASE("files that do not hold what they promise are refused with the place")
{
    const bad_files files;
    const auto whole = tests::content_of(files.pred_probs);
    const auto write = [&](const std::string& content)
    {
        return files.directory.write("bad.npy", content).string();
    };
    files.check_probabilities(write(whole.substr(0, whole.size() - 9)), {"bad.npy", "144 bytes", "135", "again"});
    auto more = whole;
    more.replace(more.find("(6, 3)"), 6, "(9, 3)");
    files.check_probabilities(write(more), {"bad.npy", "216 bytes", "144"});
    more.replace(more.find("(9, 3), }"), 9, "(4294967296, 4294967296), }");
    files.check_probabilities(write(more), {"bad.npy"});
    files.check_probabilities(write(tests::npy_of("|O", "(6, 3)", "pickle")), {"bad.npy", "pickle", "save"});
    files.check_labels(write(tests::npy_of("|O", "(6,)", "pickle")), {"bad.npy", "pickle", "save"});
    files.check_probabilities(write("hello"), {"bad.npy", "byte 0", "numpy.save"});
    files.check_probabilities(write(""), {"bad.npy"});
    files.check_probabilities((files.directory / "missing.npy").string(), {"missing.npy", "No such file"});
    files.check_labels((files.directory / "missing.npy").string(), {"missing.npy", "No such file"});
    files.check_probabilities(files.labels, {"labels.npy", "2 dimensions", "(6,)"});
    check_refused(1, files.call("find", {files.pred_probs, files.write(matrix{{0.5, 0.5}})}),
                  {"bad.npy", "same number of columns", "pred_probs.npy"});
    check_refused(1, {"inspect", write(whole.substr(0, 100))}, {"bad.npy"});
}

TEST_CASE("class names must be as many as there are classes")
{
    const bad_files files;
    for (const auto& [content, part] :
         {std::pair{"cat\ndog\n", "2 names for 3 classes"},
          std::pair{"a\nb\nc\nd\n", "more than 3 names for 3 classes"}, std::pair{"", "0 names for 3 classes"}})
    {
        const auto names = files.directory.write("names.txt", content).string();
        for (const char* subcommand : {"find", "score", "count", "health"})
        {
            auto call = files.call(subcommand);
            call.insert(call.end(), {"--class-names", names});
            check_refused(1, call, {"names.txt", part, "one name a line"});
        }
    }
    auto call = files.call("find");
    call.insert(call.end(), {"--class-names", (files.directory / "missing.txt").string()});
    check_refused(1, call, {"missing.txt", "No such file"});
}

TEST_CASE("numbers of removals and a joint that do not fit the classes are refused")
{
    const bad_files files;
    auto call = files.call("find");
    call.insert(call.end(), {"--num-to-remove-per-class", "1,2"});
    check_refused(1, call, {"3 classes", "2"});
    call = files.call("find");
    call.insert(call.end(), {"--confident-joint", files.write(matrix{{1.0, 0.0}, {0.0, 1.0}})});
    check_refused(1, call, {"bad.npy", "k = 3", "2 x 2"});
}

TEST_CASE("wrong usage ends with status 2 and one line")
{
    const bad_files files;
    check_refused(2, {}, {"subcommand"});
    check_refused(2, {"nosuch"}, {});
    check_refused(2, {"find"}, {"--labels"});
    check_refused(2, {"find", "--labels", files.labels}, {"--pred-probs"});
    check_refused(2, {"inspect"}, {"FILE"});
    const std::vector<std::vector<std::string>> wrong{
        {"--bogus"},
        {"--filter-by", "nope"},
        {"--rank-by", "nope"},
        {"--format", "xml"},
        {"--frac-noise", "2"},
        {"--frac-noise", "x"},
        {"--threads", "-1"},
        {"--threads", "x"},
        {"--tolerance", "-1"},
        {"--reference", "cleanlab-3"},
        {"--num-errors-by", "prune_by_class"},
        {"--labels", "twice.npy"},
        {"--filter-by", "confident_learning", "--frac-noise", "0.5"},
        {"--rank-by", "confidence_weighted_entropy", "--adjust-pred-probs"},
        {"--reference", "cleanlab-1", "--rank-by", "self_confidence"}};
    for (const auto& more : wrong)
    {
        auto call = files.call("find");
        call.insert(call.end(), more.begin(), more.end());
        check_refused(2, call, {more.front(), "--help"});
    }
    auto call = files.call("score");
    call.insert(call.end(), {"--method", "nope"});
    check_refused(2, call, {"--method"});
}

TEST_CASE("a number below zero is wrong usage where a count is meant")
{
    const bad_files files;
    for (const arguments& more : {arguments{"--top", "-1"}, arguments{"--min-examples-per-class", "-3"},
                                  arguments{"--num-to-remove-per-class", "1,-2,0"}})
    {
        auto call = files.call("find");
        call.insert(call.end(), more.begin(), more.end());
        check_refused(2, call, {more.front()});
    }
}

TEST_CASE("help and version are printed with status 0")
{
    const auto help = run({"--help"});
    CHECK(help.status == 0);
    CHECK(help.err.empty());
    for (const char* subcommand : {"find", "score", "count", "health", "inspect"})
    {
        CHECK(help.out.find(subcommand) != std::string::npos);
        const auto own = run({subcommand, "--help"});
        CHECK(own.status == 0);
        CHECK(own.out.find("--output") != std::string::npos);
        CHECK(own.out.find("--format") != std::string::npos);
        // It fits a terminal.
        std::istringstream lines(help.out + own.out);
        for (std::string line; std::getline(lines, line);)
            CHECK(line.size() <= 80);
    }
    const auto find = run({"find", "--help"}).out;
    CHECK(find.find("--rank-by TEXT   ") != std::string::npos);
    CHECK(find.find("confidence_weighted_entropy, none, normalized_margin,") != std::string::npos);
    CHECK(find.find("--labels FILE (required)") == std::string::npos);
    CHECK(run({"votes", "--help"}).out.find("--dataset TEXT (required)") != std::string::npos);
    CHECK(tests::is_one_line(run({"--version"}).out));
}

TEST_CASE("a result goes to its file whole or not at all")
{
    const case_files files(tests::worked_case());
    const auto path = files.directory / "result";
    for (const char* subcommand : {"find", "score", "count", "health"})
    {
        const auto printed = run(files.call(subcommand), {"--format", "json"}).out;
        const auto ran = run(files.call(subcommand), {"--format", "json", "--output", path.string()});
        CHECK(ran.status == 0);
        CHECK(ran.out.empty());
        CHECK(tests::content_of(path) == printed);
        // The two inputs and the result.
        CHECK(files.directory.size() == 3);

        const auto nowhere = (files.directory / "missing").string();
        auto call = files.call(subcommand);
        call.insert(call.end(), {"--output", nowhere + "/result"});
        check_refused(1, call, {"missing", "create it"});
        CHECK(!std::filesystem::exists(nowhere));
        CHECK(files.directory.size() == 3);
    }
    auto call = files.call("find");
    call.insert(call.end(), {"--output", (files.directory / ".").string()});
    check_refused(1, call, {"directory"});
    CHECK(files.directory.size() == 3);
}

TEST_CASE("an old result stands when the input is bad")
{
    const bad_files files;
    const auto path = files.directory.write("result", "old");
    auto bad = tests::worked_case().pred_probs;
    bad(5, 2) = 9.0;
    const auto bad_path = files.write(bad);
    for (const char* subcommand : {"find", "score", "count", "health"})
    {
        CHECK(run(files.call(subcommand, {bad_path}), {"--output", path.string()}).status == 1);
        CHECK(tests::content_of(path) == "old");
    }
    CHECK(run({"inspect", (files.directory / "missing.npy").string(), "--output", path.string()}).status == 1);
    CHECK(tests::content_of(path) == "old");
    // The two inputs, the bad one and the old result.
    CHECK(files.directory.size() == 4);
}

TEST_CASE("an output that cannot be written is an error")
{
    const case_files files(tests::worked_case());
    if (!std::filesystem::exists("/dev/full"))
        return;
    auto call = files.call("find");
    call.insert(call.end(), {"--output", "/dev/full"});
    check_refused(1, call, {"/dev/full", "cannot be written"});
}

#endif
