#include "io/pickled_bytes.hpp"
#include "io/stored_bytes.hpp"
#include "io/temporary_directory.hpp"
#include "support/data.hpp"
#include <labelerrors/error.hpp>
#include <labelerrors/io/input_file.hpp>
#include <labelerrors/io/npy_array.hpp>
#include <labelerrors/io/read_object_array.hpp>
#include <labelerrors/rows/joining_thread.hpp>

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace labelerrors::io;
using labelerrors::format_error;
using labelerrors::io_error;
using namespace tests;
using namespace std::string_view_literals;

namespace
{

label_sets labels(std::string_view file)
{
    const temporary_directory directory;
    return read_label_sets(directory.write("a.npy", file));
}

std::vector<std::vector<std::string>> texts(std::string_view file)
{
    const temporary_directory directory;
    return read_string_lists(directory.write("a.p", file));
}

/// A .npy of objects of `shape`, as Python writes it, with `data` after the header.
std::string object_npy(std::string_view data, std::string_view shape = "(1,)", int version = 1)
{
    return npy("{'descr': '|O', 'fortran_order': False, 'shape': " + std::string(shape) + ", }", data, version);
}

const label_sets four_arrays{.first = {0, 2, 3, 3, 4}, .labels = {1, 300, 70000, 2}};

}  // namespace

TEST_CASE("an array of arrays is read whatever their integer type and byte order")
{
    CHECK(labels(from_hex(arrays_npy)) == four_arrays);
    CHECK(labels(from_hex(arrays_protocol_4)) == four_arrays);
    CHECK(four_arrays.size() == 4);
    CHECK(four_arrays[0].size() == 2);
    CHECK(four_arrays[2].empty());
    CHECK(four_arrays[3][0] == 2);
    CHECK(label_sets{}.size() == 0);
}

TEST_CASE("an array of lists is read")
{
    CHECK(labels(from_hex(lists_npy)) == label_sets{.first = {0, 2, 3}, .labels = {1, 2, 3}});
}

TEST_CASE("lists of numpy's own integers, as list(numpy.where(row)[0]) makes them, are read in protocols 2 to 5")
{
    CHECK(labels(from_hex(numbers_npy)) == label_sets{.first = {0, 2, 2, 3}, .labels = {1, 2, 0}});
    const label_sets expected{.first = {0, 2, 2, 4}, .labels = {1, 300, 200, 70000}};
    for (const auto digits : {numbers_protocol_2, numbers_protocol_3, numbers_protocol_4, numbers_protocol_5})
        CHECK(labels(from_hex(digits)) == expected);
}

TEST_CASE("a header of any version, keys in any order, is read")
{
    const std::string whole = from_hex(arrays_npy);
    const std::string data = whole.substr(128);
    for (int version = 1; version <= 3; ++version)
        CHECK(labels(object_npy(data, "(4,)", version)) == four_arrays);
    CHECK(labels(npy("{\"shape\": (4,), \"fortran_order\": True, \"descr\": \"|O\"}", data)) == four_arrays);
}

TEST_CASE("arrays are read as numpy pickles them in every protocol, and an empty one may be of any type")
{
    CHECK(labels(from_hex(arrays_protocol_2)) == label_sets{.first = {0, 2}, .labels = {1, 300}});
    CHECK(labels(from_hex(arrays_protocol_5)) == label_sets{.first = {0, 2}, .labels = {1, 300}});
    for (const auto digits : {bytes_protocol_2, bytes_protocol_5})
        CHECK(labels(from_hex(digits)) == label_sets{.first = {0, 2, 2}, .labels = {1, 200}});
}

TEST_CASE("an example that is an array of two dimensions is refused, be it of numbers or of objects")
{
    CHECK_THROWS_WITH_AS(labels(from_hex(matrix_of_objects)),
                         doctest::Contains("example 0: the labels must be a one-dimensional array of integers"),
                         format_error);
    // Two rows of no labels.
    std::string whole = from_hex(bytes_protocol_5);
    const auto shape = whole.rfind("K\0\x85"sv);
    REQUIRE(shape != std::string::npos);
    whole.replace(shape, 3, "K\2K\0\x86"sv);
    whole.replace(3, 8, little(whole.size() - 11, 8));
    CHECK_THROWS_WITH_AS(labels(whole), doctest::Contains("example 1: the labels must be a one-dimensional array"),
                         format_error);
}

