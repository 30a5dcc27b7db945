#include "timing.hpp"

#include <cstdio>

namespace program
{

void timing_option::add_to(CLI::App& app)
{
    app.add_flag("--timing", wanted, "Add a line of JSON to standard error: seconds of each step, bytes, peak memory");
}

void timing_option::tell(const progress& watch, std::optional<std::size_t> bytes_read) const
{
    if (wanted)
        std::fprintf(stderr, "%s\n", watch.timing(bytes_read ? bytes_read : watch.bytes_read()).c_str());
}

}  // namespace program
