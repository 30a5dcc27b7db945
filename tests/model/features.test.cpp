// Texts as features, and the classes of the nearest neighbours.
#include <labelerrors/model/hashing_bag_of_words.hpp>
#include <labelerrors/model/k_nearest_neighbors.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

using labelerrors::hashing_bag_of_words;
using labelerrors::k_nearest_neighbors;
using labelerrors::shape_error;
using labelerrors::text_terms;
using labelerrors::value_error;

namespace
{

using matrix = xt::xtensor<double, 2>;

/// The row of a text by column.
[[nodiscard]] std::map<std::uint32_t, float> row_of(const labelerrors::sparse_features<float>& features,
                                                    std::size_t row)
{
    std::map<std::uint32_t, float> values;
    for (std::size_t at = features.row_starts[row]; at < features.row_starts[row + 1]; ++at)
        values[features.columns[at]] = features.values[at];
    return values;
}

/// The column of a word, by its published hash of 64 bits.
[[nodiscard]] std::uint32_t column_of(std::uint64_t hash, std::size_t num_columns = 1u << 16)
{
    return static_cast<std::uint32_t>(hash % num_columns);
}

// FNV-1a's published test vectors, of "a" and of "foobar".
constexpr std::uint64_t hash_of_a = 0xaf63dc4c8601ec8cu;
constexpr std::uint64_t hash_of_foobar = 0x85944171f73967e8u;

/// The probabilities that k_nearest_neighbors says, by looking at every pair of examples.
[[nodiscard]] matrix plain_neighbors(const matrix& learnt, const std::vector<std::size_t>& labels, std::size_t k,
                                     const matrix& asked, std::size_t num_neighbors, double prior_votes)
{
    auto result = matrix::from_shape({asked.shape()[0], k});
    for (std::size_t i = 0; i < asked.shape()[0]; ++i)
    {
        std::vector<std::pair<double, std::size_t>> near;
        for (std::size_t row = 0; row < labels.size(); ++row)
        {
            double distance = 0.0;
            for (std::size_t j = 0; j < asked.shape()[1]; ++j)
                distance += (asked(i, j) - learnt(row, j)) * (asked(i, j) - learnt(row, j));
            near.emplace_back(distance, row);
        }
        std::sort(near.begin(), near.end());
        near.resize(std::min(near.size(), num_neighbors));
        for (std::size_t j = 0; j < k; ++j)
        {
            const auto of_class = std::count(labels.begin(), labels.end(), j);
            const auto votes =
                std::count_if(near.begin(), near.end(), [&](const auto& n) { return labels[n.second] == j; });
            result(i, j) = (static_cast<double>(votes) +
                            prior_votes * static_cast<double>(of_class) / static_cast<double>(labels.size())) /
                           (static_cast<double>(near.size()) + prior_votes);
        }
    }
    return result;
}

template <class Work>
[[nodiscard]] std::string refused(const Work& work)
{
    try
    {
        work();
    }
    catch (const std::invalid_argument& error)
    {
        return error.what();
    }
    return "";
}

[[nodiscard]] double largest_difference(const matrix& a, const matrix& b)
{
    REQUIRE(a.shape() == b.shape());
    double largest = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i)
        largest = std::max(largest, std::abs(a.data()[i] - b.data()[i]));
    return largest;
}

}  // namespace

static_assert(labelerrors::classifier<k_nearest_neighbors, matrix>);
static_assert(labelerrors::classifier<k_nearest_neighbors, xt::xtensor<std::uint8_t, 2>>);
static_assert(!labelerrors::classifier<k_nearest_neighbors, labelerrors::sparse_features<float>>);

