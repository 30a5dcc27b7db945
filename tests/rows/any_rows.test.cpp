#include "support/xtensor.hpp"
#include <labelerrors/rows/any_rows.hpp>
#include <labelerrors/rows/column_of_label.hpp>
#include <labelerrors/rows/ready_elements.hpp>
#include <labelerrors/rows/row_blocks.hpp>
#include <labelerrors/rows/softmax_rows.hpp>

#include <doctest/doctest.h>

#include <span>
#include <vector>

namespace
{

using labelerrors::any_rows;
using labelerrors::memory_rows;

static_assert(labelerrors::row_source<any_rows<float>>);
static_assert(labelerrors::element_source<any_rows<double>>);
static_assert(labelerrors::ready_element_source<any_rows<double>>);

const std::vector<double> values{1.0, 2.0, 3.0, 4.0, 5.0, 6.0};

/// Accumulator: the elements in the order of the rows.
struct collected
{
    std::vector<double> elements;

    void add(std::size_t /*row*/, std::size_t /*column*/, double value)
    {
        elements.push_back(value);
    }

    void merge(collected&& later)
    {
        elements.insert(elements.end(), later.elements.begin(), later.elements.end());
    }
};

}  // namespace

TEST_CASE("wrapped rows are the rows of the source, in place where they are in place")
{
    const any_rows<double> rows(memory_rows<double>(values.data(), 3, 2, 2));
    std::vector<double> buffer;
    CHECK(rows.num_rows() == 3);
    CHECK(rows.num_columns() == 2);
    CHECK(rows.read(1, 2, buffer) == values.data() + 2);
    CHECK(rows.has_elements());
    CHECK(rows.element(2, 1) == 6.0);
    const std::vector<std::size_t> columns{1, 1};
    CHECK(rows.read_elements(0, columns, buffer.data()) == 0);
}

TEST_CASE("a source without elements gives them by its rows, and is scanned by blocks")
{
    const memory_rows<double> logits(values.data(), 3, 2, 2);
    const labelerrors::softmax_rows<memory_rows<double>> softmax(logits);
    const any_rows<double> rows(softmax);
    CHECK(!rows.has_elements());
    std::vector<double> buffer;
    CHECK(rows.element(1, 0) == rows.read(1, 1, buffer)[0]);
    const std::vector<int> columns{0, 1, 0};
    const auto found =
        labelerrors::scan_column_of_label(rows, std::span(columns), "elements", collected{}, {.threads = 1});
    REQUIRE(found.elements.size() == 3);
    CHECK(found.elements[1] == rows.element(1, 1));
    CHECK(found.elements[0] + rows.element(0, 1) == doctest::Approx(1.0));
}
