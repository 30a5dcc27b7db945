#include "io/temporary_directory.hpp"
#include <labelerrors/report/write_page.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace labelerrors::report;
using labelerrors::io_error;
using labelerrors::shape_error;
using labelerrors::value_error;

namespace
{

/// Two issues of five examples of three classes.
[[nodiscard]] page small_page()
{
    page shown;
    shown.title = "Small";
    shown.num_examples = 5;
    shown.num_classes = 3;
    shown.issues.push_back({.index = 4, .given_labels = {0}, .suggested_labels = {2}, .score = 0.125});
    shown.issues.push_back({.index = 1, .given_labels = {1}, .suggested_labels = {0}});
    return shown;
}

[[nodiscard]] std::string written(const page& shown)
{
    const tests::temporary_directory directory;
    write_page(directory / "page.html", shown);
    CHECK(directory.size() == 1);
    return tests::content_of(directory / "page.html");
}

/// What stands between two texts that are there once.
[[nodiscard]] std::string between(const std::string& text, const std::string& before, const std::string& after)
{
    const auto begin = text.find(before);
    REQUIRE(begin != std::string::npos);
    CHECK(text.find(before, begin + 1) == std::string::npos);
    const auto end = text.find(after, begin + before.size());
    REQUIRE(end != std::string::npos);
    return text.substr(begin + before.size(), end - begin - before.size());
}

[[nodiscard]] std::string data_text(const std::string& html)
{
    return between(html, "<script type=\"application/json\" id=\"run\">", "</script>");
}

[[nodiscard]] nlohmann::json data_of(const page& shown)
{
    return nlohmann::json::parse(data_text(written(shown)));
}

[[nodiscard]] bool contains(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

}  // namespace

TEST_CASE("SHA-256 and base 64 give the digests of their standards")
{
    const auto hex = [](const std::string& bytes)
    {
        std::string text;
        for (const char c : bytes)
            for (const int shift : {4, 0})
                text += "0123456789abcdef"[static_cast<unsigned char>(c) >> shift & 15];
        return text;
    };
    CHECK(hex(sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(hex(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")) ==
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    CHECK(hex(sha256(std::string(1000000, 'a'))) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    const std::vector<std::pair<std::string, std::string>> cases{{"", ""},
                                                                 {"f", "Zg=="},
                                                                 {"fo", "Zm8="},
                                                                 {"foo", "Zm9v"},
                                                                 {"foob", "Zm9vYg=="},
                                                                 {"fooba", "Zm9vYmE="},
                                                                 {"foobar", "Zm9vYmFy"},
                                                                 {std::string("\0\xff\xfe", 3), "AP/+"}};
    for (const auto& [bytes, text] : cases)
        CHECK(base64(bytes) == text);
}

TEST_CASE("a page holds a column for each property of its issues")
{
    page shown = small_page();
    shown.issues[0].item = {.name = "a.txt", .kind = item_kind::text, .content = "text", .location = "x/a.txt"};
    shown.issues[0].review = page_review{{.given = 1, .guessed = 3, .neither = 1}, {}, {}};
    shown.issues[0].review->decision = labelerrors::consensus::decision::relabel;
    shown.issues[1].item.note = "absent";
    shown.label_health = 0.5;
    shown.classes.push_back({.class_index = 2, .label_issues = 4, .label_quality_score = 0.25});
    shown.facts.push_back({"Seen", "7", "more"});
    shown.figures.push_back({"Figure", "<svg/>"});
    const auto data = data_of(shown);
    CHECK(data["title"] == "Small");
    CHECK(data["n"] == 5);
    CHECK(data["k"] == 3);
    CHECK(data["names"] == nullptr);
    CHECK(data["index"] == nlohmann::json{4, 1});
    CHECK(data["given"] == nlohmann::json{0, 1});
    CHECK(data["suggested"] == nlohmann::json{2, 0});
    CHECK(data["score"] == nlohmann::json{0.125, nullptr});
    CHECK(data["votes"] == nlohmann::json{{1, 3, 0, 1, 0, 0, 0}, nullptr});
    CHECK(data["decision"] == nlohmann::json{1, -1});
    CHECK(data["kind"] == nlohmann::json{"text", "absent"});
    CHECK(data["content"] == nlohmann::json{"text", ""});
    CHECK(data["location"] == nlohmann::json{"x/a.txt", ""});
    CHECK(data["notes"] == nlohmann::json{"", "absent"});
    CHECK(data["note"] == nlohmann::json{0, 1});
    CHECK(data["health"]["score"] == 0.5);
    CHECK(data["health"]["classes"] == nlohmann::json{{2, 4, 0, 0.0, 0.0, 0.25}});
    CHECK(data["facts"] == nlohmann::json::array({{"Seen", "7", "more"}}));
    CHECK(data["figures"] == nlohmann::json::array({{"Figure", "data:image/svg+xml;base64,PHN2Zy8+"}}));
    CHECK(data_of(small_page())["votes"] == nullptr);
}

TEST_CASE("sets of labels are lists, and so are the votes on each")
{
    page shown = small_page();
    shown.labels = page_labels::sets;
    shown.issues[0].given_labels = {0, 1};
    shown.issues[1].suggested_labels = {};
    shown.issues[0].review = page_review{{}, {{0, 5}, {1, 2}}, labelerrors::consensus::decision::relabel};
    const auto data = data_of(shown);
    CHECK(data["given"] == nlohmann::json{{0, 1}, nlohmann::json::array({1})});
    CHECK(data["suggested"] == nlohmann::json{nlohmann::json::array({2}), nlohmann::json::array()});
    CHECK(data["votes"] == nlohmann::json{{{0, 5}, {1, 2}}, nullptr});
}

TEST_CASE("a page is one file whose policy names its only script and style")
{
    const auto html = written(small_page());
    CHECK(html.starts_with("<!DOCTYPE html>\n"));
    CHECK(html.ends_with("</html>\n"));
    const auto style = between(html, "<style>", "</style>");
    const auto script = between(html, "<script>", "</script>");
    const auto policy = between(html, "Content-Security-Policy\" content=\"", "\"");
    CHECK(policy == "default-src 'none'; img-src data:; style-src 'sha256-" + base64(sha256(style)) +
                        "'; script-src 'sha256-" + base64(sha256(script)) + "'; base-uri 'none'; form-action 'none'");
    for (const char* word : {"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function",
                             "fetch(", "XMLHttpRequest", "import("})
        CHECK_FALSE(contains(script, word));
    for (const char* word : {"src=\"http", "@import", "url(", "<link rel=\"stylesheet\""})
        CHECK_FALSE(contains(html, word));
    CHECK(written(small_page()) == html);
}

TEST_CASE("only where items are links may a page load images from files")
{
    page shown = small_page();
    shown.issues[0].item = {.kind = item_kind::link, .content = "a b/#1?\"<ü>.png"};
    shown.issues[1].item = {.kind = item_kind::link, .content = "//example.com/javascript:1.png"};
    const auto html = written(shown);
    CHECK(contains(html, "img-src data: file: 'self';"));
    const auto data = nlohmann::json::parse(data_text(html));
    CHECK(data["content"] == nlohmann::json{"a%20b/%231%3F%22%3C%C3%BC%3E.png", "/.//example.com/javascript%3A1.png"});
}

TEST_CASE("whatever bytes come from outside, they stay text")
{
    const std::string evil =
        "</script><script>alert(1)</script><!-- \" ' & \x01\x7f \xff\xc3( \xe2\x80\xae" + std::string(1, '\0');
    page shown = small_page();
    shown.title = evil;
    shown.class_names = {evil, "b", "c"};
    shown.issues_name = evil;
    shown.issues[0].item = {evil, item_kind::text, evil, evil, evil};
    shown.issues[1].item = {evil, item_kind::address, evil, evil, evil};
    shown.facts.push_back({evil, evil, evil});
    shown.figures.push_back({evil, evil});
    const auto html = written(shown);
    CHECK_FALSE(contains(html, "alert(1)</script>"));
    CHECK(contains(html, "<title>&lt;/script&gt;&lt;script&gt;alert(1)"));
    const auto text = data_text(html);
    CHECK_FALSE(contains(text, "<"));
    const auto data = nlohmann::json::parse(text);
    const std::string as_shown =
        "</script><script>alert(1)</script><!-- \" ' & \x01\x7f \xef\xbf\xbd\xef\xbf\xbd( \xe2\x80\xae" +
        std::string(1, '\0');
    CHECK(data["title"] == as_shown);
    CHECK(data["names"][0] == as_shown);
    CHECK(data["item"][0] == as_shown);
    CHECK(data["content"][0] == as_shown);
    CHECK(data["content"][1] == as_shown);
    CHECK(data["location"][0] == as_shown);
    CHECK(data["notes"][0] == as_shown);
}

TEST_CASE("a page without issues is a page")
{
    page shown = small_page();
    shown.issues.clear();
    const auto data = data_of(shown);
    CHECK(data["index"] == nlohmann::json::array());
    CHECK(data["notes"] == nlohmann::json::array());
}

TEST_CASE("a page of some issues says how many there are in all")
{
    page shown = small_page();
    const auto subject = [&]
    {
        return between(written(shown), "</h1>\n<p class=\"soft\">", "</p>\n</header>");
    };
    CHECK(data_of(shown)["found"] == 2);
    CHECK(subject() == "2 of 5 examples of 3 classes whose labels are likely wrong");
    const auto key = data_of(shown)["key"];
    shown.num_issues = 2;
    CHECK(subject() == "2 of 5 examples of 3 classes whose labels are likely wrong");
    shown.num_examples = 50'426'266;
    shown.num_issues = 6'825'383;
    CHECK(data_of(shown)["found"] == 6'825'383);
    CHECK(subject() == "6,825,383 of 50,426,266 examples of 3 classes whose labels are likely wrong; shown here: 2");
    shown.num_examples = 5;
    shown.num_issues = 4;
    CHECK(data_of(shown)["key"] == key);
}

TEST_CASE("the key under which marks are kept is that of the run")
{
    page shown = small_page();
    const auto key = data_of(shown)["key"];
    shown.facts.push_back({"a", "b"});
    CHECK(data_of(shown)["key"] == key);
    shown.issues[0].index = 3;
    CHECK(data_of(shown)["key"] != key);
}

TEST_CASE("label issues become issues of a page")
{
    labelerrors::label_issues found{9, 3, {7, 2}, {0, 1}, {2, 2}, {0.25, 0.5}};
    const auto issues = page_issues(found);
    REQUIRE(issues.size() == 2);
    CHECK(issues[1].index == 2);
    CHECK(issues[1].given_labels == std::vector<std::size_t>{1});
    CHECK(issues[1].suggested_labels == std::vector<std::size_t>{2});
    CHECK(issues[1].score == 0.5);
}

TEST_CASE("a page that makes no sense is refused and leaves the file as it was")
{
    const tests::temporary_directory directory;
    const auto path = directory.write("page.html", "as it was");
    const auto refused = [&]<class Error>(const page& shown, const char* message, Error*)
    {
        CHECK_THROWS_WITH_AS(write_page(path, shown), message, Error);
        CHECK(tests::content_of(path) == "as it was");
        CHECK(directory.size() == 1);
    };
    constexpr value_error* value = nullptr;
    constexpr shape_error* shape = nullptr;
    page shown = small_page();
    shown.class_names = {"a", "b"};
    refused(shown, "write_page: class_names must have 3 names, one for each class, not 2", shape);
    shown = small_page();
    shown.issues[1].suggested_labels = {3};
    refused(shown, "write_page: suggested_labels of issues[1] must be below the 3 classes, but one is 3", value);
    shown = small_page();
    shown.issues[1].review = labelerrors::report::page_review{.label_votes = {{3, 5}}};
    refused(shown, "write_page: label_votes of issues[1] must be below the 3 classes, but one is 3", value);
    shown = small_page();
    shown.issues[0].given_labels = {};
    refused(shown,
            "write_page: given_labels of issues[0] must be one label, but are 0; set labels to page_labels::sets where "
            "examples have sets of labels",
            value);
    shown = small_page();
    shown.issues[1].index = 5;
    refused(shown, "write_page: index of issues[1] must be below the 5 examples, but is 5", value);
    shown.issues[1].index = 4;
    refused(shown, "write_page: issues has row 4 twice; give each example once", value);
    shown = small_page();
    shown.issues[1].item = {.kind = item_kind::image, .content = "<svg onload=\"alert(1)\"/>"};
    refused(shown, "write_page: the image of issues[1] must be the bytes of a PNG, JPEG, GIF or WebP", value);
    shown = small_page();
    shown.classes.push_back({.class_index = 3});
    refused(shown, "write_page: classes has class 3 of 3", value);
    shown = small_page();
    shown.num_issues = 1;
    refused(shown, "write_page: num_issues must be from the 2 issues of the page to the 5 examples, but is 1", value);
    shown.num_issues = 6;
    refused(shown, "write_page: num_issues must be from the 2 issues of the page to the 5 examples, but is 6", value);
    CHECK_THROWS_AS(write_page(directory / "no" / "page.html", small_page()), io_error);
}
