#ifndef LABELERRORS_BENCHMARKS_MEASURE_HPP
#define LABELERRORS_BENCHMARKS_MEASURE_HPP

#include <labelerrors/rows/float16.hpp>
#include <labelerrors/rows/joining_thread.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <random>
#include <type_traits>
#include <vector>

namespace benchmarks
{

/// Seconds of the fastest of several runs of `work`, and of the median one.
struct seconds
{
    double best = 0.0;
    double median = 0.0;
};

template <class Work>
[[nodiscard]] seconds time(std::size_t runs, const Work& work)
{
    std::vector<double> times;
    for (std::size_t run = 0; run < runs; ++run)
    {
        const auto start = std::chrono::steady_clock::now();
        work();
        times.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
    std::sort(times.begin(), times.end());
    return {times.front(), times[times.size() / 2]};
}

/// Calls `work(thread)` for each of some threads, at the same time.
template <class Work>
void on_threads(std::size_t threads, const Work& work)
{
    std::vector<labelerrors::detail::joining_thread> others;
    for (std::size_t thread = 1; thread < threads; ++thread)
        others.emplace_back([&work, thread] { work(thread); });
    work(0);
}

/// Bytes a second at which this machine reads memory that no cache holds, with so many threads.
[[nodiscard]] inline double read_bandwidth(std::size_t threads)
{
    constexpr std::size_t values_per_thread = std::size_t{1} << 25;
    std::vector<std::uint64_t> memory(values_per_thread * threads, 1);
    std::vector<std::uint64_t> sums(threads * 8);
    const auto read = [&](std::size_t thread)
    {
        std::uint64_t lanes[8] = {};
        const auto* from = memory.data() + thread * values_per_thread;
        // A page ahead, as far as which no machine looks by itself.
        constexpr std::size_t ahead = 4096 / sizeof(std::uint64_t);
        for (std::size_t i = 0; i < values_per_thread; i += 8)
        {
            __builtin_prefetch(from + std::min(i + ahead, values_per_thread));
            for (std::size_t lane = 0; lane < 8; ++lane)
                lanes[lane] += from[i + lane];
        }
        std::copy(std::begin(lanes), std::end(lanes), sums.begin() + static_cast<std::ptrdiff_t>(thread * 8));
    };
    const auto taken = time(5, [&] { on_threads(threads, read); });
    return static_cast<double>(memory.size() * sizeof(std::uint64_t)) / taken.best;
}

/// A value in the type that it is stored in.
template <class T>
[[nodiscard]] T to_element(double value)
{
    if constexpr (std::is_same_v<T, labelerrors::float16>)
        return labelerrors::to_float16(static_cast<float>(value));
    else
        return static_cast<T>(value);
}

/// Labels and predicted probabilities of a made set.
template <class T>
struct made_set
{
    xt::xtensor<std::int64_t, 1> labels;
    xt::xtensor<T, 2> pred_probs;
};

/// A set of n examples and k classes, the same on every machine: 6 % of the labels are drawn anew, the model is sure of
/// the true class in most rows, torn between two in a tenth of them. Another `part` is other examples of the same kind.
template <class T>
[[nodiscard]] made_set<T> make_set(std::size_t n, std::size_t k, std::size_t part = 0)
{
    std::mt19937_64 generator(20240613 + part);
    const auto uniform = [&]
    {
        return static_cast<double>(generator() >> 11) * 0x1p-53;
    };
    const auto any_class = [&]
    {
        return static_cast<std::size_t>(uniform() * static_cast<double>(k));
    };
    made_set<T> set{xt::xtensor<std::int64_t, 1>::from_shape({n}), xt::xtensor<T, 2>::from_shape({n, k})};
    std::vector<double> row(k);
    for (std::size_t i = 0; i < n; ++i)
    {
        const std::size_t truth = any_class();
        set.labels(i) = static_cast<std::int64_t>(uniform() < 0.06 ? any_class() : truth);
        double sum = 0.0;
        for (double& value : row)
        {
            const double u = uniform();
            value = u * u * u * u / static_cast<double>(k);
            sum += value;
        }
        const auto add = [&](std::size_t j, double mass)
        {
            row[j] += mass;
            sum += mass;
        };
        add(truth, 0.2 + 3.0 * uniform());
        if (uniform() < 0.1)
            add(any_class(), 2.0 * uniform());
        for (std::size_t j = 0; j < k; ++j)
            set.pred_probs(i, j) = to_element<T>(row[j] / sum);
    }
    return set;
}

/// Seconds in which this machine reads one element a row, that in the column of the row's label, with so many threads:
/// the least that thresholds take. Each element is asked for some rows ahead, as far as is best here.
template <class T>
[[nodiscard]] double gather_time(const made_set<T>& set, std::size_t threads)
{
    const std::size_t n = set.pred_probs.shape()[0];
    const std::size_t k = set.pred_probs.shape()[1];
    std::vector<std::uint64_t> sums(threads * 8);
    double best = 0.0;
    for (const std::size_t ahead : {std::size_t{8}, std::size_t{16}, std::size_t{32}, std::size_t{64}})
    {
        const auto read = [&](std::size_t thread)
        {
            const std::size_t last = n * (thread + 1) / threads;
            const auto element = [&](std::size_t i)
            {
                const auto label = static_cast<std::size_t>(set.labels.data()[i]);
                return reinterpret_cast<const unsigned char*>(set.pred_probs.data() + i * k + label);
            };
            std::uint64_t sum = 0;
            for (std::size_t i = n * thread / threads; i < last; ++i)
            {
                __builtin_prefetch(element(std::min(i + ahead, last - 1)));
                sum += *element(i);
            }
            sums[thread * 8] = sum;
        };
        const double taken = time(5, [&] { on_threads(threads, read); }).best;
        best = best == 0.0 ? taken : std::min(best, taken);
    }
    return best;
}

}  // namespace benchmarks

#endif
