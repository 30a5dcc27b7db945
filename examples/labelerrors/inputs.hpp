#ifndef LABELERRORS_PROGRAM_INPUTS_HPP
#define LABELERRORS_PROGRAM_INPUTS_HPP

#include "progress.hpp"
#include "timing.hpp"
#include <labelerrors/error.hpp>
#include <labelerrors/io/matrix_file.hpp>
#include <labelerrors/io/npy_rows.hpp>
#include <labelerrors/io/read_labels.hpp>
#include <labelerrors/rows/any_rows.hpp>
#include <labelerrors/rows/softmax_rows.hpp>

#include <CLI/CLI.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace program
{

/// Whether a subcommand has no other input than labels and predicted probabilities.
enum class input_requirement
{
    required,
    left_to_the_subcommand,
};

/// Which options a subcommand has that may be the remedy for invalid probabilities.
enum class offered_options
{
    none,
    tolerance,
    softmax_and_tolerance,
};

/// Labels, predicted probabilities and how to read them: what most subcommands start from.
struct input_options
{
    std::string labels;
    std::vector<std::filesystem::path> pred_probs;
    std::string class_names;
    std::size_t threads = 0;
    double tolerance = 1e-4;
    bool softmax = false;
    offered_options offered = offered_options::softmax_and_tolerance;
    timing_option timing;

    void add_to(CLI::App& app, input_requirement requirement = input_requirement::required);

    /// The files, for a message.
    [[nodiscard]] std::string names() const;

    /// The same for a message of the library, which of several files tells the row that is invalid by its own number
    /// in the file that it is in.
    [[nodiscard]] std::string names_for(const std::string& message, const labelerrors::io::matrix_file& matrix) const;
};

/// The inputs, opened.
struct inputs
{
    xt::xtensor<std::int64_t, 1> labels;
    labelerrors::io::matrix_file pred_probs;
    std::vector<std::string> class_names;  // k, or none
    std::size_t feature_bytes = 0;         // read to make the probabilities, where they are not from files

    [[nodiscard]] std::size_t num_bytes() const
    {
        return (feature_bytes != 0 ? feature_bytes : pred_probs.num_bytes()) + labels.size() * sizeof(std::int64_t);
    }

    /// The name of a class; its number where there are no names.
    [[nodiscard]] std::string class_name(std::size_t label) const
    {
        return class_names.empty() ? std::to_string(label) : class_names[label];
    }
};

/// Opens the probabilities and the class names alone; labels are left empty. Throws as open_inputs.
[[nodiscard]] inputs open_pred_probs(const input_options& options);

/// The same for probabilities that are open.
[[nodiscard]] inputs with_class_names(const input_options& options, labelerrors::io::matrix_file pred_probs);

/// Opens everything. Throws io_error or format_error.
[[nodiscard]] inputs open_inputs(const input_options& options);

/// A file of a matrix or of labels, and how many rows the files before it and up to its end have.
struct part_file
{
    std::string path;
    std::size_t end;
};

/// The files of a matrix in their order.
[[nodiscard]] std::vector<part_file> part_files(const labelerrors::io::matrix_file& matrix);

/// Where a row of files that follow one another is: "FILE: row R", R counted from the beginning of that file. `row`
/// must be in one of them.
[[nodiscard]] std::string place_of_row(std::span<const part_file> files, std::size_t row);

/// A number in a text, and where its digits end.
struct number_in_text
{
    std::size_t number = 0;
    std::size_t end = 0;
};

/// The number behind `before` in a text; its end is 0 where there is none.
[[nodiscard]] number_in_text number_after(const std::string& text, const std::string& before);

/// A message of the library without the name of the function that it starts with, which means nothing here.
[[nodiscard]] std::string without_function(const std::string& message);

/// What an invalid argument of the library comes down to for someone who gave it as files.
[[nodiscard]] std::string explain(const std::string& message, const std::string& files,
                                  offered_options offered = offered_options::none);

/// Calls `use(rows)` with the rows of the probabilities, softmax applied if asked for: any_rows, so that each algorithm
/// is compiled for floats and for doubles and no more. An invalid value in the files becomes an error that names them.
template <class Use>
decltype(auto) with_pred_probs(const inputs& in, const input_options& options, const Use& use)
{
    using labelerrors::any_rows;
    try
    {
        if (in.pred_probs.fits_in_float())
        {
            const any_rows<float> rows(labelerrors::io::npy_rows<float>(in.pred_probs));
            return options.softmax ? use(any_rows<double>(labelerrors::softmax_rows(rows))) : use(rows);
        }
        const any_rows<double> rows(labelerrors::io::npy_rows<double>(in.pred_probs));
        return options.softmax ? use(any_rows<double>(labelerrors::softmax_rows(rows))) : use(rows);
    }
    catch (const std::invalid_argument& error)
    {
        throw std::runtime_error(
            explain(error.what(), options.names_for(error.what(), in.pred_probs), options.offered));
    }
}

}  // namespace program

#endif
