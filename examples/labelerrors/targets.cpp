#include "targets.hpp"

#include <labelerrors/io/atomic_file.hpp>

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

void check_inputs(const CLI::App& subcommand)
{
    const bool draws = subcommand.get_name() == "evaluate";  // what report calls --figure it reads
    const auto is_output = [&](const std::string& name)
    {
        return name == "--output" || name == "--decisions" || name == "--kept" || name == "--save-pred-probs" ||
               (name == "--figure" && draws);
    };
    // A title may be called as a file is.
    const auto is_input = [&](const CLI::Option& option)
    {
        return !is_output(option.get_name()) &&
               (option.get_positional() || option.get_type_name().find("FILE") != std::string::npos);
    };
    const auto would_be_lost = [](const std::string& written, std::string read)
    {
        // NAME=FILE of a model, FILE.npz:MEMBER.
        std::error_code ignored;
        if (!std::filesystem::exists(read, ignored))
            read = read.substr(read.find('=') + 1);
        if (const auto member = read.find(".npz:"); member != read.npos && !std::filesystem::exists(read, ignored))
            read.resize(member + 4);
        return std::filesystem::is_regular_file(written, ignored) && is_same_file(written, read);
    };
    const auto options = subcommand.get_options([](const CLI::Option* option) { return option->count() != 0; });
    for (const auto* output : options)
        for (const auto* input : options)
            if (is_output(output->get_name()) && is_input(*input))
                for (const std::string& read : input->results())
                    if (would_be_lost(output->results().front(), read))
                        throw CLI::ValidationError(output->get_name() + " and " + input->get_name() + " both name " +
                                                   output->results().front() +
                                                   ", which would be lost; write to another file");
}

}  // namespace program
