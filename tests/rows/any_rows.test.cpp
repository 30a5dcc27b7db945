#include "support/xtensor.hpp"
#include <labelerrors/rows/any_rows.hpp>
#include <labelerrors/rows/column_of_label.hpp>
#include <labelerrors/rows/float16.hpp>
#include <labelerrors/rows/ready_elements.hpp>
#include <labelerrors/rows/reread_costs.hpp>
#include <labelerrors/rows/row_blocks.hpp>
#include <labelerrors/rows/softmax_rows.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace
{

using labelerrors::any_rows;
using labelerrors::float16;
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

/// Rows of two columns that say everything that a source may say of itself; elements are ten times the row, and the
/// column.
struct telling_rows
{
    using value_type = float;

    std::pair<std::size_t, std::size_t>* announced;
    const float16* stored;

    [[nodiscard]] static std::size_t num_rows()
    {
        return 10;
    }

    [[nodiscard]] static std::size_t num_columns()
    {
        return 2;
    }

    [[nodiscard]] static bool costly_to_reread()
    {
        return true;
    }

    [[nodiscard]] static std::size_t rows_worth_a_read()
    {
        return 7;
    }

    void announce(std::size_t first, std::size_t count) const
    {
        *announced = {first, count};
    }

    [[nodiscard]] static std::size_t read_elements(std::size_t first, std::span<const std::size_t> columns, float* to)
    {
        for (std::size_t i = 0; i < columns.size(); ++i)
            to[i] = static_cast<float>(10 * (first + i) + columns[i]);
        return columns.size();
    }

    static const float* read(std::size_t first, std::size_t count, std::vector<float>& buffer)
    {
        buffer.resize(2 * count);
        for (std::size_t i = 0; i < buffer.size(); ++i)
            buffer[i] = static_cast<float>(10 * (first + i / 2) + i % 2);
        return buffer.data();
    }

    const float16* halves(std::size_t first, std::size_t /*count*/, std::vector<float16>& /*buffer*/) const
    {
        return stored + 2 * first;
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

TEST_CASE("wrapped rows say of themselves what the source says")
{
    std::pair<std::size_t, std::size_t> announced;
    const std::vector<float16> stored(20);
    const any_rows<float> rows(telling_rows{&announced, stored.data()});
    CHECK(labelerrors::detail::is_costly_to_reread(rows));
    CHECK(labelerrors::detail::rows_worth_a_read(rows) == 7);
    labelerrors::detail::announce_rows(rows, 3, 4);
    CHECK(announced == std::pair<std::size_t, std::size_t>{3, 4});
    std::vector<float16> half_buffer;
    CHECK(labelerrors::detail::halves_of(rows, 5, 2, half_buffer) == stored.data() + 10);
    const std::vector<std::size_t> columns{1, 0};
    std::vector<float> found(2);
    CHECK(rows.read_elements(4, columns, found.data()) == 2);
    CHECK(found == std::vector<float>{41.0F, 50.0F});
    CHECK(!rows.has_elements());
    CHECK(rows.element(6, 1) == 61.0F);

    // What it does not say is what it would be without the wrapper.
    const std::vector<float> floats(20);
    const any_rows<float> plain(memory_rows<float>(floats.data(), 10, 2, 2));
    CHECK(!labelerrors::detail::is_costly_to_reread(plain));
    CHECK(labelerrors::detail::rows_worth_a_read(plain) == 1);
    CHECK(labelerrors::detail::halves_of(plain, 0, 1, half_buffer) == nullptr);
}
