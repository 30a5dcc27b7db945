#include <labelerrors/core/count_and_sum.hpp>
#include <labelerrors/core/exact_sum.hpp>
#include <labelerrors/core/multilabel_confident_joint.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <random>
#include <vector>

using labelerrors::exact_sum;

namespace
{

[[nodiscard]] double sum_of(const std::vector<double>& terms)
{
    exact_sum sum;
    for (const double term : terms)
        sum.add(term);
    return sum.value();
}

[[nodiscard]] std::vector<double> random_terms(std::size_t count)
{
    std::mt19937_64 random(1);
    std::vector<double> terms(count);
    for (double& term : terms)
        term = std::ldexp(static_cast<double>(random() >> 11), -53 - static_cast<int>(random() % 20));
    return terms;
}

}  // namespace

TEST_CASE("a sum of fractions of powers of two is exact")
{
    CHECK(sum_of({}) == 0.0);
    CHECK(sum_of({0.5, 0.25, 0.125}) == 0.875);
    CHECK(sum_of({1.0, 0x1p-52}) == 1.0 + 0x1p-52);
    // The largest term that is allowed.
    const double below_two = std::nextafter(2.0, 0.0);
    CHECK(sum_of({below_two, 2.0 - below_two}) == 2.0);
}

TEST_CASE("terms that a running sum loses are kept")
{
    // 2^-53 is half a unit in the last place of 1: a running sum stays at 1 for ever.
    exact_sum sum;
    sum.add(1.0);
    for (int i = 0; i < 1024; ++i)
        sum.add(0x1p-53);
    CHECK(sum.value() == 1.0 + 0x1p-43);
}

TEST_CASE("terms below zero count as what they are")
{
    CHECK(sum_of({-0.25}) == -0.25);
    CHECK(sum_of({-0.75, 0.5, -0.125, 0.25}) == -0.125);
    CHECK(sum_of({1.5, -1.5}) == 0.0);
    CHECK(sum_of({-0x1p-62, -0x1p-62, -0x1p-62}) == -0x3p-62);
}

TEST_CASE("a term is cut towards zero at 2^-62")
{
    CHECK(sum_of({0x1p-62}) == 0x1p-62);
    CHECK(sum_of({0x1.8p-62}) == 0x1p-62);
    CHECK(sum_of({0x1p-63}) == 0.0);
    CHECK(sum_of({-0x1p-63}) == 0.0);
}

TEST_CASE("a sum is the same bits for every order of its terms")
{
    auto terms = random_terms(5000);
    const double expected = sum_of(terms);
    std::sort(terms.begin(), terms.end());
    CHECK(sum_of(terms) == expected);
    std::reverse(terms.begin(), terms.end());
    CHECK(sum_of(terms) == expected);
    std::shuffle(terms.begin(), terms.end(), std::mt19937_64(2));
    CHECK(sum_of(terms) == expected);
    // Running sums in these orders are not.
    CHECK(expected == doctest::Approx(std::accumulate(terms.begin(), terms.end(), 0.0)).epsilon(1e-12));
}

TEST_CASE("sums of parts merge to the same bits, however the terms are parted")
{
    const auto terms = random_terms(1000);
    const double expected = sum_of(terms);
    for (const std::size_t parts : std::array<std::size_t, 4>{2, 3, 7, 1000})
    {
        std::vector<exact_sum> sums(parts);
        for (std::size_t i = 0; i < terms.size(); ++i)
            sums[i % parts].add(terms[i]);
        exact_sum merged;
        for (auto part = sums.rbegin(); part != sums.rend(); ++part)
            merged.merge(*part);
        CHECK(merged.value() == expected);
    }
}

