#include "small_cases.hpp"
#include <labelerrors/core/latent_algebra.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <limits>
#include <random>

using labelerrors::clip_noise_rates;
using labelerrors::compute_inverse_noise_matrix;
using labelerrors::compute_noise_matrix_from_inverse;
using labelerrors::compute_py;
using labelerrors::compute_py_and_inverse_noise_matrix;
using labelerrors::py_method;

namespace
{

using vector = xt::xtensor<double, 1>;
using matrix = xt::xtensor<double, 2>;

// Of those truly 0 a quarter is given 1, of those truly 1 an eighth is given 0. With py = (0.4, 0.6):
// ps = (0.75 * 0.4 + 0.125 * 0.6, 0.25 * 0.4 + 0.875 * 0.6) = (0.375, 0.625), and by Bayes
// P(true | given 0) = (0.3 / 0.375, 0.075 / 0.375) = (0.8, 0.2), P(true | given 1) = (0.1 / 0.625, 0.525 / 0.625).
const matrix noise{{0.75, 0.125}, {0.25, 0.875}};
const vector true_prior{0.4, 0.6};
const vector given_prior{0.375, 0.625};
const matrix inverse{{0.8, 0.16}, {0.2, 0.84}};

template <class Values>
void check_close(const Values& values, const Values& expected)
{
    REQUIRE(values.shape() == expected.shape());
    for (std::size_t i = 0; i < values.size(); ++i)
        CHECK(values.data()[i] == doctest::Approx(expected.data()[i]).epsilon(1e-12));
}

}  // namespace

TEST_CASE("the four ways to the true prior agree where the matrices do")
{
    for (const auto method : {py_method::cnt, py_method::eqn, py_method::marginal_ps})
        check_close(compute_py(given_prior, noise, inverse, method, vector{}), true_prior);
    // By marginal it is the share of each true label in the counts, which alone are read.
    check_close(compute_py(given_prior, noise, inverse, py_method::marginal, vector{4.0, 6.0}), true_prior);
    check_close(compute_py(given_prior, noise, inverse, py_method::marginal, vector{1.0, 3.0}), vector{0.25, 0.75});
}

TEST_CASE("a share of the true prior is at least 1e-6 before all are made to sum to 1")
{
    const auto py = compute_py(vector{0.0, 1.0}, matrix{{1.0, 0.0}, {0.0, 1.0}}, matrix{{1.0, 0.0}, {0.0, 1.0}},
                               py_method::cnt, vector{});
    check_close(py, vector{1e-6 / (1.0 + 1e-6), 1.0 / (1.0 + 1e-6)});
    check_close(compute_py(given_prior, noise, inverse, py_method::marginal, vector{0.0, 0.0}), vector{0.5, 0.5});
}

TEST_CASE("Bayes' rule leads from the noise matrix to its inverse and back")
{
    check_close(compute_inverse_noise_matrix(true_prior, noise, given_prior), inverse);
    check_close(compute_inverse_noise_matrix(true_prior, noise), inverse);
    check_close(compute_noise_matrix_from_inverse(given_prior, inverse, true_prior), noise);
    check_close(compute_noise_matrix_from_inverse(given_prior, inverse), noise);
    const auto solved = compute_py_and_inverse_noise_matrix(given_prior, noise);
    check_close(solved.py, true_prior);
    check_close(solved.inverse_noise_matrix, inverse);
}

