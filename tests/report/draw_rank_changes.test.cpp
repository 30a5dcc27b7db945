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
