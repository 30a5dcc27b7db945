#include <labelerrors/core/count_and_sum.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <type_traits>
#include <vector>

namespace
{

using namespace labelerrors;

/// Any values, some a little outside [0, 1]: what checks the rows comes later.
template <stored_element T>
[[nodiscard]] std::vector<T> made_values(std::size_t count, std::uint64_t seed)
{
    std::mt19937_64 random(seed);
    std::vector<T> values(count);
    for (T& value : values)
    {
        const double number = static_cast<double>(random() >> 11) * 0x1p-53 * 1.1 - 0.05;
        if constexpr (std::is_same_v<T, float16>)
            value = to_float16(static_cast<float>(number));
        else
            value = static_cast<T>(number);
    }
    return values;
}

template <class Label>
[[nodiscard]] std::vector<Label> made_labels(std::size_t n, std::size_t k, std::uint64_t seed)
{
    std::mt19937_64 random(seed);
    std::vector<Label> labels(n);
    for (Label& label : labels)
        label = static_cast<Label>(random() % k);
    return labels;
}

/// Labels that are yet to be checked.
template <class Label>
[[nodiscard]] class_labels<Label> unchecked(const std::vector<Label>& labels)
{
    class_labels<Label> result;
    result.values = labels;
    return result;
}

}  // namespace

TEST_CASE_TEMPLATE("counting and summing in one look gives the bits of a look for each", T, double, float, float16)
{
    for (const std::size_t k : {std::size_t{2}, std::size_t{3}, std::size_t{16}})
        for (const std::size_t n : {std::size_t{1}, std::size_t{2049}, std::size_t{300'000}})
            for (const std::size_t threads : {std::size_t{1}, std::size_t{3}})
            {
                CAPTURE(k);
                CAPTURE(n);
                CAPTURE(threads);
                const auto values = made_values<T>(n * k, k);
                const auto labels = made_labels<std::uint8_t>(n, k, n);
                const memory_rows<T> rows(values.data(), n, k, k);
                const pass_options options{.threads = threads};
                const auto expected = check_labels(labels, n, k, "test");
                auto counted = unchecked(labels);
                const auto sums = detail::count_and_sum(rows, counted, options, "test");
                REQUIRE(sums);
                CHECK(counted.class_counts == expected.class_counts);
                const auto expected_sums =
                    detail::sum_self_confidences(rows, expected, options, detail::clip::to_unit_interval);
                for (std::size_t j = 0; j < k; ++j)
                    CHECK((*sums)[j].digits() == expected_sums[j].digits());
            }
}

TEST_CASE("labels are counted without sums where rows are wide or strange")
{
    const std::size_t n = 1000;
    const auto values = made_values<double>(n * 17, 1);
    const auto labels = made_labels<int>(n, 17, 2);
    const auto expected = check_labels(labels, n, 17, "test");
    auto wide = unchecked(labels);
    CHECK(!detail::count_and_sum(memory_rows<double>(values.data(), n, 17, 17), wide, pass_options{}, "test"));
    CHECK(wide.class_counts == expected.class_counts);
    auto narrow = unchecked(labels);
    for (int& label : narrow.storage = labels)
        label %= 3;
    narrow.values = narrow.storage;
    const xt::xtensor<double, 2, xt::layout_type::column_major> columns =
        xt::adapt(values.data(), n * 3, xt::no_ownership(), std::vector<std::size_t>{n, 3});
    with_rows(columns, "test",
              [&](const auto& rows) { CHECK(!detail::count_and_sum(rows, narrow, pass_options{}, "test")); });
    CHECK(narrow.class_counts == check_labels(narrow.values, n, 3, "test").class_counts);
}

TEST_CASE("the first label that is no class is refused, and no row is looked at by it")
{
    const std::size_t n = 300'000;
    const std::size_t k = 3;
    const auto values = made_values<float>(n * k, 5);
    const memory_rows<float> rows(values.data(), n, k, k);
    for (const std::int64_t bad : {std::int64_t{3}, std::int64_t{-1}, std::int64_t{1} << 62, std::int64_t{-1} << 62})
        for (const std::size_t threads : {std::size_t{1}, std::size_t{4}})
        {
            auto labels = made_labels<std::int64_t>(n, k, 6);
            labels[123'456] = bad;
            labels[290'000] = 7;
            auto checked = unchecked(labels);
            const std::string expected = "test: labels[123456] is " + std::to_string(bad) +
                                         ", but pred_probs has 3 columns, so labels must be 0 to 2" +
                                         (bad < 0 ? "; if it stands for no label, leave the example out of both" : "");
            CHECK_THROWS_WITH_AS(
                static_cast<void>(detail::count_and_sum(rows, checked, pass_options{.threads = threads}, "test")),
                expected.c_str(), value_error);
        }
}
