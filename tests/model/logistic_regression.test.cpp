// The built-in linear classifier against gradients, optima and probabilities worked out elsewhere.
#include "check_refused.hpp"
#include <labelerrors/model/logistic_regression.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

using labelerrors::feature_scaling;
using labelerrors::logistic_regression;
using labelerrors::logistic_regression_options;
using labelerrors::shape_error;
using labelerrors::sparse_features;
using labelerrors::value_error;
using tests::check_refused;

namespace
{

using matrix = xt::xtensor<double, 2>;

struct examples
{
    matrix features;
    std::vector<std::size_t> labels;
    std::vector<double> weights;
};

/// 60 examples of 3 features and 3 classes, one of seven mislabelled: what the reference values below are of.
[[nodiscard]] examples reference_examples()
{
    examples made{matrix::from_shape({60, 3}), {}, {}};
    for (std::size_t i = 0; i < 60; ++i)
    {
        for (std::size_t j = 0; j < 3; ++j)
            made.features(i, j) = static_cast<double>((i * 7 + j * 11 + i * j * 3) % 17) / 8.0 - 1.0;
        const auto& x = made.features;
        const std::size_t label = x(i, 0) > 0.3 ? 0 : x(i, 1) + x(i, 2) > 0.0 ? 1 : 2;
        made.labels.push_back(i % 7 == 0 ? (label + 1) % 3 : label);
        made.weights.push_back(1.0 + static_cast<double>(i % 4) / 2.0);
    }
    return made;
}

/// n x d features between -1 and 1, a third of them 0, and labels of k classes that hang on them somewhat.
[[nodiscard]] examples random_examples(std::size_t n, std::size_t d, std::size_t k, std::uint64_t seed)
{
    std::mt19937_64 random(seed);
    const auto uniform = [&]
    {
        return static_cast<double>(random() >> 11) * 0x1p-52 - 1.0;
    };
    examples made{matrix::from_shape({n, d}), {}, {}};
    for (std::size_t i = 0; i < n; ++i)
    {
        const std::size_t label = random() % k;
        for (std::size_t j = 0; j < d; ++j)
            made.features(i, j) = random() % 3 == 0 ? 0.0 : uniform() + (j % k == label ? 0.3 : 0.0);
        made.labels.push_back(label);
        made.weights.push_back(uniform() + 1.0);
    }
    return made;
}

template <class T>
[[nodiscard]] sparse_features<T> to_sparse(const matrix& features)
{
    sparse_features<T> sparse;
    sparse.num_columns = features.shape()[1];
    for (std::size_t i = 0; i < features.shape()[0]; ++i)
    {
        for (std::size_t j = 0; j < sparse.num_columns; ++j)
            if (features(i, j) != 0.0)
            {
                sparse.columns.push_back(static_cast<std::uint32_t>(j));
                sparse.values.push_back(static_cast<T>(features(i, j)));
            }
        sparse.row_starts.push_back(sparse.values.size());
    }
    return sparse;
}

template <class A, class B>
[[nodiscard]] double largest_difference(const A& a, const B& b)
{
    REQUIRE(a.size() == b.size());
    double largest = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i)
        largest = std::max(largest, std::abs(static_cast<double>(a.data()[i]) - static_cast<double>(b.data()[i])));
    return largest;
}

/// Holds the gradient of the loss of a design against differences of its values.
template <class Design>
void check_gradient(const Design& design, const examples& made, std::size_t k)
{
    const labelerrors::detail::softmax_loss loss(design, made.labels, k, made.weights, 0.3, 1);
    std::mt19937_64 random(5);
    std::vector<double> point(loss.num_parameters());
    for (double& value : point)
        value = static_cast<double>(random() >> 11) * 0x1p-52 - 1.0;
    std::vector<double> gradient(point.size());
    std::vector<double> unused(point.size());
    (void)loss(point, gradient);
    constexpr double step = 1e-5;
    double largest = 0.0;
    for (std::size_t i = 0; i < point.size(); ++i)
    {
        auto moved = point;
        moved[i] += step;
        const double above = loss(moved, unused);
        moved[i] -= 2.0 * step;
        const double below = loss(moved, unused);
        largest = std::max(largest, std::abs(gradient[i] - (above - below) / (2.0 * step)));
    }
    CHECK(largest < 1e-9);
}

}  // namespace

