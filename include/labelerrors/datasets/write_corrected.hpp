#ifndef LABELERRORS_DATASETS_WRITE_CORRECTED_HPP
#define LABELERRORS_DATASETS_WRITE_CORRECTED_HPP

#include <labelerrors/consensus/consensus.hpp>
#include <labelerrors/corrections/corrections.hpp>
#include <labelerrors/datasets/correct_published.hpp>
#include <labelerrors/datasets/label_matrix.hpp>
#include <labelerrors/datasets/provenance.hpp>
#include <labelerrors/error.hpp>
#include <labelerrors/io/atomic_file.hpp>
#include <labelerrors/io/json.hpp>
#include <labelerrors/io/write_npy.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <nlohmann/json.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace labelerrors::datasets
{

// Every file is written whole or not at all, with its provenance in FILE.json beside it.

/// Writes the corrected labels, one 8-byte integer for each row that was kept.
/// Throws value_error where there are none; io_error where a file cannot be written. O(n).
void write_corrected_labels(const std::filesystem::path& path, const corrected_set& corrected);

/// Writes the corrected sets of labels as n x k bytes, 1 where an example has a label. For a corrected_set the same
/// matrix has one row for each row that was kept, and as many ones as the example has labels now.
/// Throws value_error where there are no labels, and as label_matrix does; io_error. O(n k).
void write_label_matrix(const std::filesystem::path& path, const corrected_sets& corrected, std::size_t num_classes);
/// The same for a set whose examples had one label each.
void write_label_matrix(const std::filesystem::path& path, const corrected_set& corrected, std::size_t num_classes);

/// Writes the rows that were kept, ascending. Throws as write_corrected_labels does. O(n).
void write_kept_rows(const std::filesystem::path& path, const corrected_set& corrected);

/// Writes a line of JSON for each example that was voted on: index (its row), item, given_label, guessed_label, votes,
/// decision, corrected_label: null where its row was dropped, a list where it has a set of labels now. With sets of
/// labels given_label, guessed_label and corrected_label are lists, and votes has the number for each label.
/// Throws io_error where a file cannot be written. O(votes).
void write_decisions(const std::filesystem::path& path, const corrected_set& corrected);
/// The same for sets of labels.
void write_decisions(const std::filesystem::path& path, const corrected_sets& corrected);

/// The files that write_corrected wrote; their names as they are for the policy 3 of 5.
struct written_files
{
    std::optional<std::filesystem::path>
        labels;                       // STEM_corrected_3_of_5.npy; none where the published labels are absent
    std::filesystem::path decisions;  // STEM_decisions_3_of_5.jsonl
    provenance made;
};

/// Writes the labels of a corrected set, where it has any, and its decisions to `folder`, which is made where it is not
/// there. The files are named for the set's file stem and the policy. The labels are integers (n), as
/// write_corrected_labels has them; where the options that they were corrected with give examples sets of labels
/// (action::multi_label), they are a matrix, as write_label_matrix has it, whether or not a set came about.
/// Throws io_error where the folder cannot be made, and what the functions above throw.
[[nodiscard]] written_files write_corrected(const dataset_facts& set, const corrected_set& corrected,
                                            const std::filesystem::path& folder);
/// The same for sets of labels.
[[nodiscard]] written_files write_corrected(const dataset_facts& set, const corrected_sets& corrected,
                                            const std::filesystem::path& folder);

namespace detail
{

[[nodiscard]] inline const std::vector<std::int64_t>& labels_in(const corrected_set& corrected, const char* function)
{
    if (!corrected.labels)
        throw value_error(std::string(function) + ": " + corrected.made.dataset +
                          "'s published labels are not there, so there are no corrected ones; its decisions need none");
    return *corrected.labels;
}

/// Writes lines of JSON, `line(i)` for each i below `count`. Bytes that are no UTF-8 are replaced.
template <class Line>
void write_lines(const std::filesystem::path& path, std::size_t count, const provenance& made, const Line& line)
{
    write_with_provenance(path, made,
                          [&](const std::filesystem::path& target)
                          {
                              io::atomic_file file(target);
                              for (std::size_t i = 0; i < count; ++i)
                                  file.write(io::to_json_text(line(i)) + "\n");
                              file.commit();
                          });
}

/// Writes values with one dimension and their provenance.
template <class T>
void write_values(const std::filesystem::path& path, const std::vector<T>& values, const provenance& made)
{
    write_with_provenance(path, made,
                          [&](const std::filesystem::path& target)
                          { io::write_npy(target, xt::adapt(values, std::array{values.size()})); });
}

struct corrected_paths
{
    std::filesystem::path labels;
    std::filesystem::path decisions;
};

/// Makes the folder and names the files in it.
[[nodiscard]] inline corrected_paths files_in(const std::filesystem::path& folder, const dataset_facts& set,
                                              const provenance& made)
{
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed)
        throw io_error(folder.string(), "cannot be made (" + failed.message() + "); name a folder that can be written");
    std::string policy = made.policy;
    for (char& c : policy)
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')))
            c = '_';
    const std::string stem(set.file_stem);
    return {folder / (stem + "_corrected_" + policy + ".npy"), folder / (stem + "_decisions_" + policy + ".jsonl")};
}

[[nodiscard]] inline nlohmann::ordered_json to_json(const consensus::votes& votes)
{
    return {{"given", votes.given},        {"guessed", votes.guessed}, {"both", votes.both},
            {"neither", votes.neither},    {"other", votes.other},     {"neutral", votes.neutral},
            {"off_topic", votes.off_topic}};
}

}  // namespace detail

