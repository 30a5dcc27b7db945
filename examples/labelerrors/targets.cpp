#include "targets.hpp"

#include <labelerrors/datasets/provenance.hpp>
#include <labelerrors/datasets/published_files.hpp>
#include <labelerrors/datasets/registry.hpp>
#include <labelerrors/io/atomic_file.hpp>

#include <filesystem>
#include <system_error>

namespace program
{

namespace
{

namespace datasets = labelerrors::datasets;

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

/// Whether an option of a subcommand names a file that is written.
[[nodiscard]] bool is_output(const CLI::Option& option, const std::string& subcommand)
{
    const std::string name = option.get_name();
    return name == "--output" || name == "--decisions" || name == "--kept" || name == "--save-pred-probs" ||
           (name == "--figure" && subcommand == "evaluate");  // what report calls --figure it reads
}

/// Whether it names a file that is read. A title may be called as a file is; a DIR may be the one file of a test set.
[[nodiscard]] bool is_input(const CLI::Option& option, const std::string& subcommand)
{
    const std::string type = option.get_type_name();
    return !is_output(option, subcommand) &&
           (option.get_positional() || type.find("FILE") != std::string::npos || type == "DIR");
}

/// The file that the value of an option names: NAME=FILE of a model, FILE.npz:MEMBER.
[[nodiscard]] std::string file_in(std::string value)
{
    std::error_code ignored;
    if (!std::filesystem::exists(value, ignored))
        value = value.substr(value.find('=') + 1);
    if (const auto member = value.find(".npz:"); member != value.npos && !std::filesystem::exists(value, ignored))
        value.resize(member + 4);
    return value;
}

/// A file that is read, and what names it.
struct source
{
    std::string named_by;
    std::string path;
};

/// The files that the options of a subcommand name, and those that --root has.
[[nodiscard]] std::vector<source> files_read(const std::vector<const CLI::Option*>& options,
                                             const std::string& subcommand)
{
    std::vector<source> read;
    for (const auto* option : options)
    {
        if (is_input(*option, subcommand))
            for (const std::string& value : option->results())
                read.push_back({option->get_name(), file_in(value)});
        if (option->get_name() == "--root")
            for (const auto& set : datasets::all_facts)
                for (const auto& file : datasets::present_files(set, option->results().front()))
                    if (file.present)
                        read.push_back({"the published files of --root", file.path.string()});
    }
    return read;
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
    const auto options = subcommand.get_options([](const CLI::Option* option) { return option->count() != 0; });
    const auto read = files_read(options, subcommand.get_name());
    for (const auto& [named_by, path] : read)
        // What other programs take for standard input.
        if (path == "-")
            throw CLI::ValidationError(named_by + " - would read a file of that name; name /dev/stdin for standard "
                                                  "input, or ./- for such a file");
    const auto refuse_loss = [&](const std::string& what, const std::string& written)
    {
        std::error_code ignored;
        if (!std::filesystem::is_regular_file(written, ignored))
            return;
        for (const auto& [named_by, path] : read)
            if (is_same_file(written, path))
                throw CLI::ValidationError(what + " and " + named_by + " both name " + written +
                                           ", which would be lost; write to another file");
    };
    for (const auto* output : options)
        if (is_output(*output, subcommand.get_name()))
        {
            const std::string& written = output->results().front();
            refuse_loss(output->get_name(), written);
            if (subcommand.get_name() == "correct")
                refuse_loss("the provenance of " + output->get_name(), datasets::provenance_path(written).string());
        }
}

}  // namespace program
