#ifndef LABELERRORS_REPORT_WRITE_LABEL_ISSUES_HPP
#define LABELERRORS_REPORT_WRITE_LABEL_ISSUES_HPP

#include <labelerrors/core/find_label_issues.hpp>
#include <labelerrors/error.hpp>
#include <labelerrors/report/fixed_decimals.hpp>
#include <labelerrors/report/printable.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <ostream>
#include <ranges>
#include <string>
#include <string_view>
#include <vector>

namespace labelerrors::report
{

/// Writes label issues as a table, one a line, in the order they are in: row, given label, suggested label, score. See
/// printable for what becomes of control characters in names.
///
/// `class_names`: k names, of strings of any type, or none to write the class numbers. `most`: how many lines at most;
/// a last line says how many were left out. Throws shape_error where there are names, but not k. O(issues written).
template <std::ranges::contiguous_range N = std::vector<std::string_view>>
    requires std::convertible_to<std::ranges::range_reference_t<const N>, std::string_view>
void write_label_issues(std::ostream& out, const label_issues& issues, const N& class_names = {}, std::size_t most = 20)
{
    const std::size_t num_names = std::ranges::size(class_names);
    if (num_names != 0 && num_names != issues.num_classes)
        throw shape_error("write_label_issues: class_names must have " + std::to_string(issues.num_classes) +
                          " names, one for each class, not " + std::to_string(num_names));
    const std::size_t count = std::min(most, issues.indices.size());
    const auto name = [&](std::size_t label)
    {
        return num_names == 0 ? std::to_string(label) : printable(std::ranges::data(class_names)[label]);
    };
    const auto padded = [](const std::string& text, std::size_t width)
    {
        return text + std::string(width - std::min(width, num_characters(text)), ' ');
    };
    std::size_t width = std::string_view("suggested").size();
    for (std::size_t i = 0; i < count; ++i)
        width = std::max(
            {width, num_characters(name(issues.given_labels(i))), num_characters(name(issues.suggested_labels(i)))});
    out << padded("row", 10) << padded("given", width + 2) << padded("suggested", width + 2) << "score\n";
    for (std::size_t i = 0; i < count; ++i)
    {
        out << padded(std::to_string(issues.indices(i)), 10) << padded(name(issues.given_labels(i)), width + 2)
            << padded(name(issues.suggested_labels(i)), width + 2) << detail::fixed_decimals(issues.scores(i), 6)
            << '\n';
    }
    if (count < issues.indices.size())
        out << "... and " << issues.indices.size() - count << " more\n";
}

}  // namespace labelerrors::report

#endif
