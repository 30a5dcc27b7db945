#include "support/xtensor.hpp"
#include <labelerrors/evaluation/top_k_predictions.hpp>
#include <labelerrors/rows/float16.hpp>
#include <labelerrors/rows/row_blocks.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

using namespace labelerrors;
using namespace labelerrors::evaluation;

namespace
{

using labels_of = std::vector<std::int64_t>;
using lazy_matrix = decltype(std::declval<xt::xtensor<int, 2>&>() + std::declval<xt::xtensor<int, 2>&>());

template <class Error, class Call>
[[nodiscard]] std::string message_of(const Call& call)
{
    try
    {
        static_cast<void>(call());
    }
    catch (const Error& error)
    {
        return error.what();
    }
    return {};
}

}  // namespace

static_assert(label_matrix<xt::xtensor<std::int64_t, 2>>);
static_assert(label_matrix<xt::xarray<std::uint16_t>>);
static_assert(label_matrix<lazy_matrix>);
static_assert(!label_matrix<xt::xtensor<double, 2>>);
static_assert(!label_matrix<xt::xtensor<int, 1>>);
static_assert(!label_matrix<std::vector<int>>);
static_assert(!label_matrix<std::vector<std::vector<int>>>);

static_assert(score_matrix<xt::xtensor<double, 2>>);
static_assert(score_matrix<xt::xtensor<float16, 2>>);
static_assert(!score_matrix<memory_rows<double>>);
static_assert(!score_matrix<xt::xtensor<std::string, 2>>);
static_assert(!score_matrix<xt::xtensor<double, 1>>);

TEST_CASE("labels are predictions of one label for each example, whatever holds them")
{
    const labels_of expected{2, 0, 1};
    const std::vector<std::uint8_t> bytes{2, 0, 1};
    const xt::xtensor<std::uint16_t, 1> tensor{2, 0, 1};
    const xt::xarray<int> array{2, 0, 1};
    CHECK(from_labels(bytes, 3).labels == expected);
    CHECK(from_labels(tensor, 3).labels == expected);
    CHECK(from_labels(array, 0).labels == expected);
    CHECK(from_labels(tensor + tensor - tensor, 3).labels == expected);
    CHECK(from_labels(bytes, 3).k == 1);
    CHECK(from_labels(bytes, 3).num_examples == 3);
    CHECK(from_labels(std::vector<int>{}, 3).num_examples == 0);
}

TEST_CASE("ranked labels stay in their order, row-major, column-major and lazy alike")
{
    const xt::xtensor<int, 2> ranked{{3, 1}, {0, 2}};
    const xt::xtensor<int, 2, xt::layout_type::column_major> by_columns = ranked;
    const labels_of expected{3, 1, 0, 2};
    CHECK(from_ranked_labels(ranked, 4).labels == expected);
    CHECK(from_ranked_labels(by_columns, 4).labels == expected);
    CHECK(from_ranked_labels(ranked + 0, 4).labels == expected);
    CHECK(from_ranked_labels(ranked, 0).k == 2);
    CHECK(from_ranked_labels(ranked, 4).row(1)[0] == 0);
}

TEST_CASE("the likeliest label has the highest score, not the first place")
{
    const xt::xtensor<int, 2> labels{{7, 3, 5}, {1, 2, 0}};
    const xt::xtensor<double, 2> scores{{0.1, 0.2, 0.7}, {0.2, 0.5, 0.3}};
    const labels_of expected{5, 3, 7, 2, 0, 1};
    CHECK(from_scored_labels(labels, scores, 10).labels == expected);
    CHECK(from_scored_labels(labels, xt::xtensor<float, 2>(scores), 10).labels == expected);
    CHECK(from_scored_labels(labels, xt::xtensor<double, 2, xt::layout_type::column_major>(scores), 10).labels ==
          expected);
    CHECK(from_scored_labels(labels, 2.0 * scores, 10).labels == expected);
    xt::xtensor<float16, 2> halves(scores.shape());
    for (std::size_t i = 0; i < scores.size(); ++i)
        halves.data()[i] = to_float16(static_cast<float>(scores.data()[i]));
    CHECK(from_scored_labels(labels, halves, 10).labels == expected);
}

TEST_CASE("of labels with the same score the first in the row is the likelier, of classes the lowest")
{
    const xt::xtensor<int, 2> labels{{5, 0, 2, 3}};
    const xt::xtensor<double, 2> scores{{0.1, 0.4, 0.1, 0.4}};
    CHECK(from_scored_labels(labels, scores, 10).labels == labels_of{0, 3, 5, 2});
    const xt::xtensor<double, 2> pred_probs{{0.1, 0.4, 0.1, 0.4}};
    CHECK(from_pred_probs(pred_probs, 4).labels == labels_of{1, 3, 0, 2});
}

