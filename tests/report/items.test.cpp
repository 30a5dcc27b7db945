// What a page shows of the examples: images of arrays and files, texts, the items of the published sets.
#include "datasets/published_root.hpp"
#include "io/gzipped.hpp"
#include "io/stored_bytes.hpp"
#include <labelerrors/datasets/registry.hpp>
#include <labelerrors/report/read_page_items.hpp>

#include <doctest/doctest.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

using namespace labelerrors::report;
using labelerrors::format_error;
using labelerrors::io_error;
using labelerrors::shape_error;
using labelerrors::value_error;
using labelerrors::datasets::dataset_facts;
using labelerrors::datasets::find_dataset;
using labelerrors::io::encode_png;
using labelerrors::io::png_pixel;
using namespace std::string_literals;

namespace
{

/// An IDX file of n images of 1 x 2 pixels: i and 10 + i.
[[nodiscard]] std::string idx_images(std::size_t n)
{
    std::string bytes =
        "\0\0\x08\x03\0\0"s + static_cast<char>(n >> 8 & 0xff) + static_cast<char>(n & 0xff) + "\0\0\0\1\0\0\0\2"s;
    for (std::size_t i = 0; i < n; ++i)
        bytes += {static_cast<char>(i), static_cast<char>(10 + i)};
    return bytes;
}

[[nodiscard]] std::string grey_png(std::uint8_t a, std::uint8_t b)
{
    return encode_png(std::array{a, b}, 1, 2, png_pixel::grey);
}

/// A published set with few examples.
[[nodiscard]] dataset_facts few_of(std::string_view name, std::size_t num_examples)
{
    dataset_facts set = find_dataset(name);
    set.num_examples = num_examples;
    return set;
}

const std::vector<std::size_t> first_rows{2, 0};

}  // namespace

TEST_CASE("an image of an IDX file, plain or compressed, is a PNG")
{
    const tests::temporary_directory directory;
    for (const auto& bytes : {idx_images(3), tests::gzipped(idx_images(3))})
    {
        const auto images = open_image_rows(directory.write("images", bytes));
        CHECK(images.num_images == 3);
        CHECK(images.png(0) == grey_png(0, 10));
        CHECK(images.png(2) == grey_png(2, 12));
        CHECK_THROWS_WITH_AS(images.png(3), "image_rows::png: row must be below the 3 images, but is 3", value_error);
    }
}

TEST_CASE("an image of an array is a PNG, whatever the array's order, integers and colours")
{
    const tests::temporary_directory directory;
    const auto png_of = [&](const std::string& type, const std::string& shape, const std::string& data,
                            const char* is_fortran, std::size_t row)
    {
        const auto file = tests::npy(
            "{'descr': '" + type + "', 'fortran_order': " + is_fortran + ", 'shape': " + shape + ", }\n", data);
        return open_image_rows(directory.write("a.npy", file)).png(row);
    };
    const std::string grey{'\1', '\2', '\3', '\4'};
    CHECK(png_of("|u1", "(2, 1, 2)", grey, "False", 1) == grey_png(3, 4));
    CHECK(png_of("|u1", "(2, 1, 2, 1)", grey, "False", 1) == grey_png(3, 4));
    CHECK(png_of("|u1", "(2, 1, 2)", grey, "True", 1) == grey_png(2, 4));
    CHECK(png_of("<i2", "(1, 1, 2)", "\1\0\xff\0"s, "False", 0) == grey_png(1, 255));
    CHECK(png_of("|u1", "(1, 1, 2, 3)", "\1\2\3\4\5\6", "False", 0) ==
          encode_png(std::array<std::uint8_t, 6>{1, 2, 3, 4, 5, 6}, 1, 2, png_pixel::rgb));
    const auto refused =
        [&](const std::string& type, const std::string& shape, const std::string& data, const char* remedy)
    {
        CHECK_THROWS_WITH_AS(png_of(type, shape, data, "False", 0), doctest::Contains(remedy), format_error);
    };
    refused("|u1", "(2, 2)", grey, "but these are (2, 2) of |u1; give each row its height and width with reshape");
    refused("|u1", "(4,)", grey, "give each row its height and width with reshape");
    refused("|u1", "(1, 1, 1, 4, 1)", grey, "give each row its height and width with reshape");
    refused("|u1", "(1, 1, 2, 2)", grey, "move the colours to the end");
    refused("|u1", "(1, 3, 1, 4)", "\1\2\3\4\5\6\7\10\11\12\13\14", "move the colours to the end");
    refused("|u1", "(1, 1, 1, 4)", grey, "drop the transparency with images[..., :3]");
    refused("|u1", "(4, 0, 0)", "", "save images that have pixels");
    refused("<f4", "(1, 1, 1)", grey, "save (255 * images).round().astype('uint8')");
    refused("|b1", "(2, 1, 2)", "\1\0\0\1"s, "of |b1; of booleans save (255 * images).astype('uint8')");
    CHECK_THROWS_AS(png_of("<i2", "(1, 1, 2)", "\1\0\0\1"s, "False", 0), format_error);
}

