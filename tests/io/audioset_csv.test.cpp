#include "io/temporary_directory.hpp"
#include "support/data.hpp"
#include <labelerrors/error.hpp>
#include <labelerrors/io/audioset_csv.hpp>
#include <labelerrors/io/read_object_array.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

using namespace labelerrors::io;
using labelerrors::format_error;
using labelerrors::io_error;
using labelerrors::value_error;
using tests::temporary_directory;
using namespace std::string_literals;

namespace
{

std::vector<audioset_class> classes(std::string_view text)
{
    const temporary_directory directory;
    return read_audioset_classes(directory.write("a.csv", text));
}

std::vector<audioset_segment> segments(std::string_view text)
{
    const temporary_directory directory;
    return read_audioset_segments(directory.write("a.csv", text));
}

}  // namespace

TEST_CASE("classes are read with and without header, quotes and carriage returns")
{
    for (const auto* text : {"index,mid,display_name\n0,/m/09x0r,\"Speech\"\n1,/m/05zppz,\"Male speech, man "
                             "speaking\"\n",
                             "0,/m/09x0r,Speech\r\n1,/m/05zppz,Male speech, man speaking\r\n",
                             "\xef\xbb\xbfindex,mid,display_name\n\n0, /m/09x0r, \"Speech\"\n1, \"/m/05zppz\" ,Male "
                             "speech, man speaking"})
    {
        CAPTURE(text);
        const auto read = classes(text);
        REQUIRE(read.size() == 2);
        CHECK(read[0].mid == "/m/09x0r");
        CHECK(read[0].display_name == "Speech");
        CHECK(read[1].mid == "/m/05zppz");
        CHECK(read[1].display_name == "Male speech, man speaking");
    }
}

TEST_CASE("a plus sign stays, and doubled quotes in a quoted name are single")
{
    const auto read = classes("+0,+/m/a,+1\n1,/m/b,\"The \"\"best\"\" noise\"\n2,/m/c,\"\"\"A\"\", \"\"B\"\"\"\n"
                              "3,/m/d,a \"\"b\"\" c\n");
    REQUIRE(read.size() == 4);
    CHECK(read[0].mid == "+/m/a");
    CHECK(read[0].display_name == "+1");
    CHECK(read[1].display_name == "The \"best\" noise");
    CHECK(read[2].display_name == "\"A\", \"B\"");
    CHECK(read[3].display_name == "a \"\"b\"\" c");
    for (const auto* text : {"0,/m/a,\"A\" B\"\n", "0,/m/a,\"A\"\"\n", "0,/m/a,A\"\n"})
        CHECK_THROWS_WITH_AS(classes(text), doctest::Contains("quotes closed"), format_error);
    const auto heard = segments("+abc,+1,+2.5,\"+/m/a,/m/b\"\n");
    REQUIRE(heard.size() == 1);
    CHECK(heard[0].video == "+abc");
    CHECK(heard[0].end_seconds == 2.5);
    CHECK(heard[0].mids == std::vector{"+/m/a"s, "/m/b"s});
}

TEST_CASE("lines of classes that are wrong are refused with their number")
{
    CHECK_THROWS_WITH_AS(classes("0,/m/a,A\n2,/m/b,B\n"),
                         doctest::Contains("byte 9: line 2: the index should be 1, the classes being numbered in their "
                                           "order, but is '2'"),
                         format_error);
    CHECK_THROWS_WITH_AS(classes("0,/m/a,A\nx,/m/b,B\n"), doctest::Contains("line 2: the index should be 1"),
                         format_error);
    CHECK_THROWS_WITH_AS(classes("0,/m/a,A\n1,/m/a,B\n"), doctest::Contains("line 2: the mid '/m/a' came before"),
                         format_error);
    for (const auto* text : {"0\n", "0,/m/a\n", "0,/m/a,\n", "0,,A\n", ",/m/a,A\n", "0,/m/a,\"A\n", "0,/m/a,\"\"\n"})
    {
        CAPTURE(text);
        CHECK_THROWS_AS(classes(text), format_error);
    }
    for (const auto* text : {"", "\n", "index,mid,display_name\n"})
        CHECK_THROWS_WITH_AS(classes(text), doctest::Contains("no lines of classes"), format_error);
    const temporary_directory directory;
    CHECK_THROWS_AS(read_audioset_classes(directory / "missing"), io_error);
    CHECK_THROWS_AS(read_audioset_segments(directory / "missing"), io_error);
}

TEST_CASE("segments are read in the official form and in a plain one")
{
    for (const auto* text :
         {"# Segments csv\n# num_ytids=2, num_segs=2, num_unique_labels=3, num_positive_labels=3\n# YTID, "
          "start_seconds, "
          "end_seconds, positive_labels\n--4gqARaEJE, 0.000, 10.000, \"/m/a,/m/b\"\n-b, 30.500, 40.000, \"/t/c\"\n",
          "--4gqARaEJE,0,10,/m/a,/m/b\n-b,30.5,40,/t/c",
          "YTID,start_seconds,end_seconds,positive_labels\r\n"
          "--4gqARaEJE,0,10,\"/m/a, /m/b\"\r\n-b,30.5,40,/t/c\r\n\r\n"})
    {
        CAPTURE(text);
        const auto read = segments(text);
        REQUIRE(read.size() == 2);
        CHECK(read[0].video == "--4gqARaEJE");
        CHECK(read[0].start_seconds == 0);
        CHECK(read[0].end_seconds == 10);
        CHECK(read[0].mids == std::vector{"/m/a"s, "/m/b"s});
        CHECK(read[1].video == "-b");
        CHECK(read[1].start_seconds == 30.5);
        CHECK(read[1].mids == std::vector{"/t/c"s});
    }
}

