// What goes wrong on one rank goes wrong on all, alike, and leaves none waiting.
#include "distributed/ranks.hpp"

#include <doctest/doctest.h>

#include <array>
#include <functional>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

namespace
{

namespace distributed = labelerrors::distributed;
using labelerrors::value_error;
using tests::error_on_all;
using tests::on_all;
using tests::ranks;

constexpr std::size_t num_rows = 50;  // of each rank
using fill = std::function<void(std::size_t, std::size_t, std::span<double>)>;

/// Rows that are all alike but what `spoil` does to row 17 of the ranks from `first` to `last`.
[[nodiscard]] tests::any_rows<double> rows_with(std::size_t first, std::size_t last,
                                                const std::function<void(std::span<double>)>& spoil)
{
    const bool here = ranks().rank() >= first && ranks().rank() <= last;
    return tests::any_rows<double>(
        labelerrors::callback_rows<double>(num_rows, 2,
                                           [here, spoil](std::size_t from, std::size_t count, std::span<double> to)
                                           {
                                               for (std::size_t i = 0; i < count; ++i)
                                               {
                                                   to[2 * i] = 0.25;
                                                   to[2 * i + 1] = 0.75;
                                                   if (here && from + i == 17)
                                                       spoil(to.subspan(2 * i, 2));
                                               }
                                           }));
}

[[nodiscard]] std::vector<int> labels_with(std::size_t bad_rank, int label)
{
    std::vector<int> labels(num_rows, 1);
    labels[3] = 0;
    if (ranks().rank() == bad_rank)
        labels[9] = label;
    return labels;
}

const std::vector<int> good_labels = std::vector<int>(num_rows, 1);

/// Whether the ranks still work together.
void check_still_there()
{
    CHECK(on_all(distributed::num_label_issues(ranks(), good_labels, rows_with(1, 0, {})) == 0));
}

[[nodiscard]] std::string on_rank(std::size_t rank)
{
    return "rank " + std::to_string(rank) + ": ";
}

/// Calls of which the last rank's is another function's: an error on all, in which each rank names its own `function`.
template <class Call>
void check_other_calls(const std::string& function, const Call& call)
{
    std::string text;
    try
    {
        call();
    }
    catch (const value_error& error)
    {
        text = error.what();
    }
    CHECK(on_all(text.starts_with(on_rank(ranks().size() - 1) + function + " was called with other options")));
}

}  // namespace

TEST_CASE("a bad row is the error of all ranks, with its rank and its place there")
{
    for (std::size_t bad = 0; bad < ranks().size(); ++bad)
    {
        const auto rows = rows_with(bad, bad, [](std::span<double> row) { row[0] = 2.0; });
        const auto wanted = on_rank(bad) + "find_label_issues: pred_probs row 17, column 0 is 2";
        CHECK(error_on_all<value_error>(
                  [&] { static_cast<void>(distributed::find_label_issues(ranks(), good_labels, rows)); })
                  .starts_with(wanted));
        CHECK(error_on_all<value_error>(
                  [&] { static_cast<void>(distributed::label_quality_scores(ranks(), good_labels, rows)); })
                  .starts_with(on_rank(bad)));
        CHECK(error_on_all<value_error>(
                  [&] { static_cast<void>(distributed::class_thresholds(ranks(), good_labels, rows)); })
                  .starts_with(on_rank(bad)));
        check_still_there();
    }
}

TEST_CASE("of several errors the lowest rank's is told")
{
    for (std::size_t lowest = 0; lowest < ranks().size(); ++lowest)
    {
        const auto rows = rows_with(lowest, ranks().size(), [](std::span<double> row) { row[1] = 0.5; });
        CHECK(error_on_all<value_error>([&]
                                        { static_cast<void>(distributed::health_summary(ranks(), good_labels, rows)); })
                  .starts_with(on_rank(lowest) + "compute_confident_joint: pred_probs row 17 sums to 0.75"));
    }
    check_still_there();
}

TEST_CASE("a bad label, and labels that are too few")
{
    const std::size_t bad = ranks().size() - 1;
    const auto rows = rows_with(1, 0, {});
    CHECK(error_on_all<value_error>(
              [&] { static_cast<void>(distributed::find_label_issues(ranks(), labels_with(bad, 2), rows)); })
              .starts_with(on_rank(bad) + "find_label_issues: labels[9] is 2"));
    const std::vector<int> few(ranks().rank() == bad ? num_rows - 1 : num_rows, 1);
    CHECK(error_on_all<labelerrors::shape_error>(
              [&] { static_cast<void>(distributed::find_label_issues(ranks(), few, rows)); })
              .starts_with(on_rank(bad) + "find_label_issues: labels has 49 examples"));
    check_still_there();
}

