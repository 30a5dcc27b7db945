#ifndef LABELERRORS_REPORT_PAGE_DATA_HPP
#define LABELERRORS_REPORT_PAGE_DATA_HPP

#include <labelerrors/error.hpp>
#include <labelerrors/io/atomic_file.hpp>
#include <labelerrors/io/json.hpp>
#include <labelerrors/report/base64.hpp>
#include <labelerrors/report/page.hpp>
#include <labelerrors/report/sha256.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

// What write_page gives its script to show, as JSON.
namespace labelerrors::report::detail
{

/// A string of JSON that may stand in a script element: no < is left in it, and bytes that are no UTF-8 are U+FFFD.
[[nodiscard]] inline std::string page_string(std::string_view text)
{
    const auto json = io::to_json_text(nlohmann::json(text));
    std::string result;
    result.reserve(json.size());
    for (const char c : json)
        if (c == '<')
            result += "\\u003c";
        else
            result += c;
    return result;
}

[[nodiscard]] inline std::string page_number(double number)
{
    return std::isfinite(number) ? labelerrors::detail::to_text(number) : "null";
}

/// A list of JSON, `element(value)` for each.
template <class Values, class Element>
[[nodiscard]] std::string page_list(const Values& values, const Element& element)
{
    std::string list = "[";
    for (const auto& value : values)
    {
        list += list.size() == 1 ? "" : ",";
        list += element(value);
    }
    return list + "]";
}

/// The labels of an issue: a number, or a list where examples have sets.
[[nodiscard]] inline std::string page_label(const std::vector<std::size_t>& labels, page_labels kind)
{
    return kind == page_labels::one ? std::to_string(labels.front())
                                    : page_list(labels, [](std::size_t label) { return std::to_string(label); });
}

/// A path as an address: every byte that means something to addresses is escaped, so that a path cannot become another
/// kind of address.
[[nodiscard]] inline std::string path_address(std::string_view path)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string address;
    for (const char c : path)
    {
        const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
                              c == '.' || c == '-' || c == '_' || c == '~';
        const auto byte = static_cast<unsigned char>(c);
        address += is_plain ? std::string(1, c) : std::string{'%', digits[byte >> 4], digits[byte & 15u]};
    }
    // Two slashes at the start would name another machine.
    return address.starts_with("//") ? "/." + address : address;
}

[[nodiscard]] inline std::string page_content(const page_item& item)
{
    switch (item.kind)
    {
    case item_kind::image:
        return "\"" + base64(item.content) + "\"";
    case item_kind::link:
        return "\"" + path_address(item.content) + "\"";
    case item_kind::text:
    case item_kind::address:
        return page_string(item.content);
    case item_kind::absent:
        break;
    }
    return "\"\"";
}

[[nodiscard]] inline std::string page_votes(const page_issue& issue, page_labels kind)
{
    if (!issue.review)
        return "null";
    const auto& votes = issue.review->votes;
    if (kind == page_labels::sets)
        return page_list(issue.review->label_votes, [](const corrections::label_vote& vote)
                         { return "[" + std::to_string(vote.label) + "," + std::to_string(vote.votes) + "]"; });
    return page_list(
        std::array{votes.given, votes.guessed, votes.both, votes.neither, votes.other, votes.neutral, votes.off_topic},
        [](std::size_t count) { return std::to_string(count); });
}

/// What tells one run from another: the reader's marks are kept under it.
[[nodiscard]] inline std::string page_key(const page& shown)
{
    std::string text =
        shown.title + '\0' + std::to_string(shown.num_examples) + ' ' + std::to_string(shown.num_classes);
    for (const page_issue& issue : shown.issues)
        text += '\n' + std::to_string(issue.index) + ' ' + page_label(issue.given_labels, page_labels::sets) +
                page_label(issue.suggested_labels, page_labels::sets);
    return base64(sha256(text));
}

