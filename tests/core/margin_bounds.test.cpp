#include <labelerrors/core/margin_bounds.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

using labelerrors::detail::choose_columns;
using labelerrors::detail::has_margin;
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

TEST_CASE("only labels with pairs in a good part of the columns are held against bounds")
{
    // Of 100 classes label 0 has 7 pairs, label 1 has 4, and the others none.
    std::vector<std::size_t> first_pair(101, 11);
    first_pair[0] = 0;
    first_pair[1] = 7;
    const std::vector<std::size_t> true_labels{10, 20, 30, 40, 50, 60, 70, 1, 2, 3, 4};
    const margin_bounds<float> bounds(first_pair, true_labels);
    CHECK(bounds.serves(0));
    CHECK(!bounds.serves(1));
    CHECK(!bounds.serves(2));
}

TEST_CASE("a pair is shown the rows above its bound, and what raises the bound counts from the next row on")
{
    const std::vector<std::size_t> first_pair{0, 5, 5, 5, 5, 5, 5};
    const std::vector<std::size_t> true_labels{1, 2, 3, 4, 5};
    std::vector<double> to_exceed{0.0, 0.25, 0.5, 0.0, 0.125};
    margin_bounds<double> bounds(first_pair, true_labels);
    std::vector<std::size_t> shown;
    const std::vector<double> row{0.125, 0.25, 0.25, 0.75, 0.0625, 0.25};
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
    // Margins 0.125, 0.125, 0.625, -0.0625, 0.125, the last as large as its bound.
    CHECK(show() == std::vector<std::size_t>{0, 2, 4});
    CHECK(show().empty());
}
