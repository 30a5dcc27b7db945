// Rows that are costly to read again: one pass and a sample give the thresholds and counts that two passes give.
#include <labelerrors/core/confidence_sample.hpp>
#include <labelerrors/core/confident_joint.hpp>
#include <labelerrors/core/threshold_ranges.hpp>
#include <labelerrors/core/unsettled_examples.hpp>
#include <labelerrors/rows/float16.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <span>
#include <string>
#include <vector>

namespace
{

using namespace labelerrors;
using namespace labelerrors::detail;

/// Rows in memory that claim to be costly, and count how many are read.
template <stored_element T>
struct costly_rows
{
    using value_type = row_element_for<T>;

    const std::vector<T>* values;
    std::size_t k;
    std::atomic<std::size_t>* rows_read;

    [[nodiscard]] std::size_t num_rows() const
    {
        return values->size() / k;
    }

    [[nodiscard]] std::size_t num_columns() const
    {
        return k;
    }

    [[nodiscard]] static bool costly_to_reread()
    {
        return true;
    }

    const value_type* read(std::size_t first, std::size_t count, std::vector<value_type>& buffer) const
    {
        *rows_read += count;
        buffer.resize(count * k);
        std::transform(values->begin() + static_cast<std::ptrdiff_t>(first * k),
                       values->begin() + static_cast<std::ptrdiff_t>((first + count) * k), buffer.begin(),
                       [](T value) { return static_cast<value_type>(value); });
        return buffer.data();
    }

    [[nodiscard]] const float16* halves(std::size_t first, std::size_t count,
                                        std::vector<float16>& /*buffer*/) const requires std::same_as<T, float16>
    {
        *rows_read += count;
        return values->data() + first * k;
    }
};

template <stored_element T>
struct made_set
{
    std::size_t k;
    std::vector<int> labels;
    std::vector<T> values;
};

template <stored_element T>
[[nodiscard]] T stored(double value)
{
    if constexpr (std::same_as<T, float16>)
        return to_float16(static_cast<float>(value));
    else
        return static_cast<T>(value);
}

/// How the labels follow one another.
enum class arrangement
{
    shuffled,
    sorted,
    periodic,
};

/// A set of which the model favours the label in most rows, by more or less. `confidence`: about how much of 1 it gets.
/// Some values are a little below 0, as the tolerance allows.
template <stored_element T>
[[nodiscard]] made_set<T> make_set(std::size_t n, std::size_t k, double confidence, arrangement labels,
                                   std::uint64_t seed)
{
    std::mt19937_64 random(seed);
    const auto uniform = [&]
    {
        return static_cast<double>(random() >> 11) * 0x1p-53;
    };
    made_set<T> set{k, std::vector<int>(n), std::vector<T>(n * k)};
    std::vector<double> row(k);
    for (std::size_t i = 0; i < n; ++i)
    {
        const std::size_t label = labels == arrangement::sorted     ? i * k / n
                                  : labels == arrangement::periodic ? i % k
                                                                    : random() % k;
        set.labels[i] = static_cast<int>(label);
        const std::size_t favoured = random() % 8 == 0 ? random() % k : label;
        double sum = 0.0;
        for (double& share : row)
            sum += share = uniform() * uniform();
        const double given = std::min(1.0, confidence * (0.5 + uniform()));
        for (std::size_t j = 0; j < k; ++j)
            row[j] = row[j] / sum * (1.0 - given) + (j == favoured ? given : 0.0);
        if (i % 11 == 0)
        {
            row[favoured] += row[(favoured + 1) % k] + 5e-5;
            row[(favoured + 1) % k] = -5e-5;
        }
        std::transform(row.begin(), row.end(), set.values.begin() + static_cast<std::ptrdiff_t>(i * k), stored<T>);
    }
    return set;
}

[[nodiscard]] std::vector<std::size_t> packed(const large_vector<off_diagonal_example>& examples)
{
    std::vector<std::size_t> all;
    for (const auto& example : examples)
        all.insert(all.end(), {example.row(), example.guess()});
    return all;
}

/// Checks that scanning the rows as costly ones gives what two passes give. Returns how often each row was read.
template <stored_element T>
double check_same(const made_set<T>& set, std::size_t threads)
{
    const std::size_t n = set.labels.size();
    const pass_options options{.tolerance = 1e-3, .threads = threads};
    const memory_rows<T> in_memory(set.values.data(), n, set.k, set.k);
    const auto labels = check_labels(set.labels, n, set.k, "test", threads);
    const auto expected = scan_confident(in_memory, labels, options, "test");
    std::atomic<std::size_t> rows_read{0};
    const costly_rows<T> costly{&set.values, set.k, &rows_read};
    using value_type = row_element_for<T>;
    auto memory = make_pass_memory(costly);
    const auto found = scan_confident(costly, labels, options, "test", std::nullopt, &memory);
    CHECK(found.thresholds == expected.thresholds);
    CHECK(found.diagonal == expected.diagonal);
    CHECK(found.pairs == expected.pairs);
    CHECK(packed(found.off_diagonal) == packed(expected.off_diagonal));
    CHECK(found.contradicted == expected.contradicted);
    auto expected_memory = make_pass_memory(costly);
    static_cast<void>(thresholds_of(in_memory, labels, options, expected_memory.confidence_floors));
    CHECK(memory.confidence_floors == expected_memory.confidence_floors);
    CHECK(memory.contradicted.complete());
    REQUIRE(!found.contradicted.empty());
    const std::size_t last = found.contradicted.back();
    CHECK(memory.contradicted.given(found.contradicted.size() - 1) ==
          static_cast<value_type>(set.values[last * set.k + labels[last]]));
    return static_cast<double>(rows_read) / static_cast<double>(n);
}

}  // namespace

