#include "small_cases.hpp"
#include <labelerrors/core/confident_counts.hpp>
#include <labelerrors/core/confident_joint.hpp>
#include <labelerrors/core/confident_scan.hpp>
#include <labelerrors/error.hpp>
#include <labelerrors/rows/callback_rows.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <stdexcept>
#include <vector>

using labelerrors::float16;
using labelerrors::to_float16;
using labelerrors::detail::at_least;
using labelerrors::detail::confident_counts;
using labelerrors::detail::off_diagonal_example;

TEST_CASE("a bound rounded up to a half decides as doubles would")
{
    for (std::uint32_t bits = 0; bits < 0x7c00u; ++bits)
    {
        const auto value = static_cast<double>(float16{static_cast<std::uint16_t>(bits)});
        CHECK(at_least<float16>(value).bits == bits);
        CHECK(at_least<float16>(std::nextafter(value, 1e9)).bits == bits + 1);
        if (bits != 0)
            CHECK(at_least<float16>(std::nextafter(value, -1.0)).bits == bits);
    }
    CHECK(at_least<float16>(2.0 - 1e-6).bits == 0x4000u);
    // Below zero the bits count down.
    for (std::uint32_t bits = 0x8001u; bits < 0xfc00u; ++bits)
    {
        const auto value = static_cast<double>(float16{static_cast<std::uint16_t>(bits)});
        CHECK(at_least<float16>(value).bits == bits);
        CHECK(at_least<float16>(std::nextafter(value, 1.0)).bits == bits - 1);
        CHECK(at_least<float16>(std::nextafter(value, -1e9)).bits == bits);
    }
    CHECK(static_cast<double>(at_least<float16>(-1e-12)) == 0.0);
    CHECK(at_least<float16>(-1e9).bits == 0xfbffu);
}

TEST_CASE("an example off the diagonal keeps its row and its class")
{
    const off_diagonal_example last((std::size_t{1} << 40) - 1, off_diagonal_example::most_classes - 1);
    CHECK(last.row() == (std::size_t{1} << 40) - 1);
    CHECK(last.guess() == off_diagonal_example::most_classes - 1);
    CHECK(off_diagonal_example(5, 7).row() == 5);
    CHECK(off_diagonal_example(5, 7).guess() == 7);
}

TEST_CASE("rows and classes that an example off the diagonal cannot tell apart are refused")
{
    using labelerrors::detail::require_countable;
    CHECK_NOTHROW(require_countable(std::size_t{1} << 40, std::size_t{1} << 24, "f"));
    CHECK_THROWS_WITH_AS(require_countable(6, (std::size_t{1} << 24) + 1, "find_label_issues"),
                         "find_label_issues: pred_probs must have at most 2^24 columns, not 16777217; leave classes "
                         "without examples out",
                         labelerrors::value_error);
    CHECK_THROWS_WITH_AS(require_countable((std::size_t{1} << 40) + 1, 2, "find_label_issues"),
                         doctest::Contains("at most 2^40 rows, not 1099511627777"), labelerrors::value_error);
    // Labels fit such a set, and the pass refuses it before it reads a row.
    const std::size_t k = (std::size_t{1} << 24) + 1;
    const auto none = labelerrors::callback_rows<float>(
        2, k, [](std::size_t, std::size_t, std::span<float>) { throw std::runtime_error("read"); });
    CHECK_THROWS_AS(static_cast<void>(labelerrors::compute_confident_joint(std::vector<int>{0, 1}, none)),
                    labelerrors::value_error);
}

