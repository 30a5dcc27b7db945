// Pickles, alone and inside a .npy of objects: sets of labels, lists of texts, and every value that a pickle makes.
#include "fuzz/fuzz.hpp"
#include <labelerrors/io/input_file.hpp>
#include <labelerrors/io/npy_array.hpp>
#include <labelerrors/io/pickle.hpp>
#include <labelerrors/io/read_object_array.hpp>

#include <memory>
#include <vector>

namespace
{

using labelerrors::io::pickle;
using labelerrors::io::pickle_kind;
using labelerrors::io::pickle_value;

/// Looks at values and what is in them, `left` of them at most: a list may hold itself.
void look_at_values(const pickle& content, std::size_t left)
{
    std::vector<const pickle_value*> next{&content.root()};
    while (!next.empty() && left-- > 0)
    {
        const pickle_value& value = *next.back();
        next.pop_back();
        fuzz::look_at(content.text(value));
        if (value.kind == pickle_kind::array)
            fuzz::expect_result_or_error(
                [&]
                {
                    for (const std::byte byte : content.array(value).bytes)
                        fuzz::look_at(std::to_integer<std::uint8_t>(byte));
                });
        const auto items = content.items(value);
        next.insert(next.end(), items.begin(), items.end());
        const pickle_value* const found = content.find(value, "data");
        fuzz::look_at(found == nullptr ? 0 : found->integer);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace labelerrors;
    static const fuzz::memory_file file;
    file.assign({data, size});
    fuzz::expect_result_or_error(
        [&]
        {
            const auto sets = io::read_label_sets(file.path());
            for (std::size_t i = 0; i < sets.size(); ++i)
                fuzz::look_at(sets[i]);
        });
    fuzz::expect_result_or_error([&] { fuzz::look_at(io::read_string_lists(file.path())); });
    // As a large file, of which the header is read first.
    fuzz::expect_result_or_error(
        [&]
        {
            const auto on_disk = std::make_shared<const io::input_file>(file.path(), 0);
            const io::detail::stored_file stored{*on_disk, on_disk, "pickle"};
            fuzz::look_at(io::detail::holds_objects(stored) ? 1 : 0);
            fuzz::expect_result_or_error([&] { fuzz::look_at(io::detail::object_header(stored).shape); });
            fuzz::look_at(io::read_label_sets(stored).labels);
        });
    fuzz::expect_result_or_error(
        [&]
        {
            const auto content = io::read_pickle(std::as_bytes(std::span(data, size)), 0, "pickle");
            look_at_values(content, 1000);
        });
    return 0;
}
