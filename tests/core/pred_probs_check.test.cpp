#include "small_cases.hpp"
#include <labelerrors/core/class_thresholds.hpp>
#include <labelerrors/core/pred_probs_check.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <vector>

using labelerrors::value_error;
using labelerrors::detail::find_row_fault;
using labelerrors::detail::row_check;
using labelerrors::detail::row_fault;

namespace
{

constexpr double infinity = std::numeric_limits<double>::infinity();
using fault_kind = row_fault::fault_kind;

template <class T = double>
[[nodiscard]] std::optional<row_fault> fault_of(const std::vector<T>& row, double tolerance = 1e-4)
{
    return find_row_fault(std::span<const T>(row), 7, tolerance);
}

/// The message for a row at index 7, or nothing where it is one of probabilities.
template <class T = double>
[[nodiscard]] std::string message_of(const std::vector<T>& row, double tolerance = 1e-4)
{
    row_check<T> check(tolerance);
    const T* accepted = check.accept(std::span<const T>(row), 7);
    CHECK((accepted == nullptr) == check.failed());
    try
    {
        check.finish("find");
    }
    catch (const value_error& error)
    {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("a row of probabilities has no fault")
{
    CHECK(!fault_of({0.25, 0.75}));
    CHECK(!fault_of({0.0, 1.0}));
    CHECK(!fault_of({1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0}));
    CHECK(!fault_of<float>({0.1F, 0.2F, 0.7F}));
    CHECK(!fault_of({0.5, 0.5}, 0.0));
}

TEST_CASE("a value that is not finite is named with its column")
{
    for (const double bad : {std::nan(""), infinity, -infinity})
    {
        const auto fault = fault_of({0.5, bad, 2.0});
        REQUIRE(fault);
        CHECK(fault->kind == fault_kind::not_finite);
        CHECK(fault->row == 7);
        CHECK(fault->column == 1);
    }
    CHECK(message_of({0.5, std::nan("")}) ==
          "find: pred_probs row 7, column 1 is nan; probabilities must be finite: see where the model "
          "overflows or divides by zero, or leave the example out");
    CHECK(message_of({-infinity, 0.5}) ==
          "find: pred_probs row 7, column 0 is -inf; probabilities must be finite: see where the model "
          "overflows or divides by zero, or leave the example out");
    CHECK(message_of<float>({0.5F, 0.5F, std::numeric_limits<float>::infinity()}) ==
          "find: pred_probs row 7, column 2 is inf; probabilities must be finite: see where the model "
          "overflows or divides by zero, or leave the example out");
}

TEST_CASE("a value outside [0, 1] is named, the farthest of several")
{
    const auto fault = fault_of({-0.25, 1.5, -0.25});
    REQUIRE(fault);
    CHECK(fault->kind == fault_kind::out_of_range);
    CHECK(fault->column == 1);
    CHECK(fault->value == 1.5);
    CHECK(fault->like == labelerrors::detail::row_fault::likeness::probabilities);
    CHECK(message_of({-0.25, 1.25}) ==
          "find: pred_probs row 7, column 0 is -0.25, outside [0, 1] by more than the tolerance 1e-04");
}

TEST_CASE("a row far from probabilities that does not sum to 1 is named as logits")
{
    const auto fault = fault_of({-3.5, 12.25, 0.5});
    REQUIRE(fault);
    CHECK(fault->like == labelerrors::detail::row_fault::likeness::logits);
    CHECK(
        message_of({-3.5, 12.25, 0.5}) ==
        "find: pred_probs row 7, column 1 is 12.25, outside [0, 1] by more than the tolerance 1e-04, and the row does "
        "not sum to 1: these look like logits; apply a softmax to each row first");
    // A single value is more likely to be wrong than a row of logits; a model may give percentages.
    CHECK(message_of({0.25, 1.5, 0.25}) ==
          "find: pred_probs row 7, column 1 is 1.5, outside [0, 1] by more than the tolerance 1e-04, and the row does "
          "not sum to 1: each row must be the probabilities of all classes; scores or logits need a softmax first");
    CHECK(message_of({70.0, 20.0, 10.0}) ==
          "find: pred_probs row 7, column 0 is 70, outside [0, 1] by more than the tolerance 1e-04, and the row does "
          "not sum to 1 but to 100: these look like percentages; divide them by 100");
    CHECK(
        message_of({0.25, 0.5}) ==
        "find: pred_probs row 7 sums to 0.75, not to 1 within the tolerance 1e-04: each row must be the probabilities "
        "of all classes; scores or logits need a softmax first");
}

TEST_CASE("values and sums may be off by the tolerance and no more")
{
    CHECK(!fault_of({-0.9e-4, 1.0}));
    CHECK(fault_of({-1.1e-4, 1.0}));
    CHECK(!fault_of({0.9e-4, 1.0}));
    CHECK(fault_of({1.1e-4, 1.0}));
    CHECK(!fault_of({0.3, 0.6}, 0.11));
    CHECK(fault_of({0.3, 0.6}, 0.09));
    CHECK(fault_of({0.3, 0.7 + 1e-15}, 0.0));
    // With a tolerance without end any finite numbers pass.
    CHECK(!fault_of({-1000.0, 5.0}, 1e9));
}

TEST_CASE("the quick sum and the careful one come to the same verdict at every distance from 1")
{
    for (int step = -40; step <= 40; ++step)
    {
        const double off = static_cast<double>(step) * 5e-6;
        const std::vector<double> row{0.3, 0.7 + off};
        row_check<double> check(1e-4);
        CHECK((check.accept(std::span<const double>(row), 0) == nullptr) == fault_of(row).has_value());
    }
}

TEST_CASE("a tolerance below the rounding of floats gets the careful sum's verdict all the same")
{
    std::mt19937_64 random(15);
    int refused = 0;
    for (int round = 0; round < 3000; ++round)
    {
        std::vector<float> row(64);
        for (float& value : row)
            value = 0x1p-6F + static_cast<float>(static_cast<int>(random() % 129) - 64) * 0x1p-29F;
        row_check<float> check(3e-8);
        const bool accepted = check.accept(std::span<const float>(row), 0) != nullptr;
        CHECK(accepted == !fault_of(row, 3e-8));
        refused += accepted ? 0 : 1;
    }
    CHECK(refused > 2000);
    CHECK(refused < 3000);
}

TEST_CASE("rows of halves may be off by the rounding of halves, whatever type they are stored in")
{
    // 0.7 and 0.3 as halves are 0.7001953125 and 0.300048828125: together 1.000244140625.
    const std::vector<double> row{0.7001953125, 0.300048828125};
    CHECK(!fault_of(row));
    CHECK(!fault_of<float>({0.7001953125F, 0.300048828125F}));
    CHECK(!fault_of(row, 0.0));
    // As soon as one value is no half, the row was not rounded to halves.
    CHECK(fault_of({0.7001953125, 0.30004882}));
    // 2^-11 = 0.000488 is allowed for rounding, and the tolerance beyond: 1.0009765625 is too much.
    CHECK(fault_of({0.5009765625, 0.5}));
    CHECK(!fault_of({0.5009765625, 0.5}, 5e-4));
    // Below 2^-14 halves are 2^-24 apart: k classes may be off by k times half of that.
    std::vector<float> many(40'000, 0x1p-24F * 420.0F);
    CHECK(static_cast<double>(many[0]) * 40'000.0 == doctest::Approx(1.00136));
    CHECK(!fault_of(many));
}

TEST_CASE("a row within the tolerance is seen with its values at the bounds")
{
    const std::vector<double> row{-0.5e-4, 1.0 + 0.5e-4, 0.0};
    row_check<double> check(1e-4);
    const double* seen = check.accept(std::span<const double>(row), 0);
    REQUIRE(seen != nullptr);
    CHECK(std::vector<double>(seen, seen + 3) == std::vector<double>{0.0, 1.0, 0.0});
    CHECK(row[0] == -0.5e-4);
    // A row that needs no change is seen where it lies.
    const std::vector<double> proper{0.5, 0.5};
    CHECK(check.accept(std::span<const double>(proper), 1) == proper.data());
}

TEST_CASE("a check keeps the fault of the first row, and that of the earlier part when merged")
{
    const std::vector<double> proper{0.5, 0.5};
    const std::vector<double> wrong{0.5, 0.25};
    row_check<double> first(1e-4);
    row_check<double> second(1e-4);
    CHECK(second.accept(std::span<const double>(wrong), 5) == nullptr);
    CHECK(second.accept(std::span<const double>(wrong), 6) == nullptr);
    CHECK(second.accept(std::span<const double>(proper), 7) == nullptr);
    auto merged = first;
    merged.merge(second);
    CHECK_THROWS_WITH_AS(merged.finish("f"), doctest::Contains("row 5 sums to 0.75"), value_error);
    CHECK(first.accept(std::span<const double>(wrong), 2) == nullptr);
    first.merge(second);
    CHECK_THROWS_WITH_AS(first.finish("f"), doctest::Contains("row 2 sums to 0.75"), value_error);
    CHECK_NOTHROW(row_check<double>(1e-4).finish("f"));
}

TEST_CASE("a tolerance that is negative, endless or not a number is a value_error")
{
    const auto made = tests::worked_case();
    for (const double bad : {-1e-9, std::nan(""), infinity})
        CHECK_THROWS_WITH_AS(
            static_cast<void>(labelerrors::class_thresholds(made.labels, made.pred_probs, {.tolerance = bad})),
            doctest::Contains("class_thresholds: tolerance must be between 0 and 1e9, not "), value_error);
    CHECK_NOTHROW(static_cast<void>(labelerrors::class_thresholds(made.labels, made.pred_probs, {.tolerance = 0.0})));
}

TEST_CASE("the first bad row is named for any number of threads")
{
    constexpr std::size_t n = 500'000;
    xt::xtensor<float, 2> pred_probs = xt::xtensor<float, 2>::from_shape({n, std::size_t{4}});
    pred_probs.fill(0.25F);
    const std::vector<int> labels(n, 1);
    REQUIRE(labelerrors::detail::threads_for(7, n * 4) == 7);
    pred_probs(n - 1, 0) = std::numeric_limits<float>::quiet_NaN();
    pred_probs(400'000, 0) = 0.5F;
    pred_probs(399'999, 3) = 2.0F;
    for (const std::size_t threads : std::array<std::size_t, 3>{1, 2, 7})
        CHECK_THROWS_WITH_AS(
            static_cast<void>(labelerrors::class_thresholds(labels, pred_probs, {.threads = threads})),
            "class_thresholds: pred_probs row 399999, column 3 is 2, outside [0, 1] by more than the tolerance 1e-04, "
            "and the row does not sum to 1: each row must be the probabilities of all classes; scores or logits need a "
            "softmax first",
            value_error);
}