TEST_CASE("sets of labels and lists of texts are read from a member of an archive")
{
    const temporary_directory directory;
    const std::string path =
        directory
            .write("a.npz", zip({stored("sets.npy", from_hex(arrays_npy)), compressed("lists.npy", from_hex(lists_npy)),
                                 compressed("texts.p", from_hex(texts_protocol_4))}))
            .string();
    CHECK(read_label_sets(path + ":sets") == four_arrays);
    CHECK(read_label_sets(path + ":lists") == label_sets{.first = {0, 2, 3}, .labels = {1, 2, 3}});
    CHECK(read_string_lists(path + ":texts.p")[1] == std::vector<std::string>{"x", "ab"});
    CHECK_THROWS_WITH_AS(read_label_sets(path + ":texts.p"),
                         doctest::Contains("a.npz:texts.p: byte 17: example 0: a label must be an integer"),
                         format_error);
    CHECK_THROWS_WITH_AS(read_label_sets(path), doctest::Contains("name one as FILE.npz:NAME"), format_error);
}

TEST_CASE("whether a file that is open holds objects is told by its first bytes, and by its header of what shape")
{
    const temporary_directory directory;
    const auto open = [&](std::string_view content)
    {
        return detail::open_stored(directory.write("a", content));
    };
    for (const auto digits : {arrays_npy, lists_npy, ints_protocol_2})
    {
        auto file = open(from_hex(digits));
        CHECK(detail::holds_objects(file));
        CHECK(read_label_sets(std::move(file)) == labels(from_hex(digits)));
    }
    CHECK_FALSE(detail::holds_objects(open(npy_of("<f8", "(1,)", "12345678"))));
    CHECK_FALSE(detail::holds_objects(open("")));
    CHECK_FALSE(detail::holds_objects(open("0,1\n")));
    CHECK_THROWS_AS(static_cast<void>(detail::holds_objects(open("\x93NUMPY\1"))), format_error);
    using shape = std::vector<std::size_t>;
    CHECK(detail::object_header(open(from_hex(arrays_npy))).shape == shape{4});
    CHECK(detail::object_header(open(object_npy("", "(5, 2)"))).shape == shape{5, 2});
    CHECK_THROWS_WITH_AS(static_cast<void>(detail::object_header(open(npy_of("<f8", "(1,)", "12345678")))),
                         doctest::Contains("of type <f8, but sets of labels are stored as objects"), format_error);
}

TEST_CASE("a file of labels may be a pipe, and one that is too large to be read at once")
{
    const temporary_directory directory;
    const auto pipe = directory / "pipe";
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    const std::string content = from_hex(arrays_npy);
    {
        const labelerrors::detail::joining_thread writer([&] { std::ofstream(pipe, std::ios::binary) << content; });
        CHECK(read_label_sets(pipe) == four_arrays);
    }
    const std::size_t size = input_file::small_file;
    const auto large = directory.write("large", pickle_of("](](" + repeated("K\1", size / 2) + "ee"));
    CHECK(read_label_sets(large).labels.size() == size / 2);
}

TEST_CASE("a pickle of lists of integers is read in protocols 2 to 5")
{
    const label_sets expected{.first = {0, 3, 4, 4, 5}, .labels = {1, 2, 300, 70000, 2147483648}};
    for (const auto digits : {ints_protocol_2, ints_protocol_3, ints_protocol_4, ints_protocol_5})
        CHECK(labels(from_hex(digits)) == expected);
    CHECK(labels(pickle_of("(K\1K\2\x86)t")) == label_sets{.first = {0, 2, 2}, .labels = {1, 2}});
    CHECK(labels(pickle_of("]")) == label_sets{});
}

TEST_CASE("a pickle of lists of texts is read in protocols 2 to 5, and one of texts as lists of one")
{
    using lists = std::vector<std::vector<std::string>>;
    for (const auto digits : {texts_protocol_2, texts_protocol_3, texts_protocol_4, texts_protocol_5})
        CHECK(texts(from_hex(digits)) == lists{{"ab", "c"}, {"x", "ab"}});
    CHECK(texts(pickle_of("](\x8c\2ab]\x8c\1ca]U\1daU\1ee")) == lists{{"ab"}, {"c"}, {"d"}, {"e"}});
    CHECK_THROWS_WITH_AS(texts(pickle_of("]]K\1aa")),
                         doctest::Contains("example 0: a text is expected, not an integer"), format_error);
    CHECK_THROWS_WITH_AS(texts(pickle_of("]Na")), doctest::Contains("example 0: a text is expected, not None"),
                         format_error);
}

