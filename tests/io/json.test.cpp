// JSON files, and what is said about those that are none.
#include "io/temporary_directory.hpp"
#include <labelerrors/error.hpp>
#include <labelerrors/io/json.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

using labelerrors::format_error;
using labelerrors::io_error;
using labelerrors::io::offset_of_element;
using labelerrors::io::read_json;
using labelerrors::io::to_json_text;

namespace
{

/// Where the file is refused, in bytes; 9999 where it is not.
[[nodiscard]] std::size_t bad_byte(std::string_view content)
{
    const tests::temporary_directory directory;
    const auto path = directory.write("x.json", content);
    try
    {
        static_cast<void>(read_json(path));
    }
    catch (const format_error& error)
    {
        CHECK(error.path() == path.string());
        return error.offset();
    }
    return 9999;
}

}  // namespace

TEST_CASE("values are read")
{
    const tests::temporary_directory directory;
    const auto value = read_json(directory.write("x.json", R"({"a": [1, -2, "\u00e9", null]})"));
    CHECK(value.at("a").size() == 4);
    CHECK(value.at("a").at(1) == -2);
}

TEST_CASE("what is no JSON is refused at its byte")
{
    CHECK(bad_byte("[1, 2]") == 9999);
    CHECK(bad_byte("") == 0);
    CHECK(bad_byte("[1, x]") == 4);
    CHECK(bad_byte("[1, 2") == 5);
    CHECK(bad_byte("[1] 2") == 4);
    CHECK(bad_byte("\"\xff\"") == 1);
}

TEST_CASE("a number that no double holds is refused at its byte, and told")
{
    CHECK(bad_byte("[1e999]") == 1);
    CHECK(bad_byte(R"({"1e999": "-1e999", "a": [true, 1.5e3, -1e308, -1e999]})") == 47);
    CHECK(bad_byte("[1" + std::string(400, '0') + "e-300, 1" + std::string(400, '0') + "]") == 409);
    CHECK(bad_byte("[1e-999]") == 9999);
    const tests::temporary_directory directory;
    CHECK_THROWS_WITH_AS(static_cast<void>(read_json(directory.write("x.json", "[0, 1e999]"))),
                         doctest::Contains("byte 4: the number '1e999' is larger than a double holds, which is "
                                           "1.8e308; write a smaller one, or null"),
                         format_error);
}

TEST_CASE("a file that nests too deep or is too large is refused before it is read")
{
    CHECK(bad_byte(std::string(64, '[') + std::string(64, ']')) == 9999);
    CHECK(bad_byte(std::string(1'000'000, '[')) == 65);
    CHECK(bad_byte("\"" + std::string(100, '[') + "\"") == 9999);
    const tests::temporary_directory directory;
    const auto path = directory.write("x.json", "[1, 2, 3]");
    CHECK_THROWS_WITH_AS(static_cast<void>(read_json(path, {.max_bytes = 8})),
                         (path.string() + ": has more than the 8 bytes that are read here; name a smaller file or "
                                          "raise that limit")
                             .c_str(),
                         io_error);
    CHECK(read_json(path, {.max_bytes = 9}).size() == 3);
    CHECK_THROWS_AS(static_cast<void>(read_json(directory / "absent.json")), io_error);
}

TEST_CASE("an element's place is found, whatever strings hold")
{
    const tests::temporary_directory directory;
    const auto path = directory.write("x.json", R"( [ {"a,]": "\"[,"}, [1, 2],3 , "x"])");
    CHECK(offset_of_element(path, 0) == 3);
    CHECK(offset_of_element(path, 1) == 20);
    CHECK(offset_of_element(path, 2) == 27);
    CHECK(offset_of_element(path, 3) == 31);
    CHECK(offset_of_element(path, 4) == 35);
}

TEST_CASE("a value is written as one line, and bytes that are no UTF-8 as a character that says so")
{
    nlohmann::ordered_json value{{"name", "caf\xc3\xa9 \xff\n"}, {"count", 2}};
    CHECK(to_json_text(value) == "{\"name\":\"caf\xc3\xa9 \xef\xbf\xbd\\n\",\"count\":2}");
    CHECK(to_json_text(nlohmann::json("a\x80")) == "\"a\xef\xbf\xbd\"");
}
