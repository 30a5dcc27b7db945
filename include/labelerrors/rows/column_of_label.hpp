#ifndef LABELERRORS_ROWS_COLUMN_OF_LABEL_HPP
#define LABELERRORS_ROWS_COLUMN_OF_LABEL_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/rows/float16.hpp>
#include <labelerrors/rows/parallel.hpp>
#include <labelerrors/rows/prefetch.hpp>
#include <labelerrors/rows/ready_elements.hpp>
#include <labelerrors/rows/row_blocks.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace labelerrors
{

namespace detail
{

/// One element of each row, the one in the column `labels[i]`: without the rest of the row where the source allows it,
/// else from whole rows.
template <row_source Source, class Label>
class column_of_label
{
public:
    /// `source` must outlive this object.
    column_of_label(const Source& source, std::span<const Label> labels)
        : source_(source), labels_(labels), by_element_(has_elements(source))
    {
    }

    /// How many rows are best fed at once.
    [[nodiscard]] std::size_t step() const
    {
        return by_element_ ? std::size_t{1} << 14 : rows_per_block<value_type>(source_.num_columns());
    }

    /// How many elements of the matrix it takes as long to read as one of these.
    [[nodiscard]] std::size_t cost() const
    {
        return by_element_ ? 4 : source_.num_columns();
    }

    /// Calls `accumulator.add(row, column, value)` for the rows [first, last).
    template <class Accumulator>
    void feed(std::size_t first, std::size_t last, Accumulator& accumulator)
    {
        if (by_element_)
        {
            if constexpr (in_place_source<Source>)
                return gather_in_place(first, last, accumulator);
            else if constexpr (element_source<Source>)
                return gather_elements(first, last, accumulator);
        }
        const auto feed_those_of = [&](const auto* block)
        {
            for (std::size_t i = first; i < last; ++i)
            {
                const auto column = static_cast<std::size_t>(labels_[i]);
                accumulator.add(i, column,
                                static_cast<value_type>(block[(i - first) * source_.num_columns() + column]));
            }
        };
        if constexpr (half_source<Source>)
            if (const float16* halves = halves_of(source_, first, last - first, half_buffer_))
                return feed_those_of(halves);
        feed_those_of(source_.read(first, last - first, buffer_));
    }

private:
    using value_type = typename Source::value_type;

    template <class Accumulator>
    void gather_in_place(std::size_t first, std::size_t last, Accumulator& accumulator) const
    {
        // Nearly all of the memory that short rows are in is of use, of long rows one line.
        constexpr std::size_t ahead = 32;
        const bool short_rows = source_.num_columns() * sizeof(*source_.row(0)) <= 2 * cache_line;
        for (std::size_t i = first; i < last; ++i)
        {
            if (short_rows)
                prefetch_next_page(source_.row(i));
            else if (i + ahead < labels_.size())
                prefetch(source_.row(i + ahead) + static_cast<std::size_t>(labels_[i + ahead]));
            const auto column = static_cast<std::size_t>(labels_[i]);
            accumulator.add(i, column, static_cast<value_type>(source_.row(i)[column]));
        }
    }

    /// Elements that may be anywhere are fetched some time before they are used: each one waits for memory, and only
    /// short work lets a core wait for many at once.
    template <class Accumulator>
    void gather_elements(std::size_t first, std::size_t last, Accumulator& accumulator) const
    {
        std::array<value_type, 256> values;
        for (std::size_t start = first; start < last; start += values.size())
        {
            const std::size_t stop = std::min(start + values.size(), last);
            for (std::size_t i = start; i < stop; ++i)
                values[i - start] = source_.element(i, static_cast<std::size_t>(labels_[i]));
            for (std::size_t i = start; i < stop; ++i)
                accumulator.add(i, static_cast<std::size_t>(labels_[i]), values[i - start]);
        }
    }

    const Source& source_;
    std::span<const Label> labels_;
    bool by_element_;
    std::vector<value_type> buffer_;
    std::vector<float16> half_buffer_;
};

}  // namespace detail

/// Feeds one element of every row, the one in the column `labels[i]`, to copies of `empty` by
/// `add(row, column, value)`. Reads no more of the matrix than that where the source allows it.
template <row_source Source, class Label, class Accumulator>
[[nodiscard]] Accumulator scan_column_of_label(const Source& source, std::span<const Label> labels,
                                               std::string_view pass, Accumulator empty, const scan_options& options)
{
    const std::size_t cost = detail::column_of_label(source, labels).cost();
    return accumulate(source.num_rows(), cost, pass, std::move(empty), options,
                      [&](Accumulator& accumulator, std::size_t first, std::size_t last, const auto& report)
                      {
                          detail::column_of_label column(source, labels);
                          detail::ready_elements<Source> ready(source);
                          for (std::size_t start = first, stop = first; start < last; start = stop)
                          {
                              stop = start + ready.gather(labels, start, last, accumulator);
                              if (stop == start)
                              {
                                  stop = std::min(start + column.step(), last);
                                  detail::announce_rows(source, start, stop - start);
                                  column.feed(start, stop, accumulator);
                              }
                              if (!report(stop - start))
                                  return;
                          }
                      });
}

}  // namespace labelerrors

#endif
