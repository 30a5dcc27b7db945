#include "io/pickled_bytes.hpp"
#include "io/stored_bytes.hpp"
#include "io/temporary_directory.hpp"
#include <labelerrors/error.hpp>
#include <labelerrors/io/cifar.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using namespace labelerrors::io;
using labelerrors::format_error;
using labelerrors::io_error;
using namespace tests;

namespace
{

cifar_batch binary(std::string_view file, cifar_kind kind)
{
    const temporary_directory directory;
    return read_cifar_binary(directory.write("test.bin", file), kind);
}

cifar_batch python(std::string_view file)
{
    const temporary_directory directory;
    return read_cifar_python(directory.write("test", file));
}

/// An image whose bytes count up from `first`.
std::string image(std::size_t first)
{
    std::string bytes(3072, '\0');
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<char>((first + i) % 251);
    return bytes;
}

/// The same two images, an index of the pixels running slowest.
std::string interleaved(std::string_view a, std::string_view b)
{
    std::string bytes;
    for (std::size_t i = 0; i < a.size(); ++i)
        bytes += {a[i], b[i]};
    return bytes;
}

void check_images(const cifar_batch& batch)
{
    CHECK(batch.images.shape() == std::array<std::size_t, 4>{2, 3, 32, 32});
    CHECK(batch.images(0, 0, 0, 0) == 1);
    CHECK(batch.images(0, 0, 1, 2) == 35);
    CHECK(batch.images(1, 2, 31, 31) == (100 + 3071) % 251);
}

const std::string two_images = image(1) + image(100);

// What numpy writes of an array of shape (2, 3072) up to whether it is in Fortran order: as Python 2 did, the kinds of
// texts apart, and as Python 3 does in protocol 4.
const std::string python2_array = "cnumpy.core.multiarray\n_reconstruct\nq\7cnumpy\nndarray\nq\x8K\0\x85q\x9U\1bq\n\x87"
                                  "q\x0bRq\x0c(K\1K\2M\0\x0c\x86"
                                  "cnumpy\ndtype\nq\x0eU\2u1K\0K\1\x87Rq\x12(K\3U\1|NNNJ\xff\xff\xff\xffJ\xff\xff\xff"
                                  "\xffK\0tb"s;
const std::string python3_array =
    "\x8c\x15numpy.core.multiarray\x94\x8c\x0c_"
    "reconstruct\x94\x93\x94\x8c\5numpy\x94\x8c\7ndarray\x94\x93\x94K\0\x85\x94"
    "C\1b\x94\x87\x94R\x94(K\1K\2M\0\x0c\x86\x94\x8c\5numpy\x8c\5dtype\x94\x93\x94\x8c\2u1\x94\x89\x88\x87\x94R\x94(K\3"
    "\x8c\1|\x94NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0t\x94"
    "b"s;

/// A batch of CIFAR-10 as it is distributed, written by Python 2.
std::string python2_batch(std::string_view labels = "K\3K\x9", std::string_view data = two_images)
{
    return "\x80\2}q\1(U\x0b"
           "batch_labelq\2U\x7testingq\3U\6labelsq\4]q\5("s +
           std::string(labels) + "eU\4dataq\6" + python2_array + "\x89T" + little(data.size(), 4) + std::string(data) +
           "tbU\tfilenames](U\5a.pngU\5b.pngeu.";
}

/// A batch of CIFAR-100 written by Python 3 in Fortran order.
std::string python3_batch()
{
    return "\x80\4}\x94(\x8c\4data\x94"s + python3_array + "\x88"s + "B" + little(two_images.size(), 4) +
           interleaved(image(1), image(100)) +
           "\x94t\x94"
           "b\x8c\x0b"
           "fine_labels\x94]\x94(K\3Kce\x8c\rcoarse_labels\x94]\x94(K\0K\x13"
           "eu."s;
}

}  // namespace

TEST_CASE("binary batches of both sets are read")
{
    const auto ten = binary("\3"s + image(1) + "\x9" + image(100), cifar_kind::cifar10);
    CHECK(ten.labels == xt::xtensor<std::uint8_t, 1>{3, 9});
    CHECK(ten.coarse_labels.size() == 0);
    check_images(ten);
    const auto hundred = binary("\0\3"s + image(1) + "\x13\x63" + image(100), cifar_kind::cifar100);
    CHECK(hundred.labels == xt::xtensor<std::uint8_t, 1>{3, 99});
    CHECK(hundred.coarse_labels == xt::xtensor<std::uint8_t, 1>{0, 19});
    check_images(hundred);
}

