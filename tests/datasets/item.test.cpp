// What the rows of the test sets are, and back.
#include "datasets/published_root.hpp"
#include <labelerrors/datasets/datasets.hpp>
#include <labelerrors/io/write_npy.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

namespace
{

using namespace labelerrors::datasets;
using tests::contains;

/// Whether every `step`-th row's item leads back to the row.
[[nodiscard]] bool leads_back(const item_list& items, std::size_t step)
{
    for (std::size_t row = 0; row < items.set.num_examples; row += step)
    {
        const auto rows = rows_of(items, item_at(items, row).text());
        if (std::find(rows.begin(), rows.end(), row) == rows.end())
            return false;
    }
    return true;
}

/// 22 of QuickDraw's classes, the first with one drawing, each other with one more than the one before.
[[nodiscard]] dataset_facts few_drawings()
{
    dataset_facts set = facts_of<quickdraw>();
    set.num_classes = 22;
    set.class_names = set.class_names.first(22);
    set.num_examples = 22 * 23 / 2;
    return set;
}

void write_bitmaps(const tests::temporary_directory& directory, const dataset_facts& set)
{
    for (std::size_t label = 0; label < set.num_classes; ++label)
        labelerrors::io::write_npy(directory / quickdraw_file_name(set, label),
                                   xt::xtensor<std::uint8_t, 2>({label + 1, 784}));
}

}  // namespace

TEST_CASE("the images of MNIST and CIFAR and the lines of Amazon are at their rows")
{
    CHECK(item_of<mnist>("", 2597).text() == "t10k-images-idx3-ubyte:2597");
    CHECK(item_of<cifar10>("", 0).text() == "test_batch:0");
    CHECK(item_of<cifar100>("", 9999).text() == "test:9999");
    CHECK(item_of<amazon>("", 9'996'436).text() == "amazon5core.txt:9996436");
    CHECK(row_of<mnist>("", "t10k-images-idx3-ubyte:2597") == 2597);
    CHECK(row_of<cifar100>("", "/data/cifar-100-python/test:12") == 12);
    CHECK(rows_of(read_items(facts_of<cifar10>(), ""), "test_batch").empty());
    CHECK(rows_of(read_items(facts_of<cifar10>(), ""), "test_batch:10000").empty());
    CHECK(rows_of(read_items(facts_of<cifar10>(), ""), "test_batch:-1").empty());
    CHECK(rows_of(read_items(facts_of<cifar10>(), ""), "test:1").empty());
}

TEST_CASE("ImageNet's items are paths with ILSVRC numbers")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    const auto items = read_items(facts_of<imagenet>(), *data);
    const auto first = item_at(items, 0);
    CHECK(first.text() == "val/n01440764/ILSVRC2012_val_00000293.JPEG");
    CHECK(first.number == 293);
    CHECK(row_of(items, "val/n01440764/ILSVRC2012_val_00000293.JPEG") == 0);
    CHECK(row_of(items, "ILSVRC2012_val_00000293.JPEG") == 0);
    CHECK(row_of(items, "/data/imagenet/val/n01440764/ILSVRC2012_val_00000293.JPEG") == 0);
    CHECK(leads_back(items, 7));
    std::set<std::size_t> numbers;
    for (std::size_t row = 0; row < imagenet::num_examples; ++row)
        numbers.insert(item_at(items, row).number.value());
    CHECK(numbers.size() == 50'000);
    CHECK(*numbers.begin() == 1);
    CHECK(*numbers.rbegin() == 50'000);
}

TEST_CASE("Caltech-256's items are files, for all 29,780 rows")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    const auto items = read_items(facts_of<caltech256>(), *data);
    CHECK(item_at(items, 3).text() == "001.ak47/001_0004.jpg");
    CHECK(row_of(items, "001_0004.jpg") == 3);
    CHECK(rows_of(items, "1_0004.jpg").empty());
    CHECK(leads_back(items, 1));
}

