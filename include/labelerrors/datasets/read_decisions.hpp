#ifndef LABELERRORS_DATASETS_READ_DECISIONS_HPP
#define LABELERRORS_DATASETS_READ_DECISIONS_HPP

#include <labelerrors/corrections/apply_decisions.hpp>
#include <labelerrors/datasets/provenance.hpp>
#include <labelerrors/error.hpp>
#include <labelerrors/io/byte_order_mark.hpp>
#include <labelerrors/io/in_quotes.hpp>
#include <labelerrors/io/input_file.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace labelerrors::datasets
{

/// Reads one's own decisions about labels, as the page of errors exports them: lines of JSON with index (a row), item,
/// given_label, decision (keep, relabel or drop) and corrected_label. Other keys, empty lines and a byte order mark are
/// passed over; corrected_label counts for nothing where the decision is drop, and may be absent where it is keep.
///
/// `labels`: the labels that the decisions are about, to which apply_decisions applies them. `num_classes`: k.
/// Throws io_error where the file cannot be read; format_error, with line and byte, where a line is not such a
/// decision, is not about these labels (corrections::decision_problem), or is about a row that an earlier line is
/// about. O(size of the file).
[[nodiscard]] std::vector<corrections::decided_example>
read_decisions(const std::filesystem::path& path, std::span<const std::int64_t> labels, std::size_t num_classes);

/// The same for sets of labels: given_label and corrected_label are lists.
[[nodiscard]] std::vector<corrections::decided_label_set>
read_decisions(const std::filesystem::path& path, std::span<const std::vector<std::size_t>> labels,
               std::size_t num_classes);

/// How labels came about by one's own decisions, for beside the files that hold them: n, kept, decisions (how many of
/// each kind), library (its version).
template <class Label>
[[nodiscard]] nlohmann::ordered_json to_json(const corrections::applied_decisions_to<Label>& applied,
                                             std::size_t num_examples);

namespace detail
{

/// A line of a file of decisions.
struct decision_line
{
    const std::filesystem::path& path;
    std::size_t offset;  // where it begins
    std::size_t number;  // from 1
    nlohmann::json value = {};

    [[noreturn]] void fail(const std::string& problem) const
    {
        throw format_error(path.string(), offset, "line " + std::to_string(number) + ": " + problem);
    }

    [[nodiscard]] const nlohmann::json& member(const char* key) const
    {
        const auto found = value.find(key);
        if (found == value.end())
            fail(std::string("has no ") + io::detail::in_quotes(key));
        return *found;
    }

    [[nodiscard]] std::size_t number_of(const char* key, const nlohmann::json& found) const
    {
        if (!found.is_number_unsigned())
            fail(std::string(key) + " must be a number from 0, without a fraction, but is " +
                 io::detail::in_quotes(found.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace)));
        return found.get<std::size_t>();
    }

    [[nodiscard]] corrections::own_decision decision() const
    {
        using corrections::own_decision;
        const auto& word = member("decision");
        for (const auto known : {own_decision::keep, own_decision::relabel, own_decision::drop})
            if (word == corrections::name_of(known))
                return known;
        fail("decision must be keep, relabel or drop, but is " +
             (word.is_string() ? io::detail::in_quotes(word.get_ref<const std::string&>())
                               : std::string("a JSON ") + word.type_name()));
    }

    /// A label, or a set of them, as `to` has it.
    void read_label(const char* key, std::size_t& to) const
    {
        to = number_of(key, member(key));
    }

    void read_label(const char* key, std::vector<std::size_t>& to) const
    {
        const auto& list = member(key);
        if (!list.is_array())
            fail(std::string(key) + " must be a list of labels, but is a JSON " + list.type_name());
        for (const auto& label : list)
            to.push_back(number_of(key, label));
    }
};

/// Reads a decision; `given` and `corrected` are the members that hold its labels.
template <class Decided, class Labels>
[[nodiscard]] Decided decision_of(const decision_line& line, Labels Decided::*given, Labels Decided::*corrected)
{
    using corrections::own_decision;
    if (!line.value.is_object())
        line.fail(std::string("must be an object of JSON, but is a JSON ") + line.value.type_name());
    Decided one{};
    one.decision = line.decision();
    one.row = line.number_of("index", line.member("index"));
    line.read_label("given_label", one.*given);
    if (one.decision == own_decision::keep && !line.value.contains("corrected_label"))
        one.*corrected = one.*given;
    else if (one.decision != own_decision::drop)
        line.read_label("corrected_label", one.*corrected);
    return one;
}

/// Reads the lines of a file, `decision(line)` for each.
template <class Decided, class Given, class Decision>
[[nodiscard]] std::vector<Decided> read_decision_lines(const std::filesystem::path& path, std::span<const Given> labels,
                                                       std::size_t num_classes, const Decision& decision)
{
    const io::input_file file = io::read_whole(path);
    const std::string_view text(reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size());
    std::vector<Decided> decided;
    std::unordered_map<std::size_t, std::size_t> line_of_row;
    std::size_t number = 0;
    for (std::size_t begin = io::detail::size_of_byte_order_mark(text, path.string()); begin < text.size();)
    {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const auto content = text.substr(begin, end - begin);
        decision_line line{path, begin, ++number};
        begin = end + 1;
        if (content.find_first_not_of(" \t\r") == std::string_view::npos)
            continue;
        // A decision is short and flat; nothing deep is worth reading.
        constexpr std::size_t most_bytes = std::size_t{1} << 20;
        constexpr int most_depth = 8;
        if (content.size() > most_bytes)
            line.fail("has " + std::to_string(content.size()) + " bytes, more than any decision");
        line.value = nlohmann::json::parse(
            content.begin(), content.end(),
            [&](int depth, nlohmann::json::parse_event_t, nlohmann::json&)
            {
                if (depth > most_depth)
                    line.fail("is nested deeper than any decision");
                return true;
            },
            false);
        if (line.value.is_discarded())
            line.fail("is not JSON; each line must be an object such as the page of errors exports");
        auto one = decision(line);
        if (const auto problem = corrections::decision_problem(labels, one, num_classes))
            line.fail(*problem);
        const auto [earlier, is_new] = line_of_row.emplace(one.row, number);
        if (!is_new)
            line.fail("row " + std::to_string(one.row) + " is decided in line " + std::to_string(earlier->second) +
                      " already; give one decision for each row");
        decided.push_back(std::move(one));
    }
    return decided;
}

}  // namespace detail

