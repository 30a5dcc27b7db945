#include <labelerrors/datasets/label_matrix.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <vector>

using labelerrors::datasets::label_matrix;

TEST_CASE("sets of labels are a matrix of zeros and ones")
{
    const std::vector<std::vector<std::size_t>> sets{{0, 2}, {}, {1, 1}};
    CHECK(label_matrix(sets, 3) == xt::xtensor<std::uint8_t, 2>{{1, 0, 1}, {0, 0, 0}, {0, 1, 0}});
    CHECK(label_matrix({}, 3).shape()[0] == 0);
}

TEST_CASE("labels beyond the classes, and more classes than a matrix has columns, are a value_error")
{
    const std::vector<std::vector<std::size_t>> sets{{0}, {3}};
    CHECK_THROWS_WITH_AS(label_matrix(sets, 3),
                         "label_matrix: labels must be below the 3 classes, but one of row 1 is 3",
                         labelerrors::value_error);
    // Two rows of so many columns would be no elements at all, modulo 2^64.
    CHECK_THROWS_WITH_AS(label_matrix(sets, std::size_t{1} << 63), doctest::Contains("cannot have so many columns"),
                         labelerrors::value_error);
}
