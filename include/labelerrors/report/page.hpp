#ifndef LABELERRORS_REPORT_PAGE_HPP
#define LABELERRORS_REPORT_PAGE_HPP

#include <labelerrors/consensus/policy.hpp>
#include <labelerrors/consensus/votes.hpp>
#include <labelerrors/core/class_health.hpp>
#include <labelerrors/core/label_issues.hpp>
#include <labelerrors/corrections/correct_label_sets.hpp>

#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace labelerrors::report
{

/// How the page shows what an example is.
enum class item_kind
{
    absent,   // not at all: `note` says why
    text,     // `content` is the text
    image,    // `content` is the bytes of a PNG, JPEG, GIF or WebP, which become a part of the page
    link,     // `content` is the path of an image, absolute or relative to the page's folder
    address,  // `content` is an address to follow
};

/// What an example is, for people to look at. Any text may be any bytes: it is shown as it is and never run, bytes that
/// are no UTF-8 as U+FFFD.
struct page_item
{
    std::string name = {};  // in its own set: "t10k-images-idx3-ubyte:2597"; it is exported with decisions
    item_kind kind = item_kind::absent;
    std::string content = {};
    std::string location = {};  // where it is to be found: a path or an address
    std::string note = {};      // why it is not shown, or not all of it
};

/// What people said about an example.
struct page_review
{
    consensus::votes votes = {};
    std::vector<corrections::label_vote> label_votes = {};  // instead of `votes`, where examples have sets of labels
    consensus::decision decision = consensus::decision::no_agreement;
};

/// An example whose label is likely wrong.
struct page_issue
{
    std::size_t index = 0;                                    // its row, once in a page
    std::vector<std::size_t> given_labels = {};               // one, or a set
    std::vector<std::size_t> suggested_labels = {};           // one, or a set
    double score = std::numeric_limits<double>::quiet_NaN();  // lower is worse; NaN: there is none
    std::optional<page_review> review = {};
    page_item item = {};
};

/// Something worth a tile at the top of the page.
struct page_fact
{
    std::string name;
    std::string value;
    std::string more = {};  // in small letters below
};

/// A drawing for the page: what write_svg writes.
struct page_figure
{
    std::string title;  // what it shows, for readers of the screen too
    std::string svg;
};

/// Whether examples have a label each or a set of labels.
enum class page_labels
{
    one,
    sets,
};

/// What a page of label errors shows.
struct page
{
    std::string title = "Label errors";
    std::size_t num_examples = 0;
    std::size_t num_classes = 0;
    page_labels labels = page_labels::one;
    std::vector<std::string> class_names = {};   // k, or none to show numbers
    std::string issues_name = "Found errors";    // what `issues` are, over their number
    std::vector<page_issue> issues = {};         // in the order in which they are shown
    std::optional<std::size_t> num_issues = {};  // in all; none: as many as are in issues
    std::optional<double> label_health = {};     // overall_label_health_score
    std::vector<class_quality> classes = {};     // rank_classes_by_label_quality
    std::vector<page_fact> facts = {};
    std::vector<page_figure> figures = {};
};

/// Label issues as a page has them, in their order, without items. O(issues).
[[nodiscard]] inline std::vector<page_issue> page_issues(const label_issues& found)
{
    std::vector<page_issue> issues(found.indices.size());
    for (std::size_t i = 0; i < issues.size(); ++i)
    {
        issues[i].index = found.indices(i);
        issues[i].given_labels = {found.given_labels(i)};
        issues[i].suggested_labels = {found.suggested_labels(i)};
        issues[i].score = found.scores(i);
    }
    return issues;
}

}  // namespace labelerrors::report

#endif
