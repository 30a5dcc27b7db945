#include "house/layering.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

using tests::violations;

namespace
{

/// The text of a header at `path` with a guard and the given lines.
std::string header(const std::string& guard, const std::string& lines)
{
    return "#ifndef " + guard + "\n#define " + guard + "\n" + lines + "\n#endif\n";
}

/// Whether the header at `path` may have this include line.
bool allowed(const std::string& path, const std::string& line)
{
    const auto found = violations(path, header("x", line));
    return std::none_of(found.begin(), found.end(),
                        [](const std::string& text) { return text.find("include <") != std::string::npos; });
}

}  // namespace

TEST_CASE("every header of the library keeps to who may include whom, to its guard and to 300 lines")
{
    const auto root = std::filesystem::path(LABELERRORS_SOURCE_DIR) / "include" / "labelerrors";
    std::size_t num_headers = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root))
    {
        if (!entry.is_regular_file())
            continue;
        const auto path = std::filesystem::relative(entry.path(), root).generic_string();
        CHECK_MESSAGE(path.ends_with(".hpp"), path);
        std::ifstream file(entry.path());
        const std::string text{std::istreambuf_iterator<char>(file), {}};
        for (const auto& violation : violations(path, text))
            FAIL_CHECK(violation);
        ++num_headers;
    }
    CHECK(num_headers >= 7);
}

TEST_CASE("the sources of examples, programs and benchmarks are as short as headers")
{
    std::size_t num_sources = 0;
    for (const char* folder : {"examples", "benchmarks"})
        for (const auto& entry :
             std::filesystem::recursive_directory_iterator(std::filesystem::path(LABELERRORS_SOURCE_DIR) / folder))
        {
            if (entry.path().extension() != ".cpp" && entry.path().extension() != ".hpp")
                continue;
            std::ifstream file(entry.path());
            const auto lines = std::count(std::istreambuf_iterator<char>(file), {}, '\n');
            CHECK_MESSAGE(lines <= static_cast<std::ptrdiff_t>(tests::most_lines), entry.path().string());
            ++num_sources;
        }
    CHECK(num_sources > 50);
}

TEST_CASE("the list allows what the design allows")
{
    CHECK(allowed("core/joint.hpp", "#include <labelerrors/rows/row_blocks.hpp>"));
    CHECK(allowed("core/joint.hpp", "#include <labelerrors/core/thresholds.hpp>"));
    CHECK(allowed("core/joint.hpp", "#include <labelerrors/error.hpp>"));
    CHECK(allowed("core/latent.hpp", "#include <xtensor-blas/xlinalg.hpp>"));
    CHECK(allowed("core/xblas_config.hpp", "#include <xtensor-blas/xblas_config.hpp>"));
    CHECK(allowed("model/classifier.hpp", "#include <labelerrors/core/joint.hpp>"));
    CHECK(allowed("model/classifier.hpp", "#include <xtensor-blas/xlinalg.hpp>"));
    CHECK(allowed("io/json.hpp", "#include <nlohmann/json.hpp>"));
    CHECK(allowed("io/npz.hpp", "#include <zlib.h>"));
    CHECK(allowed("datasets/mnist.hpp", "#include <labelerrors/corrections/decide.hpp>"));
    CHECK(allowed("report/table.hpp", "#include <labelerrors/evaluation/score.hpp>"));
    CHECK(allowed("rows/xtensor.hpp", "#include <xtensor/xtensor.hpp>"));
    CHECK(allowed("rows/parallel.hpp", "#include <thread>"));
    CHECK(allowed("labelerrors.hpp", "#include <labelerrors/core.hpp>"));
    CHECK(allowed("labelerrors.hpp", "#include <labelerrors/core/core.hpp>"));
    CHECK(allowed("labelerrors.hpp", "#include <labelerrors/core/latent.hpp>"));
    CHECK(allowed("core.hpp", "#include <labelerrors/core/joint.hpp>"));
}