TEST_CASE("halves are counted as they are stored as the same values in floats are")
{
    std::mt19937_64 random(12);
    for (const std::size_t k : {std::size_t{2}, std::size_t{3}, std::size_t{10}, std::size_t{16}, std::size_t{17},
                                std::size_t{33}, std::size_t{100}, std::size_t{345}})
    {
        const std::size_t n = 300;
        std::vector<float16> halves(n * k);
        std::vector<float> floats(n * k);
        std::vector<int> labels(n);
        std::vector<double> thresholds(k);
        for (double& threshold : thresholds)
            threshold = 0.05 + 0.5 * static_cast<double>(random() >> 11) * 0x1p-53;
        for (std::size_t i = 0; i < n; ++i)
        {
            labels[i] = static_cast<int>(random() % k);
            std::vector<double> row(k);
            double sum = 0.0;
            for (double& value : row)
            {
                value = random() % 3 == 0 ? static_cast<double>(random() % 100) : 0.001;
                sum += value;
            }
            for (std::size_t j = 0; j < k; ++j)
                halves[i * k + j] = to_float16(static_cast<float>(row[j] / sum));
            // Minus zero, and sums that are near the limit.
            if (i % 7 == 0)
                halves[i * k + i % k] = float16{0x8000};
            if (i % 5 == 0)
                halves[i * k + static_cast<std::size_t>(labels[i])] = float16{0};
        }
        for (std::size_t i = 0; i < n * k; ++i)
            floats[i] = static_cast<float>(halves[i]);
        using counts = confident_counts<float, int>;
        // Every row sums to 1 within this tolerance, many do not within the default one.
        for (const double tolerance : {1.0, 0.4})
        {
            counts of_halves(std::span<const int>(labels), thresholds, tolerance);
            counts of_floats(std::span<const int>(labels), thresholds, tolerance);
            of_halves.add(labelerrors::row_block<float16>{halves.data(), 0, n, k});
            of_floats.add(labelerrors::row_block<float>{floats.data(), 0, n, k});
            CHECK(of_halves.check.failed() == of_floats.check.failed());
            CHECK(of_halves.missed == of_floats.missed);
            CHECK(of_halves.contradicted == of_floats.contradicted);
            REQUIRE(of_halves.off_diagonal.size() == of_floats.off_diagonal.size());
            std::size_t wrong = 0;
            for (std::size_t i = 0; i < of_halves.off_diagonal.size(); ++i)
                wrong += of_halves.off_diagonal[i].row() != of_floats.off_diagonal[i].row() ||
                                 of_halves.off_diagonal[i].guess() != of_floats.off_diagonal[i].guess()
                             ? 1u
                             : 0u;
            CHECK(wrong == 0);
            // Counted on the way where classes are few: what the examples themselves say.
            CHECK(of_halves.pairs == of_floats.pairs);
            CHECK(of_floats.pairs.size() == (k <= 32 ? k * k : 0));
            std::vector<std::int64_t> pairs(of_floats.pairs.size());
            if (!pairs.empty())
                for (const auto& example : of_floats.off_diagonal)
                    ++pairs[static_cast<std::size_t>(labels[example.row()]) * k + example.guess()];
            CHECK(of_floats.pairs == pairs);
        }
    }
}

TEST_CASE("a fault in halves is found in the same row, and said as of floats")
{
    for (const std::uint16_t bad : {std::uint16_t{0x7c00}, std::uint16_t{0xfc00}, std::uint16_t{0x7e00},
                                    std::uint16_t{0xbc00}, std::uint16_t{0x4000}})
    {
        std::vector<float16> halves(200, to_float16(0.05F));
        const std::vector<int> labels(10, 0);
        halves[6 * 20 + 3].bits = bad;
        const std::vector<double> thresholds(20, 0.5);
        confident_counts<float, int> counts(std::span<const int>(labels), thresholds, 1e-3);
        counts.add(labelerrors::row_block<float16>{halves.data(), 0, 10, 20});
        CHECK(counts.check.failed());
        CHECK_THROWS_WITH(counts.check.finish("test"), doctest::Contains("pred_probs row 6"));
    }
}

TEST_CASE_TEMPLATE("a row with a minus zero, which no kernel vouches for, counts as the same row without", T, double,
                   float, float16)
{
    std::mt19937_64 random(32);
    std::size_t off_diagonal = 0;
    for (int round = 0; round < 200; ++round)
    {
        const std::size_t k = 3 + random() % 20;
        const std::size_t n = 1 + random() % 60;
        const auto made = tests::random_case(random, n, k, 8);
        auto minus = made.pred_probs;
        for (double& value : minus)
            value = value == 0.0 ? -0.0 : value;
        const labelerrors::confident_joint_options options{.calibrate = labelerrors::calibration::none};
        const auto expected = compute_confident_joint(made.labels, tests::in_type<T>(made.pred_probs), options);
        const auto found = compute_confident_joint(made.labels, tests::in_type<T>(minus), options);
        CHECK(found.confident_joint == expected.confident_joint);
        CHECK(found.off_diagonal_indices == expected.off_diagonal_indices);
        CHECK(found.contradicted_indices == expected.contradicted_indices);
        off_diagonal += found.off_diagonal_indices.size();
    }
    CHECK(off_diagonal > 500);
}
