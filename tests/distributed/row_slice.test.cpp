// A rank's rows of what all ranks have open.
#include <labelerrors/distributed/row_slice.hpp>
#include <labelerrors/rows/float16.hpp>
#include <labelerrors/rows/row_blocks.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <span>
#include <type_traits>
#include <vector>

namespace
{

using labelerrors::float16;
using labelerrors::distributed::row_range;
using labelerrors::distributed::row_slice;
using labelerrors::distributed::slice_of_rank;

/// A source of 100 rows that does all that a source can do. Every value is the number of its row.
struct numbered_rows
{
    using value_type = float;

    row_range* announced;

    [[nodiscard]] std::size_t num_rows() const
    {
        return 100;
    }

    [[nodiscard]] std::size_t num_columns() const
    {
        return 2;
    }

    [[nodiscard]] bool has_elements() const
    {
        return false;
    }

    [[nodiscard]] float element(std::size_t i, std::size_t /*j*/) const
    {
        return static_cast<float>(i);
    }

    [[nodiscard]] std::size_t read_elements(std::size_t first, std::span<const std::size_t> columns,
                                            float* values) const
    {
        for (std::size_t i = 0; i < columns.size(); ++i)
            values[i] = element(first + i, columns[i]);
        return columns.size();
    }

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
        *announced = {first, count};
    }

    const float* read(std::size_t first, std::size_t count, std::vector<float>& buffer) const
    {
        buffer.clear();
        for (std::size_t i = 0; i < 2 * count; ++i)
            buffer.push_back(element(first + i / 2, i % 2));
        return buffer.data();
    }

    [[nodiscard]] const float16* halves(std::size_t first, std::size_t count, std::vector<float16>& buffer) const
    {
        buffer.clear();
        for (std::size_t i = 0; i < 2 * count; ++i)
            buffer.push_back(labelerrors::to_float16(element(first + i / 2, i % 2)));
        return buffer.data();
    }
};

// A slice refers to its source, which must not be a temporary.
using floats_in_memory = labelerrors::memory_rows<float>;
static_assert(std::is_constructible_v<row_slice<floats_in_memory>, const floats_in_memory&, row_range>);
static_assert(!std::is_constructible_v<row_slice<floats_in_memory>, floats_in_memory, row_range>);

}  // namespace

TEST_CASE("a slice gives its own rows in every way that its source does")
{
    row_range announced;
    const numbered_rows all{&announced};
    const row_slice some(all, {40, 5});
    CHECK(some.num_rows() == 5);
    CHECK(some.num_columns() == 2);
    CHECK(!labelerrors::detail::has_elements(some));
    CHECK(labelerrors::detail::is_costly_to_reread(some));
    CHECK(labelerrors::detail::rows_worth_a_read(some) == 7);
    CHECK(some.element(3, 1) == 43.0f);
    std::vector<float> buffer;
    const float* const read = some.read(1, 2, buffer);
    CHECK(std::vector<float>(read, read + 4) == std::vector<float>{41, 41, 42, 42});
    std::vector<float16> half_buffer;
    const float16* const halves = some.halves(2, 1, half_buffer);
    CHECK(labelerrors::to_float(halves[1]) == 42.0f);
    std::array<float, 2> values{};
    CHECK(some.read_elements(3, std::array<std::size_t, 2>{0, 1}, values.data()) == 2);
    CHECK(values == std::array<float, 2>{43.0f, 44.0f});
    some.announce(1, 3);
    CHECK(announced.first == 41);
    CHECK(announced.count == 3);
}

TEST_CASE("a slice of rows that its source has not is refused")
{
    row_range announced;
    const numbered_rows all{&announced};
    CHECK(row_slice(all, {100, 0}).num_rows() == 0);
    constexpr std::size_t most = static_cast<std::size_t>(-1);
    for (const row_range rows : {row_range{99, 2}, row_range{101, 0}, row_range{1, most}, row_range{most, 1}})
        CHECK_THROWS_AS(row_slice(all, rows), labelerrors::value_error);
}

TEST_CASE("rows are shared out evenly and in order")
{
    for (const std::size_t size : {1u, 2u, 3u, 7u})
        for (const std::size_t n : {0u, 1u, 6u, 7u, 100u})
        {
            std::size_t next = 0;
            for (std::size_t rank = 0; rank < size; ++rank)
            {
                const auto slice = slice_of_rank(n, rank, size);
                CHECK(slice.first == next);
                CHECK((slice.count == n / size || slice.count == n / size + 1));
                next += slice.count;
            }
            CHECK(next == n);
        }
}
