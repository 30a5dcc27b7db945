// Times the library on made sets in memory, by shape and element type, against what the machine can do.
//     shapes [N,K,TYPE ...]      TYPE: f2, f4 or f8; default: the shapes of the published test sets
//     shapes --growth            the same number of classes for more and more examples, and the other way round
// passes: thresholds, validation, confident joint. find: the same, selection and ranking. memory: reading the matrix
// once at the rate that this machine reads memory with so many threads. gather: reading one element a row, that of its
// label, which the thresholds need before the matrix can be read. cached: the passes over rows that a cache holds, for
// as many rows: the arithmetic alone. limit: memory and gather, or cached, whichever takes longer. naive: the passes as
// whole-matrix xtensor expressions. loop: the passes as plain loops over a pointer, with no check of the rows.
#include "machine.hpp"
#include "measure.hpp"
#include <labelerrors/core/core.hpp>
#include <labelerrors/rows/float16.hpp>

#include <xtensor/xmath.hpp>
#include <xtensor/xsort.hpp>
#include <xtensor/xview.hpp>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <regex>
#include <string>
#include <type_traits>
#include <vector>

namespace
{

using labelerrors::float16;

struct shape
{
    std::size_t num_rows;
    std::size_t num_columns;
    std::string type;
};

[[nodiscard]] shape parse_shape(const std::string& text)
{
    static const std::regex form("([1-9][0-9]{0,11}),([1-9][0-9]{0,7}),(f2|f4|f8)");
    std::smatch parts;
    if (!std::regex_match(text, parts, form))
        throw std::runtime_error("what is to be timed is N,K,f2|f4|f8 for each shape, or --growth, or nothing for the "
                                 "shapes of the published test sets; not " +
                                 text);
    return {std::stoull(parts[1]), std::stoull(parts[2]), parts[3]};
}

/// The passes as one would write them first with xtensor: every line a matrix.
[[nodiscard]] std::size_t naive_joint(const xt::xtensor<std::int64_t, 1>& labels, const xt::xtensor<double, 2>& p)
{
    const std::size_t k = p.shape()[1];
    xt::xtensor<double, 1> thresholds = xt::zeros<double>({k});
    for (std::size_t j = 0; j < k; ++j)
    {
        const xt::xtensor<bool, 1> given = xt::equal(labels, static_cast<std::int64_t>(j));
        const xt::xtensor<double, 1> column = xt::view(p, xt::all(), j);
        thresholds(j) = xt::sum(xt::where(given, column, 0.0))() / static_cast<double>(xt::sum(given)());
    }
    const xt::xtensor<bool, 2> confident = p >= thresholds - 1e-6;
    const xt::xtensor<std::size_t, 1> counts = xt::sum(xt::cast<std::size_t>(confident), {1});
    const xt::xtensor<std::size_t, 1> one = xt::argmax(xt::cast<int>(confident), 1);
    const xt::xtensor<std::size_t, 1> best = xt::argmax(p, 1);
    xt::xtensor<std::int64_t, 2> joint = xt::zeros<std::int64_t>({k, k});
    for (std::size_t i = 0; i < counts.size(); ++i)
        if (counts(i) > 0)
            ++joint(static_cast<std::size_t>(labels(i)), counts(i) > 1 ? best(i) : one(i));
    return static_cast<std::size_t>(xt::sum(joint)());
}

/// The passes as plain loops.
template <class T>
[[nodiscard]] std::size_t loop_joint(const xt::xtensor<std::int64_t, 1>& labels, const xt::xtensor<T, 2>& p)
{
    const std::size_t n = p.shape()[0];
    const std::size_t k = p.shape()[1];
    std::vector<double> thresholds(k);
    std::vector<std::size_t> sizes(k);
    for (std::size_t i = 0; i < n; ++i)
    {
        const auto label = static_cast<std::size_t>(labels(i));
        thresholds[label] += static_cast<double>(p.data()[i * k + label]);
        ++sizes[label];
    }
    for (std::size_t j = 0; j < k; ++j)
        thresholds[j] = thresholds[j] / static_cast<double>(sizes[j]) - 1e-6;
    std::vector<std::int64_t> joint(k * k);
    for (std::size_t i = 0; i < n; ++i)
    {
        const T* row = p.data() + i * k;
        std::size_t count = 0;
        std::size_t last = 0;
        std::size_t best = 0;
        for (std::size_t j = 0; j < k; ++j)
        {
            const auto value = static_cast<double>(row[j]);
            if (value >= thresholds[j])
            {
                ++count;
                last = j;
            }
            if (value > static_cast<double>(row[best]))
                best = j;
        }
        if (count > 0)
            ++joint[static_cast<std::size_t>(labels(i)) * k + (count > 1 ? best : last)];
    }
    std::size_t total = 0;
    for (const std::int64_t counted : joint)
        total += static_cast<std::size_t>(counted);
    return total;
}

/// Thresholds and joint, without making the k x k matrix of the result.
template <class T>
void run_passes(const xt::xtensor<std::int64_t, 1>& labels, const xt::xtensor<T, 2>& p, std::size_t threads)
{
    namespace detail = labelerrors::detail;
    const labelerrors::pass_options options{.threads = threads};
    detail::with_checked(labels, p, options, "passes",
                         [&](const auto& rows, const auto& checked)
                         { static_cast<void>(detail::scan_confident(rows, checked, options, "passes")); });
}

/// Seconds of one thread's passes over a whole set, did the cache hold it: those over its first rows, so many times.
/// Zero where a cache holds too few of each class for thresholds like those of the set.
template <class T>
[[nodiscard]] double cached_time(const benchmarks::made_set<T>& set)
{
    constexpr std::size_t most_bytes = std::size_t{8} << 20;
    constexpr std::size_t rows_per_class = 20;
    const std::size_t n = set.pred_probs.shape()[0];
    const std::size_t k = set.pred_probs.shape()[1];
    const std::size_t rows = std::min(most_bytes / (k * sizeof(T)), n);
    if (rows < rows_per_class * k)
        return 0.0;
    const xt::xtensor<std::int64_t, 1> labels = xt::view(set.labels, xt::range(0, rows));
    const xt::xtensor<T, 2> pred_probs = xt::view(set.pred_probs, xt::range(0, rows), xt::all());
    const double taken = benchmarks::time(100, [&] { run_passes(labels, pred_probs, 1); }).best;
    return taken * static_cast<double>(n) / static_cast<double>(rows);
}

struct figures
{
    double passes[2];
    double find[2];
    double memory[2];
    double gather[2];
    std::size_t issues;
    double cached;  // zero where a cache holds too few rows
    double loop;
    double naive;  // zero where its temporaries would not fit
};

template <class T>
[[nodiscard]] figures measure(std::size_t n, std::size_t k)
{
    const auto set = benchmarks::make_set<T>(n, k);
    const std::size_t runs = n * k > 200'000'000 ? 5 : n * k > 1'000'000 ? 15 : 200;
    figures result{};
    for (const std::size_t threads : {std::size_t{1}, std::size_t{2}})
    {
        result.passes[threads - 1] =
            benchmarks::time(runs, [&] { run_passes(set.labels, set.pred_probs, threads); }).best;
        result.find[threads - 1] =
            benchmarks::time(
                runs,
                [&] {
                    result.issues =
                        labelerrors::find_label_issues(set.labels, set.pred_probs, {.threads = threads}).indices.size();
                })
                .best;
        result.memory[threads - 1] = static_cast<double>(n * k * sizeof(T)) / benchmarks::read_bandwidth(threads);
        result.gather[threads - 1] = benchmarks::gather_time(set, threads);
    }
    result.cached = cached_time(set);
    std::size_t counted = 0;
    result.loop = benchmarks::time(3, [&] { counted += loop_joint(set.labels, set.pred_probs); }).best;
    if constexpr (std::is_same_v<T, double>)
        if (n * k <= 60'000'000)
            result.naive = benchmarks::time(2, [&] { counted += naive_joint(set.labels, set.pred_probs); }).best;
    if (counted == 0)
        throw std::runtime_error("nothing was counted");
    return result;
}

[[nodiscard]] figures measure(const shape& one)
{
    if (one.type == "f2")
        return measure<float16>(one.num_rows, one.num_columns);
    if (one.type == "f4")
        return measure<float>(one.num_rows, one.num_columns);
    if (one.type == "f8")
        return measure<double>(one.num_rows, one.num_columns);
    throw std::runtime_error("TYPE must be f2, f4 or f8, not " + one.type);
}

void print_row(const shape& one)
{
    const figures got = measure(one);
    const auto ms = [](double seconds)
    {
        return seconds * 1e3;
    };
    const auto or_none = [](double value, const char* format)
    {
        char text[32] = "-";
        if (value > 0)
            std::snprintf(text, sizeof text, format, value);
        return std::string(text);
    };
    const auto of_memory = [&](std::size_t at)
    {
        return 100 * got.memory[at] / got.passes[at];
    };
    // Of what takes longer: of memory and the gather, or of arithmetic, which threads share.
    const auto of_limit = [&](std::size_t at)
    {
        const double arithmetic = got.cached / static_cast<double>(at + 1);
        return 100 * std::max(got.memory[at] + got.gather[at], arithmetic) / got.passes[at];
    };
    std::printf("| %zu x %zu %s | %.2f / %.2f | %.2f / %.2f | %.2f / %.2f | %.2f / %.2f | %s | "
                "%.0f / %.0f %% | %.0f / %.0f %% | %.1f | %s | %zu |\n",
                one.num_rows, one.num_columns, one.type.c_str(), ms(got.passes[0]), ms(got.passes[1]), ms(got.find[0]),
                ms(got.find[1]), ms(got.memory[0]), ms(got.memory[1]), ms(got.gather[0]), ms(got.gather[1]),
                or_none(ms(got.cached), "%.2f").c_str(), of_memory(0), of_memory(1), of_limit(0), of_limit(1),
                ms(got.loop), or_none(ms(got.naive), "%.0f").c_str(), got.issues);
    std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv)
try
{
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    std::vector<shape> shapes;
    if (arguments.size() == 1 && arguments[0] == "--growth")
        shapes = {{50'000, 100, "f8"}, {100'000, 100, "f8"}, {200'000, 100, "f8"}, {400'000, 100, "f8"},
                  {50'000, 200, "f8"}, {50'000, 400, "f8"},  {50'000, 800, "f8"},  {50'000, 1600, "f8"}};
    else if (!arguments.empty())
        for (const auto& argument : arguments)
            shapes.push_back(parse_shape(argument));
    else
        shapes = {{10'000, 10, "f8"},   {50'000, 100, "f8"},   {50'000, 1000, "f8"},  {50'000, 1000, "f4"},
                  {50'000, 1000, "f2"}, {10'000'000, 3, "f8"}, {2'000'000, 345, "f2"}};
    std::printf("%s\n", benchmarks::machine_line().c_str());
    std::printf("memory is read at %.1f GB/s with one thread, %.1f with two\n\n", benchmarks::read_bandwidth(1) * 1e-9,
                benchmarks::read_bandwidth(2) * 1e-9);
    std::printf("| shape | passes 1T / 2T, ms | find 1T / 2T, ms | memory 1T / 2T, ms | gather 1T / 2T, ms | "
                "cached 1T, ms | passes at, of memory's rate | of the limit | "
                "loop, ms | naive, ms | issues |\n"
                "|---|---|---|---|---|---|---|---|---|---|---|\n");
    for (const auto& one : shapes)
        print_row(one);
    return 0;
}
catch (const std::exception& error)
{
    std::fprintf(stderr, "shapes: error: %s\n", error.what());
    return 1;
}
