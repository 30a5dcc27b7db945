#ifndef LABELERRORS_PROGRAM_ISSUE_OUTPUT_HPP
#define LABELERRORS_PROGRAM_ISSUE_OUTPUT_HPP

// How find writes its lists of issues.
#include "inputs.hpp"
#include "output.hpp"
#include <labelerrors/core/label_issues.hpp>

#include <cstddef>
#include <optional>
#include <string>

namespace labelerrors
{

struct multilabel_issues;

}  // namespace labelerrors

namespace program
{

/// What is said about a list before it.
struct issue_heading
{
    std::size_t num_examples = 0;
    std::size_t num_classes = 0;
    std::string filter;
    std::string rank;
    std::string more_json;  // further members, each with a comma before it
    std::string more_text;  // further lines of a table's heading
    std::size_t num_issues = 0;
};

/// Which part of a list is written: all of it, or the part of one of several processes, whose parts one after another
/// are the file of one process.
struct listed_part
{
    std::size_t first = 0;  // how many are listed before
    std::size_t count = 0;  // from the first of the issues that are there
    std::size_t total = 0;  // in the whole list
    bool begins = true;     // with the heading
    bool ends = true;       // with what comes after the list
    // How many threads make its text; 0: as many as the machine has.
    std::size_t threads = 1;
};

/// The whole list, or as much of it as --top says, or a table shows.
[[nodiscard]] listed_part whole_list(std::size_t num_issues, std::optional<std::size_t> top, output_format format,
                                     std::size_t threads);

/// The part of a list that begins at `first`, where `count` of `num_issues` are, if `top` of all are listed.
[[nodiscard]] listed_part part_of(std::size_t first, std::size_t count, std::size_t num_issues,
                                  std::optional<std::size_t> top);

/// Writes issues in one of the formats. A table is of a whole list. `in` has the names of the classes.
void write_issues(output& out, const labelerrors::label_issues& issues, const inputs& in, const issue_heading& heading,
                  const listed_part& part, output_format format);
void write_issues(output& out, const labelerrors::multilabel_issues& issues, const inputs& in,
                  const issue_heading& heading, const listed_part& part, output_format format);

}  // namespace program

#endif
