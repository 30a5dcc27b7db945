#ifndef LABELERRORS_BENCHMARKS_MACHINE_HPP
#define LABELERRORS_BENCHMARKS_MACHINE_HPP

#include "commit.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace benchmarks
{

/// What a figure depends on besides the code: processor, cores, compiler, flags and commit, as one line.
[[nodiscard]] inline std::string machine_line()
{
    std::string processor = "unknown processor";
    std::ifstream cpus("/proc/cpuinfo");
    for (std::string line; std::getline(cpus, line);)
        if (line.starts_with("model name"))
        {
            processor = line.substr(line.find(':') + 2);
            break;
        }
#if defined(__clang__)
    const std::string compiler = "clang " __clang_version__;
#else
    const std::string compiler = "g++ " __VERSION__;
#endif
    return processor + ", " + std::to_string(std::thread::hardware_concurrency()) + " cores; " + compiler + "; " +
           LABELERRORS_BENCHMARK_FLAGS + "; commit " + benchmarked_commit;
}

/// The most memory that this process has had at a time, in bytes: what it holds itself and the pages of mapped files.
[[nodiscard]] inline std::size_t peak_memory()
{
    struct rusage usage = {};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::size_t>(usage.ru_maxrss) * 1024;
}

/// Forgets what the system has cached of a file, so that the next read is from the disk.
inline void drop_from_cache(const std::filesystem::path& path)
{
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0)
        throw std::runtime_error("cannot open " + path.string());
    ::fdatasync(file);
    ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
    ::close(file);
}

/// Bytes a second of reading the first `most` bytes of a file from the disk, one block of 8 MB after another.
[[nodiscard]] inline double disk_read_rate(const std::filesystem::path& path, std::size_t most)
{
    drop_from_cache(path);
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0)
        throw std::runtime_error("cannot open " + path.string());
    ::posix_fadvise(file, 0, 0, POSIX_FADV_SEQUENTIAL);
    std::vector<char> block(std::size_t{1} << 23);
    std::size_t total = 0;
    const auto start = std::chrono::steady_clock::now();
    while (total < most)
    {
        const auto count = ::read(file, block.data(), std::min(block.size(), most - total));
        if (count < 0)
            throw std::runtime_error("cannot read " + path.string());
        if (count == 0)
            break;
        total += static_cast<std::size_t>(count);
    }
    const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    ::close(file);
    drop_from_cache(path);
    return static_cast<double>(total) / seconds;
}

}  // namespace benchmarks

#endif
