#include "support/no_more_threads.hpp"
#include <labelerrors/rows/joining_thread.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

using labelerrors::detail::joining_thread;
using labelerrors::detail::start_threads;

static_assert(!std::is_copy_constructible_v<joining_thread>);
static_assert(std::is_nothrow_move_constructible_v<joining_thread>);
static_assert(std::is_constructible_v<joining_thread, void (*)()>);
static_assert(!std::is_constructible_v<joining_thread, void (*)(int)>);

TEST_CASE("a thread is waited for where its object ends, and moving it leaves nothing to wait for")
{
    std::vector<int> squares(8);
    {
        std::vector<joining_thread> threads;
        for (int i = 0; i < 8; ++i)
            threads.emplace_back(
                [&squares, i]
                {
                    std::this_thread::sleep_for(std::chrono::milliseconds(20));
                    squares[static_cast<std::size_t>(i)] = i * i;
                });
        const joining_thread moved = std::move(threads.back());
        threads.pop_back();
    }
    CHECK(squares == std::vector{0, 1, 4, 9, 16, 25, 36, 49});
}

TEST_CASE("as many threads are started as there can be, and none is no error")
{
    std::vector<std::size_t> begun(5);
    {
        const auto threads = start_threads(5, [&](std::size_t number) { begun[number] = number + 1; });
        CHECK(threads.size() == 5);
    }
    CHECK(begun == std::vector<std::size_t>{1, 2, 3, 4, 5});
    std::atomic<bool> called{false};
    const auto work = [&](std::size_t)
    {
        called = true;
    };
    CHECK(start_threads(0, work).empty());
    const tests::no_more_threads limit;
    if (limit.holds())
    {
        CHECK(start_threads(3, work).empty());
        CHECK(!called);
    }
}
