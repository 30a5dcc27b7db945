#include "svg_problem.hpp"
#include <labelerrors/report/svg_drawing.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <set>
#include <sstream>
#include <string>
#include <vector>

using namespace labelerrors::report;

namespace
{

[[nodiscard]] std::string written(const std::vector<svg_drawing>& drawings, const std::string& title = "title")
{
    std::ostringstream out;
    write_svg(out, drawings, title);
    return out.str();
}

[[nodiscard]] bool contains(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a line and a text, by hand")
{
    svg_drawing drawing(20, 10);
    drawing.line({1, 2}, {3.25, 4}, {.stroke = "#000000", .dashes = "2 1"});
    drawing.text({5, 6}, "a", {.anchor = svg_anchor::middle});
    CHECK(drawing.elements() ==
          "<polyline points=\"1.00,2.00 3.25,4.00\" fill=\"none\" stroke=\"#000000\" stroke-width=\"1.00\" "
          "stroke-dasharray=\"2 1\"/>\n"
          "<text x=\"5.00\" y=\"6.00\" font-size=\"12.00\" text-anchor=\"middle\" fill=\"#000000\">a</text>\n");
}

TEST_CASE("whatever a style says and however far a place is, a drawing stays well-formed")
{
    svg_drawing drawing(20, 10);
    drawing.text({1e300, 0}, "a", {.fill = "red\"/><script>"});
    CHECK(contains(drawing.elements(), "fill=\"red&quot;/&gt;&lt;script&gt;\""));
    // 1e300 in full, and its two decimals.
    const auto begin = drawing.elements().find("x=\"") + 3;
    const auto end = drawing.elements().find('"', begin);
    CHECK(end - begin == 304);
    CHECK(drawing.elements().substr(end - 3, 3) == ".00");
}

TEST_CASE("text is escaped, and what XML has not becomes a question mark")
{
    CHECK(svg_escaped("a < b & \"c\" > d") == "a &lt; b &amp; &quot;c&quot; &gt; d");
    CHECK(svg_escaped("caf\xc3\xa9 \xe2\x88\x92 \xf0\x9f\x98\x80") == "caf\xc3\xa9 \xe2\x88\x92 \xf0\x9f\x98\x80");
    CHECK(svg_escaped(std::string("a\0b\x01\n\x7f", 6)) == "a?b???");
    CHECK(svg_escaped("\xff\xc3") == "??");
    CHECK(svg_escaped("\xc0\xaf") == "??");
    CHECK(svg_escaped("\xed\xa0\x80") == "???");
    CHECK(svg_escaped("\xef\xbf\xbf") == "???");
}

TEST_CASE("what was escaped can be read again")
{
    CHECK(svg_unescaped("a &lt; b &amp; &quot;c&quot; &gt; d&apos;") == "a < b & \"c\" > d'");
    CHECK(svg_unescaped("a&amp;amp;b.npy") == "a&amp;b.npy");
    CHECK(svg_unescaped("&#65;&#x42;&#xe9;&#x2212;&#x1F600;") == "AB\xc3\xa9\xe2\x88\x92\xf0\x9f\x98\x80");
    for (const char* text : {"", "plain", "&", "a & b; c", "&;", "&nothing;", "&#;", "&#x;", "&#xg;", "&#-1;", "&#0;",
                             "&#x1b;", "&#xd800;", "&#xffff;", "&#x110000;", "&#99999999999999;", "&amp"})
        CHECK(svg_unescaped(text) == text);
    const std::string any = "x & y < \"caf\xc3\xa9\" 'z' >";
    CHECK(svg_unescaped(svg_escaped(any)) == any);
}

TEST_CASE("drawings stand one below the other in a file that needs no other")
{
    svg_drawing one(100, 50);
    svg_drawing two(200, 30);
    one.text({1, 1}, "<script>alert(1)</script>");
    for (const auto shape : {svg_marker::circle, svg_marker::square, svg_marker::triangle, svg_marker::diamond,
                             svg_marker::ring, svg_marker::box})
        two.marker({10, 10}, shape, "#112233");
    two.polygon(std::array<svg_point, 3>{{{0, 0}, {1, 0}, {0, 1}}}, {.fill = "#112233", .fill_opacity = 0.5});
    two.text({0, 0}, "turned", {.turned = true});
    const std::string text = written({one, two}, "a & b");
    CHECK(tests::svg_problem(text) == "");
    CHECK(contains(text, "viewBox=\"0 0 200.00 80.00\""));
    CHECK(contains(text, "<g transform=\"translate(0 50.00)\">"));
    CHECK(contains(text, "<title>a &amp; b</title>"));
    CHECK(tests::svg_problem(written({})) == "");
}

TEST_CASE("no two of the first six curves share a colour, dashes or a marker, and no two of 36 all of them")
{
    std::set<std::string> looks;
    std::set<std::string> colours;
    std::set<std::string> dashes;
    std::set<svg_marker> markers;
    for (std::size_t i = 0; i < 36; ++i)
    {
        const auto style = series_style(i);
        looks.insert(std::string(style.colour) + "/" + std::string(style.dashes) + "/" +
                     std::to_string(static_cast<int>(style.marker)));
        if (i >= 6)
            continue;
        colours.emplace(style.colour);
        dashes.emplace(style.dashes);
        markers.insert(style.marker);
    }
    CHECK(looks.size() == 36);
    CHECK(colours.size() == 6);
    CHECK(dashes.size() == 6);
    CHECK(markers.size() == 6);
}
