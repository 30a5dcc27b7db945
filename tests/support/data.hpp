#ifndef LABELERRORS_TESTS_SUPPORT_DATA_HPP
#define LABELERRORS_TESTS_SUPPORT_DATA_HPP

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string_view>

namespace tests
{

/// The directory that the environment variable names, else `beside`, which is relative to this repository's root.
/// Nothing where it does not exist.
[[nodiscard]] inline std::optional<std::filesystem::path> find_dir(const char* variable, const char* beside)
{
    const char* const named = std::getenv(variable);
    const std::filesystem::path dir =
        named != nullptr ? std::filesystem::path(named) : std::filesystem::path(LABELERRORS_SOURCE_DIR) / beside;
    std::error_code no_such_dir;
    if (!std::filesystem::is_directory(dir, no_such_dir))
        return std::nullopt;
    return std::filesystem::canonical(dir);
}

/// The published data: LABELERRORS_DATA_DIR, else ../shared/data.
[[nodiscard]] inline std::optional<std::filesystem::path> data_dir()
{
    return find_dir("LABELERRORS_DATA_DIR", "../shared/data");
}

/// The reference implementation's outputs: LABELERRORS_GOLDEN_DIR, else ../shared/golden.
[[nodiscard]] inline std::optional<std::filesystem::path> golden_dir()
{
    return find_dir("LABELERRORS_GOLDEN_DIR", "../shared/golden");
}

/// Says that the running case is skipped, and why; ctest reports it as skipped. The case must end with it:
///
///     const auto data = tests::data_dir();
///     if (!data)
///         return tests::skip("no LABELERRORS_DATA_DIR");
inline void skip(std::string_view reason)
{
    std::cout << "skipped: " << doctest::getContextOptions()->currentTest->m_name << ": " << reason << std::endl;
}

}  // namespace tests

#endif
