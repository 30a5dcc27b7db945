#include "support/xtensor.hpp"
#include <labelerrors/error.hpp>
#include <labelerrors/evaluation/label_values.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <vector>

using labelerrors::evaluation::detail::label_values;
using values = std::vector<std::int64_t>;

TEST_CASE_TEMPLATE("labels of every integer type are read as they are", Label, char, unsigned char, wchar_t, char16_t,
                   short, std::uint64_t)
{
    CHECK(label_values(std::vector<Label>{2, 0, 1}, 3, "f", "labels") == values{2, 0, 1});
    CHECK(label_values(xt::xtensor<Label, 1>{2, 0, 1}, 0, "f", "labels") == values{2, 0, 1});
    CHECK_THROWS_WITH_AS(static_cast<void>(label_values(std::vector<Label>{0, 2}, 2, "f", "labels")),
                         "f: labels(1) must be a class from 0 to 1, but is 2", labelerrors::value_error);
}

TEST_CASE("truth values are read as 0 and 1")
{
    CHECK(label_values(std::array<bool, 2>{true, false}, 2, "f", "labels") == values{1, 0});
    CHECK(label_values(xt::xtensor<bool, 1>{true, false}, 2, "f", "labels") == values{1, 0});
}

TEST_CASE("labels that are no class are refused with their place")
{
    CHECK_THROWS_WITH_AS(static_cast<void>(label_values(std::vector<int>{0, -1}, 0, "f", "labels")),
                         "f: labels(1) must be a class from 0 to 2^63 - 1, but is -1", labelerrors::value_error);
    CHECK_THROWS_AS(static_cast<void>(label_values(std::vector<std::uint64_t>{UINT64_MAX}, 0, "f", "labels")),
                    labelerrors::value_error);
}
