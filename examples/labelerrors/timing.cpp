#include "timing.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <string_view>
#include <system_error>

namespace program
{

namespace
{

/// What Linux says that this process has read by calls, and how long that answer is, which counts from then on.
struct bytes_so_far
{
    std::size_t count;
    std::size_t answer;
};

[[nodiscard]] std::optional<bytes_so_far> bytes_read_so_far()
{
    const int file = ::open("/proc/self/io", O_RDONLY | O_CLOEXEC);
    if (file == -1)
        return std::nullopt;
    std::array<char, 512> text{};
    const auto size = ::read(file, text.data(), text.size());
    ::close(file);
    constexpr std::string_view key = "rchar: ";
    const std::string_view answer(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    bytes_so_far read{0, answer.size()};
    if (!answer.starts_with(key) ||
        std::from_chars(answer.data() + key.size(), answer.data() + answer.size(), read.count).ec != std::errc())
        return std::nullopt;
    return read;
}

}  // namespace

void timing_option::add_to(CLI::App& app)
{
    app.add_flag_function(
        "--timing",
        [this](std::int64_t count)
        {
            wanted = count > 0;
            if (const auto read = bytes_read_so_far())
                read_before = read->count + read->answer;
        },
        "Add a line of JSON to standard error: seconds of each step, bytes_read (what arrays of labels, "
        "probabilities and features hold, counted once; where there are none, all that is read) and peak_memory_bytes");
}

void timing_option::tell(const progress& watch, std::optional<std::size_t> bytes_read) const
{
    if (!wanted)
        return;
    if (!bytes_read && read_before)
        if (const auto read = bytes_read_so_far())
            bytes_read = read->count - *read_before;
    std::fprintf(stderr, "%s\n", watch.timing(bytes_read).c_str());
}

}  // namespace program
