// labelerrors report, and correct --decisions-from, which applies what its page exports.
#include "io/pickled_bytes.hpp"
#include "run_program.hpp"
#include "support/data.hpp"
#include "support/new_throws.hpp"
#include <labelerrors/io/read_labels.hpp>
#include <labelerrors/io/read_npy.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#ifdef LABELERRORS_PROGRAM

namespace
{

using tests::arguments;
using tests::case_files;
using tests::json;

/// Four of twelve examples of three classes are given another label than the one that their probabilities speak for.
[[nodiscard]] tests::small_case wrong_case()
{
    tests::small_case made{xt::xtensor<int, 1>::from_shape({12}), xt::xtensor<double, 2>::from_shape({12, 3})};
    for (std::size_t i = 0; i < 12; ++i)
    {
        const std::size_t truth = i % 3;
        made.labels(i) = static_cast<int>(i % 4 == 3 ? (truth + 1) % 3 : truth);
        for (std::size_t c = 0; c < 3; ++c)
            made.pred_probs(i, c) = c == truth ? 0.75 : 0.125;
    }
    return made;
}

/// What a page shows, as its script reads it.
[[nodiscard]] json data_of(const std::filesystem::path& path)
{
    const std::string html = tests::content_of(path);
    const std::string before = "<script type=\"application/json\" id=\"run\">";
    const auto begin = html.find(before);
    REQUIRE(begin != std::string::npos);
    return json::parse(html.substr(begin + before.size(), html.find("</script>", begin) - begin - before.size()));
}

/// Runs what must fail, with one line that begins so.
void check_failure(const arguments& given, int status, const std::string& beginning)
{
    const auto ran = tests::run(given);
    CAPTURE(ran.err);
    CHECK(ran.status == status);
    CHECK(ran.out.empty());
    CHECK(tests::is_one_line(ran.err));
    CHECK(ran.err.starts_with("labelerrors: error: " + beginning));
}

/// Labels that the program wrote, as a list.
[[nodiscard]] std::vector<std::int64_t> labels_in(const std::filesystem::path& path)
{
    const auto labels = labelerrors::io::read_labels(path);
    return {labels.begin(), labels.end()};
}

}  // namespace

TEST_CASE("a page of a run shows the issues that find finds")
{
    const case_files files(wrong_case());
    const auto page = files.directory / "page.html";
    const arguments filter{"--filter-by", "predicted_neq_given", "--rank-by", "normalized_margin"};
    const auto found = json::parse(tests::run(files.call("find"), filter).out);
    auto report = files.call("report");
    report.insert(report.end(), filter.begin(), filter.end());
    report.insert(report.end(), {"--output", page.string()});
    const auto ran = tests::run(report);
    CHECK_MESSAGE(ran.status == 0, ran.err);
    CHECK(ran.out.empty());
    CHECK(ran.err.empty());
    const auto data = data_of(page);
    CHECK(data["title"] == "Label errors");
    CHECK(data["n"] == 12);
    CHECK(data["k"] == 3);
    REQUIRE(found["issues"].size() == 3);
    for (std::size_t i = 0; i < 3; ++i)
    {
        CHECK(data["index"][i] == found["issues"][i]["index"]);
        CHECK(data["given"][i] == found["issues"][i]["given_label"]);
        CHECK(data["suggested"][i] == found["issues"][i]["suggested_label"]);
        CHECK(data["score"][i] == found["issues"][i]["score"]);
    }
    const auto health = json::parse(tests::run(files.call("health")).out);
    CHECK(data["health"]["score"] == health["overall_label_health_score"]);
    CHECK(data["health"]["classes"].size() == 3);

    const auto bytes = tests::content_of(page);
    CHECK(tests::run(report, {"--threads", "1"}).status == 0);
    CHECK(tests::content_of(page) == bytes);
    CHECK(tests::run(report, {"--top", "1", "--title", "A title"}).status == 0);
    CHECK(data_of(page)["index"] == json::array({found["issues"][0]["index"]}));
    CHECK(data_of(page)["found"] == 3);
    CHECK(data_of(page)["title"] == "A title");
    check_failure({"report", "--dataset", "mnist", "--root", ".", "--softmax", "--output", page.string()}, 2,
                  "--softmax makes no sense with --dataset");
    auto sets = report;
    sets.insert(sets.end(), {"--multi-label", "--softmax"});
    check_failure(sets, 2, "--softmax has no meaning with --multi-label");
    const auto timed = tests::run(report, {"--timing"});
    CHECK(json::parse(timed.err)["seconds"].contains("writing"));
}

