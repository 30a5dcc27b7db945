#include <labelerrors/core/sparse_row.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

using labelerrors::pairwise_sum;
using labelerrors::round_preserving_sum;
using labelerrors::detail::pairwise_sum_of;
using labelerrors::detail::round_preserving_sum_of;
using labelerrors::detail::sparse_row;
using labelerrors::detail::value_at;

namespace
{

[[nodiscard]] sparse_row entries_of(const std::vector<double>& values)
{
    sparse_row row;
    for (std::size_t j = 0; j < values.size(); ++j)
        if (values[j] != 0.0)
            row.push_back({j, values[j]});
    return row;
}

/// Rows of which one value in `spacing` is not zero. Halves and quarters make ties and sums that rounding misses.
[[nodiscard]] std::vector<double> made_row(std::mt19937_64& random, std::size_t num_columns, std::size_t spacing)
{
    std::vector<double> values(num_columns);
    const bool coarse = random() % 2 == 0;
    for (double& value : values)
        if (random() % spacing == 0)
            value = coarse ? static_cast<double>(random() % 12) / 4.0 : static_cast<double>(random() >> 11) * 0x1p-51;
    return values;
}

}  // namespace

TEST_CASE("sums of more entries than numpy adds up at a time are those of the whole row, too")
{
    std::mt19937_64 random(13);
    for (const std::size_t k : {8192u, 8193u, 16'384u, 20'011u, 40'000u})
        for (const std::size_t spacing : {std::size_t{1}, std::size_t{20}, std::size_t{5000}})
            for (int round = 0; round < 8; ++round)
            {
                const auto values = made_row(random, k, spacing);
                CHECK(pairwise_sum_of(entries_of(values), k) ==
                      pairwise_sum(k, [&](std::size_t j) { return values[j]; }));
            }
}

TEST_CASE("sums and rounding of the entries are those of the whole row, to the last bit")
{
    std::mt19937_64 random(11);
    for (std::size_t k = 1; k < 1200; k += 1 + k / 20)
        for (const std::size_t spacing : {std::size_t{1}, std::size_t{3}, std::size_t{20}, std::size_t{200}})
            for (int round = 0; round < 8; ++round)
            {
                const auto values = made_row(random, k, spacing);
                auto row = entries_of(values);
                CHECK(pairwise_sum_of(row, k) == pairwise_sum(k, [&](std::size_t j) { return values[j]; }));
                const auto expected = round_preserving_sum(values);
                round_preserving_sum_of(row, k);
                std::vector<std::int64_t> rounded(k);
                for (const auto& entry : row)
                {
                    CHECK(entry.value != 0.0);
                    rounded[entry.column] = static_cast<std::int64_t>(entry.value);
                }
                CHECK(rounded == expected);
            }
}

TEST_CASE("numbers that are zero make up for the sum where no other can")
{
    // 0.5 + 0.5 + 0.5 + 0.5 rounds to 0 + 0 + 0 + 0: of equal excesses the last two are raised.
    sparse_row halves{{1, 0.5}, {3, 0.5}, {4, 0.5}, {6, 0.5}};
    round_preserving_sum_of(halves, 8);
    REQUIRE(halves.size() == 2);
    CHECK(halves[0].column == 4);
    CHECK(halves[1].column == 6);
    // Whole numbers miss no sum, and 2.5 + 2.5 = 5 takes one from neither side of zero.
    sparse_row even{{0, 2.5}, {2, 2.5}};
    round_preserving_sum_of(even, 3);
    CHECK(value_at(even, 0) + value_at(even, 2) == 5.0);
    CHECK(value_at(even, 1) == 0.0);
}

TEST_CASE("an entry is found by its column")
{
    const sparse_row row{{2, 0.5}, {7, 1.5}};
    CHECK(value_at(row, 2) == 0.5);
    CHECK(value_at(row, 7) == 1.5);
    CHECK(value_at(row, 0) == 0.0);
    CHECK(value_at(row, 8) == 0.0);
    CHECK(value_at({}, 0) == 0.0);
}

TEST_CASE("a number that no integer holds is refused as in a whole row")
{
    sparse_row row{{1, 0x1p53}};
    CHECK_THROWS_WITH(round_preserving_sum_of(row, 3),
                      "round_preserving_sum: values[1] must be finite and below 2^53 in magnitude");
}

TEST_CASE("numbers whose sum no integer holds are refused as in a whole row, also where each is below 2^53")
{
    constexpr const char* too_many = "round_preserving_sum: the sum of values must be below 2^53 in magnitude";
    // The longer row sums to more than 2^63, which no integer of 64 bits holds either.
    for (const std::size_t k : {std::size_t{2}, std::size_t{1100}})
    {
        const std::vector<double> values(k, 0x1p53 - 1.0);
        sparse_row row = entries_of(values);
        CHECK_THROWS_WITH(round_preserving_sum_of(row, k), too_many);
        CHECK_THROWS_WITH(static_cast<void>(round_preserving_sum(values)), too_many);
    }
    const std::vector<double> halves(2, 0x1p51);
    sparse_row row = entries_of(halves);
    round_preserving_sum_of(row, 2);
    CHECK(value_at(row, 0) == 0x1p51);
    CHECK(value_at(row, 1) == 0x1p51);
}
