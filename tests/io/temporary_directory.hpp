#ifndef LABELERRORS_TESTS_IO_TEMPORARY_DIRECTORY_HPP
#define LABELERRORS_TESTS_IO_TEMPORARY_DIRECTORY_HPP

#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

namespace tests
{

/// A directory of its own for the files of one test case, removed with all that is in it.
class temporary_directory
{
public:
    temporary_directory()
    {
        std::string name = (std::filesystem::temp_directory_path() / "labelerrors-test-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr)
            throw std::runtime_error("no temporary directory can be made as " + name);
        path_ = name;
    }

    temporary_directory(const temporary_directory&) = delete;
    temporary_directory& operator=(const temporary_directory&) = delete;

    ~temporary_directory()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    [[nodiscard]] std::filesystem::path operator/(const std::string& name) const
    {
        return path_ / name;
    }

    /// Writes a file and returns its path.
    std::filesystem::path write(const std::string& name, std::string_view content) const
    {
        const std::filesystem::path path = path_ / name;
        std::ofstream stream(path, std::ios::binary);
        stream.write(content.data(), static_cast<std::streamsize>(content.size()));
        stream.close();
        if (!stream)
            throw std::runtime_error("cannot write " + path.string());
        return path;
    }

    /// How many files and directories it holds.
    [[nodiscard]] std::size_t size() const
    {
        return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(path_), {}));
    }

private:
    std::filesystem::path path_;
};

/// The content of a file.
[[nodiscard]] inline std::string content_of(const std::filesystem::path& path)
{
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace tests

#endif
