#include "support/xtensor.hpp"
#include <labelerrors/corrections/apply_decisions.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

using namespace labelerrors::corrections;
using labelerrors::value_error;
using namespace std::string_literals;

namespace
{

const std::vector<std::int64_t> labels{0, 1, 2, 0, 1};

[[nodiscard]] applied_decisions apply(const std::vector<decided_example>& decided, action dropped = action::keep)
{
    return apply_decisions(labels, decided, 3, dropped);
}

}  // namespace

TEST_CASE("own decisions change the labels that they relabel and no other")
{
    const std::vector<decided_example> decided{
        {4, 1, own_decision::drop, 9}, {0, 0, own_decision::relabel, 2}, {3, 0, own_decision::keep, 0}};
    const auto applied = apply(decided);
    CHECK(applied.labels == std::vector<std::int64_t>{2, 1, 2, 0, 1});
    CHECK(applied.kept_rows == std::vector<std::size_t>{0, 1, 2, 3, 4});
    CHECK(applied.num_keep == 1);
    CHECK(applied.num_relabel == 1);
    CHECK(applied.num_drop == 1);
    const auto without = apply(decided, action::drop);
    CHECK(without.labels == std::vector<std::int64_t>{2, 1, 2, 0});
    CHECK(without.kept_rows == std::vector<std::size_t>{0, 1, 2, 3});
    CHECK(apply({}).labels == labels);
    const std::vector<std::uint8_t> narrow{0, 1};
    const std::vector<decided_example> one{{1, 1, own_decision::relabel, 0}};
    CHECK(apply_decisions(std::span<const std::uint8_t>(narrow), one, 2).labels == std::vector<std::int64_t>{0, 0});
}

TEST_CASE("own decisions that do not belong to the labels are refused by their place")
{
    CHECK_THROWS_WITH_AS(apply({{0, 0, own_decision::keep, 0}, {5, 0, own_decision::keep, 0}}),
                         "apply_decisions: decided[1]: index must be below the 5 labels, but is 5", value_error);
    CHECK_THROWS_WITH_AS(apply({{2, 1, own_decision::drop, 0}}),
                         "apply_decisions: decided[0]: given_label must be the label at row 2, 2, but is 1: this "
                         "decision belongs to other labels",
                         value_error);
    CHECK_THROWS_WITH_AS(apply({{2, 2, own_decision::relabel, 3}}),
                         "apply_decisions: decided[0]: corrected_label must be below the 3 classes, but is 3",
                         value_error);
    CHECK_THROWS_WITH_AS(apply({{2, 2, own_decision::keep, 1}}),
                         "apply_decisions: decided[0]: corrected_label must be the given label, 2, where the decision "
                         "is keep, but is 1",
                         value_error);
    CHECK_THROWS_WITH_AS(apply({{2, 2, own_decision::drop, 0}, {2, 2, own_decision::keep, 2}}),
                         "apply_decisions: decided[1]: row 2 is decided before; give one decision for each row",
                         value_error);
    CHECK_THROWS_AS(apply({}, action::multi_label), value_error);
    const std::vector<std::int64_t> negative{-1};
    const std::vector<decided_example> largest{{0, static_cast<std::size_t>(-1), own_decision::drop, 0}};
    CHECK_THROWS_AS(apply_decisions(std::span<const std::int64_t>(negative), largest, 3), value_error);
}

