#include "support/xtensor.hpp"
#include <labelerrors/core/find_label_issues.hpp>
#include <labelerrors/rows/callback_rows.hpp>
#include <labelerrors/rows/row_blocks.hpp>
#include <labelerrors/rows/softmax_rows.hpp>

#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <limits>
#include <random>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

using labelerrors::memory_rows;
using labelerrors::softmax_rows;

namespace
{

template <class T>
[[nodiscard]] std::vector<double> softmax_of(const std::vector<T>& row)
{
    const memory_rows<T> logits(row.data(), 1, row.size(), row.size());
    std::vector<double> buffer;
    const double* read = softmax_rows(logits).read(0, 1, buffer);
    return {read, read + row.size()};
}

void check_close(const std::vector<double>& values, const std::vector<double>& expected)
{
    REQUIRE(values.size() == expected.size());
    for (std::size_t j = 0; j < values.size(); ++j)
        CHECK(values[j] == doctest::Approx(expected[j]).epsilon(1e-14));
}

}  // namespace

static_assert(labelerrors::row_source<softmax_rows<memory_rows<float>>>);
static_assert(labelerrors::row_source<softmax_rows<memory_rows<double>>>);
// It refers to its logits, which must not be a temporary.
static_assert(std::is_constructible_v<softmax_rows<memory_rows<float>>, const memory_rows<float>&>);
static_assert(std::is_constructible_v<softmax_rows<memory_rows<float>>, memory_rows<float>&>);
static_assert(!std::is_constructible_v<softmax_rows<memory_rows<float>>, memory_rows<float>>);
static_assert(!std::is_constructible_v<softmax_rows<memory_rows<float>>, const memory_rows<float>>);

TEST_CASE("a row of logits becomes exponentials over their sum")
{
    // exp(log 1), exp(log 3), exp(log 4) over 8.
    check_close(softmax_of<double>({0.0, std::log(3.0), std::log(4.0)}), {0.125, 0.375, 0.5});
    check_close(softmax_of<double>({7.0, 7.0}), {0.5, 0.5});
    check_close(softmax_of<float>({-2.0F, -2.0F, -2.0F, -2.0F}), {0.25, 0.25, 0.25, 0.25});
    check_close(softmax_of<int>({0, 0}), {0.5, 0.5});
}

TEST_CASE("a shift of all logits changes nothing, and large ones do not overflow")
{
    check_close(softmax_of<double>({1000.0, 1000.0 + std::log(3.0)}), {0.25, 0.75});
    check_close(softmax_of<double>({-1e300, -1e300}), {0.5, 0.5});
    check_close(softmax_of<double>({1e300, 0.0, -1e300}), {1.0, 0.0, 0.0});
    check_close(softmax_of<float>({3e38F, -3e38F}), {1.0, 0.0});
}

TEST_CASE("a NaN or an infinity stays what and where it is, and the algorithms refuse it")
{
    constexpr double infinity = std::numeric_limits<double>::infinity();
    for (const double bad : {std::nan(""), infinity})
        for (std::size_t at = 0; at < 3; ++at)
        {
            std::vector<double> logits(12, 0.5);
            logits[6 + at] = bad;
            const std::string expected = "find_label_issues: pred_probs row 2, column " + std::to_string(at) + " is " +
                                         (std::isnan(bad) ? "nan" : "inf");
            const memory_rows<double> rows(logits.data(), 4, 3, 3);
            CHECK_THROWS_WITH_AS(
                static_cast<void>(labelerrors::find_label_issues(std::vector<int>{0, 1, 2, 0}, softmax_rows(rows))),
                doctest::Contains(expected.c_str()), labelerrors::value_error);
        }
    // A class ruled out by minus infinity has the probability 0 rather than an error.
    check_close(softmax_of<double>({0.0, -infinity, 0.0}), {0.5, 0.0, 0.5});
    CHECK(softmax_of<double>({-infinity, -infinity}) == std::vector{-infinity, 0.0});
}

