// Where the published files are, and what is said where they are not.
#include "datasets/published_root.hpp"
#include <labelerrors/datasets/datasets.hpp>
#include <labelerrors/io/npy_rows.hpp>
#include <labelerrors/io/write_npy.hpp>

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace
{

using namespace labelerrors::datasets;
using tests::contains;

/// A set of two examples and three classes, its probabilities in two parts.
[[nodiscard]] dataset_facts tiny(std::size_t num_parts = 2)
{
    dataset_facts set = facts_of<imagenet>();
    set.num_examples = 2;
    set.num_classes = 3;
    set.class_names = set.class_names.first(3);
    set.num_parts = num_parts;
    return set;
}

constexpr std::string_view pyx = "cross_validated_predicted_probabilities/imagenet_val_set_pyx";

void write_row(const tests::published_root& root, const std::string& ending, double value)
{
    labelerrors::io::write_npy(root.path() / (std::string(pyx) + ending), xt::xtensor<double, 2>({1, 3}, value));
}

[[nodiscard]] std::vector<std::string> names_of(const std::vector<std::filesystem::path>& paths)
{
    std::vector<std::string> names;
    for (const auto& path : paths)
        names.push_back(path.filename().string());
    return names;
}

}  // namespace

TEST_CASE("files are sought in the clone, whether the root is it or holds it")
{
    const tests::temporary_directory holder;
    CHECK(published_labels_path<mnist>(holder / "") ==
          holder / "original_test_labels/mnist_test_set_original_labels.npy");
    std::filesystem::create_directory(holder / "label-errors");
    const auto clone = holder / "label-errors";
    CHECK(published_labels_path<mnist>(holder / "") ==
          clone / "original_test_labels/mnist_test_set_original_labels.npy");
    CHECK(published_predicted_labels_path<caltech256>(clone) ==
          clone / "cross_validated_predicted_labels/caltech256_pyx_argmax_predicted_labels.npy");
    CHECK(published_votes_path<audioset>(clone) == clone / "mturk/audioset_mturk.json");
    CHECK(published_paths(facts_of<mnist>(), clone, published_file::items).empty());
    CHECK(published_paths(facts_of<imdb>(), clone, published_file::items).front() ==
          clone / "dataset_indexing/imdb_test_set_index_to_filename.json");
}

TEST_CASE("probabilities are found in parts, in one file, or in as many files of other names")
{
    const tests::published_root root;
    const auto found = [&]
    {
        return names_of(published_paths(tiny(), root.path(), published_file::pred_probs));
    };
    const std::vector<std::string> published{"imagenet_val_set_pyx.part1_of_2.npy",
                                             "imagenet_val_set_pyx.part2_of_2.npy"};
    CHECK(found() == published);
    write_row(root, ".part1_of_2.npy", 0.25);
    CHECK(found() == published);
    write_row(root, "_b.npy", 0.5);
    CHECK(found() == std::vector<std::string>{"imagenet_val_set_pyx.part1_of_2.npy", "imagenet_val_set_pyx_b.npy"});
    write_row(root, ".npy", 0.125);
    CHECK(found() == std::vector<std::string>{"imagenet_val_set_pyx.npy"});
    write_row(root, ".part2_of_2.npy", 0.75);
    CHECK(found() == published);
    CHECK(names_of(published_pred_probs_paths<amazon>(root.path()))[2] == "amazon_pyx.part3_of_3.npy");
}

TEST_CASE("parts are opened as one matrix, in their order")
{
    const tests::published_root root;
    write_row(root, ".part1_of_2.npy", 0.25);
    CHECK(contains(
        tests::message_of<labelerrors::io_error>([&] { static_cast<void>(open_pred_probs(tiny(), root.path())); }),
        "imagenet_val_set_pyx.part2_of_2.npy: no such file"));
    write_row(root, ".part2_of_2.npy", 0.75);
    const auto matrix = open_pred_probs(tiny(), root.path());
    CHECK(matrix.num_rows() == 2);
    const labelerrors::io::npy_rows<double> rows(matrix);
    CHECK(rows.element(0, 0) == 0.25);
    CHECK(rows.element(1, 2) == 0.75);
    auto other = tiny();
    other.num_examples = 3;
    CHECK(contains(
        tests::message_of<labelerrors::shape_error>([&] { static_cast<void>(open_pred_probs(other, root.path())); }),
        "is 2 x 3 with its other parts, but ImageNet has 3 test examples of 3 classes"));
}

TEST_CASE("labels of another number are refused, and sets of labels")
{
    const tests::published_root root;
    labelerrors::io::write_npy(root.path() / "original_test_labels/imagenet_val_set_original_labels.npy",
                               xt::xtensor<std::uint16_t, 1>({3}, std::uint16_t{1}));
    CHECK(contains(tests::message_of<labelerrors::shape_error>(
                       [&] { static_cast<void>(read_published_labels(tiny(), root.path())); }),
                   "has 3 labels, but ImageNet has 2 test examples"));
    CHECK(contains(
        tests::message_of<labelerrors::value_error>([&] { static_cast<void>(open_published<audioset>(root.path())); }),
        "AudioSet has a set of labels for each example, not one"));
}

