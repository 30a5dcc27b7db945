#include <labelerrors/evaluation/draw_prevalence_curves.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

using namespace labelerrors;
using namespace labelerrors::evaluation;

namespace
{

/// 200 examples, the first ten of which were mislabelled.
struct drawn_case
{
    std::vector<model> models;
    scored_examples examples;
};

[[nodiscard]] drawn_case make_case()
{
    std::vector<int> given(200, 0);
    std::vector<int> corrected(200, 0);
    std::vector<int> a(200);
    std::vector<int> b(200);
    for (std::size_t i = 0; i < 200; ++i)
    {
        corrected[i] = i < 10 ? 1 : 0;
        a[i] = i < 10 ? i < 8 : i % 5 == 0;   // 8 of 10, 152 of 190
        b[i] = i < 10 ? i < 4 : i % 10 == 0;  // 4 of 10, 171 of 190
    }
    return {{{"", "a", from_labels(a, 2)}, {"", "b", from_labels(b, 2)}},
            select_examples(given, corrected, example_subset::corrected)};
}

}  // namespace

TEST_CASE("numbers below a bound are the same on every platform, all occur, and none more than others")
{
    std::mt19937_64 generator(0);
    std::vector<std::uint32_t> first;
    for (int i = 0; i < 6; ++i)
        first.push_back(uniform_below(generator, 1000));
    // From the standard's own generator: floor(upper 32 bits * 1000 / 2^32).
    std::mt19937_64 same(0);
    for (const std::uint32_t number : first)
        CHECK(number == ((same() >> 32U) * 1000U) >> 32U);
    for (const std::uint32_t bound : {1U, 2U, 3U, 7U})
    {
        std::array<int, 7> counts{};
        for (int i = 0; i < 7000; ++i)
            ++counts[uniform_below(generator, bound)];
        for (std::uint32_t number = 0; number < 7; ++number)
        {
            const double expected = number < bound ? 7000.0 / bound : 0.0;
            CHECK(std::abs(counts[number] - expected) <= 5.0 * std::sqrt(expected));
        }
    }
    // Below 2^31 + 1 almost every second of the generator's numbers is refused.
    constexpr std::uint32_t bound = (1U << 31U) + 1U;
    same = generator;
    int num_taken = 0;
    for (int i = 0; i < 100; ++i)
    {
        std::uint64_t product = 0;
        do
        {
            product = (same() >> 32U) * bound;
            ++num_taken;
        } while (product % (std::uint64_t{1} << 32U) < (std::uint64_t{1} << 32U) % bound);
        CHECK(uniform_below(generator, bound) == product >> 32U);
    }
    CHECK(num_taken > 150);
}

TEST_CASE("the curve starts with the test set as it is and ends with the correctable examples alone")
{
    const auto made = make_case();
    const auto curves = draw_prevalence_curves(made.models, made.examples, {.num_points = 11, .num_draws = 200});
    CHECK(curves.num_correctable == 10);
    CHECK(curves.num_benign == 190);
    CHECK(curves.points.front().num_benign == 190);
    CHECK(curves.points.front().prevalence == 0.05);
    CHECK(curves.points.front().models[0].expected == doctest::Approx(160.0 / 200.0));
    CHECK(curves.points.front().models[0].lower == 160.0 / 200.0);
    CHECK(curves.points.front().models[0].upper == 160.0 / 200.0);
    CHECK(curves.points.front().share_best[1] == 1.0);
    CHECK(curves.points.back().num_benign == 0);
    CHECK(curves.points.back().models[1].expected == 0.4);
    CHECK(curves.points.back().models[1].upper == 0.4);
    CHECK(curves.points.back().share_best[0] == 1.0);
    for (std::size_t i = 1; i < curves.points.size(); ++i)
        CHECK(curves.points[i].prevalence > curves.points[i - 1].prevalence);
}

TEST_CASE("the band holds the expectation, and the share of draws in which a model is best adds up to 1")
{
    const auto made = make_case();
    const auto curves = draw_prevalence_curves(made.models, made.examples, {.num_points = 9, .num_draws = 500});
    for (const auto& point : curves.points)
    {
        CHECK(point.share_best[0] + point.share_best[1] == doctest::Approx(1.0));
        for (std::size_t j = 0; j < 2; ++j)
        {
            CHECK(point.models[j].lower <= point.models[j].expected + 1e-12);
            CHECK(point.models[j].upper >= point.models[j].expected - 1e-12);
            CHECK(point.models[j].expected ==
                  doctest::Approx(expected_accuracy(curves.models[j], point.prevalence)).epsilon(1e-12));
        }
    }
    const auto narrow =
        draw_prevalence_curves(made.models, made.examples, {.num_points = 9, .num_draws = 500, .coverage = 0.5});
    for (std::size_t i = 0; i < narrow.points.size(); ++i)
        CHECK(narrow.points[i].models[0].upper <= curves.points[i].models[0].upper);
}

