// Noise matrices, and labels made wrong by them.
#include "support/golden.hpp"
#include <labelerrors/core/generate_noise_matrix.hpp>
#include <labelerrors/core/generate_noisy_labels.hpp>
#include <labelerrors/core/portable_random.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

using labelerrors::generate_noise_matrix_from_trace;
using labelerrors::generate_noisy_labels;
using labelerrors::noise_matrix_validity;

namespace
{

void check_matrix(const xt::xtensor<double, 2>& matrix, double trace, const labelerrors::noise_matrix_options& options)
{
    const std::size_t k = matrix.shape()[0];
    REQUIRE(matrix.shape()[1] == k);
    double diagonal = 0.0;
    std::size_t zeros = 0;
    std::size_t bounded = 0;
    for (std::size_t j = 0; j < k; ++j)
    {
        double sum = 0.0;
        for (std::size_t i = 0; i < k; ++i)
        {
            sum += matrix(i, j);
            const double least = i == j ? options.min_trace_prob : options.min_noise_rate;
            const double most = i == j ? options.max_trace_prob : options.max_noise_rate;
            zeros += i != j && matrix(i, j) == 0.0 ? 1u : 0u;
            bounded += (i != j && matrix(i, j) == 0.0) || (matrix(i, j) >= least - 1e-9 && matrix(i, j) <= most + 1e-9)
                           ? 1u
                           : 0u;
        }
        CHECK(std::abs(sum - 1.0) < 1e-9);
        diagonal += matrix(j, j);
    }
    CHECK(std::abs(diagonal - trace) < 1e-9);
    CHECK(bounded == k * k);
    const auto wanted = static_cast<std::size_t>(static_cast<double>(k * (k - 1)) * options.frac_zero_noise_rates);
    CHECK(zeros >= std::min(wanted, k * (k - 2)));
}

}  // namespace

TEST_CASE("noise matrices are valid as the reference judges them, and random ones meet its constraints")
{
    const auto golden = tests::golden_dir();
    if (!golden)
        return tests::skip("no LABELERRORS_GOLDEN_DIR");
    const auto answers = tests::read_json(*golden / "noise_generation.json");
    const std::string module = "benchmarking.noise_generation.";
    for (const auto& record : answers.at(module + "noise_matrix_is_valid"))
        CHECK(labelerrors::noise_matrix_is_valid(tests::to_matrix(record.at("noise_matrix")),
                                                 record.at("py").get<std::vector<double>>()) ==
              record.at("is_valid").get<bool>());
    for (const auto& record : answers.at(module + "generate_noise_matrix_from_trace"))
        for (std::uint64_t seed = 0; seed < 20; ++seed)
        {
            labelerrors::noise_matrix_options options;
            options.seed = seed;
            options.frac_zero_noise_rates = record.value("frac_zero_noise_rates", 0.0);
            options.py = record.value("py", std::vector<double>{});
            if (!record.value("valid_noise_matrix", true))
                options.validity = noise_matrix_validity::any;
            const auto k = record.at("K").get<std::size_t>();
            const double trace = record.at("trace");
            const auto matrix = generate_noise_matrix_from_trace(k, trace, options);
            REQUIRE(matrix.has_value());
            check_matrix(*matrix, trace, options);
            if (!options.py.empty())
                CHECK(labelerrors::noise_matrix_is_valid(*matrix, options.py));
        }
    for (const auto& record : answers.at(module + "generate_noisy_labels"))
    {
        const auto truth = record.at("true_labels").get<std::vector<int>>();
        const auto matrix = tests::to_matrix(record.at("noise_matrix"));
        for (std::uint64_t seed = 0; seed < 3; ++seed)
        {
            const auto labels = generate_noisy_labels(truth, matrix, {.seed = seed});
            auto counts = xt::xtensor<std::int64_t, 2>::from_shape({matrix.shape()[0], matrix.shape()[0]});
            counts.fill(0);
            for (std::size_t i = 0; i < truth.size(); ++i)
                ++counts(static_cast<std::size_t>(labels(i)), static_cast<std::size_t>(truth[i]));
            CHECK(tests::equal_matrix(counts, record.at("confusion_counts[noisy][true] (independent of the seed)")));
        }
    }
}