TEST_CASE("IMDB's items are files, of which its list has 193 more than once")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    const auto items = read_items(facts_of<imdb>(), *data);
    CHECK(item_at(items, 0).text() == "neg/9641_4.txt");
    CHECK(row_of(items, "aclImdb/test/neg/9641_4.txt") == 0);
    CHECK(leads_back(items, 1));
    CHECK(rows_of(items, "neg/4369_2.txt") == std::vector<std::size_t>{70, 8907});
    CHECK(contains(
        tests::message_of<labelerrors::value_error>([&] { static_cast<void>(row_of(items, "neg/4369_2.txt")); }),
        "'neg/4369_2.txt' has 2, the first 70 and 8907; use rows_of for all"));
    const std::set<std::string> names(items.names.begin(), items.names.end());
    CHECK(std::count_if(names.begin(), names.end(),
                        [&](const auto& name) { return rows_of(items, name).size() > 1; }) == 193);
}

TEST_CASE("AudioSet's items are addresses with start and end")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    const auto items = read_items(facts_of<audioset>(), *data);
    const auto third = item_at(items, 2);
    CHECK(third.text() == "http://youtu.be/lL5jq1TDiXQ?start=30&end=40");
    CHECK(third.segment == audio_segment{"lL5jq1TDiXQ", 30, 40});
    CHECK(row_of(items, third.text()) == 2);
    CHECK(row_of(items, "lL5jq1TDiXQ?start=30&end=40") == 2);
    CHECK(leads_back(items, 1));
    for (std::size_t row = 0; row < audioset::num_examples; ++row)
        REQUIRE(item_at(items, row).segment.has_value());
}

TEST_CASE("QuickDraw's items are a class's file and the row in it, from the headers of the bitmaps")
{
    const dataset_facts set = few_drawings();
    const tests::temporary_directory directory;
    write_bitmaps(directory, set);
    const auto items = read_items(set, "", directory / "");
    CHECK(item_at(items, 0).text() == "The Eiffel Tower.npy:0");
    CHECK(item_at(items, 1).text() == "The Great Wall of China.npy:0");
    CHECK(item_at(items, 2).text() == "The Great Wall of China.npy:1");
    // baseball bat, class 19, comes before baseball, class 20.
    CHECK(item_at(items, 19 * 20 / 2).text() == "baseball bat.npy:0");
    CHECK(item_at(items, 20 * 21 / 2 - 1).text() == "baseball bat.npy:19");
    CHECK(item_at(items, 20 * 21 / 2).text() == "baseball.npy:0");
    CHECK(item_at(items, set.num_examples - 1).text() == quickdraw_file_name(set, 21) + ":21");
    CHECK(leads_back(items, 1));
    CHECK(rows_of(items, "baseball.npy:21").empty());
    CHECK(rows_of(items, "basebal.npy:1").empty());
    CHECK(rows_of(items, quickdraw_file_name(set, 21) + ":22").empty());
    CHECK(row_of(items, "numpy_bitmap/baseball.npy:3") == 20 * 21 / 2 + 3);
}

TEST_CASE("QuickDraw's bitmaps must be there, all of them and all of each")
{
    CHECK(contains(tests::message_of<labelerrors::value_error>([] { static_cast<void>(item_of<quickdraw>("", 0)); }),
                   "distribution must be the folder of QuickDraw's numpy bitmaps"));
    dataset_facts set = few_drawings();
    const tests::temporary_directory directory;
    write_bitmaps(directory, set);
    set.num_examples += 1;
    CHECK(contains(
        tests::message_of<labelerrors::io_error>([&] { static_cast<void>(read_items(set, "", directory / "")); }),
        "holds 253 drawings, but QuickDraw has 254"));
    directory.write("ant.npy", "not an array");
    CHECK_THROWS_AS(static_cast<void>(read_items(set, "", directory / "")), labelerrors::format_error);
    std::filesystem::remove(directory / "ant.npy");
    CHECK(contains(
        tests::message_of<labelerrors::io_error>([&] { static_cast<void>(read_items(set, "", directory / "")); }),
        "ant.npy: no such file"));
}