TEST_CASE("ranks that have other classes, other options or other calls")
{
    const std::size_t last = ranks().size() - 1;
    const bool odd = last > 0 && ranks().rank() == last;
    auto wide = xt::xtensor<double, 2>::from_shape({0, odd ? std::size_t{3} : std::size_t{2}});
    auto one_row = xt::xtensor<double, 2>::from_shape({1, 2});
    one_row.fill(0.5);
    const std::vector<int> labels(ranks().rank() == 0 ? 1 : 0, 1);
    const auto& rows = ranks().rank() == 0 ? one_row : wide;
    if (last == 0)
        return;
    CHECK(error_on_all<labelerrors::shape_error>(
              [&] { static_cast<void>(distributed::num_label_issues(ranks(), labels, rows)); })
              .starts_with(on_rank(last) + "num_label_issues: pred_probs has 3 columns, but that of rank 0 has 2"));
    const auto fine = rows_with(1, 0, {});
    const auto text = error_on_all<value_error>(
        [&]
        {
            static_cast<void>(distributed::find_label_issues(
                ranks(), good_labels, fine,
                {.filter_by = odd ? labelerrors::filter_by::both : labelerrors::filter_by::confident_learning}));
        });
    CHECK(text.starts_with(on_rank(last) + "find_label_issues was called with other options"));
    check_other_calls(odd ? "class_thresholds" : "num_label_issues",
                      [&]
                      {
                          if (odd)
                              static_cast<void>(distributed::class_thresholds(ranks(), good_labels, fine));
                          else
                              static_cast<void>(distributed::num_label_issues(ranks(), good_labels, fine));
                      });
    check_still_there();
}

TEST_CASE("ranks that rank another number of rows, or would have the list elsewhere")
{
    const std::size_t last = ranks().size() - 1;
    const bool odd = last > 0 && ranks().rank() == last;
    const auto elsewhere = odd ? distributed::listing::gathered : distributed::listing::spread;
    const xt::xtensor<double, 1> scores{0.5, 0.25};
    const auto fine = rows_with(1, 0, {});
    if (last == 0)
        return;
    const auto wanted = [&](const char* function)
    {
        return on_rank(last) + function + " was called with other options than on rank 0";
    };
    CHECK(error_on_all<value_error>([&]
                                    { static_cast<void>(distributed::find_top_issues(ranks(), scores, odd ? 2 : 3)); })
              .starts_with(wanted("find_top_issues")));
    CHECK(error_on_all<value_error>([&]
                                    { static_cast<void>(distributed::find_top_issues(ranks(), scores, 2, elsewhere)); })
              .starts_with(wanted("find_top_issues")));
    CHECK(error_on_all<value_error>(
              [&]
              { static_cast<void>(distributed::order_label_issues(ranks(), {}, good_labels, fine, {}, elsewhere)); })
              .starts_with(wanted("order_label_issues")));
    check_other_calls(odd ? "class_thresholds" : "find_top_issues",
                      [&]
                      {
                          if (odd)
                              static_cast<void>(distributed::class_thresholds(ranks(), good_labels, fine));
                          else
                              static_cast<void>(distributed::find_top_issues(ranks(), scores, 2));
                      });
    check_still_there();
}

TEST_CASE("examples to be put in order that a rank does not have, and bad rows meanwhile")
{
    const std::size_t bad = ranks().size() - 1;
    const std::vector<std::size_t> indices{num_rows * ranks().rank(), num_rows * (ranks().rank() + 1)};
    const std::size_t count = ranks().rank() == bad ? 2 : 1;
    const auto order = [&](const auto& rows)
    {
        return error_on_all<value_error>(
            [&] {
                static_cast<void>(
                    distributed::order_label_issues(ranks(), std::span(indices).first(count), good_labels, rows));
            });
    };
    CHECK(order(rows_with(1, 0, {}))
              .starts_with(on_rank(bad) + "order_label_issues: indices[1] is " + std::to_string(num_rows * (bad + 1))));
    CHECK(order(rows_with(bad, bad, [](std::span<double> row) { row[0] = 2.0; }))
              .starts_with(on_rank(bad) + "order_label_issues: pred_probs row 17"));
    check_still_there();
}

TEST_CASE("options out of range, and ranks that are all empty")
{
    const auto fine = rows_with(1, 0, {});
    CHECK(error_on_all<value_error>(
              [&]
              { static_cast<void>(distributed::find_label_issues(ranks(), good_labels, fine, {.frac_noise = 2.0})); })
              .starts_with(on_rank(0) + "find_label_issues: frac_noise must be between 0 and 1"));
    const xt::xtensor<double, 2> none = xt::xtensor<double, 2>::from_shape({0, 2});
    CHECK(error_on_all<labelerrors::shape_error>(
              [&] { static_cast<void>(distributed::find_label_issues(ranks(), std::vector<int>{}, none)); })
              .find("are empty on all ranks") != std::string::npos);
    check_still_there();
}

