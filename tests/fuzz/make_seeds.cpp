// Writes the inputs that the fuzz targets start from: `make_seeds FOLDER` makes FOLDER/TARGET/NAME. They are made when
// the targets are built, so that the tree has no files that no one can read and a seed says what it is.
#include "io/gzipped.hpp"
#include "io/pickled_bytes.hpp"
#include "io/stored_bytes.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace
{

using namespace tests;

std::filesystem::path folder;

/// Writes one input.
void seed(const std::string& target, const std::string& name, std::string_view content)
{
    constexpr std::size_t largest = 4096;
    if (content.size() > largest)
        throw std::runtime_error("the seed " + target + "/" + name + " is too large");
    std::filesystem::create_directories(folder / target);
    std::ofstream file(folder / target / name, std::ios::binary);
    file.write(content.data(), static_cast<std::streamsize>(content.size()));
    file.close();
    if (!file)
        throw std::runtime_error("the seed " + target + "/" + name + " cannot be written");
}

void seed_arrays()
{
    const std::string sixes = "\0\0\0\0\0\0\x18\x40"s + "\0\0\0\0\0\0\xe0\x3f"s;
    const std::string matrix = sixes + sixes + sixes;
    seed("npy", "matrix", npy_of("<f8", "(2, 3)", matrix));
    seed("npy", "fortran", npy("{'descr': '<f8', 'fortran_order': True, 'shape': (2, 3), }\n", matrix));
    seed("npy", "big_endian_labels", npy_of(">i4", "(3,)", big(1, 4) + big(0, 4) + big(2, 4)));
    seed("npy", "halves", npy_of("<f2", "(2, 2)", "\0\x38\0\x38\0\x3c\0\0"s));
    seed("npy", "floats", npy_of(">f4", "(1, 2)", "\x3f\0\0\0\x3f\0\0\0"s));
    seed("npy", "u8", npy_of("<u8", "(2, 1)", little(~0ull, 8) + little(7, 8)));
    seed("npy", "booleans", npy_of("|b1", "(3,)", "\0\1\2"s));
    seed("npy", "cube", npy_of("|u1", "(2, 1, 2)", "abcd"));
    seed("npy", "nothing", npy_of("<f8", "(0, 4611686018427387904)", ""));
    seed("npy", "version_3",
         npy("{\"shape\": (2L, ), 'fortran_order': False , \"descr\": '=i8'}", little(1, 8) + little(2, 8), 3));
    const std::string labels = npy_of("<i8", "(2,)", little(1, 8) + little(0, 8));
    const std::string probabilities = npy_of("<f8", "(2, 2)", matrix.substr(0, 32));
    seed("npz", "stored", zip({stored("labels.npy", labels), stored("p.npy", probabilities)}));
    seed("npz", "deflated", zip({compressed("labels.npy", labels)}));
    seed("npz", "zip64", zip({compressed("labels.npy", labels), stored("p.npy", probabilities)}, zip_kind::zip64));
    seed("npz", "objects", zip({compressed("sets.npy", from_hex(arrays_npy))}));
    seed("npz", "comment", zip({stored("p.npy", probabilities)}, zip_kind::plain, "a comment"));
    seed("npz", "zeros", zip({compressed("p.npy", npy_of("|u1", "(100, 100)", std::string(10000, '\0')))}));
    seed("quickdraw", "two", "\1\0"s + npy_of("|u1", "(2, 784)", std::string(2 * 784, 'q')));
    seed("quickdraw", "fortran",
         "\0\0"s + npy("{'descr': '|u1', 'fortran_order': True, 'shape': (1, 784), }\n", std::string(784, 'q')));
}

void seed_pickles()
{
    for (const auto& [name, digits] :
         {std::pair{"ints_2", ints_protocol_2}, std::pair{"ints_4", ints_protocol_4},
          std::pair{"texts_2", texts_protocol_2}, std::pair{"texts_4", texts_protocol_4},
          std::pair{"arrays_npy", arrays_npy}, std::pair{"lists_npy", lists_npy},
          std::pair{"arrays_4", arrays_protocol_4}, std::pair{"arrays_5", arrays_protocol_5},
          std::pair{"arrays_2", arrays_protocol_2}, std::pair{"bytes_2", bytes_protocol_2},
          std::pair{"bytes_5", bytes_protocol_5}, std::pair{"numbers_2", numbers_protocol_2},
          std::pair{"numbers_4", numbers_protocol_4}, std::pair{"numbers_npy", numbers_npy},
          std::pair{"matrix_of_objects", matrix_of_objects}, std::pair{"os_system", os_system},
          std::pair{"fraction", fraction}})
        seed("pickle", name, from_hex(digits));
    // A list that holds itself, and one that is named many times.
    seed("pickle", "itself", pickle_of("]q\0h\0a"s));
    seed("pickle", "shared", pickle_of("](](K\1K\2K\3eq\0"s + repeated("h\0"s, 20) + "e"));
    // {'data': an array of n x 3072 bytes, 'labels': [..]}, without the elements' bytes: those make a seed large.
    const std::string array = "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\nK\0\x85"
                              "C\1bt"
                              "R(K\1K\0M\0\x0c\x86"
                              "cnumpy\ndtype\nX\2\0\0\0u1K\0K\1\x87"
                              "R(K\3X\1\0\0\0|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb\x89"
                              "C\0tb"s;
    seed("cifar", "python_10", pickle_of("}(X\4\0\0\0data"s + array + "X\6\0\0\0labels]u"s));
    seed("cifar", "python_100",
         pickle_of("}(X\4\0\0\0data"s + array + "X\x0b\0\0\0fine_labels]X\x0d\0\0\0coarse_labels]u"s));
    seed("cifar", "binary_10", "\7"s + std::string(3072, 'p'));
    seed("cifar", "binary_100", "\7\x20"s + std::string(3072, 'p'));
}

void seed_tables()
{
    seed("idx", "labels", "\0\0\x08\1"s + big(3, 4) + "\1\2\3");
    seed("idx", "images", "\0\0\x08\3"s + big(2, 4) + big(2, 4) + big(1, 4) + "\1\2\3\4");
    seed("idx", "no_images", "\0\0\x08\3"s + big(0, 4) + big(0xffffffff, 4) + big(0xffffffff, 4));
    seed("idx", "gzipped", gzipped("\0\0\x08\1"s + big(3, 4) + "\1\2\3"));
    seed("csv", "matrix", "a,b\n0.25,0.75\r\n\"1e-400\", +3\n");
    seed("csv", "labels", "label\n1\n-2\n1e3\n9223372036854775807\n");
    seed("csv", "mark", "\xef\xbb\xbf\"x, y\",z\n1,nan\n-inf,2\n\n \n");
    seed("audioset", "both",
         "index,mid,display_name\n0,/m/09x0r,\"Speech\"\n1,/m/05zppz,\"Male speech, man speaking\"\n\0"
         "# Segments csv\n# num_ytids=2, num_segs=2, num_unique_labels=2, num_positive_labels=3\n"
         "# YTID, start_seconds, end_seconds, positive_labels\n"
         "--4gqARaEJE, 0.000, 10.000, \"/m/09x0r,/m/05zppz\"\nab, 30.0, 40.0, \"/m/05zppz\"\n"s);
    seed("class_names", "three", "\3cat\r\ndog\nmouse, small\n\n");
    seed("page_item", "png", "\0\x10\xff\xff\x89PNG\r\n\x1a\n1234"s);
    seed("page_item", "latin_1", "\1\x08\0\x01na\xefve \xc3\xa9t\xc3\xa9 \xe2\x82"s);
    seed("page_item", "webp", "\0\x10\x02\0RIFF1234WEBP"s);
    seed("svg_text", "entities",
         "a &lt; b &amp;amp; &quot;c&apos; &gt; &#65;&#x42;&#x1F600;&#xfffe;&#xd800;&nbsp;&#;&");
    seed("svg_text", "bytes", "<title>caf\xc3\xa9 \xe9 \xef\xbf\xbe \1\t\xed\xa0\x80 \xf0\x9f\x98\x80\xc0\xaf</title>");
}

void seed_json()
{
    constexpr const char* votes = R"("mturk": {"given": 1, "guessed": 3, "neither": 1, "both": 0, "neutral": 0,
        "off-topic": 0}}])";
    const auto numbered = [&](const std::string& id, const std::string& given, const std::string& guessed)
    {
        return R"([{"id": )" + id + R"(, "given_original_label": 3, "given_original_label_name": ")" + given +
               R"(", "our_guessed_label": 5, "our_guessed_label_name": ")" + guessed + "\", " +
               R"("url": "https://labelerrors.com/static/imagenet/val/n01440764/ILSVRC2012_val_00000293.JPEG", )" +
               votes;
    };
    seed("votes", "0_mnist", "\0"s + numbered("1", "3", "5"));
    seed("votes", "1_cifar10", "\1"s + numbered("2", "cat", "dog"));
    seed("votes", "2_cifar100", "\2"s + numbered("2", "bear", "bed"));
    seed("votes", "3_caltech256", "\3"s + numbered("3", "baseball-bat", "basketball-hoop"));
    seed("votes", "4_imagenet", "\4"s + numbered("293", "tiger shark, Galeocerdo cuvieri", "electric ray"));
    seed("votes", "5_quickdraw", "\5"s + numbered("1", "airplane", "alarm clock"));
    seed("votes", "6_20news", "\6"s + numbered("1", "comp.sys.ibm.pc.hardware", "comp.windows.x"));
    seed("votes", "7_imdb",
         "\7"s + R"([{"id": "test/neg/10003_3", "given_original_label": "Negative",
        "our_guessed_label": "Positive", )" +
             votes);
    seed("votes", "8_amazon", "\x08"s + R"([{"id": 1, "given_original_label": "Negative",
        "our_guessed_label": "Positive", "mturk": {"negative": 1, "neutral": 1, "positive": 2, "off-topic": 1}}])");
    seed("votes", "9_audioset", "\x09"s + R"([{"id": 1, "url": "http://youtu.be/ab?start=30&end=40",
        "given_original_labels": ["Speech"], "our_guessed_labels": ["Music", "Speech"],
        "mturk": {"Speech": 5, "Music": 2}}])");
    seed("item_list", "images", "\1"s + R"(["val/n01440764/ILSVRC2012_val_00000293.JPEG", "a_1.b", "_.", ""])");
    seed("item_list", "segments", "\3"s + R"(["http://youtu.be/ab?start=30&end=40", "b", "?start=1&end=", "\u00e9"])");
    seed("item_list", "files", "\0"s + R"(["a/b", "b", "a/b", "c"])");
    seed("decisions", "labels",
         R"({"index": 1, "item": "b", "given_label": 1, "decision": "relabel", "corrected_label": 3})"
         "\n\n"
         R"({"index": 0, "given_label": 0, "decision": "keep"})"
         "\n"
         R"({"index": 2, "given_label": 2, "decision": "drop", "corrected_label": null})");
    seed("decisions", "sets",
         R"({"index": 1, "given_label": [2, 1], "decision": "relabel", "corrected_label": [3]})"
         "\r\n"
         R"({"index": 2, "given_label": [], "decision": "keep", "corrected_label": []})");
}

void seed_find()
{
    // Choices, then labels, then a byte for each probability.
    for (int filter = 0; filter < 7; ++filter)
    {
        std::string bytes{static_cast<char>(filter % 2), static_cast<char>(filter), static_cast<char>(filter % 4)};
        bytes += "\0\1\2\0\0\1\3\0\0"s;
        bytes += "\x28"s;
        for (int i = 0; i < 300; ++i)
            bytes += static_cast<char>(i * i * 7 + filter);
        seed("find", "filter_" + std::to_string(filter), bytes);
    }
    seed("find", "empty", "");
}

}  // namespace

int main(int argc, char** argv)
{
    if (argc != 2)
    {
        std::fputs("usage: make_seeds FOLDER\n", stderr);
        return 2;
    }
    folder = argv[1];
    seed_arrays();
    seed_pickles();
    seed_tables();
    seed_json();
    seed_find();
    return 0;
}
