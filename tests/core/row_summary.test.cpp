#include <labelerrors/core/row_summary.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <span>
#include <vector>

using labelerrors::float16;
using labelerrors::detail::argmax;
using labelerrors::detail::model_agrees;
using labelerrors::detail::summarize_row;

namespace
{

/// Compares a summary with a plain loop over the same row.
template <class T>
void check_summary(const std::vector<T>& row, const std::vector<T>& thresholds)
{
    const auto summary = summarize_row(row.data(), thresholds.data(), row.size());
    T smallest = row[0];
    T largest = row[0];
    double sum = 0.0;
    std::size_t confident_count = 0;
    std::size_t confident_class = 0;
    for (std::size_t j = 0; j < row.size(); ++j)
    {
        smallest = std::min(smallest, row[j]);
        largest = std::max(largest, row[j]);
        sum += static_cast<double>(row[j]);
        if (row[j] >= thresholds[j])
        {
            ++confident_count;
            confident_class = j;
        }
    }
    CHECK(summary.smallest == smallest);
    CHECK(summary.largest == largest);
    CHECK(summary.confident_count == confident_count);
    if (confident_count == 1)
        CHECK(summary.confident_class == confident_class);
    const double rounding = static_cast<double>(row.size()) * static_cast<double>(std::numeric_limits<T>::epsilon());
    CHECK(std::abs(summary.sum - sum) <= rounding * std::max(sum, 1.0));
}

template <class T>
void check_all_widths()
{
    std::mt19937_64 random(5);
    for (std::size_t k = 1; k <= 100; ++k)
    {
        std::vector<T> row(k);
        std::vector<T> thresholds(k);
        for (int round = 0; round < 6; ++round)
        {
            // Coarse values tie with each other and with the thresholds; fine ones do not.
            const std::size_t steps = round % 2 == 0 ? 4 : 1'000'000;
            for (std::size_t j = 0; j < k; ++j)
            {
                row[j] = static_cast<T>(random() % (steps + 1)) / static_cast<T>(steps);
                thresholds[j] = static_cast<T>(random() % (steps + 1)) / static_cast<T>(steps);
            }
            check_summary(row, thresholds);
        }
        // Confident in exactly one class, in every place there is.
        std::fill(row.begin(), row.end(), T{0});
        std::fill(thresholds.begin(), thresholds.end(), T{0.5});
        check_summary(row, thresholds);
        for (std::size_t j = 0; j < k; ++j)
        {
            row[j] = T{0.5};
            check_summary(row, thresholds);
            row[j] = T{-1};
            check_summary(row, thresholds);
            row[j] = T{0};
        }
    }
}

}  // namespace

TEST_CASE("one look at a row gives its extremes, its sum and where it is confident")
{
    const std::vector<double> row{0.25, 0.5, 0.0, 0.25};
    const auto summary = summarize_row(row.data(), std::vector<double>{0.3, 0.5, 0.1, 0.3}.data(), 4);
    CHECK(summary.smallest == 0.0);
    CHECK(summary.largest == 0.5);
    CHECK(summary.sum == 1.0);
    CHECK(summary.confident_count == 1);
    CHECK(summary.confident_class == 1);
}

TEST_CASE("the summary is that of a plain loop for every width")
{
    check_all_widths<float>();
    check_all_widths<double>();
}

TEST_CASE("a row that does not start at a vector's boundary is read right")
{
    std::vector<float> values(70, 0.125F);
    values[3] = 0.0F;
    values[40] = 1.0F;
    for (std::size_t start = 0; start < 3; ++start)
        check_summary(std::vector<float>(values.begin() + static_cast<std::ptrdiff_t>(start), values.end()),
                      std::vector<float>(values.size() - start, 0.5F));
    const auto summary = summarize_row(values.data() + 1, std::vector<float>(64, 0.5F).data(), 64);
    CHECK(summary.smallest == 0.0F);
    CHECK(summary.confident_class == 39);
}

TEST_CASE("a sum with a NaN is NaN")
{
    for (const std::size_t k : std::array<std::size_t, 4>{2, 9, 33, 64})
        for (std::size_t at = 0; at < k; ++at)
        {
            std::vector<double> row(k, 0.25);
            row[at] = std::nan("");
            CHECK(std::isnan(summarize_row(row.data(), row.data(), k).sum));
        }
}

TEST_CASE("argmax is the first of the largest")
{
    CHECK(argmax(std::span<const double>(std::array{0.25, 0.5, 0.25})) == 1);
    CHECK(argmax(std::span<const double>(std::array{0.5, 0.0, 0.5})) == 0);
    CHECK(argmax(std::span<const float>(std::array{0.0F, 0.5F, 0.5F})) == 1);
    CHECK(argmax(std::span<const float>(std::array{0.0F})) == 0);
}

TEST_CASE("comparing with a rounded bound decides as doubles would")
{
    using labelerrors::detail::at_least;
    CHECK(at_least<double>(0.1) == 0.1);
    CHECK(at_least<float>(0.5) == 0.5F);
    // The nearest float to 0.1 is above it, the nearest to 0.3 is above, the one to 0.7 below.
    std::mt19937_64 random(6);
    for (int round = 0; round < 10'000; ++round)
    {
        const double bound = static_cast<double>(random() >> 11) * 0x1p-53;
        const auto near = static_cast<float>(bound);
        for (const float value : {std::nextafter(near, 0.0F), near, std::nextafter(near, 1.0F)})
            CHECK((value >= at_least<float>(bound)) == (static_cast<double>(value) >= bound));
    }
}

TEST_CASE("a model agrees with a label that wins once it is raised by 1e-6")
{
    const auto agrees = [](const std::vector<double>& row, std::size_t label)
    {
        return model_agrees(std::span<const double>(row), label, *std::max_element(row.begin(), row.end()));
    };
    CHECK(agrees({0.25, 0.5, 0.25}, 1));
    CHECK(!agrees({0.25, 0.5, 0.25}, 0));
    // Ties are won by the raise.
    CHECK(agrees({0.5, 0.5, 0.0}, 0));
    CHECK(agrees({0.5, 0.5, 0.0}, 1));
    // Within the raise, and beyond it.
    CHECK(agrees({0.5, 0.5 + 0.9e-6}, 0));
    CHECK(!agrees({0.5, 0.5 + 1.1e-6}, 0));
    // Level after the raise: the first of equals wins. 0 + 1e-6 is exactly 1e-6.
    CHECK(agrees({0.0, 1e-6}, 0));
    CHECK(!agrees({1e-6, 0.0}, 1));
    CHECK(agrees({1e-7, 0.0, 1e-6}, 1));
}

TEST_CASE("a model agrees with a half as with the double of its value")
{
    std::size_t wrong = 0;
    for (std::uint16_t largest = 1; largest <= 0x3c00; ++largest)
        for (std::uint16_t less = 0; less <= 3 && less <= largest; ++less)
            for (const std::size_t label : {std::size_t{0}, std::size_t{1}})
            {
                std::vector<float16> halves(2, float16{largest});
                halves[label].bits = static_cast<std::uint16_t>(largest - less);
                const std::vector<double> doubles{static_cast<double>(halves[0]), static_cast<double>(halves[1])};
                wrong += model_agrees(std::span<const float16>(halves), label, float16{largest}) !=
                                 model_agrees(std::span<const double>(doubles), label, doubles[1 - label])
                             ? 1u
                             : 0u;
            }
    CHECK(wrong == 0);
}
