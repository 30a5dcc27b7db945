#include <labelerrors/core/confident_joint.hpp>
#include <labelerrors/core/find_label_issues.hpp>
#include <labelerrors/rows/callback_rows.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <span>
#include <stdexcept>
#include <type_traits>
#include <vector>

namespace
{

using labelerrors::callback_rows;

/// Rows that a formula makes: the label wins in all but every seventh.
void write_rows(std::size_t first, std::size_t count, std::span<double> to)
{
    for (std::size_t i = 0; i < count; ++i)
        for (std::size_t j = 0; j < 3; ++j)
        {
            const std::size_t row = first + i;
            const std::size_t winner = (row + (row % 7 == 0 ? 1 : 0)) % 3;
            to[i * 3 + j] = j == winner ? 0.8 : 0.1;
        }
}

const auto rows = callback_rows<double>(1000, 3, write_rows);

static_assert(labelerrors::row_source<decltype(rows)>);

/// Whether callback_rows takes a function of this type.
template <class Fill>
concept taken = requires(Fill fill)
{
    callback_rows<float>(1, 2, fill);
};

// Rows are read from what is constant.
constexpr auto constant = [](std::size_t, std::size_t, std::span<float>) {
};
constexpr auto changing = [calls = 0](std::size_t, std::size_t, std::span<float> to) mutable
{
    to[0] = static_cast<float>(++calls);
};
static_assert(taken<std::remove_const_t<decltype(constant)>>);
static_assert(!taken<std::remove_const_t<decltype(changing)>>);
static_assert(!taken<void (*)(std::size_t, std::span<float>)>);
static_assert(!labelerrors::element_source<decltype(rows)>);

}  // namespace

TEST_CASE("rows from a callback give what the same rows in memory give, by any number of threads")
{
    std::vector<int> labels(1000);
    for (std::size_t i = 0; i < labels.size(); ++i)
        labels[i] = static_cast<int>(i % 3);
    auto stored = xt::xtensor<double, 2>::from_shape({1000, 3});
    write_rows(0, 1000, std::span(stored.data(), stored.size()));
    const auto expected = labelerrors::find_label_issues(labels, stored);
    CHECK(expected.indices.size() == 143);
    for (const std::size_t threads : {std::size_t{1}, std::size_t{2}, std::size_t{5}})
    {
        const auto found = labelerrors::find_label_issues(labels, rows, {.threads = threads});
        CHECK(found.indices == expected.indices);
        CHECK(found.scores == expected.scores);
    }
}

TEST_CASE("what a callback throws reaches the caller")
{
    const std::vector<int> labels(1000, 0);
    const auto broken = callback_rows<float>(1000, 3,
                                             [](std::size_t first, std::size_t, std::span<float>)
                                             { throw std::runtime_error("no row " + std::to_string(first)); });
    CHECK_THROWS_WITH_AS(labelerrors::find_label_issues(labels, broken), "no row 0", std::runtime_error);
}

TEST_CASE("the rows of a model that is unsure are asked for once more")
{
    // 512 examples of each of 64 classes; the model gives each label `given`, and the other classes the same share.
    constexpr std::size_t n = std::size_t{1} << 15;
    constexpr std::size_t k = 64;
    std::vector<int> labels(n);
    for (std::size_t i = 0; i < n; ++i)
        labels[i] = static_cast<int>(i * 7 % k);
    const auto passes = [&](float given)
    {
        std::size_t num_asked = 0;
        const auto fill = [&](std::size_t first, std::size_t count, std::span<float> to)
        {
            num_asked += count;
            std::fill(to.begin(), to.end(), (1.0F - given) / static_cast<float>(k - 1));
            for (std::size_t i = 0; i < count; ++i)
                to[i * k + static_cast<std::size_t>(labels[first + i])] = given;
        };
        const auto asked = callback_rows<float>(n, k, fill);
        static_cast<void>(labelerrors::compute_confident_joint(labels, asked, {.threads = 1}));
        return static_cast<double>(num_asked) / static_cast<double>(n);
    };
    CHECK(passes(0.5F) <= 1.0 + 1.0 / 16);
    const double unsure = passes(1.0F / 64);
    CHECK(unsure > 2.0 - 1.0 / 16);
    CHECK(unsure <= 2.0 + 1.0 / 16);
}
