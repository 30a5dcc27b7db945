#include "small_cases.hpp"
#include <labelerrors/core/latent.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

using labelerrors::calibration;
using labelerrors::compute_pyx;
using labelerrors::convergence;
using labelerrors::estimate_latent;
using labelerrors::estimate_latent_from_probabilities;
using labelerrors::py_method;

namespace
{

using counts = xt::xtensor<std::int64_t, 2>;
using matrix = xt::xtensor<double, 2>;
using vector = xt::xtensor<double, 1>;
using sizes = std::vector<std::size_t>;

template <class Values>
void check_close(const Values& values, const Values& expected)
{
    REQUIRE(values.shape() == expected.shape());
    for (std::size_t i = 0; i < values.size(); ++i)
        CHECK(values.data()[i] == doctest::Approx(expected.data()[i]).epsilon(1e-9));
}

void check_close(const labelerrors::latent_estimates& latent, const labelerrors::latent_estimates& expected)
{
    check_close(latent.py, expected.py);
    check_close(latent.noise_matrix, expected.noise_matrix);
    check_close(latent.inverse_noise_matrix, expected.inverse_noise_matrix);
}

/// What the calibrated joint of the worked case, (1, 1, 0), (0, 2, 0), (1, 0, 1), says. Column sums 2, 3, 1; rows 2.
[[nodiscard]] labelerrors::latent_estimates worked_estimates()
{
    return {{1.0 / 3.0, 0.5, 1.0 / 6.0},
            {{0.5, 1.0 / 3.0, 0.0}, {0.0, 2.0 / 3.0, 0.0}, {0.5, 0.0, 1.0}},
            {{0.5, 0.0, 0.5}, {0.5, 1.0, 0.0}, {0.0, 0.0, 0.5}}};
}

}  // namespace

TEST_CASE("noise rates are the counts over their column sums, inverse ones over their row sums")
{
    // py by cnt: inverse(j, j) / noise(j, j) * ps(j), ps a third each: 0.5 / 0.5 / 3, 1 / (2/3) / 3, 0.5 / 1 / 3.
    const counts joint{{1, 1, 0}, {0, 2, 0}, {1, 0, 1}};
    for (const auto method : {py_method::cnt, py_method::eqn, py_method::marginal, py_method::marginal_ps})
        check_close(estimate_latent(joint, sizes{2, 2, 2}, {.py_method = method}), worked_estimates());
}

TEST_CASE("estimates from labels and probabilities are those from their confident joint")
{
    const auto made = tests::worked_case();
    const auto found =
        estimate_latent_from_probabilities(made.labels, made.pred_probs, {.converge = convergence::none});
    CHECK(found.confident_joint == counts{{1, 1, 0}, {0, 2, 0}, {1, 0, 1}});
    check_close(found.latent, worked_estimates());
    // Estimates that agree already converge to themselves.
    check_close(estimate_latent_from_probabilities(made.labels, made.pred_probs).latent, worked_estimates());
    const auto raw = estimate_latent_from_probabilities(
        made.labels, made.pred_probs, {.converge = convergence::none, .calibrate = calibration::none});
    CHECK(raw.confident_joint == counts{{1, 1, 0}, {0, 1, 0}, {1, 0, 1}});
    check_close(raw.latent, estimate_latent(raw.confident_joint, sizes{2, 2, 2}));
}

TEST_CASE("iterated estimates agree with each other")
{
    // Counts whose row sums are far from the class counts, so that the first estimates contradict each other.
    const counts joint{{5, 3, 1}, {1, 9, 2}, {2, 0, 4}};
    const auto latent = estimate_latent(joint, sizes{30, 20, 10},
                                        {.py_method = py_method::marginal, .converge = convergence::iterated});
    const vector ps{30.0 / 60.0, 20.0 / 60.0, 10.0 / 60.0};
    // The noise matrix is the one that the inverse and both priors imply.
    check_close(labelerrors::compute_noise_matrix_from_inverse(ps, latent.inverse_noise_matrix, latent.py),
                latent.noise_matrix);
}

