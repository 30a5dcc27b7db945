#include <labelerrors/evaluation/detection_measures.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <random>
#include <vector>

using labelerrors::evaluation::lift_at;
using labelerrors::evaluation::measure_detection;
using labelerrors::evaluation::measure_ranking;
using rows = std::vector<std::size_t>;

TEST_CASE("found examples are measured against those known to be wrong")
{
    const auto measures = measure_detection(rows{1, 4, 6, 8}, rows{8, 2, 1}, 10);
    CHECK(measures.num_errors == 4);
    CHECK(measures.num_found == 3);
    CHECK(measures.num_right == 2);
    CHECK(measures.precision == doctest::Approx(2.0 / 3));
    CHECK(measures.recall == 0.5);
    CHECK(measures.f1 == doctest::Approx(4.0 / 7));
    const auto nothing = measure_detection(rows{1}, rows{}, 2);
    CHECK(nothing.precision == 0.0);
    CHECK(nothing.f1 == 0.0);
}

TEST_CASE("a score is measured by the errors among its lowest values")
{
    // Lowest first: rows 2, 0, 1, 3; errors 0 and 2.
    const std::vector<double> scores{0.2, 0.6, 0.1, 0.9};
    const auto best = measure_ranking(rows{0, 2}, scores);
    CHECK(best.average_precision == 1.0);
    CHECK(best.auroc == 1.0);
    CHECK(lift_at(2, rows{0, 2}, scores) == 2.0);
    CHECK(lift_at(4, rows{0, 2}, scores) == 1.0);
    // Errors 0 and 3: precisions 1 / 2 and 2 / 4; of the four pairs with a right label, one is in order.
    const auto mixed = measure_ranking(rows{3, 0}, scores);
    CHECK(mixed.average_precision == 0.5);
    CHECK(mixed.auroc == 0.25);
    // Where all scores tie nothing is told apart.
    const auto tied = measure_ranking(rows{1}, std::vector<double>(4, 0.5));
    CHECK(tied.average_precision == 0.25);
    CHECK(tied.auroc == 0.5);
    // The lower rows are picked first, of many that tie too.
    CHECK(lift_at(2, rows{0, 1}, std::vector<double>(100, 0.5)) == 50.0);
}

TEST_CASE("the area under the curve is the share of pairs in order")
{
    std::mt19937_64 random(3);
    std::vector<double> scores(60);
    rows errors;
    for (std::size_t i = 0; i < scores.size(); ++i)
    {
        scores[i] = static_cast<double>(random() % 8);
        if (random() % 3 == 0)
            errors.push_back(i);
    }
    double in_order = 0.0;
    double pairs = 0.0;
    for (const std::size_t error : errors)
        for (std::size_t i = 0; i < scores.size(); ++i)
            if (std::find(errors.begin(), errors.end(), i) == errors.end())
            {
                pairs += 1.0;
                in_order += scores[error] < scores[i] ? 1.0 : scores[error] == scores[i] ? 0.5 : 0.0;
            }
    CHECK(measure_ranking(errors, scores).auroc == doctest::Approx(in_order / pairs));
}

TEST_CASE("rows that do not exist and measures that do not either are refused")
{
    using labelerrors::value_error;
    const std::vector<double> scores{0.1, 0.2};
    CHECK_THROWS_WITH_AS(measure_detection(rows{0, 5}, rows{}, 3),
                         "measure_detection: errors[1] is 5, but there are 3 examples", value_error);
    CHECK_THROWS_WITH_AS(measure_detection(rows{0}, rows{1, 1}, 3),
                         "measure_detection: found[1] is 1, which is there before; name each row once", value_error);
    CHECK_THROWS_AS(measure_detection(rows{}, rows{1}, 3), value_error);
    CHECK_THROWS_AS(measure_ranking(rows{}, scores), value_error);
    CHECK_THROWS_AS(measure_ranking(rows{0, 1}, scores), value_error);
    CHECK_THROWS_AS(measure_ranking(rows{0}, std::vector<double>{0.1, std::nan("")}), value_error);
    CHECK_THROWS_AS(lift_at(0, rows{0}, scores), value_error);
    CHECK_THROWS_AS(lift_at(3, rows{0}, scores), value_error);
}
