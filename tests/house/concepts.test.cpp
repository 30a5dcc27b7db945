#include "support/xtensor.hpp"
#include <labelerrors/concepts.hpp>
#include <labelerrors/core/class_sets.hpp>
#include <labelerrors/rows/row_blocks.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <list>
#include <span>
#include <string>
#include <vector>

using namespace labelerrors;

namespace
{

using lazy_sum = decltype(std::declval<xt::xtensor<double, 2>&>() + std::declval<xt::xtensor<float, 2>&>());
using lazy_comparison = decltype(xt::equal(std::declval<xt::xtensor<int, 1>&>(), 1));

/// The least that is a row source.
struct least_source
{
    using value_type = float;
    std::size_t num_rows() const;
    std::size_t num_columns() const;
    const float* read(std::size_t first, std::size_t count, std::vector<float>& buffer) const;
};

struct source_with_elements : least_source
{
    float element(std::size_t i, std::size_t j) const;
};

struct source_with_elements_of_another_type : least_source
{
    double element(std::size_t i, std::size_t j) const;
};

struct source_of_halves
{
    using value_type = float16;
    std::size_t num_rows() const;
    std::size_t num_columns() const;
    const float16* read(std::size_t first, std::size_t count, std::vector<float16>& buffer) const;
};

struct source_that_must_not_be_const
{
    using value_type = float;
    std::size_t num_rows() const;
    std::size_t num_columns() const;
    const float* read(std::size_t first, std::size_t count, std::vector<float>& buffer);
};

struct source_that_reads_into_its_own_buffer
{
    using value_type = float;
    std::size_t num_rows() const;
    std::size_t num_columns() const;
    const float* read(std::size_t first, std::size_t count) const;
};

}  // namespace

// array_expression
static_assert(array_expression<xt::xtensor<double, 2>>);
static_assert(array_expression<xt::xarray<std::string>>);
static_assert(array_expression<lazy_sum>);
static_assert(array_expression<decltype(xt::view(std::declval<xt::xtensor<int, 2>&>(), 1, xt::all()))>);
static_assert(array_expression<decltype(xt::adapt(std::declval<std::vector<int>&>()))>);
static_assert(!array_expression<std::vector<double>>);
static_assert(!array_expression<std::vector<std::vector<double>>>);
static_assert(!array_expression<double>);
static_assert(!array_expression<least_source>);

// label_sequence
static_assert(label_sequence<std::vector<int>>);
static_assert(label_sequence<std::span<const std::uint8_t>>);
static_assert(label_sequence<std::array<std::int64_t, 3>>);
static_assert(label_sequence<xt::xtensor<std::int64_t, 1>>);
static_assert(label_sequence<xt::xarray<std::uint16_t>>);
static_assert(label_sequence<lazy_comparison>);
static_assert(!label_sequence<std::vector<double>>);
static_assert(!label_sequence<std::list<int>>);
static_assert(!label_sequence<std::vector<std::vector<int>>>);
static_assert(!label_sequence<std::vector<std::string>>);
static_assert(!label_sequence<xt::xtensor<float, 1>>);
static_assert(!label_sequence<int>);

// label_set_sequence
static_assert(label_set_sequence<std::vector<std::vector<int>>>);
static_assert(label_set_sequence<std::vector<std::list<std::uint8_t>>>);
static_assert(label_set_sequence<xt::xtensor<bool, 2>>);
static_assert(label_set_sequence<xt::xtensor<double, 2>>);
static_assert(!label_set_sequence<std::vector<int>>);
static_assert(!label_set_sequence<std::vector<std::vector<bool>>>);
static_assert(!label_set_sequence<std::vector<std::string>>);  // names, whose letters would be taken for classes
static_assert(!label_set_sequence<std::vector<const char*>>);
static_assert(!label_set_sequence<xt::xtensor<int, 1>>);

// row_element
static_assert(row_element<float>);
static_assert(row_element<double>);
static_assert(!row_element<float16>);
static_assert(!row_element<long double>);
static_assert(!row_element<int>);
static_assert(!row_element<const float>);

// row_source
static_assert(row_source<least_source>);
static_assert(row_source<source_with_elements>);
static_assert(row_source<memory_rows<float16>>);
static_assert(row_source<memory_rows<int>>);
static_assert(row_source<expression_rows<lazy_sum>>);
static_assert(!row_source<source_of_halves>);
static_assert(!row_source<source_that_must_not_be_const>);
static_assert(!row_source<source_that_reads_into_its_own_buffer>);
static_assert(!row_source<xt::xtensor<double, 2>>);

// element_source
static_assert(element_source<source_with_elements>);
static_assert(element_source<memory_rows<double>>);
static_assert(element_source<expression_rows<lazy_sum>>);
static_assert(!element_source<least_source>);
static_assert(!element_source<source_with_elements_of_another_type>);

// probability_matrices
static_assert(labelerrors::probability_matrices<std::vector<xt::xtensor<double, 2>>>);
static_assert(labelerrors::probability_matrices<std::span<const xt::xtensor<float, 2>>>);
static_assert(!labelerrors::probability_matrices<xt::xtensor<double, 2>>);
static_assert(!labelerrors::probability_matrices<std::vector<double>>);

// probability_matrix
static_assert(probability_matrix<xt::xtensor<double, 2>>);
static_assert(probability_matrix<xt::xtensor<float, 2, xt::layout_type::column_major>>);
static_assert(probability_matrix<xt::xarray<int>>);
static_assert(probability_matrix<xt::xtensor<float16, 2>>);
static_assert(probability_matrix<lazy_sum>);
static_assert(probability_matrix<least_source>);
static_assert(!probability_matrix<xt::xtensor<std::string, 2>>);
static_assert(!probability_matrix<std::vector<double>>);
static_assert(!probability_matrix<std::vector<std::vector<double>>>);

// count_matrix
static_assert(count_matrix<xt::xtensor<std::size_t, 2>>);
static_assert(count_matrix<xt::xtensor<double, 2>>);
static_assert(count_matrix<lazy_sum>);
static_assert(!count_matrix<xt::xtensor<float16, 2>>);
static_assert(!count_matrix<std::vector<int>>);
static_assert(!count_matrix<least_source>);

TEST_CASE("every concept accepts and refuses what its static_asserts say")
{
    CHECK(true);
}
