// The votes files, and the traps in them: each case fails where the trap is fallen into.
#include "datasets/published_root.hpp"
#include <labelerrors/corrections/correct_labels.hpp>
#include <labelerrors/datasets/datasets.hpp>
#include <labelerrors/io/json.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace
{

using namespace labelerrors::datasets;
using labelerrors::consensus::votes;

static_assert(labelerrors::corrections::checked_example<checked_example>);

/// How many of the votes' given labels and guesses are the published labels and predictions of their rows.
struct agreement
{
    std::size_t given = 0;
    std::size_t guessed = 0;
};

[[nodiscard]] agreement agreement_of(const dataset_facts& set, const std::filesystem::path& root,
                                     const std::vector<checked_example>& checked)
{
    const auto labels = read_published_labels(set, root);
    const auto predicted = read_predicted_labels(set, root);
    agreement count;
    for (const checked_example& one : checked)
    {
        count.given += static_cast<std::size_t>(labels(one.row)) == one.given_label ? 1U : 0U;
        count.guessed += static_cast<std::size_t>(predicted(one.row)) == one.guessed_label ? 1U : 0U;
    }
    return count;
}

[[nodiscard]] nlohmann::json raw_votes(const dataset_facts& set, const std::filesystem::path& root)
{
    return labelerrors::io::read_json(published_paths(set, root, published_file::votes).front());
}

}  // namespace

TEST_CASE("the votes' labels and guesses are the published labels and predictions of their rows")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    struct size
    {
        std::string_view name;
        std::size_t checked;
    };
    for (const auto& [name, num_checked] :
         {size{"mnist", 100}, size{"cifar10", 275}, size{"cifar100", 2235}, size{"caltech256", 2360},
          size{"imagenet", 5440}, size{"20news", 93}, size{"imdb", 1310}})
    {
        const dataset_facts& set = find_dataset(name);
        CAPTURE(set.name);
        const auto checked = read_votes(set, *data);
        CHECK(checked.size() == num_checked);
        const auto agree = agreement_of(set, *data, checked);
        CHECK(agree.given == num_checked);
        CHECK(agree.guessed == num_checked);
    }
}

TEST_CASE("ImageNet's ids are ILSVRC numbers, and taken for rows they would be wrong")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    const auto checked = read_votes<imagenet>(*data);
    const auto raw = raw_votes(facts_of<imagenet>(), *data);
    const auto items = read_items(facts_of<imagenet>(), *data);
    auto by_id = checked;
    std::size_t numbered = 0;
    for (std::size_t i = 0; i < checked.size(); ++i)
    {
        by_id[i].row = raw[i].at("id").get<std::size_t>() - 1;
        numbered += item_at(items, checked[i].row).number == raw[i].at("id").get<std::size_t>() ? 1U : 0U;
    }
    CHECK(numbered == 5440);
    CHECK(agreement_of(facts_of<imagenet>(), *data, by_id).given < 100);
    CHECK(checked[0].item == "val/n01440764/ILSVRC2012_val_00000293.JPEG");
    CHECK(checked[0].row == 0);
    CHECK(checked[0].votes == votes{.given = 5});
}

TEST_CASE("IMDB's ids are names of files below test, without their extension")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    const auto checked = read_votes<imdb>(*data);
    CHECK(checked[0].item == "neg/10003_3.txt");
    CHECK(checked[0].given_label == 0);
    CHECK(checked[0].guessed_label == 1);
    CHECK(checked[0].votes == votes{.given = 2, .guessed = 1, .neutral = 2});
    for (const checked_example& one : checked)
        CHECK(one.item.starts_with(one.given_label == 0 ? "neg/" : "pos/"));
}

TEST_CASE("AudioSet's names are those of the official list: all 307 addresses agree with their rows")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    const auto checked = read_label_votes<audioset>(*data);
    const auto raw = raw_votes(facts_of<audioset>(), *data);
    REQUIRE(checked.size() == 307);
    for (std::size_t i = 0; i < checked.size(); ++i)
        CHECK(checked[i].item == raw[i].at("url").get<std::string>());
    // Boat Water vehicle is "Boat, Water vehicle".
    CHECK(checked[1].given_labels == std::vector<std::size_t>{301, 303});
    CHECK(audioset_class_names[301] == "Boat, Water vehicle");
    CHECK(audioset_class_names[303] == "Rowboat, canoe, kayak");
}

