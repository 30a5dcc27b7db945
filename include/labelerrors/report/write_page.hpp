#ifndef LABELERRORS_REPORT_WRITE_PAGE_HPP
#define LABELERRORS_REPORT_WRITE_PAGE_HPP

#include <labelerrors/error.hpp>
#include <labelerrors/io/atomic_file.hpp>
#include <labelerrors/report/base64.hpp>
#include <labelerrors/report/file_item.hpp>
#include <labelerrors/report/page.hpp>
#include <labelerrors/report/page_body.hpp>
#include <labelerrors/report/page_data.hpp>
#include <labelerrors/report/page_script_control.hpp>
#include <labelerrors/report/page_script_data.hpp>
#include <labelerrors/report/page_script_gallery.hpp>
#include <labelerrors/report/page_script_summary.hpp>
#include <labelerrors/report/page_style.hpp>
#include <labelerrors/report/sha256.hpp>
#include <labelerrors/report/svg_text.hpp>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace labelerrors::report
{

/// Writes a page that shows label errors: one HTML file that needs nothing else but a browser, where people look at the
/// errors, filter and sort them, mark what they think of each, and export that as the lines of JSON that
/// apply_decisions takes. A policy in the page forbids everything from elsewhere, and every script but its own; only
/// where items are links may it load images, from files and from where it lies itself.
/// The file is written whole or not at all. The same page gives the same bytes.
/// Throws value_error for a label not below k, examples without exactly one label where they have one each, a row that
/// is not below n or there twice, fewer issues in all than there are or more than examples, or an image that is no PNG,
/// JPEG, GIF or WebP; shape_error where there are class names, but not k; io_error where the file cannot be written.
/// O(size of the page).
void write_page(const std::filesystem::path& path, const page& shown);

namespace detail
{

/// A count as people read it: 50,000.
[[nodiscard]] inline std::string with_commas(std::size_t number)
{
    std::string text = std::to_string(number);
    for (std::size_t place = text.size(); place > 3; place -= 3)
        text.insert(place - 3, ",");
    return text;
}

inline void require_label(std::size_t label, const page& shown, std::size_t i, const char* which)
{
    if (label >= shown.num_classes)
        throw value_error("write_page: " + std::string(which) + " of issues[" + std::to_string(i) +
                          "] must be below the " + std::to_string(shown.num_classes) + " classes, but one is " +
                          std::to_string(label));
}

inline void require_labels(const std::vector<std::size_t>& labels, const page& shown, std::size_t i, const char* which)
{
    if (shown.labels == page_labels::one && labels.size() != 1)
        throw value_error("write_page: " + std::string(which) + " of issues[" + std::to_string(i) +
                          "] must be one label, but are " + std::to_string(labels.size()) +
                          "; set labels to page_labels::sets where examples have sets of labels");
    for (const std::size_t label : labels)
        require_label(label, shown, i, which);
}

inline void require_page(const page& shown)
{
    if (!shown.class_names.empty() && shown.class_names.size() != shown.num_classes)
        throw shape_error("write_page: class_names must have " + std::to_string(shown.num_classes) +
                          " names, one for each class, not " + std::to_string(shown.class_names.size()));
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < shown.issues.size(); ++i)
    {
        const page_issue& issue = shown.issues[i];
        require_labels(issue.given_labels, shown, i, "given_labels");
        require_labels(issue.suggested_labels, shown, i, "suggested_labels");
        if (issue.review)
            for (const auto& vote : issue.review->label_votes)
                require_label(vote.label, shown, i, "label_votes");
        if (issue.index >= shown.num_examples)
            throw value_error("write_page: index of issues[" + std::to_string(i) + "] must be below the " +
                              std::to_string(shown.num_examples) + " examples, but is " + std::to_string(issue.index));
        if (issue.item.kind == item_kind::image && !is_image(issue.item.content))
            throw value_error("write_page: the image of issues[" + std::to_string(i) +
                              "] must be the bytes of a PNG, JPEG, GIF or WebP");
        rows.push_back(issue.index);
    }
    std::sort(rows.begin(), rows.end());
    const auto twice = std::adjacent_find(rows.begin(), rows.end());
    if (twice != rows.end())
        throw value_error("write_page: issues has row " + std::to_string(*twice) + " twice; give each example once");
    const std::size_t all = shown.num_issues.value_or(rows.size());
    if (all < rows.size() || all > shown.num_examples)
        throw value_error("write_page: num_issues must be from the " + std::to_string(rows.size()) +
                          " issues of the page to the " + std::to_string(shown.num_examples) + " examples, but is " +
                          std::to_string(all));
    for (const class_quality& one : shown.classes)
        if (one.class_index >= shown.num_classes)
            throw value_error("write_page: classes has class " + std::to_string(one.class_index) + " of " +
                              std::to_string(shown.num_classes));
}

/// What the page is about, below its title.
[[nodiscard]] inline std::string page_subject(const page& shown)
{
    const std::size_t all = shown.num_issues.value_or(shown.issues.size());
    // Of some of those that people looked at the labels stand.
    const bool are_checked = std::any_of(shown.issues.begin(), shown.issues.end(),
                                         [](const page_issue& issue) { return issue.review.has_value(); });
    std::string text = with_commas(all) + " of " + with_commas(shown.num_examples) + " examples of " +
                       with_commas(shown.num_classes) + " classes whose labels " +
                       (are_checked ? "were suspected" : "are likely wrong");
    if (shown.issues.size() < all)
        text += "; shown here: " + with_commas(shown.issues.size());
    return text;
}

}  // namespace detail

inline void write_page(const std::filesystem::path& path, const page& shown)
{
    detail::require_page(shown);
    const std::string style = std::string(detail::page_style) + std::string(detail::page_card_style);
    std::string script(detail::page_script_data);
    for (const auto part : {detail::page_script_summary, detail::page_script_gallery, detail::page_script_control})
        script += part;
    const bool has_links = std::any_of(shown.issues.begin(), shown.issues.end(),
                                       [](const page_issue& issue) { return issue.item.kind == item_kind::link; });
    const std::string policy = "default-src 'none'; img-src data:" + std::string(has_links ? " file: 'self'" : "") +
                               "; style-src 'sha256-" + base64(sha256(style)) + "'; script-src 'sha256-" +
                               base64(sha256(script)) + "'; base-uri 'none'; form-action 'none'";
    const std::string title = svg_escaped(shown.title);
    io::atomic_file file(path);
    file.write("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
               "<meta http-equiv=\"Content-Security-Policy\" content=\"" +
               policy +
               "\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
               "<meta name=\"referrer\" content=\"no-referrer\">\n<title>" +
               title + "</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>" + style +
               "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#gallery\">Skip to the errors</a>\n<header>\n<h1>" +
               title + "</h1>\n<p class=\"soft\">" + detail::page_subject(shown) + "</p>\n</header>\n");
    file.write(detail::page_body);
    file.write("<script type=\"application/json\" id=\"run\">");
    detail::write_page_data(file, shown);
    file.write("</script>\n<script>");
    file.write(script);
    file.write("</script>\n</body>\n</html>\n");
    file.commit();
}

}  // namespace labelerrors::report

#endif
