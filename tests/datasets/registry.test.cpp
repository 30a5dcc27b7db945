// The facts of the ten test sets, and their names at run time.
#include "datasets/published_root.hpp"
#include <labelerrors/datasets/datasets.hpp>

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <string_view>
#include <type_traits>

namespace
{

using namespace labelerrors::datasets;

struct no_names
{
    static constexpr std::string_view name = "mine";
    static constexpr std::string_view title = "Mine";
    static constexpr std::string_view file_stem = "mine";
    static constexpr std::string_view votes_stem = "mine";
    static constexpr std::size_t num_examples = 10;
    static constexpr std::size_t num_classes = 2;
    static constexpr auto modality = labelerrors::datasets::modality::text;
    static constexpr auto dialect = votes_dialect::given_guessed_neither;
    static constexpr auto items = item_source::file_rows;
};

struct named : no_names
{
    static constexpr std::array<std::string_view, 2> class_names{"no", "yes"};
};

static_assert(dataset<mnist> && dataset<cifar10> && dataset<cifar100> && dataset<caltech256> && dataset<imagenet>);
static_assert(dataset<quickdraw> && dataset<news20> && dataset<imdb> && dataset<amazon> && dataset<audioset>);
static_assert(dataset<named>);
static_assert(!dataset<no_names> && !dataset<int>);

// What an adapter leaves out.
static_assert(facts_of<named>().num_parts == 1 && facts_of<named>().num_flagged == 0);
static_assert(facts_of<named>().key == votes_key::row && facts_of<named>().items_file.empty());

}  // namespace

TEST_CASE("there are ten test sets, with the sizes that were published")
{
    struct size
    {
        std::string_view name;
        std::size_t num_examples;
        std::size_t num_classes;
        std::size_t num_parts;
    };
    const size sizes[] = {{"mnist", 10'000, 10, 1},      {"cifar10", 10'000, 10, 1},
                          {"cifar100", 10'000, 100, 1},  {"caltech256", 29'780, 256, 1},
                          {"imagenet", 50'000, 1000, 4}, {"quickdraw", 50'426'266, 345, 1},
                          {"20news", 7532, 20, 1},       {"imdb", 25'000, 2, 1},
                          {"amazon", 9'996'437, 3, 3},   {"audioset", 20'371, 527, 1}};
    REQUIRE(all_facts.size() == std::size(sizes));
    for (std::size_t i = 0; i < all_facts.size(); ++i)
    {
        CAPTURE(sizes[i].name);
        CHECK(all_facts[i].name == sizes[i].name);
        CHECK(dataset_names[i] == sizes[i].name);
        CHECK(all_facts[i].num_examples == sizes[i].num_examples);
        CHECK(all_facts[i].num_classes == sizes[i].num_classes);
        CHECK(all_facts[i].num_parts == sizes[i].num_parts);
        CHECK(all_facts[i].class_names.size() == sizes[i].num_classes);
    }
}

TEST_CASE("no two classes of a set have one name, and none is empty")
{
    for (const dataset_facts& set : all_facts)
    {
        CAPTURE(set.name);
        CHECK(std::set<std::string_view>(set.class_names.begin(), set.class_names.end()).size() == set.num_classes);
        for (const auto name : set.class_names)
            CHECK(!name.empty());
    }
}

TEST_CASE("a set is found by its name, as facts and as a type")
{
    CHECK(find_dataset("caltech256").title == "Caltech-256");
    for (const auto name : dataset_names)
        CHECK(with_dataset(name, [](auto set) { return std::string_view(decltype(set)::name); }) == name);
    CHECK(with_dataset("20news", [](auto set) { return std::is_same_v<decltype(set), news20>; }));
}

TEST_CASE("an unknown name is refused with the names that there are")
{
    const auto message =
        tests::message_of<labelerrors::value_error>([] { static_cast<void>(find_dataset("CIFAR-10")); });
    CHECK(message ==
          "find_dataset: name must be one of mnist, cifar10, cifar100, caltech256, imagenet, quickdraw, 20news, "
          "imdb, amazon, audioset, but is 'CIFAR-10'");
    CHECK_THROWS_AS(with_dataset("", [](auto) { return 0; }), labelerrors::value_error);
}

TEST_CASE("the words for modalities and files are theirs")
{
    CHECK(name_of(quickdraw::modality) == "drawing");
    CHECK(name_of(audioset::modality) == "audio");
    CHECK(name_of(published_file::pred_probs) == "probabilities");
    CHECK(name_of(published_file::items) == "list of items");
}
