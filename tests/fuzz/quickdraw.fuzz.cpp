// QuickDraw's bitmap files, which are .npy of one kind.
#include "fuzz/fuzz.hpp"
#include <labelerrors/io/quickdraw_bitmaps.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace labelerrors;
    static const fuzz::memory_file file;
    static const fuzz::directory directory;
    static const auto path = directory.link("cat.npy", file);
    fuzz::taken choice({data, size});
    const auto row = choice.value<std::uint16_t>();
    file.assign(choice.rest());
    fuzz::expect_result_or_error(
        [&]
        {
            const auto files = io::quickdraw_counts(directory.path());
            fuzz::look_at(files.first);
            const auto place = io::quickdraw_location(files, row);
            fuzz::look_at(io::quickdraw_index(files, place));
        });
    fuzz::expect_result_or_error([&] { fuzz::look_at(io::read_quickdraw_bitmap(directory.path(), "cat.npy", row)); });
    return 0;
}