TEST_CASE("the examples of a run are images, texts, files or addresses")
{
    const case_files files(wrong_case());
    const auto page = files.directory / "page.html";
    auto report = files.call("report");
    report.insert(report.end(), {"--filter-by", "predicted_neq_given", "--output", page.string()});

    xt::xtensor<std::uint8_t, 3> images = xt::zeros<std::uint8_t>({12, 2, 2});
    labelerrors::io::write_npy(files.directory / "images.npy", images);
    CHECK(tests::run(report, {"--images", (files.directory / "images.npy").string()}).status == 0);
    auto data = data_of(page);
    CHECK(data["kind"] == json{"image", "image", "image"});
    CHECK(data["item"][0] == "images.npy:" + std::to_string(data["index"][0].get<int>()));
    CHECK(data["content"][0].get<std::string>().starts_with("iVBORw0KGgo"));

    std::string lines;
    for (int i = 0; i < 12; ++i)
        lines += "text " + std::to_string(i) + "\r\n";
    const auto texts = files.directory.write("texts.txt", lines).string();
    CHECK(tests::run(report, {"--texts", texts}).status == 0);
    data = data_of(page);
    CHECK(data["kind"][0] == "text");
    CHECK(data["content"][0] == "text " + std::to_string(data["index"][0].get<int>()));

    const auto picture = files.directory.write("a.gif", "GIF89a").string();
    const auto list =
        files.directory
            .write("list.txt", "x\nx\nx\n" + picture + "\nx\nx\nx\nHTTPS://example.com/7\nx\nx\nx\n" + texts + "\n")
            .string();
    const auto listed = tests::run(report, {"--items", list});
    CHECK(listed.status == 0);
    CHECK(listed.err.empty());
    data = data_of(page);
    CHECK(data["index"] == json{3, 7, 11});
    CHECK(data["kind"] == json{"image", "address", "text"});
    CHECK(data["content"] == json{"R0lGODlh", "HTTPS://example.com/7", lines});
    CHECK(tests::run(report, {"--items", list, "--images-as", "link"}).status == 0);
    CHECK(data_of(page)["kind"] == json{"link", "address", "text"});
    // What is not there is said at once, not found out on the page.
    const auto absent =
        files.directory.write("absent.txt", "x\nx\nx\n" + picture + ".no\n7\n7\n7\n7\n7\n7\n7\n7\n").string();
    const auto noted = tests::run(report, {"--items", absent});
    CHECK(noted.status == 0);
    CHECK(noted.err == "labelerrors: note: 3 of the 3 examples are without a picture or text; the first, " + picture +
                           ".no: Not shown: there is no such file.\n");

    const auto svg = files.directory.write("f.svg", "<svg><title>A figure</title></svg>").string();
    CHECK(tests::run(report, {"--figure", svg, svg}).status == 0);
    CHECK(data_of(page)["figures"].size() == 2);
    CHECK(data_of(page)["figures"][0][0] == "A figure");
}

