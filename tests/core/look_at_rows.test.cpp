#include <labelerrors/core/look_at_rows.hpp>
#include <labelerrors/core/model_agrees.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

using labelerrors::float16;
using labelerrors::to_float16;
using labelerrors::detail::column_number;
using labelerrors::detail::fastest_look;
using labelerrors::detail::look_at_rows;
using labelerrors::detail::look_at_rows_plainly;
using labelerrors::detail::narrow_columns;
using labelerrors::detail::row_looks;
using labelerrors::detail::row_view;

namespace
{

template <class T>
T stored(double value)
{
    if constexpr (std::is_same_v<T, float16>)
        return to_float16(static_cast<float>(value));
    else
        return static_cast<T>(value);
}

/// Every way of looking that this machine has.
template <class T>
std::vector<look_at_rows<T>> all_looks()
{
    std::vector<look_at_rows<T>> looks{fastest_look<T>()};
#if defined(__GNUC__)
    looks.push_back(labelerrors::detail::look_at_rows_by_16_bytes<T>);
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2"))
        looks.push_back(labelerrors::detail::look_at_rows_by_avx2<T>);
#endif
#endif
    return looks;
}

/// Rows in memory that ends where they end, so that a sanitizer sees a look beyond them.
template <class T>
struct rows_of_values
{
    std::size_t num_columns;
    std::vector<T> values;
    std::vector<T> bounds;
    double least_sum = 0.5;
    double most_sum = 1.5;
    std::vector<column_number<T>> labels = labels_below(num_columns);

    [[nodiscard]] row_view<T> view() const
    {
        return {values.data(), values.size() / num_columns, num_columns, labels.data(), bounds.data(), least_sum,
                most_sum};
    }

    /// Labels for as many rows as there may be: all classes by turns, of neighbours not the same.
    [[nodiscard]] static std::vector<column_number<T>> labels_below(std::size_t num_columns)
    {
        std::vector<column_number<T>> labels(row_looks<T>::capacity);
        for (std::size_t i = 0; i < labels.size(); ++i)
            labels[i] = static_cast<column_number<T>>((i * 7 + i / 3) % num_columns);
        return labels;
    }
};

/// The number of rows that some way of looking sees otherwise than plain C++ does.
template <class T>
std::size_t differences(const rows_of_values<T>& rows)
{
    const auto view = rows.view();
    row_looks<T> expected;
    look_at_rows_plainly(view, expected);
    std::size_t wrong = 0;
    for (const auto look : all_looks<T>())
    {
        row_looks<T> found;
        look(view, found);
        wrong += found.all_known != expected.all_known ? 1u : 0u;
        if (expected.all_known)
        {
            wrong += found.several != expected.several ? 1u : 0u;
            wrong += found.contested != expected.contested ? 1u : 0u;
            wrong += found.different != expected.different ? 1u : 0u;
            wrong += found.off_diagonal != expected.off_diagonal ? 1u : 0u;
        }
        for (std::size_t i = 0; i < view.num_rows; ++i)
            // Of a row that is unknown nothing else holds.
            wrong += found.guess[i] != expected.guess[i] ||
                             (found.guess[i] != row_looks<T>::unknown &&
                              (found.largest[i] != expected.largest[i] || found.given[i] != expected.given[i]))
                         ? 1u
                         : 0u;
    }
    return wrong;
}

/// Rows that are spread thinly, with one large value each.
template <class T>
rows_of_values<T> peaked(std::size_t num_rows, std::size_t num_columns)
{
    rows_of_values<T> rows{num_columns,
                           std::vector<T>(num_rows * num_columns, stored<T>(0.25 / static_cast<double>(num_columns))),
                           std::vector<T>(num_columns, stored<T>(0.5))};
    for (std::size_t i = 0; i < num_rows; ++i)
        rows.values[i * num_columns + i * 7 % num_columns] = stored<T>(0.75);
    return rows;
}

}  // namespace

TEST_CASE_TEMPLATE("all ways of looking at rows of any width agree", T, double, float, float16)
{
    std::mt19937_64 random(7);
    for (std::size_t k = 1; k <= 140; ++k)
        for (const std::size_t n : {std::size_t{1}, std::size_t{3}, std::size_t{31}, std::size_t{64}})
        {
            // Coarse values tie with each other and with the bounds; fine ones do not. Sparse ones are seldom
            // confident.
            for (const std::uint64_t steps : {std::uint64_t{2}, std::uint64_t{5}, std::uint64_t{1'000'000}})
            {
                rows_of_values<T> rows{k, std::vector<T>(n * k), std::vector<T>(k)};
                rows.least_sum = 0.0;
                rows.most_sum = 1000.0;
                for (T& value : rows.values)
                    value = stored<T>(static_cast<double>(random() % (steps + 1)) / static_cast<double>(steps));
                for (T& bound : rows.bounds)
                    bound =
                        stored<T>(0.2 + 0.8 * static_cast<double>(random() % (steps + 1)) / static_cast<double>(steps));
                CHECK(differences(rows) == 0);
                for (T& bound : rows.bounds)
                    bound = stored<T>(0.999);
                CHECK(differences(rows) == 0);
            }
            CHECK(differences(peaked<T>(n, k)) == 0);
        }
}

