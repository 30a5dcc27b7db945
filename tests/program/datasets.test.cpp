// labelerrors datasets, votes, item and correct on the published test sets.
#include "run_program.hpp"
#include "support/data.hpp"
#include <labelerrors/io/read_labels.hpp>
#include <labelerrors/io/read_npy.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#ifdef LABELERRORS_PROGRAM

namespace
{

using tests::arguments;
using tests::json;

[[nodiscard]] arguments call(const std::filesystem::path& data, const std::string& subcommand, const std::string& set)
{
    return {subcommand, "--dataset", set, "--root", (data / "label-errors").string()};
}

[[nodiscard]] json result_of(const arguments& given)
{
    const auto ran = tests::run(given);
    CHECK_MESSAGE(ran.status == 0, ran.err);
    return json::parse(ran.out);
}

[[nodiscard]] std::vector<json> lines_of(const std::filesystem::path& path)
{
    std::vector<json> lines;
    std::istringstream text(tests::content_of(path));
    for (std::string line; std::getline(text, line);)
        lines.push_back(json::parse(line));
    return lines;
}

struct published_votes
{
    const char* set;
    std::size_t checked, non_errors, errors;
    json non_agreement, correctable, both, neither;
    double error_percent;
};

}  // namespace

TEST_CASE("the program counts the votes on all ten sets as they were published")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    const auto at = [](json three, json four, json five)
    {
        return json{{"3", three}, {"4", four}, {"5", five}};
    };
    const json none = nullptr;
    const published_votes table[] = {
        {"mnist", 100, 85, 15, 2, at(10, 5, 2), none, 3, 0.15},
        {"cifar10", 275, 221, 54, 32, at(18, 7, 3), 0, 4, 0.54},
        {"cifar100", 2235, 1650, 585, 210, at(318, 158, 48), 20, 37, 5.85},
        {"caltech256", 2360, 1902, 458, 99, at(221, 118, 41), 115, 23, 1.54},
        {"imagenet", 5440, 2524, 2916, 598, at(1428, 960, 468), 597, 293, 5.83},
        {"quickdraw", 2500, 630, 1870, 563, at(1047, 614, 230), 20, 240, 10.12},
        {"20news", 93, 11, 82, 43, at(22, 8, 1), 12, 5, 1.09},
        {"imdb", 1310, 585, 725, 552, at(173, 63, 12), none, none, 2.90},
        {"amazon", 1000, 268, 732, 430, at(302, 77, 5), none, none, 3.90},
        {"audioset", 307, 32, 275, none, at(none, none, none), none, none, 1.35},
    };
    for (const auto& row : table)
    {
        CAPTURE(row.set);
        const json votes = result_of(call(*data, "votes", row.set));
        CHECK(votes["dataset"] == row.set);
        CHECK(votes["checked"] == row.checked);
        CHECK(votes["non_errors"] == row.non_errors);
        CHECK(votes["errors"] == row.errors);
        CHECK(votes["non_agreement"] == row.non_agreement);
        CHECK(votes["correctable"] == row.correctable);
        CHECK(votes["both"] == row.both);
        CHECK(votes["neither"] == row.neither);
        CHECK(votes["error_percent"].get<double>() == doctest::Approx(row.error_percent).epsilon(0.005));
    }
}

TEST_CASE("the program's decisions are as many as its votes say, for every set and policy")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    const tests::temporary_directory directory;
    const auto path = directory / "decisions.jsonl";
    for (const char* set : {"mnist", "cifar10", "caltech256", "quickdraw", "20news", "imdb", "amazon"})
    {
        CAPTURE(set);
        const json votes = result_of(call(*data, "votes", set));
        auto correct = call(*data, "correct", set);
        correct.insert(correct.end(), {"--consensus", "3", "--decisions", path.string()});
        const json made = result_of(correct);
        const json& decisions = made["decisions"];
        CHECK(decisions["keep"] == votes["non_errors"]);
        CHECK(decisions["relabel"] == votes["correctable"]["3"]);
        CHECK(decisions["no_agreement"] == votes["non_agreement"]);
        CHECK(decisions["both"] == (votes["both"].is_null() ? json(0) : votes["both"]));
        CHECK(decisions["neither"] == (votes["neither"].is_null() ? json(0) : votes["neither"]));
        CHECK(json::parse(tests::content_of(directory / "decisions.jsonl.json")) == made);

        std::size_t relabelled = 0;
        const auto lines = lines_of(path);
        CHECK(lines.size() == votes["checked"]);
        for (const auto& line : lines)
        {
            const bool corrected = line["decision"] == "relabel";
            CHECK(line["corrected_label"] == line[corrected ? "guessed_label" : "given_label"]);
            relabelled += corrected ? 1U : 0U;
        }
        CHECK(decisions["relabel"] == relabelled);
    }
}