TEST_CASE("report refuses what makes no sense and leaves the page as it was")
{
    const case_files files(wrong_case());
    const auto page = files.directory.write("page.html", "as it was").string();
    auto report = files.call("report");
    report.insert(report.end(), {"--output", page});
    const auto with = [&](const arguments& more)
    {
        auto given = report;
        given.insert(given.end(), more.begin(), more.end());
        return given;
    };
    const std::string few = files.directory.write("few.txt", "a\nb\n").string();
    check_failure({"report", "--output", page}, 2, "--labels is needed");
    check_failure({"report", "--labels", files.labels, "--output", page}, 2, "--pred-probs is needed");
    check_failure(files.call("report"), 2, "--output is required");
    check_failure(with({"--root", "."}), 2, "--root needs --dataset");
    check_failure(with({"--consensus", "3"}), 2, "--consensus needs --dataset");
    check_failure({"report", "--dataset", "mnist", "--output", page}, 2, "--root is needed");
    check_failure(with({"--dataset", "mnist", "--root", "."}), 2, "--labels makes no sense with --dataset");
    check_failure(with({"--texts", few, "--items", few}), 2, "--images, --texts and --items exclude each other");
    check_failure(with({"--texts", few, "--images-as", "link"}), 2, "--images-as link needs --items");
    for (const char* set : {"mnist", "imdb", "imagenet"})
        check_failure({"report", "--dataset", set, "--root", ".", "--output", page, "--images-as", "link"}, 2,
                      "--images-as link needs --distribution, and a set whose images are files");
    check_failure(
        {"report", "--dataset", "imdb", "--root", ".", "--output", page, "--images-as", "link", "--distribution", "."},
        2, "--images-as link needs --distribution, and a set whose images are files");
    for (const arguments& of_audioset : {arguments{"report", "--output", page}, arguments{"item", "--index", "0"}})
    {
        auto given = of_audioset;
        given.insert(given.end(), {"--dataset", "audioset", "--root", ".", "--distribution", "."});
        check_failure(given, 2, "--distribution has no meaning for audioset: its items are addresses");
    }
    check_failure(with({"--texts", few}), 1, few + ": has 2 lines, but there are 12 labels");
    check_failure(with({"--texts", few + ".no"}), 1, few + ".no: cannot be opened");
    check_failure(with({"--images", few}), 1, few + ": byte ");
    check_failure(with({"--figure", few}), 1, few + ": is no SVG");
    check_failure(with({"--class-names", few}), 1, few + ": byte 4: has 2 names for 3 classes");
    check_failure({"report", "--dataset", "mnist", "--root", (files.directory / "").string(), "--output", page}, 1,
                  (files.directory / "").string());
    CHECK(tests::content_of(page) == "as it was");
    auto nowhere = files.call("report");
    nowhere.insert(nowhere.end(), {"--output", page + "/no/page.html"});
    check_failure(nowhere, 1, page + "/no/page.html: cannot be written");
}

TEST_CASE("the page of MNIST shows the digit in row 2597, given 5, suggested 3")
{
    const auto data_dir = tests::data_dir();
    if (!data_dir)
        return tests::skip("no LABELERRORS_DATA_DIR");
    const tests::temporary_directory directory;
    const auto page = directory / "page.html";
    arguments report{"report",   "--dataset",  "mnist", "--root", (*data_dir / "label-errors").string(),
                     "--output", page.string()};
    const bool has_images = std::filesystem::exists(*data_dir / "raw" / "mnist");
    if (has_images)
        report.insert(report.end(), {"--distribution", (*data_dir / "raw" / "mnist").string()});
    const auto ran = tests::run(report);
    CHECK_MESSAGE(ran.status == 0, ran.err);
    const auto data = data_of(page);
    CHECK(data["title"] == "Label errors in MNIST");
    CHECK(data["index"].size() == 100);
    // It is the most severe.
    CHECK(data["index"][0] == 2597);
    CHECK(data["given"][0] == 5);
    CHECK(data["suggested"][0] == 3);
    CHECK(data["item"][0] == "t10k-images-idx3-ubyte:2597");
    CHECK(data["votes"][0] == json{0, 4, 0, 1, 0, 0, 0});
    CHECK(data["decision"][0] == 1);
    CHECK(data["kind"][0] == (has_images ? "image" : "absent"));
    CHECK(tests::run(report, {"--consensus", "5"}).status == 0);
    CHECK(data_of(page)["decision"][0] == 4);
}

