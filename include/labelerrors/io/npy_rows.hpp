#ifndef LABELERRORS_IO_NPY_ROWS_HPP
#define LABELERRORS_IO_NPY_ROWS_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/error.hpp>
#include <labelerrors/io/column_slabs.hpp>
#include <labelerrors/io/matrix_file.hpp>
#include <labelerrors/io/npy_array.hpp>
#include <labelerrors/io/npy_part.hpp>
#include <labelerrors/rows/float16.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace labelerrors::io
{

/// The rows of a matrix_file as values of type T: a row source for the algorithms. It shares the files and keeps them
/// open. What is in memory, as small files are, is handed out in place where rows lie in one part as aligned T in C
/// order and the machine's byte order. All else is read, and decoded where it must be, block by block into the callers'
/// buffers, of which alone memory is taken (and 8 MB a thread, and 8 more, for what is stored in Fortran order, in
/// however many parts): files may be larger than memory. A file that has become shorter is an io_error where its end is
/// missed.
template <row_element T>
class npy_rows
{
public:
    using value_type = T;

    /// Throws value_error where T is float and the file has elements that only a double holds. O(parts).
    explicit npy_rows(matrix_file file);

    [[nodiscard]] std::size_t num_rows() const noexcept
    {
        return file_.num_rows();
    }

    [[nodiscard]] std::size_t num_columns() const noexcept
    {
        return file_.num_columns();
    }

    /// Whether an element is had for less than its row is: not where rows of a few pages or less are read from a file.
    [[nodiscard]] bool has_elements() const noexcept
    {
        return std::all_of(parts_.begin(), parts_.end(),
                           [&](const part& one) {
                               return one.stored.is_in_memory() || one.by_columns ||
                                      num_columns() * one.element_size > most_read_for_an_element;
                           });
    }

    /// Whether the rows are read from a file: copying one from the system's memory takes longer than finding what is to
    /// be kept of it, and from a disk far longer.
    [[nodiscard]] bool costly_to_reread() const noexcept
    {
        return std::any_of(parts_.begin(), parts_.end(), [](const part& one) { return !one.stored.is_in_memory(); });
    }

    /// How many rows are read in the time that a call of the system takes.
    [[nodiscard]] std::size_t rows_worth_a_read() const noexcept
    {
        return costly_to_reread()
                   ? std::max<std::size_t>(1, bytes_worth_a_call / (num_columns() * parts_.front().element_size))
                   : 1;
    }

    /// The element in row `i`, below num_rows(), and column `j`, below num_columns(). O(log parts), and from a file
    /// that is read one call of the system.
    [[nodiscard]] T element(std::size_t i, std::size_t j) const
    {
        const part& from = part_of(i);
        const std::size_t row = i - from.first_row;
        if (from.in_place != nullptr)
            return from.in_place[row * num_columns() + j];
        const std::size_t position = from.by_columns ? j * from.num_rows + row : row * num_columns() + j;
        T value = 0;
        from.decode_elements(position, 1, &value);
        return value;
    }

    /// See ready_element_source: of files in C order whose rows are of some pages, what the system has in memory of
    /// them.
    [[nodiscard]] std::size_t read_elements(std::size_t first, std::span<const std::size_t> columns, T* values) const;

    /// Says that rows [first, first + count), which must exist, are read next, and others after them: a file that is
    /// large enough not to be in memory is read ahead meanwhile. O(1).
    void announce(std::size_t first, std::size_t count) const noexcept;

    /// Rows [first, first + count), which must exist, row-major; see row_source. O(count * num_columns()), or O(1).
    [[nodiscard]] const T* read(std::size_t first, std::size_t count, std::vector<T>& buffer) const;

    /// See half_source.
    [[nodiscard]] const float16* halves(std::size_t first, std::size_t count,
                                        std::vector<float16>& buffer) const requires std::same_as<T, float>
    {
        if (count == 0)
            return nullptr;
        const part& from = part_of(first);
        const std::size_t row = first - from.first_row;
        if (count > from.num_rows - row)
            return nullptr;
        if (from.halves_in_place != nullptr)
            return from.halves_in_place + row * num_columns();
        if (!from.has_halves || from.stored.is_in_memory())
            return nullptr;
        buffer.resize(count * num_columns());
        from.stored.read_at(row * num_columns() * sizeof(float16), std::as_writable_bytes(std::span(buffer)));
        return buffer.data();
    }

private:
    using part = detail::npy_part<T>;

    /// Larger files may not be in memory: they are read ahead.
    static constexpr std::size_t most_in_memory = std::size_t{1} << 30;
    /// Bytes that are copied in the time that a call takes.
    static constexpr std::size_t bytes_worth_a_call = 6000;
    /// An element of rows of more bytes is read by itself wherever it is, in memory or on the disk.
    static constexpr std::size_t most_read_for_an_element = std::size_t{1} << 14;

    /// The part that row `i` is in.
    [[nodiscard]] const part& part_of(std::size_t i) const noexcept
    {
        if (parts_.size() == 1)
            return parts_.front();
        return *(std::upper_bound(parts_.begin(), parts_.end(), i,
                                  [](std::size_t row, const part& later) { return row < later.first_row; }) -
                 1);
    }

    /// Whether elements are read from the part without their rows where it is cached.
    [[nodiscard]] bool gives_cached_elements(const part& one) const noexcept
    {
        return !one.stored.is_in_memory() && !one.by_columns && num_columns() * one.element_size >= bytes_worth_a_call;
    }

    [[nodiscard]] std::size_t size_of_part(const part& one) const noexcept
    {
        return one.num_rows * num_columns() * one.element_size;
    }

    matrix_file file_;
    std::vector<part> parts_;  // without those that have no rows
};

/// Calls `use(rows)` with the rows of `file` as npy_rows<float> if floats hold all of its elements, else as
/// npy_rows<double>, and returns what it returns, which must be of the same type for both.
template <class Use>
decltype(auto) with_matrix(const matrix_file& file, Use&& use)
{
    using result = std::invoke_result_t<Use&, const npy_rows<double>&>;
    static_assert(std::is_same_v<result, std::invoke_result_t<Use&, const npy_rows<float>&>>,
                  "use must return the same type for rows of floats and of doubles");
    if (file.fits_in_float())
    {
        const npy_rows<float> rows(file);
        return static_cast<result>(use(rows));
    }
    const npy_rows<double> rows(file);
    return static_cast<result>(use(rows));
}

template <row_element T>
npy_rows<T>::npy_rows(matrix_file file) : file_(std::move(file))
{
    if (std::is_same_v<T, float> && !file_.fits_in_float())
        throw value_error("npy_rows: file must have elements of type f2 or f4 only to be read as float; "
                          "use npy_rows<double> or with_matrix");
    const auto slabs = std::make_shared<detail::column_slabs<T>>();
    std::size_t first_row = 0;
    for (const npy_array& array : file_.parts())
    {
        if (array.header().shape[0] != 0)
            parts_.push_back(detail::make_npy_part<T>(array, first_row, slabs));
        first_row += array.header().shape[0];
    }
}

template <row_element T>
std::size_t npy_rows<T>::read_elements(std::size_t first, std::span<const std::size_t> columns, T* values) const
{
    // Rows that all are in memory need no calls.
    if (std::none_of(parts_.begin(), parts_.end(), [&](const part& one) { return gives_cached_elements(one); }))
        return 0;
    std::size_t done = 0;
    while (done < columns.size())
    {
        const part& from = part_of(first + done);
        if (!from.stored.is_in_memory() && !gives_cached_elements(from))
            break;
        const std::size_t row = first + done - from.first_row;
        const std::size_t rows = std::min(columns.size() - done, from.num_rows - row);
        const std::size_t copied = from.copy_cached(row, columns.subspan(done, rows), num_columns(), values + done);
        done += copied;
        if (copied < rows)
            break;
    }
    return done;
}

template <row_element T>
void npy_rows<T>::announce(std::size_t first, std::size_t count) const noexcept
{
    if (parts_.empty())
        return;
    const part& from = part_of(first);
    const std::size_t row_size = num_columns() * from.element_size;
    if (from.stored.is_in_memory() || from.by_columns || size_of_part(from) <= most_in_memory)
        return;
    // Rows that are far apart are better read one by one.
    constexpr std::size_t ahead = std::size_t{1} << 24;
    if (count * row_size <= 2 * ahead)
        from.stored.read_ahead((first - from.first_row) * row_size + ahead, count * row_size);
}

template <row_element T>
const T* npy_rows<T>::read(std::size_t first, std::size_t count, std::vector<T>& buffer) const
{
    if (count == 0)
        return buffer.data();
    const part* from = &part_of(first);
    if (from->in_place != nullptr && count <= from->num_rows - (first - from->first_row))
        return from->in_place + (first - from->first_row) * num_columns();
    buffer.resize(count * num_columns());
    for (std::size_t done = 0; done < count; ++from)
    {
        const std::size_t row = first + done - from->first_row;
        const std::size_t rows = std::min(count - done, from->num_rows - row);
        from->copy_rows(row, rows, num_columns(), buffer.data() + done * num_columns());
        done += rows;
    }
    return buffer.data();
}

}  // namespace labelerrors::io

#endif