TEST_CASE("own decisions are about labels in whatever holds integers, each at most 2^63 - 1")
{
    const std::vector<decided_example> decided{{1, 1, own_decision::relabel, 0}};
    const auto check = [&](const auto& given)
    {
        CHECK(apply_decisions(given, decided, 2).labels == std::vector<std::int64_t>{0, 0});
        CHECK(!decision_problem(given, decided.front(), 2));
    };
    std::vector<int> ints{0, 1};
    check(ints);
    check(std::span(ints));
    const xt::xtensor<std::uint8_t, 1> tensor{0, 1};
    check(tensor);
    check(tensor * 1);
    const std::vector<std::uint64_t> beyond{0, 1, std::numeric_limits<std::uint64_t>::max()};
    CHECK_THROWS_WITH_AS(apply_decisions(beyond, decided, 2),
                         "apply_decisions: labels[2] is 18446744073709551615, which is no label: it is above 2^63 - 1",
                         value_error);
    const std::vector<decided_example> too_large{{1, 1, own_decision::relabel, std::size_t{1} << 63}};
    CHECK_THROWS_WITH_AS(
        apply_decisions(ints, too_large, std::numeric_limits<std::size_t>::max()),
        "apply_decisions: decided[0]: corrected_label is 9223372036854775808, which is no label: it is "
        "above 2^63 - 1",
        value_error);
    CHECK_THROWS_WITH_AS(apply_decisions(xt::xarray<int>{{0, 1}}, decided, 2),
                         "apply_decisions: labels must have 1 dimension, not 2", labelerrors::shape_error);
}

TEST_CASE("own decisions about sets of labels change the sets that they relabel")
{
    using sets = std::vector<std::vector<std::size_t>>;
    const sets given{{2, 0}, {1}, {}};
    const auto apply_to = [&](const std::vector<decided_label_set>& decided, action dropped = action::keep)
    {
        return apply_decisions(given, decided, 3, dropped);
    };
    const std::vector<decided_label_set> decided{{0, {2, 0}, own_decision::relabel, {2, 1}},
                                                 {2, {}, own_decision::keep, {}},
                                                 {1, {1}, own_decision::drop, {7, 7}}};
    CHECK(apply_to(decided).labels == sets{{1, 2}, {1}, {}});
    const auto without = apply_to(decided, action::drop);
    CHECK(without.labels == sets{{1, 2}, {}});
    CHECK(without.kept_rows == std::vector<std::size_t>{0, 2});
    CHECK(without.num_drop == 1);
    CHECK(apply_to({{0, {0, 2}, own_decision::relabel, {}}}).labels.front().empty());
    const auto place = "apply_decisions: decided[0]: "s;
    CHECK_THROWS_WITH_AS(apply_to({{3, {}, own_decision::keep, {}}}),
                         (place + "index must be below the 3 sets of labels, but is 3").c_str(), value_error);
    CHECK_THROWS_WITH_AS(apply_to({{0, {0}, own_decision::drop, {}}}),
                         (place + "given_label must be the set of labels at row 0, but is another: this decision "
                                  "belongs to other labels")
                             .c_str(),
                         value_error);
    CHECK_THROWS_WITH_AS(
        apply_to({{1, {1}, own_decision::keep, {2}}}),
        (place + "corrected_label must be the given set of labels where the decision is keep, but is another").c_str(),
        value_error);
    CHECK_THROWS_WITH_AS(apply_to({{1, {1}, own_decision::relabel, {2, 0, 2}}}),
                         (place + "corrected_label has a label twice").c_str(), value_error);
    CHECK_THROWS_WITH_AS(apply_to({{1, {1}, own_decision::relabel, {0, 3}}}),
                         (place + "corrected_label must be below the 3 classes, but has 3").c_str(), value_error);
}

TEST_CASE_TEMPLATE("labels of every integer type are corrected", Label, char, unsigned char, wchar_t, char16_t, int)
{
    const std::vector<Label> few{0, 1};
    const std::vector<decided_example> decided{{1, 1, own_decision::relabel, 0}};
    CHECK(apply_decisions(std::span<const Label>(few), std::span<const decided_example>(decided), 2).labels ==
          std::vector<std::int64_t>{0, 0});
    const std::vector<decided_example> other{{1, 0, own_decision::keep, 0}};
    CHECK_THROWS_WITH_AS(
        static_cast<void>(apply_decisions(std::span<const Label>(few), std::span<const decided_example>(other), 2)),
        doctest::Contains("given_label must be the label at row 1, 1, but is 0"), value_error);
}

TEST_CASE("truth values are corrected as 0 and 1")
{
    const std::array<bool, 2> few{false, true};
    const std::vector<decided_example> decided{{1, 1, own_decision::relabel, 0}};
    CHECK(apply_decisions(std::span<const bool>(few), std::span<const decided_example>(decided), 2).labels ==
          std::vector<std::int64_t>{0, 0});
}
