#ifndef LABELERRORS_REPORT_WRITE_VOTE_FIGURES_HPP
#define LABELERRORS_REPORT_WRITE_VOTE_FIGURES_HPP

#include <labelerrors/datasets/dataset.hpp>
#include <labelerrors/datasets/vote_counts.hpp>
#include <labelerrors/datasets/write_corrected.hpp>
#include <labelerrors/report/fixed_decimals.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace labelerrors::report
{

/// Writes what the crowd said about a test set's suspected label errors as a title and two lines that line up: names,
/// counts. What the set has no votes for is a dash. O(1).
void write_vote_figures(std::ostream& out, const datasets::dataset_facts& set, const datasets::vote_figures& figures);

/// Writes what became of a test set as one line: the policy, how many labels changed, how many examples came to each
/// other decision, and the name of the file with the labels. O(1).
void write_corrections(std::ostream& out, const datasets::written_files& written);

namespace detail
{

[[nodiscard]] inline std::string number_or_dash(const std::optional<std::size_t>& number)
{
    return number ? std::to_string(*number) : "-";
}

}  // namespace detail

inline void write_vote_figures(std::ostream& out, const datasets::dataset_facts& set,
                               const datasets::vote_figures& figures)
{
    const std::vector<std::pair<std::string, std::string>> columns{
        {"checked", std::to_string(figures.checked)},
        {"non-errors", std::to_string(figures.non_errors)},
        {"errors", std::to_string(figures.errors)},
        {"no agreement", detail::number_or_dash(figures.non_agreement)},
        {"correctable at 3", detail::number_or_dash(figures.correctable_at_3)},
        {"4", detail::number_or_dash(figures.correctable_at_4)},
        {"5", detail::number_or_dash(figures.correctable_at_5)},
        {"both", detail::number_or_dash(figures.both)},
        {"neither", detail::number_or_dash(figures.neither)},
        {"error %", detail::fixed_decimals(figures.error_percent, 2)}};
    out << set.title << ", by 3 of 5 votes";
    if (figures.flagged != figures.checked)
        out << " on " << figures.checked << " of " << figures.flagged << " suspected errors";
    out << "\n\n";
    const auto write_line = [&](auto part)
    {
        std::string_view gap;
        for (const auto& column : columns)
        {
            const std::string& text = column.*part;
            out << gap << std::string(std::max(column.first.size(), column.second.size()) - text.size(), ' ') << text;
            gap = "  ";
        }
        out << '\n';
    };
    write_line(&std::pair<std::string, std::string>::first);
    write_line(&std::pair<std::string, std::string>::second);
}

inline void write_corrections(std::ostream& out, const datasets::written_files& written)
{
    const auto& decisions = written.made.decisions;
    out << written.made.policy << ": " << decisions.relabel << " of " << written.made.num_examples
        << " labels corrected; " << decisions.keep << " stand, " << decisions.both << " both, " << decisions.neither
        << " neither, " << decisions.no_agreement << " without agreement -> "
        << (written.labels ? *written.labels : written.decisions).filename().string() << '\n';
}

}  // namespace labelerrors::report

#endif