TEST_CASE("the program writes corrected labels, the rows kept and their provenance")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    const tests::temporary_directory directory;
    const std::string labels_path = (directory / "labels.npy").string();
    const std::string kept_path = (directory / "kept.npy").string();
    const auto original =
        labelerrors::io::read_labels(*data / "label-errors/original_test_labels/cifar10_test_set_original_labels.npy");
    for (const std::string policy : {"3", "majority", "5", "unanimous"})
    {
        CAPTURE(policy);
        auto correct = call(*data, "correct", "cifar10");
        correct.insert(correct.end(), {"--consensus", policy, "--output", labels_path});
        const json made = result_of(correct);
        const bool three = policy == "3" || policy == "majority";
        CHECK(made["policy"] == (three ? "3 of 5" : "5 of 5"));
        CHECK(made["dataset"] == "cifar10");
        CHECK(made["library"].get<std::string>().starts_with("labelerrors "));
        CHECK(json::parse(tests::content_of(labels_path + ".json")) == made);
        const auto labels = labelerrors::io::read_labels(labels_path);
        REQUIRE(labels.size() == original.size());
        std::size_t changed = 0;
        for (std::size_t i = 0; i < labels.size(); ++i)
            changed += labels(i) != original(i) ? 1U : 0U;
        CHECK(changed == (three ? 18 : 3));

        correct.insert(correct.end(), {"--drop-unresolved", "--kept", kept_path});
        CHECK(result_of(correct)["kept"] == (three ? 9964 : 9810));
        const auto kept = labelerrors::io::read_labels(kept_path);
        CHECK(kept.size() == (three ? 9964 : 9810));
        CHECK(labelerrors::io::read_labels(labels_path).size() == kept.size());
        CHECK(std::filesystem::exists(kept_path + ".json"));
    }
}

TEST_CASE("with --multi-label examples that are both have two labels, those that are neither none")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    const tests::temporary_directory directory;
    auto correct = call(*data, "correct", "20news");
    correct.insert(correct.end(), {"--multi-label", "--output", (directory / "sets.npy").string()});
    const json made = result_of(correct);
    CHECK(made["both"] == "multi_label");
    const auto matrix = labelerrors::io::read_npy<std::uint8_t, 2>(directory / "sets.npy");
    REQUIRE(matrix.shape()[0] == 7532);
    REQUIRE(matrix.shape()[1] == 20);
    std::vector<std::size_t> rows_with(3);
    for (std::size_t i = 0; i < 7532; ++i)
    {
        std::size_t ones = 0;
        for (std::size_t j = 0; j < 20; ++j)
            ones += matrix(i, j);
        REQUIRE(ones < 3);
        ++rows_with[ones];
    }
    CHECK(rows_with == std::vector<std::size_t>{5, 7532 - 5 - 12, 12});
}

TEST_CASE("AudioSet's corrected label sets are a matrix of zeros and ones")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    const tests::temporary_directory directory;
    auto correct = call(*data, "correct", "audioset");
    correct.insert(correct.end(), {"--output", (directory / "sets.npy").string(), "--decisions",
                                   (directory / "decisions.jsonl").string()});
    CHECK(result_of(correct)["decisions"]["relabel"] == 275);
    const auto matrix = labelerrors::io::read_npy<std::uint8_t, 2>(directory / "sets.npy");
    CHECK(matrix.shape()[0] == 20371);
    CHECK(matrix.shape()[1] == 527);
    const auto lines = lines_of(directory / "decisions.jsonl");
    REQUIRE(lines.size() == 307);
    for (const auto& line : lines)
        for (const auto& label : line["corrected_label"])
            CHECK(matrix(line["index"].get<std::size_t>(), label.get<std::size_t>()) == 1);
    auto stricter = correct;
    stricter.insert(stricter.end(), {"--consensus", "5"});
    // What five of five agree on is less than what three do: a label that three or four heard stays.
    CHECK(result_of(stricter)["decisions"]["relabel"] < 275);
    for (const auto& line : lines_of(directory / "decisions.jsonl"))
        for (const auto& [label, votes] : line["votes"].items())
        {
            const auto has = [&, number = std::stoul(label)](const char* key)
            {
                return std::find(line[key].begin(), line[key].end(), number) != line[key].end();
            };
            CHECK(has("corrected_label") == (votes == 5 || (votes != 0 && has("given_label"))));
        }
    correct.push_back("--drop-unresolved");
    CHECK(tests::run(correct).status == 2);
}

