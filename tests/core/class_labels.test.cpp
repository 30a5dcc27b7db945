#include "support/xtensor.hpp"
#include <labelerrors/core/class_labels.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

using labelerrors::check_labels;
using labelerrors::shape_error;
using labelerrors::value_error;

namespace
{

using counts = std::vector<std::size_t>;

/// Checks labels 2, 0, 2, 1, 2 in a vector of `Label`.
template <class Label>
void check_type()
{
    const std::vector<Label> labels{2, 0, 2, 1, 2};
    const auto checked = check_labels(labels, 5, 4, "f");
    CHECK(checked.class_counts == counts{1, 1, 3, 0});
    CHECK(checked.values.data() == labels.data());
    CHECK(checked.size() == 5);
    CHECK(checked[3] == 1);
    CHECK_THROWS_WITH_AS(static_cast<void>(check_labels(labels, 5, 2, "f")),
                         "f: labels[0] is 2, but pred_probs has 2 columns, so labels must be 0 to 1", value_error);
}

}  // namespace

TEST_CASE("labels of every integer type are counted where they lie")
{
    check_type<std::int8_t>();
    check_type<std::uint8_t>();
    check_type<std::int16_t>();
    check_type<std::uint16_t>();
    check_type<std::int32_t>();
    check_type<std::uint32_t>();
    check_type<std::int64_t>();
    check_type<std::uint64_t>();
}