TEST_CASE("words are hashed by FNV-1a, in small letters, and weighed by how few texts have them")
{
    const std::vector<std::string> texts{"A foobar, FooBar!", "a", "  ...  "};
    const auto features = hashing_bag_of_words(texts, {.min_word_bytes = 1});
    CHECK(features.num_columns == 65536);
    CHECK(features.row_starts == std::vector<std::size_t>{0, 2, 3, 3});
    // "a" is in 2 of 3 texts, "foobar" in 1, there twice.
    const double a = std::log(4.0 / 3.0) + 1.0;
    const double foobar = 2.0 * (std::log(4.0 / 2.0) + 1.0);
    const double length = std::sqrt(a * a + foobar * foobar);
    const auto first = row_of(features, 0);
    CHECK(first.at(column_of(hash_of_a)) == doctest::Approx(a / length));
    CHECK(first.at(column_of(hash_of_foobar)) == doctest::Approx(foobar / length));
    CHECK(row_of(features, 1) == std::map<std::uint32_t, float>{{column_of(hash_of_a), 1.0f}});
    CHECK_NOTHROW(features.require_valid("test"));
    CHECK(std::is_sorted(features.columns.begin(), features.columns.begin() + 2));
    // By default one byte is no word; letters of two bytes are.
    CHECK(hashing_bag_of_words(texts).row_starts == std::vector<std::size_t>{0, 1, 1, 1});
    // What is between separators, or in no text, is no word of no bytes.
    const std::vector<std::string> gaps{"a, b. ", ""};
    CHECK(hashing_bag_of_words(gaps, {.min_word_bytes = 0}).row_starts == std::vector<std::size_t>{0, 2, 2});
    CHECK(hashing_bag_of_words(std::vector<std::string>{"\xc3\xa9t\xc3\xa9 x 42"}).values.size() == 2);
}

TEST_CASE("pairs of words count as terms of their own")
{
    const auto terms = [](const std::string& text, text_terms which)
    {
        const auto features =
            hashing_bag_of_words(std::vector<std::string>{text}, {.num_columns = 1u << 30, .terms = which});
        return std::vector<std::uint32_t>(features.columns);
    };
    CHECK(terms("red green blue", text_terms::words).size() == 3);
    CHECK(terms("red green blue", text_terms::words_and_pairs).size() == 5);
    CHECK(terms("red green", text_terms::words_and_pairs).size() == 3);
    CHECK(terms("red", text_terms::words_and_pairs) == terms("red", text_terms::words));
    // Pairs have an order, and one that does not count, here "a", is no word between two.
    CHECK(terms("red green", text_terms::words_and_pairs) != terms("green red", text_terms::words_and_pairs));
    CHECK(terms("red a green", text_terms::words_and_pairs) == terms("red green", text_terms::words_and_pairs));
    // A pair is two words and a blank, not one long word.
    const auto pair = terms("red green", text_terms::words_and_pairs);
    CHECK(std::find(pair.begin(), pair.end(), terms("redgreen", text_terms::words).at(0)) == pair.end());
    // The same word twice is one term and its pair another.
    CHECK(terms("red red", text_terms::words_and_pairs).size() == 2);
}

TEST_CASE("a word ends where letters, digits and bytes beyond ASCII end")
{
    const auto columns = [](const std::string& text)
    {
        return std::vector<std::uint32_t>(hashing_bag_of_words(std::vector<std::string>{text}).columns);
    };
    CHECK(columns("AZaz09\x80z\xff").size() == 1);
    CHECK(columns("AZaz09\x80z\xff") == columns("azAZ09\x80z\xff"));
    for (const char between : {'/', ':', '@', '[', '`', '{', '\x7f'})
        CHECK(columns(std::string("ab") + between + "cd") == columns("ab cd"));
}

TEST_CASE("columns are a remainder, and terms are counted over all texts")
{
    const std::vector<std::string> texts{"pear fig kiwi", "kiwi pear", "fig", "lime kiwi"};
    for (const std::size_t num_columns : {std::size_t{1000003}, std::size_t{1} << 31})
    {
        const auto column = [&](const std::string& word)
        {
            return hashing_bag_of_words(std::vector<std::string>{word}, {.num_columns = num_columns}).columns.at(0);
        };
        const auto features = hashing_bag_of_words(texts, {.num_columns = num_columns});
        const auto first = row_of(features, 0);
        const double in_two = std::log(5.0 / 3.0) + 1.0;
        const double in_three = std::log(5.0 / 4.0) + 1.0;
        const double length = std::sqrt(2.0 * in_two * in_two + in_three * in_three);
        CHECK(first.at(column("pear")) == doctest::Approx(in_two / length));
        CHECK(first.at(column("fig")) == doctest::Approx(in_two / length));
        CHECK(first.at(column("kiwi")) == doctest::Approx(in_three / length));
    }
    CHECK(hashing_bag_of_words(std::vector<std::string>{"foobar"}, {.num_columns = 1000}).columns ==
          std::vector<std::uint32_t>{static_cast<std::uint32_t>(hash_of_foobar % 1000)});
}

