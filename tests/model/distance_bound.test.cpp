// What is sure of a distance by products in float, where they round as badly as they can.
#include <labelerrors/model/distance_bound.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <limits>
#include <random>
#include <vector>

using labelerrors::detail::centring;
using labelerrors::detail::distance_bound;
using labelerrors::detail::squared_distance;
using labelerrors::detail::squared_excess;
using labelerrors::detail::squared_length;

namespace
{

/// The bound of the squared distance of two rows, by sums in float one number after another, which err the most.
[[nodiscard]] double bound_of(const std::vector<double>& a, const std::vector<double>& b)
{
    float product = 0.0f;
    for (std::size_t j = 0; j < a.size(); ++j)
        product += static_cast<float>(a[j]) * static_cast<float>(b[j]);
    const distance_bound bound(a.size());
    return bound.share * squared_length(a.data(), a.size()) + bound.share * squared_length(b.data(), b.size()) -
           2.0 * static_cast<double>(product) - bound.slack;
}

void check_bound(const std::vector<double>& a, const std::vector<double>& b)
{
    const double distance = squared_distance(a.data(), b.data(), a.size(), 1.0);
    CHECK(bound_of(a, b) <= distance);
}

}  // namespace

TEST_CASE("a distance is never below its bound, for equal rows, for opposite ones, and for very small numbers")
{
    std::mt19937_64 random(1);
    const auto uniform = [&]
    {
        return static_cast<double>(random() >> 11) * 0x1p-53;
    };
    for (const std::size_t d : {1u, 2u, 7u, 100u, 20'000u})
        for (int round = 0; round < (d < 1'000 ? 20 : 2); ++round)
        {
            // Equal numbers: each addition rounds to the same side as the one before.
            const std::vector<double> equal(d, 1.0 + uniform());
            check_bound(equal, equal);
            auto rows = equal;
            for (double& number : rows)
                number *= uniform();
            check_bound(rows, rows);
            check_bound(rows, equal);
            auto opposite = rows;
            auto far = rows;
            for (std::size_t j = 0; j < d; ++j)
            {
                opposite[j] = -rows[j];
                far[j] = 0x1p29 / std::sqrt(static_cast<double>(d)) * rows[j];
            }
            check_bound(rows, opposite);
            check_bound(far, rows);
            // Products that are no normal floats, and none at all.
            for (const double unit : {0x1p-62, 0x1p-64, 0x1p-75, 0x1p-140, 0x1p-160})
            {
                auto small = rows;
                for (double& number : small)
                    number *= unit;
                check_bound(small, small);
                check_bound(small, rows);
                check_bound(far, small);
            }
        }
}

TEST_CASE("the bound is close: random rows of ordinary features are told apart")
{
    std::mt19937_64 random(2);
    std::vector<double> a(784);
    std::vector<double> b(784);
    for (auto* row : {&a, &b})
        for (double& number : *row)
            number = static_cast<double>(random() >> 11) * 0x1p-52 - 1.0;
    const double distance = squared_distance(a.data(), b.data(), a.size(), 1.0);
    CHECK(bound_of(a, b) > 0.999 * distance);
    // Nothing is sure where sums of so many products may err by more than was worked out.
    CHECK(bound_of(std::vector<double>(1u << 20), std::vector<double>(1u << 20)) ==
          -std::numeric_limits<double>::infinity());
}

TEST_CASE("squares of differences and what they exceed are those worked by hand")
{
    const std::vector<float> a{1.0f, 2.0f, 3.0f, 4.0f, 5.0f, 6.0f};
    const std::vector<double> b{0.0, 4.0, 3.0, 1.0, 5.5, 6.0};
    CHECK(squared_distance(a.data(), b.data(), 6, 1.0) == 1.0 + 4.0 + 9.0 + 0.25);
    CHECK(squared_distance(a.data(), b.data(), 6, 0.5) == 3.5625);
    // (a - b)^2 - a^2 = b^2 - 2 a b, of b less its mean, in units of 2: (2, 0.5) and (3 - 1, 5 - 4) / 2.
    const centring centre{{1.0, 4.0}, 0.5};
    const std::vector<double> far{2.0, 0.5};
    const std::vector<float> near{3.0f, 5.0f};
    CHECK(squared_excess(far.data(), near.data(), centre) == 1.0 + 0.25 - 2.0 * (2.0 + 0.25));
}