TEST_CASE("a page without votes takes no --consensus")
{
    const auto data_dir = tests::data_dir();
    if (!data_dir)
        return tests::skip("no LABELERRORS_DATA_DIR");
    const tests::temporary_directory directory;
    for (const char* folder : {"original_test_labels", "cross_validated_predicted_probabilities"})
        std::filesystem::create_symlink(*data_dir / "label-errors" / folder, directory / folder);
    const auto page = (directory / "page.html").string();
    const arguments report{"report", "--dataset", "mnist", "--root", (directory / "").string(), "--output", page};
    CHECK(tests::run(report).status == 0);
    std::filesystem::remove(page);
    check_failure(
        {"report", "--dataset", "mnist", "--root", (directory / "").string(), "--output", page, "--consensus", "5"}, 2,
        "--consensus needs votes, and those on MNIST are not there");
    CHECK(!std::filesystem::exists(page));
}

TEST_CASE("every published set has a page, with its votes and where its items are")
{
    const auto data_dir = tests::data_dir();
    if (!data_dir)
        return tests::skip("no LABELERRORS_DATA_DIR");
    const tests::temporary_directory directory;
    const auto page = directory / "page.html";
    const std::vector<std::pair<std::string, std::size_t>> sets{
        {"cifar10", 275}, {"cifar100", 2235}, {"caltech256", 2360}, {"imagenet", 5440}, {"quickdraw", 2500},
        {"20news", 93},   {"imdb", 1310},     {"amazon", 1000},     {"audioset", 307}};
    for (const auto& one : sets)
    {
        const std::string& set = one.first;
        CAPTURE(set);
        const auto ran = tests::run({"report", "--dataset", set, "--root", (*data_dir / "label-errors").string(),
                                     "--output", page.string(), "--timing"});
        CHECK_MESSAGE(ran.status == 0, ran.err);
#ifdef __linux__
        CHECK(json::parse(ran.err)["bytes_read"] > 10'000);
#endif
        const auto data = data_of(page);
        std::size_t voted = 0;
        for (std::size_t i = 0; i < data["votes"].size(); ++i)
        {
            voted += data["votes"][i].is_null() ? 0U : 1U;
            CHECK(data["item"][i] != "");
        }
        CHECK(voted == one.second);
        CHECK(data["sets"] == (set == "audioset"));
        CHECK(data["kind"][0] == (set == "audioset" ? "address" : "absent"));
    }
}

TEST_CASE("correct applies one's own decisions")
{
    const case_files files(wrong_case());
    const auto output = files.directory / "corrected.npy";
    const auto kept = files.directory / "kept.npy";
    const auto own =
        files.directory
            .write("own.jsonl",
                   "{\"index\":3,\"item\":\"a\",\"given_label\":1,\"decision\":\"relabel\","
                   "\"corrected_label\":0}\n"
                   "{\"index\":7,\"item\":\"b\",\"given_label\":2,\"decision\":\"keep\",\"corrected_label\":2}\n"
                   "{\"index\":11,\"item\":\"c\",\"given_label\":0,\"decision\":\"drop\","
                   "\"corrected_label\":null}\n")
            .string();
    const arguments correct{"correct", "--labels", files.labels, "--decisions-from", own, "--output", output.string()};
    auto expected = labels_in(files.labels);
    expected[3] = 0;
    const auto ran = tests::run(correct);
    CHECK_MESSAGE(ran.status == 0, ran.err);
    CHECK(labels_in(output) == expected);
    const auto made = json::parse(ran.out);
    CHECK(made["n"] == 12);
    CHECK(made["kept"] == 12);
    CHECK(made["decisions"] == json{{"keep", 1}, {"relabel", 1}, {"drop", 1}});
    CHECK(json::parse(tests::content_of(output.string() + ".json")) == made);
    CHECK(tests::timing_of(correct)["seconds"].contains("correction"));
    const auto csv = tests::run(correct, {"--format", "csv"}).out;
    CHECK(csv.starts_with("name,value\nn,12\nkept,12\ndecisions.keep,1\ndecisions.relabel,1\ndecisions.drop,1\n"));
    CHECK(tests::run(correct, {"--format", "table"}).out.find("\ndecisions.relabel  1\n") != std::string::npos);

    CHECK(json::parse(tests::run(correct, {"--drop", "--kept", kept.string()}).out)["kept"] == 11);
    expected.pop_back();
    CHECK(labels_in(output) == expected);
    CHECK(labels_in(kept) == std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10});

    // A class that no label is of takes --num-classes.
    const auto fourth =
        files.directory
            .write("fourth.jsonl", "\n{\"index\":3,\"given_label\":1,\"decision\":\"relabel\",\"corrected_label\":3}\n")
            .string();
    const arguments beyond{"correct", "--labels", files.labels,   "--decisions-from",
                           fourth,    "--output", output.string()};
    check_failure(beyond, 1, fourth + ": byte 1: line 2: corrected_label must be below the 3 classes, but is 3");
    CHECK(labels_in(output) == expected);
    CHECK(tests::run(beyond, {"--num-classes", "4"}).status == 0);
    CHECK(labels_in(output)[3] == 3);
}

