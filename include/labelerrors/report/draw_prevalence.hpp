#ifndef LABELERRORS_REPORT_DRAW_PREVALENCE_HPP
#define LABELERRORS_REPORT_DRAW_PREVALENCE_HPP

#include <labelerrors/error.hpp>
#include <labelerrors/evaluation/draw_prevalence_curves.hpp>
#include <labelerrors/evaluation/prevalence.hpp>
#include <labelerrors/report/fixed_decimals.hpp>
#include <labelerrors/report/svg_drawing.hpp>
#include <labelerrors/report/svg_text.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace labelerrors::report
{

/// How the curves are drawn.
struct draw_prevalence_options
{
    // Above the drawing.
    std::string title = "Accuracy as the share of mislabelled examples grows";
};

/// Draws how the accuracy of models by corrected labels changes as the share of examples whose given label was wrong
/// grows: a curve for each model, the expectation, with dashes, marks and a colour of its own, and around it, for up
/// to three models, the band of the draws; a line and a label for the test set as it is and for each crossover of two
/// models.
///
/// `curves`: of draw_prevalence_curves. `names`: one for each model. Throws shape_error where there are not as many
/// names as models; value_error for curves of fewer than 2 points. O(points models + models^2).
[[nodiscard]] svg_drawing draw_prevalence(const evaluation::prevalence_curves& curves,
                                          std::span<const std::string> names,
                                          const draw_prevalence_options& options = {});

namespace detail
{

/// Even numbers at an axis: 1, 2 or 5 times a power of ten apart.
struct axis_ticks
{
    double step = 1.0;
    int decimals = 0;
    std::vector<double> values;
};

/// About `wanted` ticks from `low` to `high`, which must be apart.
[[nodiscard]] inline axis_ticks nice_ticks(double low, double high, double wanted)
{
    const double rough = (high - low) / wanted;
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    axis_ticks ticks;
    ticks.step = power * (rough / power < 1.5 ? 1.0 : rough / power < 3.5 ? 2.0 : rough / power < 7.5 ? 5.0 : 10.0);
    ticks.decimals = std::max(0, -static_cast<int>(std::floor(std::log10(ticks.step) + 1e-9)));
    const auto first = std::ceil(low / ticks.step - 1e-9);
    for (double i = first; i * ticks.step <= high + 1e-9 * ticks.step; i += 1.0)
        ticks.values.push_back(i * ticks.step + 0.0);  // never a negative zero
    return ticks;
}

/// What the axes show, in percent, and where on the drawing.
struct prevalence_axes
{
    double x_high = 100.0;  // x is from 0
    double y_low = 0.0;
    double y_high = 100.0;
    svg_point corner;  // upper left
    static constexpr double width = 520.0;
    static constexpr double height = 330.0;

    [[nodiscard]] double x(double share) const
    {
        return corner.x + width * 100.0 * share / x_high;
    }

    [[nodiscard]] double y(double share) const
    {
        return corner.y + height * (1.0 - (100.0 * share - y_low) / (y_high - y_low));
    }

    [[nodiscard]] double bottom() const
    {
        return corner.y + height;
    }
};

/// A line across the drawing with a label above it.
struct prevalence_note
{
    double prevalence = 0.0;
    std::string text;
    std::size_t row = 0;  // of labels, from the top
};

/// The notes by prevalence, with rows in which no label is on another or on another's line: each starts at its line, so
/// that of two that are too close the left one stands higher.
[[nodiscard]] inline std::vector<prevalence_note> notes_of(const evaluation::prevalence_curves& curves,
                                                           std::span<const std::string> names, double x_high)
{
    const double own = curves.points.front().prevalence;
    std::vector<prevalence_note> notes{{own, fixed_decimals(100.0 * own, 2) + " %: the test set as it is", 0}};
    for (std::size_t a = 0; a < names.size(); ++a)
        for (std::size_t b = 0; b < a; ++b)
        {
            const auto found = evaluation::find_crossover(curves.models[b], curves.models[a]);
            if (!found || 100.0 * found->prevalence > x_high)
                continue;
            const auto& overtaking = names[found->a_leads_below ? a : b];
            const auto& overtaken = names[found->a_leads_below ? b : a];
            notes.push_back(
                {found->prevalence,
                 fixed_decimals(100.0 * found->prevalence, 2) + " %: " + overtaking + " overtakes " + overtaken, 0});
        }
    std::stable_sort(notes.begin(), notes.end(),
                     [](const prevalence_note& a, const prevalence_note& b) { return a.prevalence < b.prevalence; });
    for (std::size_t i = 1; i < notes.size(); ++i)
    {
        const double apart = (notes[i].prevalence - notes[i - 1].prevalence) * 100.0 / x_high * prevalence_axes::width;
        // Once a row lower, later ones may not go up again: an earlier line would run through them.
        notes[i].row = notes[i - 1].row + (apart < svg_width_of(notes[i - 1].text, 11.0) + 14.0 ? 1U : 0U);
    }
    return notes;
}

/// Whether the draws of curves are drawn as bands: more than three would cover each other.
[[nodiscard]] inline bool has_bands(const evaluation::prevalence_curves& curves)
{
    constexpr std::size_t most_bands = 3;
    return curves.num_draws > 0 && curves.models.size() <= most_bands;
}

/// The axes, wide enough for all that is drawn.
[[nodiscard]] inline prevalence_axes axes_of(const evaluation::prevalence_curves& curves)
{
    prevalence_axes axes;
    axes.x_high = 100.0 * curves.points.back().prevalence;
    axes.y_low = 100.0;
    axes.y_high = 0.0;
    const bool with_bands = has_bands(curves);
    for (const auto& point : curves.points)
        for (const auto& model : point.models)
        {
            const auto [low, high] =
                with_bands ? std::minmax({model.lower, model.upper, model.expected}) : std::minmax({model.expected});
            axes.y_low = std::min(axes.y_low, 100.0 * low);
            axes.y_high = std::max(axes.y_high, 100.0 * high);
        }
    const double room = std::max(0.5, 0.06 * (axes.y_high - axes.y_low));
    axes.y_low = std::max(0.0, axes.y_low - room);
    axes.y_high = std::min(100.0, axes.y_high + room);
    return axes;
}

inline void draw_axes(svg_drawing& drawing, const prevalence_axes& axes)
{
    using enum svg_anchor;
    const double left = axes.corner.x;
    const double right = left + prevalence_axes::width;
    const svg_style grid{.stroke = "#dddddd"};
    const auto x_ticks = nice_ticks(0.0, axes.x_high, 7.0);
    for (const double value : x_ticks.values)
    {
        const double x = axes.x(value / 100.0);
        drawing.line({x, axes.corner.y}, {x, axes.bottom()}, grid);
        drawing.line({x, axes.bottom()}, {x, axes.bottom() + 5.0}, {.stroke = "#000000"});
        drawing.text({x, axes.bottom() + 19.0}, fixed_decimals(value, x_ticks.decimals), {.anchor = middle});
    }
    const auto y_ticks = nice_ticks(axes.y_low, axes.y_high, 6.0);
    for (const double value : y_ticks.values)
    {
        const double y = axes.y(value / 100.0);
        drawing.line({left, y}, {right, y}, grid);
        drawing.line({left - 5.0, y}, {left, y}, {.stroke = "#000000"});
        drawing.text({left - 9.0, y + 4.0}, fixed_decimals(value, y_ticks.decimals), {.anchor = end});
    }
    drawing.polygon(
        std::array<svg_point, 4>{
            {{left, axes.corner.y}, {right, axes.corner.y}, {right, axes.bottom()}, {left, axes.bottom()}}},
        {.stroke = "#000000"});
    drawing.text({left + 0.5 * prevalence_axes::width, axes.bottom() + 42.0},
                 "Share of the examples whose given label was wrong (%)", {.anchor = middle});
    drawing.text({left - 52.0, axes.corner.y + 0.5 * prevalence_axes::height}, "Accuracy by corrected labels (%)",
                 {.anchor = middle, .turned = true});
}

/// The band of one model's draws, with an outline that tells it from others without colour.
inline void draw_band(svg_drawing& drawing, const prevalence_axes& axes, const evaluation::prevalence_curves& curves,
                      std::size_t model)
{
    const auto style = series_style(model);
    std::vector<svg_point> upper;
    std::vector<svg_point> lower;
    for (const auto& point : curves.points)
    {
        upper.push_back({axes.x(point.prevalence), axes.y(point.models[model].upper)});
        lower.push_back({axes.x(point.prevalence), axes.y(point.models[model].lower)});
    }
    auto area = upper;
    area.insert(area.end(), lower.rbegin(), lower.rend());
    drawing.polygon(area, {.fill = style.colour, .fill_opacity = 0.14});
    for (const auto& edge : {upper, lower})
        drawing.polyline(edge, {.stroke = style.colour, .width = 0.8, .dashes = style.dashes});
}

/// One model's curve; marks are spread so that those of different curves do not cover each other.
inline void draw_curve(svg_drawing& drawing, const prevalence_axes& axes, const evaluation::prevalence_curves& curves,
                       std::size_t model)
{
    const auto style = series_style(model);
    std::vector<svg_point> curve;
    for (const auto& point : curves.points)
        curve.push_back({axes.x(point.prevalence), axes.y(point.models[model].expected)});
    drawing.polyline(curve, {.stroke = style.colour, .width = 2.2, .dashes = style.dashes});
    const std::size_t step = std::max<std::size_t>(1, (curve.size() + 7) / 8);
    for (std::size_t i = step / 2 * (model % 2); i < curve.size(); i += step)
        drawing.marker(curve[i], style.marker, style.colour);
}

}  // namespace detail

inline svg_drawing draw_prevalence(const evaluation::prevalence_curves& curves, std::span<const std::string> names,
                                   const draw_prevalence_options& options)
{
    if (names.size() != curves.models.size())
        throw shape_error("draw_prevalence: names must be as many as models, " + std::to_string(curves.models.size()) +
                          ", not " + std::to_string(names.size()));
    if (curves.points.size() < 2)
        throw value_error("draw_prevalence: curves must have at least 2 points, not " +
                          std::to_string(curves.points.size()));
    constexpr double margin = 28.0;
    constexpr double note_height = 17.0;
    auto axes = detail::axes_of(curves);
    const auto notes = detail::notes_of(curves, names, axes.x_high);
    axes.corner = {margin + 64.0, 72.0 + note_height * static_cast<double>(notes.back().row)};
    const double legend = axes.corner.x + detail::prevalence_axes::width + 24.0;
    const std::string band =
        detail::fixed_decimals(100.0 * curves.coverage, 0) + " % of " + std::to_string(curves.num_draws) + " draws";
    const bool has_bands = detail::has_bands(curves);
    double widest = has_bands ? svg_width_of(band, 12.0) : 0.0;
    for (const auto& name : names)
        widest = std::max(widest, svg_width_of(name, 12.0));
    double width = std::max(legend + 58.0 + widest, svg_width_of(options.title, 15.0) + margin);
    for (const auto& note : notes)
        width = std::max(width, axes.x(note.prevalence) + 5.0 + svg_width_of(note.text, 11.0));
    svg_drawing drawing(width + margin, axes.bottom() + 64.0);

    drawing.text({margin, 34.0}, options.title, {.size = 15.0, .weight = "bold"});
    detail::draw_axes(drawing, axes);
    for (const auto& note : notes)
    {
        const double x = axes.x(note.prevalence);
        const double y = 62.0 + note_height * static_cast<double>(note.row);
        drawing.line({x, y - 9.0}, {x, axes.bottom()}, {.stroke = "#555555", .dashes = "3 3"});
        drawing.text({x + 5.0, y}, note.text, {.size = 11.0});
    }
    for (std::size_t model = 0; model < names.size() && has_bands; ++model)
        detail::draw_band(drawing, axes, curves, model);
    for (std::size_t model = 0; model < names.size(); ++model)
        detail::draw_curve(drawing, axes, curves, model);

    double y = axes.corner.y + 12.0;
    for (std::size_t model = 0; model < names.size(); ++model, y += 24.0)
    {
        const auto style = series_style(model);
        drawing.line({legend, y}, {legend + 46.0, y}, {.stroke = style.colour, .width = 2.0, .dashes = style.dashes});
        drawing.marker({legend + 23.0, y}, style.marker, style.colour);
        drawing.text({legend + 58.0, y + 4.0}, names[model]);
    }
    if (has_bands)
    {
        drawing.polygon(
            std::array<svg_point, 4>{
                {{legend, y - 7.0}, {legend + 46.0, y - 7.0}, {legend + 46.0, y + 7.0}, {legend, y + 7.0}}},
            {.fill = "#444444", .fill_opacity = 0.2});
        drawing.text({legend + 58.0, y + 4.0}, band);
    }
    return drawing;
}

}  // namespace labelerrors::report

#endif
