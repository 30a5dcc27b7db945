#ifndef LABELERRORS_REPORT_SVG_DRAWING_HPP
#define LABELERRORS_REPORT_SVG_DRAWING_HPP

#include <labelerrors/report/fixed_decimals.hpp>
#include <labelerrors/report/svg_text.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <ostream>
#include <span>
#include <string>
#include <string_view>

namespace labelerrors::report
{

/// A place in a drawing, in pixels from its upper left corner.
struct svg_point
{
    double x = 0.0;
    double y = 0.0;
};

/// How lines and areas look.
struct svg_style
{
    std::string_view stroke = "none";  // a colour
    double width = 1.0;
    std::string_view dashes = "";  // lengths of dashes and gaps; empty: no gaps
    std::string_view fill = "none";
    double fill_opacity = 1.0;
};

/// Which point of a text its place is.
enum class svg_anchor
{
    start,
    middle,
    end,
};

/// How text looks.
struct svg_text_style
{
    svg_anchor anchor = svg_anchor::start;
    double size = 12.0;
    std::string_view weight = "normal";
    std::string_view fill = "#000000";
    bool turned = false;  // by a quarter, so that it reads upwards
};

/// The marks that tell curves apart where colours do not.
enum class svg_marker
{
    circle,
    square,
    triangle,
    diamond,
    ring,
    box,
};

/// How one curve of several looks: no two of the first six share a colour, a dash pattern or a marker, and no two of
/// the first 36 all three.
struct svg_series
{
    std::string_view colour;
    std::string_view dashes;
    svg_marker marker;
};

/// The look of the curve of that number, from 0.
[[nodiscard]] constexpr svg_series series_style(std::size_t index) noexcept
{
    // The colours are those of Okabe and Ito, which people who confuse red and green can tell apart, the lightest left
    // out.
    constexpr std::array<svg_series, 6> styles{{{"#0072b2", "", svg_marker::circle},
                                                {"#d55e00", "9 4", svg_marker::square},
                                                {"#007a5a", "2 3", svg_marker::triangle},
                                                {"#a6427a", "9 3 2 3", svg_marker::diamond},
                                                {"#000000", "5 2", svg_marker::ring},
                                                {"#8a6d00", "14 4 2 4 2 4", svg_marker::box}}};
    const std::size_t n = styles.size();
    const std::size_t shifted = (index + index / n) % n;
    return {styles[index % n].colour, styles[shifted].dashes, styles[shifted].marker};
}

/// A part of a figure: shapes and texts, in the order in which they are drawn.
class svg_drawing
{
public:
    svg_drawing(double width, double height) : width_(width), height_(height)
    {
    }

    [[nodiscard]] double width() const noexcept
    {
        return width_;
    }

    [[nodiscard]] double height() const noexcept
    {
        return height_;
    }

    /// The elements, without the svg element around them.
    [[nodiscard]] const std::string& elements() const noexcept
    {
        return elements_;
    }

    void line(svg_point from, svg_point to, const svg_style& style);
    void polyline(std::span<const svg_point> points, const svg_style& style);
    void polygon(std::span<const svg_point> points, const svg_style& style);
    void text(svg_point place, std::string_view text, const svg_text_style& style = {});
    void marker(svg_point centre, svg_marker shape, std::string_view colour);

private:
    void shape(const char* element, std::span<const svg_point> points, const svg_style& style);