TEST_CASE_TEMPLATE("a value that is no probability is seen in every place", T, double, float, float16)
{
    const std::vector<T> bad{stored<T>(-0.25),
                             stored<T>(-0.0),
                             stored<T>(1.0 + 0x1p-10),
                             stored<T>(std::numeric_limits<double>::quiet_NaN()),
                             stored<T>(-std::numeric_limits<double>::quiet_NaN()),
                             stored<T>(std::numeric_limits<double>::infinity()),
                             stored<T>(-std::numeric_limits<double>::infinity())};
    for (std::size_t k = 1; k <= 70; ++k)
        for (std::size_t j = 0; j < k; ++j)
            for (const T value : bad)
            {
                auto rows = peaked<T>(5, k);
                rows.least_sum = -1e9;
                rows.most_sum = 1e9;
                rows.values[3 * k + j] = value;
                CHECK(differences(rows) == 0);
                row_looks<T> looks;
                for (const auto look : all_looks<T>())
                {
                    look(rows.view(), looks);
                    CHECK(!looks.all_known);
                    CHECK(looks.guess[3] == row_looks<T>::unknown);
                    CHECK(looks.guess[2] != row_looks<T>::unknown);
                    CHECK(looks.guess[4] != row_looks<T>::unknown);
                }
            }
}

TEST_CASE_TEMPLATE("the one confident class is found in every place, and of several the first of the largest", T,
                   double, float, float16)
{
    for (std::size_t k = 1; k <= 70; ++k)
        for (std::size_t j = 0; j < k; ++j)
        {
            rows_of_values<T> rows{k, std::vector<T>(2 * k), std::vector<T>(k, stored<T>(0.5))};
            // Confident where the value is not the largest.
            rows.values[k + j] = stored<T>(0.25);
            rows.bounds[j] = stored<T>(0.25);
            rows.values[k + (j + 1) % k] = stored<T>(k == 1 ? 0.25 : 0.375);
            rows.least_sum = 0.0;
            row_looks<T> looks;
            for (const auto look : all_looks<T>())
            {
                look(rows.view(), looks);
                CHECK(looks.guess[0] == row_looks<T>::none);
                CHECK(looks.guess[1] == static_cast<int>(j));
            }
            // Two confident classes, level with a third that is none.
            rows.values.assign(2 * k, stored<T>(0.0));
            rows.bounds.assign(k, stored<T>(0.125));
            rows.most_sum = 100.0;
            for (std::size_t l = j; l < k; ++l)
                rows.values[k + l] = stored<T>(0.5);
            rows.bounds[j] = stored<T>(k - j > 2 ? 0.75 : 0.125);
            for (const auto look : all_looks<T>())
            {
                look(rows.view(), looks);
                CHECK(looks.guess[1] == static_cast<int>(j));
            }
        }
}

TEST_CASE_TEMPLATE("rows whose sum needs a closer look are told apart", T, double, float, float16)
{
    for (std::size_t k = 1; k <= 70; ++k)
        for (const std::size_t wrong : {std::size_t{0}, std::size_t{4}, std::size_t{5}})
        {
            rows_of_values<T> rows{k, std::vector<T>(6 * k), std::vector<T>(k, stored<T>(0.5)), 0.75, 1.25};
            for (std::size_t i = 0; i < 6; ++i)
                for (const std::size_t j : {std::size_t{0}, k / 2, k - 1})
                    rows.values[i * k + j] =
                        stored<T>(i == wrong ? 0.125 : 1.0 / static_cast<double>(std::min<std::size_t>(k, 3)));
            CHECK(differences(rows) == 0);
            row_looks<T> looks;
            for (const auto look : all_looks<T>())
            {
                look(rows.view(), looks);
                for (std::size_t i = 0; i < 6; ++i)
                    CHECK((looks.guess[i] == row_looks<T>::unknown) == (i == wrong));
            }
        }
}