TEST_CASE("a matrix worked by hand mislabels whole parts of each class")
{
    // Of 4 examples of class 0: 1.2 become 1; of 5 of class 1: 2.5 become 2; of 3 of class 2: 0.9 become 0.
    const xt::xtensor<double, 2> matrix{{0.7, 0.0, 0.3}, {0.3, 0.5, 0.0}, {0.0, 0.5, 0.7}};
    const std::vector<int> truth{0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 1};
    std::vector<std::size_t> flips(3);
    const auto labels = generate_noisy_labels(truth, matrix, {.seed = 5});
    for (std::size_t i = 0; i < truth.size(); ++i)
        if (labels(i) != truth[i])
        {
            CHECK(labels(i) == (truth[i] + 1) % 3);
            ++flips[static_cast<std::size_t>(truth[i])];
        }
    CHECK(flips == std::vector<std::size_t>{1, 2, 0});
    CHECK(generate_noisy_labels(truth, matrix, {.seed = 5}) == labels);
    // Of 5 in 15 six tenths are not quite 3 in doubles, here as in the reference.
    const xt::xtensor<double, 2> tenths{{0.4, 0.0}, {0.6, 1.0}};
    std::vector<int> thirds(15, 1);
    std::fill(thirds.begin(), thirds.begin() + 5, 0);
    const auto fewer = generate_noisy_labels(thirds, tenths);
    CHECK(std::count(fewer.begin(), fewer.end(), 0) == 3);
    // A column-major, a lazy and a narrow input, and a class that nobody has.
    const xt::xtensor<double, 2, xt::layout_type::column_major> columns = matrix;
    const xt::xtensor<std::uint8_t, 1> narrow{0, 1, 0};
    CHECK(generate_noisy_labels(truth, columns, {.seed = 5}) == labels);
    CHECK(generate_noisy_labels(narrow, matrix * 1.0).size() == 3);
}

TEST_CASE("bounds on the diagonal and on the rates hold for every seed")
{
    const labelerrors::noise_matrix_options bounds{.max_trace_prob = 0.8,
                                                   .min_trace_prob = 0.55,
                                                   .max_noise_rate = 0.2,
                                                   .min_noise_rate = 0.01,
                                                   .py = std::vector<double>(6, 1.0 / 6),
                                                   .frac_zero_noise_rates = 0.2};
    for (std::uint64_t seed = 0; seed < 50; ++seed)
    {
        auto options = bounds;
        options.seed = seed;
        const auto matrix = generate_noise_matrix_from_trace(6, 4.2, options);
        REQUIRE(matrix.has_value());
        check_matrix(*matrix, 4.2, options);
        CHECK(*generate_noise_matrix_from_trace(6, 4.2, options) == *matrix);
    }
    // A diagonal that leaves a column too little for three rates of 0.1 is drawn again.
    for (std::uint64_t seed = 0; seed < 20; ++seed)
    {
        const labelerrors::noise_matrix_options options{
            .min_noise_rate = 0.1, .validity = noise_matrix_validity::any, .seed = seed};
        const auto matrix = generate_noise_matrix_from_trace(4, 2.2, options);
        REQUIRE(matrix.has_value());
        check_matrix(*matrix, 2.2, options);
    }
    // The most zeros there can be: one rate is left in each column.
    const auto sparse = generate_noise_matrix_from_trace(
        5, 4.0, {.py = std::vector<double>(5, 0.2), .frac_zero_noise_rates = 1.0, .seed = 3});
    REQUIRE(sparse.has_value());
    CHECK(std::count(sparse->begin(), sparse->end(), 0.0) >= 15);
    const auto perfect = generate_noise_matrix_from_trace(3, 3.0, {.py = std::vector<double>(3, 1.0 / 3)});
    REQUIRE(perfect.has_value());
    CHECK(std::abs((*perfect)(2, 2) - 1.0) < 1e-12);
    // Rates of at most 0.01 leave the diagonal no room.
    CHECK_FALSE(generate_noise_matrix_from_trace(
                    3, 1.5, {.max_noise_rate = 0.01, .py = std::vector<double>(3, 1.0 / 3), .max_iterations = 50})
                    .has_value());
}

TEST_CASE("a matrix of two classes is valid by the probabilities that are given")
{
    for (std::uint64_t seed = 0; seed < 20; ++seed)
    {
        const std::vector<double> py{0.001, 0.999};
        const auto matrix = generate_noise_matrix_from_trace(2, 1.001, {.py = py, .seed = seed});
        REQUIRE(matrix.has_value());
        CHECK(labelerrors::noise_matrix_is_valid(*matrix, py));
    }
}

TEST_CASE("random numbers are the same on every platform")
{
    std::mt19937_64 random(7);
    CHECK(labelerrors::detail::uniform_below(random, 1000) == 15);
    random.seed(7);
    CHECK(labelerrors::detail::uniform_real(random) == 0.754385304152858);
    random.seed(7);
    std::vector<int> values{0, 1, 2, 3, 4, 5, 6, 7};
    labelerrors::detail::sample_to_front(random, std::span(values), 3);
    CHECK(values == std::vector<int>{7, 5, 2, 3, 4, 1, 6, 0});
    CHECK(labelerrors::detail::random_parts(random, 1, 0.25, 0.0, 1.0) == std::vector<double>{0.25});
}

TEST_CASE("of the largest random numbers those are refused that would make some below a bound likelier")
{
    std::mt19937_64 random(1);
    auto same = random;
    int num_taken = 0;
    // All but one of the upper half, and the last quarter.
    for (const std::uint64_t bound : {(std::uint64_t{1} << 63) + 1, std::uint64_t{3} << 61})
        for (int i = 0; i < 100; ++i)
        {
            const std::uint64_t whole = std::numeric_limits<std::uint64_t>::max() / bound * bound;
            std::uint64_t number = same();
            for (++num_taken; number >= whole; ++num_taken)
                number = same();
            CHECK(labelerrors::detail::uniform_below(random, bound) == number % bound);
        }
    CHECK(num_taken > 280);
}