TEST_CASE("20news's items are a folder and a position among its files, whose class is the row's label")
{
    const auto items = read_items(facts_of<news20>(), "");
    CHECK(leads_back(items, 1));
    CHECK(rows_of(items, "alt.atheism:319").empty());
    CHECK(rows_of(items, "alt.atheism:318").size() == 1);
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    const auto labels = read_published_labels(facts_of<news20>(), *data);
    std::size_t agree = 0;
    for (std::size_t row = 0; row < news20::num_examples; ++row)
        agree += item_at(items, row).file == news20::class_names[static_cast<std::size_t>(labels(row))] ? 1U : 0U;
    CHECK(agree == 7532);
}

TEST_CASE("with 20news-bydate-test 20news's items are its files, sorted as strings")
{
    const tests::temporary_directory directory;
    for (std::size_t label = 0; label < newsgroup_sizes.size(); ++label)
    {
        const auto folder = directory / std::string(news20::class_names[label]);
        std::filesystem::create_directory(folder);
        // 9990 comes after 10000 as a string.
        for (std::size_t i = 0; i < newsgroup_sizes[label]; ++i)
            std::ofstream(folder / std::to_string(9990 + i));
    }
    const auto by_position = read_items(facts_of<news20>(), "");
    const auto items = read_items(facts_of<news20>(), "", directory / "");
    CHECK(leads_back(items, 1));
    const std::size_t first = row_of(by_position, "sci.med:0");
    CHECK(item_at(items, first).text() == "sci.med/10000");
    CHECK(row_of(items, "20news-bydate-test/sci.med/10000") == first);
    CHECK(item_at(items, row_of(by_position, "sci.med:395")).text() == "sci.med/9999");

    std::filesystem::remove(directory / "sci.med/10000");
    CHECK(contains(tests::message_of<labelerrors::io_error>(
                       [&] { static_cast<void>(read_items(facts_of<news20>(), "", directory / "")); }),
                   "sci.med: holds 395 files, but the folder of 20news-bydate-test holds 396"));
    std::filesystem::remove_all(directory / "alt.atheism");
    CHECK(contains(tests::message_of<labelerrors::io_error>(
                       [&] { static_cast<void>(read_items(facts_of<news20>(), "", directory / "")); }),
                   "alt.atheism: no such folder"));
}

TEST_CASE("a row or an item that a set does not have is refused, with n")
{
    CHECK(tests::message_of<labelerrors::value_error>([] { static_cast<void>(item_of<mnist>("", 10'000)); }) ==
          "item_at: row must be below the 10000 examples of MNIST, but is 10000");
    CHECK(
        tests::message_of<labelerrors::value_error>([] { static_cast<void>(row_of<mnist>("", "two")); }) ==
        "row_of: text must name an item of MNIST, as t10k-images-idx3-ubyte:0 is its first of 10000, but 'two' is none "
        "of them");
}

TEST_CASE("a list of items that is none is refused, with the entry")
{
    const tests::published_root root;
    const auto error = [&](const std::string& content)
    {
        root.write("dataset_indexing/imdb_test_set_index_to_filename.json", content);
        return tests::message_of<labelerrors::format_error>(
            [&] { static_cast<void>(read_items(facts_of<imdb>(), root.path())); });
    };
    CHECK(contains(error("{}"), "byte 0: must be an array of 25000 names, the items of IMDB, but is a JSON object"));
    CHECK(contains(error("[\"a\"]"), "must be an array of 25000 names, the items of IMDB, but is one of 1"));
    std::string numbers = "[\"a\"";
    for (std::size_t i = 1; i < imdb::num_examples; ++i)
        numbers += ", 1";
    CHECK(contains(error(numbers + "]"), "byte 6: entry 1 must be a string, but is a JSON number"));
    std::filesystem::remove(root.path() / "dataset_indexing/imdb_test_set_index_to_filename.json");
    CHECK(contains(tests::message_of<labelerrors::io_error>([&] { static_cast<void>(item_of<imdb>(root.path(), 0)); }),
                   "imdb_test_set_index_to_filename.json: no such file (IMDB, list of items; sought in "));
}
