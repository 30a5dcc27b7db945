#ifndef LABELERRORS_ROWS_ROW_BLOCKS_HPP
#define LABELERRORS_ROWS_ROW_BLOCKS_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/error.hpp>
#include <labelerrors/rows/float16.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace labelerrors
{

/// The types that rows may be stored in and looked at in place: those that are computed in, and halves.
template <class T>
concept stored_element = row_element<T> || std::same_as<T, float16>;

/// Some consecutive rows of an (n, k) matrix, row-major and contiguous.
template <stored_element T>
struct row_block
{
    const T* data = nullptr;    // element (first_row, 0)
    std::size_t first_row = 0;  // index in the whole matrix of the block's first row
    std::size_t num_rows = 0;
    std::size_t num_columns = 0;

    /// The block's i-th row, i below num_rows.
    [[nodiscard]] std::span<const T> row(std::size_t i) const noexcept
    {
        return {data + i * num_columns, num_columns};
    }
};

/// A row source whose rows can be looked at in place, as they are stored: `row(i)` returns a `const T*` to a stored
/// type. A `row` that returns anything else is the source's own affair.
template <class S>
concept in_place_source = row_source<S> && requires(const S& source, std::size_t i)
{
    requires stored_element<std::remove_cvref_t<decltype(*source.row(i))>>;
    {
        source.row(i)
        } -> std::same_as<const std::remove_cvref_t<decltype(*source.row(i))>*>;
};

/// The type in which values of type T are computed: float for halves and floats, double for all others.
template <class T>
using row_element_for = std::conditional_t<std::is_same_v<T, float> || std::is_same_v<T, float16>, float, double>;

/// How many rows a block of `num_columns` columns has: about half a megabyte of them, so that a block stays in a
/// core's own cache between reading and computing. Results never depend on it.
template <row_element T>
[[nodiscard]] constexpr std::size_t rows_per_block(std::size_t num_columns) noexcept
{
    constexpr std::size_t block_bytes = std::size_t{1} << 19;
    return std::clamp(block_bytes / (sizeof(T) * std::max<std::size_t>(num_columns, 1)), std::size_t{1},
                      std::size_t{1} << 15);
}

/// Rows of type T that lie in memory one element after another, `row_stride` elements from one row to the next.
/// A row source that copies nothing unless there are gaps between the rows.
template <class T>
    requires std::is_arithmetic_v<T> || std::same_as<T, float16>
class memory_rows
{
public:
    using value_type = row_element_for<T>;

    /// `data` points at element (0, 0) and must outlive this object.
    memory_rows(const T* data, std::size_t num_rows, std::size_t num_columns, std::size_t row_stride) noexcept
        : data_(data), num_rows_(num_rows), num_columns_(num_columns), row_stride_(row_stride)
    {
    }

    [[nodiscard]] std::size_t num_rows() const noexcept
    {
        return num_rows_;
    }

    [[nodiscard]] std::size_t num_columns() const noexcept
    {
        return num_columns_;
    }

    [[nodiscard]] value_type element(std::size_t i, std::size_t j) const noexcept
    {
        return static_cast<value_type>(data_[i * row_stride_ + j]);
    }

    const value_type* read(std::size_t first, std::size_t count, std::vector<value_type>& buffer) const
    {
        if constexpr (std::is_same_v<T, value_type>)
            if (row_stride_ == num_columns_ || count == 1)
                return data_ + first * row_stride_;
        buffer.resize(count * num_columns_);
        for (std::size_t i = 0; i < count; ++i)
            copy_row(data_ + (first + i) * row_stride_, buffer.data() + i * num_columns_);
        return buffer.data();
    }

    /// Row i in place, as it is stored.
    [[nodiscard]] const T* row(std::size_t i) const noexcept requires stored_element<T>
    {
        return data_ + i * row_stride_;
    }

    /// See half_source.
    [[nodiscard]] const float16*
    halves(std::size_t first, std::size_t count,
           std::vector<float16>& /*buffer*/) const noexcept requires std::same_as<T, float16>
    {
        return row_stride_ == num_columns_ || count == 1 ? data_ + first * row_stride_ : nullptr;
    }

private:
    void copy_row(const T* from, value_type* to) const
    {
        if constexpr (std::is_same_v<T, float16>)
            to_floats(from, to, num_columns_);
        else
            std::transform(from, from + num_columns_, to, [](T value) { return static_cast<value_type>(value); });
    }

    const T* data_;
    std::size_t num_rows_;
    std::size_t num_columns_;
    std::size_t row_stride_;
};

/// Rows of any two-dimensional array expression, read element by element into the caller's buffer: column-major
/// containers, strided views, lazy expressions. Nothing is evaluated twice within a block, and nothing as a whole.
template <array_expression E>
class expression_rows
{
public:
    using value_type = row_element_for<typename E::value_type>;

    /// `expression` must outlive this object and have two dimensions.
    explicit expression_rows(const E& expression)
        : expression_(std::addressof(expression)), num_rows_(static_cast<std::size_t>(expression.shape()[0])),
          num_columns_(static_cast<std::size_t>(expression.shape()[1]))
    {
    }

    explicit expression_rows(const E&& expression) = delete;

    [[nodiscard]] std::size_t num_rows() const noexcept
    {
        return num_rows_;
    }

    [[nodiscard]] std::size_t num_columns() const noexcept
    {
        return num_columns_;
    }

    [[nodiscard]] value_type element(std::size_t i, std::size_t j) const
    {
        return static_cast<value_type>((*expression_)(i, j));
    }

    const value_type* read(std::size_t first, std::size_t count, std::vector<value_type>& buffer) const
    {
        buffer.resize(count * num_columns_);
        // A tile of 64 rows by 16 columns keeps the reads of a column-major source and the writes of the block within
        // few cache lines; for a row-major or lazy source the order costs nothing.
        constexpr std::size_t tile_rows = 64;
        constexpr std::size_t tile_columns = 16;
        for (std::size_t i0 = 0; i0 < count; i0 += tile_rows)
            for (std::size_t j0 = 0; j0 < num_columns_; j0 += tile_columns)
                for (std::size_t i = i0; i < std::min(i0 + tile_rows, count); ++i)
                    for (std::size_t j = j0; j < std::min(j0 + tile_columns, num_columns_); ++j)
                        buffer[i * num_columns_ + j] = element(first + i, j);
        return buffer.data();
    }

private:
    const E* expression_;
    std::size_t num_rows_;
    std::size_t num_columns_;
};

namespace detail
{

/// Whether the expression has its elements in memory, so that a pointer and strides describe it.
template <class E>
concept stored_expression = array_expression<E> && requires(const E& expression)
{
    {
        expression.data()
        } -> std::convertible_to<const typename E::value_type*>;
    expression.data_offset();
    expression.strides()[0];
};

/// Whether every row is known at compile time to be contiguous, so that no other way of reading need be compiled.
template <class E>
inline constexpr bool always_row_major = false;

template <stored_expression E>
    requires requires
    {
        E::static_layout;
        E::contiguous_layout;
    }
inline constexpr bool always_row_major<E> = E::static_layout == xt::layout_type::row_major && E::contiguous_layout;

/// Refuses an expression that does not have `dimension` dimensions.
template <array_expression E>
void require_dimension(const E& expression, std::size_t dimension, const char* function, const char* argument)
{
    if (expression.dimension() == dimension)
        return;
    throw shape_error(std::string(function) + ": " + argument + " must have " + std::to_string(dimension) +
                      (dimension == 1 ? " dimension" : " dimensions") + ", not " +
                      std::to_string(expression.dimension()));
}

/// The rows of an expression whose rows are contiguous.
template <stored_expression E>
[[nodiscard]] memory_rows<typename E::value_type> rows_in_memory(const E& expression)
{
    const auto rows = static_cast<std::size_t>(expression.shape()[0]);
    const auto columns = static_cast<std::size_t>(expression.shape()[1]);
    // xtensor gives an extent of 1 the stride 0.
    const auto row_stride = rows <= 1 ? columns : static_cast<std::size_t>(expression.strides()[0]);
    return {expression.data() + expression.data_offset(), rows, columns, row_stride};
}

/// Whether a source gives elements without their rows; for a source that wraps others, whether this one does.
template <row_source Source>
[[nodiscard]] bool has_elements(const Source& source)
{
    if constexpr (requires { source.has_elements(); })
        return source.has_elements();
    else
        return element_source<Source>;
}

/// Tells a source which rows a pass looks at next, if it wants to know: `announce(first, count)`. It may fetch ahead.
template <row_source Source>
void announce_rows(const Source& source, std::size_t first, std::size_t count)
{
    if constexpr (requires { source.announce(first, count); })
        source.announce(first, count);
}

/// The rows as halves, where they are stored so; else null.
template <row_source Source>
[[nodiscard]] const float16* halves_of([[maybe_unused]] const Source& source, [[maybe_unused]] std::size_t first,
                                       [[maybe_unused]] std::size_t count,
                                       [[maybe_unused]] std::vector<float16>& buffer)
{
    if constexpr (half_source<Source>)
        return source.halves(first, count, buffer);
    else
        return nullptr;
}

}  // namespace detail

/// Calls `use(source)` with the rows of `pred_probs` as a row source, chosen by how the elements lie: in place where
/// every row is contiguous, through a buffer elsewhere. A row source is passed on as it is. Returns what `use` returns.
/// Throws shape_error where `pred_probs` is not two-dimensional, by the names of `function` and `argument`.
template <probability_matrix P, class Use>
decltype(auto) with_rows(const P& pred_probs, const char* function, Use&& use, const char* argument = "pred_probs")
{
    if constexpr (row_source<P>)
        return use(pred_probs);
    else
    {
        detail::require_dimension(pred_probs, 2, function, argument);
        if constexpr (detail::always_row_major<P>)
            return use(detail::rows_in_memory(pred_probs));
        else
        {
            if constexpr (detail::stored_expression<P>)
                if ((pred_probs.shape()[1] <= 1 || pred_probs.strides()[1] == 1) &&
                    (pred_probs.shape()[0] <= 1 || pred_probs.strides()[0] > 0))
                    return use(detail::rows_in_memory(pred_probs));
            return use(expression_rows<P>(pred_probs));
        }
    }
}

}  // namespace labelerrors

#endif