TEST_CASE_TEMPLATE("rows are compared with their labels in every way alike", T, double, float, float16)
{
    for (std::size_t k = 4; k <= 70; ++k)
    {
        // One class each, the largest value of all rows but one at column 3; only column 1 takes less to be confident.
        rows_of_values<T> rows{k, std::vector<T>(6 * k), std::vector<T>(k, stored<T>(0.75)), 0.0, 2.0};
        rows.bounds[1] = stored<T>(0.25);
        rows.labels.assign(row_looks<T>::capacity, 3);
        const auto set = [&](std::size_t i, std::size_t j, double value)
        {
            rows.values[i * k + j] = stored<T>(value);
        };
        set(0, 3, 0.75);                  // counts in its label's class
        set(1, 3, 0.5);                   // has the largest value there, but counts in no class
        set(2, 3, 0.5), set(2, 1, 0.25);  // counts in another class
        set(3, 3, 0.5), set(3, 2, 0.5);   // has the largest value there, and in another column
        set(4, 3, 0.25), set(4, 0, 0.5);  // has a larger value elsewhere, and counts in no class
        set(5, 3, 0.25), set(5, 1, 0.5);  // the same, and counts there
        row_looks<T> looks;
        for (const auto look : all_looks<T>())
        {
            look(rows.view(), looks);
            CHECK(looks.all_known);
            CHECK(looks.several == 0);
            CHECK(looks.contested == 0b110000);
            CHECK(looks.different == 0b111110);
            CHECK(looks.off_diagonal == 0b100100);
            CHECK(looks.given[5] == stored<T>(0.25));
        }
        look_at_rows_plainly(rows.view(), looks);
        CHECK(looks.contested == 0b110000);
        CHECK(looks.different == 0b111110);
        CHECK(looks.off_diagonal == 0b100100);
        // Confident in both classes, so that the argmax decides: its label's.
        rows.bounds[3] = stored<T>(0.25);
        for (const auto look : all_looks<T>())
        {
            look(rows.view(), looks);
            CHECK(looks.several == 0b100100);
            CHECK(looks.contested == 0b110000);
            CHECK(looks.different == 0b100000);
            CHECK(looks.off_diagonal == 0b100000);
        }
    }
}

TEST_CASE("halves below the normal range are added up and compared as what they are")
{
    for (const std::size_t k :
         {std::size_t{2}, std::size_t{3}, std::size_t{8}, std::size_t{16}, std::size_t{17}, std::size_t{100}})
    {
        rows_of_values<float16> rows{k, std::vector<float16>(2 * k), std::vector<float16>(k, float16{1000})};
        for (std::size_t j = 0; j < k; ++j)
            rows.values[j] = rows.values[k + j] = float16{static_cast<std::uint16_t>(j % 2 == 0 ? 1023 : 999)};
        double sum = 0.0;
        for (std::size_t j = 0; j < k; ++j)
            sum += static_cast<double>(rows.values[j]);
        rows.least_sum = sum * 0.999;
        rows.most_sum = sum * 1.001;
        CHECK(differences(rows) == 0);
        row_looks<float16> looks;
        for (const auto look : all_looks<float16>())
        {
            look(rows.view(), looks);
            CHECK(looks.all_known);
            CHECK(looks.guess[1] == 0);
            CHECK(looks.largest[1].bits == 1023);
        }
    }
}

TEST_CASE_TEMPLATE("every way of finding the argmax finds the first of the largest", T, double, float, float16)
{
    std::vector<labelerrors::detail::find_argmax<T>> ways{labelerrors::detail::fastest_argmax<T>()};
#if defined(__GNUC__)
    ways.push_back(labelerrors::detail::argmax_by_16_bytes<T>);
#endif
    std::mt19937_64 random(8);
    for (std::size_t k = 1; k <= 200; ++k)
        for (int round = 0; round < 20; ++round)
        {
            std::vector<T> row(k);
            const std::uint64_t steps = round % 2 == 0 ? 3 : 1000;
            for (T& value : row)
                value = stored<T>(static_cast<double>(random() % (steps + 1)) / static_cast<double>(steps));
            for (const auto find : ways)
                CHECK(find(row.data(), k) == labelerrors::detail::argmax_plainly(row.data(), k));
        }
}

TEST_CASE_TEMPLATE("the columns above a bound are found in every place", T, double, float, float16)
{
    std::mt19937_64 random(9);
    for (std::size_t k = 1; k <= 150; ++k)
        for (const std::size_t spacing : {std::size_t{2}, std::size_t{30}})
        {
            std::vector<T> row(k);
            for (T& value : row)
                value = stored<T>(random() % spacing == 0 ? 0.75 : random() % 2 == 0 ? 0.5 : -0.0);
            std::vector<std::uint32_t> expected;
            for (std::size_t j = 0; j < k; ++j)
                if (static_cast<double>(row[j]) > 0.5)
                    expected.push_back(static_cast<std::uint32_t>(j));
            std::vector<std::uint32_t> found(k);
            found.resize(labelerrors::detail::columns_above(std::span<const T>(row), stored<T>(0.5), found.data()));
            CHECK(found == expected);
        }
}
