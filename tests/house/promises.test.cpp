// README.md's table of promises names tests that exist; promises about the headers, and the version, that nothing else
// holds.
#include <labelerrors/version.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

namespace
{

namespace fs = std::filesystem;

[[nodiscard]] std::string text_of(const fs::path& path)
{
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// A row of the table: a file, and the name of a test or a sentence about the file.
struct promise
{
    std::string file;
    std::string test;
};

/// The rows of README's section of promises.
[[nodiscard]] std::vector<promise> promises_of(const std::string& readme)
{
    const auto first = readme.find("\n## What is promised\n");
    REQUIRE(first != std::string::npos);
    std::istringstream lines(readme.substr(first + 1, readme.find("\n## ", first + 1) - first - 1));
    const std::regex row(R"(\|.*\| `([^`]+)` \| (.+) \|)");
    std::vector<promise> found;
    std::smatch cells;
    for (std::string line; std::getline(lines, line);)
        if (std::regex_match(line, cells, row))
            found.push_back({cells[1], cells[2]});
    return found;
}

/// The code of a header: without comments and the contents of strings.
[[nodiscard]] std::string code_of(const std::string& text)
{
    static const std::regex not_code(R"re(//[^\n]*|"(?:[^"\\\n]|\\.)*")re");
    return std::regex_replace(text, not_code, "\"\"");
}

/// The first thing in a header's code that a library of values has no use for; empty where there is none.
[[nodiscard]] std::string forbidden_in(const std::string& code)
{
    static const std::regex calls(
        R"(std::(cout|cerr|clog|exit|abort|terminate|set_terminate|setlocale|signal|srand|quick_exit)\b)"
        R"(|\b(printf|puts|fesetround|sigaction|setenv|chdir|thread_local)\b)"
        // A variable that is neither constant nor a member: static ones in functions, inline ones in namespaces.
        R"(|\n *static (?!constexpr|const |std::regex)[A-Za-z_:<>, ]+[ &*]\w+( =|;|\{))"
        R"(|\ninline (?!constexpr|const |namespace)[A-Za-z_:<>, ]+ \w+( =|;|\{))");
    std::smatch found;
    return std::regex_search(code, found, calls) ? found.str() : "";
}

}  // namespace

TEST_CASE("every test that README names for a promise exists")
{
    const fs::path root = LABELERRORS_SOURCE_DIR;
    const auto promises = promises_of(text_of(root / "README.md"));
    CHECK(promises.size() >= 20);
    for (const promise& one : promises)
    {
        CHECK_MESSAGE(fs::is_regular_file(root / one.file), one.file);
        const std::string place = one.file + ": " + one.test;
        if (one.file.ends_with(".test.cpp"))
            CHECK_MESSAGE(text_of(root / one.file).find('"' + one.test + '"') != std::string::npos, place);
    }
}

TEST_CASE("every file that states the version states the same")
{
    const fs::path root = LABELERRORS_SOURCE_DIR;
    const std::string version = std::to_string(LABELERRORS_VERSION_MAJOR) + '.' +
                                std::to_string(LABELERRORS_VERSION_MINOR) + '.' +
                                std::to_string(LABELERRORS_VERSION_PATCH);
    CHECK(text_of(root / "CITATION.cff").find("\nversion: " + version + "\n") != std::string::npos);
    CHECK(text_of(root / "cmake/packaging/vcpkg/labelerrors/vcpkg.json").find("\"version\": \"" + version + "\"") !=
          std::string::npos);
    CHECK(text_of(root / "CHANGELOG.md").find("\n## " + version + ", ") != std::string::npos);
}

TEST_CASE("no header prints, ends the process or changes or keeps global state")
{
    const auto root = fs::path(LABELERRORS_SOURCE_DIR) / "include";
    std::size_t num_headers = 0;
    for (const auto& entry : fs::recursive_directory_iterator(root))
        if (entry.is_regular_file())
        {
            const auto found = forbidden_in(code_of(text_of(entry.path())));
            const std::string place = entry.path().string() + ": " + found;
            CHECK_MESSAGE(found.empty(), place);
            ++num_headers;
        }
    CHECK(num_headers > 100);

    CHECK(forbidden_in("void f()\n{\n    std::cout << 1;\n}\n") == "std::cout");
    CHECK(forbidden_in("void f()\n{\n    static std::size_t calls = 0;\n}\n") != "");
    CHECK(forbidden_in("\ninline std::size_t calls = 0;\n") != "");
    CHECK(forbidden_in("\ninline int& f()\n{\n}\nthread_local int x;\n") == "thread_local");
    CHECK(forbidden_in("\ninline constexpr int x = 0;\ninline int f();\n    static std::size_t g() noexcept;\n") == "");
    CHECK(code_of("a(\"std::cout\");  // std::cerr\n") == "a(\"\");  \"\"\n");
}
