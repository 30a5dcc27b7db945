#include "support/no_more_threads.hpp"
#include <labelerrors/model/run_parts.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using labelerrors::detail::run_parts;
using labelerrors::detail::run_told_parts;

namespace
{

/// How often each of `count` parts was run.
[[nodiscard]] std::vector<int> parts_run(std::size_t count, std::size_t threads, const std::function<void()>& watch)
{
    std::vector<int> times(count);
    std::mutex mutex;
    const auto work = [&](std::size_t part, const std::atomic<bool>&)
    {
        const std::lock_guard lock(mutex);
        ++times[part];
    };
    run_parts(count, threads, work, watch);
    return times;
}

void check_all_run()
{
    const std::function<void()> no_watch;
    for (const auto& watch : {no_watch, std::function<void()>([] {})})
        for (const std::size_t threads : {1u, 2u, 9u})
            for (const std::size_t count : {0u, 1u, 5u, 100u})
                CHECK(parts_run(count, threads, watch) == std::vector<int>(count, 1));
}

/// What running parts throws, all of which fail from the fourth on.
[[nodiscard]] std::string thrown_by_parts(std::size_t threads, const std::function<void()>& watch)
{
    const auto work = [](std::size_t part, const std::atomic<bool>&)
    {
        if (part >= 3)
            throw std::runtime_error(std::to_string(part));
    };
    try
    {
        run_parts(50, threads, work, watch);
    }
    catch (const std::runtime_error& error)
    {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("every part is run once, and the exception of the first that failed is thrown")
{
    check_all_run();
    for (const std::size_t threads : {1u, 2u, 9u})
    {
        CHECK(thrown_by_parts(threads, {}) == "3");
        CHECK(thrown_by_parts(threads, [] {}) == "3");
    }
}

TEST_CASE("the share of the parts that are done is told on the calling thread, and can end the work")
{
    const auto caller = std::this_thread::get_id();
    std::vector<double> shares;
    std::atomic<std::size_t> num_run{0};
    const auto work = [&](std::size_t, const std::atomic<bool>&)
    {
        ++num_run;
        std::this_thread::sleep_for(std::chrono::milliseconds(30));
    };
    for (const std::size_t threads : {1u, 2u})
    {
        shares.clear();
        num_run = 0;
        run_told_parts(40, threads, work,
                       [&](double share)
                       {
                           CHECK(std::this_thread::get_id() == caller);
                           shares.push_back(share);
                       });
        CHECK(num_run == 40);
        REQUIRE(shares.size() >= 2);
        CHECK(std::is_sorted(shares.begin(), shares.end()));
        CHECK(shares.front() < shares.back());
        CHECK(shares.back() < 1.0);
    }
    num_run = 0;
    // What it throws where the work is part of other work that was stopped comes through too.
    CHECK_THROWS_AS(run_told_parts(50, 2, work, [](double) { throw labelerrors::detail::work_stopped(); }),
                    labelerrors::detail::work_stopped);
    CHECK(num_run < 50);
    num_run = 0;
    run_told_parts(3, 2, work, {});
    CHECK(num_run == 3);
}

TEST_CASE("no part is lost where no thread can be started")
{
    const tests::no_more_threads limit;
    check_all_run();
    CHECK(thrown_by_parts(4, {}) == "3");
    CHECK(thrown_by_parts(4, [] {}) == "3");
}
