#ifndef LABELERRORS_TESTS_README_GIVEN_HPP
#define LABELERRORS_TESTS_README_GIVEN_HPP

#include <labelerrors/rows/xtensor.hpp>

#include <array>
#include <cstddef>
#include <filesystem>
#include <iostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// What README's blocks take for granted: 40 examples of two classes in turn, rows 6 and 7 given the wrong one.
namespace tests::readme
{

inline constexpr std::size_t n = 40;
inline constexpr std::size_t k = 2;

inline constexpr auto truth_of = [](std::size_t i)
{
    return i % 2;
};

inline const std::vector<int> labels = []
{
    std::vector<int> given(n);
    for (std::size_t i = 0; i < n; ++i)
        given[i] = static_cast<int>(i == 6 || i == 7 ? 1 - truth_of(i) : truth_of(i));
    return given;
}();

/// Probabilities that give the true class `sure` and a little that depends on the row.
[[nodiscard]] inline xt::xtensor<double, 2> probabilities(double sure)
{
    auto made = xt::xtensor<double, 2>::from_shape({n, k});
    for (std::size_t i = 0; i < n; ++i)
    {
        made(i, truth_of(i)) = sure + 0.001 * static_cast<double>(i);
        made(i, 1 - truth_of(i)) = 1.0 - made(i, truth_of(i));
    }
    return made;
}

inline const xt::xtensor<double, 2> pred_probs = probabilities(0.9);
inline const xt::xtensor<double, 2> other_pred_probs = probabilities(0.8);
inline const std::vector<float> logits = std::vector<float>(n * k, 0.5F);
inline const float* const logits_of_a_network = logits.data();

/// A point for each example, those of a class around one place.
inline const xt::xtensor<float, 2> features = []
{
    auto points = xt::xtensor<float, 2>::from_shape({n, 3});
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t c = 0; c < 3; ++c)
            points(i, c) = (truth_of(i) == 0 ? -1.0F : 1.0F) + 0.01F * static_cast<float>((7 * i + 3 * c) % 11);
    return points;
}();

/// A model that predicts rows of pred_probs.
struct row_model
{
    template <class T>
    void predict(std::size_t first, std::size_t count, T* to) const
    {
        for (std::size_t i = 0; i < count * k; ++i)
            to[i] = static_cast<T>(pred_probs.data()[first * k + i]);
    }
};
inline const row_model model;

/// A block of README.md and what README says that it prints; empty where it says nothing.
struct block
{
    const char* name;
    void (*run)();
    std::string_view prints;
};
extern const std::vector<block> blocks;

}  // namespace tests::readme

#endif
