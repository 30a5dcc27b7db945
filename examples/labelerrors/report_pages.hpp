#ifndef LABELERRORS_PROGRAM_REPORT_PAGES_HPP
#define LABELERRORS_PROGRAM_REPORT_PAGES_HPP

#include "dataset_options.hpp"
#include "inputs.hpp"
#include "report_items.hpp"
#include "report_passes.hpp"
#include <labelerrors/report/page.hpp>

#include <CLI/CLI.hpp>

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace program
{

struct report_options
{
    input_options input;
    dataset_options dataset;
    find_errors_options find;
    item_sources items;
    std::string distribution;
    std::string consensus = "3";
    std::string output;
    std::string title;
    std::string images_as = "embed";
    std::vector<std::string> figures;
    std::optional<std::size_t> top;
    bool multi_label = false;
    CLI::App* app = nullptr;

    [[nodiscard]] bool given(const std::string& option) const
    {
        return app->count(option) != 0;
    }

    [[nodiscard]] labelerrors::report::file_item_options file_items() const
    {
        return {.images_as =
                    images_as == "link" ? labelerrors::report::images_as::link : labelerrors::report::images_as::embed,
                .page_folder = std::filesystem::path(output).parent_path()};
    }
};

/// A page, and how many bytes the labels and probabilities hold that it was made of, where it was.
struct read_page
{
    labelerrors::report::page shown;
    std::optional<std::size_t> num_bytes;
};

/// The page of one's own labels and probabilities.
[[nodiscard]] read_page page_of_run(const report_options& options, progress& watch);

/// The page of a published test set.
[[nodiscard]] read_page page_of_set(const report_options& options, progress& watch);

}  // namespace program

#endif
