#include "support/no_more_threads.hpp"
#include <labelerrors/rows/parallel.hpp>
#include <labelerrors/rows/share_out.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace labelerrors::detail;

TEST_CASE("pieces make up all items, and one thread is given all at once")
{
    for (const std::size_t threads : {1u, 2u, 7u})
    {
        std::mutex mutex;
        std::vector<std::pair<std::size_t, std::size_t>> pieces;
        stop_signal stop;
        share_out(10'000, threads, 1, stop,
                  [&](std::size_t thread, const work_ranges::piece& piece)
                  {
                      CHECK(thread < threads);
                      const std::lock_guard lock(mutex);
                      pieces.emplace_back(piece.first, piece.last);
                  });
        std::sort(pieces.begin(), pieces.end());
        CHECK((pieces.size() == 1) == (threads == 1));
        std::size_t next = 0;
        for (const auto& [first, last] : pieces)
        {
            CHECK(first == next);
            CHECK(first < last);
            next = last;
        }
        CHECK(next == 10'000);
    }
}

TEST_CASE("of several exceptions the one of the first items is thrown, once all threads have ended")
{
    for (const std::size_t threads : {1u, 2u, 5u})
    {
        std::atomic<std::size_t> begun{0};
        stop_signal stop;
        std::string message;
        try
        {
            share_out(5000, threads, 1, stop,
                      [&](std::size_t, const work_ranges::piece& piece)
                      {
                          for (++begun; begun < threads;)
                              std::this_thread::yield();
                          throw std::runtime_error(std::to_string(piece.first));
                      });
        }
        catch (const std::runtime_error& error)
        {
            message = error.what();
        }
        CHECK(message == "0");
        CHECK(begun >= threads);
    }
}

TEST_CASE("whatever fails first, the failure of the first item is told, by any number of threads")
{
    // Items 4990 and 5010 fail; with several threads the latter is another one's, and comes long before.
    for (const std::size_t threads : {1u, 2u, 3u, 8u})
    {
        stop_signal stop;
        std::size_t told = 0;
        try
        {
            share_out(10'000, threads, 1, stop,
                      [&](std::size_t, const work_ranges::piece& piece)
                      {
                          for (std::size_t i = piece.first; i < piece.last && !stop.stops(piece.first); ++i)
                          {
                              if (i < 4990)
                                  std::this_thread::sleep_for(std::chrono::microseconds(1));
                              if (i == 4990 || i == 5010)
                                  throw i;
                          }
                      });
        }
        catch (const std::size_t item)
        {
            told = item;
        }
        CHECK(told == 4990);
    }
}

TEST_CASE("a piece behind one that failed stops, and one before it does not, unless all is stopped")
{
    stop_signal stop;
    CHECK(!stop.stops(7));
    stop.fail(5);
    stop.fail(6);
    CHECK(stop.stops(6));
    CHECK(!stop.stops(5));
    CHECK(!stop.stops(0));
    stop.fail(2);
    CHECK(stop.stops(5));
    CHECK(!stop.stops(2));
    stop.stop();
    CHECK(stop.stops(0));
}

TEST_CASE("no item is lost where no thread can be started, down to the last piece of each range")
{
    const tests::no_more_threads limit;
    for (const std::size_t least_piece : {1u, 100u, 5000u})
    {
        std::vector<int> times(10'001);
        std::vector<std::pair<std::size_t, std::size_t>> begun;
        stop_signal stop;
        std::mutex mutex;
        share_out(times.size(), 7, least_piece, stop,
                  [&](std::size_t thread, const work_ranges::piece& piece)
                  {
                      const std::lock_guard lock(mutex);
                      for (std::size_t i = piece.first; i < piece.last; ++i)
                          ++times[i];
                      // What is accumulated for a thread is of ranges that follow one another, or begins anew.
                      if (piece.follows)
                      {
                          REQUIRE(!begun.empty());
                          CHECK(std::find(begun.begin(), begun.end(), std::pair(thread, piece.first)) != begun.end());
                      }
                      begun.emplace_back(thread, piece.last);
                  });
        CHECK(std::count(times.begin(), times.end(), 1) == 10'001);
    }
    // What each item adds, in the order of the items, as with threads.
    struct all_items
    {
        std::vector<std::size_t> items = {};

        void merge(all_items&& later)
        {
            items.insert(items.end(), later.items.begin(), later.items.end());
        }
    };
    const auto found =
        labelerrors::accumulate(1000, std::size_t{1} << 20, "items", all_items{}, {.threads = 5},
                                [](all_items& own, std::size_t first, std::size_t last, const auto& report)
                                {
                                    for (std::size_t i = first; i < last; ++i)
                                        own.items.push_back(i);
                                    report(last - first);
                                });
    REQUIRE(found.items.size() == 1000);
    for (std::size_t i = 0; i < 1000; ++i)
        CHECK(found.items[i] == i);
}

TEST_CASE("ranges are shared out among threads where their cost is worth it, and never for nothing")
{
    const auto shared = [](std::size_t count, std::size_t cost)
    {
        std::atomic<std::size_t> items{0};
        std::mutex mutex;
        std::vector<std::thread::id> threads;
        in_ranges(count, cost, 2,
                  [&](std::size_t first, std::size_t last)
                  {
                      items += last - first;
                      const std::lock_guard lock(mutex);
                      if (std::find(threads.begin(), threads.end(), std::this_thread::get_id()) == threads.end())
                          threads.push_back(std::this_thread::get_id());
                      // Long enough for the other thread to begin.
                      std::this_thread::sleep_for(std::chrono::milliseconds(20));
                  });
        CHECK(items == count);
        return threads.size();
    };
    CHECK(shared(1000, 0) == 1);
    CHECK(shared(1000, 1) == 1);
    CHECK(shared(8, std::size_t{1} << 18) == 2);
}
