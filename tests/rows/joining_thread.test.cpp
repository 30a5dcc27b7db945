#include <labelerrors/rows/joining_thread.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

using labelerrors::detail::joining_thread;

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
