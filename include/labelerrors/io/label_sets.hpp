#ifndef LABELERRORS_IO_LABEL_SETS_HPP
#define LABELERRORS_IO_LABEL_SETS_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace labelerrors::io
{

/// A set of labels for each of n examples, one after another in one array.
struct label_sets
{
    std::vector<std::size_t> first = {0};  // (n + 1): where the labels of each example begin, and where all end
    std::vector<std::uint32_t> labels = {};

    /// The number of examples.
    [[nodiscard]] std::size_t size() const noexcept
    {
        return first.size() - 1;
    }

    /// The labels of example `i`, which must be below size(), in stored order.
    [[nodiscard]] std::span<const std::uint32_t> operator[](std::size_t i) const noexcept
    {
        return {labels.data() + first[i], first[i + 1] - first[i]};
    }

    /// Makes what was added to `labels` since the last call the labels of the next example.
    void end_example()
    {
        first.push_back(labels.size());
    }

    bool operator==(const label_sets&) const = default;
};

}  // namespace labelerrors::io

#endif
