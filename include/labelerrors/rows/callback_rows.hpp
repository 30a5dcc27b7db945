#ifndef LABELERRORS_ROWS_CALLBACK_ROWS_HPP
#define LABELERRORS_ROWS_CALLBACK_ROWS_HPP

#include <labelerrors/concepts.hpp>

#include <concepts>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace labelerrors
{

/// Rows that a function writes when they are asked for: a row source that keeps nothing. Made by callback_rows below.
template <row_element T, class Fill>
class rows_from_callback
{
public:
    using value_type = T;

    /// `fill(first, count, to)` writes rows [first, first + count) to `to`, which has count * num_columns elements.
    rows_from_callback(std::size_t num_rows, std::size_t num_columns, Fill fill)
        : num_rows_(num_rows), num_columns_(num_columns), fill_(std::move(fill))
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

    /// What the function does may be anything, a model's work: what may be needed of a row is kept.
    [[nodiscard]] static constexpr bool costly_to_reread() noexcept
    {
        return true;
    }

    const T* read(std::size_t first, std::size_t count, std::vector<T>& buffer) const
    {
        buffer.resize(count * num_columns_);
        fill_(first, count, std::span<T>(buffer));
        return buffer.data();
    }

private:
    std::size_t num_rows_;
    std::size_t num_columns_;
    Fill fill_;
};

/// Rows that a function writes when they are asked for: a model that predicts as it goes, a database, a format of one's
/// own. `T`: float or double.
///
///     const auto rows = callback_rows<float>(n, k, [&](std::size_t first, std::size_t count, std::span<float> to) {
///         model.predict(images, first, count, to.data());     // count * k values, row-major
///     });
///     const auto issues = find_label_issues(labels, rows);
///
/// `fill` is called from several threads at once, unless the algorithm is told to use one. It is asked for each row
/// once a pass, for some rows again when issues are selected, and must write the same values each time. It is called as
/// a constant: a lambda must not be mutable.
/// find_label_issues makes one pass after a sample of up to a sixteenth of the rows, or, where there are less than 256
/// examples a class on average and fewer than 1,024 in all or more than 262,144, two, for the thresholds and for the
/// joint. Where the model is unsure it makes one more; see compute_confident_joint. What `fill` throws reaches the
/// caller of the algorithm. O(1).
template <row_element T, class Fill>
    requires std::invocable<const Fill&, std::size_t, std::size_t, std::span<T>>
[[nodiscard]] rows_from_callback<T, Fill> callback_rows(std::size_t num_rows, std::size_t num_columns, Fill fill)
{
    return {num_rows, num_columns, std::move(fill)};
}

}  // namespace labelerrors

#endif
