// AudioSet's two tables: the list of classes and the segments, a byte of 0 between them in the input.
#include "fuzz/fuzz.hpp"
#include <labelerrors/io/audioset_csv.hpp>

#include <algorithm>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace labelerrors;
    static const fuzz::memory_file classes_file;
    static const fuzz::memory_file segments_file;
    const auto* const end = data + size;
    const auto* const middle = std::find(data, end, std::uint8_t{0});
    classes_file.assign({data, middle});
    segments_file.assign({std::min(middle + 1, end), end});
    std::vector<io::audioset_class> classes;
    std::vector<io::audioset_segment> segments;
    fuzz::expect_result_or_error([&] { classes = io::read_audioset_classes(classes_file.path()); });
    fuzz::expect_result_or_error([&] { segments = io::read_audioset_segments(segments_file.path()); });
    for (const auto& one : classes)
        fuzz::look_at(one.mid + one.display_name);
    for (const auto& one : segments)
    {
        fuzz::look_at(one.video);
        fuzz::look_at(one.mids);
    }
    fuzz::expect_result_or_error([&] { fuzz::look_at(io::audioset_label_sets(segments, classes).labels); });
    return 0;
}
