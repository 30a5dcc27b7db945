#include "support/xtensor.hpp"
#include <labelerrors/evaluation/accuracy.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

using namespace labelerrors;
using namespace labelerrors::evaluation;

namespace
{

const xt::xtensor<int, 2> ranked{{0, 1, 2}, {1, 0, 2}, {2, 1, 0}, {0, 2, 1}};
const std::vector<std::int64_t> labels{0, 0, 0, 1};

}  // namespace

TEST_CASE("the accuracy of four examples, by hand")
{
    const auto predictions = from_ranked_labels(ranked, 3);
    CHECK(top_k_accuracy(predictions, labels, 1) == accuracy{1, 4});
    CHECK(top_k_accuracy(predictions, labels, 2) == accuracy{2, 4});
    CHECK(top_k_accuracy(predictions, labels, 3) == accuracy{4, 4});
    CHECK(top_k_accuracy(predictions, labels, 2).value() == 0.5);
    const std::vector<std::size_t> rows{1, 3};
    const std::vector<std::int64_t> others{1, 1};
    CHECK(top_k_accuracy(predictions, rows, others, 1) == accuracy{1, 2});
    CHECK(correct_in_top_k(predictions, rows, others, 1) == std::vector<std::uint8_t>{1, 0});
}

TEST_CASE("the accuracy never falls with k, and is 1 where all classes are predicted")
{
    std::mt19937_64 generator(7);
    auto scores = xt::xtensor<double, 2>::from_shape({300, 5});
    std::vector<std::int64_t> given;
    for (std::size_t i = 0; i < 300; ++i)
    {
        given.push_back(static_cast<std::int64_t>(generator() % 5));
        for (std::size_t j = 0; j < 5; ++j)
            scores(i, j) = static_cast<double>(generator() % 1000);
    }
    const auto predictions = from_pred_probs(scores, 5);
    std::size_t last = 0;
    for (std::size_t k = 1; k <= 5; ++k)
    {
        const auto found = top_k_accuracy(predictions, given, k);
        CHECK(found.num_correct >= last);
        last = found.num_correct;
    }
    CHECK(last == 300);
}

TEST_CASE("accuracies that would be no number, and arguments that do not fit, are refused")
{
    const auto predictions = from_ranked_labels(ranked, 3);
    const std::vector<std::size_t> none;
    const std::vector<std::int64_t> no_labels;
    CHECK_THROWS_WITH_AS(top_k_accuracy(predictions, none, no_labels, 1),
                         "top_k_accuracy: rows must name at least one example, not none", value_error);
    CHECK_THROWS_WITH_AS(top_k_accuracy(predictions, labels, 4),
                         "top_k_accuracy: k must be from 1 to the 3 labels that are predicted for an example, but is "
                         "4",
                         value_error);
    CHECK_THROWS_AS(top_k_accuracy(predictions, labels, 0), value_error);
    const std::vector<std::size_t> beyond{0, 4};
    const std::vector<std::int64_t> two{0, 0};
    CHECK_THROWS_WITH_AS(top_k_accuracy(predictions, beyond, two, 1),
                         "top_k_accuracy: rows(1) must be below the 4 examples that have predictions, but is 4",
                         value_error);
    CHECK_THROWS_AS(top_k_accuracy(predictions, two, 1), shape_error);
    CHECK_THROWS_AS(top_k_accuracy(predictions, beyond, labels, 1), shape_error);
    for (const std::size_t size : {11u, 13u})
    {
        auto broken = predictions;
        broken.labels.resize(size);
        CHECK_THROWS_WITH_AS(top_k_accuracy(broken, labels, 1),
                             ("top_k_accuracy: predictions must have k labels, at least 1, for each example, but 4 "
                              "examples with a k of 3 have " +
                              std::to_string(size) + "; make them with from_labels or another of its kind")
                                 .c_str(),
                             shape_error);
    }
}
