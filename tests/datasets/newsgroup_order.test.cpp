// The order of 20news, computed as scikit-learn computes it.
#include "datasets/published_root.hpp"
#include <labelerrors/datasets/datasets.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <span>
#include <vector>

using namespace labelerrors::datasets;

TEST_CASE("shuffles are those of numpy's RandomState")
{
    // numpy.random.RandomState(s).permutation(10), which shuffles arange(10).
    std::array<std::size_t, 10> numbers{};
    std::iota(numbers.begin(), numbers.end(), std::size_t{0});
    shuffle_as_numpy(numbers, 0);
    CHECK(numbers == std::array<std::size_t, 10>{2, 8, 4, 9, 1, 6, 7, 3, 0, 5});
    std::iota(numbers.begin(), numbers.end(), std::size_t{0});
    shuffle_as_numpy(numbers, 42);
    CHECK(numbers == std::array<std::size_t, 10>{8, 1, 5, 0, 7, 2, 9, 4, 3, 6});
    shuffle_as_numpy({}, 0);
    shuffle_as_numpy(std::span(numbers).first(1), 0);
    CHECK(numbers[0] == 8);
}

TEST_CASE("the labels of the folders, shuffled twice, are the published labels, all 7,532")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    std::vector<std::size_t> by_folder;
    for (std::size_t label = 0; label < newsgroup_sizes.size(); ++label)
        by_folder.insert(by_folder.end(), newsgroup_sizes[label], label);
    const auto order = newsgroup_order();
    const auto labels = read_published_labels(facts_of<news20>(), *data);
    REQUIRE(order.size() == 7532);
    std::size_t agree = 0;
    for (std::size_t row = 0; row < order.size(); ++row)
        agree += by_folder[order[row]] == static_cast<std::size_t>(labels(row)) ? 1U : 0U;
    CHECK(agree == 7532);
}

TEST_CASE("every post has one row")
{
    auto order = newsgroup_order();
    std::sort(order.begin(), order.end());
    for (std::size_t i = 0; i < order.size(); ++i)
        REQUIRE(order[i] == i);
}