TEST_CASE("labels that a set does not have are refused, and a stream gets no file beside it")
{
    const tests::temporary_directory directory;
    const auto root = directory / "original_test_labels";
    std::filesystem::create_directories(root);
    auto labels = xt::xtensor<std::int64_t, 1>::from_shape({10'000});
    labels.fill(3);
    const auto file = root / "cifar10_test_set_original_labels.npy";
    for (const std::int64_t wrong : {std::int64_t{10}, std::int64_t{-1}, std::int64_t{1'000'000'000'000}})
    {
        labels(9'999) = wrong;
        labelerrors::io::write_npy(file, labels);
        for (const auto& call :
             {tests::arguments{"item", "--dataset", "cifar10", "--root", (directory / "").string(), "--index", "9999"},
              tests::arguments{"correct", "--dataset", "cifar10", "--root", (directory / "").string(),
                               "--decisions-from", "none.jsonl", "--kept", (directory / "kept.npy").string()}})
            tests::check_refused(1, call, {file.string(), "0 to 9", "example 9999 is " + std::to_string(wrong)});
    }
    const auto own = directory.write("own.jsonl", "{\"index\":0,\"given_label\":0,\"decision\":\"drop\","
                                                  "\"corrected_label\":null}\n");
    labelerrors::io::write_npy(file, xt::xtensor<std::int64_t, 1>{0, 1});
    const auto ran =
        tests::run({"correct", "--labels", file.string(), "--decisions-from", own.string(), "--output", "/dev/null"});
    CHECK_MESSAGE(ran.status == 0, ran.err);
    CHECK(!std::filesystem::exists("/dev/null.json"));
    // What is asked for at standard output comes alone, into a pipe or a file.
    for (const std::string streamed : {"/dev/stdout", "/dev/fd/1"})
    {
        const auto alone = tests::run(
            {"correct", "--labels", file.string(), "--decisions-from", own.string(), "--output", streamed, "--drop"});
        CHECK_MESSAGE(alone.status == 0, alone.err);
        std::ofstream(directory / "alone.npy", std::ios::binary) << alone.out;
        CHECK(labelerrors::io::read_npy<std::int64_t, 1>(directory / "alone.npy") == xt::xtensor<std::int64_t, 1>{1});
        CHECK(!std::filesystem::exists(streamed + ".json"));
    }
    tests::check_refused(2,
                         {"correct", "--labels", file.string(), "--decisions-from", own.string(), "--output",
                          "/dev/stdout", "--kept", "/dev/stdout"},
                         {"--output and --kept both name /dev/stdout"});
}

TEST_CASE("where the decisions cannot be written no labels are")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    if (!std::filesystem::exists("/dev/full"))
        return tests::skip("no /dev/full");
    const tests::temporary_directory directory;
    for (const char* set : {"mnist", "audioset"})
    {
        auto correct = call(*data, "correct", set);
        correct.insert(correct.end(), {"--output", (directory / "labels.npy").string(), "--decisions", "/dev/full"});
        CHECK(tests::run(correct).status == 1);
        CHECK(directory.size() == 0);
    }
}

TEST_CASE("the program tells what a row is, and back")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    auto by_row = call(*data, "item", "imagenet");
    by_row.insert(by_row.end(), {"--index", "0"});
    const json found = result_of(by_row);
    CHECK(found["index"] == 0);
    CHECK(found["item"].get<std::string>().ends_with("ILSVRC2012_val_00000293.JPEG"));
    CHECK(found["given_label"] == 0);
    CHECK(found["given_name"] == "tench");
    auto by_item = call(*data, "item", "imagenet");
    by_item.insert(by_item.end(), {"--item", "ILSVRC2012_val_00000293.JPEG"});
    CHECK(result_of(by_item) == found);

    auto mnist = call(*data, "item", "mnist");
    mnist.insert(mnist.end(), {"--index", "2597"});
    const json digit = result_of(mnist);
    CHECK(digit["given_label"] == 5);
    CHECK(digit["suggested_label"] == 3);
    const auto table = tests::run(mnist, {"--format", "csv"}).out;
    CHECK(table.find("\nitem,t10k-images-idx3-ubyte:2597\n") != std::string::npos);
    CHECK(table.find("\ngiven_name,5\n") != std::string::npos);
    CHECK(tests::run(mnist, {"--format", "table"}).out.find("\ngiven_name       5\n") != std::string::npos);
    for (const auto& timed : {mnist, call(*data, "votes", "mnist")})
    {
        const auto timing = tests::timing_of(timed);
        CHECK(timing["seconds"].contains("reading"));
#ifdef __linux__
        CHECK(timing["bytes_read"] > 10'000);
#endif
    }
    const auto with = [](tests::arguments all, const std::string& distribution)
    {
        all.insert(all.end(), {"--distribution", distribution});
        return all;
    };
    const auto images = *data / "raw" / "mnist" / "t10k-images-idx3-ubyte.gz";
    if (std::filesystem::exists(images))
        for (const auto& where : {images, images.parent_path(), images.parent_path().parent_path()})
            CHECK(result_of(with(mnist, where.string()))["location"] ==
                  images.string() + ", number 2597 in it, from 0");
    tests::check_refused(1, with(mnist, "/nosuch"), {"/nosuch/t10k-images-idx3-ubyte", "no such file"});
    tests::check_refused(1, with(by_row, "/nosuch"), {"/nosuch/val/", "ILSVRC2012_val_00000293.JPEG", "leave it out"});
    tests::check_refused(1, {"item", "--dataset", "mnist", "--root", "/nosuch", "--index", "0"},
                         {"/nosuch: there is no such folder"});
    mnist.back() = "-1";
    CHECK(tests::run(mnist).status == 2);
    mnist.back() = "10000";
    const auto beyond = tests::run(mnist);
    CHECK(beyond.status == 1);
    CHECK(tests::is_one_line(beyond.err));
    CHECK(beyond.err.find("10000") != std::string::npos);
}

TEST_CASE("the program lists the ten sets and which of their files are there")
{
    const tests::temporary_directory directory;
    const json empty = result_of({"datasets", "--root", (directory / "").string()});
    REQUIRE(empty.size() == 10);
    for (const auto& set : empty)
        for (const auto& file : set["present"].items())
            CHECK_MESSAGE((file.value().is_null() || file.value() == false), set["name"], file.key());
    CHECK(tests::timing_of({"datasets", "--root", (directory / "").string()})["seconds"].contains("listing"));
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    const json listed = result_of({"datasets", "--root", (*data / "label-errors").string()});
    CHECK(listed[0]["name"] == "mnist");
    CHECK(listed[0]["present"]["pred_probs"] == true);
    CHECK(listed[4]["name"] == "imagenet");
    CHECK(listed[4]["present"]["pred_probs"] == false);
    CHECK(listed[4]["present"]["votes"] == true);
}

TEST_CASE("a missing file of a set is named with where it was sought and how to get it, and nothing is written")
{
    const tests::temporary_directory directory;
    const auto output = directory / "labels.npy";
    const auto ran =
        tests::run({"correct", "--dataset", "mnist", "--root", (directory / "").string(), "--output", output.string()});
    CHECK(ran.status == 1);
    CHECK(tests::is_one_line(ran.err));
    CHECK(ran.err.find("mnist_test_set_original_labels.npy") != std::string::npos);
    CHECK(ran.err.find("git clone") != std::string::npos);
    CHECK(!std::filesystem::exists(output));
    CHECK(!std::filesystem::exists(output.string() + ".json"));
    CHECK(tests::run({"votes", "--dataset", "svhn", "--root", "."}).status == 2);
    CHECK(tests::run({"correct", "--dataset", "mnist", "--root", "."}).status == 2);
}

#endif
