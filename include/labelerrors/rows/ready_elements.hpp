#ifndef LABELERRORS_ROWS_READY_ELEMENTS_HPP
#define LABELERRORS_ROWS_READY_ELEMENTS_HPP

#include <labelerrors/concepts.hpp>

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <span>

namespace labelerrors
{

/// A row source that may have elements at hand, which cost less than their rows: `read_elements(first, columns,
/// values)` writes element (first + i, columns[i]), which must exist, to values[i], up to the first that is not at
/// hand, and returns how many it wrote.
template <class S>
concept ready_element_source = row_source<S> &&
    requires(const S& source, std::size_t i, std::span<const std::size_t> columns, typename S::value_type* values)
{
    {
        source.read_elements(i, columns, values)
        } -> std::same_as<std::size_t>;
};

namespace detail
{

/// One element of each row after another, as far as a source has them at hand.
template <row_source Source>
class ready_elements
{
public:
    /// `source` must outlive this object.
    explicit ready_elements(const Source& source) noexcept : source_(source)
    {
    }

    /// Feeds the elements in the columns `labels[i]` of some of the rows [first, last), those from `first` on, to
    /// `accumulator`. Returns of how many rows: 0 where the elements are not at hand.
    template <class Label, class Accumulator>
    [[nodiscard]] std::size_t gather([[maybe_unused]] std::span<const Label> labels, std::size_t first,
                                     [[maybe_unused]] std::size_t last, [[maybe_unused]] Accumulator& accumulator)
    {
        if constexpr (ready_element_source<Source>)
            if (first >= ask_at_)
            {
                std::array<std::size_t, 1024> columns;
                std::array<typename Source::value_type, columns.size()> values;
                const std::size_t wanted = std::min(columns.size(), last - first);
                for (std::size_t i = 0; i < wanted; ++i)
                    columns[i] = static_cast<std::size_t>(labels[first + i]);
                const std::size_t rows = source_.read_elements(first, std::span(columns).first(wanted), values.data());
                for (std::size_t i = 0; i < rows; ++i)
                    accumulator.add(first + i, columns[i], values[i]);
                // What comes after an element that is not at hand is seldom at hand either.
                if (rows < wanted)
                    ask_at_ = first + rows + rows_until_asked;
                return rows;
            }
        return 0;
    }

private:
    static constexpr std::size_t rows_until_asked = std::size_t{1} << 14;

    const Source& source_;
    std::size_t ask_at_ = 0;  // the row from which on elements may be at hand
};

}  // namespace detail

}  // namespace labelerrors

#endif