TEST_CASE("probabilities give the k classes with the highest, from an expression or a row source")
{
    const xt::xtensor<double, 2> pred_probs{{0.1, 0.6, 0.3}, {0.5, 0.2, 0.3}};
    const labels_of expected{1, 2, 0, 2};
    CHECK(from_pred_probs(pred_probs, 2).labels == expected);
    CHECK(from_pred_probs(xt::xtensor<float, 2>(pred_probs), 2).labels == expected);
    CHECK(from_pred_probs(xt::xtensor<double, 2, xt::layout_type::column_major>(pred_probs), 2).labels == expected);
    CHECK(from_pred_probs(-5.0 + pred_probs, 2).labels == expected);
    CHECK(from_pred_probs(memory_rows<double>(pred_probs.data(), 2, 3, 3), 2).labels == expected);
    CHECK(from_pred_probs(pred_probs, 5).k == 3);
}

TEST_CASE("probabilities and their own sorted classes as scored labels give the same predictions")
{
    std::mt19937_64 generator(4);
    auto pred_probs = xt::xtensor<double, 2>::from_shape({200, 6});
    auto classes = xt::xtensor<int, 2>::from_shape({200, 6});
    for (std::size_t i = 0; i < 200; ++i)
        for (std::size_t j = 0; j < 6; ++j)
        {
            pred_probs(i, j) = static_cast<double>(generator() % 8);  // with ties
            classes(i, j) = static_cast<int>(j);
        }
    const auto all = from_pred_probs(pred_probs, 6);
    CHECK(all.labels == from_scored_labels(classes, pred_probs, 6).labels);
    const auto three = from_pred_probs(pred_probs, 3);
    for (std::size_t i = 0; i < 200; ++i)
        for (std::size_t j = 0; j < 3; ++j)
            CHECK(three.row(i)[j] == all.row(i)[j]);
}

TEST_CASE("a label out of range is refused with its place")
{
    const std::vector<int> negative{0, -1};
    CHECK(message_of<value_error>([&] { return from_labels(negative, 3); }) ==
          "from_labels: labels(1) must be a class from 0 to 2, but is -1");
    CHECK(message_of<value_error>(
              [&] {
                  return from_labels(std::vector<int>{0, 3}, 3);
              }) == "from_labels: labels(1) must be a class from 0 to 2, but is 3");
    const std::vector<std::uint64_t> huge{std::numeric_limits<std::uint64_t>::max()};
    CHECK_THROWS_AS(from_labels(huge, 0), value_error);
    const xt::xtensor<int, 2> ranked{{0, 1}, {2, 10}};
    CHECK(message_of<value_error>([&] { return from_ranked_labels(ranked, 10); }) ==
          "from_ranked_labels: labels(1, 1) must be a class from 0 to 9, but is 10");
    CHECK_NOTHROW(from_ranked_labels(ranked, 0));
}

TEST_CASE("a label that is twice in a row, NaN, and shapes that do not fit are refused")
{
    const xt::xtensor<int, 2> twice{{0, 1}, {2, 2}};
    const xt::xtensor<int, 2> labels{{0, 1}, {2, 3}};
    const double nan = std::numeric_limits<double>::quiet_NaN();
    CHECK(message_of<value_error>([&] { return from_ranked_labels(twice, 0); }) ==
          "from_ranked_labels: labels must differ within a row, but row 1 has 2 twice");
    const xt::xtensor<double, 2> with_nan{{0.5, 0.5}, {nan, 1.0}};
    CHECK(message_of<value_error>([&] { return from_scored_labels(labels, with_nan, 0); }) ==
          "from_scored_labels: scores(1, 0) must be a number, but is NaN");
    CHECK(message_of<value_error>([&] { return from_pred_probs(with_nan, 1); }) ==
          "from_pred_probs: pred_probs(1, 0) must be a number, but is NaN");
    const xt::xtensor<double, 2> wide{{0.5, 0.5, 0.0}, {0.5, 0.5, 0.0}};
    CHECK(message_of<shape_error>([&] { return from_scored_labels(labels, wide, 0); }) ==
          "from_scored_labels: scores must have the shape of labels, 2 x 2, not 2 x 3");
    CHECK_THROWS_AS(from_pred_probs(wide, 0), value_error);
    CHECK_THROWS_AS(from_labels(xt::xarray<int>{{0, 1}, {1, 0}}, 0), shape_error);
    CHECK_THROWS_AS(from_ranked_labels(xt::xarray<int>{0, 1}, 0), shape_error);
    const xt::xtensor<int, 2> no_columns = xt::xtensor<int, 2>::from_shape({2, 0});
    CHECK_THROWS_AS(from_ranked_labels(no_columns, 0), shape_error);
}
