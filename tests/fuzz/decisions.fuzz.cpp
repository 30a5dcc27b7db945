// One's own decisions about labels, lines of JSON, for labels and for sets of them.
#include "fuzz/fuzz.hpp"
#include <labelerrors/datasets/read_decisions.hpp>

#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace labelerrors;
    static const fuzz::memory_file file;
    file.assign({data, size});
    static const std::vector<std::int64_t> labels{0, 1, 2, 3, 2, 1, 0};
    static const std::vector<std::vector<std::size_t>> sets{{0}, {1, 2}, {}, {3}};
    constexpr std::size_t num_classes = 4;
    fuzz::expect_result_or_error(
        [&]
        {
            const auto decided = datasets::read_decisions(file.path(), labels, num_classes);
            fuzz::look_at(corrections::apply_decisions(std::span(labels), decided, num_classes).labels);
        });
    fuzz::expect_result_or_error(
        [&]
        {
            const auto decided = datasets::read_decisions(file.path(), sets, num_classes);
            fuzz::look_at(corrections::apply_decisions(std::span(sets), decided, num_classes).labels);
        });
    return 0;
}
