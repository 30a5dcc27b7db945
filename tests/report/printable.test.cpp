#include <labelerrors/core/label_issues.hpp>
#include <labelerrors/datasets/audioset.hpp>
#include <labelerrors/datasets/cifar10.hpp>
#include <labelerrors/report/printable.hpp>
#include <labelerrors/report/write_corrected_examples.hpp>
#include <labelerrors/report/write_label_issues.hpp>

#include <doctest/doctest.h>

#include <array>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

using namespace labelerrors::report;
namespace datasets = labelerrors::datasets;
namespace consensus = labelerrors::consensus;

namespace
{

[[nodiscard]] labelerrors::label_issues two_issues()
{
    labelerrors::label_issues issues;
    issues.num_classes = 2;
    issues.indices = {2, 0};
    issues.given_labels = {0, 1};
    issues.suggested_labels = {1, 0};
    issues.scores = {0.25, 0.5};
    return issues;
}

}  // namespace

TEST_CASE("control characters become escapes, and all else is as it is")
{
    CHECK(printable("a\nb\t\x1b[31m\x7f") == "a\\nb\\x09\\x1b[31m\\x7f");
    CHECK(printable("\xc2\x9b"
                    "31m \xc2\xa0 \xc3\x9b \xe2\x82\xac") == "\\xc2\\x9b31m \xc2\xa0 \xc3\x9b \xe2\x82\xac");
    CHECK(printable("\xc2"
                    "A \xc2") == "\xc2"
                                 "A \xc2");
    CHECK(printable(std::string_view("\0", 1)) == "\\x00");
    CHECK(printable("").empty());
    CHECK(num_characters("na\xc3\xafve \xe2\x82\xac") == 7);
    CHECK(num_characters("") == 0);
}

TEST_CASE("the columns of label issues are as wide as the characters of their names, and names have no live escapes")
{
    const auto issues = two_issues();
    const std::array<std::string_view, 2> names{"na\xc3\xafve caf\xc3\xa9s", "\x1b[2J"};
    std::ostringstream text;
    write_label_issues(text, issues, names);
    CHECK(text.str() == "row       given        suggested    score\n"
                        "2         na\xc3\xafve caf\xc3\xa9s  \\x1b[2J      0.250000\n"
                        "0         \\x1b[2J      na\xc3\xafve caf\xc3\xa9s  0.500000\n");
    std::ostringstream of_strings;
    write_label_issues(of_strings, issues, std::vector<std::string>(names.begin(), names.end()));
    CHECK(of_strings.str() == text.str());
}

TEST_CASE("label issues without names are written by number and as many as are wanted")
{
    const auto issues = two_issues();
    std::ostringstream text;
    write_label_issues(text, issues, {}, 1);
    CHECK(text.str() == "row       given      suggested  score\n"
                        "2         0          1          0.250000\n"
                        "... and 1 more\n");
    CHECK_THROWS_WITH_AS(write_label_issues(text, issues, {"cat"}), doctest::Contains("must have 2 names"),
                         labelerrors::shape_error);
}

TEST_CASE("the items of corrected examples and the names of their labels have no live escapes")
{
    constexpr auto images = datasets::facts_of<datasets::cifar10>();
    datasets::corrected_set corrected;
    corrected.checked = {{.row = 7, .item = "a\x1b[2J.png", .given_label = 0, .guessed_label = 1, .votes = {}}};
    labelerrors::corrections::correction one;
    one.row = 7;
    one.given_label = 0;
    one.guessed_label = 1;
    one.decision = consensus::decision::relabel;
    corrected.decided = {one};
    std::ostringstream text;
    write_corrected_examples(text, images, corrected);
    CHECK(text.str() == "7  a\\x1b[2J.png\n    airplane -> automobile, 0 to 0 of 0 votes\n");

    datasets::dataset_facts sounds = datasets::facts_of<datasets::audioset>();
    const std::array<std::string_view, 2> names{"\x07"
                                                "bell",
                                                "horn"};
    sounds.class_names = names;
    datasets::corrected_sets sets;
    sets.checked.resize(1);
    sets.checked[0].item = "\x1b]0;title";
    sets.decided = {{.row = 3, .given_labels = {0, 1}, .corrected_labels = {}, .changed = true}};
    std::ostringstream written;
    write_corrected_examples(written, sounds, sets);
    CHECK(written.str() == "3  \\x1b]0;title\n    \\x07bell + horn -> none\n");
}