TEST_CASE("a folder that includes one that it may not is refused, with the place")
{
    CHECK(violations("core/joint.hpp", header("LABELERRORS_CORE_JOINT_HPP", "#include <labelerrors/io/npy.hpp>")) ==
          std::vector<std::string>{"core/joint.hpp:3: may not include <labelerrors/io/npy.hpp>"});
    CHECK(!allowed("core/joint.hpp", "#include <labelerrors/datasets/mnist.hpp>"));
    CHECK(!allowed("core/joint.hpp", "  #  include   <labelerrors/model/folds.hpp>  // why"));
    CHECK(!allowed("rows/row_blocks.hpp", "#include<labelerrors/core/joint.hpp>"));
    CHECK(!allowed("io/npy.hpp", "#include <labelerrors/core/joint.hpp>"));
    CHECK(!allowed("consensus/policy.hpp", "#include <labelerrors/rows/row_blocks.hpp>"));
    CHECK(!allowed("corrections/decide.hpp", "#include <labelerrors/datasets/mnist.hpp>"));
    CHECK(!allowed("evaluation/score.hpp", "#include <labelerrors/consensus/policy.hpp>"));
    CHECK(!allowed("datasets/mnist.hpp", "#include <labelerrors/core/joint.hpp>"));
    CHECK(!allowed("error.hpp", "#include <labelerrors/rows/float16.hpp>"));
    CHECK(!allowed("core.hpp", "#include <labelerrors/io/npy.hpp>"));
    CHECK(!allowed("core/joint.hpp", "#include <labelerrors/io.hpp>"));
    CHECK(!allowed("core/joint.hpp", "#include <labelerrors/distributed/mpi.hpp>"));
    CHECK(!allowed("distributed/agreement.hpp", "#include <labelerrors/io/npy_rows.hpp>"));
    CHECK(!allowed("labelerrors.hpp", "#include <labelerrors/distributed/mpi.hpp>"));
}

TEST_CASE("the umbrella is included by no header, and itself includes umbrellas only")
{
    CHECK(!allowed("core/joint.hpp", "#include <labelerrors/labelerrors.hpp>"));
    CHECK(!allowed("report/table.hpp", "#include <labelerrors/labelerrors.hpp>"));
    CHECK(!allowed("labelerrors.hpp", "#include <labelerrors/core/joint.hpp>"));
    CHECK(!allowed("labelerrors.hpp", "#include <labelerrors/labelerrors.hpp>"));
}

TEST_CASE("a dependency outside its place is refused")
{
    CHECK(!allowed("core/joint.hpp", "#include <xtensor/xmath.hpp>"));
    CHECK(!allowed("rows/row_blocks.hpp", "#include <xtensor/xtensor.hpp>"));
    CHECK(!allowed("core/joint.hpp", "#include <xtensor-blas/xlinalg.hpp>"));
    CHECK(!allowed("rows/xtensor.hpp", "#include <xtensor-blas/xlinalg.hpp>"));
    CHECK(!allowed("io/npy.hpp", "#include <nlohmann/json.hpp>"));
    CHECK(!allowed("core/json.hpp", "#include <nlohmann/json.hpp>"));
    CHECK(!allowed("corrections/decide.hpp", "#include <nlohmann/json_fwd.hpp>"));
    CHECK(!allowed("rows/float16.hpp", "#include <zlib.h>"));
    CHECK(!allowed("core/joint.hpp", "#include <sys/mman.h>"));
    CHECK(allowed("rows/large_vector.hpp", "#include <sys/mman.h>"));
    CHECK(!allowed("distributed/agreement.hpp", "#include <mpi.h>"));
    CHECK(allowed("distributed/mpi.hpp", "#include <mpi.h>"));
    CHECK(!allowed("report/table.hpp", "#include <CLI/CLI.hpp>"));
    CHECK(!allowed("io/npy.hpp", "#include <boost/endian.hpp>"));
    CHECK(!allowed("consensus/policy.hpp", "#include <assert.h>"));
}

TEST_CASE("a quoted include, a macro, a wrong guard, an unknown folder and a long file are refused")
{
    using lines = std::vector<std::string>;
    CHECK(violations("io/a.hpp", header("LABELERRORS_IO_A_HPP", "#include \"b.hpp\"")) ==
          lines{"io/a.hpp:3: a header of the library is included as <labelerrors/...>, not as \"b.hpp\""});
    CHECK(violations("io/a.hpp", header("LABELERRORS_IO_A_HPP", "# define MIN(a, b) a")) ==
          lines{"io/a.hpp:3: defines the macro MIN"});
    CHECK(violations("io/a.hpp", header("A_HPP", "")) ==
          lines{"io/a.hpp:2: defines the macro A_HPP", "io/a.hpp: the include guard must be LABELERRORS_IO_A_HPP"});
    CHECK(violations("utils/a.hpp", header("LABELERRORS_UTILS_A_HPP", "")) ==
          lines{"utils/a.hpp: the folder is not in the list of who may include whom"});
    CHECK(violations("io/a.hpp", header("LABELERRORS_IO_A_HPP", std::string(296, '\n'))).empty());
    CHECK(violations("io/a.hpp", header("LABELERRORS_IO_A_HPP", std::string(297, '\n'))) ==
          lines{"io/a.hpp: 301 lines, more than 300"});
}
