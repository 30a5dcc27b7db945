// What stands before the content of a text file, for every reader of text.
#include "io/temporary_directory.hpp"
#include <labelerrors/error.hpp>
#include <labelerrors/io/audioset_csv.hpp>
#include <labelerrors/io/byte_order_mark.hpp>
#include <labelerrors/io/csv.hpp>
#include <labelerrors/io/json.hpp>
#include <labelerrors/io/pick_lines.hpp>
#include <labelerrors/io/read_class_names.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>

namespace io = labelerrors::io;
using labelerrors::format_error;
using namespace std::string_literals;

namespace
{

/// A reader of text files, and a file for it.
struct text_reader
{
    const char* name;
    std::string content;
    std::function<std::string(const std::filesystem::path&)> read;  // what was read, as text
};

const text_reader readers[] = {
    {"read_csv", "1,2\n",
     [](const auto& path)
     {
         return std::to_string(io::read_csv(path)(0, 0));
     }},
    {"read_csv_labels", "3\n",
     [](const auto& path)
     {
         return std::to_string(io::read_csv_labels(path)(0));
     }},
    {"read_class_names", "cat\n",
     [](const auto& path)
     {
         return io::read_class_names(path, 1).front();
     }},
    {"read_json", "[5]",
     [](const auto& path)
     {
         return io::read_json(path).dump();
     }},
    {"read_audioset_classes", "0,/m/1,Speech\n",
     [](const auto& path)
     {
         return io::read_audioset_classes(path).front().mid;
     }},
    {"read_audioset_segments", "video,0,1,/m/1\n",
     [](const auto& path)
     {
         return io::read_audioset_segments(path).front().video;
     }},
    {"pick_lines", "a\n",
     [](const auto& path)
     {
         return io::pick_lines(path, std::array<std::size_t, 1>{0}).lines.at(0);
     }},
};

}  // namespace

TEST_CASE("every reader of text leaves out the byte order mark of UTF-8 where it begins the file")
{
    const tests::temporary_directory directory;
    for (const text_reader& reader : readers)
    {
        INFO(reader.name);
        const std::string plain = reader.read(directory.write("plain.txt", reader.content));
        CHECK(reader.read(directory.write("marked.txt", "\xef\xbb\xbf" + reader.content)) == plain);
    }
}

TEST_CASE("every reader of text refuses UTF-16 and UTF-32 at the first byte")
{
    const tests::temporary_directory directory;
    for (const text_reader& reader : readers)
        for (const std::string& mark : {"\xff\xfe"s, "\xfe\xff"s, "\xff\xfe\0\0"s, "\0\0\xfe\xff"s})
        {
            INFO(reader.name);
            const auto path = directory.write("wide.txt", mark + reader.content);
            CHECK_THROWS_WITH_AS(
                static_cast<void>(reader.read(path)),
                (path.string() + ": byte 0: the text is in UTF-16 or UTF-32; save it as UTF-8").c_str(), format_error);
        }
}

TEST_CASE("every reader of text says that a file is compressed")
{
    const tests::temporary_directory directory;
    for (const text_reader& reader : readers)
    {
        INFO(reader.name);
        const auto path = directory.write("packed.txt", "\x1f\x8b\x08\x03\x01\x02\n");
        CHECK_THROWS_WITH_AS(
            static_cast<void>(reader.read(path)),
            (path.string() + ": byte 0: the text is compressed by gzip; decompress it by gunzip").c_str(),
            format_error);
    }
}

TEST_CASE("what begins as a byte order mark does, but is shorter, is none")
{
    CHECK(io::detail::size_of_byte_order_mark("\xef\xbb\xbf", "x") == 3);
    CHECK(io::detail::size_of_byte_order_mark("\xef\xbb", "x") == 0);
    CHECK(io::detail::size_of_byte_order_mark("\xff", "x") == 0);
    CHECK(io::detail::size_of_byte_order_mark("", "x") == 0);
}
