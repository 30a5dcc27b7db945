// What a list of items and a folder of the test set must be.
#include "datasets/published_root.hpp"
#include <labelerrors/datasets/imdb.hpp>
#include <labelerrors/datasets/item_list.hpp>
#include <labelerrors/datasets/news20.hpp>

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

namespace
{

using namespace labelerrors::datasets;
using tests::contains;

}  // namespace

TEST_CASE("a list whose names lead out of the test set is refused, with the entry and what to do")
{
    const tests::published_root root;
    dataset_facts set = facts_of<imdb>();
    set.num_examples = 2;
    const auto error = [&](const std::string& name)
    {
        root.write("dataset_indexing/imdb_test_set_index_to_filename.json", "[\"neg/0_3.txt\", \"" + name + "\"]");
        return tests::message_of<labelerrors::format_error>([&] { static_cast<void>(read_items(set, root.path())); });
    };
    for (const std::string name : {"/etc/passwd", "//a", "..", "../a.txt", "neg/../../a.txt", "neg/..", "./../a.txt"})
        CHECK(contains(error(name), "imdb_test_set_index_to_filename.json: byte 16: entry 1 must be a name below the "
                                    "folder of the test set, but '" +
                                        name + "' leads out of it; get the published files with git clone "));
    CHECK(contains(error("/\\u001b[31m\\n"), "but '/?[31m?' leads out of it"));
    for (const std::string name : {"pos/1_2.txt", "..a/b.txt", "a../..b", "...", ""})
        CHECK(error(name).empty());
}

TEST_CASE("a newsgroup that is a file, or cannot be listed, is refused with what to do")
{
    const tests::temporary_directory directory;
    const auto error = [&]
    {
        return tests::message_of<labelerrors::io_error>(
            [&] { static_cast<void>(read_items(facts_of<news20>(), "", directory / "")); });
    };
    const auto path = directory.write("alt.atheism", "a file");
    CHECK(error() ==
          path.string() + ": no such folder; name the folder 20news-bydate-test, which holds one for each newsgroup");
    std::filesystem::remove(path);
    std::filesystem::create_directory(path);
    CHECK(contains(error(), "alt.atheism: holds 0 files, but the folder of 20news-bydate-test holds "));
}