TEST_CASE("texts that cannot be counted are refused")
{
    CHECK_THROWS_AS(hashing_bag_of_words(std::vector<std::string>{}), shape_error);
    const std::vector<std::string> texts{"one"};
    CHECK_THROWS_AS(hashing_bag_of_words(texts, {.num_columns = 0}), value_error);
    CHECK_THROWS_AS(hashing_bag_of_words(texts, {.num_columns = (std::size_t{1} << 31) + 1}), value_error);
    CHECK(hashing_bag_of_words(texts, {.num_columns = 1}).columns == std::vector<std::uint32_t>{0});
}

TEST_CASE("rows that are not there cannot be taken")
{
    const std::vector<std::size_t> rows{1, 0, 2};
    const auto refuses = [&](const auto& features)
    {
        CHECK(refused([&] { (void)labelerrors::take_rows(features, rows); })
                  .find("take_rows: rows[2] is 2, but features has 2 rows") != std::string::npos);
        CHECK(labelerrors::num_feature_rows(labelerrors::take_rows(features, std::span(rows).first(2))) == 2);
    };
    refuses(matrix{{0.0}, {1.0}});
    refuses(xt::xtensor<std::int64_t, 2>{{0}, {1}});
    refuses(std::vector<std::string>{"a", "b"});
    labelerrors::sparse_features<float> sparse{
        .num_columns = 1, .row_starts = {0, 1, 1}, .columns = {0}, .values = {1.0f}};
    refuses(sparse);
    sparse.row_starts = {0, 1, 2};
    const auto cut = [&]
    {
        return refused([&] { (void)labelerrors::take_rows(sparse, std::span(rows).first(2)); });
    };
    const std::string problem =
        "take_rows: features must have the columns and values that row_starts says, but row 1 is from 1 to 2 of ";
    CHECK(cut() == problem + "1 columns and 1 values");
    sparse.columns = {0, 0};
    CHECK(cut() == problem + "2 columns and 1 values");
    sparse.columns = {0};
    sparse.values = {1.0f, 1.0f};
    CHECK(cut() == problem + "1 columns and 2 values");
}

TEST_CASE("the nearest neighbours vote, of equally near ones the earlier, worked by hand")
{
    // At 0: neighbours at -1 (row 1, class 1), 1 (row 0, class 0) and 1 (row 3, class 1), equally near.
    const matrix learnt{{1.0}, {-1.0}, {5.0}, {1.0}};
    const std::vector<std::size_t> labels{0, 1, 2, 1};
    k_nearest_neighbors model({.num_neighbors = 2, .prior_votes = 0.5});
    model.fit(learnt, labels, 3);
    const auto pred_probs = model.predict_proba(matrix{{0.0}, {4.5}});
    // Two votes and half a vote by the shares 1/4, 1/2, 1/4.
    CHECK(pred_probs(0, 0) == doctest::Approx(1.125 / 2.5));
    CHECK(pred_probs(0, 1) == doctest::Approx(1.25 / 2.5));
    CHECK(pred_probs(0, 2) == doctest::Approx(0.125 / 2.5));
    CHECK(pred_probs(1, 0) == doctest::Approx(1.125 / 2.5));
    CHECK(pred_probs(1, 1) == doctest::Approx(0.25 / 2.5));
    CHECK(pred_probs(1, 2) == doctest::Approx(1.125 / 2.5));
}

