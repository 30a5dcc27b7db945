#ifndef LABELERRORS_IO_COLUMN_SLABS_HPP
#define LABELERRORS_IO_COLUMN_SLABS_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/rows/large_vector.hpp>
#include <labelerrors/rows/num_threads.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <list>
#include <memory>
#include <mutex>

namespace labelerrors::io::detail
{

/// Turns columns into rows: fills `to` with rows [first, first + count) of `num_columns` values, row-major.
/// `decode_column(column, row, rows, values)` gets `rows` values of a column from `row` on.
template <row_element T, class DecodeColumn>
void turn_columns(std::size_t first, std::size_t count, std::size_t num_columns, T* to,
                  const DecodeColumn& decode_column)
{
    // A tile is decoded column by column, as it is stored, and turned within a core's own cache. Its 16 columns fill
    // whole cache lines of the rows that are written.
    constexpr std::size_t tile_rows = 64;
    constexpr std::size_t tile_columns = 16;
    std::array<T, tile_rows * tile_columns> tile;
    for (std::size_t i0 = 0; i0 < count; i0 += tile_rows)
        for (std::size_t j0 = 0; j0 < num_columns; j0 += tile_columns)
        {
            const std::size_t height = std::min(tile_rows, count - i0);
            const std::size_t width = std::min(tile_columns, num_columns - j0);
            for (std::size_t j = 0; j < width; ++j)
                decode_column(j0 + j, first + i0, height, tile.data() + j * tile_rows);
            for (std::size_t i = 0; i < height; ++i)
                for (std::size_t j = 0; j < width; ++j)
                    to[(i0 + i) * num_columns + j0 + j] = tile[j * tile_rows + i];
        }
}

/// A part of a matrix that a file holds column by column.
struct column_part
{
    std::size_t first_row;  // in the whole matrix: no two parts have the same
    std::size_t num_rows;
    std::size_t num_columns;
    std::size_t element_size;  // bytes of an element as it is stored
};

/// Rows of parts that files hold column by column. A block of rows has only a little of each column, less than a call
/// of the system is worth: many rows are read at once and kept, a slab for each thread that reads and one more, of all
/// parts together.
template <row_element T>
class column_slabs
{
public:
    /// Fills `to` with rows [first, first + count) of a part; see turn_columns for `decode_column`, which is of that
    /// part and may throw. Thread-safe.
    template <class DecodeColumn>
    void copy_rows(const column_part& part, std::size_t first, std::size_t count, T* to,
                   const DecodeColumn& decode_column)
    {
        const std::size_t k = part.num_columns;
        const std::size_t rows_in_slab = rows_in_slab_of(part);
        for (std::size_t done = 0; done < count;)
        {
            const std::size_t row = (first + done) % rows_in_slab;
            const std::size_t rows = std::min(count - done, rows_in_slab - row);
            const auto kept = slab(part, first + done - row, decode_column);
            std::copy_n(kept->data() + row * k, rows * k, to + done * k);
            done += rows;
        }
    }

private:
    using values = large_vector<T>;

    struct kept_slab
    {
        std::size_t first_row;  // in the whole matrix
        std::shared_ptr<const values> content;
    };

    [[nodiscard]] static std::size_t rows_in_slab_of(const column_part& part) noexcept
    {
        // Twice what is copied in the time of a call, as long as a slab is no more than 8 MB.
        constexpr std::size_t bytes_of_column = std::size_t{1} << 13;
        constexpr std::size_t most_bytes = std::size_t{1} << 23;
        return std::clamp<std::size_t>(most_bytes / (sizeof(T) * part.num_columns), 1,
                                       bytes_of_column / part.element_size);
    }

    /// The slab of a part that begins with that row of it, row-major. Two threads that want the same one at the same
    /// time both read it, which is rare: each has rows of its own.
    template <class DecodeColumn>
    [[nodiscard]] std::shared_ptr<const values> slab(const column_part& part, std::size_t first,
                                                     const DecodeColumn& decode_column)
    {
        const std::size_t first_row = part.first_row + first;
        {
            const std::lock_guard lock(mutex_);
            const auto found = std::find_if(kept_.begin(), kept_.end(),
                                            [&](const kept_slab& one) { return one.first_row == first_row; });
            if (found != kept_.end())
            {
                kept_.splice(kept_.begin(), kept_, found);
                return kept_.front().content;
            }
            // What is being read has its place already. The last one used is the first in the list.
            ++num_begun_;
            while (!kept_.empty() && kept_.size() + num_begun_ > labelerrors::detail::machine_threads() + 1)
                kept_.pop_back();
        }
        std::shared_ptr<const values> content;
        try
        {
            content = read_slab(part, first, decode_column);
        }
        catch (...)
        {
            const std::lock_guard lock(mutex_);
            --num_begun_;
            throw;
        }
        const std::lock_guard lock(mutex_);
        --num_begun_;
        kept_.push_front({first_row, content});
        return content;
    }

    template <class DecodeColumn>
    [[nodiscard]] static std::shared_ptr<const values> read_slab(const column_part& part, std::size_t first,
                                                                 const DecodeColumn& decode_column)
    {
        const std::size_t k = part.num_columns;
        const std::size_t count = std::min(rows_in_slab_of(part), part.num_rows - first);
        const auto content = std::make_shared<values>(count * k);
        constexpr std::size_t columns_at_once = 16;
        values columns(columns_at_once * count);
        for (std::size_t j0 = 0; j0 < k; j0 += columns_at_once)
        {
            const std::size_t width = std::min(columns_at_once, k - j0);
            for (std::size_t j = 0; j < width; ++j)
                decode_column(j0 + j, first, count, columns.data() + j * count);
            for (std::size_t i = 0; i < count; ++i)
                for (std::size_t j = 0; j < width; ++j)
                    (*content)[i * k + j0 + j] = columns[j * count + i];
        }
        return content;
    }

    std::mutex mutex_;
    std::list<kept_slab> kept_;
    std::size_t num_begun_ = 0;  // slabs that are being read
};

}  // namespace labelerrors::io::detail

#endif
