#include <labelerrors/core/margin_bounds.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <type_traits>
#include <vector>

using labelerrors::detail::choose_columns;
using labelerrors::detail::has_margin;
using labelerrors::detail::label_pairs;
using labelerrors::detail::margin_bounds;

TEST_CASE_TEMPLATE("the columns that reach their bounds are those that a plain loop finds", T, double, float)
{
    std::mt19937_64 random(20);
    std::size_t found = 0;
    for (std::size_t k = 1; k < 80; ++k)
        for (int round = 0; round < 20; ++round)
        {
            std::vector<T> row(k);
            std::vector<T> bounds(k);
            for (std::size_t j = 0; j < k; ++j)
            {
                row[j] = static_cast<T>(static_cast<int>(random() % 9) - 1) / T{16};
                bounds[j] = static_cast<T>(static_cast<int>(random() % 40) - 5) / T{16};
            }
            const T given = static_cast<T>(random() % 4) / T{16};
            std::vector<std::uint32_t> expected;
            for (std::size_t j = 0; j < k; ++j)
                if (std::max(row[j], T{0}) - given >= bounds[j])
                    expected.push_back(static_cast<std::uint32_t>(j));
            std::vector<std::uint32_t> columns(k);
            columns.resize(
                choose_columns<T>(row.size(), has_margin<T>{row.data(), given, bounds.data()}, columns.data()));
            CHECK(columns == expected);
            found += columns.size();
        }
    CHECK(found > 1000);
}

TEST_CASE("of halves no column is missed that reaches its bound above the label's value")
{
    using labelerrors::float16;
    using labelerrors::to_float16;
    std::mt19937_64 random(21);
    std::size_t found = 0;
    std::size_t too_many = 0;
    for (std::size_t k = 1; k < 80; ++k)
        for (int round = 0; round < 20; ++round)
        {
            std::vector<float16> row(k);
            std::vector<float16> bounds(k);
            for (std::size_t j = 0; j < k; ++j)
            {
                row[j] = to_float16(static_cast<float>(static_cast<int>(random() % 1000) - 1) / 3000.0F);
                bounds[j] = to_float16(random() % 4 == 0 ? std::numeric_limits<float>::infinity()
                                                         : static_cast<float>(random() % 1000) / 7000.0F);
            }
            const float16 given = to_float16(static_cast<float>(random() % 1000) / 3000.0F);
            std::vector<std::uint32_t> columns(k);
            columns.resize(
                choose_columns<float16>(k, has_margin<float16>{row.data(), given, bounds.data()}, columns.data()));
            std::vector<std::uint32_t> expected;
            for (std::size_t j = 0; j < k; ++j)
                if (static_cast<double>(row[j]) - static_cast<double>(given) >= static_cast<double>(bounds[j]))
                    expected.push_back(static_cast<std::uint32_t>(j));
            CHECK(std::includes(columns.begin(), columns.end(), expected.begin(), expected.end()));
            found += expected.size();
            too_many += columns.size() - expected.size();
        }
    CHECK(found > 10'000);
    CHECK(too_many < 2 * found);
}

TEST_CASE("the pair of a column is found, whether a label has many pairs or few")
{
    // Of 100 classes label 0 has 7 pairs, label 1 has 4, and the others none.
    std::vector<std::size_t> first_pair(101, 11);
    first_pair[0] = 0;
    first_pair[1] = 7;
    const std::vector<std::size_t> true_labels{10, 20, 30, 40, 50, 60, 99, 0, 2, 3, 4};
    const label_pairs pairs(first_pair, true_labels);
    CHECK(pairs.num_classes() == 100);
    CHECK(pairs.size() == 11);
    CHECK(pairs.has_many(0));
    CHECK(!pairs.has_many(1));
    CHECK(!pairs.has_many(2));
    for (std::size_t given = 0; given < 100; ++given)
        for (std::size_t column = 0; column < 100; ++column)
        {
            const auto from = true_labels.begin() + static_cast<std::ptrdiff_t>(pairs.begin(given));
            const auto to = true_labels.begin() + static_cast<std::ptrdiff_t>(pairs.end(given));
            const auto at = std::find(from, to, column);
            const auto found = pairs.find(given, column);
            REQUIRE(found.has_value() == (at != to));
            if (found)
            {
                CHECK(*found == static_cast<std::size_t>(at - true_labels.begin()));
                CHECK(pairs.true_label(*found) == column);
            }
        }
}

TEST_CASE_TEMPLATE("a pair is shown the rows above its bound, and what raises the bound counts from the next row on", T,
                   double, float, labelerrors::float16)
{
    const label_pairs pairs({0, 5, 5, 5, 5, 5, 5}, {1, 2, 3, 4, 5});
    std::vector<double> to_exceed{0.0, 0.25, 0.5, 0.0, 0.125};
    margin_bounds<T> bounds(pairs);
    std::vector<std::size_t> shown;
    std::vector<T> row;
    for (const float value : {0.125F, 0.25F, 0.25F, 0.75F, 0.0625F, 0.25F})
        if constexpr (std::is_same_v<T, labelerrors::float16>)
            row.push_back(labelerrors::to_float16(value));
        else
            row.push_back(static_cast<T>(value));
    const auto show = [&]
    {
        shown.clear();
        bounds.show(0, row.data(), 0.125, to_exceed,
                    [&](std::size_t p)
                    {
                        shown.push_back(p);
                        to_exceed[p] = 1.0;
                    });
        return shown;
    };
    // Margins 0.125, 0.125, 0.625, -0.0625, 0.125, the last as large as its bound. Halves are held against their
    // bounds alone, and the label's value: the second value is as large as its bound.
    if constexpr (std::is_same_v<T, labelerrors::float16>)
        CHECK(show() == std::vector<std::size_t>{0, 1, 2, 4});
    else
        CHECK(show() == std::vector<std::size_t>{0, 2, 4});
    CHECK(show().empty());
}