TEST_CASE("neighbours are those of a plain search, for every type and any number of threads")
{
    const std::size_t m = 1100;
    const std::size_t n = 600;
    const std::size_t d = 70;
    std::mt19937_64 random(9);
    const auto uniform = [&]
    {
        return static_cast<double>(random() % 1024) / 1024.0;
    };
    auto learnt = matrix::from_shape({m, d});
    auto asked = matrix::from_shape({n, d});
    std::vector<std::size_t> labels;
    for (std::size_t i = 0; i < m; ++i)
    {
        labels.push_back(random() % 4);
        for (std::size_t j = 0; j < d; ++j)
            learnt(i, j) = uniform() + (j % 4 == labels[i] ? 0.1 : 0.0);
    }
    for (double& value : asked)
        value = uniform();
    const auto expected = plain_neighbors(learnt, labels, 4, asked, 10, 1.0);
    const auto predicted = [&](const auto& from, const auto& about, std::size_t threads)
    {
        k_nearest_neighbors model({.threads = threads});
        model.fit(from, labels, 4);
        return model.predict_proba(about);
    };
    const auto one = predicted(learnt, asked, 1);
    CHECK(largest_difference(one, expected) < 1e-12);
    for (const std::size_t threads : {2u, 7u})
        CHECK(predicted(learnt, asked, threads) == one);
    const xt::xtensor<float, 2> floats = xt::cast<float>(learnt);
    const auto in_float = predicted(floats, asked, 1);
    CHECK(largest_difference(in_float, expected) < 1e-12);
    CHECK(predicted(floats, asked, 7) == in_float);
    // Fewer examples than neighbours: all are.
    const matrix few{{0.0}, {1.0}};
    k_nearest_neighbors model;
    model.fit(few, std::vector<std::size_t>{0, 1}, 2);
    CHECK(largest_difference(model.predict_proba(matrix{{7.0}}), matrix{{0.5, 0.5}}) < 1e-12);
}

TEST_CASE("one example far from all others does not change who is near, in floats as in doubles")
{
    auto floats = xt::xtensor<float, 2>::from_shape({101, 1});
    std::vector<std::size_t> labels;
    for (std::size_t i = 0; i < 101; ++i)
    {
        floats(i, 0) = i < 100 ? static_cast<float>(i) : 1e7f;
        labels.push_back(i / 10 % 2);
    }
    for (const float unit : {1.0f, 0.125f})
    {
        auto near = floats;
        for (std::size_t i = 0; i < 100; ++i)
            near(i, 0) *= unit;
        k_nearest_neighbors model({.num_neighbors = 3});
        model.fit(near, labels, 2);
        const auto pred_probs = model.predict_proba(near);
        CHECK(largest_difference(pred_probs, plain_neighbors(xt::cast<double>(near), labels, 2, xt::cast<double>(near),
                                                             3, 1.0)) < 1e-12);
        std::size_t num_right = 0;
        for (std::size_t i = 0; i < 100; ++i)
            num_right += (pred_probs(i, 1) > 0.5) == (labels[i] == 1) ? 1u : 0u;
        CHECK(num_right == 100);
    }
}

TEST_CASE("a search for neighbours tells how far it is, and can be ended")
{
    // Twice as many until both searches take long enough to tell.
    std::vector<double> shares;
    bool ended = false;
    for (std::size_t n = 2'000; (shares.empty() || !ended) && n <= 128'000; n *= 2)
    {
        auto features = xt::xtensor<float, 2>::from_shape({n, 20});
        std::mt19937_64 random(n);
        for (float& value : features)
            value = static_cast<float>(random() % 1024);
        std::vector<std::size_t> labels(n);
        for (std::size_t i = 0; i < n; ++i)
            labels[i] = i % 2;
        k_nearest_neighbors model;
        model.fit(features, labels, 2);
        shares.clear();
        const auto told = model.predict_proba(features, {.progress = [&](double share)
                                                         {
                                                             shares.push_back(share);
                                                         }});
        if (shares.empty())
            continue;
        CHECK(told == model.predict_proba(features));
        try
        {
            (void)model.predict_proba(features, {.progress = [](double)
                                                 {
                                                     throw std::runtime_error("enough");
                                                 }});
        }
        catch (const std::runtime_error& error)
        {
            CHECK(std::string(error.what()) == "enough");
            ended = true;
        }
    }
    REQUIRE(!shares.empty());
    REQUIRE(ended);
    CHECK(std::is_sorted(shares.begin(), shares.end()));
    CHECK(shares.front() >= 0.0);
    CHECK(shares.back() <= 1.0);
}

