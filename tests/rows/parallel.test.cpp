#include <labelerrors/rows/column_of_label.hpp>
#include <labelerrors/rows/parallel.hpp>
#include <labelerrors/rows/work_ranges.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace labelerrors;

namespace
{

/// As much work for one item as makes every item worth a thread.
constexpr std::size_t worth_a_thread = std::size_t{1} << 18;

const std::vector<std::size_t> numbers_of_threads = {1, 2, 7, 64};

/// Keeps everything that it is given, so that order shows.
struct everything
{
    std::vector<std::size_t> rows;
    std::vector<double> values;

    template <class T>
    void add(const row_block<T>& block)
    {
        for (std::size_t i = 0; i < block.num_rows; ++i)
        {
            rows.push_back(block.first_row + i);
            values.push_back(static_cast<double>(block.row(i)[block.num_columns - 1]));
        }
    }

    void add(std::size_t row, std::size_t column, double value)
    {
        rows.push_back(row);
        values.push_back(value + static_cast<double>(column));
    }

    void merge(everything&& later)
    {
        rows.insert(rows.end(), later.rows.begin(), later.rows.end());
        values.insert(values.end(), later.values.begin(), later.values.end());
    }
};

/// 1,024 wide rows, made when they are read: enough elements for 64 threads, without the memory.
struct made_up_rows
{
    using value_type = float;

    std::size_t num_rows() const
    {
        return 1024;
    }

    std::size_t num_columns() const
    {
        return 1 << 14;
    }

    const float* read(std::size_t first, std::size_t count, std::vector<float>& buffer) const
    {
        buffer.resize(count * num_columns());
        for (std::size_t i = 0; i < count; ++i)
            std::fill_n(buffer.begin() + static_cast<std::ptrdiff_t>(i * num_columns()), num_columns(),
                        static_cast<float>(first + i) / 2);
        return buffer.data();
    }
};

/// The same rows, which also give single elements.
struct made_up_elements : made_up_rows
{
    float element(std::size_t i, std::size_t) const
    {
        return static_cast<float>(i) / 2;
    }
};

/// The same rows, of which some have their elements at hand.
struct made_up_ready_elements : made_up_rows
{
    std::size_t first_ready = 0;
    std::size_t end_of_ready = 0;

    std::size_t read_elements(std::size_t first, std::span<const std::size_t> columns, float* values) const
    {
        std::size_t i = 0;
        for (; i < columns.size() && first + i >= first_ready && first + i < end_of_ready; ++i)
            values[i] = static_cast<float>(first + i) / 2;
        return i;
    }
};

std::vector<std::size_t> ascending(std::size_t count, std::size_t step = 1)
{
    std::vector<std::size_t> numbers(count);
    for (std::size_t i = 0; i < count; ++i)
        numbers[i] = i * step;
    return numbers;
}

std::vector<double> halves_of(const std::vector<std::size_t>& numbers)
{
    std::vector<double> halves;
    for (const std::size_t number : numbers)
        halves.push_back(static_cast<double>(number) / 2);
    return halves;
}

everything all_items(std::size_t count, std::size_t cost, const scan_options& options)
{
    return accumulate(count, cost, "items", everything{}, options,
                      [](everything& state, std::size_t first, std::size_t last, const auto& report)
                      {
                          for (std::size_t item = first; item < last; ++item)
                          {
                              state.rows.push_back(item);
                              if (!report(1))
                                  return;
                          }
                      });
}

/// Counts the caller among those that have begun, and waits for the others, so that each has something to stop.
void wait_until_all(std::atomic<int>& begun, int count)
{
    for (++begun; begun < count;)
        std::this_thread::yield();
}

/// Runs as long as nobody says stop, ten seconds at most; whether somebody did.
bool told_to_stop(const auto& report)
{
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (std::chrono::steady_clock::now() < deadline)
    {
        if (!report(0))
            return true;
        std::this_thread::yield();
    }
    return false;
}

}  // namespace

TEST_CASE("every item is worked on once, and the ranges are merged in their order, by any number of threads")
{
    for (const std::size_t threads : numbers_of_threads)
        for (const std::size_t count : std::vector<std::size_t>{0, 1, 2, 63, 64, 65, 1000})
            CHECK(all_items(count, worth_a_thread, {.threads = threads}).rows == ascending(count));
}

TEST_CASE("threads have ranges that differ by one item at most, and take them piece by piece")
{
    detail::work_ranges ranges(100, 7, 0);
    const std::vector<std::size_t> lengths{15, 15, 14, 14, 14, 14, 14};
    std::size_t next = 0;
    for (std::size_t thread = 0; thread < 7; ++thread)
        for (std::size_t i = 0; i < lengths[thread]; ++i, ++next)
        {
            const auto piece = ranges.next(thread);
            REQUIRE(piece.has_value());
            CHECK(piece->first == next);
            CHECK(piece->last == next + 1);
            CHECK(piece->follows == (i > 0));
        }
    CHECK(!ranges.next(3).has_value());
}