TEST_CASE("AudioSet's given and guessed sets are the published sets of their rows, all 307")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    const auto labels = read_published_label_sets(facts_of<audioset>(), *data);
    const auto predicted = read_predicted_label_sets(facts_of<audioset>(), *data);
    const auto in_order = [](std::vector<std::size_t> set)
    {
        std::sort(set.begin(), set.end());
        return set;
    };
    agreement count;
    for (const label_votes& one : read_label_votes<audioset>(*data))
    {
        count.given += in_order(labels[one.row]) == one.given_labels ? 1U : 0U;
        count.guessed += in_order(predicted[one.row]) == one.guessed_labels ? 1U : 0U;
    }
    CHECK(count.given == 307);
    CHECK(count.guessed == 307);
}

TEST_CASE("QuickDraw's 2,500 votes name the classes of their numbers")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    const auto checked = read_votes<quickdraw>(*data);
    const auto raw = raw_votes(facts_of<quickdraw>(), *data);
    REQUIRE(checked.size() == 2500);
    for (std::size_t i = 0; i < checked.size(); ++i)
    {
        CHECK(quickdraw_class_names[checked[i].given_label] ==
              raw[i].at("given_original_label_name").get<std::string>());
        CHECK(quickdraw_class_names[checked[i].guessed_label] ==
              raw[i].at("our_guessed_label_name").get<std::string>());
        CHECK(checked[i].row == raw[i].at("id").get<std::size_t>());
    }
    // The drawings of a class follow one another, so that rows ascend with the given labels.
    CHECK(std::is_sorted(checked.begin(), checked.end(),
                         [](const auto& a, const auto& b) { return a.given_label < b.given_label; }));
    CHECK(checked[0].item == "https://labelerrors.com/static/quickdraw/20456.png");
}

TEST_CASE("MNIST's 13 double votes are votes for the given label, once")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    std::size_t doubled = 0;
    for (const checked_example& one : read_votes<mnist>(*data))
    {
        CHECK(one.votes.total() == 5);
        CHECK(one.item == "t10k-images-idx3-ubyte:" + std::to_string(one.row));
        if (one.given_label != one.guessed_label)
            continue;
        ++doubled;
        CHECK(one.votes.guessed == 0);
        CHECK(one.votes.given >= 4);
    }
    CHECK(doubled == 13);
}

TEST_CASE("five people voted on every other example, too")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    for (const dataset_facts& set : all_facts)
        if (set.dialect != votes_dialect::label_sets)
            for (const checked_example& one : read_votes(set, *data))
                CHECK_MESSAGE(one.votes.total() == 5, set.name);
}

TEST_CASE("Amazon's votes are for classes, and a third class is neither of the two")
{
    const tests::published_root root;
    root.write("mturk/amazon_mturk.json", R"([
        {"id": 7, "given_original_label": "Positive", "our_guessed_label": "Neutral",
         "mturk": {"positive": 1, "negative": 2, "neutral": 1, "off-topic": 1}},
        {"id": 5, "given_original_label": "Negative", "our_guessed_label": "Positive",
         "mturk": {"positive": 0, "negative": 1, "neutral": 4, "off-topic": 0}}])");
    const auto checked = read_votes<amazon>(root.path());
    REQUIRE(checked.size() == 2);
    CHECK(checked[0].row == 7);
    CHECK(checked[0].item == "amazon5core.txt:7");
    CHECK(checked[0].given_label == 2);
    CHECK(checked[0].guessed_label == 1);
    CHECK(checked[0].votes == votes{.given = 1, .guessed = 1, .other = 2, .off_topic = 1});
    CHECK(checked[1].votes == votes{.given = 1, .guessed = 0, .other = 4});
}

TEST_CASE("sets of labels and single labels have each their own reader")
{
    CHECK(tests::contains(
        tests::message_of<labelerrors::value_error>([] { static_cast<void>(read_votes<audioset>(".")); }),
        "use read_label_votes"));
    CHECK(tests::contains(
        tests::message_of<labelerrors::value_error>([] { static_cast<void>(read_label_votes<mnist>(".")); }),
        "use read_votes"));
}
