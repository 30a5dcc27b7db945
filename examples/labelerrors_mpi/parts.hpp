#ifndef LABELERRORS_MPI_PROGRAM_PARTS_HPP
#define LABELERRORS_MPI_PROGRAM_PARTS_HPP

// Inputs in part files, of which each rank takes consecutive rows.
#include "../labelerrors/inputs.hpp"
#include <labelerrors/distributed/mpi.hpp>
#include <labelerrors/io/label_sets.hpp>
#include <labelerrors/io/npy_rows.hpp>
#include <labelerrors/rows/any_rows.hpp>
#include <labelerrors/rows/softmax_rows.hpp>

#include <CLI/CLI.hpp>

#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

namespace program
{

using labelerrors::distributed::mpi_processes;
using labelerrors::distributed::row_range;

/// Labels and probabilities in parts, and how to read them.
struct part_options
{
    std::vector<std::string> labels;
    input_options input;  // its labels stay empty

    void add_to(CLI::App& app);
};

/// What an example's labels are.
enum class label_kind
{
    single,
    sets,
};

/// The inputs of one rank: its rows of files that every rank sees.
struct rank_inputs
{
    inputs in;                            // the labels of this rank, the probabilities of all
    labelerrors::io::label_sets sets;     // of this rank, where examples have sets of labels
    row_range mine;                       // its rows
    std::vector<part_file> label_files;   // in order
    std::vector<part_file> matrix_files;  // in order
    std::string names;                    // the files, for a message

    /// The bytes of this rank's rows.
    [[nodiscard]] std::size_t num_bytes() const;
};

/// Opens the files and reads the labels of this rank's rows. The rows of all files are shared out evenly and in order,
/// wherever files begin; of files that a rank takes no rows from it reads headers alone, but for .csv, .npz and
/// pickles, whose length shows only when they are read. Throws on all ranks alike.
[[nodiscard]] rank_inputs open_parts(mpi_processes& ranks, const part_options& options, label_kind kind);

/// What an error about some rank's row comes down to for someone who gave files: it names the file, and the row there.
[[nodiscard]] std::string explain_part(const std::string& message, const rank_inputs& in, std::size_t num_ranks);

/// Calls `use(rows)` with this rank's rows, softmax applied if asked for, as with_pred_probs. An invalid value in the
/// files becomes an error of all ranks that names its file.
template <class Use>
[[nodiscard]] auto with_parts(const rank_inputs& in, const part_options& options, std::size_t num_ranks, const Use& use)
{
    using labelerrors::any_rows;
    using labelerrors::distributed::row_slice;
    const auto with_rows_of = [&]<class T>(const labelerrors::io::npy_rows<T>& all)
    {
        const any_rows<T> rows(row_slice(all, in.mine));
        return options.input.softmax ? use(any_rows<double>(labelerrors::softmax_rows(rows))) : use(rows);
    };
    try
    {
        const auto& file = in.in.pred_probs;
        return file.fits_in_float() ? with_rows_of(labelerrors::io::npy_rows<float>(file))
                                    : with_rows_of(labelerrors::io::npy_rows<double>(file));
    }
    catch (const std::invalid_argument& error)
    {
        // The library throws these on all ranks alike.
        throw labelerrors::distributed::agreed<std::runtime_error>(explain_part(error.what(), in, num_ranks));
    }
}

}  // namespace program

#endif