static_assert(labelerrors::tunable_classifier<logistic_regression, matrix>);
static_assert(labelerrors::tunable_classifier<logistic_regression, xt::xtensor<float, 2>>);
static_assert(labelerrors::tunable_classifier<logistic_regression, sparse_features<float>>);
static_assert(!labelerrors::classifier<logistic_regression, std::vector<std::string>>);
static_assert(!labelerrors::classifier<logistic_regression, std::vector<double>>);

TEST_CASE("L-BFGS finds the minimum of a narrow valley and of a badly scaled bowl, and says when it has not")
{
    const auto rosenbrock = [](std::span<const double> at, std::span<double> gradient)
    {
        const double across = at[1] - at[0] * at[0];
        gradient[0] = -400.0 * at[0] * across - 2.0 * (1.0 - at[0]);
        gradient[1] = 200.0 * across;
        return 100.0 * across * across + (1.0 - at[0]) * (1.0 - at[0]);
    };
    const auto found = labelerrors::minimize_lbfgs(rosenbrock, {-1.2, 1.0}, {.tolerance = 1e-10});
    CHECK(found.converged);
    CHECK(found.iterations < 60);
    CHECK(std::abs(found.point[0] - 1.0) < 1e-9);
    CHECK(std::abs(found.point[1] - 1.0) < 1e-9);
    CHECK(!labelerrors::minimize_lbfgs(rosenbrock, {-1.2, 1.0}, {.max_iterations = 5}).converged);

    const auto bowl = [](std::span<const double> at, std::span<double> gradient)
    {
        double value = 0.0;
        for (std::size_t i = 0; i < at.size(); ++i)
        {
            const double scale = std::pow(10.0, static_cast<double>(i));
            gradient[i] = scale * (at[i] - 1.0);
            value += 0.5 * scale * (at[i] - 1.0) * (at[i] - 1.0);
        }
        return value;
    };
    const auto bottom = labelerrors::minimize_lbfgs(bowl, std::vector<double>(6, 0.0), {.tolerance = 1e-8});
    CHECK(bottom.converged);
    for (const double value : bottom.point)
        CHECK(std::abs(value - 1.0) < 1e-7);

    // No lower bound and no end: given up after the number of steps, not converged.
    const auto slope = [](std::span<const double> at, std::span<double> gradient)
    {
        gradient[0] = 1.0;
        return at[0];
    };
    CHECK(!labelerrors::minimize_lbfgs(slope, {0.0}, {.max_iterations = 3}).converged);
    const auto nowhere = [](std::span<const double>, std::span<double>)
    {
        return std::numeric_limits<double>::quiet_NaN();
    };
    check_refused<value_error>([&] { (void)labelerrors::minimize_lbfgs(nowhere, {0.0}); },
                               {"minimize_lbfgs: evaluate must give a value", "not nan and entries up to 0"});
    const auto steep = [](std::span<const double> at, std::span<double> gradient)
    {
        gradient[0] = 1e159;
        return 1e159 * at[0];
    };
    check_refused<value_error>(
        [&] { (void)labelerrors::minimize_lbfgs(steep, {0.0}); },
        {"a gradient that can be squared", "not 0 and entries up to 1e+159", "scale the variables"});
    const auto blind = [](std::span<const double>, std::span<double> gradient)
    {
        gradient[0] = 1.0;
        gradient[1] = std::numeric_limits<double>::quiet_NaN();
        gradient[2] = 2.0;
        return 0.0;
    };
    check_refused<value_error>(
        [&] {
            (void)labelerrors::minimize_lbfgs(blind, {0.0, 0.0, 0.0});
        },
        {"not 0 and entries up to nan"});
    for (const double tolerance : {-1e-6, std::numeric_limits<double>::quiet_NaN()})
        check_refused<value_error>(
            [&] {
                (void)labelerrors::minimize_lbfgs(rosenbrock, {-1.2, 1.0}, {.tolerance = tolerance});
            },
            {"minimize_lbfgs: tolerance must be a number of at least 0"});
}