TEST_CASE("estimates are distributions, whatever the counts")
{
    std::mt19937_64 random(33);
    for (int round = 0; round < 60; ++round)
    {
        const auto made = tests::random_case(random, 1 + random() % 60, 2 + random() % 5, 8);
        for (const auto converge : {convergence::none, convergence::iterated})
            for (const auto method : {py_method::cnt, py_method::marginal, py_method::marginal_ps})
            {
                const auto latent = estimate_latent_from_probabilities(made.labels, made.pred_probs,
                                                                       {.py_method = method, .converge = converge})
                                        .latent;
                double sum = 0.0;
                for (const double share : latent.py)
                {
                    CHECK((share > 0.0 && share <= 1.0));
                    sum += share;
                }
                CHECK(sum == doctest::Approx(1.0));
                for (const auto* rates : {&latent.noise_matrix, &latent.inverse_noise_matrix})
                    for (const double rate : *rates)
                        CHECK((rate >= 0.0 && rate <= 1.0 + 1e-12));
            }
    }
}

TEST_CASE("counts of any type and layout, and probabilities of any type, give the same estimates")
{
    const matrix joint{{6, 2, 1}, {1, 7, 0}, {0, 1, 5}};
    const sizes class_counts{9, 8, 6};
    const auto expected = estimate_latent(joint, class_counts);
    check_close(estimate_latent(tests::in_type<float>(joint), class_counts), expected);
    check_close(estimate_latent(tests::by_columns(joint), class_counts), expected);
    check_close(estimate_latent(tests::lazily(joint), class_counts), expected);
    const auto made = tests::worked_case();
    check_close(estimate_latent_from_probabilities(made.labels, tests::in_type<float>(made.pred_probs)).latent,
                worked_estimates());
}

TEST_CASE("a class without examples is estimated, but not by eqn")
{
    const counts joint{{3, 0, 1}, {0, 0, 0}, {1, 0, 3}};
    const auto latent = estimate_latent(joint, sizes{4, 0, 4});
    CHECK(latent.py(1) == doctest::Approx(1e-6).epsilon(1e-3));
    CHECK(latent.noise_matrix(0, 0) == 0.75);
    CHECK_THROWS_WITH_AS(static_cast<void>(estimate_latent(joint, sizes{4, 0, 4}, {.py_method = py_method::eqn})),
                         doctest::Contains("estimate_latent: py_method eqn needs a noise matrix that can be inverted"),
                         labelerrors::value_error);
    const xt::xtensor<double, 2> pred_probs{{0.75, 0.25, 0.0}, {0.25, 0.75, 0.0}};
    CHECK_THROWS_WITH_AS(static_cast<void>(estimate_latent_from_probabilities(std::vector<int>{0, 1}, pred_probs,
                                                                              {.py_method = py_method::eqn})),
                         doctest::Contains("estimate_latent_from_probabilities: py_method eqn needs a noise matrix"),
                         labelerrors::value_error);
}

TEST_CASE("what the joint never has leaves a column of zeros, and all other columns sum to 1")
{
    // Label 1 is never the true one in the first joint, and is never given in the second.
    for (const auto converge : {convergence::none, convergence::iterated})
    {
        const auto never_true =
            estimate_latent(counts{{3, 0, 1}, {2, 0, 1}, {1, 0, 3}}, sizes{4, 3, 4}, {.converge = converge});
        const auto never_given =
            estimate_latent(counts{{3, 0, 1}, {0, 0, 0}, {1, 2, 3}}, sizes{4, 3, 6}, {.converge = converge});
        for (std::size_t j = 0; j < 3; ++j)
        {
            const auto column_sum = [j](const matrix& rates)
            {
                return rates(0, j) + rates(1, j) + rates(2, j);
            };
            CHECK(column_sum(never_true.noise_matrix) == doctest::Approx(j == 1 ? 0.0 : 1.0));
            CHECK(column_sum(never_true.inverse_noise_matrix) == doctest::Approx(1.0));
            CHECK(column_sum(never_given.noise_matrix) == doctest::Approx(1.0));
            CHECK(column_sum(never_given.inverse_noise_matrix) == doctest::Approx(j == 1 ? 0.0 : 1.0));
        }
    }
}

