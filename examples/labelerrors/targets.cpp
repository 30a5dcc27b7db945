#include "targets.hpp"

#include <labelerrors/datasets/provenance.hpp>
#include <labelerrors/io/atomic_file.hpp>

#include <filesystem>
#include <system_error>

namespace program
{

namespace
{

constexpr const char* standard_output = "/dev/stdout";

/// Whether several results may go there: a terminal, /dev/null.
[[nodiscard]] bool is_device(const std::string& path)
{
    std::error_code ignored;
    return std::filesystem::is_character_file(path, ignored);
}

/// Opening a pipe and leaving it tells its reader that nothing more comes.
[[nodiscard]] bool is_pipe(const std::string& path)
{
    std::error_code ignored;
    return std::filesystem::is_fifo(path, ignored) || std::filesystem::is_socket(path, ignored);
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

target printed_or(const std::string& path)
{
    return {"--output", path.empty() ? standard_output : path};
}

void check_targets(const std::vector<target>& targets)
{
    for (auto one = targets.begin(); one != targets.end(); ++one)
    {
        // What other programs take for standard output.
        if (one->path == "-")
            throw CLI::ValidationError(std::string(one->option) + " - would make a file of that name; name /dev/stdout "
                                                                  "to print, or ./- for such a file");
        if (one->path.empty() || is_device(one->path))
            continue;
        for (auto other = targets.begin(); other != one; ++other)
            if (!other->path.empty() && is_same_file(one->path, other->path))
                throw CLI::ValidationError(std::string(other->option) + " and " + one->option + " both name " +
                                           one->path + "; give each a file of its own");
        // Made and left, which leaves nothing behind.
        if (!is_pipe(one->path))
            static_cast<void>(labelerrors::io::atomic_file(one->path));
    }
}

bool is_standard_output(const std::string& path)
{
    return !path.empty() && is_same_file(path, standard_output);
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
    const auto refuse_loss = [&](const std::string& what, const std::string& written)
    {
        for (const auto* input : options)
            if (is_input(*input))
                for (const std::string& read : input->results())
                    if (would_be_lost(written, read))
                        throw CLI::ValidationError(what + " and " + input->get_name() + " both name " + written +
                                                   ", which would be lost; write to another file");
    };
    for (const auto* output : options)
        if (is_output(output->get_name()))
        {
            const std::string& written = output->results().front();
            refuse_loss(output->get_name(), written);
            if (subcommand.get_name() == "correct")
                refuse_loss("the provenance of " + output->get_name(),
                            labelerrors::datasets::provenance_path(written).string());
        }
}

}  // namespace program
