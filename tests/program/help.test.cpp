// What the help of each subcommand says of its result, against the results themselves.
#include "run_program.hpp"
#include "support/data.hpp"

#include <doctest/doctest.h>

#include <cctype>
#include <limits>
#include <set>
#include <string>
#include <vector>

#ifdef LABELERRORS_PROGRAM

using tests::arguments;
using tests::json;
using tests::run;

namespace
{

/// The words of a text, of letters, digits and underscores.
[[nodiscard]] std::set<std::string> words_of(const std::string& text)
{
    std::set<std::string> words;
    std::string word;
    for (const char c : text + " ")
        if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_')
            word += c;
        else
        {
            words.insert(word);
            word.clear();
        }
    return words;
}

/// The names of all fields, those within others too.
void add_names(const json& value, std::set<std::string>& names)
{
    if (value.is_object())
        for (const auto& [name, field] : value.items())
        {
            names.insert(name);
            add_names(field, names);
        }
    if (value.is_array())
        for (const auto& element : value)
            add_names(element, names);
}

/// Whether the help of a call's subcommand explains every field of its JSON and every column of its .csv.
void check_explained(const arguments& call)
{
    const auto help = words_of(run({call.front(), "--help"}).out);
    const auto ran = run(call, {"--format", "json"});
    REQUIRE_MESSAGE(ran.status == 0, ran.err);
    std::set<std::string> names;
    add_names(json::parse(ran.out), names);
    CHECK(names.size() > 3);
    const auto csv = run(call, {"--format", "csv"}).out;
    names.merge(words_of(csv.substr(0, csv.find('\n'))));
    for (std::string name : names)
    {
        // What the help says of acc1 it says of corrected_acc1; columns are as fields within others.
        if (name.starts_with("corrected_") && !help.contains(name))
            name = name.substr(name.find('_') + 1);
        if (name.starts_with("correctable_"))
            name = name.substr(name.find('_') + 1);
        CAPTURE(call.front());
        CAPTURE(name);
        CHECK(help.contains(name));
    }
}

}  // namespace

TEST_CASE("the help of every subcommand explains all that its result is made of")
{
    const tests::case_files files(tests::worked_case());
    const auto path = [&](const std::string& name)
    {
        return (files.directory / name).string();
    };
    const auto names = files.directory.write("names.txt", "a\nb\nc\n").string();
    for (const char* const subcommand : {"find", "score", "count", "health"})
        check_explained(files.call(subcommand));
    for (const char* const subcommand : {"find", "count", "health"})
        check_explained({subcommand, "--labels", files.labels, "--pred-probs", files.pred_probs, "--class-names", names,
                         "--tolerance", "1e-3"});
    check_explained({"find", "--labels", files.labels, "--features", files.pred_probs, "--folds", "2"});
    check_explained({"score", "--ensemble", "--labels", files.labels, "--pred-probs", files.pred_probs});
    check_explained({"find", "--labels", files.labels, "--pred-probs", files.pred_probs, "--reference", "cleanlab-1"});
    labelerrors::io::write_npy(path("sets.npy"), xt::xtensor<int, 2>{{1, 0}, {0, 1}, {1, 1}, {0, 1}, {1, 0}});
    labelerrors::io::write_npy(path("each.npy"),
                               xt::xtensor<double, 2>{{0.9, 0.1}, {0.8, 0.1}, {0.9, 0.9}, {0.1, 0.8}, {0.7, 0.2}});
    for (const char* const subcommand : {"find", "score", "health"})
        check_explained({subcommand, "--multi-label", "--labels", path("sets.npy"), "--pred-probs", path("each.npy")});
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    labelerrors::io::write_npy(path("votes.npy"),
                               xt::xtensor<double, 2>{{0, 0}, {0, none}, {1, 1}, {1, 2}, {2, 2}, {2, 2}});
    check_explained({"annotators", "--labels", path("votes.npy"), "--pred-probs", files.pred_probs, "--calibrate-probs",
                     "--active-learning", "--class-names", names});
    check_explained({"inspect", files.pred_probs});
    check_explained({"inspect", files.labels});
    check_explained({"datasets", "--root", path("")});
    const auto own =
        files.directory
            .write("own.jsonl", "{\"index\":0,\"given_label\":0,\"decision\":\"drop\",\"corrected_label\":null}\n")
            .string();
    check_explained({"correct", "--labels", files.labels, "--decisions-from", own, "--output", path("corrected.npy")});
    labelerrors::io::write_npy(path("a.npy"), xt::xtensor<int, 1>{0, 1, 1, 1, 2, 0});
    labelerrors::io::write_npy(path("b.npy"), xt::xtensor<int, 1>{0, 0, 1, 1, 1, 1});
    check_explained({"evaluate", "--labels", files.labels, "--corrected-labels", path("a.npy"), "--model",
                     "a=" + path("a.npy"), "--model", "b=" + path("b.npy"), "--prevalence", "a,b"});
}

TEST_CASE("the help explains what is told of the published test sets")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    const auto call = [&](const std::string& subcommand, const arguments& more)
    {
        arguments all{subcommand, "--dataset", "imagenet", "--root", (*data / "label-errors").string()};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    };
    const tests::temporary_directory directory;
    check_explained(call("votes", {}));
    check_explained(call("item", {"--index", "0"}));
    const auto decisions = (directory / "decisions.jsonl").string();
    check_explained(call("correct", {"--decisions", decisions}));
    std::set<std::string> names;
    const auto lines = tests::content_of(decisions);
    add_names(json::parse(lines.substr(0, lines.find('\n'))), names);
    const auto help = words_of(run({"correct", "--help"}).out);
    for (const auto& name : names)
        CHECK_MESSAGE(help.contains(name), name);
}

#endif