TEST_CASE("each step of L-BFGS meets the weak Wolfe conditions, whatever the history and the scale")
{
    for (const std::size_t history : {0u, 1u, 3u, 10u})
        for (const double scale : {1e-6, 1.0, 1e6})
        {
            CAPTURE(history);
            CAPTURE(scale);
            struct place
            {
                std::vector<double> point;
                std::vector<double> gradient;
                double value;
            };
            std::size_t evaluations = 0;
            place last;
            const auto valley = [&](std::span<const double> at, std::span<double> gradient)
            {
                double value = 0.0;
                std::fill(gradient.begin(), gradient.end(), 0.0);
                for (std::size_t i = 0; i + 1 < at.size(); ++i)
                {
                    const double across = at[i + 1] - at[i] * at[i];
                    gradient[i] += scale * (-40.0 * at[i] * across - 2.0 * (1.0 - at[i]));
                    gradient[i + 1] += scale * 20.0 * across;
                    value += scale * (10.0 * across * across + (1.0 - at[i]) * (1.0 - at[i]));
                }
                ++evaluations;
                last = {{at.begin(), at.end()}, {gradient.begin(), gradient.end()}, value};
                return value;
            };
            const std::vector<double> start{-1.2, 1.0, -0.5, 0.7, 2.0};
            std::vector<double> gradient(start.size());
            (void)valley(start, gradient);
            place before = last;
            evaluations = 0;
            std::size_t steps = 0;
            const auto found = labelerrors::minimize_lbfgs(
                valley, start,
                {.tolerance = 1e-3 * scale,
                 .max_iterations = 2000,
                 .history = history,
                 .progress = [&](std::size_t iteration, double norm)
                 {
                     CHECK(iteration == ++steps);
                     double slope_before = 0.0;
                     double slope = 0.0;
                     double largest = 0.0;
                     for (std::size_t i = 0; i < start.size(); ++i)
                     {
                         const double moved = last.point[i] - before.point[i];
                         slope_before += before.gradient[i] * moved;
                         slope += last.gradient[i] * moved;
                         largest = std::max(largest, std::abs(last.gradient[i]));
                     }
                     CHECK(norm == largest);
                     CHECK(slope_before < 0.0);
                     // The first condition, or its form for slopes where the value does not rise.
                     CHECK((last.value <= before.value + 0.9e-4 * slope_before ||
                            (last.value <= before.value + 1.1e-7 * before.value && slope <= -0.9997 * slope_before)));
                     CHECK(slope >= 0.9001 * slope_before);
                     before = last;
                 }});
            CHECK(found.converged);
            CHECK(found.iterations == steps);
            CHECK(found.evaluations == evaluations);
            CHECK(found.value == last.value);
            CHECK(found.iterations < (history == 0 ? 2000u : history == 1 ? 200u : 60u));
        }
    // At the minimum there is nothing to do, though the tolerance is 0.
    const auto flat = [](std::span<const double>, std::span<double> gradient)
    {
        gradient[0] = 0.0;
        return 5.0;
    };
    const auto there = labelerrors::minimize_lbfgs(flat, {3.0}, {.tolerance = 0.0});
    CHECK(there.converged);
    CHECK(there.evaluations == 1);
    CHECK(there.iterations == 0);
}

