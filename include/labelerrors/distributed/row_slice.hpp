#ifndef LABELERRORS_DISTRIBUTED_ROW_SLICE_HPP
#define LABELERRORS_DISTRIBUTED_ROW_SLICE_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/error.hpp>
#include <labelerrors/rows/float16.hpp>
#include <labelerrors/rows/ready_elements.hpp>
#include <labelerrors/rows/reread_costs.hpp>
#include <labelerrors/rows/row_blocks.hpp>

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace labelerrors::distributed
{

/// Some consecutive rows.
struct row_range
{
    std::size_t first = 0;
    std::size_t count = 0;
};

/// The rows of a rank where n rows are shared out evenly: consecutive, the ranks in order, and the first n mod size
/// ranks one row more than the others.
[[nodiscard]] constexpr row_range slice_of_rank(std::size_t num_rows, std::size_t rank, std::size_t size) noexcept
{
    const std::size_t share = num_rows / size;
    const std::size_t more = num_rows % size;
    return {share * rank + std::min(rank, more), share + (rank < more ? 1u : 0u)};
}

/// Consecutive rows of a source as a source: a rank's part of what every rank can open. Nothing of the other rows is
/// read.
template <row_source Source>
class row_slice
{
public:
    using value_type = typename Source::value_type;

    /// `source` must outlive this object. Throws value_error where it has not these rows.
    row_slice(const Source& source, row_range rows) : source_(&source), rows_(rows)
    {
        if (rows.first > source.num_rows() || rows.count > source.num_rows() - rows.first)
            throw value_error("row_slice: rows must be among the " + std::to_string(source.num_rows()) +
                              " of the source, not " + std::to_string(rows.count) + " from row " +
                              std::to_string(rows.first));
    }

    row_slice(const Source&& source, row_range rows) = delete;

    [[nodiscard]] std::size_t num_rows() const noexcept
    {
        return rows_.count;
    }

    [[nodiscard]] std::size_t num_columns() const noexcept
    {
        return source_->num_columns();
    }

    [[nodiscard]] bool has_elements() const
    {
        return labelerrors::detail::has_elements(*source_);
    }

    [[nodiscard]] value_type element(std::size_t i, std::size_t j) const requires element_source<Source>
    {
        return source_->element(rows_.first + i, j);
    }

    [[nodiscard]] std::size_t read_elements(std::size_t first, std::span<const std::size_t> columns,
                                            value_type* values) const requires ready_element_source<Source>
    {
        return source_->read_elements(rows_.first + first, columns, values);
    }

    [[nodiscard]] bool costly_to_reread() const
    {
        return labelerrors::detail::is_costly_to_reread(*source_);
    }

    [[nodiscard]] std::size_t rows_worth_a_read() const
    {
        return labelerrors::detail::rows_worth_a_read(*source_);
    }

    void announce(std::size_t first, std::size_t count) const
    {
        labelerrors::detail::announce_rows(*source_, rows_.first + first, count);
    }

    const value_type* read(std::size_t first, std::size_t count, std::vector<value_type>& buffer) const
    {
        return source_->read(rows_.first + first, count, buffer);
    }

    [[nodiscard]] const float16* halves(std::size_t first, std::size_t count,
                                        std::vector<float16>& buffer) const requires half_source<Source>
    {
        return source_->halves(rows_.first + first, count, buffer);
    }

private:
    const Source* source_;
    row_range rows_;
};

}  // namespace labelerrors::distributed

#endif
