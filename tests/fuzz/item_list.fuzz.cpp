// The lists of items in JSON, which say what the rows of four sets are. The first byte chooses the set.
#include "fuzz/fuzz.hpp"
#include <labelerrors/datasets/item.hpp>
#include <labelerrors/datasets/registry.hpp>

#include <array>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace labelerrors;
    static const fuzz::memory_file file;
    static const fuzz::directory directory;
    static const std::array<std::string_view, 4> sets{"caltech256", "imagenet", "imdb", "audioset"};
    static const bool linked = [&]
    {
        for (const auto name : sets)
            directory.link("dataset_indexing/" + std::string(datasets::find_dataset(name).items_file), file);
        return true;
    }();
    static_cast<void>(linked);
    fuzz::taken choice({data, size});
    auto facts = datasets::find_dataset(sets[choice.below(sets.size())]);
    facts.num_examples = 4;
    file.assign(choice.rest());
    fuzz::expect_result_or_error(
        [&]
        {
            const auto items = datasets::read_items(facts, directory.path());
            for (std::size_t row = 0; row < facts.num_examples; ++row)
            {
                const auto item = datasets::item_at(items, row);
                fuzz::look_at(item.text());
                fuzz::look_at(datasets::rows_of(items, item.text()));
                fuzz::expect_result_or_error([&] { fuzz::look_at(datasets::row_of(items, item.file)); });
            }
        });
    return 0;
}
