#ifndef LABELERRORS_REPORT_DRAW_RANK_CHANGES_HPP
#define LABELERRORS_REPORT_DRAW_RANK_CHANGES_HPP

#include <labelerrors/error.hpp>
#include <labelerrors/evaluation/evaluate_models.hpp>
#include <labelerrors/report/fixed_decimals.hpp>
#include <labelerrors/report/svg_drawing.hpp>
#include <labelerrors/report/svg_text.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <numeric>
#include <string>
#include <tuple>
#include <vector>

namespace labelerrors::report
{

/// Which accuracy models are ranked by.
enum class ranked_by
{
    top_1,
    top_k,  // models without one are left out
};

/// How the change of ranks is drawn.
struct draw_rank_changes_options
{
    // Above the drawing.
    std::string title = "Ranks by given and by corrected labels";
    // What the models are ranked by.
    ranked_by accuracy = ranked_by::top_1;
};

/// Draws how the ranking of models changes: on the left the models by given labels, on the right by corrected ones, the
/// best at the top, with ranks and accuracies, and a line from place to place. Models that gain, lose and keep their
/// rank differ in dashes and marks, not in colour alone. A shared rank has an equals sign.
///
/// `table`: of evaluate_models. Throws value_error where no model has the accuracy. O(models log models).
[[nodiscard]] svg_drawing draw_rank_changes(const evaluation::evaluation_table& table,
                                            const draw_rank_changes_options& options = {});

namespace detail
{

/// A model in the drawing.
struct ranked_model
{
    std::string title;
    const evaluation::score_change* scores = nullptr;
    std::size_t line_before = 0;  // where it stands on the left, from 0
    std::size_t line_after = 0;   // and on the right
};

/// Draws a rank, its digits to the left of a place and the sign of a shared rank to the right.
inline void draw_rank(svg_drawing& drawing, svg_point place, const evaluation::rank& rank)
{
    drawing.text(place, std::to_string(rank.place), {.anchor = svg_anchor::end});
    if (rank.num_tied > 1)
        drawing.text({place.x + 2.0, place.y}, "=");
}

/// The models with their lines on either side: by rank, and where it is shared so that fewer lines cross.
[[nodiscard]] inline std::vector<ranked_model> ranked_models(const evaluation::evaluation_table& table, ranked_by by)
{
    std::vector<ranked_model> models;
    for (const auto& one : table.models)
        if (by == ranked_by::top_1 || one.top_k)
            models.push_back({evaluation::detail::title_of(one.platform, one.name),
                              by == ranked_by::top_1 ? &one.top_1 : &*one.top_k, 0, 0});
    if (models.empty())
        throw value_error("draw_rank_changes: table must have a model with the accuracy that is drawn, but has none");
    std::vector<std::size_t> order(models.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto sort = [&](auto key, std::size_t ranked_model::*line)
    {
        std::stable_sort(order.begin(), order.end(),
                         [&](std::size_t a, std::size_t b) { return key(models[a]) < key(models[b]); });
        for (std::size_t i = 0; i < order.size(); ++i)
            models[order[i]].*line = i;
    };
    sort([](const ranked_model& m) { return std::tuple(m.scores->given.rank.place, m.scores->corrected.rank.place); },
         &ranked_model::line_before);
    sort([](const ranked_model& m) { return std::tuple(m.scores->corrected.rank.place, m.line_before); },
         &ranked_model::line_after);
    return models;
}

/// Whether a model gains, loses or keeps its rank, and how its line shows it.
struct move_style
{
    const char* meaning;
    svg_style line;
    svg_marker marker;
    std::string_view colour;
};

[[nodiscard]] inline const std::array<move_style, 3>& move_styles()
{
    static constexpr std::array<move_style, 3> styles{
        {{"gains places", {.stroke = "#0072b2", .width = 2.0}, svg_marker::circle, "#0072b2"},
         {"loses places", {.stroke = "#d55e00", .width = 1.8, .dashes = "7 4"}, svg_marker::box, "#d55e00"},
         {"keeps its rank", {.stroke = "#777777", .width = 1.2, .dashes = "1.5 3"}, svg_marker::diamond, "#777777"}}};
    return styles;
}

/// How many places a model gains; negative where it loses some.
[[nodiscard]] inline std::ptrdiff_t places_gained(const ranked_model& model)
{
    return static_cast<std::ptrdiff_t>(model.scores->given.rank.place) -
           static_cast<std::ptrdiff_t>(model.scores->corrected.rank.place);
}

/// Where the columns of the drawing are.
struct rank_columns
{
    explicit rank_columns(double names)
        : name(margin + names), accuracy(name + 96.0), rank(accuracy + 40.0), from(rank + 26.0), to(from + 240.0),
          rank_after(to + 32.0), accuracy_after(rank_after + 100.0), name_after(accuracy_after + 20.0),
          moved(name_after + names + 66.0)
    {
    }

    static constexpr double margin = 28.0;
    double name, accuracy, rank;        // right ends on the left side
    double from, to;                    // the ends of the lines
    double rank_after, accuracy_after;  // right ends on the right side
    double name_after;                  // a left end
    double moved;                       // a right end
};

}  // namespace detail

inline svg_drawing draw_rank_changes(const evaluation::evaluation_table& table,
                                     const draw_rank_changes_options& options)
{
    using enum svg_anchor;
    constexpr double size = 12.0;
    constexpr double row = 23.0;
    constexpr double first = 112.0;
    const auto models = detail::ranked_models(table, options.accuracy);
    double names = 60.0;
    for (const auto& model : models)
        names = std::max(names, svg_width_of(model.title, size));
    const detail::rank_columns at(names);
    const double bottom = first + row * static_cast<double>(models.size());
    svg_drawing drawing(std::max(at.moved + detail::rank_columns::margin,
                                 svg_width_of(options.title, 15.0) + 2.0 * detail::rank_columns::margin),
                        bottom + 54.0);

    drawing.text({detail::rank_columns::margin, 34.0}, options.title, {.size = 15.0, .weight = "bold"});
    const std::string k = options.accuracy == ranked_by::top_1 ? "1" : std::to_string(table.k);
    constexpr double heading = 88.0;
    const svg_text_style grey{.size = 11.0, .fill = "#444444"};
    const auto grey_end = svg_text_style{.anchor = end, .size = grey.size, .fill = grey.fill};
    drawing.text({at.rank + 10.0, heading - 20.0}, "By given labels", {.anchor = end, .size = 13.0, .weight = "bold"});
    drawing.text({at.rank_after - 20.0, heading - 20.0}, "By corrected labels", {.size = 13.0, .weight = "bold"});
    drawing.text({at.accuracy, heading}, "top-" + k + " (%)", grey_end);
    drawing.text({at.rank + 10.0, heading}, "rank", grey_end);
    drawing.text({at.rank_after - 20.0, heading}, "rank", grey);
    drawing.text({at.accuracy_after, heading}, "top-" + k + " (%)", grey_end);
    drawing.text({at.moved, heading}, "places", grey_end);

    for (const auto& model : models)
    {
        const auto gained = detail::places_gained(model);
        const auto& style = detail::move_styles()[gained > 0 ? 0 : gained < 0 ? 1 : 2];
        const auto y = [&](std::size_t line)
        {
            return first + row * static_cast<double>(line);
        };
        const svg_point from{at.from, y(model.line_before)};
        const svg_point to{at.to, y(model.line_after)};
        drawing.line(from, to, style.line);
        drawing.marker(from, style.marker, style.colour);
        drawing.marker(to, style.marker, style.colour);
        const double text_before = from.y + 4.0;
        const double text_after = to.y + 4.0;
        const svg_text_style right{.anchor = end, .size = size};
        drawing.text({at.name, text_before}, model.title, right);
        drawing.text({at.accuracy, text_before},
                     detail::fixed_decimals(100.0 * model.scores->given.accuracy.value(), 2), right);
        detail::draw_rank(drawing, {at.rank, text_before}, model.scores->given.rank);
        detail::draw_rank(drawing, {at.rank_after, text_after}, model.scores->corrected.rank);
        drawing.text({at.accuracy_after, text_after},
                     detail::fixed_decimals(100.0 * model.scores->corrected.accuracy.value(), 2), right);
        drawing.text({at.name_after, text_after}, model.title, {.size = size});
        // A minus sign, which is as wide as the plus sign.
        const std::string moved = gained > 0 ? "+" + std::to_string(gained) : "\xe2\x88\x92" + std::to_string(-gained);
        drawing.text({at.moved, text_after}, gained == 0 ? "0" : moved, right);
    }

    double x = detail::rank_columns::margin;
    for (const auto& style : detail::move_styles())
    {
        const double y = bottom + 20.0;
        drawing.line({x, y}, {x + 44.0, y}, style.line);
        drawing.marker({x, y}, style.marker, style.colour);
        drawing.marker({x + 44.0, y}, style.marker, style.colour);
        drawing.text({x + 56.0, y + 4.0}, style.meaning, {.size = size});
        x += 56.0 + svg_width_of(style.meaning, size) + 28.0;
    }
    drawing.text({x, bottom + 24.0}, "= shared rank", {.size = size});
    return drawing;
}

}  // namespace labelerrors::report

#endif