TEST_CASE("what is no set of labels is refused with its example")
{
    CHECK_THROWS_WITH_AS(labels(from_hex(texts_protocol_2)),
                         doctest::Contains("example 0: a label must be an integer, not a text"), format_error);
    CHECK_THROWS_WITH_AS(labels(pickle_of("](]K\1e")),
                         doctest::Contains("byte 5: example 1: a list or an array of labels is expected, not an "
                                           "integer"),
                         format_error);
    CHECK_THROWS_WITH_AS(labels(pickle_of("]]J\xff\xff\xff\xff"
                                          "aa")),
                         doctest::Contains("example 0: the label -1 is not within 0 and 2^32 - 1"), format_error);
    CHECK_THROWS_WITH_AS(labels(pickle_of("]]\x8a\5\0\0\0\0\1aa"s)), doctest::Contains("the label 4294967296"),
                         format_error);
    CHECK_THROWS_WITH_AS(labels(pickle_of("]]\x88"
                                          "aa")),
                         doctest::Contains("not a boolean"), format_error);
    CHECK_THROWS_WITH_AS(labels(pickle_of("N")),
                         doctest::Contains("the pickle must hold a list or a one-dimensional "
                                           "array of objects, an example each, and holds None; save a list of lists"),
                         format_error);
    CHECK_THROWS_WITH_AS(labels(object_npy(pickle_of("]]a"))), doctest::Contains("and holds a list"), format_error);
}

TEST_CASE("arrays of other elements, and labels below 0 in an array, are refused with their example")
{
    std::string whole = from_hex(arrays_npy);
    const auto with = [&](std::string_view from, std::string_view to)
    {
        std::string changed = whole;
        return changed.replace(changed.find(from), from.size(), to);
    };
    CHECK_THROWS_WITH_AS(labels(with("u2", "f2")), doctest::Contains("example 0: the labels must be a one-dimensional"),
                         format_error);
    CHECK_THROWS_WITH_AS(labels(with("\x01\x00\x2c\x01"sv, "\x01\x00\xff\xff"sv).replace(whole.find("u2"), 2, "i2")),
                         doctest::Contains("example 0: its label 1 is not within 0 and 2^32 - 1"), format_error);
    CHECK_THROWS_WITH_AS(labels(with("(4,)", "(5,)")),
                         doctest::Contains("the header promises 5 elements, the pickle has 4"), format_error);
}

TEST_CASE("a .npy of numbers or of more dimensions, and what is neither .npy nor pickle, is refused")
{
    CHECK_THROWS_WITH_AS(labels(npy_of("<u2", "(1,)", "ab")),
                         doctest::Contains("the elements are of type <u2, but sets of labels are stored as objects; "
                                           "read numbers with read_labels"),
                         format_error);
    CHECK_THROWS_WITH_AS(labels(object_npy("N", "(1, 2)")),
                         doctest::Contains("its shape is (1, 2); save a list of lists, one for each example"),
                         format_error);
    CHECK_THROWS_WITH_AS(labels(npy("{'descr': '|O', '|O': 1}")), doctest::Contains("a key '|O'"), format_error);
    CHECK_THROWS_WITH_AS(labels("\x93NUMPY\4\0v\0"s), doctest::Contains("byte 6: the file has version 4.0"),
                         format_error);
    CHECK_THROWS_WITH_AS(labels("\x93NUMPY\2\0\xff\xff\xff\xff{}"s), doctest::Contains("ends within the header"),
                         format_error);
    CHECK_THROWS_WITH_AS(labels(""), doctest::Contains("the file is empty"), format_error);
    CHECK_THROWS_WITH_AS(labels("1,2\n"), doctest::Contains("does not begin as a .npy file does"), format_error);
    const temporary_directory directory;
    CHECK_THROWS_AS(read_label_sets(directory / "missing.npy"), io_error);
    CHECK_THROWS_AS(read_string_lists(directory / "missing.p"), io_error);
}

TEST_CASE("a hostile pickle in a .npy is refused with its offset in the file")
{
    const std::string file = object_npy("\x80\3cos\nsystem\nX\2\0\0\0ls\x85R."s);
    const auto offset = file.find("cos\n");
    CHECK_THROWS_WITH_AS(labels(file),
                         doctest::Contains(("byte " + std::to_string(offset) +
                                            ": GLOBAL: the pickle asks for "
                                            "'os.system'")
                                               .c_str()),
                         format_error);
}

