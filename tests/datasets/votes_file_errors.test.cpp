// What a votes file may get wrong.
#include "datasets/published_root.hpp"
#include <labelerrors/datasets/datasets.hpp>

#include <doctest/doctest.h>

#include <string>

namespace
{

using namespace labelerrors::datasets;
using tests::contains;

/// The error about votes on 20news of which `second` is the second entry, with its place checked.
[[nodiscard]] std::string error_of(const std::string& second)
{
    const tests::published_root root;
    const std::string first = R"([{"id": 3, "given_original_label": 1, "given_original_label_name": "comp.graphics",
        "our_guessed_label": 0, "our_guessed_label_name": "alt.atheism",
        "mturk": {"given": 5, "guessed": 0, "neither": 0, "both": 0}}, )";
    const auto path = root.write("mturk/20news_mturk.json", first + second + "]");
    try
    {
        static_cast<void>(read_votes<news20>(root.path()));
    }
    catch (const labelerrors::format_error& error)
    {
        CHECK(error.path() == path.string());
        CHECK(error.offset() == first.size());
        const std::string beginning = path.string() + ": byte " + std::to_string(first.size()) + ": entry 1: ";
        const std::string message = error.what();
        CHECK(message.starts_with(beginning));
        return message.substr(beginning.size());
    }
    return "no error";
}

[[nodiscard]] std::string entry(const std::string& id, const std::string& given, const std::string& name,
                                const std::string& mturk)
{
    return R"({"id": )" + id + R"(, "given_original_label": )" + given + R"(, "given_original_label_name": )" + name +
           R"(, "our_guessed_label": 0, "our_guessed_label_name": "alt.atheism", "mturk": )" + mturk + "}";
}

const std::string good = R"({"given": 1, "guessed": 2, "neither": 0, "both": 2})";

}  // namespace

TEST_CASE("a right entry is read")
{
    CHECK(error_of(entry("4", "13", "\"sci.med\"", good)) == "no error");
}

TEST_CASE("an entry of votes that is not as its dialect has it is named, with what is wrong")
{
    CHECK(error_of("7") == "the entry must be an object, but is a JSON number");
    CHECK(error_of("{}") == "has no 'id'");
    CHECK(error_of(entry("\"4\"", "13", "\"sci.med\"", good)) ==
          "id must be a whole number from 0 on, but is a JSON string");
    CHECK(error_of(entry("-4", "13", "\"sci.med\"", good)) ==
          "id must be a whole number from 0 on, but is a JSON number");
    CHECK(error_of(entry("4.5", "13", "\"sci.med\"", good)) ==
          "id must be a whole number from 0 on, but is a JSON number");
    CHECK(error_of(entry("7532", "13", "\"sci.med\"", good)) == "id must be below the 7532 examples, but is 7532");
    CHECK(error_of(entry("1000000000000", "13", "\"sci.med\"", good)) == "id is 1000000000000, too large");
    CHECK(error_of(entry("3", "13", "\"sci.med\"", good)) == "row 3 has an entry before this one");
    CHECK(error_of(entry("4", "20", "\"sci.med\"", good)) ==
          "given_original_label must be below the 20 classes, but is 20");
    CHECK(error_of(entry("4", "\"sci.med\"", "\"sci.med\"", good)) ==
          "given_original_label must be a whole number from 0 on, but is a JSON string");
    CHECK(error_of(entry("4", "13", "\"sci.space\"", good)) ==
          "given_original_label_name is 'sci.space', but class 13 is 'sci.med'");
    CHECK(error_of(entry("4", "13", "null", good)) == "given_original_label_name must be a string, but is a JSON null");
    CHECK(error_of(entry("4", "13", "\"sci.med\"", "[1, 2]")) == "mturk must be an object, but is a JSON array");
    CHECK(error_of(entry("4", "13", "\"sci.med\"", R"({"given": 1, "guessed": 4, "neither": 0})")) == "has no 'both'");
    CHECK(error_of(entry("4", "13", "\"sci.med\"", R"({"given": true, "guessed": 4, "neither": 0, "both": 0})")) ==
          "mturk.given must be a whole number from 0 on, but is a JSON boolean");
}

TEST_CASE("votes that are no array, no JSON or cut short are refused")
{
    const tests::published_root root;
    const auto error = [&](std::string_view content)
    {
        root.write("mturk/20news_mturk.json", content);
        return tests::message_of<labelerrors::format_error>([&]
                                                            { static_cast<void>(read_votes<news20>(root.path())); });
    };
    CHECK(contains(error(R"({"votes": []})"), "byte 0: the votes must be an array, but are a JSON object"));
    CHECK(contains(error("[1, 2"), "byte 5: the JSON ends in the middle"));
    CHECK(contains(error("[1, x]"), "byte 4: this is not JSON"));
    CHECK(contains(error(""), "byte 0: the file is empty"));
}