TEST_CASE("what a callback or a progress function throws reaches all ranks")
{
    for (std::size_t bad = 0; bad < ranks().size(); ++bad)
    {
        // Thrown again and again: in the first pass, in the second, and when rows are read once more.
        for (int calls_before = 0; calls_before < 4; ++calls_before)
        {
            int calls = 0;
            const auto rows = rows_with(bad, bad,
                                        [&](std::span<double>)
                                        {
                                            if (calls++ == calls_before)
                                                throw std::out_of_range("the model has gone");
                                        });
            std::vector<int> labels(num_rows, 0);  // each contradicted, so that rows are read to be described
            bool thrown = false;
            std::string text;
            try
            {
                static_cast<void>(
                    distributed::find_label_issues(ranks(), labels, rows,
                                                   {.filter_by = labelerrors::filter_by::predicted_neq_given,
                                                    .rank_by = labelerrors::score_method::confidence_weighted_entropy,
                                                    .threads = 1}));
            }
            catch (const std::runtime_error& error)
            {
                thrown = true;
                text = error.what();
            }
            CHECK(on_all(thrown == (calls_before < 3)));
            CHECK(on_all(!thrown || text == on_rank(bad) + "the model has gone"));
        }
        const auto fine = rows_with(1, 0, {});
        CHECK(error_on_all<std::runtime_error>(
                  [&]
                  {
                      static_cast<void>(distributed::num_label_issues(
                          ranks(), good_labels, fine,
                          {.progress = [&](const labelerrors::scan_progress& state)
                           {
                               if (ranks().rank() == bad && state.pass == "confident joint")
                                   throw std::runtime_error("stopped");
                           }}));
                  }) == on_rank(bad) + "stopped");
        check_still_there();
    }
}

TEST_CASE("together keeps the library's own types of error, their files and places, and what is done inside")
{
    const std::size_t bad = ranks().size() - 1;
    const auto throw_there = [&](const auto& error)
    {
        return [&, error]
        {
            static_cast<void>(distributed::together(ranks(),
                                                    [&]
                                                    {
                                                        if (ranks().rank() == bad)
                                                            throw error;
                                                        return 1;
                                                    }));
        };
    };
    CHECK(error_on_all<labelerrors::io_error>(throw_there(labelerrors::io_error("p1.npy", "cannot be opened"))) ==
          "p1.npy: " + on_rank(bad) + "cannot be opened");
    CHECK(error_on_all<labelerrors::format_error>(throw_there(labelerrors::format_error("p1.npy", 12, "is cut"))) ==
          "p1.npy: byte 12: " + on_rank(bad) + "is cut");
    CHECK(error_on_all<labelerrors::shape_error>(throw_there(labelerrors::shape_error("odd"))) == on_rank(bad) + "odd");
    CHECK(error_on_all<std::runtime_error>(throw_there(std::bad_alloc())) == on_rank(bad) + "out of memory");
    CHECK(error_on_all<std::runtime_error>(throw_there(7)) == on_rank(bad) + "an exception that is no std::exception");
    try
    {
        throw_there(labelerrors::format_error("p1.npy", 12, "is cut"))();
    }
    catch (const labelerrors::format_error& error)
    {
        CHECK(on_all(error.path() == "p1.npy" && error.offset() == 12));
    }
    // A function of the library inside: its error is told once.
    const auto rows = rows_with(bad, bad, [](std::span<double> row) { row[0] = -1.0; });
    CHECK(error_on_all<value_error>(
              [&]
              {
                  static_cast<void>(distributed::together(
                      ranks(), [&] { return distributed::num_label_issues(ranks(), good_labels, rows); }));
              })
              .starts_with(on_rank(bad) + "num_label_issues: pred_probs row 17"));
    CHECK(on_all(distributed::together(ranks(), [] { return 5; }) == 5));
}

TEST_CASE("messages are sent in pieces where they are long, and what is sent is counted")
{
    const std::size_t size = ranks().size();
    const auto before = ranks().communicated();
    std::vector<distributed::message> messages(size);
    std::size_t bytes = 0;
    for (std::size_t to = 0; to < size; ++to)
    {
        messages[to].assign(10'000 * to + 1000 * ranks().rank(), std::byte(to * 16 + ranks().rank()));
        bytes += to == ranks().rank() ? 0 : messages[to].size() + 8;
    }
    const auto heard = ranks().exchange(messages);
    bool same = heard.size() == size;
    for (std::size_t from = 0; from < size; ++from)
        same = same && heard[from] == distributed::message(10'000 * ranks().rank() + 1000 * from,
                                                           std::byte(ranks().rank() * 16 + from));
    const auto after = ranks().communicated();
    if (size > 1)
    {
        same = same && after.bytes_sent - before.bytes_sent == bytes + 8;  // and one number, whether there is room
        same = same && after.rounds - before.rounds == 2;
    }
    CHECK(on_all(same));

    std::vector<std::int64_t> numbers(3000);
    for (std::size_t i = 0; i < numbers.size(); ++i)
        numbers[i] = static_cast<std::int64_t>(i * (ranks().rank() + 1));
    ranks().sum(numbers);
    bool right = true;
    for (std::size_t i = 0; i < numbers.size(); ++i)
        right = right && numbers[i] == static_cast<std::int64_t>(i * size * (size + 1) / 2);
    CHECK(on_all(right));
    CHECK_THROWS_AS(tests::mpi_processes(MPI_COMM_SELF, {.most_bytes_a_call = 7}), value_error);
}
