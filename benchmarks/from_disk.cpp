// Times find_label_issues on a file that memory does not hold, against reading it from the disk from one end to the
// other. By default the file has QuickDraw's shape, 50,426,266 x 345 halves, 34.8 GB.
//     from_disk make FOLDER [ROWS]     makes FOLDER/labels.npy and FOLDER/pred_probs.npy
//     from_disk run FOLDER             times both, with nothing of the file in the system's cache at the start
#include "machine.hpp"
#include "measure.hpp"
#include <labelerrors/core/core.hpp>
#include <labelerrors/io/io.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

namespace
{

constexpr std::size_t num_classes = 345;

/// The same kind of set as make_set makes, written block by block. Its rows repeat every 2^16, each time with other
/// labels: what is timed does not depend on it, and making it takes no longer than writing.
void make(const std::filesystem::path& folder, std::size_t num_rows)
{
    using labelerrors::io::atomic_file;
    std::filesystem::create_directories(folder);
    const std::size_t block = std::min<std::size_t>(num_rows, std::size_t{1} << 16);
    const auto set = benchmarks::make_set<labelerrors::float16>(block, num_classes);
    const auto header = [](labelerrors::io::element_type type, std::vector<std::size_t> shape)
    {
        return labelerrors::io::make_npy_header({.element = type, .shape = std::move(shape)});
    };
    atomic_file labels(folder / "labels.npy");
    atomic_file pred_probs(folder / "pred_probs.npy");
    labels.write(header(labelerrors::io::element_type::u2, {num_rows}));
    pred_probs.write(header(labelerrors::io::element_type::f2, {num_rows, num_classes}));
    std::mt19937_64 generator(20240614);
    std::vector<std::uint16_t> given(block);
    for (std::size_t first = 0; first < num_rows; first += block)
    {
        const std::size_t rows = std::min(block, num_rows - first);
        for (std::size_t i = 0; i < rows; ++i)
            given[i] = static_cast<std::uint16_t>(generator() % 50 == 0 ? generator() % num_classes
                                                                        : static_cast<std::uint64_t>(set.labels(i)));
        labels.write(std::as_bytes(std::span(given.data(), rows)));
        pred_probs.write(std::as_bytes(std::span(set.pred_probs.data(), rows * num_classes)));
    }
    labels.commit();
    pred_probs.commit();
}

void run(const std::filesystem::path& folder)
{
    const auto path = folder / "pred_probs.npy";
    const auto bytes = static_cast<double>(std::filesystem::file_size(path));
    std::printf("%s\n%s: %.2f GB\n", benchmarks::machine_line().c_str(), path.c_str(), bytes * 1e-9);
    const auto read_rate = [&]
    {
        return benchmarks::disk_read_rate(path, std::size_t{1} << 33);
    };
    const double before = read_rate();

    const auto labels = labelerrors::io::read_labels(folder / "labels.npy");
    const auto file = labelerrors::io::open_matrix(path);
    std::string pass;
    std::vector<std::pair<std::string, double>> passes;
    using clock = std::chrono::steady_clock;
    auto start = clock::now();
    const auto begin = start;
    const auto end_pass = [&]
    {
        if (!pass.empty())
            passes.emplace_back(pass, std::chrono::duration<double>(clock::now() - start).count());
        start = clock::now();
    };
    const auto issues = labelerrors::io::with_matrix(file,
                                                     [&](const auto& rows)
                                                     {
                                                         return labelerrors::find_label_issues(
                                                             labels, rows,
                                                             {.progress = [&](const labelerrors::scan_progress& at)
                                                              {
                                                                  if (at.rows_done != 0)
                                                                      return;
                                                                  end_pass();
                                                                  pass = at.pass;
                                                              }});
                                                     });
    end_pass();
    const double seconds = std::chrono::duration<double>(clock::now() - begin).count();
    const std::size_t peak = benchmarks::peak_memory();
    const double after = read_rate();
    std::printf("the disk is read at %.2f GB/s before and %.2f after: %.1f s a pass\n", before * 1e-9, after * 1e-9,
                bytes / ((before + after) / 2));
    for (const auto& [name, taken] : passes)
        std::printf("%-16s %7.2f s, %.2f GB/s if it reads all, %.0f %% of the disk's rate\n", name.c_str(), taken,
                    bytes * 1e-9 / taken, 100 * bytes / taken / ((before + after) / 2));
    std::printf("found and ranked %zu issues in %.2f s, peak memory %.2f GB, %.1f bytes an example\n",
                issues.indices.size(), seconds, static_cast<double>(peak) * 1e-9,
                static_cast<double>(peak) / static_cast<double>(labels.size()));
}

}  // namespace

int main(int argc, char** argv)
try
{
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    if (arguments.size() >= 2 && arguments.size() <= 3 && arguments[0] == "make")
    {
        make(arguments[1], arguments.size() == 3 ? std::stoull(arguments[2]) : 50'426'266);
        return 0;
    }
    if (arguments.size() == 2 && arguments[0] == "run")
    {
        run(arguments[1]);
        return 0;
    }
    std::fprintf(stderr, "from_disk make FOLDER [ROWS]\nfrom_disk run FOLDER\n");
    return 2;
}
catch (const std::exception& error)
{
    std::fprintf(stderr, "from_disk: error: %s\n", error.what());
    return 1;
}