TEST_CASE("sets of labels have a page, and own decisions correct them")
{
    // 1 of 12 examples has a class that its probabilities speak against, 1 lacks one that they speak for.
    const tests::temporary_directory directory;
    xt::xtensor<std::uint8_t, 2> labels = xt::zeros<std::uint8_t>({12, 3});
    auto probs = xt::xtensor<double, 2>::from_shape({12, 3});
    for (std::size_t i = 0; i < 12; ++i)
        for (std::size_t c = 0; c < 3; ++c)
        {
            labels(i, c) = (i + c) % 2 == 0 ? 1 : 0;
            probs(i, c) = labels(i, c) == 1 ? 0.875 : 0.125;
        }
    labels(4, 1) = 1;
    labels(7, 1) = 0;
    labelerrors::io::write_npy(directory / "labels.npy", labels);
    labelerrors::io::write_npy(directory / "probs.npy", probs);
    const auto given = (directory / "labels.npy").string();
    const auto page = directory / "page.html";
    const auto ran =
        tests::run({"report", "--multi-label", "--labels", given, "--pred-probs", (directory / "probs.npy").string(),
                    "--filter-by", "predicted_neq_given", "--output", page.string()});
    CHECK_MESSAGE(ran.status == 0, ran.err);
    const auto data = data_of(page);
    CHECK(data["sets"] == true);
    std::map<std::size_t, json> suggested;
    for (std::size_t i = 0; i < data["index"].size(); ++i)
        suggested[data["index"][i]] = data["suggested"][i];
    CHECK(suggested == std::map<std::size_t, json>{{4, json{0, 2}}, {7, json::array({1})}});

    const auto own =
        directory
            .write("own.jsonl",
                   "{\"index\":4,\"given_label\":[0,1,2],\"decision\":\"relabel\",\"corrected_label\":[0,2]}\n"
                   "{\"index\":7,\"given_label\":[],\"decision\":\"drop\",\"corrected_label\":null}\n")
            .string();
    const auto output = directory / "corrected.npy";
    const auto corrected = tests::run({"correct", "--multi-label", "--labels", given, "--decisions-from", own, "--drop",
                                       "--output", output.string()});
    CHECK_MESSAGE(corrected.status == 0, corrected.err);
    const auto matrix = labelerrors::io::read_npy<std::uint8_t, 2>(output);
    REQUIRE(matrix.shape() == std::array<std::size_t, 2>{11, 3});
    labels(4, 1) = 0;
    for (std::size_t i = 0; i < 11; ++i)
        for (std::size_t c = 0; c < 3; ++c)
            CHECK(matrix(i, c) == labels(i < 7 ? i : i + 1, c));
    check_failure({"correct", "--multi-label", "--labels", given, "--num-classes", "2", "--decisions-from", own,
                   "--output", output.string()},
                  1, given + ": has 3 columns, a class each, which is more than --num-classes 2");
    // A label of billions does not make as many columns.
    const auto wild = directory.write("wild.pkl", tests::from_hex(tests::ints_protocol_4)).string();
    check_failure({"correct", "--multi-label", "--labels", wild, "--decisions-from", own, "--output", output.string()},
                  1, wild + ": has the label 2147483648, but only 5 labels; say with --num-classes how many");
    // Nor do more classes than there can be columns end in no memory at all.
    check_failure({"correct", "--multi-label", "--labels", given, "--num-classes", "4611686018427387904",
                   "--decisions-from", own, "--output", output.string()},
                  1,
                  given + ": num_classes is 4611686018427387904, and a matrix of 12 rows cannot have so many columns");
#if LABELERRORS_NEW_THROWS
    check_failure({"correct", "--multi-label", "--labels", given, "--num-classes", "100000000000000",
                   "--decisions-from", own, "--output", output.string()},
                  1, "out of memory; close other programs");
#endif
}

