#ifndef LABELERRORS_PROGRAM_REPORT_ITEMS_HPP
#define LABELERRORS_PROGRAM_REPORT_ITEMS_HPP

#include <labelerrors/report/file_item.hpp>
#include <labelerrors/report/page.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace program
{

/// Where the examples of a run are to be seen; at most one of these.
struct item_sources
{
    std::string images;  // an IDX or .npy file
    std::string texts;   // a text a line
    std::string list;    // a file or an address a line
};

/// The items of some rows of n; none where there is no source. Throws runtime_error where a source has not n of them.
[[nodiscard]] std::vector<labelerrors::report::page_item>
read_items(const item_sources& sources, std::span<const std::size_t> rows, std::size_t num_examples,
           const labelerrors::report::file_item_options& options);

/// A drawing from a file, called what its own title says, or else what the file is called.
[[nodiscard]] labelerrors::report::page_figure read_figure(const std::string& path);

}  // namespace program

#endif