TEST_CASE("millions of terms neither overflow nor lose anything")
{
    constexpr int count = 1 << 22;
    exact_sum sum;
    for (int i = 0; i < count; ++i)
        sum.add(0.999'755'859'375);  // 1 - 2^-12
    CHECK(sum.value() == static_cast<double>(count) - 1024.0);
}

TEST_CASE("sums travel as digits, which may be added up by themselves")
{
    const auto terms = random_terms(1000);
    exact_sum whole;
    std::array<std::int64_t, 3> digits{};
    for (std::size_t part = 0; part < 10; ++part)
    {
        exact_sum sum;
        for (std::size_t i = 0; i < 100; ++i)
        {
            const double term = part % 3 == 0 ? -terms[part * 100 + i] : terms[part * 100 + i];
            sum.add(term);
            whole.add(term);
        }
        const auto mine = sum.digits();
        for (std::size_t d = 0; d < 3; ++d)
            digits[d] += mine[d];
    }
    CHECK(exact_sum::from_digits(digits).digits() == whole.digits());
    CHECK(exact_sum::from_digits(digits).value() == whole.value());
}

TEST_CASE("sums of more terms than one process has do not overflow")
{
    // 2^31 sums of 2^31 ones each, by doubling: 2^62.
    exact_sum sum;
    sum.add(1.0);
    for (int doubling = 0; doubling < 62; ++doubling)
        sum.merge(exact_sum(sum));
    CHECK(sum.value() == 0x1p62);
    exact_sum small;
    small.add(-0x1p-60);
    sum.merge(small);
    CHECK(sum.digits() == std::array<std::int64_t, 3>{0xfffffffc, 0xffffffff, (std::int64_t{1} << 60) - 1});
}

TEST_CASE("sums that are told of their terms carry before these are more than 64 bits hold")
{
    // 2^30 terms at a time: lower halves of 3 * 2^30 each, 64 times; 3 * 2^66 * 2^-62 is 48. And upper halves of 2^31
    // each, which stand for terms of 2, and of -2: 2^34 of them.
    std::vector<exact_sum> sums(3);
    std::vector<exact_sum> others(1);
    labelerrors::detail::term_count terms;
    for (int i = 0; i < 64; ++i)
    {
        terms.expect(std::uint32_t{1} << 30, sums, others);
        sums[0].add_halves(0, std::uint64_t{3} << 60);
        others[0].add_halves(0, std::uint64_t{1} << 60);
        if (i >= 16)
            continue;
        sums[1].add_halves(std::int64_t{1} << 61, 0);
        sums[2].add_halves(-(std::int64_t{1} << 61), 0);
    }
    CHECK(sums[0].value() == 48.0);
    CHECK(others[0].value() == 16.0);
    CHECK(sums[1].value() == 0x1p35);
    CHECK(sums[2].value() == -0x1p35);
    sums[2].merge(sums[1]);
    CHECK(sums[2].digits() == std::array<std::int64_t, 3>{});
}

TEST_CASE("the passes over labels and probabilities tell their sums of their terms")
{
    // Of a sum that has had nearly 2^31 terms, whose lower halves are as full as 64 bits allow, one more is lost.
    constexpr std::uint32_t nearly = (std::uint32_t{1} << 31) - 1;
    constexpr double least = 0x1p-62;
    std::vector<exact_sum> full(1);
    full[0].add_halves(0, ~std::uint64_t{0});

    labelerrors::detail::self_confidence_sums of_labels{full};
    of_labels.terms.expect(nearly, of_labels.sums);
    of_labels.add(0, 0, least);
    CHECK(of_labels.sums[0].value() == 4.0);

    labelerrors::detail::answer_sums of_answers{std::vector<exact_sum>(1), full};
    of_answers.terms.expect(nearly, of_answers.present);
    const std::array<unsigned char, 1> given{1};
    const std::array<std::uint32_t, 1> labels{0};
    of_answers.add({.index = 0, .pred_probs = std::array{least}, .given = given, .labels = labels});
    CHECK(of_answers.present[0].value() == 4.0);
    CHECK(of_answers.absent[0].value() == 0.0);

    const std::array<int, 1> label{0};
    const std::array<double, 2> row{0.5, 0.5};
    labelerrors::detail::counts_and_sums<int> counted{labelerrors::detail::label_counts<int>(label, 2),
                                                      std::vector<exact_sum>(2)};
    counted.sums[0].add_halves(0, std::uint64_t{1} << 63);
    counted.add(labelerrors::memory_rows<double>(row.data(), 1, 2, 2), label, 0, 1, [](std::size_t) { return true; });
    counted.sums[0].add_halves(0, std::uint64_t{1} << 63);
    CHECK(counted.sums[0].value() == 4.5);
}
