#include "svg_problem.hpp"
#include <labelerrors/evaluation/evaluate_models.hpp>
#include <labelerrors/report/draw_rank_changes.hpp>

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
    write_svg(out, std::vector{drawing}, "ranks");
    return out.str();
}

[[nodiscard]] std::size_t count_of(const std::string& text, const std::string& part)
{
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
        ++count;
    return count;
}

[[nodiscard]] evaluation::evaluation_table make_table()
{
    const std::vector<int> given{0, 1, 2, 0, 1};
    const std::vector<int> corrected{0, 1, 2, 1, 2};
    const auto make = [](const char* name, const std::vector<int>& labels)
    {
        return evaluation::model{"", name, evaluation::from_labels(labels, 3)};
    };
    const std::vector<evaluation::model> models{make("loser & co", {0, 1, 2, 0, 1}), make("winner", {0, 1, 2, 1, 2}),
                                                make("other", {0, 1, 1, 0, 2})};
    return evaluation::evaluate_models(
        models, evaluation::select_examples(given, corrected, evaluation::example_subset::corrected));
}

}  // namespace

TEST_CASE("each model stands on both sides with its accuracy, and the move in places")
{
    const std::string text = written(draw_rank_changes(make_table(), {.title = "a < b"}));
    CHECK(tests::svg_problem(text) == "");
    CHECK(count_of(text, ">a &lt; b</text>") == 1);
    for (const char* const name : {">loser &amp; co<", ">winner<", ">other<"})
        CHECK(count_of(text, name) == 2);
    CHECK(count_of(text, ">100.00<") == 2);
    CHECK(count_of(text, ">60.00<") == 4);
    CHECK(count_of(text, ">+1<") == 1);
    CHECK(count_of(text, ">\xe2\x88\x92"
                         "1<") == 1);
    CHECK(count_of(text, ">0<") == 1);
    // Two models share rank 2 on either side.
    CHECK(count_of(text, ">=<") == 4);
    for (const char* const label : {">By given labels<", ">By corrected labels<", ">gains places<", ">loses places<",
                                    ">keeps its rank<", ">= shared rank<"})
        CHECK(count_of(text, label) == 1);
}

TEST_CASE("a line leads from a model's place by given labels to that by corrected ones, the best at the top")
{
    const std::string text = written(draw_rank_changes(make_table()));
    // The winner comes from the second line, which it shares as a rank and leaves, to the first; the loser the other
    // way.
    const std::string first = "y=\"116.00\"";
    const std::string second = "y=\"139.00\"";
    const auto lines_of = [&](const std::string& name)
    {
        std::vector<std::string> lines;
        for (auto at = text.find(">" + name + "<"); at != std::string::npos; at = text.find(">" + name + "<", at + 1))
        {
            const auto begin = text.find("y=", text.rfind("<text", at));
            lines.push_back(text.substr(begin, text.find(' ', begin) - begin));
        }
        return lines;
    };
    CHECK(lines_of("winner") == std::vector{second, first});
    CHECK(lines_of("loser &amp; co") == std::vector{first, second});
    CHECK(lines_of("other") == std::vector<std::string>{"y=\"162.00\"", "y=\"162.00\""});
    const report::detail::rank_columns at(svg_width_of("loser & co", 12.0));
    const auto line = [&](double from, double to)
    {
        using report::detail::pixels;
        return "points=\"" + pixels(at.from) + "," + pixels(from) + " " + pixels(at.to) + "," + pixels(to) + "\"";
    };
    CHECK(count_of(text, line(135.0, 112.0) + " fill=\"none\" stroke=\"#0072b2\"") == 1);
    CHECK(count_of(text, line(112.0, 135.0) + " fill=\"none\" stroke=\"#d55e00\"") == 1);
    CHECK(count_of(text, line(158.0, 158.0) + " fill=\"none\" stroke=\"#777777\"") == 1);
}

TEST_CASE("gains, losses and neither differ in dashes and marks, not in colour alone")
{
    const std::string text = written(draw_rank_changes(make_table()));
    CHECK(count_of(text, "stroke-dasharray=\"7 4\"") == 2);
    CHECK(count_of(text, "stroke-dasharray=\"1.5 3\"") == 2);
    CHECK(count_of(text, "<circle") == 4);
}

TEST_CASE("models without the accuracy that is drawn are refused")
{
    CHECK_THROWS_AS(draw_rank_changes(make_table(), {.accuracy = ranked_by::top_k}), value_error);
    CHECK_THROWS_AS(draw_rank_changes(evaluation::evaluation_table{}), value_error);
}