TEST_CASE("the gradient is that of the loss: dense, scaled and sparse")
{
    // In one block of rows, and in three of which the last is not full.
    for (const std::size_t n : {70u, 2'500u})
    {
        const auto made = random_examples(n, 5, 4, 1);
        labelerrors::detail::with_feature_rows(
            made.features, "test",
            [&](const auto& rows)
            {
                check_gradient(labelerrors::detail::dense_design(rows, {}), made, 4);
                check_gradient(labelerrors::detail::dense_design(rows, labelerrors::measure_columns(rows, "test")),
                               made, 4);
            });
        const auto sparse = to_sparse<double>(made.features);
        check_gradient(labelerrors::detail::sparse_design(sparse), made, 4);
    }
}

TEST_CASE("the optimum is the one that Newton's method finds, to ten digits")
{
    const auto made = reference_examples();
    // Newton's method in numpy, to gradients below 3e-15; scikit-learn 1.2.1's LogisticRegression(C=0.5,
    // multi_class="multinomial", solver="newton-cg", tol=1e-14) has the same coef_.T and intercept_, less its mean, to
    // 1e-9.
    logistic_regression model({.C = 0.5, .scaling = feature_scaling::none, .tolerance = 1e-13});
    model.fit(made.features, made.labels, 3);
    CHECK(model.report().converged);
    CHECK(largest_difference(model.weights(), matrix{{1.0784505262834305, -0.3655055375840614, -0.7129449886993695},
                                                     {0.5831726414790849, 0.014464185320415086, -0.5976368267995009},
                                                     {-0.32500352331193477, 1.056784257708021, -0.7317807343960865}}) <
          1e-10);
    CHECK(largest_difference(model.biases(), xt::xtensor<double, 1>{0.22843059504779664, -0.21785546621753604,
                                                                    -0.010575128830260587}) < 1e-11);
    // The same with C = 2 and the examples' weights.
    logistic_regression weighted({.C = 2.0, .scaling = feature_scaling::none, .tolerance = 1e-13});
    weighted.fit(made.features, made.labels, 3, {.weights = made.weights});
    CHECK(largest_difference(weighted.weights(),
                             matrix{{1.7531293319150896, -0.37960643172228603, -1.373522900192805},
                                    {0.6025254592941935, 0.41218648216149817, -1.0147119414556918},
                                    {-0.5324343061112403, 1.5287822057094387, -0.996347899598199}}) < 1e-10);
    // The same with C = 0.5 of standardised features: probabilities of the first two examples.
    logistic_regression standardized({.C = 0.5, .tolerance = 1e-13});
    standardized.fit(made.features, made.labels, 3);
    const auto pred_probs = standardized.predict_proba(made.features);
    const matrix first{{pred_probs(0, 0), pred_probs(0, 1), pred_probs(0, 2)},
                       {pred_probs(1, 0), pred_probs(1, 1), pred_probs(1, 2)}};
    CHECK(largest_difference(first, matrix{{0.1413496868448884, 0.20688294673054008, 0.6517673664245714},
                                           {0.24094776428195022, 0.048889516416943765, 0.710162719301106}}) < 1e-11);
    // weights() and biases() are of the features as they were given.
    const auto weights = standardized.weights();
    const auto biases = standardized.biases();
    std::vector<double> logits(3);
    for (std::size_t j = 0; j < 3; ++j)
        logits[j] = biases(j) + weights(0, j) * made.features(0, 0) + weights(1, j) * made.features(0, 1) +
                    weights(2, j) * made.features(0, 2);
    CHECK(std::exp(logits[1] - logits[0]) == doctest::Approx(pred_probs(0, 1) / pred_probs(0, 0)));
}

TEST_CASE("two classes have the optimum of sklearn's LogisticRegression of twice the C")
{
    const auto made = reference_examples();
    std::vector<std::size_t> labels;
    for (std::size_t i = 0; i < 60; ++i)
        labels.push_back((made.features(i, 0) > 0.3) == (i % 7 != 0) ? 1 : 0);
    logistic_regression model({.C = 1.0, .scaling = feature_scaling::none, .tolerance = 1e-13});
    model.fit(made.features, labels, 2);
    // scikit-learn 1.2.1's LogisticRegression(C=2.0, solver="newton-cg", tol=1e-14): coef_, intercept_ and
    // predict_proba. Its weights are what class 1 has more than class 0.
    const auto weights = model.weights();
    const auto biases = model.biases();
    const matrix more{
        {weights(0, 1) - weights(0, 0)}, {weights(1, 1) - weights(1, 0)}, {weights(2, 1) - weights(2, 0)}};
    CHECK(largest_difference(more, matrix{{1.7644783928960182}, {1.0185259564525984}, {-0.3772248265569884}}) < 1e-7);
    CHECK(biases(1) - biases(0) == doctest::Approx(-0.40025314979912147).epsilon(1e-7));
    const auto pred_probs = model.predict_proba(made.features);
    CHECK(pred_probs(0, 1) == doctest::Approx(0.1622848503610362).epsilon(1e-7));
    CHECK(pred_probs(1, 1) == doctest::Approx(0.3100246196181201).epsilon(1e-7));
}

TEST_CASE("floats, bytes, other layouts and sparse rows give what doubles give")
{
    const auto made = random_examples(300, 40, 3, 2);
    const auto fitted = [&](const auto& features, feature_scaling scaling)
    {
        logistic_regression model({.scaling = scaling, .tolerance = 1e-8});
        model.fit(features, made.labels, 3);
        CHECK(model.report().gradient_norm < 1e-5);
        return model.predict_proba(features);
    };
    const auto expected = fitted(made.features, feature_scaling::none);
    const xt::xtensor<double, 2, xt::layout_type::column_major> columns = made.features;
    CHECK(fitted(columns, feature_scaling::none) == expected);
    CHECK(fitted(made.features * 1.0, feature_scaling::none) == expected);
    CHECK(largest_difference(fitted(to_sparse<double>(made.features), feature_scaling::none), expected) < 1e-6);
    const xt::xtensor<float, 2> floats = xt::cast<float>(made.features);
    CHECK(largest_difference(fitted(floats, feature_scaling::none), expected) < 1e-4);
    CHECK(largest_difference(fitted(to_sparse<float>(made.features), feature_scaling::none), expected) < 1e-4);
    CHECK(largest_difference(fitted(floats, feature_scaling::standardize),
                             fitted(made.features, feature_scaling::standardize)) < 1e-4);

    xt::xtensor<std::uint8_t, 2> bytes = xt::xtensor<std::uint8_t, 2>::from_shape({300, 40});
    matrix numbers = matrix::from_shape({300, 40});
    for (std::size_t i = 0; i < bytes.size(); ++i)
        numbers.data()[i] = bytes.data()[i] = static_cast<std::uint8_t>(i * i % 251);
    CHECK(fitted(bytes, feature_scaling::standardize) == fitted(numbers, feature_scaling::standardize));
}

TEST_CASE("the result is the same bits for any number of threads")
{
    // Large enough to be cut into parts: 3000 x 60 x 20 multiplications and more.
    const auto made = random_examples(3000, 60, 20, 3);
    const xt::xtensor<float, 2> floats = xt::cast<float>(made.features);
    const auto sparse = to_sparse<float>(made.features);
    const auto fitted = [&](const auto& features, std::size_t threads)
    {
        logistic_regression model({.max_iterations = 8, .threads = threads});
        model.fit(features, made.labels, 20);
        return model.predict_proba(features);
    };
    const auto check = [&](const auto& features)
    {
        const auto one = fitted(features, 1);
        for (const std::size_t threads : {2u, 7u})
            CHECK(fitted(features, threads) == one);
    };
    check(made.features);
    check(floats);
    check(sparse);
}

TEST_CASE("products larger than one call of BLAS are cut up without loss")
{
    // 700 columns of 500 classes exceed what is multiplied at once, in either direction.
    const std::size_t m = 33;
    const std::size_t n = 500;
    const std::size_t depth = 700;
    const auto a = random_examples(m, depth, 2, 4).features;
    const auto b = random_examples(depth, n, 2, 5).features;
    matrix a_transposed = matrix::from_shape({depth, m});
    matrix b_transposed = matrix::from_shape({n, depth});
    for (std::size_t d = 0; d < depth; ++d)
    {
        for (std::size_t i = 0; i < m; ++i)
            a_transposed(d, i) = a(i, d);
        for (std::size_t j = 0; j < n; ++j)
            b_transposed(j, d) = b(d, j);
    }
    matrix expected = matrix::from_shape({m, n});
    expected.fill(0.0);
    for (std::size_t i = 0; i < m; ++i)
        for (std::size_t d = 0; d < depth; ++d)
            for (std::size_t j = 0; j < n; ++j)
                expected(i, j) += a(i, d) * b(d, j);
    matrix product = matrix::from_shape({m, n});
    labelerrors::detail::multiply<double>(m, n, depth, {a.data(), depth}, {b.data(), n}, {product.data(), n});
    CHECK(largest_difference(product, expected) < 1e-11);
    product.fill(0.0);
    labelerrors::detail::multiply_transposed<double>(m, n, depth, {a_transposed.data(), m}, {b.data(), n},
                                                     {product.data(), n});
    CHECK(largest_difference(product, expected) < 1e-11);
    product.fill(0.0);
    labelerrors::detail::multiply_rows<double>(m, n, depth, {a.data(), depth}, {b_transposed.data(), depth},
                                               {product.data(), n});
    CHECK(largest_difference(product, expected) < 1e-11);
}

TEST_CASE("constant features are legal, and features far from 0 lose nothing")
{
    auto made = reference_examples();
    matrix wider = matrix::from_shape({60, 5});
    matrix far = made.features;
    for (std::size_t i = 0; i < 60; ++i)
    {
        for (std::size_t j = 0; j < 3; ++j)
        {
            wider(i, j) = made.features(i, j);
            far(i, j) = 1e6 + made.features(i, j);
        }
        wider(i, 3) = 0.1;
        wider(i, 4) = 0.0;
    }
    const auto fitted = [&](const auto& features)
    {
        logistic_regression model({.tolerance = 1e-10});
        model.fit(features, made.labels, 3);
        return model;
    };
    const auto model = fitted(wider);
    const auto expected = fitted(made.features).predict_proba(made.features);
    CHECK(model.report().converged);
    for (std::size_t j = 0; j < 3; ++j)
        CHECK(model.weights()(4, j) == 0.0);
    CHECK(largest_difference(model.predict_proba(wider), expected) < 1e-9);
    CHECK(largest_difference(fitted(far).predict_proba(far), expected) < 1e-7);
    const xt::xtensor<float, 2> far_floats = xt::cast<float>(far);
    logistic_regression in_float({.tolerance = 1e-6});
    in_float.fit(far_floats, made.labels, 3);
    CHECK(largest_difference(in_float.predict_proba(far_floats), expected) < 1e-4);
}

TEST_CASE("weights and biases give the probabilities, of floats far from 0 too, whose mean is no float")
{
    const auto made = random_examples(300, 3, 3, 6);
    xt::xtensor<float, 2> features = xt::cast<float>(made.features);
    for (std::size_t i = 0; i < 300; ++i)
        features(i, 0) = 3e6f + 4.0f * features(i, 0);
    logistic_regression model({.C = 10.0});
    model.fit(features, made.labels, 3);
    const auto weights = model.weights();
    const auto biases = model.biases();
    auto expected = matrix::from_shape({300, 3});
    for (std::size_t i = 0; i < 300; ++i)
    {
        double sum = 0.0;
        for (std::size_t j = 0; j < 3; ++j)
        {
            double logit = biases(j) - biases(0);
            for (std::size_t column = 0; column < 3; ++column)
                logit += static_cast<double>(features(i, column)) * (weights(column, j) - weights(column, 0));
            sum += expected(i, j) = std::exp(logit);
        }
        for (std::size_t j = 0; j < 3; ++j)
            expected(i, j) /= sum;
    }
    CHECK(largest_difference(model.predict_proba(features), expected) < 1e-5);
}

TEST_CASE("a fit that does not converge says so")
{
    const auto made = reference_examples();
    logistic_regression model({.tolerance = 1e-12, .max_iterations = 3});
    model.fit(made.features, made.labels, 3);
    CHECK(!model.report().converged);
    CHECK(model.report().iterations == 3);
    CHECK(model.report().gradient_norm > 1e-12);
    std::vector<double> shares;
    logistic_regression watched;
    watched.fit(made.features, made.labels, 3,
                {.progress = [&](double share)
                 {
                     shares.push_back(share);
                 }});
    CHECK(watched.report().converged);
    CHECK(shares.size() == watched.report().iterations);
    CHECK(shares.front() >= 0.0);
    CHECK(shares.back() <= 1.0);
    // With some steps the gradient grows where features hang together.
    shares.clear();
    auto more = random_examples(400, 10, 4, 1);
    for (std::size_t i = 0; i < more.features.size(); ++i)
        more.features.data()[i] += static_cast<double>(i / 10 % 50) / 10.0;
    logistic_regression closer({.C = 10.0, .scaling = labelerrors::feature_scaling::none, .tolerance = 1e-4});
    closer.fit(more.features, more.labels, 4,
               {.progress = [&](double share)
                {
                    shares.push_back(share);
                }});
    CHECK(std::is_sorted(shares.begin(), shares.end()));
    CHECK_THROWS_AS(watched.fit(made.features, made.labels, 3,
                                {.progress =
                                     [](double)
                                 {
                                     throw std::bad_alloc();
                                 }}),
                    std::bad_alloc);
}

TEST_CASE("what cannot be learnt from is refused with the place")
{
    const auto made = reference_examples();
    const auto refuse_value = [&](const matrix& features, const std::vector<std::size_t>& labels,
                                  const std::vector<double>& weights, const std::vector<std::string>& parts)
    {
        logistic_regression model;
        check_refused<value_error>([&] { model.fit(features, labels, 3, {.weights = weights}); }, parts);
    };
    auto features = made.features;
    features(41, 2) = std::numeric_limits<double>::quiet_NaN();
    refuse_value(features, made.labels, {}, {"logistic_regression::fit", "features(41, 2) is NaN"});
    features(41, 2) = 1e200;
    refuse_value(features, made.labels, {}, {"column 2", "too large"});
    const auto refuse_overflow = [&](const auto& given, const std::vector<double>& weights)
    {
        logistic_regression model({.scaling = feature_scaling::none});
        check_refused<value_error>([&] { model.fit(given, made.labels, 3, {.weights = weights}); },
                                   {"logistic_regression::fit: features or weights are too large", "scale them down"});
    };
    refuse_overflow(features, {});
    refuse_overflow(to_sparse<double>(features), {});
    const xt::xtensor<float, 2> floats = xt::cast<float>(made.features);
    refuse_overflow(floats, std::vector<double>(60, 1e39));  // as residuals they are no floats
    features(41, 2) = std::numeric_limits<double>::infinity();
    check_refused<value_error>(
        [&] { logistic_regression({.scaling = feature_scaling::none}).fit(features, made.labels, 3); },
        {"logistic_regression::fit", "features(41, 2) is infinite"});
    // Large, but not too large without a deviation to be taken of it.
    features(41, 2) = 1e140;
    logistic_regression unscaled({.scaling = feature_scaling::none, .max_iterations = 3});
    unscaled.fit(features, made.labels, 3);
    CHECK(std::isfinite(unscaled.report().loss));
    refuse_value(made.features, made.labels, std::vector<double>(60, 1e-310),
                 {"logistic_regression::fit: C is 1 and the weights sum to", "not a normal number"});
    for (const std::size_t num_classes : {std::size_t{1} << 62, std::numeric_limits<std::size_t>::max()})
        check_refused<value_error>([&] { logistic_regression{}.fit(made.features, made.labels, num_classes); },
                                   {"logistic_regression::fit", "num_classes must be at most 4294967295"});
    // A sparse row may have any number of columns.
    const labelerrors::sparse_features<float> wide{
        .num_columns = std::size_t{1} << 32, .row_starts = {0, 0, 0}, .columns = {}, .values = {}};
    check_refused<value_error>(
        [&] {
            logistic_regression{}.fit(wide, std::vector<std::size_t>{0, 1}, std::size_t{1} << 31);
        },
        {"num_classes is 2147483648", "more weights than can be counted"});
    auto labels = made.labels;
    labels[7] = 3;
    refuse_value(made.features, labels, {}, {"labels[7] is 3", "num_classes is 3"});
    refuse_value(made.features, std::vector<std::size_t>(60, 2), {}, {"labels are all 2"});
    auto weights = made.weights;
    weights[9] = -0.5;
    refuse_value(made.features, made.labels, weights, {"weights[9] is -0.5"});
    weights[9] = std::numeric_limits<double>::infinity();
    refuse_value(made.features, made.labels, weights, {"weights[9] is inf", "must be finite"});
    refuse_value(made.features, made.labels, std::vector<double>(60, 0.0), {"weights are all 0"});

    logistic_regression model;
    const auto refuse_shape =
        [&](const matrix& given, const std::vector<std::size_t>& given_labels, const std::vector<std::string>& parts)
    {
        check_refused<shape_error>([&] { model.fit(given, given_labels, 3); }, parts);
    };
    refuse_shape(made.features, {0, 1}, {"labels has 2 examples and features has 60 rows"});
    refuse_shape(matrix::from_shape({0, 3}), {}, {"at least one row"});
    refuse_shape(matrix::from_shape({2, 0}), {0, 1}, {"one column, not 2 x 0"});
    const std::span<const double> few = std::span(made.weights).first(5);
    check_refused<shape_error>([&] { model.fit(made.features, made.labels, 3, {.weights = few}); },
                               {"weights must have 60 numbers", "not 5"});
    const std::vector<double> more(61, 1.0);
    check_refused<shape_error>([&] { model.fit(made.features, made.labels, 3, {.weights = more}); },
                               {"weights must have 60 numbers", "not 61"});
    check_refused<shape_error>([&] { (void)model.predict_proba(made.features); }, {"call fit first"});
    model.fit(made.features, made.labels, 3);
    check_refused<shape_error>([&] { (void)model.predict_proba(matrix{{1.0, 2.0}}); }, {"3 columns", "not 2"});
    check_refused<value_error>([&] { (void)model.predict_proba(features * std::numeric_limits<double>::infinity()); },
                               {"features(0, "});
    for (const auto& row_starts : std::vector<std::vector<std::size_t>>{{0, 2, 1}, {1, 1, 1}, {0, 0, 0}, {0, 1, 2}})
    {
        const sparse_features<float> bad{.num_columns = 2, .row_starts = row_starts, .columns = {0}, .values = {1.0f}};
        check_refused<shape_error>([&] { model.fit(bad, std::vector<std::size_t>{0, 1}, 2); }, {"row_starts"});
    }
    const sparse_features<float> uneven{.num_columns = 2, .row_starts = {0, 1, 1}, .columns = {0, 1}, .values = {1.0f}};
    check_refused<shape_error>(
        [&] {
            model.fit(uneven, std::vector<std::size_t>{0, 1}, 2);
        },
        {"as many columns as values"});

    check_refused<value_error>([] { (void)logistic_regression({.C = 0.0}); }, {"C must be", "not 0"});
    check_refused<value_error>([] { (void)logistic_regression({.C = 1e-320}); },
                               {"logistic_regression: C must be a normal number above 0, not"});
    check_refused<value_error>([] { (void)logistic_regression({.C = std::nan("")}); }, {"C must be"});
    check_refused<value_error>([] { (void)logistic_regression({.tolerance = -1.0}); }, {"tolerance must be"});
    check_refused<value_error>([] { (void)logistic_regression({.max_iterations = 0}); }, {"max_iterations"});
}

TEST_CASE("a fit that fails leaves what was learnt before, and an unfitted model unfitted")
{
    const auto made = reference_examples();
    auto broken = matrix::from_shape({60, 1000});
    broken.fill(0.5);
    broken(1, 1) = std::numeric_limits<double>::quiet_NaN();
    const sparse_features<double> sparse{
        .num_columns = 2, .row_starts = {0, 1, 2}, .columns = {0, 1}, .values = {1.0, 2.0}};
    labelerrors::fit_options stopping;
    stopping.progress = [](double)
    {
        throw std::runtime_error("stop");
    };

    logistic_regression model;
    CHECK_THROWS_AS(model.fit(broken, made.labels, 3), value_error);
    CHECK(model.weights().size() == 0);
    CHECK(model.biases().size() == 0);
    check_refused<shape_error>([&] { (void)model.predict_proba(made.features); }, {"call fit first"});
    model.fit(made.features, made.labels, 3);
    const auto learnt = model;
    const auto unchanged = [&]
    {
        CHECK(model.predict_proba(made.features) == learnt.predict_proba(made.features));
        CHECK(model.weights() == learnt.weights());
        CHECK(model.biases() == learnt.biases());
        CHECK(model.report().iterations == learnt.report().iterations);
    };
    CHECK_THROWS_AS(model.fit(broken, made.labels, 3), value_error);
    unchanged();
    CHECK_THROWS_AS(model.fit(made.features, std::vector<std::size_t>(60, 0), 7), value_error);
    unchanged();
    const matrix shifted = made.features * 1000.0 + 5.0;
    CHECK_THROWS_AS(model.fit(shifted, made.labels, 5, stopping), std::runtime_error);
    unchanged();
    CHECK_THROWS_AS(model.fit(sparse, std::vector<std::size_t>{0, 1}, 2, stopping), std::runtime_error);
    unchanged();
}

TEST_CASE("a prediction may be told its threads, which change nothing")
{
    const auto made = random_examples(3000, 5, 3, 4);
    logistic_regression model({.threads = 2});
    model.fit(made.features, made.labels, 3);
    const auto expected = model.predict_proba(made.features);
    for (const std::size_t threads : {0u, 1u, 3u})
        CHECK(model.predict_proba(made.features, {.threads = threads}) == expected);
}

TEST_CASE("an example too far from those of the fit for a probability is refused by its row")
{
    const xt::xtensor<float, 2> near{{0.0f}, {1e-3f}, {1e-4f}, {9e-4f}};
    const std::vector<std::size_t> labels{0, 1, 0, 1};
    logistic_regression model;
    model.fit(near, labels, 2);
    check_refused<value_error>(
        [&] {
            (void)model.predict_proba(xt::xtensor<float, 2>{{0.0f}, {1e36f}});
        },
        {"logistic_regression::predict_proba: features row 1 is so far", "leave it out or scale it down"});
    // The same beyond the first block of rows, and of sparse features.
    auto many = xt::xtensor<float, 2>::from_shape({3000, 1});
    many.fill(0.5f);
    many(2500, 0) = -1e36f;
    check_refused<value_error>([&] { (void)model.predict_proba(many); }, {"features row 2500 is so far"});
    const sparse_features<float> learnt{
        .num_columns = 1, .row_starts = {0, 1, 2}, .columns = {0, 0}, .values = {-1e-2f, 1e-2f}};
    const sparse_features<float> far{.num_columns = 1,
                                     .row_starts = {0, 1, 2},
                                     .columns = {0, 0},
                                     .values = {1.0f, std::numeric_limits<float>::max()}};
    logistic_regression sparse({.C = 1e6});
    sparse.fit(learnt, std::vector<std::size_t>{0, 1}, 2);
    CHECK(sparse.weights()(0, 1) > 1.0);
    check_refused<value_error>([&] { (void)sparse.predict_proba(far); }, {"features row 1 is so far"});
    // As far as a float goes and no farther: certain, not refused.
    const auto certain = model.predict_proba(xt::xtensor<float, 2>{{1e30f}});
    CHECK(certain(0, 0) == 0.0);
    CHECK(certain(0, 1) == 1.0);
}