TEST_CASE_TEMPLATE("a sample and one pass give what two passes give", T, double, float, float16)
{
    for (const auto labels : {arrangement::shuffled, arrangement::sorted, arrangement::periodic})
        for (const std::size_t threads : {1u, 3u})
        {
            CAPTURE(static_cast<int>(labels));
            // Of few classes and of many, of a model that is seldom in doubt, and of one that often is.
            CHECK(check_same(make_set<T>(200'000, 3, 0.7, labels, 1), threads) < 1.1);
            CHECK(check_same(make_set<T>(30'000, 2, 0.2, labels, 2), threads) < 1.1);
            CHECK(check_same(make_set<T>(30'000, 4, 0.3, labels, 3), threads) < 1.1);
            CHECK(check_same(make_set<T>(30'000, 40, 0.6, labels, 4), threads) < 1.15);
        }
}

TEST_CASE("of classes that the sample tells little about all rows are read")
{
    auto set = make_set<double>(40'000, 6, 0.7, arrangement::sorted, 5);
    // Class 0 has the last rows alone, class 1 none, and the model hardly sees class 2.
    for (std::size_t i = 0; i < set.labels.size(); ++i)
    {
        if (set.labels[i] <= 2)
            set.labels[i] += 3;
        if (i % 40 == 7)
            set.labels[i] = 2;
        if (i + 3 >= set.labels.size())
            set.labels[i] = 0;
    }
    const double reads = check_same(set, 2);
    CHECK(reads > 1.025);
    CHECK(reads < 1.15);
}

TEST_CASE("a class without examples has its threshold without a sample")
{
    auto set = make_set<double>(40'000, 6, 0.7, arrangement::shuffled, 11);
    std::replace(set.labels.begin(), set.labels.end(), 2, 3);
    CHECK(check_same(set, 2) < 1.1);
}

TEST_CASE("where the sample would say too little there are two passes")
{
    // A model that knows nothing, and classes of few rows.
    CHECK(check_same(make_set<double>(40'000, 80, 0.0, arrangement::shuffled, 6), 2) > 1.9);
    CHECK(check_same(make_set<double>(900, 20, 0.6, arrangement::shuffled, 7), 2) == 2.0);
}

TEST_CASE_TEMPLATE("of few rows of each class all are kept until the thresholds are known", T, double, float, float16)
{
    for (const std::size_t threads : {1u, 3u})
    {
        // Beside the pass half a thousand rows are looked at, whatever there are.
        CHECK(check_same(make_set<T>(2'000, 20, 0.6, arrangement::shuffled, 12), threads) < 1.3);
        CHECK(check_same(make_set<T>(2'000, 9, 0.6, arrangement::sorted, 13), threads) < 1.3);
        CHECK(check_same(make_set<T>(20'000, 200, 0.6, arrangement::shuffled, 14), threads) < 1.05);
        // A model that is not sure, and one that is of all classes but one.
        CHECK(check_same(make_set<T>(20'000, 200, 0.05, arrangement::shuffled, 15), threads) > 1.9);
        auto set = make_set<T>(20'000, 200, 0.6, arrangement::shuffled, 16);
        for (std::size_t i = 0; i < set.labels.size(); ++i)
            if (set.labels[i] == 3)
                std::swap(set.values[i * set.k + 3], set.values[i * set.k + 4]);
        const double reads = check_same(set, threads);
        CHECK(reads > 2.0);
        CHECK(reads < 2.05);
    }
    auto empty = make_set<T>(2'000, 20, 0.6, arrangement::shuffled, 17);
    std::replace(empty.labels.begin(), empty.labels.end(), 5, 6);
    CHECK(check_same(empty, 2) < 1.3);
}

TEST_CASE("where the sample was wrong all is counted again")
{
    auto set = make_set<double>(100'000, 2, 0.7, arrangement::shuffled, 8);
    std::atomic<std::size_t> rows_read{0};
    const auto sampled = sample_of(costly_rows<double>{&set.values, set.k, &rows_read});
    REQUIRE(sampled);
    // The rows that the sample sees are not like the others.
    for (std::size_t block = 0; block < sampled->num_blocks(); ++block)
        for (std::size_t row = sampled->first_row(block); row < sampled->first_row(block) + sampled->block_rows();
             ++row)
        {
            const auto label = static_cast<std::size_t>(set.labels[row]);
            set.values[row * 2 + label] = 0.25;
            set.values[row * 2 + 1 - label] = 0.75;
        }
    CHECK(check_same(set, 2) > 2.0);
}

TEST_CASE("a fault is found in the one pass as in two")
{
    auto set = make_set<double>(30'000, 3, 0.7, arrangement::shuffled, 9);
    set.values[3 * 20'000 + 1] = std::numeric_limits<double>::quiet_NaN();
    set.values[3 * 25'000 + 1] = 7.0;
    std::atomic<std::size_t> rows_read{0};
    const costly_rows<double> costly{&set.values, set.k, &rows_read};
    const auto labels = check_labels(set.labels, 30'000, 3, "test", 1);
    CHECK_THROWS_WITH_AS(static_cast<void>(scan_confident(costly, labels, {.tolerance = 1e-3}, "test")),
                         doctest::Contains("test: pred_probs row 20000, column 1 is nan"), value_error);
}

TEST_CASE("the blocks of a sample are rows that exist, each once, all over the set")
{
    for (const std::size_t n : {1000u, 5000u, 100'003u})
        for (const std::size_t block_rows : {1u, 7u, 61u})
        {
            const block_sample sample(n, n / 16, block_rows);
            std::size_t end = 0;
            for (std::size_t block = 0; block < sample.num_blocks(); ++block)
            {
                const std::size_t first = sample.first_row(block);
                CHECK(first >= end);
                CHECK(first >= n / sample.num_blocks() * block);
                end = first + block_rows;
                CHECK(end <= n / sample.num_blocks() * (block + 1));
            }
            CHECK(sample.num_blocks() == n / 16 / block_rows);
            CHECK(end > n / sample.num_blocks() * (sample.num_blocks() - 1));
        }
}

TEST_CASE("the margin of a mean is wider where rows of a block are alike")
{
    // 64 blocks of 16 rows, half of the values 0 and half 1: within each block, or by blocks.
    confidence_sample mixed(2);
    confidence_sample alike(2);
    for (std::size_t i = 0; i < 1024; ++i)
    {
        mixed.add(i, 1, static_cast<double>(i % 2));
        alike.add(i, 1, static_cast<double>(i / 16 % 2));
        if (i % 16 == 15)
        {
            mixed.end_block();
            alike.end_block();
        }
    }
    CHECK(mixed.size(0) == 0);
    CHECK(mixed.size(1) == 1024);
    CHECK(mixed.mean(1) == 0.5);
    CHECK(alike.mean(1) == 0.5);
    // The standard errors are 0.5 / 32 and 0.5 / 8.
    CHECK(mixed.margin(1) == doctest::Approx(4.5 / 64 + 10.0 / 1024 + 1.0 / 1024));
    CHECK(alike.margin(1) == doctest::Approx(4.5 / 16 + 10.0 / 1024 + 1.0 / 1024));
}

TEST_CASE("what is open is settled by hand")
{
    // Bounds 1/2 at first, then 5/8, 1/2 and 3/4 of the three classes.
    const std::vector<double> least{0.5, 0.125, 0.5};
    const std::vector<double> bounds{0.625, 0.25, 0.75};
    unsettled_examples<double> open(3, 1000);
    std::vector<std::uint32_t> columns;
    const auto add = [&](std::vector<double> row, std::size_t index, std::size_t label, std::size_t guess)
    {
        open.add(std::span<const double>(row), index, label, guess, least.data(), columns);
    };
    add({0.5, 0.0625, 0.4375}, 3, 0, 0);     // its own alone, missed
    add({0.875, 0.0625, 0.0625}, 4, 0, 0);   // its own alone, reached
    add({0.5, 0.0625, 0.4375}, 5, 2, 0);     // another's alone, missed
    add({0.6875, 0.1875, 0.125}, 7, 1, 0);   // two, of which the first alone is confident
    add({0.5625, 0.3125, 0.125}, 8, 0, 0);   // two, of which the second alone is
    add({0.65625, 0.25, 0.09375}, 9, 2, 0);  // both are
    add({0.5, 0.1875, 0.3125}, 11, 2, 0);    // none is
    open.add_own(2, 0.5);
    open.add_own(2, 0.75);
    open.add_single(12, 2, 0, 0.625);  // another's alone, reached
    open.add_single(13, 0, 0, 0.5625);
    REQUIRE(open.complete());
    CHECK(open.num_missed(0, bounds[0]) == 2);
    CHECK(open.num_missed(1, bounds[1]) == 0);
    CHECK(open.num_missed(2, bounds[2]) == 1);
    std::vector<std::string> settled;
    open.settle(bounds, [&](std::size_t index, bool confident, std::size_t guess)
                { settled.push_back(std::to_string(index) + (confident ? " in " + std::to_string(guess) : " none")); });
    CHECK(settled == std::vector<std::string>{"5 none", "7 in 0", "8 in 1", "9 in 0", "11 none", "12 in 0"});
}

TEST_CASE("what is open beyond the agreed memory is forgotten, and all counted again")
{
    const std::vector<double> least{0.5, 0.5};
    const std::vector<double> row{0.75, 0.25};
    std::vector<std::uint32_t> columns;
    const auto filled = [&](std::size_t examples, std::size_t most_bytes)
    {
        unsettled_examples<double> open(2, most_bytes);
        for (std::size_t i = 0; i < examples; ++i)
            if (i % 2 == 0)
                open.add(std::span<const double>(row), i, 1, 0, least.data(), columns);
            else
                open.add_own(0, 0.625);
        return open;
    };
    // An example of another class takes 32 bytes, one of its own 8.
    CHECK(filled(10, 200).complete());
    CHECK(!filled(11, 200).complete());
    CHECK(!filled(20, 200).complete());
    auto both = filled(10, 400);
    both.merge(filled(10, 400));
    CHECK(both.complete());
    both.merge(filled(1, 400));
    CHECK(!both.complete());
    auto first = filled(1, 400);
    first.merge(filled(30, 400));
    CHECK(!first.complete());

    // Some room is left for those that the counts keep open.
    const auto set = make_set<double>(10'000, 2, 0.7, arrangement::shuffled, 10);
    const threshold_ranges ranges{{0.1, 0.1}, {0.9, 0.9}};
    const std::vector<double> thresholds{0.6, 0.7};
    for (const std::size_t most_bytes : {1'000u, 1'000'000u})
    {
        confident_counts<double, int> counts(std::span<const int>(set.labels), ranges, 1e-3, nullptr, most_bytes);
        counts.add(row_block<double>{set.values.data(), 0, 10'000, 2});
        CHECK(counts.settle(thresholds) == (most_bytes == 1'000'000));
    }
    // Nor is anything settled by thresholds out of their ranges.
    confident_counts<double, int> counts(std::span<const int>(set.labels), ranges, 1e-3, nullptr, 1'000'000);
    counts.add(row_block<double>{set.values.data(), 0, 10'000, 2});
    CHECK(!counts.settle(std::vector<double>{0.6, 0.95}));
    CHECK(!counts.settle(std::vector<double>{0.05, 0.7}));
}
