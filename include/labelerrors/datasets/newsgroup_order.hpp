#ifndef LABELERRORS_DATASETS_NEWSGROUP_ORDER_HPP
#define LABELERRORS_DATASETS_NEWSGROUP_ORDER_HPP

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <random>
#include <span>
#include <utility>
#include <vector>

namespace labelerrors::datasets
{

/// How many posts each folder of 20news-bydate-test has, in the order of their names, which is that of the labels.
inline constexpr std::array<std::size_t, 20> newsgroup_sizes{319, 389, 394, 392, 385, 395, 390, 396, 398, 397,
                                                             399, 396, 393, 396, 394, 398, 364, 376, 310, 251};

/// Shuffles as numpy.random.RandomState(seed).shuffle does for a sequence of less than 2^32 elements: Fisher and Yates
/// from the end, each position drawn from MT19937 by rejection of what is too large after masking. O(size).
inline void shuffle_as_numpy(std::span<std::size_t> elements, std::uint32_t seed)
{
    std::mt19937 generator(seed);
    for (std::size_t i = elements.size(); i-- > 1;)
    {
        const auto last = static_cast<std::uint32_t>(i);
        const auto mask = static_cast<std::uint32_t>(std::bit_ceil(std::uint64_t{last} + 1) - 1);
        std::uint32_t drawn = 0;
        do
            drawn = static_cast<std::uint32_t>(generator()) & mask;
        while (drawn > last);
        std::swap(elements[i], elements[drawn]);
    }
}

/// Which post the rows of the 20 Newsgroups test set are: for each row the position among all files of
/// 20news-bydate-test, sorted by folder and then by name, both as strings.
/// Source: scikit-learn's load_files, which shuffles by seed 0 what it finds so sorted, and fetch_20newsgroups, which
/// shuffles that again by seed 42.
[[nodiscard]] inline std::vector<std::size_t> newsgroup_order()
{
    std::vector<std::size_t> order(std::accumulate(newsgroup_sizes.begin(), newsgroup_sizes.end(), std::size_t{0}));
    std::iota(order.begin(), order.end(), std::size_t{0});
    shuffle_as_numpy(std::span(order), 0);
    shuffle_as_numpy(std::span(order), 42);
    return order;
}

}  // namespace labelerrors::datasets

#endif