TEST_CASE("lines of segments that are wrong are refused with their number, and files with fewer than they promise")
{
    CHECK_THROWS_WITH_AS(segments("a,0,10,/m/a\nb,x,10,/m/a\n"),
                         doctest::Contains("byte 12: line 2: 'x' is not a time in seconds"), format_error);
    CHECK_THROWS_WITH_AS(segments("a,x,10,/m/a\n"), doctest::Contains("line 1: 'x' is not a time"), format_error);
    for (const auto* text : {"abc, x0.0, 1O.0, \"/m/1\"\nb,0,10,/m/a\n", "abc,x0.0,y,m\n", "abc,x,y,/m/1\n"})
        CHECK_THROWS_WITH_AS(segments(text), doctest::Contains("byte 0: line 1: 'x"), format_error);
    CHECK_THROWS_WITH_AS(segments("a,0,inf,/m/a\n"), doctest::Contains("'inf' is not a time"), format_error);
    CHECK_THROWS_WITH_AS(segments("a,10,0,/m/a\n"), doctest::Contains("ends before it starts"), format_error);
    CHECK_THROWS_WITH_AS(segments("a,0,10,/m/a,,/m/b\n"), doctest::Contains("a mid is missing"), format_error);
    for (const auto* text : {"a,0\n", "a,0,10\n", "a,0,10,\n", ",0,10,/m/a\n", "a,0,10,\"/m/a\n", "a,0,10,\"\"\n"})
    {
        CAPTURE(text);
        CHECK_THROWS_AS(segments(text), format_error);
    }
    CHECK_THROWS_WITH_AS(segments("# num_segs=2\na,0,10,/m/a\n"),
                         doctest::Contains("promises 2 segments, but has 1; copy it again"), format_error);
    CHECK_THROWS_WITH_AS(segments("# num_segs=1, num_positive_labels=2\na,0,10,/m/a\n"),
                         doctest::Contains("promises 2 positive labels, but has 1"), format_error);
    for (const auto* text : {"", "# num_segs=0\n", "YTID,start_seconds,end_seconds,positive_labels\n"})
        CHECK_THROWS_WITH_AS(segments(text), doctest::Contains("no lines of segments"), format_error);
}

TEST_CASE("a file that says how much it holds is refused where it is cut short")
{
    const std::string whole = "# num_segs=2, num_positive_labels=3\na, 0, 10, \"/m/a,/m/b\"\nb, 0, 10, \"/m/a\"\n";
    CHECK(segments(whole).size() == 2);
    // Without the last line feed nothing is missing; before the end of the comment nothing is promised, nor held.
    for (std::size_t size = 0; size + 1 < whole.size(); ++size)
    {
        CAPTURE(size);
        CHECK_THROWS_AS(segments(whole.substr(0, size)), format_error);
    }
}

TEST_CASE("segments become sets of class numbers, ascending")
{
    const std::vector<audioset_class> three{{"/m/a", "A"}, {"/m/b", "B"}, {"/m/c", "C"}};
    const auto read = segments("v,0,10,/m/c,/m/a\nw,0,10,/m/b\n");
    CHECK(audioset_label_sets(read, three) == label_sets{.first = {0, 2, 3}, .labels = {0, 2, 1}});
    CHECK_THROWS_WITH_AS(audioset_label_sets(segments("v,0,1,/m/a\nw,0,1,/m/d\n"), three),
                         "audioset_label_sets: segments[1] names the class '/m/d', which is not among the 3 classes",
                         value_error);
    CHECK_THROWS_WITH_AS(audioset_label_sets(segments("v,0,1,/m/a,/m/a\n"), three),
                         doctest::Contains("segments[0] names a class twice"), value_error);
}

TEST_CASE("all 20,371 published AudioSet labels equal the positive labels at the same video and start")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    const auto names = read_audioset_classes(*data / "raw" / "audioset" / "class_labels_indices.csv");
    const auto read = read_audioset_segments(*data / "raw" / "audioset" / "eval_segments.csv");
    const auto sets = audioset_label_sets(read, names);
    CHECK(names.size() == 527);
    CHECK(names[0].display_name == "Speech");
    CHECK(names[1].display_name == "Male speech, man speaking");
    CHECK(sets.size() == 20371);
    CHECK(sets.labels.size() == 51804);

    std::map<std::string, std::size_t> segment_of;
    for (std::size_t i = 0; i < read.size(); ++i)
        segment_of["http://youtu.be/" + read[i].video +
                   "?start=" + std::to_string(static_cast<int>(read[i].start_seconds)) +
                   "&end=" + std::to_string(static_cast<int>(read[i].end_seconds))] = i;
    CHECK(segment_of.size() == 20371);

    const auto published = *data / "label-errors";
    const auto given = read_label_sets(published / "original_test_labels" / "audioset_eval_set_original_labels.npy");
    std::ifstream file(published / "dataset_indexing" / "audioset_eval_set_index_to_youtube_id.json");
    const auto addresses = nlohmann::json::parse(file);
    REQUIRE(addresses.size() == given.size());
    std::size_t num_equal = 0;
    for (std::size_t row = 0; row < given.size(); ++row)
    {
        const auto found = segment_of.find(addresses[row].get<std::string>());
        if (found == segment_of.end())
            continue;
        const auto labels = sets[found->second];
        num_equal += std::equal(labels.begin(), labels.end(), given[row].begin(), given[row].end()) ? 1U : 0U;
    }
    CHECK(num_equal == 20371);
}
