#ifndef LABELERRORS_EXAMPLES_PUBLISHED_FILES_HPP
#define LABELERRORS_EXAMPLES_PUBLISHED_FILES_HPP

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

/// Where the corrected labels go: the second argument, else corrected/ in the current directory.
[[nodiscard]] inline std::filesystem::path corrected_folder(int argc, char** argv)
{
    return argc > 2 ? argv[2] : "corrected";
}

/// Where the models' predictions are: the second argument, else model-predictions/ beside the published files.
[[nodiscard]] inline std::filesystem::path predictions_folder(int argc, char** argv)
{
    return argc > 2 ? argv[2] : published_root(argc, argv) / "model-predictions";
}

}  // namespace examples

#endif
