#include "support/xtensor.hpp"
#include <labelerrors/rows/row_blocks.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

using namespace labelerrors;

namespace
{

/// A row source of one's own, with a row of its own that returns `Row`.
template <class Row>
struct source_with_row
{
    using value_type = float;

    [[nodiscard]] std::size_t num_rows() const noexcept
    {
        return 2;
    }

    [[nodiscard]] std::size_t num_columns() const noexcept
    {
        return 2;
    }

    const float* read(std::size_t first, std::size_t, std::vector<float>&) const
    {
        return values.data() + 2 * first;
    }

    [[nodiscard]] Row row(std::size_t i) const
    {
        if constexpr (std::is_pointer_v<Row>)
            return values.data() + 2 * i;
        else
            return Row(values.data() + 2 * i, 2);
    }

    std::vector<float> values = {0.75F, 0.25F, 0.75F, 0.25F};
};

static_assert(in_place_source<memory_rows<float>>);
static_assert(in_place_source<memory_rows<float16>>);
static_assert(in_place_source<source_with_row<const float*>>);
static_assert(!in_place_source<memory_rows<int>>);
static_assert(row_source<source_with_row<std::span<const float>>>);
static_assert(!in_place_source<source_with_row<std::span<const float>>>);
static_assert(!in_place_source<source_with_row<const void*>>);

// A temporary would be gone before its rows are read.
static_assert(std::is_constructible_v<expression_rows<xt::xtensor<double, 2>>, const xt::xtensor<double, 2>&>);
static_assert(std::is_constructible_v<expression_rows<xt::xtensor<double, 2>>, xt::xtensor<double, 2>&>);
static_assert(!std::is_constructible_v<expression_rows<xt::xtensor<double, 2>>, xt::xtensor<double, 2>>);
static_assert(!std::is_constructible_v<expression_rows<xt::xtensor<double, 2>>, const xt::xtensor<double, 2>>);

/// All rows of `matrix`, read in blocks of `step`, and whether the elements, taken singly, are the same.
template <class Matrix>
std::vector<double> rows_of(const Matrix& matrix, std::size_t step)
{
    return with_rows(matrix, "rows_of",
                     [&](const auto& source)
                     {
                         using T = typename std::remove_cvref_t<decltype(source)>::value_type;
                         std::vector<double> rows;
                         std::vector<T> buffer;
                         for (std::size_t first = 0; first < source.num_rows(); first += step)
                         {
                             const std::size_t count = std::min(step, source.num_rows() - first);
                             const T* const data = source.read(first, count, buffer);
                             for (std::size_t i = 0; i < count * source.num_columns(); ++i)
                             {
                                 const T element =
                                     source.element(first + i / source.num_columns(), i % source.num_columns());
                                 CHECK(element == data[i]);
                                 rows.push_back(static_cast<double>(data[i]));
                             }
                         }
                         return rows;
                     });
}

template <class Matrix>
void check_rows(const Matrix& matrix, const std::vector<double>& expected)
{
    for (const std::size_t step : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{100}})
        CHECK(rows_of(matrix, step) == expected);
}

/// The first element that a source gives out in memory, or nothing where it has to copy.
template <class Matrix>
bool is_copied(const Matrix& matrix)
{
    return with_rows(matrix, "is_copied",
                     [](const auto& source)
                     {
                         std::vector<typename std::remove_cvref_t<decltype(source)>::value_type> buffer;
                         return source.read(0, source.num_rows(), buffer) == buffer.data();
                     });
}

const std::vector<double> four_by_three = {0, 1, 2, 10, 11, 12, 20, 21, 22, 30, 31, 32};

template <class Matrix>
Matrix filled(std::size_t num_rows = 4, std::size_t num_columns = 3)
{
    Matrix matrix(typename Matrix::shape_type{num_rows, num_columns});
    for (std::size_t i = 0; i < num_rows; ++i)
        for (std::size_t j = 0; j < num_columns; ++j)
            matrix(i, j) = static_cast<typename Matrix::value_type>(10 * i + j);
    return matrix;
}

}  // namespace

TEST_CASE("the same rows come out of every container, whatever its layout and element type")
{
    check_rows(filled<xt::xtensor<float, 2>>(), four_by_three);
    check_rows(filled<xt::xtensor<double, 2>>(), four_by_three);
    check_rows(filled<xt::xtensor<double, 2, xt::layout_type::column_major>>(), four_by_three);
    check_rows(filled<xt::xarray<float>>(), four_by_three);
    check_rows(filled<xt::xarray<double, xt::layout_type::column_major>>(), four_by_three);
    check_rows(filled<xt::xtensor<int, 2>>(), four_by_three);
    check_rows(filled<xt::xtensor<std::uint8_t, 2, xt::layout_type::column_major>>(), four_by_three);
}

TEST_CASE("a lazy expression gives the rows of what it stands for")
{
    const auto half = filled<xt::xtensor<double, 2>>();
    const auto other_half = filled<xt::xtensor<float, 2, xt::layout_type::column_major>>();
    check_rows(half + other_half - half, four_by_three);
    check_rows(xt::transpose(xt::xtensor<double, 2>(xt::transpose(half))), four_by_three);
}

TEST_CASE("views with gaps, steps and reversed rows give their own rows")
{
    const auto matrix = filled<xt::xtensor<double, 2>>(9, 8);
    check_rows(xt::view(matrix, xt::range(0, 4), xt::range(0, 3)), four_by_three);
    check_rows(xt::view(matrix, xt::range(1, 3), xt::range(2, 4)), {12, 13, 22, 23});
    check_rows(xt::view(matrix, xt::range(0, 9, 4), xt::range(1, 8, 3)), {1, 4, 7, 41, 44, 47, 81, 84, 87});
    check_rows(xt::strided_view(matrix, {xt::range(0, 9, 4), xt::range(1, 8, 3)}), {1, 4, 7, 41, 44, 47, 81, 84, 87});
    check_rows(xt::strided_view(matrix, {xt::range(2, xt::placeholders::_, -1), xt::range(0, 2)}),
               {20, 21, 10, 11, 0, 1});
    check_rows(xt::view(matrix, xt::keep(3, 0), xt::all()),
               rows_of(xt::xtensor<double, 2>(xt::view(matrix, xt::keep(3, 0), xt::all())), 2));
}

