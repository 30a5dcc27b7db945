#include <labelerrors/rows/any_rows.hpp>
#include <labelerrors/rows/float16.hpp>
#include <labelerrors/rows/row_blocks.hpp>
#include <labelerrors/rows/row_elements.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <span>
#include <vector>

using namespace labelerrors;

namespace
{

constexpr std::size_t n = 100;
constexpr std::size_t k = 3;

/// Rows that only calls give, counted: element (i, j) is 10 i + j.
template <bool as_halves>
struct counted_rows
{
    using value_type = float;

    std::size_t* calls;

    std::size_t num_rows() const
    {
        return n;
    }

    std::size_t num_columns() const
    {
        return k;
    }

    std::size_t rows_worth_a_read() const
    {
        return 4;
    }

    const float* read(std::size_t first, std::size_t count, std::vector<float>& buffer) const
    {
        ++*calls;
        buffer.clear();
        for (std::size_t i = first; i < first + count; ++i)
            for (std::size_t j = 0; j < k; ++j)
                buffer.push_back(static_cast<float>(10 * i + j));
        return buffer.data();
    }

    const float16* halves(std::size_t first, std::size_t count, std::vector<float16>& buffer) const requires as_halves
    {
        std::vector<float> values;
        static_cast<void>(read(first, count, values));
        buffer.clear();
        for (const float value : values)
            buffer.push_back(to_float16(value));
        return buffer.data();
    }
};

/// Whether the rows are what they count, by every way to them.
template <row_source Source>
[[nodiscard]] bool counts(const Source& source, const std::vector<std::size_t>& rows)
{
    detail::row_elements elements(source, std::span(rows));
    bool right = true;
    for (std::size_t position = 0; position < rows.size(); ++position)
    {
        elements.go_to(position);
        const auto check = [&](std::size_t j, double value)
        {
            right = right && value == static_cast<double>(10 * rows[position] + j);
        };
        for (std::size_t j = 0; j < k; ++j)
            check(j, elements[j]);
        elements.with_values(
            [&](const auto& value_at)
            {
                for (std::size_t j = 0; j < k; ++j)
                    check(j, value_at(j));
            });
        elements.with_row(
            [&](const auto& row)
            {
                right = right && row.size() == k;
                for (std::size_t j = 0; j < k; ++j)
                    check(j, static_cast<double>(row[j]));
            });
        if (const float16* const halves = elements.halves())
            for (std::size_t j = 0; j < k; ++j)
                check(j, static_cast<double>(halves[j]));
    }
    return right;
}

}  // namespace

TEST_CASE("some rows are read with those between them where they are close together, else by themselves")
{
    std::size_t calls = 0;
    const std::vector<std::size_t> close{0, 2, 5, 9, 10, 20, 23};
    const std::vector<std::size_t> far{0, 20, 60, 99};
    CHECK(counts(counted_rows<false>{&calls}, close));
    CHECK(calls == 1);
    CHECK(counts(counted_rows<true>{&calls}, close));
    CHECK(calls == 2);
    CHECK(counts(any_rows<float>(counted_rows<true>{&calls}), close));
    CHECK(calls == 3);
    CHECK(counts(counted_rows<false>{&calls}, far));
    CHECK(calls == 3 + far.size());
}

TEST_CASE("some rows of those in memory are looked at in place")
{
    std::vector<float> floats;
    std::vector<float16> halves;
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < k; ++j)
        {
            floats.push_back(static_cast<float>(10 * i + j));
            halves.push_back(to_float16(floats.back()));
        }
    const std::vector<std::size_t> rows{3, 4, 50, 99};
    const memory_rows<float> of_floats(floats.data(), n, k, k);
    const memory_rows<float16> of_halves(halves.data(), n, k, k);
    CHECK(counts(of_floats, rows));
    CHECK(counts(of_halves, rows));
    CHECK(counts(any_rows<float>(of_halves), rows));
    detail::row_elements elements(of_halves, std::span(rows));
    elements.go_to(1);
    CHECK(elements.halves() == halves.data() + 4 * k);
}
