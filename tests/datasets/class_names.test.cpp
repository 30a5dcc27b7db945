// The class names against the files that state them.
#include "datasets/published_root.hpp"
#include <labelerrors/datasets/datasets.hpp>
#include <labelerrors/io/json.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace
{

using namespace labelerrors::datasets;

/// The names that the votes file states, by label.
[[nodiscard]] std::map<std::size_t, std::string> stated_names(const dataset_facts& set,
                                                              const std::filesystem::path& root)
{
    std::map<std::size_t, std::string> names;
    for (const auto& entry : labelerrors::io::read_json(published_paths(set, root, published_file::votes).front()))
        for (const std::string key : {"given_original_label", "our_guessed_label"})
            names[entry.at(key).get<std::size_t>()] = entry.at(key + "_name").get<std::string>();
    return names;
}

}  // namespace

TEST_CASE("the class names are those of the votes files")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    const std::map<std::string_view, std::size_t> num_stated{{"mnist", 10},       {"cifar10", 10},   {"cifar100", 100},
                                                             {"caltech256", 255}, {"imagenet", 995}, {"quickdraw", 345},
                                                             {"20news", 20}};
    for (const auto& [name, expected] : num_stated)
    {
        const dataset_facts& set = find_dataset(name);
        CAPTURE(set.name);
        const auto stated = stated_names(set, *data);
        CHECK(stated.size() == expected);
        for (const auto& [label, stated_name] : stated)
            CHECK(set.class_names[label] == stated_name);
    }
}

TEST_CASE("ImageNet's folders are the WordNet ids of its classes, in the order of the labels")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    const auto items = read_items(facts_of<imagenet>(), *data);
    const auto labels = read_published_labels(facts_of<imagenet>(), *data);
    std::size_t agree = 0;
    for (std::size_t row = 0; row < items.names.size(); ++row)
        agree += items.names[row].starts_with(
                     "val/" + std::string(imagenet_wordnet_ids[static_cast<std::size_t>(labels(row))]) + "/")
                     ? 1U
                     : 0U;
    CHECK(agree == 50'000);
    CHECK(std::is_sorted(imagenet_wordnet_ids.begin(), imagenet_wordnet_ids.end()));
}

TEST_CASE("Caltech-256's folders are its classes, numbered from 1, for all 29,780 rows")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    const auto items = read_items(facts_of<caltech256>(), *data);
    const auto labels = read_published_labels(facts_of<caltech256>(), *data);
    std::size_t agree = 0;
    for (std::size_t row = 0; row < items.names.size(); ++row)
    {
        const auto label = static_cast<std::size_t>(labels(row));
        const std::string folder = items.names[row].substr(0, items.names[row].find('/'));
        const std::string name(caltech256_class_names[label]);
        agree += std::stoul(folder) == label + 1 && (folder.substr(4) == name || folder.substr(4) == name + "-101");
    }
    CHECK(agree == 29'780);
    CHECK(caltech256_class_names[250] == "airplanes");
}

TEST_CASE("QuickDraw's classes are in the order of their file names, extension included")
{
    std::vector<std::string> files;
    for (std::size_t label = 0; label < quickdraw::num_classes; ++label)
        files.push_back(quickdraw_file_name(facts_of<quickdraw>(), label));
    CHECK(std::is_sorted(files.begin(), files.end()));
    CHECK(files[0] == "The Eiffel Tower.npy");
    CHECK(files[2] == "The Mona Lisa.npy");
    CHECK(files[7] == "angel.npy");
    CHECK(files[19] == "baseball bat.npy");
    CHECK(files[20] == "baseball.npy");
    CHECK(files[324] == "triangle.npy");
    // The names alone sort otherwise.
    CHECK(!std::is_sorted(quickdraw_class_names.begin(), quickdraw_class_names.end()));
}

TEST_CASE("AudioSet's classes are those of class_labels_indices.csv, 0 being Speech")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    std::ifstream csv(*data / "raw/audioset/class_labels_indices.csv");
    REQUIRE(csv);
    std::string line;
    std::getline(csv, line);
    std::size_t label = 0;
    for (; std::getline(csv, line); ++label)
    {
        while (!line.empty() && line.back() == '\r')
            line.pop_back();
        const std::string name(audioset_class_names.at(label));
        const std::string beginning = std::to_string(label) + ",";
        CHECK_MESSAGE(
            (line.starts_with(beginning) && (line.ends_with(",\"" + name + "\"") || line.ends_with("," + name))), line);
    }
    CHECK(label == 527);
    CHECK(audioset_class_names[0] == "Speech");
}
