#ifndef LABELERRORS_PROGRAM_MULTILABEL_HPP
#define LABELERRORS_PROGRAM_MULTILABEL_HPP

#include <labelerrors/core/score_aggregators.hpp>
#include <labelerrors/io/label_sets.hpp>

#include <CLI/CLI.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace program
{

/// --multi-label, which find, score and health share.
struct label_sets_option
{
    bool multi_label = false;

    void add_to(CLI::App& app);

    /// Refuses what makes no sense with sets of labels. `app` is the subcommand.
    void settle(const CLI::App& app) const;
};

/// --multi-label and --aggregator, which find and score share.
struct multilabel_options : label_sets_option
{
    std::string aggregator;  // as given; empty: exponential_moving_average:0.8

    void add_to(CLI::App& app);

    /// Refuses what makes no sense with, or without, sets of labels. `app` is the subcommand.
    void settle(const CLI::App& app) const;

    /// --aggregator, or its default.
    [[nodiscard]] std::string aggregator_text() const;

    /// The function that --aggregator names.
    [[nodiscard]] labelerrors::score_aggregator chosen_aggregator() const;
};

/// Sets of labels as a file has them.
struct sets_in_file
{
    labelerrors::io::label_sets sets;
    std::optional<std::size_t> num_columns;  // of a matrix
};

/// Reads the sets of labels of n examples: an object array, a pickled list, or an n x k matrix of 0 and 1.
[[nodiscard]] sets_in_file read_sets(const std::string& path);

/// The same for probabilities of `num_classes` classes, as many as a matrix must have columns.
[[nodiscard]] labelerrors::io::label_sets read_sets(const std::string& path, std::size_t num_classes);

/// How many bytes the labels take, as 4-byte integers.
[[nodiscard]] inline std::size_t num_bytes(const labelerrors::io::label_sets& sets)
{
    return sets.labels.size() * sizeof(std::uint32_t);
}

}  // namespace program

#endif
