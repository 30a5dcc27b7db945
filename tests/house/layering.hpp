#ifndef LABELERRORS_TESTS_HOUSE_LAYERING_HPP
#define LABELERRORS_TESTS_HOUSE_LAYERING_HPP

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace tests
{

/// Which other folders of the library a folder may include. `report` reads the result types of all of them.
inline const std::map<std::string, std::set<std::string>> may_include = {
    {"rows", {}},
    {"io", {"rows"}},
    {"core", {"rows"}},
    {"model", {"core", "rows"}},
    {"distributed", {"core", "rows"}},
    {"consensus", {}},
    {"corrections", {"consensus"}},
    {"evaluation", {"corrections"}},
    {"datasets", {"io", "consensus", "corrections", "rows"}},
    {"report", {"rows", "io", "core", "model", "consensus", "corrections", "evaluation", "datasets"}},
};

/// The headers that everyone may include.
inline const std::set<std::string> for_everyone = {"version.hpp", "error.hpp", "concepts.hpp"};

// What core's own umbrella leaves out: core/latent.hpp needs BLAS, the others take long to compile.
inline const std::set<std::string> beside_core = {"core/annotators.hpp", "core/latent.hpp", "core/multilabel.hpp",
                                                  "core/noise.hpp", "core/reference_cleanlab_1.hpp"};

inline constexpr std::size_t most_lines = 300;

/// The folder that a path below labelerrors/ belongs to: `core` for core/joint.hpp and for core.hpp, the umbrella of
/// that module; nothing for the other headers of the root.
[[nodiscard]] inline std::string folder_of(const std::string& path)
{
    if (const auto slash = path.find('/'); slash != std::string::npos)
        return path.substr(0, slash);
    const auto stem = path.substr(0, path.find('.'));
    return may_include.contains(stem) ? stem : "";
}

/// Whether the header at `path` may include the foreign header `name`.
[[nodiscard]] inline bool may_include_foreign(const std::string& path, const std::string& name)
{
    const auto folder = folder_of(path);
    const auto starts = [](std::string_view text, std::string_view beginning)
    {
        return text.starts_with(beginning);
    };
    if (starts(name, "xtensor/"))
        return path == "rows/xtensor.hpp";
    if (starts(name, "xtensor-blas/"))
        return folder == "model" || starts(path, "core/latent") || path == "core/xblas_config.hpp";
    if (starts(name, "nlohmann/"))
        return folder == "datasets" || folder == "report" || starts(path, "io/json");
    if (name == "zlib.h" || name == "fcntl.h" || name == "unistd.h" || starts(name, "sys/"))
        return folder == "io" || (name == "sys/mman.h" && path == "rows/large_vector.hpp");
    if (name == "mpi.h")
        return path == "distributed/mpi.hpp";
    if (name == "immintrin.h")
        return folder == "rows" || folder == "core";
    // What is left is the standard library, whose headers have neither a folder nor an extension.
    return name.find_first_of("/.") == std::string::npos;
}

/// Whether the header at `path` may include the library's header `name`, both relative to labelerrors/.
[[nodiscard]] inline bool may_include_own(const std::string& path, const std::string& name)
{
    const auto from = folder_of(path);
    const auto to = folder_of(name);
    if (path == "labelerrors.hpp")
        return for_everyone.contains(name) || beside_core.contains(name) ||
               (!to.empty() && name.find('/') == std::string::npos) || name == to + "/" + to + ".hpp";
    if (to.empty())
        return for_everyone.contains(name);
    return !from.empty() && (from == to || may_include.at(from).contains(to));
}

/// The directive of a line and the word after it: `include` and `<vector>`, `define` and `MAX`; nothing elsewhere.
struct directive
{
    std::string name;
    std::string argument;
};

[[nodiscard]] inline directive directive_of(const std::string& line)
{
    std::istringstream words(line);
    char hash = 0;
    directive read;
    if (words >> hash && hash == '#')
        words >> read.name >> read.argument;
    // `#include<vector>` and `#define MAX(a)` are legal too.
    if (const auto end = read.name.find_first_of("<\""); end != std::string::npos)
    {
        read.argument = read.name.substr(end);
        read.name.erase(end);
    }
    if (read.name == "define")
        read.argument.erase(std::min(read.argument.find('('), read.argument.size()));
    return read;
}

/// What is wrong with the header at `path`, relative to include/labelerrors/, whose text is `text`.
[[nodiscard]] inline std::vector<std::string> violations(const std::string& path, const std::string& text)
{
    std::string guard = "LABELERRORS_";
    for (const char c : path)
        guard += c == '/' || c == '.' || c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);

    std::vector<std::string> found;
    if (path.find('/') != std::string::npos && !may_include.contains(folder_of(path)))
        found.push_back(path + ": the folder is not in the list of who may include whom");
    std::istringstream lines(text);
    std::size_t number = 0;
    bool guarded = false;
    for (std::string line; std::getline(lines, line);)
    {
        const auto say = [&, place = path + ":" + std::to_string(++number) + ": "](const std::string& problem)
        {
            found.push_back(place + problem);
        };
        const auto [what, argument] = directive_of(line);
        if (what == "include" && argument.size() > 2)
        {
            const std::string name = argument.substr(1, argument.size() - 2);
            if (argument.front() != '<')
                say("a header of the library is included as <labelerrors/...>, not as \"" + name + "\"");
            else if (name.starts_with("labelerrors/") ? !may_include_own(path, name.substr(12))
                                                      : !may_include_foreign(path, name))
                say("may not include <" + name + ">");
        }
        else if (what == "define")
        {
            guarded = guarded || argument == guard;
            if (argument != guard && !(path == "version.hpp" && argument.starts_with("LABELERRORS_VERSION_")))
                say("defines the macro " + argument);
        }
    }
    if (!guarded)
        found.push_back(path + ": the include guard must be " + guard);
    if (number > most_lines)
        found.push_back(path + ": " + std::to_string(number) + " lines, more than " + std::to_string(most_lines));
    return found;
}

}  // namespace tests

#endif