TEST_CASE("memory that something else owns is adapted and read in place")
{
    const auto memory = four_by_three;
    const auto adapted = xt::adapt(memory.data(), memory.size(), xt::no_ownership(), std::vector<std::size_t>{4, 3});
    check_rows(adapted, four_by_three);
    CHECK(!is_copied(adapted));
}

TEST_CASE("rows that lie one after another in their own type are not copied, others are")
{
    CHECK(!is_copied(filled<xt::xtensor<double, 2>>()));
    CHECK(!is_copied(filled<xt::xtensor<float, 2>>()));
    CHECK(is_copied(filled<xt::xtensor<int, 2>>()));
    CHECK(is_copied(filled<xt::xtensor<double, 2, xt::layout_type::column_major>>()));
    const auto matrix = filled<xt::xtensor<double, 2>>();
    CHECK(!is_copied(xt::view(matrix, xt::range(1, 3), xt::all())));
    CHECK(is_copied(xt::view(matrix, xt::all(), xt::range(0, 2))));
    CHECK(is_copied(2 * matrix));
}

TEST_CASE("matrices of one row, one column, one element and no rows are read like any other")
{
    check_rows(filled<xt::xtensor<double, 2>>(1, 3), {0, 1, 2});
    check_rows(filled<xt::xtensor<double, 2>>(3, 1), {0, 10, 20});
    check_rows(filled<xt::xtensor<double, 2>>(1, 1), {0});
    check_rows(filled<xt::xtensor<double, 2>>(0, 3), {});
    check_rows(filled<xt::xtensor<float, 2, xt::layout_type::column_major>>(1, 3), {0, 1, 2});
    check_rows(filled<xt::xtensor<float, 2, xt::layout_type::column_major>>(3, 1), {0, 10, 20});
    const auto matrix = filled<xt::xtensor<double, 2>>();
    check_rows(xt::view(matrix, xt::range(1, 2), xt::all()), {10, 11, 12});
    check_rows(xt::view(matrix, xt::all(), xt::range(1, 2)), {1, 11, 21, 31});
    check_rows(xt::view(matrix, xt::range(2, 3), xt::range(2, 3)), {22});
}

TEST_CASE("a column-major matrix larger than the tiles of the copy comes out whole")
{
    const auto expected = filled<xt::xtensor<double, 2>>(131, 37);
    const auto matrix = filled<xt::xtensor<double, 2, xt::layout_type::column_major>>(131, 37);
    CHECK(rows_of(matrix, 130) == std::vector<double>(expected.begin(), expected.end()));
}

TEST_CASE("halves are widened to float and everything but float to double")
{
    static_assert(std::is_same_v<row_element_for<float16>, float>);
    static_assert(std::is_same_v<row_element_for<float>, float>);
    static_assert(std::is_same_v<row_element_for<double>, double>);
    static_assert(std::is_same_v<row_element_for<int>, double>);
    static_assert(std::is_same_v<row_element_for<bool>, double>);

    const std::vector<float16> halves = {to_float16(0.5F), to_float16(0.25F), to_float16(1.0F), to_float16(0.0F)};
    const memory_rows<float16> rows(halves.data(), 2, 2, 2);
    check_rows(rows, {0.5, 0.25, 1.0, 0.0});
    // Two columns of three: the rows have gaps.
    check_rows(memory_rows<double>(four_by_three.data(), 4, 2, 3), {0, 1, 10, 11, 20, 21, 30, 31});
}

TEST_CASE("a row source is passed on as it is")
{
    const memory_rows<double> rows(four_by_three.data(), 4, 3, 3);
    CHECK(with_rows(rows, "f", [&](const auto& source) { return static_cast<const void*>(&source) == &rows; }));
}

TEST_CASE("a block gives its rows as spans")
{
    const row_block<double> block{four_by_three.data() + 3, 1, 2, 3};
    CHECK(block.row(0)[2] == 12);
    CHECK(block.row(1)[0] == 20);
    CHECK(block.row(1).size() == 3);
}

TEST_CASE("a block has at least one row and stays near half a megabyte")
{
    CHECK(rows_per_block<double>(10'000'000) == 1);
    CHECK(rows_per_block<float>(1000) == 131);
    CHECK(rows_per_block<double>(1000) == 65);
    CHECK(rows_per_block<float>(1) == 32768);
    CHECK(rows_per_block<float>(0) == 32768);
}

TEST_CASE("an array that is not two-dimensional is a shape_error naming the function, the argument and both numbers")
{
    const auto count = [](const auto& source)
    {
        return source.num_rows();
    };
    const xt::xarray<double> vector = xt::xarray<double>::from_shape({3});
    const xt::xarray<double> cube = xt::xarray<double>::from_shape({3, 2, 2});
    CHECK_THROWS_WITH_AS(with_rows(vector, "confident_joint", count),
                         "confident_joint: pred_probs must have 2 dimensions, not 1", shape_error);
    CHECK_THROWS_WITH_AS(with_rows(cube, "f", count), "f: pred_probs must have 2 dimensions, not 3", shape_error);
    CHECK_THROWS_WITH_AS(detail::require_dimension(cube, 1, "f", "labels"), "f: labels must have 1 dimension, not 3",
                         shape_error);
}
