#include "io/temporary_directory.hpp"
#include <labelerrors/error.hpp>
#include <labelerrors/io/read_class_names.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using labelerrors::io::read_class_names;

TEST_CASE("names stand one a line, whatever ends a line and whether a mark of the byte order begins the file")
{
    const tests::temporary_directory directory;
    const std::vector<std::string> names{"cat", "big dog"};
    for (const char* text : {"cat\nbig dog\n", "cat\r\nbig dog",
                             "\xef\xbb\xbf"
                             "cat\nbig dog\n\n"})
        CHECK(read_class_names(directory.write("names.txt", text), 2) == names);
}

TEST_CASE("another number of names than of classes is a format_error at its place")
{
    const tests::temporary_directory directory;
    const auto file = directory.write("names.txt", "cat\ndog\n");
    CHECK_THROWS_WITH_AS(static_cast<void>(read_class_names(file, 3)), doctest::Contains("byte 8: has 2 names for 3"),
                         labelerrors::format_error);
    CHECK_THROWS_WITH_AS(static_cast<void>(read_class_names(file, 1)), doctest::Contains("byte 4: has more than 1"),
                         labelerrors::format_error);
}

TEST_CASE("an empty line where a name is due is a format_error, and behind the last name none")
{
    const tests::temporary_directory directory;
    const auto refused = [&](const char* text, std::size_t classes, const char* message)
    {
        CHECK_THROWS_WITH_AS(static_cast<void>(read_class_names(directory.write("names.txt", text), classes)),
                             doctest::Contains(message), labelerrors::format_error);
    };
    refused("cat\n\ndog\n", 3, "byte 4: has no name for class 1, but an empty line");
    refused("\r\ncat\n", 1, "byte 0: has no name for class 0");
    refused("cat\n\n\r\n", 2, "byte 7: has 1 names for 2");
    CHECK(read_class_names(directory.write("names.txt", "cat\n\r\n\n"), 1) == std::vector<std::string>{"cat"});
}

TEST_CASE("there may be more names than are needed, up to a number")
{
    const tests::temporary_directory directory;
    const auto file = directory.write("names.txt", "cat\ndog\n\n");
    const std::vector<std::string> names{"cat", "dog"};
    CHECK(read_class_names(file, 0, 9) == names);
    CHECK(read_class_names(file, 2, 2) == names);
    CHECK_THROWS_WITH_AS(static_cast<void>(read_class_names(file, 3, 9)),
                         doctest::Contains("has 2 names for 3 classes"), labelerrors::format_error);
    CHECK_THROWS_WITH_AS(static_cast<void>(read_class_names(file, 0, 1)), doctest::Contains("has more than 1 names"),
                         labelerrors::format_error);
}