TEST_CASE("correct applies one's own decisions to AudioSet's sets of labels")
{
    const auto data_dir = tests::data_dir();
    if (!data_dir)
        return tests::skip("no LABELERRORS_DATA_DIR");
    const tests::temporary_directory directory;
    const auto root = (*data_dir / "label-errors").string();
    const auto page = directory / "page.html";
    REQUIRE(tests::run({"report", "--dataset", "audioset", "--root", root, "--output", page.string()}).status == 0);
    const auto data = data_of(page);
    const std::size_t row = data["index"][0];
    const json line{{"index", row},
                    {"given_label", data["given"][0]},
                    {"decision", "relabel"},
                    {"corrected_label", data["suggested"][0]}};
    const auto own = directory.write("own.jsonl", line.dump() + "\n").string();
    const auto output = directory / "corrected.npy";
    const auto ran = tests::run(
        {"correct", "--dataset", "audioset", "--root", root, "--decisions-from", own, "--output", output.string()});
    CHECK_MESSAGE(ran.status == 0, ran.err);
    const auto matrix = labelerrors::io::read_npy<std::uint8_t, 2>(output);
    REQUIRE(matrix.shape() == std::array<std::size_t, 2>{20371, 527});
    std::vector<std::size_t> labels;
    for (std::size_t label = 0; label < 527; ++label)
        if (matrix(row, label) == 1)
            labels.push_back(label);
    auto expected = data["suggested"][0].get<std::vector<std::size_t>>();
    std::sort(expected.begin(), expected.end());
    CHECK(labels == expected);
}

TEST_CASE("correct refuses decisions and options that do not belong together")
{
    const case_files files(wrong_case());
    const std::string own = files.directory.write("own.jsonl", "").string();
    const std::string output = (files.directory / "c.npy").string();
    const arguments correct{"correct", "--labels", files.labels, "--decisions-from", own};
    const auto with = [&](const arguments& more)
    {
        auto given = correct;
        given.insert(given.end(), more.begin(), more.end());
        return given;
    };
    check_failure(correct, 2, "--output FILE.npy or --kept FILE.npy is needed");
    check_failure({"correct", "--decisions-from", own, "--output", output}, 2,
                  "--decisions-from needs either --labels");
    check_failure(with({"--dataset", "mnist", "--root", ".", "--output", output}), 2,
                  "--labels and --dataset exclude each other");
    check_failure({"correct", "--dataset", "mnist", "--decisions-from", own, "--output", output}, 2,
                  "--dataset and --root are needed together");
    const std::string decisions = (files.directory / "d.jsonl").string();
    for (const arguments& about_votes :
         {arguments{"--consensus", "3"}, arguments{"--decisions", decisions}, arguments{"--drop-unresolved"}})
        check_failure(with(about_votes), 2, about_votes.front() + " is about votes");
    check_failure({"correct", "--labels", files.labels, "--output", output}, 2, "--labels needs --decisions-from");
    check_failure({"correct", "--output", output}, 2, "--dataset is required");
    check_failure(with({"--output", output, "--decisions-from", own + ".no"}), 2, "--decisions-from");
    check_failure(with({"--output", own + ".csv"}), 2, "--output " + own + ".csv would hold a .npy; name it .npy");
    CHECK_FALSE(std::filesystem::exists(output));
}

#endif