TEST_CASE("counts that do not fit are refused by estimate_latent")
{
    CHECK_THROWS_WITH_AS(static_cast<void>(estimate_latent(counts{{1, 0}, {0, 1}}, sizes{1, 1, 1})),
                         "estimate_latent: confident_joint must be k x k with k = 3, not 2 x 2",
                         labelerrors::shape_error);
    CHECK_THROWS_AS(static_cast<void>(estimate_latent(counts{{1, -2}, {0, 1}}, sizes{1, 1})), labelerrors::value_error);
    CHECK_THROWS_WITH_AS(static_cast<void>(estimate_latent(counts{{1, 0}, {0, 1}}, sizes{0, 0})),
                         "estimate_latent: class_counts sums to 0; at least one example is needed",
                         labelerrors::value_error);
    const auto made = tests::worked_case();
    CHECK_THROWS_WITH_AS(static_cast<void>(estimate_latent_from_probabilities(std::vector<int>{9}, made.pred_probs)),
                         doctest::Contains("estimate_latent_from_probabilities: labels has 1 example"),
                         labelerrors::shape_error);
}

TEST_CASE("probabilities of the true labels follow from those of the given labels")
{
    // Factors inverse(j, j) / noise(j, j): 0.5 / 0.75 and 0.75 / 0.5. Row (0.75, 0.25): 0.5, 0.375 of 0.875 together.
    const matrix noise{{0.75, 0.5}, {0.25, 0.5}};
    const matrix inverse{{0.5, 0.25}, {0.5, 0.75}};
    const matrix pred_probs{{0.75, 0.25}, {0.25, 0.75}, {0.0, 0.0}};
    // The second row: 1/6 and 1.125, which is bounded to 1. A row of zeros stays one.
    const matrix expected{{0.5 / 0.875, 0.375 / 0.875}, {1.0 / 7.0, 6.0 / 7.0}, {0.0, 0.0}};
    check_close(compute_pyx(pred_probs, noise, inverse), expected);
    check_close(compute_pyx(tests::in_type<float>(pred_probs), noise, inverse), expected);
    check_close(compute_pyx(tests::by_columns(pred_probs), noise, inverse), expected);
    check_close(compute_pyx(tests::lazily(pred_probs), noise, inverse), expected);
    CHECK_THROWS_WITH_AS(static_cast<void>(compute_pyx(pred_probs, matrix{{1.0}}, inverse)),
                         doctest::Contains("compute_pyx: noise_matrix must be k x k with k = 2"),
                         labelerrors::shape_error);
    CHECK_THROWS_WITH_AS(static_cast<void>(compute_pyx(pred_probs, noise, matrix{{1.0}})),
                         "compute_pyx: inverse_noise_matrix must be k x k with k = 2, the number of columns of "
                         "pred_probs, not 1 x 1",
                         labelerrors::shape_error);
    const matrix unknown{{0.75, std::nan("")}, {0.25, 0.5}};
    CHECK_THROWS_WITH_AS(static_cast<void>(compute_pyx(pred_probs, unknown, inverse)),
                         doctest::Contains("compute_pyx: noise_matrix(0, 1) is NaN"), labelerrors::value_error);
    matrix broken = pred_probs;
    broken(1, 1) = std::nan("");
    CHECK_THROWS_WITH_AS(static_cast<void>(compute_pyx(broken, noise, inverse)),
                         doctest::Contains("compute_pyx: pred_probs row 1, column 1 is nan"), labelerrors::value_error);
}
