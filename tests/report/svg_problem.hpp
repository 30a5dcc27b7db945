#ifndef LABELERRORS_TESTS_REPORT_SVG_PROBLEM_HPP
#define LABELERRORS_TESTS_REPORT_SVG_PROBLEM_HPP

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tests
{

/// What keeps a text from being a well-formed SVG of its own, as far as drawings of this library go; empty where
/// nothing does.
[[nodiscard]] inline std::string svg_problem(std::string_view text)
{
    std::vector<std::string> open;
    if (!text.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""))
        return "starts with another element";
    for (const char* const word : {"<script", "<image", "href", "url(", "nan", "inf\""})
        if (text.find(word) != std::string_view::npos)
            return std::string("has ") + word;
    while (!text.empty())
    {
        if (text.front() == '&')
        {
            bool known = false;
            for (const char* const entity : {"&amp;", "&lt;", "&gt;", "&quot;"})
                known = known || text.starts_with(entity);
            if (!known)
                return "has an ampersand that starts no entity";
        }
        if (text.front() == '>')
            return "has a > outside a tag";
        if (text.front() != '<')
        {
            text.remove_prefix(1);
            continue;
        }
        const std::size_t end = text.find('>');
        if (end == std::string_view::npos)
            return "has a tag that does not end";
        const std::string_view tag = text.substr(1, end - 1);
        const std::string name(tag.substr(0, tag.find_first_of(" /", 1)));
        std::size_t quotes = 0;
        for (const char c : tag)
            quotes += c == '"' ? 1U : 0U;
        if (quotes % 2 != 0)
            return "has an attribute that does not end in " + name;
        if (tag.front() == '/')
        {
            if (open.empty() || "/" + open.back() != tag)
                return "closes " + name;
            open.pop_back();
            if (open.empty() && text.substr(end + 1) != "\n")
                return "has more than one element";
        }
        else if (tag.back() != '/')
            open.push_back(name);
        text.remove_prefix(end + 1);
    }
    return open.empty() ? "" : "leaves " + open.back() + " open";
}

}  // namespace tests

#endif
