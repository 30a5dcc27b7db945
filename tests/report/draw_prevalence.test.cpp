#include "svg_problem.hpp"
#include <labelerrors/report/draw_prevalence.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <sstream>
#include <string>
#include <vector>

using namespace labelerrors;
using namespace labelerrors::report;

namespace
{

[[nodiscard]] std::string written(const svg_drawing& drawing)
{
    std::ostringstream out;
    write_svg(out, std::vector{drawing}, "prevalence");
    return out.str();
}

[[nodiscard]] bool contains(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

/// Two models that cross at 20 %.
[[nodiscard]] evaluation::prevalence_curves make_curves(const evaluation::prevalence_curves_options& options)
{
    std::vector<int> given(110, 0);
    std::vector<int> corrected(110, 0);
    std::vector<int> a(110);
    std::vector<int> b(110);
    for (std::size_t i = 0; i < 110; ++i)
    {
        corrected[i] = i < 10 ? 1 : 0;
        a[i] = i < 10 ? i < 8 : i < 30;  // 8 of 10, 80 of 100
        b[i] = i < 10 ? i < 4 : i < 20;  // 4 of 10, 90 of 100
    }
    const std::vector<evaluation::model> models{{"", "a", evaluation::from_labels(a, 2)},
                                                {"", "b", evaluation::from_labels(b, 2)}};
    return evaluation::draw_prevalence_curves(
        models, evaluation::select_examples(given, corrected, evaluation::example_subset::corrected), options);
}

const std::vector<std::string> names{"small <model>", "large"};

}  // namespace

TEST_CASE("the figure has axes with units, a legend, the test set as it is and the crossover")
{
    const std::string text = written(draw_prevalence(make_curves({.num_draws = 50}), names, {.title = "a & b"}));
    CHECK(tests::svg_problem(text) == "");
    for (const char* const label :
         {">a &amp; b<", ">Share of the examples whose given label was wrong (%)<",
          ">Accuracy by corrected labels (%)<", ">small &lt;model&gt;<", ">large<", ">95 % of 50 draws<",
          ">9.09 %: the test set as it is<", ">20.00 %: small &lt;model&gt; overtakes large<", ">100<", ">0<"})
        CHECK_MESSAGE(contains(text, label), label);
    CHECK(!contains(text, ">-0"));
}

TEST_CASE("without draws there is no band, and without a crossover in sight no note of it")
{
    const std::string text = written(draw_prevalence(make_curves({.max_prevalence = 0.15, .num_draws = 0}), names));
    CHECK(tests::svg_problem(text) == "");
    CHECK(!contains(text, "draws"));
    CHECK(!contains(text, "fill-opacity"));
    CHECK(!contains(text, "overtakes"));
}

TEST_CASE("the axis of accuracies is as high as what is drawn, bands or not")
{
    auto curves = make_curves({.num_draws = 50});
    const auto height_of = [&]
    {
        const auto axes = report::detail::axes_of(curves);
        return axes.y_high - axes.y_low;
    };
    const double with_bands = height_of();
    while (curves.models.size() < 4)
    {
        curves.models.push_back(curves.models.back());
        for (auto& point : curves.points)
            point.models.push_back(point.models.back());
    }
    const double without_bands = height_of();
    CHECK(without_bands < with_bands);
    curves.num_draws = 0;
    CHECK(height_of() == without_bands);
    const std::vector<std::string> four{"a", "b", "c", "d"};
    CHECK(!contains(written(draw_prevalence(curves, four)), "fill-opacity"));
}

TEST_CASE("a curve runs through its expected accuracies, between the edges of its band")
{
    const auto curves = make_curves({.num_points = 3, .num_draws = 50});
    REQUIRE(curves.points.size() == 3);
    auto axes = report::detail::axes_of(curves);
    axes.corner = {10.0, 20.0};
    CHECK(axes.x(0.0) == 10.0);
    CHECK(axes.x(curves.points.back().prevalence) == 530.0);
    CHECK(axes.y(axes.y_high / 100.0) == doctest::Approx(20.0));
    CHECK(axes.y(axes.y_low / 100.0) == doctest::Approx(350.0));
    const auto line_of = [&](std::size_t model, double evaluation::prevalence_accuracy::*accuracy)
    {
        std::string points;
        for (const auto& point : curves.points)
            points += (points.empty() ? "" : " ") + report::detail::pixels(axes.x(point.prevalence)) + "," +
                      report::detail::pixels(axes.y(point.models[model].*accuracy));
        return "<polyline points=\"" + points + "\"";
    };
    for (const std::size_t model : {0U, 1U})
    {
        svg_drawing curve(600.0, 400.0);
        report::detail::draw_curve(curve, axes, curves, model);
        CHECK(contains(curve.elements(), line_of(model, &evaluation::prevalence_accuracy::expected)));
        svg_drawing band(600.0, 400.0);
        report::detail::draw_band(band, axes, curves, model);
        CHECK(contains(band.elements(), line_of(model, &evaluation::prevalence_accuracy::lower)));
        CHECK(contains(band.elements(), line_of(model, &evaluation::prevalence_accuracy::upper)));
    }
}

TEST_CASE("ticks are 1, 2 or 5 times a power of ten apart, and within the axis")
{
    for (const double high : {0.3, 1.0, 7.0, 11.25, 42.8, 100.0})
    {
        const auto ticks = report::detail::nice_ticks(0.0, high, 7.0);
        CHECK(ticks.values.size() >= 4);
        CHECK(ticks.values.size() <= 12);
        CHECK(ticks.values.front() == 0.0);
        CHECK(ticks.values.back() <= high * 1.0001);
    }
    CHECK(report::detail::nice_ticks(0.0, 1.0, 5.0).decimals == 1);
    CHECK(report::detail::nice_ticks(0.0, 100.0, 5.0).decimals == 0);
}

TEST_CASE("labels of lines that are close stand in rows of their own, the left one higher")
{
    auto curves = make_curves({.num_draws = 0});
    const auto notes = report::detail::notes_of(curves, names, 100.0);
    REQUIRE(notes.size() == 2);
    CHECK(notes[0].row == 0);
    CHECK(notes[1].row == 1);
    CHECK(report::detail::notes_of(curves, names, 20.5)[1].row == 0);
}

TEST_CASE("names that are not as many as models, and curves of one point, are refused")
{
    auto curves = make_curves({.num_draws = 0});
    CHECK_THROWS_AS(draw_prevalence(curves, std::vector<std::string>{"one"}), shape_error);
    curves.points.resize(1);
    CHECK_THROWS_AS(draw_prevalence(curves, names), value_error);
}