TEST_CASE("there and back again is where one was, for any noise that keeps most labels")
{
    std::mt19937_64 random(32);
    for (int round = 0; round < 50; ++round)
    {
        const std::size_t k = 2 + random() % 5;
        auto made = matrix::from_shape({k, k});
        auto py = vector::from_shape({k});
        double total = 0.0;
        for (std::size_t j = 0; j < k; ++j)
        {
            double sum = 0.0;
            for (std::size_t i = 0; i < k; ++i)
                sum += made(i, j) = static_cast<double>(random() % 10 + (i == j ? 30 : 0));
            for (std::size_t i = 0; i < k; ++i)
                made(i, j) /= sum;
            total += py(j) = static_cast<double>(1 + random() % 9);
        }
        py /= total;
        auto ps = vector::from_shape({k});
        for (std::size_t i = 0; i < k; ++i)
        {
            ps(i) = 0.0;
            for (std::size_t j = 0; j < k; ++j)
                ps(i) += made(i, j) * py(j);
        }
        const auto turned = compute_inverse_noise_matrix(py, made, ps);
        for (const auto method : {py_method::cnt, py_method::eqn, py_method::marginal_ps})
            for (std::size_t j = 0; j < k; ++j)
                CHECK(compute_py(ps, made, turned, method, py)(j) == doctest::Approx(py(j)).epsilon(1e-9));
        check_close(compute_noise_matrix_from_inverse(ps, turned, py), made);
    }
}

TEST_CASE("noise rates are kept in [0, 0.9999], the diagonal is left alone, and columns sum to 1")
{
    // Column 0: 1, 2 -> 0.9999 off the diagonal; column 1: -0.5 -> 0.
    check_close(clip_noise_rates(matrix{{1.0, -0.5}, {2.0, 0.5}}), matrix{{1.0 / 1.9999, 0.0}, {0.9999 / 1.9999, 1.0}});
    // A column of zeros stays one.
    check_close(clip_noise_rates(matrix{{0.0, 0.0}, {0.0, 1.0}}), matrix{{0.0, 0.0}, {0.0, 1.0}});
}

TEST_CASE("a noise matrix that cannot be inverted is a value_error where it must be")
{
    const matrix singular{{0.5, 0.5}, {0.5, 0.5}};
    CHECK_THROWS_WITH_AS(static_cast<void>(compute_py(given_prior, singular, inverse, py_method::eqn, vector{})),
                         doctest::Contains("compute_py: py_method eqn needs a noise matrix that can be inverted"),
                         labelerrors::value_error);
    CHECK_THROWS_WITH_AS(static_cast<void>(compute_py_and_inverse_noise_matrix(given_prior, singular)),
                         doctest::Contains("compute_py_and_inverse_noise_matrix: py_method eqn needs a noise matrix"),
                         labelerrors::value_error);
    CHECK_THROWS_AS(
        static_cast<void>(compute_py(given_prior, matrix{{1.0, 0.0}, {0.0, 0.0}}, inverse, py_method::eqn, vector{})),
        labelerrors::value_error);
    CHECK_NOTHROW(static_cast<void>(compute_py(given_prior, singular, inverse, py_method::cnt, vector{})));
}

TEST_CASE("sizes that do not fit are a shape_error")
{
    using labelerrors::shape_error;
    const matrix larger{{1.0, 0.0, 0.0}, {0.0, 1.0, 0.0}, {0.0, 0.0, 1.0}};
    CHECK_THROWS_WITH_AS(static_cast<void>(compute_py(given_prior, larger, inverse, py_method::cnt, vector{})),
                         "compute_py: noise_matrix must be k x k with k = 2, the number of priors, not 3 x 3",
                         shape_error);
    CHECK_THROWS_AS(static_cast<void>(compute_py(given_prior, noise, larger, py_method::cnt, vector{})), shape_error);
    CHECK_THROWS_WITH_AS(static_cast<void>(compute_py(given_prior, noise, inverse, py_method::marginal, vector{1.0})),
                         "compute_py: true_counts must have k = 2 counts, not 1", shape_error);
    CHECK_THROWS_AS(static_cast<void>(compute_inverse_noise_matrix(true_prior, larger)), shape_error);
    CHECK_THROWS_AS(static_cast<void>(compute_inverse_noise_matrix(true_prior, larger, given_prior)), shape_error);
    CHECK_THROWS_AS(static_cast<void>(compute_noise_matrix_from_inverse(given_prior, larger)), shape_error);
    CHECK_THROWS_AS(static_cast<void>(compute_noise_matrix_from_inverse(given_prior, larger, true_prior)), shape_error);
    CHECK_THROWS_AS(static_cast<void>(compute_py_and_inverse_noise_matrix(given_prior, larger)), shape_error);
    CHECK_THROWS_AS(static_cast<void>(compute_py(vector{}, matrix::from_shape({0, 0}), matrix::from_shape({0, 0}),
                                                 py_method::cnt, vector{})),
                    shape_error);
}

