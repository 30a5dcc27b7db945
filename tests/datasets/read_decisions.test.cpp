#include "io/temporary_directory.hpp"
#include <labelerrors/datasets/read_decisions.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

using namespace labelerrors::datasets;
using labelerrors::format_error;
using labelerrors::io_error;
using labelerrors::corrections::own_decision;

namespace
{

const std::vector<std::int64_t> labels{0, 1, 2, 0, 1};

[[nodiscard]] auto read(const std::string& text)
{
    const tests::temporary_directory directory;
    return read_decisions(directory.write("d.jsonl", text), labels, 3);
}

/// What is said about a file, behind its name.
[[nodiscard]] std::string problem_of(const std::string& text)
{
    try
    {
        static_cast<void>(read(text));
    }
    catch (const format_error& error)
    {
        const std::string message = error.what();
        return message.substr(message.find("d.jsonl: ") + 9);
    }
    return {};
}

}  // namespace

TEST_CASE("decisions are read from lines of JSON")
{
    const auto decided =
        read("{\"index\":3,\"item\":\"\xc3\xbc</"
             "script>\",\"given_label\":0,\"decision\":\"relabel\",\"corrected_label\":2}\r\n"
             "\n"
             "{\"decision\":\"drop\",\"given_label\":1,\"index\":1,\"corrected_label\":null,\"more\":[[1]]}\n"
             "{\"index\":2,\"given_label\":2,\"decision\":\"keep\"}");
    REQUIRE(decided.size() == 3);
    CHECK(decided[0].row == 3);
    CHECK(decided[0].decision == own_decision::relabel);
    CHECK(decided[0].corrected_label == 2);
    CHECK(decided[1].row == 1);
    CHECK(decided[1].decision == own_decision::drop);
    CHECK(decided[2].given_label == 2);
    CHECK(decided[2].corrected_label == 2);
    CHECK(read("").empty());
}

TEST_CASE("a byte order mark before the first line is no part of it, and that of UTF-16 is refused")
{
    const std::string decision = "{\"index\":0,\"given_label\":0,\"decision\":\"drop\"}\n";
    for (const std::string before : {"\xef\xbb\xbf", "\xef\xbb\xbf\n", "\xef\xbb\xbf\r\n"})
        CHECK(read(before + decision).size() == 1);
    CHECK(problem_of("\xff\xfe{") == "byte 0: the text is in UTF-16 or UTF-32; save it as UTF-8");
}

TEST_CASE("a line that is no decision about the labels is refused with its number and its byte")
{
    const std::string good = "{\"index\":0,\"given_label\":0,\"decision\":\"drop\"}\n";
    REQUIRE(good.size() == 46);
    const std::vector<std::pair<std::string, std::string>> cases{
        {"nonsense", "is not JSON; each line must be an object such as the page of errors exports"},
        {"[1]", "must be an object of JSON, but is a JSON array"},
        {"{\"index\":1,\"given_label\":1}", "has no 'decision'"},
        {"{\"index\":1,\"given_label\":1,\"decision\":\"both\"}",
         "decision must be keep, relabel or drop, but is 'both'"},
        {"{\"index\":1,\"given_label\":1,\"decision\":1}",
         "decision must be keep, relabel or drop, but is a JSON number"},
        {"{\"index\":-1,\"given_label\":1,\"decision\":\"keep\"}",
         "index must be a number from 0, without a fraction, but is '-1'"},
        {"{\"index\":1.5,\"given_label\":1,\"decision\":\"keep\"}",
         "index must be a number from 0, without a fraction, but is '1.5'"},
        {"{\"index\":5,\"given_label\":1,\"decision\":\"keep\"}", "index must be below the 5 labels, but is 5"},
        {"{\"index\":1,\"given_label\":2,\"decision\":\"keep\"}",
         "given_label must be the label at row 1, 1, but is 2: this decision belongs to other labels"},
        {"{\"index\":1,\"given_label\":1,\"decision\":\"relabel\"}", "has no 'corrected_label'"},
        {"{\"index\":1,\"given_label\":1,\"decision\":\"relabel\",\"corrected_label\":3}",
         "corrected_label must be below the 3 classes, but is 3"},
        {"{\"index\":1,\"given_label\":1,\"decision\":\"relabel\",\"corrected_label\":[0]}",
         "corrected_label must be a number from 0, without a fraction, but is '[0]'"},
        {"{\"index\":0,\"given_label\":0,\"decision\":\"keep\"}",
         "row 0 is decided in line 1 already; give one decision for each row"},
        {std::string(100000, '['), "is nested deeper than any decision"},
        {"{\"a\":\"" + std::string(2000000, 'a') + "\"}", "has 2000008 bytes, more than any decision"},
    };
    for (const auto& [line, problem] : cases)
        CHECK(problem_of(good + line + "\n") == "byte 46: line 2: " + problem);
    CHECK_THROWS_AS(read_decisions("/no/such/file", labels, 3), io_error);
}

TEST_CASE("what was decided how often is told as JSON")
{
    const labelerrors::corrections::applied_decisions applied{{0, 1}, {0, 1}, 3, 2, 1};
    const auto made = to_json(applied, 3);
    CHECK(made["n"] == 3);
    CHECK(made["kept"] == 2);
    CHECK(made["decisions"].dump() == "{\"keep\":3,\"relabel\":2,\"drop\":1}");
    CHECK(made["library"] == library_version());
}

TEST_CASE("decisions about sets of labels have lists of them")
{
    const tests::temporary_directory directory;
    const std::vector<std::vector<std::size_t>> sets{{2, 0}, {1}};
    const auto read_sets = [&](const std::string& text)
    {
        return read_decisions(directory.write("d.jsonl", text), sets, 3);
    };
    const auto decided =
        read_sets("{\"index\":0,\"given_label\":[0,2],\"decision\":\"relabel\",\"corrected_label\":[]}\n"
                  "{\"index\":1,\"given_label\":[1],\"decision\":\"keep\",\"corrected_label\":[1]}\n");
    REQUIRE(decided.size() == 2);
    CHECK(decided[0].corrected_labels.empty());
    CHECK(decided[1].given_labels == std::vector<std::size_t>{1});
    const auto path = (directory / "d.jsonl").string();
    CHECK_THROWS_WITH_AS(
        read_sets("{\"index\":1,\"given_label\":1,\"decision\":\"drop\"}"),
        (path + ": byte 0: line 1: given_label must be a list of labels, but is a JSON number").c_str(), format_error);
    CHECK_THROWS_AS(read_sets("{\"index\":1,\"given_label\":[-1],\"decision\":\"drop\"}"), format_error);
    CHECK_THROWS_AS(read_sets("{\"index\":1,\"given_label\":[0],\"decision\":\"drop\"}"), format_error);
}
