#include "io/stored_bytes.hpp"
#include <labelerrors/error.hpp>
#include <labelerrors/io/npz.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

using namespace labelerrors::io;
using labelerrors::format_error;
using tests::little;
using tests::stored;
using tests::zip;
using tests::zip_kind;
using tests::zip_member;

namespace
{

std::vector<npz_member> list(std::string_view file)
{
    return list_npz(tests::bytes_of(file), "a.npz");
}

}  // namespace

TEST_CASE("the members of an archive are listed in the order of its directory")
{
    for (const auto kind : {zip_kind::plain, zip_kind::zip64})
    {
        const std::string file = zip({stored("b.npy", "twelve bytes"), tests::compressed("a", "")}, kind);
        REQUIRE(is_npz(tests::bytes_of(file)));
        const auto members = list(file);
        REQUIRE(members.size() == 2);
        CHECK(members[0].name == "b.npy");
        CHECK(members[0].method == 0);
        CHECK(members[0].size == 12);
        CHECK(members[0].compressed_size == 12);
        CHECK(members[0].offset == 0);
        CHECK(members[0].crc == tests::crc_of("twelve bytes"));
        CHECK(members[1].name == "a");
        CHECK(members[1].method == 8);
        CHECK(members[1].size == 0);
        CHECK(members[1].offset == 30 + 5 + 12);
    }
}

TEST_CASE("an archive may be empty and may end in a comment")
{
    CHECK(list(zip({})).empty());
    CHECK(is_npz(tests::bytes_of(zip({}))));
    CHECK(list(zip({stored("a", "x")}, zip_kind::plain, "PK\5\6 as a comment")).size() == 1);
    CHECK(list(zip({stored("a", "x")}, zip_kind::zip64, std::string(65535, 'c'))).size() == 1);
}

TEST_CASE("bytes behind the archive are no part of it, with a comment or without")
{
    const std::string plain = zip({stored("a", "x")});
    CHECK(list(plain + std::string("\0", 1)).size() == 1);
    CHECK(list(plain + "PK\5\6 and more").size() == 1);
    CHECK(list(plain + std::string(65535, ' ')).size() == 1);
    CHECK_THROWS_WITH_AS(list(plain + std::string(65536, ' ')),
                         doctest::Contains("has no whole end record among its last 65557 bytes; the archive is"),
                         format_error);
    const std::string commented = zip({stored("a", "x")}, zip_kind::zip64, "a comment");
    CHECK(list(commented + "\n").size() == 1);
    CHECK_THROWS_WITH_AS(list(commented.substr(0, commented.size() - 2)),
                         doctest::Contains("whose comment should have 9 bytes and has 7"), format_error);
    const auto outer = list(zip({stored("outer", zip({stored("inner", "x")}))}) + "more");
    REQUIRE(outer.size() == 1);
    CHECK(outer[0].name == "outer");
    // The directory is looked at all the same.
    std::string damaged = plain + "more";
    damaged.replace(damaged.size() - 10, 4, little(0xfffffff0, 4));
    CHECK_THROWS_WITH_AS(list(damaged), doctest::Contains("does not end where its end record begins"), format_error);
}

TEST_CASE("other files are not taken for archives")
{
    CHECK_FALSE(is_npz(tests::bytes_of("")));
    CHECK_FALSE(is_npz(tests::bytes_of("PK\3")));
    CHECK_FALSE(is_npz(tests::bytes_of("PK and more")));
    CHECK_FALSE(is_npz(tests::bytes_of("\x93NUMPY")));
}

