// Times find_label_issues on a set in files against what reading its memory once takes.
//     find_label_issues make N K f2|f4|f8 LABELS.npy PRED_PROBS.npy  makes a set
//     find_label_issues run LABELS.npy PRED_PROBS.npy                times it and prints a line of JSON
// against_cleanlab.py calls both and prints a table.
#include "measure.hpp"
#include <labelerrors/core/core.hpp>
#include <labelerrors/io/io.hpp>

#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

namespace
{

template <class T>
void make(std::size_t n, std::size_t k, const std::string& labels, const std::string& pred_probs)
{
    const auto set = benchmarks::make_set<T>(n, k);
    labelerrors::io::write_npy(labels, set.labels);
    labelerrors::io::write_npy(pred_probs, set.pred_probs);
}

/// In memory: the file is read into a container first.
template <class T>
void run(const xt::xtensor<std::int64_t, 1>& labels, const xt::xtensor<T, 2>& pred_probs)
{
    const auto bytes = static_cast<double>(pred_probs.size() * sizeof(T));
    std::printf("{\"n\": %zu, \"k\": %zu, \"type\": \"f%zu\"", pred_probs.shape()[0], pred_probs.shape()[1], sizeof(T));
    for (const std::size_t threads : {std::size_t{1}, std::size_t{2}})
    {
        std::size_t issues = 0;
        const auto found = benchmarks::time(
            7,
            [&] { issues = labelerrors::find_label_issues(labels, pred_probs, {.threads = threads}).indices.size(); });
        const auto counted = benchmarks::time(
            7,
            [&]
            {
                static_cast<void>(labelerrors::compute_confident_joint(
                    labels, pred_probs, {.calibrate = labelerrors::calibration::none, .threads = threads}));
            });
        const double limit = bytes / benchmarks::read_bandwidth(threads);
        std::printf(", \"threads_%zu\": {\"issues\": %zu, \"find_ms\": %.3f, \"find_median_ms\": %.3f, "
                    "\"joint_ms\": %.3f, \"memory_limit_ms\": %.3f}",
                    threads, issues, found.best * 1e3, found.median * 1e3, counted.best * 1e3, limit * 1e3);
    }
    std::printf("}\n");
}

}  // namespace

int main(int argc, char** argv)
try
{
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    if (arguments.size() == 6 && arguments[0] == "make")
    {
        const auto n = static_cast<std::size_t>(std::stoull(arguments[1]));
        const auto k = static_cast<std::size_t>(std::stoull(arguments[2]));
        if (arguments[3] == "f2")
            make<labelerrors::float16>(n, k, arguments[4], arguments[5]);
        else if (arguments[3] == "f4")
            make<float>(n, k, arguments[4], arguments[5]);
        else if (arguments[3] == "f8")
            make<double>(n, k, arguments[4], arguments[5]);
        else
            throw std::runtime_error("the type must be f2, f4 or f8, not " + arguments[3]);
        return 0;
    }
    if (arguments.size() == 3 && arguments[0] == "run")
    {
        const auto labels = labelerrors::io::read_labels(arguments[1]);
        const auto file = labelerrors::io::open_matrix(arguments[2]);
        if (file.parts().front().header().element == labelerrors::io::element_type::f2)
            run(labels, labelerrors::io::read_npy<labelerrors::float16, 2>(arguments[2]));
        else if (file.fits_in_float())
            run(labels, labelerrors::io::read_npy<float, 2>(arguments[2]));
        else
            run(labels, labelerrors::io::read_npy<double, 2>(arguments[2]));
        return 0;
    }
    std::fprintf(stderr, "find_label_issues make N K f2|f4|f8 LABELS.npy PRED_PROBS.npy\n"
                         "find_label_issues run LABELS.npy PRED_PROBS.npy\n");
    return 2;
}
catch (const std::exception& error)
{
    std::fprintf(stderr, "find_label_issues: error: %s\n", error.what());
    return 1;
}
