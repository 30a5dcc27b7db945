// The names of classes, one a line.
#include "fuzz/fuzz.hpp"
#include <labelerrors/io/read_class_names.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const fuzz::memory_file file;
    fuzz::taken choice({data, size});
    const auto num_classes = choice.value<std::uint8_t>();
    file.assign(choice.rest());
    fuzz::expect_result_or_error(
        [&]
        {
            const auto names = labelerrors::io::read_class_names(file.path(), num_classes);
            if (names.size() != num_classes)
                std::abort();
            fuzz::look_at(names);
        });
    return 0;
}