TEST_CASE("priors of different lengths are a shape_error")
{
    using labelerrors::shape_error;
    CHECK_THROWS_WITH_AS(static_cast<void>(compute_inverse_noise_matrix(true_prior, noise, vector{0.5, 0.25, 0.25})),
                         "compute_inverse_noise_matrix: ps must have k = 2 values, not 3", shape_error);
    CHECK_THROWS_WITH_AS(static_cast<void>(compute_noise_matrix_from_inverse(given_prior, inverse, vector{1.0})),
                         "compute_noise_matrix_from_inverse: py must have k = 2 values, not 1", shape_error);
}

TEST_CASE("matrices that are not square are refused, and numbers that are not finite with their place")
{
    CHECK_THROWS_WITH_AS(static_cast<void>(clip_noise_rates(matrix{{0.5, 0.5}, {0.3, 0.3}, {0.2, 0.2}})),
                         "clip_noise_rates: matrix must be k x k, a row and a column for each class, not 3 x 2",
                         labelerrors::shape_error);
    CHECK_THROWS_AS(static_cast<void>(clip_noise_rates(matrix::from_shape({0, 0}))), labelerrors::shape_error);
    const double nan = std::nan("");
    const matrix unknown{{0.75, nan}, {0.25, 0.875}};
    const matrix infinite{{0.75, 0.125}, {std::numeric_limits<double>::infinity(), 0.875}};
    const vector unknown_prior{0.5, nan};
    using labelerrors::value_error;
    CHECK_THROWS_WITH_AS(static_cast<void>(clip_noise_rates(unknown)),
                         doctest::Contains("clip_noise_rates: matrix(0, 1) is NaN, not a finite number; "),
                         value_error);
    CHECK_THROWS_WITH_AS(static_cast<void>(compute_py(unknown_prior, noise, inverse, py_method::cnt, vector{})),
                         doctest::Contains("compute_py: ps(1) is NaN"), value_error);
    CHECK_THROWS_WITH_AS(static_cast<void>(compute_py(given_prior, infinite, inverse, py_method::eqn, vector{})),
                         doctest::Contains("compute_py: noise_matrix(1, 0) is infinite"), value_error);
    CHECK_THROWS_WITH_AS(static_cast<void>(compute_py(given_prior, noise, inverse, py_method::marginal, unknown_prior)),
                         doctest::Contains("compute_py: true_counts(1) is NaN"), value_error);
    CHECK_THROWS_WITH_AS(static_cast<void>(compute_inverse_noise_matrix(unknown_prior, noise, given_prior)),
                         doctest::Contains("compute_inverse_noise_matrix: py(1) is NaN"), value_error);
    CHECK_THROWS_WITH_AS(static_cast<void>(compute_inverse_noise_matrix(true_prior, noise, unknown_prior)),
                         doctest::Contains("compute_inverse_noise_matrix: ps(1) is NaN"), value_error);
    CHECK_THROWS_AS(static_cast<void>(compute_inverse_noise_matrix(unknown_prior, noise)), value_error);
    CHECK_THROWS_WITH_AS(static_cast<void>(compute_noise_matrix_from_inverse(given_prior, unknown, true_prior)),
                         doctest::Contains("compute_noise_matrix_from_inverse: inverse_noise_matrix(0, 1) is NaN"),
                         value_error);
    CHECK_THROWS_AS(static_cast<void>(compute_noise_matrix_from_inverse(unknown_prior, inverse)), value_error);
    CHECK_THROWS_AS(static_cast<void>(compute_py_and_inverse_noise_matrix(unknown_prior, noise)), value_error);
}