TEST_CASE("a seed gives the same matrix and the same labels on every platform")
{
    const auto matrix =
        generate_noise_matrix_from_trace(3, 2.25, {.py = {0.25, 0.25, 0.5}, .frac_zero_noise_rates = 0.34, .seed = 7});
    REQUIRE(matrix.has_value());
    const xt::xtensor<double, 2> expected{{1.0, 0.041099893737603317, 0.41349070228319013},
                                          {0.0, 0.70907171404116209, 0.045581011757972058},
                                          {0.0, 0.2498283922212346, 0.5409282859588378}};
    CHECK(*matrix == expected);
    const xt::xtensor<double, 2> noise{{0.75, 0.25, 0.0}, {0.25, 0.5, 0.25}, {0.0, 0.25, 0.75}};
    const auto labels = generate_noisy_labels(std::vector<int>{0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2}, noise, {.seed = 7});
    CHECK(labels == xt::xtensor<std::int64_t, 1>{0, 0, 0, 1, 1, 2, 0, 1, 2, 2, 1, 2});
}

TEST_CASE("noise that no matrix has is refused")
{
    using labelerrors::value_error;
    CHECK_THROWS_AS(generate_noise_matrix_from_trace(1, 1.0), value_error);
    CHECK_THROWS_AS(generate_noise_matrix_from_trace(2, 0.9), value_error);
    CHECK_THROWS_AS(generate_noise_matrix_from_trace(2, 2.5), value_error);
    CHECK_THROWS_AS(generate_noise_matrix_from_trace(3, 2.0), value_error);
    CHECK_THROWS_AS(generate_noise_matrix_from_trace(2, 1.5, {.min_trace_prob = -0.1}), value_error);
    CHECK_THROWS_AS(generate_noise_matrix_from_trace(2, 1.5, {.frac_zero_noise_rates = std::nan("")}), value_error);
    CHECK_THROWS_AS(generate_noise_matrix_from_trace(2, 1.5, {.py = {0.5, 1.5}}), value_error);
    CHECK_THROWS_AS(generate_noise_matrix_from_trace(2, 1.5, {.py = {0.2, 0.3, 0.5}}), value_error);
    CHECK_THROWS_AS(
        generate_noise_matrix_from_trace(2, 1.5, {.validity = noise_matrix_validity::any, .py = {0.2, 0.3, 0.5}}),
        value_error);
    CHECK_THROWS_WITH_AS(generate_noise_matrix_from_trace(3, 2.0, {.py = {0.2, 0.3, 0.4}}),
                         "generate_noise_matrix_from_trace: py sums to 0.9, not to 1: it must hold the probabilities "
                         "of all true labels",
                         value_error);
    CHECK_THROWS_WITH_AS(generate_noise_matrix_from_trace(2, 1.5, {.py = {0.0, 1.0}}),
                         doctest::Contains("py[0] must be above 0 for a valid matrix, not 0"), value_error);
    CHECK(generate_noise_matrix_from_trace(2, 1.5, {.validity = noise_matrix_validity::any, .py = {0.0, 1.0}}));
    CHECK_THROWS_WITH_AS(generate_noise_matrix_from_trace(2, 1.5, {.max_trace_prob = 0.5, .min_trace_prob = 0.75}),
                         doctest::Contains("min_trace_prob must not be above max_trace_prob, 0.5, but is 0.75"),
                         value_error);
    CHECK_THROWS_WITH_AS(generate_noise_matrix_from_trace(2, 1.5, {.max_noise_rate = 0.1, .min_noise_rate = 0.5}),
                         doctest::Contains("min_noise_rate must not be above max_noise_rate, 0.1, but is 0.5"),
                         value_error);
    const xt::xtensor<double, 2> matrix{{0.9, 0.2}, {0.1, 0.8}};
    CHECK_THROWS_AS(labelerrors::noise_matrix_is_valid(matrix, std::vector<double>{1.0}), labelerrors::shape_error);
    const xt::xtensor<double, 2> unequal{{0.9, 0.3}, {0.1, 0.8}};
    const xt::xtensor<double, 2> negative{{1.1, 0.2}, {-0.1, 0.8}};
    const std::vector<int> truth{0, 1, 1};
    CHECK_THROWS_WITH_AS(generate_noisy_labels(truth, unequal),
                         doctest::Contains("column 1 of noise_matrix sums to 1.1"), value_error);
    CHECK_THROWS_AS(generate_noisy_labels(truth, negative), value_error);
    CHECK_THROWS_AS(generate_noisy_labels(std::vector<int>{0, 2}, matrix), value_error);
    CHECK_THROWS_AS(generate_noisy_labels(std::vector<int>{0, -1}, matrix), value_error);
    CHECK_THROWS_AS(generate_noisy_labels(std::vector<int>{}, matrix), labelerrors::shape_error);
}
