#ifndef LABELERRORS_TESTS_CORE_SMALL_CASES_HPP
#define LABELERRORS_TESTS_CORE_SMALL_CASES_HPP

#include "support/xtensor.hpp"
#include <labelerrors/rows/float16.hpp>

#include <algorithm>
#include <cstddef>
#include <random>
#include <type_traits>
#include <vector>

namespace tests
{

/// Labels and probabilities of a few examples.
struct small_case
{
    xt::xtensor<int, 1> labels;
    xt::xtensor<double, 2> pred_probs;

    [[nodiscard]] std::size_t num_examples() const
    {
        return pred_probs.shape()[0];
    }

    [[nodiscard]] std::size_t num_classes() const
    {
        return pred_probs.shape()[1];
    }

    [[nodiscard]] std::vector<std::size_t> class_counts() const
    {
        std::vector<std::size_t> counts(num_classes());
        for (const int label : labels)
            ++counts[static_cast<std::size_t>(label)];
        return counts;
    }
};

/// Six examples of three classes, worked by hand in the tests of each algorithm. In eighths, which every type holds.
[[nodiscard]] inline small_case worked_case()
{
    return {{0, 0, 1, 1, 2, 2},
            {{0.750, 0.125, 0.125},
             {0.125, 0.750, 0.125},
             {0.250, 0.500, 0.250},
             {0.125, 0.750, 0.125},
             {0.000, 0.250, 0.750},
             {0.500, 0.250, 0.250}}};
}

/// Examples whose probabilities are multiples of 1 / steps, so that many of them tie. Three of four labels are one of
/// the classes that their row favours. With steps a power of two, no larger than 1024, every type holds the values.
[[nodiscard]] inline small_case random_case(std::mt19937_64& random, std::size_t num_examples, std::size_t num_classes,
                                            std::size_t steps)
{
    small_case made{xt::xtensor<int, 1>::from_shape({num_examples}),
                    xt::xtensor<double, 2>::from_shape({num_examples, num_classes})};
    std::vector<std::size_t> shares(num_classes);
    for (std::size_t i = 0; i < num_examples; ++i)
    {
        std::fill(shares.begin(), shares.end(), std::size_t{0});
        const auto favoured = static_cast<std::size_t>(random() % num_classes);
        for (std::size_t step = 0; step < steps; ++step)
            ++shares[random() % 2 == 0 ? favoured : static_cast<std::size_t>(random() % num_classes)];
        for (std::size_t j = 0; j < num_classes; ++j)
            made.pred_probs(i, j) = static_cast<double>(shares[j]) / static_cast<double>(steps);
        made.labels(i) = static_cast<int>(random() % 4 != 0 ? favoured : random() % num_classes);
    }
    return made;
}

/// The same values in another type, each of which it must hold.
template <class T>
[[nodiscard]] xt::xtensor<T, 2> in_type(const xt::xtensor<double, 2>& values)
{
    auto made = xt::xtensor<T, 2>::from_shape({values.shape()[0], values.shape()[1]});
    std::transform(values.begin(), values.end(), made.begin(),
                   [](double value)
                   {
                       if constexpr (std::is_same_v<T, labelerrors::float16>)
                           return labelerrors::to_float16(static_cast<float>(value));
                       else
                           return static_cast<T>(value);
                   });
    return made;
}

/// The same values, column by column in memory.
[[nodiscard]] inline xt::xtensor<double, 2, xt::layout_type::column_major>
by_columns(const xt::xtensor<double, 2>& values)
{
    return values;
}

/// The same values again as an expression that computes each of them when it is read. Refers to `values`.
[[nodiscard]] inline auto lazily(const xt::xtensor<double, 2>& values)
{
    return (values + values) * 0.5;
}

template <class Sequence>
[[nodiscard]] std::vector<std::size_t> to_indices(const Sequence& values)
{
    return {values.begin(), values.end()};
}

}  // namespace tests

#endif
