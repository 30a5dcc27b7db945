// What the program says about bad input and wrong usage: one line that names the file, the place and the remedy.
#include "io/stored_bytes.hpp"
#include "run_program.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
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

[[nodiscard]] arguments with_more(arguments call, const arguments& more)
{
    call.insert(call.end(), more.begin(), more.end());
    return call;
}

}  // namespace

TEST_CASE("labels that do not fit the probabilities are refused")
{
    const bad_files files;
    files.check_labels(files.write(labels{0, 0, 1, 1, 2}), {"bad.npy", "5 examples", "6 rows"});
    files.check_labels(files.write(labels{0, 0, 1, 1, 3, 2}), {"bad.npy", "labels[4] is 3", "0 to 2"});
    files.check_labels(files.write(labels{0, 0, 1, -1, 2, 2}), {"bad.npy", "labels[3] is -1", "0 to 2", "no label"});
    files.check_labels(files.write(labels{1, 1, 2, 2, 3, 3}), {"bad.npy", "labels[4] is 3", "subtract 1"});
    files.check_labels(files.write(xt::xtensor<double, 1>{0, 0, 1, 1, 2, 2}), {"bad.npy", "integers", "astype"});
    files.check_labels(files.write(xt::xtensor<std::int64_t, 2>{{0, 0}, {1, 1}, {2, 2}},
                                   {.order = labelerrors::io::array_order::fortran}),
                       {"bad.npy", "one dimension", "(3, 2)", "argmax(axis=1)"});
    files.check_labels(files.write(xt::xtensor<double, 2>{{1, 0, 0}, {0, 1, 0}}), {"bad.npy", "(2, 3)", "argmax"});
    files.check_labels(files.write(xt::xtensor<std::int64_t, 2>{{0}, {1}, {2}}), {"bad.npy", "(3, 1)", "ravel"});
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
    // More tolerance would make an answer of what is none.
    for (const auto& none : {matrix{{-3.0, 5.0, 1.0}}, matrix{{70.0, 20.0, 10.0}}})
    {
        auto logits = tests::worked_case().pred_probs;
        for (std::size_t j = 0; j < 3; ++j)
            logits(0, j) = none(0, j);
        const auto refused = run(files.call("find", {files.write(logits)}));
        CHECK(refused.status == 1);
        CHECK(refused.err.find("--tolerance") == std::string::npos);
        CHECK((refused.err.find("(--softmax)") != std::string::npos) == (none(0, 0) < 0.0));
    }
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
            call.insert(call.end(), {"--class-names", names, "--format", "table"});
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
    call.back() = files.write(matrix{{0.5, 0.125, 0.0}, {0.0, 0.125, 0.0}, {0.0, 0.0, 0.25}});
    check_refused(1, call, {"bad.npy", "it is a distribution, where counts are due", "calibrated_confident_joint"});
}

