#ifndef LABELERRORS_MPI_PROGRAM_PIECES_HPP
#define LABELERRORS_MPI_PROGRAM_PIECES_HPP

// Results that each rank writes a piece of.
#include "../labelerrors/issue_output.hpp"
#include "../labelerrors/output.hpp"
#include "../labelerrors/progress.hpp"
#include "parts.hpp"
#include <labelerrors/distributed/mpi.hpp>

#include <cstddef>
#include <functional>
#include <string>

namespace program
{

/// The name of a rank's piece of `path`: issues.3-of-8.json for issues.json, with as many digits for each rank.
[[nodiscard]] std::string piece_path(const std::string& path, std::size_t rank, std::size_t size);

/// The part of a list that this rank writes, if the first `top` of all are listed.
[[nodiscard]] listed_part part_of_rank(const mpi_processes& ranks, std::size_t first, std::size_t count,
                                       std::size_t total, std::optional<std::size_t> top);

/// JSON where no format was asked for: mpirun puts a terminal before a program that has none.
void choose_format(output_options& options);

/// Whether the ranks write pieces: to --output, but for a table, which rank 0 writes as a whole.
[[nodiscard]] bool writes_pieces(const output_options& options);

/// Writes a result on all ranks alike: `write(out)` on each rank to its piece, of which none gets its name before all
/// have been written; then rank 0 prints `summary`, a JSON object that lacks its end, with the names of the pieces.
void write_pieces(mpi_processes& ranks, const output_options& options, const std::function<void(output&)>& write,
                  const std::string& summary);

/// Writes a result that rank 0 has.
void write_on_first(mpi_processes& ranks, const std::function<void()>& write);

/// What --timing adds to standard error: the line of rank 0, and what all ranks have communicated.
void tell_timing(mpi_processes& ranks, const progress& watch, std::size_t bytes_read);

}  // namespace program

#endif