TEST_CASE("pieces are no smaller than is worth asking for, and no rest is left that is")
{
    detail::work_ranges ranges(100, 2, 20);
    const auto first = ranges.next(0);
    const auto second = ranges.next(0);
    CHECK(first->last == 20);
    CHECK(second->first == 20);
    CHECK(second->last == 50);
    CHECK(ranges.next(1)->first == 50);
}

TEST_CASE("a thread that has none left takes over the rear half of what the slowest has left")
{
    detail::work_ranges ranges(48, 3, 0);
    CHECK(ranges.next(0)->first == 0);
    for (std::size_t i = 0; i < 16; ++i)
        CHECK(ranges.next(1)->first == 16 + i);
    for (std::size_t i = 0; i < 10; ++i)
        CHECK(ranges.next(2)->first == 32 + i);
    // Thread 0 has 15 items left, thread 2 six.
    const auto taken = ranges.next(1);
    REQUIRE(taken.has_value());
    CHECK(taken->first == 9);
    CHECK(!taken->follows);
    CHECK(ranges.next(1)->follows);
    for (std::size_t i = 1; i < 9; ++i)
        CHECK(ranges.next(0)->first == i);
    // What thread 1 took over can be taken over from it: it has five left, and thread 2 six.
    CHECK(ranges.next(0)->first == 45);
}

TEST_CASE("whichever thread comes when, every item is taken once")
{
    std::mt19937_64 random(26);
    for (int round = 0; round < 200; ++round)
    {
        const std::size_t count = random() % 3000;
        detail::work_ranges ranges(count, 9, random() % 40);
        std::vector<int> times(count);
        std::vector<std::size_t> ends(9);
        for (auto threads = ascending(9); !threads.empty();)
        {
            // The first ones come more often.
            const std::size_t at = random() % (1 + random() % threads.size());
            const auto piece = ranges.next(threads[at]);
            if (!piece)
            {
                threads.erase(threads.begin() + static_cast<std::ptrdiff_t>(at));
                continue;
            }
            REQUIRE(piece->first < piece->last);
            CHECK((!piece->follows || piece->first == ends[threads[at]]));
            ends[threads[at]] = piece->last;
            for (std::size_t i = piece->first; i < piece->last; ++i)
                ++times[i];
        }
        CHECK(std::count(times.begin(), times.end(), 1) == static_cast<std::ptrdiff_t>(count));
    }
}