TEST_CASE("binary batches of another size, or with labels of no class, are refused with the image")
{
    CHECK_THROWS_WITH_AS(binary("", cifar_kind::cifar10), doctest::Contains("not a multiple of 3073 bytes"),
                         format_error);
    CHECK_THROWS_WITH_AS(binary("\0\3"s + image(1), cifar_kind::cifar10),
                         doctest::Contains("of CIFAR-10; copy it again, or name the other set"), format_error);
    CHECK_THROWS_WITH_AS(binary("\3" + image(1), cifar_kind::cifar100), doctest::Contains("3074 bytes"), format_error);
    CHECK_THROWS_WITH_AS(binary("\3" + image(1) + "\x0a" + image(1), cifar_kind::cifar10),
                         doctest::Contains("byte 3073: image 1 has the label 10, not one of 0 to 9"), format_error);
    CHECK_THROWS_WITH_AS(binary("\x14\3" + image(1), cifar_kind::cifar100),
                         doctest::Contains("byte 0: image 0 has the label 20, not one of 0 to 19"), format_error);
    CHECK_THROWS_WITH_AS(binary("\0\x64"s + image(1), cifar_kind::cifar100),
                         doctest::Contains("byte 1: image 0 has the label 100, not one of 0 to 99"), format_error);
    const temporary_directory directory;
    CHECK_THROWS_AS(read_cifar_binary(directory / "missing", cifar_kind::cifar10), io_error);
    CHECK_THROWS_AS(read_cifar_python(directory / "missing"), io_error);
    const std::string whole = "\3" + image(1);
    for (std::size_t size = 0; size < whole.size(); size += 7)
        CHECK_THROWS_AS(binary(whole.substr(0, size), cifar_kind::cifar10), format_error);
}

TEST_CASE("Python batches are read as Python 2 and 3 wrote them, in C and in Fortran order")
{
    const auto ten = python(python2_batch());
    CHECK(ten.labels == xt::xtensor<std::uint8_t, 1>{3, 9});
    CHECK(ten.coarse_labels.size() == 0);
    check_images(ten);
    const auto hundred = python(python3_batch());
    CHECK(hundred.labels == xt::xtensor<std::uint8_t, 1>{3, 99});
    CHECK(hundred.coarse_labels == xt::xtensor<std::uint8_t, 1>{0, 19});
    check_images(hundred);
}

TEST_CASE("Python batches whose parts are missing, differ in length, or hold other labels are refused")
{
    CHECK_THROWS_WITH_AS(python(pickle_of("]")), doctest::Contains("a dictionary with the key data, not a list"),
                         format_error);
    CHECK_THROWS_WITH_AS(python(pickle_of("}")), doctest::Contains("not a dictionary without it"), format_error);
    CHECK_THROWS_WITH_AS(python(pickle_of("}C\4dataNs")), doctest::Contains("an array is expected here, not None"),
                         format_error);
    CHECK_THROWS_WITH_AS(python(python2_batch("K\3")), doctest::Contains("must have labels, a list of 2 labels"),
                         format_error);
    CHECK_THROWS_WITH_AS(python(python2_batch("K\3K\x0a")), doctest::Contains("image 1 has the label 10"),
                         format_error);
    CHECK_THROWS_WITH_AS(python(python2_batch("J\xff\xff\xff\xffK\3")), doctest::Contains("image 0 has the label -1"),
                         format_error);
    CHECK_THROWS_WITH_AS(python(python2_batch("K\3N")), doctest::Contains("image 1: a label must be an integer"),
                         format_error);
    CHECK_THROWS_WITH_AS(python(python2_batch("K\3K\x9", image(1))), doctest::Contains("should have 6144 elements"),
                         format_error);
    std::string other = python2_batch();
    other.replace(other.find("labels"), 6, "LABELS");
    CHECK_THROWS_WITH_AS(python(other), doctest::Contains("must have labels"), format_error);
    other = python2_batch();
    other.replace(other.find("u1"), 2, "i1");
    CHECK_THROWS_WITH_AS(python(other), doctest::Contains("data must be an array of bytes (u1) of shape (n, 3072)"),
                         format_error);
    CHECK_THROWS_WITH_AS(python("\x80\2cos\nsystem\n."), doctest::Contains("'os.system'"), format_error);
}

TEST_CASE("Python batches cut short anywhere are refused")
{
    for (const std::string& whole : {python2_batch(), python3_batch()})
        for (std::size_t size = 0; size<whole.size(); size += size> 300 && size < 6000 ? 97 : 1)
        {
            CAPTURE(size);
            CHECK_THROWS_AS(python(whole.substr(0, size)), format_error);
        }
}