TEST_CASE("an array of images may come from a pipe, and an IDX file may not")
{
    const auto through_pipe = [](const std::string& bytes)
    {
        std::array<int, 2> ends = {};
        REQUIRE(::pipe(ends.data()) == 0);
        REQUIRE(::write(ends[1], bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
        ::close(ends[1]);
        const std::filesystem::path path = "/dev/fd/" + std::to_string(ends[0]);
        const auto close = [&](const int*)
        {
            ::close(ends[0]);
        };
        const std::unique_ptr<const int, decltype(close)> reader(&ends[0], close);
        return open_image_rows(path);
    };
    CHECK(through_pipe(tests::npy_of("|u1", "(2, 1, 2)", "\1\2\3\4")).png(1) == grey_png(3, 4));
    CHECK(through_pipe(tests::npy_of("<i2", "(1, 1, 2)", "\1\0\xff\0"s)).png(0) == grey_png(1, 255));
    CHECK_THROWS_AS(through_pipe(idx_images(3)), io_error);
    CHECK_THROWS_AS(through_pipe(""), io_error);
}

TEST_CASE("a CIFAR batch of the other kind is refused, pickled too")
{
    using labelerrors::io::cifar_kind;
    const tests::temporary_directory directory;
    // A dictionary of data, an array of 1 x 3072 bytes, and a list of the label 7, by protocol 2.
    std::string pickle =
        "\x80\x02}(U\4datacnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85U\1b\x87R(K\1K\1M"
        "\0\x0c\x86"
        "cnumpy\ndtype\nU\2u1K\0K\1\x87R(K\3U\1|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb\x89T\0\x0c\0\0"s;
    pickle += std::string(3072, '\1') + "tbU\6labels]K\7au."s;
    const auto path = directory.write("test", pickle);
    CHECK(open_cifar_images(path, cifar_kind::cifar10).num_images == 1);
    CHECK_THROWS_WITH_AS(
        open_cifar_images(path, cifar_kind::cifar100),
        (path.string() + ": byte 0: holds images of CIFAR-10, not of CIFAR-100; name the file test").c_str(),
        format_error);
}

TEST_CASE("the planes of a CIFAR image become pixels")
{
    const tests::temporary_directory directory;
    std::string record(1 + 3072, '\0');
    record[1] = '\1';
    record[1 + 1024] = '\2';
    record[1 + 2048] = '\3';
    const auto images =
        open_cifar_images(directory.write("test_batch.bin", record), labelerrors::io::cifar_kind::cifar10);
    std::vector<std::uint8_t> pixels(3072);
    pixels[0] = 1;
    pixels[1] = 2;
    pixels[2] = 3;
    CHECK(images.png(0) == encode_png(pixels, 32, 32, png_pixel::rgb));
}

TEST_CASE("a file is an image by its first bytes, and else a text")
{
    const tests::temporary_directory directory;
    const auto png = grey_png(1, 2);
    const auto path = directory.write("a.txt", png);
    const auto image = file_item(path, "name");
    CHECK(image.kind == item_kind::image);
    CHECK(image.content == png);
    CHECK(image.name == "name");
    CHECK(image.location == path.string());
    const auto linked = file_item(path, "name", {.images_as = images_as::link});
    CHECK(linked.kind == item_kind::link);
    CHECK(linked.content == path.string());
    CHECK(file_item(path, "name", {.most_image_bytes = 5}).kind == item_kind::link);
    const auto text = file_item(directory.write("b.png", "<svg onload=\"alert(1)\"/>"), "b");
    CHECK(text.kind == item_kind::text);
    CHECK(text.content == "<svg onload=\"alert(1)\"/>");
    for (const auto& absent : {directory / "no", directory / ""})
    {
        const auto item = file_item(absent, "c");
        CHECK(item.kind == item_kind::absent);
        CHECK(item.note == "Not shown: there is no such file.");
        CHECK(item.location == absent.string());
    }
}

TEST_CASE("links are relative to the page's folder")
{
    const tests::temporary_directory directory;
    std::filesystem::create_directory(directory / "pages");
    const auto relative = std::filesystem::proximate(directory.write("a.png", grey_png(1, 2)));
    const auto item = file_item(relative, "a", {.images_as = images_as::link, .page_folder = directory / "pages"});
    CHECK(item.content == "../a.png");
}

TEST_CASE("a long text is cut between characters, and Latin 1 becomes UTF-8")
{
    const auto cut = text_item("abc\xc3\xbc", "a", {.most_text_bytes = 4});
    CHECK(cut.content == "abc");
    CHECK(cut.note == "the first 3 of 5 bytes");
    CHECK(text_item("abc\xc3\xbc", "a", {.most_text_bytes = 5}).note.empty());
    CHECK(text_item("a\xfc", "a").content == "a\xfc");
    CHECK(text_item("a\xfc\x80", "a", {.encoding = text_encoding::latin_1}).content == "a\xc3\xbc\xc2\x80");
    CHECK(text_item("a\xc3\xbc", "a", {.encoding = text_encoding::latin_1}).content == "a\xc3\xbc");
    CHECK(text_item("\xc3\xbc\xef\xbf\xbf", "a", {.encoding = text_encoding::latin_1}).content ==
          "\xc3\xbc\xef\xbf\xbf");
}

TEST_CASE("items that are not at hand are absent and say where they are")
{
    const tests::published_root root;
    const auto mnist = read_page_items(find_dataset("mnist"), root.path(), {}, first_rows);
    REQUIRE(mnist.size() == 2);
    CHECK(mnist[0].kind == item_kind::absent);
    CHECK(mnist[0].name == "t10k-images-idx3-ubyte:2");
    CHECK(mnist[0].location == "t10k-images-idx3-ubyte");
    CHECK(mnist[0].note == "Not shown: MNIST's own files were not given.");
    // Without the list of its items nothing is known of a set but that.
    CHECK(read_page_items(find_dataset("imagenet"), root.path(), {}, first_rows)[0].name.empty());
    CHECK(read_page_items(find_dataset("quickdraw"), root.path(), {}, first_rows)[1].name.empty());
}

TEST_CASE("images of a set come from its folder, a folder above it, or the file itself")
{
    const tests::published_root root;
    const auto set = few_of("mnist", 3);
    std::filesystem::create_directories(root.path() / "MNIST" / "raw");
    const auto path = root.write("MNIST/raw/t10k-images-idx3-ubyte", idx_images(3));
    for (const auto& distribution : {root.path(), root.path() / "MNIST", path.parent_path(), path})
    {
        const auto items = read_page_items(set, root.path(), distribution, first_rows);
        CHECK(items[0].kind == item_kind::image);
        CHECK(items[0].content == grey_png(2, 12));
        CHECK(items[1].content == grey_png(0, 10));
        CHECK(items[1].name == "t10k-images-idx3-ubyte:0");
    }
    CHECK_THROWS_AS(read_page_items(set, root.path(), root.path() / "mturk", first_rows), io_error);
    CHECK_THROWS_WITH_AS(read_page_items(few_of("mnist", 4), root.path(), path, first_rows),
                         (path.string() + ": holds 3 images, but MNIST has 4 test examples").c_str(), shape_error);
    CHECK_THROWS_AS(read_page_items(few_of("cifar10", 3), root.path(), root.path(), first_rows), io_error);
    root.write("test.bin", std::string(3 * 3074, '\1'));
    const auto cifar = read_page_items(few_of("cifar100", 3), root.path(), root.path(), first_rows);
    CHECK(cifar[0].content == encode_png(std::vector<std::uint8_t>(3072, 1), 32, 32, png_pixel::rgb));
}

TEST_CASE("listed files are found below the folder, reviews only by their whole name")
{
    const tests::published_root root;
    const auto images = few_of("imagenet", 3);
    root.write("dataset_indexing/imagenet_val_set_index_to_filepath.json",
               R"(["val/n01/ILSVRC2012_val_00000001.JPEG", "val/n01/b.JPEG", "val/n02/ILSVRC2012_val_00000003.JPEG"])");
    const std::string jpeg = "\xff\xd8\xff\xe0 a photograph";
    root.write("ILSVRC2012_val_00000003.JPEG", jpeg);
    const auto found = read_page_items(images, root.path(), root.path(), first_rows);
    CHECK(found[0].kind == item_kind::image);
    CHECK(found[0].content == jpeg);
    CHECK(found[0].name == "val/n02/ILSVRC2012_val_00000003.JPEG");
    CHECK(found[1].kind == item_kind::absent);
    CHECK(found[1].location == (root.path() / "val/n01/ILSVRC2012_val_00000001.JPEG").string());

    const auto reviews = few_of("imdb", 3);
    root.write("dataset_indexing/imdb_test_set_index_to_filename.json",
               R"(["neg/1_2.txt", "neg/2_2.txt", "pos/1_2.txt"])");
    std::filesystem::create_directories(root.path() / "test" / "pos");
    root.write("test/pos/1_2.txt", "a fine film");
    root.write("1_2.txt", "another text");
    const auto texts = read_page_items(reviews, root.path(), root.path(), first_rows);
    CHECK(texts[0].kind == item_kind::text);
    CHECK(texts[0].content == "a fine film");
    CHECK(texts[1].kind == item_kind::absent);
}

TEST_CASE("the folder above a set's own will do")
{
    const tests::published_root root;
    std::filesystem::create_directories(root.path() / "raw" / "mnist");
    root.write("raw/mnist/t10k-images-idx3-ubyte.gz", tests::gzipped(idx_images(3)));
    const auto digits = read_page_items(few_of("mnist", 3), root.path(), root.path() / "raw", first_rows);
    CHECK(digits[0].content == grey_png(2, 12));

    const auto news = find_dataset("20news");
    const auto folder = root.path() / "20news-bydate-test";
    for (std::size_t label = 0; label < news.num_classes; ++label)
    {
        const auto posts = folder / std::string(news.class_names[label]);
        std::filesystem::create_directories(posts);
        for (std::size_t i = 0; i < labelerrors::datasets::newsgroup_sizes[label]; ++i)
            std::ofstream(posts / std::to_string(i)) << news.class_names[label];
    }
    const auto inside = read_page_items(news, root.path(), folder, first_rows);
    const auto above = read_page_items(news, root.path(), root.path(), first_rows);
    for (std::size_t i = 0; i < first_rows.size(); ++i)
    {
        CHECK(above[i].kind == item_kind::text);
        CHECK(above[i].name.starts_with(above[i].content + "/"));
        CHECK(above[i].location == inside[i].location);
    }
}

TEST_CASE("no list and no link leads to a file outside of the test set")
{
    const tests::published_root root;
    const tests::temporary_directory elsewhere;
    const auto secret = elsewhere.write("secret.txt", "a secret");
    const auto reviews = few_of("imdb", 3);
    const auto distribution = root.path() / "aclImdb";
    std::filesystem::create_directories(distribution / "test" / "neg");
    root.write("aclImdb/test/neg/2_2.txt", "a review");
    root.write("aclImdb/test/3_3.txt", "another");
    std::filesystem::create_symlink(secret, distribution / "test/neg/1_1.txt");
    std::filesystem::create_symlink("../3_3.txt", distribution / "test/neg/3_3.txt");
    const std::string list = "dataset_indexing/imdb_test_set_index_to_filename.json";
    root.write(list, R"(["neg/1_1.txt", "neg/2_2.txt", "neg/3_3.txt"])");
    const std::vector<std::size_t> rows{0, 1, 2};
    const auto items = read_page_items(reviews, root.path(), distribution, rows);
    CHECK(items[0].kind == item_kind::absent);
    CHECK(items[0].content.empty());
    CHECK(items[0].name == "neg/1_1.txt");
    CHECK(items[0].note == "Not shown: the file lies outside of " + distribution.string() + ".");
    CHECK(items[1].content == "a review");
    CHECK(items[2].content == "another");
    // A link to the folder itself is where the reader put it.
    std::filesystem::create_directory_symlink(distribution, elsewhere / "reviews");
    CHECK(read_page_items(reviews, root.path(), elsewhere / "reviews", rows)[1].content == "a review");
    for (const auto& name : {secret.string(), std::string("../../mturk/a.txt"), std::string("neg/../../a.txt")})
    {
        root.write(list, "[\"" + name + R"(", "neg/2_2.txt", "neg/3_3.txt"])");
        CHECK_THROWS_AS(read_page_items(reviews, root.path(), distribution, rows), format_error);
    }
}

TEST_CASE("drawings, lines and addresses become items")
{
    const tests::published_root root;
    auto drawings = few_of("quickdraw", 3);
    drawings.num_classes = 2;
    drawings.class_names = drawings.class_names.first(2);
    const auto folder = root.path() / "bitmaps";
    std::filesystem::create_directory(folder);
    root.write("bitmaps/The Eiffel Tower.npy", tests::npy_of("|u1", "(1, 784)", std::string(784, '\1')));
    root.write("bitmaps/The Great Wall of China.npy",
               tests::npy_of("|u1", "(2, 784)", std::string(784, '\2') + std::string(784, '\3')));
    const auto drawn = read_page_items(drawings, root.path(), folder, first_rows);
    std::filesystem::create_directory_symlink(folder, root.path() / "numpy_bitmap");
    CHECK(read_page_items(drawings, root.path(), root.path(), first_rows)[0].content == drawn[0].content);
    CHECK(drawn[0].content == encode_png(std::vector<std::uint8_t>(784, 3), 28, 28, png_pixel::grey));
    CHECK(drawn[1].content == encode_png(std::vector<std::uint8_t>(784, 1), 28, 28, png_pixel::grey));

    const auto reviews = few_of("amazon", 3);
    const auto path = root.write("amazon5core.txt", "__label__3 good\n__label__1 bad\nplain __label__ text\n");
    const auto lines = read_page_items(reviews, root.path(), path, first_rows);
    CHECK(lines[0].content == "plain __label__ text");
    CHECK(lines[1].content == "good");
    CHECK(lines[1].name == "amazon5core.txt:0");
    root.write("amazon5core.txt", "__label__3\n__label__1 bad\nmore\n");
    CHECK(read_page_items(reviews, root.path(), path, first_rows)[1].content.empty());
    for (const auto* const other : {"__label__3 good\n", "__label__3 good\n__label__1 bad\nmore\nand more\n"})
    {
        root.write("amazon5core.txt", other);
        CHECK_THROWS_WITH_AS(read_page_items(reviews, root.path(), path, first_rows),
                             doctest::Contains("lines, but Amazon has 3 test examples, a line each"), shape_error);
    }

    root.write("dataset_indexing/audioset_eval_set_index_to_youtube_id.json",
               R"(["http://youtu.be/a?start=30&end=40", "http://youtu.be/b?start=0&end=10", "no address"])");
    const auto sounds = read_page_items(few_of("audioset", 3), root.path(), {}, first_rows);
    CHECK(sounds[1].kind == item_kind::address);
    CHECK(sounds[1].content == "http://youtu.be/a?start=30&end=40");
    CHECK(sounds[0].kind == item_kind::absent);
}

TEST_CASE("the page of MNIST shows the digits of the test set")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    const auto folder = *data / "raw" / "mnist";
    if (!std::filesystem::exists(folder))
        return tests::skip("no raw/mnist in LABELERRORS_DATA_DIR");
    const std::vector<std::size_t> rows{2597, 0};
    const auto items = read_page_items(find_dataset("mnist"), *data / "label-errors", folder, rows);
    const auto images = labelerrors::io::read_idx_images(folder / "t10k-images-idx3-ubyte.gz");
    CHECK(items[0].content == encode_png({images.data() + 2597 * 784, 784}, 28, 28, png_pixel::grey));
    CHECK(items[1].content == encode_png({images.data(), 784}, 28, 28, png_pixel::grey));
}