TEST_CASE("an archive cut short anywhere is refused")
{
    for (const auto kind : {zip_kind::plain, zip_kind::zip64})
    {
        const std::string whole = zip({stored("b.npy", "twelve bytes"), tests::compressed("a", "data")}, kind);
        for (std::size_t size = 0; size < whole.size(); ++size)
        {
            CAPTURE(size);
            const std::vector<char> prefix(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
            CHECK_THROWS_AS(list({prefix.data(), prefix.size()}), format_error);
        }
    }
}

TEST_CASE("an archive with any one byte changed is read or refused, but nothing else happens")
{
    for (const auto kind : {zip_kind::plain, zip_kind::zip64})
    {
        const std::string whole = zip({stored("b.npy", "twelve bytes"), tests::compressed("a", "data")}, kind);
        for (std::size_t i = 0; i < whole.size(); ++i)
            for (const char change : {'\x01', '\x80', '\xff', '\x7f'})
            {
                std::vector<char> changed(whole.begin(), whole.end());
                changed[i] = static_cast<char>(changed[i] ^ change);
                try
                {
                    static_cast<void>(list({changed.data(), changed.size()}));
                }
                catch (const format_error& error)
                {
                    CHECK(error.offset() <= changed.size());
                }
            }
    }
}

TEST_CASE("a directory that names places outside the file is refused")
{
    zip_member beyond = stored("a", "data");
    beyond.moved_by = 1'000'000;
    CHECK_THROWS_WITH_AS(list(zip({beyond})),
                         doctest::Contains("the member 'a' overlaps the next one or the directory"), format_error);
    beyond.moved_by = ~std::uint64_t{0} - 5;
    CHECK_THROWS_AS(list(zip({beyond}, zip_kind::zip64)), format_error);

    zip_member long_data = stored("a", "data");
    long_data.compressed_size = 5;
    CHECK_THROWS_WITH_AS(list(zip({long_data})), doctest::Contains("overlaps"), format_error);
    long_data.compressed_size = ~std::uint64_t{0};
    CHECK_THROWS_WITH_AS(list(zip({long_data}, zip_kind::zip64)), doctest::Contains("overlaps"), format_error);

    std::string file = zip({stored("a", "data")});
    file.replace(file.size() - 6, 4, little(0xfffffff0, 4));
    CHECK_THROWS_WITH_AS(list(file), doctest::Contains("does not end where its end record begins"), format_error);
}

TEST_CASE("members that share bytes are refused")
{
    zip_member second = stored("b", "data");
    second.moved_by = static_cast<std::uint64_t>(-35);  // that is where the first one begins
    CHECK_THROWS_WITH_AS(list(zip({stored("a", "data"), second})), doctest::Contains("overlaps"), format_error);
}

TEST_CASE("a directory without room for the members that it promises is refused")
{
    std::string file = zip({stored("a", "data")});
    file.replace(file.size() - 12, 2, little(2, 2));
    CHECK_THROWS_WITH_AS(list(file), doctest::Contains("more members than its directory has room for"), format_error);

    std::string large = zip({stored("a", "data")}, zip_kind::zip64);
    const std::size_t record = large.find("PK\6\6");
    large.replace(record + 32, 8, little(~std::uint64_t{0} / 2, 8));
    CHECK_THROWS_WITH_AS(list(large), doctest::Contains("more members"), format_error);
}

TEST_CASE("a directory with more members than it promises is refused")
{
    std::string file = zip({stored("a", "data"), stored("b", "more")});
    file.replace(file.size() - 12, 2, little(1, 2));
    CHECK_THROWS_WITH_AS(list(file), doctest::Contains("the directory goes on after the 1 members that it promises"),
                         format_error);
    file.replace(file.size() - 12, 2, little(0, 2));
    CHECK_THROWS_AS(list(file), format_error);
}

TEST_CASE("a zip64 field has what does not fit in 32 bits and nothing else")
{
    std::string file = zip({stored("b", "x"), stored("a", "data")}, zip_kind::zip64);
    file.replace(file.rfind("PK\1\2") + 20, 8, little(4, 4) + little(4, 4));
    const std::size_t field = file.rfind(little(1, 2) + little(24, 2));
    file.replace(field, 28, little(1, 2) + little(8, 2) + little(32, 8) + little(9, 2) + little(12, 2) + little(0, 12));
    const auto members = list(file);
    REQUIRE(members.size() == 2);
    CHECK(members[1].size == 4);
    CHECK(members[1].compressed_size == 4);
    CHECK(members[1].offset == 32);
}

TEST_CASE("a zip64 field that is too short, or reaches beyond its entry, is refused")
{
    const std::string whole = zip({stored("a", "data")}, zip_kind::zip64);
    const std::size_t size_of_field = whole.find(little(1, 2) + little(24, 2)) + 2;
    std::string file = whole;
    file.replace(size_of_field, 2, little(16, 2));
    CHECK_THROWS_WITH_AS(list(file), doctest::Contains("a zip64 field is too short"), format_error);
    file.replace(size_of_field, 2, little(25, 2));
    CHECK_THROWS_WITH_AS(list(file), doctest::Contains("an extra field reaches beyond its entry"), format_error);
}

TEST_CASE("an archive in several parts, and one with bytes before it, are refused")
{
    std::string file = zip({stored("a", "data")});
    CHECK_THROWS_AS(list("PK\3\4before" + file), format_error);
    file.replace(file.size() - 18, 2, little(1, 2));
    CHECK_THROWS_WITH_AS(list(file), doctest::Contains("one of several parts"), format_error);
}

TEST_CASE("the names in messages are fit for a terminal")
{
    zip_member beyond = stored("\x1b[31m" + std::string(100, 'a'), "data");
    beyond.moved_by = 1000;
    CHECK_THROWS_WITH_AS(list(zip({beyond})), doctest::Contains(("'?[31m" + std::string(55, 'a') + "...'").c_str()),
                         format_error);
}