    double width_;
    double height_;
    std::string elements_;
};

/// Writes drawings, one below the other, as an SVG that needs nothing else: no font, no script, no other file.
///
/// `title`: what the figure is, for readers of the screen. O(size of the drawings).
void write_svg(std::ostream& out, std::span<const svg_drawing> drawings, std::string_view title);

namespace detail
{

/// A number of pixels with two decimals, whatever the locale.
[[nodiscard]] inline std::string pixels(double value)
{
    return fixed_decimals(value + 0.0, 2);
}

[[nodiscard]] inline std::string attribute(std::string_view name, std::string_view value)
{
    return " " + std::string(name) + "=\"" + svg_escaped(value) + "\"";
}

[[nodiscard]] inline std::string attributes(const svg_style& style)
{
    std::string text = attribute("fill", style.fill);
    if (style.fill != "none" && style.fill_opacity < 1.0)
        text += attribute("fill-opacity", pixels(style.fill_opacity));
    if (style.stroke != "none")
        text += attribute("stroke", style.stroke) + attribute("stroke-width", pixels(style.width));
    if (!style.dashes.empty())
        text += attribute("stroke-dasharray", style.dashes);
    return text;
}

}  // namespace detail

inline void svg_drawing::shape(const char* element, std::span<const svg_point> points, const svg_style& style)
{
    std::string places;
    for (const svg_point& point : points)
        places += (places.empty() ? "" : " ") + detail::pixels(point.x) + "," + detail::pixels(point.y);
    elements_ += "<" + std::string(element) + detail::attribute("points", places) + detail::attributes(style) + "/>\n";
}

inline void svg_drawing::line(svg_point from, svg_point to, const svg_style& style)
{
    const std::array points{from, to};
    shape("polyline", points, style);
}

inline void svg_drawing::polyline(std::span<const svg_point> points, const svg_style& style)
{
    shape("polyline", points, style);
}

inline void svg_drawing::polygon(std::span<const svg_point> points, const svg_style& style)
{
    shape("polygon", points, style);
}

inline void svg_drawing::text(svg_point place, std::string_view text, const svg_text_style& style)
{
    constexpr std::string_view anchors[] = {"start", "middle", "end"};
    const std::string x = detail::pixels(place.x);
    const std::string y = detail::pixels(place.y);
    elements_ += "<text" + detail::attribute("x", x) + detail::attribute("y", y) +
                 detail::attribute("font-size", detail::pixels(style.size)) +
                 detail::attribute("text-anchor", anchors[static_cast<std::size_t>(style.anchor)]) +
                 (style.weight == "normal" ? "" : detail::attribute("font-weight", style.weight)) +
                 (style.turned ? detail::attribute("transform", "rotate(-90 " + x + " " + y + ")") : "") +
                 detail::attribute("fill", style.fill) + ">" + svg_escaped(text) + "</text>\n";
}

inline void svg_drawing::marker(svg_point centre, svg_marker shape_of, std::string_view colour)
{
    constexpr double r = 4.0;
    const bool hollow = shape_of == svg_marker::ring || shape_of == svg_marker::box;
    const svg_style style{.stroke = colour, .width = 1.4, .fill = hollow ? "#ffffff" : colour};
    const auto at = [&](double x, double y)
    {
        return svg_point{centre.x + x, centre.y + y};
    };
    if (shape_of == svg_marker::circle || shape_of == svg_marker::ring)
        elements_ += "<circle" + detail::attribute("cx", detail::pixels(centre.x)) +
                     detail::attribute("cy", detail::pixels(centre.y)) + detail::attribute("r", detail::pixels(r)) +
                     detail::attributes(style) + "/>\n";
    else if (shape_of == svg_marker::triangle)
        polygon(std::array{at(0, -r - 1), at(r + 0.5, r - 0.5), at(-r - 0.5, r - 0.5)}, style);
    else if (shape_of == svg_marker::diamond)
        polygon(std::array{at(0, -r - 1), at(r + 1, 0), at(0, r + 1), at(-r - 1, 0)}, style);
    else
        polygon(std::array{at(-r + 0.3, -r + 0.3), at(r - 0.3, -r + 0.3), at(r - 0.3, r - 0.3), at(-r + 0.3, r - 0.3)},
                style);
}

inline void write_svg(std::ostream& out, std::span<const svg_drawing> drawings, std::string_view title)
{
    double width = 1.0;
    double height = 0.0;
    for (const svg_drawing& one : drawings)
    {
        width = std::max(width, one.width());
        height += one.height();
    }
    const std::string size = detail::pixels(width) + " " + detail::pixels(std::max(height, 1.0));
    out << "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" << detail::pixels(width) << "\" height=\""
        << detail::pixels(std::max(height, 1.0)) << "\" viewBox=\"0 0 " << size
        << "\" role=\"img\" font-family=\"DejaVu Sans, Verdana, Helvetica, Arial, sans-serif\">\n<title>"
        << svg_escaped(title) << "</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n";
    double top = 0.0;
    for (const svg_drawing& one : drawings)
    {
        out << "<g transform=\"translate(0 " << detail::pixels(top) << ")\">\n" << one.elements() << "</g>\n";
        top += one.height();
    }
    out << "</svg>\n";
}

}  // namespace labelerrors::report

#endif
