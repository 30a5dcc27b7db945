#ifndef LABELERRORS_EXAMPLES_PUBLISHED_ROOT_HPP
#define LABELERRORS_EXAMPLES_PUBLISHED_ROOT_HPP

#include <cstdlib>
#include <filesystem>

namespace examples
{

/// Where the published files are: the first argument, else LABELERRORS_DATA_DIR, else the current directory.
[[nodiscard]] inline std::filesystem::path published_root(int argc, char** argv)
{
    if (argc > 1)
        return argv[1];
    const char* const directory = std::getenv("LABELERRORS_DATA_DIR");
    return directory != nullptr ? directory : ".";
}

}  // namespace examples

#endif
