#include "io/stored_bytes.hpp"
#include <labelerrors/error.hpp>
#include <labelerrors/io/npy_header.hpp>
#include <labelerrors/io/npz.hpp>
#include <labelerrors/io/read_npz.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

using namespace labelerrors::io;
using labelerrors::format_error;
using tests::compressed;
using tests::little;
using tests::stored;
using tests::zip;
using tests::zip_kind;
using tests::zip_member;

namespace
{

/// The content of an archive's only member.
std::string read(std::string_view file)
{
    const auto bytes = tests::bytes_of(file);
    const auto members = list_npz(bytes, "a.npz");
    REQUIRE(members.size() == 1);
    return std::string(labelerrors::io::detail::as_text(read_npz(bytes, members.front(), "a.npz").bytes.bytes()));
}

}  // namespace

TEST_CASE("a stored member is handed out in place")
{
    const std::string file = zip({stored("a.npy", "twelve bytes")});
    const auto bytes = tests::bytes_of(file);
    const npz_content content = read_npz(bytes, list_npz(bytes, "a.npz").front(), "a.npz");
    CHECK(content.inflated == nullptr);
    CHECK(content.bytes.bytes().data() == bytes.data() + 35);
    CHECK(content.bytes.size() == 12);
}

TEST_CASE("a deflated member is inflated, whatever its size")
{
    for (const std::size_t size : {0u, 1u, 1000u, 3'000'000u})
        for (const auto kind : {zip_kind::plain, zip_kind::zip64})
        {
            std::string content(size, 'x');
            for (std::size_t i = 0; i < size; i += 7)
                content[i] = static_cast<char>(i * i);
            CHECK(read(zip({compressed("a.npy", content)}, kind)) == content);
            CHECK(read(zip({stored("a.npy", content)}, kind)) == content);
        }
}

TEST_CASE("the best that deflate can do is not taken for a bomb")
{
    const std::string content(10'000'000, '\0');
    const zip_member member = compressed("a", content);
    CHECK(content.size() / member.data.size() > 1000);
    CHECK(read(zip({member})) == content);
}

TEST_CASE("sizes that stand after the data, or in the member's zip64 field, are taken from the directory")
{
    zip_member streamed = compressed("a.npy", "content");
    streamed.flags = 8;
    streamed.local_sizes = little(0, 12);
    CHECK(read(zip({streamed})) == "content");

    zip_member large = stored("a.npy", "content");
    large.local_sizes = little(large.crc, 4) + std::string(8, '\xff');
    large.local_extra = little(1, 2) + little(16, 2) + little(7, 8) + little(7, 8);
    CHECK(read(zip({large})) == "content");
}

TEST_CASE("a member that claims more than it can hold is refused before memory is taken for it")
{
    zip_member bomb = compressed("a.npy", std::string(100, 'x'));
    bomb.size = std::uint64_t{1} << 40;
    bomb.local_sizes = little(bomb.crc, 4) + std::string(8, '\xff');
    CHECK_THROWS_WITH_AS(read(zip({bomb}, zip_kind::zip64)),
                         doctest::Contains("the member 'a.npy' claims to be 1099511627776 bytes, more than its"),
                         format_error);
    bomb.size = ~std::uint64_t{0} - 1;
    CHECK_THROWS_AS(read(zip({bomb}, zip_kind::zip64)), format_error);
}

TEST_CASE("a member that inflates to another size than stated is refused")
{
    for (const std::uint64_t size : {99u, 101u, 0u})
    {
        zip_member member = compressed("a.npy", std::string(100, 'x'));
        member.size = size;
        member.local_sizes = little(member.crc, 4) + little(member.data.size(), 4) + little(size, 4);
        CHECK_THROWS_WITH_AS(read(zip({member})), doctest::Contains("does not inflate to the"), format_error);
    }
    zip_member unequal = stored("a.npy", "content");
    unequal.size = 6;
    CHECK_THROWS_WITH_AS(read(zip({unequal})), doctest::Contains("two different sizes"), format_error);
}

TEST_CASE("a damaged member is refused")
{
    zip_member cut = compressed("a.npy", "some content that is cut");
    cut.data.resize(cut.data.size() - 2);
    cut.compressed_size = cut.data.size();
    cut.local_sizes = little(cut.crc, 4) + little(cut.data.size(), 4) + little(cut.size, 4);
    CHECK_THROWS_AS(read(zip({cut})), format_error);

    zip_member changed = stored("a.npy", "content");
    changed.data = "Content";
    CHECK_THROWS_WITH_AS(read(zip({changed})), doctest::Contains("does not have the check sum"), format_error);
}

TEST_CASE("a member whose own header contradicts the directory is refused")
{
    zip_member renamed = stored("a.npy", "content");
    renamed.local_name = "b.npy";
    CHECK_THROWS_WITH_AS(read(zip({renamed})), doctest::Contains("contradicts the directory"), format_error);
    zip_member resized = stored("a.npy", "content");
    resized.local_sizes = little(resized.crc, 4) + little(8, 4) + little(7, 4);
    CHECK_THROWS_WITH_AS(read(zip({resized})), doctest::Contains("contradicts the directory"), format_error);
    resized.local_sizes = little(resized.crc, 4) + little(7, 4) + little(8, 4);
    CHECK_THROWS_WITH_AS(read(zip({resized})), doctest::Contains("contradicts the directory"), format_error);
    std::string method = zip({stored("a.npy", "content")});
    method[8] = 8;
    CHECK_THROWS_WITH_AS(read(method), doctest::Contains("contradicts the directory"), format_error);
    std::string magic = zip({stored("a.npy", "content")});
    magic[0] = 'Q';
    CHECK_THROWS_WITH_AS(read(magic), doctest::Contains("no member begins where"), format_error);
    std::string extra = zip({stored("a.npy", "content")});
    extra[29] = '\x7f';
    CHECK_THROWS_WITH_AS(read(extra), doctest::Contains("outside the file"), format_error);
}

TEST_CASE("a member that reaches into the next one behind its own header's extra field is refused")
{
    zip_member first = stored("a.npy", "five.");
    first.local_extra = std::string(10, 'x');
    first.compressed_size = first.size = 15;
    first.local_sizes = little(first.crc, 4) + little(15, 4) + little(15, 4);
    const std::string second_content(100, 'y');
    const std::string file = zip({first, stored("b.npy", second_content)});
    const auto bytes = tests::bytes_of(file);
    const auto members = list_npz(bytes, "a.npz");
    CHECK(members[0].limit == members[1].offset);
    CHECK_THROWS_WITH_AS(read_npz(bytes, members[0], "a.npz"),
                         doctest::Contains("the member 'a.npy' overlaps the next one or the directory"), format_error);
    CHECK(read_npz(bytes, members[1], "a.npz").bytes.size() == second_content.size());
    CHECK_THROWS_WITH_AS(read(zip({first})), doctest::Contains("overlaps the next one or the directory"), format_error);
}

TEST_CASE("encrypted members and other compressions are refused by name")
{
    zip_member encrypted = stored("a.npy", "content");
    encrypted.flags = 1;
    CHECK_THROWS_WITH_AS(read(zip({encrypted})), doctest::Contains("the member 'a.npy' is encrypted"), format_error);
    zip_member other = stored("a.npy", "content");
    other.method = 12;
    CHECK_THROWS_WITH_AS(read(zip({other})), doctest::Contains("compressed by zip method 12; only stored (0) and"),
                         format_error);
}