inline std::vector<corrections::decided_example>
read_decisions(const std::filesystem::path& path, std::span<const std::int64_t> labels, std::size_t num_classes)
{
    using corrections::decided_example;
    return detail::read_decision_lines<decided_example>(
        path, labels, num_classes,
        [](const detail::decision_line& line)
        { return detail::decision_of(line, &decided_example::given_label, &decided_example::corrected_label); });
}

inline std::vector<corrections::decided_label_set> read_decisions(const std::filesystem::path& path,
                                                                  std::span<const std::vector<std::size_t>> labels,
                                                                  std::size_t num_classes)
{
    using corrections::decided_label_set;
    return detail::read_decision_lines<decided_label_set>(
        path, labels, num_classes,
        [](const detail::decision_line& line)
        { return detail::decision_of(line, &decided_label_set::given_labels, &decided_label_set::corrected_labels); });
}

template <class Label>
nlohmann::ordered_json to_json(const corrections::applied_decisions_to<Label>& applied, std::size_t num_examples)
{
    return {{"n", num_examples},
            {"kept", applied.labels.size()},
            {"decisions", {{"keep", applied.num_keep}, {"relabel", applied.num_relabel}, {"drop", applied.num_drop}}},
            {"library", library_version()}};
}

}  // namespace labelerrors::datasets

#endif
