#ifndef LABELERRORS_ROWS_REREAD_COSTS_HPP
#define LABELERRORS_ROWS_REREAD_COSTS_HPP

#include <labelerrors/rows/row_blocks.hpp>

#include <cstddef>

namespace labelerrors::detail
{

/// Whether to read a row again costs so much that what may be needed of it is better kept: `costly_to_reread()` of a
/// source whose rows come from a disk or are computed.
template <row_source Source>
[[nodiscard]] bool is_costly_to_reread(const Source& source)
{
    if constexpr (requires { source.costly_to_reread(); })
        return source.costly_to_reread();
    else
        return false;
}

/// How many rows a source reads in the time that one call of its `read` takes by itself.
template <row_source Source>
[[nodiscard]] std::size_t rows_worth_a_read(const Source& source)
{
    if constexpr (requires { source.rows_worth_a_read(); })
        return source.rows_worth_a_read();
    else
        return 1;
}

}  // namespace labelerrors::detail

#endif
