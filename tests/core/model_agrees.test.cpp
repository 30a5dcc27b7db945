#include <labelerrors/core/model_agrees.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

using labelerrors::float16;
using labelerrors::detail::argmax;
using labelerrors::detail::model_agrees;

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
