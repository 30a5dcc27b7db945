#include <labelerrors/core/pairwise_sum.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <vector>

using labelerrors::pairwise_sum;

TEST_CASE("every value is summed once, for every count")
{
    for (std::size_t count = 0; count <= 1100; ++count)
    {
        std::vector<int> read(count);
        const double sum = pairwise_sum(count,
                                        [&](std::size_t i)
                                        {
                                            ++read[i];
                                            return static_cast<double>(i + 1);
                                        });
        // Integers of this size add without rounding: n (n + 1) / 2.
        CHECK(sum == static_cast<double>(count * (count + 1) / 2));
        CHECK(read == std::vector<int>(count, 1));
    }
}

TEST_CASE("fewer than eight values are summed from the first to the last")
{
    // From the left 1 is lost beside 2^53; from the right 1 + 1 is not.
    const std::vector<double> values{0x1p53, 1.0, 1.0};
    CHECK(pairwise_sum(3, [&](std::size_t i) { return values[i]; }) == 0x1p53);
    CHECK(pairwise_sum(3, [&](std::size_t i) { return values[2 - i]; }) == 0x1p53 + 2.0);
}

TEST_CASE("eight to 128 values are summed in eight lanes, and what is left over last")
{
    // Lane 0 gets 2^53 and the value at 8, which is lost; the value at 1 meets the one at 9 in lane 1 first.
    std::vector<double> values(16, 0.0);
    values[0] = 0x1p53;
    values[8] = 1.0;
    CHECK(pairwise_sum(16, [&](std::size_t i) { return values[i]; }) == 0x1p53);
    values[8] = 0.0;
    values[1] = 1.0;
    values[9] = 1.0;
    CHECK(pairwise_sum(16, [&](std::size_t i) { return values[i]; }) == 0x1p53 + 2.0);
    // Seventeen: the one after the lanes is added to the whole.
    values.push_back(2.0);
    CHECK(pairwise_sum(17, [&](std::size_t i) { return values[i]; }) == 0x1p53 + 4.0);
}

TEST_CASE("more than 128 values are summed in halves whose first has a multiple of eight")
{
    // 129 = 64 + 65: the 1 at 64 meets the 1 at 128 in the second half, so neither is lost.
    std::vector<double> values(129, 0.0);
    values[0] = 0x1p53;
    values[64] = 1.0;
    values[128] = 1.0;
    CHECK(pairwise_sum(129, [&](std::size_t i) { return values[i]; }) == 0x1p53 + 2.0);
    values[64] = 0.0;
    values[56] = 1.0;
    CHECK(pairwise_sum(129, [&](std::size_t i) { return values[i]; }) == 0x1p53);
}

TEST_CASE("a sum of tenths is numpy's, which is off by a few units in the last place only")
{
    constexpr std::size_t count = 1'000'000;
    double running = 0.0;
    for (std::size_t i = 0; i < count; ++i)
        running += 0.1;
    const double sum = pairwise_sum(count, [](std::size_t) { return 0.1; });
    CHECK(sum == 0x1.869fffffffff2p+16);  // numpy.sum(numpy.full(10**6, 0.1)) by numpy 1.24
    CHECK(std::abs(running - 1e5) > 1e-7);
}

TEST_CASE("more than 8,192 values are summed a buffer of numpy's at a time")
{
    // By halves the first 1 would meet those of the next buffer before it meets 2^53; numpy loses it, and the last
    // buffer's two are a 2 before they come.
    std::vector<double> values(3 * 8192, 0.0);
    values[0] = 0x1p53;
    values[8192] = 1.0;
    values[2 * 8192] = 1.0;
    values[3 * 8192 - 1] = 1.0;
    CHECK(pairwise_sum(values.size(), [&](std::size_t i) { return values[i]; }) == 0x1p53 + 2.0);
    values[3 * 8192 - 1] = 0.0;
    CHECK(pairwise_sum(values.size(), [&](std::size_t i) { return values[i]; }) == 0x1p53);
    CHECK(pairwise_sum(8193, [&](std::size_t i) { return i == 0 ? 0x1p53 : i % 8192 == 0 ? 1.0 : 0.0; }) == 0x1p53);
}
