#ifndef LABELERRORS_DATASETS_PROVENANCE_HPP
#define LABELERRORS_DATASETS_PROVENANCE_HPP

#include <labelerrors/corrections/decide.hpp>
#include <labelerrors/datasets/dataset.hpp>
#include <labelerrors/io/atomic_file.hpp>
#include <labelerrors/io/json.hpp>
#include <labelerrors/version.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <filesystem>
#include <string>

namespace labelerrors::datasets
{

/// How corrected labels came about, for beside the files that hold them.
struct provenance
{
    std::string dataset;  // its name
    std::string policy;   // what the consensus policy calls itself
    corrections::correction_options options = {};
    std::size_t num_examples = 0;
    std::size_t num_kept = 0;  // rows that are left
    corrections::decision_counts decisions = {};
};

/// The library's version: "labelerrors 0.1.0".
[[nodiscard]] inline std::string library_version()
{
    return "labelerrors " + std::to_string(LABELERRORS_VERSION_MAJOR) + "." +
           std::to_string(LABELERRORS_VERSION_MINOR) + "." + std::to_string(LABELERRORS_VERSION_PATCH);
}

/// As an object of JSON: dataset, policy, both, neither, no_agreement (what was done about each), n, kept, decisions
/// (how many examples came to each), library (its version).
[[nodiscard]] nlohmann::ordered_json to_json(const provenance& made);

/// Where the provenance of the file `path` is: FILE.json beside FILE.
[[nodiscard]] inline std::filesystem::path provenance_path(std::filesystem::path path)
{
    path += ".json";
    return path;
}

/// Writes a file by `write(path)` and the JSON `made` beside it, at provenance_path. A fault leaves no provenance
/// without its file; the new file beside an older one's provenance only where naming the latter fails at last. What
/// io::is_stream calls a stream gets none: beside it is no place for files. Throws io_error where either cannot be
/// written, and what `write` throws.
template <class Write>
void write_with_provenance(const std::filesystem::path& path, const nlohmann::ordered_json& made, const Write& write)
{
    if (io::is_stream(path))
        return write(path);
    io::atomic_file beside(provenance_path(path));
    beside.write(io::to_json_text(made) + "\n");
    write(path);
    beside.commit();
}

/// The same for what is known about a published set.
template <class Write>
void write_with_provenance(const std::filesystem::path& path, const provenance& made, const Write& write)
{
    write_with_provenance(path, to_json(made), write);
}

namespace detail
{

[[nodiscard]] inline const char* name_of(corrections::action what) noexcept
{
    constexpr const char* names[] = {"keep", "drop", "multi_label"};
    return names[static_cast<std::size_t>(what)];
}

}  // namespace detail

inline nlohmann::ordered_json to_json(const provenance& made)
{
    return {{"dataset", made.dataset},
            {"policy", made.policy},
            {"both", detail::name_of(made.options.both)},
            {"neither", detail::name_of(made.options.neither)},
            {"no_agreement", detail::name_of(made.options.no_agreement)},
            {"n", made.num_examples},
            {"kept", made.num_kept},
            {"decisions",
             {{"keep", made.decisions.keep},
              {"relabel", made.decisions.relabel},
              {"both", made.decisions.both},
              {"neither", made.decisions.neither},
              {"no_agreement", made.decisions.no_agreement}}},
            {"library", library_version()}};
}

}  // namespace labelerrors::datasets

#endif
