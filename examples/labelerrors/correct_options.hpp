#ifndef LABELERRORS_PROGRAM_CORRECT_OPTIONS_HPP
#define LABELERRORS_PROGRAM_CORRECT_OPTIONS_HPP

#include "dataset_options.hpp"
#include "output.hpp"
#include "timing.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <cstddef>
#include <optional>
#include <string>

namespace program
{

struct correct_options
{
    dataset_options dataset;
    std::string consensus = "3";
    std::string output;
    std::string decisions;
    std::string kept;
    bool drop_unresolved = false;
    bool multi_label = false;
    std::string decisions_from;
    std::string labels;
    std::optional<std::size_t> num_classes;
    bool drop = false;
    output_options printed;  // to standard output
    timing_option timing;
    CLI::App* app = nullptr;

    [[nodiscard]] bool given(const std::string& option) const
    {
        return app->count(option) != 0;
    }

    void refuse(const std::string& option, const std::string& why) const
    {
        if (given(option))
            throw CLI::ValidationError(option + " " + why);
    }
};

/// Corrects a published set by the votes of the crowd, and returns how the labels came about.
[[nodiscard]] nlohmann::ordered_json correct_by_votes(const correct_options& options);

/// Corrects labels by one's own decisions, as the page of `labelerrors report` exports them.
[[nodiscard]] nlohmann::ordered_json correct_by_own(const correct_options& options);

}  // namespace program

#endif
