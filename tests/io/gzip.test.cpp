#include "io/gzipped.hpp"
#include "io/stored_bytes.hpp"
#include <labelerrors/error.hpp>
#include <labelerrors/io/gzip.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

using namespace labelerrors::io;
using labelerrors::format_error;
using namespace tests;

namespace
{

/// Reads at most `size` bytes, `step` at a time.
std::string inflate(std::string_view file, std::size_t size, std::size_t step)
{
    gzip_reader reader(bytes_of(file), "a.gz");
    std::string content(size, '\0');
    std::size_t filled = 0;
    while (filled < size)
    {
        const auto to = std::as_writable_bytes(std::span(content)).subspan(filled, std::min(step, size - filled));
        const std::size_t count = reader.read(to);
        filled += count;
        if (count < to.size())
            break;
    }
    content.resize(filled);
    return content;
}

}  // namespace

TEST_CASE("a file is read in steps of any size, up to its end or less")
{
    const std::string content = "the quick brown fox jumps over the lazy dog";
    const std::string file = gzipped(content);
    CHECK(is_gzip(bytes_of(file)));
    CHECK(!is_gzip(bytes_of("\x1f")));
    CHECK(!is_gzip(bytes_of("PK\3\4")));
    for (const std::size_t step : {1U, 2U, 7U, 100U})
    {
        CHECK(inflate(file, 100, step) == content);
        CHECK(inflate(file, 9, step) == "the quick");
    }
    CHECK(inflate(gzipped(""), 10, 10).empty());
}

TEST_CASE("a file that is damaged, cut short, or goes on is refused where its end is read")
{
    const std::string content = "the quick brown fox jumps over the lazy dog";
    const std::string file = gzipped(content);
    for (std::size_t size = 0; size < file.size(); ++size)
    {
        CAPTURE(size);
        CHECK_THROWS_AS(inflate(file.substr(0, size), 100, 100), format_error);
    }
    std::string damaged = file;
    damaged[file.size() - 6] = static_cast<char>(damaged[file.size() - 6] ^ 1);
    CHECK_THROWS_WITH_AS(inflate(damaged, 100, 100), doctest::Contains("damaged (incorrect data check); copy it again"),
                         format_error);
    CHECK_THROWS_WITH_AS(inflate("\x1f\x8bxyz abcdefgh", 100, 100), doctest::Contains("is damaged"), format_error);
    CHECK_THROWS_WITH_AS(inflate(file + "x", 100, 100),
                         doctest::Contains(("byte " + std::to_string(file.size()) + ": the file goes on").c_str()),
                         format_error);
}