TEST_CASE("names that are no class are refused, Amazon's and AudioSet's too")
{
    const tests::published_root root;
    root.write("mturk/amazon_mturk.json",
               R"([{"id": 7, "given_original_label": "positive", "our_guessed_label": "Neutral", "mturk": {}}])");
    CHECK(contains(
        tests::message_of<labelerrors::format_error>([&] { static_cast<void>(read_votes<amazon>(root.path())); }),
        "amazon_mturk.json: byte 1: entry 0: given_original_label is 'positive', which is no class of Amazon"));
}

TEST_CASE("AudioSet's votes must be on the given and the guessed labels, all of them and no others")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    const tests::published_root root;
    std::filesystem::copy_file(published_paths(facts_of<audioset>(), *data, published_file::items).front(),
                               root.path() / "dataset_indexing/audioset_eval_set_index_to_youtube_id.json");
    const auto error = [&](const std::string& given, const std::string& mturk)
    {
        root.write("mturk/audioset_mturk.json", R"([{"id": 2, "given_original_labels": )" + given +
                                                    R"(, "our_guessed_labels": ["Speech"], "mturk": )" + mturk + "}]");
        return tests::message_of<labelerrors::format_error>(
            [&] { static_cast<void>(read_label_votes<audioset>(root.path())); });
    };
    CHECK(error(R"(["Cheering"])", R"({"Speech": 1, "Cheering": 4})").empty());
    CHECK(contains(error(R"(["Cheering"])", R"({"Speech": 1})"), "entry 0: mturk has no 'Cheering'"));
    CHECK(contains(error(R"(["Cheering"])", R"({"Speech": 1, "Cheering": 4, "Crowd": 2})"),
                   "entry 0: mturk has votes for 'Crowd', which is neither given nor guessed"));
    CHECK(contains(error(R"(["Speach"])", R"({"Speech": 1})"),
                   "entry 0: given_original_labels is 'Speach', which is no class of AudioSet"));
    CHECK(contains(error(R"(["Crowd", "Crowd"])", R"({"Speech": 1})"), "given_original_labels names a class twice"));
    CHECK(contains(error(R"("Crowd")", R"({"Speech": 1})"), "given_original_labels must be an array of names"));
    CHECK(contains(error(R"(["Crowd"])", R"({"Speech": 1, "Crowd": -1})"), "mturk.'Crowd' must be a whole number"));
    const auto hostile = error(R"(["Crowd"])", R"({"\u001b[31mEvil\nlabelerrors: all is well": "x"})");
    CHECK(contains(hostile, "entry 0: mturk is '?[31mEvil?labelerrors: all is well', which is no class of AudioSet"));
    CHECK(contains(error(R"(["Crowd"])", "3"), "mturk must be an object, but is a JSON number"));
}

TEST_CASE("a path or file name that the list of items does not have is refused")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    const tests::published_root root;
    for (const auto& set : {facts_of<imagenet>(), facts_of<imdb>()})
    {
        const auto list = published_paths(set, *data, published_file::items).front();
        std::filesystem::copy_file(list, root.path() / "dataset_indexing" / list.filename());
    }
    const auto image = [&](const std::string& url)
    {
        root.write("mturk/imagenet_mturk.json", R"([{"id": 293, "url": ")" + url + "\"}]");
        return tests::message_of<labelerrors::format_error>([&]
                                                            { static_cast<void>(read_votes<imagenet>(root.path())); });
    };
    CHECK(contains(image("https://labelerrors.com/static/imagenet/val/n01440764/ILSVRC2012_val_00000294.JPEG"),
                   "entry 0: no item of the list of items is 'val/n01440764/ILSVRC2012_val_00000294.JPEG'"));
    CHECK(contains(image("293"), "no item of the list of items is '293'"));
    // A review that the list has twice would not say which row it is.
    root.write("mturk/imdb_mturk.json", R"([{"id": "test/neg/4369_2"}])");
    CHECK(contains(
        tests::message_of<labelerrors::format_error>([&] { static_cast<void>(read_votes<imdb>(root.path())); }),
        "entry 0: several rows are 'neg/4369_2.txt'"));
}

TEST_CASE("missing votes say which file, where it was sought and how to get it")
{
    const tests::published_root root;
    const auto message =
        tests::message_of<labelerrors::io_error>([&] { static_cast<void>(read_votes<mnist>(root.path())); });
    CHECK(contains(message, "mturk/mnist_mturk.json: no such file (MNIST, votes; sought in "));
    CHECK(contains(message, "git clone https://github.com/cleanlab/label-errors"));
    // ImageNet's votes are nothing without the list that maps them to rows.
    root.write("mturk/imagenet_mturk.json", "[]");
    CHECK(contains(
        tests::message_of<labelerrors::io_error>([&] { static_cast<void>(read_votes<imagenet>(root.path())); }),
        "imagenet_val_set_index_to_filepath.json: no such file (ImageNet, list of items"));
}
