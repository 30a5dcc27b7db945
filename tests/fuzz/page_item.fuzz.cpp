// Files of a test set as a page shows them: images are told from texts, and texts may be any bytes.
#include "fuzz/fuzz.hpp"
#include <labelerrors/report/file_item.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace labelerrors;
    static const fuzz::memory_file file;
    fuzz::taken choice({data, size});
    report::file_item_options options;
    options.encoding = choice.flag() ? report::text_encoding::latin_1 : report::text_encoding::utf_8;
    options.most_text_bytes = choice.value<std::uint8_t>();
    options.most_image_bytes = choice.value<std::uint16_t>();
    file.assign(choice.rest());
    fuzz::expect_result_or_error(
        [&]
        {
            const auto item = report::file_item(file.path(), "item", options);
            fuzz::look_at(item.content + item.note + item.location + item.name);
        });
    return 0;
}