TEST_CASE("what is missing says which file, where it was sought and how to get it")
{
    const tests::published_root root;
    for (const dataset_facts& set : all_facts)
    {
        CAPTURE(set.name);
        for (const auto what : {published_file::labels, published_file::predicted_labels, published_file::pred_probs,
                                published_file::votes})
        {
            const auto path = published_paths(set, root.path(), what).front();
            const auto message = tests::message_of<labelerrors::io_error>(
                [&] { static_cast<void>(require_files(set, root.path(), what)); });
            CHECK(message.starts_with(path.string() + ": no such file (" + std::string(set.title)));
            CHECK(contains(message, "sought in " + path.parent_path().string()));
            const bool is_release = what == published_file::pred_probs && set.name == "quickdraw";
            CHECK(contains(message, is_release
                                        ? "download it from https://github.com/cleanlab/label-errors/releases/tag/"
                                          "quickdraw-pyx-v1"
                                        : "git clone https://github.com/cleanlab/label-errors"));
        }
    }
}

TEST_CASE("what is no file where one is sought is not waited for but refused")
{
    const tests::published_root root;
    const auto path = root.path() / "mturk/imdb_mturk.json";
    const auto message = [&]
    {
        return tests::message_of<labelerrors::io_error>(
            [&] { static_cast<void>(require_files(facts_of<imdb>(), root.path(), published_file::votes)); });
    };
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    CHECK_FALSE(has_files(facts_of<imdb>(), root.path(), published_file::votes));
    CHECK(message().starts_with(path.string() + ": is a folder, pipe or device, not a file (IMDB, votes; sought in "));
    CHECK(contains(message(), "git clone https://github.com/cleanlab/label-errors"));
    std::filesystem::remove(path);
    std::filesystem::create_directory(path);
    CHECK(contains(message(), "not a file (IMDB, votes"));
    std::filesystem::remove(path);
    std::filesystem::create_symlink(root.write("votes.json", "[]"), path);
    CHECK(has_files(facts_of<imdb>(), root.path(), published_file::votes));
    CHECK(message().empty());
}

TEST_CASE("what is there of each set is listed, each part for itself")
{
    const tests::published_root root;
    write_row(root, ".part2_of_2.npy", 1);
    const auto files = present_files(tiny(), root.path());
    std::vector<bool> present;
    for (const auto& file : files)
        present.push_back(file.present);
    CHECK(present == std::vector<bool>{false, false, false, true, false, false});
    CHECK(files[3].what == published_file::pred_probs);
    CHECK(files[3].path.filename() == "imagenet_val_set_pyx.part2_of_2.npy");
    CHECK(files[5].what == published_file::items);
    CHECK(present_files(facts_of<amazon>(), root.path()).size() == 6);
    CHECK(present_files(facts_of<mnist>(), root.path()).size() == 4);
}

TEST_CASE("four published sets are opened whole, the others without their probabilities")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    for (const std::string_view name : {"mnist", "cifar10", "20news", "imdb"})
    {
        CAPTURE(name);
        const dataset_facts& set = find_dataset(name);
        const auto published = open_published(set, *data);
        CHECK(published.labels.size() == set.num_examples);
        CHECK(published.pred_probs.num_columns() == set.num_classes);
        CHECK(with_dataset(name, [&](auto d) { return open_published<decltype(d)>(*data).labels.size(); }) ==
              set.num_examples);
    }
    for (const std::string_view name : {"cifar100", "caltech256", "imagenet"})
        CHECK(read_published_labels(find_dataset(name), *data).size() == find_dataset(name).num_examples);
}

TEST_CASE("AudioSet's 20,371 sets of labels are read, and other sets have none")
{
    CHECK(contains(tests::message_of<labelerrors::value_error>(
                       [] { static_cast<void>(read_published_label_sets(facts_of<mnist>(), "")); }),
                   "MNIST has one label for each example; use read_published_labels"));
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    const auto sets = read_published_label_sets(facts_of<audioset>(), *data);
    CHECK(sets.size() == 20'371);
    std::size_t num_labels = 0;
    for (const auto& set : sets)
        num_labels += set.size();
    CHECK(num_labels == 51'804);  // num_positive_labels of eval_segments.csv
    auto fewer_classes = facts_of<audioset>();
    fewer_classes.num_classes = 526;
    CHECK_THROWS_AS(static_cast<void>(read_published_label_sets(fewer_classes, *data)), labelerrors::value_error);
    auto more_examples = facts_of<audioset>();
    more_examples.num_examples += 1;
    CHECK_THROWS_AS(static_cast<void>(read_published_label_sets(more_examples, *data)), labelerrors::shape_error);
}
