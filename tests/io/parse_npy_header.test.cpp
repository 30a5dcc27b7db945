#include "io/stored_bytes.hpp"
#include <labelerrors/error.hpp>
#include <labelerrors/io/npy_header.hpp>
#include <labelerrors/io/parse_npy_header.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

using namespace labelerrors::io;
using labelerrors::format_error;
using tests::npy;
using tests::npy_of;
using namespace std::string_literals;

namespace
{

npy_header parse(std::string_view file)
{
    return parse_npy_header(tests::bytes_of(file), "a.npy");
}

/// A header of a 2 x 3 array of bytes, and its data, with `dictionary` between.
npy_header parse_dictionary(std::string_view dictionary)
{
    return parse(npy(dictionary, "abcdef"));
}

/// What is said about a file, and where.
std::string problem_of(std::string_view file)
{
    try
    {
        static_cast<void>(parse(file));
    }
    catch (const format_error& error)
    {
        CHECK(error.path() == "a.npy");
        CHECK(std::string(error.what()).find("a.npy: byte " + std::to_string(error.offset()) + ": ") == 0);
        return error.what();
    }
    return "no error";
}

bool contains(const std::string& text, const std::string& part)
{
    CAPTURE(text);
    CAPTURE(part);
    CHECK(text.find(part) != std::string::npos);
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a header that was made is read back as it was, in every version, type and order")
{
    for (const auto version : {npy_version::v1, npy_version::v2, npy_version::v3})
        for (auto type = element_type::f2; type <= element_type::boolean;
             type = static_cast<element_type>(static_cast<int>(type) + 1))
            for (const auto bytes : {byte_order::little, byte_order::big})
                for (const auto order : {array_order::c, array_order::fortran})
                {
                    const npy_header made{
                        .version = version, .element = type, .bytes = bytes, .order = order, .shape = {2, 3}};
                    const std::string text = make_npy_header(made);
                    const npy_header read = parse(text + std::string(num_bytes(made), 'x'));
                    CHECK(read.version == version);
                    CHECK(read.element == type);
                    CHECK((read.bytes == bytes || size_of(type) == 1));
                    CHECK(read.order == order);
                    CHECK(read.shape == made.shape);
                    CHECK(read.data_offset == text.size());
                }
}

TEST_CASE("keys in any order, either quotes, any space and a missing last comma are read")
{
    for (const std::string_view dictionary : {
             "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }          \n",
             "{'descr':'|u1','fortran_order':True,'shape':(2,3)}",
             "{\"shape\": (2, 3,), \"fortran_order\": True, \"descr\": \"|u1\"}",
             "  {\n\t'shape' :( 2 ,3 ) , 'descr'\r\n: 'u1' ,\f 'fortran_order':\tTrue\n}\n\n",
             "{'descr': '=u1', 'fortran_order': True, 'shape': (2L, 3L)}",
             "{'descr': 'uint8', 'fortran_order': True, 'shape': (2L, 3 L)}",
         })
    {
        CAPTURE(dictionary);
        const npy_header header = parse_dictionary(dictionary);
        CHECK(header.element == element_type::u1);
        CHECK(header.order == array_order::fortran);
        CHECK(header.shape == std::vector<std::size_t>{2, 3});
    }
}

TEST_CASE("an element type without a byte order has the machine's own")
{
    for (const std::string descr : {"f4", "=f4", "|f4"})
        CHECK(parse(npy_of(descr, "(1,)", "abcd")).bytes == byte_order::native);
    CHECK(parse(npy_of("?", "(1,)", "a")).element == element_type::boolean);
}

TEST_CASE("an element type may have any name that numpy takes for it")
{
    const auto type_of = [](const std::string& descr)
    {
        const npy_header header = parse(npy_of(descr, "(1,)", "abcdefgh"));
        return dtype_text(header);
    };
    const std::string order = byte_order::native == byte_order::little ? "<" : ">";
    CHECK(type_of("int32") == order + "i4");
    CHECK(type_of("float32") == order + "f4");
    CHECK(type_of("double") == order + "f8");
    CHECK(type_of("bool") == "|b1");
    CHECK(type_of("f") == order + "f4");
    CHECK(type_of("<i") == "<i4");
    CHECK(type_of(">e") == ">f2");
    CHECK(type_of("b") == "|i1");
    // As for numpy, a byte order stands before short names only.
    contains(problem_of(npy_of("<int32", "(1,)", "abcd")), "'<int32'; the types read are");
    contains(problem_of(npy_of("int33", "(1,)", "abcd")), "'int33'; the types read are");
}

TEST_CASE("bytes behind the data are left alone, and an array without elements needs none")
{
    CHECK(parse(npy_of("|u1", "(2,)", "ab and more")).shape == std::vector<std::size_t>{2});
    CHECK(parse(npy_of("<f8", "(0, 5)", "")).shape == std::vector<std::size_t>{0, 5});
    CHECK(parse(npy_of("|u1", "()", "a")).shape.empty());
}

TEST_CASE("a file cut short anywhere is refused")
{
    for (int version = 1; version <= 3; ++version)
    {
        const std::string whole =
            npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }\n", std::string(48, 'x'), version);
        CHECK_NOTHROW(parse(whole));
        for (std::size_t size = 0; size < whole.size(); ++size)
        {
            CAPTURE(size);
            // A copy of its own on the heap lets the address sanitizer see a read beyond the end.
            const std::vector<char> prefix(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
            CHECK_THROWS_AS(parse({prefix.data(), prefix.size()}), format_error);
        }
    }
}

TEST_CASE("a header that promises more than the file holds is refused with both numbers")
{
    contains(
        problem_of(npy_of("<f8", "(2, 3)", std::string(47, 'x'))),
        "the header promises 48 bytes of data (shape (2, 3) of <f8), but the file holds 47; copy or save it again");
    contains(problem_of("\x93NUMPY\2\0\xff\xff\xff\xff{}"s), "the file ends within the header: 14 bytes of 4294967307");
}

TEST_CASE("a shape whose product overflows is refused, and so are extents beyond any integer")
{
    for (const std::string shape : {"(4294967296, 4294967296, 2)", "(4294967296, 4294967296)", "(9223372036854775808,)",
                                    "(18446744073709551615,)", "(1152921504606846976,)", "(3037000500, 3037000500)",
                                    "(0, 4294967296, 4294967296)", "(4294967296, 4294967296, 0)"})
        contains(problem_of(npy_of("<f8", shape, "x")), "more than any machine can hold");
    contains(problem_of(npy_of("<f8", "(18446744073709551616,)", "x")), "larger than any array");
    contains(problem_of(npy_of("<f8", "(" + std::string(400, '9') + ",)", "x")), "larger than any array");
    std::string many = "(";
    for (int i = 0; i < 65; ++i)
        many += "1, ";
    contains(problem_of(npy_of("<f8", many + ")", "x")), "more than 64 dimensions");
}

TEST_CASE("elements that are no numbers are refused by name, with the reason and what to do")
{
    contains(problem_of(npy_of("|O", "(1,)", "x")), "byte 20: the elements are of type '|O', Python objects, stored as "
                                                    "a pickle; sets of labels are read by read_label_sets (the "
                                                    "program: --multi-label), all else must be saved as numbers");
    contains(problem_of(npy_of("<U3", "(1,)", "x")), "'<U3', text; save the array as numbers");
    contains(problem_of(npy_of("|S3", "(1,)", "x")), "'|S3', text");
    contains(problem_of(npy_of("<c16", "(1,)", "x")), "'<c16', complex numbers");
    contains(problem_of(npy_of("<M8[ns]", "(1,)", "x")), "'<M8[ns]', dates or durations");
    contains(problem_of(npy_of("<m8[s]", "(1,)", "x")), "'<m8[s]', dates or durations");
    contains(problem_of(npy_of("|V4", "(1,)", "x")), "'|V4', records or raw bytes");
    contains(problem_of(npy_of("<f16", "(1,)", "x")), "'<f16'; the types read are f2, f4, f8, i1 to i8");
    contains(problem_of(npy_of("", "(1,)", "x")), "''; the types read are");
    contains(problem_of(npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }")), "records");
    contains(problem_of(npy("{'descr': ('<f4', (2,)), 'fortran_order': False, 'shape': (1,), }")), "records");
}

TEST_CASE("what is no dictionary of the three keys is refused at the byte where that shows")
{
    contains(problem_of(npy("")), "byte 10: expected a dictionary here: ''");
    contains(problem_of(npy("[1]")),
             "byte 10: expected a dictionary here: '[1]'; the file is damaged, save the array again");
    contains(problem_of(npy("{}")), "lacks the key descr");
    contains(problem_of(npy("{'descr': '<f8'}")), "lacks the key fortran_order");
    contains(problem_of(npy("{'descr': '<f8', 'fortran_order': True}")), "lacks the key shape");
    contains(problem_of(npy("{'descr': '<f8', 'descr': '<f8'}")), "byte 27: the header has the key 'descr' twice");
    contains(problem_of(npy("{'a\x01': 1}")), "the header has a key 'a?'; it must have");
    contains(problem_of(npy("{'descr' '<f8'}")), "expected a colon");
    contains(problem_of(npy("{'descr': 8}")), "expected the element type in quotes");
    contains(problem_of(npy("{'descr': '<f8}")), "without escapes, on one line");
    contains(problem_of(npy("{'descr': '<\\x668'}")), "without escapes, on one line");
    contains(problem_of(npy("{'descr': '<f8' 'fortran_order'")), "expected a comma or the end of the dictionary");
    contains(problem_of(npy("{'fortran_order': true}")), "fortran_order must be True or False");
    contains(problem_of(npy("{'fortran_order': 0}")), "fortran_order must be True or False");
    contains(problem_of(npy("{'shape': [2, 3]}")), "expected the shape, a tuple here: '[2, 3]}'");
    contains(problem_of(npy("{'shape': (2 3)}")), "expected a comma or the end of the shape");
    contains(problem_of(npy("{'shape': (3)}")), "one number in parentheses");
    contains(problem_of(npy("{'shape': (-3,)}")), "a whole number of at least 0");
    contains(problem_of(npy("{'shape': (3.0,)}")), "expected a comma or the end of the shape");
    contains(problem_of(npy("{'shape': (,)}")), "a whole number of at least 0");
    contains(problem_of(npy("{'shape': (3,,)}")), "a whole number of at least 0");
    contains(problem_of(npy("{'descr': '|u1', 'fortran_order': True, 'shape': (1,)} x", "a")),
             "more than a dictionary");
}

TEST_CASE("what is no .npy file is refused with what it seems to be")
{
    contains(problem_of(""), "byte 0: the file is empty");
    const std::string csv = "numpy.save, or a table of numbers in a file whose name ends in .csv";
    contains(problem_of("1,2,3\n"), "does not begin as a .npy file does; save the array with " + csv);
    contains(problem_of("-1.0\t2e-5\r\n" + std::string(100, 'x')), csv);
    for (const auto& other : {"1,2,\0"s, "\x7f"s, "caf\xe9"s})
        CHECK(problem_of(other).ends_with("byte 0: the file does not begin as a .npy file does; save the array with "
                                          "numpy.save"));
    contains(problem_of("\x80\3cnumpy"), "like a pickle; sets of labels are read by read_label_sets");
    for (const auto& old : {"(lp0\n(lp1\nI0\na"s, "]q\0(]q\1K\0a"s, "cnumpy._core.multiarray\n_reconstruct"s})
        contains(problem_of(old), "like a pickle of protocol 0 or 1; save it with protocol 4");
    for (const auto& json : {"[[0], [1, 2]]", "{\"labels\": [0]}"})
        contains(problem_of(json), "like JSON; read it in Python");
    contains(problem_of("\x1f\x8b\x08"), "like a file compressed with gzip; decompress it");
    contains(problem_of("version https://git-lfs.github.com/spec/v1\n"), "Git LFS");
    contains(problem_of("\x93NUMPY\4\0v\0"s), "byte 6: the file has version 4.0 of the format");
    contains(problem_of("\x93NUMPY\1\1v\0"s), "version 1.1");
    contains(problem_of("\x93NUMPY\0\0v\0"s), "version 0.0");
}