TEST_CASE("little work is not shared among threads, and a request for threads is an upper limit")
{
    CHECK(detail::threads_for(64, 1000) == 1);
    CHECK(detail::threads_for(64, 3 * worth_a_thread) == 3);
    CHECK(detail::threads_for(2, 1000 * worth_a_thread) == 2);
    CHECK(detail::threads_for(0, 0) == 1);
    CHECK(detail::threads_for(0, 100'000 * worth_a_thread) ==
          std::max<std::size_t>(std::thread::hardware_concurrency(), 1));
}

TEST_CASE("a scan adds every row once and in order, whatever the number of threads")
{
    for (const std::size_t threads : numbers_of_threads)
    {
        const auto seen = scan(made_up_rows{}, "rows", everything{}, {.threads = threads});
        CHECK(seen.rows == ascending(1024));
        CHECK(seen.values == halves_of(ascending(1024)));
    }
}

TEST_CASE("a scan of some rows adds those and no others")
{
    const auto every_third = ascending(341, 3);
    for (const std::size_t threads : numbers_of_threads)
    {
        const auto seen =
            detail::scan_some(made_up_rows{}, every_third, "some rows", everything{}, {.threads = threads});
        CHECK(seen.rows == every_third);
        CHECK(seen.values == halves_of(every_third));
        CHECK(detail::scan_some(made_up_rows{}, {}, "no rows", everything{}, {.threads = threads}).rows.empty());
    }
}

TEST_CASE("a scan of the labels' column gives the same from single elements and from blocks")
{
    const auto labels = ascending(1024, 5);
    auto expected = halves_of(ascending(1024));
    for (std::size_t i = 0; i < expected.size(); ++i)
        expected[i] += static_cast<double>(labels[i]);
    for (const std::size_t threads : numbers_of_threads)
    {
        const std::span<const std::size_t> given = labels;
        const auto elements = scan_column_of_label(made_up_elements{}, given, "e", everything{}, {.threads = threads});
        const auto blocks = scan_column_of_label(made_up_rows{}, given, "b", everything{}, {.threads = threads});
        CHECK(elements.rows == ascending(1024));
        CHECK(elements.values == expected);
        CHECK(blocks.rows == elements.rows);
        CHECK(blocks.values == elements.values);
        for (const std::size_t first_ready : {0u, 1u, 500u})
            for (const std::size_t end : {0u, 1u, 500u, 1023u, 1024u})
            {
                const made_up_ready_elements source{{}, first_ready, end};
                const auto ready = scan_column_of_label(source, given, "r", everything{}, {.threads = threads});
                CHECK(ready.rows == elements.rows);
                CHECK(ready.values == elements.values);
            }
    }
}

TEST_CASE("a source is not asked at every block for elements that it has not at hand")
{
    struct counting_rows
    {
        using value_type = float;
        std::size_t* times_asked;

        std::size_t num_rows() const
        {
            return 20'000;
        }

        std::size_t num_columns() const
        {
            return 1 << 10;
        }

        const float* read(std::size_t, std::size_t count, std::vector<float>& buffer) const
        {
            buffer.resize(count * num_columns());
            return buffer.data();
        }

        std::size_t read_elements(std::size_t, std::span<const std::size_t>, float*) const
        {
            ++*times_asked;
            return 0;
        }
    };
    std::size_t times_asked = 0;
    const std::vector<int> labels(20'000);
    const auto seen =
        scan_column_of_label(counting_rows{&times_asked}, std::span(labels), "rows", everything{}, {.threads = 1});
    CHECK(seen.rows == ascending(20'000));
    CHECK(times_asked == 2);
}

TEST_CASE("an exception from a worker reaches the caller and tells the threads behind it to stop")
{
    std::atomic<int> begun = 0;
    std::atomic<int> stopped = 0;
    const auto work = [&](everything&, std::size_t first, std::size_t, const auto& report)
    {
        wait_until_all(begun, 4);
        if (first == 0)
            throw std::runtime_error("row 0");
        stopped += told_to_stop(report);
    };
    CHECK_THROWS_WITH_AS(accumulate(4, worth_a_thread, "failing", everything{}, {.threads = 4}, work), "row 0",
                         std::runtime_error);
    CHECK(stopped == 3);
}

TEST_CASE("of several exceptions that of the first range is thrown, whichever came first")
{
    std::atomic<int> begun = 0;
    const auto work = [&](everything&, std::size_t first, std::size_t, const auto&)
    {
        wait_until_all(begun, 7);
        if (first > 0)
        {
            std::this_thread::sleep_for(std::chrono::milliseconds(10 * (8 - first)));
            throw std::runtime_error("row " + std::to_string(first));
        }
    };
    CHECK_THROWS_WITH_AS(accumulate(7, worth_a_thread, "failing", everything{}, {.threads = 7}, work), "row 1",
                         std::runtime_error);
}

TEST_CASE("progress is told on the calling thread, from nothing, never backwards, and of one pass by its name")
{
    for (const std::size_t threads : numbers_of_threads)
    {
        std::vector<std::size_t> done;
        bool as_expected = true;
        const auto caller = std::this_thread::get_id();
        const auto progress = [&](const scan_progress& now)
        {
            as_expected = as_expected && now.pass == "items" && now.rows == 640 && std::this_thread::get_id() == caller;
            done.push_back(now.rows_done);
        };
        static_cast<void>(all_items(640, worth_a_thread, {.threads = threads, .progress = progress}));
        CHECK(as_expected);
        // The first tells of the start, then one for each of the caller's own items, of which it has one at least.
        REQUIRE(done.size() >= 2);
        CHECK(done.front() == 0);
        CHECK(std::is_sorted(done.begin(), done.end()));
        CHECK(done.back() <= 640);
        if (threads == 1)
            CHECK(done == ascending(641));
    }
}

TEST_CASE("an exception thrown by progress ends the work of all threads and reaches the caller")
{
    for (const std::size_t threads : numbers_of_threads)
    {
        std::atomic<int> begun = 0;
        std::atomic<std::size_t> stopped = 0;
        const auto work = [&](everything&, std::size_t first, std::size_t, const auto& report)
        {
            wait_until_all(begun, static_cast<int>(threads));
            if (first == 0)
                report(1);
            stopped += told_to_stop(report);
        };
        const auto cancel = [](const scan_progress& now)
        {
            if (now.rows_done > 0)
                throw std::runtime_error("cancelled");
        };
        const scan_options options = {.threads = threads, .progress = cancel};
        CHECK_THROWS_WITH_AS(accumulate(64, worth_a_thread, "long", everything{}, options, work), "cancelled",
                             std::runtime_error);
        CHECK(stopped == threads - 1);
    }
}

TEST_CASE("progress that throws before the first row stops the pass before it starts")
{
    const auto refuse = [](const scan_progress&)
    {
        throw std::runtime_error("no");
    };
    CHECK_THROWS_WITH_AS(all_items(10, 1, {.progress = refuse}), "no", std::runtime_error);
}