inline void write_corrected_labels(const std::filesystem::path& path, const corrected_set& corrected)
{
    detail::write_values(path, detail::labels_in(corrected, "write_corrected_labels"), corrected.made);
}

inline void write_kept_rows(const std::filesystem::path& path, const corrected_set& corrected)
{
    static_cast<void>(detail::labels_in(corrected, "write_kept_rows"));
    detail::write_values(path, corrected.kept_rows, corrected.made);
}

inline void write_label_matrix(const std::filesystem::path& path, const corrected_sets& corrected,
                               std::size_t num_classes)
{
    const auto matrix = label_matrix(corrected.labels, num_classes, "write_label_matrix");
    write_with_provenance(path, corrected.made,
                          [&](const std::filesystem::path& target) { io::write_npy(target, matrix); });
}

inline void write_label_matrix(const std::filesystem::path& path, const corrected_set& corrected,
                               std::size_t num_classes)
{
    constexpr const char* function = "write_label_matrix";
    const auto& labels = detail::labels_in(corrected, function);
    auto matrix = detail::no_labels(labels.size(), num_classes, function);
    auto set = corrected.set_rows.begin();
    auto decided = corrected.decided.begin();
    for (std::size_t i = 0; i < labels.size(); ++i)
    {
        const std::size_t row = corrected.kept_rows[i];
        if (set == corrected.set_rows.end() || *set != row)
        {
            detail::set_label(matrix, i, labels[i], function);
            continue;
        }
        ++set;
        while (decided->row != row)
            ++decided;
        for (const std::size_t label : decided->corrected_labels)
            detail::set_label(matrix, i, label, function);
    }
    write_with_provenance(path, corrected.made,
                          [&](const std::filesystem::path& target) { io::write_npy(target, matrix); });
}

inline void write_decisions(const std::filesystem::path& path, const corrected_set& corrected)
{
    using corrections::action;
    detail::write_lines(path, corrected.decided.size(), corrected.made,
                        [&](std::size_t i)
                        {
                            const auto& one = corrected.decided[i];
                            const action what = corrections::action_for(one.decision, corrected.made.options);
                            nlohmann::ordered_json label;
                            if (what == action::multi_label)
                                label = one.corrected_labels;
                            else if (what == action::keep)
                                label = one.corrected_labels.front();
                            return nlohmann::ordered_json{{"index", one.row},
                                                          {"item", corrected.checked[i].item},
                                                          {"given_label", one.given_label},
                                                          {"guessed_label", one.guessed_label},
                                                          {"votes", detail::to_json(one.votes)},
                                                          {"decision", consensus::name_of(one.decision)},
                                                          {"corrected_label", label}};
                        });
}

inline void write_decisions(const std::filesystem::path& path, const corrected_sets& corrected)
{
    detail::write_lines(path, corrected.decided.size(), corrected.made,
                        [&](std::size_t i)
                        {
                            const auto& one = corrected.decided[i];
                            nlohmann::ordered_json votes = nlohmann::ordered_json::object();
                            for (const auto& vote : corrected.checked[i].votes)
                                votes[std::to_string(vote.label)] = vote.votes;
                            return nlohmann::ordered_json{{"index", one.row},
                                                          {"item", corrected.checked[i].item},
                                                          {"given_label", one.given_labels},
                                                          {"guessed_label", corrected.checked[i].guessed_labels},
                                                          {"votes", votes},
                                                          {"decision", one.changed ? "relabel" : "keep"},
                                                          {"corrected_label", one.corrected_labels}};
                        });
}

inline written_files write_corrected(const dataset_facts& set, const corrected_set& corrected,
                                     const std::filesystem::path& folder)
{
    const auto [labels, decisions] = detail::files_in(folder, set, corrected.made);
    const auto& options = corrected.made.options;
    using corrections::action;
    const bool has_sets = options.both == action::multi_label || options.neither == action::multi_label;
    if (corrected.labels && has_sets)
        write_label_matrix(labels, corrected, set.num_classes);
    else if (corrected.labels)
        write_corrected_labels(labels, corrected);
    write_decisions(decisions, corrected);
    return {corrected.labels ? std::optional(labels) : std::nullopt, decisions, corrected.made};
}

inline written_files write_corrected(const dataset_facts& set, const corrected_sets& corrected,
                                     const std::filesystem::path& folder)
{
    const auto [labels, decisions] = detail::files_in(folder, set, corrected.made);
    write_label_matrix(labels, corrected, set.num_classes);
    write_decisions(decisions, corrected);
    return {labels, decisions, corrected.made};
}

}  // namespace labelerrors::datasets

#endif