TEST_CASE("a band leaves out as many draws as its coverage says, whatever rounding does, and never all")
{
    using labelerrors::evaluation::detail::draws_outside;
    CHECK(draws_outside(0.95, 1000) == 25);
    CHECK(draws_outside(0.9, 1000) == 50);  // 0.5 * (1 - 0.9) * 1000 is 49.99999999999999
    CHECK(draws_outside(0.8, 1000) == 100);
    CHECK(draws_outside(0.99, 1000) == 5);
    CHECK(draws_outside(0.99, 100) == 0);
    CHECK(draws_outside(0.9, 999) == 49);
    CHECK(draws_outside(1e-12, 1000) == 499);
    CHECK(draws_outside(1e-12, 999) == 499);
    CHECK(draws_outside(0.5, 1) == 0);
    const auto made = make_case();
    const auto curves = draw_prevalence_curves(made.models, made.examples, {.num_points = 9, .coverage = 1e-12});
    for (const auto& point : curves.points)
        CHECK(point.models[0].lower <= point.models[0].upper);
}

TEST_CASE("the same seed gives the same curves, another seed others, and no draws no bands")
{
    const auto made = make_case();
    const auto draw = [&](std::uint64_t seed)
    {
        return draw_prevalence_curves(made.models, made.examples, {.num_points = 21, .num_draws = 50, .seed = seed});
    };
    const auto one = draw(1);
    const auto again = draw(1);
    const auto other = draw(2);
    bool differs = false;
    for (std::size_t i = 0; i < one.points.size(); ++i)
    {
        CHECK(one.points[i].models[0].lower == again.points[i].models[0].lower);
        CHECK(one.points[i].share_best == again.points[i].share_best);
        differs = differs || one.points[i].models[0].lower != other.points[i].models[0].lower;
    }
    CHECK(differs);
    const auto none = draw_prevalence_curves(made.models, made.examples, {.num_draws = 0});
    CHECK(none.points[5].models[0].lower == none.points[5].models[0].expected);
    CHECK(none.points[5].share_best.empty());
}

TEST_CASE("points that are no other number of whole examples are left out")
{
    const auto made = make_case();
    const auto curves = draw_prevalence_curves(made.models, made.examples, {.num_points = 1000, .num_draws = 1});
    CHECK(curves.points.size() <= 191);
    CHECK(curves.points.back().num_benign == 0);
}

TEST_CASE("options out of range and examples without errors are refused")
{
    const auto made = make_case();
    const auto draw = [&](const prevalence_curves_options& options)
    {
        return draw_prevalence_curves(made.models, made.examples, options);
    };
    CHECK_THROWS_AS(draw({.max_prevalence = 0.05}), value_error);
    CHECK_THROWS_AS(draw({.max_prevalence = 1.5}), value_error);
    CHECK_THROWS_AS(draw({.max_prevalence = std::numeric_limits<double>::quiet_NaN()}), value_error);
    CHECK_THROWS_AS(draw({.num_points = 1}), value_error);
    constexpr std::size_t most = std::numeric_limits<std::size_t>::max();
    for (const std::size_t num_points : {std::size_t{1'000'001}, most})
        CHECK_THROWS_WITH_AS(
            draw({.num_points = num_points}),
            ("draw_prevalence_curves: num_points must be from 2 to 1000000, but is " + std::to_string(num_points))
                .c_str(),
            value_error);
    CHECK_THROWS_WITH_AS(draw({.num_points = 2, .num_draws = most}),
                         ("draw_prevalence_curves: num_draws is " + std::to_string(most) +
                          ", for 2 points and 2 models: more counts than any machine holds")
                             .c_str(),
                         value_error);
    CHECK_THROWS_AS(draw({.coverage = 1.0}), value_error);
    CHECK_THROWS_AS(draw({.k = 2}), value_error);
    CHECK_THROWS_AS(draw_prevalence_curves(std::vector<model>{}, made.examples), value_error);
    const std::vector<int> same(200, 0);
    CHECK_THROWS_AS(draw_prevalence_curves(made.models, select_examples(same, same, example_subset::corrected)),
                    value_error);
    auto broken = made;
    broken.examples.given_labels.resize(3);
    CHECK_THROWS_AS(draw_prevalence_curves(broken.models, broken.examples), labelerrors::shape_error);
}