TEST_CASE("neighbours are exactly those of a plain search where floats cannot tell them: equal, near and far examples")
{
    // Whole numbers, whose distances have no rounding in double, so that many are equal.
    constexpr std::size_t m = 600;
    constexpr std::size_t n = 40;
    std::mt19937_64 random(3);
    std::vector<std::size_t> labels(m);
    for (auto& label : labels)
        label = random() % 5;
    const auto check = [&](std::size_t d, std::uint64_t spread, const auto& number)
    {
        auto learnt = matrix::from_shape({m, d});
        auto asked = matrix::from_shape({n, d});
        for (auto* features : {&learnt, &asked})
            for (std::size_t i = 0; i < features->shape()[0]; ++i)
                for (std::size_t j = 0; j < d; ++j)
                    (*features)(i, j) = number(i, static_cast<double>(random() % spread));
        CAPTURE(d);
        CAPTURE(spread);
        for (const std::size_t num_neighbors : {1u, 7u, 2'000u})
        {
            const auto expected = plain_neighbors(learnt, labels, 5, asked, num_neighbors, 1.0);
            k_nearest_neighbors model({.num_neighbors = num_neighbors});
            model.fit(learnt, labels, 5);
            CHECK(largest_difference(model.predict_proba(asked), expected) < 1e-12);
            const xt::xtensor<float, 2> floats = xt::cast<float>(learnt);
            if (xt::cast<double>(floats) != learnt)
                continue;
            model.fit(floats, labels, 5);
            CHECK(largest_difference(model.predict_proba(asked), expected) < 1e-12);
            // Very small floats, which no float squares.
            model.fit(floats * 0x1p-149f, labels, 5);
            CHECK(largest_difference(model.predict_proba(asked * 0x1p-149), expected) < 1e-12);
        }
    };
    for (const std::size_t d : {1u, 6u, 40u})
        for (const std::uint64_t spread : {1u, 2u, 50u})
        {
            check(d, spread, [](std::size_t, double x) { return x; });
            // Groups far from each other beside how near their own are.
            check(d, spread, [](std::size_t i, double x) { return static_cast<double>(i % 3) * 0x1p22 + x; });
            check(d, spread, [](std::size_t i, double x) { return i == 1 ? 0x1p22 : x; });
        }
    check(6, 50, [](std::size_t i, double x) { return static_cast<double>(i % 3) * 0x1p40 + x; });
    check(1, 50, [](std::size_t i, double x) { return i == 1 ? 0x1p52 : x; });
}

TEST_CASE("of examples that are far from all others the neighbours are those that lie their way")
{
    auto learnt = matrix::from_shape({600, 2});
    std::vector<std::size_t> labels(600);
    for (std::size_t i = 0; i < 600; ++i)
    {
        learnt(i, 0) = static_cast<double>(i * 7 % 600) / 600.0;
        learnt(i, 1) = static_cast<double>(i * 11 % 600) / 600.0;
        labels[i] = learnt(i, 0) >= 0.99 ? 1 : learnt(i, 1) <= 0.01 ? 2 : 0;
    }
    k_nearest_neighbors model({.num_neighbors = 3});
    model.fit(learnt, labels, 3);
    for (const double far : {1e3, 1e6, 1e9, 1e10, 1e30, 1e150})
    {
        const auto pred_probs = model.predict_proba(matrix{{far, 0.5}, {0.5, -far}});
        CHECK(pred_probs(0, 1) > 0.7);
        CHECK(pred_probs(1, 2) > 0.7);
    }
}

TEST_CASE("what has no neighbours is refused")
{
    const matrix features{{0.0, 1.0}, {1.0, 2.0}};
    const std::vector<std::size_t> labels{0, 1};
    CHECK_THROWS_AS(k_nearest_neighbors({.num_neighbors = 0}), value_error);
    CHECK_THROWS_AS(k_nearest_neighbors({.prior_votes = 0.0}), value_error);
    CHECK_THROWS_AS(k_nearest_neighbors({.prior_votes = std::numeric_limits<double>::infinity()}), value_error);
    k_nearest_neighbors model;
    CHECK(refused([&] { (void)model.predict_proba(features); }).find("call fit first") != std::string::npos);
    CHECK(refused([&] { model.fit(features, std::vector<std::size_t>{0}, 2); }).find("2 rows") != std::string::npos);
    CHECK(refused([&] { model.fit(features, std::vector<std::size_t>{1, 1}, 2); }).find("all 1") != std::string::npos);
    const matrix bad{{0.0, 1.0}, {1.0, std::numeric_limits<double>::quiet_NaN()}};
    CHECK(refused([&] { model.fit(bad, labels, 2); }).find("features(1, 1) is NaN") != std::string::npos);
    model.fit(features, labels, 2);
    CHECK(refused([&] { (void)model.predict_proba(bad); }).find("features(1, 1) is NaN") != std::string::npos);
    for (const matrix& other : {matrix{{1.0}}, matrix{{1.0, 2.0, 3.0}}})
        CHECK(refused([&] { (void)model.predict_proba(other); }).find("2 columns") != std::string::npos);
}

TEST_CASE("neighbours are the same whatever unit features are told in, down to the last bit by powers of 2")
{
    const xt::xtensor<float, 2> near{{1.0f}, {2.0f}, {3.0f}, {-1.0f}, {-2.0f}, {-3.0f}};
    const std::vector<std::size_t> labels{0, 0, 0, 1, 1, 1};
    const auto predicted = [&](const auto& features)
    {
        k_nearest_neighbors model({.num_neighbors = 2});
        model.fit(features, labels, 2);
        return model.predict_proba(features);
    };
    const auto expected = predicted(near);
    CHECK(expected(0, 0) > 0.5);
    CHECK(expected(5, 0) < 0.5);
    // Squares of these are no floats.
    for (const float unit : {0x1p66f, 0x1p-66f, 0x1p-146f, 0x1p120f})
    {
        const xt::xtensor<float, 2> features = near * unit;
        CHECK(predicted(features) == expected);
    }
    for (const double unit : {0x1p500, 0x1p-600, 0x1p-1072})
    {
        const xt::xtensor<double, 2> features = xt::cast<double>(near) * unit;
        CHECK(predicted(features) == expected);
    }
    const xt::xtensor<float, 2> decimal = near * 1e20f;
    CHECK(largest_difference(predicted(decimal), expected) < 1e-12);
    const xt::xtensor<float, 2> equal{{7.0f}, {7.0f}, {7.0f}, {7.0f}, {7.0f}, {7.0f}};
    CHECK(predicted(equal)(5, 0) > 0.5);
}

TEST_CASE("an example too far from all others for its distance is refused, and a fit that fails leaves the last")
{
    const xt::xtensor<float, 2> features{{0.0f, 1.0f}, {1.0f, 0.0f}, {0.5f, 0.5f}};
    const std::vector<std::size_t> labels{0, 1, 1};
    k_nearest_neighbors model({.num_neighbors = 1});
    model.fit(features, labels, 2);
    // The square of this is no float.
    CHECK(model.predict_proba(xt::xtensor<float, 2>{{3e38f, 0.0f}})(0, 1) > 0.5);
    CHECK(refused(
              [&] {
                  (void)model.predict_proba(matrix{{0.0, 0.0}, {1e160, 0.0}});
              })
              .find("features row 1 is so far from the examples of the fit") != std::string::npos);
    const auto expected = model.predict_proba(features);
    auto broken = xt::xtensor<float, 2>::from_shape({3, 1});
    broken.fill(std::numeric_limits<float>::infinity());
    CHECK(refused([&] { model.fit(broken, labels, 2); }).find("is infinite") != std::string::npos);
    CHECK(refused([&] { model.fit(broken, std::vector<std::size_t>{0, 0, 0}, 2); }).find("all 0") != std::string::npos);
    CHECK(model.predict_proba(features) == expected);
    CHECK(model.predict_proba(features, {.threads = 1}) == expected);
}