TEST_CASE("lists named many times are read while they are small, and refused where they add up")
{
    // 1000 labels, named 1000 times by two bytes each.
    const std::string list = "](" + repeated("K\1", 1000) + "eq\1";
    CHECK(labels(pickle_of("](" + list + repeated("h\1", 5) + "e")).labels.size() == 6000);
    CHECK_THROWS_WITH_AS(labels(pickle_of("](" + list + repeated("h\1", 1000) + "e")),
                         doctest::Contains("add up to more than 64 bytes for each byte of the file, which is refused"),
                         format_error);
    const std::string array = "cnumpy.core.numeric\n_frombuffer\n(B" + little(1000, 4) + std::string(1000, '\7') +
                              "cnumpy\ndtype\nX\2\0\0\0u1\x89\x88\x87RM\xe8\3\x85X\1\0\0\0CtRq\1"s;
    CHECK(labels(pickle_of("](" + array + repeated("h\1", 5) + "e")).labels == std::vector<std::uint32_t>(6000, 7));
    CHECK_THROWS_WITH_AS(labels(pickle_of("](" + array + repeated("h\1", 1000) + "e")),
                         doctest::Contains("add up to more than 64 bytes for each byte of the file, which is refused"),
                         format_error);
    const std::string text = "]q\1X" + little(1000, 4) + std::string(1000, 'x') + "a";
    CHECK(texts(pickle_of("](" + text + repeated("h\1", 5) + "e")).size() == 6);
    CHECK_THROWS_AS(texts(pickle_of("](" + text + repeated("h\1", 1000) + "e")), format_error);
    // A list that holds itself.
    CHECK_THROWS_AS(labels(pickle_of("]q\1h\1a")), format_error);
    CHECK_THROWS_AS(texts(pickle_of("]q\1h\1a")), format_error);
}

TEST_CASE("nesting a million deep is refused as the wrong kind of label, without taking the stack")
{
    constexpr std::size_t depth = 1'000'000;
    CHECK_THROWS_WITH_AS(labels(pickle_of(repeated("]", depth) + repeated("a", depth - 1))),
                         doctest::Contains("a label must be an integer, not a list"), format_error);
}

TEST_CASE("object arrays and pickles cut short anywhere are refused")
{
    const temporary_directory directory;
    for (const auto digits : {arrays_npy, lists_npy, numbers_npy, ints_protocol_4, arrays_protocol_4})
    {
        const std::string whole = from_hex(digits);
        for (std::size_t size = 0; size < whole.size(); ++size)
        {
            CAPTURE(size);
            const auto path = directory.write("a.npy", std::string_view(whole).substr(0, size));
            CHECK_THROWS_AS(read_label_sets(path), format_error);
        }
    }
}

TEST_CASE("an object array with any byte changed is read or refused, and nothing worse")
{
    const temporary_directory directory;
    const std::string whole = from_hex(arrays_npy);
    std::mt19937 random(11);
    for (int i = 0; i < 1000; ++i)
    {
        std::string changed = whole;
        changed[random() % changed.size()] = static_cast<char>(random());
        try
        {
            static_cast<void>(read_label_sets(directory.write("a.npy", changed)));
        }
        catch (const format_error&)
        {
        }
    }
}

TEST_CASE("AudioSet's labels and predictions are read, 20,371 examples each")
{
    const auto data = data_dir();
    if (!data)
        return skip("no LABELERRORS_DATA_DIR");
    const auto published = *data / "label-errors";
    const label_sets given =
        read_label_sets(published / "original_test_labels" / "audioset_eval_set_original_labels.npy");
    const label_sets guessed = read_label_sets(published / "cross_validated_predicted_labels" /
                                               "audioset_eval_set_pyx_argmax_predicted_labels.npy");
    CHECK(given.size() == 20371);
    CHECK(given.labels.size() == 51804);
    CHECK(*std::max_element(given.labels.begin(), given.labels.end()) == 526);
    const auto first = given[0];
    CHECK(std::vector(first.begin(), first.end()) == std::vector<std::uint32_t>{195, 196});
    CHECK(guessed.size() == 20371);
    const auto second = guessed[1];
    CHECK(std::vector(second.begin(), second.end()) == std::vector<std::uint32_t>{0, 26});
}