[[nodiscard]] inline std::string page_health(const page& shown)
{
    if (!shown.label_health && shown.classes.empty())
        return "null";
    const auto row = [](const class_quality& one)
    {
        return "[" + std::to_string(one.class_index) + "," + std::to_string(one.label_issues) + "," +
               std::to_string(one.inverse_label_issues) + "," + page_number(one.label_noise) + "," +
               page_number(one.inverse_label_noise) + "," + page_number(one.label_quality_score) + "]";
    };
    return "{\"score\":" + page_number(shown.label_health.value_or(std::numeric_limits<double>::quiet_NaN())) +
           ",\"classes\":" + page_list(shown.classes, row) + "}";
}

/// Writes the run as JSON, a list for each property of the issues.
inline void write_page_data(io::atomic_file& file, const page& shown)
{
    const auto column = [&](const char* name, const auto& element)
    {
        file.write(std::string(",\n\"") + name + "\":[");
        std::string part;
        for (const page_issue& issue : shown.issues)
        {
            part += &issue == shown.issues.data() ? "" : ",";
            part += element(issue);
            if (part.size() > std::size_t{1} << 20)
            {
                file.write(part);
                part.clear();
            }
        }
        file.write(part + "]");
    };
    const bool is_voted = std::any_of(shown.issues.begin(), shown.issues.end(),
                                      [](const page_issue& issue) { return issue.review.has_value(); });
    file.write("{\"title\":" + page_string(shown.title) + ",\"n\":" + std::to_string(shown.num_examples) +
               ",\"k\":" + std::to_string(shown.num_classes) + ",\"sets\":" +
               (shown.labels == page_labels::sets ? "true" : "false") + ",\"key\":" + page_string(page_key(shown)) +
               ",\"found\":" + std::to_string(shown.num_issues.value_or(shown.issues.size())) +
               ",\"found_name\":" + page_string(shown.issues_name) + ",\n\"names\":" +
               (shown.class_names.empty() ? std::string("null") : page_list(shown.class_names, page_string)) +
               ",\n\"health\":" + page_health(shown));
    file.write(",\n\"facts\":" +
               page_list(shown.facts,
                         [](const page_fact& fact) {
                             return page_list(std::array{fact.name, fact.value, fact.more}, page_string);
                         }));
    // As an image a figure can neither run nor load anything.
    file.write(",\n\"figures\":" + page_list(shown.figures,
                                             [](const page_figure& figure) {
                                                 return "[" + page_string(figure.title) +
                                                        ",\"data:image/svg+xml;base64," + base64(figure.svg) + "\"]";
                                             }));
    column("index", [](const page_issue& issue) { return std::to_string(issue.index); });
    column("given", [&](const page_issue& issue) { return page_label(issue.given_labels, shown.labels); });
    column("suggested", [&](const page_issue& issue) { return page_label(issue.suggested_labels, shown.labels); });
    column("score", [](const page_issue& issue) { return page_number(issue.score); });
    if (is_voted)
    {
        column("votes", [&](const page_issue& issue) { return page_votes(issue, shown.labels); });
        column("decision",
               [](const page_issue& issue) {
                   return issue.review ? std::to_string(static_cast<std::size_t>(issue.review->decision))
                                       : std::string("-1");
               });
    }
    else
        file.write(",\n\"votes\":null,\"decision\":null");
    constexpr std::array<const char*, 5> kinds{"\"absent\"", "\"text\"", "\"image\"", "\"link\"", "\"address\""};
    column("item", [](const page_issue& issue) { return page_string(issue.item.name); });
    column("kind",
           [&](const page_issue& issue) { return std::string(kinds[static_cast<std::size_t>(issue.item.kind)]); });
    column("content", [](const page_issue& issue) { return page_content(issue.item); });
    column("location", [](const page_issue& issue) { return page_string(issue.item.location); });
    // Most items have the same note or none.
    std::map<std::string, std::size_t> notes;
    std::vector<std::string> in_order;
    column("note",
           [&](const page_issue& issue)
           {
               const auto [at, is_new] = notes.emplace(issue.item.note, notes.size());
               if (is_new)
                   in_order.push_back(issue.item.note);
               return std::to_string(at->second);
           });
    file.write(",\n\"notes\":" + page_list(in_order, page_string) + "}");
}

}  // namespace labelerrors::report::detail

#endif