TEST_CASE("rows are the same read one by one or many at a time, from any source")
{
    std::mt19937_64 random(34);
    auto stored = xt::xtensor<float, 2>::from_shape({37, 6});
    for (float& logit : stored)
        logit = static_cast<float>(random() % 2000) / 100.0F - 10.0F;
    const auto in_memory = labelerrors::detail::rows_in_memory(stored);
    const softmax_rows rows(in_memory);
    CHECK(rows.num_rows() == 37);
    CHECK(rows.num_columns() == 6);
    std::vector<double> buffer;
    const double* all = rows.read(0, 37, buffer);
    const auto lazy = stored * 1.0F;
    const labelerrors::expression_rows<decltype(lazy)> computed(lazy);
    std::vector<double> one;
    for (std::size_t i = 0; i < 37; ++i)
    {
        const double* row = rows.read(i, 1, one);
        double sum = 0.0;
        for (std::size_t j = 0; j < 6; ++j)
        {
            CHECK(row[j] == all[i * 6 + j]);
            sum += row[j];
        }
        CHECK(sum == doctest::Approx(1.0).epsilon(1e-14));
        row = softmax_rows(computed).read(i, 1, one);
        for (std::size_t j = 0; j < 6; ++j)
            CHECK(row[j] == all[i * 6 + j]);
    }
}

TEST_CASE("a source's hints about reading reach the algorithms through the softmax")
{
    struct hinting : memory_rows<double>
    {
        using memory_rows::memory_rows;

        [[nodiscard]] bool costly_to_reread() const
        {
            return true;
        }

        [[nodiscard]] std::size_t rows_worth_a_read() const
        {
            return 7;
        }

        void announce(std::size_t first, std::size_t count) const
        {
            announced->assign({first, count});
        }

        std::vector<std::size_t>* announced = nullptr;
    };
    const std::vector<double> logits(6);
    std::vector<std::size_t> announced;
    hinting source(logits.data(), 2, 3, 3);
    source.announced = &announced;
    const softmax_rows rows(source);
    CHECK(rows.costly_to_reread());
    CHECK(rows.rows_worth_a_read() == 7);
    rows.announce(1, 1);
    CHECK(announced == std::vector<std::size_t>{1, 1});
    const memory_rows<double> plain(logits.data(), 2, 3, 3);
    CHECK(!softmax_rows(plain).costly_to_reread());
    CHECK(softmax_rows(plain).rows_worth_a_read() == 1);
    softmax_rows(plain).announce(0, 2);
}

TEST_CASE("of logits that a function writes few rows are asked for twice")
{
    constexpr std::size_t n = 100'000;
    constexpr std::size_t k = 4;
    std::vector<std::size_t> labels(n);
    for (std::size_t i = 0; i < n; ++i)
        labels[i] = i % k;
    std::atomic<std::size_t> asked{0};
    const auto logits = labelerrors::callback_rows<double>(
        n, k,
        [&asked](std::size_t first, std::size_t count, std::span<double> to)
        {
            asked += count;
            for (std::size_t i = 0; i < count; ++i)
                for (std::size_t j = 0; j < k; ++j)
                {
                    // Every eleventh example looks like the class behind its own.
                    const std::size_t row = first + i;
                    const std::size_t seen = (row % 11 == 0 ? row + 1 : row) % k;
                    to[i * k + j] = static_cast<double>((row + j) * 31 % 97) / 97.0 + (seen == j ? 3.0 : 0.0);
                }
        });
    const auto issues = labelerrors::find_label_issues(labels, softmax_rows(logits));
    CHECK(issues.indices.size() > 100);
    CHECK(asked.load() < n + n / 2);
}

TEST_CASE("issues of logits are those of their probabilities")
{
    const xt::xtensor<double, 2> pred_probs{{0.75, 0.25}, {0.125, 0.875}, {0.25, 0.75}, {0.75, 0.25}, {0.5, 0.5}};
    const std::vector<int> labels{0, 0, 1, 1, 0};
    const xt::xtensor<double, 2> logits = xt::log(pred_probs) + 3.0;
    CHECK_THROWS_WITH_AS(static_cast<void>(labelerrors::find_label_issues(labels, logits)),
                         doctest::Contains("softmax"), labelerrors::value_error);
    const auto rows = labelerrors::detail::rows_in_memory(logits);
    const auto issues = labelerrors::find_label_issues(labels, softmax_rows(rows));
    const auto expected = labelerrors::find_label_issues(labels, pred_probs);
    CHECK(issues.indices == expected.indices);
    CHECK(issues.indices.size() == 2);
}