TEST_CASE("wrong usage ends with status 2 and one line")
{
    const bad_files files;
    check_refused(2, {}, {"a subcommand is missing; there are find, score"});
    check_refused(2, {"nosuch"}, {"there is no subcommand nosuch; there are find, score"});
    check_refused(2, {"find"}, {"--labels"});
    check_refused(2, {"find", "--labels", files.labels}, {"--pred-probs"});
    check_refused(2, {"find", "--labels"}, {"--labels needs a value"});
    check_refused(2, {"find", "--labels", files.labels, "--format"}, {"--format needs a value"});
    check_refused(2,
                  {"find", "--labels", files.labels, "--pred-probs", files.labels, "--reference", "cleanlab-1",
                   "--filter-by", "both", "--rank-by", "confidence_weighted_entropy"},
                  {"--filter-by both, which has self_confidence, normalized_margin and none"});
    check_refused(2,
                  {"find", "--labels", files.labels, "--pred-probs", files.labels, "--reference", "cleanlab-1",
                   "--rank-by", "self_confidence"},
                  {"--filter-by low_normalized_margin, which has normalized_margin alone"});
    check_refused(2, {"inspect"}, {"FILE"});
    const std::vector<std::vector<std::string>> wrong{
        {"--bogus"},
        {"--filter-by", "nope"},
        {"--rank-by", "nope"},
        {"--format", "xml"},
        {"--frac-noise", "2"},
        {"--frac-noise", "x"},
        {"--frac-noise", "nan"},
        {"--threads", "-1"},
        {"--threads", "x"},
        {"--tolerance", "-1"},
        {"--tolerance", "nan"},
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
    call = files.call("score");
    call.insert(call.end(), {"--class-names", "names.txt"});
    check_refused(2, call, {"--class-names", "--format table"});
    call = files.call("score");
    call.insert(call.end(), {"--output", (files.directory / "scores.csv").string()});
    check_refused(2, call, {"scores.csv would hold a .npy", "--format csv"});
}

TEST_CASE("what is given twice, or before the subcommand, is told by its name")
{
    const bad_files files;
    check_refused(2, with_more(files.call("find"), {"--labels", files.labels}), {"--labels is given more than once"});
    check_refused(2, {"--nope"}, {"there is no option --nope before a subcommand"});
    check_refused(2,
                  {"correct", "--labels", files.labels, "--dataset", "mnist", "--output", "x.npy", "--decisions-from",
                   files.labels},
                  {"--labels and --dataset exclude each other"});
}

TEST_CASE("an empty value, as an unset variable of a shell gives, is not taken for an option that was not given")
{
    const bad_files files;
    for (const char* option : {"--output", "--class-names", "--confident-joint", "--tolerance", "--labels"})
    {
        auto call = files.call("find");
        call.insert(call.end(), {option, ""});
        if (std::string(option) == "--labels")
            call.erase(call.begin() + 1, call.begin() + 3);
        check_refused(2, call, {option});
    }
    check_refused(2, {"correct", "--dataset", "mnist", "--root", ".", "--decisions-from", "", "--output", "x.npy"},
                  {"--decisions-from", "empty value"});
}

TEST_CASE("a flag with a value is refused, whatever the value")
{
    const bad_files files;
    for (const std::string flag : {"--timing", "--softmax", "--adjust-pred-probs"})
        for (const std::string value : {"no", "false", "0", "1", "0.5", "abc"})
            check_refused(2, with_more(files.call("find"), {flag + "=" + value}), {flag, "takes none"});
    check_refused(2, {"datasets", "--help=abc"}, {"--help", "takes none"});
    check_refused(2, {"--version=abc"}, {"--version", "takes none"});
}

TEST_CASE("two results are not written to one file, and a place that cannot be written is told before any work")
{
    const bad_files files;
    const auto same = (files.directory / "same").string();
    const auto other_name = (files.directory / "." / "same").string();
    check_refused(
        2,
        {"correct", "--labels", files.labels, "--decisions-from", "none.jsonl", "--output", same, "--kept", other_name},
        {"--output and --kept both name", "a file of its own"});
    check_refused(2,
                  {"correct", "--labels", files.labels, "--decisions-from", "none.jsonl", "--output", same, "--kept",
                   same + ".json"},
                  {"--kept and the provenance of --output both name"});
    check_refused(2,
                  {"find", "--features", files.pred_probs, "--labels", files.labels, "--save-pred-probs", same,
                   "--output", same, "--format", "json"},
                  {"--output and --save-pred-probs both name"});
    check_refused(2,
                  {"evaluate", "--labels", files.labels, "--corrected-labels", files.labels, "--model",
                   "a=" + files.labels, "--figure", same, "--output", same, "--format", "json"},
                  {"--output and --figure both name"});
    CHECK(!std::filesystem::exists(same));
    // Nor to one that is read, under whatever name.
    const auto link = (files.directory / "link.json").string();
    std::filesystem::create_symlink(files.labels, link);
    check_refused(2, {"find", "--labels", files.labels, "--pred-probs", files.pred_probs, "--output", link},
                  {"--output and --labels both name " + link});
    check_refused(2,
                  {"score", "--labels", files.labels, "--pred-probs", files.pred_probs, "--output", files.pred_probs},
                  {"--output and --pred-probs both name"});
    const auto model = (files.directory / "model").string();
    std::filesystem::copy_file(files.pred_probs, model);
    check_refused(2,
                  {"evaluate", "--labels", files.labels, "--corrected-labels", files.labels, "--model", "a=" + model,
                   "--output", model},
                  {"--output and --model both name"});
    std::filesystem::remove(model);
    std::filesystem::remove(link);
    // A title that is the name of the page is no file that is read.
    const auto page = files.directory.write("page.html", "old").string();
    CHECK(run({"report", "--labels", files.labels, "--pred-probs", files.pred_probs, "--title", page, "--output", page})
              .status == 0);
    std::filesystem::remove(page);
    // JSON under a name that promises something else would be found out much later.
    for (const char* name : {"issues.csv", "issues.npy"})
    {
        const auto misnamed = (files.directory / name).string();
        check_refused(2, {"find", "--labels", files.labels, "--pred-probs", files.pred_probs, "--output", misnamed},
                      {misnamed + " would hold JSON"});
        CHECK(!std::filesystem::exists(misnamed));
    }
    const auto refuse = [&](const arguments& more, const char* says)
    {
        for (const std::string subcommand : {"find", "score"})
            check_refused(2, with_more(files.call(subcommand), more), {says});
    };
    const auto named = [&](const char* name)
    {
        return (files.directory / name).string();
    };
    refuse({"--output", named("x.npy"), "--format", "csv"}, "x.npy would hold a .csv; name it .csv");
    refuse({"--output", named("x.csv"), "--format", "json"}, "x.csv would hold JSON; name it .json");
    refuse({"--output", named("x.json"), "--format", "table"}, "x.json would hold a table; name it .txt");
    check_refused(2, with_more(files.call("score"), {"--output", named("x.npz")}), {"would hold a .npy; name it .npy"});
    CHECK(run(files.call("find"), {"--output", named("x.csv"), "--format", "csv"}).status == 0);
    CHECK(run(files.call("find"), {"--output", named("x.list"), "--format", "csv"}).status == 0);
    // Beside what correct writes lies its provenance, which may be the name of what it reads.
    const auto marks = files.directory.write("marks.npy.json", "").string();
    check_refused(2,
                  {"correct", "--labels", files.labels, "--decisions-from", marks, "--output",
                   (files.directory / "marks.npy").string()},
                  {"the provenance of --output and --decisions-from both name " + marks});
    CHECK(std::filesystem::file_size(marks) == 0);
    std::filesystem::remove(marks);
    for (const char* made : {"x.csv", "x.list"})
        std::filesystem::remove(named(made));
    auto call = files.call("find", {(files.directory / "missing.npy").string()});
    call.insert(call.end(), {"--output", (files.directory / "nodir" / "x.json").string()});
    check_refused(1, call, {"nodir", "does not exist; create it"});
}

TEST_CASE("no result is written over a published file in --root")
{
    const tests::temporary_directory directory;
    const std::string root = (directory / "").string();
    for (const char* folder : {"mturk", "original_test_labels"})
        std::filesystem::create_directory(directory / folder);
    const auto votes = directory.write("mturk/imdb_mturk.json", "old").string();
    const auto published = directory.write("original_test_labels/mnist_test_set_original_labels.npy", "old").string();
    const auto link = (directory / "link.json").string();
    std::filesystem::create_symlink(votes, link);
    const arguments mnist{"--dataset", "mnist", "--root", root};
    const auto check_kept = [](const arguments& call, const std::string& path)
    {
        check_refused(2, call, {"--output and the published files of --root both name " + path, "would be lost"});
        CHECK(tests::content_of(path) == "old");
    };
    check_kept(with_more(with_more({"correct"}, mnist), {"--output", published}), published);
    check_kept(with_more(with_more({"votes"}, mnist), {"--output", votes}), votes);
    check_kept(with_more(with_more({"item", "--index", "0"}, mnist), {"--output", link}), link);
    check_kept({"datasets", "--root", root, "--output", votes}, votes);
    const auto beside = (directory / "mturk" / "listing.json").string();
    CHECK(run({"datasets", "--root", root, "--output", beside}).status == 0);
    CHECK(run({"datasets", "--root", root, "--output", beside}).status == 0);
    // A set whose items are in one file is named by that file.
    check_refused(2,
                  with_more(with_more({"item", "--index", "0"}, mnist), {"--distribution", beside, "--output", beside}),
                  {"--output and --distribution both name"});
}

TEST_CASE("of several files the one that is at fault is named, with its own row")
{
    const bad_files files;
    const auto whole = tests::worked_case().pred_probs;
    const auto path = [&](const char* name)
    {
        return (files.directory / name).string();
    };
    labelerrors::io::write_npy(path("first.npy"), xt::eval(xt::view(whole, xt::range(0, 4))));
    labelerrors::io::write_npy(path("none.npy"), matrix::from_shape({0, 3}));
    matrix last = xt::view(whole, xt::range(4, 6));
    last(1, 2) = 3.0;
    labelerrors::io::write_npy(path("last.npy"), last);
    for (const std::string subcommand : {"find", "score", "count", "health"})
        check_refused(1,
                      {subcommand, "--labels", files.labels, "--pred-probs", path("first.npy"), path("none.npy"),
                       path("last.npy")},
                      {path("last.npy") + ": row 1: pred_probs row 5, column 2 is 3"});
}

TEST_CASE("a message keeps to one line and to its own words, whatever files are called")
{
    const bad_files files;
    check_refused(1, {"inspect", (files.directory / "two\nlines\x1b[31m.npy").string()},
                  {"two\\nlines\\x1b[31m.npy", "No such file"});
    // The name of a file is no part of the problem that the remedy is for.
    const auto named = (files.directory / "softmax.npy").string();
    labelerrors::io::write_npy(named, labels{0, 0, 1, 1, 3, 2});
    const auto ran = run({"find", "--labels", named, "--pred-probs", files.pred_probs});
    CHECK(ran.status == 1);
    CHECK(ran.err.find("--softmax") == std::string::npos);
    // Of several models the one at fault is named, by its file.
    const auto good = (files.directory / "good.npy").string();
    labelerrors::io::write_npy(good, matrix{{0.5, 0.5}, {0.25, 0.75}});
    const auto logits = files.write(matrix{{5.0, -1.0}, {2.0, 3.0}});
    const auto votes = (files.directory / "votes.npy").string();
    labelerrors::io::write_npy(votes, matrix{{0.0, 0.0}, {1.0, 1.0}});
    for (const auto& models : {arguments{logits}, arguments{good, logits}})
    {
        arguments rating{"annotators", "--labels", votes, "--pred-probs"};
        rating.insert(rating.end(), models.begin(), models.end());
        const auto rated = run(rating);
        CHECK(rated.status == 1);
        CHECK(rated.err.find(logits + ": pred_probs row 0, column 0 is 5") != std::string::npos);
        CHECK(rated.err.find("apply a softmax to each row first (--softmax)\n") != std::string::npos);
        CHECK(rated.err.find("model 1") == std::string::npos);
        CHECK(run(rating, {"--softmax"}).status == 0);
    }
    check_refused(2, {"annotators", "--labels", votes, "--softmax"}, {"--softmax is about logits"});
    check_refused(2, {"annotators", "--labels", votes, "--tolerance", "nan"}, {"--tolerance"});
    check_refused(2, {"annotators", "--labels", votes, "--tolerance", "0.1"},
                  {"--tolerance is about probabilities and needs --pred-probs"});
    // What the library calls its functions means nothing to who calls the program.
    auto call = files.call("find");
    call[2] = files.write(labels{0, 0, 1, 1, 1, 0});
    call.insert(call.end(), {"--reference", "cleanlab-1"});
    check_refused(1, call, {"class 2 has no example", "use --reference cleanlab-2"});
}

TEST_CASE("inspect tells what object arrays, large integers and single columns are")
{
    const bad_files files;
    const auto objects =
        files.directory.write("objects.pkl", std::string("\x80\3](](K\0K\1e](e](K\1K\1ee.", 23)).string();
    const auto sets = tests::json::parse(run({"inspect", objects}).out);
    CHECK(sets["dtype"] == "object");
    CHECK(sets["shape"] == tests::json::array({3}));
    CHECK(sets["class_counts"] == tests::json{1, 3});
    CHECK(sets["labels_per_example"] == tests::json{{"min", 0}, {"max", 2}});
    CHECK(sets["suspicious"] ==
          tests::json{"1 example has no label", "a label that an example has twice, the first at example 2"});
    const auto large = files.write(xt::xtensor<std::uint64_t, 1>{0, std::numeric_limits<std::uint64_t>::max()});
    const auto found = tests::json::parse(run({"inspect", large}).out);
    CHECK(found["suspicious"][0].get<std::string>().find("the first at index 1") != std::string::npos);
    const auto column = files.write(xt::xtensor<std::int64_t, 2>{{0}, {1}});
    CHECK(tests::json::parse(run({"inspect", column}).out)["suspicious"][0].get<std::string>().starts_with(
        "one column of whole numbers"));
}

TEST_CASE("a number below zero is wrong usage where a count is meant")
{
    const bad_files files;
    for (const arguments& more :
         {arguments{"--top", "-1"}, arguments{"--min-examples-per-class", "-3"},
          arguments{"--num-to-remove-per-class", "1,-2,0"}, arguments{"--num-to-remove-per-class", "1,,0"}})
    {
        auto call = files.call("find");
        call.insert(call.end(), more.begin(), more.end());
        check_refused(2, call, {more.front()});
    }
}

TEST_CASE("a whole number that begins with a 0 is never taken for another one")
{
    const bad_files files;
    for (const arguments& more :
         {arguments{"--top", "010"}, arguments{"--min-examples-per-class", "07"}, arguments{"--threads", "08"},
          arguments{"--num-to-remove-per-class", "1,02,0"}, arguments{"--top", "00"}})
        check_refused(2, with_more(files.call("find"), more), {more.front(), " begins with a 0; write "});
    check_refused(2, with_more(files.call("find"), {"--top", "010"}), {"010 begins with a 0; write 10"});
    CHECK(run(files.call("find"), {"--top", "0"}).status == 0);
    CHECK(run(files.call("find"), {"--top", "10"}).status == 0);
}

TEST_CASE("help and version are printed with status 0")
{
    const auto help = run({"--help"});
    CHECK(help.status == 0);
    CHECK(help.err.empty());
    for (const std::string subcommand : {"find", "score", "count", "health", "annotators", "inspect", "datasets",
                                         "votes", "item", "correct", "evaluate"})
    {
        CAPTURE(subcommand);
        CHECK(help.out.find(subcommand) != std::string::npos);
        const auto own = run({subcommand, "--help"});
        CHECK(own.status == 0);
        CHECK(own.out.find("--output") != std::string::npos);
        CHECK(own.out.find("--format") != std::string::npos);
        CHECK(own.out.find("--timing") != std::string::npos);
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

TEST_CASE("a dash is no name of a file by accident")
{
    const case_files files(tests::worked_case());
    for (const char* subcommand : {"find", "score", "count", "health"})
    {
        auto call = files.call(subcommand);
        call.insert(call.end(), {"--output", "-"});
        check_refused(2, call, {"--output - ", "/dev/stdout", "./-"});
    }
    CHECK(!std::filesystem::exists("-"));
    check_refused(2, files.call("find", {"-"}), {"--pred-probs - ", "/dev/stdin", "./-"});
    check_refused(2, {"inspect", "-"}, {"FILE - ", "/dev/stdin", "./-"});
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
    // Of several results the labels come last.
    const auto decisions = files.directory.write("decisions.jsonl", "").string();
    const auto corrected = (files.directory / "corrected.npy").string();
    check_refused(1,
                  {"correct", "--labels", files.labels, "--decisions-from", decisions, "--output", corrected, "--kept",
                   "/dev/full"},
                  {"/dev/full", "cannot be written"});
    CHECK(!std::filesystem::exists(corrected));
}

#endif
