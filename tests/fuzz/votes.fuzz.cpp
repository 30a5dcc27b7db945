// The votes files in all their dialects. The first byte chooses the set, which is cut down to a few examples, since
// each reading needs the list of what they are.
#include "fuzz/fuzz.hpp"
#include <labelerrors/datasets/registry.hpp>
#include <labelerrors/datasets/vote_counts.hpp>
#include <labelerrors/datasets/votes_file.hpp>

#include <string>

namespace
{

constexpr std::string_view names = R"(["val/n01440764/ILSVRC2012_val_00000293.JPEG", "neg/10003_3.txt",
    "256_ObjectCategories/001.ak47/001_0001.jpg", "http://youtu.be/ab?start=30&end=40"])";

[[nodiscard]] std::filesystem::path published_root(const fuzz::memory_file& votes)
{
    static const fuzz::memory_file list;
    static const fuzz::directory directory;
    static const bool made = [&]
    {
        list.assign({reinterpret_cast<const std::uint8_t*>(names.data()), names.size()});
        for (const auto& facts : labelerrors::datasets::all_facts)
        {
            directory.link("mturk/" + std::string(facts.votes_stem) + "_mturk.json", votes);
            if (labelerrors::datasets::is_listed(facts.items))
                directory.link("dataset_indexing/" + std::string(facts.items_file), list);
        }
        return true;
    }();
    static_cast<void>(made);
    return directory.path();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace labelerrors;
    static const fuzz::memory_file file;
    fuzz::taken choice({data, size});
    auto facts = datasets::all_facts[choice.below(datasets::all_facts.size())];
    facts.num_examples = 4;
    facts.num_flagged = 0;
    file.assign(choice.rest());
    const auto root = published_root(file);
    fuzz::expect_result_or_error(
        [&]
        {
            const auto votes = datasets::read_votes(facts, root);
            for (const auto& one : votes)
                fuzz::look_at(one.item);
            fuzz::look_at(datasets::count_votes(facts, votes).errors);
        });
    fuzz::expect_result_or_error(
        [&]
        {
            const auto votes = datasets::read_label_votes(facts, root);
            for (const auto& one : votes)
            {
                fuzz::look_at(one.item);
                fuzz::look_at(one.guessed_labels);
            }
            fuzz::look_at(datasets::count_votes(facts, votes).errors);
        });
    return 0;
}
