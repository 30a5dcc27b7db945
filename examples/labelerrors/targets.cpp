#include "targets.hpp"

#include <labelerrors/io/atomic_file.hpp>

#include <CLI/CLI.hpp>

#include <filesystem>
#include <system_error>

namespace program
{

namespace
{

/// Whether something other than a file, which several results may go to, has that name.
[[nodiscard]] bool is_stream(const std::filesystem::path& path)
{
    std::error_code ignored;
    const auto status = std::filesystem::status(path, ignored);
    return std::filesystem::exists(status) && !std::filesystem::is_regular_file(status) &&
           !std::filesystem::is_directory(status);
}

[[nodiscard]] bool is_same_file(const std::string& a, const std::string& b)
{
    std::error_code ignored;
    const auto place = [&](const std::string& path)
    {
        return std::filesystem::weakly_canonical(std::filesystem::absolute(path, ignored), ignored);
    };
    return place(a) == place(b) || std::filesystem::equivalent(a, b, ignored);
}

}  // namespace

void check_targets(std::initializer_list<target> targets)
{
    for (const target* one = targets.begin(); one != targets.end(); ++one)
    {
        if (one->path.empty() || is_stream(one->path))
            continue;
        for (const target* other = targets.begin(); other != one; ++other)
            if (!other->path.empty() && is_same_file(one->path, other->path))
                throw CLI::ValidationError(std::string(other->option) + " and " + one->option + " both name " +
                                           one->path + "; give each a file of its own");
        // Made and left, which leaves nothing behind.
        static_cast<void>(labelerrors::io::atomic_file(one->path));
    }
}

}  // namespace program