TEST_CASE("labels are counted, and the first bad one is found, by any number of threads")
{
    for (const std::size_t k : {std::size_t{3}, std::size_t{40}})
    {
        std::vector<std::int32_t> labels(1'500'000);
        counts expected(k);
        for (std::size_t i = 0; i < labels.size(); ++i)
        {
            labels[i] = static_cast<std::int32_t>(i * i % k);
            ++expected[i * i % k];
        }
        for (const std::size_t threads : {0u, 1u, 2u, 5u})
        {
            CHECK(check_labels(labels, labels.size(), k, "f", threads).class_counts == expected);
            auto bad = labels;
            bad[1'400'000] = -1;
            bad[900'001] = static_cast<std::int32_t>(k);
            bad[900'000] = std::numeric_limits<std::int32_t>::min();
            CHECK_THROWS_WITH_AS(static_cast<void>(check_labels(bad, bad.size(), k, "f", threads)),
                                 doctest::Contains("labels[900000] is -2147483648"), value_error);
        }
    }
}

TEST_CASE("labels of two classes may be truth values")
{
    const xt::xtensor<bool, 1> labels{true, false, true};
    CHECK(check_labels(labels, 3, 2, "f").class_counts == counts{1, 2});
    CHECK(check_labels(std::array{true, false, true}, 3, 2, "f").class_counts == counts{1, 2});
    CHECK(check_labels(xt::equal(xt::xtensor<int, 1>{4, 5, 5, 5}, 5), 4, 2, "f").class_counts == counts{1, 3});
}

TEST_CASE("labels come from any contiguous range or one-dimensional array")
{
    const std::vector<int> stored{0, 1, 1};
    CHECK(check_labels(std::span<const int>(stored), 3, 2, "f").values.data() == stored.data());
    CHECK(check_labels(std::array<unsigned char, 3>{0, 1, 1}, 3, 2, "f").class_counts == counts{1, 2});
    const xt::xtensor<int, 1> tensor{0, 1, 1};
    CHECK(check_labels(tensor, 3, 2, "f").values.data() == tensor.data());
    const xt::xarray<int> array{0, 1, 1};
    CHECK(check_labels(array, 3, 2, "f").values.data() == array.data());
    CHECK(check_labels(xt::adapt(stored.data(), 3, xt::no_ownership(), std::array<std::size_t, 1>{3}), 3, 2, "f")
              .values.data() == stored.data());
}

TEST_CASE("labels that do not lie one after another are copied")
{
    const xt::xtensor<int, 1> labels{0, 9, 1, 9, 1, 9};
    const auto every_second = xt::view(labels, xt::range(0, 6, 2));
    const auto strided = check_labels(every_second, 3, 2, "f");
    CHECK(strided.storage == std::vector<int>{0, 1, 1});
    CHECK(strided.class_counts == counts{1, 2});
    // The label column of a table.
    const xt::xtensor<int, 2> table{{7, 0}, {7, 1}, {7, 1}};
    CHECK(check_labels(xt::view(table, xt::all(), 1), 3, 2, "f").class_counts == counts{1, 2});
    CHECK(check_labels(labels - labels, 6, 2, "f").class_counts == counts{6, 0});
}

TEST_CASE("a part of an array is read from where it starts")
{
    const xt::xtensor<int, 1> labels{9, 9, 1, 0, 1};
    CHECK(check_labels(xt::view(labels, xt::range(2, 5)), 3, 2, "f").class_counts == counts{1, 2});
}

TEST_CASE("checked labels can be passed on")
{
    auto checked = check_labels(xt::xtensor<int, 1>{1, 0, 1} + 0, 3, 2, "f");
    const auto moved = std::move(checked);
    CHECK(std::vector<int>(moved.values.begin(), moved.values.end()) == std::vector<int>{1, 0, 1});
}

TEST_CASE("a label that is no class is a value_error with the first bad index")
{
    CHECK_THROWS_WITH_AS(static_cast<void>(check_labels(std::vector<int>{0, 1, 3, -1}, 4, 3, "find")),
                         "find: labels[2] is 3, but pred_probs has 3 columns, so labels must be 0 to 2", value_error);
    CHECK_THROWS_WITH_AS(static_cast<void>(check_labels(std::vector<std::int8_t>{0, -1, 7}, 3, 3, "find")),
                         "find: labels[1] is -1, but pred_probs has 3 columns, so labels must be 0 to 2; if it stands "
                         "for no label, leave the example out of both",
                         value_error);
    CHECK_THROWS_WITH_AS(static_cast<void>(check_labels(
                             std::vector<std::uint64_t>{0, std::numeric_limits<std::uint64_t>::max()}, 2, 2, "find")),
                         doctest::Contains("labels[1] is 18446744073709551615"), value_error);
    CHECK_THROWS_WITH_AS(static_cast<void>(check_labels(
                             std::vector<std::int64_t>{std::numeric_limits<std::int64_t>::min()}, 1, 2, "find")),
                         doctest::Contains("labels[0] is -9223372036854775808"), value_error);
}

TEST_CASE("labels that are classes but for being counted from 1 are refused with the remedy, others without it")
{
    const auto message = [](const auto& labels)
    {
        std::string text;
        try
        {
            static_cast<void>(check_labels(labels, labels.size(), 3, "f"));
        }
        catch (const value_error& error)
        {
            text = error.what();
        }
        return text;
    };
    const std::string refused = " is 3, but pred_probs has 3 columns, so labels must be 0 to 2";
    const std::string remedy = "; if classes are counted from 1, subtract 1 from every label";
    CHECK(message(std::vector<int>{1, 2, 3, 1}) == "f: labels[2]" + refused + remedy);
    CHECK(message(std::vector<char>{3, 2}) == "f: labels[0]" + refused + remedy);
    CHECK(message(std::vector<std::uint64_t>{3, 1}) == "f: labels[0]" + refused + remedy);
    CHECK(message(std::vector<int>{1, 3, 0}) == "f: labels[1]" + refused);
    CHECK(message(std::vector<int>{3, 1, -1}) == "f: labels[0]" + refused);
    CHECK(message(std::vector<int>{3, 4, 1}) == "f: labels[0]" + refused);
    CHECK(message(std::vector<int>{4, 1}) ==
          "f: labels[0] is 4, but pred_probs has 3 columns, so labels must be 0 to 2");
    CHECK(message(std::vector<std::uint8_t>{1, 2, 1}).empty());
}

TEST_CASE("labels and rows of different number are a shape_error with both numbers")
{
    CHECK_THROWS_WITH_AS(static_cast<void>(check_labels(std::vector<int>{0, 1, 1}, 4, 2, "find")),
                         "find: labels has 3 examples and pred_probs has 4 rows; they must be the same examples in the "
                         "same order",
                         shape_error);
    CHECK_THROWS_AS(static_cast<void>(check_labels(std::vector<int>{}, 4, 2, "find")), shape_error);
    CHECK_THROWS_AS(static_cast<void>(check_labels(std::vector<int>{0, 1}, 0, 2, "find")), shape_error);
}

TEST_CASE("no examples, or fewer than two classes, are a shape_error")
{
    CHECK_THROWS_WITH_AS(static_cast<void>(check_labels(std::vector<int>{}, 0, 2, "find")),
                         "find: labels and pred_probs are empty; at least one example is needed", shape_error);
    CHECK_THROWS_WITH_AS(static_cast<void>(check_labels(std::vector<int>{0, 0}, 2, 1, "find")),
                         "find: pred_probs must have at least 2 columns, one for each class, not 1; if it is the "
                         "probability p of one of two classes, make it the columns 1 - p and p",
                         shape_error);
    CHECK_THROWS_AS(static_cast<void>(check_labels(std::vector<int>{}, 0, 0, "find")), shape_error);
}

// Arrays that are known at compile time to have another number of dimensions do not compile.
static_assert(!labelerrors::label_sequence<xt::xtensor<int, 2>>);

TEST_CASE("labels of other than one dimension are a shape_error")
{
    CHECK_THROWS_WITH_AS(static_cast<void>(check_labels(xt::xarray<int>{{0, 1}, {1, 0}}, 4, 2, "find")),
                         "find: labels must have 1 dimension, not 2", shape_error);
    CHECK_THROWS_WITH_AS(static_cast<void>(check_labels(xt::xarray<int>(1), 1, 2, "find")),
                         "find: labels must have 1 dimension, not 0", shape_error);
}

TEST_CASE("labels that were copied stay where they are when what holds them is moved")
{
    using checked_labels = decltype(check_labels(std::array<bool, 2>{}, 2, 2, "f"));
    static_assert(!std::is_copy_constructible_v<checked_labels> && !std::is_copy_assignable_v<checked_labels>);
    static_assert(std::is_nothrow_move_constructible_v<checked_labels>);
    const std::array<bool, 3> truths{true, false, true};
    auto checked = check_labels(truths, 3, 2, "f");
    REQUIRE(checked.values.data() == checked.storage.data());
    const checked_labels moved = std::move(checked);
    CHECK(moved.values.data() == moved.storage.data());
    CHECK(moved[0] == 1);
    CHECK(moved[1] == 0);
    CHECK(moved.class_counts == counts{1, 2});
}
